//! `larder config`

use super::configuration::{said_app, settings};
use super::{Context, store, text};
use crate::exit::Exit;
use crate::ui::{Ui, program, redacted, table};
use anyhow::Result;
use clap::Args;
use larder::app::known::InForce;
use larder::config::{self, Said, quoted};
use larder::database::{ReadOptions, Source};
use larder::files;
use larder::progress::Progress;
use larder::snapshot::prune;
use larder::store::app_of;
use larder::stream::Compression;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Print the settings that are in force, and where each comes from
///
/// Those of larder.toml as they stand there, with their lines, and what holds where it says nothing. What they name is not
/// looked at: a store that cannot be reached, or a table that is not there, is found by the command that needs it. Of a
/// command only the program is shown, and of a URL no password.
#[derive(Debug, Args)]
pub struct Config {
    /// The database [default: the one that larder.toml names]
    database: Option<PathBuf>,
    #[command(flatten)]
    app: store::App,
}

/// A setting that is in force.
struct Setting {
    name: String,
    /// As it would be written in `larder.toml`.
    value: String,
    from: String,
    /// The line, where it is from a file.
    line: Option<u64>,
}

impl Config {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let config = settings(&self.app, self.database.as_deref(), context)?;
        let file = Some(&config.file).filter(|file| !file.as_os_str().is_empty());
        let built_in = self.built_in(&config, context);
        match file {
            Some(file) => context.ui.say(&format!("settings: {}", file.display())),
            None => context.ui.say("no larder.toml: these are the settings without one"),
        }
        built_in.message().iter().for_each(|message| context.ui.say(message));
        let list = self.in_force(&config, &built_in)?;
        if context.ui.wants_json() {
            let settings: Vec<Value> = list.iter().map(Setting::describe).collect();
            let known = built_in.known.as_ref().map(|known| known.id);
            Ui::print_json(
                &json!({ "file": file.map(|file| text(file)), "known_app": known, "settings": settings }),
            )?;
        } else if !context.ui.is_quiet() {
            let rows = list.into_iter().map(Setting::row).collect();
            Ui::print(&table::table(&["SETTING", "VALUE", "FROM"], rows, &[]))?;
        }
        context.ui.detail("a setting that is not listed is not set");
        Ok(Exit::Done)
    }

    /// What is built in for the application of the database, where that can be read.
    fn built_in(&self, config: &config::Config, context: &Context<'_>) -> InForce {
        let Some(database) = self.database.as_ref().or(config.database.as_ref()) else {
            return InForce::default();
        };
        let read = ReadOptions {
            scratch: &[&context.temporary],
            patience: context.patience.clone(),
            progress: context.ui,
        };
        let read = || {
            let source = Source::open(database, &read)?;
            InForce::of(source.connection(), &config.rules)
        };
        read().unwrap_or_else(|error: anyhow::Error| {
            context.ui.detail(&format!("whether larder knows the application is not known: {error:#}"));
            InForce::default()
        })
    }

    /// All settings: those of the command line, then those of the file in its order, then those that are built in, then those
    /// that nobody set.
    fn in_force(&self, config: &config::Config, built_in: &InForce) -> Result<Vec<Setting>> {
        let mut list = Vec::new();
        let app = said_app(&self.app, config)?;
        if let Some(app) = self.app.given() {
            list.push(Setting::new("app", quoted(app), "--app"));
        }
        if let Some(database) = &self.database {
            list.push(Setting::new("database", path(database), "the command line"));
        }
        let file = config.file.display().to_string();
        for Said { name, value, line, .. } in &config.said {
            if list.iter().all(|setting| setting.name != *name) {
                let value = command(name, value).unwrap_or_else(|| value.clone());
                let (name, from) = (name.clone(), file.clone());
                list.push(Setting { name, value, from, line: Some(*line) }.redacted());
            }
        }
        for Said { name, value, line, .. } in built_in.said() {
            if config.files.is_some() && name.starts_with("files.") {
                continue;
            }
            if list.iter().all(|setting| setting.name != *name) {
                let from = format!("built in: {}", built_in.file().display());
                list.push(Setting { name: name.clone(), value: value.clone(), from, line: Some(*line) });
            }
        }
        let database = self.database.as_ref().or(config.database.as_ref());
        for (name, value) in defaults(config, app, database)? {
            if list.iter().all(|setting| setting.name != name) {
                list.push(Setting::new(name, value, "default"));
            }
        }
        Ok(list)
    }
}

/// What holds where nobody says anything.
fn defaults(
    config: &config::Config,
    app: Option<String>,
    database: Option<&PathBuf>,
) -> Result<Vec<(&'static str, String)>> {
    let mut defaults = Vec::new();
    if let Some(database) = database {
        let app = app.map_or_else(|| files::resolve(database).map(|path| app_of(&path)), Ok)?;
        defaults.push(("app", quoted(&app)));
        defaults.push(("snapshot.to", path(&store::beside(database)?)));
    }
    let compression = config.snapshot.compress.unwrap_or(Compression::Gzip);
    defaults.extend([
        ("snapshot.compress", quoted("gzip")),
        ("snapshot.level", compression.default_level().to_string()),
        ("snapshot.drill", quoted("full")),
        ("snapshot.verify", quoted("auto")),
        ("snapshot.files", config.files.is_some().to_string()),
        ("snapshot.if-changed", "false".to_owned()),
        ("snapshot.keep-damaged", "false".to_owned()),
        ("snapshot.prune", "false".to_owned()),
        ("retention.keep-safety", quoted(&prune::SAFETY.to_string())),
        ("retention.timezone", quoted("local")),
        ("hooks.timeout", quoted(&humantime::format_duration(config.hooks.timeout).to_string())),
        ("check.drill", "false".to_owned()),
    ]);
    Ok(defaults)
}

/// A setting that is a command, as it may be shown.
fn command(name: &str, value: &str) -> Option<String> {
    if name == "notify.url" {
        // What stands behind the host lets anybody tell the service anything.
        let host = value.trim_matches(['"', '\'']).split('/').take(3).collect::<Vec<_>>().join("/");
        return Some(quoted(&format!("{host}/…")));
    }
    let is_one = name.ends_with("-command") || name.starts_with("hooks.") && name != "hooks.timeout";
    is_one.then(|| quoted(&program(value.trim_matches(['"', '\'']))))
}

fn path(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

impl Setting {
    fn new(name: &str, value: String, from: &str) -> Self {
        Self { name: name.to_owned(), value, from: from.to_owned(), line: None }.redacted()
    }

    /// The same without a password that stands in a URL.
    fn redacted(self) -> Self {
        Self { value: redacted(&self.value).into_owned(), ..self }
    }

    fn describe(&self) -> Value {
        json!({ "name": self.name, "value": self.value, "from": self.from, "line": self.line })
    }

    fn row(self) -> Vec<String> {
        let from = match self.line {
            Some(line) => format!("{}:{line}", self.from),
            None => self.from,
        };
        // A value may be written in several lines.
        let value = self.value.split_whitespace().collect::<Vec<_>>().join(" ");
        vec![self.name, value, from]
    }
}
