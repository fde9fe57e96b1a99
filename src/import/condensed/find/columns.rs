//! Rows that have an item's values in columns: those of a key, and those that no two rows share.

use crate::app::model::{Field, Shape};
use crate::database::constraints::Unique;
use crate::database::schema::Table;
use crate::database::value::Value;
use crate::import::condensed::decide::Decider;
use crate::import::condensed::incoming::Incoming;
use crate::import::condensed::resolve::Link;
use crate::import::condensed::target::{Below, Handle};
use anyhow::Result;

/// How many rows with the key of an item are looked at.
const MOST_ALIKE: usize = 100;

impl Decider<'_> {
    /// The rows that have an item's values in some fields.
    pub(in crate::import::condensed) fn by_fields(
        &self,
        shape: &Shape,
        fields: &[String],
        incoming: &Incoming<'_>,
    ) -> Result<Vec<Handle>> {
        let (mut wanted, mut below) = (Vec::new(), Vec::new());
        for field in fields {
            if let Some((nested, column)) = shape.below(field) {
                below.push(Below { nested, column, value: incoming.value_below(nested, column) });
                continue;
            }
            let columns = match shape.field(field) {
                Field::Reference(reference) => reference.columns.clone(),
                _ => vec![field.clone()],
            };
            for column in columns {
                match self.resolver.column(incoming, &column)? {
                    Link::Values(mut values) => {
                        wanted.push((column, values.pop().unwrap_or(Value::Null)));
                    }
                    _ => return Ok(Vec::new()),
                }
            }
        }
        self.resolver.add_owner(shape, &mut wanted);
        let wanted: Vec<(&str, &Value)> = wanted.iter().map(|(name, value)| (name.as_str(), value)).collect();
        self.resolver.target.find_above(&shape.table, &wanted, &below, MOST_ALIKE)
    }

    /// Why an item could be several rows, where they all have its key, or its values in other fields by which it may be known.
    pub fn several_rows(&self, shape: &Shape, incoming: &Incoming<'_>) -> Result<Option<String>> {
        let of_key = std::iter::once(&shape.key).filter(|key| !key.is_empty());
        for fields in of_key.chain(&shape.matches) {
            let rows = self.by_fields(shape, fields, incoming)?.len();
            if rows == 0 {
                continue;
            }
            let more = if rows < MOST_ALIKE { "" } else { " or more" };
            let way =
                if *fields == shape.key { "" } else { "; --match with more columns can tell them apart" };
            let why = format!(
                "{rows}{more} rows have its {}, and it could be any of them{way}",
                fields.join(" and ")
            );
            return Ok((rows > 1).then_some(why));
        }
        Ok(None)
    }

    /// The rows that share with an item what no two rows share; where they were looked for by its key, those that this did
    /// not find.
    pub(super) fn by_uniques(
        &self,
        shape: &Shape,
        incoming: &Incoming<'_>,
        is_by_key: bool,
    ) -> Result<Vec<Handle>> {
        let table = self.resolver.target.table(&shape.table)?;
        let mut found = Vec::new();
        let is_key =
            |unique: &Unique| is_by_key && shape.scope.is_none() && is_of_key(shape, &table.table, unique);
        for unique in table.uniques.iter().filter(|unique| !is_key(unique)) {
            found.extend(self.by_unique(shape, unique, incoming)?.filter(|handle| !found.contains(handle)));
        }
        Ok(found)
    }

    /// The row that has an item's values in columns that no two rows share.
    pub fn by_unique(
        &self,
        shape: &Shape,
        unique: &Unique,
        incoming: &Incoming<'_>,
    ) -> Result<Option<Handle>> {
        let mut values = Vec::new();
        for name in unique.names() {
            match self.resolver.column(incoming, name)? {
                // NULL is like nothing else.
                Link::Values(found) if !found.contains(&Value::Null) => values.extend(found),
                _ => return Ok(None),
            }
        }
        self.resolver.target.find_unique(&shape.table, unique, &values)
    }
}

/// Whether what is unique is the key, and compares as its columns do.
fn is_of_key(shape: &Shape, table: &Table, unique: &Unique) -> bool {
    let key = shape.key_columns();
    let is_in = |(name, collation): &(String, String)| {
        let column = table.column(name);
        key.contains(&name.as_str())
            && column.is_some_and(|column| column.collation.eq_ignore_ascii_case(collation))
    };
    key.len() == unique.columns.len() && unique.columns.iter().all(is_in)
}
