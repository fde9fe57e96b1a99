//! `larder diff`

mod sides;
mod since;

pub use since::since;

use super::configuration::Subject;
use super::input::LimitOptions;
use super::keys::{KeyArgs, KeySettings};
use super::{Context, shell_word, store};
use crate::exit::Exit;
use crate::ui::{Ui, one_line, table};
use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use larder::database::Source;
use larder::diff::{
    Counts, DiffOptions, Differences, DocumentOptions, ItemChange, What, documents, item, states,
};
use larder::error::{Fault, Kind};
use larder::files::{self, Scratch};
use larder::import::by_id::Agreement;
use serde_json::{Value, json};
use sides::Side;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Say what differs between two states of a database: items that are new, gone or changed
///
/// Each state is a database, a snapshot of one (a file, latest, or a time) or an export. Rows of two databases are the same where
/// they have the same row id; those that were written anew under another, where they hold the same or have the same key. What
/// the settings leave out of exports is left out, but for a count. With a condensed export, items are the same where they have
/// the same key, or hold the same. The exit code is 0 where nothing differs, and 3 where something does.
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
    /// Only this item, by its row id, its key or its name, with what is inside it
    #[arg(long, value_name = "SECTION=KEY", value_parser = super::choose::pair, conflicts_with = "only")]
    item: Option<(String, String)>,
    /// How items are known: by their row ids, as those of two states of one database are, or by their keys and what they hold, as
    /// those of any two databases [default: id; key where one is a condensed export]
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<By>,
    /// Say how many items of each section differ, and not which
    #[arg(long)]
    summary: bool,
    #[command(flatten)]
    limits: LimitOptions,
    #[command(flatten)]
    keys: KeyArgs,
}

/// By what items are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    Id,
    Key,
}

impl Diff {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let subject = self.subject(context)?;
        let keys = self.keys.keys(&KeySettings::of(&subject.config)?, context)?;
        let before = self.side(&self.before, &subject, &keys, context)?;
        let after = self.after.as_deref().unwrap_or(&subject.database);
        let after = self.side(after, &subject, &keys, context)?;
        let scratch = Scratch::new_in(&context.temporary)?;
        let path = scratch.file("items");
        let mut lines = BufWriter::new(files::create(&path)?);
        let found = self.compare([before, after], &subject, context, &mut |item| {
            if self.summary {
                return Ok(());
            }
            serde_json::to_writer(&mut lines, item)?;
            lines.write_all(b"\n").with_context(|| format!("cannot write {}", path.display()))
        })?;
        lines.flush().with_context(|| format!("cannot write {}", path.display()))?;
        drop(lines);
        self.render(&found, &path, context)?;
        Ok(if found.is_none() { Exit::Done } else { Exit::Problems })
    }

    /// Compares two states by row id, and anything else as documents.
    fn compare(
        &self,
        sides: [Side; 2],
        subject: &Subject,
        context: &Context<'_>,
        each: &mut dyn FnMut(&ItemChange) -> Result<()>,
    ) -> Result<Differences> {
        match sides {
            [Side::State(before), Side::State(after)] if self.by != Some(By::Key) => {
                let sources = [&before.source, &after.source];
                match &self.item {
                    Some((section, key)) => {
                        item((section, key), sources, &subject.config.rules, context.ui, each)
                    }
                    None => self.states(sources, subject, context, each),
                }
            }
            _ if self.by == Some(By::Id) => {
                Err(Fault::usage("--by id: a condensed export has no row ids").into())
            }
            _ if self.item.is_some() => {
                Err(Fault::usage("--item: name two databases or snapshots, and not --by key").into())
            }
            [before, after] => {
                let scopes = [after.scope(), before.scope()];
                let [first, second] = scopes.each_ref().map(Option::as_deref);
                let before = before.document(first, &self.only, subject, context)?;
                let after = after.document(second, &self.only, subject, context)?;
                let options = DocumentOptions {
                    only: &self.only,
                    limits: self.limits.limits(),
                    temporary: &context.temporary,
                    patience: &context.patience,
                    progress: context.ui,
                };
                let (before, after) = (*before, *after);
                let names = [before.name.clone(), after.name.clone()];
                documents([(before.input, &names[0]), (after.input, &names[1])], &options, each)
            }
        }
    }

    fn states(
        &self,
        sources: [&Source; 2],
        subject: &Subject,
        context: &Context<'_>,
        each: &mut dyn FnMut(&ItemChange) -> Result<()>,
    ) -> Result<Differences> {
        let options = DiffOptions {
            rules: &subject.config.rules,
            only: &self.only,
            temporary: &context.temporary,
            patience: &context.patience,
            progress: context.ui,
        };
        let found = states(sources, &options, each)?;
        found.map_err(|agreements| self.unlike(&agreements).into())
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

impl Diff {
    /// Two databases that have no common past.
    fn unlike(&self, agreements: &[Agreement]) -> Fault {
        let line = |found: &Agreement| {
            let Agreement { section, shared, agreeing } = found;
            format!(
                "\n{section}: of {}, {agreeing} agree",
                table::count(*shared, "row id that both have", "row ids that both have")
            )
        };
        let lines: String = agreements.iter().map(line).collect();
        let colon = if lines.is_empty() { "" } else { ":" };
        let after = self.after.as_deref().map(|after| format!(" {}", shell_word(after)));
        let command = format!("larder diff {}{}", shell_word(&self.before), after.unwrap_or_default());
        Fault::new(Kind::Undecided, format!("these are not two states of one database{colon}{lines}"))
            .hint(format!("{command} --by key compares by what items are known by"))
    }
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
