//! What refers to what: declared by the schema, said by the configuration, or inferred where name and values agree.

use crate::app::catalog::{Catalog, TableInfo};
use crate::app::names::{counts_something, fit, means_itself, stem};
use crate::database::affinity::Affinity;
use crate::database::constraints::{ForeignKey, OnDelete};
use crate::database::quote::{identifier, user_table};
use crate::database::schema::Column;
use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension};

/// Columns of a table that refer to rows of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The columns.
    pub columns: Vec<String>,
    /// The table that they refer to.
    pub parent: String,
    /// Its columns.
    pub to: Vec<String>,
    /// Whether rows go with the row that they refer to.
    pub cascades: bool,
    /// Whether the schema does not declare it.
    pub undeclared: bool,
}

impl Link {
    /// Whether it says all that another one says.
    fn covers(&self, other: &Self) -> bool {
        self.columns.len() > other.columns.len() && other.columns.iter().all(|column| self.has(column))
    }

    /// Whether a column is one of those that refer.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|own| own.eq_ignore_ascii_case(column))
    }
}

/// The links of a table that the schema declares, without those to tables that hold no data of the application. What a
/// wider link says is not said again by a narrower one.
pub fn declared(info: &TableInfo, catalog: &Catalog) -> Vec<Link> {
    let own_names = |table: &TableInfo, names: &[String]| -> Option<Vec<String>> {
        names.iter().map(|name| table.table.column(name).map(|column| column.name.clone())).collect()
    };
    let link = |key: &ForeignKey| {
        let parent = catalog.table(&key.parent)?;
        Some(Link {
            columns: own_names(info, &key.columns)?,
            parent: parent.table.name.clone(),
            to: own_names(parent, &key.to)?,
            cascades: key.on_delete == OnDelete::Cascade,
            undeclared: false,
        })
    };
    let links: Vec<Link> = info.foreign_keys.iter().filter_map(link).collect();
    links.iter().filter(|link| !links.iter().any(|other| other.covers(link))).cloned().collect()
}

/// What a column may refer to by its name: the table, and the column by which its rows are known.
fn candidates<'a>(column: &Column, info: &TableInfo, catalog: &'a Catalog) -> Vec<(&'a TableInfo, String)> {
    let start = stem(&column.name);
    let bare = column.affinity() == Affinity::Integer;
    if start.is_none() && !bare {
        return Vec::new();
    }
    let name = start.unwrap_or(&column.name);
    let identity = |table: &TableInfo| match table.table.primary_key().as_slice() {
        [key] => Some((*key).to_owned()),
        _ => None,
    };
    if means_itself(name) || means_itself(&column.name) {
        let own = catalog.table(&info.table.name);
        return own.and_then(|own| Some((own, identity(own)?))).into_iter().collect();
    }
    let mut best = 0;
    let mut found: Vec<(&TableInfo, String)> = Vec::new();
    for table in catalog.tables.values() {
        let Some(key) = identity(table) else { continue };
        let is_own_key = table.table.name == info.table.name && key == column.name;
        // A key that has a name of its own is called the same where it is referred to.
        let same_key = key.eq_ignore_ascii_case(&column.name) && !key.eq_ignore_ascii_case("id");
        if start.is_none() && !same_key && counts_something(name, &table.table.name) {
            continue;
        }
        let score = if same_key { Some(usize::MAX) } else { fit(name, &table.table.name) };
        match score {
            Some(score) if !is_own_key && score > best => (best, found) = (score, vec![(table, key)]),
            Some(score) if !is_own_key && score == best => found.push((table, key)),
            _ => {}
        }
    }
    found
}

/// What was found out about a column that may refer to something.
pub enum Inferred {
    /// It does.
    Link(Link),
    /// It looks so, and why it is not taken for one.
    Doubt(String),
    /// It does not.
    Nothing,
}

/// Whether a column refers to something although the schema does not say so: its name fits a table, and every value is
/// there. `natural` says whether a number is known to the world, so that it may stay as it is.
pub fn infer(
    connection: &Connection,
    info: &TableInfo,
    column: &Column,
    catalog: &Catalog,
    natural: impl Fn(&TableInfo, &str) -> bool,
) -> Result<Inferred> {
    let is_text = column.affinity() == Affinity::Text;
    let mut candidates = candidates(column, info, catalog);
    if info.table.primary_key() == [column.name.as_str()] {
        return Ok(Inferred::Nothing);
    }
    let looks_like_one = stem(&column.name).is_some() && !is_text;
    let values = if candidates.is_empty() && !looks_like_one {
        return Ok(Inferred::Nothing);
    } else {
        values(connection, info, column)?
    };
    // Numbers that a database gave are texts only where every text is such a number.
    let are_numbers = values.others == 0 || values.others == values.written;
    let has_numbers = !is_text || values.others > 0 && are_numbers;
    candidates.retain(|(parent, key)| has_numbers || natural(parent, key));
    if values.numbers == 0 && values.others == 0 {
        // Nothing tells against the only name that fits.
        return Ok(match candidates.as_slice() {
            [(parent, key)] if stem(&column.name).is_some() && !natural(parent, key) => {
                Inferred::Link(link(column, parent, key))
            }
            _ => Inferred::Nothing,
        });
    }
    let is_bare = stem(&column.name).is_none();
    if is_bare && values.others > 0 {
        return Ok(Inferred::Nothing);
    }
    let mut fitting = Vec::new();
    let mut lost = None;
    for (parent, key) in &candidates {
        match first_lost(connection, info, column, parent, key)? {
            None => fitting.push((parent, key)),
            Some(value) => lost = Some((parent.table.name.clone(), value, natural(parent, key))),
        }
    }
    Ok(match (fitting.as_slice(), lost) {
        ([(parent, key)], _) => Inferred::Link(link(column, parent, key)),
        ([_, _, ..], _) if fitting.iter().all(|(parent, key)| natural(parent, key)) => Inferred::Nothing,
        ([_, _, ..], _) => Inferred::Doubt("its name and its values fit several tables".to_owned()),
        ([], Some((parent, value, false))) if are_numbers => {
            Inferred::Doubt(format!("it is named after {parent}, where there is no {value}"))
        }
        ([], None)
            if looks_like_one
                && values.others == 0
                && !info.is_unique_in(std::slice::from_ref(&column.name)) =>
        {
            Inferred::Doubt("it looks like the number of a row, and fits no table".to_owned())
        }
        _ => Inferred::Nothing,
    })
}

fn link(column: &Column, parent: &TableInfo, key: &str) -> Link {
    Link {
        columns: vec![column.name.clone()],
        parent: parent.table.name.clone(),
        to: vec![key.to_owned()],
        cascades: false,
        undeclared: true,
    }
}

/// What kinds of values a column has.
struct Values {
    numbers: u64,
    others: u64,
    /// Those of the others that are integers written as texts.
    written: u64,
}

fn values(connection: &Connection, info: &TableInfo, column: &Column) -> Result<Values> {
    let name = identifier(&column.name);
    let sql = format!(
        "SELECT total(typeof({name}) = 'integer'), total(typeof({name}) NOT IN ('integer', 'null')),
         total(typeof({name}) = 'text' AND CAST(CAST({name} AS INTEGER) AS TEXT) = {name} COLLATE BINARY) FROM {}",
        user_table(&info.table.name)
    );
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they are counts")]
    connection
        .query_row(&sql, [], |row| {
            let count = |at| row.get::<_, f64>(at).map(|count| count as u64);
            Ok(Values { numbers: count(0)?, others: count(1)?, written: count(2)? })
        })
        .with_context(|| format!("cannot look at {}.{}", info.table.name, column.name))
}

/// A value of a column that is not in the column of the parent.
fn first_lost(
    connection: &Connection,
    info: &TableInfo,
    column: &Column,
    parent: &TableInfo,
    key: &str,
) -> Result<Option<String>> {
    let sql = format!(
        "SELECT quote({column}) FROM {table} AS c WHERE c.{column} IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM {parent} AS p WHERE p.{key} = c.{column}) LIMIT 1",
        column = identifier(&column.name),
        table = user_table(&info.table.name),
        parent = user_table(&parent.table.name),
        key = identifier(key),
    );
    connection
        .query_row(&sql, [], |row| Ok(String::from_utf8_lossy(row.get_ref(0)?.as_bytes()?).into_owned()))
        .optional()
        .with_context(|| {
            format!("cannot compare {}.{} with {}", info.table.name, column.name, parent.table.name)
        })
}
