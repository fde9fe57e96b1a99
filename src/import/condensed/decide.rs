//! Which row each item is: by its key, by what else is unique, or by its content.

use super::content::Content;
use super::incoming::{self, Incoming};
use super::items::{Claim, Forced, Item, State, Wanted};
use super::resolve::{Link, Resolver, Row};
use super::target::Handle;
use super::values::{same, stored};
use crate::app::model::{Field, JsonColumn, Shape};
use crate::database::value::Value;
use crate::document::tree::{each_at, steps};
use anyhow::Result;
use serde_json::Value as Json;

/// How many rows with the key of an item are looked at.
const MOST_ALIKE: usize = 100;

/// Decides which rows items are.
pub struct Decider<'p> {
    /// Resolves references.
    pub resolver: Resolver<'p>,
    /// The rows that are known by their content.
    pub content: Content<'p>,
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
        items.for_each(|id| each().and_then(|()| self.decide(id)))?;
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
                    items.decide(id, item.section, &State::Deciding, &Claim::default())?;
                    let before = open.len();
                    for other in self.known_by(&item)? {
                        if items.state(other)? == State::Open {
                            open.push(other);
                        }
                    }
                    if open.len() > before {
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

    /// Which row an item is, as far as it comes in.
    fn fate(&self, id: i64, item: &Item) -> Result<(State, Claim)> {
        let forced = self.resolver.items.forced(id)?;
        if forced == Some(Forced::Rejected) {
            return Ok((State::Out("did not come in".to_owned()), Claim::default()));
        }
        let (state, claim) = self.find(id, item, forced == Some(Forced::ByKeyOnly))?;
        if matches!(state, State::New(_)) && item.wanted == Wanted::No {
            let why = "is not in the database, and was left out".to_owned();
            return Ok((State::Out(why), Claim::default()));
        }
        Ok((state, claim))
    }

    /// The items by which an item is known: those that its key refers to, or anything in it.
    fn known_by(&self, item: &Item) -> Result<Vec<i64>> {
        let (_, shape) = self.section(item);
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

    /// Which row an item is.
    pub fn find(&self, id: i64, item: &Item, by_key_only: bool) -> Result<(State, Claim)> {
        let (name, shape) = self.section(item);
        let json: serde_json::Map<String, Json> = serde_json::from_str(&item.json)?;
        let certain = |state: State| Ok((state, Claim { by_key: true, others: Vec::new() }));
        // What cannot be read is told later.
        let Ok(incoming) = incoming::read(shape, &json) else { return certain(State::New(None)) };
        if shape.singleton {
            return certain(self.only_row(shape)?);
        }
        if let Some(handle) = self.owner_itself(shape, &incoming)? {
            return certain(State::Matched(handle));
        }
        if shape.key.is_empty() {
            return certain(self.by_content(id, name, shape, &incoming)?);
        }
        let mut found = self.by_fields(shape, &shape.key, &incoming)?;
        let by_uniques = if by_key_only { Vec::new() } else { self.by_uniques(shape, &incoming)? };
        // A key may be one among the rows that were exported only, as the names of what was not thrown away.
        if let ([_, _, ..], [one]) = (found.as_slice(), by_uniques.as_slice())
            && found.contains(one)
        {
            found = vec![one.clone()];
        }
        let mut is_taken = false;
        let mut others = Vec::new();
        for handle in by_uniques {
            if self.is_of_others(shape, &handle)? {
                is_taken = true;
            } else if !found.contains(&handle) {
                others.push(handle);
            }
        }
        if found.is_empty() && !by_key_only {
            for fields in &shape.matches {
                let rows = self.by_fields(shape, fields, &incoming)?;
                if rows.is_empty() {
                    continue;
                }
                // Its own id is that of somebody else's row, and stays out of it.
                is_taken &= rows.len() != 1;
                others.extend(rows.into_iter().filter(|row| !others.contains(row)).collect::<Vec<_>>());
                break;
            }
        }
        let by_key = !found.is_empty();
        let state = self.state_of(shape, &found, &others, is_taken)?;
        Ok((state, Claim { by_key, others }))
    }

    /// What an item is that was found by its key, and by other things that are unique.
    fn state_of(&self, shape: &Shape, found: &[Handle], others: &[Handle], is_taken: bool) -> Result<State> {
        match (found, others) {
            ([], []) if is_taken => Ok(State::Taken),
            ([], []) => self.new_row(shape),
            // Its natural key is another than the row's, which keeps its own.
            ([], [one]) if !is_taken && !self.is_known_by_primary_key(shape)? => {
                Ok(State::Matched(one.clone()))
            }
            ([one], []) if !is_taken => Ok(State::Matched(one.clone())),
            ([one, ..], _) | ([], [one, ..]) => Ok(State::Several(one.clone())),
        }
    }

    /// The row of a table that has a single one.
    fn only_row(&self, shape: &Shape) -> Result<State> {
        let mut wanted = Vec::new();
        self.resolver.add_owner(shape, &mut wanted);
        let wanted: Vec<(&str, &Value)> = wanted.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let found = self.resolver.target.find(&shape.table, &wanted, 1)?;
        match found.into_iter().next() {
            Some(handle) => Ok(State::Matched(handle)),
            None => self.new_row(shape),
        }
    }

    /// Whether the key of a section is the primary key of its table.
    fn is_known_by_primary_key(&self, shape: &Shape) -> Result<bool> {
        let table = self.resolver.target.table(&shape.table)?;
        let key = shape.key_columns();
        Ok(shape.matches.is_empty() && table.table.primary_key().iter().all(|column| key.contains(column)))
    }

    /// The row of the owner, where an item is the user whose rows the document holds: they become the owner's.
    fn owner_itself(&self, shape: &Shape, incoming: &Incoming<'_>) -> Result<Option<Handle>> {
        let metadata = self.resolver.metadata;
        let (Some(scope), Some((_, owner))) = (&metadata.scope, &self.resolver.owner) else {
            return Ok(None);
        };
        let is_it = incoming.values.get(&scope.key) == Some(&Value::Text(scope.value.clone()));
        if !is_it || !shape.table.eq_ignore_ascii_case(&scope.table) {
            return Ok(None);
        }
        Ok(self.resolver.target.find(&shape.table, &[(scope.id.as_str(), owner)], 1)?.into_iter().next())
    }

    /// Whether the items of a section are users, of whom the document holds one.
    pub fn is_of_users(&self, shape: &Shape) -> bool {
        let scope = self.resolver.metadata.scope.as_ref();
        scope.is_some_and(|scope| shape.table.eq_ignore_ascii_case(&scope.table))
    }

    /// Whether a row is somebody else's than those that the items become.
    fn is_of_others(&self, shape: &Shape, handle: &Handle) -> Result<bool> {
        let (Some(column), Some((_, owner))) = (&shape.scope, &self.resolver.owner) else { return Ok(false) };
        let table = self.resolver.target.table(&shape.table)?;
        let affinity = table.affinity(column);
        let there = self.resolver.target.load(&shape.table, &[column], handle)?;
        Ok(!there.iter().flatten().any(|there| same(&stored(owner, affinity), there)))
    }

    /// A row that is not there, with the number that the database would give it.
    pub(super) fn new_row(&self, shape: &Shape) -> Result<State> {
        let number = self.given(shape, &Row::new())?;
        Ok(State::New(number))
    }

    /// The number that the database would give to a row, unless the item or the columns by which it refers to its parent
    /// say it.
    pub fn given(&self, shape: &Shape, parent: &Row) -> Result<Option<i64>> {
        let target = self.resolver.target;
        let table = target.table(&shape.table)?;
        let Some(numbered) = table.numbered() else { return Ok(None) };
        let mut own = shape.table_columns().into_iter().chain(shape.scope.as_deref());
        let is_it = |column: &str| column.eq_ignore_ascii_case(numbered);
        let is_known = own.any(is_it) || parent.keys().any(|name| is_it(name));
        Ok(if is_known { None } else { Some(table.give(target.connection)?) })
    }

    /// The rows that have an item's values in some fields.
    fn by_fields(&self, shape: &Shape, fields: &[String], incoming: &Incoming<'_>) -> Result<Vec<Handle>> {
        let mut wanted = Vec::new();
        for field in fields {
            let columns = match shape.field(field) {
                Field::Reference(reference) => reference.columns.clone(),
                _ => vec![field.clone()],
            };
            for column in columns {
                match self.resolver.column(incoming, &column)? {
                    Link::Values(mut values) => {
                        wanted.push((column, values.pop().unwrap_or(Value::Null)));
                    }
                    _ => return Ok(Vec::new()),
                }
            }
        }
        self.resolver.add_owner(shape, &mut wanted);
        let wanted: Vec<(&str, &Value)> = wanted.iter().map(|(name, value)| (name.as_str(), value)).collect();
        self.resolver.target.find(&shape.table, &wanted, MOST_ALIKE)
    }

    /// The rows that share with an item what no two rows share.
    fn by_uniques(&self, shape: &Shape, incoming: &Incoming<'_>) -> Result<Vec<Handle>> {
        let table = self.resolver.target.table(&shape.table)?;
        let mut found = Vec::new();
        for unique in &table.uniques {
            let mut wanted = Vec::new();
            for name in unique.names() {
                match self.resolver.column(incoming, name)? {
                    Link::Values(mut values) => {
                        wanted.push((name, values.pop().unwrap_or(Value::Null)));
                    }
                    _ => break,
                }
            }
            // NULL is like nothing else.
            let is_whole =
                wanted.len() == unique.columns.len() && wanted.iter().all(|(_, value)| *value != Value::Null);
            if is_whole {
                let wanted: Vec<(&str, &Value)> = wanted.iter().map(|(name, value)| (*name, value)).collect();
                for handle in self.resolver.target.find(&shape.table, &wanted, 1)? {
                    if !found.contains(&handle) {
                        found.push(handle);
                    }
                }
            }
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
