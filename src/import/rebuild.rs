//! Building the database of a full document in a private file.
//!
//! The tables are made by their own SQL. While their rows come in they are plain ([`super::plain`]), so that every
//! value is stored exactly as it is, whatever the column's type or constraints would make of it today; and their
//! indexes are built at the end, sorted, which is faster too. This edits `sqlite_schema`, on a private file that is
//! checked afterwards.

use super::ImportOptions;
use super::application::{Application, LeftOut};
use super::load::FORGET_SEQUENCES;
use super::plain::{Plain, make_plain};
use super::schema_rows::{SchemaRows, set_sql};
use super::stand_ins::StandIns;
use crate::database::connection::{self, Access};
use crate::database::quote::user_table;
use crate::database::schema::{Object, ObjectKind, Table, Tables, starts_with_words};
use crate::database::selection::{Selected, is_internal};
use crate::document::envelope::{Metadata, Pragmas};
use crate::error::Fault;
use crate::failpoint;
use crate::files;
use crate::patience::Patience;
use crate::stream::RowsDigest;
use anyhow::{Context, Result};
use indexmap::{IndexMap, IndexSet};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use std::path::Path;

/// Mebibytes of pages, and as many for sorting, while a database is built.
const CACHE_MIB: u32 = 24;

/// A database being built.
pub struct Rebuild {
    connection: Connection,
    selected: Selected,
    tables: Vec<Filling>,
    pragmas: Pragmas,
    stand_ins: StandIns,
    application: Application,
    left_out: Vec<LeftOut>,
}

/// A table being filled.
pub struct Filling {
    /// What it is to be.
    pub table: Table,
    /// What it was before it became plain; nothing where its rows come in by its own SQL.
    pub plain: Option<Plain>,
    /// What its rows are.
    pub digest: RowsDigest,
}

impl Filling {
    /// Whether it is the table of the autoincrement counters.
    pub fn is_sequences(&self) -> bool {
        self.table.name.eq_ignore_ascii_case("sqlite_sequence")
    }
}

/// What a rebuilt database must be found to hold.
pub struct Expected {
    /// Its schema, in the order of its creation.
    pub objects: Vec<Object>,
    /// Its tables with the digests of their rows.
    pub tables: Vec<(Table, RowsDigest)>,
    /// What only the application can build.
    pub left_out: Vec<LeftOut>,
}

impl Expected {
    /// How many rows each table has.
    pub fn items(&self) -> IndexMap<String, u64> {
        self.tables.iter().map(|(table, digest)| (table.name.clone(), digest.count())).collect()
    }
}

impl Rebuild {
    /// Makes the file and its tables, and makes them plain.
    pub fn begin(path: &Path, metadata: &Metadata, options: &ImportOptions<'_>) -> Result<Self> {
        let (schema, pragmas) = schema_of(metadata)?;
        let pragmas = pragmas.clone();
        let mut selected = options.selection.choose(schema)?;
        let application = Application::read(&path.with_extension("schema"), metadata, options)?;
        let left_out = application.let_constraints_go(&mut selected.objects, metadata)?;
        drop(files::create(path)?);
        let mut connection = connection::open(path, Access::ReadWrite, &options.patience)?;
        prepare(&connection, &pragmas)?;
        connection.execute_batch("BEGIN")?;
        let stand_ins = StandIns::default();
        stand_ins.register_collations(&connection, schema)?;
        let stored = || selected.objects.iter().filter(|object| object.is_stored_table());
        define(&mut connection, stored(), &stand_ins)?;
        let (described, rows) = (Tables::read(&connection)?, SchemaRows::read(&connection)?);
        let mut tables = Vec::new();
        for object in stored() {
            let mut table = described.describe(&object.name)?;
            application.check(&connection, &table, &left_out)?;
            keep_computed(&mut table, metadata);
            let plain = make_plain(&connection, &table, &rows)?;
            tables.push(Filling { table, plain, digest: RowsDigest::default() });
        }
        reload_schema(&connection)?;
        Ok(Self { connection, selected, tables, pragmas, stand_ins, application, left_out })
    }

    /// The sections that are wanted, each with its columns.
    pub fn sections(&self) -> IndexMap<String, Vec<String>> {
        let section = |filling: &Filling| {
            (filling.table.name.clone(), filling.table.stored().map(str::to_owned).collect::<Vec<_>>())
        };
        self.tables.iter().map(section).collect()
    }

    /// The connection and the tables, for rows to be put in.
    pub(super) fn parts(&mut self) -> (&Connection, &mut [Filling], &Selected) {
        (&self.connection, &mut self.tables, &self.selected)
    }

    /// Gives the tables their own schema back, makes everything else, and closes the file.
    pub fn finish(self) -> Result<Expected> {
        let Self { mut connection, mut selected, tables, pragmas, stand_ins, application, mut left_out } =
            self;
        stand_ins.refuse_unknown_order("a table")?;
        for filling in &tables {
            if let Some(plain) = &filling.plain {
                plain.undo(&connection, &filling.table.name)?;
            }
        }
        reload_schema(&connection)?;
        if tables.iter().any(|filling| filling.is_sequences() && filling.digest.count() == 0) {
            connection.execute_batch(FORGET_SEQUENCES)?;
        }
        for filling in &tables {
            build_indexes(&connection, filling)?;
            stand_ins.refuse_unknown_order(&filling.table.name)?;
        }
        let rows =
            tables.iter().map(|filling| (filling.table.name.clone(), filling.digest.count())).collect();
        left_out.extend(application.let_indexes_go(&mut selected.objects, &rows));
        define_rest(&mut connection, &selected.objects, &stand_ins)?;
        put_right(&connection, &selected.objects)?;
        connection.pragma_update(None, "user_version", pragmas.user_version)?;
        connection.pragma_update(None, "application_id", pragmas.application_id)?;
        failpoint::hit("commit the rebuilt database")?;
        connection.execute_batch("COMMIT")?;
        let tables = tables.into_iter().map(|filling| (filling.table, filling.digest)).collect();
        Ok(Expected { objects: selected.objects, tables, left_out })
    }
}

/// The schema and the pragmas of a full document, whose SQL makes what it is said to make.
fn schema_of(metadata: &Metadata) -> Result<(&[Object], &Pragmas)> {
    let missing = |what: &str| Fault::invalid(format!("metadata.{what} is missing from a full document"));
    let schema = metadata.schema.as_deref().ok_or_else(|| missing("schema"))?;
    let pragmas = metadata.pragmas.as_ref().ok_or_else(|| missing("pragmas"))?;
    schema.iter().try_for_each(refuse_disguised)?;
    Ok((schema, pragmas))
}

/// Makes the tables and indexes of a full document in a private file, empty, to look at what they are. The connection has
/// no stand-ins.
pub fn make_schema(path: &Path, metadata: &Metadata, patience: &Patience) -> Result<Connection> {
    let (schema, pragmas) = schema_of(metadata)?;
    drop(files::create(path)?);
    let mut connection = connection::open(path, Access::ReadWrite, patience)?;
    prepare(&connection, pragmas)?;
    let stand_ins = StandIns::default();
    stand_ins.register_collations(&connection, schema)?;
    define(&mut connection, schema.iter().filter(|object| object.is_stored_table()), &stand_ins)?;
    define(&mut connection, schema.iter().filter(|object| object.kind == ObjectKind::Index), &stand_ins)?;
    drop(connection);
    connection::open(path, Access::ReadOnly, patience)
}

/// Counts computed columns whose values the document has among those that hold something.
pub fn keep_computed(table: &mut Table, metadata: &Metadata) {
    let section = metadata.sections.get(&table.name);
    table.keep_computed(|column| section.is_some_and(|section| section.shape.columns.contains_key(column)));
}

/// An error where SQL makes something else than it is said to make: it is about to be executed.
fn refuse_disguised(object: &Object) -> Result<()> {
    let words: &[&[&str]] = match object.kind {
        ObjectKind::Table => &[&["create", "table"], &["create", "virtual", "table"]],
        ObjectKind::Index => &[&["create", "index"], &["create", "unique", "index"]],
        ObjectKind::View => &[&["create", "view"]],
        ObjectKind::Trigger => &[&["create", "trigger"]],
    };
    if words.iter().any(|words| starts_with_words(&object.sql, words)) {
        return Ok(());
    }
    Err(disguised(object).into())
}

fn disguised(object: &Object) -> Fault {
    Fault::invalid(format!(
        "metadata.schema: the SQL of the {} {} makes something else",
        object.kind, object.name
    ))
}

/// What has to be said before a database has its first page. Nothing is durable: the file is private.
fn prepare(connection: &Connection, pragmas: &Pragmas) -> Result<()> {
    let Pragmas { page_size, auto_vacuum, encoding, .. } = pragmas;
    if !page_size.is_power_of_two() || !(512..=65_536).contains(page_size) {
        return Err(Fault::invalid(format!("metadata.pragmas: {page_size} is no page size")).into());
    }
    if *auto_vacuum > 2 || !["UTF-8", "UTF-16le", "UTF-16be"].contains(&encoding.as_str()) {
        return Err(Fault::invalid("metadata.pragmas: no such auto_vacuum or encoding").into());
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
    connection.execute_batch(&format!(
        "PRAGMA page_size = {page_size}; PRAGMA auto_vacuum = {auto_vacuum}; PRAGMA encoding = '{encoding}';
         PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA locking_mode = exclusive;
         PRAGMA ignore_check_constraints = on; PRAGMA writable_schema = on"
    ))?;
    Ok(connection::set_cache(connection, CACHE_MIB)?)
}

/// Makes objects by their SQL, which may do nothing else.
fn define<'a>(
    connection: &mut Connection,
    objects: impl Iterator<Item = &'a Object>,
    stand_ins: &StandIns,
) -> Result<()> {
    for object in objects {
        // sqlite_sequence comes with the first table that needs it.
        if is_internal(&object.name) && is_there(connection, object, 0)? {
            continue;
        }
        let last = "SELECT coalesce(max(rowid), 0) FROM sqlite_schema";
        let last = connection.query_row(last, [], |row| row.get(0))?;
        connection.authorizer(Some(only_definitions))?;
        let made = stand_ins.execute(connection, object);
        connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
        made?;
        stand_ins.refuse_unknown_order(&object.name)?;
        if !is_there(connection, object, last)? {
            return Err(disguised(object).into());
        }
    }
    Ok(())
}

fn only_definitions(context: AuthContext<'_>) -> Authorization {
    match context.action {
        // Queries are those that tables are made of; that of a view is not looked at when it is made.
        AuthAction::Select
        | AuthAction::Recursive
        | AuthAction::Attach { .. }
        | AuthAction::Detach { .. }
        | AuthAction::Pragma { .. }
        | AuthAction::Transaction { .. }
        | AuthAction::Savepoint { .. } => Authorization::Deny,
        _ => Authorization::Allow,
    }
}

/// Whether an object is in the schema, in a row after another: to look at all rows for each would take long.
fn is_there(connection: &Connection, object: &Object, after: i64) -> Result<bool> {
    let query = "SELECT count(*) > 0 FROM sqlite_schema WHERE rowid > ?1 AND type = ?2 AND name = ?3";
    let parameters = (after, object.kind.to_string(), &object.name);
    Ok(connection.query_row(query, parameters, |row| row.get(0))?)
}

/// Commits, makes SQLite read the schema anew, and begins again.
fn reload_schema(connection: &Connection) -> Result<()> {
    let batch = "COMMIT; PRAGMA writable_schema = reset; PRAGMA writable_schema = on; BEGIN";
    connection.execute_batch(batch).context("cannot reload the schema")
}

/// Builds the indexes of constraints, which had no rows while the table was plain.
fn build_indexes(connection: &Connection, filling: &Filling) -> Result<()> {
    let name = &filling.table.name;
    if filling.digest.count() == 0 || !filling.plain.as_ref().is_some_and(Plain::has_indexes) {
        return Ok(());
    }
    let reindex = format!("REINDEX {}", user_table(name));
    connection.execute_batch(&reindex).with_context(|| format!("cannot build the indexes of {name}"))
}

/// Makes indexes, views and triggers; a virtual table is its SQL, since its module may not be here, and the tables
/// in which it keeps its rows are there already.
fn define_rest(connection: &mut Connection, objects: &[Object], stand_ins: &StandIns) -> Result<()> {
    for object in objects.iter().filter(|object| object.is_virtual()) {
        let insert =
            "INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql) VALUES ('table', ?1, ?1, 0, ?2)";
        connection.execute(insert, [&object.name, &object.sql])?;
    }
    let of_kind = |kind| objects.iter().filter(move |object| object.kind == kind);
    define(connection, of_kind(ObjectKind::Index), stand_ins)?;
    define(connection, of_kind(ObjectKind::View), stand_ins)?;
    define(connection, of_kind(ObjectKind::Trigger), stand_ins)
}

/// Gives the schema the order and the very text that it had: the indexes of constraints follow their table.
fn put_right(connection: &Connection, wanted: &[Object]) -> Result<()> {
    let made = SchemaRows::read(connection)?;
    let mut order: IndexSet<i64> = IndexSet::new();
    for object in wanted {
        if let Some(row) = made.find(object.kind, &object.name) {
            order.insert(row.rowid);
            if row.sql.as_ref() != Some(&object.sql) {
                set_sql(connection, row.rowid, &object.sql)?;
            }
        }
        if object.kind == ObjectKind::Table {
            order.extend(made.constraints(&object.name).map(|row| row.rowid));
        }
    }
    order.extend(made.all().iter().map(|row| row.rowid));
    // Out of the way first: a rowid must be free to be taken.
    connection.execute_batch("UPDATE sqlite_schema SET rowid = rowid + 1000000000")?;
    let mut update =
        connection.prepare("UPDATE sqlite_schema SET rowid = ?1 WHERE rowid = ?2 + 1000000000")?;
    for (at, row) in order.iter().enumerate() {
        update.execute((i64::try_from(at)? + 1, row))?;
    }
    Ok(())
}
