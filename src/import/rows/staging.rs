//! Rows on their way into a private file, and what does not fit.

use super::REPORT;
use crate::database::affinity::{Affinity, number_of};
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
        (Value::RawText(_), _) => Some("it is no text".to_owned()),
        (Value::Text(text), affinity @ (Affinity::Integer | Affinity::Real | Affinity::Numeric)) => {
            let why = unlike_number(text.trim(), affinity)?;
            let shown: String = text.chars().take(40).collect();
            Some(format!("{shown:?} {why}, and the column is {}", column.declared))
        }
        (Value::Integer(number), Affinity::Real) => changes_as_real(*number).then(|| {
            format!(
                "{number} has more digits than a real number keeps, and the column is {}",
                column.declared
            )
        }),
        _ => None,
    }
}

/// Why a column of numbers refuses a text or would change it, where it does.
fn unlike_number(text: &str, affinity: Affinity) -> Option<&'static str> {
    let Some(number) = number_of(text) else {
        // NUMERIC is also the affinity of dates and of types that SQLite does not know, where text stays text.
        return (affinity != Affinity::Numeric).then_some("is no number");
    };
    let digits = text.trim_start_matches(['+', '-']);
    let is_integer = digits.bytes().all(|byte| byte.is_ascii_digit());
    match number {
        Value::Real(real) if !real.is_finite() => Some("is no number"),
        _ if digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit() => {
            Some("would lose its leading zeros")
        }
        Value::Real(_) if is_integer => Some("does not fit into 64 bits"),
        Value::Real(_) if affinity != Affinity::Real && text.contains(['e', 'E']) => {
            Some("may have lost digits in a spreadsheet")
        }
        Value::Integer(number) if affinity == Affinity::Real && changes_as_real(number) => {
            Some("has more digits than a real number keeps")
        }
        _ => None,
    }
}

/// Whether a real number cannot hold an integer.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "what is lost is the question"
)]
fn changes_as_real(number: i64) -> bool {
    i128::from(number) != (number as f64) as i128
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
                None if values[at].is_some() => {
                    Some(format!("another name in the row also means the column {}", wanted.name))
                }
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
