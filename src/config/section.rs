//! What `larder.toml` may say of a section.

use indexmap::IndexMap;
use serde::Deserialize;

/// What a section is, where inference does not know or is wrong. Every setting is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SectionConfig {
    /// The table, where it is not called like the section.
    pub table: Option<String>,
    /// Whether it is exported at all.
    pub include: Option<bool>,
    /// Whether it is exported without being named.
    pub default: Option<bool>,
    /// The name by which several sections are chosen together.
    pub group: Option<String>,
    /// The columns of the natural key.
    pub key: Option<Vec<String>>,
    /// Other keys, tried in order, by which an import may know an item.
    #[serde(rename = "match", default)]
    pub matches: Vec<Vec<String>>,
    /// Whether the table has a single row.
    pub singleton: Option<bool>,
    /// Columns that can be fetched again.
    #[serde(default)]
    pub refetch: Vec<String>,
    /// Columns that are left out.
    #[serde(default)]
    pub omit: Vec<String>,
    /// Columns that are never exported unless asked for.
    #[serde(default)]
    pub secret: Vec<String>,
    /// Columns that look like secrets, and are none.
    #[serde(default)]
    pub public: Vec<String>,
    /// Text columns that hold JSON.
    #[serde(default)]
    pub json: Vec<String>,
    /// References that the schema does not declare: a column, or a path inside a JSON column, and the section.
    #[serde(default)]
    pub references: IndexMap<String, String>,
    /// Children that are written inside their parent.
    #[serde(default)]
    pub nest: IndexMap<String, SectionConfig>,
    /// Of children: whether their fields stand among those of their parent.
    #[serde(default)]
    pub flatten: bool,
    /// A condition in SQL that rows must meet.
    #[serde(rename = "where")]
    pub condition: Option<String>,
    /// The column that is not NULL, or not 0, in rows that count as deleted.
    pub soft_delete: Option<String>,
    /// The column that says when a row was changed.
    pub updated_at: Option<String>,
    /// The column that says what time a row is about.
    pub date: Option<String>,
    /// The column that prompts and reports call a row by.
    pub label: Option<String>,
    /// The column that the rename strategy changes.
    pub rename: Option<String>,
    /// Columns that anonymizing replaces.
    #[serde(default)]
    pub personal: Vec<String>,
}

/// One user's rows of a database of many.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ScopeConfig {
    /// The table of the users.
    pub table: String,
    /// The column by which one is named.
    pub key: String,
    /// The column of other tables that refers to it.
    pub column: String,
    /// Whom `--scope each` takes.
    #[serde(rename = "where")]
    pub condition: Option<String>,
}

/// What the configuration says of the data of an application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Its sections, by their names.
    pub sections: IndexMap<String, SectionConfig>,
    /// Its users.
    pub scope: Option<ScopeConfig>,
}
