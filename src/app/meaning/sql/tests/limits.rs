//! Schemas that nobody writes, and such that do not parse.

use super::super::equalities;
use super::{POST, column, database, equality, stated};
use std::fmt::Write;
use std::time::{Duration, Instant};

const PROOF: &str = "CREATE VIEW proof AS SELECT 1 FROM comments JOIN posts ON comments.post = posts.id;";

#[test]
fn views_that_grow_with_each_level_are_read_at_once() {
    // SQLite's list of tables would expand the views, level by level: the catalog is read before they are there.
    let (db, catalog) = database("");
    let mut sql = String::from(
        "CREATE VIEW v0 AS SELECT id, author FROM posts; CREATE VIEW w0 AS SELECT id, author FROM posts;",
    );
    for (level, below) in (1..60).zip(0..) {
        write!(
            sql,
            "CREATE VIEW v{level} AS SELECT * FROM v{below} a JOIN v{below} b ON a.id = b.author;
             CREATE VIEW w{level} AS SELECT a.id, b.author FROM w{below} a, w{below} b
                 UNION SELECT a.author, b.id FROM w{below} a, w{below} b;"
        )
        .expect("write");
    }
    sql += "CREATE VIEW last AS SELECT 1 FROM comments JOIN w59 ON comments.post = w59.id;";
    db.execute_batch(&sql).expect("create the views");
    let start = Instant::now();
    let found = equalities(&db, &catalog).expect("read");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let last: Vec<_> = found.iter().filter(|one| one.origin == "view last").map(equality).collect();
    assert_eq!(last, [POST, "comments.post = posts.author"]);
}

#[test]
fn what_is_nested_too_deep_proves_nothing() {
    let (open, close) = ("(".repeat(900), ")".repeat(900));
    let views = format!(
        "CREATE VIEW deep AS SELECT 1 FROM comments, users WHERE {open}post{close} = {open}users.id{close};
         CREATE VIEW text AS SELECT 1 FROM comments, users WHERE text = 'x'{};",
        " || 'y'".repeat(900)
    );
    let found = stated(&(views + PROOF));
    assert!(found.contains(&POST.to_owned()), "{found:?}");
}

#[test]
fn a_long_chain_is_not_deep() {
    let chain = "text = 'x' OR ".repeat(900);
    let view =
        format!("CREATE VIEW v AS SELECT 1 FROM comments, posts WHERE {chain} comments.post = posts.id;");
    assert_eq!(stated(&view), [POST]);
}

#[test]
fn views_that_read_each_other_end() {
    let circle = "CREATE VIEW a AS SELECT id FROM b; CREATE VIEW b AS SELECT id FROM a;
                  CREATE VIEW c AS SELECT 1 FROM a JOIN comments ON comments.post = a.id;";
    assert_eq!(stated(&(circle.to_owned() + PROOF)), [POST]);
}

#[test]
fn what_does_not_parse_proves_nothing() {
    let (db, catalog) = database(PROOF);
    db.execute_batch(
        "PRAGMA writable_schema = ON;
         INSERT INTO sqlite_schema VALUES ('view', 'bad', 'bad', 0, 'CREATE VIEW bad AS SELECT FROM WHERE');
         INSERT INTO sqlite_schema VALUES ('trigger', 'odd', 'posts', 0, 'create nothing');
         INSERT INTO sqlite_schema VALUES ('view', 'quote', 'quote', 0, 'CREATE VIEW quote AS SELECT ''');
         INSERT INTO sqlite_schema VALUES ('view', 'none', 'none', 0, '');",
    )
    .expect("write");
    let found = equalities(&db, &catalog).expect("read");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].origin, "view proof");
    assert_eq!(column(&found[0].left), "comments.post");
}
