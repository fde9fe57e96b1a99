//! What the settings of the database say otherwise than a document says of its sections: they know better by what rows
//! are known here, and what no import may overwrite.

mod matches;
#[cfg(test)]
mod tests;

pub use matches::apply as apply_matches;

use super::mapping::{Mapping, is_column};
use crate::app::model::{Field, Reference, Shape};
use crate::config::{Rules, SectionConfig, key};
use crate::document::envelope::Metadata;
use anyhow::Result;

/// What came of the settings.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// What the user should know.
    pub notes: Vec<String>,
    /// Takes the fields out of items that are left out.
    pub left_out: Mapping,
}

/// Puts what the settings say of a section of the same name or table into what a document says of it: `key`, `match`,
/// `label`, `updated-at`, `rename`, `singleton` and `where`. Columns that they call `secret` are left out.
pub fn apply(rules: &Rules, metadata: &mut Metadata) -> Result<Overrides> {
    let mut overrides = Overrides::default();
    let mut secrets = Vec::new();
    for name in metadata.sections.keys().cloned().collect::<Vec<_>>() {
        let table = &metadata.sections[&name].shape.table;
        let Some((own, config)) = config_of(rules, &name, table) else { continue };
        let is_referred_to =
            !metadata.sections[&name].shape.key.is_empty() && is_referred_to(metadata, &name);
        let is_by_id = metadata.by_id;
        let mut visit = Visit { rules, is_by_id, notes: &mut overrides.notes, secrets: &mut secrets };
        let place = Place { at: vec![name.clone()], path: format!("sections.{}", key(own)), is_referred_to };
        visit.section(&mut metadata.sections[&name].shape, config, &place);
    }
    for (place, column) in &secrets {
        let at: Vec<&str> = place.at.iter().map(String::as_str).collect();
        let left_out = overrides.left_out.leave_out(metadata, &at, column);
        left_out.map_err(|fault| anyhow::Error::new(fault).context(format!("{}.secret", place.path)))?;
        overrides.notes.push(format!("{} of {} is secret here, and left out", column, place.at.join(".")));
    }
    overrides.left_out.apply(metadata);
    for (place, column) in secrets {
        // Rows that must have it get it as those of a document that lacks it.
        let (section, path) = place.at.split_first().expect("a path begins with a section");
        let top = &mut metadata.sections[section].shape;
        let shape = path.iter().try_fold(top, |shape, child| Some(&mut shape.nested.get_mut(child)?.shape));
        if let Some(shape) = shape {
            shape.secret.push(column);
        }
    }
    Ok(overrides)
}

/// What is said of a section: where its table is named, or else it itself.
pub(super) fn config_of<'r>(
    rules: &'r Rules,
    name: &str,
    table: &str,
) -> Option<(&'r str, &'r SectionConfig)> {
    let is_table =
        |config: &SectionConfig| config.table.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(table));
    let sections = || rules.sections.iter().map(|(own, config)| (own.as_str(), config));
    sections()
        .find(|(_, config)| is_table(config))
        .or_else(|| {
            sections().find(|(own, config)| config.table.is_none() && own.eq_ignore_ascii_case(table))
        })
        .or_else(|| sections().find(|(own, config)| config.table.is_none() && *own == name))
}

/// Whether items refer to those of a section by their key.
fn is_referred_to(metadata: &Metadata, section: &str) -> bool {
    let mut targets = Vec::new();
    metadata.sections.values().for_each(|section| section.shape.collect_numbered(&mut targets));
    targets.iter().any(|target| target == section)
}

/// A section, or children in it.
#[derive(Clone)]
struct Place {
    /// The section and the children, each inside the one before.
    at: Vec<String>,
    /// Where the settings speak of it.
    path: String,
    /// Whether items refer to it by their key.
    is_referred_to: bool,
}

/// What goes through sections and their children.
struct Visit<'r> {
    rules: &'r Rules,
    /// Whether rows are known by their ids, whatever else they could be known by.
    is_by_id: bool,
    notes: &'r mut Vec<String>,
    secrets: &'r mut Vec<(Place, String)>,
}

impl Visit<'_> {
    fn section(&mut self, shape: &mut Shape, config: &SectionConfig, place: &Place) {
        if !self.is_by_id {
            self.key(shape, config, place);
        }
        self.roles(shape, config, place);
        shape.condition.clone_from(&config.condition);
        if let Some(singleton) = config.singleton.filter(|_| !self.is_by_id) {
            shape.singleton = singleton;
        }
        for column in &config.secret {
            if let Some(field) = field_of(shape, column) {
                let own = shape.references.get(&field).map_or(&[][..], |reference| &reference.columns);
                let own = own.iter().find(|own| own.eq_ignore_ascii_case(column)).cloned();
                self.secrets.push((place.clone(), own.unwrap_or(field)));
            }
        }
        for (child, nested) in &mut shape.nested {
            let table = &nested.shape.table;
            let own = config.nest.iter().find(|(name, nest)| {
                let names = nest.table.as_deref().unwrap_or(name);
                names.eq_ignore_ascii_case(table)
            });
            let (path, config) = match (own, config_of(self.rules, table, table)) {
                (Some((name, config)), _) => (format!("{}.nest.{}", place.path, key(name)), config),
                (None, Some((name, config))) => (format!("sections.{}", key(name)), config),
                (None, None) => continue,
            };
            let at = place.at.iter().chain([child]).cloned().collect();
            nested.condition.clone_from(&config.condition);
            self.section(&mut nested.shape, config, &Place { at, path, is_referred_to: false });
        }
    }

    /// By what items are known.
    fn key(&mut self, shape: &mut Shape, config: &SectionConfig, place: &Place) {
        let mut matches: Vec<Vec<String>> = Vec::new();
        for (at, columns) in config.matches.iter().enumerate() {
            let setting = format!("match[{at}]");
            matches.extend(self.fields(shape, columns, place, &setting));
        }
        let key = config.key.as_ref().and_then(|columns| self.fields(shape, columns, place, "key"));
        match key.filter(|key| *key != shape.key) {
            Some(key) if place.is_referred_to => {
                let known_by = shape.key.join(", ");
                self.note(
                    place,
                    "key",
                    &format!("items are referred to by {known_by}, and known by that first"),
                );
                matches.insert(0, key);
            }
            Some(key) => shape.key = key,
            None => {}
        }
        if !matches.is_empty() {
            shape.matches = matches;
        }
    }

    /// What items are called by, when they were changed, and what may be changed.
    fn roles(&mut self, shape: &mut Shape, config: &SectionConfig, place: &Place) {
        let roles = [
            ("updated-at", &config.updated_at, shape.updated_at.take()),
            ("rename", &config.rename, shape.rename.take()),
        ];
        let [updated_at, rename] = roles.map(|(setting, column, before)| {
            let Some(column) = column else { return before };
            let field =
                field_of(shape, column).filter(|field| matches!(shape.field(field), Field::Column(_)));
            if field.is_none() {
                self.note(place, setting, &format!("the document has no {column}"));
            }
            field.or(before)
        });
        (shape.updated_at, shape.rename) = (updated_at, rename);
        let mut label = Vec::new();
        for column in &config.label {
            let field =
                field_of(shape, column).filter(|field| matches!(shape.field(field), Field::Column(_)));
            if field.is_none() {
                self.note(place, "label", &format!("the document has no {column}"));
            }
            label.extend(field);
        }
        if !label.is_empty() && label.len() == config.label.len() {
            shape.label = label;
        }
    }

    /// The fields that hold columns; nothing where the document lacks one. Those of the scope are the same in every item.
    fn fields(
        &mut self,
        shape: &Shape,
        columns: &[String],
        place: &Place,
        setting: &str,
    ) -> Option<Vec<String>> {
        let is_scope =
            |column: &&String| shape.scope.as_ref().is_some_and(|scope| scope.eq_ignore_ascii_case(column));
        let mut fields: Vec<String> = Vec::new();
        for column in columns.iter().filter(|column| !is_scope(column)) {
            let Some(field) = field_of(shape, column).or_else(|| shape.path_below(column)) else {
                self.note(place, setting, &format!("the document has no {column}"));
                return None;
            };
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        (!fields.is_empty()).then_some(fields)
    }

    fn note(&mut self, place: &Place, setting: &str, why: &str) {
        self.notes.push(format!("{}.{setting}: {why}", place.path));
    }
}

/// The field that holds a column of a table.
fn field_of(shape: &Shape, column: &str) -> Option<String> {
    let refers = |reference: &Reference| reference.columns.iter().any(|own| own.eq_ignore_ascii_case(column));
    let own =
        shape.columns.keys().find(|field| field.eq_ignore_ascii_case(column) && is_column(shape, field));
    let refers = || shape.references.iter().find(|(_, reference)| refers(reference)).map(|(field, _)| field);
    own.or_else(refers).cloned()
}
