//! From a database to a document.

use crate::app::known::InForce;
use crate::app::model::Shape;
use crate::app::{app_version, schema_version};
use crate::config::Rules;
use crate::database::application::{ApplicationIndex, application_indexes, cannot_write};
use crate::database::properties::Properties;
use crate::database::rows::{Encoding, TableReader, are_counted_up, count};
use crate::database::schema::{Object, Rowid, Table, Tables, objects};
use crate::database::selection::{Selected, Selection};
use crate::database::value::Borrowed;
use crate::database::{Source, copy::ReadTransaction, stand_in};
use crate::document::envelope::{FORMAT, FULL_VERSION, Metadata, Mode, Pragmas, Section, Summary};
use crate::document::writer::{DocumentWriter, Format};
use crate::error::Fault;
use crate::progress::{Progress, Unit, go_on, step};
use anyhow::{Context, Result};
use chrono::{DateTime, SubsecRound, Utc};
use indexmap::IndexMap;
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};
use std::io::Write;

/// Rows between two reports of progress.
const REPORT: u64 = 1024;
/// How many things that need the application are named one by one.
const MOST_WARNINGS: usize = 10;

/// What is exported, and how it is named.
pub struct ExportOptions<'a> {
    /// The application.
    pub app: &'a str,
    /// What its settings say of its data.
    pub rules: &'a Rules,
    /// Which tables.
    pub selection: &'a Selection,
    /// The time that the document bears.
    pub now: DateTime<Utc>,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// A table that is exported.
struct Planned {
    table: Table,
    rows: u64,
    /// The hidden rowids are written down.
    rowids: bool,
    /// Only the rows that are about chosen tables.
    filtered: bool,
}

/// Writes everything that SQLite holds, in one read transaction. Gives the output back, unfinished.
pub fn full<W: Write>(
    source: &Source,
    format: Format<W>,
    options: &ExportOptions<'_>,
) -> Result<(Option<W>, Summary)> {
    export_full(source, format, options)
        .with_context(|| format!("cannot export {}", source.origin().path.display()))
}

fn export_full<W: Write>(
    source: &Source,
    format: Format<W>,
    options: &ExportOptions<'_>,
) -> Result<(Option<W>, Summary)> {
    let connection = source.connection();
    connection.pragma_update(None, "query_only", true)?;
    let _transaction = ReadTransaction::begin(connection)?;
    let selected = options.selection.choose(&objects(connection)?)?;
    // Only without stand-ins does SQLite say what it lacks.
    let application = application(connection, &selected, options.progress)?;
    stand_in::register_collations(connection)?;
    let tables = plan(connection, &selected, &application, options.progress)?;
    let pragmas = pragmas(connection, source.origin().wal_mode)?;
    let encoding = Encoding::of(connection)?;
    let mut metadata = metadata(&tables, selected.objects.clone(), pragmas, options);
    metadata.needs_application = application.needed(&tables);
    let rules = InForce::of(connection, options.rules)?.rules;
    metadata.app_version = app_version(connection, rules.app_version.as_deref())?;
    if let Some(sql) = &rules.schema_version {
        metadata.schema_version = Some(schema_version(connection, Some(sql))?);
    }
    for index in metadata.needs_application.iter().take(MOST_WARNINGS) {
        options.progress.warn(&format!("{index}: an import leaves it out and prints its SQL"));
    }
    if metadata.needs_application.len() > MOST_WARNINGS {
        let more = metadata.needs_application.len() - MOST_WARNINGS;
        options.progress.warn(&format!("so do {more} more: metadata.needs_application lists them"));
    }
    let metadata = metadata;
    let mut writer = format.begin(&metadata)?;
    let mut write = |planned: &Planned| {
        let section = &metadata.sections[&planned.table.name];
        writer.section(&planned.table.name, section)?;
        write_table(connection, planned, encoding, &selected, &mut writer, options.progress)
            .with_context(|| format!("table {}", planned.table.name))
    };
    let rows = tables.iter().map(|planned| planned.rows).sum();
    step(options.progress, "exporting", Some(rows), Unit::Rows, || tables.iter().try_for_each(&mut write))?;
    writer.finish()
}

/// What only the application can do with the tables.
struct Application {
    /// The indexes that it must build.
    indexes: Vec<ApplicationIndex>,
    /// The tables whose computed columns only it can compute.
    computed: HashSet<String>,
}

impl Application {
    /// The indexes that cannot be built for so many rows.
    fn needed(&self, tables: &[Planned]) -> Vec<ApplicationIndex> {
        let rows: HashMap<&str, u64> =
            tables.iter().map(|planned| (planned.table.name.as_str(), planned.rows)).collect();
        let rows = |index: &ApplicationIndex| rows.get(index.table.as_str()).copied().unwrap_or_default();
        self.indexes.iter().filter(|index| !index.is_buildable(rows(index))).cloned().collect()
    }
}

fn application(connection: &Connection, selected: &Selected, progress: &dyn Progress) -> Result<Application> {
    let described = Tables::read(connection)?;
    let mut found = Application { indexes: Vec::new(), computed: HashSet::new() };
    for object in selected.objects.iter().filter(|object| object.is_stored_table()) {
        go_on(progress)?;
        let table = described.describe(&object.name)?;
        found.indexes.extend(application_indexes(connection, &table)?);
        if table.computes() && cannot_write(connection, &table.name)? {
            found.computed.insert(table.name);
        }
    }
    Ok(found)
}

fn plan(
    connection: &Connection,
    selected: &Selected,
    application: &Application,
    progress: &dyn Progress,
) -> Result<Vec<Planned>> {
    let described = Tables::read(connection)?;
    let mut tables = Vec::new();
    for object in selected.objects.iter().filter(|object| object.is_stored_table()) {
        go_on(progress)?;
        let mut table = described.describe(&object.name)?;
        let is_computed = application.computed.contains(&table.name);
        table.keep_computed(|_| is_computed);
        let filtered = selected.is_filtered(&object.name);
        let rows = if filtered {
            count_wanted(connection, &table, selected)?
        } else {
            count(connection, &object.name)?
        };
        let rowids = filtered || !are_counted_up(connection, &table, rows)?;
        tables.push(Planned { table, rows, rowids, filtered });
    }
    // Filling any other table changes the sequences, so they come last.
    tables.sort_by_key(|planned| planned.table.name.eq_ignore_ascii_case("sqlite_sequence"));
    Ok(tables)
}

fn count_wanted(connection: &Connection, table: &Table, selected: &Selected) -> Result<u64> {
    let mut rows = 0;
    TableReader::prepare(connection, table, false, Encoding::of(connection)?)?.for_each(|_, row| {
        rows += u64::from(is_wanted(row.values().next().transpose()?, selected));
        Ok(())
    })?;
    Ok(rows)
}

/// Whether a row of one of SQLite's own tables is about a chosen table, whose name comes first in it.
fn is_wanted(first: Option<Borrowed<'_>>, selected: &Selected) -> bool {
    matches!(first, Some(Borrowed::Text(table)) if selected.wants(table))
}

fn write_table<W: Write>(
    connection: &Connection,
    planned: &Planned,
    encoding: Encoding,
    selected: &Selected,
    writer: &mut DocumentWriter<W>,
    progress: &dyn Progress,
) -> Result<()> {
    let mut reader = TableReader::prepare(connection, &planned.table, planned.rowids, encoding)?;
    let mut rows = 0;
    reader.for_each(|rowid, row| {
        if planned.filtered && !is_wanted(row.values().next().transpose()?, selected) {
            return Ok(());
        }
        rows += 1;
        if rows % REPORT == 0 {
            go_on(progress)?;
            progress.advance(REPORT);
        }
        writer.row(rowid, row.values())
    })?;
    if rows == planned.rows {
        return Ok(());
    }
    let message = format!("{} rows were counted and {rows} read: the database is damaged", planned.rows);
    Err(Fault::new(crate::error::Kind::Damaged, message)
        .hint("larder snapshot --keep-damaged keeps what can be copied")
        .into())
}

fn pragmas(connection: &Connection, wal_mode: bool) -> Result<Pragmas> {
    let properties = Properties::read(connection)?;
    Ok(Pragmas {
        page_size: properties.page_size,
        auto_vacuum: properties.auto_vacuum,
        encoding: properties.encoding,
        // A private copy may be in another mode than the database that it was made of.
        journal_mode: if wal_mode { "wal" } else { "delete" }.to_owned(),
        user_version: properties.user_version,
        application_id: properties.application_id,
    })
}

fn metadata(
    tables: &[Planned],
    schema: Vec<Object>,
    pragmas: Pragmas,
    options: &ExportOptions<'_>,
) -> Metadata {
    let section = |planned: &Planned| {
        let name = planned.table.name.clone();
        let columns = planned.table.columns.iter().filter(|column| column.generated.is_none());
        let columns = columns.map(|column| (column.name.clone(), column.affinity().into())).collect();
        let rowids = planned.rowids && matches!(planned.table.rowid, Rowid::Hidden(_));
        let shape = Shape { table: name.clone(), columns, ..Shape::default() };
        (
            name,
            Section {
                items: planned.rows,
                shape,
                group: None,
                filter: None,
                partial: false,
                rowids,
                within: None,
            },
        )
    };
    let sections: IndexMap<String, Section> = tables.iter().map(section).collect();
    Metadata {
        format: FORMAT.to_owned(),
        version: FULL_VERSION,
        mode: Mode::Full,
        app: options.app.to_owned(),
        app_version: None,
        schema_version: Some(pragmas.user_version.to_string()),
        exported_at: options.now.trunc_subsecs(0),
        larder_version: env!("CARGO_PKG_VERSION").to_owned(),
        includes: sections.keys().cloned().collect(),
        sections,
        empty_sections: Vec::new(),
        anonymized: false,
        referenced: IndexMap::new(),
        by_id: false,
        scope: None,
        doubts: Vec::new(),
        witnesses: Vec::new(),
        unwitnessed: Vec::new(),
        left_out: IndexMap::new(),
        schema: Some(schema),
        needs_application: Vec::new(),
        pragmas: Some(pragmas),
    }
}
