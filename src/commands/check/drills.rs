//! Snapshots that a check restores to a scratch file.

use super::Check;
use crate::commands::shelf::Shelf;
use crate::commands::{Context, validate};
use anyhow::{Context as _, Result};
use chrono::SubsecRound;
use larder::database::header::read_head;
use larder::problem::Severity;
use larder::progress::Progress;
use larder::snapshot::catalog::Entry;
use larder::snapshot::manifest::Proven;
use larder::snapshot::pin::prove;
use larder::snapshot::verify::{VerifyOptions, verify};
use larder::store::Store;
use larder::stream::Form;
use larder::stream::age::Keys;

/// What came of drills.
#[derive(Default)]
pub(super) struct Drilled {
    pub wrong: Vec<String>,
    /// What the sentence says of the newest where nothing is wrong.
    pub how: &'static str,
    pub count: usize,
}

impl Check {
    /// The older snapshots that are drilled too: all, or those that were not drilled for the longest time.
    fn older<'e>(&self, entries: &'e [Entry], newest: &Entry) -> Vec<&'e Entry> {
        let is_older = |entry: &&Entry| {
            self.all_snapshots && !entry.is_safety() && !entry.is_damaged() && entry.name != newest.name
        };
        let mut older: Vec<&Entry> = entries.iter().filter(is_older).collect();
        older.sort_by_key(|entry| (entry.proven_at(), entry.name.time));
        let part = self.sample.map_or(100, |sample| usize::from(sample.0));
        older.truncate((older.len() * part).div_ceil(100));
        older
    }

    /// Drills the newest snapshot, and the older ones that are drilled too.
    pub(super) fn drill_from(
        &self,
        newest: &Entry,
        entries: &[Entry],
        (store, shelf): (&Store, &Shelf),
        context: &Context<'_>,
    ) -> Result<Drilled> {
        let keys = self.keys.keys_given(&shelf.keys, context)?;
        let drills = Drills { store, keys: &keys, require: &shelf.check.require, context };
        let mut wrong = Vec::from_iter(drills.drill(newest)?.map(|why| format!("it {why}")));
        let older = self.older(entries, newest);
        // What is required today was not when these were taken.
        let drills = Drills { require: &[], ..drills };
        for entry in &older {
            wrong.extend(drills.drill(entry)?.map(|why| format!("{} {why}", entry.name)));
        }
        let how = if newest.name.is_export() && !(newest.name.encrypted && keys.is_empty()) {
            ", read and checked"
        } else if newest.name.encrypted && keys.is_empty() {
            ", and is the file that was drilled (no key is given to open it)"
        } else {
            ", restored and checked"
        };
        Ok(Drilled { wrong, how, count: 1 + older.len() })
    }
}

/// What snapshots are drilled with.
struct Drills<'a> {
    store: &'a Store,
    keys: &'a Keys<'a>,
    require: &'a [String],
    context: &'a Context<'a>,
}

impl Drills<'_> {
    /// Restores a snapshot to a scratch file, notes in its manifest what came of it, and says what is wrong.
    fn drill(&self, entry: &Entry) -> Result<Option<String>> {
        let found = self.look(entry)?;
        let is_opened = !entry.name.encrypted || !self.keys.is_empty();
        if entry.manifest().is_some() && (is_opened || found.is_some()) {
            let proven = Proven { at: self.context.now.trunc_subsecs(0), ok: found.is_none() };
            let (temporary, patience) = (&self.context.temporary, &self.context.patience);
            if let Err(error) = prove(self.store, &entry.name, proven, temporary, patience) {
                // Who checks may not be allowed to write.
                self.context.ui.detail(&format!("{error:#}"));
            }
        }
        Ok(found)
    }

    fn look(&self, entry: &Entry) -> Result<Option<String>> {
        let (context, keys) = (self.context, self.keys);
        let name = entry.name.file_name();
        context.ui.detail(&format!("drilling {name}"));
        let fetched = self.store.fetch(&name, &[&context.temporary], context.ui)?;
        self.store.fetch_files(&fetched, context.ui)?;
        let problems = if entry.name.is_export() {
            validate::stored_export(&fetched.path, keys, context)
        } else {
            let options = VerifyOptions {
                scratch: &[&context.temporary],
                keys,
                require: self.require,
                patience: context.patience.clone(),
                progress: context.ui,
            };
            verify(&fetched.path, Form::of(&read_head(&fetched.path)?), &options)
        };
        let problems = problems.with_context(|| format!("cannot drill {}", entry.location))?;
        let mut errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
        let first = errors.next().map(|problem| format!("fails its drill: {problem}"));
        let more = errors.count();
        Ok(first.map(|first| if more > 0 { format!("{first} (and {more} more)") } else { first }))
    }
}
