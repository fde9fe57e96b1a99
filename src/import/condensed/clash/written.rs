//! Which children are written, and whether one may clash.

use super::kept::Member;
use crate::app::is_place;
use crate::app::model::Shape;
use crate::database::value::Value;
use crate::import::condensed::compare::Change;
use crate::import::condensed::resolve::Row;
use crate::import::condensed::target::Handle;
use crate::import::condensed::write::Writer;
use anyhow::Result;

impl Writer<'_, '_> {
    /// Keeps that a child is written, where some of its table clash.
    pub(in crate::import::condensed) fn is_written(
        &self,
        shape: &Shape,
        is_item: bool,
        handle: Option<Handle>,
        change: Option<&Change<'_, '_>>,
    ) -> Result<()> {
        let resolver = &self.comparer.decider.resolver;
        if is_item || !resolver.items.is_watched(&shape.table) {
            return Ok(());
        }
        let path = self.comparer.path.borrow().clone();
        let changes: Vec<String> =
            change.iter().flat_map(|change| &change.sets).map(|(name, _)| name.clone()).collect();
        let place = changes.iter().find(|name| is_place(name));
        let before = match (place, &handle) {
            (Some(place), Some(handle)) => resolver.target.load(&shape.table, &[place], handle)?,
            _ => None,
        };
        let before = before.and_then(|mut values| values.pop());
        let member =
            Member { item: self.item.get(), path, handle, before, changes, is_new: change.is_none() };
        resolver.items.add_member(&shape.table, &member)
    }

    /// Looks whether a child that would be written may clash with a row that is there.
    pub(in crate::import::condensed) fn look_for_clash(
        &self,
        shape: &Shape,
        row: &Row,
        change: Option<&Change<'_, '_>>,
    ) -> Result<()> {
        if self.may_clash.get() {
            return Ok(());
        }
        let target = self.comparer.decider.resolver.target;
        let table = target.table(&shape.table)?;
        let mut may_clash = table.partly.is_any();
        for unique in &table.uniques {
            let names = unique.names();
            if may_clash || !names.iter().any(|name| row.contains_key(*name)) {
                continue;
            }
            let there = match change {
                Some(change) => target.load(&shape.table, &names, &change.handle)?,
                None => None,
            };
            let value = |(at, name): (usize, &&str)| {
                let own = row.get(*name).or_else(|| there.as_ref()?.get(at));
                own.filter(|value| **value != Value::Null).cloned()
            };
            let Some(values) = names.iter().enumerate().map(value).collect::<Option<Vec<Value>>>() else {
                continue;
            };
            let found = target.find_unique(&shape.table, unique, &values)?;
            may_clash = found.is_some_and(|found| change.is_none_or(|change| change.handle != found));
        }
        self.may_clash.set(may_clash);
        Ok(())
    }
}
