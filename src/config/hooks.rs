//! The user's own commands. Whoever can write the file that says them can run anything as its reader: they are taken from
//! a file only that nobody else may write.

use super::settings::Settings;
use crate::error::Fault;
use crate::{files, platform};
use anyhow::Result;
use std::path::Path;
use std::time::Duration;

/// How long a command may take where nobody says.
const TIMEOUT: Duration = Duration::from_mins(10);

/// When a command is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Before anything is done.
    Before,
    /// When all went well.
    After,
    /// When it did not.
    OnFailure,
    /// When rows came in that lack what can be fetched again.
    Refetch,
}

impl Event {
    /// The setting's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::OnFailure => "on-failure",
            Self::Refetch => "refetch",
        }
    }
}

/// The commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hooks {
    before: Option<String>,
    after: Option<String>,
    on_failure: Option<String>,
    refetch: Option<String>,
    /// How long each of them may take.
    pub timeout: Duration,
    /// Why none of them is run, and what to do about it.
    pub(super) unsafe_because: Option<(String, String)>,
}

impl Default for Hooks {
    fn default() -> Self {
        let (before, after, on_failure, refetch) = (None, None, None, None);
        Self { before, after, on_failure, refetch, timeout: TIMEOUT, unsafe_because: None }
    }
}

impl Hooks {
    /// Reads what is said of them.
    pub(super) fn read(mut settings: Settings<'_>) -> Result<Self> {
        let hooks = Self {
            before: settings.some_text("before")?,
            after: settings.some_text("after")?,
            on_failure: settings.some_text("on-failure")?,
            refetch: settings.some_text("refetch")?,
            timeout: settings.length_of_time("timeout")?.unwrap_or(TIMEOUT),
            unsafe_because: None,
        };
        settings.finish()?;
        Ok(hooks)
    }

    /// The command of an event, where there is one. An error where somebody else could have written it.
    pub fn command(&self, event: Event) -> Result<Option<&str>> {
        let command = match event {
            Event::Before => &self.before,
            Event::After => &self.after,
            Event::OnFailure => &self.on_failure,
            Event::Refetch => &self.refetch,
        };
        if command.is_some() {
            self.require_trust(&format!("the hook {} is not run", event.name()))?;
        }
        Ok(command.as_deref())
    }

    /// An error where somebody else could have written the commands of the file. `what` says what is not done.
    pub(super) fn require_trust(&self, what: &str) -> Result<()> {
        match &self.unsafe_because {
            Some((why, hint)) => Err(Fault::usage(format!("{what}: {why}")).hint(hint).into()),
            None => Ok(()),
        }
    }

    /// Why commands of a file are not run, and what to do about it.
    pub(super) fn unsafe_because(file: &Path) -> Result<Option<(String, String)>> {
        let Some(metadata) = files::metadata(file)? else { return Ok(None) };
        let shown = file.display();
        if !platform::is_trusted(&metadata, None) {
            let hint = "write a file of your own, and name it with --config";
            return Ok(Some((format!("{shown} belongs to somebody else"), hint.to_owned())));
        }
        if platform::others_may_write(&metadata) {
            return Ok(Some((format!("others may write {shown}"), format!("chmod go-w {}", word(file)))));
        }
        let resolved = files::resolve(file)?;
        for folder in [files::folder_of(file), files::folder_of(&resolved)] {
            if files::metadata(&folder)?.is_some_and(|metadata| platform::others_may_replace(&metadata)) {
                let why = format!("everybody may put another file into {}", folder.display());
                return Ok(Some((why, format!("chmod o-w {}", word(&folder)))));
            }
        }
        Ok(None)
    }
}

/// A path as a shell reads it.
fn word(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:@,=".contains(c);
    if text.chars().all(is_plain) {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::error::{Kind, hint, kind};

    fn hooks(text: &str) -> Result<Hooks> {
        Ok(Config::parse(Path::new("larder.toml"), text, None)?.hooks)
    }

    #[test]
    fn commands_and_their_time_are_read() {
        let read = hooks("[hooks]\nbefore = 'a'\non-failure = 'b'\ntimeout = '90s'").expect("hooks");
        assert_eq!(read.command(Event::Before).expect("safe"), Some("a"));
        assert_eq!(read.command(Event::OnFailure).expect("safe"), Some("b"));
        assert_eq!(read.command(Event::Refetch).expect("safe"), None);
        assert_eq!(read.timeout, Duration::from_secs(90));
        assert_eq!(hooks("").expect("none").timeout, Duration::from_mins(10));
        for (text, message) in [
            ("[hooks]\ntimeout = 'soon'", "larder.toml:2:11: hooks.timeout: \"soon\" is no length of time"),
            ("[hooks]\ntimeout = 3", ":2:11: hooks.timeout: this must be a text"),
            ("[hooks]\nbefor = 'a'", ":2:1: this larder does not know the setting hooks.befor"),
            ("[hooks]\nafter = ''", ":2:9: hooks.after: this is empty"),
        ] {
            let error = hooks(text).expect_err(text);
            assert!(error.to_string().contains(message), "{error:#}");
            assert_eq!(kind(&error), Kind::Usage);
        }
    }

    #[test]
    fn paths_are_words_of_a_shell() {
        assert_eq!(word(Path::new("/a/larder.toml")), "/a/larder.toml");
        assert_eq!(word(Path::new("it's $here")), "'it'\\''s $here'");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_write_runs_nothing() {
        use std::os::unix::fs::PermissionsExt;
        let scene = tempfile::tempdir().expect("a folder");
        let file = scene.path().join("larder.toml");
        std::fs::write(&file, "app = 'a'\n[hooks]\nafter = 'true'").expect("write");
        let set = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("mode");
        };
        for (mode, folder, refused) in [
            (0o644, 0o755, None),
            (0o600, 0o1777, None),
            (0o600, 0o775, None),
            (0o620, 0o755, Some("chmod go-w")),
            (0o602, 0o755, Some("chmod go-w")),
            (0o600, 0o777, Some("chmod o-w")),
        ] {
            set(&file, mode);
            set(scene.path(), folder);
            let config = Config::read(&file, None).expect("what it says besides counts");
            assert_eq!(config.hooks.command(Event::Before).expect("there is none"), None);
            match (config.hooks.command(Event::After), refused) {
                (Ok(command), None) => assert_eq!(command, Some("true")),
                (Err(error), Some(mends)) => {
                    assert_eq!(kind(&error), Kind::Usage);
                    assert!(hint(&error).expect("a hint").starts_with(mends), "{error:#}");
                }
                (other, _) => panic!("{mode:o} in {folder:o}: {other:?}"),
            }
        }
        // By way of a link, the folder of the file itself counts too.
        let link = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink(&file, link.path().join("larder.toml")).expect("link");
        let config = Config::read(&link.path().join("larder.toml"), None).expect("read");
        assert!(config.hooks.command(Event::After).is_err());
    }
}
