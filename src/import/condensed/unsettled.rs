//! Items without what they refer to that may yet come in under another name: whether an item differs from a row is not to
//! hang on that, or two that refer to each other would wait for each other.

use super::decide::collect;
use super::incoming::Incoming;
use super::resolve::Resolver;
use crate::app::model::{Field, Nested, Reference};
use anyhow::Result;
use serde_json::Value as Json;

/// Whether it is not known yet which row an item will be.
pub type IsUnsettled<'f> = &'f dyn Fn(i64) -> Result<bool>;

impl Resolver<'_> {
    /// An item without its references to others that are not settled.
    pub fn settled<'m>(
        &self,
        incoming: &Incoming<'m>,
        is_unsettled: IsUnsettled<'_>,
    ) -> Result<Incoming<'m>> {
        let is_loose = |section: &str, key: &Json| match self.item(section, key)? {
            Some(id) => is_unsettled(id),
            None => Ok(false),
        };
        let mut known = incoming.clone();
        let keep = |references: &mut Vec<(&'m Reference, Json)>| -> Result<Vec<&'m Reference>> {
            let mut loose = Vec::new();
            for (reference, key) in references.iter() {
                if is_loose(&reference.section, key)? {
                    loose.push(*reference);
                }
            }
            references.retain(|(reference, _)| !loose.contains(reference));
            Ok(loose)
        };
        keep(&mut known.references)?;
        for reference in keep(&mut known.plain)? {
            known.values.retain(|name, _| !reference.columns.contains(name));
        }
        let mut json = Vec::new();
        for own in known.json {
            let alone = Incoming { json: vec![own], ..Incoming::default() };
            let mut wanted = Vec::new();
            collect(&alone, &mut wanted)?;
            let mut loose = false;
            for (section, key) in wanted {
                loose |= is_loose(section, &key)?;
            }
            json.extend(alone.json.into_iter().filter(|_| !loose));
        }
        known.json = json;
        known.children = self.settled_children(known.children, is_unsettled)?;
        Ok(known)
    }

    /// The children of an item without what is not settled: none of a kind of which nobody knows which is which.
    fn settled_children<'m>(
        &self,
        children: Vec<(&'m Nested, Vec<Incoming<'m>>)>,
        is_unsettled: IsUnsettled<'_>,
    ) -> Result<Vec<(&'m Nested, Vec<Incoming<'m>>)>> {
        let mut kinds = Vec::new();
        for (nested, own) in children {
            let mut settled = Vec::new();
            for child in &own {
                settled.push(self.settled(child, is_unsettled)?);
            }
            // Which of them is which nobody knows where what they are known by is not settled.
            let is_known = own.iter().zip(&settled).all(|(child, settled)| {
                nested.shape.key.iter().all(|field| match nested.shape.field(field) {
                    Field::Reference(reference) => refers(child, reference) == refers(settled, reference),
                    _ => true,
                })
            });
            kinds.extend(is_known.then_some((nested, settled)));
        }
        Ok(kinds)
    }
}

/// Whether an item says what a reference of it leads to.
fn refers(incoming: &Incoming<'_>, reference: &Reference) -> bool {
    incoming.references.iter().chain(&incoming.plain).any(|(own, _)| *own == reference)
}
