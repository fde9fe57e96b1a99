//! Which part of a document comes in: sections, by their own names or those of groups, and all of their children but some.

use super::CondensedOptions;
use super::mapping::names_children;
use super::overrides::config_of;
use crate::config::Rules;
use crate::document::envelope::Metadata;
use crate::error::{Fault, nearest};
use anyhow::Result;

/// What options say of which sections come in.
pub struct Part {
    map: Vec<String>,
    only: Vec<String>,
    exclude: Vec<String>,
    /// Whether rows are matched by their ids.
    pub by_id: bool,
    /// Sections that have a strategy of their own.
    strategies: Vec<String>,
}

/// The part that comes in.
pub struct Chosen {
    /// Its sections.
    pub wanted: Vec<String>,
    /// What is called otherwise in the database, as `--map` says it, and children that stay out.
    pub map: Vec<String>,
}

impl Part {
    /// What options say.
    pub fn new(options: &CondensedOptions<'_>) -> Self {
        let told = &options.told;
        Self {
            map: told.map.clone(),
            only: told.only.clone(),
            exclude: told.exclude.clone(),
            by_id: told.by_id,
            strategies: told.strategies.sections.keys().cloned().collect(),
        }
    }

    /// What that is of a document, whose sections the settings may put into groups.
    pub fn of(&self, metadata: &Metadata, rules: &Rules) -> Result<Chosen> {
        let is_included = |name: &str| metadata.includes.iter().any(|own| own.eq_ignore_ascii_case(name));
        if let Some(unknown) = self.strategies.iter().find(|name| !is_included(name)) {
            return Err(unknown_section(unknown, metadata, rules).into());
        }
        let (mut only, mut exclude, mut map) = (Vec::new(), Vec::new(), self.map.clone());
        for name in &self.only {
            only.extend(called(name, metadata, rules)?);
        }
        for name in &self.exclude {
            match called(name, metadata, rules) {
                Ok(sections) => exclude.extend(sections),
                Err(_) if names_children(name, metadata) => map.push(format!("{name}=")),
                Err(unknown) => return Err(unknown.into()),
            }
        }
        let is_among = |sections: &[&String], name: &str| {
            metadata.lineage(name).any(|own| sections.iter().any(|name| *name == own))
        };
        let is_wanted =
            |name: &&String| (self.only.is_empty() || is_among(&only, name)) && !is_among(&exclude, name);
        let wanted = metadata.sections.keys().filter(is_wanted).cloned().collect();
        Ok(Chosen { wanted, map })
    }
}

/// The section of a name, or those of a group.
fn called<'m>(name: &str, metadata: &'m Metadata, rules: &Rules) -> Result<Vec<&'m String>, Fault> {
    let is_it = |section: &&String| {
        section.eq_ignore_ascii_case(name)
            || path(section, metadata).eq_ignore_ascii_case(name)
            || group(section, metadata, rules).is_some_and(|group| group.eq_ignore_ascii_case(name))
    };
    let found: Vec<&String> = metadata.sections.keys().filter(is_it).collect();
    let is_included = || metadata.includes.iter().any(|own| own.eq_ignore_ascii_case(name));
    if found.is_empty() && !is_included() {
        return Err(unknown_section(name, metadata, rules));
    }
    Ok(found)
}

/// A section by the names of those whose children it is, as `movies.reviews`.
fn path(section: &str, metadata: &Metadata) -> String {
    let mut names: Vec<&str> = metadata.lineage(section).collect();
    names.reverse();
    names.join(".")
}

/// The group of a section: as the settings of the database say, or else the document.
fn group<'a>(section: &str, metadata: &'a Metadata, rules: &'a Rules) -> Option<&'a String> {
    let known = &metadata.sections[section];
    let own = config_of(rules, section, &known.shape.table).and_then(|(_, config)| config.group.as_ref());
    own.or(known.group.as_ref())
}

fn unknown_section(name: &str, metadata: &Metadata, rules: &Rules) -> Fault {
    let groups = metadata.sections.keys().filter_map(|section| group(section, metadata, rules));
    let names: Vec<&str> = metadata.includes.iter().chain(groups).map(String::as_str).collect();
    Fault::usage(format!("the document has no section {name:?}")).hint(nearest(name, &names))
}
