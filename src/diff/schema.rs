//! What differs in schemas, and in what databases say of themselves.

use super::What;
use crate::database::properties::Properties;
use crate::database::schema::{Object, ObjectKind, objects};
use anyhow::Result;
use rusqlite::Connection;
use serde::Serialize;

/// A table, an index, a view or a trigger that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectChange {
    /// What kind it is.
    #[serde(rename = "type")]
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub what: What,
}

/// A property of a database that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingChange {
    /// Its name, as the pragma's.
    pub name: &'static str,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
}

/// What differs between two schemas. How their SQL is spaced is no difference.
pub(super) fn schema(before: &Connection, after: &Connection) -> Result<Vec<ObjectChange>> {
    let (before, after) = (objects(before)?, objects(after)?);
    let change = |object: &Object, what| ObjectChange { kind: object.kind, name: object.name.clone(), what };
    let is_same = |a: &Object, b: &Object| a.kind == b.kind && a.name == b.name;
    let gone = before.iter().filter(|object| !after.iter().any(|other| is_same(object, other)));
    let mut found: Vec<ObjectChange> = gone.map(|object| change(object, What::Gone)).collect();
    for object in &after {
        match before.iter().find(|other| is_same(object, other)) {
            None => found.push(change(object, What::New)),
            Some(other) if words(&other.sql) != words(&object.sql) => {
                found.push(change(object, What::Changed));
            }
            Some(_) => {}
        }
    }
    Ok(found)
}

fn words(sql: &str) -> Vec<&str> {
    sql.split_whitespace().collect()
}

/// What differs of two databases besides their schemas and rows.
pub(super) fn settings(before: &Connection, after: &Connection) -> Result<Vec<SettingChange>> {
    let (before, after) = (Properties::read(before)?, Properties::read(after)?);
    let pairs = [
        ("user_version", before.user_version.to_string(), after.user_version.to_string()),
        ("application_id", before.application_id.to_string(), after.application_id.to_string()),
        ("page_size", before.page_size.to_string(), after.page_size.to_string()),
        ("auto_vacuum", before.auto_vacuum.to_string(), after.auto_vacuum.to_string()),
        ("encoding", before.encoding, after.encoding),
    ];
    let differ = pairs.into_iter().filter(|(_, before, after)| before != after);
    Ok(differ.map(|(name, before, after)| SettingChange { name, before, after }).collect())
}
