//! The order of rows that are the same but for what belongs to them, or what they refer to in their own section: by
//! partition refinement, so that it says nothing of the numbers that the database gave.
//!
//! Rows of equal content have one rank. Those of different children get different ones; then those whose references lead to
//! different ranks, until nothing changes. What is still the same stays as it is stored, also where different rows refer to
//! it: an import takes the first of such rows for the first of such items, and what was exported has to find itself again.

use super::items::ItemBuilder;
use super::order::Handles;
use crate::app::model::Shape;
use crate::database::quote::identifier;
use crate::database::row_query::RowQuery;
use crate::progress::{Progress, go_on};
use anyhow::{Context, Result};
use rusqlite::Connection;

/// A chain of rows that are all the same is told apart one by one from its end: after so many looks at a row, it is left.
const LOOKS: i64 = 2_000_000;
/// Ranks that are shared.
const TIED: &str = "(SELECT rank FROM temp.nodes GROUP BY rank HAVING count(*) > 1)";

/// Rows of a section that are to be told apart.
pub(super) struct Refinement<'a, 'c> {
    pub(super) connection: &'a Connection,
    pub(super) shape: &'a Shape,
    pub(super) name: &'a str,
    pub(super) order: &'a Handles,
    pub(super) builder: &'a ItemBuilder<'c>,
    pub(super) progress: &'a dyn Progress,
}

impl Refinement<'_, '_> {
    /// Puts rows that have one place in the order by their key into an order that does not depend on how they are stored.
    pub(super) fn refine(&self) -> Result<()> {
        let ties = format!("SELECT count(*) - count(DISTINCT key) FROM temp.{}", self.order.name);
        let ties: i64 = self.connection.query_row(&ties, [], |row| row.get(0))?;
        let leads_back = self.shape.references.values().any(|own| own.section == self.name && !own.plain);
        if ties == 0 || self.shape.nested.is_empty() && !leads_back {
            return Ok(());
        }
        let run = || -> Result<()> {
            self.prepare()?;
            self.add_children()?;
            self.add_edges()?;
            self.rank()?;
            self.place()
        };
        run().with_context(|| format!("cannot sort {}", self.name))
    }

    fn prepare(&self) -> Result<()> {
        Ok(self.connection.execute_batch(&format!(
            "DROP TABLE IF EXISTS temp.nodes; DROP TABLE IF EXISTS temp.edges;
             CREATE TABLE temp.nodes(id INTEGER PRIMARY KEY, rank INTEGER, more TEXT, {declared});
             INSERT INTO temp.nodes SELECT place, rank() OVER (ORDER BY key), '', {own} FROM temp.{order};
             CREATE INDEX temp.\"nodes by rank\" ON nodes(rank); CREATE INDEX temp.\"nodes by handle\" ON nodes({own});
             CREATE TABLE temp.edges(source INTEGER, field INTEGER, target INTEGER)",
            declared = self.order.declared(),
            own = self.order.own(),
            order = self.order.name,
        ))?)
    }

    /// Adds what belongs to rows that are tied.
    fn add_children(&self) -> Result<()> {
        let shape = self.shape;
        if shape.nested.is_empty() {
            return Ok(());
        }
        let mut columns = ItemBuilder::columns(shape);
        columns.add_handle(&self.builder.tables.describe(&shape.table)?);
        let table = identifier(&shape.table);
        let rest = format!(
            "FROM temp.nodes CROSS JOIN {table} ON {} WHERE nodes.rank IN {TIED}",
            self.order.joins(&table, "nodes")
        );
        let same: Vec<String> = self
            .order
            .own()
            .split(", ")
            .enumerate()
            .map(|(at, own)| format!("{own} = ?{}", at + 2))
            .collect();
        let update = format!("UPDATE temp.nodes SET more = ?1 WHERE {}", same.join(" AND "));
        let mut update = self.connection.prepare(&update)?;
        let mut query = RowQuery::prepare(self.connection, &columns, &table, &rest, self.builder.encoding())?;
        query.for_each(&[], |row| {
            go_on(self.progress)?;
            update.raw_bind_parameter(1, self.builder.children_of(shape, &columns, &row)?)?;
            for (at, value) in columns.handle_of(&row).iter().enumerate() {
                update.raw_bind_parameter(at + 2, value)?;
            }
            update.raw_execute()?;
            Ok(())
        })
    }

    /// Adds the references of the section to itself.
    fn add_edges(&self) -> Result<()> {
        let shape = self.shape;
        let table = identifier(&shape.table);
        let references = shape.references.values().enumerate();
        for (at, reference) in references.filter(|(_, own)| own.section == self.name && !own.plain) {
            let pairs = reference.columns.iter().zip(&reference.to);
            let same: Vec<String> =
                pairs.map(|(from, to)| format!("b.{} = a.{}", identifier(to), identifier(from))).collect();
            let sql = format!(
                "INSERT INTO temp.edges SELECT s.id, {at}, t.id FROM temp.nodes AS s CROSS JOIN {table} AS a ON {from}
                 CROSS JOIN {table} AS b ON {same} CROSS JOIN temp.nodes AS t ON {to}",
                from = self.order.joins("a", "s"),
                same = same.join(" AND "),
                to = self.order.joins("b", "t"),
            );
            self.connection.execute(&sql, [])?;
        }
        Ok(self.connection.execute_batch("CREATE INDEX temp.\"edges by source\" ON edges(source)")?)
    }

    /// Ranks rows by what they are next to, until nothing changes.
    fn rank(&self) -> Result<()> {
        let round = "CREATE TABLE temp.ranked AS SELECT id, rank() OVER (ORDER BY rank, more, ahead) AS rank FROM
             (SELECT id, rank, more, (SELECT group_concat(e.field || ':' || n.rank, ' ' ORDER BY e.field)
              FROM temp.edges AS e JOIN temp.nodes AS n ON n.id = e.target WHERE e.source = nodes.id) AS ahead FROM temp.nodes);
             CREATE UNIQUE INDEX temp.\"ranked by id\" ON ranked(id);
             UPDATE temp.nodes SET rank = (SELECT rank FROM temp.ranked WHERE ranked.id = nodes.id); DROP TABLE temp.ranked";
        let mut before = 0;
        let rows = "SELECT count(*) FROM temp.nodes";
        let rows: i64 = self.connection.query_row(rows, [], |row| row.get(0))?;
        for _ in 0..(LOOKS / rows.max(1)).clamp(3, 100) {
            go_on(self.progress)?;
            self.connection.execute_batch(round)?;
            let ranks = "SELECT count(DISTINCT rank) FROM temp.nodes";
            let ranks: i64 = self.connection.query_row(ranks, [], |row| row.get(0))?;
            if ranks == before {
                break;
            }
            before = ranks;
        }
        Ok(())
    }

    /// Gives rows their new places, which are below all that there were.
    fn place(&self) -> Result<()> {
        Ok(self.connection.execute_batch(&format!(
            "UPDATE temp.{} AS o SET place = n.place FROM
             (SELECT id, row_number() OVER (ORDER BY rank, id) - count(*) OVER () - 1 AS place FROM temp.nodes) AS n
             WHERE n.id = o.place",
            self.order.name
        ))?)
    }
}
