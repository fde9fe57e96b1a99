//! For which rows an equality holds.

use super::{by_trigger, by_view, stated};

const PLAIN: &str = "comments.item = posts.id";
const POSTS: &str = "comments.item = posts.id if comments.item_type in (post)";
const SOME: &str = "comments.item = posts.id if comments.item_type in ()";

#[test]
fn literals_beside_an_equality_restrict_it() {
    for select in [
        "SELECT 1 FROM comments, posts WHERE item = posts.id AND item_type = 'post'",
        "SELECT 1 FROM comments, posts WHERE 'post' IS item_type AND (item = posts.id AND text > 'a')",
        "SELECT 1 FROM comments LEFT JOIN posts ON item_type = 'post' AND item = posts.id",
        "SELECT 1 FROM comments JOIN posts ON item = posts.id WHERE item_type IN ('post')",
        "SELECT 1 FROM comments WHERE item_type = 'post' AND item IN (SELECT id FROM posts)",
        "SELECT 1 FROM comments WHERE item_type = 'post' AND EXISTS (SELECT 1 FROM posts WHERE item = posts.id)",
        "SELECT CASE WHEN item_type = 'post' THEN (SELECT title FROM posts WHERE item = posts.id) END FROM comments",
        "SELECT CASE item_type WHEN 'post' THEN (SELECT title FROM posts WHERE item = posts.id) END FROM comments",
        "SELECT iif(item_type = 'post', (SELECT title FROM posts WHERE item = posts.id), 0) FROM comments",
        "SELECT 1 FROM comments, posts WHERE CASE WHEN item_type = 'post' THEN item END = posts.id",
        "SELECT 1 FROM (SELECT * FROM comments WHERE item_type = 'post') c JOIN posts ON c.item = posts.id",
    ] {
        let found: Vec<_> =
            by_view(select).into_iter().filter(|one| one.contains("comments.item =")).collect();
        assert_eq!(found, [POSTS], "{select}");
    }
}

#[test]
fn a_sub_select_brings_its_own_conditions() {
    let select = "SELECT 1 FROM posts WHERE id IN (SELECT item FROM comments WHERE item_type = 'post')";
    assert_eq!(by_view(select), ["posts.id = comments.item if comments.item_type in (post)"]);
    let views = "CREATE VIEW c AS SELECT item FROM comments WHERE item_type = 'post';
                 CREATE VIEW d AS SELECT 1 FROM c, posts WHERE c.item = posts.id;";
    assert_eq!(stated(views), [POSTS]);
}

#[test]
fn lists_and_alternatives_are_all_named() {
    let both = "comments.item = posts.id if comments.item_type in (post,page)";
    for condition in ["item_type IN ('post', 'page')", "(item_type = 'post' OR item_type = 'page')"] {
        let select = format!("SELECT 1 FROM comments, posts WHERE item = posts.id AND {condition}");
        assert_eq!(by_view(&select), [both], "{condition}");
    }
    let numbers = "SELECT 1 FROM comments, posts WHERE item = posts.id AND item_type IN (-1, 2)";
    assert_eq!(by_view(numbers), ["comments.item = posts.id if comments.item_type in (-1,2)"]);
}

#[test]
fn a_name_in_double_quotes_that_nothing_has_is_a_text() {
    let text = "SELECT 1 FROM comments, posts WHERE item = posts.id AND item_type = \"page\"";
    assert_eq!(by_view(text), ["comments.item = posts.id if comments.item_type in (page)"]);
    let column = "SELECT 1 FROM comments, posts WHERE item = posts.id AND item_type = \"kind\"";
    assert_eq!(by_view(column), [PLAIN, "comments.item_type = posts.kind"]);
}

#[test]
fn alternatives_do_not_restrict_each_other() {
    let either = "SELECT 1 FROM comments, posts, users
                  WHERE (item_type = 'post' AND item = posts.id) OR (item_type = 'user' AND item = users.id)";
    assert_eq!(by_view(either), [POSTS, "comments.item = users.id if comments.item_type in (user)"]);
    let joins = "SELECT 1 FROM comments LEFT JOIN posts ON item = posts.id AND item_type = 'post'
                 LEFT JOIN users ON user = users.id";
    assert_eq!(by_view(joins), [POSTS, "comments.user = users.id"]);
}

#[test]
fn what_cannot_be_listed_is_a_condition_without_values() {
    for condition in [
        "item_type <> 'user'",
        "item_type NOT IN ('user', 'page')",
        "item_type LIKE 'post%'",
        "lower(item_type) = 'post'",
        "NOT (item_type = 'user')",
    ] {
        let select = format!("SELECT 1 FROM comments, posts WHERE item = posts.id AND {condition}");
        assert_eq!(by_view(&select), [SOME], "{condition}");
    }
    let otherwise =
        "SELECT CASE item_type WHEN 'user' THEN 0 ELSE (SELECT 1 FROM posts WHERE item = posts.id) END
                     FROM comments";
    assert_eq!(by_view(otherwise), [SOME]);
    let choice = "SELECT 1 FROM comments, posts WHERE iif(item_type = 'user', 0, item) = posts.id";
    assert_eq!(by_view(choice), [SOME]);
}

#[test]
fn plain_comparisons_with_numbers_and_columns_are_no_conditions() {
    for condition in ["text <> 0", "text > 7", "text IS NOT NULL", "text <> ''", "user = text"] {
        let select = format!("SELECT 1 FROM comments, posts WHERE item = posts.id AND {condition}");
        assert!(by_view(&select).contains(&PLAIN.to_owned()), "{condition}: {:?}", by_view(&select));
    }
}

#[test]
fn a_condition_of_another_row_of_the_table_is_none() {
    let select = "SELECT 1 FROM comments a, comments b, posts
                  WHERE a.item = posts.id AND b.item_type = 'user' AND b.item = a.id";
    let expected = [PLAIN, "comments.item = comments.id if comments.item_type in (user)"];
    let mut found = by_view(select);
    found.reverse();
    assert_eq!(found, expected);
}

#[test]
fn texts_that_are_written_beside_a_value_are_conditions() {
    for statement in [
        "INSERT INTO comments(item, item_type, user) VALUES (NEW.id, 'post', 0)",
        "INSERT INTO comments(item_type, item) SELECT 'post', NEW.id",
        "UPDATE comments SET item = NEW.id, item_type = 'post' WHERE item_type = 'none'",
    ] {
        assert_eq!(by_trigger(statement), [POSTS], "{statement}");
    }
}

#[test]
fn the_condition_of_a_trigger_restricts_its_statements() {
    let trigger = "CREATE TRIGGER t AFTER INSERT ON comments WHEN NEW.item_type = 'post'
                   BEGIN UPDATE posts SET title = '' WHERE NEW.item = id; END;";
    assert_eq!(stated(trigger), [POSTS]);
}
