//! A snapshot in the stores that are meant: made in one, and copied into the others.

use super::{Done, Locks, Snapshot, show};
use crate::commands::configuration::{Subject, state_file};
use crate::commands::keys::KeySettings;
use crate::commands::shelf::Failures;
use crate::commands::snapshot::Reason;
use crate::commands::store::{Making, to_write};
use crate::commands::{Context, prune as prune_command};
use anyhow::{Context as _, Result, anyhow};
use larder::config::RetentionConfig;
use larder::error::{Fault, Kind, kind};
use larder::snapshot::create::{self, Created};
use larder::snapshot::mirror::{Copied, MirrorOptions, Original, mirror};
use larder::snapshot::prune::{self, Rules};
use larder::store::{Location, Store, Surroundings, VerifyUpload};
use rusqlite::Connection;
use serde_json::{Value, json};

/// A store that is to get a snapshot.
struct Place {
    location: Location,
    /// Who may make it where it is not there.
    making: Making,
    /// What is kept there, where it is to be pruned.
    rules: Option<Rules>,
}

/// A snapshot that is in the first store that took it.
struct Made {
    /// Which of the places.
    at: usize,
    store: Store,
    created: Created,
}

impl Snapshot {
    /// Puts a snapshot into every store that is meant, and prunes each where that is wanted. The first folder among them takes
    /// it first: that is nearest, and the others get theirs from there.
    pub(super) fn to_stores(&self, subject: &Subject, context: &Context<'_>) -> Result<Done> {
        let places = self.places(subject, context)?;
        // A store is not made for a database that is not there.
        larder::files::require_file(&subject.database)?;
        let settings = KeySettings::of(&subject.config)?;
        let keys = self.keys.keys(&settings, context)?;
        let lock = self.encrypt.lock(&self.keys, &settings, context)?;
        let state = state_file(&subject.app, &subject.config.file, context);
        let locks = Locks { lock, keys, settings, state };

        let mut failures = Failures::default();
        let made = self.make(&places, subject, &locks, &mut failures, context)?;
        // The path is out before a question is asked, and before the rest can fail.
        let mut result = show::show(&made.created, context)?;
        let (path, suspicion) = (show::path_of(&made.created), show::suspicion(&made.created));
        let is_unmet = show::is_unmet(&made.created);
        if made.store.location().path().is_some() {
            self.warn(&path, &locks, context);
        }
        if places.len() == 1 {
            if let Some(plan) = self.prune(&places[0], &made.store, subject, &mut failures, context)? {
                result["prune"] = plan;
            }
            if !failures.is_empty() {
                result["failed"] = failures.describe().into();
            }
            return Ok(Done { path, result, suspicion, is_unmet, failures });
        }
        // Before anything is removed.
        let (also, doubt) = self.copy(&made, &places, subject, &locks, &mut failures, context)?;
        result["also"] = also.into();
        let suspicion = suspicion.or(doubt);
        let first = places[made.at].location.to_string();
        let pruned = failures.attempt_parts(&first, context, |failures| {
            self.prune(&places[made.at], &made.store, subject, failures, context)
        })?;
        if let Some(plan) = pruned.flatten() {
            result["prune"] = plan;
        }
        result["failed"] = failures.describe().into();
        Ok(Done { path, result, suspicion, is_unmet, failures })
    }

    /// The stores that are meant: those of the command line, else those of the settings.
    fn places(&self, subject: &Subject, context: &Context<'_>) -> Result<Vec<Place>> {
        let config = &subject.config;
        let prunes = self.prune || config.snapshot.prune;
        let is_by_hand = matches!(self.kind, Reason::Manual) && !self.all;
        let place = |location, is_named: bool, own: Option<&RetentionConfig>| -> Result<Place> {
            let retention = own.unwrap_or(&config.retention);
            let rules = || self.keep.rules(retention, self.timezone, context.now);
            let making = Making::of(&location, &subject.database, self.create, is_named && is_by_hand)?;
            Ok(Place { location, making, rules: prunes.then(rules).transpose()? })
        };
        let mut places = vec![place(subject.store(self.to.as_deref())?, self.to.is_some(), None)?];
        for store in &self.also_to {
            places.push(place(Location::of(store)?, true, None)?);
        }
        if self.to.is_none() && self.also_to.is_empty() {
            for store in &config.snapshot.also_to {
                places.push(place(Location::of(&store.to)?, false, store.retention.as_ref())?);
            }
        }
        for (at, place) in places.iter().enumerate() {
            if places[..at].iter().any(|other| other.location.is_same_as(&place.location)) {
                return Err(Fault::usage(format!("the store {} is named twice", place.location)).into());
            }
        }
        Ok(places)
    }

    /// What is to be known to reach stores, with how uploads are to be verified.
    fn surroundings(&self, subject: &Subject, context: &Context<'_>) -> Surroundings {
        let verify = self.verify.map(VerifyUpload::from).or(subject.config.snapshot.verify);
        Surroundings { verify: verify.unwrap_or_default(), ..context.surroundings.clone() }
    }

    /// Makes the snapshot in the first store that takes it. What is wrong with the database is wrong for all of them.
    fn make(
        &self,
        places: &[Place],
        subject: &Subject,
        locks: &Locks<'_>,
        failures: &mut Failures,
        context: &Context<'_>,
    ) -> Result<Made> {
        let files = |copy: &Connection| self.wanted_files(copy, subject, context);
        let options = self.options(subject, self.compression(subject), locks, Some(&files), context)?;
        let surroundings = self.surroundings(subject, context);
        let make = |place: &Place| -> Result<(Store, Created)> {
            let store = to_write(&place.location, place.making, &surroundings)?;
            let created = create::in_store(&subject.database, &store, &options)?;
            Ok((store, created))
        };
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by_key(|at| places[*at].location.path().is_none());
        let last = *order.last().expect("there is a store at least");
        for at in order {
            match make(&places[at]) {
                Ok((store, created)) => return Ok(Made { at, store, created }),
                Err(error) if at == last || !is_of_the_store(&error) => return Err(error),
                Err(error) => failures.add(&places[at].location.to_string(), error, context),
            }
        }
        Err(anyhow!("no store took it"))
    }

    /// Copies a snapshot into the other stores, and prunes them. Says also why a copy is suspicious.
    fn copy(
        &self,
        made: &Made,
        places: &[Place],
        subject: &Subject,
        locks: &Locks<'_>,
        failures: &mut Failures,
        context: &Context<'_>,
    ) -> Result<(Vec<Value>, Option<String>)> {
        let original = Original::of(&made.created, &made.store)?;
        let options = MirrorOptions {
            app_is_certain: subject.app_is_said,
            allow_empty: self.allow_empty,
            limits: &subject.config.check.max_row_loss,
            state: locks.state.as_deref(),
            lock: locks.lock.as_ref(),
            keys: &locks.keys,
            now: context.now,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        let surroundings = self.surroundings(subject, context);
        let (mut also, mut doubt) = (Vec::new(), None);
        for (at, place) in places.iter().enumerate() {
            let name = place.location.to_string();
            if at == made.at || failures.has(&name) {
                continue;
            }
            let copied = failures.attempt(&name, context, || {
                let store = to_write(&place.location, place.making, &surroundings)?;
                let copied = mirror(&original, &store, &options)?;
                Ok((store, copied))
            })?;
            let Some((store, Copied { location, manifest })) = copied else { continue };
            context.ui.say(&format!("also in {location}"));
            let suspicion = manifest.suspicion();
            if suspicion != show::suspicion(&made.created) {
                show::tell_findings(&manifest, &location.to_path(), context);
            }
            doubt = doubt.or(suspicion);
            let pruned = failures.attempt_parts(&name, context, |failures| {
                self.prune(place, &store, subject, failures, context)
            })?;
            also.push(json!({ "store": name, "snapshot": location.to_string(), "prune": pruned.flatten() }));
        }
        Ok((also, doubt))
    }

    /// Prunes a store, where that is wanted, and gives what that came to. What could not be read there is among the failures.
    fn prune(
        &self,
        place: &Place,
        store: &Store,
        subject: &Subject,
        failures: &mut Failures,
        context: &Context<'_>,
    ) -> Result<Option<Value>> {
        let Some(rules) = &place.rules else { return Ok(None) };
        let app = Some(subject.app.as_str());
        // Who writes it into the settings means it each time.
        let yes = self.yes || subject.config.snapshot.prune || !crate::ui::is_interactive();
        let plan = prune::plan(store, app, rules)
            .and_then(|plan| prune_command::carry_out(store, app, rules, &plan, yes, context))
            .context("the snapshot is made, but")?;
        prune_command::add_problems(&plan, failures, context);
        context.ui.say(&prune_command::summary(&plan, "removed"));
        Ok(Some(prune_command::describe(&plan)))
    }
}

/// Whether something went wrong with a store rather than with the database, the arguments, or the wish to go on.
fn is_of_the_store(error: &anyhow::Error) -> bool {
    matches!(kind(error), Kind::Failed | Kind::Busy)
}
