//! Columns that hold JSON although nobody said so, and how their texts are written.

use super::Inference;
use crate::app::catalog::TableInfo;
use crate::app::json_style::Styles;
use crate::app::model::{Field, Shape};
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use rusqlite::types::ValueRef;
use serde::de::IgnoredAny;

impl Inference<'_> {
    /// The columns, apart from those that are known already, all of whose texts are JSON objects or lists, most of which come
    /// back as they are.
    pub(super) fn found_json<'n>(
        &self,
        info: &TableInfo,
        shape: &Shape,
        known: impl Iterator<Item = &'n String>,
    ) -> Result<Vec<String>> {
        let known: Vec<&String> = known.collect();
        let mut found = Vec::new();
        for column in shape.columns.keys().filter(|_| !self.wanted.by_id) {
            let is_open = matches!(shape.field(column), Field::Column(_)) && !known.contains(&column);
            if is_open
                && !self.is_used(info, shape, column)
                && self.styles(info, column, true)?.is_some_and(|styles| styles.come_back())
            {
                found.push(column.clone());
            }
        }
        Ok(found)
    }

    /// Whether something goes by the texts of a column as they are stored: what items are known by, and doubts.
    fn is_used(&self, info: &TableInfo, shape: &Shape, column: &str) -> bool {
        let is_own = |name: &String| name.eq_ignore_ascii_case(column);
        let is_role =
            shape.key.iter().chain(&shape.label).chain(&shape.updated_at).chain(&shape.rename).any(is_own);
        let is_unique = info.uniques.iter().any(|unique| unique.names().contains(&column));
        let is_doubted =
            self.meaning.doubts.iter().any(|doubt| doubt.table == info.table.name && doubt.column == column);
        is_role || is_unique || is_doubted || self.is_tied(info, column)
    }

    /// How the texts of a column that are JSON are written. Nothing where another is among them and `all` have to be
    /// objects or lists.
    pub(super) fn styles(&self, info: &TableInfo, column: &str, all: bool) -> Result<Option<Styles>> {
        let read = || -> Result<Option<Styles>> {
            let column = identifier(column);
            let sql = format!(
                "SELECT {column} FROM {} WHERE {column} IS NOT NULL AND {column} <> ''",
                user_table(&info.table.name)
            );
            let mut statement = self.connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            let mut styles = Styles::default();
            while let Some(row) = rows.next()? {
                match row.get_ref(0)? {
                    ValueRef::Text(bytes) if is_json(bytes) => {
                        styles.add(std::str::from_utf8(bytes).unwrap_or_default());
                    }
                    _ if all => return Ok(None),
                    _ => {}
                }
            }
            Ok(Some(styles))
        };
        read().with_context(|| format!("cannot look for JSON in {}.{column}", info.table.name))
    }
}

/// Whether bytes are a JSON object or list.
fn is_json(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'[')) && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
}
