//! Text columns that hold JSON, and the references inside them.

use super::Inference;
use crate::app::catalog::TableInfo;
use crate::app::model::{FieldType, JsonColumn, Shape};
use crate::database::quote::{identifier, user_table};
use crate::error::Fault;
use anyhow::Result;
use indexmap::IndexMap;

impl Inference<'_> {
    /// The text columns that hold JSON, and the references inside them.
    pub(super) fn read_json(&self, info: &TableInfo, shape: &mut Shape) -> Result<()> {
        let Some(config) = self.config(&info.table.name) else { return Ok(()) };
        let mut json: Vec<String> = config.json.clone();
        let inside = |path: &str| path.split(['.', '[']).next().map(str::to_owned);
        json.extend(
            config
                .references
                .keys()
                .filter(|path| info.table.column(path).is_none())
                .filter_map(|path| inside(path)),
        );
        for name in json {
            let Some(column) = info.table.column(&name).map(|column| column.name.clone()) else {
                let message = format!("references: {} has no column {name:?}", info.table.name);
                return Err(Fault::usage(message).into());
            };
            if shape.columns.get(&column).is_none_or(|_| shape.references.contains_key(&column)) {
                continue;
            }
            shape.columns.insert(column.clone(), FieldType::Json);
            let mut references = IndexMap::new();
            for (path, section) in &config.references {
                let rest = path.strip_prefix(column.as_str()).filter(|rest| rest.starts_with(['.', '[']));
                if let Some(rest) = rest {
                    let target = self.table_of(section).map(|info| self.section_of(&info.table.name));
                    references.extend(target.map(|target| (rest.trim_start_matches('.').to_owned(), target)));
                }
            }
            let spaced = self.is_spaced(info, &column)?;
            shape.json.insert(column, JsonColumn { spaced, references });
        }
        Ok(())
    }

    /// Whether the JSON in a column has a space after its colons and commas.
    fn is_spaced(&self, info: &TableInfo, column: &str) -> Result<bool> {
        let sql = format!(
            "SELECT total({column} LIKE '%\": %' OR {column} LIKE '%, %') * 2 > count(*) FROM
             (SELECT {column} FROM {table} WHERE {column} LIKE '%\":%' OR {column} LIKE '[%,%' LIMIT 100)",
            column = identifier(column),
            table = user_table(&info.table.name),
        );
        Ok(self.connection.query_row(&sql, [], |row| row.get(0))?)
    }
}
