//! Which rows belong to rows of other sections, wherever they are written: what is deleted with them, by the schema or by a
//! trigger, and what links them to others.

use super::catalog::{Catalog, TableInfo};
use super::infer::Owner;
use super::meaning::sql::{Owned, deletions};
use super::model::{Nested, Shape};
use crate::database::affinity::Affinity;
use crate::database::constraints::OnDelete;
use crate::database::quote::{identifier, literal};
use anyhow::Result;
use indexmap::IndexMap;
use rusqlite::Connection;

/// Rows that belong to rows of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging {
    /// The section that they are in, or inside whose items they are written.
    pub holder: String,
    /// Inside which children of the holder they are, from the outermost; none for rows of the holder's own table.
    pub path: Vec<String>,
    /// Their columns that refer to what they belong to.
    pub columns: Vec<String>,
    /// The section of that.
    pub owner: String,
    /// The columns of its table.
    pub to: Vec<String>,
    /// Only for rows whose columns, as texts, have one of these values.
    pub when: Vec<(String, Vec<String>)>,
}

impl Belonging {
    /// The condition on the rows that belong, which are called so in a query; nothing where all do.
    pub fn condition(&self, row: &str) -> String {
        let one_of = |(column, values): &(String, Vec<String>)| {
            let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
            format!(" AND CAST({row}.{} AS TEXT) IN ({})", identifier(column), values.join(", "))
        };
        self.when.iter().map(one_of).collect()
    }
}

/// The shapes of sections, and the sections whose rows their rows go with.
pub type Sections<'s> = IndexMap<&'s str, (&'s Shape, &'s [Owner])>;

/// All that belongs to rows of other sections, but for children inside their own parent.
pub fn belongings(connection: &Connection, sections: &Sections<'_>) -> Result<Vec<Belonging>> {
    let catalog = Catalog::read(connection)?;
    let deleted = deletions(connection, &catalog)?;
    let mut finder = Finder { sections, catalog: &catalog, deleted: &deleted, found: Vec::new() };
    for (name, (shape, owners)) in sections {
        for owner in *owners {
            finder.add(name, &[], &owner.columns, &owner.section, &owner.to, Vec::new());
        }
        finder.shape(name, &mut Vec::new(), shape, None);
    }
    Ok(finder.found)
}

/// The sections that are as narrow as what they belong to, and by what: all but `narrowed` whose rows belong to rows of
/// those, or of such a section.
pub fn followers<'b>(
    belongings: &'b [Belonging],
    named: &[String],
    narrowed: &[String],
) -> IndexMap<String, Vec<&'b Belonging>> {
    let mut order: Vec<&String> = narrowed.iter().collect();
    let mut found: IndexMap<String, Vec<&Belonging>> = IndexMap::new();
    let mut at = 0;
    while at < order.len() {
        let here = order[at];
        let belong = belongings.iter().filter(|own| own.owner == *here && own.path.is_empty());
        for own in belong.filter(|own| named.contains(&own.holder) && own.when.is_empty()) {
            let place = order.iter().position(|name| **name == own.holder);
            if place.is_none() {
                order.push(&own.holder);
            }
            // In a circle, the first decides.
            if place.is_none_or(|place| place > at) && !narrowed.contains(&own.holder) {
                found.entry(own.holder.clone()).or_default().push(own);
            }
        }
        at += 1;
    }
    found
}

struct Finder<'a> {
    sections: &'a Sections<'a>,
    catalog: &'a Catalog,
    deleted: &'a [Owned],
    found: Vec<Belonging>,
}

impl Finder<'_> {
    fn add(
        &mut self,
        holder: &str,
        path: &[String],
        columns: &[String],
        owner: &str,
        to: &[String],
        when: Vec<(String, Vec<String>)>,
    ) {
        let is_known = |known: &Belonging| {
            (known.holder.as_str(), known.path.as_slice(), known.owner.as_str()) == (holder, path, owner)
                && known.columns == columns
                && known.when.is_empty()
        };
        if !self.sections.contains_key(owner) || self.found.iter().any(is_known) {
            return;
        }
        let (holder, path, owner) = (holder.to_owned(), path.to_vec(), owner.to_owned());
        self.found.push(Belonging { holder, path, columns: columns.to_vec(), owner, to: to.to_vec(), when });
    }

    /// What of a shape belongs to other sections than the one that it is written inside.
    fn shape(&mut self, holder: &str, path: &mut Vec<String>, shape: &Shape, inside: Option<&Nested>) {
        if let Some(info) = self.catalog.table(&shape.table) {
            let is_link = self.is_link(shape, info, inside);
            for reference in shape.references.values() {
                let goes = info
                    .foreign_keys
                    .iter()
                    .any(|key| key.on_delete == OnDelete::Cascade && same(&key.columns, &reference.columns));
                let links = is_link && reference.columns.iter().all(|name| is_required(info, name));
                if goes || links {
                    self.add(holder, path, &reference.columns, &reference.section, &reference.to, Vec::new());
                }
            }
            self.by_triggers(holder, path, info, inside);
        }
        for (name, nested) in &shape.nested {
            path.push(name.clone());
            self.shape(holder, path, &nested.shape, Some(nested));
            path.pop();
        }
    }

    /// What triggers delete with rows of other sections.
    fn by_triggers(&mut self, holder: &str, path: &[String], info: &TableInfo, inside: Option<&Nested>) {
        for owned in self.deleted.iter().filter(|owned| owned.child.table == info.table.name) {
            let columns = [owned.child.column.clone()];
            let is_parent = inside.is_some_and(|nested| same(&nested.parent, &columns));
            let is_listed = owned
                .conditions
                .iter()
                .all(|condition| condition.column.table == owned.child.table && !condition.values.is_empty());
            let owner = self.sections.iter().find(|(_, (shape, _))| shape.table == owned.parent.table);
            let Some((owner, _)) = owner.filter(|_| is_listed && !is_parent) else { continue };
            let when = owned.conditions.iter();
            let when = when.map(|condition| (condition.column.column.clone(), condition.values.clone()));
            let (owner, to) = ((*owner).to_owned(), [owned.parent.column.clone()]);
            self.add(holder, path, &columns, &owner, &to, when.collect());
        }
    }

    /// Whether the rows of a table say no more than which rows of two others belong together.
    fn is_link(&self, shape: &Shape, info: &TableInfo, inside: Option<&Nested>) -> bool {
        let sides =
            shape.references.len() + usize::from(inside.is_some()) + usize::from(shape.scope.is_some());
        let holds_files = info.table.columns.iter().any(|column| column.affinity() == Affinity::Blob);
        let is_it = |name: &String| {
            self.sections.get(name.as_str()).is_some_and(|(target, _)| target.table == shape.table)
        };
        let is_referred_to = self.sections.values().any(|(other, _)| {
            let mut targets = Vec::new();
            other.collect_targets(&mut targets);
            other.table != shape.table && targets.iter().any(is_it)
        });
        sides == 2 && !holds_files && !is_referred_to && shape.nested.is_empty()
    }
}

fn same(names: &[String], others: &[String]) -> bool {
    names.len() == others.len()
        && names.iter().all(|name| others.iter().any(|other| other.eq_ignore_ascii_case(name)))
}

fn is_required(info: &TableInfo, column: &str) -> bool {
    let is_key = info.table.primary_key().iter().any(|key| key.eq_ignore_ascii_case(column));
    is_key || info.table.column(column).is_some_and(|column| column.not_null)
}
