//! Whole tables of two states: whether all are the same, and those that are there no more.

use super::kinds::table_of;
use super::table::{ids, is_same, prepare};
use super::{Counts, Differences};
use crate::database::rows::count;
use crate::database::schema::{Object, Tables, objects};
use crate::progress::{Progress, Unit, go_on, step};
use anyhow::Result;
use rusqlite::Connection;

/// Rows between two looks at whether to stop.
const REPORT: u64 = 1024;

/// Counts the rows of tables that are there no more.
pub(super) fn add_dropped(connections: [&Connection; 2], found: &mut Differences) -> Result<()> {
    let dropped = objects(connections[0])?.into_iter().filter(Object::is_stored_table);
    let tables = Tables::read(connections[1])?;
    for object in dropped.filter(|object| !tables.has(&object.name)) {
        let gone = count(connections[0], &object.name)?;
        if gone > 0 {
            found.sections.insert(object.name, Counts { gone, ..Counts::default() });
        }
    }
    Ok(())
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
