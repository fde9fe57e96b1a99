//! The command that fetches again what items lack.

use super::Import;
use anyhow::Result;
use larder::config::Event;
use larder::hooks::{self, Hook};
use larder::import::condensed::Outcome;
use larder::progress::Progress;

impl Import<'_> {
    /// Runs the hook that fetches what items lack, with their keys on its standard input, as JSON, a row a line. What was
    /// imported stays, whatever comes of it. Says whether it went well.
    pub fn refetch(&self, outcome: &Outcome) -> Result<bool> {
        let subject = self.told.subject;
        let Some(command) = subject.config.hooks.command(Event::Refetch)? else { return Ok(true) };
        let count: u64 = outcome.needs_refetch.values().sum();
        if count == 0 {
            return Ok(true);
        }
        let scope = self.options.told.scope.as_deref();
        let lines = self.staged.lacking(outcome, scope)?;
        let sections: Vec<&str> = outcome.needs_refetch.keys().map(String::as_str).collect();
        let environment = [
            ("LARDER_COMMAND", "import".to_owned()),
            ("LARDER_APP", subject.app.clone()),
            ("LARDER_DATABASE", self.staged.database.display().to_string()),
            ("LARDER_FILE", self.told.file.display().to_string()),
            ("LARDER_COUNT", count.to_string()),
            ("LARDER_SECTION", sections.join(",")),
            ("LARDER_SCOPE", scope.unwrap_or_default().to_owned()),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value));
        let hook = Hook { name: Event::Refetch.name(), command, timeout: subject.config.hooks.timeout };
        self.context.ui.detail(&format!("the hook refetch: {command}"));
        let ran = hooks::run(&hook, &environment, Some(Box::new(lines)), self.context.ui);
        if let Err(error) = ran.and_then(|ran| ran.require()) {
            if larder::error::kind(&error) == larder::error::Kind::Interrupted {
                return Err(error);
            }
            self.context
                .ui
                .error(&format!("the items are in, and what they lack was not fetched: {error:#}"), None);
            return Ok(false);
        }
        Ok(true)
    }
}
