//! Commands of the user that are run around what larder does.

use super::configuration::Subject;
use super::{Context, text};
use crate::exit::Exit;
use anyhow::{Context as _, Result};
use larder::config::Event;
use larder::hooks::{self, Hook};
use larder::progress::Progress;

/// Does something, with the command of the settings before it, and that for its success or its failure after it. `made` says
/// what was made. Where the first fails, nothing is done; where a later one fails, what was done stays.
pub fn around<T>(
    subject: &Subject,
    name: &str,
    context: &Context<'_>,
    work: impl FnOnce() -> Result<T>,
    made: impl FnOnce(&T) -> Vec<(&'static str, String)>,
) -> Result<(T, Exit)> {
    let hooks = Hooks { subject, name, context };
    // Better before anything is done than after.
    for event in [Event::Before, Event::After, Event::OnFailure] {
        subject.config.hooks.command(event)?;
    }
    let done = hooks.run(Event::Before, Vec::new()).context("nothing was done").and_then(|()| work());
    match done {
        Ok(done) => {
            let after = hooks.run(Event::After, made(&done));
            if let Err(error) = &after {
                context.ui.warn(&format!("{error:#}"));
            }
            Ok((done, if after.is_ok() { Exit::Done } else { Exit::Failed }))
        }
        Err(error) => {
            let told = vec![("LARDER_ERROR", format!("{error:#}"))];
            if let Err(why) = hooks.run(Event::OnFailure, told) {
                context.ui.warn(&format!("{why:#}"));
            }
            Err(error)
        }
    }
}

/// The commands of a database's settings.
struct Hooks<'a> {
    subject: &'a Subject,
    name: &'a str,
    context: &'a Context<'a>,
}

impl Hooks<'_> {
    fn run(&self, event: Event, told: Vec<(&'static str, String)>) -> Result<()> {
        let subject = self.subject;
        let Some(command) = subject.config.hooks.command(event)? else { return Ok(()) };
        let mut environment = vec![
            ("LARDER_COMMAND", self.name.to_owned()),
            ("LARDER_APP", subject.app.clone()),
            ("LARDER_DATABASE", text(&subject.database)),
        ];
        environment.extend(told);
        let environment: Vec<(String, String)> =
            environment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.context.ui.detail(&format!("the hook {}: {command}", event.name()));
        let hook = Hook { name: event.name(), command, timeout: subject.config.hooks.timeout };
        hooks::run(&hook, &environment, None, self.context.ui)?.require()
    }
}
