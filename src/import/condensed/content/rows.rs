//! Rows as nodes of a graph: those that an item could be, and what they lead to.

use super::Content;
use super::digests::{columns_of, digest, kind_of};
use super::kinds::{Kind, Kinds};
use super::nodes::{Node, Target, in_json, label_of, of_reference};
use crate::app::json_path::steps;
use crate::app::model::{JsonColumn, Nested, Reference};
use crate::database::row_query::Columns;
use crate::database::value::Value;
use crate::document::tree::each_place;
use crate::import::condensed::incoming;
use crate::import::condensed::items::{Items, pack};
use crate::import::condensed::resolve::Resolver;
use crate::import::condensed::secret_members::as_document;
use anyhow::Result;
use rusqlite::params;
use serde_json::Value as Json;

/// Makes nodes of rows.
pub(super) struct RowNodes<'a, 'p> {
    pub content: &'a Content<'p>,
    pub resolver: &'a Resolver<'p>,
    pub kinds: &'a Kinds<'p>,
}

impl<'p> RowNodes<'_, 'p> {
    /// Adds the rows of a section that hold what an item holds or are called like one, or that an item refers to.
    pub fn add_all(&self, kind: usize) -> Result<()> {
        let own = &self.kinds.all[kind];
        self.content.each_row(self.resolver, own.shape, columns(own), |columns, row| {
            let name = pack(columns.handle_of(row));
            let mut node = self.node(own, columns, row)?;
            let target = self.resolver.target;
            if node.label.is_some() && target.is_left_out(own.shape, columns.handle_of(row))? {
                node.label = None;
            }
            if self.resolver.items.may_be(kind, &node, &name)? {
                let id = self.resolver.items.add_node((kind, true, &name), &node, None)?;
                self.add_children(own, columns, row, id)?;
            } else {
                let mut edited = node.targets.iter().filter(|(kind, ..)| self.kinds.all[*kind].may_be_edited);
                edited.try_for_each(|target| self.resolver.items.count_other(target))?;
            }
            Ok(())
        })
    }

    fn add_children(&self, kind: &Kind<'p>, read: &Columns, row: &[Value], parent: i64) -> Result<()> {
        for (child, nested) in &kind.outer {
            let own = &self.kinds.all[*child];
            let columns = columns(own);
            let link: Vec<&Value> = nested.to.iter().map(|name| &row[read.at(name)]).collect();
            for row in self.content.children.rows(kind_of(&kind.shape.table, nested), &columns, &link)? {
                let node = self.node(own, &columns, &row)?;
                let id = self.resolver.items.add_node((*child, true, ""), &node, Some(parent))?;
                self.add_children(own, &columns, &row, id)?;
            }
        }
        Ok(())
    }

    fn node(&self, kind: &Kind<'p>, columns: &Columns, row: &[Value]) -> Result<Node> {
        let (content, resolver) = (self.content, self.resolver);
        let mut values = content.values_of_row(resolver, kind.shape, &kind.columns, columns, row)?;
        let mut targets = Vec::new();
        for reference in &kind.references {
            let own: Vec<&Value> = reference.columns.iter().map(|column| &row[columns.at(column)]).collect();
            let refers =
                !own.contains(&&Value::Null) && !content.is_lost(resolver, kind.shape, reference, &own)?;
            let target = if refers { self.target(&reference.section, &reference.to, &own)? } else { None };
            for (column, value) in reference.columns.iter().zip(own) {
                values.retain(|(name, _)| name != column);
                let value = match (&target, value) {
                    (Some(_), _) => of_reference(),
                    // A part of what is no reference stays what it is.
                    (None, own) if !refers && row_has_null(reference, columns, row) => own.clone(),
                    (None, _) => Value::Null,
                };
                values.push((column.as_str(), value));
            }
            targets.extend(target);
        }
        for (column, model) in &kind.json {
            let value = self.json(model, &row[columns.at(column)], &mut targets)?;
            values.push((column, value));
        }
        let children = content.children_of_row(resolver, kind.shape, &kind.inner, columns, row)?;
        let rest = content.values_of_row(resolver, kind.shape, &kind.rest, columns, row)?;
        let rest = kind.is_keyed().then(|| digest(resolver, kind.shape, rest, &[])).transpose()?;
        let label = label_of(kind, |column| Some(&row[columns.at(column)]));
        Ok(Node { own: digest(resolver, kind.shape, values, &children)?, rest, label, targets })
    }

    /// The row that a reference leads to.
    fn target(&self, section: &str, to: &[String], values: &[&Value]) -> Result<Option<Target>> {
        let Some(kind) = self.kinds.of_section(section) else { return Ok(None) };
        let named = row_named(self.resolver, &self.kinds.all[kind].shape.table, to, values)?;
        Ok(named.map(|name| (kind, true, name)))
    }

    /// JSON of a row without what it refers to.
    fn json(&self, model: &JsonColumn, value: &Value, targets: &mut Vec<Target>) -> Result<Value> {
        let value = &as_document(value, model);
        let parsed = || match value {
            Value::Text(text) => serde_json::from_str::<Json>(text).ok(),
            _ => None,
        };
        let Some(mut tree) = model.spread(value, None).or_else(parsed) else { return Ok(value.clone()) };
        model.list_keys(&mut tree);
        for (path, section) in &model.references {
            let Some(kind) = self.kinds.of_section(section) else { continue };
            let name = &self.kinds.all[kind].shape.table;
            let table = self.resolver.target.table(name)?;
            let to: Vec<String> = table.table.primary_key().into_iter().map(str::to_owned).collect();
            each_place(&mut tree, &steps(path), &mut |found| {
                let Some(own) = incoming::value(found).ok().filter(|_| to.len() == 1) else { return Ok(()) };
                let wanted: Vec<(&str, &Value)> = to.iter().map(|to| (to.as_str(), &own)).collect();
                // What leads to nothing is no reference.
                if let Some(handle) = self.resolver.target.find(name, &wanted, 1)?.pop() {
                    targets.push((kind, true, pack(&handle)));
                    *found = in_json(found.is_string());
                }
                Ok(())
            })?;
        }
        Ok(Value::Text(tree.to_string()))
    }
}

/// What finds the row of a table again that has these values in some columns.
pub(super) fn row_named(
    resolver: &Resolver<'_>,
    table: &str,
    to: &[String],
    values: &[&Value],
) -> Result<Option<String>> {
    // Row ids find their row themselves.
    if let ([to], [value @ Value::Integer(_)]) = (to, values) {
        let table = resolver.target.table(table)?;
        if table.numbered().is_some_and(|own| own.eq_ignore_ascii_case(to)) {
            return Ok(Some(pack(&[(*value).clone()])));
        }
    }
    let wanted: Vec<(&str, &Value)> = to.iter().map(String::as_str).zip(values.iter().copied()).collect();
    Ok(resolver.target.find(table, &wanted, 1)?.pop().map(|handle| pack(&handle)))
}

/// Whether a part of a reference is NULL, so that it is none.
fn row_has_null(reference: &Reference, columns: &Columns, row: &[Value]) -> bool {
    reference.columns.iter().any(|column| row[columns.at(column)] == Value::Null)
}

/// The columns that are read of a kind.
fn columns(kind: &Kind<'_>) -> Columns {
    let refers = kind.references.iter().flat_map(|reference| &reference.columns);
    let json = kind.json.iter().map(|(column, _)| *column);
    let own = kind.columns.iter().chain(&kind.rest).chain(refers).map(String::as_str).chain(json);
    let wanted: Vec<String> = own.map(str::to_owned).collect();
    let children: Vec<&Nested> =
        kind.inner.iter().copied().chain(kind.outer.iter().map(|(_, own)| *own)).collect();
    columns_of(&wanted, &children)
}

impl Items {
    /// Counts that a row refers to one which no item could be.
    fn count_other(&self, (kind, _, name): &Target) -> Result<()> {
        let sql = "INSERT INTO referred(kind, name, others) VALUES (?1, ?2, 1)
                   ON CONFLICT(kind, name) DO UPDATE SET others = others + 1";
        self.connection().prepare_cached(sql)?.execute(params![i64::try_from(*kind)?, name])?;
        Ok(())
    }

    /// Whether an item holds what a row holds by itself, is called like it, or refers to it.
    fn may_be(&self, kind: usize, node: &Node, name: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM node WHERE kind = ?1 AND own = ?2 AND NOT is_row";
        let kind = i64::try_from(kind)?;
        if self.connection().prepare_cached(sql)?.exists(params![kind, node.own])? {
            return Ok(true);
        }
        if let Some(label) = &node.label {
            let sql = "SELECT 1 FROM node WHERE kind = ?1 AND label = ?2 AND NOT is_row";
            if self.connection().prepare_cached(sql)?.exists(params![kind, label])? {
                return Ok(true);
            }
        }
        let sql = "SELECT 1 FROM edge WHERE is_row AND kind = ?1 AND name = ?2";
        Ok(self.connection().prepare_cached(sql)?.exists(params![kind, name])?)
    }
}
