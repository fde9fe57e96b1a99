//! What the settings of a known application say of one version of its schema: what they name and the database has not is
//! passed over.

use crate::app::catalog::{Catalog, TableInfo};
use crate::app::json_path;
use crate::config::{ALL_OTHERS, ReferenceConfig, Rules, ScopeConfig, SectionConfig};
use crate::database::quote::user_table;
use indexmap::IndexMap;
use rusqlite::Connection;

type Sections = IndexMap<String, SectionConfig>;

/// The settings without what a database has not.
pub(super) fn fitted(rules: &Rules, catalog: &Catalog, connection: &Connection) -> Rules {
    let sections = expanded(&rules.sections, catalog);
    let fit = Fit { sections: &sections, catalog, connection };
    let is_query = |sql: &&String| connection.prepare(sql).is_ok();
    Rules {
        sections: fit.sections(&sections),
        scope: rules.scope.clone().filter(|scope| fit.has_users(scope)),
        schema_version: rules.schema_version.as_ref().filter(is_query).cloned(),
        app_version: rules.app_version.as_ref().filter(is_query).cloned(),
        triggers: rules.triggers,
        known_app: rules.known_app,
        has_head: false,
    }
}

/// A section for every table that a name with a `*` means; in what it refers to, `*` is what it is in the table's name.
fn expanded(sections: &Sections, catalog: &Catalog) -> Sections {
    let mut all = Sections::new();
    for (name, config) in sections {
        let nest = expanded(&config.nest, catalog);
        let Some((start, end)) = name.split_once('*') else {
            all.insert(name.clone(), SectionConfig { nest, ..config.clone() });
            continue;
        };
        for table in catalog.tables.keys() {
            let part = table.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
            if let Some(part) = part.filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
                let references = config.references.iter();
                let references =
                    references.map(|(place, reference)| (place.clone(), with_part(reference, part)));
                let config =
                    SectionConfig { nest: nest.clone(), references: references.collect(), ..config.clone() };
                all.insert(table.clone(), config);
            }
        }
    }
    all
}

/// What the settings name and a database has not: tables, and columns of tables that are there.
pub(super) fn unknown(rules: &Rules, catalog: &Catalog) -> Vec<String> {
    let mut unknown = Vec::new();
    collect_unknown(&expanded(&rules.sections, catalog), catalog, &mut unknown);
    unknown
}

fn collect_unknown(sections: &Sections, catalog: &Catalog, unknown: &mut Vec<String>) {
    for (name, config) in sections {
        let table = config.table.as_deref().unwrap_or(name);
        collect_unknown(&config.nest, catalog, unknown);
        let Some(info) = catalog.table(table) else {
            unknown.push(table.to_owned());
            continue;
        };
        let lists =
            [&config.refetch, &config.omit, &config.secret, &config.json, &config.keep, &config.personal];
        let single = [&config.soft_delete, &config.updated_at, &config.date, &config.rename, &config.owner];
        let columns = lists.into_iter().flatten().chain(config.key.iter().flatten());
        let columns = columns
            .chain(&config.label)
            .chain(config.matches.iter().flatten())
            .chain(single.into_iter().flatten());
        let missing = columns.filter(|column| info.table.column(column).is_none());
        unknown.extend(missing.map(|column| format!("{table}.{column}")));
        let places = config.references.keys().filter(|place| *place != ALL_OTHERS);
        let missing = places.filter(|place| json_path::column_and_path(&info.table, place).is_none());
        unknown.extend(missing.map(|place| format!("{table}.{place}")));
    }
}

fn with_part(reference: &ReferenceConfig, part: &str) -> ReferenceConfig {
    match reference {
        ReferenceConfig::Section(section) => ReferenceConfig::Section(section.replace('*', part)),
        other => other.clone(),
    }
}

struct Fit<'a> {
    sections: &'a Sections,
    catalog: &'a Catalog,
    connection: &'a Connection,
}

impl Fit<'_> {
    fn sections(&self, sections: &Sections) -> Sections {
        let section = |(name, config): (&String, &SectionConfig)| {
            let info = self.catalog.table(config.table.as_deref().unwrap_or(name))?;
            Some((name.clone(), self.section(info, config)))
        };
        sections.iter().filter_map(section).collect()
    }

    fn section(&self, info: &TableInfo, config: &SectionConfig) -> SectionConfig {
        let has = |column: &String| info.table.column(column).is_some();
        let columns = |columns: &[String]| columns.iter().filter(|column| has(column)).cloned().collect();
        let column = |column: &Option<String>| column.clone().filter(|column| has(column));
        SectionConfig {
            key: config.key.clone().filter(|key| key.iter().all(has)),
            matches: config.matches.iter().filter(|list| list.iter().all(has)).cloned().collect(),
            refetch: columns(&config.refetch),
            omit: columns(&config.omit),
            secret: columns(&config.secret),
            json: columns(&config.json),
            keep: columns(&config.keep),
            personal: columns(&config.personal),
            references: self.references(info, config),
            nest: self.sections(&config.nest),
            condition: config.condition.clone().filter(|condition| self.is_condition(info, condition)),
            check: config.check.clone().into_iter().filter(|(column, _)| has(column)).collect(),
            soft_delete: column(&config.soft_delete),
            updated_at: column(&config.updated_at),
            date: column(&config.date),
            label: if config.label.iter().all(has) { config.label.clone() } else { Vec::new() },
            rename: column(&config.rename),
            owner: column(&config.owner),
            built_in: true,
            ..config.clone()
        }
    }

    fn references(&self, info: &TableInfo, config: &SectionConfig) -> IndexMap<String, ReferenceConfig> {
        let reference = |(place, reference): (&String, &ReferenceConfig)| {
            if place != ALL_OTHERS {
                json_path::column_and_path(&info.table, place)?;
            }
            let fitted = match reference {
                ReferenceConfig::ByType { column, sections } => {
                    info.table.column(column)?;
                    let mut sections = sections.clone();
                    sections.retain(|_, section| section.as_ref().is_none_or(|name| self.has_section(name)));
                    ReferenceConfig::ByType { column: column.clone(), sections }
                }
                // It refers to nothing here, and to no other table either.
                other if other.sections().into_iter().any(|name| !self.has_section(name)) => {
                    ReferenceConfig::Nothing
                }
                other => other.clone(),
            };
            Some((place.clone(), fitted))
        };
        config.references.iter().filter_map(reference).collect()
    }

    fn has_section(&self, name: &str) -> bool {
        let table = self.sections.get(name).and_then(|config| config.table.as_deref());
        self.catalog.table(table.unwrap_or(name)).is_some()
    }

    fn has_users(&self, scope: &ScopeConfig) -> bool {
        let has = |info: &TableInfo, column: &str| info.table.column(column).is_some();
        let mut others = self.catalog.tables.values();
        self.catalog.table(&scope.table).is_some_and(|users| {
            has(users, &scope.key)
                && others.any(|info| info.table.name != users.table.name && has(info, &scope.column))
        })
    }

    fn is_condition(&self, info: &TableInfo, condition: &str) -> bool {
        let sql = format!("SELECT 1 FROM {} WHERE ({condition})", user_table(&info.table.name));
        self.connection.prepare(&sql).is_ok()
    }
}
