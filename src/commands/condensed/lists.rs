//! Files that say what becomes of each item: reports and plans.

use super::{CondensedArgs, Import};
use anyhow::Result;
use larder::error::Fault;
use larder::files::{self, AtomicFile};
use larder::import::condensed::{Answers, Outcome};
use serde_json::json;
use std::io::Write;

/// An error where a report or a plan would take the place of something.
pub fn refuse_taken(args: &CondensedArgs, has_plan: bool) -> Result<()> {
    let plan = args.plan.as_ref().filter(|_| !has_plan);
    if let Some(path) = &args.save_answers {
        Answers::refuse_other(path)?;
        // Better before the questions than after.
        drop(AtomicFile::create(path, true)?);
    }
    args.report.iter().chain(plan).try_for_each(|path| {
        files::refuse_taken(path, true)?;
        // They are never overwritten, which another command is told to do.
        if path.symlink_metadata().is_ok() {
            let message = format!("{} exists already", path.display());
            return Err(Fault::failed(message).hint("choose another name for it").into());
        }
        Ok(())
    })
}

/// Begins the report: better before anything is written than after.
pub fn begin_report(args: &CondensedArgs) -> Result<Option<AtomicFile>> {
    args.report.as_ref().map(|path| AtomicFile::create(path, false)).transpose()
}

impl Import<'_> {
    /// Writes the report: what became of each item, and what triggers did.
    pub fn keep_report(&self, outcome: &Outcome) -> Result<()> {
        if let Some(mut file) = self.report.take() {
            self.staged.each_line(|line| Ok(writeln!(file, "{line}")?))?;
            for (table, done) in &outcome.triggered {
                writeln!(file, "{}", json!({ "table": table, "triggers": done }))?;
            }
            file.commit()?;
        }
        Ok(())
    }

    /// Writes the report, and the plan where that is wanted.
    pub fn keep_lists(&self, outcome: &Outcome, plan: bool) -> Result<()> {
        self.keep_report(outcome)?;
        if let Some(path) = self.args.plan.as_ref().filter(|_| plan) {
            self.staged.write_plan(path, self.told.file, outcome, &self.options)?;
            self.context.ui.say(&format!("the plan is in {}", path.display()));
            self.context.ui.say(&format!("to carry it out: larder import --plan {}", super::text(path)));
        }
        Ok(())
    }
}
