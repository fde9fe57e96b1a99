//! What an item and the row that it is differ in, and what would have to change.

use super::clash::Path;
use super::decide::Decider;
use super::describe::Describer;
use super::incoming::Incoming;
use super::lost::Lost;
use super::question::Difference;
use super::refused::Refused;
use super::resolve::Row;
use super::secret_members::filled;
use super::target::Handle;
use super::target_table::TargetTable;
use super::values::{same, same_json, stored};
use crate::app::model::{JsonColumn, Nested, Shape};
use crate::database::children::Children;
use crate::database::rows::Encoding;
use crate::database::value::Value;
use crate::document::tree::dangling;
use crate::stream::DigestWriter;
use anyhow::Result;
use std::cell::{Cell, OnceCell, RefCell};
use std::io::{Sink, Write, sink};

/// Why an item that was a row is none any more.
pub(super) const REMOVED: &str = "a trigger of the database removed its row: --triggers off does not run it";

/// What a row takes of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// Everything that the item has; children that it lacks go.
    All,
    /// What is not null; children that it lacks stay.
    NotNull,
}

/// What has to change so that a row holds what its item says.
#[derive(Debug)]
pub struct Change<'i, 'm> {
    /// What the row is.
    pub shape: &'m Shape,
    /// The row.
    pub handle: Handle,
    /// Where it is below its item.
    pub path: Path,
    /// Columns that get another value.
    pub sets: Vec<(String, Value)>,
    /// Children that go.
    pub removed: Vec<(&'m Nested, Handle)>,
    /// Children that come, their places in the item, and the columns by which they refer to the row.
    pub added: Vec<(&'m Nested, &'i Incoming<'m>, usize, Row)>,
    /// Children that change.
    pub inner: Vec<Change<'i, 'm>>,
    /// All that in words of the document.
    pub differences: Vec<Difference>,
}

impl<'m> Change<'_, 'm> {
    /// Nothing has to change in a row.
    pub fn none(shape: &'m Shape, handle: &[Value]) -> Self {
        Self {
            shape,
            handle: handle.to_vec(),
            path: Path::new(),
            sets: Vec::new(),
            removed: Vec::new(),
            added: Vec::new(),
            inner: Vec::new(),
            differences: Vec::new(),
        }
    }

    /// Whether nothing has to change.
    pub fn is_none(&self) -> bool {
        self.sets.is_empty() && self.removed.is_empty() && self.added.is_empty() && self.inner.is_empty()
    }
}

/// A child that is there: what finds it, and the values of its columns.
pub type There = (Handle, Row);

/// Compares items with rows.
pub struct Comparer<'d, 'p> {
    /// Knows which rows items are.
    pub decider: &'d Decider<'p>,
    encoding: Encoding,
    pub(super) children: RefCell<Children<'p>>,
    /// The item at hand, where what was settled of its children counts, and where below it one is.
    pub(super) item: Cell<Option<i64>>,
    pub(super) path: RefCell<Path>,
    /// What referred to nothing before rows were removed, once that is known.
    pub(super) lost: OnceCell<Lost>,
}

impl<'d, 'p> Comparer<'d, 'p> {
    /// Of a database that nobody else changes meanwhile.
    pub fn new(decider: &'d Decider<'p>) -> Result<Self> {
        let connection = decider.resolver.target.connection;
        let encoding = Encoding::of(connection)?;
        Ok(Self {
            decider,
            encoding,
            children: RefCell::new(Children::new(connection, encoding)),
            item: Cell::new(None),
            path: RefCell::default(),
            lost: OnceCell::new(),
        })
    }

    /// Forgets what was made to find children: it was undone.
    pub fn forget(&self) {
        self.children.replace(Children::new(self.decider.resolver.target.connection, self.encoding));
    }

    /// Compares an item with the row that it is.
    pub fn compare<'i, 'm>(
        &self,
        shape: &'m Shape,
        incoming: &'i Incoming<'m>,
        parent: &Row,
        handle: &[Value],
        take: Take,
    ) -> Result<Result<Change<'i, 'm>, Refused>> {
        let mut change = Change { path: self.path.borrow().clone(), ..Change::none(shape, handle) };
        if let Err(refused) = self.compare_columns(incoming, parent, take, &mut change)? {
            return Ok(Err(refused));
        }
        for (nested, children) in &incoming.children {
            let Some(link) = self.link_of(nested, shape, handle)? else { continue };
            if let Err(refused) = self.compare_children(nested, children, &link, take, &mut change)? {
                return Ok(Err(refused));
            }
        }
        Ok(Ok(change))
    }

    fn compare_columns(
        &self,
        incoming: &Incoming<'_>,
        parent: &Row,
        take: Take,
        change: &mut Change<'_, '_>,
    ) -> Result<Result<(), Refused>> {
        let shape = change.shape;
        let row = match self.decider.resolver.row(shape, incoming, parent)? {
            Ok(row) => row,
            Err(unresolved) => return Ok(Err(unresolved.into())),
        };
        let target = self.decider.resolver.target;
        let table = target.table(&shape.table)?;
        let names: Vec<&str> = row.keys().map(String::as_str).collect();
        let Some(there) = target.load(&shape.table, &names, &change.handle)? else {
            // It was there when it was found: only a trigger can have removed it since.
            return Ok(Err(Refused::new("", REMOVED)));
        };
        for ((name, value), there) in row.iter().zip(&there) {
            let value = &with_secrets(shape, name, value, there);
            let is_same = holds(shape, &table, name, value, there);
            // The row keeps its id, unless only the way it is written differs, or it comes under another parent.
            let is_id = table.table.primary_key().contains(&name.as_str())
                && !parent.contains_key(name)
                && !table.confuses(name, value, there);
            let is_nothing = *value == Value::Null || dangles(incoming, name);
            if is_same
                || is_id
                || is_nothing && (take == Take::NotNull || self.is_lost(shape, name, there)?)
            {
                continue;
            }
            let describer = Describer { resolver: &self.decider.resolver };
            describer.column(shape, incoming, name, value, there, &mut change.differences)?;
            change.sets.push((name.clone(), value.clone()));
        }
        Ok(Ok(()))
    }

    /// The columns by which children refer to a row that is there.
    pub fn link_of(&self, nested: &Nested, shape: &Shape, handle: &[Value]) -> Result<Option<Row>> {
        let to: Vec<&str> = nested.to.iter().map(String::as_str).collect();
        let values = self.decider.resolver.target.load(&shape.table, &to, handle)?;
        Ok(values.map(|values| nested.parent.iter().cloned().zip(values).collect()))
    }

    /// A digest of what a row and its children hold.
    pub fn digest_of(&self, shape: &Shape, handle: &[Value]) -> Result<String> {
        let mut digest = DigestWriter::new(sink());
        self.add_held(shape, handle, &mut digest)?;
        Ok(digest.finish().1.to_string())
    }

    fn add_held(&self, shape: &Shape, handle: &[Value], digest: &mut DigestWriter<Sink>) -> Result<()> {
        let values = self.decider.resolver.target.load(&shape.table, &shape.table_columns(), handle)?;
        writeln!(digest, "{values:?}")?;
        for nested in shape.nested.values() {
            let Some(link) = self.link_of(nested, shape, handle)? else { continue };
            for (handle, _) in self.there(shape, nested, &link)? {
                self.add_held(&nested.shape, &handle, digest)?;
            }
        }
        Ok(())
    }
}

/// Whether the reference of an item by a column dangles.
fn dangles(incoming: &Incoming<'_>, name: &str) -> bool {
    incoming.references.iter().any(|(reference, key)| reference.columns == [name] && dangling(key).is_some())
}

/// What a column would hold: where a document left out secrets inside JSON, those that are there stay.
fn with_secrets(shape: &Shape, name: &str, value: &Value, there: &Value) -> Value {
    shape.json.get(name).map_or_else(|| value.clone(), |json| filled(value, json, Some(there)).0)
}

/// Whether a column of a row that is there holds what an item says.
pub(super) fn holds(shape: &Shape, table: &TargetTable, name: &str, value: &Value, there: &Value) -> bool {
    let value = &with_secrets(shape, name, value, there);
    same(&stored(value, table.affinity(name)), there)
        || shape.json.get(name).is_some_and(JsonColumn::holds_json) && same_json(value, there)
}
