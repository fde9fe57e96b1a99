//! Which service is told when something begins and how it ended: `[notify]`.

use super::settings::Settings;
use crate::error::Fault;
use anyhow::Result;

/// The commands that tell it, where nothing else is said.
const COMMANDS: [&str; 4] = ["snapshot", "export", "prune", "check"];

/// What is said of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotifyConfig {
    /// Where it is.
    pub(super) url: Option<String>,
    /// The commands that tell it.
    pub(super) commands: Option<Vec<String>>,
}

impl NotifyConfig {
    pub(super) fn read(mut settings: Settings<'_>) -> Result<Self> {
        let url = settings.parsed("url", |text| {
            let is_url = ["https://", "http://"]
                .iter()
                .any(|start| text.len() > start.len() && text.starts_with(start));
            if is_url && !text.contains(char::is_whitespace) {
                return Ok(text.to_owned());
            }
            // It is a secret of its own, so it is not repeated.
            Err(Fault::usage("this is no URL that begins with https://").into())
        })?;
        let commands = settings.some_texts("commands")?;
        let unknown = commands.iter().flatten().find(|name| !COMMANDS.contains(&name.as_str()));
        if let Some(unknown) = unknown {
            let message = format!("{}: {unknown:?} tells nobody", settings.path_of("commands"));
            return Err(Fault::usage(message).hint(format!("these do: {}", COMMANDS.join(", "))).into());
        }
        settings.finish()?;
        Ok(Self { url, commands })
    }

    /// Where to tell of a command.
    pub(super) fn url_for(&self, command: &str) -> Option<&str> {
        let is_meant =
            self.commands.as_ref().is_none_or(|commands| commands.iter().any(|name| name == command));
        self.url.as_deref().filter(|_| is_meant)
    }
}
