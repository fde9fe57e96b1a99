//! Choosing tables of a schema, with what belongs to them.

use super::schema::{Object, ObjectKind};
use crate::error::{Fault, nearest};
use anyhow::Result;
use std::collections::BTreeSet;

/// Which tables are wanted; without names, all.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only these tables and views.
    pub only: Vec<String>,
    /// Not these.
    pub exclude: Vec<String>,
}

/// The part of a schema that was chosen.
#[derive(Debug, Clone)]
pub struct Selected {
    /// Its objects, in the order of their creation.
    pub objects: Vec<Object>,
    /// The tables whose rows in SQLite's own tables are wanted; nothing where all are.
    pub tables: Option<BTreeSet<String>>,
}

impl Selected {
    /// Whether a row of one of SQLite's own tables is wanted, which begins with the name of a table.
    pub fn wants(&self, table: &str) -> bool {
        self.tables.as_ref().is_none_or(|tables| tables.contains(&table.to_lowercase()))
    }

    /// Whether a table is one of SQLite's own whose rows are chosen by the table that they are about.
    pub fn is_filtered(&self, table: &str) -> bool {
        self.tables.is_some() && is_internal(table)
    }
}

impl Selection {
    /// Chooses tables and views, with the indexes and triggers of the tables, and the tables in which a chosen
    /// virtual table keeps its rows. SQLite's own tables are always there.
    pub fn choose(&self, objects: &[Object]) -> Result<Selected> {
        if self.only.is_empty() && self.exclude.is_empty() {
            return Ok(Selected { objects: objects.to_vec(), tables: None });
        }
        let only = self.only.iter().map(|name| find(name, objects)).collect::<Result<Vec<_>>>()?;
        let exclude = self.exclude.iter().map(|name| find(name, objects)).collect::<Result<Vec<_>>>()?;
        let named = |object: &Object, chosen: &[&Object], of_unknown: bool| {
            chosen.iter().any(|chosen| belongs(object, chosen) || is_shadow(object, chosen, of_unknown))
        };
        // Of a module that is not known, what may be its rows comes along, and is not left out either.
        let wanted = |object: &Object| {
            is_internal(&object.name)
                || (only.is_empty() || named(object, &only, true)) && !named(object, &exclude, false)
        };
        let objects: Vec<Object> = objects.iter().filter(|object| wanted(object)).cloned().collect();
        let tables = objects.iter().filter(|object| object.kind == ObjectKind::Table);
        let tables = Some(tables.map(|table| table.name.to_lowercase()).collect());
        Ok(Selected { objects, tables })
    }
}

/// The tables that SQLite keeps for itself: sequences and statistics.
pub fn is_internal(name: &str) -> bool {
    name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_"))
}

/// Whether an object is the chosen one, or its index or trigger.
fn belongs(object: &Object, chosen: &Object) -> bool {
    object.name.eq_ignore_ascii_case(&chosen.name) && object.kind == chosen.kind
        || object.table.eq_ignore_ascii_case(&chosen.name)
            && matches!(object.kind, ObjectKind::Index | ObjectKind::Trigger)
}

/// What SQLite's own modules append to a virtual table's name for the tables in which it keeps its rows
/// (`fts3.c`, `fts5_storage.c`, `rtree.c`).
const SHADOWS: [(&str, &[&str]); 5] = [
    ("fts3", &["_content", "_segments", "_segdir", "_docsize", "_stat"]),
    ("fts4", &["_content", "_segments", "_segdir", "_docsize", "_stat"]),
    ("fts5", &["_data", "_idx", "_content", "_docsize", "_config"]),
    ("rtree", &["_node", "_rowid", "_parent"]),
    ("rtree_i32", &["_node", "_rowid", "_parent"]),
];

/// Whether an object is a table in which a virtual table keeps its rows, or belongs to one: modules name it after the
/// virtual table. Which ends a module that is not known appends, `of_unknown` says: all, or none.
fn is_shadow(object: &Object, chosen: &Object, of_unknown: bool) -> bool {
    let Some(end) = object.table.to_lowercase().strip_prefix(&chosen.name.to_lowercase()).map(str::to_owned)
    else {
        return false;
    };
    let module = module_of(&chosen.sql).unwrap_or_default();
    match SHADOWS.iter().find(|(name, _)| *name == module) {
        Some((_, ends)) => ends.contains(&end.as_str()),
        None => of_unknown && chosen.is_virtual() && end.starts_with('_'),
    }
}

/// The module of a virtual table in lower case: the word after USING, which may stand in a quoted name before.
fn module_of(sql: &str) -> Option<String> {
    let mut quote = None;
    let mut is_outside = |c: char| {
        match (quote, c) {
            (Some(end), c) if end == c => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '[') => quote = Some(']'),
            _ => {}
        }
        quote.is_none()
    };
    // What is quoted becomes spaces, so that words are told apart.
    let plain: String =
        sql.chars().map(|c| if is_outside(c) && !"\"'`]".contains(c) { c } else { ' ' }).collect();
    let plain = plain.to_lowercase();
    let mut words = plain.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.find(|word| *word == "using")?;
    words.next().map(str::to_owned)
}

fn find<'a>(name: &str, objects: &'a [Object]) -> Result<&'a Object> {
    let choices =
        || objects.iter().filter(|object| matches!(object.kind, ObjectKind::Table | ObjectKind::View));
    choices().find(|object| object.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let names = choices().filter(|object| !is_internal(&object.name)).map(|object| object.name.as_str());
        let names: Vec<&str> = names.collect();
        Fault::usage(format!("there is no table {name:?}")).hint(nearest(name, &names)).into()
    })
}

#[cfg(test)]
mod tests {
    use super::super::schema::objects;
    use super::*;
    use rusqlite::Connection;

    fn choose(only: &[&str], exclude: &[&str]) -> Result<Vec<String>> {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(
            "create table movies(id integer primary key autoincrement, name);
             create table people(name primary key);
             create index by_name on movies(name);
             create trigger on_people insert on people begin select 1; end;
             create view best as select * from movies;
             create virtual table search using fts5(name);",
        )
        .expect("create");
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let selection = Selection { only: owned(only), exclude: owned(exclude) };
        let selected = selection.choose(&objects(&db).expect("objects"))?;
        Ok(selected.objects.into_iter().map(|object| object.name).collect())
    }

    #[test]
    fn a_table_comes_with_its_indexes_and_triggers_and_the_sequences() {
        assert_eq!(choose(&["Movies"], &[]).expect("choose"), ["movies", "sqlite_sequence", "by_name"]);
        assert_eq!(choose(&["people"], &[]).expect("choose"), ["sqlite_sequence", "people", "on_people"]);
    }

    #[test]
    fn a_virtual_table_comes_and_goes_with_its_shadows() {
        assert_eq!(choose(&["search"], &[]).expect("choose").len(), 7);
        let rest = choose(&[], &["search", "best"]).expect("choose");
        assert_eq!(rest, ["movies", "sqlite_sequence", "people", "by_name", "on_people"]);
    }

    #[test]
    fn a_table_that_is_only_named_like_a_shadow_is_none() {
        let object = |name: &str, sql: &str| Object {
            kind: ObjectKind::Table,
            name: name.to_owned(),
            table: name.to_owned(),
            sql: sql.to_owned(),
        };
        let search = object("search", "CREATE VIRTUAL TABLE search USING fts5(name)");
        let theirs = object("search", "create virtual table main.\"search\" using Theirs (x)");
        let shadow = object("Search_Data", "");
        let other = object("search_history", "");
        assert!(is_shadow(&shadow, &search, true) && is_shadow(&shadow, &search, false));
        assert!(!is_shadow(&other, &search, true) && !is_shadow(&other, &search, false));
        assert!(is_shadow(&other, &theirs, true) && !is_shadow(&other, &theirs, false));
        assert!(!is_shadow(&object("searches", ""), &theirs, true));
    }

    #[test]
    fn an_unknown_table_is_an_error_with_the_nearest() {
        let hint = |name: &str| {
            let error = choose(&[name], &[]).expect_err("no such table");
            crate::error::hint(&error).expect("a hint")
        };
        assert_eq!(hint("movie"), "did you mean \"movies\"?");
        assert!(hint("zebras").starts_with("there are movies, people, best, search"));
    }
}
