//! Columns whose name says nothing of ids: bare words, and numbers that happen to be all ids.

use super::Verdict;
use crate::app::meaning::Class;
use crate::app::meaning::column::View;
use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::Inquiry;
use crate::app::meaning::names::Level;
use crate::app::meaning::numbers::Numbers;
use crate::app::meaning::vocabulary::{FLAG, LINK, PREPOSITION, QUANTITY, TRAILING, is};
use crate::app::meaning::words::{same, singular};
use crate::database::quote::{identifier, user_table};
use std::collections::BTreeSet;

/// So many values of a bare word that are ids say that it may be a reference, in percent.
const MOST: u64 = 80;

/// So many are enough where it is the whole name of a table.
const HALF: u64 = 50;

/// What holds no numbers, and a table's own other number. Where the name says that it refers to something, a few other
/// values may say none.
pub(super) fn no_number(_: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let values = &view.column.values;
    let is_called_so = view.is_hinted || view.exact.is_some();
    let is_number = values.are_integers() || is_called_so && values.are_mostly_integers();
    if !is_number || view.is_own { Verdict::Nothing } else { Verdict::Open }
}

/// `pid`, and the word by which a table is called beside this one: `workout_set.day` and `workout_day`.
pub(super) fn sibling(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let [word] = view.words else { return Verdict::Open };
    let own = inquiry.table(view.at.0);
    if word == "pid" && own.key.is_some() && inquiry.fit_of(view.at, view.at.0).is_share(MOST) {
        return Verdict::Doubt(BTreeSet::from([view.at.0]), "pid: the parent");
    }
    let Some((_, start)) = own.words.split_last().filter(|(_, start)| !start.is_empty()) else {
        return Verdict::Open;
    };
    let mut name = start.to_vec();
    name.push(word.clone());
    let meant = inquiry.names.meaning(&name, Level::Whole).filter(|meant| !meant.in_role);
    let tables = meant.map(|meant| meant.tables).unwrap_or_default();
    let targets = fitting(inquiry, view, tables.iter().filter(|table| **table != view.at.0), MOST);
    if targets.is_empty() || is_numbering(inquiry, view.at) {
        return Verdict::Open;
    }
    Verdict::Doubt(targets, "a table beside this one is called so")
}

fn fitting<'t>(
    inquiry: &Inquiry<'_>,
    view: &View<'_>,
    tables: impl Iterator<Item = &'t usize>,
    percent: u64,
) -> BTreeSet<usize> {
    tables.copied().filter(|table| inquiry.fit_of(view.at, *table).is_share(percent)).collect()
}

/// What answers yes or no, counts things, or holds no number but 0 and -1.
pub(super) fn flag(_: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let is_plural = view.words.last().is_some_and(|last| singular(last) != *last);
    let numbers = &view.column.values.numbers;
    let says_nothing = numbers.is_whole() && numbers.iter().take(3).all(|number| number == 0 || number == -1);
    if is_plural || is(&view.words[0], FLAG) || says_nothing { Verdict::Nothing } else { Verdict::Open }
}

/// A bare word that is the name of a table, exactly or in a role.
pub(super) fn bare_word(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let numbers = &view.column.values.numbers;
    let Some(targets) = meant_by_word(inquiry, &view.column.name, view.words, numbers, Some(view.at.0))
    else {
        return Verdict::Open;
    };
    if is_numbering(inquiry, view.at) {
        Verdict::Nothing
    } else {
        Verdict::Doubt(targets, "it is called like a table")
    }
}

/// The tables that a bare word means, exactly or in a role, and that hold most of its numbers; nothing where it means none.
/// Only in a role may it mean the table that it stands in, if that is said.
pub(super) fn meant_by_word(
    inquiry: &Inquiry<'_>,
    name: &str,
    words: &[String],
    numbers: &Numbers,
    own: Option<usize>,
) -> Option<BTreeSet<usize>> {
    let last = words.last().map(String::as_str).unwrap_or_default();
    let may_be_part = words.len() == 1 && !is(last, QUANTITY) && last.chars().count() > 3;
    let exact = inquiry.names.meaning(words, Level::Shortened);
    let part = || inquiry.names.meaning(words, Level::LastWords).filter(|_| may_be_part);
    let meant = exact.or_else(part)?;
    let is_called = |table: &usize| {
        let facts = inquiry.table(*table);
        let joined = words.concat();
        facts.name().eq_ignore_ascii_case(name)
            || facts.words.concat() == joined
            || facts.words[1..].concat() == joined
    };
    let is_same = !meant.in_role && meant.tables.iter().any(is_called);
    let is_yes_or_no = meant.in_role && numbers.bounds().is_some_and(|(least, most)| least < 1 && most <= 1);
    if is(last, QUANTITY) && !is_same || is_yes_or_no {
        return Some(BTreeSet::new());
    }
    let percent = if meant.level == Level::Whole && !meant.in_role { HALF } else { MOST };
    let is_one = |table: &usize| {
        (Some(*table) != own || meant.in_role) && inquiry.fit(numbers, *table).is_share(percent)
    };
    Some(meant.tables.into_iter().filter(is_one).collect())
}

/// `from_visit`, `reply_to`.
pub(super) fn preposition(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let starts = view.words.len() > 1 && is(&view.words[0], PREPOSITION);
    let trails = is(last(view), TRAILING);
    if !starts && !trails {
        return Verdict::Open;
    }
    let meant = inquiry.names.meaning(&view.words[1..], Level::LastWords).filter(|_| starts);
    let mut targets = match meant {
        Some(meant) => fitting(inquiry, view, meant.tables.iter(), MOST),
        None if trails => inquiry.candidates(&view.column.values.numbers, false),
        None => BTreeSet::new(),
    };
    let own = view.at.0;
    if trails
        && inquiry.table(own).key.is_some()
        && inquiry.classes[own] != Class::Natural
        && inquiry.fit_of(view.at, own).is_share(MOST)
    {
        targets.insert(own);
    }
    if targets.is_empty() {
        Verdict::Open
    } else {
        Verdict::Vague(targets, "its name says from, to, by, via or of what")
    }
}

/// What counts or measures.
pub(super) fn quantity(_: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    if is(last(view), QUANTITY) { Verdict::Nothing } else { Verdict::Open }
}

/// `firstpost`.
pub(super) fn ends_like_a_table(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    /// Shorter words end alike by chance.
    const SHORTEST: usize = 7;
    const SHORTEST_TABLE: usize = 4;
    let [word] = view.words else { return Verdict::Open };
    if word.chars().count() < SHORTEST {
        return Verdict::Open;
    }
    let is_end = |table: &usize| {
        let end = singular(inquiry.table(*table).words.last().map(String::as_str).unwrap_or_default());
        *table != view.at.0 && end.chars().count() >= SHORTEST_TABLE && *word != end && word.ends_with(&end)
    };
    if !(0..inquiry.facts.tables.len()).any(|table| is_end(&table)) {
        return Verdict::Open;
    }
    let mut targets = inquiry.candidates(&view.column.values.numbers, false);
    targets.retain(is_end);
    if targets.is_empty() { Verdict::Open } else { Verdict::Doubt(targets, "it ends like a table's name") }
}

/// A column of a small table that is named after another, which it does not refer to yet.
pub(super) fn named_after(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    let own = inquiry.table(view.at.0);
    let is_link = own.words.last().is_some_and(|last| is(last, LINK));
    let all = tables_inside(inquiry, view.at.0, is_link);
    let target = all.into_iter().find(|table| inquiry.fit_of(view.at, *table).may_be_whole());
    let is_one = view.column.values.numbers.bounds().is_some_and(|(_, most)| most <= 1);
    match target {
        Some(table) if !is_one || is_link => {
            Verdict::Doubt(BTreeSet::from([table]), "the table is called after it")
        }
        _ => Verdict::Open,
    }
}

/// The tables whose whole name is in another's, to which that does not refer; the longest first.
fn tables_inside(inquiry: &Inquiry<'_>, at: usize, is_link: bool) -> Vec<usize> {
    let own = inquiry.table(at);
    let is_narrow = own.columns.len() <= 4 && own.columns.iter().all(|column| column.is_integer());
    if own.columns.len() > 5 && !is_link {
        return Vec::new();
    }
    let referred = inquiry.targets_of(at);
    let first = usize::from(!is_narrow);
    let mut found: Vec<usize> = Vec::new();
    for length in (1..own.words.len()).rev() {
        for from in first..=own.words.len() - length {
            let meant = inquiry.names.meaning(&own.words[from..from + length], Level::Whole);
            let tables = meant.filter(|meant| !meant.in_role).map(|meant| meant.tables).unwrap_or_default();
            found.extend(tables);
        }
    }
    found.retain(|table| {
        *table != at
            && !referred.contains(table)
            && inquiry.table(*table).key.is_some()
            && inquiry.classes[*table] != Class::Natural
    });
    found
}

/// `ShipVia`, of `Shipper`.
pub(super) fn begins_like_a_table(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    const SHORTEST: usize = 4;
    if view.column.values.numbers.len() < 2 || view.words.iter().any(|word| is(word, FLAG)) {
        return Verdict::Nothing;
    }
    let own = &inquiry.table(view.at.0).words;
    let words: Vec<&String> = view
        .words
        .iter()
        .filter(|word| word.chars().count() >= SHORTEST && !is(word, QUANTITY))
        .filter(|word| !own.iter().any(|other| same(word, other)))
        .collect();
    if words.is_empty() {
        return Verdict::Open;
    }
    let begins = |table: &usize| {
        let last = inquiry.table(*table).words.last().map(String::as_str).unwrap_or_default();
        *table != view.at.0 && words.iter().any(|word| last.starts_with(word.as_str()) && !same(word, last))
    };
    if !(0..inquiry.facts.tables.len()).any(|table| begins(&table)) {
        return Verdict::Open;
    }
    let mut targets = inquiry.candidates(&view.column.values.numbers, false);
    targets.retain(begins);
    if targets.is_empty() || is_numbering(inquiry, view.at) {
        return Verdict::Open;
    }
    Verdict::Doubt(targets, "a word of it begins like a table's name")
}

/// Many numbers, all of them ids of a table: up to its last, or missing all gaps between them.
pub(super) fn all_ids(inquiry: &Inquiry<'_>, view: &View<'_>) -> Verdict {
    const MANY: u64 = 12;
    const CHANCE: f64 = -3.0;
    let numbers = &view.column.values.numbers;
    let none = [0, -1].into_iter().filter(|none| numbers.contains(*none)).count();
    let is_many = numbers.len() >= MANY + none as u64;
    if numbers.len() < 2 || is_numbering(inquiry, view.at) {
        return Verdict::Nothing;
    }
    let is_one = |table: &usize| {
        let (last, most) = (inquiry.table(*table).ids.bounds(), numbers.bounds());
        let reaches = last.zip(most).is_some_and(|((_, last), (_, most))| reaches(numbers.len(), most, last));
        *table != view.at.0
            && inquiry.fit_of(view.at, *table).may_be_whole()
            && (is_many && reaches || inquiry.chance(numbers, *table) < CHANCE)
    };
    let mut targets = inquiry.candidates(numbers, false);
    targets.retain(is_one);
    Verdict::Vague(targets, "many numbers, all of which are ids of this table")
}

/// Whether the largest of so many numbers is as near to the last id as those of rows at random would be.
fn reaches(count: u64, most: i64, last: i64) -> bool {
    let (most, last, count) = (i128::from(most), i128::from(last), i128::from(count));
    most * 10 >= last * 9 || most * count >= last * (count - 3)
}

fn last<'v>(view: &'v View<'_>) -> &'v str {
    view.words.last().map(String::as_str).unwrap_or_default()
}

/// Whether a column counts rows up within what the other columns of a key say: more than one somewhere.
pub(in crate::app::meaning) fn is_numbering(inquiry: &Inquiry<'_>, (table, column): ColumnAt) -> bool {
    let facts = inquiry.table(table);
    let name = |column: usize| identifier(&facts.columns[column].name);
    facts.uniques.iter().filter(|unique| unique.len() > 1 && unique.contains(&column)).any(|unique| {
        let others: Vec<String> =
            unique.iter().filter(|other| **other != column).map(|other| name(*other)).collect();
        let sql = format!(
            "SELECT ifnull(min(is_counted) AND max(rows) > 1, 0) FROM
             (SELECT min({own}) IN (0, 1) AND max({own}) - min({own}) + 1 = count(*) AS is_counted, count(*) AS rows
              FROM {} GROUP BY {})",
            user_table(facts.name()),
            others.join(", "),
            own = name(column),
        );
        facts.rows > 0 && inquiry.connection.query_row(&sql, [], |row| row.get(0)).unwrap_or(false)
    })
}
