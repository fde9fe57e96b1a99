//! What must be true after a command in which a call went wrong, whatever it was.

use super::fault::Fault;
use super::look::{Reach, Seen};
use super::scenes::{Aim, Scene};
use super::states::MISSING;
use super::tracer::{End, Ended};
use serde_json::Value;

/// What became of a run, to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Old,
    New,
    Part,
    /// larder says that nobody knows, and where the state before is.
    Unknown,
}

/// Judges how a command ended, and what it left.
pub fn judge(scene: &Scene, fault: Option<Fault>, ended: &Ended, seen: &Seen) -> (Outcome, Vec<String>) {
    let mut wrong = seen.store.wrong.clone();
    wrong.extend(crashed(fault, ended));
    wrong.extend(untrue(scene, ended, seen));
    wrong.extend(lost(scene, ended, seen));
    let outcome = match seen.reach {
        _ if is_unknown(ended) => Outcome::Unknown,
        Reach::New => Outcome::New,
        Reach::Part | Reach::Between => Outcome::Part,
        Reach::Old | Reach::Wrong => Outcome::Old,
    };
    (outcome, wrong)
}

/// Whether the command itself says that it does not know whether it did its work.
pub fn is_unknown(ended: &Ended) -> bool {
    result(ended)["outcome"] == "unknown"
}

/// Whether it says that what was there could not be read, and was moved aside whole.
pub fn moved_aside(ended: &Ended) -> bool {
    result(ended)["moved_aside"].is_string()
}

fn result(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_default()
}

/// An end that no fault excuses.
pub fn crashed(fault: Option<Fault>, ended: &Ended) -> Option<String> {
    const PANIC: i32 = 101;
    // Nor is anything wrong with the command.
    const USAGE: i32 = 2;
    match ended.end {
        End::Never => Some("it does not end".to_owned()),
        End::Code(code @ (PANIC | USAGE)) => Some(format!("it ends with {code}")),
        End::Signal(signal) if !fault.is_some_and(Fault::is_kill) => Some(format!("it dies of {signal}")),
        _ if ended.stderr.contains("panicked at") => Some("it panics".to_owned()),
        _ => None,
    }
}

/// What is there, or is said, and must not be.
fn untrue(scene: &Scene, ended: &Ended, seen: &Seen) -> Option<String> {
    // A manifest that could not be removed with its snapshot is work that was not done.
    let is_told = is_unknown(ended) || does_a_part(ended) || !seen.store.orphans.is_empty();
    let agree = seen.letters.iter().all(|letter| *letter == seen.letter());
    match (ended.end, seen.reach) {
        (_, Reach::Wrong) => Some(format!("{:?} holds {:?}", scene.aim, seen.letters)),
        (End::Code(1..), Reach::Between)
            if !ended.stderr.contains("it was interrupted while files moved") =>
        {
            Some("it says nothing of where the database went".to_owned())
        }
        (End::Code(0), Reach::Old | Reach::Part | Reach::Between) => {
            Some(format!("it says that it is done, and it is not: {:?}", seen.letters))
        }
        (End::Code(0), _) if !agree => Some(format!("it is not done for everybody: {:?}", seen.letters)),
        (End::Code(1..), Reach::New) if !is_told => Some("it says that it failed, and it is done".to_owned()),
        (End::Code(1..), _) if !agree && !is_unknown(ended) => {
            Some(format!("it says that it failed, and who looks sees {:?}", seen.letters))
        }
        _ => None,
    }
}

/// Whether a failed command says what it did all the same.
fn does_a_part(ended: &Ended) -> bool {
    let has_result = result(ended).as_object().is_some_and(|result| !result.contains_key("error"));
    let said = ["the snapshot is made, but", "the file is written, but"];
    has_result || said.iter().any(|said| ended.stderr.contains(said))
}

/// What nobody can get back.
fn lost(scene: &Scene, ended: &Ended, seen: &Seen) -> Option<String> {
    let held = seen.store.letters();
    match scene.aim {
        Aim::Prune if !held.contains(&"A") => Some("the newest snapshot is gone".to_owned()),
        Aim::Snapshot if scene.name == "snapshot-prune" && held.is_empty() => {
            Some("the last snapshot is gone".to_owned())
        }
        Aim::Database(_) if scene.old != MISSING => {
            let may_be_done = seen.letters.contains(&scene.new) || is_unknown(ended);
            let named = result(ended)["safety_snapshot"].as_str().map(std::path::PathBuf::from);
            let is_named = named.is_some_and(|path| path.is_file());
            let is_kept = seen.store.holds(scene.old) && (is_named || !is_unknown(ended));
            let is_there = is_kept || seen.aside.contains(&scene.old);
            (may_be_done && !is_there).then(|| format!("no snapshot has {}, which was there", scene.old))
        }
        _ => None,
    }
}
