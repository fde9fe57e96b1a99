//! What a new row holds of which the document says nothing: what the command line gives, nothing, or what nobody can guess.

use super::resolve::Row;
use super::secret_members::filled;
use super::target_table::TargetTable;
use super::write::Writer;
use crate::app::model::Shape;
use crate::database::affinity::Affinity;
use crate::database::schema::Column;
use crate::database::value::Value;
use anyhow::Result;

impl Writer<'_, '_> {
    /// Gives columns that must have a value, and that the document lacks because they are secret or can be fetched
    /// again, an empty one. Secrets are told of in any case.
    pub fn fill(&self, shape: &Shape, table: &TargetTable, row: &mut Row) -> Result<()> {
        for (name, value) in self.fills.of(&shape.table) {
            row.entry(name.to_owned()).or_insert_with(|| value.clone());
        }
        for name in shape.secret.iter().chain(&shape.refetch).chain(&shape.omitted) {
            let Some(column) = table.table.column(name) else { continue };
            let is_numbered = table.numbered() == Some(column.name.as_str());
            if row.contains_key(name) || is_numbered {
                continue;
            }
            let is_secret = shape.secret.contains(name);
            if !column.not_null || column.default.is_some() {
                if is_secret {
                    self.count(format!("{}.{name}", shape.table));
                }
            } else if is_secret {
                row.insert(name.clone(), self.empty_secret(shape, table, column)?);
            } else {
                row.insert(name.clone(), empty(column.affinity()));
                self.count(format!("{}.{name}", shape.table));
            }
        }
        self.fill_inside(shape, table, row)
    }

    /// What is lacking of the secrets inside JSON and among texts.
    fn fill_inside(&self, shape: &Shape, table: &TargetTable, row: &mut Row) -> Result<()> {
        for (name, json) in shape.json.iter().filter(|(_, json)| json.secrets) {
            let Some(value) = row.get_mut(name) else { continue };
            let (whole, lacks) = filled(value, json, None);
            *value = whole;
            if !lacks {
                continue;
            }
            let required = table.table.column(name).filter(|column| column.not_null && *value == Value::Null);
            if let Some(column) = required {
                row.insert(name.clone(), self.empty_secret(shape, table, column)?);
            } else {
                self.count(format!("a secret inside {}.{name}", shape.table));
            }
        }
        Ok(())
    }

    /// What a column that takes no NULL has in the place of a secret: nothing, or what nobody can guess where no two rows may
    /// have the same.
    fn empty_secret(&self, shape: &Shape, table: &TargetTable, column: &Column) -> Result<Value> {
        let place = format!("{}.{}", shape.table, column.name);
        let is_unique = table.uniques.iter().any(|unique| unique.names().contains(&column.name.as_str()));
        if is_unique && let Some(value) = self.unguessable(column.affinity())? {
            *self.made_up.borrow_mut().entry(place).or_default() += 1;
            return Ok(value);
        }
        self.count(place);
        Ok(empty(column.affinity()))
    }

    /// A value that nobody can guess, in the place of a secret that no two rows may share. A text is taken for a secret by its
    /// form, so that it is left out and compared as what it stands for.
    fn unguessable(&self, affinity: Affinity) -> Result<Option<Value>> {
        let connection = self.comparer.decider.resolver.target.connection;
        Ok(match affinity {
            Affinity::Text => Some(Value::Text(connection.query_row(
                "SELECT 'larder-secret-' || lower(hex(randomblob(16)))",
                [],
                |row| row.get(0),
            )?)),
            Affinity::Blob => {
                Some(Value::Blob(connection.query_row("SELECT randomblob(16)", [], |row| row.get(0))?))
            }
            _ => None,
        })
    }

    fn count(&self, what: String) {
        *self.filled.borrow_mut().entry(what).or_default() += 1;
    }
}

/// What stands for nothing in a column that takes no NULL.
pub(super) fn empty(affinity: Affinity) -> Value {
    match affinity {
        Affinity::Text => Value::Text(String::new()),
        Affinity::Blob => Value::Blob(Vec::new()),
        Affinity::Real => Value::Real(0.0),
        Affinity::Integer | Affinity::Numeric => Value::Integer(0),
    }
}
