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

/// A reference that leads back, whether to the item itself, and to which item.
type LeadsBack<'m> = (&'m Reference, bool, Option<i64>);

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
                    let is_likely = |handle: &Handle| self.is_at_its_place(shape, &leads_back, handle);
                    let own = item.number.filter(|_| shape.row.is_some()).map(|own| (item.section, own));
                    return self.content.take(
                        &self.resolver,
                        (id, name, shape),
                        &known,
                        &row,
                        own,
                        (&accepts, &is_likely),
                    );
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

    /// The references of an item that were left out because they lead back to it, whether they lead to itself, and to which
    /// item.
    fn leads_back<'m>(
        &self,
        id: i64,
        incoming: &Incoming<'m>,
        known: &Incoming<'m>,
    ) -> Result<Vec<LeadsBack<'m>>> {
        let mut left_out = Vec::new();
        for (reference, key) in &incoming.references {
            if !known.references.iter().any(|(kept, _)| kept == reference) {
                let other = self.resolver.item(&reference.section, key)?;
                left_out.push((*reference, other == Some(id), other));
            }
        }
        Ok(left_out)
    }

    /// Whether a row refers to itself where the item does, and to another where it does not: what leads to nothing is no
    /// circle.
    fn is_in_such_a_circle(
        &self,
        shape: &Shape,
        leads_back: &[LeadsBack<'_>],
        handle: &Handle,
    ) -> Result<bool> {
        for (reference, itself, _) in leads_back {
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

    /// Whether the rows that a row refers to have the places of the items that lead back to the item.
    fn is_at_its_place(&self, shape: &Shape, leads_back: &[LeadsBack<'_>], handle: &Handle) -> Result<bool> {
        let (target, places) = (self.resolver.target, self.content.places.get());
        let Some(places) = places else { return Ok(true) };
        for (reference, _, other) in leads_back {
            let columns: Vec<&str> = reference.columns.iter().map(String::as_str).collect();
            let refers = target.load(&shape.table, &columns, handle)?.unwrap_or_default();
            let wanted: Vec<(&str, &Value)> = reference.to.iter().map(String::as_str).zip(&refers).collect();
            let table = &self.resolver.shape(&reference.section)?.table;
            let Some(row) = target.find(table, &wanted, 1)?.pop() else { continue };
            if places.of_row(&reference.section, &row)? != other.and_then(|other| places.of_item(other)) {
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
