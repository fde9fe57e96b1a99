//! Partition refinement: an order of the nodes of a graph that says nothing of the numbers that they have here.
//!
//! The nodes stand in cells. At first a cell is the nodes of one colour. A cell is split where its nodes are not next to
//! equally many nodes of another, by each role of the edges and in both directions, until there is no such cell (colour
//! refinement, also called 1-dimensional Weisfeiler-Leman). What is the same then is told apart in [`super::parts`].
//!
//! A cell is called by its rank: the number of nodes in the cells before it. So the part of a cell that keeps its rank need
//! not be touched, and in the end ranks are places. Nothing that is decided depends on the numbers of nodes, but where nodes
//! are alike in every way; then it makes no difference.
//!
//! As long as many cells split, all are looked at in one statement. After that a list says by which cells others may still
//! split: of the parts of a cell that was looked at before, all but the largest (Hopcroft; Paige and Tarjan). A node is so
//! looked at again only when its cell is half of what it was, and `n` nodes with `m` edges take `(n + m) log n` steps.
//!
//! All of it is in temporary tables, whose memory is bounded by SQLite's.

use crate::database::temporary::TempTable;
use crate::progress::{Progress, go_on};
use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, Params};

/// Where fewer than one node in so many begins a new cell, cells are looked at one by one.
const FEW: i64 = 16;
/// Cells between two looks at whether to stop.
const REPORT: u64 = 256;

/// Nodes with a colour, and edges with a role.
pub struct Graph<'c> {
    pub(super) connection: &'c Connection,
    /// To be filled: `(id, colour)`. In the end `rank` is each node's place in the order, from 0.
    pub nodes: TempTable,
    /// To be filled: `(source, role, target)`, without an edge twice.
    pub edges: TempTable,
    /// The cells, each with its size.
    pub(super) cells: TempTable,
    /// The cells by which others may still split.
    queue: TempTable,
    /// The nodes that are being sorted, with the rank of their cell before and after.
    moved: TempTable,
}

impl<'c> Graph<'c> {
    /// Without nodes.
    pub fn create(connection: &'c Connection) -> Result<Self> {
        let create = |purpose: &str, columns: &str| TempTable::create(connection, purpose, columns);
        Ok(Self {
            connection,
            nodes: create("nodes", "(id INTEGER PRIMARY KEY, colour, rank INTEGER NOT NULL DEFAULT 0)")?,
            edges: create("edges", "(source INTEGER, role INTEGER, target INTEGER)")?,
            cells: create("cells", "(rank INTEGER PRIMARY KEY, size INTEGER)")?,
            queue: create("queue of cells", "(rank INTEGER PRIMARY KEY)")?,
            moved: create("moved nodes", "(id INTEGER PRIMARY KEY, before INTEGER, rank INTEGER)")?,
        })
    }

    /// Gives every node its place.
    pub fn order(&self, progress: &dyn Progress) -> Result<()> {
        let order = || -> Result<()> {
            self.begin()?;
            self.refine_at_once(progress)?;
            self.refine(progress)?;
            self.settle(progress)
        };
        order().context("cannot sort rows that are alike")
    }

    /// Makes what finds the edges of a node, once all are there.
    pub fn index_edges(&self) -> Result<()> {
        self.edges.index(self.connection, "source, target, role")?;
        self.edges.index(self.connection, "target, source, role")
    }

    /// The cells are the colours.
    fn begin(&self) -> Result<()> {
        let Self { nodes, cells, queue, .. } = self;
        self.connection.execute_batch(&format!(
            "UPDATE {nodes} AS n SET rank = r.rank
               FROM (SELECT id, rank() OVER (ORDER BY colour) - 1 AS rank FROM {nodes}) AS r WHERE r.id = n.id;
             INSERT INTO {cells} SELECT rank, count(*) FROM {nodes} GROUP BY rank;
             INSERT INTO {queue} SELECT rank FROM {cells}"
        ))?;
        nodes.index(self.connection, "rank")
    }

    /// Splits all cells by all, as long as many split.
    fn refine_at_once(&self, progress: &dyn Progress) -> Result<()> {
        let (queue, cells) = (&self.queue, &self.cells);
        let count = |sql: String| self.connection.query_row(&sql, [], |row| row.get::<_, i64>(0));
        loop {
            go_on(progress)?;
            self.connection.execute(&format!("DELETE FROM {queue}"), [])?;
            self.split(&self.neighbours("1"), [])?;
            let tied = count(format!("SELECT ifnull(sum(size), 0) FROM {cells} WHERE size > 1"))?;
            if count(format!("SELECT count(*) FROM {queue}"))? * FEW <= tied {
                return Ok(());
            }
        }
    }

    /// Splits cells by those of the list, until it is empty.
    pub(super) fn refine(&self, progress: &dyn Progress) -> Result<()> {
        let queue = &self.queue;
        let next = format!("DELETE FROM {queue} WHERE rank = (SELECT min(rank) FROM {queue}) RETURNING rank");
        let neighbours = self.neighbours("s.rank = ?1");
        for at in 0.. {
            if at % REPORT == 0 {
                go_on(progress)?;
            }
            let next = self.connection.prepare_cached(&next)?.query_row([], |row| row.get(0)).optional()?;
            let Some(rank): Option<i64> = next else { break };
            self.split(&neighbours, [rank])?;
        }
        Ok(())
    }

    /// The nodes in cells of several, each with the edges that it has with those nodes `s` for which a condition holds.
    fn neighbours(&self, condition: &str) -> String {
        let Self { nodes, edges, cells, .. } = self;
        let one_way = |own: &str, other: &str, direction: u8| {
            format!(
                "SELECT n.id, n.rank, (2 * e.role + {direction}) || ':' || s.rank AS mark FROM {nodes} AS s
                 CROSS JOIN {edges} AS e ON e.{other} = s.id CROSS JOIN {nodes} AS n ON n.id = e.{own}
                 CROSS JOIN {cells} AS c ON c.rank = n.rank WHERE c.size > 1 AND {condition}"
            )
        };
        format!(
            "SELECT id, rank, group_concat(mark, ' ' ORDER BY mark) AS sign FROM ({} UNION ALL {}) GROUP BY id",
            one_way("source", "target", 0),
            one_way("target", "source", 1)
        )
    }

    /// Splits cells by the signs of some of their nodes, which a query gives as `(id, rank, sign)`; the others come first.
    /// Says whether any was split.
    pub(super) fn split(&self, signs: &str, parameters: impl Params) -> Result<bool> {
        let Self { nodes, cells, queue, moved, .. } = self;
        let run = |sql: String| -> Result<usize> { Ok(self.connection.prepare_cached(&sql)?.execute([])?) };
        run(format!("DELETE FROM {moved}"))?;
        let sort = format!(
            "INSERT INTO {moved} SELECT s.id, s.rank, s.rank + c.size - count(*) OVER (PARTITION BY s.rank)
               + rank() OVER (PARTITION BY s.rank ORDER BY s.sign) - 1
             FROM ({signs}) AS s CROSS JOIN {cells} AS c ON c.rank = s.rank"
        );
        self.connection.prepare_cached(&sort)?.execute(parameters)?;
        // Driven by the nodes that moved, however many there are.
        let changed = run(format!(
            "UPDATE {nodes} SET rank = (SELECT m.rank FROM {moved} AS m WHERE m.id = {nodes}.id)
             WHERE id IN (SELECT id FROM {moved} WHERE rank <> before)"
        ))?;
        if changed == 0 {
            return Ok(false);
        }
        run(format!("INSERT OR REPLACE INTO {cells} SELECT rank, count(*) FROM {moved} GROUP BY rank"))?;
        run(format!(
            "INSERT OR REPLACE INTO {cells} SELECT before, min(rank) - before FROM {moved} GROUP BY before
             HAVING min(rank) > before"
        ))?;
        // Whoever was looked at as a whole splits no cell by its last part that the others do not split.
        run(format!(
            "INSERT OR IGNORE INTO {queue} SELECT rank FROM (
               SELECT p.rank, row_number() OVER (PARTITION BY p.before ORDER BY c.size DESC, p.rank) AS nth,
                 EXISTS (SELECT 1 FROM {queue} AS q WHERE q.rank = p.before) AS waits
               FROM (SELECT before, rank FROM {moved} UNION SELECT before, before FROM {moved}) AS p
               CROSS JOIN {cells} AS c ON c.rank = p.rank) WHERE nth > 1 OR waits"
        ))?;
        Ok(true)
    }

    /// Lets the tables go that were needed on the way.
    pub(super) fn finish(self) -> Result<TempTable> {
        for table in [self.edges, self.cells, self.queue, self.moved] {
            table.drop(self.connection)?;
        }
        Ok(self.nodes)
    }
}
