//! References that dangle: they hold a row id that no row has, and must lead to nothing here too, now and later.

use super::incoming;
use super::resolve::{Link, Resolver, Row};
use crate::database::quote::{identifier, user_table};
use crate::database::value::Value;
use crate::document::envelope::Witness;
use anyhow::{Context, Result};
use rusqlite::{OptionalExtension, params};
use serde_json::Value as Json;

impl Resolver<'_> {
    /// The row id that a dangling reference holds here: its own where no row has that, else another that no row has and
    /// that the database will not give.
    pub(super) fn resolve_dangling(&self, section: &str, to: &str, number: &Json) -> Result<Link> {
        let Some(number) = number.as_i64() else {
            return Ok(Link::Missing(format!("{number} is no row id")));
        };
        let key = (section.to_owned(), number);
        if let Some(known) = self.dangling.borrow().get(&key) {
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
            chosen = self.free_below(table, to, is_taken)?;
        }
        self.dangling.borrow_mut().insert(key, chosen);
        Ok(Link::Values(vec![Value::Integer(chosen)]))
    }

    /// What a row is here that is no item, and whose row id is all that is known of it: the one that a witness tells, or else
    /// nothing.
    pub(super) fn resolve_row(&self, section: &str, to: &str, number: i64) -> Result<Link> {
        let is_it = |witness: &&Witness| witness.section == section && witness.row == number;
        let Some(witness) = self.metadata.witnesses.iter().find(is_it) else {
            return self.resolve_dangling(section, to, &Json::from(number));
        };
        let shape = self.shape(section)?;
        let missing = || {
            Link::Missing(format!("{section} {} is not in the database", Json::from(witness.item.clone())))
        };
        let Ok(incoming) = incoming::read(shape, &witness.item) else { return Ok(missing()) };
        let Ok(row) = self.row(shape, &incoming, &Row::new())? else { return Ok(missing()) };
        let wanted: Vec<(&str, &Value)> = row.iter().map(|(name, value)| (name.as_str(), value)).collect();
        match self.target.find(&shape.table, &wanted, 2)?.as_slice() {
            [handle] => Ok(self.target.load(&shape.table, &[to], handle)?.map_or_else(missing, Link::Values)),
            _ => Ok(missing()),
        }
    }

    /// The largest number below those of a table's rows that no row has and nothing else dangles by: SQLite does not give
    /// it again.
    fn free_below(&self, table: &str, to: &str, is_taken: impl Fn(i64) -> Result<bool>) -> Result<i64> {
        let (column, name) = (identifier(to), user_table(table));
        let gap = format!(
            "SELECT max(a.{column}) - 1 FROM {name} AS a WHERE a.{column} > 2 AND a.{column} <= ?1
             AND NOT EXISTS (SELECT 1 FROM {name} AS b WHERE b.{column} = a.{column} - 1)"
        );
        let is_used = |number: i64| self.dangling.borrow().values().any(|used| *used == number);
        let mut below = i64::MAX;
        loop {
            let mut statement = self.target.connection.prepare_cached(&gap)?;
            let found: Option<i64> =
                statement.query_row(params![below], |row| row.get(0)).optional()?.flatten();
            let Some(found) = found else { break };
            if !is_used(found) && !is_taken(found)? && !self.items.is_held(table, found)? {
                return Ok(found);
            }
            below = found;
        }
        let mut negative = -2_i64;
        while is_used(negative) || is_taken(negative)? {
            negative = negative.checked_sub(1).context("there is no number left that no row has")?;
        }
        Ok(negative)
    }
}
