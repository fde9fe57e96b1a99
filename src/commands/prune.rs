//! `larder prune`

use super::Context;
use super::hooks::{self, Owner, Told};
use super::keep::Keep;
use super::shelf::{Failures, Shelf, Shelves};
use crate::exit::Exit;
use crate::ui::{Ui, one_line, table};
use anyhow::{Result, anyhow};
use clap::Args;
use larder::snapshot::prune::{self, Decision, Plan, Rules};
use larder::snapshot::zone::Zone;
use larder::store::Store;
use serde_json::{Value, json};

/// Delete the snapshots that a retention policy does not keep, with a reason for each
///
/// Each application's snapshots are looked at by themselves. The rules mean what they mean in restic's forget. The
/// last good snapshot of an application is never deleted, nor is anything that is not provably a snapshot.
#[derive(Debug, Args)]
pub struct Prune {
    #[command(flatten)]
    shelves: Shelves,
    #[command(flatten)]
    keep: Keep,
    /// The zone in which days begin: local, UTC, an offset, or a name such as Europe/Berlin [default: local]
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true, value_parser = crate::cli::parse::<Zone>)]
    timezone: Option<Zone>,
    /// Show what would be deleted, and stop
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl Prune {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let (shelves, mut failures) = self.shelves.find(context)?;
        let is_single = shelves.len() == 1 && failures.is_empty();
        let mut all = Plan::default();
        let mut hooked = Exit::Done;
        for shelf in &shelves {
            let done = if is_single {
                Some(self.prune_with_hooks(shelf, true, context)?)
            } else {
                let what = shelf.location.to_string();
                failures.attempt(&what, context, || self.prune_with_hooks(shelf, false, context))?
            };
            let (done, exit) = done.unwrap_or((Plan::default(), Exit::Done));
            if exit != Exit::Done {
                hooked = exit;
            }
            add_problems(&done, &mut failures, context);
            all.extend(done);
        }
        if context.ui.wants_json() {
            let mut result = describe(&all);
            if self.dry_run {
                result["dry_run"] = true.into();
            }
            if !is_single || !failures.is_empty() {
                result["failed"] = failures.describe().into();
            }
            Ui::print_json(&result)?;
        }
        Ok(if failures.is_empty() { hooked } else { Exit::Failed })
    }

    /// Prunes a store, with the hooks of its settings around.
    fn prune_with_hooks(
        &self,
        shelf: &Shelf,
        is_single: bool,
        context: &Context<'_>,
    ) -> Result<(Plan, Exit)> {
        let work = || self.prune(shelf, is_single, context);
        let Some(owner) = Owner::of(shelf).filter(|_| !self.dry_run) else {
            return Ok((work()?, Exit::Done));
        };
        let told = |plan: &Plan| {
            let problems: Vec<String> =
                plan.problems.iter().map(|(what, why)| format!("{what}: {why}")).collect();
            Told {
                variables: Vec::new(),
                failure: (!problems.is_empty()).then(|| problems.join("; ")),
                sentence: format!("{}: {}", shelf.location, summary(plan, "removed")),
            }
        };
        hooks::around(owner, "prune", context, work, told)
    }

    /// Prunes a store, or shows what that would do.
    fn prune(&self, shelf: &Shelf, is_single: bool, context: &Context<'_>) -> Result<Plan> {
        let rules = self.keep.rules(&shelf.retention, self.timezone, context.now)?;
        let (store, app) = (shelf.open(context)?, shelf.app.as_deref());
        let plan = prune::plan(&store, app, &rules)?;
        if !is_single {
            context.ui.result_line(&format!("{}\n", one_line(&shelf.location.to_string())))?;
        }
        context.ui.result_line(&render(&plan))?;
        if self.dry_run {
            context.ui.say(&summary(&plan, "would be removed"));
            return Ok(plan);
        }
        let done = carry_out(&store, app, &rules, &plan, self.yes, context)?;
        context.ui.say(&summary(&done, "removed"));
        Ok(done)
    }
}

/// Asks, unless that is answered already, and carries a plan out.
pub fn carry_out(
    store: &Store,
    app: Option<&str>,
    rules: &Rules,
    plan: &Plan,
    yes: bool,
    context: &Context<'_>,
) -> Result<Plan> {
    if plan.remove.is_empty() {
        return Ok(plan.clone());
    }
    if !yes {
        let number = table::count(plan.remove.len() as u64, "file", "files");
        context.ui.confirm(&format!("Delete {number}, {}?", table::bytes(plan.freed())), "--yes")?;
    }
    prune::execute(store, app, rules, plan, &context.temporary, &context.patience, context.ui)
}

/// Adds what could not be read, or fails its drill: somebody has to look after it, although everything else was done.
pub fn add_problems(plan: &Plan, failures: &mut Failures, context: &Context<'_>) {
    for (what, why) in &plan.problems {
        failures.add(what, anyhow!("{why}"), context);
    }
}

/// The plan as JSON.
pub fn describe(plan: &Plan) -> Value {
    let all = |decisions: &[Decision]| -> Vec<Value> {
        let one = |decision: &Decision| json!({ "file": decision.location.to_string(), "name": name(decision), "size": decision.size, "reasons": decision.reasons });
        decisions.iter().map(one).collect()
    };
    json!({ "keep": all(&plan.keep), "remove": all(&plan.remove), "freed": plan.freed() })
}

fn render(plan: &Plan) -> String {
    let row = |what: &str, decision: &Decision| {
        vec![what.to_owned(), name(decision), table::bytes(decision.size), decision.reasons.join(", ")]
    };
    let kept = plan.keep.iter().map(|decision| row("keep", decision));
    let rows: Vec<_> = kept.chain(plan.remove.iter().map(|decision| row("remove", decision))).collect();
    if rows.is_empty() {
        return String::new();
    }
    table::table(&["", "FILE", "SIZE", "REASON"], rows, &[2])
}

fn name(decision: &Decision) -> String {
    larder::files::name_of(&decision.location.to_path())
}

/// The plan in a sentence.
pub fn summary(plan: &Plan, removed: &str) -> String {
    let number = |decisions: &[Decision]| decisions.len();
    format!(
        "{} kept, {} {removed} ({})",
        number(&plan.keep),
        number(&plan.remove),
        table::bytes(plan.freed())
    )
}
