//! Whether the row ids of two databases mean the same: rows of two states of one database are matched by their ids, and
//! rows of two databases that merely count alike must not be.
//!
//! Two rows with one id agree if they are equal in a unique constraint, or in at least half of what they hold. A value
//! counts for as many bits as it is unlikely to be equal by chance, so that a title says more than a flag. Small numbers
//! (positions, ratings) count only where a row holds nothing else, and references only where it holds nothing of its own:
//! both follow the ids.

mod rows;

pub(super) use rows::is_small;

use crate::app::model::{Field, Shape};
use crate::app::{Model, SectionModel, is_place};
use crate::database::constraints::uniques;
use crate::database::quote::{identifier, user_table};
use crate::database::row_query::{Columns, RowQuery};
use crate::database::rows::Encoding;
use crate::database::schema::Tables;
use crate::database::stand_in;
use crate::database::value::Value;
use crate::error::{Fault, Kind};
use crate::progress::{Progress, Unit, go_on, step};
use anyhow::{Context, Result};
use rows::{Compared, agree};
use rusqlite::Connection;
use std::path::Path;

/// Rows between two looks at whether to stop.
const REPORT: u64 = 1024;

/// So many rows say how likely values are.
const SAMPLE: u32 = 10_000;

/// A value counts for so many bits at most: one long text that was edited is not all that a row holds.
const MOST_BITS: f64 = 4.0;

/// So many rows of a section must say something for it to be judged by itself.
const SOME_ROWS: u64 = 2;

/// How far the rows of a section agree that have one id in two databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The section.
    pub section: String,
    /// How many ids both have, of rows that hold something by which one can tell.
    pub shared: u64,
    /// How many of them are of rows that agree.
    pub agreeing: u64,
}

impl Agreement {
    /// Whether most rows agree.
    fn holds(&self) -> bool {
        self.agreeing * 2 >= self.shared
    }
}

/// How far the rows of two databases agree, of these sections of a model by id without those that are excluded, and of what
/// they refer to or may mean. A section whose ids are no numbers says by itself what its rows are, and is not judged.
pub fn agreements(
    model: &Model,
    [source, target]: [&Connection; 2],
    sections: &[String],
    exclude: &[String],
    progress: &dyn Progress,
) -> Result<Vec<Agreement>> {
    stand_in::register_collations(source)?;
    stand_in::register_collations(target)?;
    let there = Tables::read(target)?;
    let compare = || {
        let mut found = Vec::new();
        for name in concerned(model, sections, exclude) {
            let section = &model.sections[&name];
            let Some(id) = number(&section.shape) else { continue };
            let Some(table) =
                there.describe(&section.shape.table).ok().filter(|table| !table.columns.is_empty())
            else {
                continue;
            };
            let is_there = |name: &str| table.column(name).is_some() || table.rowid_name() == Some(name);
            if is_there(&id) {
                let pair = Pair { source, target, section, id: &id };
                found.push(pair.compare(&name, is_there, progress)?);
            }
        }
        Ok(found)
    };
    step(progress, "comparing ids", None, Unit::Rows, compare)
}

/// The sections in which ids do not mean the same, or all of them together.
pub fn disagreeing(agreements: &[Agreement]) -> Vec<Agreement> {
    let wrong = agreements.iter().filter(|found| found.shared >= SOME_ROWS && !found.holds());
    let mut wrong: Vec<Agreement> = wrong.cloned().collect();
    let sum = |count: fn(&Agreement) -> u64| agreements.iter().map(count).sum::<u64>();
    let all = Agreement {
        section: "all sections together".to_owned(),
        shared: sum(|found| found.shared),
        agreeing: sum(|found| found.agreeing),
    };
    if wrong.is_empty() && !all.holds() {
        wrong.push(all);
    }
    wrong
}

/// What is said where ids do not mean the same in a database; nothing where they do.
pub fn refusal(agreements: &[Agreement], database: &Path) -> Option<Fault> {
    let wrong = disagreeing(agreements);
    if wrong.is_empty() {
        return None;
    }
    let line = |found: &Agreement| {
        let Agreement { section, shared, agreeing } = found;
        let (ids, agree) =
            (if *shared == 1 { "id" } else { "ids" }, if *agreeing == 1 { "agrees" } else { "agree" });
        format!("{section}: of {shared} {ids} that both have, {agreeing} {agree}")
    };
    let lines: Vec<String> = wrong.iter().map(line).collect();
    let message = format!(
        "--by id: row ids do not mean the same rows in {}; nothing was written:\n{}",
        database.display(),
        lines.join("\n")
    );
    let hint = "without --by id, rows are matched by their keys and by what they hold; --exclude leaves a section out; \
                --force matches them by id all the same";
    Some(Fault::new(Kind::Undecided, message).hint(hint))
}

/// Sections, and those whose ids they hold or may hold.
fn concerned(model: &Model, sections: &[String], exclude: &[String]) -> Vec<String> {
    let is_named = |name: &String| exclude.iter().any(|own| own.eq_ignore_ascii_case(name));
    let is_excluded = |name: &String| {
        model
            .lineage(name)
            .any(|(name, section)| is_named(name) || section.config.group.as_ref().is_some_and(is_named))
    };
    let is_wanted = |name: &&String| model.sections.contains_key(*name) && !is_excluded(name);
    let mut all: Vec<String> = sections.iter().filter(is_wanted).cloned().collect();
    let mut at = 0;
    while at < all.len() {
        let mut targets = model.targets(&all[at]);
        let table = &model.sections[&all[at]].shape.table;
        let doubts = model.meaning.doubts.iter().filter(|doubt| doubt.table == *table);
        let meant: Vec<&String> = doubts.flat_map(|doubt| &doubt.targets).collect();
        let is_meant = |section: &SectionModel| meant.iter().any(|table| **table == section.shape.table);
        let named = model.sections.iter().filter(|(_, section)| is_meant(section));
        targets.extend(named.map(|(name, _)| name.clone()));
        let new: Vec<String> = targets.into_iter().filter(|name| !all.contains(name)).collect();
        for name in new {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        at += 1;
    }
    all
}

/// The column of an id that is one number.
fn number(shape: &Shape) -> Option<String> {
    match shape.key.as_slice() {
        [] => shape.row.as_ref().map(|row| row.column.clone()),
        [column] => Some(column.clone()),
        _ => None,
    }
}

/// The rows of a section in two databases.
struct Pair<'a> {
    source: &'a Connection,
    target: &'a Connection,
    section: &'a SectionModel,
    id: &'a str,
}

impl Pair<'_> {
    fn compare(
        &self,
        name: &str,
        is_there: impl Fn(&str) -> bool,
        progress: &dyn Progress,
    ) -> Result<Agreement> {
        let table = user_table(&self.section.shape.table);
        let condition = self.section.condition.as_deref().unwrap_or("1");
        let compared = self.columns(is_there)?;
        let uniques = self.uniques(&compared)?;
        let mut columns = Columns::default();
        columns.add(self.id);
        for column in &compared {
            columns.add(&column.name);
        }
        let query = |connection, rest: &str| {
            RowQuery::prepare(connection, &columns, &table, rest, Encoding::of(connection)?)
        };
        let mut ours = query(self.source, &format!("FROM {table} WHERE {condition}"))?;
        let mut theirs = query(self.target, &format!("FROM {table} WHERE {} = ?1", identifier(self.id)))?;
        let (mut agreement, mut rows) =
            (Agreement { section: name.to_owned(), shared: 0, agreeing: 0 }, 0_u64);
        ours.for_each(&[], |own| {
            rows += 1;
            if rows.is_multiple_of(REPORT) {
                go_on(progress)?;
            }
            let Value::Integer(id) = own[0] else { return Ok(()) };
            let mut other = None;
            theirs.for_each(&[&id], |row| {
                other = Some(row);
                Ok(())
            })?;
            let Some(other) = other else { return Ok(()) };
            let agrees = agree(&compared, &uniques, &own[1..], &other[1..]);
            agreement.shared += u64::from(agrees.is_some());
            agreement.agreeing += u64::from(agrees == Some(true));
            Ok(())
        })
        .with_context(|| format!("cannot compare the rows of {name}"))?;
        Ok(agreement)
    }

    /// The columns that both databases have, but for ids of the rows themselves.
    fn columns(&self, is_there: impl Fn(&str) -> bool) -> Result<Vec<Compared>> {
        let shape = &self.section.shape;
        let names = shape.table_columns().into_iter().filter(|name| *name != self.id && is_there(name));
        let column = |name: &str| {
            let refers = matches!(shape.field(name), Field::Reference(_));
            Ok(Compared { name: name.to_owned(), refers, bits: self.bits(name)? })
        };
        names.map(column).collect()
    }

    /// How unlikely it is that two rows are equal in a column by chance, as a number of bits.
    fn bits(&self, column: &str) -> Result<f64> {
        let (column, table) = (identifier(column), user_table(&self.section.shape.table));
        let sql = format!(
            "SELECT total(n * n) / (total(n) * total(n)) FROM (SELECT count(*) AS n FROM
             (SELECT {column} AS own FROM {table} WHERE {column} IS NOT NULL LIMIT {SAMPLE}) GROUP BY own)"
        );
        let chance: Option<f64> = self
            .source
            .query_row(&sql, [], |row| row.get(0))
            .with_context(|| format!("cannot read {column} of {table}"))?;
        Ok(chance.filter(|chance| *chance > 0.0).map_or(0.0, |chance| MOST_BITS.min(-chance.log2())))
    }

    /// What no two rows share and is their own, as places among the columns.
    fn uniques(&self, compared: &[Compared]) -> Result<Vec<Vec<usize>>> {
        let at = |name: &str| {
            let is_own = |column: &Compared| column.name == name && !column.refers && !is_place(name);
            compared.iter().position(is_own)
        };
        let all = uniques(self.source, &self.section.shape.table)?;
        Ok(all.iter().filter_map(|unique| unique.names().into_iter().map(at).collect()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_judged_by_themselves_and_all_together() {
        let found = |counts: &[(u64, u64)]| {
            let agreement = |(shared, agreeing): &(u64, u64)| Agreement {
                section: "s".into(),
                shared: *shared,
                agreeing: *agreeing,
            };
            let all: Vec<Agreement> = counts.iter().map(agreement).collect();
            refusal(&all, Path::new("b.db")).map(|fault| fault.to_string())
        };
        for counts in [&[][..], &[(0, 0)], &[(2, 1)], &[(100, 60), (1, 0)], &[(4, 2), (0, 0)]] {
            assert_eq!(found(counts), None, "{counts:?}");
        }
        for (counts, said) in [
            (&[(2, 0)][..], "s: of 2 ids that both have, 0 agree"),
            (&[(100, 100), (3, 1)], "s: of 3 ids that both have, 1 agrees"),
            (&[(1, 0), (1, 0), (1, 1)], "all sections together: of 3 ids that both have, 1 agrees"),
            (&[(1, 0)], "all sections together: of 1 id that both have, 0 agree"),
        ] {
            assert!(found(counts).is_some_and(|message| message.contains(said)), "{counts:?}");
        }
    }
}
