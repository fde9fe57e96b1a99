//! Which files that belong to a database a snapshot takes: those of the user's settings, else those that are built in.

use super::Snapshot;
use crate::commands::Context;
use crate::commands::configuration::Subject;
use anyhow::Result;
use larder::app::known::Known;
use larder::config::FilesConfig;
use larder::error::Fault;
use larder::files;
use larder::progress::Progress;
use larder::snapshot::attached::{Base, Wanted};
use rusqlite::Connection;

/// The files that the settings want copied with each snapshot of a database, of which there is a copy.
pub fn of_settings(copy: &Connection, subject: &Subject) -> Result<Option<Wanted>> {
    let config = &subject.config;
    match (&config.files, config.snapshot.files) {
        (_, Some(false)) => Ok(None),
        (Some(own), _) => Ok(Some(wanted(own, config.rules.has_head))),
        (None, Some(true)) if config.rules.known_app != Some(false) => {
            let known = Known::recognise(copy)?;
            Ok(known.and_then(|known| known.config.files.as_ref().map(|files| wanted(files, true))))
        }
        (None, _) => Ok(None),
    }
}

/// The files that the settings or a known application name, whether they are copied with each snapshot or not.
pub fn named_here(copy: &Connection, subject: &Subject) -> Result<Option<Wanted>> {
    let config = &subject.config;
    let known = if config.rules.known_app == Some(false) { None } else { Known::recognise(copy)? };
    let built_in = known.as_ref().and_then(|known| known.config.files.as_ref());
    let both = config.files.iter().chain(built_in).flat_map(|files| files.paths.clone());
    Ok(Some(Wanted { paths: both.collect(), ..Wanted::default() }))
}

impl Snapshot {
    /// The files that are wanted, of a database of which there is a copy.
    pub(super) fn wanted_files(
        &self,
        copy: &Connection,
        subject: &Subject,
        context: &Context<'_>,
    ) -> Result<Option<Wanted>> {
        let config = &subject.config;
        let is_said = self.files || config.snapshot.files == Some(true);
        if self.no_files || (!self.files && config.snapshot.files == Some(false)) {
            return Ok(None);
        }
        if let Some(own) = &config.files {
            return Ok(Some(wanted(own, config.rules.has_head)));
        }
        let known = if config.rules.known_app == Some(false) { None } else { Known::recognise(copy)? };
        let built_in = known.as_ref().and_then(|known| Some((known, known.config.files.as_ref()?)));
        match built_in {
            Some((_, files)) if is_said => Ok(Some(wanted(files, true))),
            Some((known, files)) => {
                tell(known, &wanted(files, true), subject, context)?;
                Ok(None)
            }
            None if is_said => Err(Fault::usage("nothing says which files belong to the database")
                .hint("write it into larder.toml, such as [files] paths = [\"attachments/\"]")
                .into()),
            None => Ok(None),
        }
    }
}

fn wanted(files: &FilesConfig, built_in: bool) -> Wanted {
    Wanted { paths: files.paths.clone(), references: files.references.clone(), built_in }
}

/// Says that there are files which are not in the snapshot: whoever finds out on the day when they are needed is too late.
fn tell(known: &Known, wanted: &Wanted, subject: &Subject, context: &Context<'_>) -> Result<()> {
    let base = Base::of(&files::resolve(&subject.database)?, &[]);
    let there = wanted.present(&base)?;
    if !there.is_empty() {
        let (name, there) = (&known.head.name, there.join(", "));
        context.ui.note(&format!("{name} keeps files beside its database ({there}); --files takes them too"));
    }
    Ok(())
}
