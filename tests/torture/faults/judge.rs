//! What must be true after a command in which a call went wrong, whatever it was.

use super::fault::Fault;
use super::look::{Reach, Seen};
use super::scenes::{Aim, Scene};
use super::states::MISSING;
use super::store::Store;
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

/// Judges how a command ended, and what it left. `before`: what the store held.
pub fn judge(
    scene: &Scene,
    fault: Option<Fault>,
    ended: &Ended,
    (before, seen): (&Store, &Seen),
) -> (Outcome, Vec<String>) {
    let mut wrong = seen.store.wrong.clone();
    wrong.extend(crashed(fault, ended));
    wrong.extend(untrue(scene, ended, seen));
    wrong.extend(unfounded(fault, ended));
    wrong.extend(lost(scene, ended, seen));
    wrong.extend(gone(scene, before, &seen.store));
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
    let is_told = match scene.aim {
        // Nothing after the commit makes a failure of it.
        Aim::Database(_) => is_unknown(ended),
        // A manifest that could not be removed with its snapshot is work that was not done.
        _ => does_a_part(ended) || !seen.store.orphans.is_empty(),
    };
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

/// What is said and has no reason, whatever was done.
fn unfounded(fault: Option<Fault>, ended: &Ended) -> Option<String> {
    const UNDECIDED: i32 = 4;
    const INTERRUPTED: i32 = 130;
    match ended.end {
        // Nobody but larder wrote to anything, and the command before ended well.
        End::Code(UNDECIDED) => Some("it says that somebody has to decide".to_owned()),
        End::Code(code) if fault == Some(Fault::Term) && ![0, INTERRUPTED].contains(&code) => {
            Some(format!("asked to end, it ends with {code}"))
        }
        End::Code(1..) if !result(ended)["error"].is_string() && !does_a_part(ended) => {
            Some("it does not say why it fails".to_owned())
        }
        End::Code(_) if is_unknown(ended) && !may_be_of_commit(fault, ended) => {
            Some("it says that nobody knows, and no call of a commit went wrong".to_owned())
        }
        End::Code(0) => {
            let named = result(ended)["safety_snapshot"].as_str().map(std::path::PathBuf::from);
            named.filter(|path| !path.is_file()).map(|path| format!("it names {}", path.display()))
        }
        _ => None,
    }
}

/// Whether the call that went wrong, or one of those after it, may be one of the commit of a database.
fn may_be_of_commit(fault: Option<Fault>, ended: &Ended) -> bool {
    let is_of_database = |hit: &str| {
        let path = hit.split_once(' ').map_or("", |(_, path)| path);
        // The step that commits a restore reads the last page of what is staged.
        let is_staged = path.starts_with(".larder-tmp-") && path.ends_with("/database");
        path.starts_with("app.db") || path.is_empty() || (is_staged && hit.starts_with("pread64"))
    };
    matches!(fault, Some(Fault::Stays(_))) || ended.hit.as_deref().is_some_and(is_of_database)
}

/// What a command took from the store that had no business there: earlier safety snapshots lead further back.
fn gone(scene: &Scene, before: &Store, after: &Store) -> Option<String> {
    if scene.prunes() {
        return None;
    }
    let lost: Vec<_> = before.held.keys().filter(|name| !after.held.contains_key(*name)).collect();
    (!lost.is_empty()).then(|| format!("gone from the store: {lost:?}"))
}

/// What nobody can get back.
fn lost(scene: &Scene, ended: &Ended, seen: &Seen) -> Option<String> {
    let held = seen.store.letters();
    match scene.aim {
        Aim::Prune if !held.contains(&"A") => Some("the newest snapshot is gone".to_owned()),
        Aim::Snapshot if scene.prunes() && held.is_empty() => Some("the last snapshot is gone".to_owned()),
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

#[cfg(test)]
mod tests {
    use super::super::look::{Reach, Seen};
    use super::super::scenes::{SCENES, Scene};
    use super::super::store::Store;
    use super::super::tracer::{End, Ended};
    use super::{Fault, judge};
    use nix::errno::Errno;
    use std::collections::BTreeMap;

    const EIO: Fault = Fault::Error(Errno::EIO);

    fn scene(name: &str) -> &'static Scene {
        SCENES.iter().find(|scene| scene.name == name).expect("a scene")
    }

    fn ended(code: i32, stdout: &str, hit: &str) -> Ended {
        let (stdout, hit) = (stdout.to_owned(), Some(hit.to_owned()));
        Ended { end: End::Code(code), stdout, stderr: String::new(), counts: BTreeMap::new(), hit }
    }

    fn store(letters: &[&'static str]) -> Store {
        let held = letters.iter().map(|letter| (format!("app-{letter}.db.gz"), *letter)).collect();
        Store { held, ..Store::default() }
    }

    /// What is wrong with a restore that came to `letter` and left a store with `left`, of `Z` and what it keeps.
    fn restore(fault: Fault, ended: &Ended, letter: &'static str, left: &[&'static str]) -> Vec<String> {
        let reach = if letter == "X" { Reach::New } else { Reach::Old };
        let seen = Seen { reach, letters: vec![letter], store: store(left), aside: Vec::new() };
        judge(scene("restore"), Some(fault), ended, (&store(&["Z"]), &seen)).1
    }

    #[test]
    fn what_the_judge_lets_pass_and_what_not() {
        let error = r#"{"error": "no"}"#;
        let unknown = r#"{"error": "no", "outcome": "unknown"}"#;
        let nothing: &[&str] = &[];
        assert_eq!(restore(EIO, &ended(0, "{}", "read x.db.gz"), "X", &["A", "Z"]), nothing);
        assert_eq!(restore(EIO, &ended(1, error, "read x.db.gz"), "A", &["Z"]), nothing);
        assert_eq!(restore(Fault::Term, &ended(130, error, "read x.db.gz"), "A", &["Z"]), nothing);
        for (fault, ended, letter, left) in [
            (EIO, ended(1, error, "read x.db.gz"), "A", nothing),
            (EIO, ended(0, "{}", "read x.db.gz"), "X", &["Z"]),
            (EIO, ended(1, r#"{"restored": "x"}"#, "read backups"), "X", &["A", "Z"]),
            (EIO, ended(4, error, "read x.db.gz"), "A", &["Z"]),
            (EIO, ended(1, "", "read x.db.gz"), "A", &["Z"]),
            (EIO, ended(1, unknown, "read x.db.gz"), "X", &["A", "Z"]),
            (EIO, ended(0, r#"{"safety_snapshot": "/nowhere/at/all"}"#, "read x.db.gz"), "X", &["A", "Z"]),
            (Fault::Term, ended(1, error, "read x.db.gz"), "A", &["Z"]),
        ] {
            assert_ne!(restore(fault, &ended, letter, left), nothing, "{ended:?} {letter} {left:?}");
        }
    }
}
