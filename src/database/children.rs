//! The rows that belong to a parent.

use super::constraints::has_index;
use super::quote::{identifier, user_table};
use super::row_handle::RowHandle;
use super::row_query::{Columns, RowQuery};
use super::rows::Encoding;
use super::schema::Tables;
use super::temporary::TempTable;
use super::value::Value;
use anyhow::{Context, Result};
use rusqlite::{Connection, params_from_iter};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Which rows are children, and by what.
#[derive(Debug, Clone, Copy)]
pub struct Kind<'a> {
    /// Their table.
    pub table: &'a str,
    /// The columns that refer to the parent.
    pub parent: &'a [String],
    /// The table of the parent, and the columns that they refer to.
    pub to: (&'a str, &'a [String]),
    /// A condition in SQL that they meet besides.
    pub condition: Option<&'a str>,
    /// Whether they are wanted in the order of their row ids.
    pub ordered: bool,
}

/// Finds the children of one parent after another.
pub struct Children<'c> {
    connection: &'c Connection,
    encoding: Encoding,
    queries: RefCell<HashMap<String, Rc<RefCell<RowQuery<'c>>>>>,
}

impl<'c> Children<'c> {
    /// Of a database that nobody changes meanwhile, but for the children of parents that are not asked for again.
    pub fn new(connection: &'c Connection, encoding: Encoding) -> Self {
        Self { connection, encoding, queries: RefCell::default() }
    }

    /// The rows of a parent, whose columns have these values.
    pub fn rows(&self, kind: Kind<'_>, columns: &Columns, parent: &[&Value]) -> Result<Vec<Vec<Value>>> {
        let parameters: Vec<String> = parent.iter().zip(1..).map(|(value, at)| value.parameter(at)).collect();
        let names = [
            kind.table.to_owned(),
            kind.parent.join("\0"),
            kind.to.0.to_owned(),
            kind.to.1.join("\0"),
            columns.names().join("\0"),
            parameters.join("\0"),
            kind.condition.unwrap_or_default().to_owned(),
            kind.ordered.to_string(),
        ];
        let name = names.join("\0\0");
        let known = self.queries.borrow().get(&name).cloned();
        let query = if let Some(query) = known {
            query
        } else {
            let query = Rc::new(RefCell::new(self.prepare(kind, columns, &parameters)?));
            self.queries.borrow_mut().insert(name, Rc::clone(&query));
            query
        };
        let mut rows = Vec::new();
        query.borrow_mut().for_each(&params_from_iter(parent.iter().copied()), |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Columns that refer are compared as the columns that they refer to are: by their collation, and after their affinity
    /// has been applied. Where an index of the table does not give that, one is made in a temporary table: else every parent
    /// would read the whole table.
    fn prepare(&self, kind: Kind<'_>, columns: &Columns, parameters: &[String]) -> Result<RowQuery<'c>> {
        let tables = Tables::read(self.connection)?;
        let (table, parent) = (tables.describe(kind.table)?, tables.describe(kind.to.0)?);
        let (name, own) = (user_table(&table.name), RowHandle::of(&table));
        let condition = kind.condition.unwrap_or("1");
        let order = match table.rowid_name().filter(|_| kind.ordered) {
            Some(rowid) => format!(" ORDER BY {name}.{}", identifier(rowid)),
            None => String::new(),
        };
        let collation = |to: &String| {
            let column = parent.column(to);
            column.map_or("BINARY", |column| &column.collation)
        };
        let refer: Vec<(&str, &str)> =
            kind.parent.iter().map(String::as_str).zip(kind.to.1.iter().map(collation)).collect();
        let mut pairs = kind.parent.iter().zip(kind.to.1);
        let is_alike = pairs.all(|(own, to)| table.affinity(own) == parent.affinity(to));
        if !own.exists() || is_alike && has_index(self.connection, &table, &refer)? {
            let equal = refer.iter().zip(parameters).map(|((column, collation), parameter)| {
                format!("{name}.{} = {parameter} COLLATE {}", identifier(column), identifier(collation))
            });
            let wanted = equal.collect::<Vec<_>>().join(" AND ");
            let rest = format!("FROM {name} WHERE {wanted} AND ({condition}){order}");
            return RowQuery::prepare(self.connection, columns, &name, &rest, self.encoding);
        }
        let parts: Vec<String> = (0..refer.len()).map(|at| format!("p{at}")).collect();
        let declared = parts.iter().zip(kind.to.1).map(|(part, to)| {
            format!("{part} {} COLLATE {}", parent.affinity(to).declared(), identifier(collation(to)))
        });
        let declared = declared.chain([own.declared()]).collect::<Vec<_>>().join(", ");
        let refer: Vec<String> = kind.parent.iter().map(|column| identifier(column)).collect();
        let names = [kind.parent.join(" "), parent.name.clone(), kind.to.1.join(" ")].join(" ");
        let purpose = format!("children {} {names} {condition}", table.name);
        let index = TempTable::create(self.connection, &purpose, &format!("({declared})"))?;
        // The condition is the user's: beside columns of another table, its own could mean those.
        let fill = format!(
            "INSERT INTO {index} SELECT {}, {} FROM {name} WHERE ({condition})",
            refer.join(", "),
            own.of_row("")
        );
        self.connection
            .execute_batch(&fill)
            .map_err(Into::into)
            .and_then(|()| index.index(self.connection, &parts.join(", ")))
            .with_context(|| format!("cannot index {}", table.name))?;
        // A row that took the number of one that is gone is another parent's.
        let still = refer.iter().zip(&parts).map(|(own, part)| format!("{index}.{part} IS +{name}.{own}"));
        let same = [own.joins(&name, &index)].into_iter().chain(still).collect::<Vec<_>>().join(" AND ");
        let wanted = equal(&index.to_string(), &parts, parameters);
        let rest = format!("FROM {index} CROSS JOIN {name} ON {same} WHERE {wanted}{order}");
        RowQuery::prepare(self.connection, columns, &name, &rest, self.encoding)
    }
}

/// A condition that columns have the values of the parameters.
pub fn conditions(from: &str, columns: &[String], values: &[&Value]) -> String {
    let parameters: Vec<String> = values.iter().zip(1..).map(|(value, at)| value.parameter(at)).collect();
    equal(from, columns, &parameters)
}

fn equal(from: &str, columns: &[String], parameters: &[String]) -> String {
    let equal = |(name, parameter): (&String, &String)| format!("{from}.{} = {parameter}", identifier(name));
    columns.iter().zip(parameters).map(equal).collect::<Vec<_>>().join(" AND ")
}
