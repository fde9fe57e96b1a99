//! Paths that must agree: what a row refers to by a name belongs to the same thing as the row itself.

use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::{Inquiry, Proof, Suspicion};
use crate::app::meaning::{Evidence, Place};
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use rusqlite::OptionalExtension;
use std::collections::BTreeSet;

/// Takes back what names seemed to prove where the rows that are referred to belong to other things: an episode whose
/// season is one of another show does not refer to seasons by their ids.
pub(in crate::app::meaning) fn refute(inquiry: &mut Inquiry<'_>) -> Result<()> {
    let is_named = |proof: &Proof| matches!(proof.evidence, Evidence::Name(_)) && proof.place == Place::Whole;
    let mut refuted: Vec<usize> = Vec::new();
    for (at, proof) in inquiry.proofs.iter().enumerate().filter(|(_, proof)| is_named(proof)) {
        for (own, theirs) in shared_owners(inquiry, proof.at, proof.target) {
            if disagrees(inquiry, proof, own, theirs)? {
                refuted.push(at);
                break;
            }
        }
    }
    for at in refuted.into_iter().rev() {
        let proof = inquiry.withdraw(at);
        let numbers = &inquiry.facts.column(proof.at).values.numbers;
        let mut targets: BTreeSet<usize> = inquiry.candidates(numbers, false);
        targets.insert(proof.target);
        let why = "rows that it seems to refer to belong to something else than its own row".to_owned();
        let place = Place::Whole;
        inquiry.add_suspicion(Suspicion { at: proof.at, place, targets, is_vague: true, when: None, why });
    }
    Ok(())
}

/// Columns of one name, in a table and in one that it seems to refer to, that refer to the same third table. People are
/// in many places, and what they own is too.
fn shared_owners(inquiry: &Inquiry<'_>, at: ColumnAt, target: usize) -> Vec<(usize, usize)> {
    let (own, theirs) = (inquiry.table(at.0), inquiry.table(target));
    let pair = |column: usize| {
        let other = theirs.column(&own.columns[column].name)?;
        let (mine, yours) = (inquiry.references_of((at.0, column)), inquiry.references_of((target, other)));
        let is_shared = |table: &usize| {
            yours.contains(table)
                && *table != target
                && *table != at.0
                && !inquiry.names.people().contains(table)
        };
        (column != at.1 && theirs.key != Some(other) && mine.iter().any(is_shared)).then_some((column, other))
    };
    let is_person = inquiry.names.people().contains(&target);
    if at.0 == target || is_person { Vec::new() } else { (0..own.columns.len()).filter_map(pair).collect() }
}

fn disagrees(inquiry: &Inquiry<'_>, proof: &Proof, own: usize, theirs: usize) -> Result<bool> {
    let (table, target) = (inquiry.table(proof.at.0), inquiry.table(proof.target));
    let Some(key) = target.key_name() else { return Ok(false) };
    let sql = format!(
        "SELECT 1 FROM {} AS a JOIN {} AS b ON b.{} = a.{} WHERE a.{} <> b.{} LIMIT 1",
        user_table(table.name()),
        user_table(target.name()),
        identifier(key),
        identifier(&table.columns[proof.at.1].name),
        identifier(&table.columns[own].name),
        identifier(&target.columns[theirs].name),
    );
    let found = inquiry.connection.query_row(&sql, [], |_| Ok(())).optional();
    Ok(found.with_context(|| format!("cannot compare {} with {}", table.name(), target.name()))?.is_some())
}
