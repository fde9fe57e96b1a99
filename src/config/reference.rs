//! What `larder.toml` may say of a column, or of a place in one, that may hold row ids.

use super::settings::{Named, Settings};
use anyhow::Result;
use indexmap::IndexMap;

/// What a column, or a place in one, refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferenceConfig {
    /// Nothing: `false`.
    Nothing,
    /// An item of a section.
    Section(String),
    /// Several items of a section, in a text with this between them.
    List {
        /// The section.
        section: String,
        /// What stands between two row ids.
        separator: String,
    },
    /// An item of the section that another column says.
    ByType {
        /// That column.
        column: String,
        /// The section by its values; nothing where the rows refer to nothing.
        sections: IndexMap<String, Option<String>>,
    },
}

impl ReferenceConfig {
    /// The sections that it may refer to.
    pub fn sections(&self) -> Vec<&String> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Section(section) | Self::List { section, .. } => vec![section],
            Self::ByType { sections, .. } => sections.values().flatten().collect(),
        }
    }

    /// The section, where the value is the row id of one of its items.
    pub fn section(&self) -> Option<&String> {
        match self {
            Self::Section(section) => Some(section),
            _ => None,
        }
    }

    /// Reads what a table says, by the names of columns and places.
    pub(super) fn read_all(settings: &mut Settings<'_>) -> Result<IndexMap<String, Self>> {
        let mut references = IndexMap::new();
        for (name, value) in settings.named("references", "a section, false, or a table")? {
            let reference = match value {
                Named::No => Self::Nothing,
                Named::Text(section) => Self::Section(section),
                Named::Table(table) => Self::read(table)?,
            };
            references.insert(name, reference);
        }
        Ok(references)
    }

    fn read(mut settings: Settings<'_>) -> Result<Self> {
        const SECTIONS: &str = "a section, or false";
        if let Some((column, values)) = settings.only_table()? {
            return Ok(Self::ByType { column, sections: by_value(values.values(SECTIONS)?)? });
        }
        let reference = if let Some(column) = settings.some_text("type")? {
            Self::ByType { column, sections: by_value(settings.named("sections", SECTIONS)?)? }
        } else {
            let section = settings.needed("section")?;
            Self::List { section, separator: settings.needed("separator")? }
        };
        settings.finish()?;
        Ok(reference)
    }
}

fn by_value(values: Vec<(String, Named<'_>)>) -> Result<IndexMap<String, Option<String>>> {
    let section = |(value, said): (String, Named<'_>)| match said {
        Named::Text(section) => Ok((value, Some(section))),
        Named::No => Ok((value, None)),
        Named::Table(table) => Err(table.not_a("a section, or false").into()),
    };
    values.into_iter().map(section).collect()
}
