//! What is to be done with an item that is there already and differs.

use super::compare::{Change, Comparer, Take};
use super::incoming::Incoming;
use super::newer::is_newer;
use super::outcome::Strategy;
use super::refused::Refused;
use super::resolve::Row;
use super::target::Handle;
use crate::app::model::Shape;
use crate::database::value::Value;
use anyhow::Result;

/// What becomes of an item that is a row.
#[derive(Debug)]
pub enum Verdict<'i, 'm> {
    /// There is nothing to do.
    Same,
    /// It stays as it is.
    Skip(Change<'i, 'm>),
    /// The row takes the item's values.
    Overwrite(Change<'i, 'm>),
    /// The row takes some of them.
    Merge(Change<'i, 'm>),
    /// It stays as it is, since its section does not say when items were changed.
    Unknown(Change<'i, 'm>),
    /// Nobody can tell which is newer, or it is to fail: what is to be said besides.
    Conflict(Change<'i, 'm>, &'static str),
    /// Somebody is to be asked.
    Open(Change<'i, 'm>),
}

impl Comparer<'_, '_> {
    /// What becomes of an item that is a row.
    pub fn judge<'i, 'm>(
        &self,
        shape: &'m Shape,
        incoming: &'i Incoming<'m>,
        handle: &Handle,
        strategy: Strategy,
    ) -> Result<Result<Verdict<'i, 'm>, Refused>> {
        let take = if strategy == Strategy::Merge { Take::NotNull } else { Take::All };
        let change = match self.compare(shape, incoming, &Row::new(), handle, take)? {
            Ok(change) => change,
            Err(refused) => return Ok(Err(refused)),
        };
        if change.is_none() {
            return Ok(Ok(Verdict::Same));
        }
        Ok(Ok(match strategy {
            Strategy::Skip => Verdict::Skip(change),
            Strategy::Overwrite => Verdict::Overwrite(change),
            Strategy::Merge => Verdict::Merge(change),
            Strategy::Newer => match self.is_newer(shape, incoming, handle)? {
                Some(true) => Verdict::Overwrite(change),
                Some(false) => Verdict::Skip(change),
                None if shape.updated_at.is_none() => Verdict::Unknown(change),
                None => Verdict::Conflict(change, "; nothing says which is newer"),
            },
            // It was to come in under another name, and could not.
            Strategy::Rename => Verdict::Conflict(change, ", under its other name too"),
            Strategy::Fail => Verdict::Conflict(change, ""),
            Strategy::Prompt => Verdict::Open(change),
        }))
    }

    /// Whether an item was changed later than its row; nothing where nobody can tell.
    pub(super) fn is_newer(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        handle: &Handle,
    ) -> Result<Option<bool>> {
        let Some(field) = &shape.updated_at else { return Ok(None) };
        let Some(own) = incoming.values.get(field) else { return Ok(Some(false)) };
        let there = self.decider.resolver.target.load(&shape.table, &[field], handle)?;
        let there = there.and_then(|values| values.into_iter().next()).unwrap_or(Value::Null);
        Ok(is_newer(own, &there))
    }
}
