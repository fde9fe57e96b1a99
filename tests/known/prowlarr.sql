-- Prowlarr, in the shape of migration 43.

-- == tables
create table "AppSyncProfiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "EnableRss"
  INTEGER NOT NULL, "EnableInteractiveSearch" INTEGER NOT NULL, "EnableAutomaticSearch" INTEGER NOT NULL,
  "MinimumSeeders" INTEGER DEFAULT 1 NOT NULL, UNIQUE("Name"));
create table "ApplicationIndexerMapping"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "IndexerId" INTEGER NOT
  NULL, "AppId" INTEGER NOT NULL, "RemoteIndexerId" INTEGER NOT NULL, "RemoteIndexerName" TEXT);
create table "ApplicationStatus"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProviderId" INTEGER NOT NULL,
  "InitialFailure" DATETIME, "MostRecentFailure" DATETIME, "EscalationLevel" INTEGER NOT NULL, "DisabledTill"
  DATETIME, UNIQUE("ProviderId"));
create table "Applications"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Implementation"
  TEXT NOT NULL, "Settings" TEXT, "ConfigContract" TEXT, "SyncLevel" INTEGER NOT NULL, "Tags" TEXT, UNIQUE("Name"));
create table "Commands"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Body" TEXT NOT NULL,
  "Priority" INTEGER NOT NULL, "Status" INTEGER NOT NULL, "QueuedAt" DATETIME NOT NULL, "StartedAt" DATETIME,
  "EndedAt" DATETIME, "Duration" TEXT, "Exception" TEXT, "Trigger" INTEGER NOT NULL);
create table "Config"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Key" TEXT NOT NULL, "Value" TEXT NOT NULL,
  UNIQUE("Key"));
create table "CustomFilters"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Type" TEXT NOT NULL, "Label" TEXT NOT
  NULL, "Filters" TEXT NOT NULL);
create table "DownloadClientStatus"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProviderId" INTEGER NOT NULL,
  "InitialFailure" DATETIME, "MostRecentFailure" DATETIME, "EscalationLevel" INTEGER NOT NULL, "DisabledTill"
  DATETIME, UNIQUE("ProviderId"));
create table "DownloadClients"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Enable" INTEGER NOT NULL, "Name" TEXT
  NOT NULL, "Implementation" TEXT NOT NULL, "Settings" TEXT NOT NULL, "ConfigContract" TEXT NOT NULL, "Priority"
  INTEGER DEFAULT 1 NOT NULL, "Categories" TEXT DEFAULT '[]' NOT NULL);
create table "History"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "IndexerId" INTEGER NOT NULL, "Date" DATETIME
  NOT NULL, "Data" TEXT NOT NULL, "EventType" INTEGER, "DownloadId" TEXT, "Successful" INTEGER DEFAULT 1 NOT NULL);
create table "IndexerDefinitionVersions"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "DefinitionId" TEXT NOT
  NULL, "File" TEXT NOT NULL, "Sha" TEXT, "LastUpdated" DATETIME, UNIQUE("DefinitionId"), UNIQUE("File"));
create table "IndexerProxies"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Settings" TEXT
  NOT NULL, "Implementation" TEXT NOT NULL, "ConfigContract" TEXT, "Tags" TEXT);
create table "IndexerStatus"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProviderId" INTEGER NOT NULL,
  "InitialFailure" DATETIME, "MostRecentFailure" DATETIME, "EscalationLevel" INTEGER NOT NULL, "DisabledTill"
  DATETIME, "LastRssSyncReleaseInfo" TEXT, "Cookies" TEXT, "CookiesExpirationDate" DATETIME, UNIQUE("ProviderId"));
create table "Indexers"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Implementation" TEXT
  NOT NULL, "Settings" TEXT, "ConfigContract" TEXT, "Enable" INTEGER, "Priority" INTEGER DEFAULT 25 NOT NULL, "Added"
  DATETIME NOT NULL, "Redirect" INTEGER DEFAULT 0 NOT NULL, "AppProfileId" INTEGER DEFAULT 1 NOT NULL, "Tags" TEXT,
  "DownloadClientId" INTEGER DEFAULT 0 NOT NULL, UNIQUE("Name"));
create table "NotificationStatus"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProviderId" INTEGER NOT NULL,
  "InitialFailure" DATETIME, "MostRecentFailure" DATETIME, "EscalationLevel" INTEGER NOT NULL, "DisabledTill"
  DATETIME, UNIQUE("ProviderId"));
create table "Notifications"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Settings" TEXT
  NOT NULL, "Implementation" TEXT NOT NULL, "ConfigContract" TEXT, "Tags" TEXT, "OnHealthIssue" INTEGER NOT NULL,
  "IncludeHealthWarnings" INTEGER NOT NULL, "OnApplicationUpdate" INTEGER DEFAULT 0 NOT NULL, "OnGrab" INTEGER DEFAULT
  0 NOT NULL, "IncludeManualGrabs" INTEGER DEFAULT 0 NOT NULL, "OnHealthRestored" INTEGER DEFAULT 0 NOT NULL);
create table "ScheduledTasks"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "TypeName" TEXT NOT NULL, "Interval"
  INTEGER NOT NULL, "LastExecution" DATETIME NOT NULL, "LastStartTime" DATETIME, UNIQUE("TypeName"));
create table "Tags"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Label" TEXT NOT NULL, UNIQUE("Label"));
create table "Users"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Identifier" TEXT NOT NULL, "Username" TEXT NOT
  NULL, "Password" TEXT NOT NULL, "Salt" TEXT, "Iterations" INTEGER, UNIQUE("Identifier"), UNIQUE("Username"));
create table "VersionInfo"("Version" INTEGER NOT NULL, "AppliedOn" DATETIME, "Description" TEXT);

-- == alice
insert into Config values (1, 'certificatevalidation', 'enabled'), (2, 'rijndaelpassphrase', 's3cr3t');
insert into Tags values (1, 'slow'), (2, 'public');
insert into AppSyncProfiles values (1, 'Standard', 1, 1, 1, 1), (2, 'By hand', 0, 1, 0, 5);
insert into DownloadClients(Id, Enable, Name, Implementation, Settings, ConfigContract) values (1, 1, 'Seedbox', 'Transmission', '{"host": "seed.example.org", "password": "s3cr3t"}', 'TransmissionSettings');
insert into Indexers(Id, Name, Implementation, Settings, Enable, Added, AppProfileId, Tags, DownloadClientId) values
  (1, 'Tracker', 'Cardigann', '{"baseUrl": "https://t.example.org", "apiKey": "s3cr3t", "cookie": "s3cr3t"}', 1, '2026-01-01', 2, '[2]', 1),
  (2, 'News', 'Newznab', '{}', 1, '2026-01-01', 1, '[]', 0);
insert into IndexerProxies values (1, 'Flare', '{"host": "http://flare:8191"}', 'FlareSolverr', 'FlareSolverrSettings', '[1]');
insert into Applications values (1, 'Sonarr here', 'Sonarr', '{"baseUrl": "http://sonarr:8989", "apiKey": "s3cr3t"}', 'SonarrSettings', 2, '[2]');
insert into ApplicationIndexerMapping values (1, 1, 1, 7, 'Tracker (Prowlarr)');
insert into Notifications(Id, Name, Settings, Implementation, Tags, OnHealthIssue, IncludeHealthWarnings) values (1, 'Chat', '{"webHookUrl": "https://discord.example/s3cr3t"}', 'Discord', '[1]', 1, 0);
insert into History(Id, IndexerId, Date, Data) values (1, 1, '2026-01-01', '{}');
insert into IndexerStatus(Id, ProviderId, EscalationLevel, Cookies) values (1, 1, 0, 's3cr3t');
insert into Users(Id, Identifier, Username, Password) values (1, '00000000-0000-4000-8000-000000000001', 'ada', 's3cr3t');

-- == bob
insert into Tags values (1, 'public');
insert into AppSyncProfiles values (1, 'Mine', 1, 1, 1, 2);
insert into Indexers(Id, Name, Implementation, Settings, Enable, Added, AppProfileId, Tags, DownloadClientId) values (1, 'Books', 'Torznab', '{}', 1, '2026-01-01', 1, '[1]', 0);

-- == new
insert into AppSyncProfiles values (1, 'Standard', 1, 1, 1, 1);

-- == link: indexers
select i.Name || ' in ' || p.Name || ' -> ' || ifnull(c.Name, 'any') from Indexers i join AppSyncProfiles p on p.Id = i.AppProfileId
left join DownloadClients c on c.Id = i.DownloadClientId;

-- == link: tags
select i.Name || ': ' || t.Label from Indexers i, json_each(i.Tags) j join Tags t on t.Id = j.value
union all select i.Name || ': ' || t.Label from IndexerProxies i, json_each(i.Tags) j join Tags t on t.Id = j.value
union all select i.Name || ': ' || t.Label from Applications i, json_each(i.Tags) j join Tags t on t.Id = j.value
union all select i.Name || ': ' || t.Label from Notifications i, json_each(i.Tags) j join Tags t on t.Id = j.value;

-- == import
-- --on-conflict
-- skip

-- == absent
-- DownloadClients.Tags[*]
-- UpdateHistory

-- == made
-- Tracker
-- By hand
-- Sonarr here
-- http://flare:8191
