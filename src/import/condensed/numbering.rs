//! The row ids that new rows get: none that anything holds already, here or in the document, although no row has it.

use super::items::Items;
use super::late::FARTHEST;
use super::target::Target;
use crate::app::meaning::{Meaning, Place};
use crate::app::model::Shape;
use crate::database::quote::{identifier, literal, user_table};
use crate::database::value::{Borrowed, Value};
use crate::document::envelope::Metadata;
use crate::document::places::integers_in;
use anyhow::Result;
use rusqlite::params;

impl Items {
    /// Lets the numbers of new rows of a table begin above those of its rows and its items, and above those near them that
    /// are held: by references that dangle and by doubtful places, here or in the document.
    pub(super) fn begin_numbers(
        &self,
        target: &Target<'_>,
        metadata: &Metadata,
        shape: &Shape,
    ) -> Result<()> {
        let table = &shape.table;
        if !self.begun.borrow_mut().insert(table.clone()) {
            return Ok(());
        }
        let described = target.table(table)?;
        let own = shape.row.as_ref().map(|row| row.column.as_str()).or_else(|| described.numbered());
        let Some(column) = own else { return Ok(()) };
        for section in metadata.sections.values() {
            self.hold_dangling(target, metadata, &section.shape, table)?;
        }
        if let Some(meaning) = self.meaning.borrow().as_ref() {
            self.hold_unused(target, meaning, table, column)?;
        }
        let section = metadata.sections.values().position(|section| section.shape.table == *table);
        let items: i64 = match section.filter(|_| shape.row.is_some()) {
            Some(section) => self.connection().query_row(
                "SELECT ifnull(max(number), 0) FROM item WHERE section = ?1",
                [i64::try_from(section)?],
                |row| row.get(0),
            )?,
            None => 0,
        };
        let base = self.above_held(table, described.largest_of(target.connection, column)?.max(items))?;
        let begun = *described.next.borrow();
        described.next.replace(Some(begun.map_or(base, |begun| begun.max(base))));
        Ok(())
    }

    /// The first number from `base` on that is above all near it that are held.
    fn above_held(&self, table: &str, mut base: i64) -> Result<i64> {
        // Numbers that are farther away are not reached.
        let reach = i64::try_from(self.len()?)?.saturating_mul(FARTHEST).saturating_add(FARTHEST);
        loop {
            let sql = "SELECT ifnull(max(number), 0) FROM held WHERE name = ?1 AND number <= ?2";
            let values = params![table, base.saturating_add(reach)];
            let held: i64 = self.connection().query_row(sql, values, |row| row.get(0))?;
            if held <= base {
                return Ok(base);
            }
            base = held;
        }
    }

    /// Remembers the numbers by which what the document knows as references to a table dangle in the database.
    fn hold_dangling(
        &self,
        target: &Target<'_>,
        metadata: &Metadata,
        shape: &Shape,
        table: &str,
    ) -> Result<()> {
        for reference in shape.references.values().filter(|reference| !reference.plain) {
            let ([column], [to]) = (reference.columns.as_slice(), reference.to.as_slice()) else { continue };
            let Some(parent) = metadata.shape(&reference.section).filter(|parent| parent.table == table)
            else {
                continue;
            };
            for value in target.dangling([&shape.table, column], [&parent.table, to])? {
                if let Value::Integer(number) = value {
                    self.hold(table, number, true)?;
                }
            }
        }
        let mut children = shape.nested.values();
        children.try_for_each(|nested| self.hold_dangling(target, metadata, &nested.shape, table))
    }

    /// Remembers the numbers that places in the database hold which may be row ids of a table, and that no row of it has.
    fn hold_unused(&self, target: &Target<'_>, meaning: &Meaning, table: &str, key: &str) -> Result<()> {
        let references = meaning.references.iter().filter(|reference| reference.columns.len() == 1);
        let references = references.filter(|reference| reference.target == table);
        let references = references
            .map(|reference| (&reference.table, &reference.columns[0], &reference.place, &reference.when));
        let doubts = meaning.doubts.iter().filter(|doubt| doubt.targets.contains(table));
        let doubts = doubts.map(|doubt| (&doubt.table, &doubt.column, &doubt.place, &doubt.when));
        for (own, column, place, when) in references.chain(doubts) {
            if *place == Place::Whole {
                for value in target.dangling([own, column], [table, key])? {
                    let mut numbers = Vec::new();
                    integers_in(&value, place, &mut numbers);
                    numbers.into_iter().try_for_each(|number| self.hold(table, number, true))?;
                }
                continue;
            }
            let mut numbers = Vec::new();
            target.each_value(own, column, when.as_ref(), |value| {
                integers_in(&value, place, &mut numbers);
                numbers.drain(..).try_for_each(|number| self.hold(table, number, true))
            })?;
        }
        Ok(())
    }
}

impl Target<'_> {
    /// Calls a function with the different values of a column, of the rows of a kind where that is said; with none where the
    /// database lacks it.
    pub(super) fn each_value(
        &self,
        table: &str,
        column: &str,
        when: Option<&(String, String)>,
        mut each: impl FnMut(Value) -> Result<()>,
    ) -> Result<()> {
        let Ok(described) = self.table(table) else { return Ok(()) };
        let has = |column: &str| described.table.column(column).is_some();
        if !has(column) {
            return Ok(());
        }
        let when = when.filter(|(kind, _)| has(kind));
        let when =
            when.map(|(kind, value)| format!(" AND CAST({} AS TEXT) = {}", identifier(kind), literal(value)));
        let column = identifier(column);
        let sql = format!(
            "SELECT DISTINCT {column} FROM {} WHERE {column} IS NOT NULL{}",
            user_table(table),
            when.unwrap_or_default()
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(Borrowed::of(row.get_ref(0)?).into())?;
        }
        Ok(())
    }
}
