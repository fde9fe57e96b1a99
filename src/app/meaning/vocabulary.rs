//! The words that say what a column may hold, or that it does not hold row ids. All are in the singular unless a name in
//! the plural says something else.

/// Words that count, measure, order or sort things.
pub(super) const QUANTITY: &[&str] = &[
    "age",
    "amount",
    "bit",
    "bits",
    "chapter",
    "code",
    "col",
    "column",
    "count",
    "counter",
    "date",
    "day",
    "disc",
    "duration",
    "episode",
    "flag",
    "flags",
    "game",
    "generation",
    "height",
    "hour",
    "idx",
    "index",
    "kind",
    "lap",
    "length",
    "level",
    "likes",
    "line",
    "mask",
    "match",
    "minute",
    "minutes",
    "mode",
    "month",
    "no",
    "nr",
    "num",
    "number",
    "offset",
    "order",
    "page",
    "percent",
    "period",
    "points",
    "pos",
    "position",
    "price",
    "priority",
    "progress",
    "qty",
    "quantity",
    "rank",
    "rating",
    "revision",
    "round",
    "row",
    "score",
    "season",
    "second",
    "set",
    "size",
    "sort",
    "star",
    "stars",
    "state",
    "status",
    "sum",
    "time",
    "timestamp",
    "total",
    "track",
    "type",
    "verse",
    "version",
    "views",
    "volume",
    "week",
    "weight",
    "width",
    "x",
    "y",
    "year",
    "z",
];

/// Words of other systems, whose ids mean the same everywhere.
pub(super) const OUTSIDE: &[&str] = &[
    "anilist",
    "asin",
    "bgg",
    "discogs",
    "discord",
    "epsg",
    "ext",
    "external",
    "facebook",
    "foreign",
    "github",
    "gitlab",
    "gnet",
    "google",
    "guid",
    "igdb",
    "imdb",
    "isbn",
    "kitsu",
    "mal",
    "mbid",
    "musicbrainz",
    "pid",
    "process",
    "remote",
    "server",
    "spotify",
    "srs",
    "steam",
    "telegram",
    "tmdb",
    "trakt",
    "tvdb",
    "tvrage",
    "twitter",
    "uuid",
];

/// What people are to things.
pub(super) const PEOPLE: &[&str] = &[
    "adder",
    "admin",
    "approver",
    "assignee",
    "author",
    "boss",
    "buyer",
    "by",
    "creator",
    "doer",
    "editor",
    "follower",
    "guest",
    "host",
    "leader",
    "manager",
    "member",
    "owner",
    "poster",
    "receiver",
    "recipient",
    "reporter",
    "reviewer",
    "seller",
    "sender",
    "supervisor",
    "uploader",
    "user",
];

/// Names of tables of people; where one of the first kind is there, the others are not meant.
pub(super) const USERS: [&[&str]; 2] = [&["user", "authuser"], &["account", "person", "people", "member"]];

/// First words of columns that answer yes or no.
pub(super) const FLAG: &[&str] =
    &["is", "has", "can", "no", "not", "was", "use", "allow", "enable", "enabled", "show", "hide"];

/// Words before what is meant.
pub(super) const PREPOSITION: &[&str] = &[
    "active", "current", "default", "dest", "first", "for", "from", "in", "last", "main", "new", "next",
    "of", "old", "other", "prev", "previous", "primary", "reply", "selected", "source", "target", "to",
];

/// Words after which the thing that is meant is left out.
pub(super) const TRAILING: &[&str] = &["to", "from", "of"];

/// Other rows of the same table.
pub(super) const PARENT: &[&str] =
    &["ancestor", "child", "duplicate", "next", "original", "parent", "prev", "previous", "root"];

/// Those of them that a tree is made of.
pub(super) const TREE: &[&str] = &["ancestor", "parent", "root"];

/// Words that could mean a row of any table.
pub(super) const GENERIC: &[&str] = &[
    "", "base", "entity", "fk", "item", "object", "owner", "record", "ref", "related", "row", "source",
    "subject", "target", "thing", "value",
];

/// Words that columns without an id ending have, and that mean rows all the same.
pub(super) const USUAL: &[&str] = &[
    "assignee", "author", "creator", "fk", "fkey", "folder", "object", "owner", "parent", "pk", "ref",
    "root", "source", "subject", "target",
];

/// Lower-case words that end in `id` and mean no id.
pub(super) const NOT_AN_ID: &[&str] = &[
    "acid", "android", "avoid", "bid", "bssid", "fluid", "grid", "guid", "iccid", "invalid", "paid", "pid",
    "raid", "rapid", "said", "solid", "srid", "ssid", "unpaid", "uuid", "valid", "void",
];

/// Words of texts that hold the rows above or below.
pub(super) const PATH: &[&str] = &[
    "ancestors",
    "ancestry",
    "breadcrumb",
    "breadcrumbs",
    "children",
    "hierarchy",
    "lineage",
    "members",
    "order",
    "parents",
    "path",
    "trail",
    "tree",
];

/// Words of texts whose numbers are no ids.
pub(super) const NO_LIST: &[&str] = &[
    "address",
    "bbox",
    "bounds",
    "code",
    "color",
    "colour",
    "coordinate",
    "coordinates",
    "coords",
    "cron",
    "data",
    "date",
    "dates",
    "day",
    "days",
    "dimensions",
    "fax",
    "histogram",
    "hour",
    "hours",
    "ip",
    "isbn",
    "isotopes",
    "label",
    "minutes",
    "month",
    "months",
    "name",
    "number",
    "numbers",
    "oxidation",
    "page",
    "pages",
    "phone",
    "point",
    "points",
    "pos",
    "position",
    "postal",
    "range",
    "ratio",
    "resolution",
    "rgb",
    "schedule",
    "score",
    "scores",
    "size",
    "states",
    "tel",
    "text",
    "time",
    "times",
    "title",
    "values",
    "version",
    "weekday",
    "weekdays",
    "year",
    "years",
    "zip",
];

/// Last words of link tables.
pub(super) const LINK: &[&str] = &["join", "link", "links", "map", "mapping", "rel", "xref"];

/// First words of tables that say nothing.
pub(super) const TABLE_PREFIX: &[&str] =
    &["dim", "lkp", "lookup", "lu", "m", "mst", "ref", "t", "tab", "tb", "tbl"];

/// Last words of tables that say nothing.
pub(super) const TABLE_SUFFIX: &[&str] =
    &["by", "dim", "entries", "entry", "id", "list", "lookup", "master", "record", "records", "table", "tbl"];

/// Words beside `id` by which a table calls its own number.
pub(super) const OWN_NUMBER: &[&str] =
    &["auto", "db", "entry", "internal", "local", "num", "numeric", "record", "row", "serial", "unique"];

/// Words of columns that say what another column refers to.
pub(super) const KIND: &[&str] = &["class", "entity", "kind", "model", "name", "table", "tbl", "type"];

/// Columns that hold the names of settings.
pub(super) const SETTING: &[&str] = &[
    "attribute",
    "conf_key",
    "config_key",
    "configkey",
    "field",
    "info_name",
    "infoname",
    "key",
    "keyword",
    "meta_key",
    "name",
    "option",
    "option_name",
    "param",
    "prop_key",
    "property",
    "setting",
    "setting_key",
    "variable",
];

/// Columns that hold the values of settings.
pub(super) const SETTING_VALUE: &[&str] = &[
    "configvalue",
    "content",
    "data",
    "info_value",
    "infovalue",
    "meta_value",
    "new_value",
    "nvalue",
    "old_value",
    "option_value",
    "setting_value",
    "val",
    "value",
];

/// First words of settings that name a row.
pub(super) const CHOSEN: &[&str] = &["active", "current", "default", "last", "selected"];

/// Words of a column that counts the row ids of the table that its row is called after.
pub(super) const COUNTER: &[&str] = &["counter", "id", "last", "max", "next", "seq", "sequence"];

/// Columns that hold what a kind beside them says.
pub(super) const KIND_VALUE: &[&str] = &["argument", "filter_value", "operand", "param", "val", "value"];

/// Members of JSON that hold others, and say nothing of what those are.
pub(super) const CONTAINERS: &[&str] =
    &["data", "exclude", "excluded", "include", "item", "items", "list", "selected", "value", "values"];

/// Whether a word is one of a list.
pub(super) fn is(word: &str, list: &[&str]) -> bool {
    list.contains(&word)
}

/// Whether a table is one of a migration tool's that is not known by its whole name: it is called so, and says of what it has
/// done how or when.
pub(super) fn is_bookkeeping(table: &str, columns: &[&[String]]) -> bool {
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
