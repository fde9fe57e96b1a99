//! What stands in the way of putting files back: what is never replaced, and what no snapshot takes.

use super::Base;
use super::walk::{Seen, walk};
use crate::error::Fault;
use crate::files;
use crate::progress::Progress;
use anyhow::Result;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// How many things a message names.
const NAMED: usize = 3;

/// What is where files are put back and no snapshot takes: a safety snapshot has not got it.
#[derive(Debug, Default)]
pub(super) struct LeftOut(Vec<PathBuf>);

impl LeftOut {
    /// Whether any of it is at a path, or below.
    pub(super) fn has(&self, path: &Path) -> bool {
        self.0.iter().any(|left| left.starts_with(path))
    }

    pub(super) fn tell(&self, progress: &dyn Progress) {
        if self.0.is_empty() {
            return;
        }
        let named: Vec<String> =
            self.0.iter().take(NAMED).map(|path| format!("{:?}", path.to_string_lossy())).collect();
        let more = if self.0.len() > NAMED { ", …" } else { "" };
        progress.warn(&format!(
            "no snapshot takes {}{more}: what was there is kept beside what was put back",
            named.join(", ")
        ));
    }
}

/// Looks at all that is in `roots`, which are to be replaced. That a store is in it is an error.
pub(super) fn survey(base: &Base, roots: &[PathBuf], progress: &dyn Progress) -> Result<LeftOut> {
    let mut left = LeftOut::default();
    walk(base, roots, progress, &mut |path, seen| match seen {
        // That of this run, or what is swept away anyhow.
        Seen::Larders if path.file_name().is_some_and(files::is_scratch) => Ok(()),
        Seen::Not(_) | Seen::Larders => {
            left.0.push(path.to_owned());
            Ok(())
        }
        Seen::Never(what) => Err(would_go(path, what).into()),
        Seen::Store => Err(would_go(path, super::STORE).into()),
        Seen::Folder(_) | Seen::File(..) | Seen::Link(..) => Ok(()),
    })?;
    Ok(left)
}

fn would_go(path: &Path, what: &str) -> Fault {
    let path = path.display();
    Fault::failed(format!("{path} is {what}, in a folder which the files of the snapshot would replace"))
        .hint("move it out of that folder, or restore the database alone with --no-files")
}

/// Looks whether what comes out of an archive would take the place of what is never among the files.
pub(super) struct InTheWay<'a> {
    base: &'a Base,
    /// The paths that were looked at.
    seen: HashSet<PathBuf>,
}

impl<'a> InTheWay<'a> {
    pub(super) fn new(base: &'a Base) -> Self {
        Self { base, seen: HashSet::new() }
    }

    /// An error where a path, or one around it, is that of something else here.
    pub(super) fn check(&mut self, path: &Path) -> Result<()> {
        for path in path.ancestors().filter(|path| !path.as_os_str().is_empty()) {
            if !self.seen.insert(path.to_owned()) {
                return Ok(());
            }
            if let Some(what) = self.base.never(&self.base.place_of(path))? {
                let path = path.to_string_lossy();
                let message = format!("the snapshot has the files {path:?}, which here is {what}");
                return Err(Fault::failed(message)
                    .hint("move it out of the way, or restore the database alone with --no-files")
                    .into());
            }
        }
        Ok(())
    }

    /// An error where something that is never replaced is, or is to be, in a folder that is replaced whole.
    pub(super) fn check_whole(&self, place: &Path) -> Result<()> {
        let place = std::fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
        match self.base.skipped.iter().find(|(skipped, _)| skipped.starts_with(&place)) {
            Some((skipped, what)) => Err(would_go(skipped, what).into()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_larders_or_in_the_snapshot_itself_is_in_the_way() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().canonicalize().expect("a path");
        std::fs::create_dir_all(folder.join("data/other")).expect("a folder");
        std::fs::write(folder.join("data/other/.larder-store"), "").expect("a marker");
        let base = Base::of(&folder.join("app.db"), &[folder.join("backups"), folder.join("deep/store")]);
        let check =
            |path: &str| InTheWay::new(&base).check(Path::new(path)).map_err(|error| error.to_string());
        for (path, what) in [
            ("app.db", "the database"),
            ("app.db-wal", "a part of the database"),
            ("larder.toml", "larder's settings"),
            ("backups/own.txt", "a store"),
            ("data/other/x", "a store"),
            (".larder-store", "what larder keeps for itself"),
        ] {
            let error = check(path).expect_err(path);
            assert!(error.contains(what), "{path}: {error}");
        }
        for path in ["other.db", "data/x", "deep/x", "data/larder.toml"] {
            check(path).expect("it is not in the way");
        }
        assert!(InTheWay::new(&base).check_whole(&folder.join("deep")).is_err());
        assert!(InTheWay::new(&base).check_whole(&folder.join("data")).is_ok());
    }
}
