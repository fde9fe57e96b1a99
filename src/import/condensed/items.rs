//! The items of a document, in a private file: where each is, what it is known by, and what was decided about it.

use super::target::Handle;
use crate::app::meaning::Meaning;
use crate::app::model::Shape;
use crate::database::connection;
use crate::database::value::Value;
use crate::document::json::{key_of, write_value};
use crate::document::label;
use crate::document::reader::Place;
use crate::patience::Patience;
use crate::stream::DigestWriter;
use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value as Json};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::io::{Write, sink};
use std::path::Path;

/// The items of a document.
pub struct Items {
    connection: Connection,
    /// Whether something is known of an item before it is decided.
    pub(super) has_forced: Cell<bool>,
    /// Whether an item comes in under another name or with other ids.
    pub(super) has_renamed: Cell<bool>,
    /// Whether somebody chose something for an item.
    pub(super) has_choices: Cell<bool>,
    /// Whether the names were looked for under which items came in before.
    pub(super) knows_names: Cell<bool>,
    /// Whether it was looked for items that are unchanged, and whether there are any.
    pub(super) knows_unchanged: Cell<bool>,
    pub(super) has_unchanged: Cell<bool>,
    /// Tables of which it is known above what the numbers of new rows begin.
    pub(super) begun: RefCell<HashSet<String>>,
    /// What the numbers in the database mean.
    pub(super) meaning: RefCell<Option<Meaning>>,
    /// Whether it is settled what becomes of children that clash.
    pub(super) has_settled: Cell<bool>,
    /// The tables of which it is kept which children are written.
    pub(super) watched: RefCell<HashSet<String>>,
    /// Sections with items that cannot be read.
    pub(super) unreadable: RefCell<HashSet<u32>>,
}

/// An item.
pub struct Item {
    /// Its section, by its place in the document.
    pub section: u32,
    /// Where it is.
    pub place: Place,
    /// Whether it comes in.
    pub wanted: Wanted,
    /// Its local id, or its row id where it was exported.
    pub number: Option<i64>,
    /// Its fields as JSON.
    pub json: String,
}

/// Whether an item comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// It is only there for others to refer to, and is not written.
    No,
    /// It comes in where it is not there, since a wanted one refers to it; what is there stays as it is.
    Along,
    /// It comes in.
    Yes,
}

impl Wanted {
    fn of(number: i64) -> Self {
        match number {
            ..=0 => Self::No,
            1 => Self::Along,
            _ => Self::Yes,
        }
    }
}

impl Items {
    /// None yet, in an empty file at `path`.
    pub fn create(path: &Path, patience: &Patience) -> Result<Self> {
        let connection = connection::create_private(path, patience)?;
        connection
            .execute_batch(
                "CREATE TABLE item(id INTEGER PRIMARY KEY, section, item, line, at, number, key, wanted, json);
                 CREATE INDEX by_key ON item(section, key) WHERE key IS NOT NULL;
                 CREATE INDEX by_number ON item(section, number) WHERE number IS NOT NULL;
                 CREATE INDEX by_place ON item(section, item);
                 CREATE TABLE fate(id INTEGER PRIMARY KEY, section, state, handle, by_key, is_unchanged NOT NULL DEFAULT 0);
                 CREATE TABLE uncertain(id INTEGER PRIMARY KEY);
                 CREATE TABLE written(id INTEGER PRIMARY KEY, is_all);
                 CREATE TABLE collision(id, section, handle);
                 CREATE TABLE forced(id INTEGER PRIMARY KEY, how, why, constraint_failed);
                 CREATE TABLE moved(name PRIMARY KEY, largest, stride);
                 CREATE TABLE held(name, number INTEGER, is_here, PRIMARY KEY(name, number, is_here)) WITHOUT ROWID;
                 CREATE TABLE seen(id INTEGER PRIMARY KEY, digest);
                 CREATE TABLE renamed(id INTEGER PRIMARY KEY, section, key, name, json, is_looked_at NOT NULL DEFAULT 0);
                 CREATE INDEX renamed_to ON renamed(section, key);
                 CREATE TABLE choice(id INTEGER PRIMARY KEY, strategy, name, seen);
                 CREATE TABLE line(id INTEGER PRIMARY KEY, outcome, text);
                 CREATE TABLE explanation(why);
                 CREATE TABLE lacking(section, key);
                 CREATE TABLE guess(id INTEGER PRIMARY KEY, item, section, handle, name, key, json,
                   checked NOT NULL DEFAULT 0, is_wrong NOT NULL DEFAULT 0);
                 CREATE UNIQUE INDEX guess_of ON guess(item, handle) WHERE item IS NOT NULL;
                 CREATE INDEX guess_at ON guess(section, handle) WHERE item IS NOT NULL;
                 CREATE TABLE need(guess, part, other);
                 CREATE TABLE alike(known INTEGER, digest BLOB, handle, PRIMARY KEY(known, digest, handle)) WITHOUT ROWID;
                 CREATE TABLE pair(item INTEGER PRIMARY KEY, section INTEGER, handle, referring INTEGER);
                 CREATE INDEX pair_of ON pair(section, handle);
                 CREATE TABLE node(id INTEGER PRIMARY KEY, kind INTEGER, is_row INTEGER, name TEXT, own BLOB, rest BLOB, label TEXT, parent INTEGER);
                 CREATE INDEX node_named ON node(kind, is_row, name);
                 CREATE INDEX node_own ON node(kind, own);
                 CREATE INDEX node_label ON node(kind, label) WHERE label IS NOT NULL;
                 CREATE INDEX node_parent ON node(parent) WHERE parent IS NOT NULL;
                 CREATE TABLE edge(source INTEGER, slot INTEGER, kind INTEGER, is_row INTEGER, name TEXT);
                 CREATE INDEX edge_source ON edge(source);
                 CREATE INDEX edge_row ON edge(kind, name) WHERE is_row;
                 CREATE TABLE referred(kind INTEGER, name TEXT, others INTEGER, PRIMARY KEY(kind, name)) WITHOUT ROWID;
                 CREATE TABLE numbered(number INTEGER PRIMARY KEY, id INTEGER UNIQUE);
                 CREATE TABLE belonging(item INTEGER, owner INTEGER, which INTEGER);
                 CREATE INDEX belonging_of ON belonging(item);
                 CREATE TABLE stays(id INTEGER PRIMARY KEY, handle);
                 CREATE TABLE adjusted(id INTEGER PRIMARY KEY, json);
                 CREATE TABLE settled(item, path, handle, is_whole, PRIMARY KEY(item, path));
                 CREATE TABLE member(name, item, path, handle, before, is_new, PRIMARY KEY(name, item, path));
                 CREATE INDEX member_of ON member(name, handle);
                 CREATE TABLE clash(id INTEGER PRIMARY KEY, item, path, name, section, outcome, text, choices, UNIQUE(item, path));
                 CREATE TABLE child_choice(item, child, strategy, PRIMARY KEY(item, child));
                 BEGIN",
            )
            .context("cannot prepare to read items")?;
        let none = || Cell::new(false);
        Ok(Self {
            connection,
            has_forced: none(),
            has_renamed: none(),
            has_choices: none(),
            knows_names: none(),
            knows_unchanged: none(),
            has_unchanged: none(),
            begun: RefCell::default(),
            meaning: RefCell::default(),
            has_settled: none(),
            watched: RefCell::default(),
            unreadable: RefCell::default(),
        })
    }

    /// The private file.
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Adds an item.
    pub fn add(
        &self,
        section: u32,
        place: Place,
        number: Option<i64>,
        key: Option<&str>,
        wanted: Wanted,
        json: &str,
    ) -> Result<()> {
        let sql = "INSERT INTO item(section, item, line, at, number, key, wanted, json)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let (item, line, column) = (signed(place.item), signed(place.line), signed(place.column));
        let values = params![section, item, line, column, number, key, wanted as i64, json];
        self.connection.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Says whether an item comes in.
    pub fn want(&self, id: i64, wanted: Wanted) -> Result<()> {
        let sql = "UPDATE item SET wanted = ?2 WHERE id = ?1";
        self.connection.prepare_cached(sql)?.execute(params![id, wanted as i64])?;
        Ok(())
    }

    /// Whether any item comes in.
    pub fn is_any_wanted(&self) -> Result<bool> {
        Ok(self.connection.prepare_cached("SELECT 1 FROM item WHERE wanted = 2")?.exists([])?)
    }

    /// The line of the item of a section with this key.
    pub fn line_of(&self, section: u32, key: &str) -> Result<Option<i64>> {
        let mut statement =
            self.connection.prepare_cached("SELECT line FROM item WHERE section = ?1 AND key = ?2")?;
        Ok(statement.query_row(params![section, key], |row| row.get(0)).optional()?)
    }

    /// Calls a function with every item, in the document's order.
    pub fn for_each(&self, each: impl FnMut(i64) -> Result<()>) -> Result<()> {
        self.for_each_where("SELECT id, id FROM item WHERE id > ?1 AND ?2 IS NULL", None, each)
    }

    /// The same, without those that are unchanged.
    pub fn for_each_changing(&self, each: impl FnMut(i64) -> Result<()>) -> Result<()> {
        if !self.has_unchanged.get() {
            return self.for_each(each);
        }
        let sql = "SELECT id, id FROM item AS i WHERE id > ?1 AND ?2 IS NULL
                   AND NOT EXISTS (SELECT 1 FROM fate AS f WHERE f.id = i.id AND f.is_unchanged)";
        self.for_each_where(sql, None, each)
    }

    /// Calls a function with those that are unchanged, in the document's order.
    pub fn for_each_unchanged(&self, each: impl FnMut(i64) -> Result<()>) -> Result<()> {
        if !self.has_unchanged.get() {
            return Ok(());
        }
        self.for_each_where(
            "SELECT id, id FROM fate WHERE id > ?1 AND ?2 IS NULL AND is_unchanged",
            None,
            each,
        )
    }

    /// Calls a function with every item of a section, in the document's order.
    pub fn for_each_of(&self, section: u32, each: impl FnMut(i64) -> Result<()>) -> Result<()> {
        self.for_each_where("SELECT id, item FROM item WHERE item > ?1 AND section = ?2", Some(section), each)
    }

    /// The same, without those that are unchanged.
    pub fn for_each_changing_of(&self, section: u32, each: impl FnMut(i64) -> Result<()>) -> Result<()> {
        if !self.has_unchanged.get() {
            return self.for_each_of(section, each);
        }
        let sql = "SELECT id, item FROM item AS i WHERE item > ?1 AND section = ?2
                   AND NOT EXISTS (SELECT 1 FROM fate AS f WHERE f.id = i.id AND f.is_unchanged)";
        self.for_each_where(sql, Some(section), each)
    }

    /// Calls a function with the items that a query finds, in the order of its second column, by which it goes on.
    fn for_each_where(
        &self,
        sql: &str,
        section: Option<u32>,
        mut each: impl FnMut(i64) -> Result<()>,
    ) -> Result<()> {
        /// So many are looked up at a time: the function may use the connection.
        const AT_A_TIME: u32 = 256;
        let sql = format!("{sql} ORDER BY 2 LIMIT ?3");
        let mut last: i64 = -1;
        let mut ids = Vec::new();
        loop {
            let mut statement = self.connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params![last, section, AT_A_TIME])?;
            while let Some(row) = rows.next()? {
                ids.push(row.get(0)?);
                last = row.get(1)?;
            }
            drop(rows);
            drop(statement);
            if ids.is_empty() {
                return Ok(());
            }
            ids.drain(..).try_for_each(&mut each)?;
        }
    }

    /// How many there are.
    pub fn len(&self) -> Result<u64> {
        let count: i64 = self.connection.query_row("SELECT count(*) FROM item", [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Whether an item comes in.
    pub fn wanted(&self, id: i64) -> Result<Wanted> {
        let mut statement = self.connection.prepare_cached("SELECT wanted FROM item WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get::<_, i64>(0)).map(Wanted::of)?)
    }

    /// An item by its number here.
    pub fn get(&self, id: i64) -> Result<Item> {
        let mut statement = self.connection.prepare_cached(
            "SELECT i.section, item, line, coalesce(r.json, a.json, i.json), at, wanted, number FROM item AS i
                 LEFT JOIN renamed AS r ON r.id = i.id LEFT JOIN adjusted AS a ON a.id = i.id WHERE i.id = ?1",
        )?;
        let item = statement.query_row([id], |row| {
            let unsigned = |number: i64| number.unsigned_abs();
            let place = Place {
                item: unsigned(row.get(1)?),
                line: unsigned(row.get(2)?),
                column: unsigned(row.get(4)?),
            };
            let (section, wanted) = (row.get(0)?, Wanted::of(row.get(5)?));
            Ok(Item { section, place, wanted, number: row.get(6)?, json: row.get(3)? })
        });
        item.context("an item is where it was put")
    }

    /// The item of a section with this key.
    pub fn by_key(&self, section: u32, key: &str) -> Result<Option<i64>> {
        let sql = "SELECT id FROM item WHERE section = ?1 AND key = ?2 LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![section, key], |row| row.get(0)).optional()?)
    }

    /// The item of a section with this number.
    pub fn by_number(&self, section: u32, number: i64) -> Result<Option<i64>> {
        let sql = "SELECT id FROM item WHERE section = ?1 AND number = ?2 LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![section, number], |row| row.get(0)).optional()?)
    }

    /// The item at a place in its section.
    pub fn at_place(&self, section: usize, item: u64) -> Result<Option<i64>> {
        let sql = "SELECT id FROM item WHERE section = ?1 AND item = ?2";
        let (section, item) = (i64::try_from(section)?, i64::try_from(item)?);
        Ok(self.connection.prepare_cached(sql)?.query_row([section, item], |row| row.get(0)).optional()?)
    }

    /// A digest of all items.
    pub fn digest(&self) -> Result<String> {
        let mut digest = DigestWriter::new(sink());
        let mut statement =
            self.connection.prepare("SELECT section, number, wanted, json FROM item ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let numbers: (i64, Option<i64>, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            writeln!(digest, "{numbers:?}{}", row.get_ref(3)?.as_str()?)?;
        }
        Ok(digest.finish().1.to_string())
    }
}

/// Values as text that a private file keeps.
pub fn pack(values: &[Value]) -> String {
    let mut text = b"[".to_vec();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        write_value(value.into(), &mut text);
    }
    text.push(b']');
    String::from_utf8(text).expect("values are written as UTF-8")
}

/// The values that [`pack`] made text of.
pub fn unpack(text: &str) -> Result<Handle> {
    let values: Vec<Json> = serde_json::from_str(text)?;
    values.iter().map(|json| super::incoming::value(json).map_err(anyhow::Error::msg)).collect()
}

/// The same of an item as it stands in a document, where references have labels.
pub fn key_text_in(shape: &Shape, json: &Map<String, Json>) -> Option<String> {
    key_text(shape, |field| json.get(key_of(field).as_ref()).map(|value| label::without(value).to_string()))
}

/// The text that two items with the same key share; nothing where items have no key.
pub fn key_text(shape: &Shape, field: impl Fn(&str) -> Option<String>) -> Option<String> {
    if shape.key.is_empty() {
        return None;
    }
    let parts: Option<Vec<String>> = shape.key.iter().map(|name| field(name)).collect();
    parts.map(|parts| parts.join("\n"))
}
