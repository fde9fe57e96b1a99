//! What a table must be unique in, and what it refers to, as far as the schema says so.

use super::quote::table_pragma;
use super::schema::{Rowid, Table};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use rusqlite::Connection;

/// Columns that no two rows share: a primary key, a UNIQUE constraint or a unique index that holds for every row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    /// Its columns, each with the collation that compares it.
    pub columns: Vec<(String, String)>,
    /// What it is made by.
    pub origin: UniqueOrigin,
}

/// What makes columns unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UniqueOrigin {
    /// The primary key.
    PrimaryKey,
    /// A UNIQUE constraint of the table.
    Constraint,
    /// A unique index.
    Index,
}

impl Unique {
    /// The names of its columns.
    pub fn names(&self) -> Vec<&str> {
        self.columns.iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// What only some rows of a table must be unique in, or what is computed of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartlyUnique {
    /// The columns of unique indexes that hold for some rows.
    pub columns: Vec<Vec<String>>,
    /// Whether a unique index is computed.
    pub is_computed: bool,
}

impl PartlyUnique {
    /// Whether there is such an index.
    pub fn is_any(&self) -> bool {
        self.is_computed || !self.columns.is_empty()
    }
}

/// A foreign key that the schema declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns that refer.
    pub columns: Vec<String>,
    /// The table that they refer to, as it is called there.
    pub parent: String,
    /// Its columns.
    pub to: Vec<String>,
    /// What becomes of rows when the row that they refer to is deleted.
    pub on_delete: OnDelete,
}

/// What a foreign key does when the row that it refers to is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// Nothing, or an error: `NO ACTION`, `RESTRICT`.
    Nothing,
    /// The row is deleted too.
    Cascade,
    /// Its columns become NULL.
    SetNull,
    /// Its columns get their defaults.
    SetDefault,
}

impl OnDelete {
    /// By the words that SQLite lists it with.
    fn of(words: &str) -> Self {
        match words.to_ascii_uppercase().as_str() {
            "CASCADE" => Self::Cascade,
            "SET NULL" => Self::SetNull,
            "SET DEFAULT" => Self::SetDefault,
            _ => Self::Nothing,
        }
    }
}

/// What a table is unique in; the rowid by itself is not among it, and neither is what is partial or computed.
pub fn uniques(connection: &Connection, table: &str) -> Result<Vec<Unique>> {
    let read = || -> rusqlite::Result<Vec<Unique>> {
        let mut indexes = connection.prepare_cached(
            "SELECT name, origin FROM temp.pragma_index_list(?1, 'main') WHERE \"unique\" AND NOT partial",
        )?;
        let indexes = indexes.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut found = Vec::new();
        for (index, origin) in indexes.collect::<rusqlite::Result<Vec<(String, String)>>>()? {
            let mut columns = connection.prepare_cached(
                "SELECT name, coll FROM temp.pragma_index_xinfo(?1, 'main') WHERE key ORDER BY seqno",
            )?;
            let columns = columns.query_map([&index], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let columns = columns.collect::<rusqlite::Result<Vec<(Option<String>, String)>>>()?;
            let named = columns.into_iter().map(|(name, collation)| Some((name?, collation)));
            let origin = match origin.as_str() {
                "pk" => UniqueOrigin::PrimaryKey,
                "u" => UniqueOrigin::Constraint,
                _ => UniqueOrigin::Index,
            };
            found.extend(named.collect::<Option<Vec<_>>>().map(|columns| Unique { columns, origin }));
        }
        // SQLite lists the newest first.
        found.reverse();
        Ok(found)
    };
    read().with_context(|| format!("cannot read the indexes of {table}"))
}

/// What only some rows of a table must be unique in, or what is computed of them.
pub fn partly_unique(connection: &Connection, table: &str) -> Result<PartlyUnique> {
    let read = || -> rusqlite::Result<PartlyUnique> {
        let mut statement = connection.prepare_cached(
            "SELECT l.name, i.name FROM temp.pragma_index_list(?1, 'main') AS l, temp.pragma_index_xinfo(l.name, 'main') AS i
             WHERE l.\"unique\" AND i.key ORDER BY l.seq, i.seqno",
        )?;
        let mut partial = connection.prepare_cached(
            "SELECT name FROM temp.pragma_index_list(?1, 'main') WHERE \"unique\" AND partial",
        )?;
        let partial: Vec<String> =
            partial.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut indexes: IndexMap<String, Option<Vec<String>>> = IndexMap::new();
        let mut rows = statement.query([table])?;
        while let Some(row) = rows.next()? {
            let columns = indexes.entry(row.get(0)?).or_insert_with(|| Some(Vec::new()));
            match row.get::<_, Option<String>>(1)? {
                Some(name) => columns.iter_mut().for_each(|columns| columns.push(name.clone())),
                None => *columns = None,
            }
        }
        let is_computed = indexes.values().any(Option::is_none);
        let columns = indexes.into_iter().filter(|(name, _)| partial.contains(name));
        Ok(PartlyUnique { columns: columns.filter_map(|(_, columns)| columns).collect(), is_computed })
    };
    read().with_context(|| format!("cannot read the indexes of {table}"))
}

/// Whether a search by these columns, each compared by a collation, has an index to use.
pub fn has_index(connection: &Connection, table: &Table, columns: &[(&str, &str)]) -> Result<bool> {
    let is_one_of = |name: &str| columns.iter().any(|(column, _)| column.eq_ignore_ascii_case(name));
    if matches!(&table.rowid, Rowid::Column(name) if is_one_of(name)) {
        return Ok(true);
    }
    let read = || -> rusqlite::Result<Vec<(Option<String>, String)>> {
        let mut statement = connection.prepare_cached(
            "SELECT i.name, i.coll FROM temp.pragma_index_list(?1, 'main') AS l,
               temp.pragma_index_xinfo(l.name, 'main') AS i WHERE NOT l.partial AND i.seqno = 0 AND i.key",
        )?;
        statement.query_map([&table.name], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    let firsts = read().with_context(|| format!("cannot read the indexes of {}", table.name))?;
    let serves = |(name, collation): &(Option<String>, String)| {
        columns.iter().any(|(column, wanted)| {
            name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(column))
                && collation.eq_ignore_ascii_case(wanted)
        })
    };
    Ok(firsts.iter().any(serves))
}

/// A parent, the columns that refer to it with its own, and what a deletion does.
type Listed = (String, Vec<(String, Option<String>)>, String);

/// The foreign keys of a table, in the order of their declaration. One that names no columns of its parent refers to its
/// primary key, which `tables` know.
pub fn foreign_keys<'a>(
    connection: &Connection,
    table: &str,
    tables: impl Fn(&str) -> Option<&'a Table>,
) -> Result<Vec<ForeignKey>> {
    let read = || -> rusqlite::Result<IndexMap<i64, Listed>> {
        let mut statement = connection.prepare(&table_pragma("foreign_key_list", table))?;
        let mut rows = statement.query([])?;
        let mut keys: IndexMap<i64, Listed> = IndexMap::new();
        while let Some(row) = rows.next()? {
            let key = keys.entry(row.get(0)?).or_insert((row.get(2)?, Vec::new(), row.get(6)?));
            key.1.push((row.get(3)?, row.get(4)?));
        }
        Ok(keys)
    };
    let listed = read().with_context(|| format!("cannot read the foreign keys of {table}"))?;
    let key = |(parent, pairs, on_delete): Listed| {
        let (columns, to): (Vec<String>, Vec<Option<String>>) = pairs.into_iter().unzip();
        let found = tables(&parent)?;
        let to = to.into_iter().collect::<Option<Vec<String>>>();
        let to = to.unwrap_or_else(|| found.primary_key().into_iter().map(str::to_owned).collect());
        let (parent, on_delete) = (found.name.clone(), OnDelete::of(&on_delete));
        (to.len() == columns.len()).then_some(ForeignKey { columns, parent, to, on_delete })
    };
    // SQLite lists the last first.
    Ok(listed.into_values().rev().filter_map(key).collect())
}

#[cfg(test)]
mod tests {
    use super::super::schema::Tables;
    use super::*;

    #[test]
    fn uniques_and_foreign_keys_are_those_of_the_schema() {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(
            "create table p(id integer primary key, a, b, unique(a, b));
             create table c(x text collate nocase, y, z references P on delete cascade, primary key(x, y),
                foreign key(x, y) references p(a, b));
             create unique index partial on c(x) where y; create unique index computed on c(lower(x));
             create unique index whole on c(z)",
        )
        .expect("create");
        let found = uniques(&db, "c").expect("read");
        let pair = |name: &str, collation: &str| (name.to_owned(), collation.to_owned());
        let key = vec![pair("x", "nocase"), pair("y", "BINARY")];
        assert_eq!(found[0], Unique { columns: key, origin: UniqueOrigin::PrimaryKey });
        assert_eq!(found[1].names(), ["z"]);
        assert_eq!(found.len(), 2);
        let partly = partly_unique(&db, "c").expect("read");
        assert_eq!((partly.columns, partly.is_computed), (vec![vec!["x".to_owned()]], true));
        assert!(!partly_unique(&db, "p").expect("read").is_any());
        let parent = Tables::read(&db).expect("read").describe("p").expect("describe");
        let keys =
            foreign_keys(&db, "c", |name| name.eq_ignore_ascii_case("p").then_some(&parent)).expect("read");
        assert_eq!(keys[0].columns, ["z"]);
        assert_eq!((keys[0].to.as_slice(), keys[0].on_delete), (&["id".to_owned()][..], OnDelete::Cascade));
        assert_eq!((keys[1].to.len(), keys[1].on_delete), (2, OnDelete::Nothing));
    }
}
