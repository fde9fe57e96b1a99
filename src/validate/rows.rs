//! Rows of a full document, against the schema that it brings along.

use super::Checker;
use super::model::SectionModel;
use crate::database::value::Value;
use crate::document::reader::Place;
use crate::problem::Problem;
use anyhow::Result;

impl Checker<'_> {
    /// Where a column of a row begins: of CSV its cell, else the row.
    fn column(&self, place: Place, at: Option<usize>) -> u64 {
        at.and_then(|at| self.cells.get(at).copied()).unwrap_or(place.column)
    }

    /// Looks at a row: its values, its keys, and what it refers to.
    pub(super) fn check_row(
        &mut self,
        section: &SectionModel,
        name: &str,
        rowid: Option<i64>,
        values: &[Value],
        place: Place,
    ) -> Result<()> {
        let path = |column: &str| format!("data.{name}[{}].{column}", place.item);
        for (at, (column, value)) in section.columns.iter().zip(values).enumerate() {
            if let Some((severity, why)) = column.refuses(value) {
                let found = Problem::new(severity, &path(&column.name), why);
                self.problems.add(found.at(place.line, self.column(place, Some(at))));
            }
        }
        for unique in &section.uniques {
            let Some(key) = unique.key(rowid, values) else { continue };
            if let Some(earlier) = self.keys.taken(unique.number, &key, place)? {
                let message = format!(
                    "{} is that of data.{name}[{}] on line {} too, and must be unique",
                    unique.name, earlier.item, earlier.line
                );
                let found = Problem::error(&path(&unique.name), message);
                self.problems.add(found.at(place.line, self.column(place, unique.first())));
            }
        }
        for target in &section.targets {
            if let Some(key) = target.key(rowid, values) {
                self.keys.add_target(target.number, &key)?;
            }
        }
        for (number, reference) in &section.references {
            if let Some(key) = reference.key(rowid, values) {
                let place = Place { column: self.column(place, reference.first()), ..place };
                self.keys.add_reference(reference.number, *number, &key, place, None)?;
            }
        }
        Ok(())
    }
}
