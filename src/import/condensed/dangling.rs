//! References that dangle: they hold a row id that no row has, and must lead to nothing here too, now and later.

use super::incoming;
use super::resolve::{Link, Resolver, Row};
use crate::database::quote::{identifier, user_table};
use crate::database::value::Value;
use anyhow::{Context, Result};
use rusqlite::{OptionalExtension, params};
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};

/// The row ids that dangling references hold here.
#[derive(Debug, Default)]
pub struct Dangling {
    /// By the section and the number that they held there.
    known: HashMap<(String, i64), i64>,
    /// By the table.
    used: HashSet<(String, i64)>,
    /// Where the search for the next one of a table goes on.
    next: HashMap<String, Next>,
}

/// Where to look for a number that no row has: each is looked at once.
#[derive(Debug, Clone, Copy)]
enum Next {
    /// Below a row with at most this number.
    Below(i64),
    /// From this negative number down.
    Negative(i64),
}

impl Resolver<'_> {
    /// The row id that a dangling reference holds here: its own where no row has that, else another that no row has and
    /// that the database will not give.
    pub(super) fn resolve_dangling(&self, section: &str, to: &str, number: &Json) -> Result<Link> {
        let Some(number) = number.as_i64() else {
            // What is no row id leads to nothing anywhere.
            return Ok(match incoming::value(number) {
                Ok(value) => Link::Values(vec![value]),
                Err(why) => Link::Missing(why),
            });
        };
        let key = (section.to_owned(), number);
        if let Some(known) = self.dangling.borrow().known.get(&key) {
            return Ok(Link::Values(vec![Value::Integer(*known)]));
        }
        let table = &self.shape(section)?.table;
        let is_taken = |number: i64| -> Result<bool> {
            Ok(!self.target.find(table, &[(to, &Value::Integer(number))], 1)?.is_empty()
                || self.items.may_get(section, self.metadata, number)?)
        };
        let mut chosen = number;
        if is_taken(number)? {
            // What means none means it everywhere.
            if matches!(number, 0 | -1) {
                return Ok(Link::Missing(format!(
                    "{number} means none there, and is a row of {section} here"
                )));
            }
            chosen = self.free(table, to, is_taken)?;
        }
        let mut dangling = self.dangling.borrow_mut();
        dangling.used.insert((table.clone(), chosen));
        dangling.known.insert(key, chosen);
        Ok(Link::Values(vec![Value::Integer(chosen)]))
    }

    /// What a row is here that is no item, and whose row id is all that is known of it: the one that a witness tells, or else
    /// nothing.
    pub(super) fn resolve_row(&self, section: &str, to: &str, number: i64) -> Result<Link> {
        if self.is_unsaid(section) {
            let what = format!("the document does not say what row {number} of {section} was");
            return Ok(Link::Missing(what));
        }
        let Some(witness) = self.witnesses.get(&(section, number)) else {
            return self.resolve_dangling(section, to, &Json::from(number));
        };
        let shape = self.shape(section)?;
        let missing = || {
            Link::Missing(format!("{section} {} is not in the database", Json::from(witness.item.clone())))
        };
        let Ok(incoming) = incoming::read(shape, &witness.item) else { return Ok(missing()) };
        let Ok(row) = self.row(shape, &incoming, &Row::new())? else { return Ok(missing()) };
        if row.is_empty() {
            return Ok(missing());
        }
        let wanted: Vec<(&str, &Value)> = row.iter().map(|(name, value)| (name.as_str(), value)).collect();
        match self.target.find(&shape.table, &wanted, 2)?.as_slice() {
            [handle] => Ok(self.target.load(&shape.table, &[to], handle)?.map_or_else(missing, Link::Values)),
            _ => Ok(missing()),
        }
    }

    /// Whether the document does not say what the row ids of a section mean.
    pub(super) fn is_unsaid(&self, section: &str) -> bool {
        self.metadata.unwitnessed.iter().any(|name| name == section)
            || self.shape(section).map_or(true, |shape| shape.row.is_none())
    }

    /// The largest number below those of a table's rows that no row has and nothing else holds: SQLite does not give it
    /// again.
    fn free(&self, table: &str, to: &str, is_taken: impl Fn(i64) -> Result<bool>) -> Result<i64> {
        let next = self.dangling.borrow().next.get(table).copied();
        let mut next = next.unwrap_or(Next::Below(i64::MAX));
        loop {
            let candidate = match next {
                Next::Below(below) => {
                    let Some(gap) = self.gap_below(table, to, below)? else {
                        next = Next::Negative(-2);
                        continue;
                    };
                    next = Next::Below(gap);
                    gap
                }
                Next::Negative(number) => {
                    let further = number.checked_sub(1).context("there is no number left that no row has")?;
                    next = Next::Negative(further);
                    number
                }
            };
            let is_used = self.dangling.borrow().used.contains(&(table.to_owned(), candidate));
            if !is_used && !is_taken(candidate)? && !self.items.is_held(table, candidate)? {
                self.dangling.borrow_mut().next.insert(table.to_owned(), next);
                return Ok(candidate);
            }
        }
    }

    /// The number just below the largest row with at most this number that has none there.
    fn gap_below(&self, table: &str, to: &str, below: i64) -> Result<Option<i64>> {
        let (column, name) = (identifier(to), user_table(table));
        let gap = format!(
            "SELECT a.{column} - 1 FROM {name} AS a WHERE a.{column} > 2 AND a.{column} <= ?1
             AND NOT EXISTS (SELECT 1 FROM {name} AS b WHERE b.{column} = a.{column} - 1)
             ORDER BY a.{column} DESC LIMIT 1"
        );
        let mut statement = self.target.connection.prepare_cached(&gap)?;
        Ok(statement.query_row(params![below], |row| row.get(0)).optional()?)
    }
}
