//! `larder init`

use super::configuration::Subject;
use super::keys::{KeyArgs, KeySettings};
use super::state::{self, Found};
use super::{Context, format, input, store, text};
use crate::exit::Exit;
use crate::ui::{Ui, is_interactive, require_stdout, table};
use anyhow::{Context as _, Result};
use clap::Args;
use larder::database::{ReadOptions, Source, sidecar};
use larder::error::{Fault, Kind};
use larder::files::{self, AtomicFile};
use larder::init::{Doubt, Draft, InitOptions, check, draft};
use larder::store::app_of;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where the file goes that nobody named.
const DEFAULT: &str = "larder.toml";

/// How many questions are asked at most; the rest stay proposals.
const MOST_QUESTIONS: usize = 8;

/// Look at a database and write a larder.toml for it
///
/// The file says what larder finds out by itself, and why: what rows are known by, what refers to what, what is written
/// inside what, what is secret. An export with it is the same as without it. What larder only supposes stands there as
/// proposals that do not count yet; on a terminal, it asks about those on which much hangs.
#[derive(Debug, Args)]
pub struct Init {
    /// The database, or a snapshot of one: a file, latest, or a time [default: the one that larder.toml names]
    database: Option<PathBuf>,
    /// Write to this file, or to the standard output (-) [default: larder.toml]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite the file
    #[arg(long)]
    force: bool,
    /// Do not ask: what is unsure stays a proposal
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    app: store::App,
    #[command(flatten)]
    keys: KeyArgs,
}

impl Init {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let output = self.output.as_deref().unwrap_or(Path::new(DEFAULT));
        let output = format::output(Some(output))?;
        if context.ui.wants_json() && output.is_none() {
            return Err(Fault::usage("--json and the file cannot both go to the standard output")
                .hint("name a file: -o FILE")
                .into());
        }
        let (database, app, _found) = self.subject(context)?;
        let database = files::resolve(&database)?;
        if let Some(output) = &output {
            sidecar::refuse_output(output, &database)?;
            files::refuse_taken(output, self.force)?;
        }
        let scratch: [&Path; 2] = [&context.temporary, &files::folder_of(&database)];
        let read =
            ReadOptions { scratch: &scratch, patience: context.patience.clone(), progress: context.ui };
        let keys = self.keys.keys(&KeySettings::default(), context)?;
        // Nobody's answer is waited for while the database is open.
        let source = if self.yes || !is_interactive() {
            Source::open_by(&database, &keys, &read)?
        } else {
            Source::open_detached(&database, &keys, &read)?
        };
        let home = context.places.home.as_deref();
        // What a snapshot was taken of is what the settings are for.
        let own = state::Origin::of_snapshot(&database)?.map(|origin| files::resolve(&origin.database));
        let own = own.transpose()?.unwrap_or_else(|| database.clone());
        let named = named(&own, output.as_deref(), home);
        let options = InitOptions {
            app: &app,
            database: named.as_deref(),
            known_app: !context.no_known_app,
            progress: context.ui,
        };
        let mut draft = draft(&source, &options)?;
        self.decide(&mut draft, &source, context)?;
        let file = draft.to_toml();
        check(&source, &file).context("the file would not fit the database")?;
        drop(source);
        write(&file, output.as_deref(), self.force)?;
        render(&draft, output.as_deref(), context)
    }

    /// The database and its application. Settings that are there already matter only where nobody names a database.
    fn subject(&self, context: &Context<'_>) -> Result<(PathBuf, String, Option<Found>)> {
        state::require_database(self.database.as_deref(), (None, None), &self.app, "larder init", context)?;
        if let Some(database) = &self.database {
            if input::is_standard(database) {
                return Err(Fault::usage("a database cannot be read from the standard input").into());
            }
            if state::means_stored(database) || state::snapshot_name(database).is_some() {
                let (subject, found) = state::read(Some(database), &self.app, context)?;
                return Ok((subject.database, subject.app, found));
            }
            files::require_file(database)?;
            let app = self.app.given().map(str::to_owned);
            let app = app.map_or_else(|| files::resolve(database).map(|path| app_of(&path)), Ok)?;
            return Ok((database.clone(), app, None));
        }
        let subject = Subject::of(None, &self.app, context)?;
        Ok((subject.database, subject.app, None))
    }

    /// Asks what only people know.
    fn decide(&self, draft: &mut Draft, source: &Source, context: &Context<'_>) -> Result<()> {
        let doubts = draft.doubts().len();
        if self.yes || doubts == 0 {
            return Ok(());
        }
        if !is_interactive() {
            let questions = table::count(doubts as u64, "question", "questions");
            let message = format!("there are {questions} about this database, and no terminal to ask on");
            return Err(Fault::new(Kind::Undecided, message)
                .hint("--yes writes the file without asking, with what is unsure as proposals")
                .into());
        }
        for at in 0..doubts.min(MOST_QUESTIONS) {
            let mut doubts = draft.doubts();
            let Some(doubt) = doubts.get_mut(at) else { break };
            if !ask(doubt, context)? {
                continue;
            }
            *doubt.active = true;
            if let Err(error) = check(source, &draft.to_toml()) {
                context.ui.say(&format!("this does not fit the database: {error:#}"));
                let mut doubts = draft.doubts();
                doubts.get_mut(at).into_iter().for_each(|doubt| *doubt.active = false);
            }
        }
        Ok(())
    }
}

/// Asks one question, with values that may help.
fn ask(doubt: &Doubt<'_>, context: &Context<'_>) -> Result<bool> {
    let samples = doubt.question.samples.iter().map(|sample| format!("    {}\n", sample.replace('\n', " ")));
    let samples: String = samples.collect();
    if !samples.is_empty() {
        context.ui.say(samples.trim_end_matches('\n'));
    }
    context.ui.decide(&doubt.question.text)
}

/// The database as the file names it: beside the file by its name, below the home folder from there, else whole.
fn named(database: &Path, output: Option<&Path>, home: Option<&Path>) -> Option<String> {
    let beside = output.map(files::folder_of).and_then(|folder| database.strip_prefix(folder).ok());
    let home = home.and_then(|home| files::resolve(home).ok());
    let below = home.and_then(|home| database.strip_prefix(home).ok().map(|rest| Path::new("~").join(rest)));
    let path = match beside {
        // A tilde would mean the home folder.
        Some(beside) if beside.to_string_lossy().starts_with('~') => Path::new(".").join(beside),
        Some(beside) => beside.to_owned(),
        None => below.unwrap_or_else(|| database.to_owned()),
    };
    path.to_str().map(str::to_owned)
}

fn write(file: &str, output: Option<&Path>, force: bool) -> Result<()> {
    let Some(output) = output else {
        require_stdout()?;
        return Ui::print(file);
    };
    let mut target = AtomicFile::create(output, force)?;
    target.write_all(file.as_bytes()).with_context(|| format!("cannot write {}", output.display()))?;
    target.commit()
}

fn render(draft: &Draft, output: Option<&Path>, context: &Context<'_>) -> Result<Exit> {
    let Some(output) = output else { return Ok(Exit::Done) };
    let sections = draft.blocks.iter().filter(|block| block.path.len() == 2).count() as u64;
    let proposals = draft.proposals() as u64;
    context.ui.say(&format!(
        "{} and {}",
        table::count(sections, "section", "sections"),
        table::count(proposals, "proposal", "proposals")
    ));
    let result = json!({ "file": text(output), "sections": sections, "proposals": proposals });
    context.ui.result_path(&result, output)?;
    Ok(Exit::Done)
}
