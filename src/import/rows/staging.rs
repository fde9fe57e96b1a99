//! Rows on their way into a private file, and what does not fit.

use super::REPORT;
use crate::database::affinity::Affinity;
use crate::database::schema::{Column, Table};
use crate::database::value::Value;
use crate::document::reader::Place;
use crate::document::reader::foreign::RowSink;
use crate::problem::Problem;
use crate::progress::{Progress, go_on};
use anyhow::Result;
use rusqlite::Connection;
use std::collections::HashSet;

/// How many problems are listed.
const MOST_PROBLEMS: usize = 100;

/// Keeps rows in a private file.
pub(super) struct Staging<'a> {
    pub(super) insert: String,
    pub(super) table: &'a Table,
    pub(super) connection: &'a Connection,
    pub(super) problems: Vec<Problem>,
    pub(super) more: u64,
    /// Names that the table does not have, each of which is told once.
    pub(super) unknown: HashSet<String>,
    pub(super) rows: u64,
    pub(super) progress: &'a dyn Progress,
}

impl Staging<'_> {
    fn column(&self, name: &str) -> Option<usize> {
        let columns = &self.table.columns;
        let exact = columns.iter().position(|column| column.name == name);
        exact.or_else(|| columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)))
    }
}

/// Why a value does not fit a column, where it does not.
fn misfit(value: &Value, column: &Column) -> Option<String> {
    match (value, column.affinity()) {
        (Value::Text(text), Affinity::Integer | Affinity::Real) => {
            let is_number = text.trim().parse::<f64>().is_ok_and(f64::is_finite);
            let shown: String = text.chars().take(40).collect();
            (!is_number).then(|| format!("{shown:?} is no number, and the column is {}", column.declared))
        }
        (Value::RawText(_), _) => Some("it is no text".to_owned()),
        _ => None,
    }
}

impl RowSink for Staging<'_> {
    fn row(&mut self, cells: Vec<(String, Value)>, place: Place) -> Result<()> {
        let Place { item, line, column } = place;
        self.rows += 1;
        if self.rows.is_multiple_of(REPORT) {
            go_on(self.progress)?;
            self.progress.advance(REPORT);
        }
        let mut values = vec![None; self.table.columns.len()];
        for (name, value) in cells {
            let Some(at) = self.column(&name) else {
                if self.unknown.insert(name.clone()) {
                    let why = format!("the table {} has no such column", self.table.name);
                    self.problem(Problem::error(&format!("[{item}].{name}"), why).at(line, column))?;
                }
                continue;
            };
            let wanted = &self.table.columns[at];
            let why = match wanted.generated {
                Some(_) => Some("the column is computed: leave it out".to_owned()),
                None => misfit(&value, wanted),
            };
            match why {
                Some(why) => {
                    self.problem(Problem::error(&format!("[{item}].{name}"), why).at(line, column))?;
                }
                None => values[at] = Some(value),
            }
        }
        let given: Vec<String> =
            (0..values.len()).filter(|at| values[*at].is_some()).map(|at| at.to_string()).collect();
        let mut statement = self.connection.prepare_cached(&self.insert)?;
        statement.raw_bind_parameter(1, i64::try_from(line).unwrap_or(i64::MAX))?;
        statement.raw_bind_parameter(2, given.join(","))?;
        for (at, value) in values.into_iter().enumerate() {
            statement.raw_bind_parameter(at + 3, value.unwrap_or(Value::Null))?;
        }
        statement.raw_execute()?;
        Ok(())
    }

    fn problem(&mut self, problem: Problem) -> Result<()> {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.more += 1;
        }
        Ok(())
    }
}
