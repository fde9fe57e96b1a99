//! The head of the settings of a known application: what it is called, how its databases are recognised, and which versions
//! of its schema were read, and where.

use super::settings::Settings;
use crate::error::Fault;
use anyhow::Result;

/// What the head of a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Application {
    /// What people call it.
    pub name: String,
    /// The versions whose schema was read.
    pub versions: Vec<String>,
    /// Where it was read.
    pub sources: Vec<String>,
    /// The tables, each with columns, that its databases have.
    pub tables: Vec<(String, Vec<String>)>,
    /// Why nothing is imported into its databases, where that cannot be safe.
    pub export_only: Option<String>,
}

impl Application {
    /// Reads what a file says.
    pub(super) fn read(mut settings: Settings<'_>) -> Result<Self> {
        let name = settings.needed("name")?;
        let mut list = |name| settings.some_texts(name)?.ok_or_else(|| settings.lacks(name).into());
        let (versions, sources): (_, Result<_>) = (list("versions")?, list("sources"));
        let sources = sources?;
        let said: Vec<String> = list("recognise")?;
        let tables = said.iter().map(|said| {
            table(said).ok_or_else(|| {
                let path = settings.path_of("recognise");
                Fault::usage(format!("{path}: {said:?} is no table with columns"))
                    .hint("write \"books(title, path)\"")
                    .into()
            })
        });
        let tables = tables.collect::<Result<_>>()?;
        let export_only = settings.some_text("export-only")?;
        settings.finish()?;
        Ok(Self { name, versions, sources, tables, export_only })
    }
}

/// A table with columns, as `books(title, path)`.
fn table(text: &str) -> Option<(String, Vec<String>)> {
    let (table, columns) = text.strip_suffix(')')?.split_once('(')?;
    let columns: Vec<String> = columns.split(',').map(|column| column.trim().to_owned()).collect();
    let is_whole = !table.is_empty() && columns.iter().all(|column| !column.is_empty());
    is_whole.then(|| (table.to_owned(), columns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_named_with_its_columns() {
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(table("books(title, path)"), Some(("books".to_owned(), columns(&["title", "path"]))));
        assert_eq!(table("books(id)"), Some(("books".to_owned(), columns(&["id"]))));
        for text in ["books", "books()", "(id)", "books(id", "books(id,)"] {
            assert_eq!(table(text), None, "{text}");
        }
    }
}
