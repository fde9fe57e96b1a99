//! Items without a key that are no row, and rows that no item is: which of them are likely the same, and were edited.
//!
//! Two are where they refer to the same, and no other two that are left and do have their label. Else what refers to them
//! tells: at least half of what refers to either refers to both, nothing else has as much in common with one of them, and half of
//! what they hold by themselves is the same.

use super::kinds::{Kind, Kinds};
use super::nodes::by_itself;
use crate::app::model::{JsonColumn, Reference};
use crate::database::value::Value;
use crate::import::condensed::incoming;
use crate::import::condensed::items::{Items, unpack};
use crate::import::condensed::resolve::{Resolver, Row};
use crate::import::condensed::state::Forced;
use crate::import::condensed::values::{same, same_json, stored};
use anyhow::Result;
use rusqlite::{OptionalExtension, params};
use serde_json::{Map, Value as Json};
use std::collections::{HashMap, HashSet};

/// What refers to more rows than so many in the same way tells none of them from the others.
const MOST_LIKE: u32 = 16;
/// What is alike in fewer references tells nothing.
const FEWEST: i64 = 2;
/// A node `n` of a row that no item of the section `?2` is.
const FREE_ROW: &str = "NOT EXISTS (SELECT 1 FROM pair WHERE section = ?2 AND handle = n.name)";
/// The rows that a node `n` refers to; what is an item and no row is none.
const TARGETS: &str = "ifnull((SELECT group_concat(kind || ' ' || iif(is_row, name,
        ifnull((SELECT handle FROM pair WHERE item = CAST(name AS INTEGER)), '?' || name)), char(31))
    FROM (SELECT * FROM edge WHERE source = n.id ORDER BY slot)), '')";

/// How many items refer to an item by themselves or by a child, however often: edges `e`.
const REFERRING: &str =
    "SELECT count(DISTINCT coalesce(c.id, b.id, a.id)) FROM edge AS e JOIN node AS a ON a.id = e.source
    LEFT JOIN node AS b ON b.id = a.parent LEFT JOIN node AS c ON c.id = b.parent WHERE NOT e.is_row";

/// Looks for rows that were edited.
pub(super) struct Edited<'a, 'p> {
    pub resolver: &'a Resolver<'p>,
    pub kinds: &'a Kinds<'p>,
}

/// An item and a row that have something in common, and how much.
struct Likeness {
    item: i64,
    handle: String,
    shared: i64,
}

impl<'p> Edited<'_, 'p> {
    /// Pairs items with the rows that are likely theirs, and were edited. Says whether there are any.
    pub fn find(&self) -> Result<bool> {
        let items = self.resolver.items;
        items.connection().execute_batch("CREATE INDEX edge_item ON edge(kind, name) WHERE NOT is_row")?;
        let mut is_one = false;
        for (at, kind) in self.kinds.all.iter().enumerate().filter(|(_, kind)| kind.may_be_edited) {
            is_one |= items.pair_by_label(at, kind.section)? > 0;
            let refers_to_none = kind.references.is_empty() && kind.json.is_empty();
            let alike = items.alike_by_referrers(at, kind.section)?;
            for likely in clearest(&alike) {
                if (refers_to_none || items.refer_alike(at, likely)?)
                    && self.is_half_the_same(kind, likely)?
                {
                    items.pair_edited(at, kind.section, likely)?;
                    is_one = true;
                }
            }
        }
        items.connection().execute_batch("DROP INDEX edge_item")?;
        Ok(is_one)
    }

    /// Whether at least half of what an item or a row holds by itself both hold, and all by which they refer to others.
    fn is_half_the_same(&self, kind: &Kind<'p>, likely: &Likeness) -> Result<bool> {
        let target = self.resolver.target;
        let json: Map<String, Json> = serde_json::from_str(&self.resolver.items.get(likely.item)?.json)?;
        let Ok(read) = incoming::read(kind.shape, &json) else { return Ok(false) };
        let Ok(row) = self.resolver.row(kind.shape, &by_itself(kind, &read), &Row::new())? else {
            return Ok(false);
        };
        let table = target.table(&kind.shape.table)?;
        let handle = unpack(&likely.handle)?;
        if target.is_left_out(kind.shape, &handle)? {
            return Ok(false);
        }
        let columns: Vec<&str> = kind.columns.iter().map(String::as_str).collect();
        let there = target.load(&kind.shape.table, &columns, &handle)?.unwrap_or_default();
        let (mut all, mut alike) = (0, 0);
        for (name, there) in columns.iter().zip(&there) {
            let own = row.get(*name).unwrap_or(&Value::Null);
            if *own == Value::Null && *there == Value::Null {
                continue;
            }
            let refers = |own: &&Reference| own.columns.iter().any(|column| column == name);
            all += 1;
            let is_json = kind.shape.json.get(*name).is_some_and(JsonColumn::holds_json);
            let is_same = same(&stored(own, table.affinity(name)), there) || is_json && same_json(own, there);
            if !is_same && kind.shape.references.values().any(|own| refers(&own)) {
                return Ok(false);
            }
            alike += i32::from(is_same);
        }
        Ok(all > 0 && alike * 2 >= all)
    }
}

impl Items {
    /// How many items refer to one that is likely an edited state of its row; nothing where it is another's, or holds the same.
    pub(in crate::import::condensed) fn referring_to_edited(&self, id: i64) -> Result<Option<u64>> {
        Ok(self.paired(id)?.and_then(|paired| paired.referring))
    }

    /// Pairs what no other two that are left of a kind are called. Says how many there are.
    fn pair_by_label(&self, kind: usize, section: u32) -> Result<usize> {
        let free_item = free_item();
        let sql = format!(
            "INSERT INTO pair(item, section, handle, referring)
             SELECT item, ?2, handle, ({REFERRING} AND e.kind = ?1 AND e.name = CAST(item AS TEXT))
             FROM (SELECT max(CAST(iif(is_row, NULL, name) AS INTEGER)) AS item, max(iif(is_row, name, NULL)) AS handle
                   FROM node AS n WHERE kind = ?1 AND label IS NOT NULL AND iif(is_row, {FREE_ROW}, {free_item})
                   GROUP BY label, {TARGETS} HAVING sum(NOT is_row) = 1 AND sum(is_row) = 1) AS one
             WHERE (SELECT wanted FROM item WHERE id = one.item) > 0"
        );
        Ok(self.connection().execute(&sql, params![i64::try_from(kind)?, section])?)
    }

    /// The items and rows of a kind, of those that are left, to which most of the same refers: the most alike first.
    fn alike_by_referrers(&self, kind: usize, section: u32) -> Result<Vec<Likeness>> {
        let free_item = free_item();
        let sql = format!(
            "WITH referring AS MATERIALIZED (
                SELECT n.is_row, n.name, n.slot, s.kind AS by, s.own, count(*) AS many
                FROM edge AS n JOIN node AS s ON s.id = n.source
                WHERE n.kind = ?1 AND iif(n.is_row, {FREE_ROW}, {free_item}) GROUP BY 1, 2, 3, 4, 5),
             telling AS MATERIALIZED (
                SELECT slot, by, own FROM referring WHERE is_row GROUP BY 1, 2, 3 HAVING count(*) <= ?3),
             total AS MATERIALIZED (
                SELECT r.is_row, r.name, sum(many) + iif(is_row, ifnull((SELECT others FROM referred
                    WHERE kind = ?1 AND name = r.name), 0), 0) AS many FROM referring AS r GROUP BY 1, 2)
             SELECT CAST(i.name AS INTEGER), r.name, sum(min(i.many, r.many)) AS shared
             FROM telling AS t JOIN referring AS i ON (i.slot, i.by, i.own) = (t.slot, t.by, t.own) AND NOT i.is_row
             JOIN referring AS r ON (r.slot, r.by, r.own) = (t.slot, t.by, t.own) AND r.is_row
             JOIN total AS a ON a.name = i.name AND NOT a.is_row JOIN total AS b ON b.name = r.name AND b.is_row
             GROUP BY i.name, r.name HAVING shared >= ?4 AND shared * 2 >= max(a.many, b.many) ORDER BY shared DESC"
        );
        let mut statement = self.connection().prepare(&sql)?;
        let values = params![i64::try_from(kind)?, section, MOST_LIKE, FEWEST];
        let likeness = |row: &rusqlite::Row<'_>| {
            Ok(Likeness { item: row.get(0)?, handle: row.get(1)?, shared: row.get(2)? })
        };
        Ok(statement.query_map(values, likeness)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether an item that comes in and a row refer to the same.
    fn refer_alike(&self, kind: usize, likely: &Likeness) -> Result<bool> {
        let sql = format!(
            "SELECT count(*) = 2 AND count(DISTINCT {TARGETS}) = 1 FROM node AS n WHERE kind = ?1
             AND (is_row AND name = ?3 OR NOT is_row AND name = CAST(?2 AS TEXT))
             AND (SELECT wanted FROM item WHERE id = ?2) > 0"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let values = params![i64::try_from(kind)?, likely.item, likely.handle];
        Ok(statement.query_row(values, |row| row.get(0))?)
    }

    fn pair_edited(&self, kind: usize, section: u32, likely: &Likeness) -> Result<()> {
        let sql = format!(
            "INSERT INTO pair(item, section, handle, referring)
             VALUES (?1, ?2, ?3, ({REFERRING} AND e.kind = ?4 AND e.name = ?5))"
        );
        let values =
            params![likely.item, section, likely.handle, i64::try_from(kind)?, likely.item.to_string()];
        self.connection().execute(&sql, values)?;
        Ok(())
    }

    /// Lets the nodes of rows that were edited, and of their items, hold the same and refer to nothing, so that what refers
    /// to both is alike.
    pub(super) fn join_edited(&self, kinds: &Kinds<'_>) -> Result<()> {
        // All others are paired anew: a choice among equals may be another one then.
        for kind in kinds.all.iter().filter(|kind| kind.nested.is_none()) {
            let sql = "DELETE FROM pair WHERE section = ?1 AND referring IS NULL";
            self.connection().execute(sql, [kind.section])?;
        }
        for (at, kind) in kinds.all.iter().enumerate().filter(|(_, kind)| kind.may_be_edited) {
            let kind_number = i64::try_from(at)?;
            let mut statement = self
                .connection()
                .prepare("SELECT item, handle FROM pair WHERE section = ?1 AND referring IS NOT NULL")?;
            let mut rows = statement.query([kind.section])?;
            while let Some(row) = rows.next()? {
                let (item, handle): (i64, String) = (row.get(0)?, row.get(1)?);
                let own = format!("edited {item}").into_bytes();
                for (is_row, name) in [(false, item.to_string()), (true, handle)] {
                    self.hold_only(kind_number, is_row, &name, &own)?;
                }
            }
        }
        Ok(())
    }

    /// Lets a node hold `own` and nothing else.
    fn hold_only(&self, kind: i64, is_row: bool, name: &str, own: &[u8]) -> Result<()> {
        let sql = "SELECT id FROM node WHERE kind = ?1 AND is_row = ?2 AND name = ?3";
        let mut statement = self.connection().prepare_cached(sql)?;
        let known: Option<i64> =
            statement.query_row(params![kind, is_row, name], |row| row.get(0)).optional()?;
        let Some(id) = known else {
            let sql = "INSERT INTO node(kind, is_row, name, own) VALUES (?1, ?2, ?3, ?4)";
            self.connection().prepare_cached(sql)?.execute(params![kind, is_row, name, own])?;
            return Ok(());
        };
        self.drop_children(id)?;
        self.connection()
            .prepare_cached("UPDATE node SET own = ?2 WHERE id = ?1")?
            .execute(params![id, own])?;
        Ok(())
    }
}

/// The condition that a node `n` is one of an item that is no row yet, and may be one.
fn free_item() -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM pair WHERE item = CAST(n.name AS INTEGER))
         AND NOT EXISTS (SELECT 1 FROM forced WHERE id = CAST(n.name AS INTEGER) AND how = {})",
        Forced::Beside.number()
    )
}

/// Of likenesses, the greatest first, those of an item and a row neither of which is as like to another.
fn clearest(all: &[Likeness]) -> Vec<&Likeness> {
    let (mut items, mut rows) = (HashSet::new(), HashSet::new());
    let mut clear = Vec::new();
    for equal in all.chunk_by(|a, b| a.shared == b.shared) {
        let is_left = |one: &&Likeness| !items.contains(&one.item) && !rows.contains(one.handle.as_str());
        let left: Vec<&Likeness> = equal.iter().filter(is_left).collect();
        let (mut of_item, mut of_row): (HashMap<i64, u32>, HashMap<&str, u32>) = Default::default();
        for one in &left {
            *of_item.entry(one.item).or_default() += 1;
            *of_row.entry(&one.handle).or_default() += 1;
        }
        let is_clear = |one: &&Likeness| of_item[&one.item] == 1 && of_row[one.handle.as_str()] == 1;
        clear.extend(left.iter().copied().filter(is_clear));
        items.extend(equal.iter().map(|one| one.item));
        rows.extend(equal.iter().map(|one| one.handle.as_str()));
    }
    clear
}
