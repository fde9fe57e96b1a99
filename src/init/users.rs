//! A table of users to whom the rows of other tables belong.

use super::Survey;
use super::draft::{Block, Question, Setting, name, names};
use super::facts::samples;
use crate::app::catalog::TableInfo;
use crate::app::names::snake;
use crate::app::roles::{USER_KEYS, is_users};
use anyhow::Result;

/// Tables that must belong to users.
const SEVERAL: usize = 2;

impl Survey<'_> {
    /// The proposal of a scope.
    pub(super) fn users(&self) -> Result<Option<Block>> {
        for info in self.catalog.tables.values().filter(|info| is_users(&info.table.name)) {
            let Some(key) = self.user_key(info) else { continue };
            let Some((column, tables)) = self.belonging(info) else { continue };
            let table = &info.table.name;
            let text = format!(
                "{} belong to {}, by {}. Is the data of each of them exported by itself (--scope NAME)?",
                names(&tables),
                name(table),
                name(&column)
            );
            let samples = samples(self.connection, table, std::slice::from_ref(&key))?;
            let why = format!(
                "Rows of {} belong to {}. With these lines, an export holds those of one of them: --scope NAME (all for \
                 everybody's).",
                names(&tables),
                name(table)
            );
            return Ok(Some(Block {
                path: vec!["scope".to_owned()],
                why: vec![why],
                question: Some(Question { text, samples, weight: u64::MAX }),
                settings: vec![
                    Setting::text("table", table, "", true),
                    Setting::text("key", &key, "", true),
                    Setting::text("column", &column, "", true),
                ],
                ..Block::default()
            }));
        }
        Ok(None)
    }

    /// The column by which one user is named.
    fn user_key(&self, info: &TableInfo) -> Option<String> {
        if info.table.primary_key().len() != 1 {
            return None;
        }
        let columns: Vec<&str> = info.table.stored().collect();
        let named = USER_KEYS.iter().filter_map(|key| columns.iter().find(|column| snake(column) == *key));
        let unique = named.filter(|column| info.is_unique_in(&[(**column).to_owned()]));
        let rows = self.facts[&info.table.name].rows;
        let has_all = |column: &&&str| self.facts[&info.table.name].columns[**column].values == rows;
        unique.into_iter().find(has_all).map(|column| (*column).to_owned())
    }

    /// The column by which most tables belong to users, and those tables.
    fn belonging(&self, users: &TableInfo) -> Option<(String, Vec<String>)> {
        let mut best: Option<(String, Vec<String>)> = None;
        for info in self.catalog.tables.values() {
            for key in
                info.foreign_keys.iter().filter(|key| key.parent.eq_ignore_ascii_case(&users.table.name))
            {
                let [column] = key.columns.as_slice() else { continue };
                let has = |info: &&TableInfo| {
                    info.table.name != users.table.name && info.table.column(column).is_some()
                };
                let tables: Vec<String> =
                    self.catalog.tables.values().filter(has).map(|info| info.table.name.clone()).collect();
                if tables.len() >= SEVERAL && best.as_ref().is_none_or(|(_, most)| tables.len() > most.len())
                {
                    best = Some((column.clone(), tables));
                }
            }
        }
        best.or_else(|| self.named_belonging(users))
    }

    /// The same where the schema declares nothing: by a column that is called after the users.
    fn named_belonging(&self, users: &TableInfo) -> Option<(String, Vec<String>)> {
        let one = crate::app::names::singular(&snake(&users.table.name));
        let column = format!("{one}_id");
        let mut found: Option<String> = None;
        let mut tables = Vec::new();
        for info in self.catalog.tables.values().filter(|info| info.table.name != users.table.name) {
            if let Some(own) = info.table.stored().find(|own| snake(own) == column) {
                found.get_or_insert_with(|| own.to_owned());
                tables.push(info.table.name.clone());
            }
        }
        (tables.len() >= SEVERAL).then(|| found.map(|column| (column, tables))).flatten()
    }
}
