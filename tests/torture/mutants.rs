//! Damaged databases: none gives a snapshot that looks good and is not, and none costs the last good one.

use crate::bases::{self, Base};
use crate::judge::{Verdict, look, roots};
use crate::mutations::{Mutation, mutate};
use crate::random::Random;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How many are made where nobody says how many.
const FEW: u64 = 70;

/// The longest that larder may need.
const PATIENCE: Duration = Duration::from_mins(2);

/// The store is of a database elsewhere, so the application is named.
const PRUNE: [&str; 10] =
    ["snapshot", "app.db", "--app", "app", "--to", "store", "--create", "--prune", "--keep-last", "1"];

/// A database with a store that holds the one good snapshot of it.
struct Original {
    base: Base,
    verdict: Verdict,
    roots: Vec<usize>,
    /// The files of the store.
    store: Vec<(String, Vec<u8>)>,
}

/// What became of a mutant.
struct Outcome {
    mutation: Mutation,
    what: &'static str,
    /// The exit code with `--prune`.
    pruned: Option<i32>,
    /// What should not have been.
    wrong: Vec<String>,
}

#[test]
fn mutants_do_not_pass_for_good_and_cost_no_good_snapshot() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let only = number("LARDER_MUTANT");
    let mutants = number("LARDER_MUTANTS").unwrap_or(FEW);
    let numbers = only.map_or(0..mutants, |only| only..only + 1);
    let shared = number("LARDER_MUTANTS_SHARED").map_or(mutants > FEW || only.is_some(), |shared| shared > 0);
    let originals: Vec<Original> = bases::all(shared).into_iter().map(original).collect();
    let next = AtomicU64::new(numbers.start);
    let began = Instant::now();
    let outcomes = Mutex::new(BTreeMap::new());
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= numbers.end {
                break;
            }
            let outcome = run(number, &originals, only.is_some());
            let mut outcomes = outcomes.lock().expect("no thread panics while it holds it");
            outcomes.insert(number, outcome);
            if outcomes.len().is_multiple_of(500) {
                println!("{} done", outcomes.len());
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let outcomes = outcomes.into_inner().expect("all threads ended");
    assert_eq!(outcomes.len() as u64, numbers.end - numbers.start);
    let (report, wrong) = report(&outcomes);
    println!("{report}in {:.0?}", began.elapsed());
    assert!(wrong.is_empty(), "{report}\n{}", wrong.join("\n"));
}

fn report(outcomes: &BTreeMap<u64, Outcome>) -> (String, Vec<String>) {
    const NAMED: usize = 5;
    let mut counts: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    let mut all = BTreeMap::new();
    let mut wrong = Vec::new();
    for (number, outcome) in outcomes {
        counts.entry(outcome.what).or_default().push(*number);
        *all.entry((outcome.mutation, outcome.what)).or_insert(0_u64) += 1;
        wrong.extend(
            outcome.wrong.iter().map(|what| format!("mutant {number} ({:?}): {what}", outcome.mutation)),
        );
    }
    let mut text = format!("{} mutants, {} wrong\n", outcomes.len(), wrong.len());
    for (what, numbers) in counts {
        let _ =
            writeln!(text, "{:>6} {what}, such as {:?}", numbers.len(), &numbers[..numbers.len().min(NAMED)]);
        for ((mutation, _), count) in all.iter().filter(|((_, of), _)| *of == what) {
            let _ = writeln!(text, "       {count:>6} {mutation:?}");
        }
    }
    let mut codes: BTreeMap<_, u64> = BTreeMap::new();
    for outcome in outcomes.values() {
        *codes.entry(outcome.pruned).or_default() += 1;
    }
    for (code, count) in codes {
        let _ = writeln!(
            text,
            "{count:>6} ended with {} with --prune",
            code.map_or("no code".to_owned(), |code| code.to_string())
        );
    }
    (text, wrong)
}

/// Takes the good snapshot.
fn original(base: Base) -> Original {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("app.db"), &base.bytes).expect("write");
    // The second one makes the first one go: with a sound database, that is what becomes of the good snapshot.
    for _ in 0..2 {
        let output = larder(folder.path(), &PRUNE).expect("it ends");
        assert!(output.status.success(), "{}: {}", base.name, text(&output));
    }
    let path = folder.path().join("store");
    assert_eq!(names(&path).iter().filter(|name| name.ends_with(".db.gz")).count(), 1, "{}", base.name);
    let store = std::fs::read_dir(path).expect("the store").flatten();
    let store = store.map(|entry| {
        let name = entry.file_name().into_string().expect("a name");
        (name, std::fs::read(entry.path()).expect("read"))
    });
    Original { store: store.collect(), verdict: look(&base.bytes), roots: roots(&base.bytes), base }
}

/// Makes a mutant, lets larder have it, and judges.
#[expect(clippy::print_stdout, reason = "somebody looks at this one")]
fn run(number: u64, originals: &[Original], keep: bool) -> Outcome {
    let mut random = Random::of(number);
    let original = &originals[random.below(originals.len())];
    let mutation = random.pick(&Mutation::ALL);
    let bytes = mutate(&original.base, mutation, &original.roots, &mut random);
    let source = look(&bytes);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("app.db");
    std::fs::write(&path, &bytes).expect("write");
    std::fs::create_dir(folder.path().join("store")).expect("a folder");
    for (name, bytes) in &original.store {
        std::fs::write(folder.path().join("store").join(name), bytes).expect("write");
    }
    let mut wrong = Vec::new();
    let plain = larder(folder.path(), &["snapshot", "app.db", "--to", "plain", "--create"]);
    let pruned = larder(folder.path(), &PRUNE);
    for output in [&plain, &pruned] {
        wrong.extend(output.as_ref().map_or_else(|late| Some(late.clone()), crashed));
    }
    let code = pruned.as_ref().ok().and_then(|output| output.status.code());
    let what = if let (Ok(plain), Ok(pruned)) = (&plain, &pruned) {
        wrong.extend(untold(&source, &original.verdict, plain, false));
        wrong.extend(untold(&source, &original.verdict, pruned, true));
        wrong.extend(lost(&source, &original.verdict, folder.path(), pruned));
        kind(&source, &original.verdict, plain)
    } else {
        "no end"
    };
    if std::fs::read(&path).expect("the source") != bytes {
        wrong.push("the source was written to".to_owned());
    }
    let mut left = names(folder.path());
    left.retain(|name| !["app.db", "store", "plain"].contains(&name.as_str()));
    if !left.is_empty() {
        wrong.push(format!("left beside the source: {left:?}"));
    }
    if keep {
        println!("{} {mutation:?} in {}", original.base.name, folder.keep().display());
        println!("{source:?}\nbefore: {:?}", original.verdict.rows);
        for output in [plain, pruned].into_iter().flatten() {
            println!("{:?} {}", output.status.code(), text(&output));
        }
    }
    let wrong = wrong.into_iter().map(|what| format!("{}: {what}", original.base.name)).collect();
    Outcome { mutation, what, pruned: code, wrong }
}

/// What is counted.
fn kind(source: &Verdict, before: &Verdict, plain: &Output) -> &'static str {
    let lacks = source.lacks_rows_of(before);
    match (source.is_sound(), lacks, plain.status.success(), warned(plain)) {
        (true, true, true, false) => "rows gone, unseen by SQLite",
        (true, true, true, true) => "rows gone, unseen by SQLite, told",
        (true, false, true, _) => "sound all the same, snapshot made",
        (true, _, false, _) => "sound for SQLite, refused",
        (false, true, false, _) => "damaged and rows gone, refused",
        (false, false, false, _) => "damaged, refused",
        (false, _, true, true) => "damaged, snapshot made with a warning",
        (false, _, true, false) => "damaged, snapshot made without a word",
    }
}

fn crashed(output: &Output) -> Option<String> {
    const PANIC: i32 = 101;
    // Nor is anything wrong with the command.
    const USAGE: i32 = 2;
    let is_crash = output.status.code().is_none_or(|code| code == PANIC || code == USAGE);
    is_crash.then(|| format!("ended with {}: {}", output.status, text(output)))
}

/// A snapshot that was made as if all were well.
fn untold(source: &Verdict, before: &Verdict, output: &Output, knows_before: bool) -> Option<String> {
    if !output.status.success() || warned(output) {
        return None;
    }
    let lost = before.total().saturating_sub(source.total());
    if !source.is_sound() {
        let lacks = if source.lacks_rows_of(before) { ", and rows are gone" } else { "" };
        return Some(format!("no word of damage{lacks}: {}", source.damage[0]));
    }
    let is_far_fewer = knows_before && lost >= 100 && source.total() * 2 < before.total();
    is_far_fewer.then(|| format!("no word of {lost} lost rows"))
}

/// Rows that are in no snapshot any more.
fn lost(source: &Verdict, before: &Verdict, folder: &Path, pruned: &Output) -> Option<String> {
    let store = folder.join("store");
    let snapshots = names(&store).into_iter().filter(|name| name.ends_with(".db.gz"));
    let held: Vec<Verdict> = snapshots.map(|name| look(&unpack(&store.join(name)))).collect();
    // What only the application could check is said to be checked no further; its rows are all there.
    let is_partial = text(pruned).contains("without the application");
    let is_broken = |held: &&Verdict| !held.is_sound() && (!is_partial || held.lacks_rows_of(before));
    if let Some(broken) = held.iter().find(is_broken) {
        return Some(format!("a snapshot is not sound: {}", broken.damage[0]));
    }
    if held.iter().any(|held| !held.lacks_rows_of(before)) {
        return None;
    }
    let as_source = held.iter().any(|held| held.rows == source.rows);
    if source.is_sound() && source.lacks_rows_of(before) && as_source {
        return None;
    }
    Some(format!("the last good snapshot is gone: {}", text(pruned)))
}

fn warned(output: &Output) -> bool {
    String::from_utf8_lossy(&output.stderr).contains("warning:")
}

fn unpack(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).expect("open");
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).expect("it was read back");
    bytes
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|entry| entry.file_name().into_string().expect("a name")).collect()
}

/// Runs the binary; an error where it does not end.
fn larder(folder: &Path, arguments: &[&str]) -> Result<Output, String> {
    let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_larder")));
    command.args(arguments).current_dir(folder).env_clear().env("HOME", folder.join("home")).env("TZ", "UTC");
    // What is printed goes into files, so that no pipe fills up.
    let stream = |name: &str| tempfile::tempfile().unwrap_or_else(|error| panic!("{name}: {error}"));
    let (mut out, mut err) = (stream("stdout"), stream("stderr"));
    command.stdin(Stdio::null());
    command.stdout(out.try_clone().expect("a handle")).stderr(err.try_clone().expect("a handle"));
    let mut child = command.spawn().expect("the binary runs");
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill().and_then(|()| child.wait().map(drop)).expect("it can be killed");
            return Err(format!("{arguments:?} does not end"));
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let read = |file: &mut std::fs::File| {
        use std::io::Seek;
        let mut bytes = Vec::new();
        file.rewind().and_then(|()| file.read_to_end(&mut bytes)).expect("read");
        bytes
    };
    Ok(Output { status, stdout: read(&mut out), stderr: read(&mut err) })
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim_end().to_owned()
}
