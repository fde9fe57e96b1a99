//! Tables as their SQL says.

use super::*;

fn table(sql: &str) -> Table {
    let db = Connection::open_in_memory().expect("open");
    db.execute_batch(sql).expect("create");
    Tables::read(&db).expect("tables").describe("T").expect("describe")
}

#[test]
fn the_rowid_is_found_in_its_disguises() {
    for (sql, rowid) in [
        ("create table t(a)", Rowid::Hidden("rowid")),
        ("create table t(id integer primary key, a)", Rowid::Column("id".into())),
        ("create table t(id integer, a, primary key(id))", Rowid::Column("id".into())),
        ("create table t(id integer primary key desc)", Rowid::Hidden("rowid")),
        ("create table t(id int primary key)", Rowid::Hidden("rowid")),
        (
            "create table t(a, b collate nocase, primary key(b desc, a)) without rowid",
            Rowid::None(vec![
                KeyColumn { name: "b".into(), collation: "nocase".into(), descending: true },
                KeyColumn { name: "a".into(), collation: "BINARY".into(), descending: false },
            ]),
        ),
        ("create table t(rowid, a)", Rowid::Hidden("_rowid_")),
        ("create table t(ROWID, _rowid_)", Rowid::Hidden("oid")),
        ("create table t(rowid, _rowid_, oid)", Rowid::Unreachable),
        ("create table t(a, b, primary key(a, b))", Rowid::Hidden("rowid")),
    ] {
        assert_eq!(table(sql).rowid, rowid, "{sql}");
    }
}

#[test]
fn views_are_not_expanded_and_work_afterwards() {
    let db = Connection::open_in_memory().expect("open");
    db.execute_batch("create table t(a); insert into t values (1); create view v0 as select a from t")
        .expect("create");
    for at in 1..60 {
        let before = at - 1;
        db.execute_batch(&format!(
            "create view v{at} as select a from v{before} union all select a from v{before}"
        ))
        .expect("create");
    }
    let began = std::time::Instant::now();
    let tables = Tables::read(&db).expect("tables");
    assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(tables.kinds.keys().filter(|name| !name.starts_with("sqlite_")).collect::<Vec<_>>(), ["t"]);
    let rows: i64 = db.query_row("select count(*) from v1", [], |row| row.get(0)).expect("a view");
    assert_eq!(rows, 2);
}

#[test]
fn generated_columns_are_not_stored() {
    let table = table("create table t(a, b as (a + 1), c as (a + 2) stored, d)");
    assert_eq!(table.stored().collect::<Vec<_>>(), ["a", "d"]);
}
