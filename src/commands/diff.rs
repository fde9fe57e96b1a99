//! `larder diff`

use super::configuration::Subject;
use super::input::LimitOptions;
use super::keys::{KeyArgs, KeySettings};
use super::state::{self, Found};
use super::{Context, shell_word, store};
use crate::exit::Exit;
use crate::ui::{Ui, one_line, table};
use anyhow::{Context as _, Result};
use clap::Args;
use larder::database::{ReadOptions, Source};
use larder::diff::{Counts, DiffOptions, Differences, What, states};
use larder::error::{Fault, Kind};
use larder::files::{self, Scratch};
use larder::import::by_id::Agreement;
use larder::stream::age::Keys;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Say what differs between two states of a database: items that are new, gone or changed
///
/// Each state is a database or a snapshot of one: a file, latest, or a time. Rows are the same where they have the same row id;
/// those that were written anew under another, where they hold the same or have the same key. What the settings leave out of
/// exports is left out, but for a count. The exit code is 0 where nothing differs, and 3 where something does.
#[derive(Debug, Args)]
pub struct Diff {
    /// The state before
    before: PathBuf,
    /// The state after [default: the database that larder.toml names]
    after: Option<PathBuf>,
    #[command(flatten)]
    app: store::App,
    /// Only these sections, or those of these groups
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// Say how many items of each section differ, and not which
    #[arg(long)]
    summary: bool,
    #[command(flatten)]
    limits: LimitOptions,
    #[command(flatten)]
    keys: KeyArgs,
}

impl Diff {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let subject = self.subject(context)?;
        let keys = self.keys.keys(&KeySettings::of(&subject.config)?, context)?;
        let before = self.open(&self.before, &subject, &keys, context)?;
        let after = self.after.as_deref().unwrap_or(&subject.database);
        let after = self.open(after, &subject, &keys, context)?;
        let scratch = Scratch::new_in(&context.temporary)?;
        let path = scratch.file("items");
        let mut lines = BufWriter::new(files::create(&path)?);
        let options = DiffOptions {
            rules: &subject.config.rules,
            only: &self.only,
            temporary: &context.temporary,
            patience: &context.patience,
            progress: context.ui,
        };
        let found = states([&before.0, &after.0], &options, |item| {
            if self.summary {
                return Ok(());
            }
            serde_json::to_writer(&mut lines, item)?;
            lines.write_all(b"\n").with_context(|| format!("cannot write {}", path.display()))
        })?;
        lines.flush().with_context(|| format!("cannot write {}", path.display()))?;
        drop(lines);
        let found = found.map_err(|agreements| unlike(&agreements, &self.before))?;
        self.render(&found, &path, context)?;
        Ok(if found.is_none() { Exit::Done } else { Exit::Problems })
    }

    /// What the settings are of: a database that is named, else what the states are of.
    fn subject(&self, context: &Context<'_>) -> Result<Subject> {
        let Some(after) = self.after.as_deref() else {
            let command = format!("larder diff {}", shell_word(&self.before));
            let of = (None, Some(self.before.as_path()));
            state::require_database(None, of, &self.app, &command, context)?;
            return Subject::to_write(None, &self.app, context);
        };
        let is_database = |path: &&Path| path.is_file() && state::snapshot_name(path).is_none();
        let database = [after, &self.before].into_iter().find(is_database);
        state::subject(Some(database.unwrap_or(after)), &self.app, context)
    }

    /// A state, and what keeps it until it was read.
    fn open(
        &self,
        file: &Path,
        subject: &Subject,
        keys: &Keys<'_>,
        context: &Context<'_>,
    ) -> Result<(Source, Found)> {
        let limits = self.limits.limits();
        let Some(found) = state::find(file, subject, (&limits, keys), context)? else {
            files::require_file(file)?;
            let message = format!("{} is neither a database nor a snapshot", file.display());
            return Err(Fault::usage(message)
                .hint("larder import EXPORT DATABASE --dry-run shows what an export holds otherwise than a database")
                .into());
        };
        let beside = files::folder_of(&found.path);
        let scratch: [&Path; 2] = [&context.temporary, &beside];
        let read =
            ReadOptions { scratch: &scratch, patience: context.patience.clone(), progress: context.ui };
        Ok((Source::open_by(&found.path, keys, &read)?, found))
    }

    fn render(&self, found: &Differences, items: &Path, context: &Context<'_>) -> Result<()> {
        if context.ui.wants_json() {
            return print_json(found, (!self.summary).then_some(items));
        }
        if context.ui.is_quiet() {
            return Ok(());
        }
        for line in BufReader::new(files::open(items)?).lines() {
            let change: Value = serde_json::from_str(&line.context("cannot read what differs")?)?;
            Ui::print(&(line_of(&change) + "\n"))?;
        }
        for object in &found.schema {
            let text = format!("{:<8} {} {}", word(object.what), object.kind, object.name);
            Ui::print(&format!("{}\n", one_line(&text)))?;
        }
        for setting in &found.settings {
            let text = format!("changed  {} {} → {}", setting.name, setting.before, setting.after);
            Ui::print(&format!("{}\n", one_line(&text)))?;
        }
        if found.is_none() {
            context.ui.say("nothing differs");
        }
        let rows: Vec<Vec<String>> = found
            .sections
            .iter()
            .map(|(name, counts)| (name.clone(), counts))
            .chain(found.left_out.iter().map(|(name, counts)| (format!("{name} (not exported)"), counts)))
            .map(|(name, counts)| row(name, counts))
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let table = table::table(&["SECTION", "NEW", "GONE", "CHANGED"], rows, &[1, 2, 3]);
        Ui::print(&(if self.summary { table } else { format!("\n{table}") }))
    }
}

fn row(name: String, counts: &Counts) -> Vec<String> {
    let number = |number: u64| if number == 0 { "-".to_owned() } else { table::number(number) };
    vec![name, number(counts.new), number(counts.gone), number(counts.changed)]
}

/// Two databases that have no common past.
fn unlike(agreements: &[Agreement], before: &Path) -> Fault {
    let line = |found: &Agreement| {
        let Agreement { section, shared, agreeing } = found;
        format!(
            "\n{section}: of {}, {agreeing} agree",
            table::count(*shared, "row id that both have", "row ids that both have")
        )
    };
    let lines: String = agreements.iter().map(line).collect();
    let colon = if lines.is_empty() { "" } else { ":" };
    Fault::new(Kind::Undecided, format!("these are not two states of one database{colon}{lines}")).hint(
        format!("larder import {} DATABASE --dry-run compares by what items are known by", before.display()),
    )
}

/// All that differs but single items, for programs.
pub(super) fn described(found: &Differences) -> Value {
    json!({
        "same": found.is_none(),
        "sections": found.sections,
        "left_out": found.left_out,
        "schema": found.schema,
        "settings": found.settings,
    })
}

fn print_json(found: &Differences, items: Option<&Path>) -> Result<()> {
    let mut head = described(found).to_string();
    let Some(path) = items else { return Ui::print(&(head + "\n")) };
    head.truncate(head.len() - 1);
    Ui::print(&(head + ",\"items\":["))?;
    print_lines(files::open(path)?)?;
    Ui::print("]}\n")
}

/// Prints lines of JSON as the elements of a list.
fn print_lines(file: File) -> Result<()> {
    for (at, line) in BufReader::new(file).lines().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        Ui::print(&format!("{comma}{}", line.context("cannot read what differs")?))?;
    }
    Ok(())
}

pub(super) fn word(what: What) -> &'static str {
    match what {
        What::New => "new",
        What::Gone => "gone",
        What::Changed => "changed",
    }
}

/// An item that differs, for people.
fn line_of(change: &Value) -> String {
    let text = |name: &str| change[name].as_str().unwrap_or_default();
    let start = format!("{:<8} {} {}", text("what"), text("section"), text("item"));
    let fields = fields_of(change);
    let line = if fields.is_empty() { start } else { format!("{start}: {fields}") };
    one_line(&line).into_owned()
}

/// The fields of an item that differ, for people.
pub(super) fn fields_of(change: &Value) -> String {
    let fields: Vec<String> = change["changes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|field| {
            let name = field["field"].as_str().unwrap_or_default();
            format!("{name} {} → {}", shown(&field["before"]), shown(&field["after"]))
        })
        .collect();
    fields.join(", ")
}

/// A value in a line.
fn shown(value: &Value) -> String {
    /// So many characters are shown.
    const LONGEST: usize = 40;
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => "nothing".to_owned(),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
