//! Whether a store does what it must: everything is tried with a small file that is no snapshot.

use super::{Folder, Store};
use crate::error::Fault;
use crate::files;
use crate::platform;
use crate::progress::{Progress, go_on};
use anyhow::{Context, Result};
use std::hash::{BuildHasher, RandomState};
use std::io::Write;

/// How large the file is.
const SIZE: usize = 100_000;

/// Tries everything, and says each step to `did` when it worked. The error names the step that did not.
pub fn probe(store: &Store, progress: &dyn Progress, did: &mut dyn FnMut(&str)) -> Result<()> {
    let state = RandomState::new();
    let file = format!(".larder-test-{:016x}", state.hash_one(0));
    let bytes: Vec<u8> = (0..SIZE).map(|at| state.hash_one(at).to_le_bytes()[0]).collect();
    let mut done = |step: &str| {
        did(step);
        go_on(progress)
    };
    names(store).context("it cannot be reached")?;
    done("it is there, and can be listed")?;
    write(store, &file, &bytes).context("it cannot be written to")?;
    let tried = (|| {
        done(&format!("a file of {SIZE} bytes is written"))?;
        if read(store, &file).context("what was written cannot be read back")? != bytes {
            return Err(Fault::failed("what was read back is not what was written").into());
        }
        done("it is read back, and the same")?;
        if !names(store).context("it cannot be listed again")?.contains(&file) {
            return Err(Fault::failed("what was written is not listed").into());
        }
        done("it is listed")
    })();
    let deleted = delete(store, &file).context("what was written cannot be deleted");
    tried?;
    deleted?;
    if names(store)?.contains(&file) {
        return Err(Fault::failed("what was deleted is still listed").into());
    }
    done("it is deleted")
}

/// How many bytes may still be put there, where the store tells.
pub fn room(store: &Store) -> Result<Option<u64>> {
    match store {
        Store::Folder(folder) => {
            platform::free_space(folder.path()).context("cannot ask how much space is free")
        }
        Store::Remote(remote) => remote.room(),
    }
}

fn names(store: &Store) -> Result<Vec<String>> {
    match store {
        Store::Folder(folder) => {
            let entries = files::entries(folder.path())?;
            Ok(entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        }
        Store::Remote(remote) => remote.names(),
    }
}

fn write(store: &Store, file: &str, bytes: &[u8]) -> Result<()> {
    match store {
        Store::Folder(folder) => {
            let mut output = files::create(&path(folder, file))?;
            output.write_all(bytes)?;
            output.sync()
        }
        Store::Remote(remote) => remote.write_small(file, bytes),
    }
}

fn read(store: &Store, file: &str) -> Result<Vec<u8>> {
    let limit = SIZE as u64 + 1;
    match store {
        Store::Folder(folder) => files::read_small(&path(folder, file), limit),
        Store::Remote(remote) => remote.read_small(file, limit),
    }
}

fn delete(store: &Store, file: &str) -> Result<()> {
    match store {
        Store::Folder(folder) => files::remove(&path(folder, file)),
        Store::Remote(remote) => remote.delete(file),
    }
}

fn path(folder: &Folder, file: &str) -> std::path::PathBuf {
    folder.path().join(file)
}
