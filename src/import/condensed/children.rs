//! The children of an item and those of its row: which is which, and what they differ in.

use super::clash::{Member, Settled};
use super::compare::{Change, Comparer, Take, There, holds};
use super::describe::{self, Describer};
use super::incoming::Incoming;
use super::places::Places;
use super::refused::Refused;
use super::resolve::Row;
use super::target::Handle;
use crate::app::model::{Nested, Shape};
use crate::database::children::Kind;
use crate::database::row_query::Columns;
use crate::database::value::Value;
use anyhow::Result;

impl Comparer<'_, '_> {
    /// Compares the children of an item with those of its row.
    pub(super) fn compare_children<'i, 'm>(
        &self,
        nested: &'m Nested,
        children: &'i [Incoming<'m>],
        link: &Row,
        take: Take,
        change: &mut Change<'i, 'm>,
    ) -> Result<Result<(), Refused>> {
        let shape = change.shape;
        let describer = Describer { resolver: &self.decider.resolver };
        let table = self.decider.resolver.target.table(&nested.shape.table)?;
        let mut there = self.there(shape, nested, link)?;
        let places = if take == Take::NotNull { Places::of(nested, &table, &there) } else { None };
        let mut found = Vec::new();
        let mut takes = vec![take; children.len()];
        let mut left_out = vec![false; children.len()];
        for (at, child) in children.iter().enumerate() {
            let settled = self.within(shape, nested, at, || self.settled_here())?;
            if let Some(Settled::Takes(handle, own)) = settled {
                there.retain(|(other, _)| *other != handle);
                takes[at] = own;
                found.push(self.row_there(nested, handle)?);
                continue;
            }
            left_out[at] = settled.is_some();
            let row = match self.decider.resolver.row(&nested.shape, child, link)? {
                Ok(row) => row,
                Err(unresolved) => return Ok(Err(Refused::from(unresolved).in_child(shape, nested, at))),
            };
            let place = places.as_ref().map(Places::column);
            let position = self.position(nested, child, &row, &there, place)?;
            found.push(position.map(|position| there.remove(position)));
        }
        let mut places = places.map(|places| places.settle(children, &found, &there)).unwrap_or_default();
        for (at, (child, found)) in children.iter().zip(found).enumerate() {
            // What is there stays as it is.
            if left_out[at] {
                continue;
            }
            let mut link = link.clone();
            let place = places.remove(&at);
            link.extend(place.clone());
            let Some((handle, _)) = found else {
                change.differences.push(describe::added(shape, nested, child, at, place.as_ref()));
                change.added.push((nested, child, at, link));
                continue;
            };
            let compare = || self.compare(&nested.shape, child, &link, &handle, takes[at]);
            let inner = match self.within(shape, nested, at, compare)? {
                Ok(inner) => inner,
                Err(refused) => return Ok(Err(refused.in_child(shape, nested, at))),
            };
            if inner.is_none() {
                self.within(shape, nested, at, || self.is_same(&nested.shape.table, &handle))?;
            } else {
                let inside = describe::inside(shape, nested, child, at, &inner.differences);
                change.differences.extend(inside);
                change.inner.push(inner);
            }
        }
        if take == Take::All {
            for (handle, row) in there {
                describer.removed(shape, nested, &row, &mut change.differences)?;
                change.removed.push((nested, handle));
            }
        }
        Ok(Ok(()))
    }

    /// A child that is there; nothing where it is gone.
    fn row_there(&self, nested: &Nested, handle: Handle) -> Result<Option<There>> {
        let names = nested.shape.table_columns();
        let values = self.decider.resolver.target.load(&nested.shape.table, &names, &handle)?;
        let row = |values: Vec<Value>| names.iter().map(|name| (*name).to_owned()).zip(values).collect();
        Ok(values.map(|values| (handle, row(values))))
    }

    /// Keeps that the child at hand is the same as what is there, where some of its table clash.
    fn is_same(&self, table: &str, handle: &Handle) -> Result<()> {
        let items = self.decider.resolver.items;
        let Some(item) = self.item.get().filter(|_| items.is_watched(table)) else { return Ok(()) };
        let path = self.path.borrow().clone();
        let handle = Some(handle.clone());
        items.add_member(
            table,
            &Member { item, path, handle, before: None, changes: Vec::new(), is_new: false },
        )
    }

    /// The children that a row of that shape has.
    pub fn there(&self, shape: &Shape, nested: &Nested, link: &Row) -> Result<Vec<There>> {
        let target = self.decider.resolver.target;
        let table = target.table(&nested.shape.table)?;
        let mut columns = Columns::default();
        nested.shape.table_columns().into_iter().for_each(|name| columns.add(name));
        columns.add_handle(&table.table);
        let parent: Vec<&Value> = nested.parent.iter().map(|name| &link[name]).collect();
        let kind = Kind {
            table: &nested.shape.table,
            parent: &nested.parent,
            to: (&shape.table, &nested.to),
            condition: nested.condition.as_deref(),
            ordered: false,
        };
        let mut rows = self.children.borrow().rows(kind, &columns, &parent)?;
        if let Some(secret) = &nested.shape.secret_rows
            && columns.names().contains(&secret.column)
        {
            let at = columns.at(&secret.column);
            rows.retain(|row| !secret.covers(&row[at]));
        }
        let split = |row: Vec<Value>| {
            let handle = columns.handle_of(&row).to_vec();
            (handle, columns.names().iter().cloned().zip(row).collect())
        };
        Ok(rows.into_iter().map(split).collect())
    }

    /// Which of the children that are there a child is: the only one, the one with its key, or one that holds the same, but
    /// for its place among the others if need be.
    pub(super) fn position(
        &self,
        nested: &Nested,
        child: &Incoming<'_>,
        row: &Row,
        there: &[There],
        place: Option<&str>,
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
        let has_all = |other: &Row, but: Option<&str>| {
            columns.iter().filter(|name| Some(**name) != but).all(|name| is_same(name, other))
        };
        for (at, (handle, other)) in there.iter().enumerate() {
            if !has_all(other, None) {
                continue;
            }
            // Of those that hold the same, the one whose children do too.
            let is_whole = !shape.key.is_empty()
                || child.children.is_empty()
                || self
                    .apart(|| self.compare(shape, child, &Row::new(), handle, Take::All))?
                    .is_ok_and(|change| change.is_none());
            if is_whole {
                return Ok(Some(at));
            }
        }
        // What is known by all that it holds may have got another place.
        let elsewhere = place.filter(|_| shape.key.is_empty());
        Ok(elsewhere.and_then(|place| there.iter().position(|(_, other)| has_all(other, Some(place)))))
    }
}
