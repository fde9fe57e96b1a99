//! Which column of the table a name of the file means, and what columns hold that the file lacks.

use super::convert::Converter;
use crate::database::schema::{Column, Table};
use crate::database::value::{Borrowed, Value};
use crate::error::{Fault, nearest};
use crate::import::typed;
use anyhow::Result;

/// What a name of the file means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A column, by its place in the table.
    Column(usize),
    /// Nothing: it is left out.
    LeftOut,
    /// A column whose value is computed.
    Computed,
    /// No column.
    Unknown,
}

/// What `--map` says.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    renames: Vec<Rename>,
}

#[derive(Debug)]
struct Rename {
    /// What was said.
    text: String,
    /// The name in the file.
    name: String,
    meaning: Meaning,
    is_used: bool,
}

impl Mapping {
    /// Reads `NAME=COLUMN` and `NAME=`, with or without the table and a dot before them.
    pub fn parse(texts: &[String], table: &Table) -> Result<Self> {
        let mut mapping = Self::default();
        for text in texts {
            let (name, meaning) = rename(text, table)
                .map_err(|fault| anyhow::Error::new(fault).context(format!("--map {text}")))?;
            if mapping.renames.iter().any(|rename| rename.name == name) {
                return Err(Fault::usage(format!("--map {text}: {name} is mapped twice")).into());
            }
            mapping.renames.push(Rename { text: text.clone(), name, meaning, is_used: false });
        }
        Ok(mapping)
    }

    /// What a name of the file means.
    pub fn meaning(&mut self, name: &str, table: &Table) -> Meaning {
        let says = |other: &str| {
            let inside = without_prefix(other, &table.name);
            [
                name == other,
                name == inside,
                name.eq_ignore_ascii_case(other),
                name.eq_ignore_ascii_case(inside),
            ]
        };
        // Of those that fit, the one that is written most alike.
        let fits = self.renames.iter_mut().filter_map(|rename| {
            let rank = says(&rename.name).iter().position(|fits| *fits)?;
            Some((rank, rename))
        });
        if let Some((_, rename)) = fits.min_by_key(|(rank, _)| *rank) {
            rename.is_used = true;
            return rename.meaning;
        }
        column(name, table).map_or(Meaning::Unknown, |at| meaning_of(at, table))
    }

    /// An error where a name that is mapped is not among those of the file.
    pub fn refuse_unused(&self, names: &[&str], file: &str) -> Result<()> {
        match self.renames.iter().find(|rename| !rename.is_used) {
            Some(Rename { text, name, .. }) if !names.is_empty() => {
                let message = format!("--map {text}: {file} has no {name:?}");
                Err(Fault::usage(message).hint(nearest(name, names)).into())
            }
            _ => Ok(()),
        }
    }
}

fn meaning_of(at: usize, table: &Table) -> Meaning {
    if table.columns[at].generated.is_some() { Meaning::Computed } else { Meaning::Column(at) }
}

/// The place of a column in its table, by its name.
pub(super) fn column(name: &str, table: &Table) -> Option<usize> {
    let columns = &table.columns;
    let exact = columns.iter().position(|column| column.name == name);
    exact.or_else(|| columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)))
}

/// A name without the table and the dot before it.
pub(super) fn without_prefix<'n>(name: &'n str, table: &str) -> &'n str {
    match name.get(..table.len()) {
        Some(start) if start.eq_ignore_ascii_case(table) => {
            name[start.len()..].strip_prefix('.').unwrap_or(name)
        }
        _ => name,
    }
}

/// An error about a column that is not there.
pub(super) fn no_column(name: &str, table: &Table) -> Fault {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    Fault::usage(format!("the table {} has no column {name:?}", table.name)).hint(nearest(name, &names))
}

/// The two sides of each equal sign. Names may hold equal signs.
fn sides(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices('=').map(|(at, _)| (&text[..at], &text[at + 1..]))
}

/// What a text maps to what.
fn rename(text: &str, table: &Table) -> Result<(String, Meaning), Fault> {
    const HINT: &str = "write NAME=COLUMN, or NAME= to leave it out";
    let found = sides(text).find_map(|(name, wanted)| match column(wanted, table) {
        Some(at) => Some((name, meaning_of(at, table))),
        None => wanted.is_empty().then_some((name, Meaning::LeftOut)),
    });
    match (found, text.split_once('=')) {
        (Some(("", _)), _) => Err(Fault::usage("this names nothing of the file").hint(HINT)),
        (Some((_, Meaning::Computed)), _) => Err(Fault::usage("the column is computed").hint(HINT)),
        (Some((name, meaning)), _) => Ok((name.to_owned(), meaning)),
        (None, Some((_, wanted))) => Err(no_column(wanted, table)),
        (None, None) => Err(Fault::usage("it lacks an equal sign").hint(HINT)),
    }
}

/// What columns of new rows hold that the file lacks.
#[derive(Debug, Default)]
pub(super) struct Fills {
    values: Vec<(usize, Value)>,
}

impl Fills {
    /// Reads `COLUMN=VALUE`, with or without the table and a dot before it.
    pub fn parse(texts: &[String], table: &Table, converter: &Converter) -> Result<Self> {
        let mut fills = Self::default();
        for text in texts {
            let wrong = |fault: Fault| anyhow::Error::new(fault).context(format!("--fill {text}"));
            let (at, value) = fill(text, table, converter).map_err(wrong)?;
            if fills.values.iter().any(|(other, _)| *other == at) {
                return Err(wrong(Fault::usage(format!("{} is filled twice", table.columns[at].name))));
            }
            fills.values.push((at, value));
        }
        Ok(fills)
    }

    /// The columns, each with its value.
    pub fn values(&self) -> impl Iterator<Item = (usize, Borrowed<'_>)> {
        self.values.iter().map(|(at, value)| (*at, value.into()))
    }
}

fn fill(text: &str, table: &Table, converter: &Converter) -> Result<(usize, Value), Fault> {
    const HINT: &str = "write COLUMN=VALUE";
    let find = |name: &str| column(name, table).or_else(|| column(without_prefix(name, &table.name), table));
    let found = sides(text).find_map(|(name, given)| Some((find(name)?, given)));
    let Some((at, given)) = found else {
        return Err(match text.split_once('=') {
            Some((name, _)) => no_column(without_prefix(name, &table.name), table),
            None => Fault::usage("it lacks an equal sign").hint(HINT),
        });
    };
    let wanted: &Column = &table.columns[at];
    if wanted.generated.is_some() {
        return Err(Fault::usage(format!("the column {} is computed", wanted.name)));
    }
    let given = typed::value(given);
    let value = converter.convert((&given).into(), wanted).map_err(Fault::usage)?.into();
    Ok((at, value))
}
