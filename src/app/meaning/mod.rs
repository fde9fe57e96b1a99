//! What the numbers in a database mean: which row ids say nothing outside it, which columns refer to which rows, and
//! which may refer to rows without proof.
//!
//! What is not proven is a [`Doubt`]: a number whose meaning is not known is written only where it means the same.

mod column;
mod conclusion;
mod doubts;
mod facts;
mod groups;
mod inquiry;
mod json;
mod names;
mod numbers;
mod proofs;
mod row_id;
mod settle;
pub mod sql;
#[cfg(test)]
mod tests;
mod values;
mod vocabulary;
mod words;

pub use settle::{Answer, Question, setting_of};

use super::catalog::Catalog;
use crate::config::Rules;
use anyhow::Result;
use indexmap::IndexMap;
use inquiry::Inquiry;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// What the numbers in a database mean. Tables and columns are named as the schema names them.
#[derive(Debug, Clone, Default)]
pub struct Meaning {
    /// The row id of every table of the catalog.
    pub row_ids: IndexMap<String, RowId>,
    /// What refers to what.
    pub references: Vec<Reference>,
    /// What may refer to something.
    pub doubts: Vec<Doubt>,
    /// Columns that are taken for plain numbers although all their values are row ids: the table, the column, and the
    /// tables whose row ids they are.
    pub numbers: Vec<(String, String, BTreeSet<String>)>,
    /// The tables whose rows a vague doubt may mean if they have other numbers.
    pub others: BTreeSet<String>,
}

/// The column by which SQLite knows the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowId {
    /// The column, or another key of one integer that others may refer to; nothing where the row id is hidden or there is
    /// none.
    pub column: Option<String>,
    /// What its values mean.
    pub class: Class,
}

/// What a row id means outside its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Nothing but the order of the rows.
    Surrogate,
    /// Perhaps something: it is kept as a field, is no key, and counts as doubted.
    Unclear,
    /// It is data.
    Natural,
    /// It is a reference to a row of another table.
    Reference,
}

/// Where in a column row ids are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The value is one, as an integer or as a text.
    Whole,
    /// The value is a text of several, such as `3,17` or `/1/4/`.
    List,
    /// A path inside JSON, such as `lineup.drivers[*].id`; the keys of an object are `{}`.
    Json(String),
}

/// A column, or a place in it, that holds row ids of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The table.
    pub table: String,
    /// Its columns that refer.
    pub columns: Vec<String>,
    /// Where in the column, of which there is only one then.
    pub place: Place,
    /// The table that it refers to.
    pub target: String,
    /// Its columns.
    pub to: Vec<String>,
    /// Only rows whose column has this value refer so: of a polymorphic reference.
    pub when: Option<(String, String)>,
    /// What proves it.
    pub evidence: Evidence,
}

/// What proves a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// The schema declares it; whether rows go with the row that they refer to.
    Declared {
        /// `ON DELETE CASCADE`.
        cascades: bool,
    },
    /// The settings say it.
    Configured,
    /// A view or a trigger says it: which one.
    Sql(String),
    /// The format or the framework says it: its name.
    Format(String),
    /// A pair of a type and an id.
    Pair,
    /// Its name and its values, in words.
    Name(&'static str),
}

/// A column, or a place in it, that may hold row ids of certain tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The table.
    pub table: String,
    /// Its column.
    pub column: String,
    /// Where in the column.
    pub place: Place,
    /// What stands between two numbers of a list.
    pub separator: &'static str,
    /// Only rows whose column has this value are doubted: of polymorphic references, and of rows of a key and a value.
    pub when: Option<(String, String)>,
    /// The tables whose row ids it may hold: only such with a surrogate or unclear row id.
    pub targets: BTreeSet<String>,
    /// Whether the numbers say which tables these are, so that they are others where the rows have other numbers.
    pub is_vague: bool,
    /// Why it may, in a few words.
    pub why: String,
    /// What settles it, one of which is right.
    pub answers: Vec<Answer>,
    /// Where the settings speak of its table, if they do.
    pub setting: Option<String>,
}

impl Meaning {
    /// The tables whose rows keep their numbers because of a doubt: those that it names, and all others where the numbers
    /// alone say which it names. So the same data has the same document wherever its rows have the same numbers, and a
    /// number that nobody suspects means the same where all are new.
    pub fn pinned_by<'m>(&'m self, doubt: &'m Doubt) -> impl Iterator<Item = &'m String> {
        let others = doubt.is_vague.then_some(&self.others);
        doubt.targets.iter().chain(others.into_iter().flatten())
    }

    /// Finds out what the numbers in a database mean: by what is declared and said, then by what the SQL of the schema,
    /// formats and names prove; what is left and looks like a reference is a doubt.
    pub fn find(connection: &Connection, catalog: &Catalog, rules: &Rules) -> Result<Self> {
        let mut inquiry = Inquiry::new(connection, catalog)?;
        let mut references = proofs::declared(&mut inquiry, catalog, rules);
        references.extend(proofs::configured(&mut inquiry, catalog, rules)?);
        inquiry.set_classes(row_id::classify(&inquiry, rules));
        proofs::views_and_triggers(&mut inquiry, &sql::equalities(connection, catalog)?)?;
        proofs::geopackage(&mut inquiry)?;
        if !proofs::core_data(&mut inquiry) {
            proofs::pairs(&mut inquiry)?;
            proofs::by_names(&mut inquiry)?;
            proofs::by_rows(&mut inquiry)?;
            proofs::by_lineage(&mut inquiry)?;
            proofs::refute(&mut inquiry)?;
            references.extend(proofs::by_text_keys(&mut inquiry)?);
            doubts::find(&mut inquiry)?;
        }
        Ok(conclusion::conclude(&inquiry, references, rules))
    }
}
