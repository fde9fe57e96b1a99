use super::{doubts, holds, meaning, numbered, references};
use crate::app::meaning::Answer;

/// Two tables of three rows whose ids overlap.
const TABLES: &str = "create table books(id integer primary key, t); create table pages(id integer primary key, t);
     insert into books values (2, 'a'), (5, 'b'), (9, 'c'); insert into pages values (5, 'x'), (9, 'y'), (12, 'z');";

#[track_caller]
fn doubted(column: &str, values: &str, wanted: &[&str]) {
    let name = column.split(' ').next().unwrap_or_default();
    let sql = format!(
        "{TABLES} create table notes(code text primary key, {column}); insert into notes({name}) values {values}"
    );
    let wanted: Vec<String> = wanted.iter().map(|tables| format!("notes.{name} -> {tables}")).collect();
    holds(&sql, &[], &wanted.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn an_id_ending_without_a_table_may_mean_all_that_hold_its_values() {
    doubted("item_id int", "(5), (9)", &["books, pages"]);
    doubted("item_id int", "(2), (9)", &["books"]);
    doubted("item_id int", "(100), (200)", &[]);
    doubted("book_id int", "(2), (7)", &["books"]);
    doubted("book_id int", "(12)", &["books, pages"]);
    doubted("bk_id int", "(2), (5)", &["books"]);
    doubted("tmdb_id int", "(5), (9)", &[]);
}

#[test]
fn bare_words_may_mean_a_table() {
    doubted("book int", "(2), (5)", &["books"]);
    doubted("main_book int", "(2), (5)", &["books"]);
    doubted("from_book int", "(2), (5)", &["books"]);
    doubted("firstbook int", "(2), (5)", &["books"]);
    doubted("book_count int", "(2), (5)", &[]);
    doubted("is_book int", "(2), (5)", &[]);
    doubted("books int", "(2), (5)", &[]);
    doubted("book boolean", "(2), (5)", &[]);
    doubted("level int", "(2), (5)", &[]);
    doubted("reply_to int", "(5), (9)", &["books, pages"]);
}

#[test]
fn words_that_begin_like_a_table_may_mean_it() {
    let sql = "create table Shipper(Id integer primary key, n); create table Orders(code text primary key, ShipVia int, Freight int);
         insert into Shipper values (1, 'a'), (2, 'b'); insert into Orders values ('x', 1, 1), ('y', 2, 2)";
    holds(sql, &[], &["Orders.ShipVia -> Shipper"]);
}

#[test]
fn a_column_of_a_table_that_is_named_after_another_may_mean_it() {
    let sql = "create table books(id integer primary key, t); create table series(id integer primary key, t);
         create table books_series_link(id integer primary key, book int, value int);
         insert into books values (4, 'a'), (7, 'b'); insert into series values (3, 's'), (8, 't');
         insert into books_series_link values (1, 4, 8), (2, 7, 3)";
    holds(sql, &[], &["books_series_link.book -> books", "books_series_link.value -> series"]);
}

#[test]
fn ids_that_are_no_key_may_be_those_of_others() {
    let sql = "create table event(id int, at int, who text, unique(at, who)); insert into event values (1, 5, 'a'), (1, 5, 'b'), (2, 6, 'a')";
    holds(sql, &[], &["event.id -> event"]);
    let sql = format!(
        "{TABLES} create table book_tags(id int, tag text); insert into book_tags values (2, 'a'), (2, 'b'), (5, 'a')"
    );
    holds(&sql, &[], &["book_tags.id -> books"]);
}

/// Rows beside those of another table, with their ids and under another name.
#[test]
fn a_key_of_few_numbers_that_are_all_ids_of_another_table_may_be_theirs() {
    let sql = |files: i64, documents: &str, counted: &str| {
        format!(
            "create table files(id integer primary key, path); insert into files(id) values {};
             create table documents(id integer primary key {counted}, version int);
             insert into documents values {documents}",
            numbered(1..=files),
        )
    };
    let few = "(65, 1), (73, 1), (115, 2), (144, 1)";
    holds(&sql(160, few, ""), &[], &["documents.id -> documents, files"]);
    // No such files, numbers that were counted up, and rows of which many are gone.
    holds(&sql(140, few, ""), &[], &[]);
    holds(&sql(160, few, "autoincrement"), &[], &[]);
    holds(&sql(160, "(2, 1), (5, 1), (7, 2), (9, 1)", ""), &[], &[]);
}

#[test]
fn many_numbers_that_are_all_ids_may_be_references() {
    let sql = "create table things(id integer primary key, t); create table other(code text primary key, quux int, rank int);
         with recursive n(i) as (select 1 union all select i + 1 from n limit 30) insert into things select i, 't' from n;
         insert into other select i, i, i from (select id as i from things)";
    holds(sql, &[], &["other.quux -> things"]);
    // So do fewer that miss all gaps.
    let sql = "create table things(id integer primary key, t); create table other(code text primary key, quux int);
         insert into things values (3, 'a'), (40, 'b'), (80, 'c'), (200, 'd'); insert into other values ('x', 3), ('y', 80), ('z', 200)";
    holds(sql, &[], &["other.quux -> things"]);
}

#[test]
fn numbers_in_texts_are_lists_and_paths() {
    let sql = "create table category(id integer primary key, path text); insert into category values (1, '/1/'), (4, '/1/1/'), (6, '/1/4/1/')";
    holds(sql, &[], &["category.path (list) -> category"]);
    let sql = format!(
        "{TABLES} create table notes(code text primary key, seen text, size text); insert into notes values ('a', '2,5', '5,9'), ('b', '9', '2,5')"
    );
    holds(&sql, &[], &["notes.seen (list) -> books"]);
    let sql = format!(
        "{TABLES} create table notes(code text primary key, url text, zip text); insert into notes values ('a', 'x://book/2', '02139'), ('b', 'x://book/5', '01581'), ('c', 'x://book/9', '00501')"
    );
    holds(&sql, &[], &["notes.url (list) -> books"]);
    doubted("title text", "('book 2'), ('book 5'), ('book 9')", &[]);
}

#[test]
fn numbers_in_json_are_read_by_their_paths() {
    let sql = format!(
        r#"{TABLES} create table notes(id integer primary key, data text); insert into notes values
         (1, '{{"book_id": 5, "pages": [5, 12], "n": 9, "decks": {{"2": 1}}, "id": 1, "book": {{"id": 2}}}}')"#
    );
    holds(
        &sql,
        &[],
        &[
            "notes.data at book_id -> books",
            "notes.data at id -> notes",
            "notes.data at pages[*] -> pages",
            "notes.data at book.id -> books",
        ],
    );
}

#[test]
fn lists_and_json_in_texts_inside_json_may_hold_ids() {
    let sql = format!(
        r#"{TABLES} create table notes(code text primary key, data text); insert into notes values
         ('x', '{{"pages": "5,12", "inner": "{{\"book_id\": 5}}", "ratio": "2:9"}}')"#
    );
    let places = ["notes.data at pages[*] -> pages", "notes.data at inner.book_id -> books"];
    holds(&sql, &[], &places);
    // No document can name rows there.
    let found = meaning(&sql);
    assert!(found.doubts.iter().all(|doubt| doubt.answers == [Answer::Nothing]), "{:?}", found.doubts);
}

/// A word in JSON means what it does as a column.
#[test]
fn bare_words_in_json_may_mean_a_table() {
    let sql = |json: &str| {
        format!(
            "{TABLES} create table custom_formats(id integer primary key, n); insert into custom_formats values (3, 'a'), (8, 'b');
             create table notes(code text primary key, data text); insert into notes values ('x', '{json}')"
        )
    };
    let format = "notes.data at [*].format -> custom_formats";
    holds(&sql(r#"[{"format": 3}, {"format": 8}]"#), &[], &[format]);
    holds(&sql(r#"{"main_book": 5}"#), &[], &["notes.data at main_book -> books"]);
    for nothing in [r#"[{"format": 4}]"#, r#"{"books": 5, "is_book": 2, "book_count": 5, "width": 5}"#] {
        holds(&sql(nothing), &[], &[]);
    }
}

#[test]
fn a_column_of_that_very_name_in_the_table_leaves_a_doubt() {
    let sql = |rows: &str| {
        format!(
            "create table projects(id integer primary key, name, main_project_id int); insert into projects values {rows};
             create table users(id integer primary key, name, main_project_id int);
             insert into users values (2, 'a', 1), (5, 'b', 3), (7, 'c', 1)"
        )
    };
    let own = "projects.main_project_id -> projects";
    holds(&sql("(1, 'x', 4), (3, 'y', 1)"), &[], &[own, "users.main_project_id -> projects"]);
}

#[test]
fn the_first_user_or_none_is_no_answer() {
    let sql = |column: &str| {
        format!(
            "create table users(id integer primary key, name); insert into users values (1, 'a'), (3, 'b');
             create table invoices(id integer primary key, {column} int, n); insert into invoices values (4, 0, 'x'), (6, 1, 'y')"
        )
    };
    holds(&sql("created_by"), &[], &["invoices.created_by -> users"]);
    holds(&sql("parent"), &[], &["invoices.parent -> invoices, users"]);
    // These say whether.
    holds(&sql("deleted_user"), &[], &[]);
    holds(&sql("is_owner"), &[], &[]);
}

#[test]
fn yes_and_no_in_an_array_in_a_role_are_no_ids() {
    let sql = r#"create table authors(id integer primary key, name); insert into authors values (1, 'a'), (2, 'b');
         create table notes(id integer primary key, data text); insert into notes values
         (1, '{"Good Authors": [["a", "authors", 0], ["b", "authors", 1]]}')"#;
    holds(sql, &[], &[]);
    holds(&sql.replace("1]]", "2]]"), &[], &["notes.data at Good Authors[*][*] -> authors"]);
}

#[test]
fn settings_name_rows_by_their_keys() {
    let sql = format!(
        "{TABLES} create table settings(key text primary key, value text);
         insert into settings values ('last_book_id', '5'), ('default_book', '9'), ('default_page', '12'), ('volume', '9'), ('last_used', '5')"
    );
    holds(
        &sql,
        &[],
        &[
            "settings.value where key = default_book -> books",
            "settings.value where key = last_book_id -> books",
        ],
    );
}

#[test]
fn a_number_within_a_key_counts_rows() {
    let sql = "create table lists(id integer primary key, n); create table items(list_id int references lists(id), place int, quux int, unique(list_id, quux));
         with recursive n(i) as (select 1 union all select i + 1 from n limit 30) insert into lists select i, 'x' from n;
         with recursive n(i) as (select 1 union all select i + 1 from n limit 30) insert into items select 7, i, i from n";
    let found = meaning(sql);
    assert_eq!(references(&found), Vec::<String>::new());
    assert!(!doubts(&found).iter().any(|doubt| doubt.contains("quux")), "{:?}", doubts(&found));
}

#[test]
fn core_data_says_nothing_and_any_integer_may_refer() {
    let sql = "create table Z_PRIMARYKEY(Z_ENT integer primary key, Z_NAME varchar, Z_SUPER integer, Z_MAX integer);
         create table Z_METADATA(Z_VERSION integer primary key, Z_UUID varchar, Z_PLIST blob);
         create table ZNOTE(Z_PK integer primary key, Z_ENT integer, Z_OPT integer, ZFOLDER integer, ZTITLE varchar);
         create table ZFOLDER(Z_PK integer primary key, Z_ENT integer, Z_OPT integer, ZNAME varchar);
         insert into Z_PRIMARYKEY values (1, 'Note', 0, 2); insert into ZNOTE values (1, 1, 1, 2, 'a'), (2, 1, 1, 1, 'b');
         insert into ZFOLDER values (1, 2, 1, 'x'), (2, 2, 1, 'y')";
    let found = meaning(sql);
    assert_eq!(references(&found), Vec::<String>::new());
    assert!(doubts(&found).contains(&"ZNOTE.ZFOLDER -> ZFOLDER, ZNOTE".to_owned()), "{:?}", doubts(&found));
}

/// What a migration tool keeps is no data, and migrations of birds are.
#[test]
fn a_table_is_not_left_out_by_its_name_alone() {
    for (columns, wanted) in
        [("species text, start text", "bird_migrations"), ("name text, applied_at text", "")]
    {
        let sql = format!(
            "create table bird_migrations(id integer primary key, {columns}); create table notes(code text primary key, item_id int);
             insert into bird_migrations values (3, 'a', 'b'), (7, 'c', 'd'); insert into notes values ('x', 3), ('y', 7)"
        );
        let wanted: Vec<String> = [wanted]
            .iter()
            .filter(|wanted| !wanted.is_empty())
            .map(|wanted| format!("notes.item_id -> {wanted}"))
            .collect();
        holds(&sql, &[], &wanted.iter().map(String::as_str).collect::<Vec<_>>());
    }
}
