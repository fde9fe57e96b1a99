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
    /// A condition in SQL that they meet besides.
    pub condition: Option<&'a str>,
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
        let names = [
            kind.parent.join("\0"),
            columns.names().join("\0"),
            kind.condition.unwrap_or_default().to_owned(),
        ];
        let name = format!("{}\0\0{}", kind.table, names.join("\0\0"));
        let known = self.queries.borrow().get(&name).cloned();
        let query = if let Some(query) = known {
            query
        } else {
            let query = Rc::new(RefCell::new(self.prepare(kind, columns)?));
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

    /// Without an index on the columns that refer to the parent, one is made in a temporary table: else every parent
    /// would read the whole table.
    fn prepare(&self, kind: Kind<'_>, columns: &Columns) -> Result<RowQuery<'c>> {
        let table = Tables::read(self.connection)?.describe(kind.table)?;
        let (name, own) = (user_table(&table.name), RowHandle::of(&table));
        let condition = kind.condition.unwrap_or("1");
        if !own.exists() || has_index(self.connection, &table, kind.parent)? {
            let wanted = conditions(&name, kind.parent);
            let rest = format!("FROM {name} WHERE {wanted} AND ({condition})");
            return RowQuery::prepare(self.connection, columns, &name, &rest, self.encoding);
        }
        let parts: Vec<String> = (0..kind.parent.len()).map(|at| format!("p{at}")).collect();
        let handles: Vec<String> = (0..own.columns().len()).map(|at| format!("h{at}")).collect();
        let select = |names: &[String], own: &[String]| {
            own.iter().zip(names).map(|(own, name)| format!("{own} AS {name}")).collect::<Vec<_>>().join(", ")
        };
        let refer: Vec<String> = kind.parent.iter().map(|column| identifier(column)).collect();
        // The condition is the user's: beside columns of another table, its own could mean those.
        let make = format!(
            " AS SELECT {}, {} FROM {name} WHERE ({condition})",
            select(&parts, &refer),
            select(&handles, own.columns()),
        );
        let purpose = format!("children {} {} {condition}", table.name, kind.parent.join(" "));
        let index = TempTable::create(self.connection, &purpose, &make)
            .and_then(|index| index.index(self.connection, &parts.join(", ")).map(|()| index))
            .with_context(|| format!("cannot index {}", table.name))?;
        // A row that took the number of one that is gone is another parent's.
        let still = refer.iter().zip(&parts).map(|(own, part)| format!("{name}.{own} IS {index}.{part}"));
        let same = [own.joins(&name, &index)].into_iter().chain(still).collect::<Vec<_>>().join(" AND ");
        let wanted = conditions(&index.to_string(), &parts);
        let rest = format!("FROM {index} CROSS JOIN {name} ON {same} WHERE {wanted}");
        RowQuery::prepare(self.connection, columns, &name, &rest, self.encoding)
    }
}

/// A condition that columns have the values of the parameters.
pub fn conditions(from: &str, columns: &[String]) -> String {
    let equal = |(at, name): (usize, &String)| format!("{from}.{} = ?{}", identifier(name), at + 1);
    columns.iter().enumerate().map(equal).collect::<Vec<_>>().join(" AND ")
}
