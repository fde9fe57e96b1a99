//! What a name means at a place in a statement.

use super::conditions::Restriction;
use super::{Condition, SqlColumn};
use sqlite3_parser::ast::{ResultColumn, Select};
use std::rc::Rc;

/// A column of a table that an expression takes its value from.
#[derive(Debug, Clone)]
pub struct Lead {
    pub column: Rc<SqlColumn>,
    /// Which of the sources it comes through: `a` and `b` in `FROM t a, t b` are different rows.
    pub instance: usize,
    /// What views and sub-selects on the way ask for.
    pub conditions: Vec<Condition>,
}

impl Lead {
    /// Adds what the place asks for, where it is about this row or one of another table.
    pub fn restrict(&mut self, restrictions: &[Restriction]) {
        for restriction in restrictions {
            let is_another_row = restriction.condition.column.table == self.column.table
                && restriction.instance != self.instance;
            if !is_another_row && !self.conditions.contains(&restriction.condition) {
                self.conditions.push(restriction.condition.clone());
            }
        }
    }
}

/// A result column of a table, view or select.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// Folded.
    pub name: String,
    pub leads: Vec<Lead>,
}

/// The result columns of a table, view or select.
#[derive(Debug, Clone, Default)]
pub struct Outputs {
    pub columns: Vec<Output>,
    /// Whether these are all columns, in their order.
    pub is_complete: bool,
}

/// What can be read at a place by its name.
#[derive(Debug, Clone)]
pub struct Source {
    /// Folded.
    pub alias: String,
    pub outputs: Rc<Outputs>,
    /// The hidden row id of a table, or the column that is the row id.
    pub row_id: Option<Rc<SqlColumn>>,
    pub instance: usize,
    /// `NEW`, `OLD` and `excluded`: a column is read from them only if they are named.
    pub is_named_only: bool,
    /// Columns that `*` leaves out, since the source is joined by them.
    pub joined_by: Vec<String>,
}

/// A name that `WITH` gives.
#[derive(Clone)]
pub struct Cte<'a> {
    pub name: String,
    pub columns: Option<Vec<String>>,
    pub select: &'a Select<'a>,
}

/// What can be named at a place; what is not here is looked for outside.
#[derive(Default)]
pub struct Scope<'a> {
    pub sources: Vec<Source>,
    pub ctes: Vec<Cte<'a>>,
    /// The result columns of the select, whose names its conditions can use.
    pub results: &'a [ResultColumn<'a>],
    /// The pairs that `USING` and `NATURAL` state.
    pub joined: Vec<(Vec<Lead>, Vec<Lead>)>,
    pub outer: Option<Rc<Self>>,
}

const ROW_ID_NAMES: [&str; 3] = ["rowid", "_rowid_", "oid"];

impl Source {
    /// Where the values of a column come from; nothing if the source has no such column.
    pub fn column(&self, name: &str) -> Option<Vec<Lead>> {
        let output = self.outputs.columns.iter().find(|output| output.name == name)?;
        Some(self.through(&output.leads))
    }

    /// The leads of one of its columns, seen through this source.
    pub fn through(&self, leads: &[Lead]) -> Vec<Lead> {
        leads.iter().map(|lead| Lead { instance: self.instance, ..lead.clone() }).collect()
    }

    fn row_id(&self, name: &str) -> Option<Vec<Lead>> {
        let column = self.row_id.clone().filter(|_| ROW_ID_NAMES.contains(&name))?;
        Some(vec![Lead { column, instance: self.instance, conditions: Vec::new() }])
    }
}

impl<'a> Scope<'a> {
    /// Finds a column that is named with its source; nothing if no source has this name here.
    pub fn qualified(&self, source: &str, column: &str) -> Option<Vec<Lead>> {
        let named = || self.sources.iter().filter(|candidate| candidate.alias == source);
        named().next()?;
        let found = named().find_map(|source| source.column(column));
        Some(found.or_else(|| named().find_map(|source| source.row_id(column))).unwrap_or_default())
    }

    /// Finds a column by its name alone; nothing if no source here has it.
    pub fn unqualified(&self, column: &str) -> Option<Vec<Lead>> {
        let sources = || self.sources.iter().filter(|source| !source.is_named_only);
        let found = sources().find_map(|source| source.column(column));
        let found = found.or_else(|| sources().find_map(|source| source.row_id(column)));
        let may_be_unknown = || sources().any(|source| !source.outputs.is_complete).then(Vec::new);
        found.or_else(may_be_unknown)
    }

    /// Finds what `WITH` calls so, and the scope in which it was said.
    pub fn cte(self: &Rc<Self>, name: &str) -> Option<(Cte<'a>, Rc<Self>)> {
        let mut scope = Some(self);
        while let Some(here) = scope {
            if let Some(cte) = here.ctes.iter().find(|cte| cte.name == name) {
                return Some((cte.clone(), Rc::clone(here)));
            }
            scope = here.outer.as_ref();
        }
        None
    }
}
