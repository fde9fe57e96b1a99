//! Whole tables of two states: whether all are the same, and those that are there no more.

use super::kinds::{Kind, kinds, table_of};
use super::names::Names;
use super::table::{for_each, ids, is_same, prepare};
use super::{Counts, Differences, ItemChange, What};
use crate::app::{Model, Wanted};
use crate::config::Rules;
use crate::database::rows::count;
use crate::database::schema::{Object, Table, Tables, objects};
use crate::database::value::Value;
use crate::progress::{Progress, Unit, go_on, step};
use anyhow::Result;
use rusqlite::Connection;

/// Rows between two looks at whether to stop.
const REPORT: u64 = 1024;

/// Calls a function with the rows of tables that are there no more, by what the state before says that they are. Those of tables
/// that it leaves out of exports are counted.
pub(super) fn add_dropped(
    connections: [&Connection; 2],
    (rules, progress): (&Rules, &dyn Progress),
    found: &mut Differences,
    each: &mut dyn FnMut(&ItemChange) -> Result<()>,
) -> Result<()> {
    let tables = [Tables::read(connections[0])?, Tables::read(connections[1])?];
    let mut dropped: Vec<String> = Vec::new();
    for object in objects(connections[0])?.into_iter().filter(Object::is_stored_table) {
        if !tables[1].has(&object.name) && count(connections[0], &object.name)? > 0 {
            dropped.push(object.name);
        }
    }
    if dropped.is_empty() {
        return Ok(());
    }
    let wanted = Wanted { scope: None, secrets: false, refetch: true, by_id: false };
    let model = Model::infer(connections[0], rules, wanted)?;
    let names = Names::of(connections[0], &model)?;
    for kind in kinds(&model, &[])? {
        let Some(at) = dropped.iter().position(|name| name.eq_ignore_ascii_case(&kind.table)) else {
            continue;
        };
        let Some(table) = table_of(&tables[0], &kind.table)? else { continue };
        dropped.remove(at);
        let gone = step(progress, &format!("reading {}", kind.name), None, Unit::Rows, || {
            alone(connections[0], &names, &kind, &table, What::Gone, each)
        })?;
        let part = if kind.shape.is_some() { &mut found.sections } else { &mut found.left_out };
        if gone > 0 {
            part.insert(kind.name, Counts { gone, ..Counts::default() });
        }
    }
    for name in dropped {
        let gone = count(connections[0], &name)?;
        found.left_out.insert(name, Counts { gone, ..Counts::default() });
    }
    Ok(())
}

/// Calls a function with the rows of a table that one state has alone, and says how many there are.
pub(super) fn alone(
    connection: &Connection,
    names: &Names<'_>,
    kind: &Kind<'_>,
    table: &Table,
    what: What,
    each: &mut dyn FnMut(&ItemChange) -> Result<()>,
) -> Result<u64> {
    let columns = kind.columns([table, table]);
    let mut rows = prepare(connection, table, &columns, kind.condition_in(connection))?;
    let mut number = 0;
    for_each(&mut rows, ids(table).len(), |row| {
        number += 1;
        if kind.shape.is_none() {
            return Ok(());
        }
        let values: Vec<Value> = row.into_iter().map(Value::from).collect();
        let item = names.of_row(kind, &columns, &values)?;
        each(&ItemChange { section: kind.name.clone(), item, what, changes: Vec::new() })
    })?;
    Ok(number)
}

/// Whether all tables hold the same rows.
pub(super) fn are_same(connections: [&Connection; 2], progress: &dyn Progress) -> Result<bool> {
    let tables = [Tables::read(connections[0])?, Tables::read(connections[1])?];
    let stored = objects(connections[1])?.into_iter().filter(Object::is_stored_table);
    let mut rows = 0;
    let compare = || {
        for object in stored {
            let (before, after) = (table_of(&tables[0], &object.name)?, table_of(&tables[1], &object.name)?);
            let (Some(before), Some(after)) = (before, after) else { return Ok(false) };
            let known = [ids(&before).len(), ids(&after).len()];
            if known.contains(&0) {
                return Ok(false);
            }
            let columns: Vec<String> = after.stored().map(str::to_owned).collect();
            let mut before = prepare(connections[0], &before, &columns, None)?;
            let mut after = prepare(connections[1], &after, &columns, None)?;
            let is_same = is_same([&mut before, &mut after], known, || {
                rows += 1;
                if rows % REPORT == 0 { go_on(progress) } else { Ok(()) }
            })?;
            if !is_same {
                return Ok(false);
            }
        }
        Ok(true)
    };
    step(progress, "comparing", None, Unit::Rows, compare)
}
