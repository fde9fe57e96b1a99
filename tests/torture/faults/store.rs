//! What is in the store of a scene: whole snapshots, each with its manifest, and nothing else that looks like one.

use super::states::{Letters, OTHER};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The snapshots of a store.
#[derive(Debug, Default)]
pub struct Store {
    /// The letter of each by its name.
    pub held: BTreeMap<String, &'static str>,
    /// Names of those that somebody wanted, and which are not there for a restore or an import only.
    pub regular: Vec<String>,
    /// Names of those that do not say yet that what they were made for happened.
    pub pending: Vec<String>,
    /// Manifests without a snapshot.
    pub orphans: Vec<String>,
    /// What looks finished and is not whole.
    pub wrong: Vec<String>,
}

impl Store {
    pub fn look(folder: &Path, letters: &mut Letters, scratch: &Path) -> Self {
        let mut store = Self::default();
        let names: Vec<String> = match std::fs::read_dir(folder) {
            Ok(entries) => entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect(),
            Err(_) => Vec::new(),
        };
        for name in &names {
            if let Some(stem) = name.strip_suffix(".db.gz") {
                let bytes = std::fs::read(folder.join(name)).expect("read");
                let letter = letters.of_packed(&bytes, scratch);
                match manifest(&folder.join(format!("{stem}.meta.json"))) {
                    Err(what) => store.wrong.push(format!("{name} has {what}")),
                    Ok(manifest) if manifest["sha256"] != hexadecimal(&Sha256::digest(&bytes)) => {
                        store.wrong.push(format!("{name} is not what its manifest says"));
                    }
                    Ok(_) if letter == OTHER => store.wrong.push(format!("{name} holds {letter}")),
                    Ok(manifest) if manifest["kind"] == "manual" => store.regular.push(name.clone()),
                    Ok(manifest) if manifest["replaced_by"]["state"] == "pending" => {
                        store.pending.push(name.clone());
                    }
                    Ok(_) => {}
                }
                store.held.insert(name.clone(), letter);
            } else if let Some(stem) = name.strip_suffix(".meta.json") {
                let snapshot = format!("{stem}.db.gz");
                store.orphans.extend((!names.contains(&snapshot)).then(|| name.clone()));
            } else if !name.starts_with('.') {
                store.wrong.push(format!("{name} is in the store"));
            }
        }
        store
    }

    /// The letters of the snapshots that somebody wanted.
    pub fn letters(&self) -> Vec<&'static str> {
        self.regular.iter().map(|name| self.held[name]).collect()
    }

    pub fn holds(&self, letter: &str) -> bool {
        self.held.values().any(|held| *held == letter)
    }
}

fn manifest(path: &Path) -> Result<Value, String> {
    let bytes = std::fs::read(path).map_err(|_| "no manifest".to_owned())?;
    serde_json::from_slice(&bytes).map_err(|error| format!("a manifest that is none: {error}"))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
