//! The binary, run as a user runs it: a file a command, and one for each promise that spans commands.

mod accepted;
mod anonymize;
mod any_import;
mod application;
mod apps;
mod arguments;
mod aside;
mod check;
mod choosing;
mod circles;
mod closures;
mod cloud;
mod comparing;
mod condensed;
mod condensed_found;
mod config;
mod damage;
mod documents;
mod doubts;
mod emptied;
mod encryption;
mod encryption_keys;
mod ends;
mod equal_rows;
mod failpoints;
mod failpoints_encrypted;
mod failpoints_items;
mod fields;
mod filters;
mod fixtures;
mod flat;
mod formats;
mod generated;
mod hooks;
mod identity;
mod import;
mod import_found;
mod init;
mod inside_columns;
mod keys;
mod layout;
mod leaks;
mod limits;
mod links;
mod list;
mod names;
mod on_error;
mod owners;
mod pair;
mod parts;
mod pipes;
mod plans;
mod prompts;
mod prune;
mod prune_doubtful;
mod readme;
mod regression;
mod remote;
mod replace_all;
mod restore;
mod rows;
mod same;
mod scene;
mod schedule;
mod scope;
mod secrets;
mod servers;
mod settings;
mod settles;
mod several;
mod shared;
mod sidecars;
mod signed_in;
mod snapshot;
mod sources;
mod stored;
mod strategies;
mod tables;
mod terminal;
mod validate;
mod validate_items;
mod verdicts;
mod writers;
mod years;

/// A test file that nobody names here would never run.
#[test]
fn every_test_file_is_a_module() {
    let named = include_str!("main.rs");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    for entry in std::fs::read_dir(folder).expect("the tests are here").flatten() {
        let file = entry.file_name().into_string().expect("a name");
        let module = file.trim_end_matches(".rs");
        assert!(module == "main" || named.contains(&format!("mod {module};")), "{file} is forgotten");
    }
}
