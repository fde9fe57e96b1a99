//! What the schema declares, and what the settings say.

use crate::app::catalog::{Catalog, TableInfo};
use crate::app::meaning::inquiry::Inquiry;
use crate::app::meaning::{Evidence, Place, Reference};
use crate::config::{Rules, SectionConfig};
use crate::database::constraints::{ForeignKey, OnDelete};
use crate::error::Fault;
use anyhow::Result;
use indexmap::IndexMap;

/// The references that the schema declares, without those to tables that hold no data of the application. What a wider
/// one says is not said again by a narrower one.
pub(in crate::app::meaning) fn declared(inquiry: &mut Inquiry<'_>, catalog: &Catalog) -> Vec<Reference> {
    let mut found = Vec::new();
    for info in catalog.tables.values() {
        let references: Vec<Reference> =
            info.foreign_keys.iter().filter_map(|key| reference(info, key, catalog)).collect();
        let is_new = |reference: &&Reference| !references.iter().any(|other| is_wider(other, reference));
        found.extend(references.iter().filter(is_new).cloned());
    }
    for reference in &found {
        note(inquiry, reference);
    }
    found
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
        for (place, section) in &config.references {
            found.push(configured_reference(info, place, section, catalog, rules)?);
        }
    }
    for reference in &found {
        note(inquiry, reference);
    }
    Ok(found)
}

fn configured_reference(
    info: &TableInfo,
    place: &str,
    section: &str,
    catalog: &Catalog,
    rules: &Rules,
) -> Result<Reference> {
    let path = format!("sections.{}.references.{place}", info.table.name);
    let (column, place) = if let Some(column) = info.table.column(place) {
        (column.name.clone(), Place::Whole)
    } else {
        let end = place.find(['.', '[']).unwrap_or(place.len());
        let (name, inside) = place.split_at(end);
        let missing = || Fault::usage(format!("{path}: {} has no column {name:?}", info.table.name));
        let column = info.table.column(name).ok_or_else(missing)?;
        (column.name.clone(), Place::Json(inside.trim_start_matches('.').to_owned()))
    };
    let table = rules.sections.get(section).and_then(|config| config.table.as_deref()).unwrap_or(section);
    let target = catalog
        .table(table)
        .ok_or_else(|| Fault::usage(format!("{path}: there is no section {section:?}")))?;
    let to = match target.table.primary_key().as_slice() {
        [key] => vec![(*key).to_owned()],
        _ if place != Place::Whole => Vec::new(),
        _ => {
            let message = format!("{path}: {section} has no primary key of one column");
            return Err(Fault::usage(message).into());
        }
    };
    Ok(Reference {
        table: info.table.name.clone(),
        columns: vec![column],
        place,
        target: target.table.name.clone(),
        to,
        when: None,
        evidence: Evidence::Configured,
    })
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
