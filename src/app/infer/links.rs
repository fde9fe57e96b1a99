//! What refers to what, and what is made of ids.

use super::references::Link;
use super::{Inference, composed, told};
use crate::app::meaning::{Answer, Class, Doubt, Evidence, Meaning, Place, Reference, RowId, setting_of};
use crate::config::Rules;
use anyhow::Result;
use indexmap::IndexMap;
use std::collections::{BTreeSet, HashSet};

impl Inference<'_> {
    /// Finds out what the numbers mean.
    pub(super) fn find_meaning(&mut self) -> Result<()> {
        self.meaning = Meaning::find(self.connection, self.catalog, self.rules)?;
        for (table, row_id) in &self.meaning.row_ids {
            // The number of the only row says nothing either.
            let is_dropped =
                matches!(row_id.class, Class::Surrogate | Class::Unclear) || self.info(table).is_singleton();
            if let Some(column) = row_id.column.as_ref().filter(|_| is_dropped) {
                self.surrogates.insert(table.clone(), column.clone());
            }
        }
        let doubts = self.meaning.doubts.iter().map(|doubt| (doubt.table.clone(), doubt.column.clone()));
        self.doubted.extend(doubts);
        Ok(())
    }

    /// The references that a document can name items by; what it cannot name them by yet is doubted.
    pub(super) fn find_links(&mut self) {
        let references = std::mem::take(&mut self.meaning.references);
        let mut doubts = Vec::new();
        for table in self.catalog.tables.keys() {
            self.links.insert(table.clone(), Vec::new());
        }
        for reference in &references {
            if self.is_written(reference) {
                self.links.entry(reference.table.clone()).or_default().push(Link::from(reference));
            } else if !self.names_inside(reference) {
                doubts.extend(reference.columns.iter().map(|column| as_doubt(reference, column, self.rules)));
            }
        }
        self.meaning.references = references;
        let numbers = |table: &str| numbers_of(&self.meaning.row_ids, table);
        // What is never exported is written nowhere.
        let is_left_out =
            |table: &str| self.config(table).is_some_and(|config| config.include == Some(false));
        let (written, unwritten): (Vec<_>, Vec<_>) = self
            .meaning
            .references
            .iter()
            .filter(|reference| numbers(&reference.target) && !is_left_out(&reference.table))
            .partition(|reference| self.is_written(reference) || self.names_inside(reference));
        let notes = told::references(&written);
        let mut warnings = told::unwritten(&unwritten);
        let doubtful = self.meaning.doubts.iter().filter(|doubt| !is_left_out(&doubt.table));
        warnings.extend(told::doubts(doubtful));
        self.notes.extend(notes);
        self.warnings.extend(warnings);
        self.doubted.extend(doubts.iter().map(|doubt: &Doubt| (doubt.table.clone(), doubt.column.clone())));
        let row_ids = &self.meaning.row_ids;
        doubts.retain(|doubt| doubt.targets.iter().all(|target| numbers_of(row_ids, target)));
        self.meaning.doubts.extend(doubts);
        let pinned = self.meaning.doubts.iter().flat_map(|doubt| self.meaning.pinned_by(doubt));
        self.pinned = pinned.cloned().collect();
    }

    /// Whether a document names the items that a column refers to.
    fn is_written(&self, reference: &Reference) -> bool {
        let is_known = |name: &String| {
            let column = self.info(&reference.table).table.column(name);
            let is_declared = matches!(reference.evidence, Evidence::Declared { .. } | Evidence::Configured);
            column.is_some_and(|column| is_declared || !self.is_withheld(&reference.table, column))
        };
        let has_columns = || {
            let target = self.info(&reference.target);
            !reference.to.is_empty() && reference.to.iter().all(|name| target.table.column(name).is_some())
        };
        reference.place == Place::Whole
            && reference.when.is_none()
            && reference.columns.iter().all(is_known)
            && has_columns()
    }

    /// Finds texts that are made of ids.
    pub(super) fn find_composed(&mut self) -> Result<()> {
        for info in self.catalog.tables.values() {
            let table = &info.table.name;
            let links = &self.links[table];
            let of_ids: HashSet<&str> = links
                .iter()
                .filter(|link| link.columns.len() == 1 && self.is_surrogate(&link.parent, &link.to[0]))
                .map(|link| link.columns[0].as_str())
                .collect();
            if let Some((column, composed)) = composed::composed(self.connection, info, &of_ids)? {
                self.composed.entry(table.clone()).or_default().insert(column, composed);
            }
        }
        Ok(())
    }
}

/// Whether the row ids of a table may change.
pub(super) fn numbers_of(row_ids: &IndexMap<String, RowId>, table: &str) -> bool {
    row_ids.get(table).is_some_and(|row_id| row_id.class != Class::Natural)
}

/// A reference that documents do not carry is written as it stands, only where it means the same.
fn as_doubt(reference: &Reference, column: &str, rules: &Rules) -> Doubt {
    Doubt {
        table: reference.table.clone(),
        column: column.to_owned(),
        place: reference.place.clone(),
        separator: ",",
        when: reference.when.clone(),
        targets: BTreeSet::from([reference.target.clone()]),
        is_vague: false,
        why: "documents do not carry such references".to_owned(),
        answers: vec![Answer::Nothing],
        setting: setting_of(rules, &reference.table),
    }
}
