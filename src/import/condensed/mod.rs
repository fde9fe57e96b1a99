//! A condensed document into a database of its application.
//!
//! The document is read whole into a private file. Then it is decided which row of the database each item is, and what
//! becomes of it: first on a database that is only read, which says what would happen; then once more in the one
//! transaction that writes, so that what is decided is what is there.

mod again;
mod alike;
mod answers;
mod ask;
mod carry_out;
mod check;
mod children;
mod choices;
mod clash;
mod compare;
mod conditions;
mod content;
mod dangling;
mod decide;
mod describe;
mod doubts;
mod fill;
mod find;
mod fresh_id;
mod guesses;
mod incoming;
mod items;
mod judge;
mod lacking;
mod late;
mod lost;
mod mapping;
mod names;
mod newer;
mod number_only;
mod numbering;
mod outcome;
mod overrides;
mod pairing;
mod park;
mod part;
mod pass;
mod pick;
mod places;
mod plan;
mod put_right;
mod question;
mod record;
mod refused;
mod rename;
mod replace;
mod resolve;
mod row;
mod search_index;
mod secret_members;
mod settle;
mod settled;
mod siblings;
mod staged;
mod staging;
mod state;
mod stays;
mod target;
mod target_table;
mod trial;
mod unchanged;
mod unread;
mod unsettled;
mod values;
mod watch;
mod write;

pub use crate::config::Triggers;
pub use answers::Answers;
pub use check::{check_shape, check_targets};
pub use choices::ItemLine;
pub(crate) use describe::field_json;
pub use doubts::Unsettled;
pub use outcome::{Counts, Fate, Outcome, Strategies, Strategy};
pub use plan::{Expected, Plan};
pub use question::{Answer, Asker, Difference, Question, Reply};
pub use resolve::Missing;
pub use staged::{Staged, stage};
pub use trial::trial;
pub use watch::Triggered;

use crate::config::Rules;
use crate::document::reader::Limits;
use crate::error::{Fault, Kind};
use crate::patience::Patience;
use crate::progress::Progress;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// How a condensed document is imported.
#[derive(Clone)]
pub struct CondensedOptions<'a> {
    /// What is to be done.
    pub told: Instructions,
    /// Whether it is kept what becomes of each item.
    pub lists: bool,
    /// What the database and the outcome must be like, where a plan is carried out.
    pub expected: Option<Expected>,
    /// What the application of the database is called, where somebody said it.
    pub app: Option<&'a str>,
    /// What the settings of the database say of its data, over what the document says.
    pub rules: &'a Rules,
    /// How large an item may be.
    pub limits: Limits,
    /// Where private files may be made.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// What is to be done with a document: all that decides what becomes of its items.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instructions {
    /// Only these sections, or those of these groups; without any, all.
    pub only: Vec<String>,
    /// Not these, nor these children, as `movies.reviews`.
    pub exclude: Vec<String>,
    /// Only these items, each of a section and with a key or a name, and what they refer to where it is not there.
    pub items: Vec<(String, String)>,
    /// Only items that meet a condition in SQL on their fields, by section.
    #[serde(default)]
    pub conditions: Vec<(String, String)>,
    /// What is done with items that are there and differ.
    pub strategies: Strategies,
    /// Whether rows that no item is go.
    pub replace_all: bool,
    /// Whose rows they become, where the document holds those of one user.
    pub scope: Option<String>,
    /// What becomes of references that lead to nothing.
    pub missing: Missing,
    /// What becomes of all, where something is wrong with one.
    pub on_error: OnError,
    /// What the application's triggers do.
    pub triggers: Triggers,
    /// Whether doubtful numbers are written as they stand, whatever they mean.
    #[serde(default)]
    pub ignores_doubts: bool,
    /// What is called otherwise in the database: `SECTION.OLD=NEW`, or left out: `SECTION.OLD=`.
    pub map: Vec<String>,
    /// What columns of new rows hold of which the document says nothing: `SECTION.COLUMN=VALUE`.
    pub fill: Vec<String>,
    /// By which columns rows are known besides: sections, each with columns that have commas between them.
    #[serde(default)]
    pub matches: Vec<(String, String)>,
    /// Whether rows are matched by their ids, as those of two states of one database.
    #[serde(default)]
    pub by_id: bool,
    /// Whether a row with the id of an item is another, where nothing that they hold is alike.
    #[serde(default)]
    pub doubts_ids: bool,
}

/// What becomes of all items, where something is wrong with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// None comes in.
    #[default]
    Fail,
    /// The others come in.
    Skip,
}

/// What an import that was to fail on conflicts says of them.
pub fn undecided(outcome: &Outcome, told: &Instructions) -> Fault {
    let conflicts = &outcome.conflicts;
    let count = (conflicts.listed.len() as u64 + conflicts.more).saturating_sub(outcome.clashes);
    let items = match count {
        0 => None,
        1 => Some("1 item is there already and differs".to_owned()),
        _ => Some(format!("{count} items are there already and differ")),
    };
    let children = match outcome.clashes {
        0 => None,
        1 => Some("1 child clashes with what is there".to_owned()),
        clashes => Some(format!("{clashes} children clash with what is there")),
    };
    let what = items.into_iter().chain(children).collect::<Vec<_>>().join(", and ");
    // By id, no item comes in beside its row.
    let strategies = if told.by_id { "merge or newer" } else { "merge, newer or rename" };
    Fault::new(Kind::Undecided, format!("{what}; nothing was written")).hint(format!(
        "--on-conflict skip, overwrite, {strategies} says what becomes of them; --dry-run shows them"
    ))
}
