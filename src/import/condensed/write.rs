//! From decided items to rows: what is not there is put in, what differs is changed.

use super::clash::Settled;
use super::compare::{Change, Comparer};
use super::incoming::Incoming;
use super::mapping::Fills;
use super::park::{Deferred, Operation, is_unique, reason};
use super::refused::Refused;
use super::resolve::Row;
use super::target::Handle;
use crate::app::model::{Nested, Shape};
use crate::database::cascade::Cascade;
use crate::database::value::Value;
use anyhow::Result;
use indexmap::IndexMap;
use rusqlite::hooks::Action;
use std::cell::{Cell, RefCell};

/// Writes rows, where that is wanted.
pub struct Writer<'d, 'p> {
    /// Compares items with rows.
    pub comparer: Comparer<'d, 'p>,
    /// What columns of new rows hold of which the document says nothing.
    pub fills: &'d Fills,
    /// Whether anything is written.
    writes: bool,
    /// Whether children may clash with what is there, where nothing is written.
    pub may_clash: Cell<bool>,
    /// The item that is being written.
    pub item: Cell<i64>,
    /// What could not be written yet, because another row has what must be unique.
    pub deferred: RefCell<Vec<Deferred>>,
    /// What rows lack that they must have.
    pub filled: RefCell<IndexMap<String, u64>>,
    /// Secrets of new rows in whose place is a value that nobody can guess.
    pub made_up: RefCell<IndexMap<String, u64>>,
    /// Removes rows with what refers to them.
    cascade: RefCell<Option<Cascade<'p>>>,
    /// Rows of tables that went with others.
    pub cascades: RefCell<IndexMap<String, u64>>,
    /// Rows of tables that lost a reference to one that went.
    pub cleared: RefCell<IndexMap<String, u64>>,
}

/// Why a row is not there after it was put in.
const LET_IN: &str = "a trigger of the database did not let it in: --triggers off does";

impl<'d, 'p> Writer<'d, 'p> {
    /// Of a database that nobody else changes meanwhile.
    pub fn new(comparer: Comparer<'d, 'p>, fills: &'d Fills, writes: bool) -> Self {
        Self {
            comparer,
            fills,
            writes,
            may_clash: Cell::new(false),
            item: Cell::new(0),
            deferred: RefCell::default(),
            filled: RefCell::default(),
            made_up: RefCell::default(),
            cascade: RefCell::default(),
            cascades: RefCell::default(),
            cleared: RefCell::default(),
        }
    }

    /// Puts in an item that is not there, with its children. Gives the row's handle back; nothing where it comes later,
    /// or where nothing is written.
    pub fn insert(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        parent: Option<&Row>,
        given: Option<i64>,
    ) -> Result<Result<Handle, Refused>> {
        let resolver = &self.comparer.decider.resolver;
        let none = Row::new();
        let mut row = match resolver.row(shape, incoming, parent.unwrap_or(&none))? {
            Ok(row) => row,
            Err(unresolved) => return Ok(Err(unresolved.into())),
        };
        let table = resolver.target.table(&shape.table)?;
        let numbered = shape.row.as_ref().map(|row| row.column.as_str()).or_else(|| table.numbered());
        if let (Some(name), Some(number)) = (numbered, given) {
            row.entry(name.to_owned()).or_insert(Value::Integer(number));
        }
        self.fill(shape, &table, &mut row)?;
        let handle = match self.put(shape, &mut row, incoming, parent.is_none(), given.is_some())? {
            Ok(handle) => handle,
            Err(refused) => return Ok(Err(refused)),
        };
        for (nested, children) in &incoming.children {
            let is_known = nested.to.iter().all(|name| row.contains_key(name));
            let read = if is_known || handle.is_empty() {
                None
            } else {
                self.comparer.link_of(nested, shape, &handle)?
            };
            let link = read.unwrap_or_else(|| link(nested, &row));
            for (at, child) in children.iter().enumerate() {
                let insert = || self.insert_child(nested, child, &link);
                if let Err(refused) = self.comparer.within(shape, nested, at, insert)? {
                    return Ok(Err(refused.in_child(shape, nested, at)));
                }
            }
        }
        Ok(Ok(handle))
    }

    fn insert_child(
        &self,
        nested: &Nested,
        child: &Incoming<'_>,
        link: &Row,
    ) -> Result<Result<Handle, Refused>> {
        match self.comparer.settled_here()? {
            None => {}
            Some(Settled::LeftOut) => return Ok(Ok(Vec::new())),
            Some(Settled::Takes(handle, take)) => {
                let change = match self.comparer.compare(&nested.shape, child, link, &handle, take)? {
                    Ok(change) => change,
                    Err(refused) => return Ok(Err(refused)),
                };
                let path = self.comparer.path.borrow().clone();
                let changed = self.change(&change)?;
                self.comparer.path.replace(path);
                return Ok(changed.map(|()| handle));
            }
        }
        let given = self.comparer.decider.given(&nested.shape, link)?;
        self.insert(&nested.shape, child, Some(link), given)
    }

    /// Puts a row in, or keeps it for later where its place is not free yet. A child whose number a trigger took gets another.
    fn put(
        &self,
        shape: &Shape,
        row: &mut Row,
        incoming: &Incoming<'_>,
        is_item: bool,
        is_numbered: bool,
    ) -> Result<Result<Handle, Refused>> {
        if !self.writes {
            if !is_item {
                self.look_for_clash(shape, row, None)?;
            }
            return Ok(Ok(Vec::new()));
        }
        let target = self.comparer.decider.resolver.target;
        let mut put = target.insert(&shape.table, row);
        if let Err(error) = &put
            && is_numbered
            && !is_item
            && is_unique(error)
        {
            let table = target.table(&shape.table)?;
            if let Some(name) = table.numbered().filter(|_| table.is_about_number(&reason(error))) {
                row.insert(name.to_owned(), Value::Integer(table.give_above(target.connection)?));
                put = target.insert(&shape.table, row);
            }
        }
        match put {
            Ok(handle) if handle.is_empty() => Ok(Err(Refused::new("", LET_IN))),
            Ok(handle) => {
                self.is_written(shape, is_item, Some(handle.clone()), None)?;
                Ok(Ok(handle))
            }
            Err(error) if is_unique(&error) => {
                let is_known =
                    |(nested, _): &(&Nested, _)| nested.to.iter().all(|name| row.contains_key(name));
                if !incoming.children.iter().all(is_known) {
                    return Err(error);
                }
                self.is_written(shape, is_item, None, None)?;
                self.defer(shape, Operation::Insert(row.clone()), is_item, &error);
                Ok(Ok(Vec::new()))
            }
            Err(error) => Err(error),
        }
    }

    fn defer(&self, shape: &Shape, operation: Operation, is_item: bool, why: &anyhow::Error) {
        let table = shape.table.clone();
        let (why, path) = (reason(why), self.comparer.path.borrow().clone());
        self.deferred.borrow_mut().push(Deferred {
            item: self.item.get(),
            is_item,
            path,
            table,
            operation,
            why,
        });
    }

    /// Changes a row and its children.
    pub fn change(&self, change: &Change<'_, '_>) -> Result<Result<(), Refused>> {
        if !self.writes {
            if !change.sets.is_empty() && !change.path.is_empty() {
                self.look_for_clash(change.shape, &change.sets.iter().cloned().collect(), Some(change))?;
            }
            for inner in &change.inner {
                if let Err(refused) = self.change(inner)? {
                    return Ok(Err(refused));
                }
            }
            return self.insert_added(change);
        }
        // First what goes, so that its place is free.
        for (nested, handle) in &change.removed {
            self.delete(&nested.shape, handle)?;
        }
        if !change.sets.is_empty() {
            self.update(change)?;
        }
        for inner in &change.inner {
            if let Err(refused) = self.change(inner)? {
                return Ok(Err(refused));
            }
        }
        self.insert_added(change)
    }

    fn insert_added(&self, change: &Change<'_, '_>) -> Result<Result<(), Refused>> {
        self.comparer.path.replace(change.path.clone());
        for (nested, child, at, link) in &change.added {
            let insert = || self.insert_child(nested, child, link);
            if let Err(refused) = self.comparer.within(change.shape, nested, *at, insert)? {
                return Ok(Err(refused.in_child(change.shape, nested, *at)));
            }
        }
        Ok(Ok(()))
    }

    fn update(&self, change: &Change<'_, '_>) -> Result<()> {
        let sets: Vec<(&str, &Value)> =
            change.sets.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let target = self.comparer.decider.resolver.target;
        self.comparer.path.replace(change.path.clone());
        self.is_written(change.shape, change.path.is_empty(), Some(change.handle.clone()), Some(change))?;
        match target.update(&change.shape.table, &sets, &change.handle) {
            Err(error) if is_unique(&error) => {
                let operation = Operation::Update(change.sets.clone(), change.handle.clone());
                self.defer(change.shape, operation, false, &error);
                Ok(())
            }
            done => done,
        }
    }

    /// Removes a row with its children.
    pub fn delete(&self, shape: &Shape, handle: &[Value]) -> Result<()> {
        for nested in shape.nested.values() {
            if let Some(link) = self.comparer.link_of(nested, shape, handle)? {
                for (handle, _) in self.comparer.there(shape, nested, &link)? {
                    self.delete(&nested.shape, &handle)?;
                }
            }
        }
        let mut cascade = self.cascade.borrow_mut();
        if cascade.is_none() {
            *cascade = Some(Cascade::new(self.comparer.decider.resolver.target.connection)?);
        }
        let Some(cascade) = cascade.as_mut() else { return Ok(()) };
        cascade.delete(&shape.table, handle)?;
        for (table, handle, is_deleted) in cascade.touched.drain(..) {
            let action = if is_deleted { Action::SQLITE_DELETE } else { Action::SQLITE_UPDATE };
            self.comparer.decider.resolver.target.is_own(&table, &handle, action);
        }
        Ok(())
    }

    /// What was written is kept, or it is undone, and with it all that was made to find rows.
    pub fn settle(&self, is_kept: bool) {
        let mut cascade = self.cascade.borrow_mut();
        if !is_kept {
            *cascade = None;
            self.comparer.forget();
            let item = self.item.get();
            self.deferred.borrow_mut().retain(|deferred| deferred.item != item);
        } else if let Some(cascade) = cascade.as_mut() {
            for (kept, counted) in
                [(&self.cascades, &mut cascade.removed), (&self.cleared, &mut cascade.cleared)]
            {
                for (table, rows) in counted.drain(..) {
                    *kept.borrow_mut().entry(table).or_default() += rows;
                }
            }
        }
    }
}

/// The columns by which children refer to a row that is about to be put in.
fn link(nested: &Nested, row: &Row) -> Row {
    let value = |to: &String| row.get(to).cloned().unwrap_or(Value::Null);
    nested.parent.iter().cloned().zip(nested.to.iter().map(value)).collect()
}
