//! Putting rows in, on a thread of their own while the next are being read.

use super::rebuild::{Filling, Rebuild};
use crate::database::affinity::Affinity;
use crate::database::quote::{identifier, user_table};
use crate::database::schema::Rowid;
use crate::database::selection::Selected;
use crate::database::value::{Borrowed, Value};
use crate::document::reader::Place;
use anyhow::{Context, Result, anyhow};
use rusqlite::{CachedStatement, Connection};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, Scope, ScopedJoinHandle};

/// Empties the table of the autoincrement counters.
pub const FORGET_SEQUENCES: &str = "DELETE FROM main.sqlite_sequence";
/// Rows that are handed over at once.
pub const BATCH: usize = 1000;
/// Bytes that are handed over at once, where rows are large.
const BATCH_BYTES: usize = 1 << 20;
/// Batches that wait at most.
const WAITING: usize = 3;

/// Hands rows to the thread that puts them in.
pub struct Loader<'scope> {
    batches: SyncSender<Batch>,
    thread: ScopedJoinHandle<'scope, Result<Rebuild>>,
    sections: Vec<String>,
    batch: Batch,
    bytes: usize,
}

/// Rows of one table.
#[derive(Default)]
struct Batch {
    table: usize,
    rowids: Vec<Option<i64>>,
    places: Vec<Place>,
    /// The values of all rows, one after the other.
    values: Vec<Value>,
}

impl<'scope> Loader<'scope> {
    /// Starts the thread.
    pub fn start<'env>(rebuild: Rebuild, scope: &'scope Scope<'scope, 'env>) -> Result<Self> {
        let (batches, received) = sync_channel(WAITING);
        let sections = rebuild.sections().into_keys().collect();
        let load = move || put_all(rebuild, &received);
        let thread = Builder::new().name("loader".into()).spawn_scoped(scope, load);
        let thread = thread.context("cannot start a thread")?;
        Ok(Self { batches, thread, sections, batch: Batch::default(), bytes: 0 })
    }

    /// The next rows are of this table, which is one of the rebuilt ones.
    pub fn section(&mut self, name: &str) -> Result<()> {
        self.send()?;
        self.batch.table = self.sections.iter().position(|section| section == name).unwrap_or_default();
        Ok(())
    }

    /// Takes a row. Says whether it completed a batch.
    pub fn row(&mut self, rowid: Option<i64>, values: Vec<Value>, place: Place) -> Result<bool> {
        self.bytes += values.iter().map(size).sum::<usize>();
        self.batch.rowids.push(rowid);
        self.batch.places.push(place);
        self.batch.values.extend(values);
        let is_full = self.batch.rowids.len() == BATCH || self.bytes >= BATCH_BYTES;
        if is_full {
            self.send()?;
        }
        Ok(is_full)
    }

    /// Waits until everything is in.
    pub fn finish(mut self) -> Result<Rebuild> {
        let sent = self.send();
        drop(self.batches);
        let done =
            self.thread.join().map_err(|_| anyhow!("the thread that puts rows in ended unexpectedly"))?;
        done.and_then(|rebuild| sent.map(|()| rebuild))
    }

    fn send(&mut self) -> Result<()> {
        if self.batch.rowids.is_empty() {
            return Ok(());
        }
        let next = Batch { table: self.batch.table, ..Batch::default() };
        self.bytes = 0;
        // Where the thread has ended, its own error says why.
        let gone = || anyhow!("the rows cannot be put in");
        self.batches.send(std::mem::replace(&mut self.batch, next)).map_err(|_| gone())
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::RawText(bytes) | Value::Blob(bytes) => bytes.len(),
        _ => 0,
    }
}

fn put_all(mut rebuild: Rebuild, batches: &Receiver<Batch>) -> Result<Rebuild> {
    let mut encoded = Vec::new();
    for batch in batches {
        let (connection, tables, selected) = rebuild.parts();
        put_batch(connection, &mut tables[batch.table], selected, batch, &mut encoded)?;
    }
    Ok(rebuild)
}

fn put_batch(
    connection: &Connection,
    filling: &mut Filling,
    selected: &Selected,
    batch: Batch,
    encoded: &mut Vec<u8>,
) -> Result<()> {
    if filling.is_sequences() && filling.digest.count() == 0 {
        // SQLite has counted by itself where a table could not be plain.
        connection.execute_batch(FORGET_SEQUENCES)?;
    }
    let columns = filling.table.stored().count();
    let filtered = selected.is_filtered(&filling.table.name);
    let insert = Insert::new(filling);
    let is_real: Vec<bool> = real_columns(filling);
    let mut statement = insert.prepare(connection, &[])?;
    let mut values = batch.values.into_iter();
    for (rowid, place) in batch.rowids.into_iter().zip(batch.places) {
        let row = values.by_ref().take(columns).zip(&is_real);
        let row: Vec<Value> =
            row.map(|(value, is_real)| if *is_real { as_real(value) } else { value }).collect();
        if filtered && !matches!(row.first(), Some(Value::Text(table)) if selected.wants(table)) {
            continue;
        }
        let rowid = insert.rowid(rowid, place);
        encoded.clear();
        encode_row(rowid, row.iter().map(Borrowed::from), encoded);
        filling.digest.add(encoded);
        let put = if row.iter().any(|value| matches!(value, Value::RawText(_))) {
            insert
                .prepare(connection, &row)
                .and_then(|mut statement| insert.execute(&mut statement, rowid, row))
        } else {
            insert.execute(&mut statement, rowid, row)
        };
        let table = &filling.table.name;
        put.with_context(|| format!("data.{table}[{}] on line {}", place.item, place.line))?;
    }
    Ok(())
}

/// Appends the encoding of a row that is digested, here and when it is read back.
pub fn encode_row<'a>(rowid: Option<i64>, values: impl Iterator<Item = Borrowed<'a>>, encoded: &mut Vec<u8>) {
    if let Some(rowid) = rowid {
        Borrowed::Integer(rowid).encode(encoded);
    }
    for value in values {
        value.encode(encoded);
    }
}

/// How rows get into a table.
struct Insert {
    table: String,
    rowid: Option<&'static str>,
    columns: Vec<String>,
    /// Columns in which SQLite keeps a whole number as an integer although it is a real: plain tables must be told.
    keeps_integers: Vec<bool>,
}

impl Insert {
    fn new(filling: &Filling) -> Self {
        let table = &filling.table;
        let rowid = match table.rowid {
            Rowid::Hidden(name) => Some(name),
            _ => None,
        };
        let keeps_integers =
            real_columns(filling).into_iter().map(|is_real| is_real && filling.plain.is_some()).collect();
        let columns = table.stored().map(identifier).collect();
        Self { table: user_table(&table.name), rowid, columns, keeps_integers }
    }

    /// The rowid of a row: the one that is written down, else they are counted up.
    fn rowid(&self, written: Option<i64>, place: Place) -> Option<i64> {
        self.rowid.map(|_| written.unwrap_or_else(|| i64::try_from(place.item + 1).unwrap_or(i64::MAX)))
    }

    /// The statement for a row, in which text that is not valid comes as bytes.
    fn prepare<'a>(&self, connection: &'a Connection, row: &[Value]) -> Result<CachedStatement<'a>> {
        let names = self.rowid.map(str::to_owned).into_iter().chain(self.columns.iter().cloned());
        let names: Vec<String> = names.collect();
        let offset = usize::from(self.rowid.is_some());
        let parameter = |at: usize| match at.checked_sub(offset).and_then(|column| row.get(column)) {
            Some(value) => value.parameter(at + 1),
            None => format!("?{}", at + 1),
        };
        let parameters: Vec<String> = (0..names.len()).map(parameter).collect();
        let sql = match names.as_slice() {
            [] => format!("INSERT INTO {} DEFAULT VALUES", self.table),
            names => {
                format!("INSERT INTO {}({}) VALUES ({})", self.table, names.join(", "), parameters.join(", "))
            }
        };
        connection.prepare_cached(&sql).with_context(|| format!("cannot write to {}", self.table))
    }

    fn execute(
        &self,
        statement: &mut CachedStatement<'_>,
        rowid: Option<i64>,
        row: Vec<Value>,
    ) -> Result<()> {
        let mut at = 0;
        if let Some(rowid) = rowid {
            at += 1;
            statement.raw_bind_parameter(at, rowid)?;
        }
        for (value, keeps_integers) in row.into_iter().zip(&self.keeps_integers) {
            at += 1;
            let value = if *keeps_integers { as_kept(value) } else { value };
            statement.raw_bind_parameter(at, value)?;
        }
        statement.raw_execute()?;
        Ok(())
    }
}

/// Which of the stored columns have REAL affinity.
fn real_columns(filling: &Filling) -> Vec<bool> {
    let stored = filling.table.columns.iter().filter(|column| column.generated.is_none());
    stored.map(|column| column.affinity() == Affinity::Real).collect()
}

/// An integer as a column of REAL affinity gives it back: somebody may have written 2 for 2.0.
fn as_real(value: Value) -> Value {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "SQLite does the same")]
        Value::Integer(number) => Value::Real(number as f64),
        value => value,
    }
}

/// A real as a column of REAL affinity keeps it on disk: as an integer where that is the same number.
fn as_kept(value: Value) -> Value {
    /// Above this a real is not every integer any more.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "it is a whole number that an i64 holds exactly")]
        Value::Real(number)
            if number.fract() == 0.0 && number.abs() < EXACT && number.to_bits() != (-0.0f64).to_bits() =>
        {
            Value::Integer(number as i64)
        }
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_reals_are_kept_as_integers_and_others_as_they_are() {
        assert_eq!(as_kept(Value::Real(5.0)), Value::Integer(5));
        for number in [0.5, -0.0, 1e300, f64::INFINITY] {
            assert_eq!(as_kept(Value::Real(number)), Value::Real(number));
        }
        assert_eq!(as_kept(Value::Text("5".into())), Value::Text("5".into()));
    }
}
