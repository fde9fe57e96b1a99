use super::{holds, meaning, numbered, references};

const USERS: &str = "create table users(id integer primary key, name); insert into users values (3, 'a'), (5, 'b'), (8, 'c');";

#[test]
fn an_id_ending_and_all_values_prove_a_reference() {
    let holds = |column: &str, values: &str, wanted: &[&str], doubts: &[&str]| {
        let sql = format!(
            "{USERS} create table posts(id integer primary key, {column}, body); insert into posts({values}"
        );
        holds(&sql, wanted, doubts);
    };
    holds("user_id int", "user_id) values (3), (8)", &["posts.user_id -> users"], &[]);
    holds("userId int", "userId) values (3), (8)", &["posts.userId -> users"], &[]);
    holds("userid text", "userid) values ('3'), ('8')", &["posts.userid -> users"], &[]);
    holds("idUser int", "idUser) values (3)", &["posts.idUser -> users"], &[]);
    holds("fk_user int", "fk_user) values (3)", &["posts.fk_user -> users"], &[]);
    holds("second_user_id int", "second_user_id) values (3)", &["posts.second_user_id -> users"], &[]);
    // 0 and -1 mean none.
    holds("user_id int", "user_id) values (0), (-1), (5)", &["posts.user_id -> users"], &[]);
    holds("user_id int", "user_id) values (0), (null)", &[], &[]);
    holds("user_ids text", "user_ids) values ('3,5'), ('8')", &["posts.user_ids (list) -> users"], &[]);
    // Not all are there.
    holds("user_id int", "user_id) values (3), (4)", &[], &["posts.user_id -> users"]);
    holds("user_id text", "user_id) values ('3'), ('x')", &[], &[]);
    // Without values nothing is proven.
    holds("user_id int", "body) values ('x')", &[], &[]);
}

#[test]
fn of_many_values_some_may_be_of_rows_that_are_gone() {
    let rows = |last: u32| {
        (1..=40).map(|n| format!("({})", if n == 40 { last } else { n })).collect::<Vec<_>>().join(", ")
    };
    let sql = |last: u32| {
        format!(
            "create table a(id integer primary key, x); with recursive n(i) as (select 1 union all select i + 1 from n limit 60) insert into a select i, i from n;
             create table b(code text, a_id int); insert into b(a_id) values {}",
            rows(last)
        )
    };
    holds(&sql(999), &["b.a_id -> a"], &[]);
}

#[test]
fn a_table_with_a_column_of_that_very_name_means_it() {
    let sql = "create table users(id integer primary key, user_id int unique, name);
         create table posts(id integer primary key, user_id int);
         insert into users values (1, 2, 'a'), (2, 3, 'b'), (3, 1, 'c'); insert into posts values (1, 2), (2, 1)";
    assert_eq!(references(&meaning(sql)), Vec::<String>::new());
}

#[test]
fn rows_of_the_own_table_are_trees() {
    let sql = |rows: &str| {
        format!(
            "create table folders(id integer primary key, parent_id int, name); insert into folders values {rows}"
        )
    };
    holds(&sql("(1, null, 'a'), (5, 1, 'b'), (9, 5, 'c')"), &["folders.parent_id -> folders"], &[]);
    holds(&sql("(1, 0, 'a'), (5, 1, 'b'), (9, 5, 'c')"), &["folders.parent_id -> folders"], &[]);
    // Whom somebody reports to is in the same table, whatever other tables hold these numbers too.
    let employees = "create table employees(id integer primary key, ReportsTo int, name);
         create table orders(id integer primary key, at text);
         insert into employees values (1, null, 'a'), (2, 1, 'b'), (5, 2, 'c'); insert into orders values (1, 'x'), (2, 'y')";
    holds(employees, &["employees.ReportsTo -> employees"], &[]);
    // A circle, or no root: these are no trees.
    holds(&sql("(1, 1, 'a'), (5, 1, 'b')"), &[], &["folders.parent_id -> folders"]);
    holds(&sql("(1, 5, 'a'), (5, 1, 'b')"), &[], &["folders.parent_id -> folders"]);
}

#[test]
fn people_are_the_only_table_of_users() {
    let sql = "create table docs(id integer primary key, owner int, created_by int, is_owner int);
         insert into docs values (1, 3, 8, 1), (2, 5, 5, 0)";
    holds(&format!("{USERS} {sql}"), &["docs.owner -> users", "docs.created_by -> users"], &[]);
    let accounts = "create table user_accounts(id integer primary key); create table user(id integer primary key); insert into user values (3), (5), (8);";
    let found = meaning(&format!("{USERS} {accounts} {sql}"));
    assert_eq!(references(&found), Vec::<String>::new());
}

#[test]
fn yes_and_no_prove_nothing() {
    let sql = "create table users(id integer primary key, name, deleted_user int); insert into users values (1, 'a', 0), (2, 'b', 1)";
    holds(sql, &[], &[]);
}

#[test]
fn side_tables_and_last_words_need_some_values() {
    let sql = |rows: &str| {
        format!(
            "create table news(id integer primary key, t); insert into news values (2, 'a'), (5, 'b'), (9, 'c');
             create table news_meta(fk int, k text); insert into news_meta(fk) values {rows}"
        )
    };
    holds(&sql("(2), (5), (9)"), &["news_meta.fk -> news"], &[]);
    holds(&sql("(2), (5)"), &[], &["news_meta.fk -> news"]);
    let sql = |rows: &str| {
        format!(
            "create table states_meta(meta_id integer primary key, e); insert into states_meta values (2, 'a'), (5, 'b'), (9, 'c');
             create table states(code text primary key, meta_id int); insert into states(meta_id) values {rows}"
        )
    };
    holds(&sql("(2), (5), (9)"), &["states.meta_id -> states_meta"], &[]);
    holds(&sql("(2), (5)"), &[], &["states.meta_id -> states_meta"]);
}

#[test]
fn kinds_beside_an_id_say_what_it_is_of() {
    let tables =
        "create table posts(id integer primary key, t); create table photos(id integer primary key, t);
         insert into posts values (1, 'a'), (2, 'b'); insert into photos values (2, 'x'), (7, 'y');
         create table comments(id integer primary key, on_type text, on_id int);";
    let rows = "insert into comments values (1, 'Post', 1), (2, 'App\\Models\\Photo', 7), (3, 'Photo', 2)";
    holds(
        &format!("{tables} {rows}"),
        &[
            "comments.on_id where on_type = App\\Models\\Photo -> photos",
            "comments.on_id where on_type = Photo -> photos",
            "comments.on_id where on_type = Post -> posts",
        ],
        &[],
    );
    // A kind that is unknown is a doubt of those that hold its ids.
    let rows = "insert into comments values (1, 'Post', 1), (2, 'Video', 7)";
    holds(
        &format!("{tables} {rows}"),
        &["comments.on_id where on_type = Post -> posts"],
        &["comments.on_id where on_type = Video -> photos"],
    );
}

#[test]
fn a_kind_beside_a_name_makes_a_doubt_of_it() {
    let sql = "create table calendars(id integer primary key, n); create table subscriptions(id integer primary key, n);
         insert into calendars values (1, 'a'), (2, 'b'), (3, 'c'); insert into subscriptions values (1, 'x'), (2, 'y');
         create table events(code text primary key, calendarid int, calendartype int);
         insert into events values ('a', 1, 0), ('b', 3, 0), ('c', 2, 1)";
    holds(sql, &[], &["events.calendarid -> calendars, subscriptions"]);
}

#[test]
fn views_and_triggers_prove_references() {
    let tables = "create table books(id integer primary key, t); create table shelf(book int, n int);
         insert into books values (4, 'a'), (9, 'b'); insert into shelf values (9, 1), (4, 2);";
    holds(
        &format!("{tables} create view v as select b.t, s.n from shelf s join books b on s.book = b.id"),
        &["shelf.book -> books"],
        &[],
    );
    holds(
        &format!(
            "{tables} create trigger d after delete on books begin delete from shelf where book = old.id; end"
        ),
        &["shelf.book -> books"],
        &[],
    );
    holds(tables, &[], &["shelf.book -> books"]);
}

#[test]
fn sql_may_speak_of_some_rows_only() {
    let sql = "create table movie(idMovie integer primary key, t); create table show(idShow integer primary key, t);
         insert into movie values (1, 'a'), (2, 'b'); insert into show values (2, 'x'), (3, 'y');
         create table art(media_id int, media_type text, url text);
         insert into art values (1, 'movie', 'u'), (3, 'tvshow', 'v'), (2, 'set', 'w');
         create trigger d after delete on movie begin delete from art where media_id = old.idMovie and media_type = 'movie'; end;
         create trigger e after delete on show begin delete from art where media_id = old.idShow and media_type = 'tvshow'; end";
    holds(
        sql,
        &["art.media_id where media_type = movie -> movie", "art.media_id where media_type = tvshow -> show"],
        &["art.media_id where media_type = set -> movie, show"],
    );
}

#[test]
fn django_s_content_types_name_tables() {
    let sql = "create table django_content_type(id integer primary key, app_label text, model text, unique(app_label, model));
         create table blog_post(id integer primary key, t); create table log(id integer primary key, object_id text, content_type_id int references django_content_type(id));
         insert into django_content_type values (7, 'blog', 'post'), (8, 'gone', 'thing');
         insert into blog_post values (1, 'a'), (2, 'b'); insert into log values (1, '2', 7), (2, '99', 8)";
    holds(sql, &["log.object_id where content_type_id = 7 -> blog_post"], &[]);
}

#[test]
fn keys_that_are_no_numbers_are_referred_to_by_name() {
    let sql = "create table lists(id text primary key, name); create table movies(title text primary key, custom_list_id text, list text);
         insert into lists values ('u1', 'a'), ('u2', 'b'); insert into movies values ('m', 'u2', 'u1')";
    holds(sql, &["movies.custom_list_id -> lists"], &[]);
}

#[test]
fn rows_of_other_things_refute_what_names_say() {
    let sql = |season: u32| {
        format!(
            "create table shows(id integer primary key, n); create table seasons(id integer primary key, show_id int references shows(id), number int);
             create table episodes(id integer primary key, show_id int references shows(id), season_id int);
             insert into shows values (1, 'a'), (2, 'b'); insert into seasons values (1, 1, 1), (2, 2, 1), (3, 2, 2);
             insert into episodes values (1, 1, 1), (2, 2, {season})"
        )
    };
    holds(&sql(3), &["episodes.season_id -> seasons"], &[]);
    holds(&sql(1), &[], &["episodes.season_id -> episodes, seasons, shows"]);
}

#[test]
fn endings_of_ones_own_are_learnt() {
    let sql = "create table rooms(room_nid integer primary key, n); create table events(event_nid integer primary key, room_nid int);
         create table states(state_nid integer primary key, n);
         insert into rooms values (2, 'a'), (5, 'b'); insert into states values (1, 'x');
         insert into events values (10, 5), (11, 2)";
    holds(sql, &["events.room_nid -> rooms"], &[]);
}

#[test]
fn a_hidden_row_id_is_meant_by_a_whole_name_only() {
    let sql = |column: &str| {
        format!(
            "create table directories(path text); create table cluster_words(word text); insert into directories values ('a'), ('b'), ('c');
             insert into cluster_words values ('a'), ('b'), ('c');
             create table songs(title text primary key, {column} int); insert into songs values ('x', 1), ('y', 2), ('z', 3)"
        )
    };
    holds(&sql("directory_id"), &["songs.directory_id -> directories"], &[]);
    holds(&sql("word_id"), &[], &[]);
    // Many numbers that no other rows have may be such ids all the same.
    let sql = |songs: i64, from: &str| {
        format!(
            "create table songs(title text); insert into songs values {};
             create table entries(id integer primary key, {from} int); insert into entries({from}) values {}",
            numbered(1..=songs),
            numbered((1..=12).map(|entry| entry * 5)),
        )
    };
    holds(&sql(70, "collection_id"), &[], &["entries.collection_id -> songs"]);
    holds(&sql(59, "collection_id"), &[], &[]);
    holds(&sql(70, "quux"), &[], &[]);
}

/// A word may mean rows in one table and count them in another.
#[test]
fn what_a_word_means_elsewhere_is_no_proof() {
    let sql = "create table grades(id integer primary key, name); insert into grades values (1, 'a'), (2, 'b'), (3, 'c');
         create table students(id integer primary key, grade int references grades); insert into students values (1, 2);
         create table exams(id integer primary key, n, grade int); insert into exams values (4, 'x', 1), (7, 'y', 3)";
    assert_eq!(references(&meaning(sql)), Vec::<String>::new());
    let sql = "create table courses(id integer primary key, t); insert into courses values (3, 'a'), (5, 'b');
         create table sections(id integer primary key, t); insert into sections values (1, 'x'), (2, 'y');
         create table course_sections(course_id integer references courses, section integer, primary key(course_id, section));
         insert into course_sections values (3, 1), (3, 2), (5, 1)";
    assert_eq!(references(&meaning(sql)), Vec::<String>::new());
}

#[test]
fn a_path_that_ends_with_its_own_row_is_one_of_rows() {
    let sql = |rows: &str| {
        format!(
            "create table category(id integer primary key, name, path text); insert into category values {rows}"
        )
    };
    holds(
        &sql("(1, 'a', '/1/'), (5, 'b', '/1/5/'), (9, 'c', '/1/5/9/')"),
        &["category.path (list) -> category"],
        &[],
    );
    // Numbers within their parents, and numbers of something else that end with the row's own.
    for rows in [
        "(1, 'a', '/1/'), (2, 'b', '/1/1/'), (3, 'c', '/1/2/')",
        "(1, 'a', '1/1'), (2, 'b', '1/2'), (3, 'c', '2/3')",
    ] {
        holds(&sql(rows), &[], &["category.path (list) -> category"]);
    }
}

/// Of two keys that a view compares, one refers to the other, and not back.
#[test]
fn a_view_of_two_keys_leads_in_no_circle() {
    let rows = "insert into staff values (3, 'x'), (7, 'y'); insert into person values (3, 'a'), (7, 'b');";
    let view = "create view v as select 1 from person p join staff s on p.person_nr = s.staff_nr;";
    let sql = format!(
        "create table person(person_nr integer primary key, n); create table staff(staff_nr integer primary key, x); {rows} {view}"
    );
    assert_eq!(references(&meaning(&sql)), ["staff.staff_nr -> person"]);
    let sql = format!(
        "create table staff(staff_nr integer primary key, x);
        create table person(person_nr integer primary key references staff(staff_nr), n); {view} {rows}"
    );
    assert_eq!(references(&meaning(&sql)), Vec::<String>::new());
}
