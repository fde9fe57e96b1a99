//! Nodes that refinement does not tell apart: which of them may come in any order, and which one is to be picked first.
//!
//! What is left of the graph without the nodes that have a cell of their own falls into parts that nothing joins. Parts of
//! one kind are alike, whichever comes first; so they get an order, and a node that is the only one of its cell in its part
//! is settled. Without the settled ones parts fall into smaller ones, and so on. Where nodes of one cell stay in one part (a
//! circle of equal rows), one of them is picked in each such part, the one that gives the least graph, and the cells are
//! refined by that.

use super::refine::Graph;
use crate::database::temporary::TempTable;
use crate::progress::{Progress, go_on};
use crate::stream::digest_of;
use anyhow::Result;
use rusqlite::{OptionalExtension, params};

/// Of a part of so many nodes one is tried; of half as many two, and so on. In larger ones any is picked, which makes a
/// difference only if not all that look alike are.
const MOST_TRIED: i64 = 4000;

/// What recursive queries call the nodes that they have found.
pub(super) const NEAR: &str = "\"larder near\"";
const OWN: &str = "\"larder own\"";

/// Nodes of cells of several.
struct Ties<'a, 'c> {
    graph: &'a Graph<'c>,
    progress: &'a dyn Progress,
    /// The nodes: their cell, their place among the cells once parts have an order, their part, and whether other nodes of
    /// the part have the same place.
    tied: TempTable,
    /// The edges among them, in both directions.
    links: TempTable,
}

impl Graph<'_> {
    /// Gives nodes of one cell different ranks.
    pub(super) fn settle(&self, progress: &dyn Progress) -> Result<()> {
        loop {
            go_on(progress)?;
            let ties = Ties::find(self, progress)?;
            let is_settled = ties.part()?;
            ties.drop()?;
            if is_settled {
                return Ok(());
            }
            self.refine(progress)?;
        }
    }
}

impl<'a, 'c> Ties<'a, 'c> {
    fn find(graph: &'a Graph<'c>, progress: &'a dyn Progress) -> Result<Self> {
        let Graph { connection, nodes, edges, cells, .. } = graph;
        let columns = "(id INTEGER PRIMARY KEY, rank INTEGER, place INTEGER, part INTEGER, open INTEGER NOT NULL DEFAULT 1)";
        let tied = TempTable::create(connection, "tied nodes", columns)?;
        let columns = "(a INTEGER, b INTEGER, PRIMARY KEY(a, b)) WITHOUT ROWID";
        let links = TempTable::create(connection, "links of nodes", columns)?;
        connection.execute_batch(&format!(
            "INSERT INTO {tied}(id, rank, place) SELECT n.id, n.rank, n.rank
               FROM {cells} AS c CROSS JOIN {nodes} AS n ON n.rank = c.rank WHERE c.size > 1 ORDER BY n.id;
             INSERT OR IGNORE INTO {links} SELECT e.source, e.target FROM {tied} AS t
               CROSS JOIN {edges} AS e ON e.source = t.id CROSS JOIN {tied} AS o ON o.id = e.target AND o.id <> t.id;
             INSERT OR IGNORE INTO {links} SELECT b, a FROM {links}"
        ))?;
        tied.index(connection, "place")?;
        tied.index(connection, "part")?;
        Ok(Self { graph, progress, tied, links })
    }

    fn run(&self, sql: &str) -> Result<usize> {
        Ok(self.graph.connection.prepare_cached(sql)?.execute([])?)
    }

    /// Gives all nodes a place and says so, or splits cells.
    fn part(&self) -> Result<bool> {
        let tied = &self.tied;
        loop {
            self.find_parts()?;
            // Parts are of one kind if they have nodes of the same cells, of each equally many for one of another: so their
            // size tells them apart.
            let sizes = format!(
                "SELECT t.id, t.rank, p.size AS sign FROM {tied} AS t
                 JOIN (SELECT part, count(*) AS size FROM {tied} WHERE open GROUP BY part) AS p ON p.part = t.part
                 WHERE t.open"
            );
            if self.graph.split(&sizes, [])? {
                return Ok(false);
            }
            let changed = self.run(&format!(
                "UPDATE {tied} AS t SET place = n.place FROM
                 (SELECT id, place + rank() OVER (PARTITION BY place ORDER BY part) - 1 AS place FROM {tied} WHERE open)
                 AS n WHERE n.id = t.id AND n.place <> t.place"
            ))?;
            self.run(&format!(
                "UPDATE {tied} SET open = 0 WHERE open AND place IN
                 (SELECT place FROM {tied} GROUP BY place HAVING count(*) = 1)"
            ))?;
            let is_any_open = format!("SELECT EXISTS (SELECT 1 FROM {tied} WHERE open)");
            if !self.graph.connection.query_row(&is_any_open, [], |row| row.get::<_, bool>(0))? {
                let nodes = &self.graph.nodes;
                self.run(&format!(
                    "UPDATE {nodes} AS n SET rank = t.place FROM {tied} AS t WHERE t.id = n.id"
                ))?;
                return Ok(true);
            }
            if changed == 0 {
                self.pick_all()?;
                return Ok(false);
            }
            self.run(&format!("UPDATE {tied} SET part = NULL WHERE open"))?;
        }
    }

    /// Says of each open node which part it is in: by one of the part's nodes.
    fn find_parts(&self) -> Result<()> {
        let Self { tied, links, .. } = self;
        self.run(&format!(
            "UPDATE {tied} SET part = id WHERE open AND NOT EXISTS
             (SELECT 1 FROM {links} AS l CROSS JOIN {tied} AS o ON o.id = l.b WHERE l.a = {tied}.id AND o.open)"
        ))?;
        let next =
            format!("SELECT id FROM {tied} WHERE id > ?1 AND open AND part IS NULL ORDER BY id LIMIT 1");
        let mut next = self.graph.connection.prepare(&next)?;
        let mut mark = self.graph.connection.prepare(&format!(
            "UPDATE {tied} SET part = ?1 WHERE id IN (WITH RECURSIVE {NEAR}(id) AS
             (SELECT ?1 UNION SELECT l.b FROM {NEAR} AS n CROSS JOIN {links} AS l ON l.a = n.id
              CROSS JOIN {tied} AS t ON t.id = l.b WHERE t.open) SELECT id FROM {NEAR})"
        ))?;
        let mut last = i64::MIN;
        while let Some(first) = next.query_row([last], |row| row.get(0)).optional()? {
            go_on(self.progress)?;
            mark.execute([first])?;
            last = first;
        }
        Ok(())
    }

    /// Picks a node of each part, and splits the cells by it, and by what the parts are then.
    fn pick_all(&self) -> Result<()> {
        let Self { tied, graph, .. } = self;
        let columns = "(id INTEGER PRIMARY KEY, sign TEXT)";
        let signs = TempTable::create(graph.connection, "signs of nodes", columns)?;
        let next = format!(
            "SELECT part, count(*) FROM {tied} WHERE part > ?1 AND open GROUP BY part ORDER BY part LIMIT 1"
        );
        let mut last = i64::MIN;
        loop {
            let mut next = graph.connection.prepare_cached(&next)?;
            let part = next.query_row([last], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let Some((part, size)) = part else { break };
            last = part;
            let (picked, digest) = self.pick(part, size)?;
            let insert = format!(
                "INSERT INTO {signs} SELECT id, ?2 || (id = ?3) FROM {tied} WHERE open AND part = ?1"
            );
            graph.connection.prepare_cached(&insert)?.execute(params![part, digest, picked])?;
        }
        let by_sign =
            format!("SELECT t.id, t.rank, s.sign FROM {signs} AS s CROSS JOIN {tied} AS t ON t.id = s.id");
        graph.split(&by_sign, [])?;
        signs.drop(graph.connection)
    }

    /// A node of a part, and a digest of what the part is once that has a cell of its own.
    fn pick(&self, part: i64, size: i64) -> Result<(i64, String)> {
        let (tied, connection) = (&self.tied, self.graph.connection);
        let smallest = format!(
            "SELECT rank FROM {tied} WHERE open AND part = ?1 GROUP BY rank ORDER BY count(*), rank LIMIT 1"
        );
        let rank: i64 = connection.prepare_cached(&smallest)?.query_row([part], |row| row.get(0))?;
        let ids =
            format!("SELECT id FROM {tied} WHERE open AND part = ?1 AND rank = ?2 ORDER BY id LIMIT ?3");
        let most = (MOST_TRIED / size).max(1);
        let mut ids = connection.prepare_cached(&ids)?;
        let candidates: Vec<i64> =
            ids.query_map([part, rank, most], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        if size > MOST_TRIED {
            return Ok((candidates[0], String::new()));
        }
        let mut best: Option<(String, i64)> = None;
        for id in candidates {
            let digest = self.try_one(part, id)?;
            if best.as_ref().is_none_or(|(least, _)| digest < *least) {
                best = Some((digest, id));
            }
        }
        let (digest, id) = best.expect("a part has nodes");
        Ok((id, digest))
    }

    /// What a part is once one of its nodes has a cell of its own.
    fn try_one(&self, part: i64, id: i64) -> Result<String> {
        let (graph, connection) = (self.graph, self.graph.connection);
        let nodes = &graph.nodes;
        connection.execute_batch("SAVEPOINT \"larder try\"")?;
        let tried = || -> Result<String> {
            graph.split(&format!("SELECT id, rank, 1 AS sign FROM {nodes} WHERE id = ?1"), [id])?;
            graph.refine(self.progress)?;
            self.digest(part)
        };
        let digest = tried();
        connection.execute_batch("ROLLBACK TO \"larder try\"; RELEASE \"larder try\"")?;
        digest
    }

    /// A digest of the cells of a part and of the edges among them.
    fn digest(&self, part: i64) -> Result<String> {
        let Graph { connection, nodes, edges, .. } = self.graph;
        let tied = &self.tied;
        let mut lines = connection.prepare_cached(&format!(
            "WITH {OWN}(id, at) AS MATERIALIZED (SELECT t.id, dense_rank() OVER (ORDER BY n.rank)
               FROM {tied} AS t CROSS JOIN {nodes} AS n ON n.id = t.id WHERE t.open AND t.part = ?1)
             SELECT a.at, e.role, b.at FROM {OWN} AS a CROSS JOIN {edges} AS e ON e.source = a.id
             CROSS JOIN {OWN} AS b ON b.id = e.target ORDER BY 1, 2, 3"
        ))?;
        let mut bytes = Vec::new();
        let mut rows = lines.query([part])?;
        while let Some(row) = rows.next()? {
            for at in 0..3 {
                bytes.extend_from_slice(&row.get::<_, i64>(at)?.to_le_bytes());
            }
        }
        Ok(digest_of(&bytes).to_string())
    }

    fn drop(self) -> Result<()> {
        self.tied.drop(self.graph.connection)?;
        self.links.drop(self.graph.connection)
    }
}
