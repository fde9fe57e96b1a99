//! What a document that holds what people made says of itself.

use super::anonymize::Anonymizer;
use super::condensed::CondensedOptions;
use super::doubts::Doubted;
use crate::app::model::Shape;
use crate::app::{Model, app_version};
use crate::database::schema::Tables;
use crate::database::value::Value;
use crate::document::envelope::{FORMAT, Metadata, Mode, Scope, Section, VERSION};
use anyhow::Result;
use chrono::SubsecRound;
use indexmap::IndexMap;
use rusqlite::Connection;

/// The metadata of a document with these sections.
pub(super) fn metadata(
    connection: &Connection,
    model: &Model,
    sections: IndexMap<String, Section>,
    doubted: Doubted,
    anonymizer: Option<&Anonymizer<'_>>,
    options: &CondensedOptions<'_>,
) -> Result<Metadata> {
    let mut referenced = IndexMap::new();
    let mut open: Vec<String> = sections.keys().cloned().collect();
    // What doubtful numbers mean has to be known, wherever it is.
    for name in doubted.doubts.iter().flat_map(|doubt| &doubt.sections) {
        if let Some(section) = model.sections.get(name).filter(|_| !open.contains(name)) {
            referenced.insert(name.clone(), section.shape.clone());
            open.push(name.clone());
        }
    }
    while let Some(name) = open.pop() {
        for target in model.targets(&name) {
            if !sections.contains_key(&target) && !referenced.contains_key(&target) {
                referenced.insert(target.clone(), model.sections[&target].shape.clone());
                open.push(target);
            }
        }
    }
    // Only the rows of sections are changed.
    referenced.values_mut().for_each(Shape::drop_conditions);
    let user_version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let schema_version = model.schema_version.clone().unwrap_or_else(|| user_version.to_string());
    let is_empty = |(name, section): (&String, &Section)| (section.items == 0).then(|| name.clone());
    Ok(Metadata {
        empty_sections: sections.iter().filter_map(is_empty).collect(),
        format: FORMAT.to_owned(),
        version: VERSION,
        mode: Mode::Condensed,
        app: options.app.to_owned(),
        app_version: app_version(connection, options.rules.app_version.as_deref())?,
        schema_version: Some(schema_version),
        exported_at: options.now.trunc_subsecs(0),
        larder_version: env!("CARGO_PKG_VERSION").to_owned(),
        anonymized: options.anonymize,
        includes: sections.keys().cloned().collect(),
        sections,
        referenced,
        by_id: model.by_id,
        scope: scope(connection, anonymizer, options)?,
        doubts: doubted.doubts,
        witnesses: doubted.witnesses,
        unwitnessed: doubted.unwitnessed,
        left_out: model.left_out.iter().map(|(name, why)| (name.clone(), why.to_string())).collect(),
        schema: None,
        needs_application: Vec::new(),
        pragmas: None,
    })
}

/// Whose rows they are. Where the name of users is made up, so is this one's.
fn scope(
    connection: &Connection,
    anonymizer: Option<&Anonymizer<'_>>,
    options: &CondensedOptions<'_>,
) -> Result<Option<Scope>> {
    let (Some(scope), Some(value)) = (&options.rules.scope, options.wanted.scope) else { return Ok(None) };
    let users = Tables::read(connection)?.describe(&scope.table)?;
    let made_up = anonymizer.map(|anonymizer| {
        let (table, key) = (users.name.as_str(), users.column(&scope.key));
        let key = key.map_or(scope.key.as_str(), |key| key.name.as_str());
        anonymizer.replace(table, key, &Value::Text(value.to_owned()))
    });
    let value = match made_up.transpose()? {
        Some(Value::Text(made_up)) if made_up != value => made_up,
        // One that is no text, or kept, would say who it is all the same.
        _ if options.anonymize => "somebody".to_owned(),
        _ => value.to_owned(),
    };
    Ok(Some(Scope {
        table: scope.table.clone(),
        key: scope.key.clone(),
        id: users.primary_key().join(""),
        column: scope.column.clone(),
        value,
    }))
}
