//! Which sections of a model are exported.

use crate::app::{Model, SectionModel};
use crate::error::{Fault, nearest};
use anyhow::Result;

/// Which sections are wanted; without names, all that are exported by default.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Only these sections or groups.
    pub only: Vec<String>,
    /// Not these.
    pub exclude: Vec<String>,
}

impl Choice {
    /// The names of the chosen sections, in the model's order. What a chosen section refers to by numbers that mean
    /// something in the document only comes along.
    pub fn choose(&self, model: &Model) -> Result<Vec<String>> {
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
        let mut chosen: Vec<String> = chosen.map(|(name, _)| name.clone()).collect();
        let mut at = 0;
        while at < chosen.len() {
            for target in model.targets(&chosen[at]) {
                if model.sections[&target].shape.ids && !chosen.contains(&target) {
                    chosen.push(target);
                }
            }
            at += 1;
        }
        Ok(model.sections.keys().filter(|name| chosen.contains(name)).cloned().collect())
    }
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
