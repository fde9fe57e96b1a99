-- Radarr, in the shape of migration 242.

-- == tables
create table "AlternativeTitles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Title" TEXT NOT NULL, "CleanTitle"
  TEXT NOT NULL, "SourceType" INTEGER DEFAULT 0 NOT NULL, "MovieMetadataId" INTEGER DEFAULT 0 NOT NULL,
  UNIQUE("CleanTitle"));
create table "AutoTagging"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Specifications"
  TEXT DEFAULT '[]' NOT NULL, "RemoveTagsAutomatically" INTEGER DEFAULT 0 NOT NULL, "Tags" TEXT DEFAULT '[]' NOT NULL,
  UNIQUE("Name"));
create table "Blocklist"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "SourceTitle" TEXT NOT NULL, "Quality" TEXT
  NOT NULL, "Date" DATETIME NOT NULL, "PublishedDate" DATETIME, "Size" INTEGER, "Protocol" INTEGER, "Indexer" TEXT,
  "Message" TEXT, "TorrentInfoHash" TEXT, "MovieId" INTEGER DEFAULT 0, "Languages" TEXT DEFAULT '[]' NOT NULL,
  "IndexerFlags" INTEGER DEFAULT 0 NOT NULL);
create table "Collections"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "TmdbId" INTEGER NOT NULL,
  "QualityProfileId" INTEGER NOT NULL, "RootFolderPath" TEXT NOT NULL, "MinimumAvailability" INTEGER NOT NULL,
  "SearchOnAdd" INTEGER NOT NULL, "Title" TEXT NOT NULL, "SortTitle" TEXT, "CleanTitle" TEXT NOT NULL, "Overview"
  TEXT, "Images" TEXT DEFAULT '[]' NOT NULL, "Monitored" INTEGER DEFAULT 0 NOT NULL, "LastInfoSync" DATETIME, "Added"
  DATETIME, "Tags" TEXT, UNIQUE("TmdbId"));
create table "Commands"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Body" TEXT NOT NULL,
  "Priority" INTEGER NOT NULL, "Status" INTEGER NOT NULL, "QueuedAt" DATETIME NOT NULL, "StartedAt" DATETIME,
  "EndedAt" DATETIME, "Duration" TEXT, "Exception" TEXT, "Trigger" INTEGER NOT NULL, "Result" INTEGER DEFAULT 1 NOT
  NULL);
create table "Config"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Key" TEXT NOT NULL, "Value" TEXT NOT NULL,
  UNIQUE("Key"));
create table "Credits"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "CreditTmdbId" TEXT NOT NULL, "PersonTmdbId"
  INTEGER NOT NULL, "Name" TEXT NOT NULL, "Images" TEXT NOT NULL, "Character" TEXT, "Order" INTEGER NOT NULL, "Job"
  TEXT, "Department" TEXT, "Type" INTEGER NOT NULL, "MovieMetadataId" INTEGER DEFAULT 0 NOT NULL,
  UNIQUE("CreditTmdbId"));
create table "CustomFilters"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Type" TEXT NOT NULL, "Label" TEXT NOT
  NULL, "Filters" TEXT NOT NULL);
create table "CustomFormats"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Specifications"
  TEXT DEFAULT '[]' NOT NULL, "IncludeCustomFormatWhenRenaming" INTEGER DEFAULT 0 NOT NULL, UNIQUE("Name"));
create table "DelayProfiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "EnableUsenet" INTEGER NOT NULL,
  "EnableTorrent" INTEGER NOT NULL, "PreferredProtocol" INTEGER NOT NULL, "UsenetDelay" INTEGER NOT NULL,
  "TorrentDelay" INTEGER NOT NULL, "Order" INTEGER NOT NULL, "Tags" TEXT NOT NULL, "BypassIfHighestQuality" INTEGER
  DEFAULT 0 NOT NULL, "BypassIfAboveCustomFormatScore" INTEGER DEFAULT 0 NOT NULL, "MinimumCustomFormatScore"
  INTEGER);
create table "DownloadClientStatus"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProviderId" INTEGER NOT NULL,
  "InitialFailure" DATETIME, "MostRecentFailure" DATETIME, "EscalationLevel" INTEGER NOT NULL, "DisabledTill"
  DATETIME, UNIQUE("ProviderId"));
create table "DownloadClients"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Enable" INTEGER NOT NULL, "Name" TEXT
  NOT NULL, "Implementation" TEXT NOT NULL, "Settings" TEXT NOT NULL, "ConfigContract" TEXT NOT NULL, "Priority"
  INTEGER DEFAULT 1 NOT NULL, "RemoveCompletedDownloads" INTEGER DEFAULT 1 NOT NULL, "RemoveFailedDownloads" INTEGER
  DEFAULT 1 NOT NULL, "Tags" TEXT);
create table "DownloadHistory"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "EventType" INTEGER NOT NULL,
  "MovieId" INTEGER NOT NULL, "DownloadId" TEXT NOT NULL, "SourceTitle" TEXT NOT NULL, "Date" DATETIME NOT NULL,
  "Protocol" INTEGER, "IndexerId" INTEGER, "DownloadClientId" INTEGER, "Release" TEXT, "Data" TEXT);
create table "ExtraFiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "MovieId" INTEGER NOT NULL, "MovieFileId"
  INTEGER NOT NULL, "RelativePath" TEXT NOT NULL, "Extension" TEXT NOT NULL, "Added" DATETIME NOT NULL, "LastUpdated"
  DATETIME NOT NULL);
create table "History"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "SourceTitle" TEXT NOT NULL, "Date" DATETIME
  NOT NULL, "Quality" TEXT NOT NULL, "Data" TEXT NOT NULL, "EventType" INTEGER, "DownloadId" TEXT, "MovieId" INTEGER
  DEFAULT 0 NOT NULL, "Languages" TEXT DEFAULT '[]' NOT NULL);
create table "ImportExclusions"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "TmdbId" INTEGER NOT NULL,
  "MovieTitle" TEXT, "MovieYear" INTEGER DEFAULT 0, UNIQUE("TmdbId"));
create table "ImportListMovies"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ImdbId" TEXT, "TmdbId" INTEGER NOT
  NULL, "ListId" INTEGER NOT NULL, "Title" TEXT NOT NULL, "SortTitle" TEXT, "Status" INTEGER NOT NULL, "Overview"
  TEXT, "Images" TEXT NOT NULL, "LastInfoSync" DATETIME, "Runtime" INTEGER NOT NULL, "InCinemas" DATETIME, "Year"
  INTEGER, "Ratings" TEXT, "Genres" TEXT, "Certification" TEXT, "Collection" TEXT, "Website" TEXT, "OriginalTitle"
  TEXT, "PhysicalRelease" DATETIME, "Translations" TEXT NOT NULL, "Studio" TEXT, "YouTubeTrailerId" TEXT,
  "DigitalRelease" DATETIME, "MovieMetadataId" INTEGER DEFAULT 0 NOT NULL);
create table "ImportListStatus"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProviderId" INTEGER NOT NULL,
  "InitialFailure" DATETIME, "MostRecentFailure" DATETIME, "EscalationLevel" INTEGER NOT NULL, "DisabledTill"
  DATETIME, "LastInfoSync" DATETIME, UNIQUE("ProviderId"));
create table "ImportLists"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Enabled" INTEGER NOT NULL, "Name" TEXT
  NOT NULL, "Implementation" TEXT NOT NULL, "ConfigContract" TEXT, "Settings" TEXT, "EnableAuto" INTEGER NOT NULL,
  "RootFolderPath" TEXT NOT NULL, "QualityProfileId" INTEGER NOT NULL, "MinimumAvailability" INTEGER DEFAULT 0 NOT
  NULL, "Tags" TEXT, "SearchOnAdd" INTEGER DEFAULT 0 NOT NULL, "Monitor" INTEGER NOT NULL, UNIQUE("Name"));
create table "IndexerStatus"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProviderId" INTEGER NOT NULL,
  "InitialFailure" DATETIME, "MostRecentFailure" DATETIME, "EscalationLevel" INTEGER NOT NULL, "DisabledTill"
  DATETIME, "LastRssSyncReleaseInfo" TEXT, "Cookies" TEXT, "CookiesExpirationDate" DATETIME, UNIQUE("ProviderId"));
create table "Indexers"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Implementation" TEXT
  NOT NULL, "Settings" TEXT, "ConfigContract" TEXT, "EnableRss" INTEGER, "EnableAutomaticSearch" INTEGER,
  "EnableInteractiveSearch" INTEGER NOT NULL, "Priority" INTEGER DEFAULT 25 NOT NULL, "Tags" TEXT, "DownloadClientId"
  INTEGER DEFAULT 0 NOT NULL, UNIQUE("Name"));
create table "Metadata"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Enable" INTEGER NOT NULL, "Name" TEXT NOT
  NULL, "Implementation" TEXT NOT NULL, "Settings" TEXT NOT NULL, "ConfigContract" TEXT NOT NULL);
create table "MetadataFiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "MovieId" INTEGER NOT NULL, "Consumer"
  TEXT NOT NULL, "Type" INTEGER NOT NULL, "RelativePath" TEXT NOT NULL, "LastUpdated" DATETIME NOT NULL, "MovieFileId"
  INTEGER, "Hash" TEXT, "Added" DATETIME, "Extension" TEXT NOT NULL);
create table "MovieFiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "MovieId" INTEGER NOT NULL, "Quality" TEXT
  NOT NULL, "Size" INTEGER NOT NULL, "DateAdded" DATETIME NOT NULL, "SceneName" TEXT, "MediaInfo" TEXT, "ReleaseGroup"
  TEXT, "RelativePath" TEXT, "Edition" TEXT, "Languages" TEXT DEFAULT '[]' NOT NULL, "IndexerFlags" INTEGER DEFAULT 0
  NOT NULL, "OriginalFilePath" TEXT);
create table "MovieMetadata"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "TmdbId" INTEGER NOT NULL, "ImdbId"
  TEXT, "Images" TEXT NOT NULL, "Genres" TEXT, "Title" TEXT NOT NULL, "SortTitle" TEXT, "CleanTitle" TEXT,
  "OriginalTitle" TEXT, "CleanOriginalTitle" TEXT, "OriginalLanguage" INTEGER NOT NULL, "Status" INTEGER NOT NULL,
  "LastInfoSync" DATETIME, "Runtime" INTEGER NOT NULL, "InCinemas" DATETIME, "PhysicalRelease" DATETIME,
  "DigitalRelease" DATETIME, "Year" INTEGER, "SecondaryYear" INTEGER, "Ratings" TEXT, "Recommendations" TEXT NOT NULL,
  "Certification" TEXT, "YouTubeTrailerId" TEXT, "Studio" TEXT, "Overview" TEXT, "Website" TEXT, "Popularity" NUMERIC,
  "CollectionTmdbId" INTEGER, "CollectionTitle" TEXT, "Keywords" TEXT, UNIQUE("TmdbId"));
create table "MovieTranslations"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Title" TEXT, "CleanTitle" TEXT,
  "Overview" TEXT, "Language" INTEGER NOT NULL, "MovieMetadataId" INTEGER DEFAULT 0 NOT NULL);
create table "Movies"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Path" TEXT NOT NULL, "Monitored" INTEGER NOT
  NULL, "QualityProfileId" INTEGER NOT NULL, "Added" DATETIME, "Tags" TEXT, "AddOptions" TEXT, "MovieFileId" INTEGER
  DEFAULT 0 NOT NULL, "MinimumAvailability" INTEGER DEFAULT 0 NOT NULL, "MovieMetadataId" INTEGER NOT NULL,
  "LastSearchTime" DATETIME, UNIQUE("MovieMetadataId"));
create table "NamingConfig"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "MultiEpisodeStyle" INTEGER NOT NULL,
  "ReplaceIllegalCharacters" INTEGER DEFAULT 1 NOT NULL, "StandardMovieFormat" TEXT, "MovieFolderFormat" TEXT,
  "ColonReplacementFormat" INTEGER DEFAULT 0 NOT NULL, "RenameMovies" INTEGER DEFAULT 0 NOT NULL);
create table "NotificationStatus"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProviderId" INTEGER NOT NULL,
  "InitialFailure" DATETIME, "MostRecentFailure" DATETIME, "EscalationLevel" INTEGER NOT NULL, "DisabledTill"
  DATETIME, UNIQUE("ProviderId"));
create table "Notifications"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "OnGrab" INTEGER
  NOT NULL, "OnDownload" INTEGER NOT NULL, "Settings" TEXT NOT NULL, "Implementation" TEXT NOT NULL, "ConfigContract"
  TEXT, "OnUpgrade" INTEGER, "Tags" TEXT, "OnRename" INTEGER NOT NULL, "OnHealthIssue" INTEGER DEFAULT 0 NOT NULL,
  "IncludeHealthWarnings" INTEGER DEFAULT 0 NOT NULL, "OnMovieDelete" INTEGER DEFAULT 0 NOT NULL, "OnMovieFileDelete"
  INTEGER DEFAULT 0 NOT NULL, "OnMovieFileDeleteForUpgrade" INTEGER DEFAULT 0 NOT NULL, "OnApplicationUpdate" INTEGER
  DEFAULT 0 NOT NULL, "OnMovieAdded" INTEGER DEFAULT 0 NOT NULL, "OnHealthRestored" INTEGER DEFAULT 0 NOT NULL,
  "OnManualInteractionRequired" INTEGER DEFAULT 0 NOT NULL);
create table "PendingReleases"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "SeriesId" INTEGER DEFAULT 0 NOT NULL,
  "Title" TEXT NOT NULL, "Added" DATETIME NOT NULL, "ParsedEpisodeInfo" TEXT, "Release" TEXT NOT NULL, "MovieId"
  INTEGER DEFAULT 0 NOT NULL, "ParsedMovieInfo" TEXT, "Reason" INTEGER DEFAULT 0 NOT NULL, "AdditionalInfo" TEXT);
create table "QualityDefinitions"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Quality" INTEGER NOT NULL, "Title"
  TEXT NOT NULL, "MinSize" NUMERIC, "MaxSize" NUMERIC, "PreferredSize" NUMERIC, UNIQUE("Quality"), UNIQUE("Title"));
create table "QualityProfiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Cutoff" INTEGER
  NOT NULL, "Items" TEXT NOT NULL, "Language" INTEGER, "FormatItems" TEXT DEFAULT 0 NOT NULL, "UpgradeAllowed"
  INTEGER, "MinFormatScore" INTEGER DEFAULT 0 NOT NULL, "CutoffFormatScore" INTEGER DEFAULT 0 NOT NULL,
  "MinUpgradeFormatScore" INTEGER DEFAULT 1 NOT NULL, UNIQUE("Name"));
create table "ReleaseProfiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Required" TEXT, "Ignored" TEXT,
  "Tags" TEXT NOT NULL, "Name" TEXT DEFAULT NULL, "Enabled" INTEGER DEFAULT 1 NOT NULL, "IndexerId" INTEGER DEFAULT 0
  NOT NULL);
create table "RemotePathMappings"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Host" TEXT NOT NULL, "RemotePath"
  TEXT NOT NULL, "LocalPath" TEXT NOT NULL);
create table "RootFolders"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Path" TEXT NOT NULL, UNIQUE("Path"));
create table "ScheduledTasks"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "TypeName" TEXT NOT NULL, "Interval"
  NUMERIC NOT NULL, "LastExecution" DATETIME NOT NULL, "LastStartTime" DATETIME, UNIQUE("TypeName"));
create table "SubtitleFiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "MovieId" INTEGER NOT NULL,
  "MovieFileId" INTEGER NOT NULL, "RelativePath" TEXT NOT NULL, "Extension" TEXT NOT NULL, "Added" DATETIME NOT NULL,
  "LastUpdated" DATETIME NOT NULL, "Language" INTEGER NOT NULL, "LanguageTags" TEXT, "Title" TEXT, "Copy" INTEGER
  DEFAULT 0 NOT NULL);
create table "Tags"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Label" TEXT NOT NULL, UNIQUE("Label"));
create table "Users"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Identifier" TEXT NOT NULL, "Username" TEXT NOT
  NULL, "Password" TEXT NOT NULL, "Salt" TEXT, "Iterations" INTEGER, UNIQUE("Identifier"), UNIQUE("Username"));
create table "VersionInfo"("Version" INTEGER NOT NULL, "AppliedOn" DATETIME, "Description" TEXT);

-- == alice
insert into Config values (1, 'downloadpropersandrepacks', 'doNotPrefer'), (2, 'hmacsalt', 's3cr3t'), (3, 'proxypassword', 's3cr3t');
insert into Tags values (1, 'kids'), (2, 'uhd');
insert into RootFolders values (1, '/media/a');
insert into NamingConfig(Id, MultiEpisodeStyle, RenameMovies) values (1, 0, 1);
insert into QualityDefinitions(Id, Quality, Title) values (1, 4, 'HDTV-720p');
insert into CustomFormats(Id, Name, Specifications) values (1, 'x265', '[{"type": "ReleaseTitleSpecification", "body": {"value": "x265"}}]'),
  (3, 'German', '[]');
insert into DownloadClients(Id, Enable, Name, Implementation, Settings, ConfigContract) values
  (1, 1, 'Seedbox', 'Transmission', '{"host": "seed.example.org", "password": "s3cr3t"}', 'TransmissionSettings'),
  (2, 1, 'Usenet', 'Sabnzbd', '{"host": "sab.example.org", "apiKey": "s3cr3t"}', 'SabnzbdSettings');
insert into Notifications(Id, Name, OnGrab, OnDownload, OnRename, Settings, Implementation, Tags) values
  (1, 'Chat', 1, 1, 1, '{"webHookUrl": "https://discord.example/s3cr3t"}', 'Discord', '[2]');
insert into Indexers(Id, Name, Implementation, Settings, EnableInteractiveSearch, Tags, DownloadClientId) values
  (1, 'Tracker', 'Torznab', '{"baseUrl": "https://t.example.org", "apiKey": "s3cr3t"}', 1, '[1]', 1), (2, 'News', 'Newznab', '{}', 1, '[]', 0);
insert into QualityProfiles(Id, Name, Cutoff, Items, FormatItems) values
  (1, 'HD', 4, '[{"quality": 4, "items": [], "allowed": true}]', '[{"format": 1, "score": 10}, {"format": 3, "score": -5}]'),
  (2, 'Any', 1, '[{"quality": 1, "items": [], "allowed": true}]', '[]');
insert into DelayProfiles(Id, EnableUsenet, EnableTorrent, PreferredProtocol, UsenetDelay, TorrentDelay, "Order", Tags) values
  (1, 1, 1, 1, 0, 0, 2147483647, '[]'), (2, 1, 1, 2, 0, 60, 1, '[1, 2]');
insert into Users(Id, Identifier, Username, Password, Salt) values (1, '00000000-0000-4000-8000-000000000001', 'ada', 's3cr3t', 's3cr3t');
insert into ScheduledTasks(Id, TypeName, Interval, LastExecution) values (1, 'Housekeeping', 1440, '2026-01-01');
insert into ReleaseProfiles(Id, Name, Ignored, Tags, IndexerId) values (1, 'No cams', '["cam"]', '[2]', 2);
insert into ImportLists(Id, Enabled, Name, Implementation, EnableAuto, RootFolderPath, QualityProfileId, Tags, Monitor) values (1, 1, 'Watch list', 'Trakt', 1, '/media/a', 2, '[1]', 0);
insert into Collections(Id, TmdbId, QualityProfileId, RootFolderPath, MinimumAvailability, SearchOnAdd, Title, CleanTitle, Tags) values (1, 10, 1, '/media/a', 3, 1, 'Star Wars', 'starwars', '[2]');
insert into MovieMetadata(Id, TmdbId, ImdbId, Images, Title, OriginalLanguage, Status, Runtime, Recommendations, CollectionTmdbId) values
  (1, 603, 'tt0133093', '[]', 'The Matrix', 1, 3, 136, '[2, 1]', null), (2, 11, 'tt0076759', '[]', 'Star Wars: A New Hope', 1, 3, 121, '[]', 10);
insert into Movies(Id, Path, Monitored, QualityProfileId, Tags, MovieFileId, MovieMetadataId) values
  (1, '/media/a/Star Wars', 1, 1, '[2]', 0, 2), (2, '/media/a/The Matrix', 1, 2, '[]', 1, 1);
insert into MovieFiles(Id, MovieId, Quality, Size, DateAdded, RelativePath) values (1, 2, '{"quality": 4}', 100, '2026-01-01', 'Matrix.mkv');
insert into SubtitleFiles(Id, MovieId, MovieFileId, RelativePath, Extension, Added, LastUpdated, Language) values (1, 2, 1, 'Matrix.en.srt', '.srt', '2026-01-01', '2026-01-01', 1);
insert into Credits(Id, CreditTmdbId, PersonTmdbId, Name, Images, "Order", Type, MovieMetadataId) values (1, 'c1', 6384, 'Keanu Reeves', '[]', 0, 0, 1);
insert into History(Id, SourceTitle, Date, Quality, Data, MovieId) values (1, 'Matrix', '2026-01-01', '{"quality": 4}', '{}', 2);

-- == bob
insert into Config values (1, 'hmacsalt', 's3cr3t of bob');
insert into Tags values (1, 'uhd'), (2, 'anime');
insert into RootFolders values (1, '/media/b');
insert into NamingConfig(Id, MultiEpisodeStyle, RenameMovies) values (1, 0, 1);
insert into QualityDefinitions(Id, Quality, Title) values (1, 4, 'HDTV-720p');
insert into CustomFormats(Id, Name) values (1, 'Remux');
insert into DownloadClients(Id, Enable, Name, Implementation, Settings, ConfigContract) values (1, 1, 'Box', 'Deluge', '{}', 'DelugeSettings');
insert into Indexers(Id, Name, Implementation, Settings, EnableInteractiveSearch, Tags, DownloadClientId) values
  (1, 'Anime', 'Torznab', '{}', 1, '[2]', 1);
insert into QualityProfiles(Id, Name, Cutoff, Items, FormatItems) values
  (1, 'Best', 4, '[{"quality": 4, "items": [], "allowed": true}]', '[{"format": 1, "score": 100}]');
insert into MovieMetadata(Id, TmdbId, Images, Title, OriginalLanguage, Status, Runtime, Recommendations) values (1, 129, '[]', 'Spirited Away', 8, 3, 125, '[]');
insert into Movies(Id, Path, Monitored, QualityProfileId, Tags, MovieFileId, MovieMetadataId) values (1, '/media/b/Spirited Away', 1, 1, '[2]', 1, 1);
insert into MovieFiles(Id, MovieId, Quality, Size, DateAdded, RelativePath) values (1, 1, '{"quality": 4}', 50, '2026-01-01', 'Spirited.mkv');

-- == new
insert into NamingConfig(Id, MultiEpisodeStyle, RenameMovies) values (1, 0, 1);

-- == link: scores of formats
select p.Name || ': ' || f.Name || ' ' || (j.value ->> 'score') from QualityProfiles p, json_each(p.FormatItems) j
join CustomFormats f on f.Id = j.value ->> 'format';

-- == link: indexers and their clients
select i.Name || ' -> ' || ifnull(c.Name, 'any') from Indexers i left join DownloadClients c on c.Id = i.DownloadClientId;

-- == link: tags of settings
select 'indexer ' || i.Name || ': ' || t.Label from Indexers i, json_each(i.Tags) j join Tags t on t.Id = j.value
union all select 'delay ' || d."Order" || ': ' || t.Label from DelayProfiles d, json_each(d.Tags) j join Tags t on t.Id = j.value
union all select 'notification ' || n.Name || ': ' || t.Label from Notifications n, json_each(n.Tags) j join Tags t on t.Id = j.value;

-- == link: movies
select d.Title || ' in ' || p.Name || ' -> ' || ifnull(f.RelativePath, 'no file') from Movies m join MovieMetadata d on d.Id = m.MovieMetadataId
join QualityProfiles p on p.Id = m.QualityProfileId left join MovieFiles f on f.Id = m.MovieFileId
union all select d.Title || ': ' || t.Label from Movies m join MovieMetadata d on d.Id = m.MovieMetadataId, json_each(m.Tags) j join Tags t on t.Id = j.value
union all select f.RelativePath || ' of ' || d.Title from MovieFiles f join Movies m on m.Id = f.MovieId join MovieMetadata d on d.Id = m.MovieMetadataId
union all select x.RelativePath || ' with ' || f.RelativePath from SubtitleFiles x join MovieFiles f on f.Id = x.MovieFileId
union all select 'collection ' || c.Title || ' in ' || p.Name from Collections c join QualityProfiles p on p.Id = c.QualityProfileId
union all select 'list ' || l.Name || ' in ' || p.Name from ImportLists l join QualityProfiles p on p.Id = l.QualityProfileId
union all select 'release ' || r.Name || ' of ' || i.Name from ReleaseProfiles r join Indexers i on i.Id = r.IndexerId;

-- == import
-- --on-conflict
-- skip

-- == absent
-- ReleaseProfiles.ExcludedTags[*]
-- ReleaseProfiles.IndexerIds[*]
-- UpdateHistory

-- == made
-- The Matrix
-- Star Wars
-- x265
-- Watch list
-- seed.example.org
