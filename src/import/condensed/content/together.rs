//! Sections without a key that are looked at together: which rows all of their items are.

use super::Content;
use super::edited::Edited;
use super::hints::Hints;
use super::kinds::Kinds;
use super::nodes::ItemNodes;
use super::order::Step;
use super::rows::RowNodes;
use crate::import::condensed::items::Items;
use crate::import::condensed::pairing::{Graph, NONE};
use crate::import::condensed::resolve::Resolver;
use crate::progress::go_on;
use anyhow::{Context, Result};
use rusqlite::params;

impl<'p> Content<'p> {
    /// Finds the rows of the items of a step, as far as they do not find theirs by themselves.
    pub fn pair_all(&self, resolver: &Resolver<'p>, step: &Step) -> Result<()> {
        if step.alike.is_empty() {
            return Ok(());
        }
        let has_owner = resolver.owner.is_some();
        let Some(mut kinds) = Kinds::of(resolver.metadata, step, has_owner) else { return Ok(()) };
        if self.finds_edited {
            kinds.look_for_edited();
        }
        let hints = Hints::of(resolver, &kinds, step);
        if !kinds.are_related() && !hints.are_any() && !kinds.may_be_edited() {
            return Ok(());
        }
        let items = resolver.items;
        items.forget_nodes()?;
        let tops: Vec<usize> = (0..kinds.all.len()).filter(|at| kinds.all[*at].nested.is_none()).collect();
        let of_items = ItemNodes { resolver, kinds: &kinds };
        for kind in &tops {
            go_on(self.progress)?;
            of_items.add_all(*kind)?;
        }
        let of_rows = RowNodes { content: self, resolver, kinds: &kinds };
        for kind in &tops {
            go_on(self.progress)?;
            of_rows.add_all(*kind)?;
        }
        if !kinds.are_related() {
            for kind in &tops {
                items.pair_single(*kind, kinds.all[*kind].section)?;
            }
        }
        self.pair_nodes(resolver, &kinds, &hints)?;
        let edited = Edited { resolver, kinds: &kinds };
        // What refers to rows that were edited can be found then.
        while kinds.may_be_edited() && edited.find()? && kinds.are_related() {
            go_on(self.progress)?;
            items.join_edited(&kinds)?;
            self.pair_nodes(resolver, &kinds, &hints)?;
        }
        items.forget_nodes()
    }

    /// Pairs the nodes of items with those of rows.
    fn pair_nodes(&self, resolver: &Resolver<'p>, kinds: &Kinds<'p>, hints: &Hints<'_, 'p>) -> Result<()> {
        let items = resolver.items;
        let mut graph = items.graph()?;
        if items.has_ties()? {
            graph.hints = hints.find(self, items)?;
        }
        go_on(self.progress)?;
        let rows = graph.pair();
        for (at, kind) in kinds.all.iter().enumerate() {
            if kind.nested.is_none() && kind.shape.key.is_empty() {
                items.keep_pairs(at, kind.section, &rows)?;
            }
        }
        Ok(())
    }
}

impl Items {
    pub(super) fn forget_nodes(&self) -> Result<()> {
        Ok(self.connection().execute_batch("DELETE FROM node; DELETE FROM edge; DELETE FROM referred")?)
    }

    /// Pairs the items of a kind that hold what no other holds with the only row that holds it, and takes them away with all
    /// that hold what no row or no item holds and are called nothing.
    fn pair_single(&self, kind: usize, section: u32) -> Result<()> {
        let kind = i64::try_from(kind)?;
        let paired = "INSERT INTO pair(item, section, handle)
             SELECT CAST(max(iif(is_row, NULL, name)) AS INTEGER), ?2, max(iif(is_row, name, NULL))
             FROM node WHERE kind = ?1 GROUP BY own HAVING sum(NOT is_row) = 1 AND sum(is_row) = 1";
        self.connection().execute(paired, params![kind, section])?;
        let settled = "DELETE FROM node WHERE kind = ?1 AND own IN
             (SELECT own FROM node WHERE kind = ?1 GROUP BY own HAVING sum(NOT is_row) <= 1 AND sum(is_row) <= 1
              AND (count(*) = 2 OR max(label) IS NULL))";
        self.connection().execute(settled, [kind])?;
        Ok(())
    }

    /// Whether items or rows hold the same by themselves.
    fn has_ties(&self) -> Result<bool> {
        let sql = "SELECT 1 FROM node GROUP BY kind, own, is_row HAVING count(*) > 1 LIMIT 1";
        Ok(self.connection().prepare(sql)?.exists([])?)
    }

    /// All nodes as a graph, numbered from 0 in their order: items come first.
    fn graph(&self) -> Result<Graph> {
        self.connection().execute_batch(
            "DELETE FROM numbered; INSERT INTO numbered(id) SELECT id FROM node ORDER BY is_row, id",
        )?;
        let items: u32 =
            self.connection()
                .query_row("SELECT count(*) FROM node WHERE NOT is_row", [], |row| row.get(0))?;
        let mut graph = Graph { items, begins: vec![0], ..Graph::default() };
        let count: u32 = self.connection().query_row("SELECT count(*) FROM node", [], |row| row.get(0))?;
        let count = count as usize;
        graph.own.resize(count, NONE);
        graph.parent.resize(count, NONE);
        graph.hints.resize(count, 0);
        let mut statement = self.connection().prepare(
            "SELECT n.number - 1, p.number - 1, dense_rank() OVER (ORDER BY o.kind, o.own) - 1 FROM numbered AS n
             JOIN node AS o ON o.id = n.id LEFT JOIN numbered AS p ON p.id = o.parent",
        )?;
        let mut rows = statement.query([])?;
        let mut next = 0;
        while let Some(row) = rows.next()? {
            let (at, parent, own): (u32, Option<u32>, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
            (graph.own[at as usize], graph.parent[at as usize]) = (own, parent.unwrap_or(NONE));
            next = next.max(own + 1);
        }
        self.add_edges(&mut graph, next)?;
        Ok(graph)
    }

    /// Adds what nodes refer to. What refers to something that is not looked at is like nothing else.
    fn add_edges(&self, graph: &mut Graph, mut next: u32) -> Result<()> {
        let mut statement = self.connection().prepare(
            "SELECT n.number - 1, t.number - 1 FROM edge AS e JOIN numbered AS n ON n.id = e.source
             LEFT JOIN node AS o ON o.kind = e.kind AND o.is_row = e.is_row AND o.name = e.name
             LEFT JOIN numbered AS t ON t.id = o.id ORDER BY n.number, e.slot",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (source, target): (u32, Option<u32>) = (row.get(0)?, row.get(1)?);
            while graph.begins.len() <= source as usize {
                graph.begins.push(u32::try_from(graph.targets.len())?);
            }
            graph.targets.push(target.unwrap_or(NONE));
            if target.is_none() {
                graph.own[source as usize] = next;
                next = next.checked_add(1).context("there are too many rows that are alike")?;
            }
        }
        graph.begins.resize(graph.own.len() + 1, u32::try_from(graph.targets.len())?);
        Ok(())
    }

    /// Keeps which rows the items of a kind are, by the numbers of their nodes.
    fn keep_pairs(&self, kind: usize, section: u32, rows: &[u32]) -> Result<()> {
        let mut items = self.connection().prepare(
            "SELECT n.number - 1, CAST(o.name AS INTEGER) FROM numbered AS n JOIN node AS o ON o.id = n.id
             WHERE o.kind = ?1 AND NOT o.is_row",
        )?;
        let mut name = self.connection().prepare(
            "SELECT o.name FROM numbered AS n JOIN node AS o ON o.id = n.id WHERE n.number = ?1 + 1",
        )?;
        let mut found = items.query([i64::try_from(kind)?])?;
        while let Some(item) = found.next()? {
            let (at, id): (u32, i64) = (item.get(0)?, item.get(1)?);
            // What is none may still be found by itself: it refers to what was not looked at.
            let row = rows[at as usize];
            if row != NONE {
                let handle: String = name.query_row([row], |row| row.get(0))?;
                self.pair(id, section, &handle)?;
            }
        }
        Ok(())
    }
}
