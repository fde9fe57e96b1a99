//! Items that rows hold already, with all that they refer to: found first, each by one look, since nothing that becomes of
//! other items changes that, and what triggers do to them is put right. What is decided, renamed, compared and written
//! afterwards leaves them out.
//!
//! Such an item has one row by its key, which holds all its values and children, and what it refers to is another such item
//! or a row that no item is. It is never in a conflict, so it does not matter in which order or how often the others are
//! decided. Whatever is less certain is not among them, and is decided like any other.

mod kept;

use super::compare::{Change, Comparer, REMOVED, Take, holds};
use super::decide::collect;
use super::doubts;
use super::incoming::Incoming;
use super::items::Wanted;
use super::outcome::Fate;
use super::pass::{Pass, Read};
use super::refused::Refused;
use super::resolve::{Row, Unresolved, row_number};
use super::state::State;
use super::target::Handle;
use super::values::{same, stored};
use super::{Triggers, check};
use crate::app::model::Shape;
use crate::database::value::Value;
use crate::document::tree::dangling;
use crate::progress::go_on;
use anyhow::Result;
use serde_json::Value as Json;

/// Items between two looks at whether it was interrupted.
const REPORT: u64 = 256;

/// What was found out about an item.
enum Found {
    /// It is this row, and holds what that does.
    Unchanged(Handle),
    /// That is not certain.
    Uncertain,
    /// It hangs on items that were not looked at.
    Waits(Vec<i64>),
}

impl Pass<'_, '_> {
    /// Finds the items that are unchanged, unless that was done before.
    pub(super) fn find_unchanged(&self) -> Result<()> {
        let (items, metadata) = (&self.staged.items, &self.staged.metadata);
        // Where it matters whose rows they are, or rows are known by their ids, each is decided by itself.
        let is_by_key = self.decider.resolver.owner.is_none() && metadata.scope.is_none() && !metadata.by_id;
        // Where what triggers do to a row stays, each item is looked at when it is its turn.
        let stays = || -> Result<bool> {
            let connection = self.decider.resolver.target.connection;
            Ok(self.staged.triggers == Triggers::On && check::has_triggers(connection)?)
        };
        if !is_by_key || stays()? {
            return Ok(());
        }
        if !items.knows_unchanged.replace(true) {
            self.look_at_all()?;
        }
        self.options.progress.advance(2 * items.unchanged()?);
        Ok(())
    }

    fn look_at_all(&self) -> Result<()> {
        let (items, metadata) = (&self.staged.items, &self.staged.metadata);
        let mut looked = 0_u64;
        for ((name, section), at) in metadata.sections.iter().zip(0..) {
            if !self.staged.needed.contains(name) || !self.may_be_unchanged(&section.shape)? {
                continue;
            }
            items.for_each_of(at, |id| {
                looked += 1;
                if looked.is_multiple_of(REPORT) {
                    go_on(self.options.progress)?;
                }
                self.look_at(id)
            })?;
        }
        Ok(())
    }

    /// Whether items of a shape are known by a key, and rows are there that they could be.
    fn may_be_unchanged(&self, shape: &Shape) -> Result<bool> {
        let target = self.decider.resolver.target;
        Ok(!shape.key.is_empty()
            && !shape.singleton
            && shape.scope.is_none()
            && !target.is_empty(&*target.table(&shape.table)?)?)
    }

    /// Looks at an item, and before it at those that it hangs on.
    fn look_at(&self, id: i64) -> Result<()> {
        let items = &self.staged.items;
        let mut open = vec![(id, false)];
        while let Some((id, is_again)) = open.pop() {
            if !is_again && items.was_looked_at(id)? {
                continue;
            }
            let Some(read) = self.read(id)? else { continue };
            match self.found(&read)? {
                Found::Unchanged(handle) => items.keep_unchanged(id, read.item.section, &handle)?,
                Found::Waits(others) if !is_again => {
                    // Where they lead back here, it is not certain.
                    items.keep_uncertain(id)?;
                    open.push((id, true));
                    open.extend(others.into_iter().map(|other| (other, false)));
                }
                Found::Waits(_) | Found::Uncertain if !is_again => items.keep_uncertain(id)?,
                Found::Waits(_) | Found::Uncertain => {}
            }
        }
        Ok(())
    }

    fn found(&self, read: &Read<'_>) -> Result<Found> {
        let (decider, shape, incoming) = (self.decider, read.shape, &read.incoming);
        let items = &self.staged.items;
        if items.choice(read.id)?.is_some() || self.is_doubted(read) {
            return Ok(Found::Uncertain);
        }
        let rows = decider.by_fields(shape, &shape.key, incoming)?;
        let held = match rows.as_slice() {
            [handle] => self.writer.comparer.is_held(shape, incoming, handle)?,
            [_, _, ..] => Ok(false),
            // A part of the key may be what is not known yet.
            [] => Err(Unresolved::Pending),
        };
        match held {
            Ok(true) => Ok(Found::Unchanged(rows.into_iter().next().unwrap_or_default())),
            Err(Unresolved::Pending) => self.waits_for(read),
            Ok(false) | Err(Unresolved::Missing(..)) => Ok(Found::Uncertain),
        }
    }

    /// Whether something in an item may mean another row here.
    fn is_doubted(&self, read: &Read<'_>) -> bool {
        let known = &self.decider.resolver.metadata.doubts;
        let mut found = Vec::new();
        doubts::collect(known, read.shape, read.item.number, &read.incoming, &mut found);
        !found.is_empty()
    }

    /// The items that one hangs on, and that were not looked at.
    fn waits_for(&self, read: &Read<'_>) -> Result<Found> {
        let resolver = &self.decider.resolver;
        let mut wanted = Vec::new();
        collect(&read.incoming, &mut wanted)?;
        let mut others = Vec::new();
        for (section, key) in wanted {
            if let Some(other) = resolver.item(section, &key)?
                && other != read.id
                && self.staged.items.state(other)? == State::Open
                && !self.staged.items.was_looked_at(other)?
                && self.may_be_unchanged(resolver.shape(section)?)?
            {
                others.push(other);
            }
        }
        Ok(if others.is_empty() { Found::Uncertain } else { Found::Waits(others) })
    }

    /// Keeps that what is unchanged is the same.
    pub(super) fn record_unchanged(&mut self) -> Result<()> {
        let items = &self.staged.items;
        if self.options.lists {
            return items.for_each_unchanged(|id| {
                let Some(read) = self.read(id)? else { return Ok(()) };
                if read.item.wanted == Wanted::No {
                    Ok(())
                } else {
                    self.record(&read, Fate::Same, &[], None)
                }
            });
        }
        for (section, count) in items.count_unchanged()? {
            if let Some((name, _)) = self.staged.metadata.sections.get_index(section as usize) {
                self.outcome.sections.entry(name.clone()).or_default().same += count;
            }
        }
        Ok(())
    }

    /// Refuses what was unchanged, and whose row a trigger removed while others were written.
    pub(super) fn refuse_removed(&mut self) -> Result<()> {
        let (items, target) = (&self.staged.items, self.decider.resolver.target);
        if target.watch.borrow().is_none() || self.outcome.changed() == 0 {
            return Ok(());
        }
        items.for_each_unchanged(|id| {
            let State::Matched(handle) = items.state(id)? else { return Ok(()) };
            if items.wanted(id)? != Wanted::No
                && let Some(read) = self.read(id)?
                && target.load(&read.shape.table, &[], &handle)?.is_none()
            {
                if let Some(counts) = self.outcome.sections.get_mut(read.name) {
                    counts.same -= 1;
                }
                self.refuse(&read, &Refused::new("", REMOVED))?;
            }
            Ok(())
        })
    }
}

impl Comparer<'_, '_> {
    /// Whether a row holds all that an item does; what is not settled yet where that hangs on it.
    fn is_held(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        handle: &Handle,
    ) -> Result<Result<bool, Unresolved>> {
        let (resolver, parent) = (&self.decider.resolver, Row::new());
        let leads_nowhere = |json: &Json| dangling(json).is_some() || row_number(json).is_some();
        if incoming.references.iter().any(|(_, key)| leads_nowhere(key)) {
            return Ok(Ok(false));
        }
        let row = match resolver.row(shape, incoming, &parent)? {
            Ok(row) => row,
            Err(unresolved) => return Ok(Err(unresolved)),
        };
        let table = resolver.target.table(&shape.table)?;
        let names: Vec<&str> = row.keys().map(String::as_str).collect();
        let Some(there) = resolver.target.load(&shape.table, &names, handle)? else { return Ok(Ok(false)) };
        // What is unique must be the same to the letter: it would be another row's otherwise.
        let is_unique = |name: &str| table.unique_columns().any(|columns| columns.contains(&name));
        let is_same = |((name, value), there): ((&String, &Value), &Value)| {
            same(&stored(value, table.affinity(name)), there)
                || !is_unique(name) && holds(shape, &table, name, value, there)
        };
        if !row.iter().zip(&there).all(is_same) {
            return Ok(Ok(false));
        }
        for (nested, children) in &incoming.children {
            let Some(link) = self.link_of(nested, shape, handle)? else { return Ok(Ok(false)) };
            let mut change = Change::none(shape, handle);
            match self.compare_children(nested, children, &link, Take::All, &mut change)? {
                Ok(()) if change.is_none() => {}
                // A child may refer to what is not known yet.
                Err(_) => return Ok(Err(Unresolved::Pending)),
                Ok(()) => return Ok(Ok(false)),
            }
        }
        Ok(Ok(true))
    }
}
