//! What the README says is so: its commands run, its files exist.

use super::fixtures::fill;
use super::scene::Scene;
use std::path::Path;

const README: &str = include_str!("../../README.md");

#[test]
fn the_commands_run_in_their_order() {
    let scene = Scene::new();
    fill(
        &scene.path("movies.db"),
        "create table lists(id integer primary key, name text unique); insert into lists(name) values ('Favourites');
         create table movies(id integer primary key, title text, list_id references lists)",
    );
    let mut commands = 0;
    for line in README.lines().filter_map(|line| line.strip_prefix("$ larder ")) {
        scene.larder(line.split(' ')).run().succeeds();
        commands += 1;
    }
    assert!(commands >= 14, "{commands}");
}

#[test]
fn the_files_that_it_names_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for link in README.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(root.join(link).exists(), "{link}");
    }
}

#[test]
fn every_dependency_has_its_line() {
    let manifest = include_str!("../../Cargo.toml");
    let reasons = include_str!("../../docs/dependencies.md");
    let mut section = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.ends_with("dependencies]")
            && !section.contains("dev")
            && let Some((name, _)) = line.split_once(" = ")
            && !line.starts_with([' ', '#', ']'])
        {
            assert!(reasons.contains(name), "{name} has no line in docs/dependencies.md");
        }
    }
}
