//! Words of rows of a key and a value, of counters, and of kinds.

/// Columns that hold the names of settings.
pub(in crate::app::meaning) const SETTING: &[&str] = &[
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
pub(in crate::app::meaning) const SETTING_VALUE: &[&str] = &[
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
pub(in crate::app::meaning) const CHOSEN: &[&str] = &["active", "current", "default", "last", "selected"];

/// Words of a column that counts the row ids of the table that its row is called after.
pub(in crate::app::meaning) const COUNTER: &[&str] =
    &["counter", "id", "last", "max", "next", "seq", "sequence"];

/// Words of columns that say what another column refers to.
pub(in crate::app::meaning) const KIND: &[&str] =
    &["class", "entity", "kind", "model", "name", "table", "tbl", "type"];

/// Columns that hold what a kind beside them says.
pub(in crate::app::meaning) const KIND_VALUE: &[&str] =
    &["argument", "filter_value", "operand", "param", "val", "value"];
