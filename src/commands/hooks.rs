//! Commands of the user that are run around what larder does.

use super::configuration::Subject;
use super::shelf::Shelf;
use super::{Context, text};
use crate::exit::Exit;
use crate::ui::program;
use anyhow::{Context as _, Result};
use larder::config::{Config, Event};
use larder::error::hint;
use larder::files::{FileLock, lock_reading};
use larder::hooks::{self, Hook};
use larder::notify;
use larder::progress::Progress;
use std::path::Path;

/// How many lines of what a hook printed are shown when it fails: the last of it.
const MOST_LINES: usize = 20;

/// What hooks are told of what was done.
pub struct Told {
    /// Variables that say what was made.
    pub variables: Vec<(&'static str, String)>,
    /// What could not be done, where that is not all.
    pub failure: Option<String>,
    /// What came of it, in a sentence.
    pub sentence: String,
}

/// Whose settings say what is run.
#[derive(Clone, Copy)]
pub struct Owner<'a> {
    config: &'a Config,
    app: &'a str,
    database: Option<&'a Path>,
}

impl<'a> From<&'a Subject> for Owner<'a> {
    fn from(subject: &'a Subject) -> Self {
        Self { config: &subject.config, app: &subject.app, database: Some(&subject.database) }
    }
}

impl<'a> Owner<'a> {
    /// The owner of a store, where settings name it.
    pub fn of(shelf: &'a Shelf) -> Option<Self> {
        let config = shelf.config.as_deref()?;
        Some(Self { config, app: shelf.app.as_deref()?, database: config.database.as_deref() })
    }
}

/// Does something, with the command of the settings before it, and that for its success or its failure after it. What was
/// done in part only is a failure for them. Where the first fails, nothing is done; where a later one fails, what was done
/// stays.
pub fn around<T>(
    owner: Owner<'_>,
    name: &str,
    context: &Context<'_>,
    work: impl FnOnce() -> Result<T>,
    told: impl FnOnce(&T) -> Told,
) -> Result<(T, Exit)> {
    let hooks = Hooks { owner, name, context };
    let mut turn = None;
    let has_any = hooks.require_trust()?;
    let url = notify_url(owner, name, context);
    let tell = |event, sentence: &str| tell(url, event, sentence, context);
    tell(notify::Event::Start, &format!("larder {name}: {}", owner.app));
    let mut begin = || {
        turn = if has_any { hooks.wait_for_turn()? } else { None };
        hooks.run(Event::Before, Vec::new()).context("nothing was done")
    };
    let done = begin().and_then(|()| work());
    match done {
        Ok(done) => {
            let Told { mut variables, mut failure, sentence } = told(&done);
            let event = if failure.is_some() { Event::OnFailure } else { Event::After };
            variables.extend(failure.clone().map(|failure| ("LARDER_ERROR", failure)));
            let after = hooks.run(event, variables);
            if let Err(error) = &after {
                context.ui.error(&format!("{error:#}"), None);
                failure.get_or_insert_with(|| format!("{error:#}"));
            }
            // The hook after it is part of it.
            match &failure {
                Some(failure) => tell(notify::Event::Failure, failure),
                None => tell(notify::Event::Success, &sentence),
            }
            Ok((done, if after.is_ok() { Exit::Done } else { Exit::Failed }))
        }
        Err(error) => {
            tell(notify::Event::Failure, &format!("{error:#}"));
            let told = vec![("LARDER_ERROR", format!("{error:#}"))];
            if let Err(why) = hooks.run(Event::OnFailure, told) {
                context.ui.error(&format!("{why:#}"), None);
            }
            Err(error)
        }
    }
}

/// The service that is told. One that somebody else could have written is not, and keeps nothing from being done.
fn notify_url<'a>(owner: Owner<'a>, name: &str, context: &Context<'_>) -> Option<&'a str> {
    owner.config.notify_url(name).unwrap_or_else(|error| {
        let mends = hint(&error).map(|hint| format!(" ({hint})")).unwrap_or_default();
        context.ui.warn(&format!("{error:#}{mends}"));
        None
    })
}

/// Tells the service, where there is one. That it cannot be told is a warning.
fn tell(url: Option<&str>, event: notify::Event, sentence: &str, context: &Context<'_>) {
    let Some(url) = url else { return };
    let stop = context.ui.stop_signal();
    // The end of what was stopped is told all the same.
    let stop = Some(&stop).filter(|_| !context.ui.stopped());
    if let Err(error) = notify::tell(url, event, sentence, stop) {
        context.ui.warn(&format!("the service of notify.url is not told: {error:#}"));
    }
}

/// The commands of a database's settings.
struct Hooks<'a> {
    owner: Owner<'a>,
    name: &'a str,
    context: &'a Context<'a>,
}

impl Hooks<'_> {
    /// Whether there are any. An error where one of them could be somebody else's: better before anything is done than
    /// after.
    fn require_trust(&self) -> Result<bool> {
        let mut has_any = false;
        for event in [Event::Before, Event::After, Event::OnFailure] {
            has_any |= self.owner.config.hooks.command(event)?.is_some();
        }
        Ok(has_any)
    }

    /// Waits until the commands of these settings are run by nobody else. A store's lock would not do: a remote one has
    /// none, and a command may want to read or write the store by a larder of its own.
    fn wait_for_turn(&self) -> Result<Option<FileLock>> {
        let (file, patience) = (&self.owner.config.file, &self.context.patience);
        let busy = || format!("another larder is running the hooks of {}", file.display());
        lock_reading(file, patience, busy).context("nothing was done")
    }

    fn run(&self, event: Event, told: Vec<(&'static str, String)>) -> Result<()> {
        let owner = self.owner;
        let Some(command) = owner.config.hooks.command(event)? else { return Ok(()) };
        let mut environment =
            vec![("LARDER_COMMAND", self.name.to_owned()), ("LARDER_APP", owner.app.to_owned())];
        environment.extend(owner.database.map(|database| ("LARDER_DATABASE", text(database))));
        environment.extend(told);
        let environment: Vec<(String, String)> =
            environment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.context.ui.detail(&format!("the hook {}: {}", event.name(), program(command)));
        let hook = Hook { name: event.name(), command, timeout: owner.config.hooks.timeout };
        let ran = hooks::run(&hook, &environment, None, self.context.ui)?;
        let ended = ran.require();
        let lines: Vec<&str> = ran.output.lines().collect();
        // The last line is in the error.
        if ended.is_err() && lines.len() > 1 {
            for line in &lines[lines.len().saturating_sub(MOST_LINES)..] {
                self.context.ui.alarm(&format!("the hook {} printed: {line}", event.name()));
            }
        }
        ended
    }
}
