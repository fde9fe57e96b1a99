//! Whether an item could be a row: what it holds by itself the row must hold, and for what it refers to there must be
//! guesses.

use super::compare::Take;
use super::guesses::{Guess, Parts};
use super::incoming::{self, Incoming};
use super::outcome::Strategy;
use super::pass::Pass;
use super::resolve::{Link, Row};
use super::siblings::Siblings;
use super::target::Handle;
use crate::app::json_path::steps;
use crate::app::model::{Field, JsonColumn, Nested, Reference, Shape};
use crate::database::value::Value;
use crate::document::id_type::IdType;
use crate::document::tree::{canonical, dangling, each_place};
use anyhow::Result;
use serde_json::Value as Json;
use std::collections::HashSet;

/// Of so many children that could each be any of them, nobody asks which is which: it is seen later.
const MOST_ALIKE: usize = 64;

/// Looks at guesses.
pub struct Alike<'a, 'd, 'p> {
    pub(super) pass: &'a Pass<'d, 'p>,
    /// Sections whose items are known by others that may get another name.
    pub(super) hanging: HashSet<&'p str>,
}

/// An item or a child of one in two parts: what it holds by itself, and what it holds by others that are not settled.
pub(super) struct Halves<'m> {
    pub own: Incoming<'m>,
    pub references: Vec<(&'m Reference, i64)>,
    json: Vec<(String, &'m JsonColumn, Json)>,
}

impl<'a, 'd, 'p> Alike<'a, 'd, 'p> {
    /// Of the items of a pass that have been decided.
    pub fn new(pass: &'a Pass<'d, 'p>) -> Result<Self> {
        let sections = &pass.decider.resolver.metadata.sections;
        let renames = |name: &str| {
            let of_section = pass.options.told.strategies.of(name);
            of_section == Strategy::Rename || pass.staged.items.has_choices.get()
        };
        let mut hanging: HashSet<&str> = HashSet::new();
        loop {
            let before = hanging.len();
            for (name, section) in sections {
                let shape = &section.shape;
                let mut targets = Vec::new();
                if shape.key.is_empty() {
                    shape.collect_targets(&mut targets);
                } else {
                    targets.extend(shape.key.iter().filter_map(|field| match shape.field(field) {
                        Field::Reference(reference) => Some(reference.section.clone()),
                        _ => None,
                    }));
                }
                let is_loose = |target: &String| {
                    let is_named = sections.get(target).is_some_and(|other| !other.shape.key.is_empty());
                    hanging.contains(target.as_str()) || is_named && renames(target)
                };
                if targets.iter().any(is_loose) {
                    hanging.insert(name.as_str());
                }
            }
            if hanging.len() == before {
                return Ok(Self { pass, hanging });
            }
        }
    }

    /// What a guess needs; nothing where it is wrong.
    pub fn needs(&self, guess: &Guess) -> Result<Option<Parts>> {
        let Some(read) = guess.item.map(|id| self.pass.read(id)).transpose()?.flatten() else {
            return Ok(None);
        };
        let renamed = guess.json.as_deref().map(serde_json::from_str).transpose()?;
        let incoming = match &renamed {
            Some(json) => incoming::read(read.shape, json).unwrap_or_default(),
            None => read.incoming.clone(),
        };
        // What is known by its key stays what it is, whatever else it holds.
        if !read.shape.key.is_empty() && self.pass.strategy(&read)? != Strategy::Rename {
            return self.parts(read.shape, &only_key(read.shape, incoming), &Row::new(), &guess.handle);
        }
        self.parts(read.shape, &incoming, &Row::new(), &guess.handle)
    }

    /// What it needs that an item or a child is a row; nothing where it is not.
    fn parts(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        parent: &Row,
        handle: &Handle,
    ) -> Result<Option<Parts>> {
        let halves = self.halves(incoming)?;
        let compared = self.pass.writer.comparer.compare(shape, &halves.own, parent, handle, Take::All)?;
        if !compared.is_ok_and(|change| change.is_none()) {
            return Ok(None);
        }
        let target = self.pass.decider.resolver.target;
        let mut parts = Parts::new();
        for (reference, other) in &halves.references {
            let columns: Vec<&str> = reference.columns.iter().map(String::as_str).collect();
            let Some(values) = target.load(&shape.table, &columns, handle)? else { return Ok(None) };
            let Some(guess) = self.guess(*other, &reference.section, &reference.to, &values)? else {
                return Ok(None);
            };
            parts.push(vec![guess]);
        }
        for (column, model, json) in &halves.json {
            let there = target.load(&shape.table, &[column], handle)?.and_then(|mut values| values.pop());
            let Some(there) = there else { return Ok(None) };
            let Some(guesses) = self.parts_of_json(model, json, &there)? else { return Ok(None) };
            parts.extend(guesses);
        }
        for (nested, children) in &incoming.children {
            let Some(of_children) = self.parts_of_children(shape, nested, children, handle)? else {
                return Ok(None);
            };
            parts.extend(of_children);
        }
        Ok(Some(parts))
    }

    /// The item that a reference leads to, where it is not settled which row that is.
    fn loose(&self, section: &str, key: &Json) -> Result<Option<i64>> {
        let Some(id) = self.pass.decider.resolver.item(section, key)? else { return Ok(None) };
        if self.hanging.contains(section) {
            return Ok(Some(id));
        }
        let Some(read) = self.pass.read(id)? else { return Ok(None) };
        Ok(self.pass.is_to_be_named(&read)?.then_some(id))
    }

    /// The guess that an item is the row to which these values lead.
    fn guess(&self, id: i64, section: &str, to: &[String], values: &[Value]) -> Result<Option<i64>> {
        let Some(handle) = self.row_of(section, to, values)? else { return Ok(None) };
        let items = &self.pass.staged.items;
        if self.hanging.contains(section) {
            return items.guess(id, items.get(id)?.section, &handle, None).map(Some);
        }
        items.guessed(id, &handle)
    }

    /// The row to which these values lead.
    pub(super) fn row_of(&self, section: &str, to: &[String], values: &[Value]) -> Result<Option<Handle>> {
        let resolver = &self.pass.decider.resolver;
        if values.contains(&Value::Null) {
            return Ok(None);
        }
        let wanted: Vec<(&str, &Value)> = to.iter().map(String::as_str).zip(values).collect();
        Ok(resolver.target.find(&resolver.shape(section)?.table, &wanted, 1)?.pop())
    }

    /// Parts what an item holds by itself from the rest.
    pub(super) fn halves<'m>(&self, incoming: &Incoming<'m>) -> Result<Halves<'m>> {
        let mut own = Incoming { values: incoming.values.clone(), ..Incoming::default() };
        let (mut references, mut json) = (Vec::new(), Vec::new());
        for (reference, key) in &incoming.references {
            match self.loose(&reference.section, key)? {
                Some(id) => references.push((*reference, id)),
                None => own.references.push((*reference, key.clone())),
            }
        }
        for (reference, key) in &incoming.plain {
            match self.loose(&reference.section, key)? {
                Some(id) => {
                    own.values.retain(|name, _| !reference.columns.contains(name));
                    references.push((*reference, id));
                }
                None => own.plain.push((*reference, key.clone())),
            }
        }
        for (column, model, tree) in &incoming.json {
            let mut is_loose = false;
            for (path, section) in &model.references {
                for found in found_at(&mut tree.clone(), path)? {
                    is_loose |= self.loose(section, IdType::of(&found).1)?.is_some();
                }
            }
            let list = if is_loose { &mut json } else { &mut own.json };
            list.push((column.clone(), *model, tree.clone()));
        }
        Ok(Halves { own, references, json })
    }

    /// What it needs that JSON with references holds the same as that of a row.
    fn parts_of_json(&self, model: &JsonColumn, json: &Json, there: &Value) -> Result<Option<Parts>> {
        let resolver = &self.pass.decider.resolver;
        // Of which section a row id is, another column says, which is compared by itself.
        let section = json.as_object().and_then(|object| object.keys().next()).map(String::as_str);
        let there = model.spread(there, section).or_else(|| match there {
            Value::Text(text) => serde_json::from_str::<Json>(text).ok(),
            _ => None,
        });
        let Some(mut there) = there else { return Ok(None) };
        model.list_keys(&mut there);
        let (mut own, mut parts) = (json.clone(), Parts::new());
        for (path, section) in &model.references {
            let table = resolver.target.table(&resolver.shape(section)?.table)?;
            let to: Vec<String> = table.table.primary_key().into_iter().map(str::to_owned).collect();
            let (wanted, found) = (found_at(&mut own, path)?, found_at(&mut there, path)?);
            if wanted.len() != found.len() {
                return Ok(None);
            }
            for (key, number) in wanted.iter().zip(&found).filter(|(key, _)| **key != Json::Null) {
                let (id_type, key) = IdType::of(key);
                let Ok(value) = incoming::value(number) else { return Ok(None) };
                match self.loose(section, key)? {
                    Some(id) => {
                        let Some(guess) = self.guess(id, section, &to, &[value])? else { return Ok(None) };
                        parts.push(vec![guess]);
                    }
                    None => match resolver.resolve(section, &to, key)? {
                        Link::Values(values)
                            if values.iter().map(|id| id_type.write(id)).eq([number.clone()]) => {}
                        _ => return Ok(None),
                    },
                }
            }
        }
        let form = |json: &Json| canonical(&json.to_string());
        Ok(matches!((form(&own), form(&there)), (Ok(own), Ok(there)) if own == there).then_some(parts))
    }

    /// What it needs that children are those of a row.
    fn parts_of_children(
        &self,
        shape: &Shape,
        nested: &Nested,
        children: &[Incoming<'_>],
        handle: &Handle,
    ) -> Result<Option<Parts>> {
        let comparer = &self.pass.writer.comparer;
        let Some(link) = comparer.link_of(nested, shape, handle)? else { return Ok(Some(Parts::new())) };
        let there = comparer.there(shape, nested, &link)?;
        if there.len() != children.len() {
            return Ok(None);
        }
        let mut siblings = Siblings::new(self, nested, &link, &there);
        let mut parts = Parts::new();
        for child in children {
            let Some(likely) = siblings.like(child)? else { return Ok(None) };
            if likely.len() > MOST_ALIKE {
                continue;
            }
            let mut others = Vec::new();
            let mut is_certain = false;
            for at in likely {
                match self.parts(&nested.shape, child, &link, &there[at].0)? {
                    Some(needs) if needs.is_empty() => is_certain = true,
                    Some(mut needs) if needs.len() == 1 => others.append(&mut needs[0]),
                    Some(needs) => others.push(self.pass.staged.items.guess_child(&needs)?),
                    None => {}
                }
            }
            if !is_certain && others.is_empty() {
                return Ok(None);
            }
            if !is_certain {
                parts.push(others);
            }
        }
        Ok(Some(parts))
    }
}

/// An item with what is in its key only.
fn only_key<'m>(shape: &Shape, mut incoming: Incoming<'m>) -> Incoming<'m> {
    let columns = shape.key_columns();
    let in_key =
        |reference: &Reference| reference.columns.iter().all(|name| columns.contains(&name.as_str()));
    incoming.values.retain(|name, _| columns.contains(&name.as_str()));
    incoming.references.retain(|(reference, _)| in_key(reference));
    incoming.plain.retain(|(reference, _)| in_key(reference));
    Incoming {
        values: incoming.values,
        references: incoming.references,
        plain: incoming.plain,
        ..Incoming::default()
    }
}

/// What is at the places that a path leads to, which then hold nothing. What is marked as lost stays, without the mark.
fn found_at(tree: &mut Json, path: &str) -> Result<Vec<Json>> {
    let mut found = Vec::new();
    each_place(tree, &steps(path), &mut |place| {
        match dangling(IdType::of(place).1).cloned() {
            Some(before) => *place = before,
            None => found.push(place.take()),
        }
        Ok(())
    })?;
    Ok(found)
}
