//! The account of a database's pages: each is in a tree, free, or one that SQLite keeps for itself.

use rusqlite::Connection;

/// The byte that SQLite locks. The page that holds it is not used.
const LOCKED_BYTE: u64 = 1 << 30;

/// The most bytes at the end of each page that an extension may have reserved.
const MOST_RESERVED: u64 = 255;

/// What is wrong with the account, in a sentence; nothing where every page is accounted for once.
///
/// This follows the trees and compares nothing in them, so that it needs no collation or function of the application, as
/// SQLite's own check does.
pub fn account(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs);
    let used = number("SELECT count(*) FROM temp.dbstat")?;
    let twice = used - number("SELECT count(DISTINCT pageno) FROM temp.dbstat")?;
    if twice > 0 {
        return Ok(Some(format!("{twice} pages are used twice")));
    }
    let (all, page_size) = (number("PRAGMA page_count")?, number("PRAGMA page_size")?);
    let locked = u64::from(all > LOCKED_BYTE / page_size);
    let found = used + number("PRAGMA freelist_count")? + locked;
    let maps = |usable: u64| if all < 2 { 0 } else { (all - 2) / (usable / 5 + 1) + 1 };
    let (fewest, most) = match number("PRAGMA auto_vacuum")? {
        0 => (0, 0),
        _ => (maps(page_size), maps(page_size - MOST_RESERVED)),
    };
    Ok(if found + most < all {
        Some(format!("{} pages are never used", all - found - most))
    } else if found + fewest > all {
        Some(format!("{} pages are used and free at once", found + fewest - all))
    } else {
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(path: &std::path::Path, pragma: &str) -> Connection {
        let db = Connection::open(path).expect("open");
        db.execute_batch(&format!(
            "{pragma}; create table t(a unique, b); create table gone(a); create table u(a);
             with recursive n(i) as (select 1 union all select i + 1 from n limit 3000)
             insert into t select i, zeroblob(i) from n;
             insert into gone select b from t; drop table gone"
        ))
        .expect("fill");
        db
    }

    #[test]
    fn every_page_of_a_sound_database_is_accounted_for() {
        for pragma in
            ["", "pragma page_size = 512", "pragma auto_vacuum = full", "pragma auto_vacuum = incremental"]
        {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let db = database(&folder.path().join("a.db"), pragma);
            db.execute_batch("create table dbstat(pageno); insert into dbstat values (1), (1)")
                .expect("fill");
            assert_eq!(account(&db).expect("count"), None, "{pragma}");
        }
    }

    #[test]
    fn a_lost_tree_is_missed_and_a_page_in_two_trees_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (sql, told) in [
            ("delete from sqlite_schema where tbl_name = 't'", "never used"),
            (
                "update sqlite_schema set rootpage = (select rootpage from sqlite_schema where name = 't') where name = 'u'",
                "used twice",
            ),
        ] {
            let path = folder.path().join(told);
            let db = database(&path, "");
            db.execute_batch(&format!("pragma writable_schema = on; {sql}")).expect("damage");
            drop(db);
            let found = account(&Connection::open(&path).expect("open")).expect("count");
            assert!(found.as_ref().is_some_and(|found| found.contains(told)), "{found:?}");
        }
    }
}
