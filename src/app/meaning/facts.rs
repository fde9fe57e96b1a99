//! What is known of every table before anything is concluded: its words, its rows, and the column that is its row id.

use super::numbers::Numbers;
use super::values::{self, Values};
use super::vocabulary::{self, OUTSIDE, OWN_NUMBER};
use super::words::{Endings, is_short_for, joined, singular, split};
use crate::app::catalog::{Catalog, TableInfo};
use crate::database::constraints::UniqueOrigin;
use crate::database::schema::{Column, Rowid};
use anyhow::Result;
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};

/// A column of a table, by their numbers.
pub(super) type ColumnAt = (usize, usize);

/// A column with what it holds.
pub(super) struct ColumnFacts {
    pub name: String,
    /// The words of its name.
    pub words: Vec<String>,
    /// Its declared type, in capitals.
    pub declared: String,
    /// Whether it is computed, so that it says nothing of its own.
    pub is_generated: bool,
    pub values: Values,
}

impl ColumnFacts {
    /// Whether it is declared to hold yes or no.
    pub(super) fn is_boolean(&self) -> bool {
        self.declared.starts_with("BOOL")
    }

    /// Whether it is declared to hold integers.
    pub(super) fn is_integer(&self) -> bool {
        self.declared.contains("INT")
    }
}

/// A table with what it holds.
pub(super) struct TableFacts<'a> {
    pub info: &'a TableInfo,
    /// The words of its name.
    pub words: Vec<String>,
    pub columns: Vec<ColumnFacts>,
    /// How many rows it has.
    pub rows: u64,
    /// The column by which others may refer to its rows: the rowid, or a key of one integer.
    pub key: Option<usize>,
    /// The row ids, or what the key holds.
    pub ids: Numbers,
    /// The columns of each of its keys, the primary one first.
    pub uniques: Vec<Vec<usize>>,
    /// Whether all columns begin with the same word, which says nothing then.
    pub shares_first_word: bool,
    by_name: HashMap<String, usize>,
}

impl<'a> TableFacts<'a> {
    pub(super) fn name(&self) -> &str {
        &self.info.table.name
    }

    /// A column by its name, in whatever case.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.by_name.get(&name.to_ascii_lowercase()).copied()
    }

    /// The name of the column by which others refer to its rows; nothing where rows have no number at all.
    pub(super) fn key_name(&self) -> Option<&str> {
        match (self.key, &self.info.table.rowid) {
            (Some(key), _) => Some(&self.columns[key].name),
            (None, Rowid::Hidden(name)) => Some(name),
            (None, _) => None,
        }
    }

    /// Whether others may refer to its rows by number: a table with another key is referred to by that.
    pub(super) fn has_numbered_rows(&self) -> bool {
        self.key.is_some() || self.key_name().is_some() && self.info.table.primary_key().is_empty()
    }

    /// The rowid, or the primary key of one integer.
    fn declared_key(&self) -> Option<usize> {
        let primary = || match self.info.table.primary_key().as_slice() {
            [key] => self.column(key).filter(|key| self.columns[*key].is_integer()),
            _ => None,
        };
        (0..self.columns.len()).find(|column| self.is_rowid(*column)).or_else(primary)
    }

    /// Whether a column is the one that is the rowid.
    pub(super) fn is_rowid(&self, column: usize) -> bool {
        self.info.rowid_column().is_some_and(|own| own.eq_ignore_ascii_case(&self.columns[column].name))
    }

    /// Whether a column alone tells rows apart.
    pub(super) fn is_unique(&self, column: usize) -> bool {
        self.is_rowid(column) || self.uniques.iter().any(|unique| *unique == [column])
    }

    /// Whether a column is one of several that tell rows apart.
    pub(super) fn is_part_of_a_key(&self, column: usize) -> bool {
        self.uniques.iter().any(|unique| unique.contains(&column))
    }

    /// Whether the row ids are counted up, with few gaps.
    pub(super) fn is_dense(&self) -> bool {
        is_dense(&self.ids)
    }

    /// The words of a column without the first where all columns share it.
    pub(super) fn words_of(&self, column: usize) -> &[String] {
        let words = &self.columns[column].words;
        if self.shares_first_word { &words[1..] } else { words }
    }

    fn new(connection: &Connection, info: &'a TableInfo) -> Result<Self> {
        // What is computed may need functions that only the application has.
        let of = |column: &'a Column| column.generated.is_none().then_some(column.name.as_str());
        let mut wanted: Vec<Option<&str>> = info.table.columns.iter().map(of).collect();
        if let Rowid::Hidden(name) = info.table.rowid {
            wanted.push(Some(name));
        }
        let mut rows = values::read(connection, &info.table.name, &wanted)?;
        let hidden = rows.values.drain(info.table.columns.len()..).next();
        let columns: Vec<ColumnFacts> = info
            .table
            .columns
            .iter()
            .zip(rows.values)
            .map(|(column, values)| ColumnFacts {
                name: column.name.clone(),
                words: split(&column.name),
                declared: column.declared.to_ascii_uppercase(),
                is_generated: column.generated.is_some(),
                values,
            })
            .collect();
        let by_name: HashMap<String, usize> =
            columns.iter().enumerate().map(|(at, column)| (column.name.to_ascii_lowercase(), at)).collect();
        Ok(Self {
            info,
            words: table_words(&info.table.name),
            rows: rows.count,
            key: None,
            ids: hidden.map(|hidden| hidden.numbers).unwrap_or_default(),
            uniques: uniques(info, &by_name),
            shares_first_word: shares_first_word(&columns),
            columns,
            by_name,
        })
    }
}

/// The words of a table's name, without a version at its end: `ACCOUNTLIST_V1`.
fn table_words(name: &str) -> Vec<String> {
    let mut words = split(name);
    if let [.., before, version, number] = words.as_slice()
        && version == "v"
        && !before.is_empty()
        && number.chars().all(char::is_numeric)
    {
        words.truncate(words.len() - 2);
    }
    words
}

/// Whether numbers are counted up with few gaps, from wherever they begin.
pub(super) fn is_dense(ids: &Numbers) -> bool {
    let limit = i64::try_from(ids.len()).unwrap_or(i64::MAX).saturating_mul(2).saturating_add(10);
    ids.is_whole() && ids.bounds().is_none_or(|(least, most)| least >= 0 && most - least <= limit)
}

fn uniques(info: &TableInfo, by_name: &HashMap<String, usize>) -> Vec<Vec<usize>> {
    let mut uniques: Vec<_> = info.uniques.iter().collect();
    uniques.sort_by_key(|unique| unique.origin != UniqueOrigin::PrimaryKey);
    let columns = |names: Vec<&str>| {
        names.into_iter().filter_map(|name| by_name.get(&name.to_ascii_lowercase()).copied()).collect()
    };
    uniques.into_iter().map(|unique| columns(unique.names())).collect()
}

fn shares_first_word(columns: &[ColumnFacts]) -> bool {
    let Some(first) = columns.first().map(|column| &column.words[0]) else { return false };
    columns.len() > 1
        && !vocabulary::is(first, &["id", "is", "has"])
        && columns.iter().all(|column| column.words.len() > 1 && column.words[0] == *first)
}

/// All tables.
pub(super) struct Facts<'a> {
    pub tables: Vec<TableFacts<'a>>,
    by_name: HashMap<String, usize>,
    /// The names that tables have, in the plural and in the singular, as one word, with how many tables have it.
    called: HashMap<String, HashSet<usize>>,
    /// The endings that its keys have.
    pub endings: Endings,
}

impl<'a> Facts<'a> {
    /// Looks at every table once.
    pub(super) fn read(connection: &Connection, catalog: &'a Catalog) -> Result<Self> {
        let mut facts = Self {
            tables: Vec::new(),
            by_name: HashMap::new(),
            called: HashMap::new(),
            endings: Endings::default(),
        };
        for info in catalog.tables.values() {
            let at = facts.tables.len();
            let table = TableFacts::new(connection, info)?;
            facts.by_name.insert(table.name().to_ascii_lowercase(), at);
            for name in [table.words.concat(), joined(&table.words)] {
                facts.called.entry(name).or_default().insert(at);
            }
            facts.tables.push(table);
        }
        let keys = facts
            .tables
            .iter()
            .filter_map(|table| Some(table.columns[table.declared_key()?].words.as_slice()));
        facts.endings = Endings::of(keys);
        for at in 0..facts.tables.len() {
            facts.find_key(at);
        }
        Ok(facts)
    }

    /// A table by its name, in whatever case.
    pub(super) fn table(&self, name: &str) -> Option<usize> {
        self.by_name.get(&name.to_ascii_lowercase()).copied()
    }

    pub(super) fn column(&self, (table, column): ColumnAt) -> &ColumnFacts {
        &self.tables[table].columns[column]
    }

    /// Every column that holds something of its own.
    pub(super) fn columns(&self) -> impl Iterator<Item = ColumnAt> {
        self.tables.iter().enumerate().flat_map(|(table, facts)| {
            let stored = facts.columns.iter().enumerate().filter(|(_, column)| !column.is_generated);
            stored.map(move |(column, _)| (table, column))
        })
    }

    /// Finds the column by which others may refer to the rows of a table.
    fn find_key(&mut self, at: usize) {
        let table = &self.tables[at];
        let named = || {
            let single = table.uniques.iter().filter_map(|unique| match unique.as_slice() {
                [column] => Some(*column),
                _ => None,
            });
            single
                .into_iter()
                .find(|column| table.columns[*column].is_integer() && self.is_own(at, *column, false))
        };
        // What all rows have, and no two of them the same, is their number even where no constraint says so.
        let counted = || {
            let is_whole = |column: &ColumnFacts| {
                column.values.are_integers()
                    && column.is_integer()
                    && column.values.numbers.len() == table.rows
            };
            let mut columns = 0..table.columns.len();
            let found =
                columns.find(|column| is_whole(&table.columns[*column]) && self.is_own(at, *column, true));
            found.filter(|column| !table.is_part_of_a_key(*column))
        };
        let key = table.declared_key().or_else(named).or_else(counted);
        let table = &mut self.tables[at];
        if let Some(key) = key {
            table.key = Some(key);
            table.ids = table.columns[key].values.numbers.clone();
        }
    }

    /// Whether a column is called like its table's own number; `strictly` is about columns that are no key, which have
    /// fewer such names.
    pub(super) fn is_own(&self, at: usize, column: usize, strictly: bool) -> bool {
        let table = &self.tables[at];
        let mut words = table.words_of(column).to_vec();
        if let [word] = words.as_slice()
            && table.is_rowid(column)
            && let Some(start) = word.strip_suffix("id").filter(|start| start.len() > 2)
            && !vocabulary::is(word, vocabulary::NOT_AN_ID)
        {
            words = vec![start.to_owned(), "id".to_owned()];
        }
        if let [.., last] = words.as_mut_slice()
            && self.endings.has(last)
        {
            "id".clone_into(last);
        }
        let plain: Vec<&str> = words.iter().map(String::as_str).collect();
        match plain.as_slice() {
            ["id" | "pk"] => return true,
            ["rowid" | "oid" | "fid"] | ["z", "pk"] | ["row" | "ogc", "id" | "fid"] if !strictly => {
                return true;
            }
            _ => {}
        }
        let name = words.concat();
        let is_named = |own: &String| name == format!("{own}id") || name == format!("id{own}");
        if is_named(&table.words.concat()) || is_named(&joined(&table.words)) {
            return true;
        }
        let stem = match words.as_slice() {
            _ if strictly || words.len() < 2 => return false,
            [stem @ .., last] if last == "id" => stem,
            [first, stem @ ..] if first == "id" => stem,
            _ => return false,
        };
        self.names_a_part(at, stem, table.is_rowid(column))
    }

    /// Whether words are some of a table's own, or short for its last, and no other table is called so.
    fn names_a_part(&self, at: usize, stem: &[String], may_be_short: bool) -> bool {
        if let [word] = stem
            && vocabulary::is(word, OWN_NUMBER)
        {
            return true;
        }
        let own = &self.tables[at].words;
        let name = joined(stem);
        let is_part =
            (0..own.len()).any(|from| (from + 1..=own.len()).any(|to| joined(&own[from..to]) == name));
        let is_short = || {
            let last = own.last().map(|last| singular(last)).unwrap_or_default();
            may_be_short && stem.len() == 1 && name.chars().count() >= 3 && is_short_for(&name, &last)
        };
        let is_another =
            || self.called.get(&name).is_some_and(|called| called.iter().any(|table| *table != at));
        (is_part || is_short()) && !is_another()
    }

    /// Whether a column's name has a word of another system.
    pub(super) fn is_outside(&self, (table, column): ColumnAt) -> bool {
        self.column((table, column)).words.iter().any(|word| vocabulary::is(word, OUTSIDE))
    }
}
