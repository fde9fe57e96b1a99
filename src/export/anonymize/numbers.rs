//! The numbers of personal values, by which made-up ones are chosen: in temporary tables of the database.

use super::columns::{FIRST_GROUP, JsonTexts, Personal};
use super::inside::{Inside, each_inside, is_address, is_name, kind_of, says_something, tree_of};
use super::made_up::Kind;
use crate::database::quote::{identifier, user_table};
use crate::database::temporary::TempTable;
use crate::database::value::Value;
use crate::stream::digest_of;
use anyhow::{Context, Result};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value as Json;
use std::collections::HashMap;

/// Which values of a column are the same, as it compares them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Those of the same bytes.
    Binary,
    /// Those that differ in the case of ASCII letters only.
    NoCase,
    /// Those that differ in spaces at the end only.
    RTrim,
}

impl Class {
    /// What is the same for values that are.
    fn form(self, text: &str) -> String {
        match self {
            Self::Binary => text.to_owned(),
            Self::NoCase => text.to_ascii_lowercase(),
            Self::RTrim => text.trim_end_matches(' ').to_owned(),
        }
    }
}

/// What is the same for values that any column takes for the same.
fn bare(text: &str) -> String {
    Class::RTrim.form(&Class::NoCase.form(text))
}

/// A value as a text; nothing where it is empty.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Text(text) => (!text.is_empty()).then(|| text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Real(number) => Some(format!("{number:?}")),
        Value::RawText(bytes) | Value::Blob(bytes) => Some(of_bytes(bytes)),
    }
}

/// A text in the place of bytes that are none.
fn of_bytes(bytes: &[u8]) -> String {
    digest_of(bytes).to_string()
}

/// The numbers of values.
pub(super) struct Numbers<'c> {
    connection: &'c Connection,
    /// The values.
    personal: TempTable,
    /// The numbers that they have.
    made_up: TempTable,
}

impl<'c> Numbers<'c> {
    /// There are none yet.
    pub(super) fn prepare(connection: &'c Connection) -> Result<Self> {
        let create = || -> Result<Self> {
            let columns = "(kind, class, form, bare, digest, names, name, PRIMARY KEY(kind, class, form)) WITHOUT ROWID";
            let personal = TempTable::create(connection, "personal", columns)?;
            personal.index(connection, "kind, bare, class")?;
            personal.index(connection, "bare, names")?;
            let columns = "(kind, name, number, PRIMARY KEY(kind, name)) WITHOUT ROWID";
            let made_up = TempTable::create(connection, "made up", columns)?;
            Ok(Self { connection, personal, made_up })
        };
        create().context("cannot prepare to anonymize")
    }

    /// Which values get how many numbers.
    pub(super) fn counts(&self) -> Result<HashMap<i64, i64>> {
        let sql = format!("SELECT kind, count(*) FROM {} GROUP BY kind", self.made_up);
        let mut counts = self.connection.prepare(&sql)?;
        let counts = counts.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(counts.collect::<rusqlite::Result<_>>()?)
    }

    /// Adds a value; `names` says whether somebody or something is called so.
    fn add(&self, group: i64, class: Class, text: &str, names: bool) -> Result<()> {
        let form = class.form(text);
        let digest = digest_of(form.as_bytes()).first_bytes();
        let insert = format!(
            "INSERT INTO {}(kind, class, form, bare, digest, names) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET names = max(names, excluded.names)",
            self.personal
        );
        let mut insert = self.connection.prepare_cached(&insert)?;
        insert.execute(params![group, class as i64, form, bare(text), digest, names])?;
        Ok(())
    }

    /// What a key of an object holds that is personal; nothing where it stays: an address, and in a column that is not kept (`said`)
    /// also what is no name of a field, or what somebody or something in a column is called.
    pub(super) fn kind_of_key(&self, key: &str, said: bool) -> Result<Option<Kind>> {
        if is_address(key) {
            return Ok(Some(Kind::Email));
        }
        if !said || !key.contains(char::is_alphanumeric) {
            return Ok(None);
        }
        let sql = format!("SELECT min(kind) FROM {} WHERE bare = ?1 AND names AND kind < ?2", self.personal);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let kind: Option<i64> = statement.query_row(params![bare(key), FIRST_GROUP], |row| row.get(0))?;
        let known = Kind::ALL.into_iter().find(|known| kind == Some(*known as i64));
        Ok(known.or_else(|| (!is_name(key)).then_some(Kind::Text)))
    }

    /// Adds the values of a column.
    pub(super) fn add_column(&self, table: &str, column: &str, personal: Personal) -> Result<()> {
        let name = identifier(column);
        let sql = format!(
            "SELECT DISTINCT {name} COLLATE BINARY FROM {} WHERE {name} IS NOT NULL",
            user_table(table)
        );
        let names = personal.unique || personal.kind != Kind::Text;
        let mut values = self.connection.prepare(&sql)?;
        let mut values = values.query([])?;
        while let Some(row) = values.next()? {
            let text = match row.get_ref(0)? {
                ValueRef::Null => None,
                ValueRef::Integer(number) => text_of(&Value::Integer(number)),
                ValueRef::Real(number) => text_of(&Value::Real(number)),
                ValueRef::Blob(bytes) => Some(of_bytes(bytes)),
                ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                    Ok(text) => (!text.is_empty()).then(|| text.to_owned()),
                    Err(_) => Some(of_bytes(bytes)),
                },
            };
            if let Some(text) = text {
                self.add(personal.group, personal.class, &text, names)?;
            }
        }
        Ok(())
    }

    /// Adds the personal texts inside the JSON of a column. Returns whether some of its texts stay as they are.
    pub(super) fn add_json(&self, table: &str, column: &str, json: &JsonTexts) -> Result<bool> {
        let name = identifier(column);
        let sql = format!(
            "SELECT DISTINCT {name} COLLATE BINARY FROM {} WHERE typeof({name}) = 'text'",
            user_table(table)
        );
        let mut texts = self.connection.prepare(&sql)?;
        let mut texts = texts.query([])?;
        let mut stays = false;
        while let Some(row) = texts.next()? {
            let text = String::from_utf8_lossy(row.get_ref(0)?.as_bytes()?).into_owned();
            if json.said {
                // It may be one that is written as it is.
                self.add(Kind::Text as i64, Class::Binary, &text, false)?;
            }
            let Some(mut tree) = tree_of(&json.column, &text) else {
                stays |= !json.said;
                continue;
            };
            each_inside(&mut tree, "", &mut |inside| match inside {
                Inside::Key(key) => {
                    let kind = self.kind_of_key(key, json.said)?;
                    if let Some(kind) = kind {
                        self.add(kind as i64, Class::Binary, key, false)?;
                    }
                    Ok(kind.is_some())
                }
                Inside::Value(name, found) => {
                    match (kind_of(name, json.said, found), &*found) {
                        (Some(kind), Json::String(text)) => {
                            self.add(kind as i64, Class::Binary, text, false)?;
                        }
                        (Some(kind), Json::Number(number)) => {
                            self.add(kind as i64, Class::Binary, &number.to_string(), false)?;
                        }
                        (None, text) => stays |= says_something(text),
                        _ => {}
                    }
                    Ok(false)
                }
            })?;
        }
        Ok(stays)
    }

    /// Gives every different value of a kind a number, in the order of the digests. What columns compare in different
    /// ways is the same wherever none of them takes two of its values for different ones. No number is given whose made-up
    /// value is a real one.
    pub(super) fn give(&self) -> Result<()> {
        let (personal, made_up) = (&self.personal, &self.made_up);
        let name = format!(
            "UPDATE {personal} AS own SET name = CASE WHEN
                 (SELECT count(*) FROM {personal} AS other WHERE other.kind = own.kind AND other.bare = own.bare
                  AND other.class = own.class) > 1
             THEN class || ':' || form ELSE ':' || bare END"
        );
        self.connection.execute_batch(&name).context("cannot anonymize")?;
        let sql = format!(
            "SELECT kind, name, min(form), min(digest) AS first FROM {personal} GROUP BY kind, name
             ORDER BY kind, first, name"
        );
        let mut values = self.connection.prepare(&sql)?;
        let mut values = values.query([])?;
        let (mut before, mut next) = (None, 0);
        while let Some(row) = values.next()? {
            let (kind, name, form): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if before.replace(kind) != Some(kind) {
                next = 0;
            }
            while self.is_real(kind, next, &form)? {
                next += 1;
            }
            let insert = format!("INSERT INTO {made_up} VALUES (?1, ?2, ?3)");
            self.connection.prepare_cached(&insert)?.execute(params![kind, name, next])?;
            next += 1;
        }
        Ok(())
    }

    /// Whether what a number makes up is a value of the database.
    fn is_real(&self, kind: i64, number: i64, text: &str) -> Result<bool> {
        let Some(known) = Kind::ALL.into_iter().find(|known| *known as i64 == kind) else { return Ok(false) };
        let made_up = bare(&known.made_up(usize::try_from(number)?, text));
        let sql = format!("SELECT 1 FROM {} WHERE kind = ?1 AND bare IN (?2, ?3)", self.personal);
        Ok(self.connection.prepare_cached(&sql)?.exists(params![kind, made_up, (number + 1).to_string()])?)
    }

    /// The number of a value.
    pub(super) fn of(&self, group: i64, class: Class, text: &str) -> Result<i64> {
        let sql = format!(
            "SELECT number FROM {} AS p JOIN {} AS m ON m.kind = p.kind AND m.name = p.name
             WHERE p.kind = ?1 AND p.class = ?2 AND p.form = ?3",
            self.personal, self.made_up
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let row = params![group, class as i64, class.form(text)];
        let number: Option<i64> = statement.query_row(row, |row| row.get(0)).optional()?;
        Ok(number.unwrap_or_default())
    }
}
