//! `larder export --to`: exports in a store, beside snapshots.

use super::each::{Outcome, safe_names};
use super::{EACH, Export, Locks, open};
use crate::commands::configuration::Subject;
use crate::commands::shelf::Failures;
use crate::commands::snapshot::Reason;
use crate::commands::store::{Making, to_write};
use crate::commands::{Context, input, prune as prune_command, text};
use crate::exit::Exit;
use crate::ui::Ui;
use anyhow::{Context as _, Result};
use indexmap::IndexMap;
use larder::app::users;
use larder::document::envelope::Summary;
use larder::document::reader::Limits;
use larder::error::Fault;
use larder::files;
use larder::platform;
use larder::progress::Progress;
use larder::snapshot::catalog;
use larder::snapshot::foreign::refuse_foreign;
use larder::snapshot::manifest::{ExportFacts, ExportParts, SourceFile};
use larder::snapshot::prune::{self, Plan, Rules};
use larder::snapshot::stored_export::{Written, keep};
use larder::snapshot::{Kind, refuse_broken};
use larder::store::{Location, SnapshotName, Store, is_app_name};
use larder::validate::{ValidateOptions, validate};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

impl Export {
    /// Writes an export into a store; with `--scope each`, one of every user.
    pub(super) fn to_store(&self, to: &Path, subject: &Subject, context: &Context<'_>) -> Result<Exit> {
        if subject.app.contains('@') {
            let message =
                format!("in the names of exports, @ stands before the user, and {} has one", subject.app);
            return Err(Fault::usage(message).hint("--app NAME calls it something else").into());
        }
        let rules = || self.keep.rules_of_exports(&subject.config.retention, self.timezone, context.now);
        let rules = self.prune.then(rules).transpose()?;
        let locks = self.store_locks(subject, context)?;
        let location = Location::of(to)?;
        let is_by_hand = !matches!(self.kind, Some(Reason::Scheduled));
        let making = Making::of(&location, &subject.database, self.create, is_by_hand)?;
        let store = to_write(&location, making, &context.surroundings)?;
        if !subject.app_is_said {
            let earlier = catalog::read(&store, Some(&subject.app))?;
            let source = text(&files::resolve(&subject.database)?);
            refuse_foreign(&subject.app, &source, earlier.iter().filter(|entry| entry.name.is_export()))?;
        }
        // What is missing in a damaged database would be missing in an export that looks good. The connection is of no use for
        // anything else after that.
        refuse_broken(&open(&subject.database, Some(&subject.database), &locks.keys, context)?, context.ui)?;
        if self.scope.as_deref() != Some(EACH) {
            let source = open(&subject.database, Some(&subject.database), &locks.keys, context)?;
            let scope = self.scope(&source, &subject.config.rules)?;
            drop(source);
            let user = scope.map(|user| safe_names(&[user.to_owned()], self.anonymize).swap_remove(0));
            let app = user.map_or_else(|| subject.app.clone(), |user| app_of_user(subject, &user));
            let (location, summary) = self.store_one(&store, &app, scope, subject, &locks, context)?;
            super::say(&summary, self.full, context);
            let mut result = json!({ "file": location.to_string(), "items": summary.items });
            // The path is out before a question is asked, and before the rest can fail.
            if !context.ui.wants_json() {
                context.ui.result_path(&result, &location.to_path())?;
            }
            let mut failures = Failures::default();
            if let Some(plan) = self.prune(&store, rules.as_ref(), subject, &mut failures, context)? {
                result["prune"] = plan;
            }
            if context.ui.wants_json() {
                Ui::print_json(&result)?;
            }
            return Ok(if failures.is_empty() { Exit::Done } else { Exit::Failed });
        }
        let source = open(&subject.database, Some(&subject.database), &locks.keys, context)?;
        let users = users(source.connection(), &subject.config.rules)?;
        drop(source);
        if users.is_empty() {
            context.ui.warn("there is nobody whose rows are meant: nothing to write");
        }
        let mut outcome = Outcome::default();
        for (user, name) in users.iter().zip(safe_names(&users, self.anonymize)) {
            let app = app_of_user(subject, &name);
            let written = self.store_one(&store, &app, Some(user), subject, &locks, context);
            outcome.add(
                user,
                written.map(|(location, summary)| (location.to_path(), summary, None)),
                context,
            )?;
        }
        let mut failures = Failures::default();
        outcome.pruned = self.prune(&store, rules.as_ref(), subject, &mut failures, context)?;
        let exit = outcome.render(false, context)?;
        Ok(if failures.is_empty() { exit } else { Exit::Failed })
    }

    /// Deletes the exports that the rules do not keep, where that is wanted, and gives what that came to.
    fn prune(
        &self,
        store: &Store,
        rules: Option<&Rules>,
        subject: &Subject,
        failures: &mut Failures,
        context: &Context<'_>,
    ) -> Result<Option<Value>> {
        let Some(rules) = rules else { return Ok(None) };
        let app = Some(subject.app.as_str());
        let yes = self.yes || !crate::ui::is_interactive();
        let prune = || -> Result<Plan> {
            let plan = prune::plan(store, app, rules)?.of_exports();
            Ok(prune_command::carry_out(store, app, rules, &plan, yes, context)?.of_exports())
        };
        let plan = prune().context("the export is made, but")?;
        prune_command::add_problems(&plan, failures, context);
        context.ui.say(&prune_command::summary(&plan, "removed"));
        Ok(Some(prune_command::describe(&plan)))
    }

    /// Whom an export in a store is encrypted for: as its name is given here, that does not say it.
    fn store_locks<'a>(&self, subject: &Subject, context: &'a Context<'_>) -> Result<Locks<'a>> {
        let mut locks = self.locks(None, subject, context)?;
        if locks.lock.is_none() {
            locks.lock = self.encrypt.lock(&self.keys, &locks.settings, context)?;
        }
        Ok(locks)
    }

    /// Writes one export, reads it back, and gives it its name.
    fn store_one(
        &self,
        store: &Store,
        app: &str,
        scope: Option<&str>,
        subject: &Subject,
        locks: &Locks<'_>,
        context: &Context<'_>,
    ) -> Result<(Location, Summary)> {
        if !is_app_name(app) {
            return Err(Fault::usage(format!("{app:?} is too long for a file's name")).into());
        }
        let began = Instant::now();
        let (held, compression) = self.format.stored()?;
        let mut name = SnapshotName::new(app, context.now, compression);
        (name.held, name.encrypted) = (held, locks.lock.is_some());
        let scratch = store.scratch(&[&context.temporary], 0)?;
        let staged = scratch.file(name.file_name());
        let target = self.format.target(Some(&staged), false, locks.lock.clone())?;
        let level = target.level;
        let source = open(&subject.database, Some(&staged), &locks.keys, context)?;
        let summary = target.write(context, |format| self.write(&source, format, subject, scope, context))?;
        drop(source);
        let can_open = !name.encrypted || !locks.keys.is_empty();
        if can_open {
            check(&staged, locks, context)?;
        }
        let export = ExportFacts {
            mode: if self.full { "full" } else { "condensed" }.to_owned(),
            scope: scope.filter(|_| !self.anonymize).map(str::to_owned),
            items: Some(summary.items.clone()),
        };
        let parts = ExportParts {
            app: subject.app.clone(),
            kind: self.kind.map_or(Kind::Manual, Reason::kind),
            created_at: context.now,
            source: source_file(&subject.database)?,
            export,
            pinned: false,
            encrypted: name.encrypted,
            validated: can_open,
        };
        let scratch = scratch.folder();
        let written =
            Written { staged: &staged, scratch, name, level, parts, allow_empty: self.allow_empty, began };
        Ok((keep(store, written, &context.patience, context.ui)?, summary))
    }
}

fn app_of_user(subject: &Subject, user: &str) -> String {
    SnapshotName::app_of_user(&subject.app, user)
}

/// Reads a document that was written, as an import would.
fn check(staged: &Path, locks: &Locks<'_>, context: &Context<'_>) -> Result<()> {
    let limits = Limits::default();
    let document = input::document(staged, &limits, u64::MAX, &locks.keys, context)?;
    let options = ValidateOptions {
        checks: IndexMap::new(),
        max_problems: 1,
        against: None,
        limits,
        temporary: &context.temporary,
        patience: context.patience.clone(),
        progress: context.ui,
    };
    let problems = validate(document.input, "the export", &options)?;
    match problems.listed.iter().find(|_| problems.errors > 0) {
        None => Ok(()),
        Some(problem) => Err(Fault::failed(format!(
            "what was written could not be imported again: {problem}"
        ))
        .hint("larder export -o FILE writes it all the same, and larder validate FILE says what is wrong")
        .into()),
    }
}

fn source_file(database: &Path) -> Result<SourceFile> {
    let path = files::resolve(database)?;
    let ownership = files::metadata(&path)?.and_then(|metadata| platform::ownership(&metadata));
    Ok(SourceFile {
        file: files::name_of(&path),
        path: text(&path),
        uid: ownership.map(|owner| owner.uid),
        gid: ownership.map(|owner| owner.gid),
        mode: ownership.map(|owner| format!("{:04o}", owner.mode)),
    })
}
