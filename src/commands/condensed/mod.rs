//! `larder import` of a condensed export.

mod args;
mod lists;
mod refetch;
mod render;
mod rows;

pub use args::CondensedArgs;
pub use render::list;

use super::configuration::Subject;
use super::{Context, safety, text};
use crate::exit::Exit;
use crate::ui::{is_interactive, table};
use anyhow::Result;
use larder::config::Event;
use larder::document::input::Input;
use larder::document::reader::Limits;
use larder::error::{Fault, Kind};
use larder::files::AtomicFile;
use larder::import::condensed::{
    Answers, CondensedOptions, OnError, Outcome, Plan, Staged, stage, undecided,
};
use larder::progress::Progress;
use larder::snapshot::safety::Earlier;
use render::{Summary, faulty};
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// So many triggers are named.
const MOST_TRIGGERS: usize = 5;

/// What an import was told besides what it is to do with items.
pub struct Told<'a> {
    pub dry_run: bool,
    pub no_safety_snapshot: bool,
    pub limits: Limits,
    /// What the document is called in messages.
    pub name: &'a str,
    /// Where the document is.
    pub file: &'a Path,
    /// The database, and what its settings say.
    pub subject: &'a Subject,
}

/// An import that is under way.
struct Import<'a> {
    told: &'a Told<'a>,
    args: &'a CondensedArgs,
    options: CondensedOptions<'a>,
    staged: Staged,
    /// A plan that is carried out.
    plan: Option<Plan>,
    /// The report that is to be written.
    report: RefCell<Option<AtomicFile>>,
    /// The table that was shown last.
    shown: RefCell<String>,
    context: &'a Context<'a>,
}

impl CondensedArgs {
    /// Imports a condensed document.
    pub fn run(
        &self,
        document: Input,
        parts: [Vec<String>; 2],
        told: &Told<'_>,
        plan: Option<Plan>,
        context: &Context<'_>,
    ) -> Result<Exit> {
        let instructions = match &plan {
            Some(plan) => plan.told.clone(),
            None => self.instructions(parts)?,
        };
        let options = CondensedOptions {
            told: instructions,
            lists: told.dry_run || self.report.is_some() || self.plan.is_some(),
            expected: plan.as_ref().map(|plan| plan.expected.clone()),
            app: Some(told.subject.app.as_str()).filter(|_| told.subject.app_is_said),
            rules: &told.subject.config.rules,
            limits: told.limits,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        lists::refuse_taken(self, plan.is_some())?;
        let staged = stage(document, told.name, &told.subject.database, &options)?;
        let report = RefCell::new(lists::begin_report(self)?);
        let shown = RefCell::default();
        let mut import = Import { told, args: self, options, staged, plan, report, shown, context };
        import.run()
    }
}

impl Import<'_> {
    fn run(&mut self) -> Result<Exit> {
        // Better before anything is written than after.
        self.told.subject.config.hooks.command(Event::Refetch)?;
        self.warn()?;
        if self.staged.problems.errors > 0 {
            return faulty(self, &self.staged.problems);
        }
        let mut outcome = self.decide()?;
        self.ask_doubts(&mut outcome)?;
        // What differs may do so only because it refers to what does not come in, which nobody knows before it is tried.
        let is_tried = self.options.told.on_error == OnError::Skip || outcome.may_clash;
        let is_tried = is_tried && outcome.problems.errors == 0 && outcome.open == 0;
        if is_tried && !outcome.conflicts.listed.is_empty() {
            outcome = self.staged.rehearse(self.told.name, &self.options)?;
        }
        if let Some(exit) = self.refuse(&outcome)? {
            return Ok(exit);
        }
        let writes_plan = self.args.plan.is_some() && self.plan.is_none();
        let only_shows = self.told.dry_run || writes_plan;
        // With conflicts that are to fail nothing would be tried.
        if outcome.changed() == 0 || only_shows && !outcome.conflicts.listed.is_empty() {
            self.keep_lists(&outcome, writes_plan)?;
            let kept = if only_shows { None } else { self.settle() };
            return self.render(&outcome, kept.as_deref(), only_shows);
        }
        if only_shows || self.must_confirm() {
            let rehearsed = self.staged.rehearse(self.told.name, &self.options)?;
            if let Some(exit) = self.refuse(&rehearsed)? {
                return Ok(exit);
            }
            if only_shows {
                self.keep_lists(&rehearsed, writes_plan)?;
                return self.render(&rehearsed, None, true);
            }
            self.confirm(&rehearsed)?;
        } else if self.may_confirm() {
            self.confirm(&outcome)?;
        }
        self.apply()
    }

    /// What an import kept that was killed when it had written: this one found nothing left to do, which tells.
    fn settle(&self) -> Option<PathBuf> {
        match safety::settle(self.told.name, self.told.subject, self.context, |_, _| Ok(true)) {
            Ok(Earlier::Did(kept)) => Some(kept),
            Ok(Earlier::Not | Earlier::Unknown(_)) => None,
            Err(error) => {
                self.context.ui.warn(&format!("{error:#}"));
                None
            }
        }
    }

    fn warn(&self) -> Result<()> {
        let (ui, name) = (self.context.ui, self.told.name);
        if self.staged.edited {
            ui.warn(&format!("{name} was changed after it was written"));
        }
        if self.staged.anonymized {
            ui.warn(&format!(
                "the names and texts of {name} are made up: they replace real ones where they overwrite"
            ));
        }
        for warning in &self.staged.warnings.listed {
            ui.warn(&format!("{name}:{warning}"));
        }
        if self.staged.warnings.more > 0 {
            ui.warn(&format!(
                "and {} more like these: larder validate lists them",
                self.staged.warnings.more
            ));
        }
        let silenced = self.staged.silenced(&self.options)?;
        if !silenced.is_empty() {
            let (listed, more) = silenced.split_at(silenced.len().min(MOST_TRIGGERS));
            let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
            let listed = listed.join(", ");
            ui.warn(&format!(
                "triggers do not run, and what they keep up is not brought up to date: {listed}{more}"
            ));
        }
        self.staged.doubts(self.told.name, &self.options)?.iter().for_each(|doubt| ui.warn(doubt));
        Ok(())
    }

    /// Asks on a terminal whether doubtful numbers are written as they stand, where they may mean something else here.
    fn ask_doubts(&mut self, outcome: &mut Outcome) -> Result<()> {
        let is_asked = outcome.has_only_doubts() && !self.args.yes && !self.told.dry_run && is_interactive();
        let Some(fault) = self.staged.refusal(outcome).filter(|_| is_asked) else { return Ok(()) };
        let ui = self.context.ui;
        ui.say(&fault.to_string());
        ui.say(fault.hint.as_deref().unwrap_or_default());
        if ui.decide("Write these numbers as they stand, although they may mean something else here?")? {
            self.options.told.ignores_doubts = true;
            outcome.ignores_doubts = true;
        }
        Ok(())
    }

    /// Looks at what would become of all items, and asks where that is wanted.
    fn decide(&self) -> Result<Outcome> {
        if let Some(plan) = &self.plan {
            self.staged.follow(plan, &self.options)?;
        }
        if let Some(path) = &self.args.answers {
            let idle = self.staged.take_answers(&Answers::read(path)?)?;
            if let Some((first, count)) = idle {
                let answers = table::count(count, "answer", "answers");
                self.context
                    .ui
                    .warn(&format!("{}: {answers} for what is not imported, first {first}", path.display()));
            }
        }
        if !self.options.told.strategies.asks() {
            return self.staged.look(&self.options);
        }
        let asked = self.staged.ask(self.told.name, &self.options, self.context.ui);
        // Whoever stopped need not say all again.
        if let Some(path) = &self.args.save_answers {
            let mut answers = Answers::default();
            self.staged.keep_answers(&mut answers)?;
            answers.write(path)?;
        }
        asked
    }

    fn apply(&self) -> Result<Exit> {
        let apply = || {
            self.staged.apply(self.told.name, &self.options).map(|outcome| {
                let wrote = !outcome.is_refused() && outcome.changed() > 0;
                (outcome, wrote)
            })
        };
        let keeps = !self.told.no_safety_snapshot;
        let (outcome, safety) =
            safety::guarded(self.told.name, self.told.subject, keeps, self.context, apply)?;
        if let Some(exit) = self.refuse(&outcome)? {
            return Ok(exit);
        }
        let exit = self.render(&outcome, safety.as_deref(), false)?;
        // The items are in, whatever comes of the rest.
        let kept = self.keep_report(&outcome);
        if let Err(error) = &kept {
            self.context
                .ui
                .error(&format!("the items are in, and the report was not written: {error:#}"), None);
        }
        Ok(if self.refetch(&outcome)? && kept.is_ok() { exit } else { Exit::Failed })
    }

    /// Says why nothing is imported, where that is so.
    fn refuse(&self, outcome: &Outcome) -> Result<Option<Exit>> {
        if outcome.problems.errors > 0 {
            return faulty(self, &outcome.problems).map(Some);
        }
        if let Some(fault) = self.staged.refusal(outcome) {
            return Err(fault.into());
        }
        if outcome.open > 0 && !self.told.dry_run {
            let message =
                "the database was changed while you were asked, and more items differ; nothing was written";
            return Err(Fault::new(Kind::Undecided, message)
                .hint("run the same again; --save-answers and --answers keep what you said")
                .into());
        }
        if outcome.conflicts.listed.is_empty() || self.told.dry_run {
            return Ok(None);
        }
        let listed = list(self.told.name, &outcome.conflicts);
        let fault = undecided(outcome, &self.options.told);
        let hint = fault.hint.clone().unwrap_or_default();
        Err(Fault::new(fault.kind, format!("{fault}:\n{listed}")).hint(hint).into())
    }

    /// Whether somebody is to say yes before anything is written.
    fn must_confirm(&self) -> bool {
        // Who carries out a plan has seen it.
        let is_open = self.plan.is_none() && !self.args.yes;
        let was_asked = self.options.told.strategies.asks() && self.staged.was_asked();
        is_open && (was_asked || self.options.told.replace_all)
    }

    /// Whether somebody at a terminal sees what will be written, and says yes. No copy of the database is made for that: what
    /// constraints and triggers say is not known yet.
    fn may_confirm(&self) -> bool {
        self.plan.is_none() && !self.args.yes && is_interactive()
    }

    fn confirm(&self, outcome: &Outcome) -> Result<()> {
        let ui = self.context.ui;
        if !is_interactive() {
            let message = "--replace-all: rows that are not in the document would go, and there is no terminal to ask on";
            return Err(Fault::new(Kind::Undecided, message)
                .hint("--yes says yes; --dry-run says which")
                .into());
        }
        Summary { outcome, name: self.told.name }.show(self);
        ui.confirm_import(&self.staged.database, &[])
    }
}
