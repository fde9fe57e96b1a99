//! One item with its children, as a state of a database holds it.

mod called;

use super::events::encode;
use super::fields::{Held, held};
use super::kinds::{Kind, table_of};
use super::names::Names;
use super::table::ids;
use super::{Differences, ItemChange, What};
use crate::app::known::InForce;
use crate::app::{Model, Wanted};
use crate::config::Rules;
use crate::database::copy::ReadTransaction;
use crate::database::quote::{identifier, user_table};
use crate::database::schema::{Table, Tables};
use crate::database::value::{Borrowed, Value};
use crate::database::{Source, stand_in};
use crate::error::{Fault, nearest};
use crate::progress::{Progress, go_on};
use anyhow::{Context, Result};
use called::Named;
use rusqlite::{Connection, params_from_iter};
use std::collections::HashMap;

/// So many rows of one item are compared, so that it fits into memory.
const MOST_ROWS: usize = 100_000;
/// Rows between two looks at whether to stop.
const REPORT: usize = 1024;

/// An item that is looked for, in states of a database that one model describes.
pub struct Sought {
    model: Model,
    section: String,
    key: String,
}

/// An item and its children.
#[derive(Debug, Clone)]
pub struct Item {
    /// The item itself, then its children.
    rows: Vec<Row>,
}

/// A row of an item, as it can be compared with that of another state.
#[derive(Debug, Clone)]
struct Row {
    section: String,
    /// What it is called.
    item: String,
    /// By what the table knows it; empty where it has no name for it.
    id: Vec<u8>,
    fields: Vec<Held>,
}

impl Sought {
    /// By the model of a state. An error where that has no such section.
    pub fn prepare(
        source: &Source,
        rules: &Rules,
        (section, key): (&str, &str),
        progress: &dyn Progress,
    ) -> Result<Self> {
        let connection = source.connection();
        stand_in::register_collations(connection)?;
        let _transaction = ReadTransaction::begin(connection)?;
        let in_force = InForce::of(connection, rules)?;
        in_force.message().iter().for_each(|message| progress.note(message));
        let wanted = Wanted { scope: None, secrets: false, refetch: true, by_id: false };
        let model = Model::infer(connection, &in_force.rules, wanted)?;
        let names: Vec<&str> = model.sections.keys().map(String::as_str).collect();
        let Some(found) = names.iter().find(|name| name.eq_ignore_ascii_case(section)) else {
            let message = format!("there is no section {section:?}");
            return Err(Fault::usage(message).hint(nearest(section, &names)).into());
        };
        let section = (*found).to_owned();
        Ok(Self { model, section, key: key.to_owned() })
    }

    /// The table that the item would be in.
    pub fn table(&self) -> &str {
        &self.model.sections[&self.section].shape.table
    }

    /// The item as a state holds it; nothing where that does not.
    pub fn find(&self, source: &Source, progress: &dyn Progress) -> Result<Option<Item>> {
        let connection = source.connection();
        stand_in::register_collations(connection)?;
        let _transaction = ReadTransaction::begin(connection)?;
        let state = State {
            connection,
            tables: Tables::read(connection)?,
            names: Names::of(connection, &self.model)?,
            progress,
        };
        let kind = Kind::of_section(&self.section, &self.model.sections[&self.section]);
        let Some(table) = table_of(&state.tables, &kind.table)? else { return Ok(None) };
        let Some(named) = called::find(connection, &kind, &table, &self.key)? else { return Ok(None) };
        let mut rows = Vec::new();
        state.read(&kind, &table, &named, &mut rows)?;
        if rows.len() == MOST_ROWS {
            progress.warn(&format!(
                "{} {} has more than {MOST_ROWS} rows inside; the first are compared",
                self.section, self.key
            ));
        }
        Ok((!rows.is_empty()).then_some(Item { rows }))
    }
}

/// What differs in one item between two states. An error where neither has it.
pub fn item(
    (section, key): (&str, &str),
    [before, after]: [&Source; 2],
    rules: &Rules,
    progress: &dyn Progress,
    each: &mut dyn FnMut(&ItemChange) -> Result<()>,
) -> Result<Differences> {
    let sought = Sought::prepare(after, rules, (section, key), progress)?;
    let (before, after) = (sought.find(before, progress)?, sought.find(after, progress)?);
    if before.is_none() && after.is_none() {
        let message = format!("{} has no item {key:?}, before or after", sought.section);
        return Err(Fault::usage(message).into());
    }
    let mut found = Differences::default();
    for change in changes(before.as_ref(), after.as_ref()) {
        found.add(&change);
        each(&change)?;
    }
    Ok(found)
}

/// A state that is read.
struct State<'c> {
    connection: &'c Connection,
    tables: Tables<'c>,
    names: Names<'c>,
    progress: &'c dyn Progress,
}

impl State<'_> {
    /// Adds the rows of a kind that a condition means, each followed by its children.
    fn read(&self, kind: &Kind<'_>, table: &Table, named: &Named, found: &mut Vec<Row>) -> Result<()> {
        let columns = kind.columns([table, table]);
        let children: Vec<Kind<'_>> = kind.children().collect();
        let is_in = |name: &String| table.column(name).is_some() || table.rowid_name() == Some(name);
        let mut inner: Vec<String> = Vec::new();
        for name in children.iter().filter_map(|child| child.parent).flat_map(|(_, nested)| &nested.to) {
            if is_in(name) && !inner.contains(name) {
                inner.push(name.clone());
            }
        }
        let (ids, first) = (ids(table), found.len());
        let named_columns = columns.iter().chain(&inner).map(|name| identifier(name));
        let selected: Vec<String> = ids.iter().cloned().chain(named_columns).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE {}{}{}",
            selected.join(", "),
            user_table(&table.name),
            named.condition,
            if ids.is_empty() { "" } else { " ORDER BY " },
            ids.join(", ")
        );
        let mut above: Vec<HashMap<String, Value>> = Vec::new();
        let mut statement =
            self.connection.prepare(&sql).with_context(|| format!("cannot read {}", table.name))?;
        let mut rows = statement.query(params_from_iter(named.values.iter()))?;
        while let Some(row) = rows.next()? {
            if found.len() >= MOST_ROWS {
                return Ok(());
            }
            if found.len().is_multiple_of(REPORT) {
                go_on(self.progress)?;
            }
            let value = |at| -> Result<Value> { Ok(Borrowed::of(row.get_ref(at)?).into()) };
            let values = (0..selected.len()).map(value).collect::<Result<Vec<Value>>>()?;
            let (known, rest) = values.split_at(ids.len());
            let (own, keys) = rest.split_at(columns.len());
            above.push(inner.iter().cloned().zip(keys.iter().cloned()).collect());
            found.push(self.row(kind, &columns, known, own)?);
        }
        drop(rows);
        debug_assert!(found.len() - first == above.len(), "each row has what its children name");
        for child in &children {
            for keys in &above {
                self.read_children(child, keys, found)?;
            }
        }
        Ok(())
    }

    /// Adds the children of a row that holds these values.
    fn read_children(
        &self,
        kind: &Kind<'_>,
        keys: &HashMap<String, Value>,
        found: &mut Vec<Row>,
    ) -> Result<()> {
        let Some((_, nested)) = kind.parent else { return Ok(()) };
        let Some(table) = table_of(&self.tables, &kind.table)? else { return Ok(()) };
        let values: Vec<Value> = nested.to.iter().filter_map(|name| keys.get(name).cloned()).collect();
        let is_there = nested.parent.iter().all(|name| table.column(name).is_some());
        if !is_there || values.len() != nested.parent.len() {
            return Ok(());
        }
        let same: Vec<String> =
            nested.parent.iter().map(|name| format!("{} = ?", identifier(name))).collect();
        self.read(kind, &table, &Named { condition: same.join(" AND "), values }, found)
    }

    fn row(&self, kind: &Kind<'_>, columns: &[String], ids: &[Value], values: &[Value]) -> Result<Row> {
        let mut fields: Vec<Held> = Vec::new();
        // What a child is inside of is the item.
        let inside: &[String] = kind.parent.map_or(&[], |(_, nested)| &nested.parent);
        if let Some(shape) = kind.shape {
            for at in (0..columns.len()).filter(|at| !inside.contains(&columns[*at])) {
                let held = held(&self.names, shape, columns, values, at)?;
                if !fields.iter().any(|known| known.field == held.field) {
                    fields.push(held);
                }
            }
        }
        let item = self.names.of_row(kind, columns, values)?;
        Ok(Row { section: kind.name.clone(), item, id: encode(ids.iter().map(Borrowed::from)), fields })
    }
}

impl Item {
    /// What it is called.
    pub fn name(&self) -> &str {
        self.rows.first().map_or("", |row| &row.item)
    }
}

impl Row {
    /// Whether another state holds the same in all fields that both have.
    fn is_same(&self, other: &Self) -> bool {
        let has = |held: &Held| other.fields.iter().find(|other| other.field == held.field);
        self.fields.iter().all(|held| has(held).is_none_or(|other| held.is_same(other)))
    }

    /// What makes a child the same: its id, or where it has none, what it holds.
    fn known(&self) -> Vec<u8> {
        if self.id.is_empty() { self.content() } else { [self.section.as_bytes(), b"\0", &self.id].concat() }
    }

    /// What it holds, as bytes.
    fn content(&self) -> Vec<u8> {
        let mut bytes = self.section.clone().into_bytes();
        for held in &self.fields {
            bytes.extend_from_slice(held.field.as_bytes());
            bytes.extend(encode(held.identity().iter().map(Borrowed::from)));
        }
        bytes
    }

    fn change(&self, what: What) -> ItemChange {
        ItemChange { section: self.section.clone(), item: self.item.clone(), what, changes: Vec::new() }
    }

    /// What it became.
    fn change_to(&self, after: &Self) -> ItemChange {
        let mut change = after.change(What::Changed);
        for held in &self.fields {
            let other = after.fields.iter().find(|other| other.field == held.field);
            let other = other.filter(|other| !held.is_same(other));
            change.changes.extend(other.map(|other| held.clone().change_to(other.clone())));
        }
        change
    }
}

/// What became of an item, and of the rows inside it.
pub fn changes(before: Option<&Item>, after: Option<&Item>) -> Vec<ItemChange> {
    let rows = |item: Option<&Item>| item.map_or_else(Vec::new, |item| item.rows.clone());
    let (mut before, mut after) = (rows(before), rows(after));
    let mut changed = Vec::new();
    let mut pair = |old: Row, new: &Row| {
        if !old.is_same(new) {
            changed.push(old.change_to(new));
        }
    };
    if !before.is_empty() && !after.is_empty() {
        pair(before.remove(0), &after.remove(0));
    }
    // Children by their ids, then those that were written anew under others.
    for known_by in [Row::known, Row::content] {
        let mut olds: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (at, row) in before.iter().enumerate().rev() {
            olds.entry(known_by(row)).or_default().push(at);
        }
        let mut taken = vec![false; before.len()];
        after.retain(|new| {
            let old = olds.get_mut(&known_by(new)).and_then(Vec::pop);
            if let Some(at) = old {
                pair(before[at].clone(), new);
                taken[at] = true;
            }
            old.is_none()
        });
        let mut taken = taken.into_iter();
        before.retain(|_| taken.next() != Some(true));
    }
    let new = after.iter().map(|row| row.change(What::New));
    let gone = before.iter().map(|row| row.change(What::Gone));
    new.chain(gone).chain(changed).collect()
}
