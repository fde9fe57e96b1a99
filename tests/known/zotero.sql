-- Zotero, in the shape of userdata 129.

-- == tables
create table fieldFormats(fieldFormatID integer primary key, regex text, isInteger int);
create table charsets(charsetID integer primary key, charset text unique);
create table fileTypes(fileTypeID integer primary key, fileType text unique);
create table fileTypeMimeTypes(fileTypeID int, mimeType text, primary key(fileTypeID, mimeType),
  foreign key(fileTypeID) references fileTypes(fileTypeID));
create table syncObjectTypes(syncObjectTypeID integer primary key, name text);
create table itemTypes(itemTypeID integer primary key, typeName text, templateItemTypeID int, display int default 1);
create table itemTypesCombined(itemTypeID int not null, typeName text not null, display int default 1 not null,
  custom int not null, primary key(itemTypeID));
create table fields(fieldID integer primary key, fieldName text, fieldFormatID int,
  foreign key(fieldFormatID) references fieldFormats(fieldFormatID));
create table fieldsCombined(fieldID int not null, fieldName text not null, label text, fieldFormatID int, custom int not null,
  primary key(fieldID));
create table itemTypeFields(itemTypeID int, fieldID int, hide int, orderIndex int, primary key(itemTypeID, orderIndex),
  unique(itemTypeID, fieldID), foreign key(itemTypeID) references itemTypes(itemTypeID),
  foreign key(fieldID) references fields(fieldID));
create table itemTypeFieldsCombined(itemTypeID int not null, fieldID int not null, hide int, orderIndex int not null,
  primary key(itemTypeID, orderIndex), unique(itemTypeID, fieldID));
create table baseFieldMappings(itemTypeID int, baseFieldID int, fieldID int, primary key(itemTypeID, baseFieldID, fieldID),
  foreign key(itemTypeID) references itemTypes(itemTypeID), foreign key(baseFieldID) references fields(fieldID),
  foreign key(fieldID) references fields(fieldID));
create table baseFieldMappingsCombined(itemTypeID int, baseFieldID int, fieldID int,
  primary key(itemTypeID, baseFieldID, fieldID));
create table creatorTypes(creatorTypeID integer primary key, creatorType text);
create table itemTypeCreatorTypes(itemTypeID int, creatorTypeID int, primaryField int, primary key(itemTypeID, creatorTypeID),
  foreign key(itemTypeID) references itemTypes(itemTypeID), foreign key(creatorTypeID) references creatorTypes(creatorTypeID));
create table version(schema text primary key, version int not null);
create table settings(setting text, key text, value, primary key(setting, key));
create table libraries(libraryID integer primary key, type text not null, editable int not null, filesEditable int not null,
  version int not null default 0, clientVersion int not null default 0, storageVersion int not null default 0,
  lastSync int not null default 0, archived int not null default 0, isAdmin int not null default 0);
create table syncedSettings(setting text not null, libraryID int not null, value not null, version int not null default 0,
  synced int not null default 0, primary key(setting, libraryID),
  foreign key(libraryID) references libraries(libraryID) on delete cascade);
create table items(itemID integer primary key, itemTypeID int not null, dateAdded timestamp not null default current_timestamp,
  dateModified timestamp not null default current_timestamp, clientDateModified timestamp not null default current_timestamp,
  libraryID int not null, key text not null, version int not null default 0, clientVersion int not null default 0,
  synced int not null default 0, unique(libraryID, key),
  foreign key(libraryID) references libraries(libraryID) on delete cascade);
create index items_synced on items(synced);
create table itemDataValues(valueID integer primary key, value unique, valueNormalized text);
create table itemData(itemID int, fieldID int, valueID, primary key(itemID, fieldID),
  foreign key(itemID) references items(itemID) on delete cascade, foreign key(fieldID) references fieldsCombined(fieldID),
  foreign key(valueID) references itemDataValues(valueID));
create index itemData_valueID on itemData(valueID);
create table itemNotes(itemID integer primary key, parentItemID int, note text, title text,
  foreign key(itemID) references items(itemID) on delete cascade,
  foreign key(parentItemID) references items(itemID) on delete cascade);
create table itemAttachments(itemID integer primary key, parentItemID int, linkMode int, contentType text, charsetID int,
  path text, syncState int default 0, storageModTime int, storageHash text, lastProcessedModificationTime int, lastRead int,
  foreign key(itemID) references items(itemID) on delete cascade,
  foreign key(parentItemID) references items(itemID) on delete cascade,
  foreign key(charsetID) references charsets(charsetID) on delete set null);
create table itemAnnotations(itemID integer primary key, parentItemID int not null, type integer not null, authorName text,
  text text, textNormalized text, comment text, commentNormalized text, color text, pageLabel text, sortIndex text not null,
  position text not null, isExternal int not null, foreign key(itemID) references items(itemID) on delete cascade,
  foreign key(parentItemID) references itemAttachments(itemID));
create table tags(tagID integer primary key, name text not null unique, nameNormalized text);
create table relationPredicates(predicateID integer primary key, predicate text unique);
create table itemRelations(itemID int not null, predicateID int not null, object text not null,
  primary key(itemID, predicateID, object), foreign key(itemID) references items(itemID) on delete cascade,
  foreign key(predicateID) references relationPredicates(predicateID) on delete cascade);
create table itemTags(itemID int not null, tagID int not null, type int not null, primary key(itemID, tagID),
  foreign key(itemID) references items(itemID) on delete cascade, foreign key(tagID) references tags(tagID) on delete cascade);
create table creators(creatorID integer primary key, firstName text, lastName text, fieldMode int, firstNameNormalized text,
  lastNameNormalized text, unique(lastName, firstName, fieldMode));
create table itemCreators(itemID int not null, creatorID int not null, creatorTypeID int not null default 1,
  orderIndex int not null default 0, primary key(itemID, creatorID, creatorTypeID, orderIndex), unique(itemID, orderIndex),
  foreign key(itemID) references items(itemID) on delete cascade,
  foreign key(creatorID) references creators(creatorID) on delete cascade,
  foreign key(creatorTypeID) references creatorTypes(creatorTypeID));
create table collections(collectionID integer primary key, collectionName text not null, parentCollectionID int default null,
  clientDateModified timestamp not null default current_timestamp, libraryID int not null, key text not null,
  version int not null default 0, clientVersion int not null default 0, synced int not null default 0, unique(libraryID, key),
  foreign key(libraryID) references libraries(libraryID) on delete cascade,
  foreign key(parentCollectionID) references collections(collectionID) on delete cascade);
create table collectionItems(collectionID int not null, itemID int not null, orderIndex int not null default 0,
  primary key(collectionID, itemID), foreign key(collectionID) references collections(collectionID) on delete cascade,
  foreign key(itemID) references items(itemID) on delete cascade);
create table collectionRelations(collectionID int not null, predicateID int not null, object text not null,
  primary key(collectionID, predicateID, object), foreign key(collectionID) references collections(collectionID) on delete cascade,
  foreign key(predicateID) references relationPredicates(predicateID) on delete cascade);
create table feeds(libraryID integer primary key, name text not null, url text not null unique, lastUpdate timestamp,
  lastCheck timestamp, lastCheckError text, cleanupReadAfter int, cleanupUnreadAfter int, refreshInterval int,
  foreign key(libraryID) references libraries(libraryID) on delete cascade);
create table feedItems(itemID integer primary key, guid text not null unique, readTime timestamp, translatedTime timestamp,
  foreign key(itemID) references items(itemID) on delete cascade);
create table savedSearches(savedSearchID integer primary key, savedSearchName text not null,
  clientDateModified timestamp not null default current_timestamp, libraryID int not null, key text not null,
  version int not null default 0, clientVersion int not null default 0, synced int not null default 0, unique(libraryID, key),
  foreign key(libraryID) references libraries(libraryID) on delete cascade);
create table savedSearchConditions(savedSearchID int not null, searchConditionID int not null, condition text not null,
  operator text, value text, primary key(savedSearchID, searchConditionID),
  foreign key(savedSearchID) references savedSearches(savedSearchID) on delete cascade);
create table deletedCollections(collectionID integer primary key, dateDeleted default current_timestamp not null,
  foreign key(collectionID) references collections(collectionID) on delete cascade);
create table deletedItems(itemID integer primary key, dateDeleted default current_timestamp not null,
  foreign key(itemID) references items(itemID) on delete cascade);
create table deletedSearches(savedSearchID integer primary key, dateDeleted default current_timestamp not null,
  foreign key(savedSearchID) references savedSearches(savedSearchID) on delete cascade);
create table users(userID integer primary key, name text not null);
create table groups(groupID integer primary key, libraryID int not null unique, name text not null, description text not null,
  version int not null, foreign key(libraryID) references libraries(libraryID) on delete cascade);
create table groupItems(itemID integer primary key, createdByUserID int, lastModifiedByUserID int,
  foreign key(itemID) references items(itemID) on delete cascade,
  foreign key(createdByUserID) references users(userID) on delete set null,
  foreign key(lastModifiedByUserID) references users(userID) on delete set null);
create table publicationsItems(itemID integer primary key);
create table retractedItems(itemID integer primary key, data text, flag int default 0,
  foreign key(itemID) references items(itemID) on delete cascade);
create table fulltextItems(itemID integer primary key, indexedPages int, totalPages int, indexedChars int, totalChars int,
  version int not null default 0, synced int not null default 0,
  foreign key(itemID) references items(itemID) on delete cascade);
create table syncCache(libraryID int not null, key text not null, syncObjectTypeID int not null, version int not null, data text,
  primary key(libraryID, key, syncObjectTypeID, version),
  foreign key(libraryID) references libraries(libraryID) on delete cascade,
  foreign key(syncObjectTypeID) references syncObjectTypes(syncObjectTypeID));
create table syncDeleteLog(syncObjectTypeID int not null, libraryID int not null, key text not null,
  dateDeleted text not null default current_timestamp, unique(syncObjectTypeID, libraryID, key),
  foreign key(syncObjectTypeID) references syncObjectTypes(syncObjectTypeID),
  foreign key(libraryID) references libraries(libraryID) on delete cascade);
create table syncQueue(libraryID int not null, key text not null, syncObjectTypeID int not null, lastCheck timestamp, tries int,
  primary key(libraryID, key, syncObjectTypeID), foreign key(libraryID) references libraries(libraryID) on delete cascade,
  foreign key(syncObjectTypeID) references syncObjectTypes(syncObjectTypeID) on delete cascade);
create table storageDeleteLog(libraryID int not null, key text not null, dateDeleted text not null default current_timestamp,
  primary key(libraryID, key), foreign key(libraryID) references libraries(libraryID) on delete cascade);
create table proxies(proxyID integer primary key, multiHost int, autoAssociate int, scheme text);
create table proxyHosts(hostID integer primary key, proxyID integer, hostname text,
  foreign key(proxyID) references proxies(proxyID));
create table customItemTypes(customItemTypeID integer primary key, typeName text, label text, display int default 1, icon text);
create table customFields(customFieldID integer primary key, fieldName text, label text);
create table translatorCache(fileName text primary key, metadataJSON text, lastModifiedTime int);
create table dbDebug1(a integer primary key);

-- == triggers
create trigger insert_creators before insert on creators for each row when new.firstName = '' and new.lastName = ''
  begin select raise(abort, 'Creator names cannot be empty'); end;
create trigger fki_collections_parentCollectionID_libraryID before insert on collections for each row
  begin select raise(abort, 'parent in another library') where new.parentCollectionID is not null and
    new.libraryID != (select libraryID from collections where collectionID = new.parentCollectionID); end;
create trigger fki_collectionItems_libraryID before insert on collectionItems for each row
  begin select raise(abort, 'item in another library') where (select libraryID from collections where collectionID = new.collectionID)
    != (select libraryID from items where itemID = new.itemID); end;
create trigger fki_collectionItems_itemID_parentItemID before insert on collectionItems for each row
  begin select raise(abort, 'child item') where new.itemID in (select itemID from itemAttachments where parentItemID is not null
    union select itemID from itemNotes where parentItemID is not null); end;
create trigger fku_itemNotes_parentItemID_collectionItems_itemID before update of parentItemID on itemNotes for each row
  when old.parentItemID is null and new.parentItemID is not null
  begin delete from collectionItems where itemID = new.itemID; end;
create trigger fki_tags before insert on tags for each row
  begin select raise(abort, 'Tag cannot be blank') where trim(new.name) = ''; end;

-- == alice
insert into charsets values (1, 'utf-8'), (2, 'ascii');
insert into syncObjectTypes values (1, 'collection'), (3, 'item');
insert into itemTypes values (1, 'note', null, 0), (2, 'book', null, 2), (3, 'attachment', null, 1), (4, 'journalArticle', null, 2), (5, 'annotation', null, 1), (6, 'dataset', null, 1);
insert into itemTypesCombined select itemTypeID, typeName, display, 0 from itemTypes;
insert into fields values (1, 'title', null), (2, 'date', null), (3, 'publisher', null), (4, 'DOI', null);
insert into fieldsCombined select fieldID, fieldName, null, null, 0 from fields;
insert into creatorTypes values (1, 'author'), (2, 'editor');
insert into itemTypeFields values (2, 1, 0, 1), (2, 3, 0, 2), (4, 1, 0, 1);
insert into version values ('userdata', 129), ('system', 32), ('compatibility', 9);
insert into settings values ('account', 'userID', 4711), ('account', 'localUserKey', 's3cr3t');
insert into libraries(libraryID, type, editable, filesEditable, version, storageVersion, lastSync) values (1, 'user', 1, 1, 812, 800, 1760000000), (2, 'group', 1, 0, 12, 0, 0), (3, 'feed', 0, 0, 0, 0, 0);
insert into groups values (9001, 2, 'Bakers', '', 12);
insert into feeds(libraryID, name, url) values (3, 'Bread daily', 'https://bread.example/feed');
insert into syncedSettings values ('tagColors', 1, '[{"name":"to read","color":"#ff0000"}]', 3, 1), ('lastPageIndex_u_AAAA0003', 1, '7', 3, 1);
insert into items(itemID, itemTypeID, dateAdded, dateModified, clientDateModified, libraryID, key, version, synced) values
  (1, 2, '2026-01-01', '2026-01-02', '2026-01-02', 1, 'AAAA0001', 700, 1), (2, 4, '2026-01-01', '2026-01-03', '2026-01-03', 1, 'AAAA0002', 701, 1),
  (3, 3, '2026-01-01', '2026-01-01', '2026-01-01', 1, 'AAAA0003', 702, 1), (4, 1, '2026-01-04', '2026-01-04', '2026-01-04', 1, 'AAAA0004', 0, 0),
  (5, 5, '2026-01-05', '2026-01-05', '2026-01-05', 1, 'AAAA0005', 703, 1), (6, 1, '2026-01-06', '2026-01-06', '2026-01-06', 1, 'AAAA0006', 704, 1),
  (7, 2, '2026-01-07', '2026-01-07', '2026-01-07', 2, 'GGGG0001', 10, 1), (8, 2, '2026-01-07', '2026-01-07', '2026-01-07', 3, 'FFFF0001', 0, 1),
  (9, 2, '2026-01-08', '2026-01-08', '2026-01-08', 1, 'AAAA0009', 705, 1);
insert into groupItems values (7, null, null);
insert into feedItems values (8, 'f1', null, null);
insert into itemDataValues values (1, 'Bread', 'bread'), (2, '2026-00-00 2026', null), (3, 'Crumb Press', 'crumb press'), (4, 'On rye', 'on rye'), (5, 'Of the group', null), (6, 'In the bin', null), (7, 1984, null);
insert into itemData values (1, 1, 1), (1, 2, 2), (1, 3, 3), (2, 1, 4), (2, 2, 7), (7, 1, 5), (9, 1, 6);
insert into creators values (1, 'Ada', 'Alder', 0, 'ada', 'alder'), (2, '', 'Crumb Society', 1, '', 'crumb society');
insert into itemCreators values (1, 1, 1, 0), (1, 2, 2, 1), (2, 1, 1, 0);
insert into tags values (1, 'to read', 'to read'), (2, 'rye', 'rye');
insert into itemTags values (1, 1, 0), (2, 2, 0), (2, 1, 1);
insert into relationPredicates values (1, 'dc:relation'), (2, 'owl:sameAs');
insert into itemRelations values (1, 1, 'http://zotero.org/users/4711/items/AAAA0002');
insert into itemNotes values (4, 1, '<p>Needs <b>salt</b></p>', 'Needs salt'), (6, null, '<p>Alone</p>', 'Alone');
insert into itemAttachments values (3, 1, 1, 'application/pdf', 1, 'storage:bread.pdf', 2, 1760000000000, 'aa', null, null);
insert into itemAnnotations values (5, 3, 1, '', 'the crust', 'the crust', 'why?', 'why?', '#ffd400', '7', '00007|000123|00100', '{"pageIndex":6,"rects":[[1,2,3,4]]}', 0);
insert into collections(collectionID, collectionName, parentCollectionID, libraryID, key, version, synced) values (1, 'Baking', null, 1, 'CCCC0001', 5, 1), (2, 'Rye', 1, 1, 'CCCC0002', 6, 1), (3, 'Shared', null, 2, 'CCCC0003', 1, 1);
insert into collectionItems values (1, 1, 0), (2, 2, 0), (2, 1, 1), (1, 6, 1), (3, 7, 0);
insert into savedSearches(savedSearchID, savedSearchName, libraryID, key) values (1, 'New ones', 1, 'SSSS0001');
insert into savedSearchConditions values (1, 1, 'dateAdded', 'isInTheLast', '7 days'), (1, 2, 'tag', 'is', 'rye');
insert into deletedItems values (9, '2026-02-01');
insert into publicationsItems values (1);
insert into fulltextItems values (3, 10, 10, null, null, 1, 1);
insert into proxies values (1, 1, 1, 'https://%h.library.example/%p');
insert into proxyHosts values (1, 1, 'journals.example');
insert into syncDeleteLog values (3, 1, 'ZZZZ0001', '2026-01-09');

-- == bob
insert into charsets values (1, 'ascii'), (2, 'utf-8');
insert into itemTypes values (1, 'note', null, 0), (2, 'attachment', null, 1), (3, 'book', null, 2), (4, 'dataset', null, 1), (5, 'journalArticle', null, 2), (6, 'annotation', null, 1);
insert into itemTypesCombined select itemTypeID, typeName, display, 0 from itemTypes;
insert into fields values (1, 'date', null), (2, 'title', null), (3, 'DOI', null), (4, 'publisher', null);
insert into fieldsCombined select fieldID, fieldName, null, null, 0 from fields;
insert into creatorTypes values (1, 'editor'), (2, 'author');
insert into version values ('userdata', 129), ('system', 32);
insert into libraries(libraryID, type, editable, filesEditable, version) values (1, 'feed', 0, 0, 0), (2, 'user', 1, 1, 30);
insert into feeds(libraryID, name, url) values (1, 'Cats', 'https://cats.example/feed');
insert into items(itemID, itemTypeID, libraryID, key, version, synced) values (1, 3, 2, 'BBBB0001', 20, 1), (2, 2, 2, 'BBBB0002', 21, 1), (3, 6, 2, 'BBBB0003', 22, 1);
insert into itemDataValues values (1, 'Cats', 'cats'), (2, 'Bread', 'bread');
insert into itemData values (1, 2, 1);
insert into creators values (1, 'Bob', 'Birch', 0, 'bob', 'birch'), (2, 'Ada', 'Alder', 0, 'ada', 'alder');
insert into itemCreators values (1, 1, 2, 0);
insert into tags values (1, 'cats', 'cats'), (2, 'to read', 'to read');
insert into itemTags values (1, 1, 0);
insert into itemAttachments(itemID, parentItemID, linkMode, contentType, charsetID, path) values (2, 1, 1, 'application/pdf', 2, 'storage:cats.pdf');
insert into itemAnnotations values (3, 2, 1, '', 'purr', 'purr', null, null, '#ffd400', '1', '00001', '{}', 0);
insert into collections(collectionID, collectionName, libraryID, key) values (1, 'Animals', 2, 'DDDD0001');
insert into collectionItems values (1, 1, 0);

-- == new
insert into charsets values (1, 'utf-8'), (2, 'ascii');
insert into itemTypes values (1, 'note', null, 0), (2, 'book', null, 2), (3, 'attachment', null, 1), (4, 'journalArticle', null, 2), (5, 'annotation', null, 1), (6, 'dataset', null, 1);
insert into itemTypesCombined select itemTypeID, typeName, display, 0 from itemTypes;
insert into fields values (1, 'title', null), (2, 'date', null), (3, 'publisher', null), (4, 'DOI', null);
insert into fieldsCombined select fieldID, fieldName, null, null, 0 from fields;
insert into creatorTypes values (1, 'author'), (2, 'editor');
insert into version values ('userdata', 129), ('system', 32);
insert into libraries(libraryID, type, editable, filesEditable) values (1, 'user', 1, 1);

-- == link: items
select i.key || ' ' || t.typeName || ' ' || l.type from items i join itemTypes t on t.itemTypeID = i.itemTypeID join libraries l on l.libraryID = i.libraryID where l.type = 'user'
union all select i.key || ' ' || f.fieldName || ' ' || v.value || typeof(v.value) from itemData d join items i on i.itemID = d.itemID join libraries l on l.libraryID = i.libraryID and l.type = 'user' join fieldsCombined f on f.fieldID = d.fieldID join fields o on o.fieldID = f.fieldID and o.fieldName = f.fieldName join itemDataValues v on v.valueID = d.valueID
union all select i.key || ' ' || t.creatorType || ' ' || c.lastName || x.orderIndex from itemCreators x join items i on i.itemID = x.itemID join creators c on c.creatorID = x.creatorID join creatorTypes t on t.creatorTypeID = x.creatorTypeID
union all select i.key || ' #' || t.name || x.type from itemTags x join items i on i.itemID = x.itemID join tags t on t.tagID = x.tagID
union all select i.key || ' ' || p.predicate || ' ' || x.object from itemRelations x join items i on i.itemID = x.itemID join relationPredicates p on p.predicateID = x.predicateID
union all select i.key || ' in the bin' from deletedItems x join items i on i.itemID = x.itemID
union all select i.key || ' published' from publicationsItems x join items i on i.itemID = x.itemID;

-- == link: notes, files, annotations
select i.key || ' ' || n.title || ' of ' || ifnull(p.key, 'none') from itemNotes n join items i on i.itemID = n.itemID left join items p on p.itemID = n.parentItemID
union all select i.key || ' ' || a.path || ' ' || c.charset || ' of ' || p.key from itemAttachments a join items i on i.itemID = a.itemID join items p on p.itemID = a.parentItemID join charsets c on c.charsetID = a.charsetID
union all select i.key || ' ' || n.text || ' in ' || p.key || ' ' || a.path from itemAnnotations n join items i on i.itemID = n.itemID join itemAttachments a on a.itemID = n.parentItemID join items p on p.itemID = a.itemID;

-- == link: collections
select c.key || ' ' || c.collectionName || ' in ' || ifnull(p.collectionName, 'none') from collections c join libraries l on l.libraryID = c.libraryID and l.type = 'user' left join collections p on p.collectionID = c.parentCollectionID
union all select c.collectionName || ' has ' || i.key || x.orderIndex from collectionItems x join collections c on c.collectionID = x.collectionID join libraries l on l.libraryID = c.libraryID and l.type = 'user' join items i on i.itemID = x.itemID
union all select s.savedSearchName || ': ' || x.condition || x.searchConditionID from savedSearchConditions x join savedSearches s on s.savedSearchID = x.savedSearchID
union all select s.setting || ' ' || s.value from syncedSettings s join libraries l on l.libraryID = s.libraryID and l.type = 'user'
union all select p.scheme || ' ' || h.hostname from proxyHosts h join proxies p on p.proxyID = h.proxyID;

-- == made
-- Needs <b>salt</b>
-- Crumb Press
-- storage:bread.pdf
-- the crust
