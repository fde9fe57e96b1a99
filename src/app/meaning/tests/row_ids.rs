use super::{class, numbered};
use crate::app::meaning::Class;

#[test]
fn a_row_id_is_known_by_its_name_and_its_values() {
    for (table, rows, expected) in [
        ("t(id integer primary key)", numbered([1, 2, 3]), Class::Surrogate),
        ("movies(movie_id integer primary key)", numbered([1, 900]), Class::Surrogate),
        ("event_data(data_id integer primary key)", numbered([1, 2]), Class::Surrogate),
        ("files(idFile integer primary key)", numbered([3, 9, 70]), Class::Surrogate),
        ("dashboards(dash_id integer primary key)", numbered([1, 2]), Class::Surrogate),
        ("ACCOUNT_V1(ACCOUNTID integer primary key)", numbered([1, 2]), Class::Surrogate),
        ("t(a integer primary key autoincrement)", numbered([1, 2]), Class::Surrogate),
        ("t(a)", numbered([1, 2]), Class::Surrogate),
        // Deleted rows do not make an id a key, and one counted up is not always one that SQLite gave.
        ("t(id integer primary key)", numbered([5, 4000, 9000, 20_000, 90_000]), Class::Unclear),
        ("t(id integer primary key)", numbered([45_000, 12_000_000]), Class::Unclear),
        ("t(id int primary key)", numbered([1, 2]), Class::Unclear),
        ("t(id int primary key)", numbered([100, 2000]), Class::Natural),
        ("t(group_id integer primary key)", numbered([1, 2]), Class::Unclear),
        // What says something.
        ("t(id integer primary key)", numbered([-7, 5]), Class::Natural),
        ("t(id integer primary key)", numbered([1 << 41, 1 << 42]), Class::Natural),
        ("t(id integer primary key autoincrement)", numbered([1 << 41, 1 << 42]), Class::Natural),
        ("t(id integer primary key)", numbered([1_500_000_000, 1_600_000_000]), Class::Natural),
        (
            "t(id integer primary key autoincrement)",
            numbered([1_500_000_000, 1_600_000_000]),
            Class::Surrogate,
        ),
        ("t(id integer primary key check (id = 1))", numbered([1]), Class::Natural),
        ("movies(tmdb_id integer primary key)", numbered([1, 2]), Class::Natural),
        ("tmdb(tmdb_id integer primary key)", numbered([1, 2]), Class::Surrogate),
        ("elements(atomic_number integer primary key)", numbered([1, 2, 3]), Class::Natural),
        ("years(year integer primary key)", numbered([1, 2, 3]), Class::Natural),
        // Some applications keep rows of their own below zero.
        ("recipes(id integer primary key)", numbered([-2, -1, 1, 2, 3, 4]), Class::Surrogate),
    ] {
        let name = table.split('(').next().unwrap_or_default();
        let sql = format!("create table {table}; insert into {name} values {rows}");
        assert_eq!(class(&sql, name), expected, "{sql}");
    }
}

#[test]
fn numbers_that_other_tables_names_end_with_say_something() {
    let sql = "create table custom_columns(id integer primary key, label);
         create table custom_column_1(id integer primary key, value); create table custom_column_2(id integer primary key, value);
         insert into custom_columns values (1, 'a'), (2, 'b')";
    assert_eq!(class(sql, "custom_columns"), Class::Natural);
    assert_eq!(class(sql, "custom_column_1"), Class::Surrogate);
    assert_eq!(
        class(&format!("{sql}; insert into custom_columns values (9, 'c')"), "custom_columns"),
        Class::Surrogate
    );
}

#[test]
fn a_row_id_that_refers_is_a_reference() {
    let sql = "create table users(id integer primary key, name);
         create table profiles(user_id integer primary key references users(id), bio);
         insert into users values (4, 'a'), (9, 'b'); insert into profiles values (9, 'x')";
    assert_eq!(class(sql, "profiles"), Class::Reference);
    assert_eq!(class(&sql.replace(" references users(id)", ""), "profiles"), Class::Reference);
}

#[test]
fn an_id_of_something_else_is_a_row_id_where_a_foreign_key_leads_to_it() {
    let sql = "create table t(group_id integer primary key, a); create table c(x references t(group_id));
         insert into t values (1, 'a'), (2, 'b')";
    assert_eq!(class(sql, "t"), Class::Surrogate);
}
