//! References of rows that are there to what is not: a document can only say them as NULL.

use super::compare::Comparer;
use super::items::pack;
use crate::app::model::{Reference, Shape};
use crate::database::value::Value;
use anyhow::Result;
use std::collections::HashSet;

/// Values that refer to nothing, by their table and column.
pub type Lost = HashSet<(String, String, String)>;

impl Comparer<'_, '_> {
    /// Whether a value that is there refers to nothing, which a document can only say as NULL.
    pub fn is_lost(&self, shape: &Shape, name: &str, there: &Value) -> Result<bool> {
        let single = |reference: &&Reference| !reference.plain && reference.columns == [name];
        let Some(reference) = shape.references.values().find(single) else { return Ok(false) };
        if let Some(lost) = self.lost.get() {
            let value = pack(std::slice::from_ref(there));
            return Ok(lost.contains(&(shape.table.clone(), name.to_owned(), value)));
        }
        let resolver = &self.decider.resolver;
        let table = &resolver.shape(&reference.section)?.table;
        Ok(resolver.target.find(table, &[(reference.to[0].as_str(), there)], 1)?.is_empty())
    }

    /// Remembers what refers to nothing: what refers to a row that is about to go will not be among it.
    pub fn remember_lost(&self) -> Result<()> {
        let mut lost = Lost::new();
        for section in self.decider.resolver.metadata.sections.values() {
            self.add_lost(&section.shape, &mut lost)?;
        }
        self.lost.get_or_init(|| lost);
        Ok(())
    }

    fn add_lost(&self, shape: &Shape, lost: &mut Lost) -> Result<()> {
        let resolver = &self.decider.resolver;
        for reference in shape.references.values().filter(|reference| !reference.plain) {
            let ([column], [to]) = (reference.columns.as_slice(), reference.to.as_slice()) else { continue };
            let parent = &resolver.shape(&reference.section)?.table;
            for value in resolver.target.dangling([&shape.table, column], [parent, to])? {
                lost.insert((shape.table.clone(), column.clone(), pack(&[value])));
            }
        }
        shape.nested.values().try_for_each(|nested| self.add_lost(&nested.shape, lost))
    }
}
