//! Items that are known by their content, also where what they hold leads back to them.

use super::decide::Decider;
use super::incoming::Incoming;
use super::items::Item;
use super::resolve::{Link, Row, Unresolved};
use super::target::Handle;
use crate::app::model::{Reference, Shape};
use crate::database::value::Value;
use anyhow::Result;
use serde_json::Value as Json;

impl Decider<'_> {
    /// The row that holds what an item holds, where there is one that no other item is.
    pub(super) fn by_content(
        &self,
        id: i64,
        name: &str,
        shape: &Shape,
        incoming: &Incoming<'_>,
        item: &Item,
    ) -> Result<Option<Handle>> {
        // An item that depends on itself is compared without what leads back to it.
        let mut known = incoming.clone();
        loop {
            match self.resolver.row(shape, &known, &Row::new())? {
                Ok(row) => {
                    let leads_back = self.leads_back(id, incoming, &known)?;
                    let accepts = |handle: &Handle| self.is_in_such_a_circle(shape, &leads_back, handle);
                    let own = item.number.filter(|_| shape.row.is_some()).map(|own| (item.section, own));
                    return self.content.take(&self.resolver, (name, shape), &known, &row, own, &accepts);
                }
                Err(Unresolved::Pending) => {
                    let count =
                        |known: &Incoming<'_>| known.references.len() + known.plain.len() + known.json.len();
                    let before = count(&known);
                    known.references = self.without_pending(&known.references)?;
                    known.plain = self.without_pending(&known.plain)?;
                    known.json.retain(|(_, model, _)| model.references.is_empty());
                    if count(&known) == before {
                        return Ok(None);
                    }
                }
                Err(Unresolved::Missing(..)) => return Ok(None),
            }
        }
    }

    /// The references of an item that were left out because they lead back to it, and whether they lead to itself.
    fn leads_back<'m>(
        &self,
        id: i64,
        incoming: &Incoming<'m>,
        known: &Incoming<'m>,
    ) -> Result<Vec<(&'m Reference, bool)>> {
        let mut left_out = Vec::new();
        for (reference, key) in &incoming.references {
            if !known.references.iter().any(|(kept, _)| kept == reference) {
                let itself = self.resolver.item(&reference.section, key)? == Some(id);
                left_out.push((*reference, itself));
            }
        }
        Ok(left_out)
    }

    /// Whether a row refers to itself where the item does, and to another where it does not: what leads to nothing is no
    /// circle.
    fn is_in_such_a_circle(
        &self,
        shape: &Shape,
        leads_back: &[(&Reference, bool)],
        handle: &Handle,
    ) -> Result<bool> {
        for (reference, itself) in leads_back {
            let load = |columns: &[String]| {
                let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
                self.resolver.target.load(&shape.table, &columns, handle)
            };
            let refers = load(&reference.columns)?.unwrap_or_default();
            let is_own_table = self.resolver.shape(&reference.section)?.table == shape.table;
            let to_itself = is_own_table && load(&reference.to)?.as_ref() == Some(&refers);
            if refers.contains(&Value::Null) || to_itself != *itself {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn without_pending<'m>(
        &self,
        references: &[(&'m Reference, Json)],
    ) -> Result<Vec<(&'m Reference, Json)>> {
        let mut kept = Vec::new();
        for (reference, key) in references {
            let link = self.resolver.resolve(&reference.section, &reference.to, key)?;
            if link != Link::Pending {
                kept.push((*reference, key.clone()));
            }
        }
        Ok(kept)
    }
}
