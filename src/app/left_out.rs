//! Tables that a condensed document leaves out by themselves: what SQLite, a virtual table or a migration tool keeps.

use super::names::snake;
use crate::database::schema::Object;
use crate::database::selection::is_internal;
use serde::Serialize;
use std::fmt;

/// Why a table is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// SQLite keeps it for itself.
    Internal,
    /// A module keeps its rows, in tables of its own.
    Virtual,
    /// A virtual table keeps its rows in it.
    Shadow,
    /// A migration tool keeps in it what it has done.
    Migration,
    /// Nothing says that its rows are the user's.
    Others,
    /// An application keeps log-ins in it.
    Session,
    /// The configuration says so.
    Configured,
    /// It was not asked for.
    Unchosen,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Internal => "SQLite's own",
            Self::Virtual => "a virtual table, made again from others",
            Self::Shadow => "kept by a virtual table",
            Self::Migration => "kept by a migration tool",
            Self::Others => "nothing says that its rows are the user's",
            Self::Session => "log-in sessions",
            Self::Configured => "left out by the configuration",
            Self::Unchosen => "not asked for",
        })
    }
}

/// The tables of migration tools: the column that says the newest version, where one does, and the columns that a tool makes.
const MIGRATIONS: [(&str, Option<&str>, &[&str]); 38] = [
    ("alembic_version", Some("version_num"), &["version_num"]),
    ("schema_migrations", Some("version"), &["version"]),
    ("schema_migration", Some("version"), &["version"]),
    ("schema_version", Some("version"), &["version"]),
    ("schema_info", Some("version"), &["version"]),
    ("ar_internal_metadata", None, &["key", "value", "created_at"]),
    ("django_migrations", Some("name"), &["app", "name", "applied"]),
    ("south_migrationhistory", Some("migration"), &["app_name", "migration", "applied"]),
    ("flyway_schema_history", Some("version"), &["version", "script", "installed_on"]),
    ("databasechangelog", Some("id"), &["id", "author", "filename", "dateexecuted"]),
    ("databasechangeloglock", None, &["id", "locked"]),
    ("knex_migrations", Some("name"), &["name", "batch", "migration_time"]),
    ("knex_migrations_lock", None, &["is_locked"]),
    ("sequelizemeta", Some("name"), &["name"]),
    ("_prisma_migrations", Some("migration_name"), &["migration_name", "checksum"]),
    ("__drizzle_migrations", Some("id"), &["id", "hash", "created_at"]),
    ("mikro_orm_migrations", Some("name"), &["name", "executed_at"]),
    ("kysely_migration", Some("name"), &["name", "timestamp"]),
    ("kysely_migration_lock", None, &["id", "is_locked"]),
    ("__efmigrationshistory", Some("MigrationId"), &["MigrationId", "ProductVersion"]),
    ("__diesel_schema_migrations", Some("version"), &["version", "run_on"]),
    ("_sqlx_migrations", Some("version"), &["version", "checksum"]),
    ("refinery_schema_history", Some("version"), &["version", "applied_on"]),
    ("seaql_migrations", Some("version"), &["version", "applied_at"]),
    ("goose_db_version", Some("version_id"), &["version_id", "is_applied"]),
    ("gorp_migrations", Some("id"), &["id", "applied_at"]),
    ("bun_migrations", Some("name"), &["name", "migrated_at"]),
    ("bun_migration_locks", None, &["table_name"]),
    ("gormigrate", Some("id"), &["id"]),
    ("atlas_schema_revisions", Some("version"), &["version", "applied"]),
    ("phinxlog", Some("version"), &["version", "migration_name"]),
    ("doctrine_migration_versions", Some("version"), &["version", "executed_at"]),
    ("_yoyo_migration", Some("migration_id"), &["migration_hash", "migration_id"]),
    ("_yoyo_log", None, &["migration_id", "operation"]),
    ("_yoyo_version", None, &["version"]),
    ("yoyo_lock", None, &["locked"]),
    ("migratehistory", Some("name"), &["name", "migrated_at"]),
    ("aerich", Some("version"), &["version", "app"]),
];

/// Bookkeeping of runtimes that is no data either, with the columns that they make.
const RUNTIMES: [(&str, &[&str]); 6] = [
    ("android_metadata", &["locale"]),
    ("room_master_table", &["identity_hash"]),
    ("grdb_migrations", &["identifier"]),
    ("_litestream_seq", &["seq"]),
    ("_litestream_lock", &["id"]),
    ("_cf_kv", &["key", "value"]),
];

/// Tables that are named `migrations` by several tools, and by applications that mean something else: these have a pair of
/// columns that such a tool makes.
const NAMED_MIGRATIONS: [&str; 3] = ["migrations", "migration", "db_migrations"];
const MIGRATION_COLUMNS: [(&str, &str); 6] = [
    ("migration", "batch"),
    ("name", "timestamp"),
    ("name", "applied_at"),
    ("name", "executed_at"),
    ("name", "run_on"),
    ("version", "applied_at"),
];

/// Why a table is left out, where it is. `shadow` says whether SQLite knows it as one; `columns` are its own.
pub fn why(table: &Object, shadow: bool, columns: &[&str]) -> Option<Why> {
    let name = table.name.to_lowercase();
    let has = |wanted: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(wanted));
    // An application may call a table of its own like that: what the tool keeps in it must be there.
    let is_made_so = |known: &str, made: &[&str]| known == name && made.iter().all(|column| has(column));
    let is_migration = MIGRATIONS.iter().any(|(known, _, made)| is_made_so(known, made))
        || RUNTIMES.iter().any(|(known, made)| is_made_so(known, made))
        || NAMED_MIGRATIONS.contains(&name.as_str())
            && MIGRATION_COLUMNS.iter().any(|(what, when)| has(what) && has(when));
    match () {
        () if is_internal(&name) => Some(Why::Internal),
        () if table.is_virtual() => Some(Why::Virtual),
        () if shadow => Some(Why::Shadow),
        () if is_migration => Some(Why::Migration),
        () => None,
    }
}

/// Tables of log-in sessions, by their whole name.
const SESSIONS: [&str; 17] = [
    "session",
    "sessions",
    "django_session",
    "user_session",
    "user_sessions",
    "auth_session",
    "auth_sessions",
    "login_session",
    "login_sessions",
    "web_session",
    "web_sessions",
    "http_session",
    "http_sessions",
    "express_sessions",
    "session_store",
    "php_sessions",
    "active_sessions",
];

/// Whether a table keeps log-in sessions: it is called so, and has a token or a key, and a time when it expires. Rails keeps the
/// time when a session was last used instead.
pub fn is_session(table: &str, columns: &[&str]) -> bool {
    const TOKENS: [&str; 11] =
        ["token", "key", "sid", "sess", "data", "payload", "cookie", "hash", "secret", "session", "jti"];
    const EXPIRY: [&str; 7] = ["expire", "expires", "expiry", "expired", "expiration", "ttl", "maxage"];
    const RAILS: [&str; 3] = ["session_id", "data", "updated_at"];
    let columns: Vec<String> = columns.iter().map(|column| snake(column)).collect();
    let has =
        |words: &[&str]| columns.iter().any(|column| column.split('_').any(|word| words.contains(&word)));
    let is_there = |name: &&str| columns.iter().any(|column| column == name);
    let expires = has(&EXPIRY) || is_there(&"last_activity");
    SESSIONS.contains(&snake(table).as_str()) && (has(&TOKENS) && expires || RAILS.iter().all(is_there))
}

/// The column of a migration tool's table that says the version of the schema.
pub fn version_column(table: &str, columns: &[&str]) -> Option<String> {
    let name = table.to_lowercase();
    let wanted = match MIGRATIONS.iter().find(|(known, ..)| *known == name) {
        Some((_, column, _)) => (*column)?,
        None if NAMED_MIGRATIONS.contains(&name.as_str()) => {
            if columns.iter().any(|column| column.eq_ignore_ascii_case("migration")) {
                "migration"
            } else {
                "name"
            }
        }
        None => return None,
    };
    columns.iter().find(|column| column.eq_ignore_ascii_case(wanted)).map(|column| (*column).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::schema::ObjectKind;

    fn object(name: &str, sql: &str) -> Object {
        Object { kind: ObjectKind::Table, name: name.into(), table: name.into(), sql: sql.into() }
    }

    #[test]
    fn log_in_sessions_are_known_by_their_name_and_shape() {
        assert!(is_session("django_session", &["session_key", "session_data", "expire_date"]));
        assert!(is_session("sessions", &["id", "user_id", "payload", "last_activity"]));
        assert!(is_session("Session", &["id", "token", "expiresAt"]));
        assert!(is_session("sessions", &["sid", "expired", "sess"]));
        assert!(is_session("sessions", &["id", "session_id", "data", "created_at", "updated_at"]));
        assert!(!is_session("sessions", &["id", "title", "starts_at", "room"]));
        assert!(!is_session("sessions", &["id", "activity", "data", "updated_at"]));
        assert!(!is_session("sessions", &["id", "token", "title"]));
        assert!(!is_session("my_sessions", &["token", "expires"]));
        assert!(!is_session("session_notes", &["token", "expires"]));
    }

    #[test]
    fn what_others_keep_is_left_out() {
        let why = |name: &str, columns: &[&str]| why(&object(name, "CREATE TABLE x(a)"), false, columns);
        assert_eq!(why("alembic_version", &["version_num"]), Some(Why::Migration));
        assert_eq!(why("schema_migrations", &["version"]), Some(Why::Migration));
        let flyway = ["installed_rank", "version", "script", "checksum", "installed_on", "success"];
        assert_eq!(why("flyway_schema_history", &flyway), Some(Why::Migration));
        assert_eq!(why("django_migrations", &["id", "app", "name", "applied"]), Some(Why::Migration));
        for name in
            ["alembic_version", "django_migrations", "android_metadata", "ar_internal_metadata", "yoyo_lock"]
        {
            assert_eq!(why(name, &["id", "title", "body"]), None, "{name}");
        }
        assert_eq!(why("SequelizeMeta", &["name"]), Some(Why::Migration));
        assert_eq!(why("migrations", &["id", "migration", "batch"]), Some(Why::Migration));
        assert_eq!(why("migrations", &["species", "from_place"]), None);
        assert_eq!(why("sqlite_sequence", &["name", "seq"]), Some(Why::Internal));
        assert_eq!(why("movies", &["imdb_id"]), None);
        let search = object("s", "create virtual table s using fts5(a)");
        assert_eq!(super::why(&search, false, &[]), Some(Why::Virtual));
    }

    #[test]
    fn the_version_of_the_schema_is_where_the_tool_keeps_it() {
        assert_eq!(version_column("alembic_version", &["version_num"]).as_deref(), Some("version_num"));
        assert_eq!(version_column("migrations", &["id", "migration", "batch"]).as_deref(), Some("migration"));
        assert_eq!(version_column("movies", &["id"]), None);
    }
}
