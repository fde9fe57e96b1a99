//! Items by their key or their name.

use crate::app::model::Shape;
use crate::database::constraints::uniques;
use crate::database::stand_in;
use crate::document::json::key_of;
use crate::error::Fault;
use crate::import::condensed::CondensedOptions;
use crate::import::condensed::choices::word;
use crate::import::condensed::describe::label_in;
use crate::import::condensed::staged::Staged;
use anyhow::Result;
use serde_json::{Map, Value as Json};

impl Staged {
    /// The items of a section with a key, or a name.
    pub(super) fn called(
        &self,
        (section, key): (&str, &str),
        options: &CondensedOptions<'_>,
    ) -> Result<Vec<i64>> {
        let known = self.metadata.sections.iter().find(|(name, _)| name.eq_ignore_ascii_case(section));
        let Some((name, known)) = known else {
            let names: Vec<&str> = self.metadata.sections.keys().map(String::as_str).collect();
            return Err(Fault::usage(format!("--item: the document has no section {section:?}"))
                .hint(crate::error::nearest(section, &names))
                .into());
        };
        let at = self.metadata.sections.get_index_of(name);
        let shape = &known.shape;
        let names = self.names(shape, options)?;
        let (mut by_key, mut by_label) = (Vec::new(), Vec::new());
        self.items.for_each(|id| {
            let item = self.items.get(id)?;
            if at != usize::try_from(item.section).ok() {
                return Ok(());
            }
            let json: Map<String, Json> = serde_json::from_str(&item.json)?;
            let word =
                |field: &String| json.get(key_of(field).as_ref()).filter(|value| !value.is_null()).map(word);
            let parts: Option<Vec<String>> = shape.key.iter().map(word).collect();
            if parts.is_some_and(|parts| !parts.is_empty() && parts.join(",") == key) {
                by_key.push(id);
            } else if label_in(shape, &json, &[]).is_some_and(|label| label == key)
                || names.iter().any(|field| word(field).is_some_and(|name| name == key))
            {
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
        if self.metadata.by_id && found.len() > 1 {
            let message = format!("--item: {} items of {name} are called {key:?}", found.len());
            return Err(Fault::usage(message).hint("name it by its row id").into());
        }
        Ok(found)
    }

    /// The fields besides the label by which people call items: where rows are known by their ids, whatever is unique.
    fn names(&self, shape: &Shape, options: &CondensedOptions<'_>) -> Result<Vec<String>> {
        let mut names = Vec::new();
        if self.metadata.by_id {
            let source = self.open(options)?;
            stand_in::register_collations(source.connection())?;
            let uniques = uniques(source.connection(), &shape.table)?;
            let single = uniques.iter().filter(|unique| unique.columns.len() == 1);
            names.extend(single.map(|unique| unique.columns[0].0.clone()));
        }
        Ok(names)
    }
}
