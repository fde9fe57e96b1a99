//! What else refers to rows without a key, and is known by itself: items that have a key and their rows. It only chooses among
//! rows that hold the same, since what an item refers to may have changed.

use super::Content;
use super::digests::columns_of;
use super::kinds::Kinds;
use super::order::{Step, is_alike};
use super::rows::row_named;
use crate::app::model::{Nested, Reference, Shape};
use crate::database::value::{Borrowed, Value};
use crate::import::condensed::incoming::{self, Incoming};
use crate::import::condensed::items::Items;
use crate::import::condensed::pairing::numbered;
use crate::import::condensed::resolve::Resolver;
use crate::import::condensed::state::State;
use crate::stream::digest_of;
use anyhow::Result;
use rusqlite::{OptionalExtension, params};
use serde_json::{Map, Value as Json};

/// A reference of items with a key to what is looked at.
struct Hint<'p> {
    /// The section of the items.
    section: u32,
    shape: &'p Shape,
    /// The children that refer, where it is not the items themselves.
    nested: Option<&'p Nested>,
    reference: &'p Reference,
    /// The kind that is referred to.
    kind: usize,
}

/// The references from items with a key.
pub(super) struct Hints<'a, 'p> {
    resolver: &'a Resolver<'p>,
    all: Vec<Hint<'p>>,
}

impl<'a, 'p> Hints<'a, 'p> {
    /// Those to the kinds of a step.
    pub fn of(resolver: &'a Resolver<'p>, kinds: &Kinds<'p>, step: &Step) -> Self {
        let mut all = Vec::new();
        for (section, (_, known)) in (0..).zip(&resolver.metadata.sections) {
            let shape = &known.shape;
            if is_alike(shape) || step.sections.contains(&(section as usize)) {
                continue;
            }
            let own = shape.references.values().map(|reference| (None, reference));
            let children = shape.nested.values();
            let children =
                children.flat_map(|own| own.shape.references.values().map(move |to| (Some(own), to)));
            for (nested, reference) in own.chain(children).filter(|(_, reference)| !reference.plain) {
                if let Some(kind) = kinds.of_section(&reference.section) {
                    all.push(Hint { section, shape, nested, reference, kind });
                }
            }
        }
        Self { resolver, all }
    }

    pub fn are_any(&self) -> bool {
        !self.all.is_empty()
    }

    /// What refers to each node: equal numbers where that is equal.
    pub fn find(&self, content: &Content<'p>, items: &Items) -> Result<Vec<u32>> {
        let count = "SELECT count(*) FROM numbered";
        let count: u32 = items.connection().query_row(count, [], |row| row.get(0))?;
        let mut sums = vec![0_u64; count as usize];
        items.add_rest(&mut sums)?;
        for (role, hint) in (0..).zip(&self.all) {
            self.of_items(hint, role, &mut sums)?;
            self.of_rows(content, hint, role, &mut sums)?;
        }
        Ok(numbered(sums))
    }

    fn of_items(&self, hint: &Hint<'p>, role: u32, sums: &mut [u64]) -> Result<()> {
        let (resolver, items) = (self.resolver, self.resolver.items);
        items.for_each_of(hint.section, |id| {
            let State::Matched(handle) = items.state(id)? else { return Ok(()) };
            let json: Map<String, Json> = serde_json::from_str(&items.get(id)?.json)?;
            let Ok(incoming) = incoming::read(hint.shape, &json) else { return Ok(()) };
            let of_child = |nested: &Nested| {
                let own = incoming.children.iter().find(|(own, _)| *own == nested);
                own.map_or(&[][..], |(_, children)| children.as_slice())
            };
            let (referring, link): (&[Incoming<'_>], &[String]) = match hint.nested {
                Some(nested) => (of_child(nested), &nested.to),
                None => (std::slice::from_ref(&incoming), &[]),
            };
            let names: Vec<&str> = link.iter().map(String::as_str).collect();
            let known = if link.is_empty() {
                Some(handle)
            } else {
                resolver.target.load(&hint.shape.table, &names, &handle)?
            };
            for incoming in referring {
                let own = incoming.references.iter().find(|(own, _)| *own == hint.reference);
                let target =
                    own.map(|(reference, key)| resolver.item(&reference.section, key)).transpose()?.flatten();
                if let (Some(target), Some(known)) = (target, &known) {
                    items.add_hint((hint.kind, false, &target.to_string()), role, known, sums)?;
                }
            }
            Ok(())
        })
    }

    fn of_rows(&self, content: &Content<'p>, hint: &Hint<'p>, role: u32, sums: &mut [u64]) -> Result<()> {
        let (resolver, items) = (self.resolver, self.resolver.items);
        let (shape, link) =
            hint.nested.map_or((hint.shape, &[][..]), |nested| (&nested.shape, nested.parent.as_slice()));
        let wanted: Vec<String> = hint.reference.columns.iter().chain(link).cloned().collect();
        let table = &resolver.shape(&hint.reference.section)?.table;
        content.each_row(resolver, shape, columns_of(&wanted, &[]), |columns, row| {
            let values: Vec<&Value> =
                hint.reference.columns.iter().map(|name| &row[columns.at(name)]).collect();
            if values.contains(&&Value::Null) {
                return Ok(());
            }
            let Some(name) = row_named(resolver, table, &hint.reference.to, &values)? else { return Ok(()) };
            let known: Vec<Value> = match link {
                [] => columns.handle_of(row).to_vec(),
                link => link.iter().map(|name| row[columns.at(name)].clone()).collect(),
            };
            items.add_hint((hint.kind, true, &name), role, &known, sums)
        })
    }
}

impl Items {
    /// Adds to nodes with a key what else they hold.
    fn add_rest(&self, sums: &mut [u64]) -> Result<()> {
        let sql = "SELECT n.number - 1, o.rest FROM node AS o JOIN numbered AS n ON n.id = o.id WHERE o.rest IS NOT NULL";
        let mut statement = self.connection().prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (node, rest): (u32, [u8; 16]) = (row.get(0)?, row.get(1)?);
            sums[node as usize] = start_of(&rest);
        }
        Ok(())
    }

    /// Adds to a node, where it is one, that something refers to it.
    fn add_hint(
        &self,
        (kind, is_row, name): (usize, bool, &str),
        role: u32,
        known: &[Value],
        sums: &mut [u64],
    ) -> Result<()> {
        let sql = "SELECT n.number - 1 FROM node AS o JOIN numbered AS n ON n.id = o.id
                   WHERE o.kind = ?1 AND o.is_row = ?2 AND o.name = ?3";
        let mut statement = self.connection().prepare_cached(sql)?;
        let values = params![i64::try_from(kind)?, is_row, name];
        let Some(node) = statement.query_row(values, |row| row.get::<_, u32>(0)).optional()? else {
            return Ok(());
        };
        let mut bytes = role.to_le_bytes().to_vec();
        for value in known {
            Borrowed::from(value).encode(&mut bytes);
        }
        let digest = digest_of(&bytes).first_bytes();
        let number = start_of(&digest);
        let sum = &mut sums[node as usize];
        *sum = sum.wrapping_add(number);
        Ok(())
    }
}

/// A number that stands for a digest.
fn start_of(digest: &[u8; 16]) -> u64 {
    u64::from_le_bytes(digest[..8].try_into().expect("it has eight bytes"))
}
