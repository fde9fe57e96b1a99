//! Which kinds of rows take part, and what leads from one to another.

use super::rows::Section;
use crate::app::model::{Field, Nested, Shape};
use crate::database::row_handle::RowHandle;
use crate::database::schema::{Table, Tables};
use anyhow::Result;
use rusqlite::Connection;
use std::collections::HashMap;

/// Rows of one kind: those of a section, or the children in a field of it.
pub(super) struct Kind<'a> {
    /// The section, then the fields: what it is called in every database of the application.
    pub(super) path: Vec<&'a str>,
    pub(super) shape: &'a Shape,
    pub(super) condition: Option<&'a str>,
    /// Of children: what refers to the parent.
    pub(super) nested: Option<&'a Nested>,
    /// Whether colours tell all of its rows apart.
    pub(super) is_known: bool,
    pub(super) is_written: bool,
    pub(super) table: Table,
    pub(super) handle: RowHandle,
}

impl Kind<'_> {
    /// Whether they are rows that may be told apart by nothing else: those of a section without a key.
    pub(super) fn is_seed(&self) -> bool {
        self.nested.is_none() && self.shape.key.is_empty()
    }
}

/// What leads from rows of one kind to rows of another, by columns.
pub(super) struct Relation<'a> {
    pub(super) from: usize,
    pub(super) columns: &'a [String],
    pub(super) to: usize,
    pub(super) others: &'a [String],
}

/// All kinds of rows, in an order that every database of the application has.
pub(super) fn kinds<'a>(connection: &Connection, sections: &'a [Section<'a>]) -> Result<Vec<Kind<'a>>> {
    let tables = Tables::read(connection)?;
    let mut kinds = Vec::new();
    for section in sections.iter().filter(|section| section.is_written || !section.shape.key.is_empty()) {
        let path = vec![section.name];
        add_kind(
            &tables,
            path,
            section.shape,
            section.condition.as_deref(),
            None,
            section.is_written,
            &mut kinds,
        )?;
    }
    let is_known: HashMap<&str, bool> =
        sections.iter().map(|section| (section.name, is_known(section.shape, sections, 0))).collect();
    for kind in &mut kinds {
        kind.is_known = kind.nested.is_none() && is_known[kind.path[0]];
    }
    kinds.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(kinds)
}

/// Whether items have a key in which no number is that the database gave.
fn is_known(shape: &Shape, sections: &[Section<'_>], depth: usize) -> bool {
    let is_part_known = |field: &String| match shape.field(field) {
        Field::Reference(reference) if !reference.plain => {
            let of = sections.iter().find(|section| section.name == reference.section);
            depth < sections.len() && of.is_some_and(|of| is_known(of.shape, sections, depth + 1))
        }
        _ => true,
    };
    !shape.key.is_empty() && shape.key.iter().all(is_part_known)
}

fn add_kind<'a>(
    tables: &Tables<'_>,
    path: Vec<&'a str>,
    shape: &'a Shape,
    condition: Option<&'a str>,
    nested: Option<&'a Nested>,
    is_written: bool,
    kinds: &mut Vec<Kind<'a>>,
) -> Result<()> {
    let table = tables.describe(&shape.table)?;
    let handle = RowHandle::of(&table);
    if !handle.exists() {
        return Ok(());
    }
    if is_written {
        for (field, nested) in &shape.nested {
            let path = path.iter().copied().chain([field.as_str()]).collect();
            let condition = nested.condition.as_deref();
            add_kind(tables, path, &nested.shape, condition, Some(nested), true, kinds)?;
        }
    }
    kinds.push(Kind { path, shape, condition, nested, is_known: false, is_written, table, handle });
    Ok(())
}

/// What leads from one kind to another. What other kinds there are makes no difference to the order of those between two.
pub(super) fn relations<'a>(kinds: &'a [Kind<'a>]) -> Vec<Relation<'a>> {
    let find = |path: &[&str]| kinds.iter().position(|kind| kind.path == path);
    let mut relations = Vec::new();
    for (from, kind) in kinds.iter().enumerate().filter(|(_, kind)| kind.is_written) {
        if let (Some(nested), Some(to)) = (kind.nested, find(&kind.path[..kind.path.len() - 1])) {
            relations.push(Relation { from, columns: &nested.parent, to, others: &nested.to });
        }
        for reference in kind.shape.references.values().filter(|reference| !reference.plain) {
            if let Some(to) = find(&[&reference.section]) {
                relations.push(Relation { from, columns: &reference.columns, to, others: &reference.to });
            }
        }
    }
    let has = |kind: &Kind<'_>, names: &[String]| names.iter().all(|name| kind.table.column(name).is_some());
    relations.retain(|own| has(&kinds[own.from], own.columns) && has(&kinds[own.to], own.others));
    relations
}

/// The kinds with rows that may be next to rows without a key.
pub(super) fn taken(kinds: &[Kind<'_>], relations: &[Relation<'_>]) -> Vec<usize> {
    let mut taken: Vec<usize> =
        (0..kinds.len()).filter(|at| kinds[*at].is_written && kinds[*at].is_seed()).collect();
    let mut next = 0;
    while let Some(own) = taken.get(next).copied() {
        next += 1;
        // Nothing is seen through what is known.
        if kinds[own].is_known {
            continue;
        }
        let others = relations.iter().filter_map(|relation| match (relation.from, relation.to) {
            (from, to) if from == own => Some(to),
            (from, to) if to == own => Some(from),
            _ => None,
        });
        for other in others {
            if !taken.contains(&other) {
                taken.push(other);
            }
        }
    }
    taken.sort_unstable();
    taken
}
