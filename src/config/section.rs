//! What `larder.toml` may say of a section.

use super::reference::ReferenceConfig;
use super::settings::{Named, Settings};
use crate::error::Fault;
use anyhow::Result;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What a section is, where inference does not know or is wrong. Every setting is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    pub matches: Vec<Vec<String>>,
    /// Whether the table has a single row.
    pub singleton: Option<bool>,
    /// Columns that can be fetched again.
    pub refetch: Vec<String>,
    /// Columns that are left out.
    pub omit: Vec<String>,
    /// Columns that are never exported unless asked for.
    pub secret: Vec<String>,
    /// Columns, keys of rows and members of JSON that look like secrets, and are none.
    pub not_secret: Vec<String>,
    /// Text columns that hold JSON.
    pub json: Vec<String>,
    /// References that the schema does not declare: a column, or a path inside a JSON column, and the section.
    pub references: IndexMap<String, ReferenceConfig>,
    /// Children that are written inside their parent.
    pub nest: IndexMap<String, SectionConfig>,
    /// Of children: whether their fields stand among those of their parent.
    pub flatten: bool,
    /// Of children: whether a list of them is in the order of their row ids.
    pub ordered: bool,
    /// A condition in SQL that rows must meet.
    pub condition: Option<String>,
    /// Conditions in SQL that follow a column: an import and `validate` warn of values that do not meet them.
    pub check: IndexMap<String, String>,
    /// The column that is not NULL, or not 0, in rows that count as deleted.
    pub soft_delete: Option<String>,
    /// The column that says when a row was changed.
    pub updated_at: Option<String>,
    /// The column that says what time a row is about.
    pub date: Option<String>,
    /// The column that prompts and reports call a row by.
    pub label: Vec<String>,
    /// The column that the rename strategy changes.
    pub rename: Option<String>,
    /// The column that says whose a row is: of a user, or of a row that is a user's.
    pub owner: Option<String>,
    /// Whether its rows are everybody's.
    pub shared: bool,
    /// Columns that anonymizing leaves as they are.
    pub keep: Vec<String>,
    /// Columns that say something about a person: anonymizing replaces numbers in them, too.
    pub personal: Vec<String>,
    /// Whether it is of the settings of a known application: what does not fit the data is passed over then.
    pub built_in: bool,
}

/// What the application's triggers do while items are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Triggers {
    /// They run; then what they changed of the items is put right.
    #[default]
    Auto,
    /// They run.
    On,
    /// They do not run.
    Off,
}

impl FromStr for Triggers {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "auto" => Ok(Self::Auto),
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            _ => Err(Fault::usage(format!("{text:?} is not auto, on or off")).into()),
        }
    }
}

/// One user's rows of a database of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeConfig {
    /// The table of the users.
    pub table: String,
    /// The column by which one is named.
    pub key: String,
    /// The column of other tables that refers to it.
    pub column: String,
    /// Whom `--scope each` takes.
    pub condition: Option<String>,
}

/// What the configuration says of the data of an application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Its sections, by their names.
    pub sections: IndexMap<String, SectionConfig>,
    /// Its users.
    pub scope: Option<ScopeConfig>,
    /// The query that says the version of its schema.
    pub schema_version: Option<String>,
    /// The query that says the version of the application.
    pub app_version: Option<String>,
    /// What the application's triggers do while an import writes, where nobody says it.
    pub triggers: Option<Triggers>,
    /// Whether the settings of a known application count that the database is of; they do where nobody says otherwise.
    pub known_app: Option<bool>,
    /// Whether they are of a file with the head of a known application: what a database has not is passed over then.
    pub has_head: bool,
}

impl SectionConfig {
    /// What it says of how rows are known and called, and not of which of them are exported.
    fn without_choice(&self) -> Self {
        Self {
            include: None,
            default: None,
            refetch: Vec::new(),
            omit: Vec::new(),
            secret: Vec::new(),
            condition: None,
            soft_delete: None,
            nest: self.nest.iter().map(|(name, nest)| (name.clone(), nest.without_choice())).collect(),
            ..self.clone()
        }
    }
}

impl Rules {
    /// The same of all rows and columns: what a state of a database holds, whatever of it is exported.
    #[must_use]
    pub fn without_choice(&self) -> Self {
        let sections = self.sections.iter();
        let sections = sections.map(|(name, section)| (name.clone(), section.without_choice())).collect();
        Self { sections, scope: None, ..self.clone() }
    }

    /// The conditions on the values of sections, by section and column.
    pub fn checks(&self) -> IndexMap<String, IndexMap<String, String>> {
        let checked = self.sections.iter().filter(|(_, section)| !section.check.is_empty());
        checked.map(|(name, section)| (name.clone(), section.check.clone())).collect()
    }
}

/// The name, among references, of all that the settings do not name.
pub const ALL_OTHERS: &str = "*";

impl SectionConfig {
    /// Whether the settings say that what they do not name, and nothing proves, refers to nothing.
    pub fn names_all_references(&self) -> bool {
        self.references.get(ALL_OTHERS) == Some(&ReferenceConfig::Nothing)
    }

    /// Reads what is said of a section, or of children that are written inside one.
    pub(super) fn read(mut settings: Settings<'_>, is_nested: bool) -> Result<Self> {
        let mut config = Self {
            table: settings.text("table")?,
            key: settings.some_texts("key")?,
            matches: settings.lists("match")?,
            refetch: settings.texts("refetch")?.unwrap_or_default(),
            omit: settings.texts("omit")?.unwrap_or_default(),
            secret: settings.texts("secret")?.unwrap_or_default(),
            not_secret: not_secret(&mut settings)?,
            json: settings.texts("json")?.unwrap_or_default(),
            references: ReferenceConfig::read_all(&mut settings)?,
            condition: settings.text("where")?,
            soft_delete: settings.text("soft-delete")?,
            updated_at: settings.text("updated-at")?,
            date: settings.text("date")?,
            label: settings.text_or_texts("label")?,
            rename: settings.text("rename")?,
            owner: settings.text("owner")?,
            shared: settings.flag("shared")?.unwrap_or_default(),
            keep: settings.texts("keep")?.unwrap_or_default(),
            personal: settings.texts("personal")?.unwrap_or_default(),
            ..Self::default()
        };
        if is_nested {
            config.flatten = settings.flag("flatten")?.unwrap_or_default();
            config.ordered = settings.flag("ordered")?.unwrap_or_default();
        } else {
            config.include = settings.flag("include")?;
            config.default = settings.flag("default")?;
            config.group = settings.text("group")?;
            config.singleton = settings.flag("singleton")?;
            config.check = read_check(&mut settings)?;
        }
        for (name, nested) in settings.tables("nest")? {
            config.nest.insert(name, Self::read(nested, true)?);
        }
        settings.finish()?;
        Ok(config)
    }
}

/// Conditions on columns: `check.COLUMN`.
fn read_check(settings: &mut Settings<'_>) -> Result<IndexMap<String, String>> {
    const NEEDED: &str = "a condition in SQL that follows the column, as \"between -90 and 90\"";
    let mut check = IndexMap::new();
    for (column, value) in settings.named("check", NEEDED)? {
        match value {
            Named::Text(condition) => drop(check.insert(column, condition)),
            Named::No => {}
            Named::Table(table) => return Err(table.not_a(NEEDED).into()),
        }
    }
    Ok(check)
}

/// What looks like a secret and is none: `not-secret`, which was called `public`.
fn not_secret(settings: &mut Settings<'_>) -> Result<Vec<String>> {
    let before = settings.texts("public")?;
    let now = settings.texts("not-secret")?;
    Ok(now.into_iter().chain(before).flatten().collect())
}

impl ScopeConfig {
    /// Reads what is said of the users.
    pub(super) fn read(mut settings: Settings<'_>) -> Result<Self> {
        let scope = Self {
            table: settings.needed("table")?,
            key: settings.needed("key")?,
            column: settings.needed("column")?,
            condition: settings.text("where")?,
        };
        settings.finish()?;
        Ok(scope)
    }
}
