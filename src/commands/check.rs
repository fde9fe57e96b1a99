//! `larder check`

mod drills;
mod metrics;
mod words;

pub use words::length;

use super::Context;
use super::configuration::state_file;
use super::hooks::{self, Owner, Told};
use super::keys::{KeyArgs, KeySettings};
use super::shelf::{Failures, Shelf, Shelves};
use crate::cli::parse;
use crate::exit::Exit;
use crate::ui::{Ui, one_line, table};
use anyhow::Result;
use clap::Args;
use drills::Drilled;
use larder::config::{Percent, size};
use larder::error::{Fault, Kind, kind};
use larder::patience::length_of_time;
use larder::progress::Progress;
use larder::snapshot::catalog::{self, Entry};
use larder::snapshot::check::{Expected, check};
use larder::snapshot::state::State;
use larder::store::Store;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use words::{say, sentence};

/// Say whether backups are as they should be, with one exit code for monitoring
///
/// A sentence for each application and store: how old the newest snapshot is, how large, and whether it is known to be good.
/// Exit code 0 means that all is well, 3 that something is not, 1 that it could not be found out. Safety snapshots do not
/// count, nor what is dated in the future.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    shelves: Shelves,
    /// The newest must not be older, such as 25h or 8d; that it was found unchanged counts
    #[arg(long, value_name = "TIME", value_parser = length_of_time)]
    max_age: Option<Duration>,
    /// The file of the newest must not be smaller, such as 1MB
    #[arg(long, value_name = "SIZE", value_parser = size)]
    min_size: Option<u64>,
    /// The newest must not hold a database that is smaller by more than this than the one before, such as 20%
    #[arg(long, value_name = "PERCENT", value_parser = parse::<Percent>)]
    max_shrink: Option<Percent>,
    /// Restore the newest to a scratch file, and check that too
    #[arg(long)]
    drill: bool,
    /// Drill the older ones too
    #[arg(long)]
    all_snapshots: bool,
    /// Of the older ones, drill this part, such as 10%: those that were not drilled for the longest time
    #[arg(long, value_name = "PERCENT", requires = "all_snapshots", value_parser = parse::<Percent>)]
    sample: Option<Percent>,
    /// Write what was found as metrics for Prometheus (a textfile of the node exporter), whole or not at all
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
    #[command(flatten)]
    keys: KeyArgs,
}

/// What is said where nothing tells the rows of an encrypted snapshot.
const UNCOMPARED: &str = "row counts cannot be compared (they are encrypted; --identity opens them)";

/// What was found out about an application's snapshots in a store.
struct Finding {
    sentence: String,
    described: Value,
    is_well: bool,
}

impl Check {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let (mut findings, mut failures) = (Vec::new(), Failures::default());
        let looked = self.look(&mut findings, &mut failures, context);
        // A check that somebody stopped found out nothing.
        let is_over = looked.as_ref().err().is_none_or(|error| kind(error) != Kind::Interrupted);
        if let Some(file) = self.metrics.as_ref().filter(|_| is_over) {
            Self::write_metrics(file, &findings, &failures, looked.as_ref().err(), context)?;
        }
        let hooked = looked?;
        let is_well = findings.iter().all(|finding| finding.is_well);
        for finding in &findings {
            context.ui.result_line(&format!("{}\n", one_line(&finding.sentence)))?;
            if context.ui.is_quiet() && !finding.is_well {
                context.ui.error(&finding.sentence, None);
            }
        }
        if context.ui.wants_json() {
            let checked: Vec<&Value> = findings.iter().map(|finding| &finding.described).collect();
            let is_well = is_well && failures.is_empty();
            Ui::print_json(&json!({ "ok": is_well, "checked": checked, "failed": failures.describe() }))?;
        }
        Ok(match (is_well, failures.is_empty()) {
            (false, _) => Exit::Problems,
            (true, false) => Exit::Failed,
            (true, true) => hooked,
        })
    }

    /// Checks all that are meant, and says what came of the hooks.
    fn look(
        &self,
        findings: &mut Vec<Finding>,
        failures: &mut Failures,
        context: &Context<'_>,
    ) -> Result<Exit> {
        let (shelves, unfound) = self.shelves.find(context)?;
        *failures = unfound;
        let is_single = shelves.len() == 1 && failures.is_empty();
        let mut hooked = Exit::Done;
        for group in shelves
            .chunk_by(|one, other| !one.settings.as_os_str().is_empty() && one.settings == other.settings)
        {
            let work = |failures: &mut Failures| self.check_with_hooks(group, is_single, failures, context);
            let found = if is_single {
                Some(work(failures)?)
            } else {
                let what = group[0].settings.display().to_string();
                failures.attempt_parts(&what, context, work)?
            };
            let Some((found, exit)) = found else { continue };
            findings.extend(found);
            if exit != Exit::Done {
                hooked = exit;
            }
        }
        Ok(hooked)
    }

    /// Writes what was found. Where nothing could be looked at, that is a failure among the metrics: what an earlier check wrote
    /// would say that all is well.
    fn write_metrics(
        file: &Path,
        findings: &[Finding],
        failures: &Failures,
        error: Option<&anyhow::Error>,
        context: &Context<'_>,
    ) -> Result<()> {
        let described: Vec<&Value> = findings.iter().map(|finding| &finding.described).collect();
        let failed = failures.describe().len() + usize::from(error.is_some());
        let written = metrics::write(file, &described, failed, context);
        match (written, error) {
            // What was wrong first is what is returned.
            (Err(unwritten), Some(_)) => {
                context.ui.error(&format!("{unwritten:#}"), None);
                Ok(())
            }
            (written, _) => written,
        }
    }

    /// Checks the stores of the same settings, with their hooks around.
    fn check_with_hooks(
        &self,
        group: &[Shelf],
        is_single: bool,
        failures: &mut Failures,
        context: &Context<'_>,
    ) -> Result<(Vec<Finding>, Exit)> {
        let owner = Owner::of(&group[0]);
        let before = failures.describe().len();
        let mut work = || {
            let mut findings = Vec::new();
            for shelf in group {
                let found = if is_single {
                    Some(self.check(shelf, true, context)?)
                } else {
                    let what = shelf.location.to_string();
                    failures.attempt(&what, context, || self.check(shelf, false, context))?
                };
                findings.extend(found.unwrap_or_default());
            }
            Ok((findings, failures.text_since(before)))
        };
        let Some(owner) = owner else { return Ok((work()?.0, Exit::Done)) };
        let told = |(findings, failed): &(Vec<Finding>, Option<String>)| {
            let wrong = findings.iter().filter(|finding| !finding.is_well);
            let wrong: Vec<&str> =
                wrong.map(|finding| finding.sentence.as_str()).chain(failed.as_deref()).collect();
            let all: Vec<&str> = findings.iter().map(|finding| finding.sentence.as_str()).collect();
            Told {
                variables: Vec::new(),
                failure: (!wrong.is_empty()).then(|| wrong.join("\n")),
                sentence: all.join("\n"),
            }
        };
        let ((findings, _), exit) = hooks::around(owner, "check", context, work, told)?;
        Ok((findings, exit))
    }

    /// Checks what a store holds of each application that is meant.
    fn check(&self, shelf: &Shelf, is_single: bool, context: &Context<'_>) -> Result<Vec<Finding>> {
        let store = shelf.open(context)?;
        let mut groups: BTreeMap<(String, bool), Vec<Entry>> = BTreeMap::new();
        // Each user has exports of their own.
        for entry in catalog::read(&store, shelf.app.as_deref())? {
            groups.entry((entry.name.app.clone(), entry.name.is_export())).or_default().push(entry);
        }
        let has_exports = groups.keys().any(|(_, is_export)| *is_export);
        match &shelf.app {
            // Of what is never taken there, nothing can be missing.
            Some(app) if shelf.takes_snapshots || !has_exports => {
                groups.entry((app.clone(), false)).or_default();
            }
            None if groups.is_empty() => {
                let message = format!("there are no snapshots in {}", shelf.location);
                return Err(Fault::invalid(message).into());
            }
            _ => {}
        }
        let check = |((app, _), entries): (&(String, bool), &Vec<Entry>)| {
            self.check_app(app, entries, &store, (shelf, is_single), context)
        };
        groups.iter().map(check).collect()
    }

    /// Says whether the snapshots or the exports of an application in a store are as they should be.
    fn check_app(
        &self,
        app: &str,
        entries: &[Entry],
        store: &Store,
        (shelf, is_single): (&Shelf, bool),
        context: &Context<'_>,
    ) -> Result<Finding> {
        // A passphrase takes a second for each, and may be asked for.
        let settings = KeySettings { identity: shelf.keys.identity.clone(), ..KeySettings::default() };
        let keys = self.keys.keys_given(&settings, context)?;
        let state = State::read_or_nothing(state_file(app, &shelf.settings, context).as_deref(), context.ui);
        let expected = Expected {
            limits: &shelf.check.max_row_loss,
            keys: &keys,
            state: &state,
            max_age: self.max_age.or(shelf.check.max_age),
            min_size: self.min_size.or(shelf.check.min_size),
            max_shrink: self.max_shrink.or(shelf.check.max_shrink).map(|percent| percent.0),
            now: context.now,
        };
        let checked = check(entries, &expected);
        let mut wrong: Vec<String> = checked.problems.iter().map(|problem| say(problem, &expected)).collect();
        let drills = self.drill || self.all_snapshots || shelf.check.drill;
        let drilled = match checked.newest.filter(|_| drills) {
            Some(newest) => self.drill_from(newest, entries, (store, shelf), context)?,
            None => Drilled::default(),
        };
        wrong.extend(drilled.wrong);
        let label = if is_single { app.to_owned() } else { format!("{app} in {}", shelf.location) };
        let mut sentence = sentence(&label, &checked, &wrong, drilled.how, (shelf, is_single));
        if drilled.count > 1 {
            let count = table::count(drilled.count as u64, "snapshot", "snapshots");
            sentence += &format!("; {count} drilled");
        }
        if checked.is_uncompared {
            sentence += &format!("; {UNCOMPARED}");
            if context.ui.is_quiet() && wrong.is_empty() {
                context.ui.alarm(&format!("{app}: {UNCOMPARED}"));
            }
        }
        let newest = checked.newest.map(|newest| {
            json!({
                "file": newest.location.to_string(), "created_at": newest.name.time, "size": newest.size,
                "unchanged_at": newest.manifest().and_then(|manifest| manifest.unchanged_at),
            })
        });
        let kind = if entries.iter().any(|entry| entry.name.is_export()) { "export" } else { "snapshot" };
        let described = json!({
            "app": app, "kind": kind, "store": shelf.location.to_string(), "ok": wrong.is_empty(), "sentence": sentence,
            "newest": newest, "age_seconds": checked.age.map(|age| age.as_secs()),
            "rows_compared": !checked.is_uncompared,
            "drilled": drills && checked.newest.is_some(), "drills": drilled.count, "problems": wrong,
        });
        Ok(Finding { sentence, described, is_well: wrong.is_empty() })
    }
}
