//! What the name of a column says, before its values are looked at.

use super::facts::{ColumnAt, ColumnFacts};
use super::inquiry::Inquiry;
use super::names::{Level, Meant};
use super::vocabulary::{FLAG, PARENT, PEOPLE, QUANTITY, is};
use super::words::{Stem, same, stem};

/// A column as its name reads.
pub(super) struct View<'a> {
    pub at: ColumnAt,
    pub column: &'a ColumnFacts,
    /// Its words, without the first where all columns of the table share it.
    pub words: &'a [String],
    pub stem: Stem,
    /// Whether it is the row id of its table.
    pub is_key: bool,
    /// Whether it is called like its table's own number.
    pub is_own: bool,
    /// Whether it is called `id` and is no key.
    pub is_id: bool,
    /// What its name without the id ending means.
    pub named: Option<Meant>,
    /// The tables that its name means by more than their last words: others than its own, where there are some.
    pub exact: Option<Vec<usize>>,
    /// Whether it has a word of another system.
    pub is_outside: bool,
    /// Whether it is called after other rows of its table.
    pub is_parent: bool,
    /// Whether it is called after what people are to things, and not after a table.
    pub is_people: bool,
    /// Whether its name says that it refers to something.
    pub is_hinted: bool,
    /// Whether it holds 0 and 1 and its name does not say that it holds ids: yes or no.
    pub is_yes_or_no: bool,
    /// The ending that keys of this database have, and that everybody else does not know.
    pub learnt_ending: Option<&'a str>,
}

impl<'a> View<'a> {
    pub(super) fn new(inquiry: &'a Inquiry<'_>, at: ColumnAt) -> Self {
        let (table, column) = at;
        let facts = inquiry.table(table);
        let words = facts.words_of(column);
        let name = if facts.shares_first_word { words.join("_") } else { facts.columns[column].name.clone() };
        let stem = stem(&name, words, &inquiry.facts.endings);
        let is_key = facts.key == Some(column);
        let named = inquiry.names.meaning(&stem.words, Level::LastWords);
        let is_own =
            inquiry.facts.is_own(table, column, !is_key) && (is_key || !names_another(named.as_ref(), table));
        let exact = named.as_ref().filter(|meant| meant.is_exact()).map(|meant| others(meant, table));
        let exact = exact.filter(|tables| !tables.is_empty());
        let is_flag = is(&words[0], FLAG);
        let last = stem.words.last().map(String::as_str).unwrap_or_default();
        let is_counted = words.len() > 1 && is(&words[words.len() - 1], QUANTITY);
        let begins = words[0] == "parent" && !is_counted;
        let is_parent = is(last, PARENT) && stem.is_id
            || begins
            || reports_to(&stem.words)
            || ends_with(words, "parent")
            || ends_with(words, "child");
        let is_person = !is_flag && is(last, PEOPLE);
        let usual = matches!(words, [word] if word == "object" || word == "target") || ends_with(words, "fk");
        Self {
            at,
            column: &facts.columns[column],
            words,
            is_key,
            is_own,
            is_id: !is_key && matches!(words, [word] if word == "id" || word == "pk"),
            is_outside: inquiry.facts.is_outside(at),
            is_parent,
            is_people: is_person && exact.is_none(),
            is_hinted: stem.is_id || !is_flag && (is_person || is_parent || usual),
            is_yes_or_no: !stem.is_id && facts.columns[column].values.numbers.bounds() == Some((0, 1)),
            learnt_ending: words.last().map(String::as_str).filter(|last| inquiry.facts.endings.has(last)),
            named,
            exact,
            stem,
        }
    }

    /// The last word of its name without the id ending.
    pub(super) fn last(&self) -> Option<&str> {
        self.stem.words.last().map(String::as_str)
    }

    /// Whether its name is a table's whole name, and nothing more.
    pub(super) fn names_exactly(&self) -> bool {
        self.named.as_ref().is_some_and(|meant| meant.level == Level::Whole && !meant.in_role)
    }

    /// Whether other words come before the name of a table.
    pub(super) fn is_in_role(&self) -> bool {
        self.named.as_ref().is_some_and(|meant| meant.in_role)
    }

    /// Whether a table's key has the ending that the column has, where that is one of this database only.
    pub(super) fn ends_like_key_of(&self, inquiry: &Inquiry<'_>, table: usize) -> bool {
        let facts = inquiry.table(table);
        let key = facts.key.and_then(|key| facts.columns[key].words.last());
        self.learnt_ending.is_none_or(|ending| key.is_some_and(|last| last == ending))
    }

    pub(super) fn ends_with_parent(&self) -> bool {
        self.words[0] == "parent" || ends_with(self.words, "parent") || reports_to(&self.stem.words)
    }
}

fn ends_with(words: &[String], wanted: &str) -> bool {
    words.last().is_some_and(|last| last == wanted)
}

/// Whether a name says whom somebody reports to: somebody in the same table.
fn reports_to(words: &[String]) -> bool {
    matches!(words, [reports, to] if same(reports, "report") && to == "to")
}

fn names_another(named: Option<&Meant>, table: usize) -> bool {
    named.is_some_and(|meant| {
        meant.is_exact() && !meant.in_role && meant.tables.iter().any(|other| *other != table)
    })
}

/// The tables that a name means: the column's own only in a role.
fn others(meant: &Meant, table: usize) -> Vec<usize> {
    let others: Vec<usize> = meant.tables.iter().copied().filter(|other| *other != table).collect();
    if others.is_empty() && meant.in_role { meant.tables.clone() } else { others }
}
