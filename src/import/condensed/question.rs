//! Conflicts that somebody decides: what is asked, and what may be answered.

use super::outcome::Strategy;
use anyhow::Result;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;

/// A field in which an item and its row differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The field; of children with a path, as `recommendations[Ada Alder].vote_type`.
    pub field: String,
    /// What is in the database; nothing where a child is not there.
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
    pub there: Option<Json>,
    /// What is in the document; nothing where it lacks a child.
    #[serde(default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
    pub incoming: Option<Json>,
}

/// JSON that is there, null too.
fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

/// An item that is there already and differs, or that shares what must be unique with rows that it is not.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its section.
    pub section: String,
    /// What it is called: its label, or its key.
    pub label: String,
    /// Its line in the document.
    pub line: u64,
    /// Which question this is, from 1.
    pub number: u64,
    /// How many there are.
    pub of: u64,
    /// How many of this section there still are, this one included.
    pub left_in_section: u64,
    /// The fields that differ.
    pub differences: Vec<Difference>,
    /// Why it cannot take the place of what is there, where it cannot: the end of a sentence, as `its name is that of
    /// "Favorites", and its position that of "To see"`.
    pub why_not: Option<String>,
    /// What of a child is another row's, where it is about one that clashes: a sentence without its full stop, as `its position
    /// is that of movies "Alien"`.
    pub clash: Option<String>,
    /// Whether it is a guess that the row is the item, edited: it has no key.
    pub is_guess: bool,
    /// What may be done, besides skipping it.
    pub choices: Vec<Strategy>,
    /// The name that it would come in with; nothing where it has no key, and comes in beside what is there as it is.
    pub proposed: Option<String>,
    /// What was answered before, where one came back to it.
    pub earlier: Option<Answer>,
}

/// What is to be done with an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What is done: one of skip, overwrite, merge and rename.
    pub strategy: Strategy,
    /// The name that it comes in with, where it is renamed by hand; nothing where it is as proposed.
    pub name: Option<String>,
    /// Whether all that are left in its section are treated alike.
    pub for_section: bool,
}

/// What comes back from a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// This is done.
    Answer(Answer),
    /// The question before this one is asked again.
    Back,
}

/// Somebody who can be asked.
pub trait Asker {
    /// Asks one question. Whoever stops instead of answering is an error, after which nothing may be written.
    fn ask(&self, question: &Question) -> Result<Reply>;
    /// Says why a name that somebody typed cannot be used, in a whole sentence. The question is asked again then.
    fn explain(&self, why: &str);
}
