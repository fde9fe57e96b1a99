//! Numbers that items hold although no row here may have them: no new row gets one.

use super::Staging;
use crate::app::model::Shape;
use crate::document::envelope::Metadata;
use crate::document::tree::dangling;
use crate::import::condensed::doubts;
use crate::import::condensed::incoming::{self, Incoming};
use crate::import::condensed::resolve::row_number;
use anyhow::Result;
use serde_json::{Map, Value as Json};

impl Staging<'_> {
    /// Remembers the doubtful numbers of an item: no new row gets one.
    pub(super) fn hold_doubtful(&self, number: Option<i64>, json: &str) -> Result<()> {
        let metadata = self.metadata.as_ref().expect("the metadata come first");
        let shape = self.shape();
        if self.settled.is_empty() && !may_hold(shape, metadata) {
            return Ok(());
        }
        let json: Map<String, Json> = serde_json::from_str(json)?;
        let Ok(incoming) = incoming::read(shape, &json) else { return Ok(()) };
        let mut found = Vec::new();
        doubts::collect(&metadata.doubts, shape, number, &incoming, &mut found);
        for (doubt, number) in found {
            for section in &metadata.doubts[doubt].sections {
                let Some(shape) = metadata.shape(section) else { continue };
                self.items.hold(&shape.table, number, false)?;
            }
        }
        self.hold_dangling(&incoming)
    }

    /// Remembers the row ids that references of an item and its children hold although nothing has them.
    fn hold_dangling(&self, incoming: &Incoming<'_>) -> Result<()> {
        let metadata = self.metadata.as_ref().expect("the metadata come first");
        for (reference, key) in &incoming.references {
            let shape = metadata.shape(&reference.section);
            if let (Some(shape), Some(number)) =
                (shape, dangling(key).and_then(Json::as_i64).or_else(|| row_number(key)))
            {
                self.items.hold(&shape.table, number, false)?;
            }
        }
        let children = incoming.children.iter().flat_map(|(_, children)| children);
        children.into_iter().try_for_each(|child| self.hold_dangling(child))
    }
}

/// Whether items may hold numbers that are no row's here: doubtful ones, or those of references that dangle.
fn may_hold(shape: &Shape, metadata: &Metadata) -> bool {
    metadata.doubts.iter().any(|doubt| doubt.table == shape.table)
        || shape.references.values().any(|reference| reference.lost > 0)
        || shape.nested.values().any(|nested| may_hold(&nested.shape, metadata))
}
