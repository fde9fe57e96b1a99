//! Which items of a document come in: all of the wanted sections, or those that are named or meet a condition, with what
//! belongs to them and what they refer to.

mod belonging;
mod called;
mod conditions;

use super::decide::collect;
use super::incoming;
use super::items::Wanted;
use super::resolve::item_of;
use super::staged::Staged;
use super::{CondensedOptions, Instructions};
use crate::error::Fault;
use anyhow::Result;
use serde_json::{Map, Value as Json};

impl Staged {
    /// Wants only the items that options choose.
    pub(super) fn pick(&self, options: &CondensedOptions<'_>) -> Result<()> {
        let told = &options.told;
        if told.chooses_by().is_none() {
            return Ok(());
        }
        self.refuse_left_out("--item", &told.items)?;
        self.refuse_left_out("--where", &told.conditions)?;
        let narrowed = self.narrow(told, options)?;
        let belongings = self.belongings(options)?;
        if told.items.is_empty() {
            let followers = belongings.followers(self, &narrowed)?;
            followers.offer(&self.items)?;
            while followers.take(&self.items)? + self.bring_along()? > 0 {}
        } else {
            self.items.offer(None)?;
            for (section, key) in &told.items {
                self.items.take(&self.called((section, key), options)?)?;
            }
            self.items.take_belonging()?;
            self.bring_along()?;
        }
        self.items.end_offer()?;
        if self.items.is_any_wanted()? {
            return Ok(());
        }
        Err(Fault::usage("no item of the document is what was asked for")
            .hint("--dry-run without --where and --item shows how many items each section has")
            .into())
    }

    /// An error where something is wanted of a section that is left out.
    fn refuse_left_out(&self, option: &str, wanted: &[(String, String)]) -> Result<()> {
        let is_named = |section: &str| self.wanted.iter().any(|own| own.eq_ignore_ascii_case(section));
        let has = |section: &str| self.metadata.sections.keys().any(|own| own.eq_ignore_ascii_case(section));
        match wanted.iter().find(|(section, _)| has(section) && !is_named(section)) {
            Some((section, _)) => {
                let message = format!("{option} {section}: --only or --exclude leaves that section out");
                Err(Fault::usage(message).into())
            }
            None => Ok(()),
        }
    }

    /// What wanted items refer to comes along where it is not there. Says how many items that are.
    fn bring_along(&self) -> Result<usize> {
        let (mut open, mut count) = (Vec::new(), 0);
        self.items.for_each(|id| {
            if self.items.wanted(id)? != Wanted::Yes {
                return Ok(());
            }
            open.push(id);
            while let Some(id) = open.pop() {
                for other in self.referred_to(id)? {
                    let item = self.items.get(other)?;
                    let section = self.metadata.sections.get_index(item.section as usize);
                    // What was left out is only there to be referred to.
                    let may_come = section.is_some_and(|(name, _)| self.wanted.contains(name));
                    if may_come && item.wanted == Wanted::No {
                        self.items.want(other, Wanted::Along)?;
                        open.push(other);
                        count += 1;
                    }
                }
            }
            Ok(())
        })?;
        Ok(count)
    }

    /// The items that an item refers to.
    pub(super) fn referred_to(&self, id: i64) -> Result<Vec<i64>> {
        let item = self.items.get(id)?;
        let Some((_, section)) = self.metadata.sections.get_index(item.section as usize) else {
            return Ok(Vec::new());
        };
        let json: Map<String, Json> = serde_json::from_str(&item.json)?;
        // What cannot be read is told later.
        let Ok(incoming) = incoming::read(&section.shape, &json) else { return Ok(Vec::new()) };
        let mut wanted = Vec::new();
        collect(&incoming, &mut wanted)?;
        let mut found = Vec::new();
        for (section, key) in wanted {
            found.extend(item_of(&self.items, &self.metadata, section, &key)?);
        }
        Ok(found)
    }
}

impl Instructions {
    /// The option by which only some items of sections come in, where there is one.
    pub(super) fn chooses_by(&self) -> Option<&'static str> {
        match (self.items.as_slice(), self.conditions.as_slice()) {
            ([], []) => None,
            ([], _) => Some("--where"),
            _ => Some("--item"),
        }
    }
}
