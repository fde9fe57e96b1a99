//! From decided items to rows: what is not there is put in, what differs is changed.

use super::decide::Decider;
use super::incoming::Incoming;
use super::resolve::{Row, Unresolved};
use super::target::{Handle, TargetTable};
use super::values::{is_rewritten, same, same_json, stored};
use crate::app::model::{Nested, Reference, Shape};
use crate::database::affinity::Affinity;
use crate::database::children::{Children, Kind};
use crate::database::row_query::Columns;
use crate::database::rows::Encoding;
use crate::database::value::Value;
use anyhow::Result;
use indexmap::IndexMap;
use std::cell::RefCell;

/// Compares items with rows, and writes them where that is wanted.
pub struct Writer<'d, 'p> {
    decider: &'d Decider<'p>,
    children: Children<'p>,
    /// Whether anything is written.
    writes: bool,
    /// What rows lack that they must have.
    pub filled: RefCell<IndexMap<String, u64>>,
}

/// Why a row is not there after it was put in.
const LET_IN: &str = "a trigger of the database did not let it in: --triggers off does";

/// Why an item does not come in: the path below it, and what is wrong.
pub type Refused = (String, String);

impl<'d, 'p> Writer<'d, 'p> {
    /// Of a database that nobody else changes meanwhile.
    pub fn new(decider: &'d Decider<'p>, writes: bool) -> Result<Self> {
        let connection = decider.resolver.target.connection;
        let children = Children::new(connection, Encoding::of(connection)?);
        Ok(Self { decider, children, writes, filled: RefCell::default() })
    }

    /// Puts in an item that is not there, with its children. Gives the row's handle back.
    pub fn insert(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        parent: &Row,
        given: Option<i64>,
    ) -> Result<Result<Handle, Refused>> {
        let mut row = match self.decider.resolver.row(shape, incoming, parent)? {
            Ok(row) => row,
            Err(unresolved) => return Ok(Err(refused(unresolved))),
        };
        let target = self.decider.resolver.target;
        let table = target.table(&shape.table)?;
        if let (Some(name), Some(number)) = (table.numbered(), given) {
            row.entry(name.to_owned()).or_insert(Value::Integer(number));
        }
        self.fill(shape, &table, &mut row);
        let handle = if self.writes { target.insert(&shape.table, &row)? } else { Vec::new() };
        if self.writes && handle.is_empty() {
            return Ok(Err((String::new(), LET_IN.to_owned())));
        }
        for (nested, children) in &incoming.children {
            let is_known = nested.to.iter().all(|name| row.contains_key(name));
            let read = if is_known || !self.writes { None } else { self.link_of(nested, shape, &handle)? };
            let link = read.unwrap_or_else(|| link(nested, &row));
            for child in children {
                let given = self.decider.given(&nested.shape, &link)?;
                if let Err((path, why)) = self.insert(&nested.shape, child, &link, given)? {
                    return Ok(Err((format!("{}.{path}", nested.shape.table), why)));
                }
            }
        }
        Ok(Ok(handle))
    }

    /// Gives columns that must have a value, and that the document lacks because they are secret or can be fetched
    /// again, an empty one.
    fn fill(&self, shape: &Shape, table: &TargetTable, row: &mut Row) {
        for name in shape.secret.iter().chain(&shape.refetch).chain(&shape.omitted) {
            let Some(column) = table.table.column(name) else { continue };
            let is_numbered = table.numbered() == Some(column.name.as_str());
            if !column.not_null || column.default.is_some() || row.contains_key(name) || is_numbered {
                continue;
            }
            row.insert(
                name.clone(),
                match column.affinity() {
                    Affinity::Text => Value::Text(String::new()),
                    Affinity::Blob => Value::Blob(Vec::new()),
                    Affinity::Real => Value::Real(0.0),
                    Affinity::Integer | Affinity::Numeric => Value::Integer(0),
                },
            );
            *self.filled.borrow_mut().entry(format!("{}.{name}", shape.table)).or_default() += 1;
        }
    }

    /// Compares an item with the row that it is, and where that is wanted, changes the row and its children. Says whether
    /// they differ.
    pub fn compare(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        parent: &Row,
        handle: &[Value],
        change: bool,
    ) -> Result<Result<bool, Refused>> {
        let row = match self.decider.resolver.row(shape, incoming, parent)? {
            Ok(row) => row,
            Err(unresolved) => return Ok(Err(refused(unresolved))),
        };
        let target = self.decider.resolver.target;
        let table = target.table(&shape.table)?;
        let names: Vec<&str> = row.keys().map(String::as_str).collect();
        let Some(there) = target.load(&shape.table, &names, handle)? else { return Ok(Ok(true)) };
        let mut changes = Vec::new();
        for ((name, value), there) in row.iter().zip(&there) {
            let is_same = holds(shape, &table, name, value, there);
            // The row keeps its id, unless only the way it is written differs.
            let is_id = table.table.primary_key().contains(&name.as_str()) && !is_rewritten(value, there);
            if is_same || is_id || *value == Value::Null && self.is_lost(shape, name, there)? {
                continue;
            }
            changes.push((name.as_str(), value));
        }
        if change && self.writes && !changes.is_empty() {
            target.update(&shape.table, &changes, handle)?;
        }
        let mut differ = !changes.is_empty();
        for (nested, children) in &incoming.children {
            let Some(link) = self.link_of(nested, shape, handle)? else { continue };
            match self.compare_children(nested, children, &link, change)? {
                Ok(children) => differ |= children,
                Err((path, why)) => return Ok(Err((format!("{}.{path}", nested.shape.table), why))),
            }
        }
        Ok(Ok(differ))
    }

    /// Whether a value that is there refers to nothing, which a document can only say as NULL.
    fn is_lost(&self, shape: &Shape, name: &str, there: &Value) -> Result<bool> {
        let single = |reference: &&Reference| !reference.plain && reference.columns == [name];
        let Some(reference) = shape.references.values().find(single) else { return Ok(false) };
        let resolver = &self.decider.resolver;
        let table = &resolver.shape(&reference.section)?.table;
        Ok(resolver.target.find(table, &[(reference.to[0].as_str(), there)], 1)?.is_empty())
    }

    /// The columns by which children refer to a row that is there.
    fn link_of(&self, nested: &Nested, shape: &Shape, handle: &[Value]) -> Result<Option<Row>> {
        let to: Vec<&str> = nested.to.iter().map(String::as_str).collect();
        let values = self.decider.resolver.target.load(&shape.table, &to, handle)?;
        Ok(values.map(|values| nested.parent.iter().cloned().zip(values).collect()))
    }

    /// Compares the children of an item with those of its row; where that is wanted, the row's become the item's.
    fn compare_children(
        &self,
        nested: &Nested,
        children: &[Incoming<'_>],
        link: &Row,
        change: bool,
    ) -> Result<Result<bool, Refused>> {
        let mut there = self.there(nested, link)?;
        let mut pairs = Vec::new();
        for child in children {
            let row = match self.decider.resolver.row(&nested.shape, child, link)? {
                Ok(row) => row,
                Err(unresolved) => return Ok(Err(refused(unresolved))),
            };
            let at = self.position(nested, child, &row, &there)?;
            pairs.push((child, at.map(|at| there.remove(at).0)));
        }
        let mut differ = !there.is_empty();
        if change && self.writes {
            // First what goes, so that its place is free.
            for (handle, _) in there {
                self.delete(&nested.shape, &handle)?;
            }
        }
        for (child, handle) in pairs {
            let done = match handle {
                Some(handle) => self.compare(&nested.shape, child, link, &handle, change)?,
                None if change => {
                    let given = self.decider.given(&nested.shape, link)?;
                    self.insert(&nested.shape, child, link, given)?.map(|_| true)
                }
                None => Ok(true),
            };
            match done {
                Ok(child) => differ |= child,
                Err(refused) => return Ok(Err(refused)),
            }
        }
        Ok(Ok(differ))
    }

    /// The children that a row has: what finds them, and the values of their columns.
    fn there(&self, nested: &Nested, link: &Row) -> Result<Vec<(Handle, Row)>> {
        let target = self.decider.resolver.target;
        let table = target.table(&nested.shape.table)?;
        let mut columns = Columns::default();
        nested.shape.table_columns().into_iter().for_each(|name| columns.add(name));
        columns.add_handle(&table.table);
        let parent: Vec<&Value> = nested.parent.iter().map(|name| &link[name]).collect();
        let kind = Kind { table: &nested.shape.table, parent: &nested.parent, condition: None };
        let rows = self.children.rows(kind, &columns, &parent)?;
        let split = |row: Vec<Value>| {
            let handle = columns.handle_of(&row).to_vec();
            (handle, columns.names().iter().cloned().zip(row).collect())
        };
        Ok(rows.into_iter().map(split).collect())
    }

    /// Which of the children that are there a child is: the only one, the one with its key, or one that holds the same.
    fn position(
        &self,
        nested: &Nested,
        child: &Incoming<'_>,
        row: &Row,
        there: &[(Handle, Row)],
    ) -> Result<Option<usize>> {
        let shape = &nested.shape;
        if nested.one {
            return Ok((!there.is_empty()).then_some(0));
        }
        let table = self.decider.resolver.target.table(&shape.table)?;
        let is_same = |name: &str, other: &Row| match (row.get(name), other.get(name)) {
            (Some(value), Some(there)) => holds(shape, &table, name, value, there),
            (None, _) => true,
            _ => false,
        };
        let columns = if shape.key.is_empty() { shape.table_columns() } else { shape.key_columns() };
        for (at, (handle, other)) in there.iter().enumerate() {
            if !columns.iter().all(|name| is_same(name, other)) {
                continue;
            }
            // Of those that hold the same, the one whose children do too.
            let is_whole = !shape.key.is_empty()
                || child.children.is_empty()
                || self.compare(shape, child, &Row::new(), handle, false)? == Ok(false);
            if is_whole {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// Removes a row with its children.
    fn delete(&self, shape: &Shape, handle: &[Value]) -> Result<()> {
        for nested in shape.nested.values() {
            if let Some(link) = self.link_of(nested, shape, handle)? {
                for (handle, _) in self.there(nested, &link)? {
                    self.delete(&nested.shape, &handle)?;
                }
            }
        }
        self.decider.resolver.target.delete(&shape.table, handle)
    }
}

fn refused(unresolved: Unresolved) -> Refused {
    match unresolved {
        Unresolved::Pending => (String::new(), "it depends on itself".to_owned()),
        Unresolved::Missing(field, what) => (field, format!("it leads nowhere: {what}")),
    }
}

/// The columns by which children refer to a row that is about to be put in.
fn link(nested: &Nested, row: &Row) -> Row {
    let value = |to: &String| row.get(to).cloned().unwrap_or(Value::Null);
    nested.parent.iter().cloned().zip(nested.to.iter().map(value)).collect()
}

/// Whether a column of a row that is there holds what an item says.
fn holds(shape: &Shape, table: &TargetTable, name: &str, value: &Value, there: &Value) -> bool {
    same(&stored(value, table.affinity(name)), there)
        || shape.json.contains_key(name) && same_json(value, there)
}
