//! Where the secrets of a database are: columns, rows of tables of keys and values, and members of JSON.

use super::Inference;
use crate::app::catalog::TableInfo;
use crate::app::model::SecretRows;
use crate::app::names::snake;
use crate::app::secrets::{
    Entry, KEYS, Redaction, VALUES, is_container, is_pin, is_secret, is_secret_entry, is_secret_text,
    is_token, unquoted,
};
use crate::config::SectionConfig;
use crate::database::affinity::Affinity;
use crate::database::quote::{identifier, literal, user_table};
use crate::database::schema::Column;
use anyhow::{Context, Result};
use rusqlite::types::ValueRef;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// One in so many filled values that are nothing but a token makes a column one of secrets: the others are tokens of a form
/// that nobody knows.
const SHARE: u64 = 2;

/// The secrets of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Secrets {
    /// Columns that hold nothing else.
    columns: Vec<String>,
    /// Which rows of a table of keys and values are secret.
    pub(super) rows: Option<SecretRows>,
    /// Columns that hold JSON with secrets inside.
    pub(super) json: Vec<String>,
    /// Columns that hold texts, some of which are secrets.
    pub(super) texts: Vec<String>,
    /// All of them as people read it.
    pub(super) places: Vec<String>,
}

impl Secrets {
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|own| own.eq_ignore_ascii_case(column))
    }

    /// Whether a document has a column without the secrets in it.
    pub(super) fn are_inside(&self, column: &str) -> bool {
        self.json.iter().chain(&self.texts).any(|own| own.eq_ignore_ascii_case(column))
    }
}

/// What a column's values are, as far as they may be secret.
#[derive(Debug, Default)]
struct Seen {
    filled: u64,
    secret: u64,
    /// Those of them that are nothing but a token.
    tokens: u64,
    paths: BTreeSet<String>,
    /// Whether secrets are in what is no text.
    in_blobs: bool,
}

impl Inference<'_> {
    /// Finds the secrets of all tables, unless they are wanted.
    pub(super) fn find_secrets(&mut self) -> Result<()> {
        for info in self.catalog.tables.values() {
            let found = self.secrets_of(info)?;
            self.secrets.insert(info.table.name.clone(), found);
        }
        Ok(())
    }

    fn secrets_of(&mut self, info: &TableInfo) -> Result<Secrets> {
        let config = self.config(&info.table.name).cloned().unwrap_or_default();
        let named =
            |names: &[String], column: &str| names.iter().any(|name| name.eq_ignore_ascii_case(column));
        let mut found = Secrets::default();
        let mut others = Vec::new();
        for column in info.table.columns.iter().filter(|column| column.generated.is_none()) {
            let name = &column.name;
            if named(&config.secret, name)
                || !self.wanted.secrets && !named(&config.not_secret, name) && self.is_named(info, column)?
            {
                found.columns.push(name.clone());
            } else if !named(&config.not_secret, name) {
                others.push(name.clone());
            }
        }
        if self.wanted.secrets {
            return Ok(Secrets::default());
        }
        let pair = key_and_value(info).filter(|(_, value)| !found.has(value));
        self.look_at(info, &config, &others, pair, &mut found)?;
        found.places.extend(found.columns.iter().map(|column| format!("{}.{column}", info.table.name)));
        found.places.sort();
        Ok(found)
    }

    /// Whether a column is a secret by its name, and holds what may be one.
    fn is_named(&self, info: &TableInfo, column: &Column) -> Result<bool> {
        let name = &column.name;
        let is_text = matches!(column.affinity(), Affinity::Text | Affinity::Blob);
        let is_secret =
            is_secret(name) || is_container(&info.table.name, name) && !is_key_of_keys(info, name);
        let numbers = if is_pin(name) { "'integer', " } else { "" };
        if !is_secret && numbers.is_empty() {
            return Ok(false);
        }
        if is_secret
            && is_text
            && !info.foreign_keys.iter().any(|key| key.columns.contains(name))
            && column.affinity() == Affinity::Text
        {
            return Ok(true);
        }
        let own = identifier(name);
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM {} WHERE typeof({own}) IN ({numbers}'text', 'blob')) OR {is_text} AND NOT EXISTS (SELECT 1 FROM {0} WHERE {own} IS NOT NULL)",
            user_table(&info.table.name)
        );
        let holds: bool = self
            .connection
            .query_row(&sql, [], |row| row.get(0))
            .with_context(|| format!("cannot look at {}.{name}", info.table.name))?;
        Ok(holds)
    }

    /// Looks at the values of a table for what is secret by its form, by its key, or inside JSON.
    fn look_at(
        &mut self,
        info: &TableInfo,
        config: &SectionConfig,
        columns: &[String],
        pair: Option<(&str, &str)>,
        found: &mut Secrets,
    ) -> Result<()> {
        if columns.is_empty() {
            return Ok(());
        }
        let table = &info.table.name;
        let redaction = Redaction { not_secret: &config.not_secret };
        let mut seen: Vec<Seen> = columns.iter().map(|_| Seen::default()).collect();
        let at = |name: &str| columns.iter().position(|column| column == name);
        let pair = pair.and_then(|(key, value)| Some((at(key)?, at(value)?)));
        let mut keys: BTreeSet<String> = BTreeSet::new();
        let names: Vec<String> = columns.iter().map(|name| identifier(name)).collect();
        let sql = format!("SELECT {} FROM {}", names.join(", "), user_table(table));
        let mut rows = self.connection.prepare(&sql)?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next().with_context(|| format!("cannot read {table}"))? {
            if let Some((key, value)) = pair
                && let Ok(key) = row.get_ref(key)?.as_str()
                && !config.not_secret.iter().any(|name| name.eq_ignore_ascii_case(key))
                && is_secret_row(key, row.get_ref(value)?, redaction)
            {
                keys.insert(key.to_owned());
                continue;
            }
            for (at, seen) in seen.iter_mut().enumerate() {
                seen.look(row.get_ref(at)?, redaction);
            }
        }
        for (column, seen) in columns.iter().zip(seen) {
            self.judge(info, column, &seen, found);
        }
        if let Some((key, _)) = pair.filter(|_| !keys.is_empty()) {
            let column = columns[key].clone();
            found.places.extend(keys.iter().map(|key| format!("{table}[{column}={key}]")));
            let not_secret = config.not_secret.clone();
            found.rows = Some(SecretRows { column, keys: keys.into_iter().collect(), not_secret });
        }
        Ok(())
    }

    /// Decides what a column is by its values.
    fn judge(&mut self, info: &TableInfo, column: &str, seen: &Seen, found: &mut Secrets) {
        let table = &info.table.name;
        let is_tied = self.is_tied(info, column);
        let is_all = seen.secret > 0 && (seen.secret == seen.filled || seen.tokens * SHARE >= seen.filled);
        if is_all || seen.in_blobs || !seen.paths.is_empty() && is_tied {
            found.columns.push(column.to_owned());
            return;
        }
        if seen.secret > 0 && is_tied {
            self.warnings.push(format!(
                "{} of {} values of {table}.{column} look like secrets, and are not left out (sections.{table}.secret leaves out the column)",
                seen.secret, seen.filled
            ));
            return;
        }
        if seen.secret > 0 && seen.paths.is_empty() {
            self.notes.push(format!(
                "{} of {} values of {table}.{column} look like secrets, and only they are left out (sections.{table}.not-secret keeps them)",
                seen.secret, seen.filled
            ));
            found.places.push(format!("{table}.{column}"));
            found.texts.push(column.to_owned());
        }
        if !seen.paths.is_empty() {
            found.places.extend((seen.secret > 0).then(|| format!("{table}.{column}")));
            let dot = |path: &String| if path.starts_with('[') { path.clone() } else { format!(".{path}") };
            found.places.extend(seen.paths.iter().map(|path| format!("{table}.{column}{}", dot(path))));
            found.json.push(column.to_owned());
        }
    }

    /// Whether something else goes by the values of a column, all of which a document has to say.
    pub(super) fn is_tied(&self, info: &TableInfo, column: &str) -> bool {
        let is_own = |name: &String| name.eq_ignore_ascii_case(column);
        let is_said = self.config(&info.table.name).is_some_and(|config| {
            config.key.iter().flatten().chain(config.matches.iter().flatten()).any(is_own)
        });
        let refers = |other: &TableInfo| {
            other.foreign_keys.iter().any(|key| {
                other.table.name == info.table.name && key.columns.iter().any(is_own)
                    || key.parent.eq_ignore_ascii_case(&info.table.name) && key.to.iter().any(is_own)
            })
        };
        is_said || self.is_scope(&info.table.name, column) || self.catalog.tables.values().any(refers)
    }

    /// The condition that the rows of a table meet which are not secret.
    pub(super) fn not_secret_rows(&self, table: &str) -> Option<String> {
        let rows = self.secrets.get(table)?.rows.as_ref()?;
        let keys: Vec<String> = rows.keys.iter().map(|key| literal(key)).collect();
        let key = identifier(&rows.column);
        Some(format!("({key} IS NULL OR {key} COLLATE BINARY NOT IN ({}))", keys.join(", ")))
    }
}

impl Seen {
    fn look(&mut self, value: ValueRef<'_>, redaction: Redaction<'_>) {
        let (bytes, is_text) = match value {
            ValueRef::Text(bytes) => (bytes, true),
            ValueRef::Blob(bytes) => (bytes, false),
            ValueRef::Null => return,
            ValueRef::Integer(_) | ValueRef::Real(_) => {
                self.filled += 1;
                return;
            }
        };
        if bytes.is_empty() {
            return;
        }
        self.filled += 1;
        let is_json = matches!(bytes.iter().find(|byte| !byte.is_ascii_whitespace()), Some(b'{' | b'['));
        if !is_text && !is_json && !bytes.starts_with(b"-----BEGIN") {
            return;
        }
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        if is_json && let Ok(mut tree) = serde_json::from_str::<Json>(text) {
            let before = self.paths.len();
            redaction.redact(&mut tree, &mut self.paths);
            self.in_blobs |= !is_text && self.paths.len() > before;
        } else if is_secret_text(text) {
            self.secret += 1;
            self.tokens += u64::from(is_token(unquoted(text).as_deref().unwrap_or(text)));
            self.in_blobs |= !is_text;
        }
    }
}

/// Whether a row of a table of keys and values is secret: by its key, by its value, or by what is inside it.
fn is_secret_row(key: &str, value: ValueRef<'_>, redaction: Redaction<'_>) -> bool {
    let bytes = match value {
        ValueRef::Null => return false,
        ValueRef::Integer(_) | ValueRef::Real(_) => return is_secret_entry(key, Entry::Number),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
    };
    let Ok(text) = std::str::from_utf8(bytes) else { return is_secret(key) };
    is_secret_entry(key, Entry::Text(unquoted(text).as_deref().unwrap_or(text)))
        || text.starts_with(['{', '['])
            && serde_json::from_str::<Json>(text).is_ok_and(|mut tree| redaction.finds(&mut tree))
}

/// The columns of a table of keys and values.
fn key_and_value(info: &TableInfo) -> Option<(&str, &str)> {
    const PLAIN: [&str; 2] = ["data", "content"];
    let last = |column: &Column| snake(&column.name).rsplit('_').next().unwrap_or_default().to_owned();
    let columns = || info.table.columns.iter().filter(|column| column.generated.is_none());
    let value =
        VALUES.iter().chain(&PLAIN).find_map(|word| columns().find(|column| last(column) == *word))?;
    let is_plain = VALUES.contains(&last(value).as_str());
    let is_key = |column: &&Column| {
        let is_text = matches!(column.affinity(), Affinity::Text | Affinity::Blob);
        column.name != value.name && is_text && (is_plain || last(column) != "name")
    };
    let key = KEYS.iter().find_map(|word| columns().filter(is_key).find(|column| last(column) == *word))?;
    Some((&key.name, &value.name))
}

/// Whether a column is what the rows of a table of keys and values are known by.
fn is_key_of_keys(info: &TableInfo, column: &str) -> bool {
    key_and_value(info).is_some_and(|(key, _)| key == column)
}
