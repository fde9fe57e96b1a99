//! Which sections of a model are exported, and which of their rows and columns.

use super::closure::Closure;
use super::times::between;
use crate::app::{Model, SectionModel};
use crate::database::quote::user_table;
use crate::error::{Fault, nearest};
use anyhow::Result;
use chrono::{DateTime, Utc};
use rusqlite::Connection;

/// What is wanted of a model; without anything, all that is exported by default.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Only these sections or groups.
    pub only: Vec<String>,
    /// Not these.
    pub exclude: Vec<String>,
    /// Only these items, each of a section and with a key, and what belongs to them or is referred to by them.
    pub items: Vec<(String, String)>,
    /// Only rows that meet a condition in SQL, by section.
    pub conditions: Vec<(String, String)>,
    /// Only these fields, of a section or of the only one there is; those of its key always come.
    pub columns: Vec<(Option<String>, Vec<String>)>,
    /// Only rows of that time or later, in sections that say what time a row is about.
    pub since: Option<DateTime<Utc>>,
    /// Only rows of before that time.
    pub until: Option<DateTime<Utc>>,
}

impl Choice {
    /// The names of the chosen sections, in the model's order, whose rows and columns are narrowed down to those that are
    /// wanted. What a chosen row refers to by a number that means something in the document only comes along.
    pub fn choose(&self, connection: &Connection, model: &mut Model) -> Result<Vec<String>> {
        let named = self.named(model)?;
        self.narrow_columns(model, &named)?;
        let before = model.clone();
        self.narrow_rows(connection, model, &named)?;
        let along = along(model, &named);
        // Rows that others refer to by number come along although nobody asked for them.
        let is_widened = |name: &&String| {
            let (before, now) = (&before.sections[*name], &model.sections[*name]);
            now.shape.ids && now.condition != before.condition
        };
        let widened: Vec<String> = named.iter().filter(is_widened).cloned().collect();
        if self.items.is_empty() && along.is_empty() && widened.is_empty() {
            return Ok(named);
        }
        let closure = Closure::create(connection, model, &before)?;
        if self.items.is_empty() {
            closure.seed_all(&named)?;
        } else {
            for (section, key) in &self.items {
                let section = resolved(std::slice::from_ref(section), model)?.remove(0);
                closure.seed_item(&section, key)?;
            }
            closure.add_owned(&named)?;
        }
        let kept: Vec<String> = named.iter().chain(&along).cloned().collect();
        // Named sections are as wide as they were said to be.
        let narrowed = if self.items.is_empty() { [along, widened].concat() } else { kept.clone() };
        closure.add_referenced(&narrowed)?;
        let whole = if self.items.is_empty() { named.as_slice() } else { &[] };
        let empty = closure.narrow(model, &narrowed, whole)?;
        let is_kept = |name: &&String| kept.contains(name) && !empty.contains(name);
        Ok(model.sections.keys().filter(is_kept).cloned().collect())
    }

    /// The sections that are wanted by name, or by default.
    fn named(&self, model: &Model) -> Result<Vec<String>> {
        let only = resolved(&self.only, model)?;
        let exclude = resolved(&self.exclude, model)?;
        let is_wanted = |name: &String, section: &SectionModel| {
            if exclude.contains(name) {
                return false;
            }
            if only.is_empty() {
                return section.config.include != Some(false) && section.config.default != Some(false);
            }
            only.contains(name)
        };
        let chosen = model.sections.iter().filter(|(name, section)| is_wanted(name, section));
        Ok(chosen.map(|(name, _)| name.clone()).collect())
    }

    fn narrow_columns(&self, model: &mut Model, named: &[String]) -> Result<()> {
        for (section, fields) in &self.columns {
            let section = match (section, named) {
                (Some(section), _) => resolved(std::slice::from_ref(section), model)?.remove(0),
                (None, [only]) => only.clone(),
                (None, _) => {
                    return Err(Fault::usage("--columns: there are several sections")
                        .hint("--columns SECTION=COLUMN,…, or --only SECTION")
                        .into());
                }
            };
            let shape = &mut model.sections[&section].shape;
            let names: Vec<&str> = shape.columns.keys().map(String::as_str).collect();
            if let Some(unknown) = fields.iter().find(|field| !names.contains(&field.as_str())) {
                return Err(Fault::usage(format!("--columns: {section} has no field {unknown:?}"))
                    .hint(nearest(unknown, &names))
                    .into());
            }
            shape.keep_only(fields);
        }
        Ok(())
    }

    fn narrow_rows(&self, connection: &Connection, model: &mut Model, named: &[String]) -> Result<()> {
        for (section, condition) in &self.conditions {
            let section = resolved(std::slice::from_ref(section), model)?.remove(0);
            if !named.contains(&section) {
                return Err(Fault::usage(format!("--where: {section} is not exported")).into());
            }
            let section = &mut model.sections[&section];
            let table = user_table(&section.shape.table);
            let sql = format!("SELECT 1 FROM {table} WHERE ({condition})");
            connection.prepare(&sql).map_err(|error| {
                let message = match &error {
                    rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
                    other => other.to_string(),
                };
                Fault::usage(format!("--where {}: {message}", section.shape.table))
            })?;
            section.add_filter(&format!("({condition})"));
        }
        if self.since.is_none() && self.until.is_none() {
            return Ok(());
        }
        let mut narrowed = 0;
        for name in named {
            let section = &mut model.sections[name];
            let column = section.config.date.clone().or_else(|| section.config.updated_at.clone());
            let Some(column) = column else { continue };
            narrowed += 1;
            let condition = between(connection, &section.shape.table, &column, self.since, self.until)?;
            section.add_filter(&condition);
        }
        if narrowed == 0 {
            return Err(Fault::usage("--since and --until: no section says what time its rows are about")
                .hint("sections.NAME.date = \"COLUMN\" in larder.toml does")
                .into());
        }
        Ok(())
    }
}

/// The sections that come along because the items of others refer to theirs by number.
fn along(model: &Model, named: &[String]) -> Vec<String> {
    let mut all: Vec<String> = named.to_vec();
    let mut at = 0;
    while at < all.len() {
        for target in model.targets(&all[at]) {
            if model.sections[&target].shape.ids && !all.contains(&target) {
                all.push(target);
            }
        }
        at += 1;
    }
    all.split_off(named.len())
}

/// Names of sections and groups as names of sections.
fn resolved(names: &[String], model: &Model) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for name in names {
        let in_group = |section: &SectionModel| {
            section.config.group.as_ref().is_some_and(|group| group.eq_ignore_ascii_case(name))
        };
        let named = model
            .sections
            .iter()
            .filter(|(section, model)| section.eq_ignore_ascii_case(name) || in_group(model));
        let before = found.len();
        found.extend(named.map(|(section, _)| section.clone()));
        if found.len() == before {
            return Err(unknown(name, model).into());
        }
    }
    Ok(found)
}

fn unknown(name: &str, model: &Model) -> Fault {
    if let Some(why) = model.left_out.get(name) {
        return Fault::usage(format!("there is no section {name:?}: {why}"))
            .hint("--full exports everything that SQLite holds");
    }
    let inside = model.sections.iter().find(|(_, section)| section.shape.contains_table(name));
    if let Some((section, _)) = inside {
        return Fault::usage(format!("there is no section {name:?}: it is written inside {section}"))
            .hint(format!("--only {section}"));
    }
    let names: Vec<&str> = model.sections.keys().map(String::as_str).collect();
    Fault::usage(format!("there is no section {name:?}")).hint(nearest(name, &names))
}
