//! What the schema of a document says of its rows: types, keys and references.

mod key;

pub use key::{Collation, KeyModel, encode};

use super::columns::{ColumnModel, columns};
use crate::database::affinity::Affinity;
use crate::database::application::{ApplicationIndex, application_indexes};
use crate::database::constraints::foreign_keys;
use crate::database::schema::{Column, Rowid, Table, Tables};
use crate::document::envelope::Metadata;
use crate::import::{keep_computed, make_schema};
use crate::patience::Patience;
use crate::problem::Problem;
use anyhow::Result;
use indexmap::IndexMap;
use key::Part;
use rusqlite::Connection;
use std::collections::HashMap;
use std::path::Path;

/// What a document's schema says.
pub struct Model {
    /// Its tables, by their names.
    pub sections: IndexMap<String, SectionModel>,
    /// The references that rows may have.
    pub references: Vec<Reference>,
    /// What an import leaves out, because only the application can build it.
    pub needs_application: Vec<ApplicationIndex>,
}

/// What a table says of its rows.
pub struct SectionModel {
    /// The columns that are stored.
    pub columns: Vec<ColumnModel>,
    /// What must be unique.
    pub uniques: Vec<KeyModel>,
    /// What references of others may lead to.
    pub targets: Vec<KeyModel>,
    /// Its own references, by their place in [`Model::references`].
    pub references: Vec<(u32, KeyModel)>,
}

/// A reference from one table to another.
pub struct Reference {
    /// The section that has it.
    pub section: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// The table that it leads to.
    pub parent: String,
}

impl Model {
    /// Makes the schema of a document in a private file, and reads what it says.
    pub fn of(metadata: &Metadata, path: &Path, patience: &Patience) -> Result<Self> {
        let connection = make_schema(path, metadata, patience)?;
        let described = Tables::read(&connection)?;
        let (mut tables, mut needs_application) = (IndexMap::new(), Vec::new());
        for object in metadata.schema.iter().flatten().filter(|object| object.is_stored_table()) {
            let mut table = described.describe(&object.name)?;
            let rows = metadata.sections.get(&object.name).map_or(0, |section| section.items);
            let indexes = application_indexes(&connection, &table)?;
            needs_application.extend(indexes.into_iter().filter(|index| !index.is_buildable(rows)));
            keep_computed(&mut table, metadata);
            tables.insert(object.name.clone(), table);
        }
        let mut number = 0;
        let mut sections = IndexMap::new();
        for (name, table) in &tables {
            let uniques = uniques(&connection, table, &mut number)?;
            let columns = columns(&connection, table)?;
            let section = SectionModel { columns, uniques, targets: Vec::new(), references: Vec::new() };
            sections.insert(name.clone(), section);
        }
        let by_name = tables.values().map(|table| (table.name.to_ascii_lowercase(), table)).collect();
        let mut model = Self { sections, references: Vec::new(), needs_application };
        for table in tables.values() {
            model.add_references(&connection, table, &by_name, &mut number)?;
        }
        Ok(model)
    }

    /// What is said of a reference that leads to no row of the document.
    pub fn lost(&self, reference: u32, item: u64) -> Problem {
        let reference = &self.references[reference as usize];
        let path = format!("data.{}[{item}].{}", reference.section, reference.columns.join("+"));
        let message = format!("it refers to a row of {} that is not in the document", reference.parent);
        Problem::warning(&path, message)
    }

    /// Reads the foreign keys of a table. Those to tables that are not in the document cannot be followed.
    fn add_references(
        &mut self,
        connection: &Connection,
        table: &Table,
        by_name: &HashMap<String, &Table>,
        number: &mut u32,
    ) -> Result<()> {
        let find = |name: &str| by_name.get(&name.to_ascii_lowercase()).copied();
        for key in foreign_keys(connection, &table.name, find)? {
            let Some(parent) = find(&key.parent) else { continue };
            let (from, to) = (key.columns, key.to);
            let (Some(target), Some(source)) = (parts(connection, parent, &to)?, positions(table, &from))
            else {
                continue;
            };
            *number += 1;
            let source = source
                .into_iter()
                .zip(&target)
                .map(|(at, part)| Part { at: Some(at), ..part.clone() })
                .collect();
            let key = |parts| KeyModel { name: from.join("+"), number: *number, parts };
            let reference = (u32::try_from(self.references.len())?, key(source));
            let target = key(target);
            self.sections.get_mut(&parent.name).expect("it is one of the tables").targets.push(target);
            self.sections.get_mut(&table.name).expect("it is one of the tables").references.push(reference);
            self.references.push(Reference {
                section: table.name.clone(),
                columns: from,
                parent: parent.name.clone(),
            });
        }
        Ok(())
    }
}

/// Where columns are among those that are stored; nothing where one is computed.
fn positions(table: &Table, names: &[String]) -> Option<Vec<usize>> {
    let find = |name: &String| table.stored().position(|stored| stored.eq_ignore_ascii_case(name));
    names.iter().map(find).collect()
}

/// The columns as parts of a key, with their own collations.
fn parts(connection: &Connection, table: &Table, names: &[String]) -> Result<Option<Vec<Part>>> {
    let Some(at) = positions(table, names) else { return Ok(None) };
    let mut parts = Vec::new();
    for (at, name) in at.into_iter().zip(names) {
        let (_, collation, ..) =
            connection.column_metadata(Some("main"), table.name.as_str(), name.as_str())?;
        let collation =
            collation.map_or(Some(Collation::Binary), |name| Collation::of(&name.to_string_lossy()));
        let Some(collation) = collation else { return Ok(None) };
        parts.push(Part { at: Some(at), collation, affinity: affinity(table, at) });
    }
    Ok(Some(parts))
}

/// What a column makes of what it is compared with. ANY is one of STRICT tables, and leaves everything as it is.
fn affinity(table: &Table, at: usize) -> Affinity {
    let mut stored = table.columns.iter().filter(|column| column.generated.is_none());
    let is_any = |column: &&Column| column.declared.eq_ignore_ascii_case("any");
    stored.nth(at).filter(|column| !is_any(column)).map_or(Affinity::Blob, Column::affinity)
}

/// What must be unique in a table (whose values have their column's affinity already), as far as it can be told here: not
/// what is computed, partial, or ordered by a collation that only the application has.
fn uniques(connection: &Connection, table: &Table, number: &mut u32) -> Result<Vec<KeyModel>> {
    let mut found = Vec::new();
    let mut add = |name: String, parts: Vec<Part>| {
        *number += 1;
        found.push(KeyModel { name, number: *number, parts });
    };
    let plain = |at| Part { at, collation: Collation::Binary, affinity: Affinity::Integer };
    match &table.rowid {
        Rowid::Column(name) => {
            if let Some(at) = positions(table, std::slice::from_ref(name)) {
                add(name.clone(), vec![plain(at.first().copied())]);
            }
        }
        Rowid::Hidden(_) => add("$rowid".to_owned(), vec![plain(None)]),
        _ => {}
    }
    let mut indexes = connection
        .prepare("SELECT name FROM temp.pragma_index_list(?1, 'main') WHERE \"unique\" AND NOT partial")?;
    let names = indexes.query_map([&table.name], |row| row.get::<_, String>(0))?;
    for index in names.collect::<rusqlite::Result<Vec<_>>>()? {
        let mut statement = connection
            .prepare("SELECT name, coll FROM temp.pragma_index_xinfo(?1, 'main') WHERE key ORDER BY seqno")?;
        let columns = statement.query_map([&index], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let columns = columns.collect::<rusqlite::Result<Vec<(Option<String>, String)>>>()?;
        let part = |(name, collation): &(Option<String>, String)| {
            let at = positions(table, std::slice::from_ref(name.as_ref()?))?.first().copied()?;
            Some(Part { at: Some(at), collation: Collation::of(collation)?, affinity: Affinity::Blob })
        };
        if let Some(parts) = columns.iter().map(part).collect::<Option<Vec<_>>>() {
            let names: Vec<String> = columns.into_iter().filter_map(|(name, _)| name).collect();
            add(names.join("+"), parts);
        }
    }
    Ok(found)
}
