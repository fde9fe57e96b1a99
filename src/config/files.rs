//! The files that belong to a database: `[files]`.

use super::settings::{Named, Settings, key};
use crate::error::Fault;
use crate::snapshot::attached::Pattern;
use anyhow::Result;
use indexmap::IndexMap;
use std::str::FromStr;

/// Which files belong to a database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesConfig {
    /// Where they are, from the folder of the database.
    pub paths: Vec<Pattern>,
    /// Columns that name files, by table.
    pub references: IndexMap<String, String>,
}

impl FilesConfig {
    pub(super) fn read(mut settings: Settings<'_>) -> Result<Self> {
        let paths = settings.each_parsed("paths", Pattern::from_str)?;
        let paths = paths.ok_or_else(|| settings.lacks("paths"))?;
        let needed = "the name of a column";
        let mut references = IndexMap::new();
        for (table, value) in settings.named("references", needed)? {
            match value {
                Named::Text(column) => references.insert(table, column),
                Named::Table(inside) => return Err(inside.not_a(needed).into()),
                Named::No => {
                    let name = format!("{}.{}", settings.path_of("references"), key(&table));
                    return Err(Fault::usage(format!("{name}: this must be {needed}")).into());
                }
            };
        }
        settings.finish()?;
        Ok(Self { paths, references })
    }
}
