//! Text columns that hold JSON, and JSON that holds the numbers of rows.

use super::Survey;
use super::draft::{Setting, list, name};
use super::reasons::surrogate;
use crate::app::catalog::TableInfo;
use crate::app::json_path::{self, Step, steps};
use crate::app::model::{Field, Shape};
use crate::app::names::{fit, singular, snake, stem};
use crate::config::quoted;
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// Rows whose JSON is looked into, and numbers in it.
const ROWS: usize = 500;
const NUMBERS: usize = 20_000;

impl Survey<'_> {
    /// The columns whose every text is a JSON object or array.
    pub(super) fn json_columns(&self, info: &TableInfo, shape: &Shape) -> Vec<String> {
        let facts = &self.facts[&info.table.name];
        let is_json = |column: &&String| {
            let is_open = match shape.field(column) {
                Field::Column(_) => facts.columns[column.as_str()].json,
                Field::Json(_, json) => json.found.is_some(),
                _ => false,
            };
            is_open && shape.columns.contains_key(column.as_str()) && !shape.key.contains(column)
        };
        facts.columns.keys().filter(is_json).cloned().collect()
    }

    /// The settings about JSON.
    pub(super) fn json_settings(&self, info: &TableInfo, shape: &Shape) -> Result<Vec<Setting>> {
        let columns = self.json_columns(info, shape);
        if columns.is_empty() {
            return Ok(Vec::new());
        }
        let mut settings = Vec::new();
        // Others are written as JSON anyway.
        let unsaid: Vec<String> =
            columns.iter().filter(|column| !shape.json.contains_key(*column)).cloned().collect();
        if !unsaid.is_empty() {
            let why = "Every text in it is a JSON object or list: so it is written as JSON, not as a text.";
            settings.push(Setting::new(&["json"], list(&unsaid), why, false));
        }
        // A path could not tell the end of such a name.
        for column in columns.iter().filter(|column| !column.contains(['.', '['])) {
            for (path, section, found) in self.ids_inside(info, column)? {
                let why = format!(
                    "All {found} different numbers looked at there are rows of {}, whose numbers no document has.",
                    name(&section)
                );
                let place = json_path::place(column, &path);
                settings.push(Setting::new(&["references", &place], quoted(&section), why, false));
            }
        }
        Ok(settings)
    }

    /// Paths inside the JSON of a column at which there are numbers of rows of a section.
    fn ids_inside(&self, info: &TableInfo, column: &str) -> Result<Vec<(String, String, usize)>> {
        let mut found = Vec::new();
        for (path, numbers) in self.numbers_inside(info, column)? {
            let key = |step: &Step| match step {
                Step::Key(key) => Some(key.clone()),
                Step::Each | Step::Keys => None,
            };
            let keys: Vec<String> = steps(&path).iter().filter_map(key).collect();
            let named: Vec<&str> = std::iter::once(column).chain(keys.iter().map(String::as_str)).collect();
            let Some(meant) = meant(&named) else { continue };
            let mut best: Option<(usize, &str)> = None;
            for (section, model) in &self.model.sections {
                let target = &self.catalog.tables[&model.shape.table];
                let Some(own) = surrogate(target, &model.shape) else { continue };
                if target.table.primary_key() != [own] {
                    continue;
                }
                let Some(score) = fit(&meant, &model.shape.table) else { continue };
                if best.is_none_or(|(other, _)| score > other) && self.are_there(target, own, &numbers)? {
                    best = Some((score, section));
                }
            }
            found.extend(best.map(|(_, section)| (path, section.to_owned(), numbers.len())));
        }
        Ok(found)
    }

    /// The whole numbers in the JSON of a column, by their path.
    fn numbers_inside(&self, info: &TableInfo, column: &str) -> Result<IndexMap<String, BTreeSet<i64>>> {
        let column = identifier(column);
        let sql = format!(
            "SELECT j.fullkey, j.atom FROM (SELECT {column} AS json FROM {} WHERE typeof({column}) = 'text' AND {column} <> ''
             LIMIT {ROWS}) AS t, temp.json_tree(t.json) AS j WHERE j.type = 'integer' LIMIT {NUMBERS}",
            user_table(&info.table.name)
        );
        let read = || -> rusqlite::Result<IndexMap<String, BTreeSet<i64>>> {
            let mut statement = self.connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            let mut found: IndexMap<String, BTreeSet<i64>> = IndexMap::new();
            while let Some(row) = rows.next()? {
                let (path, number): (String, Option<i64>) = (row.get(0)?, row.get(1).ok());
                if let Some((path, number)) = general(&path).zip(number) {
                    found.entry(json_path::path(&path)).or_default().insert(number);
                }
            }
            Ok(found)
        };
        read().with_context(|| format!("cannot look into {} of {}", column, info.table.name))
    }

    /// Whether all numbers are rows of a table.
    fn are_there(&self, target: &TableInfo, column: &str, numbers: &BTreeSet<i64>) -> Result<bool> {
        let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
        let sql = format!(
            "SELECT count(*) FROM {} WHERE {} IN ({})",
            user_table(&target.table.name),
            identifier(column),
            numbers.join(", ")
        );
        let found: i64 = self
            .connection
            .query_row(&sql, [], |row| row.get(0))
            .with_context(|| format!("cannot look at {}", target.table.name))?;
        Ok(found.unsigned_abs() == numbers.len() as u64)
    }
}

/// The steps of a path that SQLite gives to a place in JSON, without the places in lists and the keys that are numbers.
fn general(path: &str) -> Option<Vec<Step>> {
    let mut general = Vec::new();
    let mut rest = path.strip_prefix('$')?;
    while !rest.is_empty() {
        if let Some(place) = rest.strip_prefix('[') {
            general.push(Step::Each);
            rest = place.split_once(']')?.1;
            continue;
        }
        // SQLite quotes every name that has more than letters and digits.
        let named = rest.strip_prefix('.')?;
        let plain = || {
            let (key, after) = named.split_at(named.find(['.', '[']).unwrap_or(named.len()));
            (key.to_owned(), after)
        };
        let (key, after) = json_path::quoted(named).unwrap_or_else(plain);
        let is_number = key.parse::<i64>().is_ok_and(|number| number.to_string() == key);
        general.push(if is_number { Step::Keys } else { Step::Key(key) });
        rest = after;
    }
    // What a number leads to is the value, and not the key.
    if general.last() == Some(&Step::Keys) {
        general.pop();
        general.push(Step::Each);
    }
    (!general.is_empty()).then_some(general)
}

/// What numbers mean by the names that lead to them: what ends with id means what stands before it.
fn meant(names: &[&str]) -> Option<String> {
    let (last, before) = names.split_last()?;
    if snake(last) == "id" {
        return before.last().map(|name| plain(name));
    }
    Some(plain(last))
}

/// A name without what says ids.
fn plain(name: &str) -> String {
    let one = ["_ids", "Ids", "IDs", "_IDS"].iter().find_map(|end| name.strip_suffix(end));
    let one = one.or_else(|| stem(name)).unwrap_or(name);
    singular(&snake(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_names_say_what_numbers_are() {
        let general = |path: &str| general(path).map(|steps| json_path::path(&steps));
        assert_eq!(general("$.drivers[3].id").as_deref(), Some("drivers[*].id"));
        assert_eq!(general("$[0]").as_deref(), Some("[*]"));
        assert_eq!(general("$.\"driver_ids\"[1][2].x").as_deref(), Some("driver_ids[*][*].x"));
        assert_eq!(general("$.\"odd name\"").as_deref(), Some("odd name"));
        assert_eq!(general("$.\"a.b\"").as_deref(), Some("\"a.b\""));
        assert_eq!(general("$.\"a\\\"b\".x").as_deref(), Some("\"a\\\"b\".x"));
        assert_eq!(general("$.\"12\".x").as_deref(), Some("{}.x"));
        assert_eq!(general("$"), None);
        assert_eq!(meant(&["line", "drivers", "id"]).as_deref(), Some("driver"));
        assert_eq!(meant(&["driver_ids"]).as_deref(), Some("driver"));
        assert_eq!(meant(&["x", "driverId"]).as_deref(), Some("driver"));
    }
}
