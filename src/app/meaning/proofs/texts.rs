//! References by keys that are no row ids, such as uuids and codes: they mean the same in every database, but say what
//! belongs to what.

use crate::app::meaning::column::View;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::Inquiry;
use crate::app::meaning::names::Level;
use crate::app::meaning::{Evidence, Place, Reference};
use crate::database::constraints::UniqueOrigin;
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use rusqlite::OptionalExtension;
use std::collections::HashMap;

/// The references by keys that are no row ids: the name means tables, and of one of them every value is a key.
pub(in crate::app::meaning) fn by_text_keys(inquiry: &mut Inquiry<'_>) -> Result<Vec<Reference>> {
    let mut called: HashMap<String, Vec<usize>> = HashMap::new();
    for table in 0..inquiry.facts.tables.len() {
        if let Some(key) = text_key(inquiry, table) {
            let name = &inquiry.table(table).columns[key].name;
            called.entry(name.to_ascii_lowercase()).or_default().push(table);
        }
    }
    if called.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let places: Vec<ColumnAt> = inquiry.facts.columns().collect();
    for at in places {
        let values = &inquiry.facts.column(at).values;
        if inquiry.is_settled(at) || values.filled == 0 || text_key(inquiry, at.0) == Some(at.1) {
            continue;
        }
        let mut fitting = Vec::new();
        for target in candidates(inquiry, at, &called) {
            if let Some(key) = text_key(inquiry, target)
                && has_all(inquiry, at, target, key)?
            {
                fitting.push((target, key));
            }
        }
        if let [(target, key)] = fitting.as_slice() {
            found.push(reference(inquiry, at, *target, *key));
            inquiry.settle(at);
        }
    }
    Ok(found)
}

/// The primary key of one column of a table whose rows have no number that others may mean.
fn text_key(inquiry: &Inquiry<'_>, table: usize) -> Option<usize> {
    let facts = inquiry.table(table);
    match facts.info.table.primary_key().as_slice() {
        [key] => facts.column(key).filter(|key| facts.key != Some(*key)),
        _ => None,
    }
}

/// The tables that a column may refer to by its name: it is called like their key, or after them.
fn candidates(inquiry: &Inquiry<'_>, at: ColumnAt, called: &HashMap<String, Vec<usize>>) -> Vec<usize> {
    let view = View::new(inquiry, at);
    let name = view.column.name.to_ascii_lowercase();
    let is_id = view.words.len() == 1 && view.words[0] == "id";
    if let Some(tables) = called.get(&name).filter(|_| !is_id) {
        return tables.clone();
    }
    let others = |tables: &[usize], in_role: bool| -> Vec<usize> {
        let is_other = |table: &&usize| text_key(inquiry, **table).is_some() && (**table != at.0 || in_role);
        tables.iter().filter(is_other).copied().collect()
    };
    let own = view.words;
    let by_key = (1..own.len()).find_map(|from| {
        let tables = called.get(&own[from..].join("_")).or_else(|| called.get(&own[from..].concat()))?;
        let meant = inquiry.names.meaning(&own[..from], Level::Shortened)?;
        let both: Vec<usize> = meant.tables.into_iter().filter(|table| tables.contains(table)).collect();
        (!both.is_empty()).then_some((both, meant.in_role))
    });
    if let Some((tables, in_role)) = by_key {
        return others(&tables, in_role);
    }
    if view.is_parent && view.stem.is_id {
        return others(&[at.0], true);
    }
    match view.named.as_ref().filter(|meant| view.stem.is_id && !meant.is_ending) {
        Some(meant) => others(&meant.tables, meant.in_role),
        None => Vec::new(),
    }
}

fn has_all(inquiry: &Inquiry<'_>, at: ColumnAt, target: usize, key: usize) -> Result<bool> {
    let (table, other) = (inquiry.table(at.0), inquiry.table(target));
    let key = &other.columns[key].name;
    let unique = other.info.uniques.iter().find(|unique| unique.origin == UniqueOrigin::PrimaryKey);
    let collation =
        unique.and_then(|unique| unique.columns.first()).map_or("BINARY", |(_, collation)| collation);
    // Such a list is made once, whatever the types of the two columns are.
    let sql = format!(
        "SELECT 1 FROM {} WHERE {column} IS NOT NULL
         AND {column} COLLATE {} NOT IN (SELECT {key} FROM {} WHERE {key} IS NOT NULL) LIMIT 1",
        user_table(table.name()),
        identifier(collation),
        user_table(other.name()),
        key = identifier(key),
        column = identifier(&table.columns[at.1].name),
    );
    let lost = inquiry.connection.query_row(&sql, [], |_| Ok(())).optional();
    let lost = lost.with_context(|| format!("cannot compare {} with {}", table.name(), other.name()))?;
    Ok(lost.is_none())
}

fn reference(inquiry: &Inquiry<'_>, at: ColumnAt, target: usize, key: usize) -> Reference {
    Reference {
        table: inquiry.table(at.0).name().to_owned(),
        columns: vec![inquiry.facts.column(at).name.clone()],
        place: Place::Whole,
        target: inquiry.table(target).name().to_owned(),
        to: vec![inquiry.table(target).columns[key].name.clone()],
        when: None,
        evidence: Evidence::Name("its name and its values"),
    }
}
