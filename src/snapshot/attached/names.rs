//! What the files of an archive are called, so that it can be asked whether one is there that a row names.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

/// The paths of files, and the ends of these paths. Eight bytes for each: there may be a million files.
#[derive(Debug, Default)]
pub(super) struct Names {
    hashes: HashSet<u64>,
    state: RandomState,
}

impl Names {
    /// Adds a file, which is found by its path, and by every end of it that begins behind a slash.
    pub(super) fn add(&mut self, path: &Path) {
        let bytes = path.as_os_str().as_encoded_bytes();
        self.hashes.insert(self.state.hash_one(bytes));
        for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| is_separator(**byte)) {
            self.hashes.insert(self.state.hash_one(&bytes[at + 1..]));
        }
    }

    /// Whether a file is there of which a value is the path, or the end of it.
    pub(super) fn has(&self, value: &str) -> bool {
        self.hashes.contains(&self.state.hash_one(value.as_bytes()))
    }
}

fn is_separator(byte: u8) -> bool {
    byte == b'/' || (cfg!(windows) && byte == b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_every_end_of_its_path() {
        let mut names = Names::default();
        names.add(Path::new("attachments/cipher/file"));
        for value in ["file", "cipher/file", "attachments/cipher/file"] {
            assert!(names.has(value), "{value}");
        }
        for value in ["le", "cipher", "attachments", "", "other/file"] {
            assert!(!names.has(value), "{value}");
        }
    }
}
