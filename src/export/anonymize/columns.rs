//! Which columns are personal: by their names, by what the configuration says, and by what they refer to.

use super::made_up::{Kind, known};
use super::numbers::Class;
use crate::app::Model;
use crate::app::model::{Field, Shape};
use crate::config::SectionConfig;
use crate::database::constraints::uniques;
use anyhow::Result;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// A table and a column.
type Name = (String, String);

/// What a personal column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Personal {
    pub(super) kind: Kind,
    /// Which of its values are the same.
    pub(super) class: Class,
    /// Whether no two rows have the same, by itself or with other columns.
    pub(super) unique: bool,
}

/// A column that holds JSON.
#[derive(Debug, Clone, Default)]
pub(super) struct JsonTexts {
    /// Whether the configuration says that it is personal.
    pub(super) said: bool,
    /// The paths of its references.
    pub(super) references: Vec<String>,
}

/// The columns of a model that matter here.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub(super) personal: BTreeMap<Name, Personal>,
    pub(super) json: BTreeMap<Name, JsonTexts>,
}

impl Columns {
    /// Those of a model.
    pub(super) fn of(connection: &Connection, model: &Model) -> Result<Self> {
        let mut columns = Self::default();
        for section in model.sections.values() {
            columns.collect(connection, &section.shape, Some(&section.config))?;
        }
        // What refers by a key that is replaced has to follow; no way is longer than there are columns.
        let mut steps = 0;
        loop {
            let before = columns.personal.clone();
            for section in model.sections.values() {
                columns.follow(connection, &section.shape, model)?;
            }
            steps += 1;
            if columns.personal == before || steps > before.len() + 1 {
                return Ok(columns);
            }
        }
    }

    /// Collects the personal columns of a shape and its children.
    fn collect(
        &mut self,
        connection: &Connection,
        shape: &Shape,
        config: Option<&SectionConfig>,
    ) -> Result<()> {
        let personal = config.map(|config| config.personal.as_slice()).unwrap_or_default();
        for name in shape.table_columns() {
            let key = (shape.table.clone(), name.to_owned());
            let is_said = personal.iter().any(|column| column.eq_ignore_ascii_case(name));
            if let Field::Json(_, json) = shape.field(name) {
                let references = json.references.keys().cloned().collect();
                self.json.insert(key, JsonTexts { said: is_said || known(name).is_some(), references });
            } else if let Some(kind) = known(name).or_else(|| is_said.then(|| Kind::of(name))) {
                self.personal.insert(key, described(connection, &shape.table, name, kind)?);
            }
        }
        for (name, nested) in &shape.nested {
            let child = config.and_then(|config| config.nest.get(name));
            self.collect(connection, &nested.shape, child)?;
        }
        Ok(())
    }

    /// Adds the columns that refer to personal ones, and those that personal ones refer to.
    fn follow(&mut self, connection: &Connection, shape: &Shape, model: &Model) -> Result<()> {
        for reference in shape.references.values().filter(|reference| reference.plain) {
            let Some(target) = model.sections.get(&reference.section) else { continue };
            for (column, to) in reference.columns.iter().zip(&reference.to) {
                let own = (shape.table.clone(), column.clone());
                let there = (target.shape.table.clone(), to.clone());
                // Both are replaced in the same way, whichever was known to be personal.
                let known = self.personal.get(&there).or_else(|| self.personal.get(&own));
                let Some(kind) = known.map(|known| known.kind) else { continue };
                let parent = described(connection, &there.0, &there.1, kind)?;
                let parent =
                    *self.personal.entry(there).and_modify(|there| there.kind = kind).or_insert(parent);
                let mut child = described(connection, &own.0, &own.1, kind)?;
                // A reference is compared as what it refers to is.
                child.class = parent.class;
                self.personal.insert(own, child);
            }
        }
        shape.nested.values().try_for_each(|nested| self.follow(connection, &nested.shape, model))
    }
}

fn described(connection: &Connection, table: &str, column: &str, kind: Kind) -> Result<Personal> {
    let (_, collation, ..) = connection.column_metadata(Some("main"), table, column)?;
    let class = match collation.map(|name| name.to_string_lossy().to_ascii_uppercase()).as_deref() {
        Some("NOCASE") => Class::NoCase,
        Some("RTRIM") => Class::RTrim,
        _ => Class::Binary,
    };
    let is_own = |name: &&str| name.eq_ignore_ascii_case(column);
    let unique = uniques(connection, table)?.iter().any(|unique| unique.names().iter().any(is_own));
    Ok(Personal { kind, class, unique })
}
