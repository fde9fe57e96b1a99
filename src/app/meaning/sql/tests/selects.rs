//! Equalities in selects.

use super::{POST, by_view, stated};

#[test]
fn joins_state_equalities_in_every_form() {
    for select in [
        "SELECT 1 FROM comments JOIN posts ON comments.post = posts.id",
        "SELECT 1 FROM comments c LEFT JOIN posts AS p ON c.post == p.id",
        "SELECT 1 FROM comments, posts WHERE post = posts.id",
        "SELECT 1 FROM comments c, posts p WHERE (c.post) = ((p.rowid))",
        "SELECT 1 FROM comments c, posts p WHERE CAST(c.post AS INTEGER) = +p.id COLLATE BINARY",
        "SELECT 1 FROM comments c, posts p WHERE c.post IS p.id OR c.text = 'x'",
        "SELECT 1 FROM comments c, posts p WHERE NOT (c.post = p.id)",
        "SELECT 1 FROM main.comments, main.posts WHERE main.comments.post = main.posts.id",
        "SELECT 1 FROM (comments c JOIN posts p ON c.post = p.id)",
        "SELECT c.post = p.id FROM comments c, posts p",
        "SELECT count(*) FROM comments c, posts p GROUP BY c.id HAVING c.post = p.id",
        "SELECT max(c.post = p.id) FROM comments c, posts p",
        "SELECT c.post AS x, p.id AS y FROM comments c, posts p WHERE x = y",
    ] {
        assert_eq!(by_view(select), [POST], "{select}");
    }
}

#[test]
fn sub_selects_lead_to_their_tables() {
    for select in [
        "SELECT 1 FROM comments c JOIN (SELECT id AS number FROM posts) p ON c.post = p.number",
        "SELECT 1 FROM comments c JOIN (SELECT * FROM (SELECT p.* FROM posts p)) q ON c.post = q.id",
        "SELECT 1 FROM comments WHERE post IN (SELECT id FROM posts)",
        "SELECT 1 FROM comments WHERE post NOT IN (SELECT DISTINCT id FROM posts)",
        "SELECT 1 FROM comments WHERE post = (SELECT id FROM posts WHERE title > text)",
        "SELECT 1 FROM comments WHERE post = (SELECT max(id) FROM posts)",
        "SELECT 1 FROM comments c WHERE EXISTS (SELECT 1 FROM posts WHERE c.post = id)",
        "SELECT (SELECT title FROM posts WHERE comments.post = posts.id) FROM comments",
        "SELECT 1 FROM comments c WHERE (c.post, 1) IN (SELECT id, 1 FROM posts)",
        "SELECT 1 FROM comments c, posts p WHERE (c.post, c.text) = (p.id, 7)",
        "SELECT 1 FROM comments c, posts p WHERE c.post IN (p.id, 0)",
        "SELECT 1 FROM comments c WHERE coalesce(c.post, 0) IN (SELECT ifnull(nullif(id, 0), 1) FROM posts)",
        "WITH p AS (SELECT id FROM posts) SELECT 1 FROM comments JOIN p ON comments.post = p.id",
        "WITH p(number, other) AS (SELECT id, title FROM posts) SELECT 1 FROM comments WHERE post IN (SELECT number FROM p)",
        "WITH p AS (SELECT id FROM posts) SELECT 1 FROM comments WHERE post IN p",
        "WITH b AS (SELECT n FROM a), a(n) AS (SELECT id FROM posts) SELECT 1 FROM comments, b WHERE post = n",
    ] {
        assert_eq!(by_view(select), [POST], "{select}");
    }
}

#[test]
fn columns_of_the_same_name_are_joined_by_it() {
    assert_eq!(by_view("SELECT 1 FROM notes JOIN comments USING (post)"), ["notes.post = comments.post"]);
    assert_eq!(by_view("SELECT 1 FROM notes NATURAL LEFT JOIN comments"), ["notes.post = comments.post"]);
    assert_eq!(
        by_view(
            "SELECT 1 FROM (SELECT id AS post FROM posts) p NATURAL JOIN comments JOIN notes USING (post)"
        ),
        ["comments.post = notes.post", "posts.id = comments.post", "posts.id = notes.post"]
    );
}

#[test]
fn a_star_leaves_out_what_its_sources_are_joined_by() {
    // `*` is post, body, id, user …: the third name means comments.id.
    let view = "WITH j(a, b, c, d, e, f, g) AS (SELECT * FROM notes JOIN comments USING (post))
                SELECT 1 FROM j, posts WHERE j.c = posts.parent";
    assert_eq!(by_view(view), ["comments.id = posts.parent", "notes.post = comments.post"]);
}

#[test]
fn columns_of_views_lead_to_tables() {
    let views = "CREATE VIEW a AS SELECT id AS number, title FROM posts;
                 CREATE VIEW b(x, y) AS SELECT title, number FROM a;
                 CREATE VIEW c AS SELECT 1 FROM comments, b WHERE comments.post = b.y;";
    assert_eq!(stated(views), [POST]);
}

#[test]
fn all_parts_of_a_compound_are_read() {
    assert_eq!(
        by_view(
            "SELECT 1 FROM comments, posts WHERE post = posts.id UNION SELECT 1 FROM comments, users WHERE user = users.id"
        ),
        [POST, "comments.user = users.id"]
    );
    assert_eq!(
        by_view("SELECT 1 FROM comments WHERE item IN (SELECT id FROM posts UNION ALL SELECT id FROM users)"),
        ["comments.item = posts.id", "comments.item = users.id"]
    );
    assert_eq!(
        by_view("SELECT 1 FROM comments WHERE item IN (SELECT id FROM posts EXCEPT SELECT id FROM users)"),
        ["comments.item = posts.id"]
    );
}

#[test]
fn a_recursive_select_leads_to_where_it_begins_and_goes_on() {
    let tree = "WITH RECURSIVE tree(id) AS (
                    SELECT id FROM posts WHERE parent IS NULL
                    UNION ALL SELECT posts.id FROM posts JOIN tree ON posts.parent = tree.id)
                SELECT 1 FROM comments JOIN tree ON comments.post = tree.id";
    assert_eq!(by_view(tree), [POST, "posts.parent = posts.id"]);
}

#[test]
fn what_is_computed_leads_nowhere() {
    for select in [
        "SELECT 1 FROM comments, posts WHERE post = posts.id + 1",
        "SELECT 1 FROM comments WHERE post = (SELECT count(id) FROM posts)",
        "SELECT 1 FROM comments JOIN (SELECT id * 2 AS post FROM posts) p ON comments.post = p.post",
        "SELECT 1 FROM comments, posts WHERE post <> posts.id",
        "SELECT 1 FROM comments, posts WHERE post BETWEEN posts.id AND 7",
        "SELECT 1 FROM comments a JOIN comments b ON a.post = b.post",
    ] {
        assert!(by_view(select).is_empty(), "{select}");
    }
}
