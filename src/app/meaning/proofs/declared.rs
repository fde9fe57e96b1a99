//! What the schema declares, and what the settings say.

use crate::app::catalog::{Catalog, TableInfo};
use crate::app::json_path;
use crate::app::meaning::inquiry::{Inquiry, Suspicion};
use crate::app::meaning::{Evidence, Place, Reference};
use crate::config::{ALL_OTHERS, ReferenceConfig, Rules, SectionConfig};
use crate::database::check::text;
use crate::database::constraints::{ForeignKey, OnDelete};
use crate::database::quote::{identifier, user_table};
use crate::error::Fault;
use anyhow::{Context, Result};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// The references that the schema declares, without those to tables that hold no data of the application. What a wider
/// one says is not said again by a narrower one, nor what the settings say otherwise.
pub(in crate::app::meaning) fn declared(
    inquiry: &mut Inquiry<'_>,
    catalog: &Catalog,
    rules: &Rules,
) -> Vec<Reference> {
    let mut found = Vec::new();
    for info in catalog.tables.values() {
        let keys = info.foreign_keys.iter().filter(|key| !is_overridden(info, key, rules));
        let references: Vec<Reference> = keys.filter_map(|key| reference(info, key, catalog)).collect();
        let is_new = |reference: &&Reference| !references.iter().any(|other| is_wider(other, reference));
        found.extend(references.iter().filter(is_new).cloned());
    }
    for reference in &found {
        note(inquiry, reference);
    }
    found
}

/// Whether the settings say that the column of a foreign key refers to another table: one that the rows of the declared one are
/// rows of too.
fn is_overridden(info: &TableInfo, key: &ForeignKey, rules: &Rules) -> bool {
    let [column] = key.columns.as_slice() else { return false };
    let Some(config) = config_of(&rules.sections, &info.table.name) else { return false };
    let said = config.references.iter().find(|(place, _)| place.eq_ignore_ascii_case(column));
    let Some((_, ReferenceConfig::Section(section))) = said else { return false };
    let table = rules.sections.get(section).and_then(|config| config.table.as_ref()).unwrap_or(section);
    !table.eq_ignore_ascii_case(&key.parent)
}

fn is_wider(one: &Reference, other: &Reference) -> bool {
    one.columns.len() > other.columns.len() && other.columns.iter().all(|column| one.columns.contains(column))
}

fn reference(info: &TableInfo, key: &ForeignKey, catalog: &Catalog) -> Option<Reference> {
    let own_names = |table: &TableInfo, names: &[String]| -> Option<Vec<String>> {
        names.iter().map(|name| table.table.column(name).map(|column| column.name.clone())).collect()
    };
    let target = catalog.table(&key.parent)?;
    Some(Reference {
        table: info.table.name.clone(),
        columns: own_names(info, &key.columns)?,
        place: Place::Whole,
        target: target.table.name.clone(),
        to: own_names(target, &key.to)?,
        when: None,
        evidence: Evidence::Declared { cascades: key.on_delete == OnDelete::Cascade },
    })
}

/// Nothing else is to be found out about the columns of a reference.
fn note(inquiry: &mut Inquiry<'_>, reference: &Reference) {
    let Some(table) = inquiry.facts.table(&reference.table) else { return };
    let Some(target) = inquiry.facts.table(&reference.target) else { return };
    let key = inquiry.table(target).key;
    if let Place::Json(path) = &reference.place {
        settle(inquiry, table, &reference.columns[0], Some(path));
        if let Some(column) = inquiry.table(table).column(&reference.columns[0])
            && inquiry.facts.column((table, column)).values.is_in_text(path)
        {
            let (place, targets) = (reference.place.clone(), BTreeSet::from([target]));
            let why = "some are in a text inside the JSON, where no document names rows".to_owned();
            let at = (table, column);
            inquiry.add_suspicion(Suspicion { at, place, targets, is_vague: false, when: None, why });
        }
        return;
    }
    for (column, to) in reference.columns.iter().zip(&reference.to) {
        let Some(column) = inquiry.table(table).column(column) else { continue };
        let to_key = key.is_some() && inquiry.table(target).column(to) == key;
        let is_whole = reference.place == Place::Whole && to_key;
        inquiry.note_reference((table, column), target, is_whole);
        inquiry.settle((table, column));
    }
}

/// The references that the settings say.
pub(in crate::app::meaning) fn configured(
    inquiry: &mut Inquiry<'_>,
    catalog: &Catalog,
    rules: &Rules,
) -> Result<Vec<Reference>> {
    let mut found = Vec::new();
    for info in catalog.tables.values() {
        let Some(config) = config_of(&rules.sections, &info.table.name) else { continue };
        for (place, reference) in config.references.iter().filter(|(place, _)| *place != ALL_OTHERS) {
            let place = ConfiguredPlace::read(info, place)?;
            match reference {
                ReferenceConfig::Nothing => place.settle(inquiry),
                ReferenceConfig::Section(section) => {
                    found.push(place.refers_to(section, None, inquiry, catalog, rules)?);
                }
                ReferenceConfig::List { section, .. } => {
                    let mut reference = place.refers_to(section, None, inquiry, catalog, rules)?;
                    reference.place = Place::List;
                    found.push(reference);
                }
                ReferenceConfig::ByType { column, sections } => {
                    let column = place.known_column(column)?;
                    let sections = by_type(inquiry, &place, &column, sections)?;
                    place.settle_kinds(inquiry, &column, sections.keys().cloned().collect());
                    for (value, section) in sections {
                        let Some(section) = section else { continue };
                        let when = Some((column.clone(), value));
                        found.push(place.refers_to(&section, when, inquiry, catalog, rules)?);
                    }
                }
            }
        }
    }
    for reference in &found {
        note(inquiry, reference);
    }
    let all_said = catalog.tables.keys().filter(|table| names_all_references(rules, table));
    all_said.for_each(|table| settle_others(inquiry, table));
    Ok(found)
}

/// Nothing is to be found out about the columns of a table that are not its row id.
fn settle_others(inquiry: &mut Inquiry<'_>, table: &str) {
    let Some(table) = inquiry.facts.table(table) else { return };
    let key = inquiry.table(table).key;
    for column in (0..inquiry.table(table).columns.len()).filter(|column| Some(*column) != key) {
        inquiry.settle((table, column));
    }
}

/// Nothing else is asked about a column, or a path in it.
fn settle(inquiry: &mut Inquiry<'_>, table: usize, column: &str, path: Option<&str>) {
    let Some(column) = inquiry.table(table).column(column) else { return };
    match path {
        Some(path) => inquiry.settle_path((table, column), path),
        None => inquiry.settle((table, column)),
    }
}

/// The sections of a polymorphic reference by the values of its column of types as they are stored: where that is a reference
/// itself, the settings name what it refers to by its key, with dots between its parts, or as it is stored.
fn by_type(
    inquiry: &Inquiry<'_>,
    place: &ConfiguredPlace<'_>,
    column: &str,
    sections: &IndexMap<String, Option<String>>,
) -> Result<IndexMap<String, Option<String>>> {
    let mut stored = sections.clone();
    let key = place.info.foreign_keys.iter().find(|key| key.columns == [column]);
    let Some((key, target)) = key.and_then(|key| Some((key, inquiry.facts.table(&key.parent)?))) else {
        return Ok(stored);
    };
    let info = inquiry.table(target).info;
    let to = key.to.first().map(|to| identifier(to)).unwrap_or_default();
    let Some(unique) = info.uniques.first() else { return Ok(stored) };
    let parts: Vec<String> = unique.names().into_iter().map(identifier).collect();
    let sql = format!(
        "SELECT CAST({to} AS TEXT), {} FROM {}",
        parts.join(" || '.' || "),
        user_table(&info.table.name)
    );
    let read = || -> rusqlite::Result<Vec<(String, String)>> {
        let mut statement = inquiry.connection.prepare(&sql)?;
        statement.query_map([], |row| Ok((text(row, 0)?, text(row, 1)?)))?.collect()
    };
    for (id, name) in read().with_context(|| format!("cannot read {}", info.table.name))? {
        if let Some(section) = sections.get(&name) {
            stored.shift_remove(&name);
            stored.insert(id, section.clone());
        }
    }
    Ok(stored)
}

/// A place that the settings speak of.
struct ConfiguredPlace<'c> {
    info: &'c TableInfo,
    path: String,
    column: String,
    place: Place,
}

impl<'c> ConfiguredPlace<'c> {
    fn read(info: &'c TableInfo, name: &str) -> Result<Self> {
        let path = format!("sections.{}.references.{name}", info.table.name);
        let mut place = Self { info, path, column: name.to_owned(), place: Place::Whole };
        match json_path::column_and_path(&info.table, name) {
            Some((column, inside)) => {
                place.column = column;
                if !inside.is_empty() {
                    place.place = Place::Json(inside.to_owned());
                }
            }
            None => place.column = place.known_column(name)?,
        }
        Ok(place)
    }

    fn settle(&self, inquiry: &mut Inquiry<'_>) {
        let Some(table) = inquiry.facts.table(&self.info.table.name) else { return };
        let path = match &self.place {
            Place::Json(path) => Some(path.as_str()),
            Place::Whole | Place::List => None,
        };
        settle(inquiry, table, &self.column, path);
    }

    /// Whether its values are integers, which are no texts that a key may be.
    fn holds_numbers(&self, inquiry: &Inquiry<'_>) -> bool {
        let column = inquiry.facts.table(&self.info.table.name).and_then(|table| {
            let column = inquiry.table(table).column(&self.column)?;
            Some(inquiry.facts.column((table, column)))
        });
        self.place != Place::Whole || column.is_some_and(|column| column.values.are_mostly_integers())
    }

    fn settle_kinds(&self, inquiry: &mut Inquiry<'_>, by: &str, kinds: Vec<String>) {
        let Some(table) = inquiry.facts.table(&self.info.table.name) else { return };
        let facts = inquiry.table(table);
        if let Some((column, by)) = facts.column(&self.column).zip(facts.column(by)) {
            inquiry.settle_kinds((table, column), by, kinds);
        }
    }

    fn known_column(&self, name: &str) -> Result<String> {
        let column = self.info.table.column(name);
        column.map(|column| column.name.clone()).ok_or_else(|| {
            Fault::usage(format!("{}: {} has no column {name:?}", self.path, self.info.table.name)).into()
        })
    }

    fn refers_to(
        &self,
        section: &str,
        when: Option<(String, String)>,
        inquiry: &Inquiry<'_>,
        catalog: &Catalog,
        rules: &Rules,
    ) -> Result<Reference> {
        let table = rules.sections.get(section).and_then(|config| config.table.as_deref()).unwrap_or(section);
        let target = catalog
            .table(table)
            .ok_or_else(|| Fault::usage(format!("{}: there is no section {section:?}", self.path)))?;
        let facts = inquiry.facts.table(&target.table.name).map(|at| inquiry.table(at));
        let number = facts.filter(|facts| facts.has_numbered_rows()).and_then(|facts| facts.key_name());
        let to = match (target.table.primary_key().as_slice(), number) {
            ([key], _) if !self.holds_numbers(inquiry) => vec![(*key).to_owned()],
            (_, Some(number)) => vec![number.to_owned()],
            ([key], None) => vec![(*key).to_owned()],
            _ => {
                let message = format!("{}: the rows of {section} have no key of one column", self.path);
                return Err(Fault::usage(message).into());
            }
        };
        Ok(Reference {
            table: self.info.table.name.clone(),
            columns: vec![self.column.clone()],
            place: self.place.clone(),
            target: target.table.name.clone(),
            to,
            when,
            evidence: Evidence::Configured,
        })
    }
}

/// Whether the settings say of a table that all that they do not name refers to nothing.
pub(in crate::app::meaning) fn names_all_references(rules: &Rules, table: &str) -> bool {
    config_of(&rules.sections, table).is_some_and(SectionConfig::names_all_references)
}

/// Whether the settings say that a column is a part of the key by which items are known, so that it says something.
pub(in crate::app::meaning) fn is_configured_key(rules: &Rules, table: &str, column: &str) -> bool {
    let key = config_of(&rules.sections, table).and_then(|config| config.key.as_ref());
    key.is_some_and(|key| key.iter().any(|own| own.eq_ignore_ascii_case(column)))
}

/// What the settings say of a table, as a section or as a child.
pub(in crate::app::meaning) fn config_of<'c>(
    sections: &'c IndexMap<String, SectionConfig>,
    table: &str,
) -> Option<&'c SectionConfig> {
    sections.iter().find_map(|(name, config)| {
        let is_own = config.table.as_deref().unwrap_or(name).eq_ignore_ascii_case(table);
        if is_own { Some(config) } else { config_of(&config.nest, table) }
    })
}
