//! Rows that rows of one user refer to, and that are nobody's by themselves.

use super::Inference;
use super::access::Access;
use crate::app::meaning::{Place, Reference};
use crate::database::quote::{identifier, literal, user_table};
use crate::database::row_handle::RowHandle;
use crate::database::temporary::TempTable;
use anyhow::{Context, Result};
use indexmap::IndexMap;

impl Inference<'_> {
    /// Finds the rows that those of the user refer to, until there are no more. Tables to which none do are left out.
    pub(super) fn find_referred(&mut self) -> Result<()> {
        let mut found: IndexMap<String, (TempTable, RowHandle)> = IndexMap::new();
        for (name, info) in &self.catalog.tables {
            let handle = RowHandle::of(&info.table);
            if matches!(self.access.get(name), Some(Access::Referred | Access::Hanging))
                && !self.is_child(name)
                && handle.exists()
            {
                let definition =
                    format!("({}, PRIMARY KEY({})) WITHOUT ROWID", handle.declared(), handle.kept());
                let table = TempTable::create(self.connection, &format!("referred of {name}"), &definition)?;
                let condition = handle.is_among("", &format!("SELECT {} FROM {table}", handle.kept()));
                self.referred.insert(name.clone(), condition);
                found.insert(name.clone(), (table, handle));
            }
        }
        loop {
            let mut added = 0;
            for reference in &self.meaning.references {
                if let Some((table, handle)) = found.get(&reference.target) {
                    added += self.add_referred(reference, table, handle)?;
                }
            }
            if added == 0 {
                break;
            }
        }
        found.retain(|name, _| self.access.get(name) == Some(&Access::Referred));
        for (name, (table, _)) in &found {
            let is_empty = format!(
                "SELECT NOT EXISTS (SELECT 1 FROM {table}) AND EXISTS (SELECT 1 FROM {})",
                user_table(name)
            );
            if self.connection.query_row(&is_empty, [], |row| row.get(0))? {
                let settings = self.settings_for(name, &[]);
                self.access.insert(name.clone(), Access::Denied(settings));
            }
        }
        Ok(())
    }

    fn add_referred(&self, reference: &Reference, table: &TempTable, handle: &RowHandle) -> Result<usize> {
        let Some(condition) = self.written_rows(&reference.table) else { return Ok(0) };
        if reference.to.is_empty() {
            return Ok(0);
        }
        let list =
            |names: &[String]| names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(", ");
        let from = user_table(&reference.table);
        let when = reference.when.as_ref().map_or_else(String::new, |(column, value)| {
            format!(" AND CAST({} AS TEXT) = {}", identifier(column), literal(value))
        });
        let values = match &reference.place {
            Place::Whole => {
                format!("SELECT {} FROM {from} WHERE {condition}{when}", list(&reference.columns))
            }
            Place::Json(path) => {
                let column = identifier(&reference.columns[0]);
                format!(
                    "SELECT tree.atom FROM (SELECT {column} AS json FROM {from} WHERE {condition}{when}) AS own, temp.json_tree(CASE WHEN json_valid(own.json) THEN own.json ELSE 'null' END) AS tree WHERE tree.fullkey GLOB {}",
                    literal(&glob(path))
                )
            }
            Place::List => return Ok(0),
        };
        let sql = format!(
            "INSERT OR IGNORE INTO {table} SELECT {} FROM {} WHERE ({}) IN ({values}) AND {}",
            handle.of_row(""),
            user_table(&reference.target),
            list(&reference.to),
            self.nobodys(&reference.target),
        );
        self.connection
            .execute(&sql, [])
            .with_context(|| format!("cannot follow {} to {}", reference.table, reference.target))
    }

    /// The condition that the rows of a table meet which are written; nothing where none are.
    fn written_rows(&self, table: &str) -> Option<String> {
        let is_unwanted = self.config(table).is_some_and(|config| config.include == Some(false));
        if self.is_denied(table) || is_unwanted {
            return None;
        }
        let own = self.condition(table);
        let parent = self.children.iter().find_map(|(parent, children)| {
            children.iter().find(|(child, _)| child == table).map(|(_, at)| (parent, &self.links[table][*at]))
        });
        let inside = match parent {
            Some((parent, link)) => Some(self.is_among(link, &self.written_rows(parent)?)),
            None => None,
        };
        let all: Vec<String> = own.into_iter().chain(inside).collect();
        Some(if all.is_empty() { "1".to_owned() } else { all.join(" AND ") })
    }
}

/// A path such as `drivers[*].id` as a pattern of the paths that SQLite gives to places in JSON.
fn glob(path: &str) -> String {
    let dot = if path.starts_with('[') { "" } else { "." };
    format!("${dot}{}", path.replace("[*]", "[[]*]").replace("{}", "*"))
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn paths_are_patterns() {
        assert_eq!(glob("drivers[*].id"), "$.drivers[[]*].id");
        assert_eq!(glob("[*]"), "$[[]*]");
    }
}
