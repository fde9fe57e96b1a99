//! Rows that are known by their content: digests of the rows that are there, by which items find theirs.

use super::incoming::Incoming;
use super::items::{Items, pack};
use super::places::Places;
use super::resolve::{Resolver, Row};
use super::secret_members::{as_document, redacted};
use super::target::Handle;
use super::values::stored;
use crate::app::model::{Nested, Shape};
use crate::database::children::{Children, Kind};
use crate::database::quote::{identifier, user_table};
use crate::database::row_query::{Columns, RowQuery};
use crate::database::rows::Encoding;
use crate::database::value::{Borrowed, Value};
use crate::document::tree::{canonical, dangling};
use crate::progress::Progress;
use crate::stream::digest_of;
use anyhow::{Context, Result};
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet, VecDeque};

/// So many equal rows are looked at for one whose row id no item has.
const MOST_LOOKED_AT: usize = 64;

/// The digest of what a row and its children hold.
pub type Digest = [u8; 16];

/// The rows with one digest: the place of each among rows that are the same in themselves, and its handle.
type Equal = VecDeque<(i64, String)>;

/// What else must be so of a row.
type Check<'a> = &'a dyn Fn(&Handle) -> Result<bool>;

/// Digests of rows, of one section and set of columns after another.
pub struct Content<'p> {
    children: Children<'p>,
    encoding: Encoding,
    /// The rows with each digest, by section and columns.
    found: RefCell<HashMap<String, HashMap<Digest, Equal>>>,
    /// Which of equal rows which item is, once there are any.
    pub(super) places: OnceCell<Places<'p>>,
    progress: &'p dyn Progress,
    /// Rows that an item is already.
    taken: RefCell<HashSet<String>>,
}

impl<'p> Content<'p> {
    /// Of a database that nobody changes meanwhile.
    pub fn new(resolver: &Resolver<'p>, progress: &'p dyn Progress) -> Result<Self> {
        let encoding = Encoding::of(resolver.target.connection)?;
        Ok(Self {
            children: Children::new(resolver.target.connection, encoding),
            encoding,
            found: RefCell::default(),
            places: OnceCell::new(),
            progress,
            taken: RefCell::default(),
        })
    }

    /// The row that an item of a section is, which no other item then is. What else must be so `accepts` says; of equal rows
    /// it is the one at the item's place, if `is_likely` says so too.
    pub fn take(
        &self,
        resolver: &Resolver<'p>,
        (id, section, shape): (i64, &str, &Shape),
        incoming: &Incoming<'_>,
        row: &Row,
        own: Option<(u32, i64)>,
        (accepts, is_likely): (Check<'_>, Check<'_>),
    ) -> Result<Option<Handle>> {
        let kinds: Vec<&Nested> = incoming.children.iter().map(|(nested, _)| *nested).collect();
        let columns: Vec<String> = row.keys().cloned().collect();
        let name = format!(
            "{section}\0{}\0\0{}",
            columns.join("\0"),
            kinds.iter().map(|nested| nested.shape.table.as_str()).collect::<Vec<_>>().join("\0")
        );
        if !self.found.borrow().contains_key(&name) {
            let rows = self.digest_rows(resolver, (section, shape), &columns, &kinds)?;
            self.found.borrow_mut().insert(name.clone(), rows);
        }
        let Some(digest) = of_item(resolver, shape, incoming, row)? else { return Ok(None) };
        let mut found = self.found.borrow_mut();
        let Some(handles) = found.get_mut(&name).and_then(|rows| rows.get_mut(&digest)) else {
            return Ok(None);
        };
        let mut taken = self.taken.borrow_mut();
        if let Some(own) = own {
            put_first(handles, resolver.items, own)?;
        }
        if let Some(place) = self.places.get().and_then(|places| places.of_item(id)).filter(|_| own.is_none())
        {
            let first = handles.partition_point(|(own, _)| *own < place);
            for at in (first..handles.len()).take_while(|at| handles[*at].0 == place) {
                let handle = super::items::unpack(&handles[at].1)?;
                if accepts(&handle)?
                    && is_likely(&handle)?
                    && taken.insert(format!("{section}\0{}", handles[at].1))
                {
                    handles.remove(at);
                    return Ok(Some(handle));
                }
            }
        }
        // One that is taken is not asked for again: of equal rows there may be many.
        let mut passed_over = Vec::new();
        let mut own = None;
        while let Some((place, free)) = handles.pop_front() {
            let handle = super::items::unpack(&free)?;
            if !accepts(&handle)? {
                passed_over.push((place, free));
            } else if taken.insert(format!("{section}\0{free}")) {
                own = Some(handle);
                break;
            }
        }
        passed_over.into_iter().rev().for_each(|free| handles.push_front(free));
        Ok(own)
    }

    /// The digests of all rows of a section.
    fn digest_rows(
        &self,
        resolver: &Resolver<'p>,
        (section, shape): (&str, &Shape),
        wanted: &[String],
        kinds: &[&Nested],
    ) -> Result<HashMap<Digest, Equal>> {
        let table = resolver.target.table(&shape.table)?;
        let mut columns = columns_of(wanted, kinds);
        columns.add_handle(&table.table);
        let mut conditions = Vec::new();
        resolver.add_owner(shape, &mut conditions);
        let name = user_table(&shape.table);
        let filter: Vec<String> = conditions
            .iter()
            .enumerate()
            .map(|(at, (column, _))| format!("{} = ?{}", identifier(column), at + 1))
            .collect();
        let filter = if filter.is_empty() { "1".to_owned() } else { filter.join(" AND ") };
        let rest = format!("FROM {name} WHERE {filter}");
        let mut query = RowQuery::prepare(resolver.target.connection, &columns, &name, &rest, self.encoding)?;
        let values: Vec<&Value> = conditions.iter().map(|(_, value)| value).collect();
        let mut found: HashMap<Digest, Equal> = HashMap::new();
        query.for_each(&rusqlite::params_from_iter(values), |row| {
            let digest = self.of_row(resolver, shape, wanted, kinds, &columns, &row)?;
            found.entry(digest).or_default().push_back((0, pack(columns.handle_of(&row))));
            Ok(())
        })?;
        for equal in found.values_mut().filter(|equal| equal.len() > 1) {
            self.sort(resolver, section, equal)?;
        }
        Ok(found)
    }

    /// Sorts equal rows by their places.
    fn sort(&self, resolver: &Resolver<'p>, section: &str, equal: &mut Equal) -> Result<()> {
        if self.places.get().is_none() {
            // Nobody else sets it meanwhile.
            let _ = self.places.set(Places::find(resolver, self.progress)?);
        }
        let Some(places) = self.places.get() else { return Ok(()) };
        for (place, handle) in equal.iter_mut() {
            *place = places.of_row(section, &super::items::unpack(handle)?)?.unwrap_or_default();
        }
        equal.make_contiguous().sort_by_key(|(place, _)| *place);
        Ok(())
    }

    fn of_row(
        &self,
        resolver: &Resolver<'p>,
        shape: &Shape,
        wanted: &[String],
        kinds: &[&Nested],
        columns: &Columns,
        row: &[Value],
    ) -> Result<Digest> {
        let mut values: Vec<(&str, Value)> = wanted
            .iter()
            .map(|name| (name.as_str(), of_document(shape, name, &row[columns.at(name)])))
            .collect();
        // What leads nowhere is as good as nothing: a document cannot say it.
        for reference in shape.references.values().filter(|reference| !reference.plain) {
            let parts: Vec<(&str, &Value)> = reference
                .to
                .iter()
                .zip(&reference.columns)
                .filter(|(_, column)| wanted.contains(column))
                .map(|(to, column)| (to.as_str(), &row[columns.at(column)]))
                .collect();
            let is_whole = parts.len() == reference.columns.len()
                && parts.iter().all(|(_, value)| **value != Value::Null);
            let parent = &resolver.shape(&reference.section)?.table;
            if is_whole && resolver.target.find(parent, &parts, 1)?.is_empty() {
                for (name, value) in &mut values {
                    if reference.columns.iter().any(|column| column == name) {
                        *value = Value::Null;
                    }
                }
            }
        }
        let mut digests = Vec::new();
        for nested in kinds {
            let parent: Vec<&Value> = nested.to.iter().map(|name| &row[columns.at(name)]).collect();
            digests.push(self.of_children(resolver, &shape.table, nested, &parent)?);
        }
        digest(resolver, shape, values, &digests)
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
        let kind = Kind {
            table: &shape.table,
            parent: &nested.parent,
            to: (table, &nested.to),
            condition: nested.condition.as_deref(),
        };
        let mut digests = Vec::new();
        for row in self.children.rows(kind, &columns, parent)? {
            digests.push(self.of_row(resolver, shape, &wanted, &kinds, &columns, &row)?);
        }
        digests.sort_unstable();
        Ok(digests)
    }
}

/// Among rows that hold the same, the one with an item's own row id is its own, then those whose row id no other item has.
fn put_first(handles: &mut Equal, items: &Items, (section, own): (u32, i64)) -> Result<()> {
    if handles.len() < 2 {
        return Ok(());
    }
    let is_own = |(_, handle): &(i64, String)| *handle == pack(&[Value::Integer(own)]);
    let mut first = handles.iter().position(is_own);
    for (at, (_, handle)) in handles.iter().enumerate().take(MOST_LOOKED_AT) {
        if first.is_some() {
            break;
        }
        if let [Value::Integer(number)] = super::items::unpack(handle)?.as_slice()
            && items.by_number(section, *number)?.is_none()
        {
            first = Some(at);
        }
    }
    if let Some(handle) = first.and_then(|at| handles.remove(at)) {
        handles.push_front(handle);
    }
    Ok(())
}

/// What a document would say that a column of a row holds.
fn of_document(shape: &Shape, name: &str, value: &Value) -> Value {
    shape.json.get(name).map_or_else(|| value.clone(), |json| as_document(value, json))
}

/// The columns that digests are made of, with those that children refer to.
fn columns_of(wanted: &[String], kinds: &[&Nested]) -> Columns {
    let mut columns = Columns::default();
    for name in wanted.iter().chain(kinds.iter().flat_map(|nested| &nested.to)) {
        columns.add(name);
    }
    columns
}

/// The digest of an item; nothing where something in it leads to what is not there.
fn of_item(
    resolver: &Resolver<'_>,
    shape: &Shape,
    incoming: &Incoming<'_>,
    row: &Row,
) -> Result<Option<Digest>> {
    let mut digests = Vec::new();
    for (nested, children) in &incoming.children {
        let mut of_kind = Vec::new();
        for child in children {
            let Ok(row) = resolver.row(&nested.shape, child, &Row::new())? else { return Ok(None) };
            let mut row = row;
            for column in nested.shape.table_columns() {
                row.entry(column.to_owned()).or_insert(Value::Null);
            }
            row.retain(|name, _| nested.shape.table_columns().contains(&name.as_str()));
            match of_item(resolver, &nested.shape, child, &row)? {
                Some(digest) => of_kind.push(digest),
                None => return Ok(None),
            }
        }
        of_kind.sort_unstable();
        digests.push(of_kind);
    }
    // What dangles is as good as nothing, whatever it holds.
    let dangles = |name: &String| {
        let mut references = incoming.references.iter();
        references.any(|(reference, key)| reference.columns.contains(name) && dangling(key).is_some())
    };
    let value = |(name, value): (&'_ String, &Value)| if dangles(name) { Value::Null } else { value.clone() };
    let values = row.iter().map(|(name, own)| (name.as_str(), value((name, own)))).collect();
    digest(resolver, shape, values, &digests).map(Some)
}

/// The digest of columns of a row, and of its children.
pub(super) fn digest(
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
        let value = shape.json.get(name).map_or(value.clone(), |json| redacted(&value, json));
        let value = match (&value, shape.json.contains_key(name)) {
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
