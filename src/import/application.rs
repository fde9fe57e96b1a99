//! What only the application can build, and what a rebuilt database has instead.
//!
//! An index that needs its functions or collations is left out. A constraint whose index does is taken out of the SQL of
//! its table: an index in an order that the application does not know would hide rows from it. All rows come in.

use super::ImportOptions;
use super::rebuild::make_schema;
use super::unconstrained::without;
use crate::database::application::{ApplicationIndex, IndexOrigin, application_indexes};
use crate::database::quote::{identifier, indexed_table};
use crate::database::schema::{KeyColumn, Object, ObjectKind, Rowid, Table, Tables};
use crate::document::envelope::Metadata;
use crate::error::Fault;
use anyhow::Result;
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Something that was not built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What it is, and what it needs.
    pub index: ApplicationIndex,
    /// The statement by which the application builds it.
    pub sql: String,
}

/// What only the application can do with the tables of a document.
pub struct Application {
    tables: HashMap<String, Own>,
}

/// A table with such indexes, as the document's schema makes it.
struct Own {
    table: Table,
    indexes: Vec<ApplicationIndex>,
    /// How many constraints it has that are indexes.
    constraints: u64,
}

impl Application {
    /// Makes the schema of a document in a private file and looks at it.
    pub fn read(path: &Path, metadata: &Metadata, options: &ImportOptions<'_>) -> Result<Self> {
        let connection = make_schema(path, metadata, &options.patience)?;
        let described = Tables::read(&connection)?;
        let mut tables = HashMap::new();
        for object in metadata.schema.iter().flatten().filter(|object| object.is_stored_table()) {
            let table = described.describe(&object.name)?;
            let indexes = application_indexes(&connection, &table)?;
            if !indexes.is_empty() {
                let constraints = constraints(&connection, &table.name)?;
                tables.insert(object.name.clone(), Own { table, indexes, constraints });
            }
        }
        Ok(Self { tables })
    }

    /// Takes the constraints that cannot be built out of the SQL of their tables. Rows have not been read yet: how many there
    /// are, the metadata say.
    pub fn let_constraints_go(&self, objects: &mut [Object], metadata: &Metadata) -> Result<Vec<LeftOut>> {
        let mut left_out = Vec::new();
        let mut names: HashSet<String> = objects.iter().map(|object| object.name.to_lowercase()).collect();
        for object in objects.iter_mut().filter(|object| object.kind == ObjectKind::Table) {
            let Some(Own { table, indexes, .. }) = self.tables.get(&object.name) else { continue };
            let rows = metadata.sections.get(&object.name).map_or(0, |section| section.items);
            let gone = indexes.iter().filter(|index| index.is_constraint() && !index.is_buildable(rows));
            let gone: Vec<&ApplicationIndex> = gone.collect();
            if gone.is_empty() {
                continue;
            }
            let columns = |index: &&ApplicationIndex| {
                index.columns.iter().map(|column| column.name.to_lowercase()).collect::<Vec<_>>()
            };
            let lists: Vec<Vec<String>> = gone.iter().map(columns).collect();
            let loses_key = gone.iter().any(|index| index.origin == IndexOrigin::PrimaryKey);
            let drops = loses_key && matches!(table.rowid, Rowid::None(_));
            object.sql = without(&object.sql, &lists, drops).ok_or_else(|| not_understood(gone[0]))?;
            left_out.extend(gone.into_iter().map(|index| unique_index(index, &mut names)));
        }
        Ok(left_out)
    }

    /// An error where a table without its constraints is not the same otherwise.
    pub fn check(&self, connection: &Connection, table: &Table, left_out: &[LeftOut]) -> Result<()> {
        let mut gone = left_out.iter().filter(|left_out| left_out.index.table == table.name);
        let (Some(first), Some(own)) = (gone.next(), self.tables.get(&table.name)) else { return Ok(()) };
        let what = |table: &Table| -> Vec<_> {
            let columns = table.columns.iter();
            columns
                .map(|column| {
                    (column.name.clone(), column.declared.clone(), column.generated, column.default.clone())
                })
                .collect()
        };
        let left = constraints(connection, &table.name)?;
        let is_same = what(table) == what(&own.table) && table.strict == own.table.strict;
        if is_same && left + 1 + gone.count() as u64 == own.constraints {
            return Ok(());
        }
        Err(not_understood(&first.index).into())
    }

    /// Takes the indexes that cannot be built for so many rows of their tables out of a schema.
    pub fn let_indexes_go(&self, objects: &mut Vec<Object>, rows: &HashMap<String, u64>) -> Vec<LeftOut> {
        let mut left_out = Vec::new();
        let find = |object: &Object| {
            let own = self.tables.get(&object.table)?;
            let mut indexes = own.indexes.iter().filter(|index| index.origin == IndexOrigin::Index);
            let index = indexes.find(|index| index.name == object.name)?;
            (!index.is_buildable(rows.get(&index.table).copied().unwrap_or_default())).then_some(index)
        };
        objects.retain(|object| match find(object).filter(|_| object.kind == ObjectKind::Index) {
            Some(index) => {
                left_out.push(LeftOut { index: index.clone(), sql: object.sql.clone() });
                false
            }
            None => true,
        });
        left_out
    }
}

/// How many constraints of a table are indexes.
fn constraints(connection: &Connection, table: &str) -> Result<u64> {
    let sql = "SELECT count(*) FROM temp.pragma_index_list(?1, 'main') WHERE origin <> 'c'";
    let count: i64 = connection.query_row(sql, [table], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// What does the work of a constraint.
fn unique_index(index: &ApplicationIndex, names: &mut HashSet<String>) -> LeftOut {
    let base = format!("{}_{}", index.table, index.name.replace('+', "_"));
    let mut name = base.clone();
    let mut number = 1;
    while !names.insert(name.to_lowercase()) {
        number += 1;
        name = format!("{base}_{number}");
    }
    let columns: Vec<String> = index.columns.iter().map(KeyColumn::to_sql).collect();
    let (name, table) = (identifier(&name), indexed_table(&index.table));
    let sql = format!("CREATE UNIQUE INDEX {name} ON {table}({})", columns.join(", "));
    LeftOut { index: index.clone(), sql }
}

fn not_understood(index: &ApplicationIndex) -> Fault {
    Fault::invalid(format!("{index}, and the SQL of {} cannot be understood without it", index.table)).hint(
        "such a table can be kept in a snapshot, but not rebuilt from an export; --exclude leaves it out",
    )
}
