//! The snapshot that a restore is of, as a file of this machine.

use super::Restore;
use crate::commands::configuration::Subject;
use crate::commands::{Context, input};
use anyhow::Result;
use larder::files;
use larder::snapshot::select::{Among, select};
use larder::store::{Fetched, Location, Store};
use larder::stream::Form;
use std::path::{Path, PathBuf};

/// A snapshot as a file of this machine.
pub(super) struct Chosen {
    pub path: PathBuf,
    /// What it is called: where it came from.
    pub name: PathBuf,
    _kept: Kept,
}

/// What keeps a file that is not the user's own.
#[expect(dead_code, reason = "it is kept for as long as the file is used")]
enum Kept {
    Nothing,
    Spooled(input::Spooled),
    Fetched(Fetched),
}

impl Restore {
    /// The snapshot that was named, as a file of this machine.
    pub(super) fn choose(&self, database: &Path, subject: &Subject, context: &Context<'_>) -> Result<Chosen> {
        let wanted = self.first.as_deref().expect("it is required unless there is an undo");
        let beside = files::folder_of(database);
        let folders: [&Path; 2] = [&context.temporary, &beside];
        if Location::of(wanted)?.path().is_some() && input::is_pipe(wanted)? {
            let spooled = input::spool(wanted, may_hold_database, self.max_size, &folders, context)?;
            let name = PathBuf::from(input::name(wanted));
            return Ok(Chosen { path: spooled.path.clone(), name, _kept: Kept::Spooled(spooled) });
        }
        match self.select(wanted, subject, context)? {
            Location::Path(path) => {
                let path = files::resolve(&path)?;
                Ok(Chosen { name: path.clone(), path, _kept: Kept::Nothing })
            }
            Location::Url(url) => {
                let fetched = larder::store::fetch(&url, &context.surroundings, &folders, context.ui)?;
                if !self.no_files && !self.wants_part() {
                    larder::store::fetch_files(&url, &fetched, &context.surroundings, context.ui)?;
                }
                context.ui.call(&fetched.path, &url.to_string());
                let name = PathBuf::from(url.to_string());
                Ok(Chosen { path: fetched.path.clone(), name, _kept: Kept::Fetched(fetched) })
            }
        }
    }

    /// Where the snapshot is that was named.
    fn select(&self, wanted: &Path, subject: &Subject, context: &Context<'_>) -> Result<Location> {
        let store = subject.store(self.from.as_deref())?;
        let is_there = store.path().is_none_or(Path::is_dir);
        let store = is_there.then(|| Store::open(&store, &context.surroundings)).transpose()?;
        let among = Among {
            store: store.as_ref(),
            app: &subject.app,
            zone: self.timezone,
            now: context.now,
            progress: context.ui,
        };
        select(wanted, among)
    }
}

/// Whether a file of this form can hold a database.
fn may_hold_database(form: Form) -> bool {
    matches!(form, Form::Sqlite | Form::Compressed(_) | Form::Age)
}
