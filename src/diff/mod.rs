//! What differs between two states of an application's data, in the words of its items.
//!
//! Rows of two states of one database are the same where they have the same row id. Those that are left are the same where
//! they hold the same, or have the same key: an application may write rows anew.

mod documents;
mod events;
mod fields;
mod item;
mod kinds;
mod names;
mod schema;
mod states;
mod table;
mod whole;

pub use documents::{DocumentOptions, documents};
pub use item::{Item, Sought, changes, item};
pub use schema::{ObjectChange, SettingChange};
pub use states::{DiffOptions, states};

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// It was not there before.
    New,
    /// It is not there any more.
    Gone,
    /// It is there in both, and differs.
    Changed,
}

/// How many items of a section came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// They were not there before.
    pub new: u64,
    /// They are not there any more.
    pub gone: u64,
    /// They are there in both, and differ.
    pub changed: u64,
}

impl Counts {
    /// Whether nothing differs.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// An item that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemChange {
    /// Its section; of children, with their field: `movies.reviews`.
    pub section: String,
    /// What it is called.
    pub item: String,
    /// What became of it.
    pub what: What,
    /// The fields that differ, of one that is there in both.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it held.
    pub before: Json,
    /// What it holds.
    pub after: Json,
}

/// All that differs but single items.
#[derive(Debug, Clone, Default)]
pub struct Differences {
    /// The sections that differ.
    pub sections: IndexMap<String, Counts>,
    /// Tables that exports leave out.
    pub left_out: IndexMap<String, Counts>,
    /// Tables, indexes, views and triggers.
    pub schema: Vec<ObjectChange>,
    /// What the database says of itself.
    pub settings: Vec<SettingChange>,
}

impl Differences {
    /// Counts an item.
    fn add(&mut self, change: &ItemChange) {
        let counts = self.sections.entry(change.section.clone()).or_default();
        *match change.what {
            What::New => &mut counts.new,
            What::Gone => &mut counts.gone,
            What::Changed => &mut counts.changed,
        } += 1;
    }

    /// Whether nothing differs.
    pub fn is_none(&self) -> bool {
        self.sections.is_empty()
            && self.left_out.is_empty()
            && self.schema.is_empty()
            && self.settings.is_empty()
    }
}
