//! What a scene came to: whether the command did its work, and what is in the folder.

use super::scenes::{Aim, OLD_DOCUMENT, Scene};
use super::states::{Letters, MISSING, OTHER};
use super::store::Store;
use rusqlite::Connection;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::DirEntry;
use std::path::{Path, PathBuf};

/// How far a command came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Old,
    New,
    /// Some of the snapshots that should go are gone.
    Part,
    /// Nothing is in the place of the database, and what was there is aside: the next command finishes what was begun.
    Between,
    Wrong,
}

/// What can be seen.
#[derive(Debug)]
pub struct Seen {
    pub reach: Reach,
    /// What the database of the scene holds, as each sees it who can: a copy of its files, and the program that has it open.
    pub letters: Vec<&'static str>,
    pub store: Store,
    /// What was moved aside holds these.
    pub aside: Vec<&'static str>,
}

/// What is needed to look.
pub struct Eyes<'a> {
    pub letters: &'a mut Letters,
    /// The data of a document of `A`.
    pub document: Option<&'a Value>,
    /// A folder for copies.
    pub scratch: &'a Path,
}

impl Eyes<'_> {
    pub fn look(&mut self, scene: &Scene, folder: &Path, other_program: Option<Connection>) -> Seen {
        let database = folder.join(match scene.aim {
            Aim::Database(name) => name,
            _ => "app.db",
        });
        // First what a crash would leave, then what the other program sees, then what is left when it is gone.
        let mut letters = vec![self.letters.of_file(&database, self.scratch)];
        if let Some(db) = other_program {
            letters.push(self.letters.of(&db));
            drop(db);
            letters.push(self.letters.of_file(&database, self.scratch));
        }
        let store = Store::look(&folder.join("backups"), self.letters, self.scratch);
        let aside: Vec<_> =
            aside(folder).iter().map(|path| self.letters.of_file(path, self.scratch)).collect();
        let reach = if letters == [MISSING] && scene.moves() && aside.contains(&scene.old) {
            Reach::Between
        } else {
            self.reach(scene, folder, &letters, &store)
        };
        Seen { reach, letters, store, aside }
    }

    fn reach(&self, scene: &Scene, folder: &Path, letters: &[&'static str], store: &Store) -> Reach {
        let is_of_scene = |letter: &&&str| [scene.old, scene.new].contains(letter);
        let mut left = store.letters();
        left.sort_unstable();
        match scene.aim {
            _ if !letters.iter().all(|letter| is_of_scene(&letter)) => Reach::Wrong,
            Aim::Database(_) if letters.last() == Some(&scene.new) => Reach::New,
            Aim::Snapshot if left.contains(&"A") && scene.prunes() && left != ["A"] => Reach::Part,
            Aim::Snapshot if left.contains(&"A") => Reach::New,
            Aim::Database(_) | Aim::Snapshot => Reach::Old,
            Aim::Prune => match left.as_slice() {
                ["A"] => Reach::New,
                ["A", "X", "Y", "Z"] => Reach::Old,
                left if left.contains(&"A") => Reach::Part,
                _ => Reach::Wrong,
            },
            Aim::Document => match std::fs::read(folder.join("out.json")) {
                Ok(bytes) if bytes == OLD_DOCUMENT.as_bytes() => Reach::Old,
                Ok(bytes) if data(&bytes).as_ref() == self.document => Reach::New,
                _ => Reach::Wrong,
            },
        }
    }
}

impl Seen {
    /// What the database holds in the end.
    pub fn letter(&self) -> &'static str {
        self.letters.last().unwrap_or(&OTHER)
    }
}

/// Begins the name of a folder that holds a database which was moved aside.
pub const ASIDE: &str = "app.db.aside-";

fn aside(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let is_aside = |entry: &DirEntry| entry.file_name().to_string_lossy().starts_with(ASIDE);
    entries.filter(is_aside).map(|entry| entry.path().join("app.db")).collect()
}

/// The items of a document; none of what is no whole document.
pub fn data(document: &[u8]) -> Option<Value> {
    let document: Value = serde_json::from_slice(document).ok()?;
    document.get("data").cloned()
}

/// The names in a folder and below, with every number made the same.
pub fn names(folder: &Path) -> BTreeSet<String> {
    let (mut names, mut folders) = (BTreeSet::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").flatten() {
            let path = entry.path();
            let name = path.strip_prefix(folder).expect("it is below").to_string_lossy().into_owned();
            names.insert(alike(&name));
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    names
}

/// A name without its numbers: those of a time, and the one of the second thing of the same second.
fn alike(name: &str) -> String {
    let mut alike = String::new();
    for character in name.chars() {
        let character = if character.is_ascii_digit() { '#' } else { character };
        if character != '#' || !alike.ends_with('#') {
            alike.push(character);
        }
    }
    alike.replace("Z-#", "Z")
}
