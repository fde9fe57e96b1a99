//! What is said of an import of a condensed export.

use super::super::configuration::or_warn;
use super::super::text;
use super::Import;
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use larder::error::Fault;
use larder::import::condensed::{Counts, Fate, ItemLine, Outcome, Triggered};
use larder::problem::{Problem, Problems};
use larder::progress::Progress;
use serde_json::{Value, json};
use std::path::Path;

/// So many items are listed one by one.
const MOST_LISTED: usize = 40;
/// So many of their fields.
const MOST_FIELDS: usize = 12;

/// Problems, a line each.
pub fn list(name: &str, problems: &Problems) -> String {
    let line = |problem: &Problem| match problem.line {
        Some(_) => format!("{name}:{problem}"),
        None => format!("{name}: {problem}"),
    };
    let listed: Vec<String> = problems.listed.iter().map(line).collect();
    let more = if problems.more > 0 { format!("\nand {} more", problems.more) } else { String::new() };
    format!("{}{more}", listed.join("\n"))
}

/// Says what is wrong, and that nothing was written.
pub fn faulty(import: &Import<'_>, problems: &Problems) -> Result<Exit> {
    if import.context.ui.wants_json() {
        Ui::print_json(&json!({
            "dry_run": import.told.dry_run, "sections": {}, "problems": problems.listed,
            "more_problems": problems.more, "needs_refetch": {}, "safety_snapshot": null, "undo": null,
        }))?;
        return Ok(Exit::Problems);
    }
    let listed = list(import.told.name, problems);
    Err(Fault::invalid(format!("nothing was written:\n{listed}")).into())
}

/// What becomes of a document.
pub struct Summary<'a> {
    pub outcome: &'a Outcome,
    pub name: &'a str,
}

impl Summary<'_> {
    /// Says what becomes of each section, and what is missing then.
    pub fn show(&self, import: &Import<'_>) {
        let (ui, outcome) = (import.context.ui, self.outcome);
        let counts = counts(outcome);
        // Who said yes to it need not see it again.
        if *import.shown.borrow() != counts {
            ui.say(&format!("{counts}\n"));
        }
        import.shown.replace(counts);
        for (children, fates) in &outcome.children {
            let fates: Vec<String> = fates.iter().map(|(fate, count)| format!("{count} {fate}")).collect();
            ui.say(&format!("{children} that clash with what is there: {}", fates.join(", ")));
        }
        for (table, done) in &outcome.triggered {
            ui.say(&format!("triggers {}", triggered(table, *done)));
        }
        for (table, rows) in &outcome.cascades {
            let verb = if *rows == 1 { "goes" } else { "go" };
            let rows = table::count(*rows, "row", "rows");
            ui.say(&format!("{rows} of {table} {verb} with what they refer to"));
        }
        for (table, rows) in &outcome.cleared {
            let verb = if *rows == 1 { "loses" } else { "lose" };
            let rows = table::count(*rows, "row", "rows");
            ui.say(&format!("{rows} of {table} {verb} a reference to what goes"));
        }
        if !outcome.lost.listed.is_empty() {
            ui.say(&format!("parts of the document are lost:\n{}", list(self.name, &outcome.lost)));
        }
        if !outcome.rejected.listed.is_empty() {
            let listed = list(self.name, &outcome.rejected);
            ui.say(&format!("{} cannot come in:\n{listed}", items(outcome.rejected.errors)));
        }
        for (column, rows) in &outcome.filled {
            let rows = table::count(*rows, "row", "rows");
            ui.warn(&format!("{column} is not in the document, and empty in {rows}"));
        }
        for (column, rows) in &outcome.made_up {
            let rows = table::count(*rows, "row", "rows");
            ui.warn(&format!(
                "{column} is not in the document, and a random value in {rows}: it must be unique"
            ));
        }
        for (section, count) in &outcome.untold {
            let verb = if *count == 1 { "stays as it is" } else { "stay as they are" };
            let hint = format!("sections.{section}.updated-at names the column that does");
            ui.warn(&format!("nothing says which is newer: {} of {section} {verb} ({hint})", items(*count)));
        }
        for (section, count) in &outcome.left_out {
            let verb = if *count == 1 { "stays as it is" } else { "stay as they are" };
            ui.say(&format!(
                "{} of {section} {verb}: by `where` the row is not of the section",
                items(*count)
            ));
        }
        for (section, count) in &outcome.renumbered {
            let verb = if *count == 1 { "gets" } else { "get" };
            ui.say(&format!(
                "{} of {section} {verb} another row id: theirs is another row's here",
                items(*count)
            ));
        }
        let ignored: u64 = outcome.unsettled.values().map(|(_, count)| count).sum();
        if ignored > 0 {
            ui.warn(&format!(
                "doubtful numbers written as they stand, which may mean something else here: {ignored}"
            ));
        }
        for (section, count) in &outcome.needs_refetch {
            ui.say(&format!("{} of {section} lack what can be fetched again", items(*count)));
        }
    }
}

/// What triggers did to a table, in words that follow theirs.
fn triggered(table: &str, Triggered { added, changed, removed }: Triggered) -> String {
    let done = [("added", added, "to"), ("changed", changed, "of"), ("removed", removed, "from")];
    let done = done.into_iter().filter(|(_, count, _)| *count > 0);
    let done =
        done.map(|(verb, count, of)| format!("{verb} {} {of} {table}", table::count(count, "row", "rows")));
    done.collect::<Vec<_>>().join(", ")
}

/// A count of a section, and what it is called.
type Column = (&'static str, fn(&Counts) -> u64);

/// A table of what becomes of each section: without columns in which there is nothing, and without sections that stay as they
/// are, which are counted.
fn counts(outcome: &Outcome) -> String {
    let is_same = |counts: &Counts| counts.total() == counts.same;
    let changed: Vec<(&String, &Counts)> =
        outcome.sections.iter().filter(|(_, counts)| !is_same(counts)).collect();
    let same = (outcome.sections.len() - changed.len()) as u64;
    let unchanged = format!("{} unchanged", table::count(same, "section", "sections"));
    match (changed.is_empty(), same) {
        (true, _) => unchanged,
        (false, 0) => table::inset(&table_of(outcome, &changed)),
        (false, _) => format!("{}\n{unchanged}", table::inset(&table_of(outcome, &changed))),
    }
}

fn table_of(outcome: &Outcome, changed: &[(&String, &Counts)]) -> String {
    let mut header = vec!["section", "new", "same"];
    let all = |count: fn(&Counts) -> u64| outcome.sections.values().map(count).sum::<u64>() > 0;
    let columns: [Column; 7] = [
        ("undecided", |counts| counts.undecided),
        ("skipped", |counts| counts.skipped),
        ("overwritten", |counts| counts.overwritten),
        ("merged", |counts| counts.merged),
        ("renamed", |counts| counts.renamed),
        ("rejected", |counts| counts.rejected),
        ("removed", |counts| counts.removed),
    ];
    let shown: Vec<&Column> = columns.iter().filter(|(_, count)| all(*count)).collect();
    header.extend(shown.iter().map(|(name, _)| *name));
    let row = |(section, counts): (&String, &Counts)| {
        let mut row = vec![section.clone(), counts.new.to_string(), counts.same.to_string()];
        row.extend(shown.iter().map(|(_, count)| count(counts).to_string()));
        row
    };
    let right: Vec<usize> = (1..header.len()).collect();
    table::table(&header, changed.iter().copied().map(row).collect(), &right)
}

impl Import<'_> {
    /// Says what became of a document, or would.
    pub fn render(&self, outcome: &Outcome, safety: Option<&Path>, only_shows: bool) -> Result<Exit> {
        let ui = self.context.ui;
        Summary { outcome, name: self.told.name }.show(self);
        if only_shows {
            self.list_items()?;
        }
        let is_undecided = !outcome.conflicts.listed.is_empty();
        let verb = match (only_shows, outcome.changed()) {
            (true, _) if is_undecided => "nothing would be written to",
            (_, 0) => "nothing to change in",
            (true, _) => "this would be written to",
            (false, _) => "written to",
        };
        ui.say(&format!("{verb} {}", self.staged.database.display()));
        let undo = or_warn(safety.map(|_| self.told.subject.undo_command()), self.context);
        if let Some(safety) = safety {
            ui.say(&format!("what was there is kept in {}", safety.display()));
        }
        if let Some(undo) = &undo {
            ui.say(&format!("to undo: {undo}"));
        }
        if !ui.wants_json() {
            ui.result_path(&Value::Null, &self.staged.database)?;
            return Ok(exit_of(outcome));
        }
        let result = json!({
            "dry_run": only_shows,
            "database": text(&self.staged.database),
            "sections": outcome.sections,
            "problems": outcome.lost.listed.iter().chain(&outcome.rejected.listed).collect::<Vec<_>>(),
            "warnings": self.staged.warnings.listed,
            "conflicts": outcome.conflicts.listed,
            "children": outcome.children,
            "triggers": outcome.triggered,
            "filled": outcome.filled,
            "left_as_is": outcome.left_out,
            "cascades": outcome.cascades,
            "cleared": outcome.cleared,
            "safety_snapshot": safety.map(text),
            "undo": undo,
        });
        self.print_json(outcome, &result, only_shows)?;
        Ok(exit_of(outcome))
    }

    /// Prints the result with what grows with the items, which is not held in memory: keys, and what becomes of each.
    fn print_json(&self, outcome: &Outcome, result: &Value, lists: bool) -> Result<()> {
        let mut out = Pieces { text: result.to_string() };
        out.text.pop();
        out.text += ",\"needs_refetch\":{";
        for (at, section) in outcome.needs_refetch.keys().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            out.text += &format!("{comma}{}:[", Value::from(section.as_str()));
            let mut is_first = true;
            self.staged.each_lacking(section, |key| out.element(key, &mut is_first))?;
            out.text.push(']');
        }
        out.text.push('}');
        if lists {
            out.text += ",\"items\":[";
            let mut is_first = true;
            self.staged.each_line(|line| out.element(line, &mut is_first))?;
            out.text.push(']');
        }
        Ui::print(&(out.text + "}\n"))
    }

    /// An item, what becomes of it, and in which fields it differs from what is there.
    fn described(&self, line: &ItemLine) -> String {
        let why = || line.why.clone().unwrap_or_default();
        let what = match line.outcome {
            Fate::Placed => why(),
            Fate::Moved => format!("{}, which is moved", why()),
            Fate::Skipped if line.child.is_some() => format!("{}, and it is left out", why()),
            Fate::Merged if line.child.is_some() => format!("{}, which is moved and merged", why()),
            Fate::Renamed if line.child.is_some() => {
                format!("{}: it comes in as {:?}", why(), line.name.as_deref().unwrap_or_default())
            }
            Fate::Skipped => "stays as it is".to_owned(),
            Fate::Overwritten => "takes the file's values".to_owned(),
            Fate::Merged => "takes the file's values that are not null".to_owned(),
            Fate::Renamed => format!("comes in as {:?}", line.name.as_deref().unwrap_or_default()),
            _ => line.why.clone().unwrap_or_else(|| "differs from what is there".to_owned()),
        };
        let below = line.child.as_ref().map_or_else(String::new, |child| format!(", {child}"));
        // What is exported on the way has lines that nobody sees.
        let at = if self.options.told.by_id { String::new() } else { format!(" (line {})", line.line) };
        let mut text = format!("{} {}{below}{at}: {what}", line.section, line.label);
        for change in line.changes.iter().take(MOST_FIELDS) {
            let value = |value: &Option<Value>| value.as_ref().map_or_else(|| "(none)".to_owned(), short);
            text +=
                &format!("\n    {}: {} → {}", change.field, value(&change.there), value(&change.incoming));
        }
        if line.changes.len() > MOST_FIELDS {
            text += &format!("\n    and {} more fields", line.changes.len() - MOST_FIELDS);
        }
        text
    }

    /// Says of the items that are not simply new or the same what becomes of them, and in which fields they differ.
    fn list_items(&self) -> Result<()> {
        let mut listed = Vec::new();
        let mut more = 0;
        self.staged.each_line(|line| {
            let line: ItemLine = serde_json::from_str(line)?;
            if !matches!(line.outcome, Fate::New | Fate::Same | Fate::Rejected) {
                if listed.len() < MOST_LISTED { listed.push(self.described(&line)) } else { more += 1 }
            }
            Ok(())
        })?;
        if more > 0 {
            listed.push(format!("and {more} more: --report FILE lists all"));
        }
        if !listed.is_empty() {
            self.context.ui.say(&(listed.join("\n") + "\n"));
        }
        Ok(())
    }
}

fn exit_of(outcome: &Outcome) -> Exit {
    if outcome.open > 0 || !outcome.conflicts.listed.is_empty() {
        return Exit::Undecided;
    }
    if outcome.rejected.errors + outcome.lost.errors > 0 { Exit::Failed } else { Exit::Done }
}

/// JSON that is printed piece by piece.
struct Pieces {
    text: String,
}

impl Pieces {
    /// Adds an element to a list.
    fn element(&mut self, json: &str, is_first: &mut bool) -> Result<()> {
        /// So much is printed at once.
        const PIECE: usize = 64 << 10;
        if !std::mem::take(is_first) {
            self.text.push(',');
        }
        self.text += json;
        if self.text.len() > PIECE {
            Ui::print(&std::mem::take(&mut self.text))?;
        }
        Ok(())
    }
}

/// A value on a part of a line, cut in its middle.
fn short(value: &Value) -> String {
    const MOST: usize = 60;
    let text = value.to_string();
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= MOST {
        return text;
    }
    let part = |letters: &[char]| letters.iter().collect::<String>();
    format!("{}…{}", part(&letters[..MOST / 2]), part(&letters[letters.len() - MOST / 2..]))
}

fn items(count: u64) -> String {
    table::count(count, "item", "items")
}
