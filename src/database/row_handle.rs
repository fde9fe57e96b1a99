//! What finds a row of a table again: its rowid, or its primary key where it has none.

use super::quote::identifier;
use super::schema::{KeyColumn, Rowid, Table};
use super::value::Value;
use std::fmt::Display;

/// The columns that find a row again, as SQL calls them.
///
/// A table of larder's own keeps the values in columns h0, h1, …
#[derive(Debug, Clone, Default)]
pub struct RowHandle {
    columns: Vec<String>,
    /// The collation that tells the values of each column apart, which need not be the column's own.
    collations: Vec<Option<String>>,
    /// What columns that keep the values are declared as, so that they compare as the table's own do.
    types: Vec<String>,
}

impl RowHandle {
    /// That of a table; without columns where nothing finds its rows.
    pub fn of(table: &Table) -> Self {
        let number = |name: String| Self {
            columns: vec![name],
            collations: vec![None],
            types: vec!["INTEGER".to_owned()],
        };
        match &table.rowid {
            Rowid::Column(name) => number(identifier(name)),
            Rowid::Hidden(name) => number((*name).to_owned()),
            Rowid::Unreachable => Self::default(),
            Rowid::None(key) => Self {
                columns: key.iter().map(|column| identifier(&column.name)).collect(),
                collations: key.iter().map(|column| Some(identifier(&column.collation))).collect(),
                types: key.iter().map(|part| declared(table, part)).collect(),
            },
        }
    }

    /// Whether rows can be found again.
    pub fn exists(&self) -> bool {
        !self.columns.is_empty()
    }

    /// The columns of the table.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The columns of the table, as `row` calls it in a query, or by themselves where it is empty.
    pub fn of_row(&self, row: &str) -> String {
        let dot = if row.is_empty() { "" } else { "." };
        self.columns.iter().map(|column| format!("{row}{dot}{column}")).collect::<Vec<_>>().join(", ")
    }

    /// The condition that a row of the table, as `row` calls it in a query or by itself, is among the rows of a query for
    /// what finds rows.
    pub fn is_among(&self, row: &str, query: &str) -> String {
        let dot = if row.is_empty() { "" } else { "." };
        let compared: Vec<String> =
            (0..self.columns.len()).map(|at| self.compared(&format!("{row}{dot}"), at)).collect();
        format!("({}) IN ({query})", compared.join(", "))
    }

    /// The names of the columns that keep the values.
    pub fn kept_columns(&self) -> impl Iterator<Item = String> {
        (0..self.columns.len()).map(|at| format!("h{at}"))
    }

    /// The same, as a list.
    pub fn kept(&self) -> String {
        self.kept_columns().collect::<Vec<_>>().join(", ")
    }

    /// The columns that keep the values, as they are declared.
    pub fn declared(&self) -> String {
        let declared = self.types.iter().enumerate();
        declared.map(|(at, of)| format!("h{at} {of}")).collect::<Vec<_>>().join(", ")
    }

    /// The condition that a row of the table is the one whose values `kept` keeps.
    pub fn joins(&self, row: &str, kept: impl Display) -> String {
        self.equal(row, |at| format!("{kept}.h{at}"))
    }

    /// The condition that a row of the table is that of these values, which are the parameters after `before` others.
    pub fn is(&self, row: &str, values: &[Value], before: usize) -> String {
        self.equal(row, |at| values.get(at).unwrap_or(&Value::Null).parameter(before + at + 1))
    }

    fn equal(&self, row: &str, other: impl Fn(usize) -> String) -> String {
        let equal = |at| format!("{} = {}", self.compared(&format!("{row}."), at), other(at));
        (0..self.columns.len()).map(equal).collect::<Vec<_>>().join(" AND ")
    }

    /// A column as it is compared with what finds its row.
    fn compared(&self, row: &str, at: usize) -> String {
        let collation = self.collations[at].as_ref().map(|name| format!(" COLLATE {name}"));
        format!("{row}{}{}", self.columns[at], collation.unwrap_or_default())
    }
}

/// The affinity and collation of a part of a primary key.
fn declared(table: &Table, part: &KeyColumn) -> String {
    format!("{} COLLATE {}", table.affinity(&part.name).declared(), identifier(&part.collation))
}

#[cfg(test)]
mod tests {
    use super::super::quote::user_table;
    use super::super::schema::Tables;
    use super::super::temporary::TempTable;
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn every_row_is_found_again_once_by_the_values_that_were_kept() {
        for (schema, finds) in [
            ("create table t(a integer primary key, b)", true),
            ("create table t(a, rowid)", true),
            ("create table t(a primary key, b) without rowid", true),
            ("create table t(a text collate nocase, b, primary key(b, a)) without rowid", true),
            ("create table t(a text collate nocase, b, primary key(a collate binary)) without rowid", true),
            ("create table t(a text, b, primary key(a collate nocase)) without rowid", true),
            ("create table t(a real primary key, b) without rowid", true),
            ("create table t(a any primary key, b int) strict, without rowid", true),
            ("create table t(rowid, oid, _rowid_)", false),
        ] {
            let db = Connection::open_in_memory().expect("open");
            db.execute_batch(schema).expect(schema);
            for value in ["1", "'007'", "7", "1.5", "x'07'", "'x'", "'X'", "cast(x'ff' as text)"] {
                // Not every table takes each.
                drop(db.execute_batch(&format!(
                    "insert into t values ({value}, 1{})",
                    ", 1".repeat(usize::from(!finds))
                )));
            }
            let table = Tables::read(&db).expect("tables").describe("t").expect("describe");
            let handle = RowHandle::of(&table);
            assert_eq!(handle.exists(), finds, "{schema}");
            if !finds {
                continue;
            }
            let kept = TempTable::create(&db, "kept", &format!("({})", handle.declared())).expect("create");
            let (t, columns) = (user_table("t"), handle.of_row(""));
            db.execute_batch(&format!("INSERT INTO {kept} SELECT {columns} FROM {t}")).expect("keep");
            let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("count");
            let joined = format!("SELECT count(*) FROM {kept} CROSS JOIN {t} ON {}", handle.joins(&t, &kept));
            assert!(count("SELECT count(*) FROM t") > 0, "{schema}");
            assert_eq!(count(&joined), count("SELECT count(*) FROM t"), "{schema}");
            let among = handle.is_among(&t, &format!("SELECT {} FROM {kept} LIMIT 1", handle.kept()));
            assert_eq!(count(&format!("SELECT count(*) FROM {t} WHERE {among}")), 1, "{schema}");
        }
    }
}
