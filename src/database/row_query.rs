//! Reading rows with the columns that items are made of.

use super::quote::identifier;
use super::row_handle::RowHandle;
use super::rows::Encoding;
use super::schema::Table;
use super::value::{Borrowed, Value};
use anyhow::{Context, Result};
use rusqlite::limits::Limit;
use rusqlite::{Connection, Params, Row, Statement};

/// The columns of a row that are read, in their order.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    names: Vec<String>,
    /// What finds the row again, after them.
    handle: RowHandle,
}

impl Columns {
    /// Adds a column, unless it is there.
    pub fn add(&mut self, name: &str) {
        if !self.names.iter().any(|there| there == name) {
            self.names.push(name.to_owned());
        }
    }

    /// What finds a row of the table again is read, too.
    pub fn add_handle(&mut self, table: &Table) {
        self.handle = RowHandle::of(table);
    }

    /// Where a column is.
    pub fn at(&self, name: &str) -> usize {
        self.names.iter().position(|there| there == name).expect("a field's columns are read")
    }

    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What finds the row again.
    pub fn handle_of<'a>(&self, row: &'a [Value]) -> &'a [Value] {
        &row[self.names.len()..]
    }

    /// What reads them from a table that is called `from` in the query, in parts that are not too wide for one.
    fn selected(&self, from: &str, encoding: Encoding, width: usize) -> Vec<String> {
        let names =
            self.names.iter().map(|column| identifier(column)).chain(self.handle.columns().iter().cloned());
        let mut parts: Vec<String> = names.map(|column| format!("{from}.{column}")).collect();
        if encoding != Encoding::Utf8 {
            parts.extend(parts.clone().iter().map(|part| format!("CAST({part} AS BLOB)")));
        }
        if parts.is_empty() {
            parts.push("1".to_owned());
        }
        parts.chunks(width.max(1)).map(|part| part.join(", ")).collect()
    }
}

/// Statements that read the same rows in step, because a result has fewer columns than a row may have.
pub struct RowQuery<'c> {
    statements: Vec<Statement<'c>>,
    columns: usize,
    width: usize,
    encoding: Encoding,
}

impl<'c> RowQuery<'c> {
    /// Prepares a query: `from` is what the table is called in `rest`, which begins with FROM.
    pub fn prepare(
        connection: &'c Connection,
        columns: &Columns,
        from: &str,
        rest: &str,
        encoding: Encoding,
    ) -> Result<Self> {
        let width = usize::try_from(connection.limit(Limit::SQLITE_LIMIT_COLUMN)?).unwrap_or(1).max(1);
        let prepare = |part: &String| connection.prepare(&format!("SELECT {part} {rest}"));
        let statements =
            columns.selected(from, encoding, width).iter().map(prepare).collect::<Result<_, _>>();
        let statements = statements.with_context(|| format!("cannot read {from}"))?;
        Ok(Self {
            statements,
            columns: columns.names.len() + columns.handle.columns().len(),
            width,
            encoding,
        })
    }

    /// Calls a function for every row.
    pub fn for_each(
        &mut self,
        parameters: &(impl Params + Clone),
        mut each: impl FnMut(Vec<Value>) -> Result<()>,
    ) -> Result<()> {
        let mut queries = Vec::with_capacity(self.statements.len());
        for statement in &mut self.statements {
            queries.push(statement.query(parameters.clone())?);
        }
        loop {
            let mut parts: Vec<&Row<'_>> = Vec::with_capacity(queries.len());
            for query in &mut queries {
                match query.next()? {
                    Some(part) => parts.push(part),
                    None => return Ok(()),
                }
            }
            let get = |at: usize| parts[at / self.width].get_ref(at % self.width);
            let value = |at: usize| -> rusqlite::Result<Value> {
                Ok(match self.encoding {
                    Encoding::Utf8 => Borrowed::of(get(at)?),
                    encoding => {
                        Borrowed::of_utf16(get(at)?, get(self.columns + at)?, encoding == Encoding::Utf16Be)
                    }
                }
                .into())
            };
            each((0..self.columns).map(value).collect::<rusqlite::Result<Vec<Value>>>()?)?;
        }
    }
}
