//! Rows that are known by what they hold: which of them each item is.
//!
//! Sections without a key that refer to each other are looked at together ([`together`]): which row one is hangs on which rows
//! the others are. Items of all others find their row by a digest of what they hold, one after another.

mod digests;
mod edited;
mod hints;
mod kinds;
mod nodes;
pub(super) mod order;
mod rows;
mod together;

pub use digests::{Digest, digest};

use super::incoming::Incoming;
use super::items::{Items, pack, unpack};
use super::resolve::{Resolver, Row};
use super::target::Handle;
use crate::app::model::{Nested, Shape};
use crate::database::children::Children;
use crate::database::rows::Encoding;
use crate::database::value::Value;
use crate::progress::Progress;
use anyhow::Result;
use rusqlite::{OptionalExtension, params};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// So many equal rows are looked at for one whose row id no item has.
const MOST_LOOKED_AT: u32 = 64;

/// What rows hold.
pub struct Content<'p> {
    children: Children<'p>,
    encoding: Encoding,
    /// The sets of columns and children by which rows were looked at, each with its number in the private file.
    known: RefCell<HashMap<String, i64>>,
    /// The values of columns that refer to nothing, by the columns.
    lost: RefCell<HashMap<[String; 2], Rc<HashSet<String>>>>,
    progress: &'p dyn Progress,
    /// Whether rows are looked for that were edited.
    finds_edited: bool,
}

/// The row that an item is by its content.
pub struct Paired {
    pub handle: Handle,
    /// How many items refer to it, where it is likely that the row was edited; nothing where it holds the same.
    pub referring: Option<u64>,
}

impl<'p> Content<'p> {
    /// Of a database that nobody changes meanwhile. Rows that were edited are looked for if `finds_edited`.
    pub fn new(resolver: &Resolver<'p>, finds_edited: bool, progress: &'p dyn Progress) -> Result<Self> {
        let encoding = Encoding::of(resolver.target.connection)?;
        Ok(Self {
            children: Children::new(resolver.target.connection, encoding),
            encoding,
            known: RefCell::default(),
            lost: RefCell::default(),
            progress,
            finds_edited,
        })
    }

    /// The row that an item of a section is, which no other item then is. Without an item, only whether there is one.
    pub fn take(
        &self,
        resolver: &Resolver<'p>,
        (id, section, shape): (Option<i64>, u32, &Shape),
        incoming: &Incoming<'_>,
        row: &Row,
        own: Option<i64>,
    ) -> Result<Option<Handle>> {
        let kinds: Vec<&Nested> = incoming.children.iter().map(|(nested, _)| *nested).collect();
        let columns: Vec<String> = row.keys().cloned().collect();
        let known = self.digest_rows(resolver, (section, shape), &columns, &kinds)?;
        let Some(digest) = digests::of_item(resolver, shape, incoming, row)? else { return Ok(None) };
        let found = resolver.items.alike(section, known, &digest, own)?;
        if let (Some(id), Some(handle)) = (id, &found) {
            resolver.items.pair(id, section, handle)?;
            // It is not looked at again: of equal rows there may be many.
            let sql = "DELETE FROM alike WHERE known = ?1 AND digest = ?2 AND handle = ?3";
            resolver.items.connection().prepare_cached(sql)?.execute(params![known, digest, handle])?;
        }
        found.map(|handle| unpack(&handle)).transpose()
    }

    /// Remembers the digests of all rows of a section, by some columns and children. Gives back what they are known under.
    fn digest_rows(
        &self,
        resolver: &Resolver<'p>,
        (section, shape): (u32, &Shape),
        wanted: &[String],
        kinds: &[&Nested],
    ) -> Result<i64> {
        let tables: Vec<&str> = kinds.iter().map(|nested| nested.shape.table.as_str()).collect();
        let name = format!("{section}\0{}\0\0{}", wanted.join("\0"), tables.join("\0"));
        if let Some(known) = self.known.borrow().get(&name) {
            return Ok(*known);
        }
        let known = i64::try_from(self.known.borrow().len())?;
        let columns = digests::columns_of(wanted, kinds);
        self.each_row(resolver, shape, columns, |columns, row| {
            let digest = self.of_row(resolver, shape, wanted, kinds, columns, row)?;
            resolver.items.remember_row(known, &digest, &pack(columns.handle_of(row)))
        })?;
        self.known.borrow_mut().insert(name, known);
        Ok(known)
    }
}

impl Items {
    /// Remembers a row by its digest.
    fn remember_row(&self, known: i64, digest: &Digest, handle: &str) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO alike(known, digest, handle) VALUES (?1, ?2, ?3)";
        self.connection().prepare_cached(sql)?.execute(params![known, digest, handle])?;
        Ok(())
    }

    /// A row with a digest that no item is: the one with an item's own row id, or one whose row id no other item has, or any.
    fn alike(&self, section: u32, known: i64, digest: &Digest, own: Option<i64>) -> Result<Option<String>> {
        let free = "NOT EXISTS (SELECT 1 FROM pair AS p WHERE p.section = ?3 AND p.handle = a.handle)";
        let from = format!("SELECT a.handle FROM alike AS a WHERE a.known = ?1 AND a.digest = ?2 AND {free}");
        let values = params![known, digest, section];
        if let Some(own) = own {
            let sql = format!("{from} AND a.handle = ?4");
            let own = pack(&[Value::Integer(own)]);
            let mut statement = self.connection().prepare_cached(&sql)?;
            let found: Option<String> =
                statement.query_row(params![known, digest, section, own], |row| row.get(0)).optional()?;
            if found.is_some() {
                return Ok(found);
            }
            let mut statement =
                self.connection().prepare_cached(&format!("{from} LIMIT {MOST_LOOKED_AT}"))?;
            let mut rows = statement.query(values)?;
            while let Some(row) = rows.next()? {
                let handle: String = row.get(0)?;
                if let [Value::Integer(number)] = unpack(&handle)?.as_slice()
                    && self.by_number(section, *number)?.is_none()
                {
                    return Ok(Some(handle));
                }
            }
        }
        let mut statement = self.connection().prepare_cached(&format!("{from} LIMIT 1"))?;
        Ok(statement.query_row(values, |row| row.get(0)).optional()?)
    }

    /// Remembers the row that an item is by its content, unless it is one that was edited.
    fn pair(&self, id: i64, section: u32, handle: &str) -> Result<()> {
        let sql = "INSERT INTO pair(item, section, handle) VALUES (?1, ?2, ?3)
                   ON CONFLICT(item) DO UPDATE SET handle = ?3 WHERE referring IS NULL";
        self.connection().prepare_cached(sql)?.execute(params![id, section, handle])?;
        Ok(())
    }

    /// The row that an item is by its content, where that was found out.
    pub(super) fn paired(&self, id: i64) -> Result<Option<Paired>> {
        let sql = "SELECT handle, referring FROM pair WHERE item = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let found: Option<(String, Option<i64>)> =
            statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let paired = |(handle, referring): (String, Option<i64>)| -> Result<Paired> {
            Ok(Paired { handle: unpack(&handle)?, referring: referring.map(i64::unsigned_abs) })
        };
        found.map(paired).transpose()
    }
}
