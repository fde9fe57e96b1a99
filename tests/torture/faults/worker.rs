//! Does one run after another in a folder of its own.

use super::calls::Class;
use super::judge::{Outcome, crashed, is_unknown, judge, moved_aside};
use super::look::{ASIDE, Eyes, Reach, Seen, data, names};
use super::scenes::{Aim, Scene, Stage, Then, busy};
use super::states::Letters;
use super::store::Store;
use super::tracer::{self, End, Ended, Point};
use nix::errno::Errno;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder in which one scene after another takes place, always at the same path, which manifests name.
pub struct Worker {
    root: TempDir,
    letters: Letters,
    prepared: BTreeMap<&'static str, Prepared>,
}

/// A scene as it is before its command, and how that ends without a fault.
struct Prepared {
    counts: BTreeMap<Class, u32>,
    /// The names that may be there in the end.
    names: BTreeSet<String>,
    /// The data of the document that the command writes.
    document: Option<Value>,
}

/// A run and what was wrong with it.
#[derive(Debug)]
pub struct Run {
    pub outcome: Outcome,
    /// The call that went wrong; nothing where the command made fewer.
    pub hit: Option<String>,
    pub wrong: Vec<String>,
    /// How long the command took.
    pub took: Duration,
}

impl Worker {
    pub fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        for folder in ["scratch", "prepared"] {
            std::fs::create_dir(root.path().join(folder)).expect("a folder");
        }
        let letters = Letters::new(root.path());
        Self { root, letters, prepared: BTreeMap::new() }
    }

    /// Leaves the folder where it is.
    pub fn keep(self) -> PathBuf {
        self.root.keep()
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("scene")
    }

    /// How many calls of each class a scene's command makes. An error where nothing may be traced.
    pub fn counts(&mut self, scene: &'static Scene) -> Result<BTreeMap<Class, u32>, Errno> {
        self.prepare(scene)?;
        Ok(self.prepared[scene.name].counts.clone())
    }

    fn prepare(&mut self, scene: &'static Scene) -> Result<(), Errno> {
        if self.prepared.contains_key(scene.name) {
            return Ok(());
        }
        let folder = self.folder();
        let _ = std::fs::remove_dir_all(&folder);
        for name in ["", "home", "tmp"] {
            std::fs::create_dir(folder.join(name)).expect("a folder");
        }
        self.larder(&[], None)?;
        let larder = |line: &[&str]| {
            let ended = self.larder(line, None).expect("it could be traced before");
            assert_eq!(ended.end, End::Code(0), "{line:?} {}", ended.stderr);
        };
        (scene.prepare)(&Stage { folder: &folder, larder: &larder });
        copy_tree(&folder, &self.root.path().join("prepared").join(scene.name));
        let mut names = names(&folder);
        let other_program = scene.opened.then(|| busy(&folder.join("app.db")));
        let ended = self.larder(scene.line, None)?;
        drop(other_program);
        assert_eq!(ended.end, End::Code(0), "{}: {}", scene.name, ended.stderr);
        if let Aim::Database(name) = scene.aim {
            self.letters.learn(&folder.join(name), scene.new);
        }
        let document = std::fs::read(folder.join("out.json")).ok().and_then(|text| data(&text));
        for then in scene.then {
            assert_eq!(self.larder(then.line, None)?.end, End::Code(0), "{}", scene.name);
        }
        names.extend(super::look::names(&folder));
        self.prepared.insert(scene.name, Prepared { counts: ended.counts, names, document });
        Ok(())
    }

    fn larder(&self, line: &[&str], point: Option<Point>) -> Result<Ended, Errno> {
        let folder = self.folder();
        let words = [env!("CARGO_BIN_EXE_larder")].into_iter().chain(line.iter().copied()).chain([
            "--json",
            "--busy-timeout",
            "2s",
        ]);
        let prepare = |command: &mut Command| {
            command.current_dir(&folder).env_clear().env("TZ", "UTC");
            command.env("HOME", folder.join("home")).env("TMPDIR", folder.join("tmp"));
        };
        tracer::run(&words.map(str::to_owned).collect::<Vec<_>>(), &folder, &prepare, point)
    }

    /// Runs a scene in which a call goes wrong, and judges.
    pub fn run(&mut self, scene: &'static Scene, point: Point) -> Result<Run, Errno> {
        self.prepare(scene)?;
        let folder = self.folder();
        std::fs::remove_dir_all(&folder).expect("remove");
        copy_tree(&self.root.path().join("prepared").join(scene.name), &folder);
        let before =
            Store::look(&folder.join("backups"), &mut self.letters, &self.root.path().join("scratch"));
        let other_program = scene.opened.then(|| busy(&folder.join("app.db")));
        let began = Instant::now();
        let ended = self.larder(scene.line, Some(point))?;
        let took = began.elapsed();
        let first = self.look(scene, other_program);
        let (outcome, mut wrong) = judge(scene, Some(point.fault), &ended, (&before, &first));
        let after = self.root.path().join("after");
        let _ = std::fs::remove_dir_all(&after);
        copy_tree(&folder, &after);
        if first.reach != Reach::Wrong {
            wrong.extend(self.go_on(scene, point.class, &ended, &first)?);
        }
        if !wrong.is_empty() {
            wrong.push(format!("{:?} {}", ended.end, ended.stderr.trim_end()));
        }
        Ok(Run { outcome, hit: ended.hit, wrong, took })
    }

    fn look(&mut self, scene: &Scene, other_program: Option<rusqlite::Connection>) -> Seen {
        let (folder, scratch) = (self.folder(), self.root.path().join("scratch"));
        let document = self.prepared[scene.name].document.as_ref();
        Eyes { letters: &mut self.letters, document, scratch: &scratch }.look(scene, &folder, other_program)
    }

    /// Runs what comes after, and looks again.
    fn go_on(
        &mut self,
        scene: &'static Scene,
        class: Class,
        first: &Ended,
        seen: &Seen,
    ) -> Result<Vec<String>, Errno> {
        let mut wrong = Vec::new();
        let mut last = seen.letter();
        for then in scene.then {
            let ended = self.larder(then.line, None)?;
            let now = self.look(scene, None);
            wrong.extend(now.store.wrong.iter().cloned());
            wrong.extend(crashed(None, &ended));
            if is_undecided(&ended) && may_be_undecided(scene, first) && now.letter() == last {
                break;
            }
            let allowed = allowed(scene, then, first, seen, last);
            let is_done = matches!(scene.aim, Aim::Database(_)) || now.reach == Reach::New;
            if ended.end != End::Code(0) || !allowed.contains(&now.letter()) || !is_done {
                let what =
                    format!("{} of {allowed:?}, {:?} {}", now.letter(), ended.end, ended.stderr.trim_end());
                wrong.push(format!("then {} comes to {what}", then.line.join(" ")));
                break;
            }
            last = now.letter();
        }
        let orphans = self.look(scene, None).store.orphans;
        // What could not be removed with its snapshot is removed by a prune a day later.
        let is_left = class != Class::Unlink && !orphans.is_empty();
        wrong.extend(is_left.then(|| format!("left without a snapshot: {orphans:?}")));
        if !self.left(scene, first).is_empty() {
            // The last command may have had no work of its own in that folder.
            self.larder(scene.then.last().expect("each scene goes on").line, None)?;
            if self.prepared[scene.name].names.contains("backups") {
                self.larder(&["snapshot", "app.db"], None)?;
            }
        }
        let left = self.left(scene, first);
        wrong.extend((!left.is_empty()).then(|| format!("left behind: {left:?}")));
        Ok(wrong)
    }

    /// What is in the folder and is not where no call goes wrong.
    fn left(&self, scene: &Scene, first: &Ended) -> Vec<String> {
        let mut names = names(&self.folder());
        names.retain(|name| !(moved_aside(first) && name.starts_with(ASIDE)));
        let usual = &self.prepared[scene.name].names;
        // What SQLite has beside a database in WAL mode is not always all there.
        let is_usual = |name: &&String| name.ends_with("-shm") && usual.contains("app.db-wal");
        names.difference(usual).filter(|name| !is_usual(name)).cloned().collect()
    }
}

/// What the database may hold after the next command.
fn allowed(scene: &Scene, then: &Then, first: &Ended, seen: &Seen, last: &'static str) -> Vec<&'static str> {
    if seen.reach == Reach::Old {
        return vec![then.if_old];
    }
    // An undo of which it is not noted that it is done is finished by the next, which does not go forward again.
    let said = ["does not say yet", "the next run tidies up"];
    let is_said = first.end == End::Code(0) && !said.iter().any(|said| first.stderr.contains(said));
    let last = if seen.reach == Reach::Between { scene.new } else { last };
    match scene.line.contains(&"--undo") && !is_said {
        // What was moved aside has no manifest that tells.
        true if scene.moves() => vec![then.if_new, last],
        true if !seen.store.pending.is_empty() => vec![last],
        _ => vec![then.if_new],
    }
}

/// Whether nobody can tell to which of two states an undo goes back, and larder says so.
fn is_undecided(ended: &Ended) -> bool {
    const UNDECIDED: i32 = 4;
    ended.end == End::Code(UNDECIDED) && ended.stderr.contains("nobody can tell")
}

/// Of a restore it is known before what it leads to, so that the database always tells; nobody else writes to it. A restore of
/// single items is an import.
fn may_be_undecided(scene: &Scene, first: &Ended) -> bool {
    let is_import = ["import", "--item"].iter().any(|word| scene.line.contains(word));
    is_import && was_cut_off(first)
}

/// Whether a command may have had no time to note what it did.
fn was_cut_off(first: &Ended) -> bool {
    first.end != End::Code(0) && (matches!(first.end, End::Signal(_)) || is_unknown(first))
        || first.stderr.contains("does not say yet")
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_tree(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), &to).expect("copy");
        }
    }
    let permissions = std::fs::metadata(from).expect("there").permissions();
    std::fs::set_permissions(to, permissions).expect("they can be set");
}
