//! What a database holds now, which tells what happened to it.

use super::super::catalog::Entry;
use super::super::safety::Safety;
use super::replacement;
use crate::database::check::is_damage;
use crate::database::content::content_digest;
use crate::database::copy::copy;
use crate::database::{ReadOptions, Source};
use crate::files::{self, Scratch};
use crate::stream::Digest;
use anyhow::{Context, Result};
use std::cell::OnceCell;
use std::path::Path;

/// What the database says of a replacement that was about to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Outcome {
    /// The database holds what was to come in.
    Happened,
    /// The database holds what was there before.
    DidNot,
    /// It holds neither.
    Unknown,
}

/// The database as it is now, which is read once and only where somebody asks.
pub(in super::super) struct Now<'a> {
    database: &'a Path,
    pub(super) safety: &'a Safety<'a>,
    content: OnceCell<Option<Digest>>,
}

impl<'a> Now<'a> {
    /// Nothing is read yet.
    pub fn new(database: &'a Path, safety: &'a Safety<'a>) -> Self {
        Self { database, safety, content: OnceCell::new() }
    }

    /// Its content digest; nothing where no database is there, or a damaged one.
    pub fn content(&self) -> Result<Option<Digest>> {
        if let Some(content) = self.content.get() {
            return Ok(*content);
        }
        let content = content_now(self.database, self.safety)?;
        Ok(*self.content.get_or_init(|| content))
    }

    /// What the database says of what a safety snapshot was made for. One that cannot be read just now is an error.
    pub fn tells(&self, entry: &Entry) -> Result<Outcome> {
        let Some(manifest) = entry.manifest() else { return Ok(Outcome::Unknown) };
        let Some(now) = self.content()? else { return Ok(Outcome::Unknown) };
        if manifest.contents().is_some_and(|contents| contents.content_sha256 == now) {
            return Ok(Outcome::DidNot);
        }
        let after = replacement(entry).and_then(|replacement| replacement.content_sha256);
        Ok(if after == Some(now) { Outcome::Happened } else { Outcome::Unknown })
    }
}

/// Content digest of a database as it is now; nothing where none is there, or a damaged one. What cannot be read just now may
/// hold anything: that is an error.
pub(in super::super) fn content_now(database: &Path, safety: &Safety<'_>) -> Result<Option<Digest>> {
    let content = read_content(database, safety);
    match content {
        Err(error) if is_damage(&error) => {
            safety.progress.detail(&format!("{error:#}"));
            Ok(None)
        }
        content => content.with_context(|| format!("cannot tell what {} holds", database.display())),
    }
}

fn read_content(database: &Path, safety: &Safety<'_>) -> Result<Option<Digest>> {
    if files::metadata(database)?.is_none() {
        return Ok(None);
    }
    let folder = files::folder_of(database);
    let read = ReadOptions {
        scratch: &[safety.temporary, &folder],
        patience: safety.patience.clone(),
        progress: safety.progress,
    };
    let source = Source::open(database, &read)?;
    let scratch = Scratch::new_in(files::roomy_folder(read.scratch, source.origin().size))?;
    let to = scratch.file("copy");
    copy(source.connection(), &to, &safety.patience, safety.progress)?;
    content_digest(&to, safety.progress).map(Some)
}
