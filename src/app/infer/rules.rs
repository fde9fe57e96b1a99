//! Whether the configuration fits the database: what it names must be there, and be said once.

use super::Inference;
use crate::app::catalog::TableInfo;
use crate::app::json_path;
use crate::config::{ALL_OTHERS, ReferenceConfig, ScopeConfig, SectionConfig, key};
use crate::database::check::text;
use crate::database::quote::{identifier, literal, user_table};
use crate::error::{Fault, nearest};
use anyhow::{Context, Result};
use std::collections::HashMap;

impl<'a> Inference<'a> {
    /// An error where the configuration names what is not there.
    pub(super) fn check_rules(&self) -> Result<()> {
        let mut claims = HashMap::new();
        for (name, config) in &self.rules.sections {
            let table = config.table.as_deref().unwrap_or(name);
            let path = format!("sections.{}", key(name));
            self.check_section(table, config, &path, &mut claims)?;
        }
        for (name, config) in &self.rules.sections {
            let is_called_like_another = config.table.as_ref().is_some_and(|own| {
                let other = self.catalog.table(name).map(|info| info.table.name.to_ascii_lowercase());
                other.is_some_and(|other| !own.eq_ignore_ascii_case(&other) && !claims.contains_key(&other))
            });
            if is_called_like_another {
                let message = format!("sections.{}: another table is called that", key(name));
                return Err(Fault::usage(message).hint("give the section another name").into());
            }
        }
        self.rules.scope.as_ref().map_or(Ok(()), |scope| self.check_scope(scope))
    }

    /// Checks a section and its children; `claims` says which setting is about a table already.
    fn check_section(
        &self,
        table: &str,
        config: &SectionConfig,
        path: &str,
        claims: &mut HashMap<String, String>,
    ) -> Result<()> {
        if let Some(other) = claims.insert(table.to_ascii_lowercase(), path.to_owned()) {
            let message = format!("{other} and {path} are both about the table {table}");
            return Err(Fault::usage(message).hint("put all of it under one of them").into());
        }
        if config.include == Some(false) && self.catalog.left_out.contains_key(table) {
            return Ok(());
        }
        let info = self.known(table, path)?;
        self.check_columns(info, config, path)?;
        for (child, config) in &config.nest {
            let table = config.table.as_deref().unwrap_or(child);
            self.check_section(table, config, &format!("{path}.nest.{}", key(child)), claims)?;
        }
        Ok(())
    }

    fn check_columns(&self, info: &TableInfo, config: &SectionConfig, path: &str) -> Result<()> {
        let scope = self.rules.scope.as_ref();
        let owner = config.owner.as_ref().or(scope.map(|scope| &scope.column));
        if let Some(owner) = owner.filter(|owner| config.shared && info.table.column(owner).is_some()) {
            let message = format!("{path}.shared: {owner} says whose a row of {} is", info.table.name);
            return Err(Fault::usage(message).hint("rows that are a user's are not everybody's").into());
        }
        let named = [
            ("key", config.key.iter().flatten().collect::<Vec<_>>()),
            ("match", own_matches(config)),
            ("refetch", config.refetch.iter().collect()),
            ("omit", config.omit.iter().collect()),
            ("secret", config.secret.iter().collect()),
            ("json", config.json.iter().collect()),
            ("personal", config.personal.iter().collect()),
            ("soft-delete", config.soft_delete.iter().collect()),
            ("updated-at", config.updated_at.iter().collect()),
            ("date", config.date.iter().collect()),
            ("keep", config.keep.iter().collect()),
            ("owner", config.owner.iter().collect()),
            ("label", config.label.iter().collect()),
            ("rename", config.rename.iter().collect()),
        ];
        for (setting, columns) in named {
            for column in columns {
                known_column(info, column, &format!("{path}.{setting}"))?;
            }
        }
        for column in config.omit.iter().chain(&config.refetch) {
            let is_key = info.table.primary_key().iter().any(|key| key.eq_ignore_ascii_case(column));
            if is_key && info.rowid_column().is_none_or(|own| !own.eq_ignore_ascii_case(column)) {
                let message =
                    format!("{path}: {column} is a part of the primary key, which nobody makes again");
                return Err(Fault::usage(message)
                    .hint("leave it in: an import keeps the ids that are there")
                    .into());
            }
        }
        for (place, reference) in &config.references {
            let path = format!("{path}.references.{}", key(place));
            if place == ALL_OTHERS {
                if *reference != ReferenceConfig::Nothing {
                    let message = format!("{path}: all others can refer to nothing only");
                    return Err(Fault::usage(message).hint("write false").into());
                }
                continue;
            }
            let Some((_, inside)) = json_path::column_and_path(&info.table, place) else {
                let column = place.split(['.', '[']).next().unwrap_or_default();
                known_column(info, column, &path)?;
                continue;
            };
            let is_one = matches!(reference, ReferenceConfig::Nothing | ReferenceConfig::Section(_));
            let is_path = inside.is_empty() || is_one && json_path::is_path(inside);
            if !is_path {
                let message = format!("{path}: {place:?} is no path");
                let hint = "every element of a list is [*], as in ids[*].id; a key with a dot is in quotes";
                return Err(Fault::usage(message).hint(hint).into());
            }
            if let ReferenceConfig::ByType { column, .. } = reference {
                known_column(info, column, &format!("{path}.type"))?;
            }
            let mut sections = reference.sections().into_iter();
            if let Some(section) = sections.find(|section| self.table_of(section).is_none()) {
                let names: Vec<String> =
                    self.catalog.tables.keys().map(|table| self.section_of(table)).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let message = format!("{path}: there is no section {section:?}");
                return Err(Fault::usage(message).hint(nearest(section, &names)).into());
            }
        }
        Ok(())
    }

    fn check_scope(&self, scope: &ScopeConfig) -> Result<()> {
        let users = self.known(&scope.table, "scope.table")?;
        known_column(users, &scope.key, "scope.key")?;
        if users.table.primary_key().len() != 1 {
            let message = format!("scope.table: {} has no primary key of one column", scope.table);
            return Err(Fault::usage(message).into());
        }
        let others = self.catalog.tables.values().filter(|info| info.table.name != users.table.name);
        if !others.into_iter().any(|info| info.table.column(&scope.column).is_some()) {
            let message = format!("scope.column: no other table has a column {:?}", scope.column);
            return Err(Fault::usage(message).into());
        }
        self.wanted.scope.map_or(Ok(()), |name| self.check_user(scope, name))
    }

    /// An error where not exactly one user has a name.
    fn check_user(&self, scope: &ScopeConfig, name: &str) -> Result<()> {
        let (table, column) = (user_table(&scope.table), identifier(&scope.key));
        let read = || -> rusqlite::Result<(i64, Vec<String>)> {
            let found = format!("SELECT count(*) FROM {table} WHERE {column} = {}", literal(name));
            let names =
                format!("SELECT CAST({column} AS TEXT) FROM {table} WHERE {column} IS NOT NULL ORDER BY 1");
            let mut names = self.connection.prepare(&names)?;
            let names = names.query_map([], |row| text(row, 0))?.collect::<rusqlite::Result<_>>()?;
            Ok((self.connection.query_row(&found, [], |row| row.get(0))?, names))
        };
        let (found, names) =
            read().with_context(|| format!("cannot look for {name:?} in {}", scope.table))?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (table, key) = (&scope.table, &scope.key);
        match found {
            1 => Ok(()),
            0 => Err(Fault::usage(format!("there is nobody in {table} whose {key} is {name:?}"))
                .hint(nearest(name, &names))
                .into()),
            more => Err(Fault::usage(format!("there are {more} in {table} whose {key} is {name:?}"))
                .hint("scope.key in larder.toml must be a column that tells them apart")
                .into()),
        }
    }

    /// A table that the configuration names.
    fn known(&self, table: &str, path: &str) -> Result<&'a TableInfo> {
        self.catalog.table(table).ok_or_else(|| {
            if let Some(why) = self.catalog.left_out.get(table) {
                return Fault::usage(format!("{path}: {table} holds no data of the application: {why}"))
                    .into();
            }
            let names: Vec<&str> = self.catalog.tables.keys().map(String::as_str).collect();
            Fault::usage(format!("{path}: there is no table {table:?}")).hint(nearest(table, &names)).into()
        })
    }
}

/// The columns of a table by which its rows are known besides; those of children are looked for where children are known.
fn own_matches(config: &SectionConfig) -> Vec<&String> {
    config.matches.iter().flatten().filter(|name| !name.contains('.')).collect()
}

fn known_column(info: &TableInfo, column: &str, path: &str) -> Result<()> {
    if info.table.column(column).is_some() {
        return Ok(());
    }
    let names: Vec<&str> = info.table.columns.iter().map(|column| column.name.as_str()).collect();
    Err(Fault::usage(format!("{path}: {} has no column {column:?}", info.table.name))
        .hint(nearest(column, &names))
        .into())
}
