//! The row that an item becomes: its values, and what its references lead to.

use super::incoming::Incoming;
use super::resolve::{Link, Missing, Resolver, Row, Unresolved};
use crate::app::json_path::steps;
use crate::app::model::{JsonColumn, Reference, Shape};
use crate::database::value::Value;
use crate::document::id_type::IdType;
use crate::document::tree::{dangling, each_place};
use anyhow::Result;
use serde_json::Value as Json;

impl Resolver<'_> {
    /// The columns of an item's row, without those that the database gives; `parent` has those that refer to its parent.
    pub fn row(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        parent: &Row,
    ) -> Result<Result<Row, Unresolved>> {
        let mut row = incoming.values.clone();
        if let Err(unresolved) = self.add_references(shape, incoming, &mut row)? {
            return Ok(Err(unresolved));
        }
        for (column, model, json) in &incoming.json {
            match self.json_value(model, json)? {
                Ok(value) => drop(row.insert(column.clone(), value)),
                Err(unresolved) => return Ok(Err(unresolved.inside(column))),
            }
        }
        if let (Some(column), Some((_, value))) = (&shape.scope, &self.owner) {
            row.insert(column.clone(), value.clone());
        }
        row.extend(parent.iter().map(|(name, value)| (name.clone(), value.clone())));
        compose(shape, &mut row);
        Ok(Ok(row))
    }

    /// Adds the columns by which an item refers to others. Where one leads to nothing, or to what is not known yet, it says
    /// so.
    fn add_references(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        row: &mut Row,
    ) -> Result<Result<(), Unresolved>> {
        let plain = incoming.plain.iter().map(|(reference, key)| (reference, key, true));
        let others = incoming.references.iter().map(|(reference, key)| (reference, key, false));
        for (reference, key, is_plain) in plain.chain(others) {
            let link = if is_plain {
                self.resolve_plain(reference, key)?
            } else {
                Some(self.resolve(&reference.section, &reference.to, key)?)
            };
            match link {
                Some(Link::Values(values)) => row.extend(reference.columns.iter().cloned().zip(values)),
                Some(Link::Pending) => return Ok(Err(Unresolved::Pending)),
                Some(Link::Missing(what)) => match self.of_missing(shape, reference, what)? {
                    Ok(values) => row.extend(values),
                    Err(unresolved) => return Ok(Err(unresolved)),
                },
                None => {}
            }
        }
        Ok(Ok(()))
    }

    /// What a reference to nothing becomes.
    fn of_missing(
        &self,
        shape: &Shape,
        reference: &Reference,
        what: String,
    ) -> Result<Result<Vec<(String, Value)>, Unresolved>> {
        if self.missing != Missing::Null || !self.is_nullable(shape, &reference.columns)? {
            let field = shape.references.iter().find(|(_, own)| *own == reference).map(|(field, _)| field);
            let field = field.cloned().unwrap_or_else(|| reference.columns.join("+"));
            return Ok(Err(Unresolved::Missing(field, what)));
        }
        Ok(Ok(reference.columns.iter().map(|column| (column.clone(), Value::Null)).collect()))
    }

    fn is_nullable(&self, shape: &Shape, columns: &[String]) -> Result<bool> {
        let table = self.target.table(&shape.table)?;
        let is_nullable = |name: &String| table.table.column(name).is_some_and(|column| !column.not_null);
        Ok(columns.iter().all(is_nullable))
    }

    /// The value of a column that is written as JSON, with what its references lead to.
    fn json_value(&self, model: &JsonColumn, json: &Json) -> Result<Result<Value, Unresolved>> {
        let mut tree = json.clone();
        let mut failed = None;
        for (path, section) in &model.references {
            let to: Vec<String> = {
                let table = self.target.table(&self.shape(section)?.table)?;
                table.table.primary_key().into_iter().map(str::to_owned).collect()
            };
            each_place(&mut tree, &steps(path), &mut |found| {
                let (id_type, key) = IdType::of(found);
                // What dangled and is no row id leads to nothing anywhere.
                if let Some(before) = dangling(key).filter(|before| before.as_i64().is_none()) {
                    *found = before.clone();
                    return Ok(());
                }
                if *key == Json::Null {
                    return Ok(());
                }
                match self.resolve(section, &to, key)? {
                    Link::Values(values) => *found = id_type.write(values.first().unwrap_or(&Value::Null)),
                    Link::Pending => failed = Some(Unresolved::Pending),
                    Link::Missing(what) => failed = Some(Unresolved::Missing(path.clone(), what)),
                }
                Ok(())
            })?;
        }
        if let Some(failed) = failed {
            return Ok(Err(failed));
        }
        if let Some(value) = model.gather(&tree) {
            return Ok(Ok(value));
        }
        model.key_lists(&mut tree);
        Ok(Ok(Value::Text(model.style().write(&tree))))
    }
}

/// Adds the columns that are made of others.
fn compose(shape: &Shape, row: &mut Row) {
    for (column, composed) in &shape.composed {
        let text = |name: &String| match row.get(name) {
            Some(Value::Integer(number)) => Some(number.to_string()),
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let [first, second] = &composed.columns;
        if let (Some(first), Some(second)) = (text(first), text(second)) {
            row.insert(column.clone(), Value::Text(format!("{first}{}{second}", composed.separator)));
        }
    }
}
