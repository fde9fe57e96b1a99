//! Which of the files of a snapshot are put back without a word: those that the settings here name, or those of a known
//! application. A snapshot may be somebody else's, and what it names is for its maker to choose.

use super::Pattern;
use crate::error::Fault;
use crate::snapshot::create::WantFiles;
use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;

/// Which files of a snapshot are put back.
#[derive(Clone, Copy)]
pub enum PutBack<'a> {
    /// None.
    No,
    /// Those that are named here, as is said of a copy of the database; others are an error.
    Named {
        /// Says which they are.
        named: &'a WantFiles<'a>,
        /// The user's home, in which names that begin with a dot are those of settings.
        home: Option<&'a Path>,
    },
    /// All that it has.
    All,
}

/// What may be put back.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    /// The home of the user, where the database is in it, and its settings may not be replaced.
    spares_dots: bool,
}

impl PutBack<'_> {
    /// What may be put back of a snapshot that has files of these patterns, beside a database in `folder`. An error where one of them
    /// is not named here.
    pub(super) fn allow(
        self,
        theirs: &[Pattern],
        folder: &Path,
        copy: impl FnOnce() -> Result<Connection>,
    ) -> Result<Allowed> {
        let Self::Named { named, home } = self else { return Ok(Allowed::default()) };
        let ours = named(&copy()?)?.map_or_else(Vec::new, |wanted| wanted.paths);
        let others: Vec<String> = theirs
            .iter()
            .filter(|their| !ours.iter().any(|our| our.covers(their)))
            .map(|their| format!("{:?}", their.to_string()))
            .collect();
        if !others.is_empty() {
            let message = format!(
                "the snapshot has files that neither larder.toml here nor a known application names: {}",
                others.join(", ")
            );
            return Err(refused(message).into());
        }
        let is_home = home.is_some_and(|home| std::fs::canonicalize(home).is_ok_and(|home| home == folder));
        let names_dots = ours.iter().any(|our| our.parts().first().is_some_and(|part| part.starts_with('.')));
        Ok(Allowed { spares_dots: is_home && !names_dots })
    }
}

impl Allowed {
    /// An error where a path may not be put back.
    pub(super) fn check(&self, path: &Path) -> Result<()> {
        let begins_with_dot = path.as_os_str().as_encoded_bytes().starts_with(b".");
        if self.spares_dots && begins_with_dot {
            let message =
                format!("the snapshot has {:?}, which would be in your home folder", path.to_string_lossy());
            return Err(refused(message).into());
        }
        Ok(())
    }
}

fn refused(message: String) -> Fault {
    Fault::usage(message).hint(
        "--files puts them back all the same, where you trust it; --no-files restores the database alone",
    )
}
