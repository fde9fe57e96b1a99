//! Doubtful numbers: integers that may be row ids, without proof. One is written only where it means the same in the
//! database as it did where it was exported: for every section that it may mean, the row with that id is the same thing
//! in both, or is in neither.

use super::Staged;
use super::incoming::Incoming;
use super::items::{Items, Wanted};
use super::outcome::{Outcome, Strategies, Strategy};
use super::resolve::Resolver;
use super::state::State;
use super::target::Target;
use super::values::{same, stored};
use crate::app::model::{Field, Shape};
use crate::database::value::Value;
use crate::document::envelope::{Doubt, Metadata, Witness};
use crate::document::places::{integers_at, integers_in};
use crate::error::{Fault, Kind};
use anyhow::Result;
use rusqlite::params;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

/// How many answers are remembered.
const REMEMBERED: usize = 100_000;

/// Where a doubtful number is: which of the document's doubts, and the number.
pub type Doubtful = (usize, i64);

/// A doubtful number that does not mean the same here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// Which of the document's doubts.
    pub doubt: usize,
    /// The number.
    pub number: i64,
    /// The section whose row is not the same.
    pub section: String,
    /// Why it is not, in words.
    pub why: &'static str,
}

/// Adds the doubtful numbers of an item and its children: its row id among them, where that may be another table's.
pub fn collect(
    doubts: &[Doubt],
    shape: &Shape,
    number: Option<i64>,
    incoming: &Incoming<'_>,
    found: &mut Vec<Doubtful>,
) {
    for (at, doubt) in doubts.iter().enumerate().filter(|(_, doubt)| is_about(doubt, shape, incoming)) {
        let mut numbers = Vec::new();
        if shape.row.as_ref().is_some_and(|row| row.column == doubt.column) {
            numbers.extend(number);
        }
        if let Some(value) = incoming.values.get(&doubt.column) {
            integers_in(value, &doubt.inside(), &mut numbers);
        }
        for (_, _, json) in incoming.json.iter().filter(|(column, ..)| !doubt.raw && *column == doubt.column)
        {
            integers_at(json, doubt.path.as_deref().unwrap_or_default(), &mut numbers);
        }
        found.extend(numbers.into_iter().map(|number| (at, number)));
    }
    for (nested, children) in &incoming.children {
        for child in children {
            collect(doubts, &nested.shape, None, child, found);
        }
    }
}

/// Whether a doubt is about an item: about its table, and about what its column of kinds says, where that can be told.
fn is_about(doubt: &Doubt, shape: &Shape, incoming: &Incoming<'_>) -> bool {
    let says = |(column, value): &(String, String)| match incoming.values.get(column) {
        Some(Value::Text(text)) => text == value,
        Some(Value::Integer(number)) => number.to_string() == *value,
        Some(_) => false,
        None => true,
    };
    doubt.table == shape.table && doubt.when.as_ref().is_none_or(says)
}

/// Whether a field in which an item differs holds doubtful numbers: its own, or one of its children's.
pub fn is_about_field(doubts: &[Doubt], shape: &Shape, field: &str) -> bool {
    let name = field.split(['[', '.']).next().unwrap_or(field);
    if let Some(nested) = shape.nested.get(name) {
        let below = field.split_once("].").map(|(_, below)| below);
        return below.is_some_and(|below| is_about_field(doubts, &nested.shape, below));
    }
    let (Field::Column(column) | Field::Json(column, _)) = shape.field(name) else { return false };
    doubts.iter().any(|doubt| doubt.table == shape.table && doubt.column == column)
}

/// Answers whether doubtful numbers mean the same.
pub struct Judge<'a, 'p> {
    resolver: &'a Resolver<'p>,
    staged: &'a Staged,
    strategies: &'a Strategies,
    known: RefCell<HashMap<(String, i64), Option<&'static str>>>,
}

impl<'a, 'p> Judge<'a, 'p> {
    /// Of items that have been decided.
    pub fn new(resolver: &'a Resolver<'p>, staged: &'a Staged, strategies: &'a Strategies) -> Self {
        Self { resolver, staged, strategies, known: RefCell::default() }
    }

    /// The first reason why a doubtful number may mean something else here.
    pub fn ask(&self, (doubt, number): Doubtful, is_written: bool) -> Result<Option<Unsettled>> {
        for section in &self.resolver.metadata.doubts[doubt].sections {
            // What is there already stays what it is.
            if !is_written && self.resolver.is_unsaid(section) {
                continue;
            }
            let key = (section.clone(), number);
            let known = self.known.borrow().get(&key).copied();
            let why = match known {
                Some(why) => why,
                None => self.differs(section, number)?,
            };
            let mut known = self.known.borrow_mut();
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(key, why);
            if let Some(why) = why {
                return Ok(Some(Unsettled { doubt, number, section: section.clone(), why }));
            }
        }
        Ok(None)
    }

    /// Why the row of a section with this id is not the same thing in both databases; nothing where it is, or is in
    /// neither.
    fn differs(&self, section: &str, number: i64) -> Result<Option<&'static str>> {
        let metadata = self.resolver.metadata;
        let unsaid = Ok(Some("the document does not say what it means"));
        let Ok(shape) = self.resolver.shape(section) else { return unsaid };
        let Some(own) = &shape.row else { return unsaid };
        let wanted = Value::Integer(number);
        let there = self.resolver.target.find(&shape.table, &[(own.column.as_str(), &wanted)], 1)?.pop();
        let item = match metadata.sections.get_index_of(section) {
            Some(at) => self.resolver.items.by_number(u32::try_from(at)?, number)?,
            None => None,
        };
        if let Some(id) = item {
            return self.differs_from_item(shape, &own.column, id, number);
        }
        let witness = self.resolver.witnesses.get(&(section, number));
        Ok(match (witness, there) {
            _ if self.resolver.is_unsaid(section) => return unsaid,
            (None, None) => None,
            (None, Some(_)) => Some("it meant nothing where it was exported, and is a row here"),
            (Some(_), None) => Some("the row that it means is not here"),
            (Some(witness), Some(handle)) => {
                (!self.is_witness(shape, witness, &handle)?).then_some("it is another row here")
            }
        })
    }

    fn differs_from_item(
        &self,
        shape: &Shape,
        column: &str,
        id: i64,
        number: i64,
    ) -> Result<Option<&'static str>> {
        Ok(match self.resolver.items.state(id)? {
            State::Matched(handle) | State::Several(handle) => {
                let values = self.resolver.target.load(&shape.table, &[column], &handle)?;
                if values.is_none_or(|values| values != [Value::Integer(number)]) {
                    return Ok(Some("the row that it means has another row id here"));
                }
                let is_same = !self.resolver.metadata.by_id || self.becomes(shape, id, &handle)?;
                (!is_same).then_some("the row that it means is another one here, and stays as it is")
            }
            State::New(Some(given)) => {
                (given != number).then_some("the row that it means gets another row id here")
            }
            State::New(None) => None,
            _ => Some("the row that it means does not come in"),
        })
    }

    /// Whether a row that has the id of an item is the same thing, or comes to be it.
    fn becomes(&self, shape: &Shape, id: i64, handle: &[Value]) -> Result<bool> {
        let item = self.resolver.items.get(id)?;
        let section = self.resolver.metadata.sections.get_index(item.section as usize);
        let strategy =
            section.map(|(name, _)| self.staged.strategy_of(id, name, self.strategies)).transpose()?;
        if item.wanted == Wanted::Yes && matches!(strategy, Some(Strategy::Overwrite | Strategy::Merge)) {
            return Ok(true);
        }
        let json = serde_json::from_str(&item.json)?;
        let Ok(incoming) = super::incoming::read(shape, &json) else { return Ok(false) };
        let refers = |name: &str| incoming.plain.iter().any(|(reference, _)| reference.columns == [name]);
        let is_own = |(name, value): &(&String, &Value)| {
            **value != Value::Null && !refers(name) && !shape.key.contains(name)
        };
        let own: Vec<(&String, &Value)> = incoming.values.iter().filter(is_own).collect();
        let names: Vec<&str> = own.iter().map(|(name, _)| name.as_str()).collect();
        let table = self.resolver.target.table(&shape.table)?;
        let there = self.resolver.target.load(&shape.table, &names, handle)?.unwrap_or_default();
        let is_equal = |((name, value), there): &((&String, &Value), &Value)| {
            same(&stored(value, table.affinity(name)), there)
        };
        let equal = own.iter().copied().zip(&there).filter(is_equal).count();
        Ok(equal * 2 >= own.len())
    }

    /// Whether a row holds what a witness says.
    fn is_witness(&self, shape: &Shape, witness: &Witness, handle: &[Value]) -> Result<bool> {
        let Ok(incoming) = super::incoming::read(shape, &witness.item) else { return Ok(false) };
        let Ok(row) = self.resolver.row(shape, &incoming, &super::resolve::Row::new())? else {
            return Ok(false);
        };
        let target = self.resolver.target;
        let table = target.table(&shape.table)?;
        let names: Vec<&str> = row.keys().map(String::as_str).collect();
        let Some(there) = target.load(&shape.table, &names, handle)? else { return Ok(false) };
        let mut pairs = row.iter().zip(&there);
        Ok(!row.is_empty()
            && pairs.all(|((name, value), there)| same(&stored(value, table.affinity(name)), there)))
    }
}

/// What an import says that would write doubtful numbers which mean something else here; nothing where there are none.
pub fn refusal(outcome: &Outcome, metadata: &Metadata, database: &Path) -> Option<Fault> {
    if !outcome.added.is_empty() {
        return Some(of_triggers(outcome));
    }
    if outcome.taken.is_empty() && (outcome.unsettled.is_empty() || outcome.ignores_doubts) {
        return None;
    }
    let places: u64 = outcome.unsettled.values().map(|(_, count)| count).sum();
    let total = places + outcome.taken.values().sum::<u64>();
    let noun = if total == 1 { "number" } else { "numbers" };
    let database = database.display();
    let mut lines =
        vec![format!("{total} doubtful {noun} may mean something else in {database}; nothing was written")];
    let mut settle = Vec::new();
    for (at, (unsettled, count)) in &outcome.unsettled {
        let doubt = &metadata.doubts[*at];
        let more = if *count > 1 { format!(", and {} more", count - 1) } else { String::new() };
        let Unsettled { number, section, why, .. } = unsettled;
        lines.push(format!("{}: {number} as a row id of {section}: {why}{more}", doubt.place));
        settle.push(doubt.settle.join("  or  "));
    }
    let is_ignorable = !settle.is_empty();
    for (section, count) in &outcome.taken {
        lines.push(match count {
            1 => format!("{section}: the row id of 1 new item is that of another row"),
            more => format!("{section}: the row ids of {more} new items are those of other rows"),
        });
    }
    let fault = Fault::new(Kind::Undecided, lines.join("\n"));
    let mut hint = Vec::new();
    if is_ignorable {
        let ignore = "--doubts ignore writes the numbers as they stand";
        hint.push(format!("say what they are in larder.toml, or {ignore}:\n{}", settle.join("\n")));
    }
    if !outcome.taken.is_empty() {
        let own = outcome.taken.keys().flat_map(|section| of_row_ids(metadata, section)).collect::<Vec<_>>();
        let excluded = "--doubts ignore gives them others, --exclude leaves a section out";
        hint.push(match own.as_slice() {
            [] => excluded.to_owned(),
            own => format!(
                "say what row ids are in larder.toml where the document is exported, and export again; {excluded}:\n{}",
                own.join("\n")
            ),
        });
    }
    Some(fault.hint(hint.join("\n")))
}

/// The lines that settle what the row ids of a section are.
fn of_row_ids(metadata: &Metadata, section: &str) -> Vec<String> {
    let Some(shape) = metadata.shape(section) else { return Vec::new() };
    let is_own = |doubt: &&Doubt| {
        doubt.table == shape.table && shape.row.as_ref().is_some_and(|row| row.column == doubt.column)
    };
    metadata.doubts.iter().filter(is_own).map(|doubt| doubt.settle.join("  or  ")).collect()
}

/// What is said where triggers put in rows that the document does not have.
fn of_triggers(outcome: &Outcome) -> Fault {
    let rows = |(section, count): (&String, &u64)| {
        format!("{count} {} of {section}", if *count == 1 { "row" } else { "rows" })
    };
    let rows: Vec<String> = outcome.added.iter().map(rows).collect();
    let message = format!(
        "triggers of the database add {}, links that the document does not have; nothing was written",
        rows.join(", ")
    );
    Fault::new(Kind::Undecided, message)
        .hint("--triggers off writes what the document has, --triggers on keeps what they add")
}

impl Items {
    /// Remembers that a number of a table is held: here, or by the document.
    pub(super) fn hold(&self, table: &str, number: i64, is_here: bool) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO held(name, number, is_here) VALUES (?1, ?2, ?3)";
        self.connection().prepare_cached(sql)?.execute(params![table, number, is_here])?;
        Ok(())
    }

    /// Whether a number of a table is held by what is in the database already, and no row has it.
    pub(super) fn is_held_here(&self, table: &str, number: i64) -> Result<bool> {
        let sql = "SELECT 1 FROM held WHERE name = ?1 AND number = ?2 AND is_here";
        Ok(self.connection().prepare_cached(sql)?.exists(params![table, number])?)
    }

    /// Whether a number of a table is held by anything.
    pub(super) fn is_held(&self, table: &str, number: i64) -> Result<bool> {
        let sql = "SELECT 1 FROM held WHERE name = ?1 AND number = ?2";
        Ok(self.connection().prepare_cached(sql)?.exists(params![table, number])?)
    }

    /// Whether an item of a section may get a number: it had it where it was exported.
    pub(super) fn may_get(&self, section: &str, metadata: &Metadata, number: i64) -> Result<bool> {
        let Some((at, _, known)) = metadata.sections.get_full(section) else { return Ok(false) };
        Ok(known.shape.row.is_some() && self.by_number(u32::try_from(at)?, number)?.is_some())
    }

    /// Remembers what doubtful places of the database hold.
    pub(super) fn hold_numbers(&self, target: &Target<'_>, metadata: &Metadata) -> Result<()> {
        self.begun.borrow_mut().clear();
        self.connection().execute("DELETE FROM held WHERE is_here", [])?;
        let table_of = |section: &String| metadata.shape(section).map(|shape| shape.table.clone());
        for doubt in &metadata.doubts {
            let tables: Vec<String> = doubt.sections.iter().filter_map(table_of).collect();
            let mut numbers = Vec::new();
            target.each_value(&doubt.table, &doubt.column, doubt.when.as_ref(), |value| {
                integers_in(&value, &doubt.inside(), &mut numbers);
                for number in numbers.drain(..) {
                    tables.iter().try_for_each(|table| self.hold(table, number, true))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}
