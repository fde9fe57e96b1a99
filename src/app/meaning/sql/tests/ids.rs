//! How conditions use ids.

use super::super::{IdUse, id_uses};
use super::{SqlColumn, column, database};

/// The uses of ids in a condition on comments: `post`, `user` and every `id` are ids.
fn uses(condition: &str) -> Vec<String> {
    let (db, catalog) = database("CREATE VIEW firsts AS SELECT min(id) AS first FROM posts;");
    let is_id = |column: &SqlColumn| ["id", "post", "user", "author"].contains(&column.column.as_str());
    let found = id_uses(&db, &catalog, "comments", condition, &is_id).expect("read").expect(condition);
    let text = |found: IdUse| match found {
        IdUse::Literal { column: of, value, place } => {
            format!("{} {value} {}", column(&of), &condition[place])
        }
        IdUse::Other(of) => column(&of),
    };
    found.into_iter().map(text).collect()
}

#[test]
fn a_literal_beside_an_id_is_found() {
    for (condition, expected) in [
        ("post = 1", &["comments.post 1 1"][..]),
        ("1 IS NOT comments.post", &["comments.post 1 1"]),
        ("text > 'a' AND (\"post\") = '7' -- 8", &["comments.post 7 '7'"]),
        ("user IN (3, NULL, 4) OR id <> 5", &["comments.user 3 3", "comments.user 4 4", "comments.id 5 5"]),
        ("rowid = 2", &["comments.id 2 2"]),
        ("CASE post WHEN 1 THEN text ELSE item END", &["comments.post 1 1"]),
        ("post IN (SELECT id FROM posts WHERE author = 9)", &["posts.author 9 9"]),
        ("EXISTS (SELECT * FROM posts p WHERE p.id = post AND p.id = 6)", &["posts.id 6 6"]),
    ] {
        assert_eq!(uses(condition), expected, "{condition}");
    }
}

#[test]
fn what_says_the_same_everywhere_is_no_use() {
    for condition in [
        "text = '1' AND item = 3 AND item_type IN (1, 2)",
        "post IS NULL OR user NOT NULL OR post = -1",
        "post = user",
        "post IN (SELECT id FROM posts WHERE title = 'x' GROUP BY id HAVING count(id) > 1)",
        "post = (SELECT p.id FROM posts p JOIN users u ON u.id = p.author WHERE u.name LIKE 'a%')",
        "EXISTS (SELECT 1 FROM users WHERE users.id = comments.user AND name = 'Ada')",
        "item IN (SELECT text FROM comments c ORDER BY text LIMIT 1)",
        "(SELECT count(*) FROM comments c WHERE c.post = comments.post) > 3",
    ] {
        assert_eq!(uses(condition), [""; 0], "{condition}");
    }
}

#[test]
fn other_uses_of_an_id_are_found() {
    for condition in [
        "post > 3",
        "post BETWEEN 1 AND 2",
        "post % 2 = 0",
        "abs(post) = 1",
        "post = item",
        "post = 1 + 1",
        "post LIKE '1%'",
        "3 IN (SELECT post FROM comments)",
        "post IN (VALUES (1))",
        "text || post = 'a1'",
        "post IN (SELECT id FROM posts ORDER BY id DESC LIMIT 1)",
        "post = (SELECT max(id) FROM posts)",
        "post IN (SELECT first FROM firsts WHERE first < 3)",
        "CASE WHEN post < 2 THEN 1 END",
        "(post, user) = (1, 2)",
        "post",
    ] {
        let found = uses(condition);
        assert!(
            !found.is_empty() && found.iter().all(|found| !found.contains(' ')),
            "{condition}: {found:?}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let (db, catalog) = database("");
    for condition in ["post = 'open", "post = = 1", "1) UNION SELECT (1"] {
        let found = id_uses(&db, &catalog, "comments", condition, &|_| true).expect("read");
        assert!(found.is_none_or(|found| found.is_empty()), "{condition}");
    }
}
