//! From a database to a document that holds what people made.

mod rows;

use super::anonymize::{Anonymizer, remove_texts};
use super::choice::Choice;
use super::doubts::Doubted;
use super::items::ItemBuilder;
use super::metadata::metadata;
use super::null_fields;
use crate::app::known::InForce;
use crate::app::left_out::Why;
use crate::app::model::Shape;
use crate::app::{Model, Wanted};
use crate::config::Rules;
use crate::database::value::{Borrowed, Value};
use crate::database::{Source, copy::ReadTransaction, stand_in};
use crate::document::envelope::{self, Summary};
use crate::document::writer::Format;
use crate::files;
use crate::patience::Patience;
use crate::progress::{Progress, Unit, step};
use crate::validate::Written;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use rows::{Planned, each_item, plan};
use rusqlite::Connection;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;

/// What is asked of a model and the chosen sections before anything is written: an error says why not.
pub type Check<'a> = dyn Fn(&Connection, &Model, &[String]) -> Result<()> + 'a;

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
    /// What has to be so, or nothing is exported.
    pub check: Option<&'a Check<'a>>,
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
        let in_force = InForce::of(connection, options.rules)?;
        in_force.message().iter().for_each(|message| options.progress.note(message));
        let options = &CondensedOptions { rules: &in_force.rules, ..*options };
        let mut model = Model::infer(connection, options.rules, options.wanted)?;
        let chosen = options.choice.choose(connection, &mut model)?;
        if let Some(Err(refused)) = options.check.map(|check| check(connection, &model, &chosen)) {
            return Ok(Err(refused));
        }
        let doubted = Doubted::mark(connection, &mut model, &chosen)?;
        if options.anonymize {
            remove_texts(&mut model);
        }
        null_fields::mark(connection, &mut model, &chosen)?;
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
        anyhow::Ok(Ok(Exported { output, summary, left_out, omitted }))
    };
    export().with_context(|| format!("cannot export {}", source.origin().path.display()))?
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
        tell(anonymizer, progress);
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

/// Says what is made up, and what stays.
fn tell(anonymizer: &Anonymizer<'_>, progress: &dyn Progress) {
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

/// What is said of the sections.
fn sections(planned: &[Planned<'_>], options: &CondensedOptions<'_>) -> IndexMap<String, envelope::Section> {
    let section = |planned: &Planned<'_>| {
        let model = planned.model;
        let mut shape = model.shape.clone();
        if options.anonymize {
            shape.drop_conditions();
        }
        let section = envelope::Section {
            items: planned.items,
            group: model.config.group.clone(),
            // A condition may name whom nobody shall recognise.
            filter: model.filter.clone().filter(|_| !options.anonymize),
            partial: model.partial || model.filter.is_some() && options.anonymize,
            shape,
            rowids: false,
            within: model.within.clone(),
        };
        (planned.name.to_owned(), section)
    };
    planned.iter().map(section).collect()
}
