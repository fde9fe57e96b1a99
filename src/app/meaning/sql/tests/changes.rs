//! Equalities in what triggers write.

use super::{POST, by_trigger, stated};

#[test]
fn triggers_say_what_they_compare_with_their_row() {
    for statement in [
        "DELETE FROM comments WHERE post = OLD.id",
        "DELETE FROM comments WHERE comments.post = new.rowid",
        "UPDATE comments SET text = '' WHERE post = OLD.id",
        "UPDATE comments SET post = NEW.id WHERE text > 'x'",
        "UPDATE comments SET (text, post) = (7, NEW.id)",
        "UPDATE comments SET (text, post) = (SELECT title || '', id FROM posts)",
        "UPDATE comments SET text = p.title || '' FROM posts p WHERE post = p.id",
        "SELECT RAISE(ABORT, 'no') WHERE (SELECT id FROM comments WHERE post = NEW.id) IS NULL",
        "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM comments WHERE post = NEW.id) THEN RAISE(FAIL, 'no') END",
        "SELECT CASE WHEN (SELECT id FROM comments WHERE post = NEW.id) IS NOT NULL THEN RAISE(IGNORE) END",
        "INSERT INTO comments(text, post) VALUES (NEW.title || '!', NEW.id)",
        "INSERT OR IGNORE INTO comments(text, post) VALUES ('', 0), (NEW.title || '!', NEW.id)",
        "REPLACE INTO comments(post) SELECT id FROM posts",
        "INSERT INTO comments(post, text) SELECT NEW.id, 7",
        "INSERT INTO comments SELECT NULL, id, NULL, NULL, NULL, NULL FROM posts",
        "INSERT INTO comments(post) VALUES ((SELECT id FROM posts WHERE title > 'x'))",
        "INSERT INTO comments(id) VALUES (1) ON CONFLICT (id) DO UPDATE SET post = NEW.id",
        "INSERT INTO comments(id) VALUES (1) ON CONFLICT (id) DO UPDATE SET text = '' WHERE post = NEW.id",
    ] {
        assert_eq!(by_trigger(statement), [POST], "{statement}");
    }
}

#[test]
fn a_row_that_could_not_be_inserted_is_called_excluded() {
    let upsert =
        "INSERT INTO comments(id, user) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET post = excluded.user";
    assert_eq!(by_trigger(upsert), ["comments.post = comments.user"]);
}

#[test]
fn the_condition_of_a_trigger_states_equalities() {
    let trigger = "CREATE TRIGGER t BEFORE INSERT ON comments
                   WHEN NEW.post NOT IN (SELECT id FROM posts) BEGIN SELECT RAISE(ABORT, 'no'); END;";
    assert_eq!(stated(trigger), [POST]);
}

#[test]
fn a_trigger_on_a_view_has_the_columns_of_the_view() {
    let sql = "CREATE VIEW v(number) AS SELECT id FROM posts;
               CREATE TRIGGER t INSTEAD OF DELETE ON v BEGIN DELETE FROM comments WHERE post = OLD.number; END;";
    assert_eq!(stated(sql), [POST]);
}

#[test]
fn a_column_is_taken_from_the_row_of_a_trigger_only_if_it_is_named() {
    assert!(by_trigger("DELETE FROM comments WHERE post = author").is_empty());
    assert_eq!(
        by_trigger("INSERT INTO notes SELECT id, title FROM posts"),
        ["notes.body = posts.title", "notes.post = posts.id"]
    );
}
