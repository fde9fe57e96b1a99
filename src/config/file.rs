//! What one `larder.toml` says.

use super::application::Application;
use super::backups::{CheckConfig, RetentionConfig, SnapshotConfig};
use super::files::FilesConfig;
use super::hooks::Hooks;
use super::notify::NotifyConfig;
use super::section::{Rules, ScopeConfig, SectionConfig};
use super::settings::{Said, Settings, Source};
use crate::files;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// The largest file of settings.
const MAX_FILE: u64 = 4 << 20;

/// What `larder.toml` says of an application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// The file that says it.
    pub file: PathBuf,
    /// The application's name.
    pub app: Option<String>,
    /// Of the settings of a known application: how it is recognised.
    pub application: Option<Application>,
    /// Its database.
    pub database: Option<PathBuf>,
    /// Files of identities that open what is encrypted.
    pub identity: Vec<PathBuf>,
    /// What its data mean.
    pub rules: Rules,
    /// What is run before and after.
    pub hooks: Hooks,
    /// The files that belong to the database.
    pub files: Option<FilesConfig>,
    /// Where snapshots go, and how they are made.
    pub snapshot: SnapshotConfig,
    /// How long they are kept.
    pub retention: RetentionConfig,
    /// What a check expects.
    pub check: CheckConfig,
    /// Which service is told.
    pub notify: NotifyConfig,
    /// All of it as it is written.
    pub said: Vec<Said>,
}

impl Config {
    /// Reads a file. `home` is what `~` means.
    pub fn read(file: &Path, home: Option<&Path>) -> Result<Self> {
        // Looked at first: what others may not write then stays as it is read.
        let unsafe_because = Hooks::unsafe_because(file)?;
        let bytes = files::read_small(file, MAX_FILE)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let whole = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            let place = whole.len()..whole.len();
            Source { file, text: &whole, home }.fault(&place, "this is not UTF-8")
        })?;
        let mut config = Self::parse(file, &text, home)?;
        config.hooks.unsafe_because = unsafe_because;
        Ok(config)
    }

    /// The command that prints the passphrase. An error where somebody else could have written it, as of a hook.
    pub fn passphrase_command(&self) -> Result<Option<&str>> {
        let command = self.snapshot.passphrase_command.as_deref();
        if command.is_some() {
            self.hooks.require_trust("passphrase-command is not run")?;
        }
        Ok(command)
    }

    /// The service that is told of a command. An error where somebody else could have written it, as of a hook.
    pub fn notify_url(&self, command: &str) -> Result<Option<&str>> {
        let url = self.notify.url_for(command);
        if url.is_some() {
            self.hooks.require_trust("the service of notify.url is not told")?;
        }
        Ok(url)
    }

    /// Reads what a file says.
    pub fn parse(file: &Path, text: &str, home: Option<&Path>) -> Result<Self> {
        let mut settings = Settings::parse(Source { file, text, home })?;
        let application = settings.table("application")?.map(Application::read).transpose()?;
        let app = settings.some_text("app")?;
        let database = settings.place("database")?;
        let identity = settings.places("identity")?;
        let mut rules = Rules { has_head: application.is_some(), ..Rules::default() };
        let mut version = |name| -> Result<Option<String>> {
            let Some(mut version) = settings.table(name)? else { return Ok(None) };
            let sql = version.needed("sql")?;
            version.finish().map(|()| Some(sql))
        };
        rules.schema_version = version("schema-version")?;
        rules.app_version = version("app-version")?;
        rules.known_app = settings.flag("known-app")?;
        rules.triggers = settings.parsed("triggers", str::parse)?;
        if let Some(scope) = settings.table("scope")? {
            rules.scope = Some(ScopeConfig::read(scope)?);
        }
        let hooks = settings.table("hooks")?.map(Hooks::read).transpose()?.unwrap_or_default();
        for (name, section) in settings.tables("sections")? {
            rules.sections.insert(name, SectionConfig::read(section, false)?);
        }
        let files = settings.table("files")?.map(FilesConfig::read).transpose()?;
        let snapshot = settings.table("snapshot")?.map(SnapshotConfig::read).transpose()?;
        let retention = settings.table("retention")?.map(RetentionConfig::read).transpose()?;
        let check = settings.table("check")?.map(CheckConfig::read).transpose()?;
        let notify = settings.table("notify")?.map(NotifyConfig::read).transpose()?;
        let said = settings.said();
        settings.finish()?;
        Ok(Self {
            file: file.to_owned(),
            application,
            app,
            database,
            identity,
            rules,
            hooks,
            files,
            snapshot: snapshot.unwrap_or_default(),
            retention: retention.unwrap_or_default(),
            check: check.unwrap_or_default(),
            notify: notify.unwrap_or_default(),
            said,
        })
    }
}

#[cfg(test)]
mod tests;
