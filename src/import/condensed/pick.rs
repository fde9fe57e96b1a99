//! Single items of a document, and what they refer to.

use super::Staged;
use super::decide::collect;
use super::incoming;
use super::items::Wanted;
use super::resolve::item_of;
use crate::document::json::key_of;
use crate::error::Fault;
use anyhow::Result;
use serde_json::{Map, Value as Json};

impl Staged {
    /// Wants only these items, each by its section and its key or name; what they refer to comes along where it is not
    /// there.
    pub(super) fn pick(&self, wanted: &[(String, String)]) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let named = |section: &str| self.wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(section));
        if let Some((section, _)) = wanted.iter().find(|(section, _)| self.has(section) && !named(section)) {
            let message = format!("--item {section}: --only or --exclude leaves that section out");
            return Err(Fault::usage(message).into());
        }
        self.items.want(None, Wanted::No)?;
        let mut open = Vec::new();
        for (section, key) in wanted {
            let found = self.called(section, key)?;
            for id in &found {
                self.items.want(Some(*id), Wanted::Yes)?;
            }
            open.extend(found);
        }
        while let Some(id) = open.pop() {
            for other in self.referred_to(id)? {
                let item = self.items.get(other)?;
                let section = self.metadata.sections.get_index(item.section as usize);
                // What was left out is only there to be referred to.
                let may_come = section.is_some_and(|(name, _)| self.wanted.contains(name));
                if may_come && item.wanted == Wanted::No {
                    self.items.want(Some(other), Wanted::Along)?;
                    open.push(other);
                }
            }
        }
        Ok(())
    }

    fn has(&self, section: &str) -> bool {
        self.metadata.sections.keys().any(|name| name.eq_ignore_ascii_case(section))
    }

    /// The items of a section with a key, or a name.
    fn called(&self, section: &str, key: &str) -> Result<Vec<i64>> {
        let known = self.metadata.sections.iter().find(|(name, _)| name.eq_ignore_ascii_case(section));
        let Some((name, known)) = known else {
            let names: Vec<&str> = self.metadata.sections.keys().map(String::as_str).collect();
            return Err(Fault::usage(format!("--item: the document has no section {section:?}"))
                .hint(crate::error::nearest(section, &names))
                .into());
        };
        let at = self.metadata.sections.get_index_of(name);
        let shape = &known.shape;
        let (mut by_key, mut by_label) = (Vec::new(), Vec::new());
        self.items.for_each(|id| {
            let item = self.items.get(id)?;
            if at != usize::try_from(item.section).ok() {
                return Ok(());
            }
            let json: Map<String, Json> = serde_json::from_str(&item.json)?;
            let word = |field: &String| json.get(key_of(field).as_ref()).map(super::choices::word);
            let parts: Option<Vec<String>> = shape.key.iter().map(word).collect();
            if parts.is_some_and(|parts| !parts.is_empty() && parts.join(",") == key) {
                by_key.push(id);
            } else if shape.label.as_ref().and_then(word).is_some_and(|label| label == key) {
                by_label.push(id);
            }
            Ok(())
        })?;
        let found = if by_key.is_empty() { by_label } else { by_key };
        if found.is_empty() {
            return Err(
                Fault::usage(format!("--item: {name} has no item with the key or name {key:?}")).into()
            );
        }
        Ok(found)
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
