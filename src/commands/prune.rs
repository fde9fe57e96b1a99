//! `larder prune`

use super::keep::Keep;
use super::{Context, store};
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use clap::Args;
use larder::config::RetentionConfig;
use larder::snapshot::prune::{self, Decision, Plan, Rules};
use larder::snapshot::zone::Zone;
use larder::store::Store;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Delete the snapshots that a retention policy does not keep, with a reason for each
///
/// Each application's snapshots are looked at by themselves. The rules mean what they mean in restic's forget. The
/// last good snapshot of an application is never deleted, nor is anything that is not provably a snapshot.
#[derive(Debug, Args)]
pub struct Prune {
    /// The folder that holds the snapshots, or the URL of a remote store [default: the folder backups here]
    store: Option<PathBuf>,
    /// Only those of this application
    #[arg(long, value_name = "NAME")]
    app: Option<String>,
    #[command(flatten)]
    keep: Keep,
    /// The zone in which days begin: local, UTC, an offset, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "local", allow_hyphen_values = true, value_parser = crate::cli::parse::<Zone>)]
    timezone: Zone,
    /// Show what would be deleted, and stop
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl Prune {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let rules = self.keep.rules(&RetentionConfig::default(), Some(self.timezone), context.now)?;
        let store = store::named_or_here(self.store.as_deref(), context)?;
        let plan = prune::plan(&store, self.app.as_deref(), &rules)?;
        if self.dry_run {
            let mut result = describe(&plan);
            result["dry_run"] = true.into();
            context.ui.result(&result, || render(&plan))?;
            context.ui.say(&summary(&plan, "would be removed"));
            return Ok(Exit::Done);
        }
        if !context.ui.wants_json() && !context.ui.is_quiet() {
            Ui::print(&render(&plan))?;
        }
        let done = carry_out(&store, self.app.as_deref(), &rules, &plan, self.yes, context)?;
        if context.ui.wants_json() {
            Ui::print_json(&describe(&done))?;
        }
        context.ui.say(&summary(&done, "removed"));
        Ok(Exit::Done)
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
