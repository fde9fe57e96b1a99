//! What the columns of a table hold today, counted.

use crate::app::catalog::TableInfo;
use crate::app::secrets::{Redaction, is_secret_text};
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use rusqlite::Connection;

/// How many columns are looked at in one pass.
const BATCH: usize = 100;

/// What the rows of a table hold.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// How many there are.
    pub rows: u64,
    /// What each stored column holds.
    pub columns: IndexMap<String, ColumnFacts>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct ColumnFacts {
    /// The rows that have a value.
    pub values: u64,
    /// The bytes of the values.
    pub bytes: u64,
    /// The texts that are not empty.
    pub texts: u64,
    /// The texts that begin like JSON.
    pub brackets: u64,
    /// Whether every text that is not empty is a JSON object or array, and there are some.
    pub json: bool,
}

impl Facts {
    /// The bytes of all values.
    pub fn bytes(&self) -> u64 {
        self.columns.values().map(|column| column.bytes).sum()
    }

    /// Reads a table.
    pub fn read(connection: &Connection, info: &TableInfo) -> Result<Self> {
        let table = user_table(&info.table.name);
        let context = || format!("cannot look at {}", info.table.name);
        let mut facts = Self::default();
        let stored: Vec<&str> = info.table.stored().collect();
        for names in stored.chunks(BATCH) {
            let counts = names.iter().map(|name| counts(&identifier(name))).collect::<String>();
            let sql = format!("SELECT count(*){counts} FROM {table}");
            let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<()> {
                facts.rows = count(row, 0)?;
                for (at, name) in names.iter().enumerate() {
                    let at = at * 4;
                    let found = ColumnFacts {
                        values: count(row, at + 1)?,
                        bytes: count(row, at + 2)?,
                        texts: count(row, at + 3)?,
                        brackets: count(row, at + 4)?,
                        json: false,
                    };
                    facts.columns.insert((*name).to_owned(), found);
                }
                Ok(())
            };
            connection.query_row(&sql, [], read).with_context(context)?;
        }
        for (name, found) in &mut facts.columns {
            if found.texts > 0 && found.brackets == found.texts {
                found.json = is_json(connection, &table, &identifier(name)).with_context(context)?;
            }
        }
        Ok(facts)
    }
}

fn counts(name: &str) -> String {
    format!(
        ", count({name}), total(octet_length({name})), total(typeof({name}) = 'text' AND {name} <> ''),
         total(typeof({name}) = 'text' AND substr({name}, 1, 1) IN ('{{', '['))"
    )
}

/// A count that may come as a real.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a count")]
fn count(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, f64>(at)? as u64)
}

/// Whether every text that is not empty is a JSON object or array.
fn is_json(connection: &Connection, table: &str, name: &str) -> rusqlite::Result<bool> {
    let sql = format!(
        "SELECT NOT EXISTS (SELECT 1 FROM {table} WHERE typeof({name}) = 'text' AND {name} <> ''
         AND CASE WHEN json_valid({name}) THEN json_type({name}) NOT IN ('object', 'array') ELSE 1 END)"
    );
    connection.query_row(&sql, [], |row| row.get(0))
}

/// A text without secrets.
fn without_secrets(text: &str) -> String {
    if text.starts_with(['{', '['])
        && let Ok(mut tree) = serde_json::from_str(text)
    {
        let has_secrets = Redaction { not_secret: &[] }.finds(&mut tree);
        return if has_secrets { tree.to_string() } else { text.to_owned() };
    }
    if is_secret_text(text) { "***".to_owned() } else { text.to_owned() }
}

/// A few values of columns, as somebody may be shown them.
pub fn samples(connection: &Connection, table: &str, columns: &[String]) -> Result<Vec<String>> {
    const SHOWN: usize = 60;
    let names: Vec<String> = columns.iter().map(|name| identifier(name)).collect();
    let shown: Vec<String> = names
        .iter()
        .map(|name| format!("CASE typeof({name}) WHEN 'blob' THEN '(' || length({name}) || ' bytes)' ELSE CAST({name} AS TEXT) END"))
        .collect();
    let present: Vec<String> = names.iter().map(|name| format!("{name} IS NOT NULL")).collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE {} LIMIT 3",
        shown.join(", "),
        user_table(table),
        present.join(" AND ")
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().with_context(|| format!("cannot look at {table}"))? {
        let part = |at: usize| -> Result<String> {
            let text = match row.get_ref(at)? {
                rusqlite::types::ValueRef::Text(text) => {
                    without_secrets(&String::from_utf8_lossy(text)).replace('\n', " ")
                }
                _ => String::new(),
            };
            let short: String = text.chars().take(SHOWN).collect();
            Ok(if short.len() < text.len() { format!("{short}…") } else { short })
        };
        found.push((0..columns.len()).map(part).collect::<Result<Vec<_>>>()?.join(" | "));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_show_no_secrets() {
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch(
                r#"create table t(a); insert into t values ('https://x/?token=a8f3c2'), ('{"pin": 12, "b": 1}'), ('plain')"#,
            )
            .expect("rows");
        let shown = samples(&connection, "t", &["a".to_owned()]).expect("samples");
        assert_eq!(shown, ["***", r#"{"pin":{"$secret":true},"b":1}"#, "plain"]);
    }
}
