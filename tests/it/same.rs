//! Whether two databases hold the same, by asking SQLite and nothing of larder.

use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;

/// Everything that a database holds, in a form that can be compared and shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Content {
    schema: Vec<String>,
    pragmas: Vec<String>,
    tables: BTreeMap<String, Vec<String>>,
    integrity: Vec<String>,
}

/// Opens a database, with collations and functions that some fixtures need.
pub fn open(path: &Path) -> Connection {
    let db = Connection::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    theirs(&db);
    db
}

/// What an application would register.
pub fn theirs(db: &Connection) {
    for name in ["theirs", "unicase", "localizedCaseInsensitive"] {
        db.create_collation(name, |a: &str, b: &str| b.cmp(a)).expect("register");
    }
    let flags = rusqlite::functions::FunctionFlags::SQLITE_DETERMINISTIC
        | rusqlite::functions::FunctionFlags::SQLITE_INNOCUOUS;
    db.create_scalar_function("theirs", 1, flags, |context| context.get::<i64>(0).map(|n| n * 2))
        .expect("register");
}

/// Reads everything.
pub fn content(path: &Path) -> Content {
    let db = open(path);
    let strings = |sql: &str| -> Vec<String> {
        let mut statement =
            db.prepare(sql).unwrap_or_else(|error| panic!("{}: {sql}: {error}", path.display()));
        let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0)).expect("query");
        rows.map(|text| text.expect("text").unwrap_or_default()).collect()
    };
    let schema = strings(
        "select type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') from sqlite_schema order by rowid",
    );
    let pragma = |name: &str| {
        let value: rusqlite::types::Value =
            db.query_row(&format!("pragma {name}"), [], |row| row.get(0)).expect(name);
        format!("{name} {value:?}")
    };
    let pragmas = ["user_version", "application_id", "encoding", "page_size", "auto_vacuum", "journal_mode"];
    let stored = "select name from sqlite_schema where type = 'table' and rootpage > 0";
    Content {
        schema,
        pragmas: pragmas.map(pragma).to_vec(),
        tables: strings(stored).into_iter().map(|table| (table.clone(), rows(&db, &table))).collect(),
        integrity: strings("select integrity_check from pragma_integrity_check"),
    }
}

/// Every row of a table: its rowid where it has one that can be asked for, and of each column the type and the bytes.
fn rows(db: &Connection, table: &str) -> Vec<String> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let mut statement = db.prepare(&format!("pragma table_xinfo({})", quoted(table))).expect("columns");
    let columns: Vec<String> =
        statement.query_map([], |row| row.get(1)).expect("columns").map(Result::unwrap).collect();
    let hidden = ["rowid", "_rowid_", "oid"].into_iter().find(|name| {
        let taken = columns.iter().any(|column| column.eq_ignore_ascii_case(name));
        !taken && db.prepare(&format!("select {name} from {}", quoted(table))).is_ok()
    });
    // The widest table there can be leaves no room for a rowid.
    let hidden = hidden.filter(|_| columns.len() < 2000);
    let mut parts: Vec<String> = hidden.map(str::to_owned).into_iter().collect();
    for column in &columns {
        let column = quoted(column);
        parts.push(format!("typeof({column}) || ':' || case typeof({column}) when 'real' then printf('%!.20g', {column}) else hex(cast({column} as blob)) end"));
    }
    // Wide tables: a single concatenation would be too deep an expression.
    let sql = format!("select {} from {} not indexed", parts.join(", "), quoted(table));
    let mut statement = db.prepare(&sql).unwrap_or_else(|error| panic!("{table}: {error}"));
    let count = statement.column_count();
    let rows = statement.query_map([], |row| {
        let values =
            (0..count).map(|at| row.get::<_, rusqlite::types::Value>(at).map(|value| format!("{value:?}")));
        Ok(values.collect::<Result<Vec<_>, _>>()?.join("|"))
    });
    let mut rows: Vec<String> = rows.expect("query").map(Result::unwrap).collect();
    rows.sort();
    rows
}

/// Reads everything, but for the order of the schema, which a vacuum changes.
pub fn content_in_any_order(path: &Path) -> Content {
    let mut content = content(path);
    content.schema.sort();
    content
}

/// Fails and says where two databases differ, but for the order of their schemas.
#[track_caller]
pub fn assert_same_in_any_order(a: &Path, b: &Path) {
    assert_content(a, b, &content_in_any_order(a), &content_in_any_order(b));
}

/// Fails and says where two databases differ.
#[track_caller]
pub fn assert_same(a: &Path, b: &Path) {
    assert_content(a, b, &content(a), &content(b));
}

#[track_caller]
fn assert_content(a: &Path, b: &Path, x: &Content, y: &Content) {
    assert_eq!(x.schema, y.schema, "the schemas of {} and {}", a.display(), b.display());
    assert_eq!(x.pragmas, y.pragmas, "{} and {}", a.display(), b.display());
    for (table, rows) in &x.tables {
        assert_eq!(Some(rows), y.tables.get(table), "{table} of {} and {}", a.display(), b.display());
    }
    assert_eq!(x, y);
}
