//! Children that clash with a row outside their item: what must be unique in one is held by a row under another parent.
//!
//! SQLite is asked, not the schema: a clash is a child that could not be written although all else was. So values that move
//! away in the same import are no clash, and partial and computed indexes are judged as any other. Then the strategy of
//! the item says what becomes of the child, and all is written again with that.

mod adopt;
mod append;
mod holder;
mod kept;
mod name;
mod settle;
mod tell;
mod written;

pub(super) use kept::{Member, Settled, for_all, is_of_child};

use super::compare::Comparer;
use super::describe;
use super::incoming::Incoming;
use crate::app::model::{Nested, Shape};
use anyhow::Result;

/// Where a child is below its item: a field, and its place in it, for each level.
pub type Path = Vec<(String, usize)>;

/// A child below its item, with what is on the way to it.
pub(super) struct Child<'i, 'm> {
    /// The kinds of children that lead to it, each with the shape of its parent.
    pub chain: Vec<(&'m Shape, &'m Nested)>,
    /// What the document says of it.
    pub incoming: &'i Incoming<'m>,
    /// What it is called below its item, as `entries[Alien]`.
    pub name: String,
    /// Where it is below its item, as `entries[3]`.
    pub place: String,
}

impl<'i, 'm> Child<'i, 'm> {
    /// The child at a path below an item.
    pub fn at(shape: &'m Shape, item: &'i Incoming<'m>, path: &Path) -> Option<Self> {
        let mut child = Self { chain: Vec::new(), incoming: item, name: String::new(), place: String::new() };
        let mut shape = shape;
        for (field, at) in path {
            let (nested, children) =
                child.incoming.children.iter().find(|(nested, _)| field_of(shape, nested) == field)?;
            let nested: &'m Nested = nested;
            let incoming = children.get(*at)?;
            let label = describe::label(&nested.shape, incoming, *at);
            for (text, name) in [(&mut child.name, label), (&mut child.place, at.to_string())] {
                let dot = if text.is_empty() { "" } else { "." };
                text.push_str(&format!("{dot}{}", describe::path(shape, nested, &name)));
            }
            child.chain.push((shape, nested));
            child.incoming = incoming;
            shape = &nested.shape;
        }
        (!child.chain.is_empty()).then_some(child)
    }

    /// How it is nested in its parent.
    pub fn nested(&self) -> &'m Nested {
        self.chain.last().expect("a child is below an item").1
    }
}

/// The field of a kind of children.
pub(super) fn field_of<'s>(shape: &'s Shape, nested: &Nested) -> &'s str {
    let same = |own: &Nested| std::ptr::eq(own, nested) || own == nested;
    shape.nested.iter().find(|(_, own)| same(own)).map_or("", |(field, _)| field)
}

impl Comparer<'_, '_> {
    /// Says of which item the children are that are compared and written from now on: what was settled of them counts.
    pub fn begin_item(&self, item: Option<i64>) {
        self.item.set(item);
        self.path.borrow_mut().clear();
    }

    /// Does something with a child of what is at hand.
    pub(super) fn within<T>(&self, shape: &Shape, nested: &Nested, at: usize, work: impl FnOnce() -> T) -> T {
        if self.item.get().is_none() {
            return work();
        }
        self.path.borrow_mut().push((field_of(shape, nested).to_owned(), at));
        let done = work();
        self.path.borrow_mut().pop();
        done
    }

    /// Does something for which what was settled does not count.
    pub(super) fn apart<T>(&self, work: impl FnOnce() -> T) -> T {
        let item = self.item.replace(None);
        let done = work();
        self.item.set(item);
        done
    }

    /// What was settled of the child at hand.
    pub(super) fn settled_here(&self) -> Result<Option<Settled>> {
        match self.item.get() {
            Some(item) => self.decider.resolver.items.settled(item, &self.path.borrow()),
            None => Ok(None),
        }
    }
}
