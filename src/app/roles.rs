//! What columns and tables are for, as far as their names say.

use super::names::{singular, snake};

/// Columns that say that a row counts as deleted.
const DELETED: [&str; 10] = [
    "deleted_at",
    "is_deleted",
    "deleted",
    "deleted_on",
    "date_deleted",
    "removed_at",
    "is_removed",
    "trashed_at",
    "trashed",
    "deletion_date",
];

/// Columns that say when a row was changed, the most telling first.
const UPDATED: [&str; 18] = [
    "updated_at",
    "modified_at",
    "last_modified",
    "last_updated",
    "changed_at",
    "edited_at",
    "update_time",
    "modified_time",
    "modification_time",
    "modification_date",
    "date_modified",
    "date_updated",
    "updated_on",
    "modified_on",
    "last_change",
    "updated",
    "modified",
    "mtime",
];

/// Columns that say what time a row is about, the most telling first.
const DATES: [&str; 24] = [
    "date",
    "happened_at",
    "occurred_at",
    "taken_at",
    "played_at",
    "watched_at",
    "visited_at",
    "started_at",
    "start_time",
    "start_date",
    "timestamp",
    "datetime",
    "event_date",
    "published_at",
    "posted_at",
    "sent_at",
    "received_at",
    "recorded_at",
    "date_watched",
    "date_added",
    "added_at",
    "created_at",
    "created_on",
    "created",
];

/// Columns that a person calls a row by, the most telling first.
const LABELS: [&str; 14] = [
    "name",
    "title",
    "label",
    "display_name",
    "full_name",
    "username",
    "user_name",
    "subject",
    "caption",
    "headline",
    "summary",
    "filename",
    "description",
    "email",
];

/// Columns by which one user is named, the most telling first.
pub const USER_KEYS: [&str; 9] =
    ["username", "user_name", "login", "name", "email", "handle", "nickname", "slug", "uuid"];

/// Tables of users, in the singular.
const USERS: [&str; 7] = ["user", "account", "member", "tenant", "workspace", "organization", "organisation"];

/// Words in the names of tables that a program keeps for itself.
const PASSING: [&str; 18] = [
    "log", "logs", "job", "jobs", "queue", "queues", "history", "cache", "caches", "cached", "session",
    "sessions", "audit", "tmp", "temp", "lock", "locks", "outbox",
];

/// Words in the names of columns that hold what can be had again.
const FETCHED: [&str; 10] = [
    "cache",
    "cached",
    "thumbnail",
    "thumb",
    "preview",
    "embedding",
    "raw",
    "response",
    "payload",
    "blurhash",
];

/// Words in the names of columns that may hold a secret.
const SECRETIVE: [&str; 9] =
    ["password", "secret", "token", "passphrase", "credential", "credentials", "apikey", "otp", "pin"];

/// Columns that name a row although no constraint says so, the most telling first.
const IDENTITIES: [&str; 20] = [
    "uuid",
    "guid",
    "slug",
    "code",
    "key",
    "name",
    "title",
    "username",
    "email",
    "isbn",
    "ean",
    "sku",
    "number",
    "url",
    "uri",
    "path",
    "label",
    "identifier",
    "hash",
    "short_name",
];

/// The first column that is called as one of these, in their order.
fn first<'c>(names: &[&str], columns: &[&'c str]) -> Option<&'c str> {
    names.iter().find_map(|wanted| columns.iter().find(|column| snake(column) == *wanted)).copied()
}

/// The column that says that a row counts as deleted.
pub fn deleted<'c>(columns: &[&'c str]) -> Option<&'c str> {
    first(&DELETED, columns)
}

/// The column that says when a row was changed.
pub fn updated<'c>(columns: &[&'c str]) -> Option<&'c str> {
    first(&UPDATED, columns)
}

/// The column that says what time a row is about.
pub fn date<'c>(columns: &[&'c str]) -> Option<&'c str> {
    first(&DATES, columns)
}

/// The column that a person calls a row by: by its own name, or by the table's with `name` or `title`.
pub fn label<'c>(columns: &[&'c str], table: &str) -> Option<&'c str> {
    let one = singular(&snake(table));
    let named = |column: &&&'c str| {
        let plain = snake(column);
        ["name", "title"].iter().any(|end| plain == format!("{one}_{end}"))
    };
    let own = columns.iter().find(named).copied();
    own.or_else(|| first(&LABELS, columns))
        .or_else(|| columns.iter().find(|column| snake(column).ends_with("_name")).copied())
}

/// Whether a column says a time, or that something was deleted.
pub fn is_time(column: &str) -> bool {
    let plain = snake(column);
    [&DELETED[..], &UPDATED, &DATES].iter().any(|names| names.contains(&plain.as_str()))
        || ["_at", "_date", "_time", "_on"].iter().any(|end| plain.ends_with(end))
}

/// The place of a column among those that name a row.
pub fn identity(column: &str) -> Option<usize> {
    let plain = snake(column);
    let plain = if plain.ends_with("_name") { "name" } else { &plain };
    IDENTITIES.iter().position(|name| *name == plain)
}

/// Whether a table is called like one of users.
pub fn is_users(table: &str) -> bool {
    let plain = snake(table);
    let last = singular(plain.rsplit('_').next().unwrap_or_default());
    USERS.contains(&last.as_str()) || plain == "profiles"
}

/// Whether a table is called like one that a program keeps for itself.
pub fn is_passing(table: &str) -> bool {
    snake(table).split('_').any(|word| PASSING.contains(&word))
}

/// Whether a column is called like one that holds what can be had again.
pub fn is_fetched(column: &str) -> bool {
    snake(column).split('_').any(|word| FETCHED.contains(&word))
}

/// Whether a column may hold a secret by its name.
pub fn is_secretive(column: &str) -> bool {
    let plain = snake(column);
    let is_about_one = ["count", "at", "id", "type", "hint", "expires", "length", "changed", "reset"];
    let mut words = plain.split('_');
    words.clone().any(|word| SECRETIVE.contains(&word)) && !words.any(|word| is_about_one.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_columns_are_for() {
        let columns =
            ["id", "Title", "lastModified", "createdAt", "isDeleted", "csrf_token", "thumbnail_url"];
        assert_eq!(deleted(&columns), Some("isDeleted"));
        assert_eq!(updated(&columns), Some("lastModified"));
        assert_eq!(date(&columns), Some("createdAt"));
        assert_eq!(label(&columns, "films"), Some("Title"));
        assert_eq!(label(&["Name", "ProductName"], "Product"), Some("ProductName"));
        assert_eq!(label(&["id", "CompanyName"], "Supplier"), Some("CompanyName"));
        assert!(is_secretive("csrf_token") && !is_secretive("token_count") && !is_secretive("spin"));
        assert!(is_fetched("thumbnail_url") && !is_fetched("title"));
        assert!(is_users("app_users") && is_users("Profiles") && !is_users("encoding_profiles"));
        assert!(is_passing("job_history") && is_passing("HttpCache") && !is_passing("logos"));
    }
}
