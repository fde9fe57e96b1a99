//! From a database to a document that holds what people made.

use super::anonymize::Anonymizer;
use super::choice::Choice;
use super::doubts::Doubted;
use super::items::ItemBuilder;
use super::metadata::metadata;
use super::order::{Handles, number, sort};
use crate::app::left_out::Why;
use crate::app::model::{Field, Shape};
use crate::app::{Model, SectionModel, Wanted};
use crate::config::Rules;
use crate::database::quote::{identifier, user_table};
use crate::database::row_query::RowQuery;
use crate::database::value::{Borrowed, Value};
use crate::database::{Source, copy::ReadTransaction, stand_in};
use crate::document::envelope::{self, Summary};
use crate::document::writer::Format;
use crate::error::Fault;
use crate::files;
use crate::graph::{Places, Section};
use crate::patience::Patience;
use crate::progress::{Progress, Unit, go_on, step};
use crate::validate::Written;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use rusqlite::Connection;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;

/// Rows between two reports of progress.
const REPORT: u64 = 256;

/// What is exported, and how it is named.
pub struct CondensedOptions<'a> {
    /// The application.
    pub app: &'a str,
    /// What the configuration says of its data.
    pub rules: &'a Rules,
    /// What the model is inferred for.
    pub wanted: Wanted<'a>,
    /// Whether personal values are replaced by made-up ones.
    pub anonymize: bool,
    /// Which sections.
    pub choice: &'a Choice,
    /// The time that the document bears.
    pub now: DateTime<Utc>,
    /// Where private files may be made.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: &'a Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// What was exported, and what was not.
pub struct Exported<W> {
    /// What was written to, unfinished, where it is a single thing.
    pub output: Option<W>,
    /// How many items there are.
    pub summary: Summary,
    /// Tables and sections that are not in the document, and why.
    pub left_out: IndexMap<String, Why>,
    /// Columns that are not in the document: the table and the column, and why.
    pub omitted: IndexMap<String, &'static str>,
}

/// A section that is about to be written.
struct Planned<'m> {
    name: &'m str,
    model: &'m SectionModel,
    items: u64,
    /// The order of its rows, where SQLite alone does not give it.
    order: Option<Handles>,
    /// The numbers of its items, where they have them.
    numbers: Option<Handles>,
}

impl Planned<'_> {
    /// Whether its items have the order of their keys, so that those of one key stand side by side.
    fn is_sorted(&self) -> bool {
        self.order.is_some() || plain_key(self.model).is_some()
    }
}

/// Writes what people made, in one read transaction. Gives the output back, unfinished.
pub fn condensed<W: Write>(
    source: &Source,
    format: Format<W>,
    options: &CondensedOptions<'_>,
) -> Result<Exported<W>> {
    let export = || {
        let connection = source.connection();
        stand_in::register_collations(connection)?;
        let _transaction = ReadTransaction::begin(connection)?;
        let mut model = Model::infer(connection, options.rules, options.wanted)?;
        let chosen = options.choice.choose(connection, &mut model)?;
        let doubted = Doubted::mark(connection, &mut model, &chosen)?;
        model.notes.iter().for_each(|note| options.progress.note(note));
        model.warnings.iter().for_each(|warning| options.progress.warn(warning));
        for name in model.sections.keys().filter(|name| !chosen.contains(name)) {
            model.left_out.entry(name.clone()).or_insert(Why::Unchosen);
        }
        let omitted = omitted(&model, &chosen);
        let (output, summary) = write(connection, &model, &chosen, doubted, format, options)?;
        let left_out = model.left_out;
        let secrets: Vec<&str> =
            omitted.iter().filter(|(_, why)| **why == "secret").map(|(place, _)| place.as_str()).collect();
        if !secrets.is_empty() {
            let list = secrets.join(", ");
            options.progress.note(&format!("secrets are left out: {list} (--with-secrets exports them)"));
        }
        anyhow::Ok(Exported { output, summary, left_out, omitted })
    };
    export().with_context(|| format!("cannot export {}", source.origin().path.display()))
}

/// The columns of the chosen sections that are not in the document, and why.
fn omitted(model: &Model, chosen: &[String]) -> IndexMap<String, &'static str> {
    let mut omitted = IndexMap::new();
    for (_, section) in model.sections.iter().filter(|(name, _)| chosen.contains(name)) {
        add_omitted(&section.shape, &mut omitted);
        let secrets = model.secrets.iter().filter(|(table, _)| section.shape.is_within(table));
        omitted.extend(secrets.map(|(_, place)| (place.clone(), "secret")));
    }
    omitted
}

fn add_omitted(shape: &Shape, omitted: &mut IndexMap<String, &'static str>) {
    let composed: Vec<String> = shape.composed.keys().cloned().collect();
    let scope: Vec<String> = shape.scope.iter().cloned().collect();
    for (columns, why) in [
        (&shape.omitted, "a number of the database, or not asked for"),
        (&shape.refetch, "can be fetched again"),
        (&shape.secret, "secret"),
        (&composed, "made of others"),
        (&scope, "says whose the rows are"),
    ] {
        omitted.extend(columns.iter().map(|column| (format!("{}.{column}", shape.table), why)));
    }
    shape.nested.values().for_each(|nested| add_omitted(&nested.shape, omitted));
}

fn write<W: Write>(
    connection: &Connection,
    model: &Model,
    chosen: &[String],
    mut doubted: Doubted,
    format: Format<W>,
    options: &CondensedOptions<'_>,
) -> Result<(Option<W>, Summary)> {
    let progress = options.progress;
    let anonymizer =
        if options.anonymize { Some(Rc::new(Anonymizer::create(connection, model)?)) } else { None };
    if let Some(anonymizer) = &anonymizer {
        let replaced = anonymizer.replaced();
        if !replaced.is_empty() {
            progress.note(&format!("made up: {}", replaced.join(", ")));
        }
        let kept = anonymizer.kept();
        if !kept.is_empty() {
            let kept: Vec<String> = kept.iter().map(|(column, why)| format!("{column} ({why})")).collect();
            progress.note(&format!("as they are: {}", kept.join(", ")));
        }
        for column in anonymizer.staying() {
            progress.warn(&format!(
                "the texts inside {column} stay as they are, but for those of keys such as email (larder.toml: personal)"
            ));
        }
    }
    let builder = ItemBuilder::new(connection, model, anonymizer.clone())?;
    let planned =
        step(progress, "sorting", None, Unit::Rows, || plan(connection, model, chosen, &builder, progress))?;
    builder.resolver.forget();
    let is_scoped = options.wanted.scope.is_some();
    doubted.add_witnesses(connection, model, chosen, &builder, is_scoped)?;
    let sections = sections(&planned, options);
    let metadata = metadata(connection, model, sections, doubted, anonymizer.as_deref(), options)?;
    // Nobody reads a document for people again.
    let is_read = !matches!(format, Format::Flat(..));
    let folder = files::roomy_folder(&[options.temporary, Path::new(".")], 0);
    let is_sorted = planned.iter().map(Planned::is_sorted).collect();
    let begin = || Written::begin(&metadata, is_sorted, folder, options.patience);
    let mut written = is_read.then(begin).transpose()?;
    let mut writer = format.begin(&metadata)?;
    let items = planned.iter().map(|planned| planned.items).sum();
    step(progress, "exporting", Some(items), Unit::Rows, || {
        planned.iter().enumerate().try_for_each(|(at, planned)| {
            writer.section(planned.name, &metadata.sections[planned.name])?;
            let mut write = |item, number, fields: &[Option<Value>]| {
                written.iter_mut().try_for_each(|written| written.item((at, item), number, fields))?;
                writer.row(number, fields.iter().map(|field| anyhow::Ok(field.as_ref().map(Borrowed::from))))
            };
            each_item(connection, planned, &builder, progress, &mut write)
                .with_context(|| format!("section {}", planned.name))
        })
    })?;
    written.map_or(Ok(()), Written::end)?;
    builder.resolver.losses.messages().iter().for_each(|message| progress.warn(message));
    writer.finish()
}

/// Counts the rows of sections, and sorts and numbers them where that is needed.
fn plan<'m>(
    connection: &Connection,
    model: &'m Model,
    chosen: &[String],
    builder: &ItemBuilder<'_>,
    progress: &dyn Progress,
) -> Result<Vec<Planned<'m>>> {
    let plan_all = |places: Option<&Places<'_>>| -> Result<Vec<Planned<'m>>> {
        let planned = chosen.iter().map(|name| {
            let known = model.sections.get_key_value(name).expect("it was chosen from the model");
            plan_section(connection, known, builder, places, progress)
        });
        planned.collect()
    };
    let planned = plan_all(None)?;
    for Planned { order, .. } in planned.iter().filter(|planned| planned.model.shape.key.is_empty()) {
        if order.as_ref().map_or(Ok(false), |order| order.has_ties(connection))? {
            // Rows that are the same in themselves are told apart by what refers to them, in whichever section that is.
            let section = |(name, section): (&'m String, &'m SectionModel)| Section {
                name,
                shape: &section.shape,
                condition: section.condition.clone(),
                is_written: chosen.contains(name),
            };
            let sections: Vec<Section<'_>> = model.sections.iter().map(section).collect();
            let places = Places::find(connection, &sections, progress)?;
            builder.resolver.forget_numbers();
            return plan_all(Some(&places));
        }
    }
    Ok(planned)
}

/// Counts the rows of a section, and sorts and numbers them where that is needed.
fn plan_section<'m>(
    connection: &Connection,
    (name, model): (&'m String, &'m SectionModel),
    builder: &ItemBuilder<'_>,
    places: Option<&Places<'_>>,
    progress: &dyn Progress,
) -> Result<Planned<'m>> {
    let shape = &model.shape;
    let sql = format!(
        "SELECT count(*) FROM {} WHERE {}",
        user_table(&shape.table),
        model.condition.as_deref().unwrap_or("1")
    );
    let items: i64 = connection
        .query_row(&sql, [], |row| row.get(0))
        .with_context(|| format!("cannot count the rows of {}", shape.table))?;
    let is_plain = plain_key(model).is_some_and(|key| !builder.replaces_any(&shape.table, &key));
    let order = if is_plain { None } else { sort(connection, (name, model), builder, places, progress)? };
    let numbers = match &order {
        Some(order) if shape.ids => number(connection, shape, order, builder)?,
        _ => None,
    };
    if let Some(numbers) = &numbers {
        builder.resolver.number(&shape.table, numbers.clone());
    }
    Ok(Planned { name, model, items: items.unsigned_abs(), order, numbers })
}

/// The columns of a key that SQLite can sort by.
fn plain_key(model: &SectionModel) -> Option<Vec<&str>> {
    let column = |field: &'_ String| match model.shape.field(field) {
        Field::Column(_) => true,
        Field::Reference(reference) => reference.plain,
        _ => false,
    };
    let key = &model.shape.key;
    (!key.is_empty() && key.iter().all(column)).then(|| key.iter().map(String::as_str).collect())
}

/// What takes an item: its place, its number where it has one, and its fields.
type EachItem<'a> = dyn FnMut(u64, Option<i64>, &[Option<Value>]) -> Result<()> + 'a;

/// Calls a function with every item of a section.
fn each_item(
    connection: &Connection,
    planned: &Planned<'_>,
    builder: &ItemBuilder<'_>,
    progress: &dyn Progress,
    each: &mut EachItem<'_>,
) -> Result<()> {
    let shape = &planned.model.shape;
    let mut columns = ItemBuilder::columns(shape);
    shape.row.iter().for_each(|own| columns.add(&own.column));
    let table = user_table(&shape.table);
    let condition = planned.model.condition.as_deref().unwrap_or("1");
    let rest = match (&planned.order, plain_key(planned.model)) {
        (Some(order), _) => format!(
            "FROM {handles} CROSS JOIN {table} ON {} ORDER BY {handles}.key, {handles}.place",
            order.joins(&table),
            handles = order.table,
        ),
        (None, Some(key)) => {
            let key: Vec<String> =
                key.iter().map(|name| format!("{table}.{} COLLATE BINARY", identifier(name))).collect();
            format!("FROM {table} WHERE {condition} ORDER BY {}", key.join(", "))
        }
        (None, None) => format!("FROM {table} WHERE {condition}"),
    };
    let mut query = RowQuery::prepare(connection, &columns, &table, &rest, builder.encoding())?;
    let mut rows: u64 = 0;
    query.for_each(&[], |row| {
        rows += 1;
        if rows.is_multiple_of(REPORT) {
            go_on(progress)?;
            progress.advance(REPORT);
        }
        let fields = builder.fields(shape, &columns, &row)?;
        let number = match &shape.row {
            Some(own) => match row[columns.at(&own.column)] {
                Value::Integer(number) => Some(number),
                _ => None,
            },
            // Local ids are given in the order in which items are written.
            None => planned.numbers.as_ref().map(|_| rows.cast_signed()),
        };
        each(rows - 1, number, &fields)
    })?;
    if rows == planned.items {
        return Ok(());
    }
    let name = &shape.table;
    Err(Fault::failed(format!("{name} has {} rows to be exported, but {rows} were read", planned.items))
        .into())
}

/// What is said of the sections.
fn sections(planned: &[Planned<'_>], options: &CondensedOptions<'_>) -> IndexMap<String, envelope::Section> {
    let section = |planned: &Planned<'_>| {
        let model = planned.model;
        let section = envelope::Section {
            items: planned.items,
            // A condition may name whom nobody shall recognise.
            filter: model.filter.clone().filter(|_| !options.anonymize),
            partial: model.partial || model.filter.is_some() && options.anonymize,
            shape: model.shape.clone(),
            rowids: false,
        };
        (planned.name.to_owned(), section)
    };
    planned.iter().map(section).collect()
}
