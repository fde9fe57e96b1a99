-- Apple Notes, in the shape that Core Data gives it; a part of its columns.

-- == tables
create table Z_PRIMARYKEY(Z_ENT integer primary key, Z_NAME varchar, Z_SUPER integer, Z_MAX integer);
create table Z_METADATA(Z_VERSION integer primary key, Z_UUID varchar(255), Z_PLIST blob);
create table Z_MODELCACHE(Z_CONTENT blob);
create table ZICNOTEDATA(Z_PK integer primary key, Z_ENT integer, Z_OPT integer, ZNOTE integer, ZCRYPTOINITIALIZATIONVECTOR blob,
  ZCRYPTOTAG blob, ZDATA blob);
create table ZICCLOUDSYNCINGOBJECT(Z_PK integer primary key, Z_ENT integer, Z_OPT integer, ZCRYPTOITERATIONCOUNT integer,
  ZISPASSWORDPROTECTED integer, ZMARKEDFORDELETION integer, ZFOLDER integer, ZNOTEDATA integer, ZACCOUNT2 integer, ZOWNER integer,
  ZCREATIONDATE1 timestamp, ZMODIFICATIONDATE1 timestamp, ZIDENTIFIER varchar, ZPASSWORDHINT varchar, ZNAME varchar, ZTITLE1 varchar,
  ZTITLE2 varchar, ZSNIPPET varchar, ZCRYPTOSALT blob, ZCRYPTOVERIFIER blob, ZCRYPTOWRAPPEDKEY blob, ZSERVERRECORDDATA blob);
create index ZICNOTEDATA_ZNOTE_INDEX on ZICNOTEDATA(ZNOTE);
create table ACHANGE(Z_PK integer primary key, Z_ENT integer, Z_OPT integer, ZENTITY integer, ZENTITYPK integer, ZTRANSACTIONID integer);
create table ATRANSACTION(Z_PK integer primary key, Z_ENT integer, Z_OPT integer, ZTIMESTAMP float);

-- == alice
insert into Z_PRIMARYKEY values (3, 'ICCloudSyncingObject', 0, 4), (12, 'ICNote', 3, 0), (14, 'ICAccount', 3, 0), (15, 'ICFolder', 3, 0), (19, 'ICNoteData', 0, 2);
insert into Z_METADATA values (1, 'AAAA', x'00');
insert into ZICCLOUDSYNCINGOBJECT(Z_PK, Z_ENT, Z_OPT, ZFOLDER, ZNOTEDATA, ZACCOUNT2, ZCREATIONDATE1, ZIDENTIFIER, ZNAME, ZTITLE1, ZTITLE2, ZSNIPPET, ZPASSWORDHINT, ZCRYPTOSALT) values
  (1, 14, 1, null, null, null, null, 'AAAAAAAA-0000-4000-8000-000000000001', 'On my Mac', null, null, null, null, null),
  (2, 15, 1, null, null, 1, null, 'AAAAAAAA-0000-4000-8000-000000000002', null, null, 'Baking', null, null, null),
  (3, 12, 4, 2, 1, 1, 700000000.0, 'AAAAAAAA-0000-4000-8000-000000000003', null, 'Rye', null, 'Flour and water', null, null),
  (4, 12, 4, 2, 2, 1, 700000001.0, 'AAAAAAAA-0000-4000-8000-000000000004', null, 'Diary', null, null, 's3cr3t', cast('s3cr3t' as blob));
insert into ZICNOTEDATA values (1, 19, 1, 3, null, null, x'1f8b0001'), (2, 19, 1, 4, cast('s3cr3t' as blob), cast('s3cr3t' as blob), x'1f8b0002');
insert into ACHANGE values (1, 1, 1, 12, 3, 1);
insert into ATRANSACTION values (1, 2, 1, 700000000.5);

-- == bob
insert into Z_PRIMARYKEY values (3, 'ICCloudSyncingObject', 0, 2), (11, 'ICNote', 3, 0), (13, 'ICFolder', 3, 0), (18, 'ICNoteData', 0, 1);
insert into ZICCLOUDSYNCINGOBJECT(Z_PK, Z_ENT, Z_OPT, ZFOLDER, ZNOTEDATA, ZIDENTIFIER, ZTITLE1, ZTITLE2) values
  (1, 13, 1, null, null, 'BBBBBBBB-0000-4000-8000-000000000001', null, 'Cats'), (2, 11, 1, 1, 1, 'BBBBBBBB-0000-4000-8000-000000000002', 'Purr', null);
insert into ZICNOTEDATA values (1, 18, 1, 2, null, null, x'1f8b0009');

-- == absent
-- ATRANSACTIONSTRING

-- == made
-- Flour and water
-- Baking
-- Diary
