-- Messages of macOS, a part of its columns.

-- == tables
create table _SqliteDatabaseProperties(key text, value text, unique(key));
create table handle(ROWID integer primary key autoincrement unique, id text not null, country text, service text not null,
  uncanonicalized_id text, person_centric_id text, unique(id, service));
create table chat(ROWID integer primary key autoincrement, guid text unique not null, style integer, state integer, account_id text,
  properties blob, chat_identifier text, service_name text, room_name text, account_login text, is_archived integer default 0,
  display_name text, group_id text);
create table message(ROWID integer primary key autoincrement, guid text unique not null, text text, replace integer default 0,
  handle_id integer default 0, subject text, attributedBody blob, version integer default 0, type integer default 0, service text,
  account text, error integer default 0, date integer, date_read integer, date_delivered integer, is_from_me integer default 0,
  is_read integer default 0, cache_has_attachments integer default 0, item_type integer default 0, other_handle integer default 0,
  group_title text, associated_message_guid text, associated_message_type integer default 0, reply_to_guid text,
  thread_originator_guid text);
create table chat_message_join(chat_id integer references chat(ROWID) on delete cascade,
  message_id integer references message(ROWID) on delete cascade, message_date integer default 0, primary key(chat_id, message_id));
create table chat_handle_join(chat_id integer references chat(ROWID) on delete cascade,
  handle_id integer references handle(ROWID) on delete cascade, unique(chat_id, handle_id));
create table attachment(ROWID integer primary key autoincrement, guid text unique not null, created_date integer default 0,
  filename text, uti text, mime_type text, transfer_state integer default 0, is_outgoing integer default 0, transfer_name text,
  total_bytes integer default 0, original_guid text unique not null);
create table message_attachment_join(message_id integer references message(ROWID) on delete cascade,
  attachment_id integer references attachment(ROWID) on delete cascade, unique(message_id, attachment_id));
create table deleted_messages(ROWID integer primary key autoincrement unique, guid text not null);
create table kvtable(ROWID integer primary key autoincrement unique, key text unique not null, value blob not null);

-- == triggers
create trigger after_delete_on_message after delete on message begin
  delete from handle where ROWID = old.handle_id and (select 1 from message where handle_id = old.handle_id limit 1) is null; end;
create trigger after_insert_on_message_attachment_join after insert on message_attachment_join begin
  update message set cache_has_attachments = 1 where ROWID = new.message_id; end;
create trigger delete_attachment after delete on attachment begin select before_delete_attachment_path(old.ROWID, old.guid); end;

-- == alice
insert into _SqliteDatabaseProperties values ('_ClientVersion', '18026');
insert into handle values (1, '+15550100', 'us', 'iMessage', null, null), (3, 'dan@example.org', 'us', 'iMessage', null, null);
insert into chat(ROWID, guid, style, chat_identifier, service_name, display_name) values (1, 'iMessage;-;+15550100', 45, '+15550100', 'iMessage', ''), (2, 'iMessage;+;chat77', 43, 'chat77', 'iMessage', 'Bakers');
insert into chat_handle_join values (1, 1), (2, 1), (2, 3);
insert into attachment(ROWID, guid, filename, mime_type, transfer_name, original_guid) values (1, 'at_0_AAAA', '~/Library/Messages/Attachments/aa/loaf.jpg', 'image/jpeg', 'loaf.jpg', 'at_0_AAAA');
insert into message(ROWID, guid, text, handle_id, service, date, is_from_me, associated_message_guid) values (1, 'M-A1', 'Is the *rye* done?', 1, 'iMessage', 700000000000000000, 0, null), (2, 'M-A2', 'Look', 0, 'iMessage', 700000001000000000, 1, null), (4, 'M-A3', 'Liked it', 3, 'iMessage', 700000002000000000, 0, 'p:0/M-A2');
insert into chat_message_join values (1, 1, 700000000000000000), (2, 2, 700000001000000000), (2, 4, 700000002000000000);
insert into message_attachment_join values (2, 1);
insert into kvtable values (1, 'lastKey', x'00');

-- == bob
insert into handle values (1, '+15550199', 'us', 'SMS', null, null);
insert into chat(ROWID, guid, style, chat_identifier, service_name) values (1, 'SMS;-;+15550199', 45, '+15550199', 'SMS');
insert into chat_handle_join values (1, 1);
insert into message(ROWID, guid, text, handle_id, service, date) values (1, 'M-B1', 'Purr', 1, 'SMS', 600000000000000000);
insert into chat_message_join values (1, 1, 600000000000000000);

-- == made
-- Is the *rye* done?
-- loaf.jpg
-- Bakers
-- "dan@example.org"

-- == absent
-- sync_deleted_messages
-- sync_deleted_chats
-- sync_deleted_attachments
-- message_processing_task
-- chat_recoverable_message_join
-- recoverable_message_part
