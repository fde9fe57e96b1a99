//! The user's settings over those that are built in: what they say of a table takes the place of all that is built in for it.

use crate::config::{ReferenceConfig, Rules, SectionConfig};
use indexmap::IndexMap;
use std::collections::HashSet;

type Sections = IndexMap<String, SectionConfig>;

/// The user's settings, and what is built in for what they say nothing of.
pub(super) fn merged(user: &Rules, built_in: Rules) -> Rules {
    let mut tables = HashSet::new();
    collect_tables(&user.sections, &mut tables);
    let mut rest = built_in.sections.clone();
    rest.retain(|name, _| !user.sections.contains_key(name));
    drop_tables(&mut rest, &tables);
    let mut sections = user.sections.clone();
    sections.extend(rest);
    rename_targets(&mut sections, &built_in.sections);
    Rules {
        sections,
        scope: user.scope.clone().or(built_in.scope),
        schema_version: user.schema_version.clone().or(built_in.schema_version),
        app_version: user.app_version.clone().or(built_in.app_version),
        triggers: user.triggers.or(built_in.triggers),
        known_app: user.known_app,
        has_head: false,
    }
}

/// Whether what is built in says something of a table, as a section or as a child.
pub(super) fn says_something_of(sections: &Sections, table: &str) -> bool {
    sections.iter().any(|(name, config)| {
        config.built_in && table_of(name, config).eq_ignore_ascii_case(table)
            || says_something_of(&config.nest, table)
    })
}

fn table_of<'s>(name: &'s str, config: &'s SectionConfig) -> &'s str {
    config.table.as_deref().unwrap_or(name)
}

fn collect_tables(sections: &Sections, tables: &mut HashSet<String>) {
    for (name, config) in sections {
        tables.insert(table_of(name, config).to_ascii_lowercase());
        collect_tables(&config.nest, tables);
    }
}

fn drop_tables(sections: &mut Sections, tables: &HashSet<String>) {
    sections.retain(|name, config| !tables.contains(&table_of(name, config).to_ascii_lowercase()));
    sections.values_mut().for_each(|config| drop_tables(&mut config.nest, tables));
}

/// Lets what is built in refer to sections as the user calls them.
fn rename_targets(sections: &mut Sections, built_in: &Sections) {
    let mut names = IndexMap::new();
    for (name, config) in built_in {
        let table = table_of(name, config);
        let is_it =
            |(own, config): &(&String, &SectionConfig)| table_of(own, config).eq_ignore_ascii_case(table);
        let own = sections.iter().find(is_it).map(|(own, _)| own.clone());
        // A table that the user nests is known by its own name.
        let own = own.unwrap_or_else(|| table.to_owned());
        if own != *name {
            names.insert(name.clone(), own);
        }
    }
    if !names.is_empty() {
        rename(sections, &names);
    }
}

fn rename(sections: &mut Sections, names: &IndexMap<String, String>) {
    let put = |name: &mut String| {
        if let Some(own) = names.get(name) {
            name.clone_from(own);
        }
    };
    for config in sections.values_mut() {
        for reference in config.references.values_mut().filter(|_| config.built_in) {
            match reference {
                ReferenceConfig::Nothing => {}
                ReferenceConfig::Section(section) | ReferenceConfig::List { section, .. } => put(section),
                ReferenceConfig::ByType { sections, .. } => {
                    sections.values_mut().flatten().for_each(put);
                }
            }
        }
        rename(&mut config.nest, names);
    }
}
