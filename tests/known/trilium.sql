-- Trilium, in the shape of its schema of 2024-05.

-- == tables
create table entity_changes(id integer not null primary key autoincrement, entityName text not null, entityId text not null,
  hash text not null, isErased int not null, changeId text not null, componentId text not null, instanceId text not null,
  isSynced integer not null, utcDateChanged text not null);
create unique index IDX_entityChanges_entityName_entityId on entity_changes(entityName, entityId);
create table etapi_tokens(etapiTokenId text primary key not null, name text not null, tokenHash text not null,
  utcDateCreated text not null, utcDateModified text not null, isDeleted int not null default 0);
create table branches(branchId text not null, noteId text not null, parentNoteId text not null, notePosition integer not null,
  prefix text, isExpanded integer not null default 0, isDeleted integer not null default 0, deleteId text default null,
  utcDateModified text not null, primary key(branchId));
create index IDX_branches_parentNoteId on branches(parentNoteId);
create table notes(noteId text not null, title text not null default 'note', isProtected int not null default 0,
  type text not null default 'text', mime text not null default 'text/html', blobId text default null,
  isDeleted int not null default 0, deleteId text default null, dateCreated text not null, dateModified text not null,
  utcDateCreated text not null, utcDateModified text not null, primary key(noteId));
create table revisions(revisionId text not null primary key, noteId text not null, type text default '' not null,
  mime text default '' not null, title text not null, isProtected int not null default 0, blobId text default null,
  utcDateLastEdited text not null, utcDateCreated text not null, utcDateModified text not null, dateLastEdited text not null,
  dateCreated text not null);
create table options(name text not null primary key, value text not null, isSynced integer default 0 not null,
  utcDateModified text not null);
create table attributes(attributeId text not null primary key, noteId text not null, type text not null, name text not null,
  value text default '' not null, position int default 0 not null, utcDateModified text not null, isDeleted int not null,
  deleteId text default null, isInheritable int default 0 null);
create table recent_notes(noteId text not null primary key, notePath text not null, utcDateCreated text not null);
create table blobs(blobId text not null, content text null default null, dateModified text not null, utcDateModified text not null,
  primary key(blobId));
create table attachments(attachmentId text not null primary key, ownerId text not null, role text not null, mime text not null,
  title text not null, isProtected int not null default 0, position int default 0 not null, blobId text default null,
  dateModified text not null, utcDateModified text not null, utcDateScheduledForErasureSince text default null,
  isDeleted int not null, deleteId text default null);

-- == alice
insert into options values ('dbVersion', '228', 0, 'd'), ('documentSecret', 's3cr3t', 0, 'd'), ('passwordVerificationHash', 's3cr3t', 1, 'd'), ('encryptedDataKey', 's3cr3t', 1, 'd'), ('protectedSessionTimeout', '600', 1, 'd'), ('theme', 'dark', 0, 'd');
insert into etapi_tokens values ('e1', 'cli', 's3cr3t', 'd', 'd', 0);
insert into blobs values ('bA1', '<p>Rye and <b>water</b></p>', 'd', 'd'), ('bA2', x'89504e47', 'd', 'd'), ('bA3', '<p>Rye</p>', 'd', 'd'), ('b0', '', 'd', 'd');
insert into notes(noteId, title, blobId, isDeleted, dateCreated, dateModified, utcDateCreated, utcDateModified) values ('root', 'root', 'b0', 0, 'd', 'd', 'd', 'd'), ('nA1', 'Bread', 'bA1', 0, 'd', 'd', 'd', 'd'), ('nA2', 'Baking', 'b0', 0, 'd', 'd', 'd', 'd'), ('nA9', 'Thrown away', 'b0', 1, 'd', 'd', 'd', 'd');
insert into branches(branchId, noteId, parentNoteId, notePosition, utcDateModified) values ('none_root', 'root', 'none', 0, 'd'), ('root_nA2', 'nA2', 'root', 10, 'd'), ('nA2_nA1', 'nA1', 'nA2', 10, 'd');
insert into attributes values ('aA1', 'nA1', 'label', 'grain', 'rye', 10, 'd', 0, null, 0), ('aA2', 'nA1', 'relation', 'partOf', 'nA2', 20, 'd', 0, null, 0);
insert into attachments(attachmentId, ownerId, role, mime, title, blobId, dateModified, utcDateModified, isDeleted) values ('tA1', 'nA1', 'image', 'image/png', 'loaf.png', 'bA2', 'd', 'd', 0);
insert into revisions values ('rA1', 'nA1', 'text', 'text/html', 'Bread', 0, 'bA3', 'd', 'd', 'd', 'd', 'd');
insert into recent_notes values ('nA1', 'root/nA2/nA1', 'd');
insert into entity_changes values (1, 'notes', 'nA1', 'h', 0, 'c', 'k', 'i', 1, 'd');

-- == bob
insert into options values ('dbVersion', '228', 0, 'd'), ('documentSecret', 's3cr3t', 0, 'd'), ('protectedSessionTimeout', '600', 1, 'd');
insert into blobs values ('b0', '', 'd', 'd'), ('bB1', '<p>Purr</p>', 'd', 'd');
insert into notes(noteId, title, blobId, isDeleted, dateCreated, dateModified, utcDateCreated, utcDateModified) values ('root', 'root', 'b0', 0, 'd', 'd', 'd', 'd'), ('nB1', 'Cats', 'bB1', 0, 'd', 'd', 'd', 'd');
insert into branches(branchId, noteId, parentNoteId, notePosition, utcDateModified) values ('none_root', 'root', 'none', 0, 'd'), ('root_nB1', 'nB1', 'root', 10, 'd');
insert into attributes values ('aB1', 'nB1', 'label', 'lives', '9', 10, 'd', 0, null, 0);
insert into entity_changes values (1, 'notes', 'nB1', 'h', 0, 'c', 'k', 'i', 1, 'd');

-- == new
insert into options values ('dbVersion', '228', 0, 'd'), ('protectedSessionTimeout', '600', 1, 'd');
insert into blobs values ('b0', '', 'd', 'd');
insert into notes(noteId, title, blobId, dateCreated, dateModified, utcDateCreated, utcDateModified) values ('root', 'root', 'b0', 'd', 'd', 'd', 'd');
insert into branches(branchId, noteId, parentNoteId, notePosition, utcDateModified) values ('none_root', 'root', 'none', 0, 'd');

-- == link: the tree
select p.title || ' / ' || n.title from branches b join notes n on n.noteId = b.noteId join notes p on p.noteId = b.parentNoteId
union all select n.title || ' says ' || cast(b.content as text) from notes n join blobs b on b.blobId = n.blobId where n.isDeleted = 0;

-- == link: attributes, attachments, revisions
select n.title || ' ' || a.name || ' ' || ifnull(r.title, a.value) from attributes a join notes n on n.noteId = a.noteId left join notes r on r.noteId = a.value and a.type = 'relation'
union all select n.title || ' ' || a.title || hex(b.content) from attachments a join notes n on n.noteId = a.ownerId join blobs b on b.blobId = a.blobId
union all select n.title || ' was ' || b.content from revisions a join notes n on n.noteId = a.noteId join blobs b on b.blobId = a.blobId;

-- == absent
-- sessions
-- user_data

-- == made
-- Rye and <b>water</b>
-- loaf.png
