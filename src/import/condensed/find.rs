//! The rows that items could be: by their key, by what else is unique, by what else they may be known by.

mod columns;

use super::content::Paired;
use super::decide::Decider;
use super::fresh_id::is_machine_made;
use super::incoming::{self, Incoming};
use super::items::Item;
use super::resolve::Row;
use super::state::{Claim, State};
use super::target::Handle;
use super::values::{same, stored};
use crate::app::model::Shape;
use crate::database::value::Value;
use anyhow::Result;
use serde_json::Value as Json;

impl Decider<'_> {
    /// Which row an item is; one without a number is only tried.
    pub fn find(&self, id: Option<i64>, item: &Item, by_key_only: bool) -> Result<(State, Claim)> {
        let (_, shape) = self.section(item);
        let json: serde_json::Map<String, Json> = serde_json::from_str(&item.json)?;
        let certain = |state: State| Ok((state, Claim { by_key: true, others: Vec::new() }));
        // What cannot be read is told later.
        let Ok(incoming) = incoming::read(shape, &json) else {
            self.resolver.items.unreadable.borrow_mut().insert(item.section);
            return certain(State::New(None));
        };
        if let Some(id) = id
            && let Some(handle) = self.resolver.items.stays(id)?
        {
            return certain(State::Matched(handle));
        }
        if shape.singleton {
            return certain(self.only_row(shape, item.number)?);
        }
        if let Some(handle) = self.owner_itself(shape, &incoming)? {
            return certain(State::Matched(handle));
        }
        let mut found = Vec::new();
        let (mut is_by_key, mut is_edited) = (false, false);
        if !shape.key.is_empty() {
            found = self.by_fields(shape, &shape.key, &incoming)?;
            is_by_key = true;
        } else if self.resolver.metadata.by_id {
            found = self.by_row_id(shape, item.number)?;
            is_edited = true;
        } else if let Some(paired) = self.by_content(id, shape, &incoming, item)? {
            if paired.referring.is_none() {
                return certain(State::Matched(paired.handle));
            }
            (found, is_edited) = (vec![paired.handle], true);
        }
        let mut by_uniques = self.by_uniques(shape, &incoming, is_by_key)?;
        // A key may be one among the rows that were exported only, as the names of what was not thrown away; and what is
        // unique may tell apart what the columns take for one.
        if let ([_, _, ..], [one]) = (found.as_slice(), by_uniques.as_slice())
            && found.contains(one)
        {
            found = vec![one.clone()];
        }
        // Where other rows go, nothing is theirs.
        if by_key_only || self.replaces {
            by_uniques.clear();
        }
        let (state, claim) = self.among(shape, &incoming, found, by_uniques, by_key_only, item.number)?;
        Ok((state, Claim { by_key: claim.by_key && !is_edited, ..claim }))
    }

    /// The row with the row id of an item.
    fn by_row_id(&self, shape: &Shape, number: Option<i64>) -> Result<Vec<Handle>> {
        let (Some(row), Some(number)) = (&shape.row, number) else { return Ok(Vec::new()) };
        self.resolver.target.find(&shape.table, &[(row.column.as_str(), &Value::Integer(number))], 1)
    }

    /// The row that holds what an item holds, where there is one that no other item is.
    fn by_content(
        &self,
        id: Option<i64>,
        shape: &Shape,
        incoming: &Incoming<'_>,
        item: &Item,
    ) -> Result<Option<Paired>> {
        if let Some(id) = id
            && let Some(paired) = self.resolver.items.paired(id)?
        {
            return Ok(Some(paired));
        }
        // What cannot be resolved is not there.
        let Ok(row) = self.resolver.row(shape, incoming, &Row::new())? else { return Ok(None) };
        let own = item.number.filter(|_| shape.row.is_some());
        let found = self.content.take(&self.resolver, (id, item.section, shape), incoming, &row, own)?;
        Ok(found.map(|handle| Paired { handle, referring: None }))
    }

    /// Which row an item is of those that have its key, and of those that share with it what is unique.
    fn among(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        mut found: Vec<Handle>,
        by_uniques: Vec<Handle>,
        by_key_only: bool,
        own: Option<i64>,
    ) -> Result<(State, Claim)> {
        let mut is_taken = false;
        let mut others = Vec::new();
        for handle in by_uniques {
            if self.is_of_others(shape, &handle)? {
                is_taken = true;
            } else if !found.contains(&handle) {
                others.push(handle);
            }
        }
        let by_key = !found.is_empty();
        if !by_key && !by_key_only {
            found = self.by_other_keys(shape, incoming)?;
            // Its own id is that of somebody else's row, and stays out of it.
            is_taken &= found.len() != 1;
            others.retain(|other| !found.contains(other));
        }
        let state = self.state_of(shape, &found, &others, is_taken, own)?;
        // What was found by another key goes to the item whose key it is.
        let weak = if by_key { Vec::new() } else { found };
        Ok((state, Claim { by_key, others: [weak, others].concat() }))
    }

    /// The rows that have an item's values in the first other key by which there are any. A text that must be unique is such a
    /// key, unless the item's own key is the row's for good: what it has in common with another row does not make it that.
    fn by_other_keys(&self, shape: &Shape, incoming: &Incoming<'_>) -> Result<Vec<Handle>> {
        if self.resolver.metadata.by_id {
            return Ok(Vec::new());
        }
        let is_null = |field: &String| match shape.below(field) {
            Some((nested, column)) => incoming.value_below(nested, column) == Value::Null,
            None => incoming.values.get(field) == Some(&Value::Null),
        };
        // What has none of a key is not known by it.
        for fields in shape.matches.iter().filter(|fields| !fields.iter().all(is_null)) {
            let rows = self.by_fields(shape, fields, incoming)?;
            if !rows.is_empty() {
                return Ok(rows);
            }
        }
        let is_made = |name: &str| match incoming.values.get(name) {
            Some(Value::Text(text)) => is_machine_made(text),
            _ => false,
        };
        let table = self.resolver.target.table(&shape.table)?;
        let (key, primary) = (shape.key_columns(), table.table.primary_key());
        let keeps_key = !primary.is_empty() && primary.iter().all(|column| key.contains(column));
        if keeps_key && !shape.key.iter().all(|field| is_made(field)) {
            return Ok(Vec::new());
        }
        let is_name =
            |name: &str| matches!(incoming.values.get(name), Some(Value::Text(_))) && !is_made(name);
        // A place among others is nobody's name.
        let refers = |name: &str| {
            let mut all = incoming.references.iter().chain(&incoming.plain);
            all.any(|(reference, _)| reference.columns.iter().any(|column| column == name))
                || shape.scope.as_deref() == Some(name)
        };
        for unique in &table.uniques {
            let names = unique.names();
            let is_key = names.iter().all(|name| is_name(name) || refers(name));
            if !is_key || !names.iter().any(|name| is_name(name)) {
                continue;
            }
            if let Some(row) = self.by_unique(shape, unique, incoming)?
                && !self.is_of_others(shape, &row)?
            {
                return Ok(vec![row]);
            }
        }
        Ok(Vec::new())
    }

    /// What an item is that was found by its key, and by other things that are unique.
    fn state_of(
        &self,
        shape: &Shape,
        found: &[Handle],
        others: &[Handle],
        is_taken: bool,
        own: Option<i64>,
    ) -> Result<State> {
        match (found, others) {
            ([], []) if is_taken => Ok(State::Taken),
            ([], []) => self.new_row(shape, own),
            ([], _) => Ok(State::Blocked),
            ([one], []) if !is_taken => Ok(State::Matched(one.clone())),
            ([one, ..], _) => Ok(State::Several(one.clone())),
        }
    }

    /// The row of a table that has a single one.
    fn only_row(&self, shape: &Shape, own: Option<i64>) -> Result<State> {
        let mut wanted = Vec::new();
        self.resolver.add_owner(shape, &mut wanted);
        let wanted: Vec<(&str, &Value)> = wanted.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let found = self.resolver.target.find(&shape.table, &wanted, 1)?;
        match found.into_iter().next() {
            Some(handle) => Ok(State::Matched(handle)),
            None => self.new_row(shape, own),
        }
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
    pub fn is_of_others(&self, shape: &Shape, handle: &Handle) -> Result<bool> {
        let (Some(column), Some((_, owner))) = (&shape.scope, &self.resolver.owner) else { return Ok(false) };
        let table = self.resolver.target.table(&shape.table)?;
        let affinity = table.affinity(column);
        let there = self.resolver.target.load(&shape.table, &[column], handle)?;
        Ok(!there.iter().flatten().any(|there| same(&stored(owner, affinity), there)))
    }

    /// A row that is not there, with the number that it gets: its own where its row id may be meant and is free.
    pub(super) fn new_row(&self, shape: &Shape, own: Option<i64>) -> Result<State> {
        let (Some(row), Some(own)) = (&shape.row, own) else {
            return Ok(State::New(self.given(shape, &Row::new())?));
        };
        let resolver = &self.resolver;
        // No row has it, or the item would be that row.
        if resolver.metadata.by_id && (shape.key.is_empty() || shape.key == [row.column.as_str()]) {
            return Ok(State::New(Some(own)));
        }
        resolver.items.begin_numbers(resolver.target, resolver.metadata, shape)?;
        let wanted = Value::Integer(own);
        let there = resolver.target.find(&shape.table, &[(row.column.as_str(), &wanted)], 1)?;
        let is_free = there.is_empty() && !resolver.items.is_held_here(&shape.table, own)?;
        if is_free || row.kept && !self.ignores_doubts {
            return Ok(State::New(Some(own)));
        }
        let table = resolver.target.table(&shape.table)?;
        Ok(State::New(Some(table.give(resolver.target.connection)?)))
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
        if is_known {
            return Ok(None);
        }
        self.resolver.items.begin_numbers(target, self.resolver.metadata, shape)?;
        table.give(target.connection).map(Some)
    }
}
