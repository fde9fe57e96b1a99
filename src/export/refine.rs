//! The order of rows that are the same but for what belongs to them, or what they refer to in their own section: by
//! partition refinement, so that it says nothing of the numbers that the database gave.
//!
//! Rows of equal content have one rank. Those of different children get different ones; then those whose references lead to
//! different ranks, until nothing changes. What is still the same stays as it is stored, also where different rows refer to
//! it: an import takes the first of such rows for the first of such items, and what was exported has to find itself again.

use super::items::ItemBuilder;
use super::order::Handles;
use crate::app::model::Shape;
use crate::database::quote::{identifier, user_table};
use crate::database::row_query::RowQuery;
use crate::database::temporary::TempTable;
use crate::progress::{Progress, go_on};
use anyhow::{Context, Result};
use rusqlite::Connection;

/// A chain of rows that are all the same is told apart one by one from its end: after so many looks at a row, it is left.
const LOOKS: i64 = 2_000_000;

/// Rows of a section that are to be told apart.
pub(super) struct Refinement<'a, 'c> {
    pub(super) connection: &'a Connection,
    pub(super) shape: &'a Shape,
    pub(super) name: &'a str,
    pub(super) order: &'a Handles,
    pub(super) builder: &'a ItemBuilder<'c>,
    pub(super) progress: &'a dyn Progress,
}

/// The rows, and the references among them.
struct Graph {
    nodes: TempTable,
    edges: TempTable,
}

impl Graph {
    /// Rows that are in an order have ranks by their key, and no references yet.
    fn create(connection: &Connection, order: &Handles) -> Result<Self> {
        let (declared, own) = (order.handle.declared(), order.handle.kept());
        let columns = format!("(id INTEGER PRIMARY KEY, rank INTEGER, more TEXT, {declared})");
        let nodes = TempTable::create(connection, "nodes", &columns)?;
        connection.execute_batch(&format!(
            "INSERT INTO {nodes} SELECT place, rank() OVER (ORDER BY key), '', {own} FROM {}",
            order.table
        ))?;
        nodes.index(connection, "rank")?;
        nodes.index(connection, &own)?;
        let columns = "(source INTEGER, field INTEGER, target INTEGER)";
        Ok(Self { nodes, edges: TempTable::create(connection, "edges", columns)? })
    }

    fn drop(self, connection: &Connection) -> Result<()> {
        self.nodes.drop(connection)?;
        self.edges.drop(connection)
    }
}

impl Refinement<'_, '_> {
    /// Puts rows that have one place in the order by their key into an order that does not depend on how they are stored.
    pub(super) fn refine(&self) -> Result<()> {
        let ties = format!("SELECT count(*) - count(DISTINCT key) FROM {}", self.order.table);
        let ties: i64 = self.connection.query_row(&ties, [], |row| row.get(0))?;
        let leads_back = self.shape.references.values().any(|own| own.section == self.name && !own.plain);
        if ties == 0 || self.shape.nested.is_empty() && !leads_back {
            return Ok(());
        }
        let run = || -> Result<()> {
            let graph = Graph::create(self.connection, self.order)?;
            self.add_children(&graph.nodes)?;
            self.add_edges(&graph)?;
            self.rank(&graph)?;
            self.place(&graph.nodes)?;
            graph.drop(self.connection)
        };
        run().with_context(|| format!("cannot sort {}", self.name))
    }

    /// Adds what belongs to rows that are tied.
    fn add_children(&self, nodes: &TempTable) -> Result<()> {
        let shape = self.shape;
        if shape.nested.is_empty() {
            return Ok(());
        }
        let mut columns = ItemBuilder::columns(shape);
        columns.add_handle(&self.builder.tables.describe(&shape.table)?);
        let table = user_table(&shape.table);
        let rest = format!(
            "FROM {nodes} CROSS JOIN {table} ON {} WHERE {nodes}.rank IN
             (SELECT rank FROM {nodes} GROUP BY rank HAVING count(*) > 1)",
            self.order.handle.joins(&table, nodes)
        );
        let same: Vec<String> = self
            .order
            .handle
            .kept()
            .split(", ")
            .enumerate()
            .map(|(at, own)| format!("{own} = ?{}", at + 2))
            .collect();
        let update = format!("UPDATE {nodes} SET more = ?1 WHERE {}", same.join(" AND "));
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
    fn add_edges(&self, Graph { nodes, edges }: &Graph) -> Result<()> {
        let shape = self.shape;
        let table = user_table(&shape.table);
        let references = shape.references.values().enumerate();
        for (at, reference) in references.filter(|(_, own)| own.section == self.name && !own.plain) {
            let pairs = reference.columns.iter().zip(&reference.to);
            let same: Vec<String> =
                pairs.map(|(from, to)| format!("b.{} = a.{}", identifier(to), identifier(from))).collect();
            let sql = format!(
                "INSERT INTO {edges} SELECT s.id, {at}, t.id FROM {nodes} AS s CROSS JOIN {table} AS a ON {from}
                 CROSS JOIN {table} AS b ON {same} CROSS JOIN {nodes} AS t ON {to}",
                from = self.order.handle.joins("a", "s"),
                same = same.join(" AND "),
                to = self.order.handle.joins("b", "t"),
            );
            self.connection.execute(&sql, [])?;
        }
        edges.index(self.connection, "source")
    }

    /// Ranks rows by what they are next to, until nothing changes.
    fn rank(&self, Graph { nodes, edges }: &Graph) -> Result<()> {
        let ranked = format!(
            " AS SELECT id, rank() OVER (ORDER BY rank, more, ahead) AS rank FROM
             (SELECT id, rank, more, (SELECT group_concat(e.field || ':' || n.rank, ' ' ORDER BY e.field)
              FROM {edges} AS e JOIN {nodes} AS n ON n.id = e.target WHERE e.source = o.id) AS ahead FROM {nodes} AS o)"
        );
        let round = || -> Result<()> {
            let ranked = TempTable::create(self.connection, "ranked", &ranked)?;
            ranked.index(self.connection, "id")?;
            let update = format!(
                "UPDATE {nodes} AS o SET rank = (SELECT n.rank FROM {ranked} AS n WHERE n.id = o.id)"
            );
            self.connection.execute_batch(&update)?;
            ranked.drop(self.connection)
        };
        let mut before = 0;
        let rows = format!("SELECT count(*) FROM {nodes}");
        let rows: i64 = self.connection.query_row(&rows, [], |row| row.get(0))?;
        for _ in 0..(LOOKS / rows.max(1)).clamp(3, 100) {
            go_on(self.progress)?;
            round()?;
            let ranks = format!("SELECT count(DISTINCT rank) FROM {nodes}");
            let ranks: i64 = self.connection.query_row(&ranks, [], |row| row.get(0))?;
            if ranks == before {
                break;
            }
            before = ranks;
        }
        Ok(())
    }

    /// Gives rows their new places, which are below all that there were.
    fn place(&self, nodes: &TempTable) -> Result<()> {
        Ok(self.connection.execute_batch(&format!(
            "UPDATE {} AS o SET place = n.place FROM
             (SELECT id, row_number() OVER (ORDER BY rank, id) - count(*) OVER () - 1 AS place FROM {nodes}) AS n
             WHERE n.id = o.place",
            self.order.table
        ))?)
    }
}
