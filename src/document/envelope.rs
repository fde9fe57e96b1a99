//! What stands around the data of a document.

use super::json::{ID, ROW, ROWID};
use crate::app::model::Shape;
use crate::database::application::ApplicationIndex;
use crate::database::schema::Object;
use crate::stream::Digest;
use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The format's name.
pub const FORMAT: &str = "larder-export";
/// The newest version of the format that this larder writes and reads.
pub const VERSION: u32 = 3;
/// The version of full documents, of which the later ones say nothing else.
pub const FULL_VERSION: u32 = 2;

/// The file of a CSV document that has its metadata and its summary.
pub const METADATA_FILE: &str = "metadata.json";

/// Bytes that metadata may have: they are kept in memory, where JSON takes many times its room.
pub const METADATA_LIMIT: u64 = 32 << 20;

/// How much of a database a document holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Everything that SQLite holds, schema included.
    Full,
    /// What people made.
    Condensed,
}

/// The first part of a document: what it is, and how to read the rest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Metadata {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`]; of a full document, [`FULL_VERSION`].
    pub version: u32,
    /// How much it holds.
    pub mode: Mode,
    /// The application.
    pub app: String,
    /// The application's version, where it is known.
    pub app_version: Option<String>,
    /// The version of the schema: `PRAGMA user_version`.
    pub schema_version: Option<String>,
    /// When it was written.
    pub exported_at: DateTime<Utc>,
    /// The version of larder that wrote it.
    pub larder_version: String,
    /// Of a condensed document: whether personal values are made up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anonymized: bool,
    /// The names of the sections, in their order.
    pub includes: Vec<String>,
    /// What each section is.
    pub sections: IndexMap<String, Section>,
    /// Of a condensed document: sections without items, of which its data say nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty_sections: Vec<String>,
    /// Of a condensed document: sections that are not in it, and that items of it refer to.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub referenced: IndexMap<String, Shape>,
    /// Of a condensed document: whether its rows are known by their ids, each table a section of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_id: bool,
    /// Of a condensed document of one user's rows: whose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Of a condensed document: numbers that may be row ids, without proof.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
    /// Of a condensed document: rows that doubtful numbers may mean, and that are not among its items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<Witness>,
    /// Of a condensed document: sections of which too many rows are meant for all of them to be witnesses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unwitnessed: Vec<String>,
    /// Of a condensed document: tables and sections that are not in it, and why.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub left_out: IndexMap<String, String>,
    /// Of a full document: the schema, in the order of its creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Vec<Object>>,
    /// Of a full document: what an import leaves out, because only the application can build it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs_application: Vec<ApplicationIndex>,
    /// Of a full document: what the database's header says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pragmas: Option<Pragmas>,
}

impl Metadata {
    /// The shape of a section that is in the document, or that its items refer to.
    pub fn shape(&self, section: &str) -> Option<&Shape> {
        let own = self.sections.get(section).map(|section| &section.shape);
        own.or_else(|| self.referenced.get(section))
    }

    /// A section, and where rows are known by their ids those whose children they are, from within outwards.
    pub fn lineage<'a>(&'a self, section: &'a str) -> impl Iterator<Item = &'a str> {
        let parent = |name: &&'a str| self.sections.get(*name)?.within.as_deref();
        // A document may say anything: a circle has an end.
        std::iter::successors(Some(section), parent).take(self.sections.len().max(1))
    }
}

/// A section: the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The table, and what its rows are made of. In a full document they are made of columns only.
    #[serde(flatten)]
    pub shape: Shape,
    /// How many rows there are.
    pub items: u64,
    /// Of a condensed document: a name that means several sections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Of a condensed document: the condition in SQL that somebody set for these rows, whosever they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Of a condensed document: whether only chosen items were taken, among those that meet the condition.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Whether each row begins with its hidden rowid, because they are not simply counted up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rowids: bool,
    /// Where rows are matched by id: the section whose children these rows are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

impl Section {
    /// The key of the number that each row begins with, where it does: a hidden rowid, or one that is local to the
    /// document.
    pub fn number_key(&self) -> Option<&'static str> {
        match (self.rowids, &self.shape.row, self.shape.ids) {
            (true, ..) => Some(ROWID),
            (_, Some(_), _) => Some(ROW),
            (.., true) => Some(ID),
            _ => None,
        }
    }
}

/// A place that may hold row ids of certain sections, without proof. A number in it is written only where it means the
/// same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The place as people read it.
    pub place: String,
    /// The table.
    pub table: String,
    /// Its column.
    pub column: String,
    /// The path in the JSON that the column holds; the keys of an object are `{}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether the column holds several numbers in a text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub list: bool,
    /// Whether only values are doubted that are written as they are stored, and not as JSON.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub raw: bool,
    /// Only rows whose column has this value are doubted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<(String, String)>,
    /// The sections whose row ids it may hold.
    pub sections: Vec<String>,
    /// Why it may.
    pub why: String,
    /// Lines for `larder.toml` that settle it, one of which is right.
    pub settle: Vec<String>,
}

/// A row that doubtful numbers may mean, and that is not among the items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Witness {
    /// Its section.
    pub section: String,
    /// Its row id.
    #[serde(rename = "$row")]
    pub row: i64,
    /// What it holds, as an item of the section would.
    pub item: serde_json::Map<String, serde_json::Value>,
}

/// Whose rows a document holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The table of the users.
    pub table: String,
    /// The column by which one is named.
    pub key: String,
    /// The column that others refer to.
    pub id: String,
    /// The column of other tables that refers to it, which the document lacks.
    pub column: String,
    /// Whose rows they were.
    pub value: String,
}

/// The properties of a database that are neither schema nor rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pragmas {
    /// Bytes in a page.
    pub page_size: u32,
    /// 0 none, 1 full, 2 incremental.
    pub auto_vacuum: u32,
    /// `UTF-8`, `UTF-16le` or `UTF-16be`.
    pub encoding: String,
    /// `wal`, or `delete` for every mode with a rollback journal.
    pub journal_mode: String,
    /// The application's own number.
    pub user_version: i32,
    /// What kind of file it is.
    pub application_id: i32,
}

/// The last part of a document, by which one can tell that it is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// How many rows each section has.
    pub items: IndexMap<String, u64>,
    /// SHA-256 of the bytes of the value of `data`, from its brace to its brace.
    pub sha256: Digest,
}
