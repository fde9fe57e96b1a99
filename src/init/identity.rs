//! Other ways to know the rows of a table: what other constraints promise, and what is so today.

use super::Survey;
use super::draft::{Question, Setting, list, names};
use super::facts::samples;
use super::reasons::surrogate;
use crate::app::catalog::TableInfo;
use crate::app::model::{Field, Shape};
use crate::app::roles::{identity, is_time};
use crate::database::affinity::Affinity;
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use rusqlite::OptionalExtension;

/// Rows from which being unique says something, of columns that are called like a name and of others.
const ENOUGH: u64 = 3;
const ENOUGH_OF_ANY: u64 = 20;
/// Rows up to which pairs of columns are tried, and how many columns.
const PAIRED: u64 = 200_000;
const COLUMNS: usize = 6;

impl Survey<'_> {
    /// Other keys that constraints promise.
    pub(super) fn other_keys(info: &TableInfo, shape: &Shape) -> Option<Setting> {
        let key = Self::key_columns(shape);
        let is_other = |columns: &Vec<String>| {
            let is_exported = |name: &String| {
                shape.table_columns().iter().any(|own| own.eq_ignore_ascii_case(name))
                    && !shape.secret.contains(name)
            };
            !(columns.len() == key.len() && columns.iter().all(|column| key.contains(column)))
                && columns.iter().all(is_exported)
        };
        let uniques = info.uniques.iter();
        let uniques = uniques.map(|unique| unique.names().into_iter().map(str::to_owned).collect::<Vec<_>>());
        let others: Vec<Vec<String>> = uniques.filter(is_other).collect();
        if key.is_empty() || others.is_empty() {
            return None;
        }
        let value =
            format!("[{}]", others.iter().map(|columns| list(columns)).collect::<Vec<_>>().join(", "));
        let why = "An import may know a row by these too, since a constraint says that they are unique.";
        Some(Setting::new(&["match"], value, why, false))
    }

    /// A key that holds today, although no constraint says so.
    pub(super) fn todays_key(&self, info: &TableInfo, shape: &Shape) -> Result<Option<Setting>> {
        let facts = &self.facts[&info.table.name];
        if !shape.key.is_empty() || shape.singleton || facts.rows < ENOUGH {
            return Ok(None);
        }
        let columns = self.nameable(info, shape);
        let mut tried: Vec<Vec<String>> = columns
            .iter()
            .filter(|(_, alone)| *alone)
            .map(|(column, _)| vec![(*column).to_owned()])
            .collect();
        if (ENOUGH_OF_ANY..=PAIRED).contains(&facts.rows) {
            let some: Vec<&str> = columns.iter().map(|(column, _)| *column).take(COLUMNS).collect();
            // The first of a pair is called like a name: any two may differ by chance.
            let first = some.iter().enumerate().filter(|(_, name)| identity(name).is_some());
            for (at, first) in first {
                let rest = some[at + 1..].iter();
                tried.extend(rest.map(|second| vec![(*first).to_owned(), (*second).to_owned()]));
            }
        }
        for columns in tried {
            if self.is_unique(info, &columns)? {
                let samples = samples(self.connection, &info.table.name, &columns)?;
                let text = format!(
                    "{}: {} is different in each of the {} rows, although no constraint says so. Are rows known by it?",
                    super::name(&info.table.name),
                    names(&columns),
                    facts.rows
                );
                let why =
                    format!("No two rows share {} today, although no constraint says so.", names(&columns));
                let question = Some(Question { text, samples, weight: facts.bytes() });
                return Ok(Some(Setting { question, ..Setting::list("key", &columns, why, false) }));
            }
        }
        Ok(None)
    }

    /// The columns that could name a row, the most telling first, and whether one alone could.
    fn nameable<'i>(&self, info: &'i TableInfo, shape: &Shape) -> Vec<(&'i str, bool)> {
        let facts = &self.facts[&info.table.name];
        let mut found: Vec<(&str, bool)> = Vec::new();
        for column in &info.table.columns {
            let name = column.name.as_str();
            let Some(counted) = facts.columns.get(name) else { continue };
            let is_plain = shape.columns.contains_key(name)
                && matches!(shape.field(name), Field::Column(_))
                && surrogate(info, shape) != Some(name)
                && counted.values == facts.rows
                && counted.texts + u64::from(column.affinity() != Affinity::Text) > 0
                && counted.brackets == 0
                && counted.bytes <= facts.rows.saturating_mul(200)
                && !matches!(column.affinity(), Affinity::Real | Affinity::Blob)
                && crate::app::roles::updated(&[name]).is_none()
                && crate::app::roles::deleted(&[name]).is_none();
            if is_plain {
                let is_text =
                    column.affinity() == Affinity::Text && !is_time(name) && facts.rows >= ENOUGH_OF_ANY;
                found.push((name, is_text || identity(name).is_some()));
            }
        }
        found.sort_by_key(|(name, alone)| (identity(name).unwrap_or(usize::MAX), !alone));
        // Without a text or a telling name among them, being unique is chance.
        if found.iter().any(|(_, alone)| *alone) { found } else { Vec::new() }
    }

    fn is_unique(&self, info: &TableInfo, columns: &[String]) -> Result<bool> {
        let list: Vec<String> = columns.iter().map(|column| identifier(column)).collect();
        let sql = format!(
            "SELECT 1 FROM {} GROUP BY {} HAVING count(*) > 1 LIMIT 1",
            user_table(&info.table.name),
            list.join(", ")
        );
        let shared = self.connection.query_row(&sql, [], |_| Ok(())).optional();
        Ok(shared.with_context(|| format!("cannot look for keys in {}", info.table.name))?.is_none())
    }
}
