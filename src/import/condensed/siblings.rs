//! Which children of a row a child of an item could be, without comparing each with each.

use super::alike::Alike;
use super::compare::There;
use super::content::{self, Digest};
use super::incoming::Incoming;
use super::resolve::{Resolver, Row};
use crate::app::model::{Nested, Reference, Shape};
use crate::database::value::Value;
use anyhow::Result;
use std::collections::HashMap;

/// By what children are sorted: a digest of what they are known by, and the item that one of them refers to.
type Bin = (Digest, Option<i64>);
/// The places of those that are in each.
type Bins = HashMap<Bin, Vec<usize>>;
/// The columns that they are sorted by, and those of the reference.
type SortedBy = (Vec<String>, Option<Vec<String>>);

/// The children of a row, sorted by what they are known by as far as that is settled.
pub struct Siblings<'s, 'a, 'd, 'p> {
    alike: &'s Alike<'a, 'd, 'p>,
    nested: &'s Nested,
    link: &'s Row,
    there: &'s [There],
    /// The places of the children that are there, by the columns and the reference that they are sorted by.
    known: HashMap<SortedBy, Bins>,
}

impl<'s, 'a, 'd, 'p> Siblings<'s, 'a, 'd, 'p> {
    /// The children of a row, which refer to it by `link`.
    pub fn new(alike: &'s Alike<'a, 'd, 'p>, nested: &'s Nested, link: &'s Row, there: &'s [There]) -> Self {
        Self { alike, nested, link, there, known: HashMap::new() }
    }

    /// The places of those that a child could be; nothing where it leads to what is not there.
    pub fn like(&mut self, child: &Incoming<'_>) -> Result<Option<Vec<usize>>> {
        let (alike, shape) = (self.alike, &self.nested.shape);
        if self.nested.one {
            return Ok(Some((0..self.there.len()).collect()));
        }
        let halves = alike.halves(child)?;
        let resolver = &alike.pass.decider.resolver;
        let Ok(row) = resolver.row(shape, &halves.own, self.link)? else { return Ok(None) };
        let by = if shape.key.is_empty() { shape.table_columns() } else { shape.key_columns() };
        let names: Vec<String> = row.keys().filter(|name| by.contains(&name.as_str())).cloned().collect();
        let named = halves.references.iter().find(|(own, _)| !alike.hanging.contains(own.section.as_str()));
        let sorted_by = (names, named.map(|(reference, _)| reference.columns.clone()));
        if !self.known.contains_key(&sorted_by) {
            let bins = self.sort(&sorted_by.0, named.map(|(reference, _)| *reference))?;
            self.known.insert(sorted_by.clone(), bins);
        }
        let bin = (digest_of(resolver, shape, &sorted_by.0, &row)?, named.map(|(_, id)| *id));
        Ok(Some(self.known[&sorted_by].get(&bin).cloned().unwrap_or_default()))
    }

    fn sort(&self, names: &[String], reference: Option<&Reference>) -> Result<Bins> {
        let (alike, shape) = (self.alike, &self.nested.shape);
        let resolver = &alike.pass.decider.resolver;
        let mut bins = Bins::new();
        for (at, (_, row)) in self.there.iter().enumerate() {
            let digest = digest_of(resolver, shape, names, row)?;
            let Some(reference) = reference else {
                bins.entry((digest, None)).or_default().push(at);
                continue;
            };
            let values: Vec<Value> = reference.columns.iter().map(|name| row[name].clone()).collect();
            let Some(handle) = alike.row_of(&reference.section, &reference.to, &values)? else { continue };
            let section = resolver.metadata.sections.get_index_of(&reference.section).unwrap_or_default();
            for id in alike.pass.staged.items.guessed_of(u32::try_from(section)?, &handle)? {
                bins.entry((digest, Some(id))).or_default().push(at);
            }
        }
        Ok(bins)
    }
}

fn digest_of(resolver: &Resolver<'_>, shape: &Shape, names: &[String], row: &Row) -> Result<Digest> {
    let values = names.iter().map(|name| (name.as_str(), row[name].clone())).collect();
    content::digest(resolver, shape, values, &[])
}
