//! Which columns are replaced: all that hold texts, and numbers that are personal, but for those that are kept.

use super::made_up::{Kind, known};
use super::numbers::Class;
use super::ranged::Range;
use crate::app::Model;
use crate::app::model::{Field, JsonColumn, Layout, Reference, Shape};
use crate::app::names::snake;
use crate::config::SectionConfig;
use crate::database::constraints::uniques;
use crate::database::quote::{identifier, user_table};
use crate::database::schema::Tables;
use anyhow::Result;
use rusqlite::{Connection, OptionalExtension};
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
    /// The values that are numbered together: all of a kind, or those of one column of numbers or dates.
    pub(super) group: i64,
    /// Where numbers or dates lie.
    pub(super) range: Option<Range>,
}

/// A column that holds JSON.
#[derive(Debug, Clone, Default)]
pub(super) struct JsonTexts {
    /// Whether its texts are replaced: the settings do not keep it.
    pub(super) said: bool,
    /// How it is written.
    pub(super) column: JsonColumn,
}

/// The columns of a model that matter here.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub(super) personal: BTreeMap<Name, Personal>,
    pub(super) json: BTreeMap<Name, JsonTexts>,
    /// Columns that stay as they are, and why.
    pub(super) kept: BTreeMap<Name, &'static str>,
}

/// Groups of columns of numbers and dates begin here.
pub(super) const FIRST_GROUP: i64 = 1000;

impl Columns {
    /// Those of a model.
    pub(super) fn of(connection: &Connection, model: &Model) -> Result<Self> {
        let mut columns = Self::default();
        for section in model.sections.values() {
            columns.collect(connection, model, &section.shape, Some(&section.config))?;
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

    /// Collects the columns of a shape and its children that are replaced.
    fn collect(
        &mut self,
        connection: &Connection,
        model: &Model,
        shape: &Shape,
        config: Option<&SectionConfig>,
    ) -> Result<()> {
        let named = |names: Option<&Vec<String>>, name: &str| {
            names.is_some_and(|names| names.iter().any(|column| column.eq_ignore_ascii_case(name)))
        };
        for name in shape.table_columns() {
            let key = (shape.table.clone(), name.to_owned());
            let is_said = named(config.map(|config| &config.personal), name);
            let is_kept = named(config.map(|config| &config.keep), name);
            if let Field::Json(_, json) = shape.field(name)
                && json.layout != Layout::Text
            {
                self.json.insert(key, JsonTexts { said: !is_kept, column: json.clone() });
                continue;
            }
            if is_kept {
                self.kept.insert(key, "the settings keep it");
                continue;
            }
            let refers = |reference: &&Reference| reference.columns.iter().any(|own| own == name);
            match shape.references.values().find(refers) {
                // What it leads to is replaced where it is.
                Some(reference) if !reference.plain => {}
                Some(reference)
                    if known(name).is_none()
                        && !is_said
                        && model.sections.contains_key(&reference.section) => {}
                _ => self.collect_column(connection, &shape.table, name, is_said)?,
            }
        }
        for (name, nested) in &shape.nested {
            let child = config.and_then(|config| config.nest.get(name));
            self.collect(connection, model, &nested.shape, child)?;
        }
        Ok(())
    }

    /// Adds a column, unless it holds numbers that are not personal, or one of a fixed list of texts.
    fn collect_column(
        &mut self,
        connection: &Connection,
        table: &str,
        name: &str,
        is_said: bool,
    ) -> Result<()> {
        let key = (table.to_owned(), name.to_owned());
        let is_personal = is_said || known(name).is_some();
        if !is_personal && is_fixed(connection, table, name)? {
            self.kept.insert(key, "one of a fixed list");
            return Ok(());
        }
        let is_number = is_said || is_personal_number(name);
        let kind = known(name).unwrap_or_else(|| Kind::of(name));
        if !is_number && known(name).is_none() && !holds_texts(connection, table, name)? {
            self.kept.insert(key, "numbers");
            return Ok(());
        }
        let range = Range::of(connection, table, name)?;
        let holds_texts = match range {
            Some((_, texts)) => texts,
            None => holds_texts(connection, table, name)?,
        };
        if !holds_texts && !is_number && known(name).is_none() {
            self.kept.insert(key, "numbers");
            return Ok(());
        }
        let mut personal = described(connection, table, name, kind)?;
        if let Some((range, _)) =
            range.filter(|(_, texts)| personal.class == Class::Binary && (!texts || known(name).is_none()))
        {
            personal.range = Some(range);
            personal.group = FIRST_GROUP + i64::try_from(self.personal.len())?;
        }
        self.personal.insert(key, personal);
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
                let Some(known) = known.copied() else { continue };
                self.kept.remove(&there);
                let parent = Personal { unique: true, ..known };
                let parent = *self.personal.entry(there).or_insert(parent);
                // A reference is compared as what it refers to is.
                let unique = described(connection, &own.0, &own.1, parent.kind)?.unique;
                self.personal.insert(own, Personal { unique, ..parent });
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
    Ok(Personal { kind, class, unique, group: kind as i64, range: None })
}

/// Whether a column is called like one of numbers that say something about a person.
fn is_personal_number(column: &str) -> bool {
    const NAMES: [&str; 18] = [
        "birth",
        "born",
        "birthday",
        "birthdate",
        "dob",
        "age",
        "salary",
        "income",
        "wage",
        "latitude",
        "longitude",
        "lat",
        "lon",
        "lng",
        "ssn",
        "height",
        "weight",
        "iban",
    ];
    snake(column).split('_').any(|word| NAMES.contains(&word))
}

fn holds_texts(connection: &Connection, table: &str, column: &str) -> Result<bool> {
    let own = identifier(column);
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM {} WHERE typeof({own}) IN ('text', 'blob'))",
        user_table(table)
    );
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}

/// Whether the schema says which texts a column may hold: by a CHECK, or because it is the key of a table of kinds.
fn is_fixed(connection: &Connection, table: &str, column: &str) -> Result<bool> {
    const KINDS: [&str; 14] = [
        "type",
        "types",
        "status",
        "statuses",
        "kind",
        "kinds",
        "role",
        "roles",
        "state",
        "states",
        "priorities",
        "levels",
        "currencies",
        "languages",
    ];
    let is_kind = |table: &str| snake(table).rsplit('_').next().is_some_and(|word| KINDS.contains(&word));
    let tables = Tables::read(connection)?;
    if is_kind(table) && tables.describe(table)?.primary_key().contains(&column) {
        return Ok(true);
    }
    let sql = "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE";
    let sql: Option<String> = connection.query_row(sql, [table], |row| row.get(0)).optional()?.flatten();
    let is_plain = |letter: &char| !letter.is_whitespace() && !['"', '`', '[', ']', '('].contains(letter);
    let plain: String =
        sql.unwrap_or_default().to_lowercase().replace('(', " (").chars().filter(is_plain).collect();
    let own: String = column.to_lowercase().chars().filter(is_plain).collect();
    Ok([format!("check{own}in'"), format!("{own}isnullor{own}in'")].iter().any(|list| plain.contains(list)))
}
