//! Natural keys: what constraints promise, proven on the rows that an export would hold.

use super::Inference;
use super::links::numbers_of;
use crate::app::catalog::TableInfo;
use crate::app::names::snake;
use crate::database::constraints::UniqueOrigin;
use crate::database::quote::{identifier, user_table};
use crate::error::Fault;
use anyhow::{Context, Result};
use rusqlite::OptionalExtension;

/// How the rows of a table are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// By these columns.
    Columns(Vec<String>),
    /// By all that they hold.
    Content,
    /// It is being found out: a key that leads back here is none.
    Open,
}

/// Whether a column is called as one that says where a row stands among others, which is no name of its own.
pub fn is_place(column: &str) -> bool {
    const PLACES: [&str; 8] = ["position", "pos", "sort_order", "sort", "ordinal", "ord", "sequence", "idx"];
    PLACES.contains(&snake(column).as_str())
}

impl Inference<'_> {
    pub(super) fn find_keys(&mut self) -> Result<()> {
        for table in self.catalog.tables.keys() {
            self.key_of(table)?;
        }
        Ok(())
    }

    /// The key of a table, found out where it is not known yet.
    fn key_of(&mut self, table: &str) -> Result<Key> {
        if let Some(known) = self.keys.get(table) {
            return Ok(known.clone());
        }
        self.keys.insert(table.to_owned(), Key::Open);
        let info = self.info(table);
        let mut key = Key::Content;
        let config = self.config(table);
        let said = config.and_then(|config| config.key.as_ref()).map(|columns| own_names(info, columns));
        let is_right = match &said {
            Some(columns) => self.leads_somewhere(info, columns)? && self.is_proven(info, columns, None)?,
            None => false,
        };
        // What is built in has not seen these rows.
        if let Some(columns) = said.filter(|_| is_right || config.is_some_and(|config| !config.built_in)) {
            if !is_right {
                let message =
                    format!("{} is no key of {table}: some rows share it or lack it", columns.join(" and "));
                return Err(Fault::usage(message)
                    .hint(format!("choose others in larder.toml: sections.{}.key", self.section_of(table)))
                    .into());
            }
            key = Key::Columns(columns);
        } else {
            for (columns, collations) in self.candidates(info) {
                if self.leads_somewhere(info, &columns)?
                    && self.is_proven(info, &columns, Some(&collations))?
                {
                    key = Key::Columns(columns);
                    break;
                }
            }
        }
        self.keys.insert(table.to_owned(), key.clone());
        Ok(key)
    }

    /// The columns that constraints say are unique, the best first, with the collations that compare them.
    fn candidates(&self, info: &TableInfo) -> Vec<(Vec<String>, Vec<String>)> {
        let table = &info.table.name;
        let mut uniques = info.uniques.clone();
        // What a person reads comes before what refers to something else.
        uniques.sort_by_key(|unique| {
            let refers = |name: &&str| self.links[table].iter().any(|link| link.has(name));
            let references = unique.names().iter().filter(|name| refers(name)).count();
            (unique.origin != UniqueOrigin::PrimaryKey, references, unique.columns.len())
        });
        let mut candidates: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        if let Some(column) = info.rowid_column().filter(|column| !self.is_surrogate(table, column)) {
            candidates.push((vec![column.to_owned()], vec!["BINARY".to_owned()]));
        }
        for unique in uniques {
            let is_place = unique.names().iter().any(|name| is_place(name));
            if unique.origin == UniqueOrigin::PrimaryKey || !is_place {
                candidates.push(unique.columns.into_iter().unzip());
            }
        }
        // Columns of the scope are the same in every row.
        for (columns, collations) in &mut candidates {
            let kept: Vec<bool> = columns.iter().map(|column| !self.is_scope(table, column)).collect();
            let mut at = kept.iter();
            columns.retain(|_| at.next() == Some(&true));
            let mut at = kept.iter();
            collations.retain(|_| at.next() == Some(&true));
        }
        candidates.retain(|(columns, _)| !columns.is_empty());
        candidates
    }

    /// Whether every column can be in a document: as it is, or as a part of a reference to something that can.
    fn leads_somewhere(&mut self, info: &TableInfo, columns: &[String]) -> Result<bool> {
        let table = &info.table.name;
        for name in columns {
            let Some(column) = info.table.column(name) else { return Ok(false) };
            if self.is_withheld(table, column)
                || self.has_secrets_inside(table, &column.name)
                || self.is_doubted(table, &column.name)
                || self.names_own_rows(table, &column.name)
                || self.has_kinds(table, &column.name)
            {
                return Ok(false);
            }
            let link = self.links[table].iter().find(|link| link.has(name)).cloned();
            match link {
                // The number that the database gave to this very row.
                _ if self.is_surrogate(table, name) => return Ok(false),
                None => {}
                Some(link) => {
                    let is_whole = link.columns.iter().all(|part| {
                        columns.iter().any(|own| own.eq_ignore_ascii_case(part)) || self.is_scope(table, part)
                    });
                    let to_surrogate = link.to.iter().any(|to| self.is_surrogate(&link.parent, to));
                    let is_open = link.parent != *table && self.key_of(&link.parent)? == Key::Open;
                    // A key that is known by another row of its own table would lead from row to row.
                    if link.parent == *table || (is_open || !is_whole) && to_surrogate {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    /// Whether a column names rows of its own table among other things: known by it, a row would lead to another, or to itself.
    fn names_own_rows(&self, table: &str, column: &str) -> bool {
        self.meaning.references.iter().any(|reference| {
            reference.table == table
                && reference.target == table
                && reference.columns == [column]
                && self.names_inside(reference)
        })
    }

    /// Whether another column says of which table a number is the row id: an import finds no row by such a field.
    fn has_kinds(&self, table: &str, column: &str) -> bool {
        self.meaning.references.iter().any(|reference| {
            reference.table == table
                && reference.columns == [column]
                && reference.when.is_some()
                && self.names_inside(reference)
                && numbers_of(&self.meaning.row_ids, &reference.target)
        })
    }

    /// Whether no row lacks a part, and no two rows are the same in all, as `collations` compare them and as the columns
    /// themselves do.
    fn is_proven(&self, info: &TableInfo, columns: &[String], collations: Option<&[String]>) -> Result<bool> {
        let table = user_table(&info.table.name);
        let filter = self.condition(&info.table.name).unwrap_or_else(|| "1".to_owned());
        let names: Vec<String> = columns.iter().map(|name| identifier(name)).collect();
        let finds = |sql: &str| {
            let found = self.connection.query_row(sql, [], |_| Ok(())).optional();
            found
                .map(|row| row.is_some())
                .with_context(|| format!("cannot look for keys in {}", info.table.name))
        };
        let lacks = names.iter().map(|name| format!("{name} IS NULL")).collect::<Vec<_>>().join(" OR ");
        if finds(&format!("SELECT 1 FROM {table} WHERE {filter} AND ({lacks}) LIMIT 1"))? {
            return Ok(false);
        }
        for link in self.links[&info.table.name]
            .iter()
            .filter(|link| link.columns.iter().all(|part| columns.contains(part)))
        {
            if link.to.iter().any(|to| self.is_surrogate(&link.parent, to))
                && finds(&format!("SELECT 1 {} LIMIT 1", self.lost(info, link, &filter)?))?
            {
                return Ok(false);
            }
        }
        if collations.is_some() && self.compares_alike(info, columns, collations)? {
            return Ok(true);
        }
        let list = names.join(", ");
        Ok(!finds(&format!(
            "SELECT 1 FROM {table} WHERE {filter} GROUP BY {list} HAVING count(*) > 1 LIMIT 1"
        ))?)
    }

    /// Whether the columns' own collations are those by which they are known to be unique.
    fn compares_alike(
        &self,
        info: &TableInfo,
        columns: &[String],
        collations: Option<&[String]>,
    ) -> Result<bool> {
        for (column, collation) in columns.iter().zip(collations.unwrap_or_default()) {
            if !self.collation(&info.table.name, column)?.eq_ignore_ascii_case(collation) {
                return Ok(false);
            }
        }
        // A key that lost the column of a scope is unique in the scope only, which the constraint says nothing of.
        Ok(info.is_unique_in(columns))
    }

    /// The end of SQL that finds the rows whose link leads nowhere, from FROM on. What is there is a list that is made once,
    /// also where no index has it.
    pub(super) fn lost(
        &self,
        info: &TableInfo,
        link: &super::references::Link,
        filter: &str,
    ) -> Result<String> {
        let table = user_table(&info.table.name);
        let to = link.to.iter().map(|to| identifier(to)).collect::<Vec<_>>().join(", ");
        let mut from = Vec::new();
        for (column, to) in link.columns.iter().zip(&link.to) {
            let collation = identifier(&self.collation(&link.parent, to)?);
            from.push(format!("{table}.{} COLLATE {collation}", identifier(column)));
        }
        Ok(format!(
            "FROM {table} WHERE {filter} AND NOT ifnull(({}) IN (SELECT {to} FROM {}), 0)",
            from.join(", "),
            user_table(&link.parent),
        ))
    }

    /// The collation that compares the values of a column.
    fn collation(&self, table: &str, column: &str) -> Result<String> {
        let (_, own, ..) = self.connection.column_metadata(Some("main"), table, column)?;
        Ok(own.map_or_else(|| "BINARY".to_owned(), |own| own.to_string_lossy().into_owned()))
    }

    /// The columns of a table's key; nothing where rows are known by their content.
    pub(super) fn key_columns(&self, table: &str) -> Option<&[String]> {
        match self.keys.get(table) {
            Some(Key::Columns(columns)) => Some(columns),
            _ => None,
        }
    }
}

/// Columns as the table calls them.
fn own_names(info: &TableInfo, columns: &[String]) -> Vec<String> {
    let own =
        |name: &String| info.table.column(name).map_or_else(|| name.clone(), |column| column.name.clone());
    columns.iter().map(own).collect()
}
