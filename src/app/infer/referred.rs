//! Rows that rows of one user refer to, and that are nobody's by themselves.

use super::Inference;
use super::access::Access;
use crate::app::json_path::{Step, steps};
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
                let (what, pattern) = match steps(path).as_slice() {
                    [above @ .., Step::Keys] => ("CAST(tree.key AS INTEGER)", ("path", glob(above))),
                    path => ("tree.atom", ("fullkey", glob(path))),
                };
                let (of, pattern) = pattern;
                format!(
                    "SELECT {what} FROM (SELECT {column} AS json FROM {from} WHERE {condition}{when}) AS own, temp.json_tree(CASE WHEN json_valid(own.json) THEN own.json ELSE 'null' END) AS tree WHERE tree.{of} GLOB {}",
                    literal(&pattern)
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

/// Steps such as those of `drivers[*].id` as a pattern of the paths that SQLite gives to places in JSON.
fn glob(steps: &[Step]) -> String {
    let mut glob = "$".to_owned();
    for step in steps {
        match step {
            Step::Key(name) => {
                let is_bare = name.starts_with(|c: char| c.is_ascii_alphabetic())
                    && name.chars().all(|c| c.is_ascii_alphanumeric());
                let name =
                    if is_bare { name.clone() } else { serde_json::Value::from(name.as_str()).to_string() };
                let escape = |c: char| if "[*?".contains(c) { format!("[{c}]") } else { c.to_string() };
                glob.push('.');
                glob.extend(name.chars().map(escape));
            }
            Step::Each => glob.push_str("[[]*]"),
            Step::Keys => glob.push_str(".*"),
        }
    }
    glob
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_patterns() {
        let db = rusqlite::Connection::open_in_memory().expect("open");
        for (path, json) in [
            ("drivers[*].id", r#"{"drivers": [{"id": 7}], "id": 8}"#),
            ("[*]", "[7]"),
            ("a.driver_id", r#"{"a": {"driver_id": 7, "driverid": 8}}"#),
            ("\"a.b\".\"[x]\"", r#"{"a.b": {"[x]": 7}}"#),
            ("decks.{}.id", r#"{"decks": {"4": {"id": 7}}}"#),
        ] {
            let sql =
                "SELECT group_concat(atom) FROM json_tree(?1) WHERE fullkey GLOB ?2 AND type = 'integer'";
            let found: String =
                db.query_row(sql, [json, &glob(&steps(path))], |row| row.get(0)).expect("one place");
            assert_eq!(found, "7", "{path}");
        }
    }
}
