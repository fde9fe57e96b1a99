//! Whether a document is of the same application as a database, and of the same versions.

use crate::app::known::InForce;
use crate::app::{app_version, schema_version, user_version};
use crate::config::Rules;
use crate::database::schema::Tables;
use crate::document::envelope::{Metadata, Mode};
use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;

/// What is known of the application of a database.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// Its name, where somebody said it; the name of the database's file says nothing.
    pub app: Option<&'a str>,
    /// Its settings.
    pub rules: &'a Rules,
}

/// A difference between a document and a database that forbids nothing.
pub struct Difference {
    /// Where in the document it is.
    pub path: &'static str,
    /// What it is.
    pub message: String,
}

/// How the application and the versions of a document, which is called `name`, differ from those of a database.
pub fn differences(
    connection: &Connection,
    metadata: &Metadata,
    (name, database): (&str, &Path),
    own: Own<'_>,
) -> Result<Vec<Difference>> {
    let rules = InForce::of(connection, own.rules)?.rules;
    let mut found = Vec::new();
    let mut add = |path, message| found.push(Difference { path, message });
    if let Some(app) = own.app.filter(|app| *app != metadata.app) {
        add("metadata.app", format!("{name} is an export of {:?}, not of {app:?}", metadata.app));
    }
    let database = database.display();
    if let Some(document) = &metadata.schema_version {
        let there = match (metadata.mode, &rules.schema_version) {
            // It holds the tables of migration tools as they are.
            (Mode::Full, None) => user_version(connection)?,
            (_, sql) => schema_version(connection, sql.as_deref())?,
        };
        if *document != there {
            let message = format!(
                "the document is of version {document} of the schema, and {database} has version {there}"
            );
            add("metadata.schema_version", message);
        }
    }
    let there = app_version(connection, rules.app_version.as_deref())?;
    if let (Some(document), Some(there)) = (&metadata.app_version, there)
        && *document != there
    {
        let message = format!(
            "the document is of version {document} of the application, and {database} of version {there}"
        );
        add("metadata.app_version", message);
    }
    Ok(found)
}

/// What is said, instead of naming every table, of a document of which a database has no table at all.
pub fn foreign(tables: &Tables<'_>, metadata: &Metadata) -> Option<String> {
    let is_there = |table: &str| tables.describe(table).is_ok_and(|table| !table.columns.is_empty());
    let mut sections = metadata.sections.values();
    if metadata.sections.is_empty() || sections.any(|section| is_there(&section.shape.table)) {
        return None;
    }
    Some(format!("it is an export of {:?}, and the database has none of its tables", metadata.app))
}
