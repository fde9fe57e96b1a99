//! Polymorphic references: a column that names a kind of thing, and one that holds its id.

use crate::app::meaning::column::View;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::groups::{Group, Saying, count_groups, each_group, each_saying};
use crate::app::meaning::inquiry::{Inquiry, Proof, Suspicion};
use crate::app::meaning::names::Level;
use crate::app::meaning::vocabulary::{KIND, is};
use crate::app::meaning::words::split;
use crate::app::meaning::{Evidence, Place};
use crate::database::check::text;
use crate::database::quote::user_table;
use anyhow::{Context, Result};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// Django's table of kinds.
const DJANGO_TYPES: &str = "django_content_type";

/// What a kind means.
enum Kind {
    /// One table.
    Table(usize),
    /// Several.
    Tables(Vec<usize>),
    /// Nothing that is known.
    Unknown,
}

/// Adds the references of pairs, row by row.
pub(in crate::app::meaning) fn pairs(inquiry: &mut Inquiry<'_>) -> Result<()> {
    let places: Vec<ColumnAt> = inquiry.facts.columns().collect();
    for at in places {
        let values = &inquiry.facts.column(at).values;
        let has_ids = !values.numbers.is_empty() && inquiry.table(at.0).key != Some(at.1);
        if has_ids && let Some((kind, known)) = inquiry.settled_kinds(at) {
            let known = known.to_vec();
            if content_type(inquiry, at) == Some(kind) {
                django(inquiry, at, kind, &known)?;
            } else if kinds_beside(inquiry, at).any(|beside| beside == kind) {
                other_kinds(inquiry, at, kind, &known)?;
            }
        } else if has_ids && !inquiry.is_settled(at) {
            if let Some(kind) = content_type(inquiry, at) {
                django(inquiry, at, kind, &[])?;
            } else if let Some(kind) = kind_beside(inquiry, at) {
                pair(inquiry, at, kind)?;
            }
        }
    }
    Ok(())
}

/// The column that says in texts which table an id is of.
fn kind_beside(inquiry: &Inquiry<'_>, at: ColumnAt) -> Option<usize> {
    let columns = &inquiry.table(at.0).columns;
    kinds_beside(inquiry, at).find(|other| columns[*other].values.texts)
}

/// The columns that are called so that they may say which table an id is of.
pub(in crate::app::meaning) fn kinds_beside<'i>(
    inquiry: &'i Inquiry<'_>,
    (table, column): ColumnAt,
) -> impl Iterator<Item = usize> + 'i {
    let view = View::new(inquiry, (table, column));
    let is_id = view.stem.is_id || view.words.iter().any(|word| word == "id");
    let base = view.stem.words.concat();
    let facts = inquiry.table(table);
    (0..facts.columns.len()).filter(move |other| *other != column).filter(move |other| {
        let words = facts.words_of(*other);
        let Some((last, start)) = words.split_last() else { return false };
        let one = format!("{base}type");
        let is_kind = is(last, KIND) && start.concat() == base && (!start.is_empty() || last == "type");
        let is_type = !base.is_empty() && words.concat() == one;
        let is_table = words.len() >= 2 && words[0] == "table" && words[1] == "name";
        if is_id { is_kind || is_type || is_table } else { is_type }
    })
}

/// Whether a column beside this one says of several kinds of things which one an id is of.
pub(super) fn has_kinds(inquiry: &Inquiry<'_>, at: ColumnAt) -> Result<bool> {
    for kind in kinds_beside(inquiry, at) {
        let is_name = inquiry.table(at.0).columns[kind].words.last().is_some_and(|last| last == "name");
        if !is_name && count_groups(inquiry, (at.0, kind), at, 2)? > 1 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Django's column that says it, by the row of another table.
fn content_type(inquiry: &Inquiry<'_>, (table, column): ColumnAt) -> Option<usize> {
    let facts = inquiry.table(table);
    let words = facts.columns[column].words.concat();
    let is_object = words == "objectid" || words == "objectpk";
    inquiry.facts.table(DJANGO_TYPES).filter(|_| is_object)?;
    facts.column("content_type_id")
}

fn pair(inquiry: &mut Inquiry<'_>, at: ColumnAt, kind: usize) -> Result<()> {
    let (mut named, mut all) = (0_u64, 0_u64);
    each_saying(inquiry, (at.0, kind), at, &mut |name| {
        all += 1;
        named += u64::from(!matches!(meaning(inquiry, name), Kind::Unknown));
        true
    })?;
    // Names of other things are now and then those of tables too.
    if named == 0 || named * 2 < all {
        return Ok(());
    }
    by_kinds(inquiry, at, kind, &Evidence::Pair, &|inquiry, name| Some(meaning(inquiry, name)))?;
    inquiry.settle(at);
    Ok(())
}

/// What the rows mean whose kind is none of those that are known.
pub(super) fn other_kinds(
    inquiry: &mut Inquiry<'_>,
    at: ColumnAt,
    kind: usize,
    known: &[String],
) -> Result<()> {
    let is_known = |name: &str| known.iter().any(|known| known == name);
    let open = |inquiry: &Inquiry<'_>, name: &str| (!is_known(name)).then(|| meaning(inquiry, name));
    by_kinds(inquiry, at, kind, &Evidence::Pair, &open)
}

/// What a kind of rows means; nothing where that is known already.
type Meaning<'m> = &'m dyn Fn(&Inquiry<'_>, &str) -> Option<Kind>;

/// Adds what the rows of each kind refer to, or may refer to.
fn by_kinds(
    inquiry: &mut Inquiry<'_>,
    at: ColumnAt,
    kind: usize,
    evidence: &Evidence,
    meaning: Meaning<'_>,
) -> Result<()> {
    let (mut proofs, mut suspicions) = (Vec::new(), Vec::new());
    let column = inquiry.table(at.0).columns[kind].name.clone();
    each_group(inquiry, (at.0, kind), at, Saying::Anything, &mut |group| {
        let Some(meaning) = meaning(inquiry, &group.said) else { return Ok(()) };
        let when = Some((column.clone(), group.said.clone()));
        match judge(inquiry, &group, meaning) {
            Verdict::Proven(target) => {
                proofs.push(Proof { at, place: Place::Whole, target, when, evidence: evidence.clone() });
            }
            Verdict::Doubt(targets, why) if !targets.is_empty() => {
                let why = why.to_owned();
                suspicions.push(Suspicion { at, place: Place::Whole, targets, is_vague: true, when, why });
            }
            Verdict::Doubt(..) | Verdict::Nothing => {}
        }
        Ok(())
    })?;
    for proof in proofs {
        inquiry.add(proof);
    }
    inquiry.suspicions.extend(suspicions);
    Ok(())
}

/// What is known of the rows of a kind.
enum Verdict {
    Proven(usize),
    Doubt(BTreeSet<usize>, &'static str),
    Nothing,
}

fn judge(inquiry: &Inquiry<'_>, group: &Group, meaning: Kind) -> Verdict {
    let ids = &group.numbers;
    let are_ids = group.are_numbers() && !group.is_list;
    let may_be_ids = group.are_mostly_numbers();
    let fits = |table: usize| inquiry.fit(ids, table).is_share(50) || inquiry.fit(ids, table).of == 0;
    match meaning {
        Kind::Table(target) if are_ids && fits(target) => Verdict::Proven(target),
        Kind::Table(target) if may_be_ids => {
            let mut targets = inquiry.candidates(ids, false);
            targets.insert(target);
            let why = if are_ids {
                "most ids are not in the table that the kind names"
            } else {
                "the kind names a table, and some values are no ids"
            };
            Verdict::Doubt(targets, why)
        }
        Kind::Tables(tables) => {
            let mut targets: BTreeSet<usize> = tables.into_iter().collect();
            targets.extend(inquiry.holders(ids));
            Verdict::Doubt(targets, "the kind may name these tables")
        }
        Kind::Unknown if may_be_ids => Verdict::Doubt(inquiry.holders(ids), "the kind names no table"),
        Kind::Unknown | Kind::Table(_) => Verdict::Nothing,
    }
}

/// The table that a kind names: `Post`, `blog::Post`, `App\Models\Post`, `posts`.
fn meaning(inquiry: &Inquiry<'_>, name: &str) -> Kind {
    if let Some(table) = inquiry.facts.table(name) {
        return Kind::Table(table);
    }
    let last = name.rsplit(['\\', '/', ':', '.']).next().unwrap_or(name);
    let exact = |name: &str| {
        let meant = inquiry.names.meaning(&split(name), Level::LastWords);
        meant.filter(|meant| !meant.in_role && !meant.is_ending)
    };
    match exact(name).or_else(|| exact(last)) {
        None => Kind::Unknown,
        Some(meant) => match meant.tables.as_slice() {
            [table] if meant.is_exact() => Kind::Table(*table),
            _ => Kind::Tables(meant.tables),
        },
    }
}

/// Django's content types: the application and the model are the name of the table.
fn django(inquiry: &mut Inquiry<'_>, at: ColumnAt, kind: usize, known: &[String]) -> Result<()> {
    let types = content_types(inquiry)?;
    let table = |inquiry: &Inquiry<'_>, id: &str| {
        let table = types.get(id).and_then(|name| inquiry.facts.table(name));
        let is_known = known.iter().any(|known| known == id);
        (!is_known).then(|| table.map_or(Kind::Unknown, Kind::Table))
    };
    by_kinds(inquiry, at, kind, &Evidence::Format("Django's content types".to_owned()), &table)?;
    inquiry.settle(at);
    Ok(())
}

fn content_types(inquiry: &Inquiry<'_>) -> Result<IndexMap<String, String>> {
    let read = || -> rusqlite::Result<IndexMap<String, String>> {
        let sql = format!(
            "SELECT CAST(id AS TEXT), app_label || '_' || model FROM {} WHERE app_label IS NOT NULL AND model IS NOT NULL",
            user_table(DJANGO_TYPES)
        );
        let mut statement = inquiry.connection.prepare(&sql)?;
        statement.query_map([], |row| Ok((text(row, 0)?, text(row, 1)?)))?.collect()
    };
    read().with_context(|| format!("cannot read {DJANGO_TYPES}"))
}
