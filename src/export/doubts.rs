//! Numbers that may be row ids, without proof: what a document says of them, so that an import writes one only where it
//! means the same.

use super::items::ItemBuilder;
use super::raw_json;
use crate::app::meaning::{Class, Doubt};
use crate::app::model::{Field, RowNumber, Shape};
use crate::app::{Model, SectionModel};
use crate::database::quote::{identifier, user_table};
use crate::database::row_query::{Columns, RowQuery};
use crate::database::rows::Encoding;
use crate::database::schema::Tables;
use crate::database::temporary::TempTable;
use crate::database::value::Value;
use crate::document::envelope::{self, Witness};
use crate::document::places::integers_in;
use crate::document::tree::object;
use anyhow::{Context, Result};
use indexmap::IndexMap;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// So many rows of a section are witnesses at most: they are kept in memory.
const MOST_WITNESSES: usize = 10_000;

/// What a document says of doubtful numbers.
#[derive(Debug, Default)]
pub(super) struct Doubted {
    pub(super) doubts: Vec<envelope::Doubt>,
    pub(super) witnesses: Vec<Witness>,
    pub(super) unwitnessed: Vec<String>,
}

impl Doubted {
    /// The doubts about what the chosen sections hold. The items of every section whose row ids may be meant carry theirs
    /// from now on.
    pub(super) fn mark(connection: &Connection, model: &mut Model, chosen: &[String]) -> Result<Self> {
        let mut held = BTreeSet::new();
        for name in chosen {
            collect(&model.sections[name].shape, &mut held);
        }
        // The row ids of a table may be those of another one's rows, too.
        for name in chosen {
            let table = &model.sections[name].shape.table;
            if let Some(id) = model.meaning.row_ids.get(table).filter(|id| id.class == Class::Unclear) {
                held.extend(id.column.iter().map(|column| (table.clone(), column.clone())));
            }
        }
        let is_held = |table: &str, column: &str| held.contains(&(table.to_owned(), column.to_owned()));
        let doubts: Vec<&Doubt> =
            model.meaning.doubts.iter().filter(|doubt| is_held(&doubt.table, &doubt.column)).collect();
        let raw = raw_json::doubts(connection, model, chosen)?;
        let unclear = model.meaning.row_ids.iter().filter(|(_, id)| id.class == Class::Unclear);
        let unclear: BTreeSet<&String> = unclear.map(|(table, _)| table).collect();
        let mut tables: BTreeSet<String> = doubts
            .iter()
            .copied()
            .chain(&raw)
            .flat_map(|doubt| model.meaning.pinned_by(doubt).cloned())
            .collect();
        tables.extend(unclear.iter().map(|table| (*table).clone()));
        let section_of = |table: &String| section_of(model, table);
        let of_raw =
            raw.iter().map(|doubt| envelope::Doubt { raw: true, ..envelope::Doubt::of(doubt, section_of) });
        let all = doubts.iter().map(|doubt| envelope::Doubt::of(doubt, section_of));
        let doubted = Self { doubts: all.chain(of_raw).collect(), ..Self::default() };
        // Where rows are known by their ids, all carry them.
        if !model.by_id {
            for (name, row) in row_numbers(connection, model, &tables, &unclear)? {
                model.sections[&name].shape.row = Some(row);
            }
        }
        Ok(doubted)
    }

    /// Adds the rows that doubtful numbers mean, and that no item is.
    pub(super) fn add_witnesses(
        &mut self,
        connection: &Connection,
        model: &Model,
        chosen: &[String],
        builder: &ItemBuilder<'_>,
        scoped: bool,
    ) -> Result<()> {
        let mut targets: IndexMap<&str, Vec<&envelope::Doubt>> = IndexMap::new();
        for doubt in &self.doubts {
            doubt.sections.iter().for_each(|name| targets.entry(name).or_default().push(doubt));
        }
        let (mut witnesses, mut unwitnessed) = (Vec::new(), Vec::new());
        for (name, doubts) in targets {
            let Some(section) = model.sections.get(name) else {
                unwitnessed.push(name.to_owned());
                continue;
            };
            let is_chosen = chosen.iter().any(|other| other == name);
            if is_chosen && section.condition.is_none() {
                continue;
            }
            let numbers = meant(connection, model, chosen, &doubts)?;
            let query = Absent { connection, name, section, is_chosen, builder };
            let is_hidden = scoped && section.condition.is_some() || !may_be_shown(section);
            let found = query.read(&numbers, is_hidden)?;
            numbers.drop(connection)?;
            match found {
                Some(found) => witnesses.extend(found),
                None => unwitnessed.push(name.to_owned()),
            }
        }
        (self.witnesses, self.unwitnessed) = (witnesses, unwitnessed);
        Ok(())
    }
}

/// The columns that hold the row ids of the sections of `tables`; those of the `unclear` ones are kept where they can be.
fn row_numbers(
    connection: &Connection,
    model: &Model,
    tables: &BTreeSet<String>,
    unclear: &BTreeSet<&String>,
) -> Result<Vec<(String, RowNumber)>> {
    let schema = Tables::read(connection)?;
    let sections = model.sections.iter().filter(|(_, section)| tables.contains(&section.shape.table));
    let rows = sections.filter_map(|(name, section)| {
        let table = &section.shape.table;
        let own = model.meaning.row_ids.get(table).and_then(|id| id.column.clone());
        let column = own.or_else(|| schema.describe(table).ok()?.rowid_name().map(str::to_owned))?;
        Some((name.clone(), RowNumber { column, kept: unclear.contains(table) }))
    });
    Ok(rows.collect())
}

/// Whether rows of a section that is not exported may be named: by their key they are anyway, where others refer to them.
fn may_be_shown(section: &SectionModel) -> bool {
    section.config.include != Some(false) || !section.shape.key.is_empty()
}

/// Adds the table and the name of every column that is written as it is.
fn collect(shape: &Shape, held: &mut BTreeSet<(String, String)>) {
    for field in shape.columns.keys() {
        if let Field::Column(column) | Field::Json(column, _) = shape.field(field) {
            held.insert((shape.table.clone(), column.to_owned()));
        }
    }
    shape.nested.values().for_each(|nested| collect(&nested.shape, held));
}

fn section_of(model: &Model, table: &String) -> String {
    let found = model.sections.iter().find(|(_, section)| section.shape.table == *table);
    found.map_or_else(|| table.clone(), |(name, _)| name.clone())
}

/// Keeps the numbers that the doubtful places in the chosen sections hold.
fn meant(
    connection: &Connection,
    model: &Model,
    chosen: &[String],
    doubts: &[&envelope::Doubt],
) -> Result<TempTable> {
    let encoding = Encoding::of(connection)?;
    let numbers = TempTable::create(connection, "doubtful numbers", "(number INTEGER PRIMARY KEY)")?;
    let mut keep = connection.prepare(&format!("INSERT OR IGNORE INTO {numbers} VALUES (?1)"))?;
    for doubt in doubts {
        let mut sections = chosen.iter().map(|name| &model.sections[name]);
        let section = sections.find(|section| section.shape.table == doubt.table);
        let condition = section.and_then(|section| section.condition.as_deref()).unwrap_or("1");
        let mut columns = Columns::default();
        columns.add(&doubt.column);
        let table = user_table(&doubt.table);
        let rest = format!("FROM {table} WHERE {condition}");
        let mut query = RowQuery::prepare(connection, &columns, &table, &rest, encoding)?;
        let (place, mut found) = (doubt.inside(), Vec::new());
        query.for_each(&[], |row| {
            integers_in(&row[0], &place, &mut found);
            found.drain(..).try_for_each(|number| Ok(keep.execute([number]).map(drop)?))
        })?;
    }
    Ok(numbers)
}

/// Rows of a section that are not among the items.
struct Absent<'a, 'c> {
    connection: &'a Connection,
    name: &'a str,
    section: &'a SectionModel,
    is_chosen: bool,
    builder: &'a ItemBuilder<'c>,
}

impl Absent<'_, '_> {
    /// Those with these row ids; nothing where there are too many, or where there are any that nobody may see.
    fn read(&self, numbers: &TempTable, is_hidden: bool) -> Result<Option<Vec<Witness>>> {
        // A row that is secret would be one.
        let is_hidden = is_hidden || self.section.shape.secret_rows.is_some();
        let Some(row) = &self.section.shape.row else { return Ok(None) };
        let shape = self.shape();
        let mut columns = ItemBuilder::columns(&shape);
        columns.add(&row.column);
        let table = user_table(&shape.table);
        let condition = match &self.section.condition {
            Some(condition) if self.is_chosen => format!("NOT ifnull(({condition}), 0)"),
            _ => "1".to_owned(),
        };
        let rest = format!("FROM {table} WHERE {table}.{} = ?1 AND {condition}", identifier(&row.column));
        let encoding = self.builder.encoding();
        let mut query = RowQuery::prepare(self.connection, &columns, &table, &rest, encoding)?;
        let mut witnesses = Vec::new();
        let mut numbers =
            self.connection.prepare(&format!("SELECT number FROM {numbers} ORDER BY number"))?;
        let mut numbers = numbers.query([])?;
        while let Some(number) = numbers.next()? {
            let number: i64 = number.get(0)?;
            let mut found = Vec::new();
            query.for_each(&[&number], |row| {
                found.push(row);
                Ok(())
            })?;
            let Some(values) = found.pop() else { continue };
            if is_hidden || witnesses.len() == MOST_WITNESSES {
                return Ok(None);
            }
            witnesses.push(self.witness(number, &shape, &columns, &values)?);
        }
        Ok(Some(witnesses))
    }

    /// What a witness says: its key, or else all that it holds by itself.
    fn shape(&self) -> Shape {
        let mut shape = self.section.shape.clone();
        let is_own = |name: &String| match shape.field(name) {
            Field::Column(_) | Field::Reference(_) => true,
            // What is inside may be an item that is not in the document, or left out.
            Field::Json(_, json) => json.is_exact(),
            Field::Nested(_) | Field::Flattened(..) => false,
        };
        let fields: Vec<String> = if shape.key.is_empty() {
            shape.columns.keys().filter(|name| is_own(name)).cloned().collect()
        } else {
            shape.key.clone()
        };
        shape.keep_only(&fields);
        shape.nested.clear();
        shape
    }

    fn witness(&self, row: i64, shape: &Shape, columns: &Columns, values: &[Value]) -> Result<Witness> {
        let fields = self.builder.fields(shape, columns, values)?;
        let item = serde_json::from_str(&object(shape, &fields))
            .with_context(|| format!("cannot write what row {row} of {} holds", shape.table))?;
        Ok(Witness { section: self.name.to_owned(), row, item })
    }
}
