//! Digests of what rows and items hold.

use super::Content;
use crate::app::model::{JsonColumn, Nested, Reference, Shape};
use crate::database::children::Kind;
use crate::database::quote::{identifier, user_table};
use crate::database::row_query::{Columns, RowQuery};
use crate::database::value::{Borrowed, Value};
use crate::document::tree::{canonical, dangling};
use crate::import::condensed::incoming::Incoming;
use crate::import::condensed::items::pack;
use crate::import::condensed::resolve::{Resolver, Row};
use crate::import::condensed::secret_members::{as_document, comparable};
use crate::import::condensed::values::stored;
use crate::progress::go_on;
use crate::stream::digest_of;
use anyhow::{Context, Result};
use std::collections::HashSet;
use std::rc::Rc;

/// Rows between two looks at whether to stop.
const REPORT: u64 = 256;

/// The digest of what a row and its children hold.
pub type Digest = [u8; 16];

impl<'p> Content<'p> {
    /// Calls a function with every row of a section, as far as it is the owner's, and with the columns that were read.
    pub(super) fn each_row(
        &self,
        resolver: &Resolver<'p>,
        shape: &Shape,
        mut columns: Columns,
        mut each: impl FnMut(&Columns, &[Value]) -> Result<()>,
    ) -> Result<()> {
        let table = resolver.target.table(&shape.table)?;
        columns.add_handle(&table.table);
        let mut conditions = Vec::new();
        resolver.add_owner(shape, &mut conditions);
        let name = user_table(&shape.table);
        let filter =
            conditions.iter().zip(1..).map(|((column, _), at)| format!("{} = ?{at}", identifier(column)));
        let filter: Vec<String> = ["1".to_owned()].into_iter().chain(filter).collect();
        let rest = format!("FROM {name} WHERE {}", filter.join(" AND "));
        let mut query = RowQuery::prepare(resolver.target.connection, &columns, &name, &rest, self.encoding)?;
        let values: Vec<&Value> = conditions.iter().map(|(_, value)| value).collect();
        let mut count: u64 = 0;
        query.for_each(&rusqlite::params_from_iter(values), |row| {
            count += 1;
            if count.is_multiple_of(REPORT) {
                go_on(self.progress)?;
            }
            each(&columns, &row)
        })
    }

    /// The digest of a row.
    pub(super) fn of_row(
        &self,
        resolver: &Resolver<'p>,
        shape: &Shape,
        wanted: &[String],
        kinds: &[&Nested],
        columns: &Columns,
        row: &[Value],
    ) -> Result<Digest> {
        let values = self.values_of_row(resolver, shape, wanted, columns, row)?;
        digest(resolver, shape, values, &self.children_of_row(resolver, shape, kinds, columns, row)?)
    }

    /// What a document would say that columns of a row hold.
    pub(super) fn values_of_row<'w>(
        &self,
        resolver: &Resolver<'p>,
        shape: &Shape,
        wanted: &'w [String],
        columns: &Columns,
        row: &[Value],
    ) -> Result<Vec<(&'w str, Value)>> {
        let value = |name: &'w String| (name.as_str(), of_document(shape, name, &row[columns.at(name)]));
        let mut values: Vec<(&str, Value)> = wanted.iter().map(value).collect();
        // What leads nowhere is as good as nothing: a document cannot say it.
        let is_read = |reference: &&Reference| reference.columns.iter().all(|column| wanted.contains(column));
        for reference in shape.references.values().filter(|own| !own.plain).filter(is_read) {
            let own: Vec<&Value> = reference.columns.iter().map(|column| &row[columns.at(column)]).collect();
            if self.is_lost(resolver, shape, reference, &own)? {
                let is_of = |name: &str| reference.columns.iter().any(|column| column == name);
                values.iter_mut().filter(|(name, _)| is_of(name)).for_each(|(_, value)| *value = Value::Null);
            }
        }
        Ok(values)
    }

    /// Whether a reference of a row leads to nothing.
    pub(super) fn is_lost(
        &self,
        resolver: &Resolver<'p>,
        shape: &Shape,
        reference: &Reference,
        own: &[&Value],
    ) -> Result<bool> {
        if own.contains(&&Value::Null) {
            return Ok(false);
        }
        let parent = &resolver.shape(&reference.section)?.table;
        let ([column], [to]) = (reference.columns.as_slice(), reference.to.as_slice()) else {
            let wanted: Vec<(&str, &Value)> =
                reference.to.iter().map(String::as_str).zip(own.iter().copied()).collect();
            return Ok(resolver.target.find(parent, &wanted, 1)?.is_empty());
        };
        let name = [format!("{}\0{column}", shape.table), format!("{parent}\0{to}")];
        let known = self.lost.borrow().get(&name).cloned();
        let lost = if let Some(known) = known {
            known
        } else {
            let found = resolver.target.dangling([&shape.table, column], [parent, to])?;
            let found: Rc<HashSet<String>> =
                Rc::new(found.iter().map(|value| pack(std::slice::from_ref(value))).collect());
            self.lost.borrow_mut().insert(name, Rc::clone(&found));
            found
        };
        Ok(!lost.is_empty() && lost.contains(&pack(&[own[0].clone()])))
    }

    /// The digests of a row's children of some kinds, sorted.
    pub(super) fn children_of_row(
        &self,
        resolver: &Resolver<'p>,
        shape: &Shape,
        kinds: &[&Nested],
        columns: &Columns,
        row: &[Value],
    ) -> Result<Vec<Vec<Digest>>> {
        let of_kind = |nested: &&Nested| {
            let parent: Vec<&Value> = nested.to.iter().map(|name| &row[columns.at(name)]).collect();
            self.of_children(resolver, &shape.table, nested, &parent)
        };
        kinds.iter().map(of_kind).collect()
    }

    /// The digests of the children of a row of a table that is there, all fields of which are compared.
    fn of_children(
        &self,
        resolver: &Resolver<'p>,
        table: &str,
        nested: &Nested,
        parent: &[&Value],
    ) -> Result<Vec<Digest>> {
        let shape = &nested.shape;
        let wanted: Vec<String> = shape.table_columns().into_iter().map(str::to_owned).collect();
        let kinds: Vec<&Nested> = shape.nested.values().collect();
        let columns = columns_of(&wanted, &kinds);
        let mut digests = Vec::new();
        for row in self.children.rows(kind_of(table, nested), &columns, parent)? {
            digests.push(self.of_row(resolver, shape, &wanted, &kinds, &columns, &row)?);
        }
        digests.sort_unstable();
        Ok(digests)
    }
}

/// Which rows are the children in a field of the items of a table.
pub(super) fn kind_of<'a>(table: &'a str, nested: &'a Nested) -> Kind<'a> {
    Kind {
        table: &nested.shape.table,
        parent: &nested.parent,
        to: (table, &nested.to),
        condition: nested.condition.as_deref(),
        ordered: false,
    }
}

/// What a document would say that a column of a row holds.
fn of_document(shape: &Shape, name: &str, value: &Value) -> Value {
    shape.json.get(name).map_or_else(|| value.clone(), |json| as_document(value, json))
}

/// The columns that digests are made of, with those that children refer to.
pub(super) fn columns_of(wanted: &[String], kinds: &[&Nested]) -> Columns {
    let mut columns = Columns::default();
    for name in wanted.iter().chain(kinds.iter().flat_map(|nested| &nested.to)) {
        columns.add(name);
    }
    columns
}

/// The digest of an item; nothing where something in it leads to what is not there.
pub(super) fn of_item(
    resolver: &Resolver<'_>,
    shape: &Shape,
    incoming: &Incoming<'_>,
    row: &Row,
) -> Result<Option<Digest>> {
    let mut digests = Vec::new();
    for (nested, children) in &incoming.children {
        match of_items(resolver, nested, children)? {
            Some(of_kind) => digests.push(of_kind),
            None => return Ok(None),
        }
    }
    digest(resolver, shape, values_of_item(incoming, row), &digests).map(Some)
}

/// The digests of children of an item, sorted; nothing where something in one leads to what is not there.
pub(super) fn of_items(
    resolver: &Resolver<'_>,
    nested: &Nested,
    children: &[Incoming<'_>],
) -> Result<Option<Vec<Digest>>> {
    let mut digests = Vec::new();
    for child in children {
        let Ok(mut row) = resolver.row(&nested.shape, child, &Row::new())? else { return Ok(None) };
        fill(&nested.shape, &mut row);
        match of_item(resolver, &nested.shape, child, &row)? {
            Some(digest) => digests.push(digest),
            None => return Ok(None),
        }
    }
    digests.sort_unstable();
    Ok(Some(digests))
}

/// Lets a child have all columns of its shape, and no others.
pub(super) fn fill(shape: &Shape, row: &mut Row) {
    let columns = shape.table_columns();
    for column in &columns {
        row.entry((*column).to_owned()).or_insert(Value::Null);
    }
    row.retain(|name, _| columns.contains(&name.as_str()));
}

/// What columns of an item hold. What dangles is as good as nothing, whatever it holds.
pub(super) fn values_of_item<'r>(incoming: &Incoming<'_>, row: &'r Row) -> Vec<(&'r str, Value)> {
    let dangles = |name: &String| {
        let mut references = incoming.references.iter();
        references.any(|(reference, key)| reference.columns.contains(name) && dangling(key).is_some())
    };
    let value = |(name, value): (&'r String, &Value)| {
        (name.as_str(), if dangles(name) { Value::Null } else { value.clone() })
    };
    row.iter().map(value).collect()
}

/// The digest of columns of a row, and of its children.
pub fn digest(
    resolver: &Resolver<'_>,
    shape: &Shape,
    mut values: Vec<(&str, Value)>,
    children: &[Vec<Digest>],
) -> Result<Digest> {
    let table = resolver.target.table(&shape.table)?;
    values.sort_by_key(|(a, _)| *a);
    let mut bytes = Vec::new();
    for (name, value) in values {
        let column =
            table.table.column(name).with_context(|| format!("{} has no column {name}", shape.table))?;
        let value = stored(&value, table.affinity(&column.name));
        let value = shape.json.get(name).map_or(value.clone(), |json| comparable(&value, json));
        // What a required value lacks that is a secret as a whole.
        let is_empty = column.not_null && shape.json.get(name).is_some_and(|json| json.secrets);
        let value = if is_empty && value == Value::Text(String::new()) { Value::Null } else { value };
        let value = match (&value, shape.json.get(name).is_some_and(JsonColumn::holds_json)) {
            (Value::Text(text), true) => canonical(text).unwrap_or_else(|_| value.clone()),
            _ => value,
        };
        Borrowed::from(&value).encode(&mut bytes);
    }
    for digests in children {
        bytes.extend_from_slice(&(digests.len() as u64).to_le_bytes());
        for digest in digests {
            bytes.extend_from_slice(digest);
        }
    }
    Ok(digest_of(&bytes).first_bytes())
}
