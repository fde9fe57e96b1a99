//! Polymorphic references: a column that names a kind of thing, and one that holds its id.

use crate::app::meaning::column::View;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::{Inquiry, Proof};
use crate::app::meaning::names::Level;
use crate::app::meaning::numbers::Numbers;
use crate::app::meaning::values::written;
use crate::app::meaning::vocabulary::{KIND, is};
use crate::app::meaning::words::split;
use crate::app::meaning::{Evidence, Place};
use crate::database::check::text;
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// How many kinds there may be.
const MOST_KINDS: usize = 1000;

/// Django's table of kinds.
const DJANGO_TYPES: &str = "django_content_type";

/// A kind that rows name, and the ids in these rows; nothing where one is no id.
pub(in crate::app::meaning) type Kinds = IndexMap<String, Option<Numbers>>;

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
        if has_ids && !inquiry.is_settled(at) {
            if let Some(kind) = content_type(inquiry, at) {
                django(inquiry, at, kind)?;
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
        let is_type = (last == "type" || words.concat() == one) && words.concat() == one && !base.is_empty();
        let is_table = words.len() >= 2 && words[0] == "table" && words[1] == "name";
        if is_id { is_kind || is_type || is_table } else { is_type }
    })
}

/// Whether a column beside this one says of several kinds of things which one an id is of.
pub(super) fn has_kinds(inquiry: &Inquiry<'_>, at: ColumnAt) -> Result<bool> {
    for kind in kinds_beside(inquiry, at) {
        let is_name = inquiry.table(at.0).columns[kind].words.last().is_some_and(|last| last == "name");
        if !is_name && read(inquiry, at, kind)?.len() > 1 {
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
    let kinds = read(inquiry, at, kind)?;
    let meanings: Vec<Kind> = kinds.keys().map(|name| meaning(inquiry, name)).collect();
    let named = meanings.iter().filter(|meaning| !matches!(meaning, Kind::Unknown)).count();
    // Names of other things are now and then those of tables too.
    if named == 0 || named * 2 < meanings.len() {
        return Ok(());
    }
    let column = inquiry.table(at.0).columns[kind].name.clone();
    for ((name, ids), meaning) in kinds.into_iter().zip(meanings) {
        let when = (column.clone(), name);
        add(inquiry, at, when, ids.as_ref(), &meaning, &Evidence::Pair);
    }
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
    let column = inquiry.table(at.0).columns[kind].name.clone();
    for (name, ids) in read(inquiry, at, kind)?.into_iter().filter(|(name, _)| !known.contains(name)) {
        let meaning = meaning(inquiry, &name);
        add(inquiry, at, (column.clone(), name), ids.as_ref(), &meaning, &Evidence::Pair);
    }
    Ok(())
}

fn add(
    inquiry: &mut Inquiry<'_>,
    at: ColumnAt,
    when: (String, String),
    ids: Option<&Numbers>,
    meaning: &Kind,
    evidence: &Evidence,
) {
    let none = Numbers::default();
    let (ids, are_ids) = (ids.unwrap_or(&none), ids.is_some());
    let fits = |table: &usize| inquiry.fit(ids, *table).is_share(50);
    match meaning {
        Kind::Table(target) if are_ids && (fits(target) || inquiry.fit(ids, *target).of == 0) => {
            let (target, evidence) = (*target, evidence.clone());
            inquiry.add(Proof { at, place: Place::Whole, target, when: Some(when), evidence });
        }
        Kind::Table(target) if are_ids => {
            let mut targets = inquiry.candidates(ids, false);
            targets.insert(*target);
            inquiry.suspect_place(
                at,
                Place::Whole,
                targets,
                Some(when),
                "most ids are not in the table that the kind names",
            );
        }
        Kind::Tables(tables) => {
            let mut targets: BTreeSet<usize> = tables.iter().copied().collect();
            targets.extend(inquiry.holders(ids));
            inquiry.suspect_place(at, Place::Whole, targets, Some(when), "the kind may name these tables");
        }
        Kind::Unknown if are_ids => {
            let targets = inquiry.holders(ids);
            inquiry.suspect_place(at, Place::Whole, targets, Some(when), "the kind names no table");
        }
        Kind::Unknown | Kind::Table(_) => {}
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
fn django(inquiry: &mut Inquiry<'_>, at: ColumnAt, kind: usize) -> Result<()> {
    let types = content_types(inquiry)?;
    let kinds = read(inquiry, at, kind)?;
    let column = inquiry.table(at.0).columns[kind].name.clone();
    for (id, ids) in kinds {
        let meaning = match types.get(&id).and_then(|name| inquiry.facts.table(name)) {
            Some(table) => Kind::Table(table),
            None => Kind::Unknown,
        };
        let evidence = Evidence::Format("Django's content types".to_owned());
        add(inquiry, at, (column.clone(), id), ids.as_ref(), &meaning, &evidence);
    }
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

/// The ids by the kind that is beside them; nothing where there are too many kinds.
pub(in crate::app::meaning) fn read(inquiry: &Inquiry<'_>, at: ColumnAt, kind: usize) -> Result<Kinds> {
    let facts = inquiry.table(at.0);
    let sql = format!(
        "SELECT CAST({kind} AS TEXT), {id} FROM {} WHERE {kind} IS NOT NULL AND {id} IS NOT NULL",
        user_table(facts.name()),
        kind = identifier(&facts.columns[kind].name),
        id = identifier(&facts.columns[at.1].name),
    );
    let collect = || -> rusqlite::Result<Kinds> {
        let mut kinds = Kinds::new();
        let mut statement = inquiry.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let name = text(row, 0)?;
            if kinds.len() >= MOST_KINDS && !kinds.contains_key(&name) {
                return Ok(Kinds::new());
            }
            let value = row.get_ref(1)?;
            let id = match value {
                rusqlite::types::ValueRef::Integer(id) => Some(id),
                _ => value.as_str().ok().and_then(written),
            };
            let known = kinds.entry(name).or_insert_with(|| Some(Numbers::default()));
            match (id, known.as_mut()) {
                (Some(id), Some(known)) => known.insert(id),
                _ => *known = None,
            }
        }
        kinds.values_mut().flatten().for_each(Numbers::finish);
        Ok(kinds)
    };
    collect().with_context(|| format!("cannot look at the rows of {}", facts.name()))
}
