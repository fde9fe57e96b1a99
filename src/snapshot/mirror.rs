//! A finished snapshot in more stores than one.

use super::attached;
use super::catalog::{self, Entry, Known};
use super::create::{Created, is_as_drilled};
use super::foreign::refuse_foreign;
use super::loss::Before;
use super::manifest::{Comparison, Manifest};
use super::pack::digest_of_file;
use super::state::State;
use super::suspicion::{Past, RowLimits};
use crate::error::Fault;
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::progress::Progress;
use crate::store::{Fetched, Finished, Location, Receipts, SnapshotName, Store};
use crate::stream::Digest;
use crate::stream::age::{Keys, Lock};
use anyhow::{Context, Result};
use chrono::{DateTime, SubsecRound, Utc};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A snapshot that is in a store, and is to be in others too.
pub struct Original<'a> {
    store: &'a Store,
    created: &'a Created,
    name: SnapshotName,
    manifest: Manifest,
    fetched: OnceCell<Fetched>,
}

/// A copy that is in another store.
pub struct Copied {
    /// Where it is.
    pub location: Location,
    /// What its manifest says there.
    pub manifest: Manifest,
}

/// What copying goes by.
#[derive(Clone)]
pub struct MirrorOptions<'a> {
    /// Whether the application was named on purpose, so that another database may have its name.
    pub app_is_certain: bool,
    /// Copy a database without rows although the newest there has rows.
    pub allow_empty: bool,
    /// How many rows tables may lose.
    pub limits: &'a RowLimits,
    /// Where this machine remembers the rows of encrypted snapshots.
    pub state: Option<&'a Path>,
    /// Whom it is encrypted for; nothing where it is not.
    pub lock: Option<&'a Lock>,
    /// What may open what is encrypted.
    pub keys: &'a Keys<'a>,
    /// The present.
    pub now: DateTime<Utc>,
    /// Where private copies may be made, if there is room.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

impl<'a> Original<'a> {
    /// What was made in a store, or was there and holds the same.
    pub fn of(created: &'a Created, store: &'a Store) -> Result<Self> {
        let location = match created {
            Created::New(made) => &made.location,
            Created::Unchanged { newest, .. } => newest,
        };
        let file = files::name_of(&location.to_path());
        let name = SnapshotName::parse(file.as_ref())
            .ok_or_else(|| Fault::failed(format!("{location} has not the name of a snapshot")))?;
        let manifest = match created {
            Created::New(made) => made.manifest.clone(),
            Created::Unchanged { .. } => match catalog::known(store, &name) {
                Known::Manifest(manifest) => *manifest,
                _ => return Err(Fault::failed(format!("the manifest of {location} is gone")).into()),
            },
        };
        Ok(Self { store, created, name, manifest, fetched: OnceCell::new() })
    }

    /// The archive with its files on this machine, where it has any.
    fn archive(&self, options: &MirrorOptions<'_>) -> Result<Option<PathBuf>> {
        if self.manifest.files.is_none() {
            return Ok(None);
        }
        if let Created::New(made) = self.created
            && let Some(staged) = &made.staged
        {
            return Ok(staged.files.clone());
        }
        let file = self.file(options)?.to_owned();
        if let Some(fetched) = self.fetched.get() {
            self.store.fetch_files(fetched, options.progress)?;
        }
        Ok(attached::beside(&file))
    }

    /// The file on this machine: the store's own, or what was uploaded from here, or else what is fetched for it.
    fn file(&self, options: &MirrorOptions<'_>) -> Result<&Path> {
        if let Created::New(made) = self.created
            && let Some(staged) = &made.staged
        {
            return Ok(&staged.path);
        }
        if self.fetched.get().is_none() {
            let fetched = self.store.fetch(&self.name.file_name(), &[options.temporary], options.progress)?;
            // Nobody else could have set it.
            let _ = self.fetched.set(fetched);
        }
        Ok(&self.fetched.get().expect("it was set").path)
    }
}

/// Puts a copy of a snapshot into another store, and says where; of one that was found unchanged, unless it is the newest there
/// already.
///
/// What arrives is compared with the manifest before it gets its name. Where the original was found unchanged since, that is
/// noted there too. Its rows are compared with those of what is there.
pub fn mirror(original: &Original<'_>, to: &Store, options: &MirrorOptions<'_>) -> Result<Copied> {
    copy(original, to, options).with_context(|| format!("{} is not in {}", original.name, to.location()))
}

fn copy(original: &Original<'_>, to: &Store, options: &MirrorOptions<'_>) -> Result<Copied> {
    let (mut manifest, mut name) = (original.manifest.clone(), original.name.clone());
    let _lock = to.lock(&options.patience)?;
    let scratch = to.scratch(&[options.temporary], 0)?;
    let earlier = catalog::read(to, Some(&manifest.app))?;
    if !options.app_is_certain {
        let regular = earlier.iter().filter(|entry| entry.is_regular());
        refuse_foreign(&manifest.app, &manifest.source.path, regular)?;
    }
    if !options.allow_empty && manifest.is_good() {
        Before { earlier: &earlier, exports: false, keys: options.keys, now: options.now }
            .refuse_empty(&manifest)?;
    }
    if let (Created::Unchanged { .. }, Some(at)) = (original.created, manifest.unchanged_at)
        && let Some(newest) = catalog::newest_of_all(&earlier, at)
    {
        if holds_the_same(newest, &manifest, to, options.progress)? {
            let manifest = note(newest, &manifest, to, &scratch)?;
            return Ok(Copied { location: newest.location.clone(), manifest });
        }
        if newest.name.time > name.time {
            // The database is again what it was before that one: so it is from now on.
            (name.time, name.number) = (at, 1);
            manifest.created_at = at;
        }
    }
    compare_rows(&mut manifest, &original.name, &earlier, options)?;
    let location = put(original, &manifest, name, to, &scratch, options)?;
    Ok(Copied { location, manifest })
}

/// Compares the rows of a copy with those of what is in the store that it goes to. Where there is nothing, or no rows are known,
/// what the first store told stays.
fn compare_rows(
    manifest: &mut Manifest,
    name: &SnapshotName,
    earlier: &[Entry],
    options: &MirrorOptions<'_>,
) -> Result<()> {
    if !manifest.is_good() {
        return Ok(());
    }
    let state = State::read_or_nothing(options.state, options.progress);
    let past = Past { earlier, keys: options.keys, state: &state, now: options.now };
    if !options.keys.is_empty() {
        // Without the right key, it stays closed.
        let _ = manifest.unseal(options.keys, "the manifest");
    }
    let none = BTreeSet::new();
    let referred = manifest.contents().map_or(&none, |contents| &contents.referred);
    let rows = past.rows_of(name, manifest, false);
    let compared = rows.and_then(|rows| past.compare(&rows, referred, options.limits));
    let first = manifest.comparison.clone().unwrap_or_default();
    let Some(mut found) = compared.or_else(|| past.inherited().filter(|_| !first.suspicious)) else {
        return Ok(());
    };
    found.unmet = manifest.unmet().unwrap_or_default().to_vec();
    let is_unmet = !found.unmet.is_empty();
    found.suspicious |= is_unmet;
    if found.suspicious {
        let allowed = || (options.allow_empty && !is_unmet).then(|| options.now.trunc_subsecs(0));
        found.accepted_at = first.accepted_at.or_else(allowed);
    }
    let lost = manifest.lost().unwrap_or_default().to_vec();
    if found == (Comparison { lost, unmet: found.unmet.clone(), ..first }) {
        return Ok(());
    }
    manifest.note_comparison(found, options.lock)
}

/// Gives a copy its name, once it is known to be one.
fn put(
    original: &Original<'_>,
    manifest: &Manifest,
    name: SnapshotName,
    to: &Store,
    scratch: &Scratch,
    options: &MirrorOptions<'_>,
) -> Result<Location> {
    let file = original.file(options)?;
    let archive = original.archive(options)?.zip(manifest.files.as_ref());
    let [staged, staged_files] = ["snapshot", "files"].map(|name| scratch.file(name));
    let is_folder = matches!(to, Store::Folder(_));
    if is_folder {
        bring(file, (manifest.size, manifest.sha256), &staged, options.progress)?;
        if let Some((archive, facts)) = &archive {
            bring(archive, (facts.size, facts.sha256), &staged_files, options.progress)?;
        }
    }
    let at = |there, staged| if is_folder { staged } else { there };
    let text = |receipts: &Receipts| manifest.received(receipts).to_text();
    let finished = Finished {
        file: at(file, &staged),
        sha256: manifest.sha256,
        files: archive.as_ref().map(|(archive, facts)| (at(archive, &staged_files), facts.sha256)),
        manifest: &text,
    };
    let name = to.free_name(name)?;
    to.publish(&finished, &name, scratch.folder(), options.progress)?;
    Ok(to.place(&name))
}

/// Whether a snapshot is the same file as the original, and still what was drilled.
fn holds_the_same(there: &Entry, original: &Manifest, to: &Store, progress: &dyn Progress) -> Result<bool> {
    let files = |manifest: &Manifest| manifest.files.as_ref().map(|files| files.sha256);
    let is_same =
        |manifest: &Manifest| manifest.sha256 == original.sha256 && files(manifest) == files(original);
    if !there.is_good() || !there.manifest().is_some_and(is_same) {
        return Ok(false);
    }
    let is_whole = is_as_drilled(to, there, progress)?;
    if !is_whole {
        progress.warn(&format!("{} is not the file that was drilled any more", there.location));
    }
    Ok(is_whole)
}

/// Notes what was noted at the original, also that somebody said that it is right.
fn note(there: &Entry, original: &Manifest, to: &Store, scratch: &Scratch) -> Result<Manifest> {
    let mut noted = there.manifest().expect("only a manifest makes a snapshot good").clone();
    noted.unchanged_at = noted.unchanged_at.max(original.unchanged_at);
    noted.pinned |= original.pinned;
    let accepted = original.comparison.as_ref().and_then(|found| found.accepted_at);
    if let Some(found) = noted.comparison.as_mut().filter(|found| found.suspicious) {
        found.accepted_at = found.accepted_at.or(accepted);
    }
    to.replace_manifest(&there.name, &noted.to_text(), scratch.folder())?;
    Ok(noted)
}

/// Copies a file onto the store's file system, durably, and makes sure that what is there is what it should be.
fn bring(file: &Path, (size, sha256): (u64, Digest), staged: &Path, progress: &dyn Progress) -> Result<()> {
    files::require_space(&files::folder_of(staged), size)?;
    files::copy(file, staged, progress)?;
    files::sync(staged)?;
    if digest_of_file(staged, progress)? == sha256 {
        return Ok(());
    }
    let message = format!("what was copied of {} is not what was made", file.display());
    Err(Fault::failed(message).hint("the disk or the memory of this machine cannot be trusted").into())
}
