//! What is compared: the rows of sections and of children, and those of tables that exports leave out.

use crate::app::left_out::Why;
use crate::app::model::{Nested, Shape};
use crate::app::{Model, SectionModel};
use crate::database::condition::check;
use crate::database::schema::{Table, Tables};
use crate::error::{Fault, nearest};
use anyhow::Result;
use rusqlite::Connection;

/// Rows of a table that are compared.
pub(super) struct Kind<'m> {
    /// The section; of children, with their field; of a table that exports leave out, its name.
    pub name: String,
    /// The table.
    pub table: String,
    /// What the rows are; nothing of a table that exports leave out.
    pub shape: Option<&'m Shape>,
    /// The condition that they meet, in SQL.
    pub condition: Option<&'m str>,
    /// What they are inside of, and how.
    pub parent: Option<(&'m Shape, &'m Nested)>,
}

/// All kinds of a model; the rows of `only`, sections or groups, where there are any.
pub(super) fn kinds<'m>(model: &'m Model, only: &[String]) -> Result<Vec<Kind<'m>>> {
    let mut found = Vec::new();
    for name in only {
        if !model.sections.iter().any(|(section, own)| means(name, section, own.config.group.as_deref())) {
            let names: Vec<&str> = model.sections.keys().map(String::as_str).collect();
            let message = format!("there is no section {name:?}");
            return Err(Fault::usage(message).hint(nearest(name, &names)).into());
        }
    }
    for (name, section) in &model.sections {
        let group = section.config.group.as_deref();
        if only.is_empty() || only.iter().any(|wanted| means(wanted, name, group)) {
            add(Kind::of_section(name, section), &mut found);
        }
    }
    if only.is_empty() {
        // The texts of a search index may be nowhere else.
        let is_text = |name: &str| name.to_ascii_lowercase().ends_with("_content");
        let kept = |name: &str, why: &Why| match why {
            Why::Internal | Why::Virtual => false,
            Why::Shadow => is_text(name),
            _ => true,
        };
        let is_in = |table: &str| found.iter().any(|kind: &Kind<'_>| kind.table.eq_ignore_ascii_case(table));
        let left_out = model.left_out.iter().filter(|(name, why)| kept(name, why) && !is_in(name));
        let left_out: Vec<_> = left_out.collect();
        let kind = |(name, _): (&String, _)| Kind {
            name: name.clone(),
            table: name.clone(),
            shape: None,
            condition: None,
            parent: None,
        };
        found.extend(left_out.into_iter().map(kind));
    }
    Ok(found)
}

/// Whether a name is that of a section or of its group.
fn means(name: &str, section: &str, group: Option<&str>) -> bool {
    section.eq_ignore_ascii_case(name) || group.is_some_and(|group| group.eq_ignore_ascii_case(name))
}

fn add<'m>(kind: Kind<'m>, found: &mut Vec<Kind<'m>>) {
    let children: Vec<Kind<'m>> = kind.children().collect();
    found.push(kind);
    for child in children {
        add(child, found);
    }
}

impl<'m> Kind<'m> {
    /// The rows of a section.
    pub(super) fn of_section(name: &str, section: &'m SectionModel) -> Self {
        Self {
            name: name.to_owned(),
            table: section.shape.table.clone(),
            shape: Some(&section.shape),
            condition: section.condition.as_deref(),
            parent: None,
        }
    }

    /// The condition that its rows meet in a state. In one that lacks a column of it, nobody said so of any row.
    pub(super) fn condition_in(&self, connection: &Connection) -> Option<&'m str> {
        self.condition.filter(|condition| check(connection, &self.table, &self.name, condition).is_ok())
    }

    /// The kinds of children that its rows have.
    pub(super) fn children(&self) -> impl Iterator<Item = Self> + use<'m> {
        let (name, shape) = (self.name.clone(), self.shape);
        shape.into_iter().flat_map(move |shape| {
            let name = name.clone();
            shape.nested.iter().map(move |(field, nested)| Self {
                name: format!("{name}.{field}"),
                table: nested.shape.table.clone(),
                shape: Some(&nested.shape),
                condition: None,
                parent: Some((shape, nested)),
            })
        })
    }
}

impl Kind<'_> {
    /// The columns that are compared, which both tables have: those that an item holds, those by which it is in its parent,
    /// and secrets; all of a table that exports leave out. A row id only
    /// where an item holds it.
    pub(super) fn columns(&self, tables: [&Table; 2]) -> Vec<String> {
        let [before, after] = tables;
        let own: Vec<&str> = match self.shape {
            None => after.stored().collect(),
            Some(shape) => {
                let mut own = shape.table_columns();
                own.extend(shape.secret.iter().chain(&shape.scope).map(String::as_str));
                own.extend(self.parent.iter().flat_map(|(_, nested)| &nested.parent).map(String::as_str));
                own
            }
        };
        // A row id that an item holds is data.
        let is_id = |name: &str| {
            self.shape.is_none() && after.rowid_name().is_some_and(|id| id.eq_ignore_ascii_case(name))
        };
        let is_in = |table: &Table, name: &str| table.stored().any(|own| own.eq_ignore_ascii_case(name));
        let mut columns: Vec<String> = Vec::new();
        for name in own.into_iter().filter(|name| !is_id(name) && is_in(before, name) && is_in(after, name)) {
            if !columns.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                columns.push(name.to_owned());
            }
        }
        columns
    }

    /// The columns that make rows the same whose ids differ: the key, and the parent that it is in; nothing where there is no
    /// key.
    pub(super) fn key<'k>(&'k self, columns: &'k [String]) -> Vec<usize> {
        let Some(shape) = self.shape.filter(|shape| !shape.key.is_empty()) else { return Vec::new() };
        let parent = self.parent.iter().flat_map(|(_, nested)| &nested.parent).map(String::as_str);
        let names = shape.key_columns().into_iter().chain(parent);
        let place = |name: &str| columns.iter().position(|own| own.eq_ignore_ascii_case(name));
        names.map(place).collect::<Option<Vec<usize>>>().unwrap_or_default()
    }
}

/// The table of a name, where it is there and has rows of its own that can be found again.
pub(super) fn table_of(tables: &Tables<'_>, name: &str) -> Result<Option<Table>> {
    if tables.has(name) { tables.describe(name).map(Some) } else { Ok(None) }
}
