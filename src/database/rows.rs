//! Reading every row of a table, as it is stored and in the order in which it is stored.

use super::quote::{identifier, user_table};
use super::schema::{KeyColumn, Rowid, Table};
use super::value::Borrowed;
use anyhow::{Context, Result};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Statement};

/// How a database keeps text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
}

impl Encoding {
    /// That of a database.
    pub fn of(connection: &Connection) -> Result<Self> {
        let name: String = connection
            .query_row("PRAGMA encoding", [], |row| row.get(0))
            .context("cannot read the database's encoding")?;
        Ok(match name.as_str() {
            "UTF-16le" => Self::Utf16Le,
            "UTF-16be" => Self::Utf16Be,
            _ => Self::Utf8,
        })
    }
}

/// What reads a table: a statement, or several in step where the table has more columns than a result may have.
pub struct TableReader<'a> {
    statements: Vec<Statement<'a>>,
    with_rowid: bool,
    columns: usize,
    encoding: Encoding,
    /// How many columns a statement has at most.
    width: usize,
}

/// A row of a [`TableReader`].
pub struct StoredRow<'a> {
    parts: &'a [&'a Row<'a>],
    first: usize,
    columns: usize,
    encoding: Encoding,
    width: usize,
}

impl<'a> TableReader<'a> {
    /// Prepares to read a table, with its hidden rowid where that is wanted and can be had.
    ///
    /// Nobody may write to the table before it is read.
    pub fn prepare(
        connection: &'a Connection,
        table: &Table,
        rowid: bool,
        encoding: Encoding,
    ) -> Result<Self> {
        let hidden = match table.rowid {
            Rowid::Hidden(name) if rowid => Some(name),
            _ => None,
        };
        let mut selected: Vec<String> = hidden.map(str::to_owned).into_iter().collect();
        selected.extend(table.stored().map(identifier));
        if encoding != Encoding::Utf8 {
            selected.extend(table.stored().map(|name| format!("CAST({} AS BLOB)", identifier(name))));
        }
        if selected.is_empty() {
            selected.push("1".to_owned());
        }
        let width = usize::try_from(connection.limit(Limit::SQLITE_LIMIT_COLUMN)?).unwrap_or(1).max(1);
        let from = format!("FROM {} NOT INDEXED{}", user_table(&table.name), order(&table.rowid));
        let prepare = |part: &[String]| connection.prepare(&format!("SELECT {} {from}", part.join(", ")));
        let statements = selected.chunks(width).map(prepare).collect::<rusqlite::Result<_>>();
        let statements = statements.with_context(|| format!("cannot read {}", table.name))?;
        let columns = table.stored().count();
        Ok(Self { statements, with_rowid: hidden.is_some(), columns, encoding, width })
    }

    /// Calls a function for every row. The rowid is there where it was asked for and can be had.
    pub fn for_each(
        &mut self,
        mut each: impl FnMut(Option<i64>, &StoredRow<'_>) -> Result<()>,
    ) -> Result<()> {
        let first = usize::from(self.with_rowid);
        let (columns, encoding, width) = (self.columns, self.encoding, self.width);
        let mut queries = Vec::new();
        for statement in &mut self.statements {
            queries.push(statement.query([])?);
        }
        loop {
            let mut parts = Vec::with_capacity(queries.len());
            for query in &mut queries {
                match query.next()? {
                    Some(part) => parts.push(part),
                    None => return Ok(()),
                }
            }
            let rowid = if self.with_rowid { Some(parts[0].get(0)?) } else { None };
            each(rowid, &StoredRow { parts: &parts, first, columns, encoding, width })?;
        }
    }
}

/// The order of the table's own tree, so that nothing has to be sorted.
fn order(rowid: &Rowid) -> String {
    match rowid {
        Rowid::Column(name) => format!(" ORDER BY {}", identifier(name)),
        Rowid::Hidden(name) => format!(" ORDER BY {name}"),
        Rowid::Unreachable => String::new(),
        Rowid::None(key) => {
            let columns: Vec<String> = key.iter().map(KeyColumn::to_sql).collect();
            format!(" ORDER BY {}", columns.join(", "))
        }
    }
}

impl StoredRow<'_> {
    /// The values of the stored columns.
    pub fn values(&self) -> impl Iterator<Item = rusqlite::Result<Borrowed<'_>>> {
        (0..self.columns).map(|column| {
            let value = self.get(self.first + column)?;
            if self.encoding == Encoding::Utf8 {
                return Ok(Borrowed::of(value));
            }
            let stored = self.get(self.first + self.columns + column)?;
            Ok(Borrowed::of_utf16(value, stored, self.encoding == Encoding::Utf16Be))
        })
    }

    fn get(&self, at: usize) -> rusqlite::Result<ValueRef<'_>> {
        match self.parts {
            [row] => row.get_ref(at),
            parts => parts[at / self.width].get_ref(at % self.width),
        }
    }
}

/// Whether hidden rowids are simply counted up from 1, so that nobody needs to write them down.
pub fn are_counted_up(connection: &Connection, table: &Table, rows: u64) -> Result<bool> {
    let Rowid::Hidden(name) = table.rowid else { return Ok(true) };
    let sql = format!("SELECT min({name}), max({name}) FROM {} NOT INDEXED", user_table(&table.name));
    let (min, max): (Option<i64>, Option<i64>) = connection
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .with_context(|| format!("cannot read the rowids of {}", table.name))?;
    Ok(rows == 0 || min == Some(1) && max.and_then(|max| u64::try_from(max).ok()) == Some(rows))
}

/// The number of rows of a table.
pub fn count(connection: &Connection, table: &str) -> Result<u64> {
    let rows: i64 = connection
        .query_row(&format!("SELECT count(*) FROM {}", user_table(table)), [], |row| row.get(0))
        .with_context(|| format!("cannot count the rows of {table}"))?;
    Ok(rows.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::super::schema::Tables;
    use super::*;

    #[test]
    fn rows_come_in_the_order_of_their_tree_whatever_indexes_there_are() {
        for (schema, order) in [
            ("create table t(a, b); create index i on t(a)", ["c", "a", "b"]),
            ("create table t(a primary key, b) without rowid; create index i on t(b, a)", ["a", "b", "c"]),
            ("create table t(a, b, primary key(a desc)) without rowid", ["c", "b", "a"]),
        ] {
            let db = Connection::open_in_memory().expect("open");
            db.execute_batch(schema).expect("create");
            db.execute_batch("insert into t(a, b) values ('c', 1), ('a', 3), ('b', 2)").expect("fill");
            let table = Tables::read(&db).expect("tables").describe("t").expect("describe");
            let mut found = Vec::new();
            let mut reader = TableReader::prepare(&db, &table, true, Encoding::Utf8).expect("prepare");
            reader
                .for_each(|_, row| {
                    let Some(Ok(Borrowed::Text(text))) = row.values().next() else { panic!("no text") };
                    found.push(text.to_owned());
                    Ok(())
                })
                .expect("read");
            assert_eq!(found, order, "{schema}");
        }
    }
}
