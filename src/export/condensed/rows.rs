//! How many items a section has, their order and their numbers, and reading them.

use crate::app::model::Field;
use crate::app::{Model, SectionModel};
use crate::database::quote::{identifier, user_table};
use crate::database::row_query::RowQuery;
use crate::database::value::Value;
use crate::error::Fault;
use crate::export::items::ItemBuilder;
use crate::export::order::{Handles, number, sort};
use crate::graph::{Places, Section};
use crate::progress::{Progress, go_on};
use anyhow::{Context, Result};
use rusqlite::Connection;

/// Rows between two reports of progress.
const REPORT: u64 = 256;

/// A section that is about to be written.
pub(super) struct Planned<'m> {
    pub(super) name: &'m str,
    pub(super) model: &'m SectionModel,
    pub(super) items: u64,
    /// The order of its rows, where SQLite alone does not give it.
    order: Option<Handles>,
    /// The numbers of its items, where they have them.
    numbers: Option<Handles>,
}

impl Planned<'_> {
    /// Whether its items have the order of their keys, so that those of one key stand side by side.
    pub(super) fn is_sorted(&self) -> bool {
        self.order.is_some() || plain_key(self.model).is_some()
    }
}

/// Counts the rows of sections, and sorts and numbers them where that is needed.
pub(super) fn plan<'m>(
    connection: &Connection,
    model: &'m Model,
    chosen: &[String],
    builder: &ItemBuilder<'_>,
    progress: &dyn Progress,
) -> Result<Vec<Planned<'m>>> {
    let plan_all = |places: Option<&Places<'_>>| -> Result<Vec<Planned<'m>>> {
        let planned = chosen.iter().map(|name| {
            let known = model.sections.get_key_value(name).expect("it was chosen from the model");
            let is_sorted = model.by_id && known.1.shape.key.is_empty();
            plan_section(connection, known, is_sorted, builder, places, progress)
        });
        planned.collect()
    };
    let planned = plan_all(None)?;
    // Rows that are known by their ids are told apart by them.
    let alike = planned.iter().filter(|planned| planned.model.shape.key.is_empty() && !model.by_id);
    for Planned { order, .. } in alike {
        if order.as_ref().map_or(Ok(false), |order| order.has_ties(connection))? {
            // Rows that are the same in themselves are told apart by what refers to them, in whichever section that is.
            let section = |(name, section): (&'m String, &'m SectionModel)| Section {
                name,
                shape: &section.shape,
                condition: section.condition.clone(),
                is_written: chosen.contains(name),
            };
            let sections: Vec<Section<'_>> = model.sections.iter().map(section).collect();
            let places = Places::find(connection, &sections, progress)?;
            builder.resolver.forget_numbers();
            return plan_all(Some(&places));
        }
    }
    Ok(planned)
}

/// Counts the rows of a section, and sorts and numbers them where that is needed.
fn plan_section<'m>(
    connection: &Connection,
    (name, model): (&'m String, &'m SectionModel),
    is_sorted: bool,
    builder: &ItemBuilder<'_>,
    places: Option<&Places<'_>>,
    progress: &dyn Progress,
) -> Result<Planned<'m>> {
    let shape = &model.shape;
    let sql = format!(
        "SELECT count(*) FROM {} WHERE {}",
        user_table(&shape.table),
        model.condition.as_deref().unwrap_or("1")
    );
    let items: i64 = connection
        .query_row(&sql, [], |row| row.get(0))
        .with_context(|| format!("cannot count the rows of {}", shape.table))?;
    let is_plain = plain_key(model).is_some_and(|key| !builder.replaces_any(&shape.table, &key));
    let order = if is_plain || is_sorted {
        None
    } else {
        sort(connection, (name, model), builder, places, progress)?
    };
    let numbers = match &order {
        Some(order) if shape.ids => number(connection, shape, order, builder)?,
        _ => None,
    };
    if let Some(numbers) = &numbers {
        builder.resolver.number(&shape.table, numbers.clone());
    }
    Ok(Planned { name, model, items: items.unsigned_abs(), order, numbers })
}

/// The columns of a key that SQLite can sort by.
fn plain_key(model: &SectionModel) -> Option<Vec<&str>> {
    let column = |field: &'_ String| match model.shape.field(field) {
        Field::Column(_) => true,
        Field::Reference(reference) => reference.plain,
        _ => false,
    };
    let key = &model.shape.key;
    (!key.is_empty() && key.iter().all(column)).then(|| key.iter().map(String::as_str).collect())
}

/// What takes an item: its place, its number where it has one, and its fields.
pub(super) type EachItem<'a> = dyn FnMut(u64, Option<i64>, &[Option<Value>]) -> Result<()> + 'a;

/// Calls a function with every item of a section.
pub(super) fn each_item(
    connection: &Connection,
    planned: &Planned<'_>,
    builder: &ItemBuilder<'_>,
    progress: &dyn Progress,
    each: &mut EachItem<'_>,
) -> Result<()> {
    let shape = &planned.model.shape;
    let mut columns = ItemBuilder::columns(shape);
    shape.row.iter().for_each(|own| columns.add(&own.column));
    let table = user_table(&shape.table);
    let condition = planned.model.condition.as_deref().unwrap_or("1");
    let rest = match (&planned.order, plain_key(planned.model)) {
        (Some(order), _) => format!(
            "FROM {handles} CROSS JOIN {table} ON {} ORDER BY {handles}.key, {handles}.place",
            order.joins(&table),
            handles = order.table,
        ),
        (None, Some(key)) => {
            let key: Vec<String> =
                key.iter().map(|name| format!("{table}.{} COLLATE BINARY", identifier(name))).collect();
            format!("FROM {table} WHERE {condition} ORDER BY {}", key.join(", "))
        }
        (None, None) => format!("FROM {table} WHERE {condition}"),
    };
    let mut query = RowQuery::prepare(connection, &columns, &table, &rest, builder.encoding())?;
    let mut rows: u64 = 0;
    query.for_each(&[], |row| {
        rows += 1;
        if rows.is_multiple_of(REPORT) {
            go_on(progress)?;
            progress.advance(REPORT);
        }
        let fields = builder.fields(shape, &columns, &row)?;
        let number = match &shape.row {
            Some(own) => match row[columns.at(&own.column)] {
                Value::Integer(number) => Some(number),
                _ => None,
            },
            // Local ids are given in the order in which items are written.
            None => planned.numbers.as_ref().map(|_| rows.cast_signed()),
        };
        each(rows - 1, number, &fields)
    })?;
    if rows == planned.items {
        return Ok(());
    }
    let name = &shape.table;
    Err(Fault::failed(format!("{name} has {} rows to be exported, but {rows} were read", planned.items))
        .into())
}
