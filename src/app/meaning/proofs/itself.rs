//! Rows that say themselves what they refer to: folders among rows that may be folders, and JSON that holds the row's own id.

use crate::app::meaning::column::View;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::{Inquiry, Proof};
use crate::app::meaning::words::same;
use crate::app::meaning::{Evidence, Place};
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};

/// The path of a row's own id in its JSON.
const OWN_ID: &str = "id";

/// Adds the references of rows to their own table that the rows themselves prove.
pub(in crate::app::meaning) fn by_rows(inquiry: &mut Inquiry<'_>) -> Result<()> {
    let places: Vec<ColumnAt> = inquiry.facts.columns().collect();
    let mut found = Vec::new();
    for at in places.into_iter().filter(|at| inquiry.table(at.0).key.is_some_and(|key| key != at.1)) {
        if let Some(flag) = flag_of(inquiry, at)
            && all_are(inquiry, at, flag)?
        {
            let evidence = Evidence::Name("rows of its own table that say to be such");
            found.push(Proof { at, place: Place::Whole, target: at.0, when: None, evidence });
        }
        if inquiry.facts.column(at).values.json.iter().any(|inside| inside.path == OWN_ID)
            && !inquiry.is_path_settled(at, OWN_ID)
            && holds_own_id(inquiry, at)?
        {
            let evidence = Evidence::Name("the id of its own row");
            found.push(Proof {
                at,
                place: Place::Json(OWN_ID.to_owned()),
                target: at.0,
                when: None,
                evidence,
            });
        }
    }
    for proof in found {
        inquiry.add(proof);
    }
    Ok(())
}

/// The column that says of a row whether it is what a column of an id is called after: `is_folder` beside `folder_id`.
fn flag_of(inquiry: &Inquiry<'_>, at: ColumnAt) -> Option<usize> {
    let view = View::new(inquiry, at);
    let [word] = view.stem.words.as_slice() else { return None };
    if !view.stem.is_id || inquiry.is_settled(at) || view.exact.is_some() {
        return None;
    }
    let facts = inquiry.table(at.0);
    (0..facts.columns.len()).find(|other| match facts.words_of(*other) {
        [is, what] => is == "is" && same(what, word),
        _ => false,
    })
}

/// Whether every id of a column is that of a row whose flag is set, and there is one.
fn all_are(inquiry: &Inquiry<'_>, at: ColumnAt, flag: usize) -> Result<bool> {
    let facts = inquiry.table(at.0);
    let (table, column) = (user_table(facts.name()), identifier(&facts.columns[at.1].name));
    let key = identifier(facts.key_name().unwrap_or_default());
    let sql = format!(
        "SELECT count(*) > 0 AND count(*) = total(own.{column} IN (SELECT {key} FROM {table} WHERE {} = 1))
         FROM {table} AS own WHERE own.{column} IS NOT NULL AND own.{column} NOT IN (0, -1)",
        identifier(&facts.columns[flag].name),
    );
    let found = inquiry.connection.query_row(&sql, [], |row| row.get(0));
    found.with_context(|| format!("cannot look at the rows of {}", facts.name()))
}

/// Whether the JSON of a column holds the id of its own row wherever it holds one, in two rows at least.
fn holds_own_id(inquiry: &Inquiry<'_>, at: ColumnAt) -> Result<bool> {
    let facts = inquiry.table(at.0);
    let column = identifier(&facts.columns[at.1].name);
    let sql = format!(
        "SELECT count(id) > 1 AND count(id) = total(id = own) FROM (SELECT {key} AS own,
         CASE WHEN json_valid({column}) THEN json_extract({column}, '$.{OWN_ID}') END AS id FROM {table})",
        key = identifier(facts.key_name().unwrap_or_default()),
        table = user_table(facts.name()),
    );
    let found = inquiry.connection.query_row(&sql, [], |row| row.get(0));
    found.with_context(|| format!("cannot look at the rows of {}", facts.name()))
}
