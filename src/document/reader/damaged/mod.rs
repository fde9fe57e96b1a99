//! Reading the data of a document that may be damaged: what is whole is passed on, what is not is told, with its line.
//!
//! Items are cut out first and read one by one, so that an error in one is none of the others.

mod data;
mod lines;
mod scan;
#[cfg(test)]
mod tests;

pub(super) use data::object;
pub(super) use lines::lines;

use super::State;
use super::tap::Tap;
use crate::problem::Problem;
use anyhow::Result;
use scan::{End, Scanner};
use serde::de::DeserializeSeed;
use std::io::Read;

/// What is wrong with an item that does not begin like one.
const NO_OBJECT: &str = "an item is a JSON object, and this is none";
/// What is wrong with an item behind whose last brace more of its line follows.
const NOT_APART: &str = "it is closed, and something else follows it";

/// Reads an item that was cut out and begins at this place. Where it cannot be read, says what is wrong, and where.
fn read_item<'d, S: DeserializeSeed<'d>>(
    item: Tap<&[u8]>,
    (line, column): (u64, u64),
    seed: S,
) -> Result<S::Value, (String, (u64, u64))> {
    let mut deserializer = serde_json::Deserializer::from_reader(item);
    let read = seed.deserialize(&mut deserializer).and_then(|read| deserializer.end().map(|()| read));
    read.map_err(|error| {
        let (below, along) = (error.line() as u64, error.column() as u64);
        let message = error.to_string();
        let place = format!(" at line {below} column {along}");
        let message = message.strip_suffix(&place).unwrap_or(&message).to_owned();
        let column = if below <= 1 { (column + along).saturating_sub(1) } else { along };
        (message, (line + below.saturating_sub(1), column.max(1)))
    })
}

impl State<'_> {
    /// Tells that a part of the document was lost.
    fn lose(&mut self, path: &str, (line, column): (u64, u64), why: impl Into<String>) -> Result<()> {
        self.sink.lost(self.name, Problem::error(path, why).at(line, column))
    }

    /// Tells that an item cannot be read, if its section is wanted.
    fn refuse_item(
        &mut self,
        (section, item): (&str, u64),
        is_wanted: bool,
        (line, column): (u64, u64),
        why: String,
    ) -> Result<()> {
        if !is_wanted {
            return Ok(());
        }
        let problem = Problem::error(&format!("data.{section}[{item}]"), why).at(line, column);
        self.sink.problem(self.name, problem)
    }
}

/// Tells where a document ends before its end.
fn tell_cut<R: Read>(scanner: &Scanner<'_, R>, state: &mut State<'_>) -> Result<()> {
    let why = match &scanner.broken {
        Some(error) => format!("the document cannot be read any further ({error}): the rest is lost"),
        None => "the document ends before its end: the rest is lost".to_owned(),
    };
    state.lose("document", scanner.tapped.place(), why)
}

/// What is wrong with an item that ended like this.
fn why(end: End, message: String) -> String {
    match end {
        End::Closed | End::Crossed => message,
        End::Unclosed => "it is not closed".to_owned(),
        End::Cut => "the document ends within it".to_owned(),
    }
}
