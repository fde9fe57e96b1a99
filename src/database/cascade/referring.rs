//! Finds the rows that refer to another by a foreign key, as SQLite compares them when it deletes: by the collation of the
//! column that is referred to, and by what the column that refers makes of values; the other column has no say in that,
//! unless it is the rowid.
//!
//! Where the schema has no index that serves, searching for many costs their number times the size of the table. So it
//! is watched what searches cost, and once that is too much, an index is made in a temporary table, which temporary
//! triggers (they run even where the schema's own are off) keep complete. What it finds is looked at once more in the table,
//! so that it may hold rows that are gone.

use super::Known;
use crate::database::affinity::Affinity;
use crate::database::constraints::Unique;
use crate::database::quote::{identifier, literal};
use crate::database::schema::{Column, Rowid, Table};
use crate::database::temporary::TempTable;
use crate::database::value::Value;
use anyhow::{Context, Result};
use rusqlite::Connection;

/// What a search may cost, in steps of SQLite's machine: so much, and so much more for each row that it finds.
const FAIR: i64 = 40;

/// A foreign key by which rows lose something when another is deleted.
pub(super) struct Referring {
    /// The place of the table that has it.
    pub child: usize,
    /// What rows lose; without it, they go.
    pub clear: Option<Clear>,
    /// What searches have cost beyond what is fair.
    pub wasted: i64,
    columns: Vec<String>,
    /// What they are compared with.
    to: Vec<String>,
    /// The columns of an index, as they are declared.
    declared: Vec<String>,
    /// Its number among all foreign keys.
    number: usize,
    /// The index, once there is one.
    index: Option<TempTable>,
}

/// How a reference is cleared.
#[derive(Clone)]
pub(super) struct Clear {
    /// The assignments.
    pub set: String,
    /// The condition that it is not.
    pub refers: String,
}

impl Clear {
    /// Columns that become NULL.
    pub fn to_null(columns: &[&Column]) -> Self {
        Self::to(columns, |_| "NULL".to_owned())
    }

    /// Columns that become what they are when nobody says what.
    pub fn to_default(columns: &[&Column]) -> Self {
        Self::to(columns, default_sql)
    }

    fn to(columns: &[&Column], value: impl Fn(&Column) -> String) -> Self {
        let each = |format: &dyn Fn(String, String) -> String, between: &str| {
            let parts = columns.iter().map(|column| format(identifier(&column.name), value(column)));
            parts.collect::<Vec<_>>().join(between)
        };
        let set = each(&|name, value| format!("{name} = {value}"), ", ");
        Self { set, refers: format!("({})", each(&|name, value| format!("{name} IS NOT {value}"), " OR ")) }
    }
}

/// The default of a column as an expression. Names stand for themselves there, as texts.
fn default_sql(column: &Column) -> String {
    const WORDS: [&str; 6] = ["null", "true", "false", "current_time", "current_date", "current_timestamp"];
    let Some(default) = &column.default else { return "NULL".to_owned() };
    let is_name = default.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$')
        && !default.starts_with(|c: char| c.is_ascii_digit())
        && !WORDS.iter().any(|word| default.eq_ignore_ascii_case(word));
    if is_name {
        return literal(default);
    }
    match default.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(text) if !text.replace("\"\"", "").contains('"') => literal(&text.replace("\"\"", "\"")),
        _ => format!("({default})"),
    }
}

impl Referring {
    /// A foreign key, by its number among all. Its columns refer to those of `parent`, which `uniques` make unique.
    pub fn new(
        number: usize,
        (child, columns): (usize, &[&Column]),
        (parent, to): (&Table, &[&Column]),
        uniques: &[Unique],
        clear: Option<Clear>,
    ) -> Self {
        let is_rowid = |to: &Column| matches!(&parent.rowid, Rowid::Column(name) if *name == to.name);
        let declared = columns.iter().zip(to).enumerate().map(|(at, (column, to))| {
            let other = if is_rowid(to) { Affinity::Integer } else { Affinity::Blob };
            let collation = identifier(collation(to, uniques));
            format!("p{at} {} COLLATE {collation}", common(column.affinity(), other))
        });
        let left =
            |to: &&Column| format!("{}p.{}", if is_rowid(to) { "" } else { "+" }, identifier(&to.name));
        Self {
            child,
            clear,
            wasted: 0,
            columns: columns.iter().map(|column| identifier(&column.name)).collect(),
            to: to.iter().map(left).collect(),
            declared: declared.collect(),
            number,
            index: None,
        }
    }

    /// The query for what finds the rows that refer to a row again.
    pub fn query(&self, parent: &Known, child: &Known, handle: &[Value]) -> String {
        // The parent's column stands on the left, so that its collation is the one that counts.
        let equal = |other: &dyn Fn(usize) -> String| {
            let part = |(at, to): (usize, &String)| format!("{to} = {}", other(at));
            self.to.iter().enumerate().map(part).collect::<Vec<_>>().join(" AND ")
        };
        let mut from = format!("{} AS p", parent.name());
        let mut conditions =
            vec![parent.handle.is("p", handle, 0), equal(&|at| format!("c.{}", self.columns[at]))];
        if let Some(index) = &self.index {
            from.push_str(&format!(" CROSS JOIN {index} AS i"));
            conditions.push(equal(&|at| format!("i.p{at}")));
            conditions.push(child.handle.joins("c", "i"));
        }
        let own = if child.handle.exists() { child.handle.of_row("c") } else { "1".to_owned() };
        let conditions = conditions.join(" AND ");
        format!("SELECT {own} FROM {from} CROSS JOIN {} AS c WHERE {conditions}", child.name())
    }

    /// Counts what a search has cost that found so many rows.
    pub fn count(&mut self, steps: i32, found: usize) {
        let fair = FAIR * (i64::try_from(found).unwrap_or(i64::MAX).saturating_add(1));
        self.wasted = self.wasted.saturating_add((i64::from(steps) - fair).max(0));
    }

    /// Whether there is an index for the searches.
    pub fn is_indexed(&self) -> bool {
        self.index.is_some()
    }

    /// Makes an index of the table.
    pub fn make_index(&mut self, connection: &Connection, child: &Known) -> Result<()> {
        if !child.handle.exists() {
            return Ok(());
        }
        let numbered = |letter: char, count: usize| (0..count).map(move |at| format!("{letter}{at}"));
        let (parts, handles) = (self.columns.len(), child.handle.columns().len());
        let declared: Vec<String> = self.declared.iter().cloned().chain([child.handle.declared()]).collect();
        let of = |row: &str| {
            let columns = self.columns.iter().chain(child.handle.columns());
            columns.map(|column| format!("{row}{column}")).collect::<Vec<_>>().join(", ")
        };
        let join = |letter, count| numbered(letter, count).collect::<Vec<_>>().join(", ");
        let same = |row: &str| {
            let pairs = child.handle.columns().iter().enumerate();
            pairs.map(|(at, own)| format!("h{at} = {row}.{own}")).collect::<Vec<_>>().join(" AND ")
        };
        let make = || -> Result<TempTable> {
            let purpose = format!("referring {}", self.number);
            let index = TempTable::create(connection, &purpose, &format!("({})", declared.join(", ")))?;
            let table = child.name();
            connection.execute_batch(&format!("INSERT INTO {index} SELECT {} FROM {table}", of("")))?;
            index.index(connection, &join('p', parts))?;
            index.index(connection, &join('h', handles))?;
            for (event, row) in [("INSERT", "new"), ("UPDATE", "old")] {
                let (own, same, new) = (index.unqualified(), same(row), of("new."));
                let statements = format!("DELETE FROM {own} WHERE {same}; INSERT INTO {own} VALUES ({new});");
                index.follow(connection, event, &table, &statements)?;
            }
            Ok(index)
        };
        self.index = Some(make().with_context(|| format!("cannot index {}", child.table.name))?);
        Ok(())
    }
}

/// The type of a column that makes of values what comparing two columns makes of them.
fn common(one: Affinity, other: Affinity) -> &'static str {
    let is_number = |affinity| !matches!(affinity, Affinity::Text | Affinity::Blob);
    match (one, other) {
        _ if is_number(one) || is_number(other) => "NUMERIC",
        (Affinity::Blob, Affinity::Blob) => "BLOB",
        _ => "TEXT",
    }
}

/// The collation of a column that is referred to: the one of the index that makes it unique.
fn collation<'a>(to: &Column, uniques: &'a [Unique]) -> &'a str {
    let mut columns = uniques.iter().flat_map(|unique| &unique.columns);
    let found = columns.find(|(name, _)| name.eq_ignore_ascii_case(&to.name));
    found.map_or("BINARY", |(_, collation)| collation)
}
