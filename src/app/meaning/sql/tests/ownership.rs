//! What triggers delete together with a row.

use super::super::deletions;
use super::{column, condition, database};

fn owned(sql: &str) -> Vec<String> {
    let (db, catalog) = database(sql);
    let found = deletions(&db, &catalog).expect(sql);
    let text = |owned: &super::super::Owned| {
        let conditions = owned.conditions.iter().map(|one| format!(" if {}", condition(one)));
        let conditions: String = conditions.collect();
        format!("{} by {}: {}{conditions}", column(&owned.child), column(&owned.parent), owned.origin)
    };
    found.iter().map(text).collect()
}

fn by(event: &str, statements: &str) -> Vec<String> {
    owned(&format!("CREATE TRIGGER t {event} ON posts BEGIN {statements}; END;"))
}

const OWNED: &str = "comments.post by posts.id: trigger t";

#[test]
fn rows_that_go_with_a_row_belong_to_it() {
    for (event, statement) in [
        ("AFTER DELETE", "DELETE FROM comments WHERE post = OLD.id"),
        ("BEFORE DELETE", "DELETE FROM comments WHERE OLD.rowid IS comments.post"),
        ("DELETE", "SELECT 1; DELETE FROM [comments] WHERE (post) = (old.ID)"),
    ] {
        assert_eq!(by(event, statement), [OWNED], "{statement}");
    }
    assert_eq!(
        by("DELETE", "DELETE FROM comments WHERE item = OLD.id AND item_type = 'post'"),
        ["comments.item by posts.id: trigger t if comments.item_type in (post)"]
    );
}

#[test]
fn rows_that_go_for_another_reason_do_not_belong_to_it() {
    for (event, statement) in [
        ("AFTER UPDATE", "DELETE FROM comments WHERE post = OLD.id"),
        ("AFTER DELETE", "DELETE FROM comments WHERE post = 7"),
        ("AFTER DELETE", "DELETE FROM comments"),
        ("AFTER DELETE", "DELETE FROM comments WHERE post = OLD.id OR post IS NULL"),
        ("AFTER DELETE", "UPDATE comments SET post = NULL WHERE post = OLD.id"),
        // The author goes with the last post, but does not belong to it.
        (
            "AFTER DELETE",
            "DELETE FROM users WHERE id = OLD.author AND NOT EXISTS (SELECT 1 FROM posts WHERE author = OLD.author)",
        ),
        ("AFTER DELETE", "DELETE FROM users WHERE id = OLD.author"),
    ] {
        assert!(by(event, statement).is_empty(), "{statement}");
    }
}

#[test]
fn the_condition_of_a_trigger_counts() {
    let trigger = |when: &str| {
        owned(&format!(
            "CREATE TRIGGER t AFTER DELETE ON posts WHEN {when} BEGIN DELETE FROM comments WHERE post = OLD.id; END;"
        ))
    };
    assert_eq!(trigger("OLD.kind = 'blog'"), [format!("{OWNED} if posts.kind in (blog)")]);
    assert!(trigger("(SELECT count(*) FROM users) > 1").is_empty());
}
