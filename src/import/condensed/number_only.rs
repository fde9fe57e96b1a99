//! Items that are a row by nothing but a number, which may be another's by now.

use super::compare::Change;
use super::pass::{Pass, Read};
use crate::app::model::Field;
use crate::database::value::Value;
use crate::import::by_id::is_small;
use anyhow::Result;

impl Pass<'_, '_> {
    /// Whether an item is a row by nothing but an integer that is its row id: what else both hold differs in all fields.
    pub(super) fn is_same_by_number_only(&self, read: &Read<'_>, change: &Change<'_, '_>) -> Result<bool> {
        let target = self.decider.resolver.target;
        if self.staged.metadata.by_id {
            // Somebody said that the id is what says which row it is.
            return if self.options.told.doubts_ids { self.is_other_by_id(read, change) } else { Ok(false) };
        }
        let table = target.table(&read.shape.table)?;
        let key: Vec<&str> = read.shape.key.iter().map(String::as_str).collect();
        if table.numbered().is_none_or(|numbered| key != [numbered]) {
            return Ok(false);
        }
        let is_filled =
            |(name, value): &(&String, &Value)| **value != Value::Null && !key.contains(&name.as_str());
        let own: Vec<&str> =
            read.incoming.values.iter().filter(is_filled).map(|(name, _)| name.as_str()).collect();
        let is_changed = |name: &&str| change.sets.iter().any(|(changed, _)| changed == name);
        let there = target.load(&read.shape.table, &own, &change.handle)?.unwrap_or_default();
        let are_filled = there.iter().any(|value| *value != Value::Null);
        Ok(!own.is_empty() && are_filled && own.iter().all(is_changed))
    }

    /// Whether a row with the id of an item is likely another one: nothing that no two rows share is the same, and no more
    /// than half of what else tells rows apart.
    /// References and small numbers tell only where there is nothing else. Where the id is no number, it tells by itself.
    fn is_other_by_id(&self, read: &Read<'_>, change: &Change<'_, '_>) -> Result<bool> {
        let table = self.decider.resolver.target.table(&read.shape.table)?;
        let key = &read.shape.key;
        let is_number = table.table.rowid_name().is_some_and(|id| key.is_empty() || *key == [id]);
        if !is_number {
            return Ok(false);
        }
        let filled = read.incoming.values.iter();
        let filled = filled.filter(|(name, value)| **value != Value::Null && !key.contains(name));
        let tells = |(name, value): &(&String, &Value)| {
            !is_small(value) && !matches!(read.shape.field(name), Field::Reference(_))
        };
        let own: Vec<_> = filled.clone().filter(tells).collect();
        let own = if own.is_empty() { filled.collect() } else { own };
        let is_same = |name: &String| !change.sets.iter().any(|(changed, _)| changed == name);
        // What no two rows share tells, as a name.
        let is_own =
            |name: &str| own.iter().any(|(own, value)| *own == name && !is_small(value) && is_same(own));
        if table.uniques.iter().any(|unique| unique.names().into_iter().all(is_own)) {
            return Ok(false);
        }
        let same = own.iter().filter(|(name, _)| is_same(name)).count();
        Ok(!own.is_empty() && same * 2 <= own.len())
    }
}
