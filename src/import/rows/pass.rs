//! One pass over the rows of a file, in a transaction.

use super::outcome::Outcome;
use super::references::Written;
use super::spool::{Spool, SpooledRow};
use super::writer::{Fate, Writer};
use super::{MOST_PROBLEMS, REPORT};
use crate::database::value::Value;
use crate::database::write_limits::Steps;
use crate::document::reader::Place;
use crate::problem::{Problem, Problems};
use crate::progress::{Progress, go_on};
use anyhow::Result;
use std::collections::BTreeSet;

/// Rows that earlier passes found they have to do without.
#[derive(Debug)]
pub(super) struct LeftOut {
    items: BTreeSet<u64>,
    pub problems: Problems,
}

impl Default for LeftOut {
    fn default() -> Self {
        Self { items: BTreeSet::new(), problems: Problems::new(MOST_PROBLEMS) }
    }
}

impl LeftOut {
    /// One more row, and why.
    pub fn add(&mut self, place: Place, path: &str, why: String) {
        if self.items.insert(place.item) {
            self.problems.add(problem(place, path, why));
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }
}

/// One pass over the rows.
pub(super) struct Pass<'p> {
    pub left_out: &'p mut LeftOut,
    /// Remembers which rows were written, where that is wanted.
    pub written: Option<&'p Written>,
    pub outcome: Outcome,
}

/// A problem with a row.
fn problem(place: Place, path: &str, why: String) -> Problem {
    Problem::error(&format!("[{}]{path}", place.item), why).at(place.line, place.column)
}

impl Pass<'_> {
    /// Writes all rows. Where one took back everything, the pass ends there.
    pub fn run(
        &mut self,
        spool: &Spool,
        writer: &mut Writer<'_>,
        steps: &Steps,
        progress: &dyn Progress,
    ) -> Result<()> {
        let mut rows = spool.read()?;
        let mut done = 0;
        while let Some(row) = rows.next()? {
            done += 1;
            if done % REPORT == 0 {
                go_on(progress)?;
                progress.advance(REPORT);
            }
            if self.left_out.items.contains(&row.place.item) {
                continue;
            }
            steps.begin();
            self.row(&row, writer)?;
            if writer.connection.is_autocommit() {
                break;
            }
        }
        Ok(())
    }

    fn row(&mut self, row: &SpooledRow<'_>, writer: &mut Writer<'_>) -> Result<()> {
        let mut values = vec![None; writer.table.columns.len()];
        for cell in row.cells() {
            let (at, value) = cell?;
            values[at] = Some(value);
        }
        let fate = writer.write(&mut values)?;
        let counts = &mut self.outcome.counts;
        match fate {
            Fate::New => {
                counts.new += 1;
                self.note(&Value::Integer(writer.connection.last_insert_rowid()), row.place, writer)?;
            }
            Fate::Overwritten(handle) => {
                counts.overwritten += 1;
                self.note(handle.first().unwrap_or(&Value::Null), row.place, writer)?;
            }
            Fate::Same => counts.same += 1,
            Fate::Skipped => counts.skipped += 1,
            Fate::Conflict(why) => self.outcome.conflicts.add(problem(row.place, "", why)),
            Fate::Rejected(rejection) if rejection.is_unclean || writer.connection.is_autocommit() => {
                self.left_out.add(row.place, "", rejection.why);
            }
            Fate::Rejected(rejection) => {
                counts.rejected += 1;
                self.outcome.problems.add(problem(row.place, "", rejection.why));
            }
        }
        Ok(())
    }

    /// Remembers what row of the table a row of the file became.
    fn note(&self, rowid: &Value, place: Place, writer: &Writer<'_>) -> Result<()> {
        self.written.map_or(Ok(()), |written| written.add(writer.connection, rowid, place))
    }
}
