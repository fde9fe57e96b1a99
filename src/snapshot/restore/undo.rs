//! Going back to what a restore replaced.

use super::super::attached::PutBack;
use super::super::catalog::Entry;
use super::super::history::{
    Before, Now, Outcome, content_now, is_pending, next_sequence, note_done, refuse_unread, replacement,
    steps, steps_and_unread,
};
use super::super::safety::Safety;
use super::super::stage::{StageOptions, stage};
use super::{RestoreOptions, Restored, not_restored, put_all};
use crate::database::replace::aside::{self, Aside, Incoming, Note};
use crate::database::replace::{finish_interrupted, refuse_interrupted};
use crate::database::sidecar;
use crate::error::{Fault, Kind};
use crate::files::{self, Scratch, lock_folder};
use crate::stream::Digest;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// What was done.
#[derive(Debug, Clone)]
pub struct Undone {
    /// Where what is back now came from.
    pub from: PathBuf,
    /// The restore of it.
    pub restored: Restored,
    /// Whether the database was written to between the restore and the undo.
    pub written_since: bool,
}

/// Goes back to what the last restore replaced. What is there now is kept in the same way.
pub fn undo(database: &Path, options: &RestoreOptions<'_>) -> Result<Undone> {
    let database = files::resolve(database)?;
    sidecar::refuse_as_database(&database)?;
    let lock = lock_folder(&files::folder_of(&database), &options.patience)?;
    if let Some(finished) =
        finish_interrupted(&database, &lock, options.progress)?.filter(|aside| aside.record.undo)
    {
        // Whoever runs an undo again that was killed wants the same, and not to go forward.
        let from = files::folder_of(&database).join(&finished.record.restored);
        let restored = Restored { database, aside: Some(finished.folder), ..Restored::default() };
        return Ok(Undone { from, restored, written_since: false });
    }
    let safety = options.safety();
    let Some((before, is_noted)) = last(&database, &safety)? else {
        return Err(nothing(&database, options).into());
    };
    match before {
        Before::Snapshot(entry) if is_noted => undo_by_snapshot(&entry, &database, options),
        Before::Snapshot(entry) => {
            note_done(&entry.location.to_path(), &safety);
            match undone_already(&entry, &database, &safety)? {
                Some(undone) => Ok(undone),
                None => undo_by_snapshot(&entry, &database, options),
            }
        }
        Before::Aside(aside) => undo_by_moving(&aside, &database, options),
    }
}

/// What an undo did that was killed when it had written: whoever runs it again wants the same, and not to go forward.
fn undone_already(entry: &Entry, database: &Path, safety: &Safety<'_>) -> Result<Option<Undone>> {
    let Some(replaced_by) = replacement(entry).filter(|replaced_by| replaced_by.undo) else {
        return Ok(None);
    };
    let is_source = |step: &Before| files::name_of(&step.path()) == replaced_by.file;
    let source = steps(database, safety)?.into_iter().find(is_source);
    let from = source.map_or_else(|| PathBuf::from(&replaced_by.file), |source| source.path());
    let kept = Some(entry.location.to_path());
    let restored = Restored { database: database.to_owned(), safety: kept, ..Restored::default() };
    Ok(Some(Undone { from, restored, written_since: false }))
}

/// Where an undo would go back to, for a plan that is only shown.
pub fn find(database: &Path, options: &RestoreOptions<'_>) -> Result<PathBuf> {
    let database = files::resolve(database)?;
    refuse_interrupted(&database)?;
    match last(&database, &options.safety())? {
        Some((before, _)) => Ok(before.path()),
        None => Err(nothing(&database, options).into()),
    }
}

fn nothing(database: &Path, options: &RestoreOptions<'_>) -> Fault {
    let message = format!("nothing to undo: no restore of {} left anything", database.display());
    let folders = [options.store].into_iter().chain(options.elsewhere.iter().map(PathBuf::as_path));
    let folders: Vec<String> = folders.map(|folder| folder.display().to_string()).collect();
    Fault::failed(message).hint(format!(
        "safety snapshots are looked for in {}; after a restore --from STORE by an earlier version they are in that store: restore --undo --from STORE looks there too; larder list shows what can be restored by its name",
        folders.join(" and ")
    ))
}

/// What was there before the last replacement that happened, and whether it is noted that it did. An error where nobody can
/// tell whether a later one happened.
fn last(database: &Path, safety: &Safety<'_>) -> Result<Option<(Before, bool)>> {
    let now = Now::new(database, safety);
    let (steps, unread) = steps_and_unread(database, safety)?;
    let mut steps = steps.into_iter();
    while let Some(step) = steps.next() {
        refuse_unread(Some(&step), &unread)?;
        let Before::Snapshot(entry) = &step else { return Ok(Some((step, true))) };
        if !is_pending(entry) {
            return Ok(Some((step, true)));
        }
        let file = replacement(entry).map_or("a file", |replacement| replacement.file.as_str());
        match now.tells(entry)? {
            Outcome::Happened => return Ok(Some((step, false))),
            Outcome::DidNot => safety.progress.note(&format!(
                "{file} was about to be written to {}, and it was not: it holds what it held before",
                database.display()
            )),
            Outcome::Unknown => {
                let why = why_unknown(database, now.content()?);
                return Err(undecided(database, entry, (file, &why), steps.next().as_ref()).into());
            }
        }
    }
    refuse_unread(None, &unread).map(|()| None)
}

/// Why a database holds neither of two states.
fn why_unknown(database: &Path, content: Option<Digest>) -> String {
    let name = database.display();
    match content {
        Some(_) => format!("{name} was written to since"),
        None if database.exists() => format!("{name} is damaged"),
        None => format!("{name} is gone"),
    }
}

/// The error that nobody can tell to which of two states an undo goes back.
fn undecided(database: &Path, entry: &Entry, (file, why): (&str, &str), earlier: Option<&Before>) -> Fault {
    let name = database.display();
    let message =
        format!("nobody can tell whether {file} was written to {name} before it was interrupted: {why}");
    let way = |before: &Path| format!("larder restore {} {name}", before.display());
    let hint = match earlier {
        Some(Before::Snapshot(earlier)) => format!(
            "if it was, {} goes back to before it; if it was not, {} goes back to before the one before",
            way(&entry.location.to_path()),
            way(&earlier.location.to_path())
        ),
        Some(Before::Aside(aside)) => format!(
            "{} goes back to before it; what the one before replaced is in {}",
            way(&entry.location.to_path()),
            aside.folder.display()
        ),
        None => {
            format!("{} goes back to before it; there is nothing earlier", way(&entry.location.to_path()))
        }
    };
    Fault::new(Kind::Undecided, message).hint(hint)
}

fn undo_by_snapshot(entry: &Entry, database: &Path, options: &RestoreOptions<'_>) -> Result<Undone> {
    let scratch = Scratch::new_in(&files::folder_of(database))?;
    // What was there was damaged, if it is marked so: it goes back as it was.
    let force = options.force || entry.is_damaged();
    let stage_options = StageOptions { force, ..options.staging() };
    let snapshot = entry.location.to_path();
    let staged = stage(&snapshot, &scratch.file("database"), &stage_options)?;
    // What this machine kept itself it may put back.
    let is_own = files::resolve(&files::folder_of(&snapshot))? == files::resolve(options.store)?;
    let which = if is_own && !matches!(options.files, PutBack::No) { PutBack::All } else { options.files };
    let options = RestoreOptions { force: true, files: which, ..options.clone() };
    let files = options.stage_files(&snapshot, &staged, database)?;
    let incoming =
        super::Incoming { snapshot: &snapshot, staged: &staged, files: files.as_ref(), is_undo: true };
    let restored =
        put_all(incoming, database, &options).map_err(|error| not_restored(error, &snapshot, database))?;
    if restored.replaced == Some(staged.content) {
        let name = database.display();
        options.progress.note(&format!("{name} held that already; larder list shows what else was kept"));
    }
    let after = replacement(entry).and_then(|replacement| replacement.content_sha256);
    let written_since = differs(after, restored.replaced);
    Ok(Undone { from: snapshot, restored, written_since })
}

fn undo_by_moving(aside: &Aside, database: &Path, options: &RestoreOptions<'_>) -> Result<Undone> {
    let safety = options.safety();
    let now = content_now(database, &safety).unwrap_or_else(|error| {
        options.progress.warn(&format!("it may have been written to since: {error:#}"));
        None
    });
    let written_since = differs(aside.record.content_sha256, now);
    let note = Note {
        at: options.now,
        restored: files::name_of(&aside.folder),
        content_sha256: None,
        sequence: next_sequence(database, &safety)?,
        is_undo: true,
    };
    let moved = aside::swap(database, &Incoming::Back(aside), note, &options.patience, options.progress)?;
    let restored =
        Restored { database: database.to_owned(), aside: Some(moved.folder), ..Restored::default() };
    Ok(Undone { from: aside.folder.clone(), restored, written_since })
}

/// Whether two digests are known and differ.
fn differs(a: Option<Digest>, b: Option<Digest>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b)
}
