-- Sonarr, in the shape of migration 230.

-- == tables
create table "AutoTagging"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Specifications"
  TEXT DEFAULT '[]' NOT NULL, "RemoveTagsAutomatically" INTEGER DEFAULT 0 NOT NULL, "Tags" TEXT DEFAULT '[]' NOT NULL,
  UNIQUE("Name"));
create table "Blocklist"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "SeriesId" INTEGER NOT NULL, "EpisodeIds"
  TEXT NOT NULL, "SourceTitle" TEXT NOT NULL, "Quality" TEXT NOT NULL, "Date" DATETIME NOT NULL, "PublishedDate"
  DATETIME, "Size" INTEGER, "Protocol" INTEGER, "Indexer" TEXT, "Message" TEXT, "TorrentInfoHash" TEXT, "Languages"
  TEXT DEFAULT '[]' NOT NULL, "IndexerFlags" INTEGER DEFAULT 0 NOT NULL, "ReleaseType" INTEGER DEFAULT 0 NOT NULL,
  "Source" TEXT);
create table "Commands"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Body" TEXT NOT NULL,
  "Priority" INTEGER NOT NULL, "Status" INTEGER NOT NULL, "QueuedAt" DATETIME NOT NULL, "StartedAt" DATETIME,
  "EndedAt" DATETIME, "Duration" TEXT, "Exception" TEXT, "Trigger" INTEGER NOT NULL, "Result" INTEGER DEFAULT 1 NOT
  NULL);
create table "Config"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Key" TEXT NOT NULL, "Value" TEXT NOT NULL,
  UNIQUE("Key"));
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
  "SeriesId" INTEGER NOT NULL, "DownloadId" TEXT NOT NULL, "SourceTitle" TEXT NOT NULL, "Date" DATETIME NOT NULL,
  "Protocol" INTEGER, "IndexerId" INTEGER, "DownloadClientId" INTEGER, "Release" TEXT, "Data" TEXT);
create table "EpisodeFiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "SeriesId" INTEGER NOT NULL, "Quality"
  TEXT NOT NULL, "Size" INTEGER NOT NULL, "DateAdded" DATETIME NOT NULL, "SeasonNumber" INTEGER NOT NULL, "SceneName"
  TEXT, "ReleaseGroup" TEXT, "MediaInfo" TEXT, "RelativePath" TEXT, "OriginalFilePath" TEXT, "Languages" TEXT DEFAULT
  '[]' NOT NULL, "IndexerFlags" INTEGER DEFAULT 0 NOT NULL, "ReleaseType" INTEGER DEFAULT 0 NOT NULL, "ReleaseHash"
  TEXT);
create table "Episodes"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "SeriesId" INTEGER NOT NULL, "SeasonNumber"
  INTEGER NOT NULL, "EpisodeNumber" INTEGER NOT NULL, "Title" TEXT, "Overview" TEXT, "EpisodeFileId" INTEGER,
  "AbsoluteEpisodeNumber" INTEGER, "SceneAbsoluteEpisodeNumber" INTEGER, "SceneSeasonNumber" INTEGER,
  "SceneEpisodeNumber" INTEGER, "Monitored" INTEGER, "AirDateUtc" DATETIME, "AirDate" TEXT, "Ratings" TEXT, "Images"
  TEXT, "UnverifiedSceneNumbering" INTEGER DEFAULT 0 NOT NULL, "LastSearchTime" DATETIME, "AiredAfterSeasonNumber"
  INTEGER, "AiredBeforeSeasonNumber" INTEGER, "AiredBeforeEpisodeNumber" INTEGER, "TvdbId" INTEGER, "Runtime" INTEGER
  DEFAULT 0 NOT NULL, "FinaleType" TEXT);
create table "ExtraFiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "SeriesId" INTEGER NOT NULL, "SeasonNumber"
  INTEGER NOT NULL, "EpisodeFileId" INTEGER NOT NULL, "RelativePath" TEXT NOT NULL, "Extension" TEXT NOT NULL, "Added"
  DATETIME NOT NULL, "LastUpdated" DATETIME NOT NULL);
create table "History"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "EpisodeId" INTEGER NOT NULL, "SeriesId"
  INTEGER NOT NULL, "SourceTitle" TEXT NOT NULL, "Date" DATETIME NOT NULL, "Quality" TEXT NOT NULL, "Data" TEXT NOT
  NULL, "EventType" INTEGER, "DownloadId" TEXT, "Languages" TEXT DEFAULT '[]' NOT NULL);
create table "ImportListExclusions"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "TvdbId" INTEGER NOT NULL,
  "Title" TEXT NOT NULL);
create table "ImportListItems"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ImportListId" INTEGER NOT NULL,
  "Title" TEXT NOT NULL, "TvdbId" INTEGER NOT NULL, "Year" INTEGER, "TmdbId" INTEGER, "ImdbId" TEXT, "MalId" INTEGER,
  "AniListId" INTEGER, "ReleaseDate" DATETIME);
create table "ImportListStatus"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProviderId" INTEGER NOT NULL,
  "InitialFailure" DATETIME, "MostRecentFailure" DATETIME, "EscalationLevel" INTEGER NOT NULL, "DisabledTill"
  DATETIME, "LastInfoSync" DATETIME, "HasRemovedItemSinceLastClean" INTEGER DEFAULT 0 NOT NULL, UNIQUE("ProviderId"));
create table "ImportLists"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Implementation"
  TEXT NOT NULL, "Settings" TEXT, "ConfigContract" TEXT, "EnableAutomaticAdd" INTEGER, "RootFolderPath" TEXT NOT NULL,
  "ShouldMonitor" INTEGER NOT NULL, "QualityProfileId" INTEGER NOT NULL, "Tags" TEXT, "SeriesType" INTEGER DEFAULT 0
  NOT NULL, "SeasonFolder" INTEGER DEFAULT 1 NOT NULL, "SearchForMissingEpisodes" INTEGER DEFAULT 1 NOT NULL,
  "MonitorNewItems" INTEGER DEFAULT 0 NOT NULL, UNIQUE("Name"));
create table "IndexerStatus"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProviderId" INTEGER NOT NULL,
  "InitialFailure" DATETIME, "MostRecentFailure" DATETIME, "EscalationLevel" INTEGER NOT NULL, "DisabledTill"
  DATETIME, "LastRssSyncReleaseInfo" TEXT, UNIQUE("ProviderId"));
create table "Indexers"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Implementation" TEXT
  NOT NULL, "Settings" TEXT, "ConfigContract" TEXT, "EnableRss" INTEGER, "EnableAutomaticSearch" INTEGER,
  "EnableInteractiveSearch" INTEGER NOT NULL, "Priority" INTEGER DEFAULT 25 NOT NULL, "Tags" TEXT, "DownloadClientId"
  INTEGER DEFAULT 0 NOT NULL, "SeasonSearchMaximumSingleEpisodeAge" INTEGER DEFAULT 0 NOT NULL, UNIQUE("Name"));
create table "Metadata"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Enable" INTEGER NOT NULL, "Name" TEXT NOT
  NULL, "Implementation" TEXT NOT NULL, "Settings" TEXT NOT NULL, "ConfigContract" TEXT NOT NULL);
create table "MetadataFiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "SeriesId" INTEGER NOT NULL, "Consumer"
  TEXT NOT NULL, "Type" INTEGER NOT NULL, "RelativePath" TEXT NOT NULL, "LastUpdated" DATETIME NOT NULL,
  "SeasonNumber" INTEGER, "EpisodeFileId" INTEGER, "Hash" TEXT, "Added" DATETIME, "Extension" TEXT NOT NULL);
create table "NamingConfig"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "MultiEpisodeStyle" INTEGER NOT NULL,
  "RenameEpisodes" INTEGER, "StandardEpisodeFormat" TEXT, "SeriesFolderFormat" TEXT, "ReplaceIllegalCharacters"
  INTEGER DEFAULT 1 NOT NULL, "ColonReplacementFormat" INTEGER DEFAULT 4 NOT NULL);
create table "NotificationStatus"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "ProviderId" INTEGER NOT NULL,
  "InitialFailure" DATETIME, "MostRecentFailure" DATETIME, "EscalationLevel" INTEGER NOT NULL, "DisabledTill"
  DATETIME, UNIQUE("ProviderId"));
create table "Notifications"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "OnGrab" INTEGER
  NOT NULL, "OnDownload" INTEGER NOT NULL, "Settings" TEXT NOT NULL, "Implementation" TEXT NOT NULL, "ConfigContract"
  TEXT, "OnUpgrade" INTEGER, "Tags" TEXT, "OnRename" INTEGER NOT NULL, "OnHealthIssue" INTEGER DEFAULT 0 NOT NULL,
  "IncludeHealthWarnings" INTEGER DEFAULT 0 NOT NULL, "OnSeriesDelete" INTEGER DEFAULT 0 NOT NULL,
  "OnEpisodeFileDelete" INTEGER DEFAULT 0 NOT NULL, "OnEpisodeFileDeleteForUpgrade" INTEGER DEFAULT 1 NOT NULL,
  "OnApplicationUpdate" INTEGER DEFAULT 0 NOT NULL, "OnManualInteractionRequired" INTEGER DEFAULT 0 NOT NULL,
  "OnSeriesAdd" INTEGER DEFAULT 0 NOT NULL, "OnHealthRestored" INTEGER DEFAULT 0 NOT NULL, "OnImportComplete" INTEGER
  DEFAULT 0 NOT NULL);
create table "PendingReleases"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "SeriesId" INTEGER NOT NULL, "Title"
  TEXT NOT NULL, "Added" DATETIME NOT NULL, "ParsedEpisodeInfo" TEXT NOT NULL, "Release" TEXT NOT NULL, "Reason"
  INTEGER DEFAULT 0 NOT NULL, "AdditionalInfo" TEXT);
create table "QualityDefinitions"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Quality" INTEGER NOT NULL, "Title"
  TEXT NOT NULL, UNIQUE("Quality"), UNIQUE("Title"));
create table "QualityProfiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Cutoff" INTEGER
  NOT NULL, "Items" TEXT NOT NULL, "UpgradeAllowed" INTEGER, "FormatItems" TEXT DEFAULT '[]' NOT NULL,
  "MinFormatScore" INTEGER DEFAULT 0 NOT NULL, "CutoffFormatScore" INTEGER DEFAULT 0 NOT NULL, "MinUpgradeFormatScore"
  INTEGER DEFAULT 1 NOT NULL, UNIQUE("Name"));
create table "ReleaseProfiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Required" TEXT, "Ignored" TEXT,
  "Tags" TEXT NOT NULL, "Enabled" INTEGER DEFAULT 1 NOT NULL, "Name" TEXT DEFAULT NULL, "ExcludedTags" TEXT DEFAULT
  '[]' NOT NULL, "IndexerIds" TEXT DEFAULT '[]' NOT NULL, "AirDateRestriction" INTEGER DEFAULT 0 NOT NULL,
  "AirDateGracePeriod" INTEGER DEFAULT 0 NOT NULL);
create table "RemotePathMappings"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Host" TEXT NOT NULL, "RemotePath"
  TEXT NOT NULL, "LocalPath" TEXT NOT NULL);
create table "RootFolders"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Path" TEXT NOT NULL, UNIQUE("Path"));
create table "SceneMappings"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "TvdbId" INTEGER NOT NULL,
  "SeasonNumber" INTEGER, "SearchTerm" TEXT NOT NULL, "ParseTerm" TEXT NOT NULL, "Title" TEXT, "Type" TEXT,
  "SceneSeasonNumber" INTEGER, "FilterRegex" TEXT, "SceneOrigin" TEXT, "SearchMode" INTEGER, "Comment" TEXT,
  "MappingId" TEXT);
create table "ScheduledTasks"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "TypeName" TEXT NOT NULL, "Interval"
  INTEGER NOT NULL, "LastExecution" DATETIME NOT NULL, "LastStartTime" DATETIME, UNIQUE("TypeName"));
create table "Series"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "TvdbId" INTEGER NOT NULL, "TvRageId" INTEGER
  NOT NULL, "ImdbId" TEXT, "Title" TEXT NOT NULL, "TitleSlug" TEXT, "CleanTitle" TEXT NOT NULL, "Status" INTEGER NOT
  NULL, "Overview" TEXT, "AirTime" TEXT, "Images" TEXT NOT NULL, "Path" TEXT NOT NULL, "Monitored" INTEGER NOT NULL,
  "SeasonFolder" INTEGER NOT NULL, "LastInfoSync" DATETIME, "LastDiskSync" DATETIME, "Runtime" INTEGER NOT NULL,
  "SeriesType" INTEGER NOT NULL, "Network" TEXT, "UseSceneNumbering" INTEGER NOT NULL, "FirstAired" DATETIME,
  "NextAiring" DATETIME, "Year" INTEGER, "Seasons" TEXT, "Actors" TEXT, "Ratings" TEXT, "Genres" TEXT, "Certification"
  TEXT, "SortTitle" TEXT, "QualityProfileId" INTEGER, "Tags" TEXT, "Added" DATETIME, "AddOptions" TEXT, "TvMazeId"
  INTEGER DEFAULT 0 NOT NULL, "OriginalLanguage" INTEGER DEFAULT 0 NOT NULL, "LastAired" DATETIME, "MonitorNewItems"
  INTEGER DEFAULT 0 NOT NULL, "TmdbId" INTEGER DEFAULT 0 NOT NULL, "MalIds" TEXT DEFAULT '[]' NOT NULL, "AniListIds"
  TEXT DEFAULT '[]' NOT NULL, "OriginalCountry" TEXT, UNIQUE("TvdbId"));
create table "SubtitleFiles"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "SeriesId" INTEGER NOT NULL,
  "SeasonNumber" INTEGER NOT NULL, "EpisodeFileId" INTEGER NOT NULL, "RelativePath" TEXT NOT NULL, "Extension" TEXT
  NOT NULL, "Added" DATETIME, "LastUpdated" DATETIME NOT NULL, "Language" INTEGER NOT NULL, "LanguageTags" TEXT,
  "Title" TEXT, "Copy" INTEGER DEFAULT 0 NOT NULL);
create table "Tags"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Label" TEXT NOT NULL, UNIQUE("Label"));
create table "Users"("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Identifier" TEXT NOT NULL, "Username" TEXT NOT
  NULL, "Password" TEXT NOT NULL, "Salt" TEXT, "Iterations" INTEGER, UNIQUE("Identifier"), UNIQUE("Username"));
create table "VersionInfo"("Version" INTEGER NOT NULL, "AppliedOn" DATETIME, "Description" TEXT);

-- == alice
insert into Config values (1, 'downloadpropersandrepacks', 'doNotPrefer'), (2, 'hmacsalt', 's3cr3t'), (3, 'proxypassword', 's3cr3t');
insert into Tags values (1, 'kids'), (2, 'uhd');
insert into RootFolders values (1, '/media/a');
insert into NamingConfig(Id, MultiEpisodeStyle, RenameEpisodes) values (1, 0, 1);
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
insert into ReleaseProfiles(Id, Name, Required, Ignored, Tags, IndexerIds) values (1, 'No cams', null, '["cam"]', '[2]', '[2]');
insert into ImportLists(Id, Name, Implementation, RootFolderPath, ShouldMonitor, QualityProfileId, Tags) values (1, 'Watch list', 'Trakt', '/media/a', 1, 2, '[1]');
insert into Series(Id, TvdbId, TvRageId, Title, TitleSlug, CleanTitle, Status, Images, Path, Monitored, SeasonFolder, Runtime, SeriesType, UseSceneNumbering, QualityProfileId, Tags, Seasons, Genres) values
  (1, 78804, 0, 'Doctor Who', 'doctor-who', 'doctorwho', 0, '[]', '/media/a/Doctor Who', 1, 1, 45, 0, 0, 1, '[1]', '[{"seasonNumber": 1, "monitored": true}]', '["Drama"]'),
  (2, 81189, 0, 'Breaking Bad', 'breaking-bad', 'breakingbad', 1, '[]', '/media/a/Breaking Bad', 1, 1, 47, 0, 0, 2, '[]', '[]', '[]');
insert into EpisodeFiles(Id, SeriesId, Quality, Size, DateAdded, SeasonNumber, RelativePath) values
  (1, 2, '{"quality": 4, "revision": {"version": 1}}', 100, '2026-01-01', 1, 'S01E01.mkv'), (2, 1, '{"quality": 4}', 200, '2026-01-02', 1, 'Rose.mkv');
insert into Episodes(Id, SeriesId, SeasonNumber, EpisodeNumber, Title, EpisodeFileId, Monitored, TvdbId) values
  (1, 1, 1, 1, 'Rose', 2, 1, 295294), (2, 1, 1, 2, 'The End of the World', 0, 1, 295295), (3, 2, 1, 1, 'Pilot', 1, 1, 349232);
insert into SubtitleFiles(Id, SeriesId, SeasonNumber, EpisodeFileId, RelativePath, Extension, LastUpdated, Language) values (1, 1, 1, 2, 'Rose.en.srt', '.srt', '2026-01-02', 1);
insert into History(Id, EpisodeId, SeriesId, SourceTitle, Date, Quality, Data, EventType) values (1, 3, 2, 'BB.S01E01', '2026-01-01', '{"quality": 4}', '{}', 1);
insert into Blocklist(Id, SeriesId, EpisodeIds, SourceTitle, Quality, Date) values (1, 1, '[1, 2]', 'DW.CAM', '{"quality": 1}', '2026-01-01');
insert into AutoTagging(Id, Name, Specifications, Tags) values (1, 'Kids', '[]', '[1]');
insert into CustomFilters values (1, 'series', 'HD only', '[{"key": "qualityProfileId", "value": [1], "type": "equal"}]');

-- == bob
insert into Config values (1, 'hmacsalt', 's3cr3t of bob');
insert into Tags values (1, 'uhd'), (2, 'anime');
insert into RootFolders values (1, '/media/b');
insert into NamingConfig(Id, MultiEpisodeStyle, RenameEpisodes) values (1, 0, 1);
insert into QualityDefinitions(Id, Quality, Title) values (1, 4, 'HDTV-720p');
insert into CustomFormats(Id, Name) values (1, 'Remux');
insert into DownloadClients(Id, Enable, Name, Implementation, Settings, ConfigContract) values (1, 1, 'Box', 'Deluge', '{}', 'DelugeSettings');
insert into Indexers(Id, Name, Implementation, Settings, EnableInteractiveSearch, Tags, DownloadClientId) values
  (1, 'Anime', 'Torznab', '{}', 1, '[2]', 1);
insert into QualityProfiles(Id, Name, Cutoff, Items, FormatItems) values
  (1, 'Best', 4, '[{"quality": 4, "items": [], "allowed": true}]', '[{"format": 1, "score": 100}]');
insert into Series(Id, TvdbId, TvRageId, Title, TitleSlug, CleanTitle, Status, Images, Path, Monitored, SeasonFolder, Runtime, SeriesType, UseSceneNumbering, QualityProfileId, Tags) values
  (1, 79824, 0, 'Naruto', 'naruto', 'naruto', 0, '[]', '/media/b/Naruto', 1, 1, 24, 2, 0, 1, '[2]');
insert into EpisodeFiles(Id, SeriesId, Quality, Size, DateAdded, SeasonNumber, RelativePath) values (1, 1, '{"quality": 4}', 50, '2026-01-01', 1, 'N01.mkv');
insert into Episodes(Id, SeriesId, SeasonNumber, EpisodeNumber, Title, EpisodeFileId, Monitored, TvdbId) values (1, 1, 1, 1, 'Enter', 1, 1, 1);

-- == new
insert into NamingConfig(Id, MultiEpisodeStyle, RenameEpisodes) values (1, 0, 1);

-- == link: scores of formats
select p.Name || ': ' || f.Name || ' ' || (j.value ->> 'score') from QualityProfiles p, json_each(p.FormatItems) j
join CustomFormats f on f.Id = j.value ->> 'format';

-- == link: indexers and their clients
select i.Name || ' -> ' || ifnull(c.Name, 'any') from Indexers i left join DownloadClients c on c.Id = i.DownloadClientId;

-- == link: tags of settings
select 'indexer ' || i.Name || ': ' || t.Label from Indexers i, json_each(i.Tags) j join Tags t on t.Id = j.value
union all select 'delay ' || d."Order" || ': ' || t.Label from DelayProfiles d, json_each(d.Tags) j join Tags t on t.Id = j.value
union all select 'notification ' || n.Name || ': ' || t.Label from Notifications n, json_each(n.Tags) j join Tags t on t.Id = j.value;

-- == link: series
select s.Title || ' in ' || p.Name from Series s join QualityProfiles p on p.Id = s.QualityProfileId
union all select s.Title || ': ' || t.Label from Series s, json_each(s.Tags) j join Tags t on t.Id = j.value
union all select 'list ' || l.Name || ' in ' || p.Name from ImportLists l join QualityProfiles p on p.Id = l.QualityProfileId
union all select 'release ' || r.Name || ': ' || t.Label from ReleaseProfiles r, json_each(r.Tags) j join Tags t on t.Id = j.value
union all select 'release ' || r.Name || ' of ' || i.Name from ReleaseProfiles r, json_each(r.IndexerIds) j join Indexers i on i.Id = j.value;

-- == link: episodes
select s.Title || ' ' || e.SeasonNumber || 'x' || e.EpisodeNumber || ' ' || e.Title || ' -> ' || ifnull(f.RelativePath, 'no file') || ' of ' || ifnull(fs.Title, 'nothing')
from Episodes e join Series s on s.Id = e.SeriesId left join EpisodeFiles f on f.Id = e.EpisodeFileId left join Series fs on fs.Id = f.SeriesId
union all select x.RelativePath || ' with ' || f.RelativePath || ' of ' || s.Title from SubtitleFiles x join EpisodeFiles f on f.Id = x.EpisodeFileId join Series s on s.Id = x.SeriesId;

-- == import
-- --on-conflict
-- skip

-- == absent
-- ReleaseProfiles.IndexerId
-- UpdateHistory

-- == made
-- Doctor Who
-- Breaking Bad
-- x265
-- Watch list
-- seed.example.org
