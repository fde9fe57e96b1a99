use super::*;

fn watched(schema: &str) -> (Connection, Watch) {
    let mut db = Connection::open_in_memory().expect("open");
    db.execute_batch(schema).expect("create");
    let watch = Watch::begin(&mut db).expect("watch");
    (db, watch)
}

/// Runs a statement that writes a row of a table.
fn write(db: &Connection, watch: &Watch, sql: &str, table: &str, row: i64, action: Action) {
    db.execute(sql, []).expect("run");
    watch.is_own(table, &[Value::Integer(row)], action);
}

fn said(db: &Connection, watch: &Watch, puts_right: bool) -> String {
    let all = watch.triggered(db, puts_right).expect("counts");
    let one = |(table, done): (&String, &Triggered)| {
        format!("{table} {} {} {}", done.added, done.changed, done.removed)
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn what_triggers_do_is_told_from_what_is_written() {
    let (db, watch) = watched(
        "create table t(id integer primary key, x, y); create table log(what); create table total(n); insert into total values (0);
         create table last(what unique); insert into last values ('old'); create table pairs(a, b, primary key (a, b)) without rowid;
         create trigger i after insert on t begin
           insert into log values (new.x); update total set n = n + 1; insert or replace into last values ('old');
           insert into pairs values (new.id, new.x); update t set y = 1 where id = new.id; end;
         create trigger d after delete on t begin delete from log; end;",
    );
    for row in 1..=3 {
        let sql = format!("insert into t values ({row}, 'a', 0)");
        write(&db, &watch, &sql, "t", row, Action::SQLITE_INSERT);
    }
    assert_eq!(said(&db, &watch, true), "last 0 1 0, log 3 0 0, pairs 3 0 0, total 0 1 0");
    assert_eq!(said(&db, &watch, false), "last 0 1 0, log 3 0 0, pairs 3 0 0, t 0 3 0, total 0 1 0");
    assert_eq!(watch.others("log"), [1, 2, 3]);
    // What was put in and removed again is nothing.
    write(&db, &watch, "delete from t where id = 1", "t", 1, Action::SQLITE_DELETE);
    assert_eq!(said(&db, &watch, true), "last 0 1 0, pairs 3 0 0, total 0 1 0");
}

#[test]
fn an_item_that_is_undone_was_never_there() {
    let (db, watch) = watched(
        "create table t(id integer primary key, x); create table log(what); insert into log values (1), (2);
         create trigger i after insert on t begin insert into log values (new.x); delete from log where rowid = 1; end;",
    );
    watch.begin_item();
    db.execute_batch("savepoint item").expect("begin");
    write(&db, &watch, "insert into t values (1, 'a')", "t", 1, Action::SQLITE_INSERT);
    assert_eq!(said(&db, &watch, true), "log 1 0 1");
    db.execute_batch("rollback to item").expect("undo");
    watch.undo_item();
    assert_eq!(said(&db, &watch, true), "");
}

/// Rows that the import put in, and a trigger removed.
#[test]
fn a_row_that_a_trigger_takes_away_again_is_told() {
    let (db, watch) = watched(
        "create table t(id integer primary key, x);
         create trigger i after insert on t begin delete from t where id < new.id; end;",
    );
    for row in 1..=3 {
        let sql = format!("insert into t values ({row}, 'a')");
        write(&db, &watch, &sql, "t", row, Action::SQLITE_INSERT);
    }
    assert_eq!(said(&db, &watch, true), "t 0 0 2");
}
