//! Making a snapshot: take, drill, pack, read back, and only then give it its name.

mod attach;
mod file;
mod unchanged;

pub use attach::WantFiles;
pub use file::in_file;
pub(super) use unchanged::is_as_drilled;

use super::catalog::{self, Entry};
use super::drill::{self, Findings};
use super::foreign::refuse_foreign;
use super::loss::Before;
use super::manifest::{FilesFacts, Kind, Manifest, Parts, Replacement, SourceFile};
use super::pack::{PackOptions, pack};
use super::state::{Counted, State};
use super::suspicion::{Past, RowLimits};
use super::take::{IfDamaged, Taken, Witness, take};
use crate::database::check::Depth;
use crate::database::content::content_digest;
use crate::database::{ReadOptions, requirement};
use crate::files::{self, Scratch};
use crate::patience::Patience;
use crate::platform;
use crate::progress::{Progress, Stepless};
use crate::store::{Finished, Folder, Location, Receipts, SnapshotName, Store, StoreLock};
use crate::stream::age::{Keys, Lock};
use crate::stream::{Compression, Digest, Level};
use anyhow::{Context, Result};
use chrono::{DateTime, SubsecRound, Utc};
use std::path::{Path, PathBuf};
use std::time::Instant;
use unchanged::{note_unchanged, unchanged_since};

/// How a snapshot is made.
#[derive(Clone)]
pub struct Options<'a> {
    /// The application.
    pub app: &'a str,
    /// Whether the application was named on purpose, so that another database may have its name.
    pub app_is_certain: bool,
    /// Why it is taken.
    pub kind: Kind,
    /// The time that it bears.
    pub now: DateTime<Utc>,
    /// How it is compressed.
    pub compression: Compression,
    /// How hard.
    pub level: Level,
    /// Whom it is encrypted for; nothing where it is not.
    pub lock: Option<&'a Lock>,
    /// What may open it, by which it is read back whole.
    pub keys: &'a Keys<'a>,
    /// How thorough the drill is.
    pub depth: Depth,
    /// What to do with a damaged source.
    pub if_damaged: IfDamaged,
    /// Which files that belong to the database are copied too, where any are.
    pub files: Option<&'a WantFiles<'a>>,
    /// It stays whatever the keep rules say.
    pub pinned: bool,
    /// Make one of a database without rows although the newest has rows.
    pub allow_empty: bool,
    /// Make none where the newest holds the same.
    pub if_changed: bool,
    /// How many rows tables may lose; nothing where they are not compared with those of the snapshots before.
    pub limits: Option<&'a RowLimits>,
    /// What is required of the database, as queries whose first value is true.
    pub require: &'a [String],
    /// Where this machine remembers the rows of encrypted snapshots.
    pub state: Option<&'a Path>,
    /// This process has connections to the database, so nothing of it may be opened by hand.
    pub in_use: bool,
    /// Of a safety snapshot: what will take the place of what it holds.
    pub replaced_by: Option<Replacement>,
    /// Where private copies of a source may be made, if there is room.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

impl<'a> Options<'a> {
    fn packing(&self) -> PackOptions<'a> {
        PackOptions {
            compression: self.compression,
            level: self.level,
            lock: self.lock,
            keys: self.keys,
            progress: self.progress,
        }
    }
}

/// What became of it.
#[derive(Debug)]
pub enum Created {
    /// A new snapshot.
    New(Box<Snapshot>),
    /// None, since the newest holds the same.
    Unchanged {
        /// Where that is.
        newest: Location,
        /// What it is.
        manifest: Box<Manifest>,
    },
}

/// A snapshot that was made.
#[derive(Debug)]
pub struct Snapshot {
    /// Where it is.
    pub location: Location,
    /// What it is.
    pub manifest: Manifest,
    /// Tells whether the database has been written to since, of a safety snapshot.
    pub witness: Option<Witness>,
    /// The file that was uploaded, of one in a remote store.
    pub staged: Option<Staged>,
}

/// A file on this machine for as long as this lives.
#[derive(Debug)]
pub struct Staged {
    /// Where it is.
    pub path: PathBuf,
    /// Where the archive with its files is.
    pub files: Option<PathBuf>,
    _scratch: Scratch,
}

/// Makes a snapshot in a store.
pub fn in_store(database: &Path, store: &Store, options: &Options<'_>) -> Result<Created> {
    let lock = store.lock(&options.patience)?;
    store_snapshot(database, store, &lock, options)
        .with_context(|| format!("no snapshot of {}", database.display()))
}

fn store_snapshot(
    database: &Path,
    store: &Store,
    _lock: &StoreLock,
    options: &Options<'_>,
) -> Result<Created> {
    let began = Instant::now();
    let mut earlier = catalog::read(store, Some(options.app))?;
    earlier.retain(|entry| !entry.name.is_export());
    refuse_foreign_name(database, &earlier, options)?;
    let size = files::metadata(database)?.map_or(0, |metadata| metadata.len());
    let beside = files::folder_of(database);
    let scratch = store.scratch(&[options.temporary, &beside], size.saturating_mul(2))?;
    let elsewhere = plain_scratch(database, Some(scratch.folder()), options)?;
    let (taken, content, witness) = take_into(elsewhere.as_ref().unwrap_or(&scratch), database, options)?;
    let packed = attach::pack(&taken, store, &scratch.file("files"), options)?;
    if options.if_changed
        && let Some(same) =
            unchanged_since(&earlier, content, packed.as_ref().map(|files| files.tar), options)
    {
        if is_as_drilled(store, same, options.progress)? {
            return note_unchanged(store, same, &scratch, options);
        }
        options.progress.warn(&format!("{} is not the file that was drilled any more", same.location));
    }
    let staged = scratch.file("snapshot");
    expect_room(&earlier, &taken, &scratch)?;
    let facts = packed.map(|files| files.facts);
    let archive = facts.as_ref().map(|facts| (scratch.file("files"), facts.sha256));
    let mut manifest = make(&taken, content, (&staged, facts), options, began)?;
    compare_rows(&earlier, &mut manifest, options)?;
    require(&taken, &mut manifest, options)?;
    let counted = manifest.clone();
    if let Some(lock) = options.lock {
        manifest.seal(lock)?;
    }
    let mut name = SnapshotName::new(options.app, options.now, options.compression);
    name.damaged = !manifest.is_good();
    name.encrypted = manifest.is_encrypted();
    let name = store.free_name(name)?;
    let text = |receipts: &Receipts| manifest.received(receipts).to_text();
    let files = archive.as_ref().map(|(archive, sha256)| (archive.as_path(), *sha256));
    let finished = Finished { file: &staged, sha256: manifest.sha256, files, manifest: &text };
    let receipts = store.publish(&finished, &name, scratch.folder(), options.progress)?;
    manifest = manifest.received(&receipts);
    remember(&name, &counted, options);
    if matches!(store, Store::Folder(_)) {
        tell_of_little_room(&manifest, &taken, &scratch, options);
    }
    let files = archive.map(|(archive, _)| archive);
    let staged =
        matches!(store, Store::Remote(_)).then_some(Staged { path: staged, files, _scratch: scratch });
    Ok(Created::New(Box::new(Snapshot { location: store.place(&name), manifest, witness, staged })))
}

/// Takes a snapshot away again whose reason did not come to pass. Where that cannot be done, it stays.
pub fn discard(snapshot: &Path, patience: &Patience, progress: &dyn Progress) {
    let removed = Folder::open(&files::folder_of(snapshot)).map(Store::from).and_then(|store| {
        let _lock = store.lock(&patience.none())?;
        match snapshot.file_name().and_then(SnapshotName::parse) {
            Some(name) => store.remove(&name),
            None => Ok(()),
        }
    });
    if let Err(error) = removed {
        progress.detail(&format!("{} stays: {error:#}", snapshot.display()));
    }
}

/// Two databases of the same name must not mix in a store.
fn refuse_foreign_name(database: &Path, earlier: &[Entry], options: &Options<'_>) -> Result<()> {
    if options.app_is_certain || options.kind.is_safety() {
        return Ok(());
    }
    let path = files::resolve(database)?.to_string_lossy().into_owned();
    refuse_foreign(options.app, &path, earlier.iter().filter(|entry| entry.is_regular()))
}

/// Compares the rows with those of the snapshots before: what makes way for another on its own terms needs no such care, nor
/// what makes nothing go.
fn compare_rows(earlier: &[Entry], manifest: &mut Manifest, options: &Options<'_>) -> Result<()> {
    if options.kind.is_safety() || !manifest.is_good() {
        return Ok(());
    }
    let before = Before { earlier, exports: false, keys: options.keys, now: options.now };
    if !options.allow_empty {
        before.refuse_empty(manifest)?;
    }
    let (Some(contents), Some(limits)) = (manifest.contents(), options.limits) else { return Ok(()) };
    let state = State::read_or_nothing(options.state, options.progress);
    let past = Past { earlier, keys: options.keys, state: &state, now: options.now };
    let compared = past.compare(&contents.rows, &contents.referred, limits);
    let is_uncompared = compared.is_none() && past.is_there();
    let mut comparison = compared.or_else(|| past.inherited());
    if let Some(comparison) =
        comparison.as_mut().filter(|comparison| comparison.suspicious && options.allow_empty)
    {
        // Whoever lets a database be empty lets its tables be.
        comparison.accepted_at = Some(options.now.trunc_subsecs(0));
    }
    if is_uncompared {
        options.progress.note(
            "row counts are not compared with those of the snapshots before: these are encrypted, and no key is given",
        );
    }
    manifest.comparison = comparison;
    Ok(())
}

/// Looks whether the copy is what the settings require. One that is not is suspicious.
fn require(taken: &Taken, manifest: &mut Manifest, options: &Options<'_>) -> Result<()> {
    if !manifest.is_good() {
        return Ok(());
    }
    let unmet = requirement::unmet(&taken.path, options.require, &options.patience)?;
    if !unmet.is_empty() {
        let found = manifest.comparison.get_or_insert_default();
        // What was accepted is what was lost.
        (found.unmet, found.suspicious, found.accepted_at) = (unmet, true, None);
    }
    Ok(())
}

/// Remembers the rows of what is encrypted. Where that cannot be done, the next ones are not compared with these.
fn remember(name: &SnapshotName, manifest: &Manifest, options: &Options<'_>) {
    let (Some(file), Some(_), Some(_)) = (options.state, options.lock, options.limits) else { return };
    let Some(contents) = manifest.contents().filter(|_| manifest.is_good()) else { return };
    let counted = Counted {
        snapshot: name.file_name(),
        at: manifest.created_at,
        rows: Some(contents.rows.clone()),
        lost: manifest.lost().unwrap_or_default().to_vec(),
    };
    if let Err(error) = State::update(file, |state| state.remember(counted)) {
        options.progress.warn(&format!("its row counts are not remembered: {error:#}"));
    }
}

/// An error where there is no room for a file that compresses as well as the one before.
fn expect_room(earlier: &[Entry], taken: &Taken, scratch: &Scratch) -> Result<()> {
    let Some(manifest) = earlier.iter().rev().find_map(Entry::manifest) else { return Ok(()) };
    let copy = files::metadata(&taken.path)?.map_or(0, |metadata| metadata.len());
    let expected = match manifest.contents() {
        Some(contents) => {
            let (packed, database) = (u128::from(manifest.size), u128::from(contents.database_size.max(1)));
            u64::try_from(u128::from(copy) * packed / database).unwrap_or(copy)
        }
        None => manifest.size,
    };
    files::require_space(scratch.folder(), expected.min(copy))
}

/// Says so where the next snapshot, and one more, may not find room in a store.
fn tell_of_little_room(manifest: &Manifest, taken: &Taken, scratch: &Scratch, options: &Options<'_>) {
    let Ok(Some(free)) = platform::free_space(scratch.folder()) else { return };
    // The copy is still there, and goes in a moment.
    let is_here = taken.path.starts_with(scratch.folder());
    let copy = files::metadata(&taken.path).ok().flatten().filter(|_| is_here);
    let free = free.saturating_add(copy.map_or(0, |metadata| metadata.len()));
    let size = manifest.size + manifest.files.as_ref().map_or(0, |files| files.size);
    if free < size.saturating_mul(2) {
        let [free, size] = [free, size].map(|bytes| bytesize::ByteSize(bytes).display().si());
        options.progress.warn(&format!("the store has room for {free} more, and a snapshot has {size}"));
    }
}

/// Where the copy is made that is not made where the snapshot goes: what will be encrypted nobody need trust that place
/// with, and what is large may have no room there before it is compressed.
fn plain_scratch(database: &Path, store: Option<&Path>, options: &Options<'_>) -> Result<Option<Scratch>> {
    let size = files::metadata(database)?.map_or(0, |metadata| metadata.len());
    let beside = files::folder_of(&files::resolve(database)?);
    let elsewhere = [options.temporary, &beside];
    let folders: Vec<&Path> = match (options.lock, store) {
        (Some(_), _) => elsewhere.to_vec(),
        (None, None) => return Ok(None),
        (None, Some(store)) => [store].into_iter().chain(elsewhere).collect(),
    };
    let roomy = files::roomy_folder(&folders, size.saturating_mul(2));
    if options.lock.is_none() && Some(roomy) == store { Ok(None) } else { Scratch::new_in(roomy).map(Some) }
}

fn take_into(
    scratch: &Scratch,
    database: &Path,
    options: &Options<'_>,
) -> Result<(Taken, Digest, Option<Witness>)> {
    let read = ReadOptions {
        scratch: &[options.temporary, scratch.folder()],
        patience: options.patience.clone(),
        progress: options.progress,
    };
    let (taken, witness) = take(database, &scratch.file("copy"), options.if_damaged, options.in_use, &read)?;
    // Only what is about to be replaced has to stay as it is.
    let witness = witness.filter(|_| options.kind.is_safety());
    let content = content_digest(&taken.path, options.progress)?;
    Ok((taken, content, witness))
}

/// Drills a copy while it is packed, and says what came of it.
fn make(
    taken: &Taken,
    content: Digest,
    (staged, files): (&Path, Option<FilesFacts>),
    options: &Options<'_>,
    began: Instant,
) -> Result<Manifest> {
    let stepless = Stepless(options.progress);
    let drill = || drill::drill(taken, options.depth, &options.patience, &stepless);
    let pack_options = options.packing();
    let pack = || pack(&taken.path, staged, &pack_options);
    let (findings, packed) = std::thread::scope(|scope| {
        match std::thread::Builder::new().name("drill".into()).spawn_scoped(scope, drill) {
            Ok(thread) => {
                let packed = pack();
                (thread.join().expect("the drill does not panic"), packed)
            }
            // Where no thread can be had, one after the other.
            Err(_) => (drill(), pack()),
        }
    });
    let findings: Findings = findings?;
    if !findings.is_sound() && options.if_damaged == IfDamaged::Refuse {
        return Err(findings.damage(&taken.source).into());
    }
    let packed = packed?;
    let verified_at = options.now + began.elapsed();
    let parts = Parts {
        app: options.app.to_owned(),
        kind: options.kind,
        created_at: options.now,
        source: source_file(taken),
        contents: findings.contents(taken, packed.database_size, packed.database, content),
        method: taken.method,
        files,
        drill: findings.record(options.depth, taken.method, verified_at, packed.decrypted),
        pinned: options.pinned,
        replaced_by: options.replaced_by.clone(),
    };
    Ok(Manifest::new(parts, packed.file, began.elapsed()))
}

fn source_file(taken: &Taken) -> SourceFile {
    SourceFile {
        file: files::name_of(&taken.source),
        path: taken.source.to_string_lossy().into_owned(),
        uid: taken.ownership.map(|owner| owner.uid),
        gid: taken.ownership.map(|owner| owner.gid),
        mode: taken.ownership.map(|owner| format!("{:04o}", owner.mode)),
    }
}
