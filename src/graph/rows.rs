//! The rows of a database as a graph, by the shapes that a document says they have.
//!
//! A row's colour is what it holds by itself: of a row that has a key the key, of a child and of a row without a key all its
//! fields. References are edges, and so is what ties children to their parent. Only rows without a key that have the colour of
//! another take part, with what refers to them and what they refer to; where that is tied too, also what is next to it.

use super::kinds::{Kind, Relation, kinds, relations, taken};
use super::parts::NEAR;
use super::refine::Graph;
use crate::app::model::{Field, Shape};
use crate::database::quote::{identifier, literal, user_table};
use crate::database::row_handle::RowHandle;
use crate::database::temporary::TempTable;
use crate::database::value::{Borrowed, Value};
use crate::progress::{Progress, go_on};
use crate::stream::digest_of;
use anyhow::{Context, Result};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// The SQL function that makes one value of several.
const COLOUR: &str = "larder_colour";
/// What a function takes at once.
const MOST_ARGUMENTS: usize = 100;

/// A section whose rows may be in the graph.
pub struct Section<'a> {
    /// Its name.
    pub name: &'a str,
    /// What its items are.
    pub shape: &'a Shape,
    /// The condition in SQL that its rows meet.
    pub condition: Option<String>,
    /// Whether its items are in the document; else they are only referred to.
    pub is_written: bool,
}

/// The places of rows without a key that are the same as others by what they hold.
pub struct Places<'c> {
    connection: &'c Connection,
    nodes: TempTable,
    /// What finds the node of a row, by section.
    rows: HashMap<String, (RowHandle, TempTable)>,
}

impl<'c> Places<'c> {
    /// Finds the places of all rows that are tied.
    pub fn find(
        connection: &'c Connection,
        sections: &[Section<'_>],
        progress: &dyn Progress,
    ) -> Result<Self> {
        register(connection)?;
        let kinds = kinds(connection, sections)?;
        let relations = relations(&kinds);
        let taken = taken(&kinds, &relations);
        let graph = Graph::create(connection)?;
        let mut tables = HashMap::new();
        for at in taken {
            go_on(progress)?;
            let kind = &kinds[at];
            let rows =
                add_rows(&graph, kind, at).with_context(|| format!("cannot read {}", kind.table.name))?;
            tables.insert(at, rows);
        }
        for (role, relation) in relations.iter().enumerate() {
            if let (Some(from), Some(to)) = (tables.get(&relation.from), tables.get(&relation.to)) {
                go_on(progress)?;
                add_edges(&graph, role, relation, (&kinds[relation.from], from), (&kinds[relation.to], to))?;
            }
        }
        let seeds: Vec<&TempTable> =
            tables.iter().filter(|(at, _)| kinds[**at].is_seed()).map(|(_, rows)| rows).collect();
        keep_tied(&graph, &seeds)?;
        graph.order(progress)?;
        let mut rows = HashMap::new();
        for (at, table) in tables {
            let kind = &kinds[at];
            if kind.is_seed() {
                rows.insert(kind.path.join("\0"), (kind.handle.clone(), table));
            } else {
                table.drop(connection)?;
            }
        }
        Ok(Self { connection, nodes: graph.finish()?, rows })
    }

    /// The place of a row of a section among all that are tied; nothing where it is not.
    pub fn of(&self, section: &str, handle: &[Value]) -> Result<Option<i64>> {
        let Some((own, rows)) = self.rows.get(section) else { return Ok(None) };
        let own = handle.iter().zip(own.kept_columns());
        let same: Vec<String> =
            own.zip(1..).map(|((value, own), at)| format!("r.{own} = {}", value.parameter(at))).collect();
        let sql = format!(
            "SELECT n.rank FROM {rows} AS r CROSS JOIN {} AS n ON n.id = r.id WHERE {}",
            self.nodes,
            same.join(" AND ")
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row(rusqlite::params_from_iter(handle), |row| row.get(0)).optional()?)
    }
}

/// Makes the function that gives values one colour.
fn register(connection: &Connection) -> Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let colour = |context: &rusqlite::functions::Context<'_>| {
        let mut bytes = Vec::new();
        (0..context.len()).for_each(|at| Borrowed::of(context.get_raw(at)).encode(&mut bytes));
        Ok(digest_of(&bytes).first_bytes().to_vec())
    };
    connection.create_scalar_function(COLOUR, -1, flags, colour).context("cannot prepare to compare rows")
}

/// Adds the rows of a kind as nodes. Gives the table that finds them.
fn add_rows(graph: &Graph<'_>, kind: &Kind<'_>, at: usize) -> Result<TempTable> {
    let (connection, nodes, handle) = (graph.connection, &graph.nodes, &kind.handle);
    let columns = format!("(id INTEGER PRIMARY KEY, {}, UNIQUE({}))", handle.declared(), handle.kept());
    let rows = TempTable::create(connection, &format!("nodes of {at}"), &columns)?;
    let table = user_table(&kind.table.name);
    let before = format!("SELECT ifnull(max(id), 0) FROM {nodes}");
    let before: i64 = connection.query_row(&before, [], |row| row.get(0))?;
    connection.execute(
        &format!(
            "INSERT INTO {rows} SELECT row_number() OVER () + {before}, {} FROM {table} WHERE {}",
            handle.of_row(&table),
            kind.condition.unwrap_or("1")
        ),
        [],
    )?;
    connection.execute(
        &format!(
            "INSERT INTO {nodes}(id, colour) SELECT r.id, {} FROM {rows} AS r CROSS JOIN {table} AS t ON {}",
            colour(kind),
            handle.joins("t", "r")
        ),
        [],
    )?;
    Ok(rows)
}

/// What a row, which the query calls `t`, holds by itself.
fn colour(kind: &Kind<'_>) -> String {
    let shape = kind.shape;
    let fields: Vec<&String> = match kind.nested {
        None if !shape.key.is_empty() => shape.key.iter().collect(),
        _ => shape.columns.keys().collect(),
    };
    let value = |field: &&String| match shape.field(field) {
        Field::Column(name) => kind.table.column(name).map(|_| format!("t.{}", identifier(name))),
        Field::Json(name, json) if json.references.is_empty() => Some(format!("t.{}", identifier(name))),
        Field::Reference(reference) if reference.plain => Some(format!("t.{}", identifier(field))),
        _ => None,
    };
    let path = literal(&kind.path.join("\0"));
    let values: Vec<String> = fields.iter().filter_map(value).collect();
    let combine = |values: &[String]| format!("{COLOUR}({})", values.join(", "));
    let parts: Vec<String> = values.chunks(MOST_ARGUMENTS).map(combine).collect();
    combine(&[vec![path], parts].concat())
}

/// Adds the edges of a relation.
fn add_edges(
    graph: &Graph<'_>,
    role: usize,
    relation: &Relation<'_>,
    (from, sources): (&Kind<'_>, &TempTable),
    (to, targets): (&Kind<'_>, &TempTable),
) -> Result<()> {
    let pairs = relation.columns.iter().zip(relation.others);
    let same: Vec<String> =
        pairs.map(|(own, other)| format!("b.{} = a.{}", identifier(other), identifier(own))).collect();
    let sql = format!(
        "INSERT INTO {edges} SELECT s.id, {role}, t.id FROM {sources} AS s CROSS JOIN {from_table} AS a ON {source}
         CROSS JOIN {to_table} AS b ON {same} CROSS JOIN {targets} AS t ON {target}",
        edges = graph.edges,
        from_table = user_table(&from.table.name),
        to_table = user_table(&to.table.name),
        source = from.handle.joins("a", "s"),
        same = same.join(" AND "),
        target = to.handle.joins("b", "t"),
    );
    let failed = || format!("cannot follow the references of {} to {}", from.table.name, to.table.name);
    graph.connection.execute(&sql, []).with_context(failed)?;
    Ok(())
}

/// Leaves only rows without a key that have the colour of others, and what is next to them.
fn keep_tied(graph: &Graph<'_>, seeds: &[&TempTable]) -> Result<()> {
    let Graph { connection, nodes, edges, .. } = graph;
    nodes.index(connection, "colour")?;
    graph.index_edges()?;
    let columns = "(id INTEGER PRIMARY KEY)";
    let tied = TempTable::create(connection, "tied colours", columns)?;
    let kept = TempTable::create(connection, "kept nodes", columns)?;
    let seeds: Vec<String> = seeds
        .iter()
        .map(|rows| format!("SELECT r.id FROM {rows} AS r JOIN {tied} AS t ON t.id = r.id"))
        .collect();
    let seeds = if seeds.is_empty() { "SELECT 1 WHERE 0".to_owned() } else { seeds.join(" UNION ALL ") };
    connection.execute_batch(&format!(
        "INSERT INTO {tied} SELECT id FROM {nodes} WHERE colour IN
           (SELECT colour FROM {nodes} GROUP BY colour HAVING count(*) > 1) ORDER BY id;
         INSERT INTO {kept} WITH RECURSIVE {NEAR}(id) AS ({seeds}
             UNION SELECT e.target FROM {NEAR} AS n CROSS JOIN {tied} AS t ON t.id = n.id
               CROSS JOIN {edges} AS e ON e.source = n.id
             UNION SELECT e.source FROM {NEAR} AS n CROSS JOIN {tied} AS t ON t.id = n.id
               CROSS JOIN {edges} AS e ON e.target = n.id) SELECT id FROM {NEAR};
         DELETE FROM {nodes} WHERE id NOT IN (SELECT id FROM {kept});
         DELETE FROM {edges} WHERE source NOT IN (SELECT id FROM {kept}) OR target NOT IN (SELECT id FROM {kept})"
    ))?;
    tied.drop(connection)?;
    kept.drop(connection)
}
