//! JSON that would not come back as it was, and is written as the text that it is: row ids in it stay what they are, also
//! where it is known what they refer to.

use super::json_column::is_raw;
use crate::app::Model;
use crate::app::meaning::{Answer, Class, Doubt, Place, Reference};
use crate::app::model::{Layout, Shape};
use crate::database::quote::{identifier, user_table};
use crate::database::row_query::{Columns, RowQuery};
use crate::database::rows::Encoding;
use crate::database::value::Value;
use anyhow::Result;
use rusqlite::Connection;

use std::collections::BTreeSet;

/// The doubts about references inside JSON of the chosen sections that cannot be written as references.
pub(super) fn doubts(connection: &Connection, model: &Model, chosen: &[String]) -> Result<Vec<Doubt>> {
    let mut columns = BTreeSet::new();
    for name in chosen {
        collect(&model.sections[name].shape, &mut columns);
    }
    let mut doubts = Vec::new();
    for (table, column) in columns {
        let is_inside = |reference: &&Reference| {
            reference.table == table
                && reference.columns == [column.as_str()]
                && matches!(reference.place, Place::Json(_))
                && model.meaning.row_ids.get(&reference.target).is_some_and(|id| id.class != Class::Natural)
        };
        let references: Vec<&Reference> = model.meaning.references.iter().filter(is_inside).collect();
        if !references.is_empty() && has_raw(connection, &table, &column)? {
            doubts.extend(references.into_iter().map(doubt));
        }
    }
    Ok(doubts)
}

fn doubt(reference: &Reference) -> Doubt {
    Doubt {
        table: reference.table.clone(),
        column: reference.columns[0].clone(),
        place: reference.place.clone(),
        separator: ",",
        when: None,
        targets: BTreeSet::from([reference.target.clone()]),
        is_vague: false,
        why: "some of its JSON is written as the text that it is, since it would not come back the same"
            .to_owned(),
        answers: vec![Answer::Nothing],
        setting: None,
    }
}

/// Adds the columns of JSON that have references inside.
fn collect(shape: &Shape, columns: &mut BTreeSet<(String, String)>) {
    let inside =
        shape.json.iter().filter(|(_, json)| json.layout == Layout::Json && !json.references.is_empty());
    columns.extend(inside.map(|(column, _)| (shape.table.clone(), column.clone())));
    shape.nested.values().for_each(|nested| collect(&nested.shape, columns));
}

/// Whether a value has digits, as every row id has: `null` has none.
fn may_hold_ids(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.bytes().any(|byte| byte.is_ascii_digit()),
        _ => true,
    }
}

fn has_raw(connection: &Connection, table: &str, column: &str) -> Result<bool> {
    let mut columns = Columns::default();
    columns.add(column);
    let table = user_table(table);
    let rest = format!("FROM {table} WHERE {} IS NOT NULL", identifier(column));
    let mut query = RowQuery::prepare(connection, &columns, &table, &rest, Encoding::of(connection)?)?;
    let mut found = false;
    query.for_each(&[], |row| {
        found = found || is_raw(&row[0]) && may_hold_ids(&row[0]);
        Ok(())
    })?;
    Ok(found)
}
