//! What SQLite itself says of a file, and what is in it.

use crate::bases::open;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;

/// What is known of a database.
#[derive(Debug, Default, Clone)]
pub struct Verdict {
    /// What `integrity_check` finds, without constraints that rows violate; an error is a line too.
    pub damage: Vec<String>,
    /// Rows of each table that could be counted.
    pub rows: BTreeMap<String, u64>,
}

impl Verdict {
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty()
    }

    /// Whether a table has fewer rows than before, or is gone.
    pub fn lacks_rows_of(&self, before: &Self) -> bool {
        before.rows.iter().any(|(table, rows)| self.rows.get(table).is_none_or(|now| now < rows))
    }

    pub fn total(&self) -> u64 {
        self.rows.values().sum()
    }
}

/// Looks at the bytes of a database, in a folder of their own.
pub fn look(bytes: &[u8]) -> Verdict {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("judged.db");
    std::fs::write(&path, bytes).expect("write");
    look_at(&path)
}

fn look_at(path: &Path) -> Verdict {
    let mut verdict = Verdict::default();
    let db = match open(path) {
        Ok(db) => db,
        Err(error) => return Verdict { damage: vec![error.to_string()], ..verdict },
    };
    match lines(&db, "pragma integrity_check(100000)") {
        Ok(lines) => verdict.damage.extend(lines.into_iter().filter(|line| line != "ok" && !is_flaw(line))),
        Err(error) => verdict.damage.push(error.to_string()),
    }
    let tables =
        "select name from sqlite_schema where type = 'table' and rootpage > 0 and name not like 'sqlite%'";
    for table in lines(&db, tables).unwrap_or_default() {
        let count = format!("select count(*) from \"{}\" not indexed", table.replace('"', "\"\""));
        if let Ok(rows) = db.query_row(&count, [], |row| row.get::<_, i64>(0)) {
            verdict.rows.insert(table, rows.unsigned_abs());
        }
    }
    verdict
}

/// The root pages of all trees, as long as the database is sound.
pub fn roots(bytes: &[u8]) -> Vec<usize> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("roots.db");
    std::fs::write(&path, bytes).expect("write");
    let db = open(&path).expect("open");
    let roots = lines(&db, "select rootpage from sqlite_schema where rootpage > 0").expect("a schema");
    roots.iter().map(|root| root.parse().expect("a number")).collect()
}

fn lines(db: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare(sql)?;
    let lines = statement.query_map([], |row| {
        Ok(match row.get_ref(0)? {
            rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            rusqlite::types::ValueRef::Integer(number) => number.to_string(),
            value => format!("{value:?}"),
        })
    })?;
    lines.collect()
}

/// A constraint that rows violate, or an inverted index that does not fit its text: larder copies and tells these.
fn is_flaw(line: &str) -> bool {
    ["NULL value in ", "NUMERIC value in ", "TEXT value in ", "CHECK constraint failed"]
        .iter()
        .any(|start| line.starts_with(start))
        || line.starts_with("non-") && line.contains(" value in ")
        || line.contains("inverted index for FTS")
}
