//! Words of tables' names.

use super::is;

/// Names of tables of people; where one of the first kind is there, the others are not meant.
pub(in crate::app::meaning) const USERS: [&[&str]; 2] =
    [&["user", "authuser"], &["account", "person", "people", "member"]];

/// Last words of link tables.
pub(in crate::app::meaning) const LINK: &[&str] = &["join", "link", "links", "map", "mapping", "rel", "xref"];

/// First words of tables that say nothing.
pub(in crate::app::meaning) const TABLE_PREFIX: &[&str] =
    &["dim", "lkp", "lookup", "lu", "m", "mst", "ref", "t", "tab", "tb", "tbl"];

/// Last words of tables that say nothing.
pub(in crate::app::meaning) const TABLE_SUFFIX: &[&str] =
    &["by", "dim", "entries", "entry", "id", "list", "lookup", "master", "record", "records", "table", "tbl"];

/// Words beside `id` by which a table calls its own number.
pub(in crate::app::meaning) const OWN_NUMBER: &[&str] =
    &["auto", "db", "entry", "internal", "local", "num", "numeric", "record", "row", "serial", "unique"];

/// Whether a table is one of a migration tool's that is not known by its whole name: it is called so, and says of what it has
/// done how or when.
pub(in crate::app::meaning) fn is_bookkeeping(table: &str, columns: &[&[String]]) -> bool {
    const HOW: &[&str] = &[
        "applied",
        "batch",
        "checksum",
        "dirty",
        "executed",
        "hash",
        "installed",
        "locked",
        "migrated",
        "success",
    ];
    let name = table.to_ascii_lowercase();
    let starts = [
        "schema_migration",
        "schemamigration",
        "schema_version",
        "schemaversion",
        "schema_change",
        "schemachange",
        "knex_",
    ];
    let ends = ["_migrations", "_migration", "_migration_log", "_migration_history", "_migration_lock"];
    let is_called_so =
        matches!(name.as_str(), "migration" | "migrations" | "alembic_version" | "db_version" | "dbversion")
            || starts.iter().any(|start| name.starts_with(start))
            || ends.iter().any(|end| name.ends_with(end));
    let says_how = || columns.iter().any(|words| words.iter().any(|word| is(word, HOW)));
    is_called_so && (columns.len() == 1 || says_how())
}
