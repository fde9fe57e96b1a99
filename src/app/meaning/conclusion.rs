//! From what was found out to what is known of a database.

use super::facts::ColumnAt;
use super::inquiry::{Inquiry, Proof, Suspicion};
use super::proofs::{is_configured_key, names_all_references};
use super::settle::{Answer, answers, setting_of};
use super::vocabulary::{FLAG, QUANTITY, is};
use super::words::singular;
use super::{Class, Doubt, Meaning, Place, Reference, RowId};
use crate::config::Rules;
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// The meaning, with the references that were known from the start.
pub(super) fn conclude(inquiry: &Inquiry<'_>, mut references: Vec<Reference>, rules: &Rules) -> Meaning {
    references.extend(inquiry.proofs.iter().filter_map(|proof| reference(inquiry, proof)));
    let unclear = unclear(inquiry);
    let suspicions = inquiry.suspicions.iter().chain(&unclear);
    let mut doubts: Vec<Doubt> = suspicions.filter_map(|one| doubt(inquiry, one, rules)).collect();
    doubts.retain(|doubt| {
        let is_key = doubt.answers.contains(&Answer::Key);
        !is_configured_key(rules, &doubt.table, &doubt.column)
            && (is_key || !names_all_references(rules, &doubt.table))
    });
    Meaning {
        row_ids: row_ids(inquiry),
        references,
        doubts,
        numbers: numbers(inquiry),
        others: inquiry.numbered().map(|table| name(inquiry, table)).collect(),
    }
}

fn name(inquiry: &Inquiry<'_>, table: usize) -> String {
    inquiry.table(table).name().to_owned()
}

fn class(inquiry: &Inquiry<'_>, table: usize) -> Class {
    if inquiry.end(table) == table { inquiry.classes[table] } else { Class::Reference }
}

fn row_ids(inquiry: &Inquiry<'_>) -> IndexMap<String, RowId> {
    let row_id = |table: usize| {
        let facts = inquiry.table(table);
        let column = facts.key.map(|key| facts.columns[key].name.clone());
        (name(inquiry, table), RowId { column, class: class(inquiry, table) })
    };
    (0..inquiry.facts.tables.len()).map(row_id).collect()
}

fn reference(inquiry: &Inquiry<'_>, proof: &Proof) -> Option<Reference> {
    Some(Reference {
        table: name(inquiry, proof.at.0),
        columns: vec![inquiry.facts.column(proof.at).name.clone()],
        place: proof.place.clone(),
        target: name(inquiry, proof.target),
        to: vec![inquiry.table(proof.target).key_name()?.to_owned()],
        when: proof.when.clone(),
        evidence: proof.evidence.clone(),
    })
}

/// A doubt, where a table that may be meant has row ids which may change.
fn doubt(inquiry: &Inquiry<'_>, suspicion: &Suspicion, rules: &Rules) -> Option<Doubt> {
    let ends: BTreeSet<usize> = suspicion.targets.iter().map(|table| inquiry.end(*table)).collect();
    let may_change = |table: &usize| {
        let facts = inquiry.table(*table);
        facts.key_name().is_some() && inquiry.classes[*table] != Class::Natural
    };
    let targets: BTreeSet<usize> = ends.into_iter().filter(may_change).collect();
    let own = inquiry.table(suspicion.at.0).name();
    (!targets.is_empty()).then(|| Doubt {
        table: own.to_owned(),
        column: inquiry.facts.column(suspicion.at).name.clone(),
        place: suspicion.place.clone(),
        separator: if inquiry.facts.column(suspicion.at).values.lists.rooted { "/" } else { "," },
        when: suspicion.when.clone(),
        answers: answers(inquiry, suspicion, &targets, rules),
        targets: targets.into_iter().map(|table| name(inquiry, table)).collect(),
        is_vague: suspicion.is_vague,
        why: suspicion.why.clone(),
        setting: setting_of(rules, own),
    })
}

/// Row ids of which nobody knows whether they say something count as doubted.
fn unclear(inquiry: &Inquiry<'_>) -> Vec<Suspicion> {
    let unclear = |table: usize| {
        let facts = inquiry.table(table);
        let key = facts.key.filter(|_| facts.rows > 0 && class(inquiry, table) == Class::Unclear)?;
        (!inquiry.is_suspected((table, key))).then(|| Suspicion {
            at: (table, key),
            place: Place::Whole,
            targets: BTreeSet::from([table]),
            when: None,
            is_vague: false,
            why: "nothing says whether these numbers mean something outside this database".to_owned(),
        })
    };
    (0..inquiry.facts.tables.len()).filter_map(unclear).collect()
}

/// The columns that are taken for plain numbers although all of their values are row ids.
fn numbers(inquiry: &Inquiry<'_>) -> Vec<(String, String, BTreeSet<String>)> {
    let plain = inquiry.facts.columns().filter(|at| {
        inquiry.table(at.0).key != Some(at.1) && !inquiry.is_settled(*at) && !inquiry.is_suspected(*at)
    });
    plain
        .filter_map(|at| {
            let tables = tables_of_numbers(inquiry, at);
            let tables: BTreeSet<String> = tables.into_iter().map(|table| name(inquiry, table)).collect();
            let column = inquiry.facts.column(at).name.clone();
            (!tables.is_empty()).then(|| (name(inquiry, at.0), column, tables))
        })
        .collect()
}

/// The tables up to half of whose ids a column's values reach, if all are ids and nothing says that they count something.
fn tables_of_numbers(inquiry: &Inquiry<'_>, at: ColumnAt) -> BTreeSet<usize> {
    const FEW: u64 = 3;
    let column = inquiry.facts.column(at);
    let words = inquiry.table(at.0).words_of(at.1);
    let last = words.last().map(String::as_str).unwrap_or_default();
    let measures = ["BOOL", "REAL", "FLOAT", "DOUBLE", "DATE", "TIME", "NUM", "DEC"];
    let is_measure = measures.iter().any(|start| column.declared.starts_with(start))
        || is(&words[0], FLAG)
        || is(last, QUANTITY)
        || singular(last) != last;
    let numbers = &column.values.numbers;
    if is_measure
        || !column.values.are_integers()
        || numbers.len() < FEW
        || inquiry.facts.is_own(at.0, at.1, true)
        || super::doubts::is_numbering(inquiry, at)
    {
        return BTreeSet::new();
    }
    let reaches = |table: &usize| {
        let last = inquiry.table(*table).ids.bounds().map_or(i64::MAX, |(_, last)| last);
        *table != at.0 && numbers.bounds().is_some_and(|(_, most)| most >= last / 2)
    };
    let mut tables = inquiry.holders(numbers);
    tables.retain(reaches);
    tables
}
