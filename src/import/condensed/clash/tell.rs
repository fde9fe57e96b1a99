//! What is said and kept of children that clash.

use super::settle::Clash;
use crate::import::condensed::choices::ItemLine;
use crate::import::condensed::outcome::{Fate, Strategy};
use crate::import::condensed::pass::{Pass, Read};
use crate::import::condensed::refused::Refused;
use crate::problem::Problem;
use anyhow::Result;

impl Pass<'_, '_> {
    pub(super) fn problem_of(&self, clash: &Clash<'_, '_, '_>, why: &str) -> Result<Problem> {
        let label = self.label(clash.read)?;
        let why = format!("{} {label:?}: {why}", clash.read.name);
        Ok(clash.read.problem(&Refused::new(&clash.child.place, why)))
    }

    pub(super) fn put_clash(
        &self,
        clash: &Clash<'_, '_, '_>,
        fate: Fate,
        why: &str,
        name: Option<&str>,
        choices: &[Strategy],
    ) -> Result<()> {
        let line = self.line_of(clash.read, &clash.child.name, fate, (why, name))?;
        let line = ItemLine { changes: clash.differences.clone(), ..line };
        self.staged.items.put_clash(clash.id, &line, choices)
    }

    pub(super) fn put_line_of(
        &self,
        read: &Read<'_>,
        child: &str,
        id: i64,
        fate: Fate,
        (why, name, choices): (&str, Option<&str>, &[Strategy]),
    ) -> Result<()> {
        let line = self.line_of(read, child, fate, (why, name))?;
        self.staged.items.put_clash(id, &line, choices)
    }

    pub(super) fn line_of(
        &self,
        read: &Read<'_>,
        child: &str,
        fate: Fate,
        (why, name): (&str, Option<&str>),
    ) -> Result<ItemLine> {
        Ok(ItemLine {
            section: read.name.to_owned(),
            item: read.item.place.item,
            line: read.item.place.line,
            label: self.label(read)?,
            child: Some(child.to_owned()),
            outcome: fate,
            name: name.map(str::to_owned),
            changes: Vec::new(),
            why: Some(why.to_owned()),
        })
    }
}
