//! The rows of one table in two states, side by side.

use crate::database::quote::{identifier, user_table};
use crate::database::schema::{Rowid, Table};
use crate::database::value::{Borrowed, Value};
use anyhow::{Context, Result};
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::{Connection, Rows, Statement};
use std::cmp::Ordering;

/// The values of a row that are compared.
pub(super) type Side<'r> = Vec<Borrowed<'r>>;

/// What two tables have.
pub(super) enum Pair<'r> {
    /// A row that was there before only.
    Gone(Side<'r>),
    /// A row that is there now only.
    New(Side<'r>),
    /// A row that is there in both, before and now.
    Both(Side<'r>, Side<'r>),
}

/// SQLite returns so many values of a row at once.
const MOST_COLUMNS: usize = 2000;

/// Reads the rows of a table in the order of what they are known by: of one with very many columns, by several statements that
/// go from row to row together.
pub(super) fn prepare<'c>(
    connection: &'c Connection,
    table: &Table,
    columns: &[String],
    condition: Option<&str>,
) -> Result<Vec<Statement<'c>>> {
    let ids = ids(table);
    let all: Vec<&[String]> = match columns {
        [] => vec![columns],
        columns => columns.chunks(MOST_COLUMNS.saturating_sub(ids.len()).max(1)).collect(),
    };
    let statement = |columns: &&[String]| {
        let selected = ids.iter().cloned().chain(columns.iter().map(|name| identifier(name)));
        let sql = format!(
            "SELECT {} FROM {} NOT INDEXED WHERE ({}\n){}{}",
            selected.collect::<Vec<_>>().join(", "),
            user_table(&table.name),
            condition.unwrap_or("1"),
            if ids.is_empty() { "" } else { " ORDER BY " },
            ids.join(", ")
        );
        connection.prepare(&sql).with_context(|| format!("cannot read {}", table.name))
    };
    all.iter().map(statement).collect()
}

/// What the rows of a table are known by; nothing where they cannot be told apart.
pub(super) fn ids(table: &Table) -> Vec<String> {
    match &table.rowid {
        Rowid::Column(name) => vec![identifier(name)],
        Rowid::Hidden(name) => vec![(*name).to_owned()],
        Rowid::Unreachable => Vec::new(),
        // As bytes, so that the order is known whatever the collation is.
        Rowid::None(key) => key
            .iter()
            .flat_map(|column| {
                let name = identifier(&column.name);
                // The text of a real has fewer digits than it.
                let real = format!("CASE typeof({name}) WHEN 'real' THEN {name} END");
                [format!("typeof({name})"), format!("CAST({name} AS BLOB)"), real]
            })
            .collect(),
    }
}

/// Calls a function with every row of either state; `ids` says of how many values its id is. Rows whose ids are of two kinds
/// are never the same, nor are those that have none.
pub(super) fn merge(
    [before, after]: [&mut [Statement<'_>]; 2],
    ids: [usize; 2],
    mut each: impl FnMut(Pair<'_>) -> Result<()>,
) -> Result<()> {
    let (mut before, mut after) = (Reader::new(before, ids[0])?, Reader::new(after, ids[1])?);
    loop {
        let order = match (&before.id, &after.id) {
            (None, None) => return Ok(()),
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) if a.len() == b.len() && !a.is_empty() => compare(a, b),
            (Some(_), _) => Ordering::Less,
        };
        match order {
            Ordering::Less => each(Pair::Gone(before.side()?))?,
            Ordering::Greater => each(Pair::New(after.side()?))?,
            Ordering::Equal => each(Pair::Both(before.side()?, after.side()?))?,
        }
        if order != Ordering::Greater {
            before.next()?;
        }
        if order != Ordering::Less {
            after.next()?;
        }
    }
}

/// Calls a function with every row of one state.
pub(super) fn for_each(
    statements: &mut [Statement<'_>],
    ids: usize,
    mut each: impl FnMut(Side<'_>) -> Result<()>,
) -> Result<()> {
    let mut reader = Reader::new(statements, ids)?;
    while reader.id.is_some() {
        each(reader.side()?)?;
        reader.next()?;
    }
    Ok(())
}

/// Whether two states of a table hold the same rows under the same ids. Looks no further than the first that differs.
pub(super) fn is_same(
    [before, after]: [&mut [Statement<'_>]; 2],
    ids: [usize; 2],
    mut each: impl FnMut() -> Result<()>,
) -> Result<bool> {
    let (mut before, mut after) = (Reader::new(before, ids[0])?, Reader::new(after, ids[1])?);
    while before.id.is_some() && before.id == after.id {
        each()?;
        if before.side()? != after.side()? {
            return Ok(false);
        }
        before.next()?;
        after.next()?;
    }
    Ok(before.id.is_none() && after.id.is_none())
}

/// What is known of a state so far.
struct Reader<'s> {
    parts: Vec<Rows<'s>>,
    ids: usize,
    /// How many values each part has, ids included.
    columns: Vec<usize>,
    id: Option<Vec<Value>>,
}

impl<'s> Reader<'s> {
    fn new(statements: &'s mut [Statement<'_>], ids: usize) -> Result<Self> {
        let columns = statements.iter().map(|statement| statement.column_count()).collect();
        let parts = statements.iter_mut().map(|statement| statement.query([]));
        let mut reader = Self { parts: parts.collect::<Result<_, _>>()?, ids, columns, id: None };
        reader.next()?;
        Ok(reader)
    }

    fn next(&mut self) -> Result<()> {
        let ids = self.ids;
        self.id = None;
        for (at, part) in self.parts.iter_mut().enumerate() {
            let row = Rows::next(part)?;
            if let Some(row) = row.filter(|_| at == 0) {
                let value = |at| -> Result<Value> { Ok(Borrowed::of(row.get_ref(at)?).into()) };
                self.id = Some((0..ids).map(value).collect::<Result<_>>()?);
            }
        }
        Ok(())
    }

    /// The row that is read.
    fn side(&self) -> Result<Side<'_>> {
        let mut side = Vec::new();
        for (part, columns) in self.parts.iter().zip(&self.columns) {
            let row = part.get().context("there is a row while its id is known")?;
            for at in self.ids..*columns {
                side.push(Borrowed::of(row.get_ref(at)?));
            }
        }
        Ok(side)
    }
}

/// Compares what two rows are known by: numbers, or the name of a type, bytes, and a real.
fn compare(a: &[Value], b: &[Value]) -> Ordering {
    let parts = a.iter().zip(b).map(|(a, b)| match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Real(a), Value::Real(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (Value::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Value::Blob(a), Value::Blob(b)) => a.cmp(b),
        // A part that is NULL comes first.
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        _ => Ordering::Equal,
    });
    parts.fold(Ordering::Equal, Ordering::then)
}
