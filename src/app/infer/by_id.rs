//! The model by which the rows of two states of one database are matched: every table is a section of its own, known by
//! its primary key, or by its rowid where it declares none. References hold such ids, and so are written as they stand.

use super::keys::Key;
use super::{Inference, Model};
use crate::app::catalog::TableInfo;
use crate::app::model::RowNumber;
use crate::database::quote::{identifier, user_table};
use crate::database::schema::Rowid;
use anyhow::{Context, Result};
use rusqlite::OptionalExtension;
use std::collections::HashMap;

/// What is left of the families of tables once each is a section of its own.
#[derive(Debug, Default)]
pub(super) struct Families {
    /// The parent table of each child table.
    parents: HashMap<String, String>,
    /// The conditions that children meet because of what the settings say of their parents: all of it, and which rows are
    /// items at all.
    filters: HashMap<String, [Option<String>; 2]>,
}

impl Inference<'_> {
    /// Lets rows be known by their ids, whatever else they could be known by, and takes children out of their parents.
    pub(super) fn know_by_id(&mut self) -> Result<()> {
        let mut families = Families::default();
        for (parent, children) in &self.children {
            for (child, _) in children {
                families.parents.insert(child.clone(), parent.clone());
                let own = |table: &str| self.config(table).and_then(|config| config.condition.clone());
                let filters = [
                    self.filter_of_parent(child, &|table| self.filter(table)),
                    self.filter_of_parent(child, &own),
                ];
                families.filters.insert(child.clone(), filters);
            }
        }
        self.families = families;
        self.children.clear();
        self.surrogates.clear();
        self.composed.clear();
        for info in self.catalog.tables.values() {
            let key = if self.has_whole_key(info)? {
                Key::Columns(info.table.primary_key().into_iter().map(str::to_owned).collect())
            } else {
                Key::Content
            };
            self.keys.insert(info.table.name.clone(), key);
        }
        // What is written as it stands is no doubt, nor worth a note.
        self.notes.clear();
        self.warnings.clear();
        Ok(())
    }

    /// What a model of rows that are known by their ids says besides.
    pub(super) fn finish_by_id(&self, model: &mut Model) {
        for section in model.sections.values_mut() {
            let shape = &mut section.shape;
            let info = self.info(&shape.table);
            let column = info.table.rowid_name().map(str::to_owned);
            shape.row = column.map(|column| RowNumber { column, kept: false });
            shape.singleton = false;
            shape.matches.clear();
            section.within = self.families.parents.get(&shape.table).map(|parent| self.section_of(parent));
            let Some([filter, rows]) = self.families.filters.get(&shape.table) else { continue };
            let both =
                |own: String| rows.as_ref().map_or_else(|| own.clone(), |rows| format!("({own}) AND {rows}"));
            shape.rows = shape.rows.take().map(both).or_else(|| rows.clone());
            if let Some(filter) = filter {
                section.add_filter(filter, filter);
            }
        }
    }

    /// The condition that a child is of a parent that somebody asked for; nothing where all parents are.
    fn filter_of_parent(&self, child: &str, filter: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let (parent, link) = self.children.iter().find_map(|(parent, children)| {
            let (_, at) = children.iter().find(|(name, _)| name == child)?;
            Some((parent, &self.links[child][*at]))
        })?;
        let conditions = [filter(parent), self.filter_of_parent(parent, filter)];
        let conditions: Vec<String> = conditions.into_iter().flatten().collect();
        let all = conditions.iter().map(|own| format!("({own})")).collect::<Vec<_>>().join(" AND ");
        (!conditions.is_empty()).then(|| self.is_among(link, &all))
    }

    /// Whether a table has a primary key of which no row lacks a part.
    fn has_whole_key(&self, info: &TableInfo) -> Result<bool> {
        let key = info.table.primary_key();
        if key.is_empty() || !matches!(info.table.rowid, Rowid::Hidden(_)) {
            return Ok(!key.is_empty());
        }
        let lacks = key.iter().map(|name| format!("{} IS NULL", identifier(name))).collect::<Vec<_>>();
        let sql =
            format!("SELECT 1 FROM {} WHERE {} LIMIT 1", user_table(&info.table.name), lacks.join(" OR "));
        let lacks = self.connection.query_row(&sql, [], |_| Ok(())).optional();
        let lacks = lacks.with_context(|| format!("cannot look for keys in {}", info.table.name))?;
        Ok(lacks.is_none())
    }
}
