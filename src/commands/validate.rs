//! `larder validate`

use super::configuration::Subject;
use super::input::{self, LimitOptions};
use super::keys::{KeyArgs, KeySettings};
use super::store::App;
use super::{Context, state};
use crate::exit::Exit;
use crate::ui::{Ui, one_line};
use anyhow::Result;
use clap::Args;
use indexmap::IndexMap;
use larder::document::envelope::Mode;
use larder::document::reader::Limits;
use larder::error::{Kind, kind};
use larder::files;
use larder::import::condensed::{CondensedOptions, Instructions, trial};
use larder::import::identity::Own;
use larder::problem::{Problem, Problems, Severity};
use larder::progress::go_on;
use larder::snapshot::stored_export::compare;
use larder::snapshot::verify::{VerifyOptions, verify};
use larder::store::SnapshotName;
use larder::stream::age::{Keys, unlock};
use larder::stream::{Form, decompress};
use larder::validate::{Against, ValidateOptions, validate};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Say whether an export or a snapshot is whole, and all that is wrong with it
///
/// The whole file is read. Of an export: its envelope, counts and digest, every row against its section, types, keys and
/// references within the file. Of a snapshot: the database in it is checked, and everything is compared with the
/// manifest. An export that was edited by hand is no error.
#[derive(Debug, Args)]
pub struct Validate {
    /// The exports and snapshots: files, latest, times, or names in the store; - is the standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Say also what of an export would not fit this database; a condensed one is tried on a private copy of it
    #[arg(long, value_name = "DATABASE")]
    against: Option<PathBuf>,
    /// How many problems to list of each file
    #[arg(long, value_name = "N", default_value_t = 100)]
    max_problems: usize,
    #[command(flatten)]
    app: App,
    #[command(flatten)]
    limits: LimitOptions,
    #[command(flatten)]
    keys: KeyArgs,
}

/// What was found out about a file.
struct Found {
    kind: &'static str,
    problems: Problems,
}

impl Found {
    fn of(kind: &'static str, problems: impl IntoIterator<Item = Problem>) -> Self {
        Self { kind, problems: problems.into_iter().collect() }
    }
}

impl Validate {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let keys = self.keys.keys(&super::configuration::keys_here(context)?, context)?;
        let mut results = Vec::new();
        let (mut valid, mut failed) = (true, None);
        for file in &self.files {
            go_on(context.ui)?;
            let mut name = file.clone();
            let found = match self.validate_named(&mut name, &keys, context) {
                Ok(found) => found,
                // A file that cannot be looked at does not keep the others from being looked at.
                Err(error) if self.files.len() > 1 && kind(&error) != Kind::Interrupted => {
                    let text = format!("{error:#}");
                    failed = Some(error);
                    Found::of("unknown", [Problem::error("file", text)])
                }
                Err(error) => return Err(error),
            };
            let is_valid = found.problems.errors == 0;
            valid &= is_valid;
            context.ui.result_line(&render(&name, is_valid, &found.problems))?;
            let problems = &found.problems;
            results.push(json!({
                "file": input::text(&name), "kind": found.kind, "valid": is_valid, "problems": problems.listed,
                "more_problems": problems.more,
            }));
        }
        if context.ui.wants_json() {
            let result: Value = json!({ "valid": valid, "files": results });
            Ui::print_json(&result)?;
        }
        Ok(match failed {
            Some(error) => Exit::from(kind(&error)),
            None if valid => Exit::Done,
            None => Exit::Problems,
        })
    }

    /// Validates what an argument means, which may be a file of a store: then that is what it is called.
    fn validate_named(&self, file: &mut PathBuf, keys: &Keys<'_>, context: &Context<'_>) -> Result<Found> {
        if !state::means_stored(file) {
            return self.validate(file, keys, context);
        }
        let subject = state::subject(Some(file), &self.app, context)?;
        let keys = self.keys.keys(&KeySettings::of(&subject.config)?, context)?;
        match state::stored(file, &subject, context)? {
            Some(found) => {
                file.clone_from(&found.name);
                self.validate(&found.path, &keys, context)
            }
            None => self.validate(file, &keys, context),
        }
    }

    fn validate(&self, file: &Path, keys: &Keys<'_>, context: &Context<'_>) -> Result<Found> {
        if file.is_dir() && !input::is_standard(file) {
            return self.export(file, file, keys, context);
        }
        if let Some(of) = file.file_name().and_then(SnapshotName::parse_files) {
            let message =
                format!("it holds the files of {of}: validate that, and they are validated with it");
            return Ok(Found::of("unknown", [Problem::error("file", message)]));
        }
        let spooled = input::spool(file, is_known, self.limits.piped(), &[&context.temporary], context)?;
        spooled.fetch_files(file, context)?;
        let outer = Form::of(&larder::database::header::read_head(&spooled.path)?);
        if outer == Form::Age && keys.is_empty() && is_stored_export(&spooled.path) {
            return Ok(Found::of("export", unopened(&spooled.path, context)?));
        }
        let inner = match self.inner(&spooled.path, outer, keys) {
            Err(error) if kind(&error) == Kind::Invalid => {
                return Ok(Found::of("unknown", [Problem::error("file", format!("{error:#}"))]));
            }
            inner => inner?,
        };
        let not_one = |message: &str| Ok(Found::of("unknown", [Problem::error("file", message)]));
        match (outer, inner) {
            (_, Form::Json | Form::Zip) => return self.export(&spooled.path, file, keys, context),
            (Form::Compressed(_) | Form::Sqlite | Form::Age, _) => {}
            (Form::Empty, _) => return not_one("the file is empty"),
            _ => return not_one("the file is neither an export nor a database, compressed or not"),
        }
        if self.against.is_some() {
            context.ui.say("--against compares exports; a snapshot takes the place of the whole database");
        }
        let beside = files::folder_of(&spooled.path);
        let options = VerifyOptions {
            scratch: &[&context.temporary, &beside],
            keys,
            require: &required(file, context)?,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        Ok(Found::of("snapshot", verify(&spooled.path, outer, &options)?))
    }

    /// What a file holds that is compressed or encrypted.
    fn inner(&self, path: &Path, outer: Form, keys: &Keys<'_>) -> Result<Form> {
        let is_named = path.file_name().and_then(SnapshotName::parse).is_some_and(|name| !name.is_export());
        match outer {
            // To look inside may take a second, and the name says it. Without a key, nobody can look.
            Form::Age if is_named => Ok(Form::Sqlite),
            Form::Compressed(_) | Form::Age => {
                let (_, plain) = unlock(files::open(path)?, keys, &path.display().to_string())?;
                let inside = decompress(plain, self.limits.limits().expansion);
                Ok(inside.map_or(Form::Sqlite, |(form, _)| form))
            }
            form => Ok(form),
        }
    }

    /// Validates an export that lies at `path`, and is called like the argument.
    fn export(&self, path: &Path, argument: &Path, keys: &Keys<'_>, context: &Context<'_>) -> Result<Found> {
        let against = self.against.as_deref();
        let subject = against.map(|database| Subject::of(Some(database), &self.app, context)).transpose()?;
        let against = subject.as_ref().map(|subject| {
            let app = Some(subject.app.as_str()).filter(|_| subject.app_is_said);
            let own = Own { app, rules: &subject.config.rules };
            Against { database: &subject.database, own }
        });
        let here = context.places.find(None, None)?.config.unwrap_or_default();
        let checks = subject.as_ref().map_or(&here.rules, |subject| &subject.config.rules).checks();
        let options = ValidateOptions {
            checks,
            max_problems: self.max_problems,
            against,
            limits: self.limits.limits(),
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        let name = input::name(argument);
        let mut problems = export(path, &name, keys, &options, context)?;
        if let Some(subject) = subject.filter(|_| problems.errors == 0) {
            for problem in self.trial(path, &name, keys, &subject, context)? {
                problems.add(problem);
            }
        }
        Ok(Found { kind: "export", problems })
    }

    /// What an import of a condensed document into a database would say.
    fn trial(
        &self,
        path: &Path,
        name: &str,
        keys: &Keys<'_>,
        subject: &Subject,
        context: &Context<'_>,
    ) -> Result<Vec<Problem>> {
        let limits = self.limits.limits();
        let document = input::document(path, &limits, u64::MAX, keys, context)?;
        let (metadata, input) = document.input.metadata(name, limits)?;
        if metadata.mode != Mode::Condensed {
            return Ok(Vec::new());
        }
        let options = CondensedOptions {
            told: Instructions { scope: metadata.scope.map(|scope| scope.value), ..Instructions::default() },
            lists: false,
            expected: None,
            app: Some(subject.app.as_str()).filter(|_| subject.app_is_said),
            rules: &subject.config.rules,
            limits,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        Ok(trial(input, name, &subject.database, &options)?.listed)
    }
}

/// What the settings require of a database, or of the one that a snapshot is of.
fn required(file: &Path, context: &Context<'_>) -> Result<Vec<String>> {
    let name = file.file_name().and_then(SnapshotName::parse);
    let app = name.as_ref().map(SnapshotName::base_app);
    let database = app.is_none().then_some(file).filter(|file| !input::is_standard(file));
    let config = context.places.find(app, database)?.config.unwrap_or_default();
    Ok(config.check.require)
}

/// What is wrong with an export, and how it differs from its manifest where it is one of a store.
fn export(
    path: &Path,
    name: &str,
    keys: &Keys<'_>,
    options: &ValidateOptions<'_>,
    context: &Context<'_>,
) -> Result<Problems> {
    let compared = compare(path, context.ui)?;
    // It is a file: what came through a pipe is kept in one.
    let mut problems = match input::document(path, &options.limits, u64::MAX, keys, context) {
        Ok(document) => validate(document.input, name, options)?,
        Err(error) if kind(&error) == Kind::Invalid => {
            Problems::from_iter([Problem::error("file", format!("{error:#}"))])
        }
        Err(error) => return Err(error),
    };
    for problem in compared {
        problems.add(problem);
    }
    Ok(problems)
}

/// What is wrong with an export that lies in a store, or was fetched from one.
pub fn stored_export(path: &Path, keys: &Keys<'_>, context: &Context<'_>) -> Result<Vec<Problem>> {
    let is_encrypted = Form::of(&larder::database::header::read_head(path)?) == Form::Age;
    if is_encrypted && keys.is_empty() {
        return unopened(path, context);
    }
    let options = ValidateOptions {
        checks: IndexMap::new(),
        max_problems: 20,
        against: None,
        limits: Limits::default(),
        temporary: &context.temporary,
        patience: context.patience.clone(),
        progress: context.ui,
    };
    Ok(export(path, &path.display().to_string(), keys, &options, context)?.listed)
}

/// What can be said of an encrypted export without a key.
fn unopened(path: &Path, context: &Context<'_>) -> Result<Vec<Problem>> {
    let mut problems = compare(path, context.ui)?;
    let message = "its content is not checked: --identity or a passphrase opens it";
    problems.push(Problem::warning("file", message));
    Ok(problems)
}

/// Whether a file of this form can be an export or a snapshot.
fn is_known(form: Form) -> bool {
    !matches!(form, Form::Unknown)
}

fn is_stored_export(path: &Path) -> bool {
    path.file_name().and_then(SnapshotName::parse).is_some_and(|name| name.is_export())
}

fn render(file: &Path, valid: bool, problems: &Problems) -> String {
    let name = input::name(file);
    let mut lines = format!("{}: {}\n", one_line(&name), if valid { "valid" } else { "NOT VALID" });
    for problem in &problems.listed {
        let severity = match problem.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        lines += &format!("  {severity}: {}\n", one_line(&problem.to_string()));
    }
    if problems.more > 0 {
        lines += &format!("  and {} more\n", problems.more);
    }
    lines
}
