//! What is said of an import of rows.

use crate::commands::{Context, text};
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use larder::error::{Fault, Kind};
use larder::import::rows::{Outcome, Staged};
use larder::problem::Problems;
use larder::progress::Progress;
use serde_json::{Value, json};
use std::path::Path;

/// What became of rows, and what is said of it.
pub struct Report<'a> {
    pub staged: &'a Staged,
    pub outcome: &'a Outcome,
    pub name: &'a str,
    pub dry_run: bool,
    /// The rows are there since an import that was interrupted.
    pub was_there: bool,
}

impl Report<'_> {
    /// Says what does not fit, and that nothing was written.
    pub fn faulty(&self, context: &Context<'_>) -> Result<Exit> {
        let Outcome { problems, .. } = self.outcome;
        if context.ui.wants_json() {
            let mut result = self.json();
            result["sections"][self.staged.table()]["new"] = json!(0);
            result["sections"][self.staged.table()]["overwritten"] = json!(0);
            Ui::print_json(&result)?;
            return Ok(Exit::Problems);
        }
        let (table, listed) = (self.staged.table(), self.list(problems));
        Err(Fault::invalid(format!("nothing was written, since not everything fits {table}:\n{listed}"))
            .into())
    }

    /// Says which rows exist already and differ.
    pub fn undecided(&self) -> Fault {
        let conflicts = &self.outcome.conflicts;
        let rows = table::count(conflicts.errors, "row", "rows");
        let verb = if conflicts.errors == 1 { "exists and differs" } else { "exist and differ" };
        let message = format!(
            "nothing was written, since {rows} of {} already {verb}:\n{}",
            self.staged.table(),
            self.list(conflicts)
        );
        Fault::new(Kind::Undecided, message)
            .hint("--on-conflict skip leaves them as they are, --on-conflict overwrite changes them")
    }

    fn list(&self, problems: &Problems) -> String {
        let listed: Vec<String> =
            problems.listed.iter().map(|problem| format!("{}:{problem}", self.name)).collect();
        let more = if problems.more > 0 { format!("\nand {} more", problems.more) } else { String::new() };
        format!("{}{more}", listed.join("\n"))
    }

    pub fn render(&self, safety: Option<&Path>, undo: Option<&str>, context: &Context<'_>) -> Result<Exit> {
        let (ui, counts) = (context.ui, &self.outcome.counts);
        let verb = if self.dry_run { "would come" } else { "came" };
        let (rows, table) = (table::count(counts.new, "row", "rows"), self.staged.table());
        let database = self.staged.database.display();
        if self.was_there {
            let rows = table::count(counts.same, "row", "rows");
            ui.say(&format!(
                "nothing to change in {database}: {rows} came into {table} when this was run before"
            ));
        } else {
            ui.say(&format!("{rows} {verb} into {table} of {database}"));
        }
        let others = [
            (counts.overwritten, "overwritten"),
            (if self.was_there { 0 } else { counts.same }, "the same already"),
            (counts.skipped, "skipped: there already"),
        ];
        for (count, what) in others.iter().filter(|(count, _)| *count > 0) {
            ui.say(&format!("{} {what}", table::count(*count, "row", "rows")));
        }
        if counts.rejected > 0 {
            let rows = table::count(counts.rejected, "row", "rows");
            ui.say(&format!("{rows} rejected:\n{}", self.list(&self.outcome.problems)));
        }
        self.warn_of_further_rows(ui);
        if let Some(safety) = safety {
            ui.say(&format!("what was there is kept in {}", safety.display()));
        }
        if let Some(undo) = undo {
            ui.say(&format!("to undo: {undo}"));
        }
        let mut result = self.json();
        result["safety_snapshot"] = json!(safety.map(text));
        result["undo"] = json!(undo);
        ui.result_path(&result, &self.staged.database)?;
        Ok(if counts.rejected > 0 { Exit::Failed } else { Exit::Done })
    }

    fn warn_of_further_rows(&self, ui: &Ui) {
        let further = self.outcome.further_rows;
        let rows = table::count(further.unsigned_abs(), "row", "rows");
        let table = self.staged.table();
        match further {
            0 => {}
            1.. => ui.warn(&format!("triggers added {rows} to {table} besides those of the file")),
            _ => ui.warn(&format!("triggers, or constraints that replace rows, removed {rows} of {table}")),
        }
    }

    fn json(&self) -> Value {
        let Outcome { counts, problems, further_rows, .. } = self.outcome;
        json!({
            "dry_run": self.dry_run,
            "database": text(&self.staged.database),
            "sections": { self.staged.table(): {
                "new": counts.new, "same": counts.same, "skipped": counts.skipped,
                "overwritten": counts.overwritten, "merged": 0, "renamed": 0, "rejected": counts.rejected,
            } },
            "problems": problems.listed,
            "more_problems": problems.more,
            "further_rows": further_rows,
            "creates": self.staged.creates(),
            "needs_refetch": {},
            "safety_snapshot": null,
            "undo": null,
        })
    }
}
