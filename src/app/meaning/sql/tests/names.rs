//! What a name means where.

use super::{POST, by_view, stated};

#[test]
fn names_are_quoted_in_any_way_and_have_any_case() {
    for select in [
        "SELECT 1 FROM \"Comments\" AS [c x] JOIN `POSTS` ON [c x].\"post\" = `posts`.[ID]",
        "SELECT 1 FROM comments 'c' JOIN posts ON c.POST = Posts.oid",
    ] {
        assert_eq!(by_view(select), [POST], "{select}");
    }
    let odd = "CREATE TABLE \"a \"\"b\"\"\"(\"x.y\" INTEGER PRIMARY KEY);
               CREATE VIEW v AS SELECT 1 FROM \"a \"\"b\"\"\" JOIN comments ON \"x.y\" = post;";
    assert_eq!(stated(odd), ["a \"b\".x.y = comments.post"]);
}

#[test]
fn a_row_id_is_called_by_its_column_or_by_a_name_that_no_column_has() {
    assert_eq!(
        by_view("SELECT 1 FROM comments, notes WHERE comments.post = notes._rowid_"),
        ["comments.post = notes.rowid"]
    );
    let own = "CREATE TABLE odd(rowid TEXT, x); CREATE TABLE bare(k PRIMARY KEY) WITHOUT ROWID;
               CREATE VIEW v AS SELECT 1 FROM comments, odd WHERE comments.post = odd.rowid;
               CREATE VIEW w AS SELECT 1 FROM comments, odd WHERE comments.user = odd.oid;
               CREATE VIEW x AS SELECT 1 FROM comments, bare WHERE comments.user = bare.rowid;";
    assert_eq!(stated(own), ["comments.post = odd.rowid", "comments.user = odd._rowid_"]);
}

#[test]
fn the_nearest_source_that_has_a_column_is_meant() {
    // `id` is the one of users, not of posts outside.
    let inner = "SELECT 1 FROM posts WHERE author IN (SELECT name FROM users WHERE posts.author = id)";
    assert_eq!(by_view(inner), ["posts.author = users.id", "posts.author = users.name"]);
    // The column of the sub-select is computed, so that nothing outside is meant.
    let hidden =
        "SELECT 1 FROM posts WHERE 1 IN (SELECT 1 FROM (SELECT 1 AS id) s, comments WHERE post = id)";
    assert!(by_view(hidden).len() <= 1, "{:?}", by_view(hidden));
    assert!(!by_view(hidden).contains(&POST.to_owned()));
}

#[test]
fn a_common_table_expression_hides_a_table() {
    let hidden = "WITH posts AS (SELECT id FROM users) SELECT 1 FROM comments JOIN posts ON post = posts.id";
    assert_eq!(by_view(hidden), ["comments.post = users.id"]);
    let both =
        "WITH posts AS (SELECT id FROM users) SELECT 1 FROM comments c JOIN main.posts p ON c.post = p.id";
    assert_eq!(by_view(both), [POST]);
}

#[test]
fn what_is_not_in_the_catalog_leads_nowhere() {
    let sql = "CREATE VIRTUAL TABLE search USING fts5(title);
               CREATE VIEW v AS SELECT 1 FROM posts JOIN search ON search.rowid = posts.id;
               CREATE VIEW w AS SELECT 1 FROM posts JOIN json_each(posts.title) j ON j.value = posts.author;
               CREATE VIEW x AS SELECT 1 FROM posts JOIN sqlite_schema ON rootpage = posts.id;
               CREATE VIEW y AS SELECT 1 FROM posts JOIN gone ON gone.post = posts.id JOIN comments ON comments.post = posts.id;";
    assert_eq!(stated(sql), [POST]);
}
