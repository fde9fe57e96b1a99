//! The order of items whose key cannot be sorted by SQLite alone, and the numbers of those that have no key.
//!
//! The bytes that order a row go into a temporary table, with what finds the row again.

use super::items::ItemBuilder;
use crate::app::SectionModel;
use crate::app::model::Shape;
use crate::database::quote::{identifier, user_table};
use crate::database::row_handle::RowHandle;
use crate::database::row_query::RowQuery;
use crate::database::schema::Table;
use crate::database::temporary::TempTable;
use crate::graph::Places;
use crate::progress::{Progress, go_on};
use anyhow::{Context, Result};
use rusqlite::Connection;

/// Rows between two looks at whether to stop.
const REPORT: u64 = 1024;

/// A temporary table with what finds rows again.
#[derive(Debug, Clone)]
pub(super) struct Handles {
    /// The table.
    pub(super) table: TempTable,
    /// What finds a row.
    pub(super) handle: RowHandle,
}

impl Handles {
    /// Makes one for rows of a table: `definition` is what follows its name, by the declarations and the names of what finds
    /// rows. Nothing where they cannot be found again.
    pub(super) fn create(
        connection: &Connection,
        purpose: &str,
        table: &Table,
        definition: impl Fn(&str, &str) -> String,
    ) -> Result<Option<Self>> {
        let handle = RowHandle::of(table);
        if !handle.exists() {
            return Ok(None);
        }
        let definition = definition(&handle.declared(), &handle.kept());
        let table = TempTable::create(connection, &format!("{purpose} {}", table.name), &definition)?;
        Ok(Some(Self { table, handle }))
    }

    /// Whether rows have the same key.
    pub(super) fn has_ties(&self, connection: &Connection) -> Result<bool> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {} GROUP BY key HAVING count(*) > 1)", self.table);
        Ok(connection.query_row(&sql, [], |row| row.get(0))?)
    }

    /// The condition that a row, of a table that is called so in the query, is one of these.
    pub(super) fn joins(&self, row: &str) -> String {
        self.handle.joins(row, &self.table)
    }
}

/// Sorts the rows of a section by what its items are known by. Nothing where rows cannot be found again: they come as
/// they are stored. Those with the same bytes have the order of their places, where these are known.
pub(super) fn sort(
    connection: &Connection,
    (name, section): (&str, &SectionModel),
    builder: &ItemBuilder<'_>,
    places: Option<&Places<'_>>,
    progress: &dyn Progress,
) -> Result<Option<Handles>> {
    let table = builder.tables.describe(&section.shape.table)?;
    let create =
        |declared: &str, _: &str| format!("(key, place, {declared}, PRIMARY KEY(key, place)) WITHOUT ROWID");
    let handles =
        Handles::create(connection, "order of", &table, create).context("cannot prepare to sort")?;
    let Some(handles) = handles else { return Ok(None) };
    let mut columns = ItemBuilder::order_columns(&section.shape);
    columns.add_handle(&table);
    let from = user_table(&table.name);
    let rest = format!("FROM {from} WHERE {}", section.condition.as_deref().unwrap_or("1"));
    let mut query = RowQuery::prepare(connection, &columns, &from, &rest, builder.encoding())?;
    let mut rows: u64 = 0;
    query.for_each(&[], |row| {
        rows += 1;
        if rows.is_multiple_of(REPORT) {
            go_on(progress)?;
        }
        let handle = columns.handle_of(&row);
        let place = places.map(|places| places.of(name, handle)).transpose()?.flatten();
        let parameters: Vec<String> = handle.iter().zip(3..).map(|(value, at)| value.parameter(at)).collect();
        let sql = format!("INSERT INTO {} VALUES (?1, ?2, {})", handles.table, parameters.join(", "));
        let mut insert = connection.prepare_cached(&sql)?;
        insert.raw_bind_parameter(1, builder.order_of(&section.shape, &columns, &row)?)?;
        insert.raw_bind_parameter(2, place.map_or(i64::try_from(rows)?, |place| place + i64::MIN))?;
        for (at, value) in handle.iter().enumerate() {
            insert.raw_bind_parameter(at + 3, value)?;
        }
        insert.raw_execute()?;
        Ok(())
    })?;
    Ok(Some(handles))
}

/// Numbers the items of a section in their order, or by their row ids where they carry those.
pub(super) fn number(
    connection: &Connection,
    shape: &Shape,
    order: &Handles,
    builder: &ItemBuilder<'_>,
) -> Result<Option<Handles>> {
    let table = builder.tables.describe(&shape.table)?;
    let number = match &shape.row {
        Some(row) => format!(
            "(SELECT t.{} FROM {} AS t WHERE {})",
            identifier(&row.column),
            user_table(&table.name),
            order.joins("t")
        ),
        None => "row_number() OVER (ORDER BY key, place)".to_owned(),
    };
    let make = || -> Result<Option<Handles>> {
        let create =
            |declared: &str, own: &str| format!("({declared}, number, PRIMARY KEY({own})) WITHOUT ROWID");
        let numbers = Handles::create(connection, "numbers of", &table, create)?;
        if let Some(numbers) = &numbers {
            let (to, own, from) = (&numbers.table, numbers.handle.kept(), &order.table);
            connection.execute_batch(&format!("INSERT INTO {to} SELECT {own}, {number} FROM {from}"))?;
        }
        Ok(numbers)
    };
    make().with_context(|| format!("cannot number the rows of {}", table.name))
}
