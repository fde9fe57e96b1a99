//! Other names for children that clash.

use super::settle::{Clash, Names};
use crate::app::model::{Field, FieldType};
use crate::database::value::Value;
use crate::import::condensed::names::{is_address, numbered};
use crate::import::condensed::outcome::Fate;
use crate::import::condensed::pass::Pass;
use anyhow::Result;
use serde_json::Value as Json;

/// How many names are tried.
const MOST_NAMES: u32 = 1000;

impl Pass<'_, '_> {
    /// A text of a child with which it does not clash: the column, and the text.
    pub(super) fn other_name(
        &self,
        clash: &Clash<'_, '_, '_>,
        names: &mut Names,
    ) -> Result<Option<[String; 2]>> {
        let nested = clash.child.nested();
        let shape = &nested.shape;
        let text = |name: &String| match clash.child.incoming.values.get(name) {
            Some(Value::Text(text))
                if matches!(shape.field(name), Field::Column(_))
                    && shape.columns.get(name) != Some(&FieldType::Json)
                    && !nested.parent.contains(name)
                    && !is_address(name, text) =>
            {
                Some((name.clone(), text.clone()))
            }
            _ => None,
        };
        let Some((column, own)) = clash.shared.columns.iter().find_map(text) else { return Ok(None) };
        let target = self.decider.resolver.target;
        // Somebody may have typed another.
        let typed = self.staged.items.choice(clash.id)?.and_then(|choice| choice.name);
        for number in 1..=if typed.is_some() { 1 } else { MOST_NAMES } {
            let other = typed.clone().unwrap_or_else(|| numbered(&column, &own, number));
            let value = Value::Text(other.clone());
            let is_free = target.find(&shape.table, &[(column.as_str(), &value)], 1)?.is_empty();
            if is_free && names.insert([shape.table.clone(), column.clone(), other.to_lowercase()]) {
                return Ok(Some([column, other]));
            }
        }
        Ok(None)
    }

    /// Forgets a name that somebody typed and that is taken: they are asked again.
    pub(super) fn takes_back_name(&self, clash: &Clash<'_, '_, '_>) -> Result<bool> {
        let items = &self.staged.items;
        let Some(name) = items.choice(clash.id)?.and_then(|choice| choice.name) else { return Ok(false) };
        items.unchoose(clash.id)?;
        items.explain(&format!("{name:?} is there already"))?;
        Ok(true)
    }

    pub(super) fn name_child(
        &mut self,
        clash: &Clash<'_, '_, '_>,
        [column, name]: &[String; 2],
    ) -> Result<()> {
        self.set_in_child(clash.read.id, &clash.deferred.path, column, Json::from(name.as_str()))?;
        self.put_clash(clash, Fate::Renamed, &clash.why, Some(name), &[])?;
        self.again = true;
        Ok(())
    }
}
