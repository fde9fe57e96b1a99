use super::*;
use crate::database::quote::{identifier, user_table};
use proptest::prelude::*;
use rusqlite::config::DbConfig;
use std::time::{Duration, Instant};

fn database(sql: &str) -> Connection {
    let db = Connection::open_in_memory().expect("open");
    db.execute_batch(&format!("PRAGMA foreign_keys = off; {sql}")).expect(sql);
    db
}

/// Every row of every table, as text.
fn dump(db: &Connection) -> Vec<String> {
    let schema = Tables::read(db).expect("tables");
    let mut rows = Vec::new();
    for name in stored_tables(db).expect("tables") {
        let table = schema.describe(&name).expect("describe");
        let values: Vec<String> = table.stored().map(|name| format!("quote({})", identifier(name))).collect();
        let sql = format!("SELECT {} FROM {} ORDER BY 1", values.join(" || ' ' || "), user_table(&name));
        let mut statement = db.prepare(&sql).expect("prepare");
        let found = statement.query_map([], |row| row.get::<_, String>(0)).expect("query");
        rows.extend(found.map(|row| format!("{name}: {}", row.expect("a row"))));
    }
    rows
}

fn number(number: i64) -> [Value; 1] {
    [Value::Integer(number)]
}

fn counts(counts: &IndexMap<String, u64>) -> Vec<(&str, u64)> {
    counts.iter().map(|(name, count)| (name.as_str(), *count)).collect()
}

#[test]
fn what_refers_goes_or_is_cleared_as_it_is_declared() {
    let db = database(
        "create table P(id integer primary key, b unique);
         create table goes(id integer primary key, p references p on delete cascade);
         create table deeper(g references goes on delete cascade);
         create table nulled(p references p on delete set null);
         create table other(p default -1 references p(b) on delete set default, q default foo
            references p on delete set default, r default (1 + 1) references p on delete set default);
         create table stays(p references p on delete restrict, q references p);
         insert into p values (1, 'x'), (2, 'y');
         insert into goes values (10, 1), (20, 2), (30, null); insert into deeper values (10), (20), (10);
         insert into nulled values (1), (2); insert into other values ('x', 1, 1), ('y', 2, 2);
         insert into stays values (1, 1)",
    );
    let mut cascade = Cascade::new(&db).expect("the schema");
    cascade.delete("p", &number(1)).expect("delete");
    let rows = [
        "P: 2 'y'",
        "goes: 20 2",
        "goes: 30 NULL",
        "deeper: 20",
        "nulled: 2",
        "nulled: NULL",
        "other: 'y' 2 2",
        "other: -1 'foo' 2",
        "stays: 1 1",
    ];
    assert_eq!(dump(&db), rows);
    assert_eq!(counts(&cascade.removed), [("goes", 1), ("deeper", 2)]);
    assert_eq!(counts(&cascade.cleared), [("nulled", 1), ("other", 3)]);
    // What is gone is no error, and takes nothing along.
    cascade.delete("P", &number(1)).expect("it is gone");
    cascade.delete("goes", &number(20)).expect("delete");
    assert_eq!(counts(&cascade.removed), [("goes", 1), ("deeper", 3)]);
    assert!(cascade.delete("nowhere", &number(1)).is_err());
}

#[test]
fn an_index_is_never_taken_for_a_table_of_the_users() {
    let tables = ["larder referring 0", "Larder Referring 1", "larder_referring_0", "i", "c"];
    let schema = tables.iter().map(|table| {
        format!(
            "create table \"{table}\"(p0 references p on delete cascade, h0 references p on delete set null);
             insert into \"{table}\" values (1, 1), (2, 1), (3, 3);"
        )
    });
    let rows = "create table p(id integer primary key); insert into p values (1), (2), (3);";
    let db = database(&format!("{rows}{}", schema.collect::<String>()));
    let mut cascade = Cascade::new(&db).expect("the schema");
    cascade.patience = -1;
    (1..=2).for_each(|row| cascade.delete("p", &number(row)).expect("delete"));
    for table in tables {
        assert!(dump(&db).contains(&format!("{table}: 3 3")), "{:?}", dump(&db));
    }
    assert_eq!(dump(&db).len(), 1 + tables.len());
    assert_eq!(cascade.removed.values().sum::<u64>(), 2 * tables.len() as u64);
    // Another finds the indexes of the first where they are not read.
    let mut cascade = Cascade::new(&db).expect("the schema");
    cascade.patience = -1;
    cascade.delete("p", &number(3)).expect("delete");
    assert_eq!(dump(&db), Vec::<String>::new());
}

#[test]
fn what_a_trigger_keeps_is_an_error() {
    let schema = "create table p(id integer primary key);
         create table c(id integer primary key, p references p on delete cascade);
         create table n(id integer primary key, p references p on delete set null);
         insert into p values (1), (2), (3); insert into c values (1, 1); insert into n values (1, 2);
         create trigger keep_p before delete on p when old.id = 3 begin select raise(ignore); end;
         create trigger keep_c before delete on c begin select raise(ignore); end;
         create trigger keep_n before update on n begin select raise(ignore); end;";
    let db = database(schema);
    let mut cascade = Cascade::new(&db).expect("the schema");
    for row in 1..=3 {
        let error = cascade.delete("p", &number(row)).expect_err("it is kept");
        assert!(format!("{error:#}").contains("does not let a row be changed"), "{error:#}");
    }
    let db = database(schema);
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).expect("off");
    let mut cascade = Cascade::new(&db).expect("the schema");
    (1..=3).for_each(|row| cascade.delete("p", &number(row)).expect("nothing keeps it"));
    assert_eq!(dump(&db), ["n: 1 NULL"]);
}

#[test]
fn rows_that_nothing_finds_again_are_an_error_where_there_are_some() {
    let db = database(
        "create table p(id integer primary key);
         create table c(rowid, oid, _rowid_ references p on delete cascade);
         insert into p values (1), (2); insert into c values (0, 0, 1)",
    );
    let mut cascade = Cascade::new(&db).expect("the schema");
    cascade.delete("p", &number(2)).expect("nothing refers to it");
    let error = cascade.delete("p", &number(1)).expect_err("something does");
    assert!(format!("{error:#}").contains("cannot be found again"), "{error:#}");
}

#[test]
fn a_long_chain_and_a_circle_end() {
    let db = database(
        "create table t(id integer primary key, up references t on delete cascade); create index i on t(up);
         with recursive n(x) as (select 1 union all select x + 1 from n where x < 50000)
         insert into t select x, x - 1 from n; update t set up = 50000 where id = 1",
    );
    let mut cascade = Cascade::new(&db).expect("the schema");
    cascade.delete("t", &number(7)).expect("delete");
    assert!(dump(&db).is_empty());
    assert_eq!(counts(&cascade.removed), [("t", 49_999)]);
}

#[test]
fn many_deletions_without_an_index_take_seconds() {
    let db = database(
        "create table p(id integer primary key);
         create table c(id integer primary key, p text references p on delete cascade, q references p on delete set null);
         with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000)
         insert into p select x from n;
         insert into c select id, id, id / 2 from p",
    );
    let begun = Instant::now();
    let mut cascade = Cascade::new(&db).expect("the schema");
    (1..=20_000).for_each(|row| cascade.delete("p", &number(row)).expect("delete"));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert!(dump(&db).is_empty());
    assert_eq!(counts(&cascade.removed), [("c", 20_000)]);
}

#[test]
fn rows_that_come_after_an_index_was_made_are_found() {
    for triggers in [true, false] {
        let db = database(
            "create table p(id text primary key collate nocase) without rowid;
             create table c(p references p on delete cascade, n integer);
             insert into p values ('a'), ('b'), ('c'); insert into c values ('A', 1), ('x', 2), ('b', 3)",
        );
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, triggers).expect("set");
        let mut cascade = Cascade::new(&db).expect("the schema");
        cascade.patience = -1;
        cascade.delete("p", &[Value::Text("a".into())]).expect("delete");
        db.execute_batch(
            "insert into c values ('C', 4); update c set p = 'B' where n = 2; delete from c where n = 3",
        )
        .expect("change");
        cascade.delete("p", &[Value::Text("c".into())]).expect("delete");
        assert_eq!(dump(&db), ["p: 'b'", "c: 'B' 2"]);
        cascade.delete("p", &[Value::Text("b".into())]).expect("delete");
        assert!(dump(&db).is_empty());
    }
}

const KEYS: [&str; 5] = [
    "id INTEGER PRIMARY KEY",
    "id TEXT COLLATE NOCASE PRIMARY KEY",
    "id UNIQUE",
    "id NUMERIC PRIMARY KEY",
    "id REAL UNIQUE COLLATE RTRIM",
];
const TYPES: [&str; 5] = ["", "INTEGER", "TEXT", "REAL DEFAULT 2", "BLOB DEFAULT 'a'"];
const ACTIONS: [&str; 4] = ["CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION"];
const VALUES: [&str; 8] = ["1", "'1'", "2.0", "'2 '", "'a'", "'A'", "NULL", "x'61'"];

/// A table: its key, whether it has a rowid, and two references with type, parent and action.
fn table(at: usize) -> impl Strategy<Value = String> {
    let reference = (0..TYPES.len(), 0..3_usize, 0..ACTIONS.len());
    (0..KEYS.len(), any::<bool>(), [reference.clone(), reference]).prop_map(
        move |(key, rowid, references)| {
            let [first, second] = references.map(|(kind, parent, action)| {
                format!("{} REFERENCES t{parent}(id) ON DELETE {}", TYPES[kind], ACTIONS[action])
            });
            let is_primary = KEYS[key].contains("PRIMARY");
            let without = if rowid && is_primary { " WITHOUT ROWID" } else { "" };
            format!("CREATE TABLE t{at}({}, a {first}, b {second}){without};", KEYS[key])
        },
    )
}

proptest! {
    #[test]
    fn it_does_what_sqlite_does(
        tables in (table(0), table(1), table(2)),
        rows in prop::collection::vec((0..3_usize, [0..VALUES.len(), 0..VALUES.len(), 0..VALUES.len()]), 1..25),
        deleted in (0..3_usize, any::<prop::sample::Index>()),
        has_index in any::<bool>(),
    ) {
        let mut sql = format!("{}{}{}", tables.0, tables.1, tables.2);
        for (table, [id, a, b]) in rows {
            let values = format!("{}, {}, {}", VALUES[id], VALUES[a], VALUES[b]);
            sql.push_str(&format!("INSERT OR IGNORE INTO t{table} VALUES ({values});"));
        }
        // A key that numbers rows takes no text: such a row is not there.
        let statements: Vec<&str> = sql.split_inclusive(';').collect();
        let [ours, theirs] = [(), ()].map(|()| {
            let db = database("");
            for sql in &statements {
                drop(db.execute_batch(sql));
            }
            db
        });
        let table = Tables::read(&ours).expect("tables").describe(&format!("t{}", deleted.0)).expect("describe");
        let handles = RowHandle::of(&table);
        let sql = format!("SELECT {} FROM {}", handles.of_row(""), table.name);
        let found = read(&mut ours.prepare(&sql).expect("prepare"), &[], handles.columns().len()).expect("read");
        prop_assume!(!found.is_empty());
        let handle = deleted.1.get(&found);
        theirs.execute_batch("PRAGMA foreign_keys = on; BEGIN; PRAGMA defer_foreign_keys = on").expect("on");
        let sql = format!("DELETE FROM {} WHERE {} = ?1", table.name, handles.columns()[0]);
        theirs.execute(&sql, params_from_iter(handle)).expect("delete");
        let mut cascade = Cascade::new(&ours).expect("the schema");
        cascade.patience = if has_index { -1 } else { PATIENCE };
        cascade.delete(&table.name, handle).expect("delete");
        prop_assert_eq!(dump(&ours), dump(&theirs));
    }

    #[test]
    fn composite_keys_too(
        rows in prop::collection::vec((0..8_usize, 0..8_usize, 0..8_usize, 0..8_usize), 1..30),
        actions in (0..4_usize, 0..4_usize), at in any::<prop::sample::Index>(), has_index in any::<bool>(),
    ) {
        let mut sql = format!(
            "CREATE TABLE t(x TEXT COLLATE NOCASE, y, u, v, w, z INTEGER, PRIMARY KEY(x, y),
                FOREIGN KEY(u, v) REFERENCES T ON DELETE {}, FOREIGN KEY(w, z) REFERENCES t(x, y) ON DELETE {});",
            ACTIONS[actions.0], ACTIONS[actions.1],
        );
        for (at, (x, y, a, b)) in rows.iter().enumerate() {
            let [x, y, a, b] = [x, y, a, b].map(|value| VALUES[*value]);
            let values = if at % 2 == 0 { format!("{a}, {b}, {y}, {x}") } else { format!("{b}, {a}, {x}, {y}") };
            sql.push_str(&format!("INSERT OR IGNORE INTO t VALUES ({x}, {y}, {values});"));
        }
        let (ours, theirs) = (database(&sql), database(&sql));
        let found = read(&mut ours.prepare("SELECT rowid FROM t").expect("prepare"), &[], 1).expect("read");
        let handle = at.get(&found);
        theirs.execute_batch("PRAGMA foreign_keys = on; BEGIN; PRAGMA defer_foreign_keys = on").expect("on");
        theirs.execute("DELETE FROM t WHERE rowid = ?1", params_from_iter(handle)).expect("delete");
        let mut cascade = Cascade::new(&ours).expect("the schema");
        cascade.patience = if has_index { -1 } else { PATIENCE };
        cascade.delete("t", handle).expect("delete");
        prop_assert_eq!(dump(&ours), dump(&theirs));
    }
}
