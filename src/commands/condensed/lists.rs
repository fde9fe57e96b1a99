//! Files that say what becomes of each item: reports and plans.

use super::{CondensedArgs, Import};
use anyhow::Result;
use larder::error::Fault;
use larder::files::{self, AtomicFile};
use larder::import::condensed::Answers;
use std::io::Write;

/// An error where a report or a plan would take the place of something.
pub fn refuse_taken(args: &CondensedArgs, has_plan: bool) -> Result<()> {
    let plan = args.plan.as_ref().filter(|_| !has_plan);
    if let Some(path) = &args.save_answers {
        Answers::refuse_other(path)?;
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

impl Import<'_> {
    /// Writes the report, and the plan where that is wanted.
    pub fn keep_lists(&self, plan: bool) -> Result<()> {
        if let Some(path) = &self.args.report {
            let mut file = AtomicFile::create(path, false)?;
            self.staged.each_line(|line| Ok(writeln!(file, "{line}")?))?;
            file.commit()?;
        }
        if let Some(path) = self.args.plan.as_ref().filter(|_| plan) {
            self.staged.write_plan(path, self.told.file, &self.options)?;
            self.context.ui.say(&format!("the plan is in {}", path.display()));
            self.context.ui.say(&format!("to carry it out: larder import --plan {}", super::text(path)));
        }
        Ok(())
    }
}
