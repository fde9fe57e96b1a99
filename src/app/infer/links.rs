//! Finding what refers to what, and what is made of ids.

use super::references::{self, Inferred, Link};
use super::{Inference, hints, surrogate};
use crate::app::catalog::TableInfo;
use crate::error::Fault;
use anyhow::Result;
use std::collections::HashSet;

impl Inference<'_> {
    /// Finds what refers to what.
    pub(super) fn find_links(&mut self) -> Result<()> {
        let (connection, catalog) = (self.connection, self.catalog);
        for info in catalog.tables.values() {
            let table = &info.table.name;
            let mut links = references::declared(info, catalog);
            links.extend(self.configured_links(info)?);
            for column in info.table.columns.iter().filter(|column| column.generated.is_none()) {
                let is_taken = links.iter().any(|link| link.has(&column.name));
                if is_taken || self.is_surrogate(table, &column.name) || self.is_withheld(table, column) {
                    continue;
                }
                let surrogates = &self.surrogates;
                let natural = |parent: &TableInfo, key: &str| {
                    surrogates.get(&parent.table.name).is_none_or(|own| own != key)
                };
                let mut found = references::infer(connection, info, column, catalog, natural)?;
                if !matches!(found, Inferred::Link(_))
                    && let Some(why) = hints::look(connection, info, column, catalog, natural)?
                {
                    found = Inferred::Doubt(why);
                }
                match found {
                    Inferred::Link(link) => {
                        if !natural(self.info(&link.parent), &link.to[0]) {
                            let (name, parent) = (&column.name, &link.parent);
                            self.notes.push(format!("{table}.{name} refers to {parent}, by its name and its values"));
                        }
                        links.push(link);
                    }
                    Inferred::Doubt(why) => self.warnings.push(format!(
                        "{table}.{} is written as it is: {why} (say what it is in larder.toml: sections.{table}.references, or omit)",
                        column.name
                    )),
                    Inferred::Nothing => {}
                }
            }
            // A row number that refers to another row is no number of its own.
            if let Some(own) = self.surrogates.get(table)
                && links.iter().any(|link| link.columns.len() == 1 && link.has(own) && link.parent != *table)
            {
                self.surrogates.remove(table);
            }
            self.links.insert(table.clone(), links);
        }
        Ok(())
    }

    /// The references that the configuration adds.
    fn configured_links(&self, info: &TableInfo) -> Result<Vec<Link>> {
        let Some(config) = self.config(&info.table.name) else { return Ok(Vec::new()) };
        let mut links = Vec::new();
        for (column, section) in &config.references {
            // Paths inside JSON are not columns.
            let Some(found) = info.table.column(column) else { continue };
            let path = format!("sections.{}.references.{column}", info.table.name);
            let parent = self
                .table_of(section)
                .ok_or_else(|| Fault::usage(format!("{path}: there is no section {section:?}")))?;
            let key = parent.table.primary_key();
            let [key] = key.as_slice() else {
                return Err(
                    Fault::usage(format!("{path}: {section} has no primary key of one column")).into()
                );
            };
            links.push(Link {
                columns: vec![found.name.clone()],
                parent: parent.table.name.clone(),
                to: vec![(*key).to_owned()],
                cascades: false,
                undeclared: true,
            });
        }
        Ok(links)
    }

    /// Finds texts that are made of ids.
    pub(super) fn find_composed(&mut self) -> Result<()> {
        for info in self.catalog.tables.values() {
            let table = &info.table.name;
            let links = &self.links[table];
            let of_ids: HashSet<&str> = links
                .iter()
                .filter(|link| link.columns.len() == 1 && self.is_surrogate(&link.parent, &link.to[0]))
                .map(|link| link.columns[0].as_str())
                .collect();
            if let Some((column, composed)) = surrogate::composed(self.connection, info, &of_ids)? {
                self.composed.entry(table.clone()).or_default().insert(column, composed);
            }
        }
        Ok(())
    }
}
