//! `larder snapshot -o`: a single file without a manifest.

use super::{Done, Locks, Snapshot, show};
use crate::commands::Context;
use crate::commands::configuration::Subject;
use crate::commands::keys::KeySettings;
use crate::commands::shelf::Failures;
use anyhow::Result;
use larder::error::Fault;
use larder::snapshot::create::{self, Created};
use larder::store::{Location, SnapshotName};
use larder::stream::Compression;
use std::path::Path;

impl Snapshot {
    /// Writes a snapshot to a file.
    pub(super) fn to_file(&self, output: &Path, subject: &Subject, context: &Context<'_>) -> Result<Done> {
        let settings = KeySettings::of(&subject.config)?;
        let keys = self.keys.keys(&settings, context)?;
        let (file, compression, lock) = if output.is_dir() {
            let lock = self.encrypt.lock(&self.keys, &settings, context)?;
            let compression = self.compression(subject);
            let mut name = SnapshotName::new(&subject.app, context.now, compression);
            name.encrypted = lock.is_some();
            (output.join(name.file_name()), compression, lock)
        } else {
            refuse_unwritable(output)?;
            let lock = self.encrypt.lock_of(Some(output), false, &self.keys, &settings, context)?;
            let named = Compression::by_name(output);
            (output.to_owned(), self.compress.map_or(named, Compression::from), lock)
        };
        let locks = Locks { lock, keys, settings, state: None };
        let options = self.options(subject, compression, &locks, None, context)?;
        let made = create::in_file(&subject.database, &file, self.force, &options)?;
        let made = Created::New(Box::new(made));
        let result = show::show(&made, context)?;
        self.warn(&file, &locks, context);
        let (suspicion, is_unmet) = (show::suspicion(&made), show::is_unmet(&made));
        Ok(Done { path: show::path_of(&made), result, suspicion, is_unmet, failures: Failures::default() })
    }
}

fn refuse_unwritable(file: &Path) -> Result<()> {
    if Location::of(file)?.path().is_none() {
        return Err(Fault::usage("-o writes a file of this machine")
            .hint("--to takes the URL of a remote store")
            .into());
    }
    if file == Path::new("-") {
        return Err(Fault::usage(
            "a snapshot is read back before it counts, so it cannot go to the standard output",
        )
        .hint("name a file: -o FILE.db.gz")
        .into());
    }
    Ok(())
}
