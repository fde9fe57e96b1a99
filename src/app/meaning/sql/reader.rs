//! The tables and views of a schema, as statements name them.

use super::SqlColumn;
use super::definitions::Definitions;
use super::scope::{Lead, Output, Outputs, Source};
use crate::app::catalog::{Catalog, TableInfo};
use crate::database::schema::{Object, objects};
use anyhow::Result;
use rusqlite::Connection;
use sqlite3_parser::ast::Select;
use std::collections::HashMap;
use std::rc::Rc;

/// How deep expressions, selects and views may be nested in each other.
const DEPTH: usize = 200;
/// How many expressions and columns of a schema are looked at.
const STEPS: usize = 2_000_000;
/// How many columns SQLite lets a table or view have.
pub const COLUMNS: usize = 2000;
/// How many columns a value can come from.
pub const LEADS: usize = 32;

/// Looks up what statements name. What a select results in is worked out once.
pub struct Reader<'a> {
    tables: HashMap<String, Table>,
    views: HashMap<String, (&'a Select<'a>, Option<Vec<String>>)>,
    /// By the address of the select in the syntax tree, which stands for its place.
    pub known: HashMap<*const Select<'a>, Rc<Outputs>>,
    instances: usize,
    depth: usize,
    steps: usize,
}

struct Table {
    outputs: Rc<Outputs>,
    row_id: Option<Rc<SqlColumn>>,
}

impl<'a> Reader<'a> {
    pub fn new(connection: &Connection, catalog: &Catalog, definitions: &Definitions<'a>) -> Result<Self> {
        let mut tables = HashMap::new();
        for object in objects(connection)? {
            if let Some(info) = catalog.tables.get(&object.name) {
                tables.insert(object.name.to_ascii_lowercase(), Table::of(info));
            } else if object.is_virtual() || object.is_stored_table() {
                tables.insert(object.name.to_ascii_lowercase(), Table::outside(connection, &object));
            }
        }
        let view = |view: &super::definitions::View<'a>| {
            (view.name.to_ascii_lowercase(), (view.select, view.columns.clone()))
        };
        let views = definitions.views.iter().map(view).collect();
        Ok(Self { tables, views, known: HashMap::new(), instances: 0, depth: 0, steps: 0 })
    }

    /// Goes one level deeper, unless that is deeper, or more, than anybody writes.
    pub fn deeper<T: Default>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        if !self.enter() {
            return T::default();
        }
        let result = read(self);
        self.leave();
        result
    }

    /// Whether one more level may be read; if so, [`leave`](Self::leave) ends it.
    pub fn enter(&mut self) -> bool {
        let may = self.depth < DEPTH && self.steps < STEPS;
        if may {
            self.depth += 1;
            self.steps += 1;
        }
        may
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Counts columns that are copied.
    pub fn count(&mut self, columns: usize) {
        self.steps = self.steps.saturating_add(columns);
    }

    /// A source of these columns under a name.
    pub fn source(&mut self, alias: &str, outputs: Rc<Outputs>) -> Source {
        self.instances += 1;
        Source {
            alias: alias.to_owned(),
            outputs,
            row_id: None,
            instance: self.instances,
            is_named_only: false,
            joined_by: Vec::new(),
        }
    }

    /// A table or view as a source. Of what is neither, no column is known.
    pub fn table(&mut self, name: &str, alias: &str) -> Source {
        if let Some(table) = self.tables.get(name) {
            let (outputs, row_id) = (Rc::clone(&table.outputs), table.row_id.clone());
            return Source { row_id, ..self.source(alias, outputs) };
        }
        let outputs = match self.views.get(name).cloned() {
            Some((select, columns)) => {
                let outputs = self.outputs(select, &Rc::default());
                renamed(&outputs, columns.as_deref())
            }
            None => Rc::default(),
        };
        self.source(alias, outputs)
    }
}

/// The result columns of a select under the names that a view or `WITH` gives them.
pub fn renamed(outputs: &Rc<Outputs>, names: Option<&[String]>) -> Rc<Outputs> {
    let Some(names) = names else { return Rc::clone(outputs) };
    if !outputs.is_complete {
        return Rc::default();
    }
    let columns = outputs.columns.iter().zip(names);
    let columns = columns.map(|(output, name)| Output { name: name.clone(), leads: output.leads.clone() });
    Rc::new(Outputs { columns: columns.collect(), is_complete: outputs.columns.len() == names.len() })
}

impl Table {
    /// A table of the catalog: its columns lead to themselves.
    fn of(info: &TableInfo) -> Self {
        let column =
            |name: &str| Rc::new(SqlColumn { table: info.table.name.clone(), column: name.to_owned() });
        let output = |name: &String| Output {
            name: name.to_ascii_lowercase(),
            leads: vec![Lead { column: column(name), instance: 0, conditions: Vec::new() }],
        };
        let columns = info.table.columns.iter().map(|column| output(&column.name)).collect();
        let row_id = info.table.rowid_name().map(column);
        Self { outputs: Rc::new(Outputs { columns, is_complete: true }), row_id }
    }

    /// A table that is not in the catalog: it has columns, and they lead nowhere.
    fn outside(connection: &Connection, object: &Object) -> Self {
        let names = || -> rusqlite::Result<Vec<String>> {
            let mut statement = connection.prepare("SELECT name FROM temp.pragma_table_info(?1, 'main')")?;
            statement.query_map([&object.name], |row| row.get(0))?.collect()
        };
        let outputs = names().ok().filter(|names| !names.is_empty()).map(|names| {
            let output = |name: String| Output { name: name.to_ascii_lowercase(), leads: Vec::new() };
            // A virtual table can have hidden columns too, such as the one that is called as the table.
            Outputs { columns: names.into_iter().map(output).collect(), is_complete: !object.is_virtual() }
        });
        Self { outputs: Rc::new(outputs.unwrap_or_default()), row_id: None }
    }
}
