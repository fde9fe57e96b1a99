//! Items as nodes of a graph: what each holds by itself, and what it refers to.

use super::digests::{Digest, digest, fill, of_items, values_of_item};
use super::kinds::{Kind, Kinds};
use crate::app::json_path::steps;
use crate::app::model::{JsonColumn, Nested, Reference};
use crate::database::affinity::Affinity;
use crate::database::value::Value;
use crate::document::id_type::IdType;
use crate::document::tree::{dangling, each_place};
use crate::import::condensed::incoming::{self, Incoming};
use crate::import::condensed::items::{Items, pack};
use crate::import::condensed::resolve::{Link, Resolver, Row};
use anyhow::Result;
use rusqlite::params;
use serde_json::{Map, Value as Json};

/// What stands in the place of a reference to a row that is looked at too.
const REFERENCE: &str = "larder reference";

/// A node that another refers to: its kind, whether it is a row, and what it is called.
pub(super) type Target = (usize, bool, String);

/// A node: what it holds by itself, and what it refers to.
pub(super) struct Node {
    pub own: Digest,
    /// Of one with a key: what else it holds, which may have changed.
    pub rest: Option<Digest>,
    /// What it is called, where that may tell that it was edited.
    pub label: Option<String>,
    pub targets: Vec<Target>,
}

/// The value in the place of a reference.
pub(super) fn of_reference() -> Value {
    Value::Text(REFERENCE.to_owned())
}

/// The same in JSON, where it also counts whether the row id is a text.
pub(super) fn in_json(is_text: bool) -> Json {
    Json::from(if is_text { format!("{REFERENCE}: text") } else { REFERENCE.to_owned() })
}

/// Makes nodes of items.
pub(super) struct ItemNodes<'a, 'p> {
    pub resolver: &'a Resolver<'p>,
    pub kinds: &'a Kinds<'p>,
}

impl<'p> ItemNodes<'_, 'p> {
    /// Adds the items of a section. Those that lack what others have, and those that refer to what is not there, are left out.
    pub fn add_all(&self, kind: usize) -> Result<()> {
        let items = self.resolver.items;
        let own = &self.kinds.all[kind];
        items.for_each_of(own.section, |id| {
            let item = items.get(id)?;
            let json: Map<String, Json> = serde_json::from_str(&item.json)?;
            let Ok(incoming) = incoming::read(own.shape, &json) else { return Ok(()) };
            self.add(kind, &id.to_string(), &incoming, None).map(drop)
        })
    }

    /// Adds an item or a child with its children. Says whether it was possible: else some of them were added.
    fn add(&self, kind: usize, name: &str, incoming: &Incoming<'p>, parent: Option<i64>) -> Result<bool> {
        let own = &self.kinds.all[kind];
        let Some(node) = self.node(own, incoming)? else { return Ok(false) };
        let id = self.resolver.items.add_node((kind, false, name), &node, parent)?;
        for (child, nested) in &own.outer {
            let Some(children) = children_of(incoming, nested) else {
                return self.resolver.items.drop_node(id);
            };
            for incoming in children {
                if !self.add(*child, "", incoming, Some(id))? {
                    return self.resolver.items.drop_node(id);
                }
            }
        }
        Ok(true)
    }

    fn node(&self, kind: &Kind<'p>, incoming: &Incoming<'p>) -> Result<Option<Node>> {
        let settled = by_itself(kind, incoming);
        let Ok(mut row) = self.resolver.row(kind.shape, &settled, &Row::new())? else { return Ok(None) };
        if kind.nested.is_some() {
            fill(kind.shape, &mut row);
        }
        let label = label_of(kind, |column| row.get(column));
        let mut rest = None;
        if kind.is_keyed() {
            let values = row.iter().filter(|(name, _)| kind.rest.contains(name));
            let values = values.map(|(name, value)| (name.as_str(), value.clone())).collect();
            rest = Some(digest(self.resolver, kind.shape, values, &[])?);
            row.retain(|name, _| kind.columns.contains(name));
        }
        let mut targets = Vec::new();
        for reference in &kind.references {
            let Some(value) = self.reference(kind, reference, incoming, &mut targets)? else {
                return Ok(None);
            };
            row.extend(reference.columns.iter().map(|column| (column.clone(), value.clone())));
        }
        for (column, json) in &kind.json {
            if let Some((_, _, tree)) = incoming.json.iter().find(|(own, ..)| own == column) {
                let Some(value) = self.json(json, tree, &mut targets)? else { return Ok(None) };
                row.insert((*column).to_owned(), value);
            }
        }
        let is_own = |name: &String| {
            kind.columns.contains(name) || kind.refers(name) || kind.json.iter().any(|(own, _)| own == name)
        };
        let count =
            kind.columns.len() + kind.json.len() + row.keys().filter(|name| kind.refers(name)).count();
        // What lacks a column that others have is compared by itself.
        if row.len() != count || !row.keys().all(is_own) {
            return Ok(None);
        }
        let mut children = Vec::new();
        for nested in &kind.inner {
            let Some(of_kind) = children_of(incoming, nested) else { return Ok(None) };
            let Some(digests) = of_items(self.resolver, nested, of_kind)? else { return Ok(None) };
            children.push(digests);
        }
        let own = digest(self.resolver, kind.shape, values_of_item(&settled, &row), &children)?;
        Ok(Some(Node { own, rest, label, targets }))
    }

    /// What stands in the columns of a reference; nothing where it leads to what is not there, or is not said.
    fn reference(
        &self,
        kind: &Kind<'p>,
        reference: &'p Reference,
        incoming: &Incoming<'p>,
        targets: &mut Vec<Target>,
    ) -> Result<Option<Value>> {
        let all = incoming.plain.iter().chain(&incoming.references);
        let Some((_, key)) = all.clone().find(|(own, _)| *own == reference) else {
            let is_null =
                reference.columns.iter().all(|name| incoming.values.get(name) == Some(&Value::Null));
            return Ok((is_null || kind.nested.is_some()).then_some(Value::Null));
        };
        if dangling(key).is_some() {
            return Ok(Some(Value::Null));
        }
        let Some(section) = self.kinds.of_section(&reference.section) else { return Ok(None) };
        if let Some(id) = self.resolver.item(&reference.section, key)? {
            targets.push((section, false, id.to_string()));
            return Ok(Some(of_reference()));
        }
        // It is no item: then a row that is there, or nothing.
        let mut single = Incoming::default();
        let list = if reference.plain { &mut single.plain } else { &mut single.references };
        list.push((reference, key.clone()));
        let Ok(row) = self.resolver.row(kind.shape, &single, &Row::new())? else { return Ok(None) };
        let values: Vec<&Value> = reference.columns.iter().filter_map(|column| row.get(column)).collect();
        if values.contains(&&Value::Null) {
            return Ok(Some(Value::Null));
        }
        Ok(self.row(&reference.section, &reference.to, &values)?.map(|target| {
            targets.push(target);
            of_reference()
        }))
    }

    /// The row to which these values lead.
    fn row(&self, section: &str, to: &[String], values: &[&Value]) -> Result<Option<Target>> {
        let wanted: Vec<(&str, &Value)> = to.iter().map(String::as_str).zip(values.iter().copied()).collect();
        let table = &self.resolver.shape(section)?.table;
        let found = self.resolver.target.find(table, &wanted, 1)?.pop();
        let kind = self.kinds.of_section(section);
        Ok(found.zip(kind).map(|(handle, kind)| (kind, true, pack(&handle))))
    }

    /// JSON without what it refers to; nothing where that is not there.
    fn json(&self, model: &JsonColumn, tree: &Json, targets: &mut Vec<Target>) -> Result<Option<Value>> {
        let mut tree = tree.clone();
        let mut is_whole = true;
        for (path, section) in &model.references {
            let table = self.resolver.target.table(&self.resolver.shape(section)?.table)?;
            let to: Vec<String> = table.table.primary_key().into_iter().map(str::to_owned).collect();
            let is_text = to.first().is_some_and(|to| table.affinity(to) == Affinity::Text);
            each_place(&mut tree, &steps(path), &mut |found| {
                let (id_type, key) = IdType::of(found);
                if *key == Json::Null {
                    return Ok(());
                }
                if let Some(before) = dangling(key) {
                    *found = before.clone();
                    return Ok(());
                }
                let is_text = match id_type {
                    IdType::Own => is_text,
                    IdType::String => true,
                    IdType::Number => false,
                };
                let kind = self.kinds.of_section(section);
                if let (Some(kind), Some(id)) = (kind, self.resolver.item(section, key)?) {
                    targets.push((kind, false, id.to_string()));
                    *found = in_json(is_text);
                    return Ok(());
                }
                let Link::Values(values) = self.resolver.resolve(section, &to, key)? else {
                    is_whole = false;
                    return Ok(());
                };
                if kind.is_none() {
                    *found = id_type.write(values.first().unwrap_or(&Value::Null));
                    return Ok(());
                }
                match self.row(section, &to, &values.iter().collect::<Vec<_>>())? {
                    Some(target) => {
                        targets.push(target);
                        *found = in_json(is_text);
                    }
                    None => is_whole = false,
                }
                Ok(())
            })?;
        }
        Ok(is_whole.then(|| Value::Text(tree.to_string())))
    }
}

/// What an item holds without what it refers to among what is looked at.
pub(super) fn by_itself<'m>(kind: &Kind<'m>, incoming: &Incoming<'m>) -> Incoming<'m> {
    let mut settled = incoming.clone();
    settled.references.retain(|(reference, _)| !kind.references.contains(reference));
    settled.plain.retain(|(reference, _)| !kind.references.contains(reference));
    settled.json.retain(|(column, ..)| !kind.json.iter().any(|(own, _)| own == column));
    settled
}

/// What something is called, and what else it refers to, by its columns; nothing where it has no name.
pub(super) fn label_of<'v>(kind: &Kind<'_>, value: impl Fn(&str) -> Option<&'v Value>) -> Option<String> {
    let text = |name: &&str| match value(name)? {
        Value::Text(text) if !text.trim().is_empty() => Some(text.as_str()),
        _ => None,
    };
    let label = kind.label.iter().map(text).collect::<Option<Vec<_>>>().filter(|label| !label.is_empty())?;
    let label = label.join("\0");
    let refers = |name: &&String| {
        let mut references = kind.shape.references.values();
        references.any(|reference| reference.columns.contains(*name))
    };
    let owners = kind.columns.iter().filter(refers);
    let owners: Vec<Value> = owners.map(|name| value(name).cloned().unwrap_or(Value::Null)).collect();
    Some(format!("{}{label}", pack(&owners)))
}

/// The children of a kind, where the item says something of them.
fn children_of<'i, 'm>(incoming: &'i Incoming<'m>, nested: &Nested) -> Option<&'i [Incoming<'m>]> {
    incoming.children.iter().find(|(own, _)| *own == nested).map(|(_, children)| children.as_slice())
}

impl Items {
    /// Adds a node: its kind, whether it is a row, and what it is called.
    pub(super) fn add_node(
        &self,
        (kind, is_row, name): (usize, bool, &str),
        node: &Node,
        parent: Option<i64>,
    ) -> Result<i64> {
        let sql = "INSERT INTO node(kind, is_row, name, own, rest, label, parent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let values = params![i64::try_from(kind)?, is_row, name, node.own, node.rest, node.label, parent];
        self.connection().prepare_cached(sql)?.execute(values)?;
        let id = self.connection().last_insert_rowid();
        let sql = "INSERT INTO edge(source, slot, kind, is_row, name) VALUES (?1, ?2, ?3, ?4, ?5)";
        for (slot, (kind, is_row, name)) in node.targets.iter().enumerate() {
            let values = params![id, i64::try_from(slot)?, i64::try_from(*kind)?, is_row, name];
            self.connection().prepare_cached(sql)?.execute(values)?;
        }
        Ok(id)
    }

    /// Takes a node away again, with its children. Says that it is gone.
    fn drop_node(&self, id: i64) -> Result<bool> {
        self.drop_children(id)?;
        self.connection().execute("DELETE FROM node WHERE id = ?1", [id])?;
        Ok(false)
    }

    /// Takes away the children of a node, and what it and they refer to.
    pub(super) fn drop_children(&self, id: i64) -> Result<()> {
        let tree = "WITH RECURSIVE tree(id) AS (SELECT ?1 UNION ALL SELECT n.id FROM tree AS t JOIN node AS n ON n.parent = t.id)";
        let all = format!("{tree} SELECT id FROM tree");
        self.connection().execute(&format!("DELETE FROM edge WHERE source IN ({all})"), [id])?;
        self.connection().execute(&format!("DELETE FROM node WHERE id IN ({all}) AND id <> ?1"), [id])?;
        Ok(())
    }
}
