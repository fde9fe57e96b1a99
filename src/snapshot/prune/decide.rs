//! The decision over the snapshots of one application.

use super::super::catalog::{Entry, Known};
use super::super::expiry::expired;
use super::super::retention::{self, Reasons};
use super::super::select::why_suspicious;
use super::{Plan, Rules};
use crate::error::is_broken_stream;
use crate::store::{SnapshotName, Store};
use crate::stream::{Decoder, Form, HEAD, read_full};
use anyhow::Result;
use chrono::{DateTime, SubsecRound, Utc};
use std::collections::BTreeSet;

/// The reason of what is kept whatever the rules say.
const PINNED: &str = "pinned";

/// Decides over the snapshots of one application, sorted by time.
pub(super) fn decide(
    store: &Store,
    entries: Vec<&Entry>,
    rules: &Rules,
    failed: &BTreeSet<String>,
    plan: &mut Plan,
) {
    // A snapshot that was made just before bears this time.
    let is_own = |name: &SnapshotName| name.time == rules.now.trunc_subsecs(0);
    let over = expired(&entries, rules.safety, rules.now, rules.zone, is_own);
    let (safety, regular): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.is_safety());
    for entry in safety {
        let expired = over.contains(&entry.name.file_name());
        let reason = if expired { "safety snapshot older than" } else { "safety snapshot, kept" };
        let mut why = vec![format!("{reason} {}", rules.safety)];
        why.extend(entry.is_pinned().then(|| PINNED.to_owned()));
        plan.add(entry, !expired, why);
    }
    let standings: Vec<Standing> =
        regular.iter().map(|entry| Standing::of(store, entry, rules.now, failed)).collect();
    for (entry, standing) in regular.iter().zip(&standings) {
        if let Standing::Unreadable(why) = standing {
            plan.problems.push((entry.location.to_string(), why.clone()));
        }
    }
    let mut reasons = kept_by_rules(&regular, &standings, rules);
    for (entry, why) in regular.iter().zip(&mut reasons) {
        why.extend(entry.is_pinned().then(|| PINNED.to_owned()));
    }
    let newest = newest_suspicious(&regular, &standings);
    let over = over_size(&regular, &standings, &reasons, &newest, rules.max_size);
    let last_good = standings.iter().rposition(|standing| *standing == Standing::Good);
    let last_whole = standings.iter().rposition(Standing::may_be_whole);
    for (at, entry) in regular.into_iter().enumerate() {
        if let Standing::Suspicious(reason) = &standings[at] {
            let why =
                entry.is_pinned().then(|| PINNED.to_owned()).into_iter().chain([reason.clone()]).collect();
            let is_kept = !reasons[at].is_empty() && !over.contains(&at);
            plan.add(entry, is_kept || newest.contains(&at), why);
            continue;
        }
        let kept_by_rule = !reasons[at].is_empty() && !over.contains(&at);
        let mut why = std::mem::take(&mut reasons[at]);
        if over.contains(&at) {
            why = vec!["over --max-size".to_owned()];
        }
        let forced = forced(&standings[at], last_good, last_whole, at);
        let keep = kept_by_rule || forced.is_some();
        match forced {
            // What the rules say of these is of no interest.
            Some(reason) if standings[at].is_out_of_the_rules() => why = vec![reason],
            Some(reason) if !kept_by_rule => why.push(reason),
            None if why.is_empty() => why.push("no rule keeps it".to_owned()),
            _ => {}
        }
        if let Standing::Undrilled(reason) | Standing::Doubtful(reason) = &standings[at] {
            why.push(reason.clone());
        }
        plan.add(entry, keep, why);
    }
}

/// How many suspicious snapshots stay that no rule keeps.
const MOST_SUSPICIOUS: usize = 3;

/// The newest suspicious snapshots after the last good one, pinned ones aside: they may hold what nothing else does, so they
/// stay although no rule keeps them.
fn newest_suspicious(entries: &[&Entry], standings: &[Standing]) -> BTreeSet<usize> {
    let last_good = standings.iter().rposition(|standing| *standing == Standing::Good);
    let is_meant = |at: &usize| standings[*at].is_suspicious() && !entries[*at].is_pinned();
    let after_good = last_good.map_or(0, |good| good + 1)..entries.len();
    after_good.rev().filter(is_meant).take(MOST_SUSPICIOUS).collect()
}

/// Why a snapshot stays whatever the rules say.
fn forced(
    standing: &Standing,
    last_good: Option<usize>,
    last_whole: Option<usize>,
    at: usize,
) -> Option<String> {
    match standing {
        Standing::Future => Some("dated in the future".to_owned()),
        Standing::Foreign(reason) | Standing::Unreadable(reason) => Some(reason.clone()),
        Standing::Good if last_good == Some(at) => Some("the last good snapshot".to_owned()),
        Standing::Undrilled(_) | Standing::Doubtful(_) if last_good.is_none() => {
            Some("no good snapshot is there".to_owned())
        }
        Standing::Undrilled(_) if last_whole == Some(at) => Some("the last whole snapshot".to_owned()),
        _ => None,
    }
}

/// What a regular snapshot may do in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// Drilled, and as large as then: it may push others out.
    Good,
    /// Whole for all that is known, but no manifest says that it was drilled: it pushes no good one out, and what is known to
    /// be worse does not push it out.
    Undrilled(String),
    /// Whole, but its tables lost so many rows that somebody should look, and which: it pushes nothing out.
    Suspicious(String),
    /// Known not to be good, and why: it pushes nothing out.
    Doubtful(String),
    /// Dated in the future: it stays, and pushes nothing out.
    Future,
    /// Not proven to be larder's, and why: it stays.
    Foreign(String),
    /// It or its manifest cannot be read, and why. It may be pinned, or a safety snapshot: it stays, and pushes nothing out.
    Unreadable(String),
}

impl Standing {
    pub(super) fn of(store: &Store, entry: &Entry, now: DateTime<Utc>, failed: &BTreeSet<String>) -> Self {
        if let Some(unproven) = unproven(store, entry) {
            return unproven;
        }
        if entry.name.time > now {
            return Self::Future;
        }
        if failed.contains(&entry.name.file_name()) {
            return Self::Doubtful("fails its drill".to_owned());
        }
        match &entry.known {
            _ if entry.is_good() && entry.is_suspicious() => {
                Self::Suspicious(format!("suspicious: {}", why_suspicious(entry)))
            }
            _ if entry.is_good() => Self::Good,
            _ if entry.is_damaged() => Self::Doubtful("copy of a damaged database".to_owned()),
            Known::Manifest(manifest) if manifest.size == entry.size => {
                Self::Doubtful("its files are not as they were when it was drilled".to_owned())
            }
            Known::Manifest(_) => Self::Doubtful("not as large as when it was drilled".to_owned()),
            Known::Nothing => Self::Undrilled("has no manifest".to_owned()),
            Known::Unreadable(why) => Self::Unreadable(unreadable(why)),
        }
    }

    /// Whether it can be restored, for all that is known.
    pub(super) fn may_be_whole(&self) -> bool {
        matches!(self, Self::Good | Self::Undrilled(_))
    }

    fn is_suspicious(&self) -> bool {
        matches!(self, Self::Suspicious(_))
    }

    /// Whether the keep rules say nothing about it.
    fn is_out_of_the_rules(&self) -> bool {
        matches!(self, Self::Future | Self::Foreign(_) | Self::Unreadable(_))
    }
}

/// How many packed bytes are enough to tell what is in a file: a block of zstd's.
const ENOUGH: u64 = 160 << 10;

/// What a file that has the name of a snapshot is, where that is not known: without a manifest, only its content says it.
fn unproven(store: &Store, entry: &Entry) -> Option<Standing> {
    let manifest = match &entry.known {
        Known::Manifest(_) => return None,
        Known::Nothing => None,
        Known::Unreadable(why) => Some(why),
    };
    let form = match form_inside(store, entry) {
        Ok(form) => Some(form),
        Err(error) if error.downcast_ref().is_some_and(is_broken_stream) => None,
        Err(error) => return Some(Standing::Unreadable(format!("cannot be read: {error:#}"))),
    };
    match (form, manifest) {
        (Some(Form::Sqlite), None) => None,
        (Some(Form::Sqlite | Form::Age), Some(why)) => Some(Standing::Unreadable(unreadable(why))),
        _ => Some(Standing::Foreign(
            "neither its manifest nor its content says that it is a snapshot".to_owned(),
        )),
    }
}

fn unreadable(why: &str) -> String {
    format!("its manifest cannot be read: {why}")
}

/// What is in a file, as far as its compression, if it is of the kind that its name says.
fn form_inside(store: &Store, entry: &Entry) -> Result<Form> {
    let packed = store.read_head(&entry.name, ENOUGH)?;
    if entry.name.encrypted {
        return Ok(Form::of(&packed));
    }
    let mut head = vec![0; HEAD];
    let mut decoder = Decoder::new(packed.as_slice(), entry.name.compression)?;
    let read = read_full(&mut decoder, &mut head)?;
    head.truncate(read);
    Ok(Form::of(&head))
}

/// The reasons of the keep rules. They are asked of the good alone; for the suspicious, of these and the good; for the undrilled,
/// of all that may be whole; and for the doubtful, of all.
fn kept_by_rules(entries: &[&Entry], standings: &[Standing], rules: &Rules) -> Vec<Reasons> {
    if rules.policy.is_empty() {
        return vec![vec!["no keep rule".to_owned()]; entries.len()];
    }
    let mut reasons = vec![Reasons::new(); entries.len()];
    let mut apply = |counts: &dyn Fn(&Standing) -> bool, takes: &dyn Fn(&Standing) -> bool| {
        let chosen: Vec<usize> = (0..entries.len()).filter(|at| counts(&standings[*at])).collect();
        let times: Vec<_> = chosen.iter().map(|at| entries[*at].name.time).collect();
        let kept = retention::apply(&rules.policy, rules.zone, rules.now, &times);
        for (at, why) in chosen.into_iter().zip(kept).filter(|(at, _)| takes(&standings[*at])) {
            reasons[at] = why;
        }
    };
    let good = |standing: &Standing| *standing == Standing::Good;
    let undrilled = |standing: &Standing| matches!(standing, Standing::Undrilled(_));
    let doubtful = |standing: &Standing| matches!(standing, Standing::Doubtful(_));
    apply(&good, &good);
    apply(&|standing| good(standing) || standing.is_suspicious(), &Standing::is_suspicious);
    apply(&Standing::may_be_whole, &undrilled);
    apply(&|standing| standing.may_be_whole() || doubtful(standing), &doubtful);
    reasons
}

/// What has to go so that the rest fits: the doubtful first, then the good, the oldest first. The suspicious make none of these
/// go: of them, those go that do not fit beside the rest, but for the newest.
fn over_size(
    entries: &[&Entry],
    standings: &[Standing],
    reasons: &[Reasons],
    newest_suspicious: &BTreeSet<usize>,
    max_size: Option<u64>,
) -> BTreeSet<usize> {
    let Some(max_size) = max_size else { return BTreeSet::new() };
    // What is pinned neither goes nor makes others go.
    let kept = |at: &usize| !reasons[*at].is_empty() && !entries[*at].is_pinned();
    let of = |is_of: &dyn Fn(&Standing) -> bool| -> Vec<usize> {
        (0..entries.len()).filter(|at| is_of(&standings[*at])).filter(kept).collect()
    };
    let doubtful = of(&|standing| matches!(standing, Standing::Undrilled(_) | Standing::Doubtful(_)));
    let good = of(&|standing| *standing == Standing::Good);
    let suspicious = of(&Standing::is_suspicious);
    let mut over = BTreeSet::new();
    let mut total = 0;
    let mut fit = |all: Vec<usize>, may_go: &dyn Fn(&usize) -> bool| {
        total += all.iter().map(|at| entries[*at].total_size()).sum::<u64>();
        for at in all.into_iter().filter(may_go) {
            if total <= max_size {
                break;
            }
            total -= entries[at].total_size();
            over.insert(at);
        }
    };
    fit([doubtful, good].concat(), &|_| true);
    fit(suspicious, &|at| !newest_suspicious.contains(at));
    over
}
