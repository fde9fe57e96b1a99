//! Which row each item is: by its key, by what else is unique, or by its content.

use super::content::Content;
use super::content::order;
use super::incoming::{self, Incoming};
use super::items::{Item, Wanted};
use super::resolve::Resolver;
use super::state::{Claim, Forced, State};
use crate::app::json_path::steps;
use crate::app::model::{Field, JsonColumn, Shape};
use crate::document::tree::each_at;
use anyhow::Result;
use serde_json::Value as Json;

/// Decides which rows items are.
pub struct Decider<'p> {
    /// Resolves references.
    pub resolver: Resolver<'p>,
    /// The rows that are known by their content.
    pub content: Content<'p>,
    /// Whether rows that no item is go.
    pub replaces: bool,
    /// Whether new rows get other row ids where theirs are taken, although those may mean something by themselves.
    pub ignores_doubts: bool,
}

impl<'p> Decider<'p> {
    /// The shape of an item's section, and what it is called.
    pub fn section(&self, item: &Item) -> (&'p str, &'p Shape) {
        let (name, section) = self
            .resolver
            .metadata
            .sections
            .get_index(item.section as usize)
            .expect("items are of the document's sections");
        (name, &section.shape)
    }

    /// Decides all items. Nothing is decided where one turned out to share something unique only with rows that other
    /// items are: then all are to be decided anew, by what is now known.
    pub fn decide_all(&self, mut each: impl FnMut() -> Result<()>) -> Result<bool> {
        let items = self.resolver.items;
        for step in order::steps(self.resolver.metadata) {
            self.content.pair_all(&self.resolver, &step)?;
            for section in &step.sections {
                items.for_each_changing_of(u32::try_from(*section)?, |id| {
                    each().and_then(|()| self.decide(id))
                })?;
            }
        }
        Ok(items.yield_claims()? == 0)
    }

    /// Decides an item, and before it those that it is known by.
    fn decide(&self, id: i64) -> Result<()> {
        let items = self.resolver.items;
        let mut open = vec![id];
        while let Some(id) = open.last().copied() {
            let item = match items.state(id)? {
                State::Open => {
                    let item = items.get(id)?;
                    let before = open.len();
                    for other in self.known_by(&item)? {
                        if items.state(other)? == State::Open && other != id {
                            open.push(other);
                        }
                    }
                    if open.len() > before {
                        items.decide(id, item.section, &State::Deciding, &Claim::default())?;
                        continue;
                    }
                    item
                }
                State::Deciding => items.get(id)?,
                _ => {
                    open.pop();
                    continue;
                }
            };
            let (state, claim) = self.fate(id, &item)?;
            items.decide(id, item.section, &state, &claim)?;
            open.pop();
        }
        Ok(())
    }

    /// Does something that is only tried: nobody gets the number that a new row would have.
    pub fn tried<T>(&self, shape: &Shape, find: impl FnOnce() -> Result<T>) -> Result<T> {
        let (items, target) = (self.resolver.items, self.resolver.target);
        // What is known only now stays known: above which numbers new rows begin.
        items.begin_numbers(target, self.resolver.metadata, shape)?;
        let table = target.table(&shape.table)?;
        let next = *table.next.borrow();
        let found = find();
        table.next.replace(next);
        found
    }

    /// Which row an item is, as far as it comes in.
    fn fate(&self, id: i64, item: &Item) -> Result<(State, Claim)> {
        let forced = self.resolver.items.forced(id)?;
        if forced == Some(Forced::Blocked) {
            // Its own row may be there all the same, and others may refer to it.
            let (state, claim) = self.tried(self.section(item).1, || self.find(Some(id), item, true))?;
            return Ok(match state {
                State::Matched(handle) | State::Several(handle) => (State::Several(handle), claim),
                _ => (State::Blocked, Claim::default()),
            });
        }
        let (state, claim) = self.find(Some(id), item, forced == Some(Forced::ByKeyOnly))?;
        // The row that it would have changed is there all the same.
        if forced == Some(Forced::Rejected) && !matches!(state, State::Matched(_) | State::Several(_)) {
            return Ok((State::Out("did not come in".to_owned()), Claim::default()));
        }
        if matches!(state, State::New(_)) && item.wanted == Wanted::No {
            let why = "is not in the database, and was left out".to_owned();
            return Ok((State::Out(why), Claim::default()));
        }
        Ok((state, claim))
    }

    /// The items by which an item is known: those that its key refers to, or anything in it.
    fn known_by(&self, item: &Item) -> Result<Vec<i64>> {
        let (_, shape) = self.section(item);
        // An id says which row it is by itself.
        if self.resolver.metadata.by_id {
            return Ok(Vec::new());
        }
        let refers = |field: &String| matches!(shape.field(field), Field::Reference(_));
        if !shape.key.is_empty() && !shape.key.iter().any(refers) {
            return Ok(Vec::new());
        }
        let json: serde_json::Map<String, Json> = serde_json::from_str(&item.json)?;
        let Ok(incoming) = incoming::read(shape, &json) else { return Ok(Vec::new()) };
        let mut wanted = Vec::new();
        if shape.key.is_empty() {
            collect(&incoming, &mut wanted)?;
        } else {
            for (reference, key) in incoming.references.iter().chain(&incoming.plain) {
                let in_key =
                    |field: &String| matches!(shape.field(field), Field::Reference(own) if own == *reference);
                if shape.key.iter().any(in_key) {
                    wanted.push((reference.section.as_str(), key.clone()));
                }
            }
        }
        let mut found = Vec::new();
        for (section, key) in wanted {
            found.extend(self.resolver.item(section, &key)?);
        }
        Ok(found)
    }
}

/// Adds everything that an item and its children refer to.
pub fn collect<'m>(incoming: &Incoming<'m>, wanted: &mut Vec<(&'m str, Json)>) -> Result<()> {
    for (reference, key) in incoming.references.iter().chain(&incoming.plain) {
        wanted.push((reference.section.as_str(), key.clone()));
    }
    for (_, model, json) in &incoming.json {
        let model: &'m JsonColumn = model;
        for (path, section) in &model.references {
            each_at(&mut json.clone(), &steps(path), &mut |found| {
                wanted.push((section.as_str(), found.clone()));
                Ok(())
            })?;
        }
    }
    for (_, children) in &incoming.children {
        children.iter().try_for_each(|child| collect(child, wanted))?;
    }
    Ok(())
}
