//! Where SQLite puts its own temporary files: what a sort or an index does not hold in memory, what a statement may have to
//! undo.
//!
//! They hold rows of the database. Left to itself, SQLite puts them where everybody may list them (`/var/tmp`), on a file
//! system that nobody looked at.

use crate::files::{self, Scratch};
use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;

/// A private folder for them, for all connections of this process, until the value is dropped. A process has one at most.
#[derive(Debug)]
pub struct TemporaryFiles {
    scratch: Scratch,
}

impl TemporaryFiles {
    /// Makes it in the first of the folders that takes files.
    pub fn keep_in(folders: &[&Path]) -> Result<Self> {
        let scratch = Scratch::new_in(files::roomy_folder(folders, 0))?;
        set(scratch.folder())?;
        Ok(Self { scratch })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.scratch.folder()
    }
}

impl Drop for TemporaryFiles {
    fn drop(&mut self) {
        // Where that fails, SQLite passes over a folder that is not there any more.
        let _ = set(Path::new(""));
    }
}

/// The setting is one of the process, made by a connection, under SQLite's own lock.
fn set(folder: &Path) -> Result<()> {
    // What is not UTF-8 cannot be said; TMPDIR, which SQLite knows too, leads there.
    if let Some(folder) = folder.to_str() {
        Connection::open_in_memory()?.pragma_update(None, "temp_store_directory", folder)?;
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// The files in a folder that this process has open, but for its lock. They have no names: `O_TMPFILE`.
    fn open_files(folder: &Path) -> Vec<PathBuf> {
        let open = std::fs::read_dir("/proc/self/fd").expect("Linux").flatten();
        let links = open.filter_map(|entry| std::fs::read_link(entry.path()).ok());
        links.filter(|path| path.starts_with(folder) && !path.ends_with("lock")).collect()
    }

    #[test]
    fn what_a_sort_does_not_hold_in_memory_lies_in_the_private_folder() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let temporary = TemporaryFiles::keep_in(&[folder.path()]).expect("a folder");
        let db = Connection::open(folder.path().join("a.db")).expect("open");
        db.execute_batch(
            "pragma cache_size = 10; create table t(a);
             insert into t with recursive n(i) as (select 1 union all select i + 1 from n limit 20000)
                select randomblob(500) from n",
        )
        .expect("fill");
        let mut statement = db.prepare("select a from t order by a").expect("prepare");
        let mut rows = statement.query([]).expect("query");
        rows.next().expect("sorted").expect("a row");
        assert_eq!(open_files(temporary.folder()).len(), 1);
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &std::fs::metadata(temporary.folder()).expect("there").permissions(),
        );
        assert_eq!(mode & 0o777, 0o700);
    }
}
