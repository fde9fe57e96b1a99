//! What belongs to items, in whatever section it is: as an export finds it in its database.

use crate::app::Owner;
use crate::app::belonging::{Belonging, belongings, followers};
use crate::app::model::{Reference, Shape};
use crate::database::stand_in;
use crate::database::value::Value;
use crate::document::envelope::Section;
use crate::import::condensed::CondensedOptions;
use crate::import::condensed::describe::json;
use crate::import::condensed::incoming::{self, Incoming};
use crate::import::condensed::items::Items;
use crate::import::condensed::resolve::item_of;
use crate::import::condensed::staged::Staged;
use anyhow::Result;
use rusqlite::params;
use serde_json::{Map, Value as Json};
use std::collections::HashSet;

/// What belongs to what, by sections; which items do is kept beside the items.
pub(super) struct Belongings(Vec<Belonging>);

impl Staged {
    /// Finds what belongs to items of other sections, as far as it may come in.
    pub(super) fn belongings(&self, options: &CondensedOptions<'_>) -> Result<Belongings> {
        let source = self.open(options)?;
        stand_in::register_collations(source.connection())?;
        let owners: Vec<Vec<Owner>> = self.metadata.sections.values().map(owners).collect();
        let kinds = self.metadata.sections.iter().zip(&owners);
        let kind = |((name, section), owners)| -> (&str, (&Shape, &[Owner])) {
            let (name, section, owners): (&String, &Section, &Vec<Owner>) = (name, section, owners);
            (name, (&section.shape, owners))
        };
        let kinds = kinds.map(kind).collect();
        let mut all = belongings(source.connection(), &kinds)?;
        all.retain(|own| self.wanted.contains(&own.holder));
        let holders: HashSet<&String> = all.iter().map(|own| &own.holder).collect();
        for holder in holders {
            let (at, _, section) = self.metadata.sections.get_full(holder).expect("it is one of them");
            self.items.for_each_of(u32::try_from(at)?, |id| {
                let json: Map<String, Json> = serde_json::from_str(&self.items.get(id)?.json)?;
                // What cannot be read is told later.
                let Ok(incoming) = incoming::read(&section.shape, &json) else { return Ok(()) };
                for (which, own) in all.iter().enumerate().filter(|(_, own)| own.holder == *holder) {
                    for key in keys(&section.shape, &incoming, own, &own.path) {
                        let owner = item_of(&self.items, &self.metadata, &own.owner, &key)?;
                        self.items.put_belonging(id, owner, which)?;
                    }
                }
                Ok(())
            })?;
        }
        Ok(Belongings(all))
    }
}

/// Whose children the rows of a section are that are known by their ids.
fn owners(section: &Section) -> Vec<Owner> {
    let refers = |reference: &&Reference| Some(&reference.section) == section.within.as_ref();
    let owner = |reference: &Reference| Owner {
        columns: reference.columns.clone(),
        section: reference.section.clone(),
        to: reference.to.clone(),
    };
    section.shape.references.values().filter(refers).map(owner).collect()
}

impl Belongings {
    /// The sections that are as narrow as what they belong to, and by what.
    pub(super) fn followers(&self, staged: &Staged, narrowed: &[String]) -> Result<Followers> {
        let mut found = Vec::new();
        for (holder, owners) in followers(&self.0, &staged.wanted, narrowed) {
            let section = staged.metadata.sections.get_index_of(&holder).expect("it is one of them");
            let place = |own: &&Belonging| self.0.iter().position(|other| std::ptr::eq(other, *own));
            let owners = owners.iter().filter_map(place).map(|which| which.to_string()).collect::<Vec<_>>();
            found.push((u32::try_from(section)?, owners.join(", ")));
        }
        Ok(Followers(found))
    }
}

/// Sections that are as narrow as what they belong to: by their place, with the numbers of what that is.
pub(super) struct Followers(Vec<(u32, String)>);

impl Followers {
    /// None of their items is wanted, and all may be taken.
    pub(super) fn offer(&self, items: &Items) -> Result<()> {
        self.0.iter().try_for_each(|(section, _)| items.offer(Some(*section)))
    }

    /// Takes those that belong to nothing that stays out. Says how many there are.
    pub(super) fn take(&self, items: &Items) -> Result<usize> {
        let mut taken = 0;
        for (section, owners) in &self.0 {
            let sql = format!(
                "UPDATE item SET wanted = 2 WHERE section = ?1 AND wanted = -1 AND NOT EXISTS
                 (SELECT 1 FROM belonging AS b LEFT JOIN item AS o ON o.id = b.owner
                 WHERE b.item = item.id AND b.which IN ({owners}) AND ifnull(o.wanted, 0) <= 0)"
            );
            taken += items.connection().execute(&sql, [section])?;
        }
        Ok(taken)
    }
}

impl Items {
    /// Keeps that an item belongs to another, or to one that is not in the document.
    fn put_belonging(&self, item: i64, owner: Option<i64>, which: usize) -> Result<()> {
        let sql = "INSERT INTO belonging(item, owner, which) VALUES (?1, ?2, ?3)";
        self.connection().prepare_cached(sql)?.execute(params![item, owner, i64::try_from(which)?])?;
        Ok(())
    }

    /// No item of a section, or of any, is wanted; those that were may be taken.
    pub(super) fn offer(&self, section: Option<u32>) -> Result<()> {
        let sql = "UPDATE item SET wanted = -1 WHERE wanted = 2 AND section = ifnull(?1, section)";
        self.connection().execute(sql, [section])?;
        Ok(())
    }

    /// What was not taken is not wanted.
    pub(super) fn end_offer(&self) -> Result<()> {
        self.connection().execute("UPDATE item SET wanted = 0 WHERE wanted < 0", [])?;
        Ok(())
    }

    /// Takes items that may be taken.
    pub(super) fn take(&self, ids: &[i64]) -> Result<()> {
        let sql = "UPDATE item SET wanted = 2 WHERE id = ?1 AND wanted = -1";
        ids.iter().try_for_each(|id| self.connection().prepare_cached(sql)?.execute([id]).map(drop))?;
        Ok(())
    }

    /// Takes all that belongs to what was taken, as far as it may be.
    pub(super) fn take_belonging(&self) -> Result<()> {
        self.connection().execute_batch(
            "CREATE INDEX belonging_to ON belonging(owner);
             WITH RECURSIVE taken(id) AS (SELECT id FROM item WHERE wanted = 2 UNION
               SELECT b.item FROM taken AS t CROSS JOIN belonging AS b ON b.owner = t.id
               CROSS JOIN item AS i ON i.id = b.item WHERE i.wanted <> 0)
             UPDATE item SET wanted = 2 WHERE id IN (SELECT id FROM taken)",
        )?;
        Ok(())
    }
}

/// What the rows of an item that belong to others refer to by the columns that say so.
fn keys(shape: &Shape, incoming: &Incoming<'_>, own: &Belonging, path: &[String]) -> Vec<Json> {
    if let Some((child, path)) = path.split_first() {
        let Some(nested) = shape.nested.get(child) else { return Vec::new() };
        let inner = incoming.children.iter().filter(|(known, _)| std::ptr::eq(*known, nested));
        let inner = inner.flat_map(|(_, children)| children);
        return inner.flat_map(|child| keys(&nested.shape, child, own, path)).collect();
    }
    let is_meant = own.when.iter().all(|(column, values)| {
        let text = match incoming.values.get(column) {
            Some(Value::Text(text)) => text.clone(),
            Some(Value::Integer(number)) => number.to_string(),
            _ => return false,
        };
        values.contains(&text)
    });
    let is_it = |reference: &Reference| {
        reference.section == own.owner
            && reference.columns.len() == own.columns.len()
            && reference.columns.iter().all(|name| own.columns.contains(name))
    };
    let references = incoming.references.iter().chain(&incoming.plain);
    let references = references.filter(|(reference, _)| is_it(reference)).map(|(_, key)| key);
    // A reference whose section another column says: `{"SECTION": key}`.
    let by_type = incoming.json.iter().filter(|(column, ..)| own.columns == [column.as_str()]);
    let by_type = by_type.filter_map(|(_, _, json)| json.as_object()?.get(&own.owner));
    let found: Vec<Json> = references.chain(by_type).filter(|_| is_meant).cloned().collect();
    // Where rows are known by their ids, such a reference is written as it stands.
    let number = match own.columns.as_slice() {
        [column] if found.is_empty() && !own.when.is_empty() => incoming.values.get(column),
        _ => None,
    };
    let number = number.filter(|value| is_meant && **value != Value::Null).map(json);
    found.into_iter().chain(number).collect()
}
