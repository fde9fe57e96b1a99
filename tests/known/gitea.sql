-- Gitea, in the shape of migration 321.

-- == tables
create table version(id integer primary key autoincrement not null, version integer null);
create table "user"(id integer primary key autoincrement not null, lower_name text not null, name text not null, full_name text null,
  email text not null, keep_email_private integer null, email_notifications_preference text default 'enabled' not null,
  passwd text not null, passwd_hash_algo text default 'argon2' not null, must_change_password integer default 0 not null,
  login_type integer null, login_source integer default 0 not null, login_name text null, type integer null, location text null,
  website text null, rands text null, salt text null, language text null, description text null, created_unix integer null,
  updated_unix integer null, last_login_unix integer null, last_repo_visibility integer null,
  max_repo_creation integer default -1 not null, is_active integer null, is_admin integer null,
  is_restricted integer default 0 not null, allow_git_hook integer null, allow_import_local integer null,
  allow_create_organization integer default 1 null, prohibit_login integer default 0 not null, avatar text not null,
  avatar_email text not null, use_custom_avatar integer null, num_followers integer null,
  num_following integer default 0 not null, num_stars integer null, num_repos integer null, num_teams integer null,
  num_members integer null, visibility integer default 0 not null, repo_admin_change_team_access integer default 0 not null,
  diff_view_style text default '' not null, theme text default '' not null, keep_activity_private integer default 0 not null);
create unique index UQE_user_lower_name on "user"(lower_name);
create unique index UQE_user_name on "user"(name);
create table email_address(id integer primary key autoincrement not null, uid integer not null, email text not null,
  lower_email text not null, is_activated integer null, is_primary integer default 0 not null);
create unique index UQE_email_address_email on email_address(email);
create unique index UQE_email_address_lower_email on email_address(lower_email);
create table user_setting(id integer primary key autoincrement not null, user_id integer null, setting_key text null,
  setting_value text null);
create unique index UQE_user_setting_key_userid on user_setting(user_id, setting_key);
create table user_open_id(id integer primary key autoincrement not null, uid integer not null, uri text not null,
  show integer default 0 null);
create table user_redirect(id integer primary key autoincrement not null, lower_name text not null, redirect_user_id integer null);
create unique index UQE_user_redirect_s on user_redirect(lower_name);
create table user_blocking(id integer primary key autoincrement not null, blocker_id integer null, blockee_id integer null,
  note text null, created_unix integer null);
create unique index UQE_user_blocking_block on user_blocking(blocker_id, blockee_id);
create table badge(id integer primary key autoincrement not null, slug text null, description text null, image_url text null);
create unique index UQE_badge_slug on badge(slug);
create table user_badge(id integer primary key autoincrement not null, badge_id integer null, user_id integer null);
create table follow(id integer primary key autoincrement not null, user_id integer null, follow_id integer null,
  created_unix integer null);
create unique index UQE_follow_follow on follow(user_id, follow_id);
create table public_key(id integer primary key autoincrement not null, owner_id integer not null, name text not null,
  fingerprint text not null, content text not null, mode integer default 2 not null, type integer default 1 not null,
  login_source_id integer default 0 not null, created_unix integer null, updated_unix integer null,
  verified integer default 0 not null);
create table gpg_key(id integer primary key autoincrement not null, owner_id integer not null, key_id text not null,
  primary_key_id text null, content text not null, created_unix integer null, expired_unix integer null,
  added_unix integer null, emails text null, verified integer default 0 not null, can_sign integer null,
  can_encrypt_comms integer null, can_encrypt_storage integer null, can_certify integer null);
create table login_source(id integer primary key autoincrement not null, type integer null, name text null,
  is_active integer default 0 not null, is_sync_enabled integer default 0 not null,
  two_factor_policy text default '' not null, cfg text null, created_unix integer null, updated_unix integer null);
create unique index UQE_login_source_name on login_source(name);
create table external_login_user(external_id text not null, user_id integer not null, login_source_id integer not null,
  raw_data text null, provider text null, email text null, name text null, first_name text null, last_name text null,
  nick_name text null, description text null, avatar_url text null, location text null, access_token text null,
  access_token_secret text null, refresh_token text null, expires_at datetime null, primary key(external_id, login_source_id));
create table oauth2_application(id integer primary key autoincrement not null, uid integer null, name text null,
  client_id text null, client_secret text null, confidential_client integer default 1 not null,
  skip_secondary_authorization integer default 0 not null, redirect_uris text null, created_unix integer null,
  updated_unix integer null);
create unique index UQE_oauth2_application_client_id on oauth2_application(client_id);
create table org_user(id integer primary key autoincrement not null, uid integer null, org_id integer null,
  is_public integer null);
create unique index UQE_org_user_s on org_user(uid, org_id);
create table team(id integer primary key autoincrement not null, org_id integer null, lower_name text null, name text null,
  description text null, authorize integer null, num_repos integer null, num_members integer null,
  includes_all_repositories integer default 0 not null, can_create_org_repo integer default 0 not null);
create index IDX_team_org_id on team(org_id);
create table team_unit(id integer primary key autoincrement not null, org_id integer null, team_id integer null,
  type integer null, access_mode integer null);
create unique index UQE_team_unit_s on team_unit(team_id, type);
create table team_user(id integer primary key autoincrement not null, org_id integer null, team_id integer null, uid integer null);
create unique index UQE_team_user_s on team_user(team_id, uid);
create table system_setting(id integer primary key autoincrement not null, setting_key text null, setting_value text null,
  version integer null, created integer null, updated integer null);
create unique index UQE_system_setting_setting_key on system_setting(setting_key);
create table repository(id integer primary key autoincrement not null, owner_id integer null, owner_name text null,
  lower_name text not null, name text not null, description text null, website text null, original_service_type integer null,
  original_url text null, default_branch text null, default_wiki_branch text null, num_watches integer null,
  num_stars integer null, num_forks integer null, num_issues integer null, num_closed_issues integer null,
  num_pulls integer null, num_closed_pulls integer null, num_milestones integer default 0 not null,
  num_closed_milestones integer default 0 not null, num_projects integer default 0 not null,
  num_closed_projects integer default 0 not null, num_action_runs integer default 0 not null,
  num_closed_action_runs integer default 0 not null, is_private integer null, is_empty integer null, is_archived integer null,
  is_mirror integer null, status integer default 0 not null, is_fork integer default 0 not null, fork_id integer null,
  is_template integer default 0 not null, template_id integer null, size integer default 0 not null,
  git_size integer default 0 not null, lfs_size integer default 0 not null, is_fsck_enabled integer default 1 not null,
  close_issues_via_commit_in_any_branch integer default 0 not null, topics text null,
  object_format_name text default 'sha1' not null, trust_model integer null, avatar text null, created_unix integer null,
  updated_unix integer null, archived_unix integer default 0 null);
create unique index UQE_repository_s on repository(owner_id, lower_name);
create table repo_unit(id integer primary key autoincrement not null, repo_id integer null, type integer null, config text null,
  created_unix integer null, anonymous_access_mode integer default 0 not null, everyone_access_mode integer default 0 not null);
create index IDX_repo_unit_s on repo_unit(repo_id, type);
create table issue_index(group_id integer primary key not null, max_index integer null);
create table repo_topic(repo_id integer not null, topic_id integer not null, primary key(repo_id, topic_id));
create table topic(id integer primary key autoincrement not null, name text null, repo_count integer null,
  created_unix integer null, updated_unix integer null);
create unique index UQE_topic_name on topic(name);
create table repo_license(id integer primary key autoincrement not null, repo_id integer not null, commit_id text null,
  license text not null, created_unix integer null, updated_unix integer null);
create unique index UQE_repo_license_s on repo_license(repo_id, license);
create table repo_redirect(id integer primary key autoincrement not null, owner_id integer null, lower_name text not null,
  redirect_repo_id integer null);
create unique index UQE_repo_redirect_s on repo_redirect(owner_id, lower_name);
create table repo_transfer(id integer primary key autoincrement not null, doer_id integer null, recipient_id integer null,
  repo_id integer null, team_i_ds text null, created_unix integer not null, updated_unix integer not null);
create table access(id integer primary key autoincrement not null, user_id integer null, repo_id integer null, mode integer null);
create unique index UQE_access_s on access(user_id, repo_id);
create table collaboration(id integer primary key autoincrement not null, repo_id integer not null, user_id integer not null,
  mode integer default 2 not null, created_unix integer null, updated_unix integer null);
create unique index UQE_collaboration_s on collaboration(repo_id, user_id);
create table team_repo(id integer primary key autoincrement not null, org_id integer null, team_id integer null, repo_id integer null);
create unique index UQE_team_repo_s on team_repo(team_id, repo_id);
create table star(id integer primary key autoincrement not null, uid integer null, repo_id integer null, created_unix integer null);
create unique index UQE_star_s on star(uid, repo_id);
create table watch(id integer primary key autoincrement not null, user_id integer null, repo_id integer null,
  mode integer default 1 not null, created_unix integer null, updated_unix integer null);
create unique index UQE_watch_watch on watch(user_id, repo_id);
create table deploy_key(id integer primary key autoincrement not null, key_id integer null, repo_id integer null, name text null,
  fingerprint text null, mode integer default 1 not null, created_unix integer null, updated_unix integer null);
create unique index UQE_deploy_key_s on deploy_key(key_id, repo_id);
create table mirror(id integer primary key autoincrement not null, repo_id integer null, "interval" integer null,
  enable_prune integer default 1 not null, updated_unix integer null, next_update_unix integer null,
  lfs_enabled integer default 0 not null, lfs_endpoint text null, remote_address text null);
create table push_mirror(id integer primary key autoincrement not null, repo_id integer null, remote_name text null,
  remote_address text null, sync_on_commit integer default 1 not null, "interval" integer null, created_unix integer null,
  last_update integer null, last_error text null);
create table branch(id integer primary key autoincrement not null, repo_id integer null, name text not null, commit_id text null,
  commit_message text null, pusher_id integer null, is_deleted integer null, deleted_by_id integer null,
  deleted_unix integer null, commit_time integer null, created_unix integer null, updated_unix integer null);
create unique index UQE_branch_s on branch(repo_id, name);
create table renamed_branch(id integer primary key autoincrement not null, repo_id integer not null, "from" text null,
  "to" text null, created_unix integer null);
create table protected_branch(id integer primary key autoincrement not null, repo_id integer null, branch_name text null,
  priority integer default 0 not null, can_push integer default 0 not null, enable_whitelist integer null,
  whitelist_user_i_ds text null, whitelist_team_i_ds text null, enable_merge_whitelist integer default 0 not null,
  whitelist_deploy_keys integer default 0 not null, merge_whitelist_user_i_ds text null, merge_whitelist_team_i_ds text null,
  can_force_push integer default 0 not null, enable_force_push_allowlist integer default 0 not null,
  force_push_allowlist_user_i_ds text null, force_push_allowlist_team_i_ds text null,
  force_push_allowlist_deploy_keys integer default 0 not null, enable_status_check integer default 0 not null,
  status_check_contexts text null, enable_approvals_whitelist integer default 0 not null,
  approvals_whitelist_user_i_ds text null, approvals_whitelist_team_i_ds text null, required_approvals integer default 0 not null,
  block_on_rejected_reviews integer default 0 not null, block_on_official_review_requests integer default 0 not null,
  block_on_outdated_branch integer default 0 not null, dismiss_stale_approvals integer default 0 not null,
  ignore_stale_approvals integer default 0 not null, require_signed_commits integer default 0 not null,
  protected_file_patterns text null, unprotected_file_patterns text null, block_admin_merge_override integer default 0 not null,
  created_unix integer null, updated_unix integer null);
create unique index UQE_protected_branch_s on protected_branch(repo_id, branch_name);
create table protected_tag(id integer primary key autoincrement not null, repo_id integer null, name_pattern text null,
  allowlist_user_i_ds text null, allowlist_team_i_ds text null, created_unix integer null, updated_unix integer null);
create table lfs_meta_object(id integer primary key autoincrement not null, oid text not null, size integer not null,
  repository_id integer not null, created_unix integer null, updated_unix integer null);
create unique index UQE_lfs_meta_object_s on lfs_meta_object(oid, repository_id);
create table lfs_lock(id integer primary key autoincrement not null, repo_id integer not null, owner_id integer not null,
  path text null, created datetime null);
create table webhook(id integer primary key autoincrement not null, repo_id integer null, owner_id integer null,
  is_system_webhook integer null, url text null, http_method text null, content_type integer null, secret text null,
  events text null, is_active integer null, type text null, meta text null, last_status integer null,
  header_authorization_encrypted text null, created_unix integer null, updated_unix integer null);
create table action_variable(id integer primary key autoincrement not null, owner_id integer null, repo_id integer null,
  name text not null, data text not null, description text null, created_unix integer not null, updated_unix integer null);
create unique index UQE_action_variable_owner_repo_name on action_variable(owner_id, repo_id, name);
create table secret(id integer primary key autoincrement not null, owner_id integer not null, repo_id integer default 0 not null,
  name text not null, data text null, description text null, created_unix integer not null);
create unique index UQE_secret_owner_repo_name on secret(owner_id, repo_id, name);
create table issue(id integer primary key autoincrement not null, repo_id integer null, "index" integer null,
  poster_id integer null, original_author text null, original_author_id integer null, name text null, content text null,
  content_version integer default 0 not null, milestone_id integer null, priority integer null, is_closed integer null,
  is_pull integer null, num_comments integer null, ref text null, deadline_unix integer null, created_unix integer null,
  updated_unix integer null, closed_unix integer null, is_locked integer default 0 not null,
  time_estimate integer default 0 not null);
create unique index UQE_issue_repo_index on issue(repo_id, "index");
create table issue_label(id integer primary key autoincrement not null, issue_id integer null, label_id integer null);
create unique index UQE_issue_label_s on issue_label(issue_id, label_id);
create table issue_assignees(id integer primary key autoincrement not null, assignee_id integer null, issue_id integer null);
create table label(id integer primary key autoincrement not null, repo_id integer null, org_id integer null, name text null,
  exclusive integer null, exclusive_order integer default 0 null, description text null, color text null,
  num_issues integer null, num_closed_issues integer null, created_unix integer null, updated_unix integer null,
  archived_unix integer null);
create table milestone(id integer primary key autoincrement not null, repo_id integer null, name text null, content text null,
  is_closed integer null, num_issues integer null, num_closed_issues integer null, completeness integer null,
  created_unix integer null, updated_unix integer null, deadline_unix integer null, closed_date_unix integer null);
create table comment(id integer primary key autoincrement not null, type integer null, poster_id integer null,
  original_author text null, original_author_id integer null, issue_id integer null, label_id integer null,
  old_project_id integer null, project_id integer null, old_milestone_id integer null, milestone_id integer null,
  time_id integer null, assignee_id integer null, removed_assignee integer null, assignee_team_id integer default 0 not null,
  resolve_doer_id integer null, old_title text null, new_title text null, old_ref text null, new_ref text null,
  dependent_issue_id integer null, commit_id integer null, line integer null, tree_path text null, content text null,
  content_version integer default 0 not null, patch text null, created_unix integer null, updated_unix integer null,
  commit_sha text null, review_id integer null, invalidated integer null, ref_repo_id integer null, ref_issue_id integer null,
  ref_comment_id integer null, ref_action integer null, ref_is_pull integer null, comment_meta_data text null);
create table review(id integer primary key autoincrement not null, type integer null, reviewer_id integer null,
  reviewer_team_id integer default 0 not null, original_author text null, original_author_id integer null,
  issue_id integer null, content text null, official integer default 0 not null, commit_id text null,
  stale integer default 0 not null, dismissed integer default 0 not null, created_unix integer null, updated_unix integer null);
create table pull_request(id integer primary key autoincrement not null, type integer null, status integer null,
  conflicted_files text null, commits_ahead integer null, commits_behind integer null, changed_protected_files text null,
  issue_id integer null, "index" integer null, head_repo_id integer null, base_repo_id integer null, head_branch text null,
  base_branch text null, merge_base text null, allow_maintainer_edit integer default 0 not null, has_merged integer null,
  merged_commit_id text null, merger_id integer null, merged_unix integer null, flow integer default 0 not null);
create table reaction(id integer primary key autoincrement not null, type text not null, issue_id integer not null,
  comment_id integer null, user_id integer not null, original_author_id integer default 0 not null, original_author text null,
  created_unix integer null);
create unique index UQE_reaction_s on reaction(type, issue_id, comment_id, user_id, original_author_id, original_author);
create table attachment(id integer primary key autoincrement not null, uuid text null, repo_id integer null,
  issue_id integer null, release_id integer null, uploader_id integer default 0 null, comment_id integer null, name text null,
  download_count integer default 0 null, size integer default 0 null, created_unix integer null);
create unique index UQE_attachment_uuid on attachment(uuid);
create table issue_dependency(id integer primary key autoincrement not null, user_id integer not null, issue_id integer not null,
  dependency_id integer not null, created_unix integer null, updated_unix integer null);
create unique index UQE_issue_dependency_issue_dependency on issue_dependency(issue_id, dependency_id);
create table issue_pin(id integer primary key autoincrement not null, repo_id integer not null, issue_id integer not null,
  is_pull integer not null, pin_order integer default 0 null);
create unique index UQE_issue_pin_s on issue_pin(repo_id, issue_id);
create table issue_user(id integer primary key autoincrement not null, uid integer null, issue_id integer null,
  is_read integer null, is_mentioned integer null);
create unique index UQE_issue_user_uid_to_issue on issue_user(uid, issue_id);
create table issue_watch(id integer primary key autoincrement not null, user_id integer not null, issue_id integer not null,
  is_watching integer not null, created_unix integer not null, updated_unix integer not null);
create unique index UQE_issue_watch_watch on issue_watch(user_id, issue_id);
create table issue_content_history(id integer primary key autoincrement not null, poster_id integer null, issue_id integer null,
  comment_id integer null, edited_unix integer null, content_text text null, is_first_created integer null,
  is_deleted integer null);
create table tracked_time(id integer primary key autoincrement not null, issue_id integer null, user_id integer null,
  created_unix integer null, time integer not null, deleted integer default 0 not null);
create table stopwatch(id integer primary key autoincrement not null, issue_id integer null, user_id integer null,
  created_unix integer null);
create table pull_auto_merge(id integer primary key autoincrement not null, pull_id integer null, doer_id integer not null,
  merge_style text null, message text null, delete_branch_after_merge integer null, created_unix integer null);
create unique index UQE_pull_auto_merge_pull_id on pull_auto_merge(pull_id);
create table review_state(id integer primary key autoincrement not null, user_id integer not null,
  pull_id integer default 0 not null, commit_sha text not null, updated_files text not null, updated_unix integer null);
create unique index UQE_review_state_pull_commit_user on review_state(user_id, pull_id, commit_sha);
create table "release"(id integer primary key autoincrement not null, repo_id integer null, publisher_id integer null,
  tag_name text null, original_author text null, original_author_id integer null, lower_tag_name text null, target text null,
  title text null, sha1 text null, num_commits integer null, note text null, is_draft integer default 0 not null,
  is_prerelease integer default 0 not null, is_tag integer default 0 not null, created_unix integer null);
create unique index UQE_release_n on "release"(repo_id, tag_name);
create table project(id integer primary key autoincrement not null, title text not null, description text null,
  owner_id integer null, repo_id integer null, creator_id integer not null, is_closed integer null, board_type integer null,
  card_type integer null, type integer null, created_unix integer null, updated_unix integer null, closed_date_unix integer null);
create table project_board(id integer primary key autoincrement not null, title text null, "default" integer default 0 not null,
  sorting integer default 0 not null, color text null, project_id integer not null, creator_id integer not null,
  created_unix integer null, updated_unix integer null);
create table project_issue(id integer primary key autoincrement not null, issue_id integer null, project_id integer null,
  project_board_id integer null, sorting integer default 0 not null);
create table package(id integer primary key autoincrement not null, owner_id integer not null, repo_id integer null,
  type text not null, name text not null, lower_name text not null, semver_compatible integer default 0 not null,
  is_internal integer default 0 not null);
create unique index UQE_package_s on package(owner_id, type, lower_name);
create table package_version(id integer primary key autoincrement not null, package_id integer not null,
  creator_id integer default 0 not null, version text not null, lower_version text not null, created_unix integer not null,
  is_internal integer default 0 not null, metadata_json text null, download_count integer default 0 not null);
create unique index UQE_package_version_s on package_version(package_id, lower_version);
create table package_blob(id integer primary key autoincrement not null, size integer default 0 not null, hash_md5 text not null,
  hash_sha1 text not null, hash_sha256 text not null, hash_sha512 text not null, created_unix integer not null);
create unique index UQE_package_blob_md5 on package_blob(hash_md5);
create unique index UQE_package_blob_sha1 on package_blob(hash_sha1);
create unique index UQE_package_blob_sha256 on package_blob(hash_sha256);
create unique index UQE_package_blob_sha512 on package_blob(hash_sha512);
create table package_file(id integer primary key autoincrement not null, version_id integer not null, blob_id integer not null,
  name text not null, lower_name text not null, composite_key text null, is_lead integer default 0 not null,
  created_unix integer not null);
create unique index UQE_package_file_s on package_file(version_id, lower_name, composite_key);
create table package_property(id integer primary key autoincrement not null, ref_type integer not null, ref_id integer not null,
  name text not null, value text not null);
create table package_cleanup_rule(id integer primary key autoincrement not null, enabled integer default 0 not null,
  owner_id integer default 0 not null, type text not null, keep_count integer default 0 not null,
  keep_pattern text default '' not null, remove_days integer default 0 not null, remove_pattern text default '' not null,
  match_full_name integer default 0 not null, created_unix integer default 0 not null, updated_unix integer default 0 not null);
create unique index UQE_package_cleanup_rule_s on package_cleanup_rule(owner_id, type);
create table action(id integer primary key autoincrement not null, user_id integer null, op_type integer null,
  act_user_id integer null, repo_id integer null, comment_id integer null, is_deleted integer default 0 not null,
  ref_name text null, is_private integer default 0 not null, content text null, created_unix integer null);
create table notification(id integer primary key autoincrement not null, user_id integer not null, repo_id integer not null,
  status integer not null, source integer not null, issue_id integer not null, commit_id text null, comment_id integer null,
  updated_by integer not null, created_unix integer not null, updated_unix integer not null);
create table commit_status(id integer primary key autoincrement not null, "index" integer null, repo_id integer null,
  state text not null, sha text not null, target_url text null, description text null, context_hash text null, context text null,
  creator_id integer null, created_unix integer null, updated_unix integer null);
create unique index UQE_commit_status_repo_sha_index on commit_status("index", repo_id, sha);
create table access_token(id integer primary key autoincrement not null, uid integer null, name text null, token_hash text null,
  token_salt text null, token_last_eight text null, scope text null, created_unix integer null, updated_unix integer null);
create unique index UQE_access_token_token_hash on access_token(token_hash);
create table two_factor(id integer primary key autoincrement not null, uid integer null, secret text null, scratch_salt text null,
  scratch_hash text null, last_used_passcode text null, created_unix integer null, updated_unix integer null);
create unique index UQE_two_factor_uid on two_factor(uid);
create table session(key text primary key not null, data blob null, expiry integer null);
create table action_run(id integer primary key autoincrement not null, title text null, repo_id integer null,
  owner_id integer null, workflow_id text null, "index" integer null, trigger_user_id integer null, status integer null);
create table hook_task(id integer primary key autoincrement not null, hook_id integer null, uuid text null,
  payload_content text null, request_content text null, response_content text null);
create table language_stat(id integer primary key autoincrement not null, repo_id integer not null, commit_id text null,
  is_primary integer null, language text not null, size integer default 0 not null, created_unix integer null);

-- == alice
insert into version values (1, 321);
insert into login_source(id, type, name, is_active, cfg) values (1, 2, 'LDAP', 1, '{"BindPassword":"s3cr3t"}');
insert into "user"(id, lower_name, name, full_name, email, passwd, rands, salt, type, login_source, avatar, avatar_email, is_admin, created_unix, updated_unix) values
  (1, 'ada', 'Ada', 'Ada Alder', 'ada@example.org', 's3cr3t', 's3cr3t', 's3cr3t', 0, 0, 'a1', 'ada@example.org', 1, 1760000000, 1760000001),
  (2, 'dan', 'dan', '', 'dan@example.org', 's3cr3t', 's3cr3t', 's3cr3t', 0, 1, 'd1', 'dan@example.org', 0, 1760000002, 1760000002),
  (3, 'bakery', 'Bakery', 'The bakery', '', '', '', '', 1, 0, 'b1', '', 0, 1760000003, 1760000003);
insert into email_address values (1, 1, 'ada@example.org', 'ada@example.org', 1, 1), (2, 2, 'dan@example.org', 'dan@example.org', 1, 1);
insert into user_setting values (1, 1, 'issue.hidden_comment_types', '0');
insert into user_redirect values (1, 'ada-old', 1);
insert into user_blocking values (1, 1, 2, 'spam', 1760000004);
insert into follow values (1, 2, 1, 1760000004);
insert into public_key(id, owner_id, name, fingerprint, content) values (1, 1, 'laptop', 'SHA256:aa', 'ssh-ed25519 AAAA ada'), (2, 0, 'deploy', 'SHA256:ab', 'ssh-ed25519 AAAB deploy');
insert into external_login_user(external_id, user_id, login_source_id, provider, raw_data, access_token) values ('uid=dan', 2, 1, 'LDAP', '{"token":"s3cr3t"}', 's3cr3t');
insert into oauth2_application values (1, 1, 'Editor', '11111111-1111-4111-8111-111111111111', 's3cr3t', 1, 0, '["http://127.0.0.1"]', 1760000004, 1760000004);
insert into org_user values (1, 1, 3, 1), (2, 2, 3, 0);
insert into team values (1, 3, 'owners', 'Owners', '', 4, 1, 1, 1, 1), (2, 3, 'bakers', 'Bakers', 'they bake', 2, 1, 1, 0, 0);
insert into team_unit values (1, 3, 1, 1, 4), (2, 3, 2, 1, 2);
insert into team_user values (1, 3, 1, 1), (2, 3, 2, 2);
insert into system_setting values (1, 'picture.disable_gravatar', 'true', 1, 1760000000, 1760000000);
insert into repository(id, owner_id, owner_name, lower_name, name, description, default_branch, is_private, fork_id, template_id, topics, created_unix, updated_unix) values
  (1, 3, 'Bakery', 'bread', 'Bread', 'rye and wheat', 'main', 0, 0, 0, '["baking"]', 1760000005, 1760000006),
  (2, 2, 'dan', 'bread', 'Bread', '', 'main', 0, 1, 0, null, 1760000007, 1760000007);
insert into repo_unit(id, repo_id, type, config, created_unix) values (1, 1, 1, null, 1760000005), (2, 1, 2, '{"EnableTimetracker":true}', 1760000005), (3, 2, 1, null, 1760000007);
insert into issue_index values (1, 3);
insert into topic values (1, 'baking', 1, 1760000005, 1760000005);
insert into repo_topic values (1, 1);
insert into repo_redirect values (1, 3, 'loaf', 1);
insert into repo_transfer values (1, 1, 3, 2, '[2]', 1760000008, 1760000008);
insert into access values (1, 1, 1, 4), (2, 2, 1, 2);
insert into collaboration values (1, 2, 1, 2, 1760000008, 1760000008);
insert into team_repo values (1, 3, 1, 1), (2, 3, 2, 1);
insert into star values (1, 2, 1, 1760000009);
insert into watch values (1, 1, 1, 1, 1760000009, 1760000009);
insert into deploy_key values (1, 2, 1, 'deploy', 'SHA256:ab', 1, 1760000009, 1760000009);
insert into push_mirror(id, repo_id, remote_name, remote_address) values (1, 1, 'mirror', 'https://ada:s3cr3t@mirror.example/bread.git');
insert into branch(id, repo_id, name, commit_id, pusher_id, is_deleted, deleted_by_id) values (1, 1, 'main', 'c0ffee', 1, 0, 0), (2, 1, 'old', 'c0ffe0', 2, 1, 1);
insert into protected_branch(id, repo_id, branch_name, enable_whitelist, whitelist_user_i_ds, whitelist_team_i_ds, approvals_whitelist_user_i_ds) values (1, 1, 'main', 1, '[1,2]', '[2]', 'null');
insert into protected_tag values (1, 1, 'v*', '[1]', 'null', 1760000010, 1760000010);
insert into lfs_meta_object values (1, 'aa00', 12, 1, 1760000010, 1760000010);
insert into webhook(id, repo_id, owner_id, url, secret, events, header_authorization_encrypted) values (1, 1, 0, 'https://chat.example/s3cr3t', 's3cr3t', '{"push_only":true}', 's3cr3t');
insert into action_variable values (1, 0, 1, 'FLOUR', 'rye', null, 1760000010, 1760000010);
insert into secret values (1, 3, 0, 'KEY', 's3cr3t', null, 1760000010);
insert into label(id, repo_id, org_id, name, color) values (1, 1, 0, 'crust', '#aa5500'), (2, 0, 3, 'urgent', '#ff0000');
insert into milestone(id, repo_id, name, content) values (1, 1, '1.0', 'first loaf');
insert into issue(id, repo_id, "index", poster_id, name, content, milestone_id, is_closed, is_pull, num_comments, created_unix, updated_unix) values
  (1, 1, 1, 2, 'Too dry', 'The *rye* is dry', 1, 0, 0, 2, 1760000011, 1760000012),
  (2, 1, 2, 1, 'Add water', 'see #1', 0, 0, 1, 1, 1760000013, 1760000014),
  (3, 1, 3, -1, 'Imported', 'of a ghost', 0, 1, 0, 0, 1760000015, 1760000015);
insert into issue_label values (1, 1, 1), (2, 1, 2);
insert into issue_assignees values (1, 1, 1);
insert into tracked_time values (1, 1, 2, 1760000016, 600, 0);
insert into review(id, type, reviewer_id, issue_id, content, official) values (1, 1, 2, 2, 'good', 1), (2, 4, 0, 2, '', 0);
update review set reviewer_team_id = 2 where id = 2;
insert into project(id, title, owner_id, repo_id, creator_id, type) values (1, 'Oven', 0, 1, 1, 2);
insert into project_board values (1, 'Cold', 1, 0, null, 1, 1, 1760000017, 1760000017), (2, 'Hot', 0, 1, null, 1, 1, 1760000017, 1760000017);
insert into project_issue values (1, 1, 1, 2, 0);
insert into comment(id, type, poster_id, issue_id, content, created_unix) values (1, 0, 1, 1, 'More water?', 1760000018);
insert into comment(id, type, poster_id, issue_id, label_id, content, created_unix) values (2, 7, 1, 1, 1, '1', 1760000019);
insert into comment(id, type, poster_id, issue_id, ref_repo_id, ref_issue_id, ref_comment_id, ref_is_pull, created_unix) values (3, 3, 1, 1, 1, 2, 0, 1, 1760000020);
insert into comment(id, type, poster_id, issue_id, review_id, content, created_unix) values (4, 22, 2, 2, 1, 'good', 1760000021);
insert into comment(id, type, poster_id, issue_id, project_id, comment_meta_data, created_unix) values (5, 31, 1, 1, 1, '{"project_column_id":2,"project_column_title":"Hot","project_title":"Oven"}', 1760000022);
insert into comment(id, type, poster_id, issue_id, time_id, content, created_unix) values (6, 14, 2, 1, 1, '|600', 1760000023);
insert into comment(id, type, poster_id, issue_id, dependent_issue_id, old_milestone_id, milestone_id, assignee_id, created_unix) values (7, 19, 2, 2, 1, 0, 1, 1, 1760000024);
insert into pull_request(id, type, status, issue_id, "index", head_repo_id, base_repo_id, head_branch, base_branch, has_merged, merger_id) values (1, 0, 2, 2, 2, 2, 1, 'water', 'main', 0, 0);
insert into reaction(id, type, issue_id, comment_id, user_id) values (1, '+1', 1, 0, 1), (2, 'heart', 1, 1, 2);
insert into attachment values (1, 'aaaaaaaa-0000-4000-8000-000000000001', 1, 1, 0, 2, 1, 'loaf.jpg', 0, 9, 1760000025),
  (2, 'aaaaaaaa-0000-4000-8000-000000000002', 1, 0, 1, 1, 0, 'bread.zip', 3, 9, 1760000026);
insert into issue_dependency values (1, 1, 2, 1, 1760000027, 1760000027);
insert into issue_pin values (1, 1, 1, 0, 1);
insert into issue_user values (1, 1, 1, 1, 0), (2, 2, 1, 0, 1);
insert into issue_watch values (1, 2, 2, 1, 1760000028, 1760000028);
insert into "release"(id, repo_id, publisher_id, tag_name, lower_tag_name, title, note) values (1, 1, 1, 'v1', 'v1', 'First loaf', 'eat it');
insert into package values (1, 3, 1, 'generic', 'Crumbs', 'crumbs', 0, 0);
insert into package_version values (1, 1, 1, '1.0', '1.0', 1760000029, 0, '{}', 4);
insert into package_blob values (1, 9, 'm1', 's1', 'a1', 'x1', 1760000029);
insert into package_file values (1, 1, 1, 'crumbs.tar', 'crumbs.tar', '', 1, 1760000029);
insert into package_property values (1, 0, 1, 'arch', 'any'), (2, 1, 1, 'sum', 'a1'), (3, 2, 1, 'channel', 'stable');
insert into package_cleanup_rule(id, enabled, owner_id, type, keep_count) values (1, 1, 3, 'generic', 5);
insert into action values (1, 1, 1, 1, 1, 0, 0, '', 0, '', 1760000030);
insert into notification values (1, 1, 1, 1, 1, 1, '', 1, 2, 1760000030, 1760000030);
insert into access_token(id, uid, name, token_hash, token_salt) values (1, 1, 'cli', 's3cr3t', 's3cr3t');
insert into two_factor(id, uid, secret) values (1, 1, 's3cr3t');
insert into session values ('s3cr3t', x'00', 0);
insert into action_run(id, title, repo_id, owner_id, "index", trigger_user_id) values (1, 'build', 1, 3, 1, 1);
insert into hook_task(id, hook_id, uuid, request_content) values (1, 1, 'u1', 's3cr3t');
insert into language_stat values (1, 1, 'c0ffee', 1, 'Rust', 9, 1760000030);

-- == bob
insert into version values (1, 321);
insert into "user"(id, lower_name, name, email, passwd, rands, salt, type, avatar, avatar_email, is_admin) values
  (1, 'bob', 'bob', 'bob@example.org', 's3cr3t', 's3cr3t', 's3cr3t', 0, 'b', 'bob@example.org', 1),
  (2, 'cats', 'Cats', '', '', '', '', 1, 'c', '', 0), (3, 'eve', 'eve', 'eve@example.org', 's3cr3t', 's3cr3t', 's3cr3t', 0, 'e', 'eve@example.org', 0);
insert into email_address values (1, 1, 'bob@example.org', 'bob@example.org', 1, 1);
insert into public_key(id, owner_id, name, fingerprint, content) values (1, 1, 'desk', 'SHA256:ba', 'ssh-ed25519 BAAA bob');
insert into org_user values (1, 1, 2, 1);
insert into team values (1, 2, 'owners', 'Owners', '', 4, 1, 1, 1, 1);
insert into team_unit values (1, 2, 1, 1, 4);
insert into team_user values (1, 2, 1, 1);
insert into repository(id, owner_id, owner_name, lower_name, name, default_branch, fork_id, template_id) values (1, 2, 'Cats', 'purr', 'Purr', 'main', 0, 0), (2, 1, 'bob', 'bread', 'Bread', 'main', 0, 0);
insert into repo_unit(id, repo_id, type) values (1, 1, 1), (2, 2, 1);
insert into issue_index values (1, 1), (2, 1);
insert into topic values (1, 'cats', 1, 1750000000, 1750000000);
insert into repo_topic values (1, 1);
insert into team_repo values (1, 2, 1, 1);
insert into protected_branch(id, repo_id, branch_name, whitelist_user_i_ds, whitelist_team_i_ds) values (1, 1, 'main', '[1]', '[1]');
insert into label(id, repo_id, org_id, name, color) values (1, 1, 0, 'loud', '#000000');
insert into milestone(id, repo_id, name) values (1, 1, 'nine lives');
insert into issue(id, repo_id, "index", poster_id, name, content, milestone_id, is_pull) values (1, 1, 1, 3, 'Hungry', 'meow', 1, 0), (2, 2, 1, 1, 'Bread of bob', '', 0, 0);
insert into issue_label values (1, 1, 1);
insert into comment(id, type, poster_id, issue_id, content, created_unix) values (1, 0, 1, 1, 'Fed.', 1750000001);
insert into attachment values (1, 'bbbbbbbb-0000-4000-8000-000000000001', 1, 1, 0, 1, 1, 'cat.jpg', 0, 9, 1750000002);
insert into "release"(id, repo_id, publisher_id, tag_name, title) values (1, 1, 1, 'v1', 'Kitten');
insert into project(id, title, owner_id, repo_id, creator_id, type) values (1, 'Nap', 2, 0, 1, 3);
insert into project_board(id, title, project_id, creator_id) values (1, 'Sofa', 1, 1);
insert into project_issue values (1, 1, 1, 1, 0);
insert into package values (1, 2, 0, 'generic', 'Fur', 'fur', 0, 0);
insert into package_version values (1, 1, 1, '2.0', '2.0', 1750000003, 0, '{}', 0);
insert into package_blob values (1, 7, 'm2', 's2', 'a2', 'x2', 1750000003);
insert into package_file values (1, 1, 1, 'fur.tar', 'fur.tar', '', 1, 1750000003);
insert into package_property values (1, 0, 1, 'arch', 'soft');

-- == new
insert into version values (1, 321);

-- == link: people
select u.name || ' ' || u.type || ' by ' || ifnull(s.name, 'itself') from "user" u left join login_source s on s.id = u.login_source
union all select e.email || ' of ' || u.name from email_address e join "user" u on u.id = e.uid
union all select k.name || ' ' || k.fingerprint || ' of ' || ifnull(u.name, 'none') from public_key k left join "user" u on u.id = k.owner_id
union all select a.name || ' follows ' || b.name from follow f join "user" a on a.id = f.user_id join "user" b on b.id = f.follow_id
union all select a.name || ' blocks ' || b.name from user_blocking f join "user" a on a.id = f.blocker_id join "user" b on b.id = f.blockee_id
union all select r.lower_name || ' is ' || u.name from user_redirect r join "user" u on u.id = r.redirect_user_id
union all select u.name || ' is in ' || o.name from org_user x join "user" u on u.id = x.uid join "user" o on o.id = x.org_id
union all select t.name || ' of ' || o.name || ': ' || u.name from team_user x join team t on t.id = x.team_id join "user" o on o.id = x.org_id and o.id = t.org_id join "user" u on u.id = x.uid
union all select t.name || ' of ' || o.name || ' unit ' || x.type || x.access_mode from team_unit x join team t on t.id = x.team_id join "user" o on o.id = x.org_id
union all select x.external_id || ' is ' || u.name || ' of ' || s.name from external_login_user x join "user" u on u.id = x.user_id join login_source s on s.id = x.login_source_id;

-- == link: repositories
select r.owner_name || '/' || r.name || ' of ' || u.name || ' from ' || ifnull(f.owner_name, 'none') from repository r join "user" u on u.id = r.owner_id left join repository f on f.id = r.fork_id
union all select r.owner_name || '/' || r.name || ' unit ' || x.type || ifnull(x.config, '') from repo_unit x join repository r on r.id = x.repo_id
union all select r.owner_name || '/' || r.name || ' last ' || x.max_index from issue_index x join repository r on r.id = x.group_id
union all select r.owner_name || '/' || r.name || ' about ' || t.name from repo_topic x join repository r on r.id = x.repo_id join topic t on t.id = x.topic_id
union all select r.owner_name || '/' || r.name || ' with ' || t.name || ' of ' || o.name from team_repo x join repository r on r.id = x.repo_id join team t on t.id = x.team_id join "user" o on o.id = x.org_id
union all select r.owner_name || '/' || r.name || ' starred by ' || u.name from star x join repository r on r.id = x.repo_id join "user" u on u.id = x.uid
union all select r.owner_name || '/' || r.name || ' with ' || u.name from collaboration x join repository r on r.id = x.repo_id join "user" u on u.id = x.user_id
union all select r.owner_name || '/' || r.name || ' key ' || k.name from deploy_key x join repository r on r.id = x.repo_id join public_key k on k.id = x.key_id
union all select r.owner_name || '/' || r.name || ' was ' || x.lower_name || ' of ' || o.name from repo_redirect x join repository r on r.id = x.redirect_repo_id join "user" o on o.id = x.owner_id
union all select r.owner_name || '/' || r.name || ' branch ' || x.name || ' by ' || u.name || ' deleted by ' || ifnull(d.name, 'none') from branch x join repository r on r.id = x.repo_id join "user" u on u.id = x.pusher_id left join "user" d on d.id = x.deleted_by_id
union all select r.owner_name || '/' || r.name || ' release ' || x.title || ' by ' || u.name from "release" x join repository r on r.id = x.repo_id join "user" u on u.id = x.publisher_id
union all select r.owner_name || '/' || r.name || ' variable ' || x.name from action_variable x join repository r on r.id = x.repo_id
union all select o.name || ' secret ' || x.name from secret x join "user" o on o.id = x.owner_id;

-- == link: protection
select r.owner_name || ' ' || b.branch_name || ': ' || u.name from protected_branch b join repository r on r.id = b.repo_id join json_each(b.whitelist_user_i_ds) j join "user" u on u.id = j.value
union all select r.owner_name || ' ' || b.branch_name || ': ' || t.name || ' of ' || o.name from protected_branch b join repository r on r.id = b.repo_id join json_each(b.whitelist_team_i_ds) j join team t on t.id = j.value join "user" o on o.id = t.org_id
union all select r.owner_name || ' ' || b.name_pattern || ': ' || u.name from protected_tag b join repository r on r.id = b.repo_id join json_each(b.allowlist_user_i_ds) j join "user" u on u.id = j.value
union all select r.owner_name || ' to ' || u.name || ' with ' || t.name from repo_transfer x join repository r on r.id = x.repo_id join "user" u on u.id = x.recipient_id join json_each(x.team_i_ds) j join team t on t.id = j.value;

-- == link: issues
select r.owner_name || '#' || i."index" || ' ' || i.name || ' by ' || ifnull(u.name, i.poster_id) || ' for ' || ifnull(m.name, 'none') from issue i join repository r on r.id = i.repo_id left join "user" u on u.id = i.poster_id left join milestone m on m.id = i.milestone_id and m.repo_id = r.id
union all select i.name || ': ' || l.name || ' ' || ifnull(r.name, o.name) from issue_label x join issue i on i.id = x.issue_id join label l on l.id = x.label_id left join repository r on r.id = l.repo_id left join "user" o on o.id = l.org_id
union all select i.name || ' for ' || u.name from issue_assignees x join issue i on i.id = x.issue_id join "user" u on u.id = x.assignee_id
union all select i.name || ' needs ' || d.name from issue_dependency x join issue i on i.id = x.issue_id join issue d on d.id = x.dependency_id
union all select i.name || ' pinned in ' || r.owner_name from issue_pin x join issue i on i.id = x.issue_id join repository r on r.id = x.repo_id
union all select i.name || ' seen by ' || u.name || x.is_read from issue_user x join issue i on i.id = x.issue_id join "user" u on u.id = x.uid
union all select i.name || ' took ' || u.name || ' ' || x.time from tracked_time x join issue i on i.id = x.issue_id join "user" u on u.id = x.user_id
union all select i.name || ' from ' || h.owner_name || ' to ' || b.owner_name from pull_request x join issue i on i.id = x.issue_id join repository h on h.id = x.head_repo_id join repository b on b.id = x.base_repo_id
union all select i.name || ' reviewed by ' || ifnull(u.name, 'none') || ifnull(t.name, '') from review x join issue i on i.id = x.issue_id left join "user" u on u.id = x.reviewer_id left join team t on t.id = x.reviewer_team_id;

-- == link: comments
select i.name || ' ' || c.type || ' by ' || u.name || ': ' || ifnull(c.content, '') || ifnull(' label ' || l.name, '') || ifnull(' from ' || f.name, '') || ifnull(' review ' || w.content, '') || ifnull(' time ' || x.time, '') || ifnull(' on ' || d.name, '') || ifnull(' for ' || m.name, '') || ifnull(' column ' || b.title, '') || ifnull(' project ' || p.title, '') || ifnull(' assignee ' || a.name, '')
from comment c join issue i on i.id = c.issue_id join "user" u on u.id = c.poster_id left join label l on l.id = c.label_id left join issue f on f.id = c.ref_issue_id
left join review w on w.id = c.review_id left join tracked_time x on x.id = c.time_id left join issue d on d.id = c.dependent_issue_id left join milestone m on m.id = c.milestone_id
left join project_board b on b.id = json_extract(c.comment_meta_data, '$.project_column_id') left join project p on p.id = c.project_id left join "user" a on a.id = c.assignee_id
union all select x.type || ' by ' || u.name || ' on ' || i.name || ifnull(': ' || c.content, '') from reaction x join issue i on i.id = x.issue_id join "user" u on u.id = x.user_id left join comment c on c.id = x.comment_id
union all select a.name || ' by ' || u.name || ifnull(' issue ' || i.name, '') || ifnull(' comment ' || c.content, '') || ifnull(' release ' || e.title, '') from attachment a join "user" u on u.id = a.uploader_id left join issue i on i.id = a.issue_id left join comment c on c.id = a.comment_id left join "release" e on e.id = a.release_id;

-- == link: boards
select p.title || ' of ' || ifnull(r.name, o.name) || ' ' || b.title || ifnull(': ' || i.name, '') from project p join project_board b on b.project_id = p.id left join repository r on r.id = p.repo_id left join "user" o on o.id = p.owner_id
left join project_issue x on x.project_board_id = b.id and x.project_id = p.id left join issue i on i.id = x.issue_id;

-- == link: packages
select o.name || ' ' || p.name || ' ' || v.version || ' ' || f.name || ' ' || b.hash_sha256 from package p join "user" o on o.id = p.owner_id join package_version v on v.package_id = p.id join package_file f on f.version_id = v.id join package_blob b on b.id = f.blob_id
union all select x.name || ' ' || x.value || ' of version ' || p.name || v.version from package_property x join package_version v on v.id = x.ref_id and x.ref_type = 0 join package p on p.id = v.package_id
union all select x.name || ' ' || x.value || ' of file ' || f.name from package_property x join package_file f on f.id = x.ref_id and x.ref_type = 1
union all select x.name || ' ' || x.value || ' of package ' || p.name from package_property x join package p on p.id = x.ref_id and x.ref_type = 2;

-- == made
-- The *rye* is dry
-- they bake
-- first loaf

-- == absent
-- forgejo_blocked_user
-- webauthn_credential
-- oauth2_grant
-- oauth2_authorization_code
-- team_invite
-- auth_token
-- forgejo_auth_token
-- action_run_index
-- action_run_job
-- action_task
-- action_task_step
-- action_task_output
-- action_tasks_version
-- action_artifact
-- action_schedule
-- action_schedule_spec
-- action_runner
-- action_runner_token
-- dbfs_meta
-- dbfs_data
-- forgejo_version
-- app_state
-- commit_status_index
-- commit_status_summary
-- email_hash
-- gpg_key_import
-- notice
-- package_blob_upload
-- repo_archiver
-- repo_indexer_status
-- task
-- upload
