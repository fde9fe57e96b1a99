//! Conditions that somebody sets for the rows of a section. A document carries them, so they must say the same in every
//! database: an id in one is written as what it refers to, by its natural key.

use crate::app::Model;
use crate::app::catalog::Catalog;
use crate::app::meaning::Class;
use crate::app::meaning::sql::{IdUse, SqlColumn, id_uses};
use crate::app::model::{Field, Reference, Shape};
use crate::database::quote::{identifier, user_table};
use crate::error::Fault;
use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// How many references a key may lead through.
const DEEPEST: u32 = 8;

/// The columns that hold ids of this database.
pub(super) struct Ids<'a> {
    connection: &'a Connection,
    model: &'a Model,
    catalog: Catalog,
    /// By table and column, in lower case: the section that an id is of and the column of its table, where that is known.
    columns: HashMap<(String, String), Option<(String, String)>>,
}

impl<'a> Ids<'a> {
    /// The ids of a model, from which nothing was left out.
    pub(super) fn of(connection: &'a Connection, model: &'a Model) -> Result<Self> {
        let catalog = Catalog::read(connection)?;
        let mut ids = Self { connection, model, catalog, columns: HashMap::new() };
        for (name, section) in &model.sections {
            ids.add_shape(&section.shape, Some(name));
        }
        for doubt in &model.meaning.doubts {
            ids.add(&doubt.table, &doubt.column, None);
        }
        Ok(ids)
    }

    fn add(&mut self, table: &str, column: &str, target: Option<(&str, &str)>) {
        let target = target.map(|(section, to)| (section.to_owned(), to.to_owned()));
        self.columns.entry((table.to_lowercase(), column.to_lowercase())).or_insert(target);
    }

    fn add_shape(&mut self, shape: &Shape, section: Option<&str>) {
        let table = shape.table.as_str();
        for reference in shape.references.values().filter(|reference| !reference.plain) {
            let is_single = reference.columns.len() == 1;
            for (column, to) in reference.columns.iter().zip(&reference.to) {
                self.add(table, column, is_single.then_some((reference.section.as_str(), to.as_str())));
            }
        }
        let json = shape.json.iter().filter(|(_, json)| !json.references.is_empty());
        let others = json.map(|(column, _)| column).chain(shape.composed.keys()).chain(&shape.scope);
        others.for_each(|column| self.add(table, column, None));
        let row_id = self.catalog.table(table).and_then(|info| info.table.rowid_name());
        if let Some(row_id) = row_id.map(str::to_owned) {
            let unclear =
                self.model.meaning.row_ids.get(table).is_some_and(|own| own.class == Class::Unclear);
            let is_data = matches!(shape.columns.get_key_value(&row_id), Some((name, _))
                if matches!(shape.field(name), Field::Column(_)));
            let is_parent_key =
                shape.references.values().any(|own| own.plain && own.columns.contains(&row_id));
            if unclear || !is_data && !is_parent_key {
                self.add(table, &row_id, section.map(|section| (section, row_id.as_str())));
            }
        }
        for nested in shape.nested.values() {
            for (column, to) in nested.parent.iter().zip(&nested.to) {
                if self.columns.contains_key(&(table.to_lowercase(), to.to_lowercase())) {
                    let owner = section.filter(|_| nested.parent.len() == 1);
                    self.add(&nested.shape.table, column, owner.map(|owner| (owner, to.as_str())));
                }
            }
            self.add_shape(&nested.shape, None);
        }
    }

    /// A condition on the rows of a table as it says the same in every database. `said` is where it stands, for messages.
    pub(super) fn portable(&self, said: &str, table: &str, condition: &str) -> Result<String> {
        let key = |column: &SqlColumn| (column.table.to_lowercase(), column.column.to_lowercase());
        let is_id = |column: &SqlColumn| self.columns.contains_key(&key(column));
        let Some(mut uses) = id_uses(self.connection, &self.catalog, table, condition, &is_id)? else {
            return Err(Fault::usage(format!("{said}: it cannot be told whether the condition holds ids"))
                .hint("write it as SQLite's documentation does")
                .into());
        };
        // From the end, so that the places before stay where they are.
        uses.sort_by_key(|found| match found {
            IdUse::Literal { place, .. } => std::cmp::Reverse(place.start),
            IdUse::Other(_) => std::cmp::Reverse(usize::MAX),
        });
        let mut text = condition.to_owned();
        for found in uses {
            let (column, value, place) = match found {
                IdUse::Other(column) => return Err(self.refused(said, &column).into()),
                IdUse::Literal { column, value, place } => (column, value, place),
            };
            let literal = &condition[place.clone()];
            let Some((target, to)) = &self.columns[&key(&column)] else {
                return Err(self.refused(said, &column).into());
            };
            match self.by_key(target, to, literal, DEEPEST)? {
                Named::Row(row) => text.replace_range(place, &format!("ifnull({row}, x'')")),
                // No row has it, so it says that there is none.
                Named::Missing if value == "0" => {}
                Named::Missing => {
                    let message = format!("{said}: {target} has no row with {to} {literal}");
                    return Err(Fault::usage(message).into());
                }
                Named::Unnamed => return Err(self.refused(said, &column).into()),
            }
        }
        Ok(text)
    }

    /// The row of a section whose column has this value, as a sub-select by its natural key.
    fn by_key(&self, section: &str, to: &str, literal: &str, depth: u32) -> Result<Named> {
        let shape = &self.model.sections[section].shape;
        let table = user_table(&shape.table);
        let (to, key) = (identifier(to), &shape.key);
        let mut columns = vec!["1".to_owned()];
        for field in key {
            match shape.field(field) {
                Field::Reference(Reference { columns: own, .. }) => match own.as_slice() {
                    [column] => columns.push(format!("quote({})", identifier(column))),
                    _ => return Ok(Named::Unnamed),
                },
                _ => columns.push(format!("quote({})", identifier(field))),
            }
        }
        let sql = format!("SELECT {} FROM {table} WHERE {to} = {literal} LIMIT 1", columns.join(", "));
        let read = |row: &rusqlite::Row<'_>| (1..=key.len()).map(|at| row.get::<_, String>(at)).collect();
        let row: Option<rusqlite::Result<Vec<String>>> = self
            .connection
            .query_row(&sql, [], |row| Ok(read(row)))
            .optional()
            .with_context(|| format!("cannot look for the row {literal} of {section}"))?;
        let Some(values) = row.transpose()? else { return Ok(Named::Missing) };
        if key.is_empty() || depth == 0 {
            return Ok(Named::Unnamed);
        }
        let mut same = Vec::new();
        for (field, value) in key.iter().zip(values) {
            let (column, value) = match shape.field(field) {
                Field::Reference(reference) if !reference.plain && value != "NULL" => {
                    match self.by_key(&reference.section, &reference.to[0], &value, depth - 1)? {
                        Named::Row(row) => (&reference.columns[0], row),
                        _ => return Ok(Named::Unnamed),
                    }
                }
                Field::Reference(reference) => (&reference.columns[0], value),
                _ => (field, value),
            };
            same.push(format!("{} IS {value}", identifier(column)));
        }
        Ok(Named::Row(format!("(SELECT {to} FROM {table} WHERE {})", same.join(" AND "))))
    }

    /// Why a condition is refused, and how to say the same.
    fn refused(&self, said: &str, column: &SqlColumn) -> Fault {
        let SqlColumn { table, column } = column;
        let fault =
            Fault::usage(format!("{said}: the numbers in {table}.{column} mean nothing in another database"));
        let Some((section, to)) =
            self.columns.get(&(table.to_lowercase(), column.to_lowercase())).cloned().flatten()
        else {
            return fault
                .hint("say what the rows are by other columns, or by a sub-select on what they refer to");
        };
        let shape = &self.model.sections[&section].shape;
        let is_plain = |name: &&String| matches!(shape.field(name), Field::Column(_));
        let names = shape.key.iter().chain(&shape.label).chain(shape.columns.keys());
        let name = names.into_iter().find(|name| is_plain(name)).map_or("COLUMN", String::as_str);
        let is_own = shape.table.eq_ignore_ascii_case(table) && to.eq_ignore_ascii_case(column);
        fault.hint(if is_own {
            format!("say which rows by what they hold, such as {name} = '…'")
        } else {
            format!(
                "say which rows by what they refer to: {column} IN (SELECT {to} FROM {} WHERE {name} = '…')",
                shape.table
            )
        })
    }
}

/// What a row is by its natural key.
enum Named {
    /// A sub-select that finds it.
    Row(String),
    /// There is no such row.
    Missing,
    /// It has no natural key.
    Unnamed,
}
