-- Paperless-ngx, in the shape of version 3, without the column of the values of custom fields that it computes (paperless.rs).

-- == tables
create table django_migrations(id integer not null primary key autoincrement, app varchar(255) not null, name varchar(255) not null,
  applied datetime not null);
create table django_content_type(id integer not null primary key autoincrement, app_label varchar(100) not null,
  model varchar(100) not null);
create unique index django_content_type_uniq on django_content_type(app_label, model);
create table auth_permission(id integer not null primary key autoincrement,
  content_type_id integer not null references django_content_type(id) deferrable initially deferred, codename varchar(100) not null, name varchar(255) not null);
create unique index auth_permission_uniq on auth_permission(content_type_id, codename);
create table auth_group(id integer not null primary key autoincrement, name varchar(150) not null unique);
create table auth_user(id integer not null primary key autoincrement, password varchar(128) not null, last_login datetime null,
  is_superuser bool not null, username varchar(150) not null unique, last_name varchar(150) not null,
  email varchar(254) not null, is_staff bool not null, is_active bool not null, date_joined datetime not null,
  first_name varchar(150) not null);
create table auth_user_groups(id integer not null primary key autoincrement, user_id integer not null references auth_user(id) deferrable initially deferred,
  group_id integer not null references auth_group(id) deferrable initially deferred);
create unique index auth_user_groups_uniq on auth_user_groups(user_id, group_id);
create table authtoken_token(key varchar(40) not null primary key, created datetime not null, user_id integer not null unique references auth_user(id) deferrable initially deferred);
create table django_session(session_key varchar(40) not null primary key, session_data text not null, expire_date datetime not null);
create table documents_correspondent(id integer not null primary key autoincrement, name varchar(128) not null, match varchar(256) not null, matching_algorithm smallint unsigned not null check("matching_algorithm" >= 0),
  is_insensitive bool not null, owner_id integer null references auth_user(id) deferrable initially deferred);
create unique index documents_correspondent_unique_name_owner on documents_correspondent(name, owner_id);
create unique index documents_correspondent_name_uniq on documents_correspondent(name) where owner_id is null;
create table documents_documenttype(id integer not null primary key autoincrement, name varchar(128) not null, match varchar(256) not null, matching_algorithm smallint unsigned not null check("matching_algorithm" >= 0),
  is_insensitive bool not null, owner_id integer null references auth_user(id) deferrable initially deferred);
create unique index documents_documenttype_unique_name_owner on documents_documenttype(name, owner_id);
create table documents_storagepath(id integer not null primary key autoincrement, path text not null, name varchar(128) not null, match varchar(256) not null, matching_algorithm smallint unsigned not null check("matching_algorithm" >= 0),
  is_insensitive bool not null, owner_id integer null references auth_user(id) deferrable initially deferred);
create unique index documents_storagepath_unique_name_owner on documents_storagepath(name, owner_id);
create table documents_tag(id integer not null primary key autoincrement, tn_ancestors_pks text not null,
  tn_ancestors_count integer unsigned not null, tn_children_pks text not null, tn_children_count integer unsigned not null,
  tn_depth integer unsigned not null, tn_descendants_pks text not null, tn_descendants_count integer unsigned not null,
  tn_index integer unsigned not null, tn_level integer unsigned not null, tn_priority integer unsigned not null,
  tn_order integer unsigned not null, tn_siblings_pks text not null, tn_siblings_count integer unsigned not null,
  color varchar(7) not null, is_inbox_tag bool not null, tn_parent_id integer null references documents_tag(id) deferrable initially deferred, name varchar(128) not null, match varchar(256) not null, matching_algorithm smallint unsigned not null check("matching_algorithm" >= 0),
  is_insensitive bool not null, owner_id integer null references auth_user(id) deferrable initially deferred);
create unique index documents_tag_unique_name_owner on documents_tag(name, owner_id);
create table documents_customfield(id integer not null primary key autoincrement, created datetime not null,
  name varchar(128) not null, data_type varchar(50) not null, extra_data text null check((json_valid("extra_data") or "extra_data" is null)));
create unique index documents_customfield_unique_name on documents_customfield(name);
create table documents_savedview(id integer not null primary key autoincrement, name varchar(128) not null,
  sort_field varchar(128) null, sort_reverse bool not null, page_size integer unsigned null, display_mode varchar(128) null,
  display_fields text null check((json_valid("display_fields") or "display_fields" is null)), owner_id integer null references auth_user(id) deferrable initially deferred);
create table documents_savedviewfilterrule(id integer not null primary key autoincrement, rule_type smallint unsigned not null,
  value varchar(255) null, saved_view_id integer not null references documents_savedview(id) deferrable initially deferred);
create table documents_uisettings(id integer not null primary key autoincrement,
  settings text null check((json_valid("settings") or "settings" is null)), user_id integer not null unique references auth_user(id) deferrable initially deferred);
create table documents_workflowactionemail(id integer not null primary key autoincrement, subject varchar(256) not null,
  body text not null, "to" text not null, include_document bool not null);
create table documents_workflowactionwebhook(id integer not null primary key autoincrement, url varchar(256) not null,
  use_params bool not null, as_json bool not null, params text null, body text null, headers text null, include_document bool not null);
create table documents_workflow(id integer not null primary key autoincrement, name varchar(256) not null unique,
  "order" smallint not null, enabled bool not null);
create table paperless_mail_mailaccount(id integer not null primary key autoincrement, name varchar(256) not null,
  imap_server varchar(256) not null, imap_port integer null, imap_security integer unsigned not null, username varchar(256) not null,
  password varchar(3072) not null, character_set varchar(256) not null, is_token bool not null,
  account_type integer unsigned not null, refresh_token text null, expiration datetime null, owner_id integer null references auth_user(id) deferrable initially deferred);
create unique index paperless_mail_mailaccount_unique_name_owner on paperless_mail_mailaccount(name, owner_id);
create table paperless_mail_mailrule(id integer not null primary key autoincrement, name varchar(256) not null, "order" smallint not null,
  enabled bool not null, folder varchar(256) not null, filter_from varchar(256) null, maximum_age integer unsigned not null,
  action integer unsigned not null, action_parameter varchar(256) null, stop_processing bool not null,
  account_id integer not null references paperless_mail_mailaccount(id) deferrable initially deferred,
  assign_correspondent_id integer null references documents_correspondent(id) deferrable initially deferred,
  assign_document_type_id integer null references documents_documenttype(id) deferrable initially deferred, owner_id integer null references auth_user(id) deferrable initially deferred);
create unique index paperless_mail_mailrule_unique_name_owner on paperless_mail_mailrule(name, owner_id);
create table paperless_mail_mailrule_assign_tags(id integer not null primary key autoincrement,
  mailrule_id integer not null references paperless_mail_mailrule(id) deferrable initially deferred, tag_id integer not null references documents_tag(id) deferrable initially deferred);
create table documents_workflowtrigger(id integer not null primary key autoincrement, type smallint unsigned not null,
  sources varchar(7) not null, filter_path varchar(256) null, filter_filename varchar(256) null, match varchar(256) not null,
  matching_algorithm smallint unsigned not null, is_insensitive bool not null, filter_custom_field_query text null,
  schedule_offset_days integer not null, schedule_is_recurring bool not null, schedule_recurring_interval_days integer unsigned not null,
  schedule_date_field varchar(20) not null, filter_mailrule_id integer null references paperless_mail_mailrule(id) deferrable initially deferred,
  filter_has_correspondent_id integer null references documents_correspondent(id) deferrable initially deferred,
  filter_has_document_type_id integer null references documents_documenttype(id) deferrable initially deferred,
  filter_has_storage_path_id integer null references documents_storagepath(id) deferrable initially deferred,
  schedule_date_custom_field_id integer null references documents_customfield(id) deferrable initially deferred);
create table documents_workflowaction(id integer not null primary key autoincrement, type smallint unsigned not null,
  "order" integer unsigned null, assign_title text null, assign_custom_fields_values text null, passwords text null,
  remove_all_tags bool not null, assign_correspondent_id integer null references documents_correspondent(id) deferrable initially deferred,
  assign_document_type_id integer null references documents_documenttype(id) deferrable initially deferred, assign_owner_id integer null references auth_user(id) deferrable initially deferred,
  assign_storage_path_id integer null references documents_storagepath(id) deferrable initially deferred,
  email_id integer null references documents_workflowactionemail(id) deferrable initially deferred, webhook_id integer null references documents_workflowactionwebhook(id) deferrable initially deferred);
create table documents_workflow_triggers(id integer not null primary key autoincrement,
  workflow_id integer not null references documents_workflow(id) deferrable initially deferred, workflowtrigger_id integer not null references documents_workflowtrigger(id) deferrable initially deferred);
create table documents_workflow_actions(id integer not null primary key autoincrement,
  workflow_id integer not null references documents_workflow(id) deferrable initially deferred, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred);
create table documents_workflowaction_assign_tags(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  tag_id integer not null references documents_tag(id) deferrable initially deferred);
create unique index documents_workflowaction_assign_tags_uniq on documents_workflowaction_assign_tags(workflowaction_id, tag_id);
create table documents_workflowaction_assign_custom_fields(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  customfield_id integer not null references documents_customfield(id) deferrable initially deferred);
create unique index documents_workflowaction_assign_custom_fields_uniq on documents_workflowaction_assign_custom_fields(workflowaction_id, customfield_id);
create table documents_workflowaction_assign_view_users(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  user_id integer not null references auth_user(id) deferrable initially deferred);
create unique index documents_workflowaction_assign_view_users_uniq on documents_workflowaction_assign_view_users(workflowaction_id, user_id);
create table documents_workflowaction_assign_view_groups(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  group_id integer not null references auth_group(id) deferrable initially deferred);
create unique index documents_workflowaction_assign_view_groups_uniq on documents_workflowaction_assign_view_groups(workflowaction_id, group_id);
create table documents_workflowaction_assign_change_users(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  user_id integer not null references auth_user(id) deferrable initially deferred);
create unique index documents_workflowaction_assign_change_users_uniq on documents_workflowaction_assign_change_users(workflowaction_id, user_id);
create table documents_workflowaction_assign_change_groups(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  group_id integer not null references auth_group(id) deferrable initially deferred);
create unique index documents_workflowaction_assign_change_groups_uniq on documents_workflowaction_assign_change_groups(workflowaction_id, group_id);
create table documents_workflowaction_remove_tags(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  tag_id integer not null references documents_tag(id) deferrable initially deferred);
create unique index documents_workflowaction_remove_tags_uniq on documents_workflowaction_remove_tags(workflowaction_id, tag_id);
create table documents_workflowaction_remove_correspondents(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  correspondent_id integer not null references documents_correspondent(id) deferrable initially deferred);
create unique index documents_workflowaction_remove_correspondents_uniq on documents_workflowaction_remove_correspondents(workflowaction_id, correspondent_id);
create table documents_workflowaction_remove_document_types(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  documenttype_id integer not null references documents_documenttype(id) deferrable initially deferred);
create unique index documents_workflowaction_remove_document_types_uniq on documents_workflowaction_remove_document_types(workflowaction_id, documenttype_id);
create table documents_workflowaction_remove_storage_paths(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  storagepath_id integer not null references documents_storagepath(id) deferrable initially deferred);
create unique index documents_workflowaction_remove_storage_paths_uniq on documents_workflowaction_remove_storage_paths(workflowaction_id, storagepath_id);
create table documents_workflowaction_remove_custom_fields(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  customfield_id integer not null references documents_customfield(id) deferrable initially deferred);
create unique index documents_workflowaction_remove_custom_fields_uniq on documents_workflowaction_remove_custom_fields(workflowaction_id, customfield_id);
create table documents_workflowaction_remove_owners(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  user_id integer not null references auth_user(id) deferrable initially deferred);
create unique index documents_workflowaction_remove_owners_uniq on documents_workflowaction_remove_owners(workflowaction_id, user_id);
create table documents_workflowaction_remove_view_users(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  user_id integer not null references auth_user(id) deferrable initially deferred);
create unique index documents_workflowaction_remove_view_users_uniq on documents_workflowaction_remove_view_users(workflowaction_id, user_id);
create table documents_workflowaction_remove_view_groups(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  group_id integer not null references auth_group(id) deferrable initially deferred);
create unique index documents_workflowaction_remove_view_groups_uniq on documents_workflowaction_remove_view_groups(workflowaction_id, group_id);
create table documents_workflowaction_remove_change_users(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  user_id integer not null references auth_user(id) deferrable initially deferred);
create unique index documents_workflowaction_remove_change_users_uniq on documents_workflowaction_remove_change_users(workflowaction_id, user_id);
create table documents_workflowaction_remove_change_groups(id integer not null primary key autoincrement, workflowaction_id integer not null references documents_workflowaction(id) deferrable initially deferred,
  group_id integer not null references auth_group(id) deferrable initially deferred);
create unique index documents_workflowaction_remove_change_groups_uniq on documents_workflowaction_remove_change_groups(workflowaction_id, group_id);
create table documents_workflowtrigger_filter_has_tags(id integer not null primary key autoincrement, workflowtrigger_id integer not null references documents_workflowtrigger(id) deferrable initially deferred,
  tag_id integer not null references documents_tag(id) deferrable initially deferred);
create unique index documents_workflowtrigger_filter_has_tags_uniq on documents_workflowtrigger_filter_has_tags(workflowtrigger_id, tag_id);
create table documents_workflowtrigger_filter_has_all_tags(id integer not null primary key autoincrement, workflowtrigger_id integer not null references documents_workflowtrigger(id) deferrable initially deferred,
  tag_id integer not null references documents_tag(id) deferrable initially deferred);
create unique index documents_workflowtrigger_filter_has_all_tags_uniq on documents_workflowtrigger_filter_has_all_tags(workflowtrigger_id, tag_id);
create table documents_workflowtrigger_filter_has_not_tags(id integer not null primary key autoincrement, workflowtrigger_id integer not null references documents_workflowtrigger(id) deferrable initially deferred,
  tag_id integer not null references documents_tag(id) deferrable initially deferred);
create unique index documents_workflowtrigger_filter_has_not_tags_uniq on documents_workflowtrigger_filter_has_not_tags(workflowtrigger_id, tag_id);
create table documents_workflowtrigger_filter_has_any_document_types(id integer not null primary key autoincrement, workflowtrigger_id integer not null references documents_workflowtrigger(id) deferrable initially deferred,
  documenttype_id integer not null references documents_documenttype(id) deferrable initially deferred);
create unique index documents_workflowtrigger_filter_has_any_document_types_uniq on documents_workflowtrigger_filter_has_any_document_types(workflowtrigger_id, documenttype_id);
create table documents_workflowtrigger_filter_has_not_document_types(id integer not null primary key autoincrement, workflowtrigger_id integer not null references documents_workflowtrigger(id) deferrable initially deferred,
  documenttype_id integer not null references documents_documenttype(id) deferrable initially deferred);
create unique index documents_workflowtrigger_filter_has_not_document_types_uniq on documents_workflowtrigger_filter_has_not_document_types(workflowtrigger_id, documenttype_id);
create table documents_workflowtrigger_filter_has_any_correspondents(id integer not null primary key autoincrement, workflowtrigger_id integer not null references documents_workflowtrigger(id) deferrable initially deferred,
  correspondent_id integer not null references documents_correspondent(id) deferrable initially deferred);
create unique index documents_workflowtrigger_filter_has_any_correspondents_uniq on documents_workflowtrigger_filter_has_any_correspondents(workflowtrigger_id, correspondent_id);
create table documents_workflowtrigger_filter_has_not_correspondents(id integer not null primary key autoincrement, workflowtrigger_id integer not null references documents_workflowtrigger(id) deferrable initially deferred,
  correspondent_id integer not null references documents_correspondent(id) deferrable initially deferred);
create unique index documents_workflowtrigger_filter_has_not_correspondents_uniq on documents_workflowtrigger_filter_has_not_correspondents(workflowtrigger_id, correspondent_id);
create table documents_workflowtrigger_filter_has_any_storage_paths(id integer not null primary key autoincrement, workflowtrigger_id integer not null references documents_workflowtrigger(id) deferrable initially deferred,
  storagepath_id integer not null references documents_storagepath(id) deferrable initially deferred);
create unique index documents_workflowtrigger_filter_has_any_storage_paths_uniq on documents_workflowtrigger_filter_has_any_storage_paths(workflowtrigger_id, storagepath_id);
create table documents_workflowtrigger_filter_has_not_storage_paths(id integer not null primary key autoincrement, workflowtrigger_id integer not null references documents_workflowtrigger(id) deferrable initially deferred,
  storagepath_id integer not null references documents_storagepath(id) deferrable initially deferred);
create unique index documents_workflowtrigger_filter_has_not_storage_paths_uniq on documents_workflowtrigger_filter_has_not_storage_paths(workflowtrigger_id, storagepath_id);
create table paperless_applicationconfiguration(id integer not null primary key autoincrement, output_type varchar(7) null, pages integer null,
  language varchar(32) null, app_title varchar(48) null);
create table documents_document(id integer not null primary key autoincrement, deleted_at datetime null, restored_at datetime null,
  transaction_id char(32) null, title varchar(128) not null, content text not null,
  content_length integer unsigned not null generated always as (length("content")) stored, mime_type varchar(256) not null,
  checksum varchar(64) not null, archive_checksum varchar(64) null, page_count integer unsigned null, created date not null,
  modified datetime not null, added datetime not null, filename varchar(1024) null unique, archive_filename varchar(1024) null unique,
  original_filename varchar(1024) null, archive_serial_number integer unsigned null unique,
  correspondent_id integer null references documents_correspondent(id) deferrable initially deferred,
  document_type_id integer null references documents_documenttype(id) deferrable initially deferred, owner_id integer null references auth_user(id) deferrable initially deferred,
  storage_path_id integer null references documents_storagepath(id) deferrable initially deferred,
  root_document_id integer null references documents_document(id) deferrable initially deferred, version_index integer unsigned null, version_label varchar(64) null);
create unique index documents_document_root_version_index_uniq on documents_document(root_document_id, version_index)
  where root_document_id is not null and version_index is not null;
create table documents_document_tags(id integer not null primary key autoincrement,
  document_id integer not null references documents_document(id) deferrable initially deferred, tag_id integer not null references documents_tag(id) deferrable initially deferred);
create unique index documents_document_tags_uniq on documents_document_tags(document_id, tag_id);
create table documents_note(id integer not null primary key autoincrement, deleted_at datetime null, restored_at datetime null,
  transaction_id char(32) null, note text not null, created datetime not null,
  document_id integer null references documents_document(id) deferrable initially deferred, user_id integer null references auth_user(id) deferrable initially deferred);
create table documents_customfieldinstance(id integer not null primary key autoincrement, deleted_at datetime null,
  restored_at datetime null, transaction_id char(32) null, created datetime not null, value_text varchar(128) null,
  value_bool bool null, value_url varchar(200) null, value_date date null, value_int integer null, value_float real null,
  value_monetary varchar(128) null, value_document_ids text null, value_select varchar(16) null, value_long_text text null,
  document_id integer not null references documents_document(id) deferrable initially deferred, field_id integer not null references documents_customfield(id) deferrable initially deferred);
create unique index documents_customfieldinstance_unique_document_field on documents_customfieldinstance(document_id, field_id);
create table documents_sharelink(id integer not null primary key autoincrement, deleted_at datetime null, restored_at datetime null,
  transaction_id char(32) null, created datetime not null, expiration datetime null, slug varchar(50) not null unique,
  file_version varchar(50) not null, document_id integer not null references documents_document(id) deferrable initially deferred, owner_id integer null references auth_user(id) deferrable initially deferred);
create table guardian_userobjectpermission(id integer not null primary key autoincrement, object_pk varchar(255) not null,
  content_type_id integer not null references django_content_type(id) deferrable initially deferred, permission_id integer not null references auth_permission(id) deferrable initially deferred,
  user_id integer not null references auth_user(id) deferrable initially deferred);
create unique index guardian_userobjectpermission_uniq on guardian_userobjectpermission(user_id, permission_id, object_pk);
create table guardian_groupobjectpermission(id integer not null primary key autoincrement, object_pk varchar(255) not null,
  content_type_id integer not null references django_content_type(id) deferrable initially deferred, permission_id integer not null references auth_permission(id) deferrable initially deferred,
  group_id integer not null references auth_group(id) deferrable initially deferred);
create table documents_paperlesstask(id integer not null primary key autoincrement, task_id varchar(72) not null unique,
  task_type varchar(50) not null, status varchar(30) not null, date_created datetime not null, input_data text not null,
  owner_id integer null references auth_user(id) deferrable initially deferred);
create table paperless_mail_processedmail(id integer not null primary key autoincrement, folder varchar(256) not null,
  uid varchar(256) not null, subject varchar(256) not null, received datetime not null, processed datetime not null,
  status varchar(256) not null, error text null, rule_id integer not null references paperless_mail_mailrule(id) deferrable initially deferred, owner_id integer null references auth_user(id) deferrable initially deferred);

-- == alice
insert into django_content_type values (1, 'documents', 'tag'), (2, 'documents', 'document');
insert into auth_permission values (1, 1, 'view_tag', 'Can view tag'), (2, 2, 'view_document', 'Can view document');
insert into auth_group values (1, 'Family');
insert into auth_user values (1, 'pbkdf2_sha256$1$s3cr3t', null, 1, 'ada', 'Alder', 'ada@example.org', 1, 1, '2026-01-01', 'Ada'),
  (2, 'pbkdf2_sha256$1$s3cr3t', null, 0, 'sam', '', '', 0, 1, '2026-01-01', '');
insert into auth_user_groups values (1, 2, 1);
insert into authtoken_token values ('s3cr3t', '2026-01-01', 1);
insert into django_session values ('s3cr3t', 's3cr3t', '2027-01-01');
insert into documents_correspondent values (1, 'Bakery', 'bread', 1, 1, 1), (2, 'Bank', '', 6, 1, null);
insert into documents_documenttype values (1, 'Invoice', '', 6, 1, 1), (2, 'Letter', '', 6, 1, null);
insert into documents_storagepath values (1, '{{created_year}}/{{title}}', 'By year', '', 1, 1, 1);
insert into documents_tag values (1, '', 0, '2', 1, 1, '2', 1, 0, 1, 0, 0, '3', 1, '#aa0000', 0, null, 'Home', '', 1, 1, 1),
  (2, '1', 1, '', 0, 0, '', 0, 0, 2, 0, 1, '', 0, '#bb0000', 0, 1, 'Kitchen', '', 1, 1, 1),
  (3, '', 0, '', 0, 0, '', 0, 1, 1, 0, 2, '1', 1, '#cc0000', 1, null, 'Inbox', '', 1, 1, null);
insert into documents_customfield values (1, '2026-01-01', 'Paid on', 'date', null), (2, '2026-01-01', 'Related', 'documentlink', null);
insert into documents_savedview values (1, 'Bread', 'created', 1, 10, 'table', '["title","custom_field_1"]', 1), (2, 'Letters', null, 0, null, null, null, 1);
insert into documents_savedviewfilterrule values (1, 3, '1', 1), (2, 6, '2', 1), (3, 0, '7', 1), (4, 4, '2', 2), (5, 42, '["AND",[[1,"exists",true]]]', 2), (6, 6, '3', 2);
insert into documents_uisettings values (1, '{"saved_views":{"dashboard_views_visible_ids":[1],"sidebar_views_visible_ids":[2,1]},"permissions":{"default_owner":1,"default_view_users":[2],"default_view_groups":[1]},"language":"de"}', 1);
insert into paperless_mail_mailaccount values (1, 'Post', 'imap.example.org', 993, 2, 'ada', 's3cr3t', 'UTF-8', 0, 1, 's3cr3t', null, 1);
insert into paperless_mail_mailrule values (1, 'Bills', 0, 1, 'INBOX', 'bakery', 30, 3, null, 0, 1, 1, 1, 1);
insert into paperless_mail_mailrule_assign_tags values (1, 1, 2);
insert into documents_workflowactionemail values (1, 'New bill', 'see', 'ada@example.org', 1);
insert into documents_workflowactionwebhook values (1, 'https://hook.example/s3cr3t', 0, 1, null, null, '{"Authorization":"s3cr3t"}', 0);
insert into documents_workflow values (1, 'Sort bills', 0, 1);
insert into documents_workflowtrigger values (1, 2, '1,2', null, '*.pdf', 'bread', 1, 1, '["AND",[[1,"exists",true]]]', 0, 0, 1, 'added', 1, 1, 1, null, 1);
insert into documents_workflowaction values (1, 1, 0, 'Bill', '{"1":"2026-01-01","2":null}', '["s3cr3t"]', 0, 1, 1, 1, 1, 1, 1);
insert into documents_workflow_triggers values (1, 1, 1);
insert into documents_workflow_actions values (1, 1, 1);
insert into documents_workflowaction_assign_tags values (1, 1, 2), (2, 1, 3);
insert into documents_workflowaction_assign_view_groups values (1, 1, 1);
insert into documents_workflowtrigger_filter_has_tags values (1, 1, 3);
insert into paperless_applicationconfiguration values (1, 'pdfa', null, 'deu', 'Paper of Ada');
insert into documents_document(id, title, content, mime_type, checksum, created, modified, added, filename, archive_serial_number, correspondent_id, document_type_id, owner_id, storage_path_id, root_document_id, version_index) values
  (1, 'Bread', 'one *rye*', 'application/pdf', 'aa01', '2026-01-03', '2026-01-03', '2026-01-03', '2026/Bread.pdf', 7, 1, 1, 1, 1, null, null),
  (2, 'Statement', 'zero', 'application/pdf', 'aa02', '2026-01-04', '2026-01-04', '2026-01-04', '2026/Statement.pdf', null, 2, 2, 1, null, null, null),
  (3, 'Bread', 'two rye', 'application/pdf', 'aa03', '2026-01-05', '2026-01-05', '2026-01-05', '2026/Bread_v2.pdf', null, null, null, null, null, 1, 1);
insert into documents_document_tags values (1, 1, 2), (2, 2, 3), (3, 2, 1);
insert into documents_note values (1, null, null, null, 'paid at the door', '2026-01-06', 1, 2);
insert into documents_customfieldinstance(id, created, value_date, document_id, field_id) values (1, '2026-01-06', '2026-01-05', 1, 1);
insert into documents_customfieldinstance(id, created, value_document_ids, document_id, field_id) values (2, '2026-01-06', '[2, 3]', 1, 2);
insert into documents_sharelink values (1, null, null, null, '2026-01-06', null, 'abcdef', 'archive', 1, 1);
insert into guardian_userobjectpermission values (1, '2', 2, 2, 2), (2, '1', 1, 1, 2);
insert into guardian_groupobjectpermission values (1, '1', 2, 2, 1);
insert into documents_paperlesstask values (1, 't1', 'consume_file', 'success', '2026-01-03', '{}', 1);
insert into paperless_mail_processedmail values (1, 'INBOX', '7', 'Bill', '2026-01-03', '2026-01-03', 'SUCCESS', null, 1, 1);

-- == bob
insert into django_content_type values (1, 'documents', 'document'), (2, 'documents', 'note'), (3, 'documents', 'tag');
insert into auth_permission values (1, 1, 'view_document', 'Can view document'), (2, 3, 'view_tag', 'Can view tag');
insert into auth_user values (1, 'pbkdf2_sha256$1$s3cr3t', null, 1, 'bob', '', '', 1, 1, '2025-01-01', '');
insert into documents_correspondent values (1, 'Vet', '', 1, 1, 1), (2, 'Cat shop', '', 1, 1, 1), (3, 'Bank', '', 6, 1, null);
insert into documents_documenttype values (1, 'Receipt', '', 1, 1, 1);
insert into documents_tag values (1, '', 0, '', 0, 0, '', 0, 0, 1, 0, 0, '2', 1, '#000000', 0, null, 'Cats', '', 1, 1, 1),
  (2, '', 0, '', 0, 0, '', 0, 1, 1, 0, 1, '1', 1, '#111111', 0, null, 'Food', '', 1, 1, 1);
insert into documents_customfield values (1, '2025-01-01', 'Lives', 'integer', null);
insert into documents_savedview values (1, 'Cats', null, 0, null, null, null, 1);
insert into documents_savedviewfilterrule values (1, 6, '1', 1), (2, 3, '2', 1);
insert into documents_uisettings values (1, '{"saved_views":{"dashboard_views_visible_ids":[1]}}', 1);
insert into paperless_applicationconfiguration values (1, 'pdfa', null, 'deu', 'Paper of Ada');
insert into documents_document(id, title, content, mime_type, checksum, created, modified, added, filename, correspondent_id, document_type_id, owner_id) values
  (1, 'Food', 'tins', 'application/pdf', 'bb01', '2025-01-03', '2025-01-03', '2025-01-03', '0000001.pdf', 2, 1, 1);
insert into documents_document_tags values (1, 1, 1);
insert into documents_customfieldinstance(id, created, value_int, document_id, field_id) values (1, '2025-01-06', 9, 1, 1);
insert into documents_note values (1, null, null, null, 'too little', '2025-01-06', 1, 1);
insert into guardian_userobjectpermission values (1, '1', 1, 1, 1);

-- == new
insert into django_content_type values (1, 'documents', 'tag'), (2, 'documents', 'document');
insert into auth_permission values (1, 1, 'view_tag', 'Can view tag'), (2, 2, 'view_document', 'Can view document');
insert into paperless_applicationconfiguration values (1, 'pdfa', null, 'deu', 'Paper of Ada');

-- == link: tags and views
select t.name || ' in ' || ifnull(p.name, 'none') || ' of ' || ifnull(u.username, 'all') from documents_tag t left join documents_tag p on p.id = t.tn_parent_id left join auth_user u on u.id = t.owner_id
union all select t.name || ' above ' || c.name from documents_tag t join json_each('[' || t.tn_children_pks || ']') j join documents_tag c on c.id = j.value
union all select t.name || ' below ' || c.name from documents_tag t join json_each('[' || t.tn_ancestors_pks || ']') j join documents_tag c on c.id = j.value
union all select v.name || ' of ' || u.username from documents_savedview v join auth_user u on u.id = v.owner_id
union all select v.name || ': from ' || c.name from documents_savedviewfilterrule r join documents_savedview v on v.id = r.saved_view_id join documents_correspondent c on c.id = r.value and r.rule_type = 3
union all select v.name || ': tag ' || c.name from documents_savedviewfilterrule r join documents_savedview v on v.id = r.saved_view_id join documents_tag c on c.id = r.value and r.rule_type = 6
union all select v.name || ': type ' || c.name from documents_savedviewfilterrule r join documents_savedview v on v.id = r.saved_view_id join documents_documenttype c on c.id = r.value and r.rule_type = 4
union all select v.name || ': title ' || r.value from documents_savedviewfilterrule r join documents_savedview v on v.id = r.saved_view_id where r.rule_type = 0
union all select u.username || ' sees ' || v.name from documents_uisettings s join auth_user u on u.id = s.user_id join json_each(s.settings, '$.saved_views.dashboard_views_visible_ids') j join documents_savedview v on v.id = j.value
union all select u.username || ' has at the side ' || v.name from documents_uisettings s join auth_user u on u.id = s.user_id join json_each(s.settings, '$.saved_views.sidebar_views_visible_ids') j join documents_savedview v on v.id = j.value
union all select u.username || ' gives to ' || o.username || ' ' || g.name from documents_uisettings s join auth_user u on u.id = s.user_id join auth_user o on o.id = json_extract(s.settings, '$.permissions.default_owner') join auth_group g on g.id = json_extract(s.settings, '$.permissions.default_view_groups[0]');

-- == link: mail and workflows
select r.name || ' of ' || a.name || ' from ' || c.name || ' is ' || t.name || ' with ' || g.name from paperless_mail_mailrule r join paperless_mail_mailaccount a on a.id = r.account_id join documents_correspondent c on c.id = r.assign_correspondent_id join documents_documenttype t on t.id = r.assign_document_type_id join paperless_mail_mailrule_assign_tags x on x.mailrule_id = r.id join documents_tag g on g.id = x.tag_id
union all select w.name || ' on ' || t.filter_filename || ' ' || m.name || ' ' || c.name || ' ' || f.name || ' ' || g.name from documents_workflow w join documents_workflow_triggers x on x.workflow_id = w.id join documents_workflowtrigger t on t.id = x.workflowtrigger_id join paperless_mail_mailrule m on m.id = t.filter_mailrule_id join documents_correspondent c on c.id = t.filter_has_correspondent_id join documents_customfield f on f.id = t.schedule_date_custom_field_id join documents_workflowtrigger_filter_has_tags y on y.workflowtrigger_id = t.id join documents_tag g on g.id = y.tag_id
union all select w.name || ' does ' || a.assign_title || ' ' || c.name || ' ' || p.name || ' ' || e.subject || ' ' || u.username || ' ' || g.name from documents_workflow w join documents_workflow_actions x on x.workflow_id = w.id join documents_workflowaction a on a.id = x.workflowaction_id join documents_correspondent c on c.id = a.assign_correspondent_id join documents_storagepath p on p.id = a.assign_storage_path_id join documents_workflowactionemail e on e.id = a.email_id join auth_user u on u.id = a.assign_owner_id join documents_workflowaction_assign_tags y on y.workflowaction_id = a.id join documents_tag g on g.id = y.tag_id
union all select a.assign_title || ' sets ' || f.name from documents_workflowaction a join json_each(a.assign_custom_fields_values) j join documents_customfield f on f.id = j.key
union all select a.assign_title || ' shows ' || g.name from documents_workflowaction a join documents_workflowaction_assign_view_groups x on x.workflowaction_id = a.id join auth_group g on g.id = x.group_id;

-- == link: documents
select d.title || ' ' || d.checksum || ' from ' || ifnull(c.name, 'none') || ' is ' || ifnull(t.name, 'none') || ' in ' || ifnull(p.name, 'none') || ' of ' || ifnull(u.username, 'all') || ' version of ' || ifnull(r.checksum, 'none') || d.content_length from documents_document d left join documents_correspondent c on c.id = d.correspondent_id left join documents_documenttype t on t.id = d.document_type_id left join documents_storagepath p on p.id = d.storage_path_id left join auth_user u on u.id = d.owner_id left join documents_document r on r.id = d.root_document_id
union all select d.checksum || ' #' || t.name from documents_document_tags x join documents_document d on d.id = x.document_id join documents_tag t on t.id = x.tag_id
union all select d.checksum || ' ' || n.note || ' by ' || u.username from documents_note n join documents_document d on d.id = n.document_id join auth_user u on u.id = n.user_id
union all select d.checksum || ' ' || f.name || ' ' || ifnull(v.value_date, v.value_int) from documents_customfieldinstance v join documents_document d on d.id = v.document_id join documents_customfield f on f.id = v.field_id where v.value_document_ids is null
union all select d.checksum || ' ' || f.name || ' ' || o.checksum from documents_customfieldinstance v join documents_document d on d.id = v.document_id join documents_customfield f on f.id = v.field_id join json_each(v.value_document_ids) j join documents_document o on o.id = j.value
union all select d.checksum || ' shared as ' || n.slug from documents_sharelink n join documents_document d on d.id = n.document_id
union all select u.username || ' ' || p.codename || ' ' || d.checksum from guardian_userobjectpermission x join auth_user u on u.id = x.user_id join auth_permission p on p.id = x.permission_id join django_content_type y on y.id = x.content_type_id and y.id = p.content_type_id and y.model = 'document' join documents_document d on d.id = x.object_pk
union all select u.username || ' ' || p.codename || ' ' || d.name from guardian_userobjectpermission x join auth_user u on u.id = x.user_id join auth_permission p on p.id = x.permission_id join django_content_type y on y.id = x.content_type_id and y.id = p.content_type_id and y.model = 'tag' join documents_tag d on d.id = x.object_pk
union all select u.name || ' ' || p.codename || ' ' || d.checksum from guardian_groupobjectpermission x join auth_group u on u.id = x.group_id join auth_permission p on p.id = x.permission_id join documents_document d on d.id = x.object_pk
union all select u.username || ' in ' || g.name from auth_user_groups x join auth_user u on u.id = x.user_id join auth_group g on g.id = x.group_id;

-- == made
-- one *rye*
-- paid at the door
-- New bill

-- == absent
-- documents_workflowrun
-- documents_sharelinkbundle
-- documents_sharelinkbundle_documents
-- auditlog_logentry
-- account_emailconfirmation
-- account_emailaddress
-- mfa_authenticator
-- socialaccount_socialaccount
-- socialaccount_socialapp
-- socialaccount_socialtoken
-- django_admin_log
-- django_celery_results_taskresult
