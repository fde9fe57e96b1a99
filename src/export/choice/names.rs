//! What sections and groups are called.

use crate::app::{Model, SectionModel};
use crate::error::{Fault, nearest};
use anyhow::Result;

/// Names of sections and groups as names of sections.
pub(in crate::export) fn resolved(names: &[String], model: &Model) -> Result<Vec<String>> {
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
            .hint(format!("--only {section}, or --exclude {section}.{name} for all but these"));
    }
    let names: Vec<&str> = model.sections.keys().map(String::as_str).collect();
    Fault::usage(format!("there is no section {name:?}")).hint(nearest(name, &names))
}
