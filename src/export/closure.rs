//! Rows with what belongs to them and what they refer to, found in the database: the handles of chosen rows are kept in
//! temporary tables, which grow until nothing is missing.

mod owned;

use super::order::Handles;
use crate::app::belonging::Belonging;
use crate::app::model::Shape;
use crate::app::{Model, SectionModel};
use crate::database::quote::{identifier, literal, user_table};
use crate::database::schema::Tables;
use crate::error::Fault;
use anyhow::{Context, Result};
use indexmap::IndexMap;
use rusqlite::Connection;

/// Names of columns that people call a row by, in lower case.
const LABELS: [&str; 4] = ["name", "title", "label", "display_name"];

/// What tables are called beside those of the application, which may have any short name.
const CHOSEN: &str = "\"larder chosen\"";
const OWNER: &str = "\"larder owner\"";
/// The table whose rows are chosen.
const ROW: &str = "\"larder row\"";

/// What a table is called whose rows are so far below those that are chosen.
fn level(depth: usize) -> String {
    identifier(&format!("larder level {depth}"))
}

/// Chosen rows, by section.
pub(super) struct Closure<'c> {
    connection: &'c Connection,
    model: Model,
    /// The conditions that rows of each section have to meet to come along, although nobody asked for them: whoever refers to
    /// them cannot do without.
    allowed: IndexMap<String, Option<String>>,
    /// What belongs to rows of other sections.
    belongings: &'c [Belonging],
    /// The handles of the chosen rows of each section; nothing where rows cannot be found again.
    chosen: IndexMap<String, Handles>,
}

impl<'c> Closure<'c> {
    /// No rows are chosen yet. `before` is the model without what was asked for of its rows.
    pub(super) fn create(
        connection: &'c Connection,
        model: &Model,
        before: &Model,
        belongings: &'c [Belonging],
    ) -> Result<Self> {
        let tables = Tables::read(connection)?;
        let mut chosen = IndexMap::new();
        for (name, section) in &model.sections {
            let create =
                |declared: &str, own: &str| format!("({declared}, PRIMARY KEY({own})) WITHOUT ROWID");
            let table = tables.describe(&section.shape.table)?;
            let handles = Handles::create(connection, "chosen of", &table, create)
                .context("cannot prepare to choose rows")?;
            chosen.extend(handles.map(|handles| (name.clone(), handles)));
        }
        let allowed = |(name, section): (&String, &SectionModel)| (name.clone(), section.condition.clone());
        let allowed = before.sections.iter().map(allowed).collect();
        Ok(Self { connection, model: model.clone(), allowed, belongings, chosen })
    }

    /// Chooses all rows of sections.
    pub(super) fn seed_all(&self, sections: &[String]) -> Result<()> {
        for name in sections {
            self.add(name, "", "1")?;
        }
        Ok(())
    }

    /// How many rows of a section that were asked for meet a condition.
    fn count(&self, name: &str, condition: &str) -> Result<u64> {
        let section = &self.model.sections[name];
        let (table, own) = (user_table(&section.shape.table), section.condition.as_deref().unwrap_or("1"));
        let sql = format!("SELECT count(*) FROM {table} WHERE ({condition}) AND ({own})");
        let rows: i64 = self.connection.query_row(&sql, [], |row| row.get(0))?;
        Ok(rows.unsigned_abs())
    }

    /// Chooses an item by its key, or by what people call it.
    pub(super) fn seed_item(&self, name: &str, key: &str) -> Result<()> {
        let section = &self.model.sections[name];
        let shape = &section.shape;
        let parts: Vec<&str> =
            if shape.key.len() > 1 { key.split(',').map(str::trim).collect() } else { vec![key] };
        let is_plain = |field: &String| shape.table_columns().contains(&field.as_str());
        let is =
            |column: &str, text: &str| format!("CAST({} AS TEXT) = {}", identifier(column), literal(text));
        let mut conditions = Vec::new();
        if !shape.key.is_empty() && shape.key.len() == parts.len() && shape.key.iter().all(is_plain) {
            let same = shape.key.iter().zip(&parts).map(|(field, part)| is(field, part));
            conditions.push(same.collect::<Vec<_>>().join(" AND "));
        }
        let is_label = |name: &&String| LABELS.iter().any(|label| label.eq_ignore_ascii_case(name));
        let usual = shape.columns.keys().find(is_label).map(std::slice::from_ref).unwrap_or_default();
        let label = if section.config.label.is_empty() { usual } else { &section.config.label };
        let texts = if label.len() == 1 { vec![key] } else { key.split(", ").collect() };
        if !label.is_empty() && label.len() == texts.len() && label.iter().all(is_plain) {
            let same = label.iter().zip(texts).map(|(column, text)| is(column, text));
            conditions.push(same.collect::<Vec<_>>().join(" AND "));
        }
        for condition in &conditions {
            match self.count(name, condition)? {
                0 => {}
                1 => return self.add(name, "", condition).map(drop),
                more => {
                    return Err(Fault::usage(format!("{more} items of {name} are called {key:?}"))
                        .hint(format!("--where {name}='…' chooses by any condition"))
                        .into());
                }
            }
        }
        let fault = Fault::usage(format!("{name} has no item {key:?}"));
        Err(match (conditions.is_empty(), shape.key.as_slice()) {
            (true, _) => {
                fault.hint(format!("its items have no key: --where {name}='…' chooses by any condition"))
            }
            (false, [_, _, ..]) => {
                fault.hint(format!("its key is {}, with commas between", shape.key.join(", ")))
            }
            _ => fault,
        }
        .into())
    }

    /// Adds the rows of sections that chosen rows and their children refer to, and those that they refer to.
    /// Says how many those are.
    pub(super) fn add_referenced(&self, sections: &[String]) -> Result<usize> {
        let mut all = 0;
        loop {
            let mut added = 0;
            for (name, handles) in &self.chosen {
                let shape = &self.model.sections[name].shape;
                let from = format!(
                    "{} AS {CHOSEN} CROSS JOIN {} AS {} ON {}",
                    handles.table,
                    user_table(&shape.table),
                    level(0),
                    handles.handle.joins(&level(0), CHOSEN)
                );
                added += self.follow(shape, &from, 0, sections)?;
            }
            all += added;
            if added == 0 {
                return Ok(all);
            }
        }
    }

    /// Follows the references of a shape, whose rows are called as [`level`] says in `from`.
    fn follow(&self, shape: &Shape, from: &str, depth: usize, sections: &[String]) -> Result<usize> {
        let mut added = 0;
        let here = level(depth);
        for reference in shape.references.values().filter(|reference| sections.contains(&reference.section)) {
            let same = refers(ROW, &reference.to, &here, &reference.columns);
            let own = self.allowed[&reference.section].as_deref();
            added += self.add_allowed(&reference.section, &format!("{from} CROSS JOIN"), &same, own)?;
        }
        let by_type = shape.json.iter().filter_map(|(column, json)| Some((column, json.types.as_ref()?)));
        for (column, types) in by_type {
            for (value, section) in types.sections.iter().filter(|(_, section)| sections.contains(section)) {
                added += self.follow_type([column, &types.column, value], section, (from, &here))?;
            }
        }
        for nested in shape.nested.values() {
            let child = level(depth + 1);
            let same = refers(&here, &nested.to, &child, &nested.parent);
            let from = format!("{from} CROSS JOIN {} AS {child} ON {same}", user_table(&nested.shape.table));
            added += self.follow(&nested.shape, &from, depth + 1, sections)?;
        }
        Ok(added)
    }

    /// Follows row ids in a column of rows whose other column has a value, which says that they are of a section.
    fn follow_type(
        &self,
        [column, other, value]: [&str; 3],
        section: &str,
        (from, here): (&str, &str),
    ) -> Result<usize> {
        let table = Tables::read(self.connection)?.describe(&self.model.sections[section].shape.table)?;
        let to = match table.primary_key()[..] {
            [to] => Some(to),
            _ => table.rowid_name(),
        };
        let Some(to) = to else { return Ok(0) };
        let same = refers(ROW, &[to.to_owned()], here, &[column.to_owned()]);
        let is_type = format!("CAST({here}.{} AS TEXT) = {}", identifier(other), literal(value));
        let own = self.allowed[section].as_deref();
        self.add_allowed(section, &format!("{from} CROSS JOIN"), &format!("{same} AND {is_type}"), own)
    }

    /// Chooses rows of a section, among those that were asked for, that meet a condition; says how many were not chosen
    /// before.
    fn add(&self, name: &str, from: &str, condition: &str) -> Result<usize> {
        self.add_allowed(name, from, condition, self.model.sections[name].condition.as_deref())
    }

    /// The same, among those that meet another one.
    fn add_allowed(&self, name: &str, from: &str, condition: &str, own: Option<&str>) -> Result<usize> {
        let Some(handles) = self.chosen.get(name) else { return Ok(0) };
        let table = user_table(&self.model.sections[name].shape.table);
        let columns = handles.handle.of_row(ROW);
        // Conditions of the settings are asked where no other table is.
        let allowed =
            format!("SELECT {} FROM {table} WHERE {}", handles.handle.of_row(&table), own.unwrap_or("1"));
        let sql = format!(
            "INSERT OR IGNORE INTO {} SELECT {columns} FROM {from} {table} AS {ROW} WHERE ({condition}) AND {}",
            handles.table,
            handles.handle.is_among(ROW, &allowed),
        );
        self.connection.execute(&sql, []).with_context(|| format!("cannot choose rows of {name}"))
    }

    /// Sets sections to their chosen rows, which are all that were asked for where a section is `whole`. Returns those that
    /// have none. What a reference inside JSON leads to is not known here, so such sections stay as they are.
    pub(super) fn narrow(
        self,
        model: &mut Model,
        sections: &[String],
        whole: &[String],
    ) -> Result<Vec<String>> {
        let mut in_json = Vec::new();
        for section in model.sections.values() {
            collect_json(&section.shape, &mut in_json);
        }
        let mut empty = Vec::new();
        for name in sections.iter().filter(|name| !in_json.contains(name)) {
            let Some(handles) = self.chosen.get(name) else { continue };
            let count = format!("SELECT count(*) = 0 FROM {}", handles.table);
            let is_whole = whole.contains(name);
            if self.connection.query_row(&count, [], |row| row.get(0))? && !is_whole {
                empty.push(name.clone());
            }
            let section = &mut model.sections[name];
            let table = user_table(&section.shape.table);
            section.partial = !is_whole;
            section.condition.clone_from(&self.allowed[name]);
            let chosen = format!("SELECT {} FROM {}", handles.handle.kept(), handles.table);
            section.add_condition(&handles.handle.is_among(&table, &chosen));
        }
        Ok(empty)
    }
}

/// The condition that a row, whose columns are `to`, is the one that another refers to: as its own columns, which stand on
/// the left, compare.
fn refers(row: &str, to: &[String], other: &str, columns: &[String]) -> String {
    let pairs = to.iter().zip(columns);
    let same = pairs.map(|(to, column)| format!("{row}.{} = {other}.{}", identifier(to), identifier(column)));
    same.collect::<Vec<_>>().join(" AND ")
}

fn collect_json(shape: &Shape, targets: &mut Vec<String>) {
    // What another column says the section of is known.
    let unknown = shape.json.values().filter(|json| json.types.is_none());
    targets.extend(unknown.flat_map(|json| json.references.values().cloned()));
    shape.nested.values().for_each(|nested| collect_json(&nested.shape, targets));
}
