//! Rows whose place is not free yet: unique values that swap places.
//!
//! What another row has is waited for until all else is written. Where rows wait for each other in a circle, their values
//! are parked: each gets one that no row has, and then its own.

use super::clash::Path;
use super::resolve::Row;
use super::target::Handle;
use super::write::Writer;
use crate::database::value::Value;
use crate::error::sqlite_extended_code;
use anyhow::{Context, Result};

/// Something that could not be written yet.
#[derive(Debug)]
pub struct Deferred {
    /// The item that it is of.
    pub item: i64,
    /// Whether it is the item's own row, and not one of its children.
    pub is_item: bool,
    /// Where the child is below the item.
    pub path: Path,
    /// The table.
    pub table: String,
    /// What is to be done.
    pub operation: Operation,
    /// Why it could not be done.
    pub why: String,
}

impl Deferred {
    /// Whether a row is to be changed.
    pub fn is_update_of(&self, table: &str, handle: &Handle) -> bool {
        matches!(&self.operation, Operation::Update(_, own) if own == handle && self.table == table)
    }

    /// Whether a row is to be put in.
    pub fn is_insert(&self) -> bool {
        matches!(self.operation, Operation::Insert(_))
    }
}

/// An item that came in late, and its row.
pub type Arrived = (i64, Handle);

/// Something to be done with a row.
#[derive(Debug)]
pub enum Operation {
    /// It is put in.
    Insert(Row),
    /// Columns of it get other values.
    Update(Vec<(String, Value)>, Handle),
}

/// Whether a row could not be written because another has what must be unique.
pub fn is_unique(error: &anyhow::Error) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE};
    let code = error.chain().find_map(|cause| cause.downcast_ref().and_then(sqlite_extended_code));
    let uniques = [SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE];
    code.is_some_and(|code| uniques.contains(&code))
}

/// What SQLite says of it.
pub fn reason(error: &anyhow::Error) -> String {
    let said = error.chain().find_map(|cause| cause.downcast_ref::<rusqlite::Error>());
    said.map_or_else(|| error.to_string(), ToString::to_string)
}

impl Writer<'_, '_> {
    /// Writes what had to wait. Gives back the rows of items that came in by that, and what cannot be written.
    pub fn write_deferred(&self) -> Result<(Vec<Arrived>, Vec<Deferred>)> {
        let mut waiting = self.deferred.take();
        let mut done = Vec::new();
        self.retry(&mut waiting, &mut done, 10)?;
        if waiting.is_empty() {
            return Ok((done, waiting));
        }
        self.park(&waiting)?;
        self.retry(&mut waiting, &mut done, usize::MAX)?;
        Ok((done, waiting))
    }

    /// Tries all that waits, for as long as one of so many gets through.
    fn retry(&self, waiting: &mut Vec<Deferred>, done: &mut Vec<Arrived>, of: usize) -> Result<()> {
        loop {
            let before = waiting.len();
            let mut left = Vec::new();
            for mut deferred in waiting.drain(..) {
                match self.attempt(&deferred) {
                    Ok(handle) => {
                        let items = self.comparer.decider.resolver.items;
                        if let Some(handle) = handle.as_ref().filter(|_| !deferred.is_item) {
                            items.set_member(&deferred.table, deferred.item, &deferred.path, handle)?;
                        }
                        done.extend(
                            handle.filter(|_| deferred.is_item).map(|handle| (deferred.item, handle)),
                        );
                    }
                    Err(error) if is_unique(&error) => {
                        deferred.why = reason(&error);
                        left.push(deferred);
                    }
                    Err(error) => return Err(error),
                }
            }
            *waiting = left;
            // Where little comes of it, each waits for the next: they are rather parked.
            if waiting.is_empty() || waiting.len() > before - before.div_ceil(of) {
                return Ok(());
            }
        }
    }

    fn attempt(&self, deferred: &Deferred) -> Result<Option<Handle>> {
        let target = self.comparer.decider.resolver.target;
        match &deferred.operation {
            Operation::Insert(row) => target.insert(&deferred.table, row).map(Some),
            Operation::Update(sets, handle) => {
                let sets: Vec<(&str, &Value)> =
                    sets.iter().map(|(name, value)| (name.as_str(), value)).collect();
                target.update(&deferred.table, &sets, handle).map(|()| None)
            }
        }
    }

    /// Gives rows that wait for each other values that no row has. They may be no values that a CHECK allows: each row
    /// gets its own before anything is kept.
    fn park(&self, waiting: &[Deferred]) -> Result<()> {
        let target = self.comparer.decider.resolver.target;
        target.connection.pragma_update(None, "ignore_check_constraints", true)?;
        let parked = waiting.iter().enumerate().try_for_each(|(at, deferred)| -> Result<()> {
            let Operation::Update(sets, handle) = &deferred.operation else { return Ok(()) };
            let table = target.table(&deferred.table)?;
            let is_unique = |name: &str| {
                let mut uniques = table.uniques.iter();
                uniques.any(|unique| unique.names().contains(&name))
            };
            let has_named = sets.iter().any(|(name, _)| is_unique(name));
            let mut values: Vec<(&str, Value)> = Vec::new();
            for (name, value) in sets {
                // Where no plain constraint has one of them, an index over an expression may have any.
                if *value != Value::Null && (is_unique(name) || !has_named) {
                    values.push((name, parked(value, at)));
                }
            }
            let values: Vec<(&str, &Value)> = values.iter().map(|(name, value)| (*name, value)).collect();
            if values.is_empty() {
                return Ok(());
            }
            target.update(&deferred.table, &values, handle)
        });
        target.connection.pragma_update(None, "ignore_check_constraints", false)?;
        parked.context("values that swap places cannot be parked")
    }
}

/// A value of the same type that no row has.
fn parked(value: &Value, at: usize) -> Value {
    /// Far from whatever an application counts.
    const FAR: i64 = -0x6c61_7264_6572_0000;
    let at = i64::try_from(at).unwrap_or(i64::MAX / 2);
    match value {
        Value::Integer(_) => Value::Integer(FAR + at),
        #[expect(clippy::cast_precision_loss, reason = "it is only to be another for each")]
        Value::Real(_) => Value::Real(-1e300 * (1.0 + at as f64 * 1e-12)),
        Value::Blob(_) => Value::Blob(format!("\u{1}parked {at}").into_bytes()),
        _ => Value::Text(format!("\u{1}parked {at}")),
    }
}
