-- Jellyfin, in the shape of its migrations of 2026-08.

-- == tables
create table "__EFMigrationsHistory"("MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
  "ProductVersion" TEXT NOT NULL);
create table "Users"("Id" TEXT NOT NULL CONSTRAINT "PK_Users" PRIMARY KEY, "AudioLanguagePreference" TEXT NULL,
  "AuthenticationProviderId" TEXT NOT NULL, "CastReceiverId" TEXT NULL, "DisplayCollectionsView" INTEGER NOT NULL,
  "DisplayMissingEpisodes" INTEGER NOT NULL, "EnableAutoLogin" INTEGER NOT NULL, "EnableLocalPassword" INTEGER NOT NULL,
  "EnableNextEpisodeAutoPlay" INTEGER NOT NULL, "EnableUserPreferenceAccess" INTEGER NOT NULL,
  "HidePlayedInLatest" INTEGER NOT NULL, "InternalId" INTEGER NOT NULL, "InvalidLoginAttemptCount" INTEGER NOT NULL,
  "LastActivityDate" TEXT NULL, "LastLoginDate" TEXT NULL, "LoginAttemptsBeforeLockout" INTEGER NULL,
  "MaxActiveSessions" INTEGER NOT NULL, "MaxParentalRatingScore" INTEGER NULL, "MaxParentalRatingSubScore" INTEGER NULL,
  "MustUpdatePassword" INTEGER NOT NULL, "NormalizedUsername" TEXT NOT NULL, "Password" TEXT NULL,
  "PasswordResetProviderId" TEXT NOT NULL, "PlayDefaultAudioTrack" INTEGER NOT NULL,
  "RememberAudioSelections" INTEGER NOT NULL, "RememberSubtitleSelections" INTEGER NOT NULL,
  "RemoteClientBitrateLimit" INTEGER NULL, "RowVersion" INTEGER NOT NULL, "SubtitleLanguagePreference" TEXT NULL,
  "SubtitleMode" INTEGER NOT NULL, "SyncPlayAccess" INTEGER NOT NULL, "Username" TEXT NOT NULL);
create unique index "IX_Users_Username" on "Users"("Username");
create unique index "IX_Users_NormalizedUsername" on "Users"("NormalizedUsername");
create table "Permissions"("Id" INTEGER NOT NULL CONSTRAINT "PK_Permissions" PRIMARY KEY AUTOINCREMENT, "Kind" INTEGER NOT NULL,
  "RowVersion" INTEGER NOT NULL, "UserId" TEXT NOT NULL, "Value" INTEGER NOT NULL,
  CONSTRAINT "FK_Permissions_Users_UserId" FOREIGN KEY("UserId") REFERENCES "Users"("Id") ON DELETE CASCADE);
create unique index "IX_Permissions_UserId_Kind" on "Permissions"("UserId", "Kind");
create table "Preferences"("Id" INTEGER NOT NULL CONSTRAINT "PK_Preferences" PRIMARY KEY AUTOINCREMENT, "Kind" INTEGER NOT NULL,
  "RowVersion" INTEGER NOT NULL, "UserId" TEXT NOT NULL, "Value" TEXT NOT NULL,
  CONSTRAINT "FK_Preferences_Users_UserId" FOREIGN KEY("UserId") REFERENCES "Users"("Id") ON DELETE CASCADE);
create unique index "IX_Preferences_UserId_Kind" on "Preferences"("UserId", "Kind");
create table "AccessSchedules"("Id" INTEGER NOT NULL CONSTRAINT "PK_AccessSchedules" PRIMARY KEY AUTOINCREMENT,
  "DayOfWeek" INTEGER NOT NULL, "EndHour" REAL NOT NULL, "StartHour" REAL NOT NULL, "UserId" TEXT NOT NULL,
  CONSTRAINT "FK_AccessSchedules_Users_UserId" FOREIGN KEY("UserId") REFERENCES "Users"("Id") ON DELETE CASCADE);
create table "ImageInfos"("Id" INTEGER NOT NULL CONSTRAINT "PK_ImageInfos" PRIMARY KEY AUTOINCREMENT, "LastModified" TEXT NOT NULL,
  "Path" TEXT NOT NULL, "UserId" TEXT NULL,
  CONSTRAINT "FK_ImageInfos_Users_UserId" FOREIGN KEY("UserId") REFERENCES "Users"("Id") ON DELETE CASCADE);
create unique index "IX_ImageInfos_UserId" on "ImageInfos"("UserId");
create table "DisplayPreferences"("Id" INTEGER NOT NULL CONSTRAINT "PK_DisplayPreferences" PRIMARY KEY AUTOINCREMENT,
  "ChromecastVersion" INTEGER NOT NULL, "Client" TEXT NOT NULL, "DashboardTheme" TEXT NULL,
  "EnableNextVideoInfoOverlay" INTEGER NOT NULL, "IndexBy" INTEGER NULL, "ItemId" TEXT NOT NULL,
  "ScrollDirection" INTEGER NOT NULL, "ShowBackdrop" INTEGER NOT NULL, "ShowSidebar" INTEGER NOT NULL,
  "SkipBackwardLength" INTEGER NOT NULL, "SkipForwardLength" INTEGER NOT NULL, "TvHome" TEXT NULL, "UserId" TEXT NOT NULL,
  CONSTRAINT "FK_DisplayPreferences_Users_UserId" FOREIGN KEY("UserId") REFERENCES "Users"("Id") ON DELETE CASCADE);
create unique index "IX_DisplayPreferences_UserId_ItemId_Client" on "DisplayPreferences"("UserId", "ItemId", "Client");
create table "HomeSection"("Id" INTEGER NOT NULL CONSTRAINT "PK_HomeSection" PRIMARY KEY AUTOINCREMENT,
  "DisplayPreferencesId" INTEGER NOT NULL, "Order" INTEGER NOT NULL, "Type" INTEGER NOT NULL,
  CONSTRAINT "FK_HomeSection_DisplayPreferences_DisplayPreferencesId" FOREIGN KEY("DisplayPreferencesId")
  REFERENCES "DisplayPreferences"("Id") ON DELETE CASCADE);
create table "ItemDisplayPreferences"("Id" INTEGER NOT NULL CONSTRAINT "PK_ItemDisplayPreferences" PRIMARY KEY AUTOINCREMENT,
  "Client" TEXT NOT NULL, "IndexBy" INTEGER NULL, "ItemId" TEXT NOT NULL, "RememberIndexing" INTEGER NOT NULL,
  "RememberSorting" INTEGER NOT NULL, "SortBy" TEXT NOT NULL, "SortOrder" INTEGER NOT NULL, "UserId" TEXT NOT NULL,
  "ViewType" INTEGER NOT NULL,
  CONSTRAINT "FK_ItemDisplayPreferences_Users_UserId" FOREIGN KEY("UserId") REFERENCES "Users"("Id") ON DELETE CASCADE);
create table "CustomItemDisplayPreferences"("Id" INTEGER NOT NULL CONSTRAINT "PK_CustomItemDisplayPreferences" PRIMARY KEY AUTOINCREMENT,
  "Client" TEXT NOT NULL, "ItemId" TEXT NOT NULL, "Key" TEXT NOT NULL, "UserId" TEXT NOT NULL, "Value" TEXT NULL);
create unique index "IX_CustomItemDisplayPreferences_UserId_ItemId_Client_Key"
  on "CustomItemDisplayPreferences"("UserId", "ItemId", "Client", "Key");
create table "DeviceOptions"("Id" INTEGER NOT NULL CONSTRAINT "PK_DeviceOptions" PRIMARY KEY AUTOINCREMENT, "CustomName" TEXT NULL,
  "DeviceId" TEXT NOT NULL);
create unique index "IX_DeviceOptions_DeviceId" on "DeviceOptions"("DeviceId");
create table "BaseItems"("Id" TEXT NOT NULL CONSTRAINT "PK_BaseItems" PRIMARY KEY, "Album" TEXT NULL, "AlbumArtists" TEXT NULL,
  "Artists" TEXT NULL, "Audio" INTEGER NULL, "ChannelId" TEXT NULL, "CleanName" TEXT NULL, "CommunityRating" REAL NULL,
  "CriticRating" REAL NULL, "CustomRating" TEXT NULL, "Data" TEXT NULL, "DateCreated" TEXT NULL, "DateLastMediaAdded" TEXT NULL,
  "DateLastRefreshed" TEXT NULL, "DateLastSaved" TEXT NULL, "DateModified" TEXT NULL, "EndDate" TEXT NULL,
  "EpisodeTitle" TEXT NULL, "ExternalId" TEXT NULL, "ExternalSeriesId" TEXT NULL, "ExternalServiceId" TEXT NULL,
  "ExtraType" INTEGER NULL, "ForcedSortName" TEXT NULL, "Genres" TEXT NULL, "Height" INTEGER NULL, "IndexNumber" INTEGER NULL,
  "InheritedParentalRatingSubValue" INTEGER NULL, "InheritedParentalRatingValue" INTEGER NULL, "IsFolder" INTEGER NOT NULL,
  "IsInMixedFolder" INTEGER NOT NULL, "IsLocked" INTEGER NOT NULL, "IsMovie" INTEGER NOT NULL, "IsRepeat" INTEGER NOT NULL,
  "IsSeries" INTEGER NOT NULL, "IsVirtualItem" INTEGER NOT NULL, "LUFS" REAL NULL, "MediaType" TEXT NULL, "Name" TEXT NULL,
  "NormalizationGain" REAL NULL, "OfficialRating" TEXT NULL, "OriginalLanguage" TEXT NULL, "OriginalTitle" TEXT NULL,
  "Overview" TEXT NULL, "OwnerId" TEXT NULL, "ParentId" TEXT NULL, "ParentIndexNumber" INTEGER NULL, "Path" TEXT NULL,
  "PreferredMetadataCountryCode" TEXT NULL, "PreferredMetadataLanguage" TEXT NULL, "PremiereDate" TEXT NULL,
  "PresentationUniqueKey" TEXT NULL, "PrimaryVersionId" TEXT NULL, "ProductionLocations" TEXT NULL,
  "ProductionYear" INTEGER NULL, "RunTimeTicks" INTEGER NULL, "SeasonId" TEXT NULL, "SeasonName" TEXT NULL, "SeriesId" TEXT NULL,
  "SeriesName" TEXT NULL, "SeriesPresentationUniqueKey" TEXT NULL, "ShowId" TEXT NULL, "Size" INTEGER NULL, "SortName" TEXT NULL,
  "StartDate" TEXT NULL, "Studios" TEXT NULL, "Tagline" TEXT NULL, "Tags" TEXT NULL, "TopParentId" TEXT NULL,
  "TotalBitrate" INTEGER NULL, "Type" TEXT NOT NULL, "UnratedType" TEXT NULL, "Width" INTEGER NULL,
  CONSTRAINT "FK_BaseItems_BaseItems_OwnerId" FOREIGN KEY("OwnerId") REFERENCES "BaseItems"("Id"),
  CONSTRAINT "FK_BaseItems_BaseItems_ParentId" FOREIGN KEY("ParentId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE);
create index "IX_BaseItems_ParentId" on "BaseItems"("ParentId");
create table "AncestorIds"("ItemId" TEXT NOT NULL, "ParentItemId" TEXT NOT NULL,
  CONSTRAINT "PK_AncestorIds" PRIMARY KEY("ItemId", "ParentItemId"),
  CONSTRAINT "FK_AncestorIds_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE,
  CONSTRAINT "FK_AncestorIds_BaseItems_ParentItemId" FOREIGN KEY("ParentItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE);
create table "LinkedChildren"("ParentId" TEXT NOT NULL, "SortOrder" INTEGER NOT NULL, "ChildId" TEXT NOT NULL,
  "ChildType" INTEGER NOT NULL, CONSTRAINT "PK_LinkedChildren" PRIMARY KEY("ParentId", "SortOrder"),
  CONSTRAINT "FK_LinkedChildren_BaseItems_ChildId" FOREIGN KEY("ChildId") REFERENCES "BaseItems"("Id"),
  CONSTRAINT "FK_LinkedChildren_BaseItems_ParentId" FOREIGN KEY("ParentId") REFERENCES "BaseItems"("Id"));
create table "BaseItemProviders"("ItemId" TEXT NOT NULL, "ProviderId" TEXT NOT NULL, "ProviderValue" TEXT NOT NULL,
  CONSTRAINT "PK_BaseItemProviders" PRIMARY KEY("ItemId", "ProviderId"),
  CONSTRAINT "FK_BaseItemProviders_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE);
create table "BaseItemImageInfos"("Id" TEXT NOT NULL CONSTRAINT "PK_BaseItemImageInfos" PRIMARY KEY, "Blurhash" BLOB NULL,
  "DateModified" TEXT NULL, "Height" INTEGER NOT NULL, "ImageType" INTEGER NOT NULL, "ItemId" TEXT NOT NULL, "Path" TEXT NOT NULL,
  "Width" INTEGER NOT NULL,
  CONSTRAINT "FK_BaseItemImageInfos_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE);
create table "BaseItemMetadataFields"("Id" INTEGER NOT NULL, "ItemId" TEXT NOT NULL,
  CONSTRAINT "PK_BaseItemMetadataFields" PRIMARY KEY("Id", "ItemId"),
  CONSTRAINT "FK_BaseItemMetadataFields_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE);
create table "BaseItemTrailerTypes"("Id" INTEGER NOT NULL, "ItemId" TEXT NOT NULL,
  CONSTRAINT "PK_BaseItemTrailerTypes" PRIMARY KEY("Id", "ItemId"),
  CONSTRAINT "FK_BaseItemTrailerTypes_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE);
create table "Chapters"("ItemId" TEXT NOT NULL, "ChapterIndex" INTEGER NOT NULL, "ImageDateModified" TEXT NULL,
  "ImagePath" TEXT NULL, "Name" TEXT NULL, "StartPositionTicks" INTEGER NOT NULL,
  CONSTRAINT "PK_Chapters" PRIMARY KEY("ItemId", "ChapterIndex"),
  CONSTRAINT "FK_Chapters_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE);
create table "MediaStreamInfos"("ItemId" TEXT NOT NULL, "StreamIndex" INTEGER NOT NULL, "Channels" INTEGER NULL, "Codec" TEXT NULL,
  "Comment" TEXT NULL, "Height" INTEGER NULL, "IsDefault" INTEGER NOT NULL, "IsExternal" INTEGER NOT NULL,
  "IsForced" INTEGER NOT NULL, "IsOriginal" INTEGER NOT NULL, "Language" TEXT NULL, "Level" REAL NULL, "Path" TEXT NULL,
  "StreamType" INTEGER NOT NULL, "Title" TEXT NULL, "Width" INTEGER NULL,
  CONSTRAINT "PK_MediaStreamInfos" PRIMARY KEY("ItemId", "StreamIndex"),
  CONSTRAINT "FK_MediaStreamInfos_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE);
create table "AttachmentStreamInfos"("ItemId" TEXT NOT NULL, "Index" INTEGER NOT NULL, "Codec" TEXT NULL, "CodecTag" TEXT NULL,
  "Comment" TEXT NULL, "Filename" TEXT NULL, "MimeType" TEXT NULL,
  CONSTRAINT "PK_AttachmentStreamInfos" PRIMARY KEY("ItemId", "Index"),
  CONSTRAINT "FK_AttachmentStreamInfos_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE);
create table "MediaSegments"("Id" TEXT NOT NULL CONSTRAINT "PK_MediaSegments" PRIMARY KEY, "EndTicks" INTEGER NOT NULL,
  "ItemId" TEXT NOT NULL, "SegmentProviderId" TEXT NOT NULL, "StartTicks" INTEGER NOT NULL, "Type" INTEGER NOT NULL);
create table "TrickplayInfos"("ItemId" TEXT NOT NULL, "Width" INTEGER NOT NULL, "Bandwidth" INTEGER NOT NULL,
  "Height" INTEGER NOT NULL, "Interval" INTEGER NOT NULL, "ThumbnailCount" INTEGER NOT NULL, "TileHeight" INTEGER NOT NULL,
  "TileWidth" INTEGER NOT NULL, CONSTRAINT "PK_TrickplayInfos" PRIMARY KEY("ItemId", "Width"));
create table "KeyframeData"("ItemId" TEXT NOT NULL CONSTRAINT "PK_KeyframeData" PRIMARY KEY, "KeyframeTicks" TEXT NULL,
  "TotalDuration" INTEGER NOT NULL,
  CONSTRAINT "FK_KeyframeData_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE);
create table "ItemValues"("ItemValueId" TEXT NOT NULL CONSTRAINT "PK_ItemValues" PRIMARY KEY, "CleanValue" TEXT NOT NULL,
  "Type" INTEGER NOT NULL, "Value" TEXT NOT NULL);
create unique index "IX_ItemValues_Type_Value" on "ItemValues"("Type", "Value");
create table "ItemValuesMap"("ItemValueId" TEXT NOT NULL, "ItemId" TEXT NOT NULL,
  CONSTRAINT "PK_ItemValuesMap" PRIMARY KEY("ItemValueId", "ItemId"),
  CONSTRAINT "FK_ItemValuesMap_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE,
  CONSTRAINT "FK_ItemValuesMap_ItemValues_ItemValueId" FOREIGN KEY("ItemValueId") REFERENCES "ItemValues"("ItemValueId") ON DELETE CASCADE);
create table "Peoples"("Id" TEXT NOT NULL CONSTRAINT "PK_Peoples" PRIMARY KEY, "Name" TEXT NOT NULL, "PersonType" TEXT NULL);
create table "PeopleBaseItemMap"("ItemId" TEXT NOT NULL, "PeopleId" TEXT NOT NULL, "Role" TEXT NOT NULL, "ListOrder" INTEGER NULL,
  "SortOrder" INTEGER NULL, CONSTRAINT "PK_PeopleBaseItemMap" PRIMARY KEY("ItemId", "PeopleId", "Role"),
  CONSTRAINT "FK_PeopleBaseItemMap_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE,
  CONSTRAINT "FK_PeopleBaseItemMap_Peoples_PeopleId" FOREIGN KEY("PeopleId") REFERENCES "Peoples"("Id") ON DELETE CASCADE);
create table "UserData"("ItemId" TEXT NOT NULL, "UserId" TEXT NOT NULL, "CustomDataKey" TEXT NOT NULL,
  "AudioStreamIndex" INTEGER NULL, "IsFavorite" INTEGER NOT NULL, "LastPlayedDate" TEXT NULL, "Likes" INTEGER NULL,
  "PlayCount" INTEGER NOT NULL, "PlaybackPositionTicks" INTEGER NOT NULL, "Played" INTEGER NOT NULL, "Rating" REAL NULL,
  "RetentionDate" TEXT NULL, "SubtitleStreamIndex" INTEGER NULL,
  CONSTRAINT "PK_UserData" PRIMARY KEY("ItemId", "UserId", "CustomDataKey"),
  CONSTRAINT "FK_UserData_BaseItems_ItemId" FOREIGN KEY("ItemId") REFERENCES "BaseItems"("Id") ON DELETE CASCADE,
  CONSTRAINT "FK_UserData_Users_UserId" FOREIGN KEY("UserId") REFERENCES "Users"("Id") ON DELETE CASCADE);
create table "ActivityLogs"("Id" INTEGER NOT NULL CONSTRAINT "PK_ActivityLogs" PRIMARY KEY AUTOINCREMENT, "DateCreated" TEXT NOT NULL,
  "ItemId" TEXT NULL, "LogSeverity" INTEGER NOT NULL, "Name" TEXT NOT NULL, "Overview" TEXT NULL, "RowVersion" INTEGER NOT NULL,
  "ShortOverview" TEXT NULL, "Type" TEXT NOT NULL, "UserId" TEXT NOT NULL);
create table "ApiKeys"("Id" INTEGER NOT NULL CONSTRAINT "PK_ApiKeys" PRIMARY KEY AUTOINCREMENT, "AccessToken" TEXT NOT NULL,
  "DateCreated" TEXT NOT NULL, "DateLastActivity" TEXT NOT NULL, "Name" TEXT NOT NULL);
create table "Devices"("Id" INTEGER NOT NULL CONSTRAINT "PK_Devices" PRIMARY KEY AUTOINCREMENT, "AccessToken" TEXT NOT NULL,
  "AppName" TEXT NOT NULL, "AppVersion" TEXT NOT NULL, "DateCreated" TEXT NOT NULL, "DateLastActivity" TEXT NOT NULL,
  "DateModified" TEXT NOT NULL, "DeviceId" TEXT NOT NULL, "DeviceName" TEXT NOT NULL, "IsActive" INTEGER NOT NULL,
  "UserId" TEXT NOT NULL, CONSTRAINT "FK_Devices_Users_UserId" FOREIGN KEY("UserId") REFERENCES "Users"("Id") ON DELETE CASCADE);

-- == alice
insert into "__EFMigrationsHistory" values ('20260815063607_RemoveOrphanedUserPermissionsAndPreferences', '9.0.8');
insert into Users(Id, AuthenticationProviderId, DisplayCollectionsView, DisplayMissingEpisodes, EnableAutoLogin, EnableLocalPassword, EnableNextEpisodeAutoPlay, EnableUserPreferenceAccess, HidePlayedInLatest, InternalId, InvalidLoginAttemptCount, MaxActiveSessions, MustUpdatePassword, NormalizedUsername, Password, PasswordResetProviderId, PlayDefaultAudioTrack, RememberAudioSelections, RememberSubtitleSelections, RowVersion, SubtitleLanguagePreference, SubtitleMode, SyncPlayAccess, Username) values
  ('AAAAAAAA-0000-4000-8000-000000000001', 'Default', 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 'ADA', '$PBKDF2-SHA512$iterations=1$s3cr3t', 'Default', 1, 1, 1, 7, 'ger', 0, 0, 'ada'),
  ('AAAAAAAA-0000-4000-8000-000000000002', 'Default', 0, 0, 0, 0, 1, 1, 1, 2, 0, 0, 0, 'SAM', null, 'Default', 1, 1, 1, 1, null, 0, 0, 'sam');
insert into Permissions values (1, 0, 1, 'AAAAAAAA-0000-4000-8000-000000000001', 1), (2, 0, 1, 'AAAAAAAA-0000-4000-8000-000000000002', 0);
insert into Preferences values (1, 1, 1, 'AAAAAAAA-0000-4000-8000-000000000001', 'ger,eng');
insert into AccessSchedules values (1, 6, 20.5, 8.0, 'AAAAAAAA-0000-4000-8000-000000000002');
insert into ImageInfos values (1, '2026-01-01 00:00:00', '/config/data/profile/ada.png', 'AAAAAAAA-0000-4000-8000-000000000001');
insert into DisplayPreferences values (1, 0, 'emby', null, 1, null, '3CE5B65D-E116-D731-65D1-EFC4A30EC35C', 0, 1, 0, 10000, 30000, '', 'AAAAAAAA-0000-4000-8000-000000000001');
insert into HomeSection values (1, 1, 0, 1), (2, 1, 1, 5);
insert into ItemDisplayPreferences values (1, 'web', null, '3CE5B65D-E116-D731-65D1-EFC4A30EC35C', 0, 1, 'SortName', 0, 'AAAAAAAA-0000-4000-8000-000000000001', 1);
insert into CustomItemDisplayPreferences values (1, 'web', '3CE5B65D-E116-D731-65D1-EFC4A30EC35C', 'landing', 'AAAAAAAA-0000-4000-8000-000000000001', 'suggestions');
insert into DeviceOptions values (1, 'Kitchen', 'dev-1');
insert into BaseItems(Id, IsFolder, IsInMixedFolder, IsLocked, IsMovie, IsRepeat, IsSeries, IsVirtualItem, Name, Path, ParentId, TopParentId, Type, Data) values
  ('00000000-0000-0000-0000-000000000001', 0, 0, 0, 0, 0, 0, 0, 'This is a placeholder', null, null, null, 'PLACEHOLDER', null),
  ('11111111-0000-0000-0000-000000000001', 1, 0, 0, 0, 0, 0, 0, 'Films', '/media/films', null, null, 'Folder', '{"LocationType":"FileSystem"}'),
  ('11111111-0000-0000-0000-000000000002', 0, 0, 0, 1, 0, 0, 0, 'Bread', '/media/films/bread.mkv', '11111111-0000-0000-0000-000000000001', '11111111-0000-0000-0000-000000000001', 'Movie', '{}'),
  ('11111111-0000-0000-0000-000000000003', 1, 0, 0, 0, 0, 0, 0, 'Baking', '/config/data/playlists/Baking', null, null, 'Playlist', '{"OwnerUserId":"aaaaaaaa00004000800000000000000001"}'),
  ('11111111-0000-0000-0000-000000000004', 0, 0, 0, 0, 0, 0, 0, 'Making of', '/media/films/extra.mkv', null, '11111111-0000-0000-0000-000000000001', 'Video', '{}');
update BaseItems set OwnerId = '11111111-0000-0000-0000-000000000002' where Name = 'Making of';
insert into AncestorIds values ('11111111-0000-0000-0000-000000000002', '11111111-0000-0000-0000-000000000001');
insert into LinkedChildren values ('11111111-0000-0000-0000-000000000003', 0, '11111111-0000-0000-0000-000000000002', 0);
insert into BaseItemProviders values ('11111111-0000-0000-0000-000000000002', 'Imdb', 'tt0000001');
insert into BaseItemImageInfos values ('EEEEEEEE-0000-4000-8000-000000000001', x'4c45', '2026-01-01', 100, 0, '11111111-0000-0000-0000-000000000002', '/config/metadata/bread.jpg', 70);
insert into BaseItemMetadataFields values (3, '11111111-0000-0000-0000-000000000002');
insert into Chapters values ('11111111-0000-0000-0000-000000000002', 0, null, null, 'Dough', 0);
insert into MediaStreamInfos(ItemId, StreamIndex, Codec, IsDefault, IsExternal, IsForced, IsOriginal, Language, StreamType) values ('11111111-0000-0000-0000-000000000002', 0, 'h264', 1, 0, 0, 0, null, 1), ('11111111-0000-0000-0000-000000000002', 1, 'aac', 1, 0, 0, 0, 'ger', 0);
insert into MediaSegments values ('DDDDDDDD-0000-4000-8000-000000000001', 100, '11111111-0000-0000-0000-000000000002', 'x', 0, 1);
insert into KeyframeData values ('11111111-0000-0000-0000-000000000002', '[0,1]', 2);
insert into ItemValues values ('CCCCCCCC-0000-4000-8000-000000000001', 'baking', 2, 'Baking'), ('CCCCCCCC-0000-4000-8000-000000000002', 'drama', 2, 'Drama');
insert into ItemValuesMap values ('CCCCCCCC-0000-4000-8000-000000000001', '11111111-0000-0000-0000-000000000002'), ('CCCCCCCC-0000-4000-8000-000000000002', '11111111-0000-0000-0000-000000000002');
insert into Peoples values ('BBBBBBBB-0000-4000-8000-000000000001', 'Otto Oven', 'Actor');
insert into PeopleBaseItemMap values ('11111111-0000-0000-0000-000000000002', 'BBBBBBBB-0000-4000-8000-000000000001', 'The baker', 0, 0);
insert into UserData values ('11111111-0000-0000-0000-000000000002', 'AAAAAAAA-0000-4000-8000-000000000001', '11111111000000000000000000000002', 1, 1, '2026-02-01 20:00:00', null, 3, 0, 1, 9.5, null, null),
  ('11111111-0000-0000-0000-000000000002', 'AAAAAAAA-0000-4000-8000-000000000002', '11111111000000000000000000000002', null, 0, null, 0, 0, 123456, 0, null, null, null),
  ('00000000-0000-0000-0000-000000000001', 'AAAAAAAA-0000-4000-8000-000000000001', 'tt0000009', null, 0, '2025-02-01', null, 1, 0, 1, null, '2026-02-02', null);
insert into ActivityLogs values (1, '2026-02-01', null, 2, 'ada is online', null, 0, null, 'SessionStarted', 'AAAAAAAA-0000-4000-8000-000000000001');
insert into ApiKeys values (1, 's3cr3t', '2026-01-01', '2026-01-01', 'script');
insert into Devices values (1, 's3cr3t', 'web', '10', '2026-01-01', '2026-01-01', '2026-01-01', 'dev-1', 'Firefox', 0, 'AAAAAAAA-0000-4000-8000-000000000001');

-- == bob
insert into Users(Id, AuthenticationProviderId, DisplayCollectionsView, DisplayMissingEpisodes, EnableAutoLogin, EnableLocalPassword, EnableNextEpisodeAutoPlay, EnableUserPreferenceAccess, HidePlayedInLatest, InternalId, InvalidLoginAttemptCount, MaxActiveSessions, MustUpdatePassword, NormalizedUsername, Password, PasswordResetProviderId, PlayDefaultAudioTrack, RememberAudioSelections, RememberSubtitleSelections, RowVersion, SubtitleMode, SyncPlayAccess, Username) values
  ('FFFFFFFF-0000-4000-8000-000000000001', 'Default', 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 'BOB', '$PBKDF2-SHA512$iterations=1$s3cr3t', 'Default', 1, 1, 1, 1, 0, 0, 'bob');
insert into Permissions values (1, 0, 1, 'FFFFFFFF-0000-4000-8000-000000000001', 1);
insert into Preferences values (1, 1, 1, 'FFFFFFFF-0000-4000-8000-000000000001', 'fra');
insert into DisplayPreferences values (1, 0, 'emby', null, 1, null, '3CE5B65D-E116-D731-65D1-EFC4A30EC35C', 0, 1, 0, 10000, 30000, '', 'FFFFFFFF-0000-4000-8000-000000000001');
insert into HomeSection values (1, 1, 0, 7);
insert into BaseItems(Id, IsFolder, IsInMixedFolder, IsLocked, IsMovie, IsRepeat, IsSeries, IsVirtualItem, Name, Path, ParentId, Type) values
  ('00000000-0000-0000-0000-000000000001', 0, 0, 0, 0, 0, 0, 0, 'This is a placeholder', null, null, 'PLACEHOLDER'),
  ('22222222-0000-0000-0000-000000000001', 1, 0, 0, 0, 0, 0, 0, 'Cats', '/media/cats', null, 'Folder'),
  ('22222222-0000-0000-0000-000000000002', 0, 0, 0, 1, 0, 0, 0, 'Purr', '/media/cats/purr.mkv', '22222222-0000-0000-0000-000000000001', 'Movie');
insert into ItemValues values ('99999999-0000-4000-8000-000000000001', 'drama', 2, 'Drama');
insert into ItemValuesMap values ('99999999-0000-4000-8000-000000000001', '22222222-0000-0000-0000-000000000002');
insert into UserData values ('22222222-0000-0000-0000-000000000002', 'FFFFFFFF-0000-4000-8000-000000000001', 'tt0000002', null, 0, '2025-02-01', null, 1, 0, 1, null, null, null);

-- == new
insert into BaseItems(Id, IsFolder, IsInMixedFolder, IsLocked, IsMovie, IsRepeat, IsSeries, IsVirtualItem, Name, Type) values
  ('00000000-0000-0000-0000-000000000001', 0, 0, 0, 0, 0, 0, 0, 'This is a placeholder', 'PLACEHOLDER');

-- == link: people
select u.Username || ' may ' || p.Kind || p.Value from Permissions p join Users u on u.Id = p.UserId
union all select u.Username || ' likes ' || p.Value from Preferences p join Users u on u.Id = p.UserId
union all select u.Username || ' on ' || p.DayOfWeek from AccessSchedules p join Users u on u.Id = p.UserId
union all select u.Username || ' looks like ' || p.Path from ImageInfos p join Users u on u.Id = p.UserId
union all select u.Username || ' sees ' || d.Client || h."Order" || h.Type from HomeSection h join DisplayPreferences d on d.Id = h.DisplayPreferencesId join Users u on u.Id = d.UserId
union all select u.Username || ' sorts by ' || p.SortBy from ItemDisplayPreferences p join Users u on u.Id = p.UserId
union all select u.Username || ' ' || p.Key || p.Value from CustomItemDisplayPreferences p join Users u on u.Id = p.UserId;

-- == link: library
select i.Name || ' in ' || ifnull(p.Name, 'none') || ' of ' || ifnull(o.Name, 'none') from BaseItems i left join BaseItems p on p.Id = i.ParentId left join BaseItems o on o.Id = i.OwnerId
union all select i.Name || ' below ' || p.Name from AncestorIds a join BaseItems i on i.Id = a.ItemId join BaseItems p on p.Id = a.ParentItemId
union all select p.Name || ' has ' || i.Name || a.SortOrder from LinkedChildren a join BaseItems i on i.Id = a.ChildId join BaseItems p on p.Id = a.ParentId
union all select i.Name || ' is ' || v.Value from ItemValuesMap m join ItemValues v on v.ItemValueId = m.ItemValueId join BaseItems i on i.Id = m.ItemId
union all select i.Name || ' with ' || v.Name || ' as ' || m.Role from PeopleBaseItemMap m join Peoples v on v.Id = m.PeopleId join BaseItems i on i.Id = m.ItemId
union all select i.Name || ' ' || m.ProviderId || m.ProviderValue from BaseItemProviders m join BaseItems i on i.Id = m.ItemId
union all select i.Name || ' stream ' || m.StreamIndex || m.Codec from MediaStreamInfos m join BaseItems i on i.Id = m.ItemId
union all select i.Name || ' looks like ' || m.Path from BaseItemImageInfos m join BaseItems i on i.Id = m.ItemId
union all select i.Name || ' locks ' || m.Id from BaseItemMetadataFields m join BaseItems i on i.Id = m.ItemId
union all select i.Name || ' chapter ' || m.Name from Chapters m join BaseItems i on i.Id = m.ItemId
union all select i.Name || ' segment ' || m.EndTicks from MediaSegments m join BaseItems i on i.Id = m.ItemId;

-- == link: what was watched
select u.Username || ': ' || i.Name || ' ' || d.CustomDataKey || d.Played || d.PlayCount || d.PlaybackPositionTicks || ifnull(d.Rating, '') from UserData d join Users u on u.Id = d.UserId join BaseItems i on i.Id = d.ItemId;

-- == made
-- Otto Oven
-- tt0000009
-- suggestions
