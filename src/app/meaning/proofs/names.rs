//! What the name of a column says and its values confirm.

use super::pairs;
use crate::app::meaning::column::View;
use crate::app::meaning::inquiry::{Inquiry, Proof};
use crate::app::meaning::names::Level;
use crate::app::meaning::vocabulary::{TREE, is};
use crate::app::meaning::words::singular;
use crate::app::meaning::{Class, Evidence, Place};
use crate::database::quote::{alias, identifier, user_table};
use crate::database::temporary::TempTable;
use anyhow::{Context, Result};

/// What a rule says of a column.
enum Verdict {
    /// It refers to this table.
    Proven(usize, &'static str),
    /// It refers to its own table, if the rows are trees.
    Tree,
    /// It is for this rule to say, and it is not proven.
    Unproven,
    /// It is for other rules to say.
    Open,
}

type Rule = fn(&Inquiry<'_>, &View<'_>) -> Verdict;

/// The rules, the first that decides.
const RULES: [Rule; 7] = [key, list, plain, named, tree, people, few_words];

/// Adds the references that names and values prove.
pub(in crate::app::meaning) fn by_names(inquiry: &mut Inquiry<'_>) -> Result<()> {
    let mut found = Vec::new();
    for at in inquiry.facts.columns() {
        if inquiry.is_settled(at) || inquiry.facts.column(at).is_boolean() {
            continue;
        }
        let view = View::new(inquiry, at);
        let proof = |target: usize, why: &'static str| {
            let place = if view.column.values.are_lists() { Place::List } else { Place::Whole };
            Proof { at, place, target, when: None, evidence: Evidence::Name(why) }
        };
        match judge(inquiry, &view) {
            Verdict::Proven(target, why) if !pairs::has_kinds(inquiry, at)? => found.push(proof(target, why)),
            Verdict::Tree if is_a_tree(inquiry, &view)? => {
                found.push(proof(at.0, "rows of its own table"));
            }
            Verdict::Proven(..) | Verdict::Tree | Verdict::Unproven | Verdict::Open => {}
        }
    }
    for proof in found {
        inquiry.add(proof);
    }
    Ok(())
}

fn judge(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let verdicts = RULES.iter().map(|rule| rule(inquiry, view));
    verdicts.into_iter().find(|verdict| !matches!(verdict, Verdict::Open)).unwrap_or(Verdict::Open)
}

/// A key that is called exactly after another table, whose rows it extends.
fn key(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    if !view.is_key {
        return Verdict::Open;
    }
    let target = view.exact.as_deref().filter(|_| !view.is_own && view.stem.is_id);
    match target {
        Some([target]) if *target != view.at.0 && inquiry.fit_of(view.at, *target).is_whole() => {
            Verdict::Proven(*target, "the name of the key, and every value is there")
        }
        _ => Verdict::Unproven,
    }
}

/// A list of numbers in a text that is called after a table.
fn list(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let values = &view.column.values;
    if !values.are_lists() {
        return Verdict::Open;
    }
    let is_plural = view.words.last().is_some_and(|last| singular(last) != *last);
    let meant = if view.stem.is_id {
        view.named.clone()
    } else {
        inquiry.names.meaning(view.words, Level::Shortened).filter(|_| is_plural)
    };
    let Some(meant) = meant.filter(|meant| meant.is_exact() && !view.is_own) else {
        return Verdict::Unproven;
    };
    match meant.tables.as_slice() {
        [target] if inquiry.fit(&values.listed, *target).is_whole() => {
            Verdict::Proven(*target, "a list that is called after it, and every number is there")
        }
        _ => Verdict::Unproven,
    }
}

/// What can hold no single row id, or has no hint in its name.
fn plain(_: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let is_number = view.column.values.are_integers() && !view.is_yes_or_no;
    let is_plain = !is_number || view.is_own || view.is_id || !view.is_hinted;
    let is_outside = view.is_outside && !view.names_exactly();
    if is_plain || is_outside { Verdict::Unproven } else { Verdict::Open }
}

/// A column with an id ending that is called after one table.
fn named(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let Some(tables) = view.exact.as_deref() else { return Verdict::Open };
    let [target] = tables else {
        let fits = tables.iter().any(|table| inquiry.fit_of(view.at, *table).is_over_half());
        return if fits { Verdict::Unproven } else { Verdict::Open };
    };
    let is_numbered = inquiry.table(*target).has_numbered_rows()
        && (inquiry.table(*target).key.is_some() || view.names_exactly());
    let is_proof = is_numbered
        && view.ends_like_key_of(inquiry, *target)
        && !inquiry.has_such_a_column(view.at, *target)
        && inquiry.fit_of(view.at, *target).is_proof();
    let why =
        if view.is_in_role() { "its name in a role, and its values" } else { "its name and its values" };
    if is_proof { Verdict::Proven(*target, why) } else { Verdict::Unproven }
}

/// `parent`, `root`, `ancestor`: rows of the table itself.
fn tree(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    if !view.is_parent {
        return Verdict::Open;
    }
    let own = view.at.0;
    let is_tree = view.last().is_some_and(|last| is(last, TREE)) || view.ends_with_parent();
    let extends_another = inquiry
        .names
        .extended_by(own)
        .first()
        .is_some_and(|other| inquiry.fit_of(view.at, *other).is_share(50));
    let is_proof = is_tree
        && inquiry.table(own).key.is_some()
        && inquiry.classes[own] != Class::Natural
        && inquiry.fit_of(view.at, own).is_proof()
        && !extends_another;
    if is_proof { Verdict::Tree } else { Verdict::Unproven }
}

/// A number that is no row id where row ids are counted up.
const NOWHERE: i64 = i64::MIN;

/// Whether rows and what they refer to are trees: every row leads to one that refers to nothing.
fn is_a_tree(inquiry: &Inquiry<'_>, view: &View<'_>) -> Result<bool> {
    let table = inquiry.table(view.at.0);
    let Some(key) = table.key_name().map(identifier) else { return Ok(false) };
    let (column, name) = (identifier(&view.column.name), user_table(table.name()));
    let definition = "(above INTEGER, id INTEGER, PRIMARY KEY (above, id)) WITHOUT ROWID";
    let links = TempTable::create(inquiry.connection, &format!("rows of {}", table.name()), definition)?;
    let (above, reached) = (format!("CAST({column} AS INTEGER)"), alias("reached", table.name()));
    // Rows that lead nowhere are below a number that no row has.
    let fill = format!(
        "INSERT OR IGNORE INTO {links} SELECT
         CASE WHEN {column} IS NULL OR {column} IN (0, -1, '') OR {above} NOT IN (SELECT {key} FROM {name})
         THEN {NOWHERE} ELSE {above} END, {key} FROM {name} WHERE {key} IS NOT NULL"
    );
    let walk = format!(
        "WITH RECURSIVE {reached}(id) AS (SELECT id FROM {links} WHERE above = {NOWHERE}
         UNION ALL SELECT below.id FROM {reached} AS r JOIN {links} AS below ON below.above = r.id)
         SELECT (SELECT count(*) FROM {reached}) = (SELECT count(*) FROM {links})"
    );
    let look = || {
        inquiry.connection.execute(&fill, [])?;
        inquiry.connection.query_row(&walk, [], |row| row.get(0))
    };
    let found = look().with_context(|| format!("cannot look for circles in {}", table.name()))?;
    links.drop(inquiry.connection)?;
    Ok(found)
}

/// What people are to a thing.
fn people(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    if !view.is_people {
        return Verdict::Open;
    }
    match inquiry.names.people() {
        [people] if inquiry.fit_of(view.at, *people).is_proof() => {
            Verdict::Proven(*people, "what people are called, and the only table of them")
        }
        _ => Verdict::Unproven,
    }
}

/// `fk`, and the last words of a table's name: only with enough values.
fn few_words(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    /// By chance, one or two small numbers are ids of any table.
    const FEW: u64 = 3;
    let fits = |target: usize, least: u64| {
        let fit = inquiry.fit_of(view.at, target);
        let is_meant = inquiry.table(target).key.is_some() && view.ends_like_key_of(inquiry, target);
        is_meant && (fit.is_whole() && fit.of >= least || fit.is_proof() && fit.is_many())
    };
    if view.stem.words.is_empty()
        && let Some(target) = inquiry.names.extended_by(view.at.0).first()
        && fits(*target, FEW)
    {
        return Verdict::Proven(*target, "the table that this one's name extends, and its values");
    }
    let Some(meant) = view.named.as_ref().filter(|meant| !meant.is_ending) else {
        return Verdict::Unproven;
    };
    let others: Vec<usize> =
        meant.tables.iter().copied().filter(|table| *table != view.at.0 || meant.in_role).collect();
    let least = if meant.in_role { 20 } else { FEW };
    match others.as_slice() {
        [target] if !Inquiry::is_generic(&view.stem.words) && fits(*target, least) => {
            Verdict::Proven(*target, "the last words of its name, and its values")
        }
        _ => Verdict::Unproven,
    }
}
