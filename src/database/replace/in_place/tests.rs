//! Overwriting under readers and writers.

use super::super::super::content::content_digest;
use super::super::{StillEmpty, Unguarded};
use super::{Connection, Guard, Kind, Path, PathBuf, Patience, Progress, Result, Verified, fit};
use crate::error::Fault;
use crate::progress::Silent;
use std::time::Duration;

fn database(path: &Path, pragmas: &str, rows: i64) -> Connection {
    let db = Connection::open(path).expect("open");
    let fill = "create table t(a); with recursive n(i) as (select 1 union all select i + 1 from n)
                insert into t select i from n limit";
    db.execute_batch(&format!("{pragmas}; {fill} {rows}")).expect("fill");
    db
}

fn scene() -> (tempfile::TempDir, PathBuf, PathBuf, Patience) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (staged, target) = (folder.path().join("staged"), folder.path().join("target"));
    (folder, staged, target, Patience::new(Duration::from_millis(200), &Silent))
}

fn in_place(
    staged: &Path,
    target: &Path,
    guard: &mut dyn Guard,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<()> {
    let content = content_digest(staged, progress)?;
    super::in_place(Verified { path: staged, content }, target, guard, patience, progress)
}

fn count(db: &Connection) -> i64 {
    db.query_row("select count(*) from t", [], |row| row.get(0)).expect("count")
}

/// Counts the rows that are there, and lets somebody write after each of the first few times.
struct Counting<'a> {
    target: &'a Path,
    intruder: &'a Connection,
    intrusions: usize,
    kept: Vec<i64>,
    witness: Option<(Connection, i64)>,
}

fn version(connection: &Connection) -> i64 {
    connection.query_row("pragma data_version", [], |row| row.get(0)).expect("a version")
}

impl Counting<'_> {
    fn keep(&mut self, locked: bool) {
        let witness = Connection::open(self.target).expect("open");
        let before = version(&witness);
        self.kept.push(count(&witness));
        self.witness = Some((witness, before));
        if self.intrusions > 0 {
            self.intrusions -= 1;
            let wrote = self.intruder.execute_batch("insert into t values (0)");
            assert_eq!(wrote.is_err(), locked, "only the lock keeps writers out: {wrote:?}");
        }
    }
}

impl Guard for Counting<'_> {
    fn is_current(&mut self) -> Result<bool> {
        let (witness, before) = self.witness.as_ref().expect("it was kept");
        Ok(version(witness) == *before)
    }

    fn keep_again(&mut self) -> Result<()> {
        self.keep(true);
        Ok(())
    }
}

#[test]
fn what_somebody_commits_meanwhile_is_kept_again() {
    for mode in ["delete", "truncate", "persist", "wal"] {
        for intrusions in 0..3 {
            let (_folder, staged, target, patience) = scene();
            drop(database(&staged, "", 3));
            let intruder = database(&target, &format!("pragma journal_mode = {mode}"), 50);
            intruder.busy_timeout(Duration::ZERO).expect("no patience");
            let mut keep =
                Counting { target: &target, intruder: &intruder, intrusions, kept: vec![], witness: None };
            keep.keep(false);
            in_place(&staged, &target, &mut keep, &patience, &Silent).expect("restore");
            let expected: &[i64] = if intrusions == 0 { &[50] } else { &[50, 51] };
            assert_eq!(keep.kept, expected, "{mode}");
            assert_eq!(count(&intruder), 3);
            intruder.execute_batch("insert into t values (0)").expect("the lock is gone");
        }
    }
}

#[test]
fn a_reader_in_wal_mode_goes_on_and_the_mode_stays() {
    let (_folder, staged, target, patience) = scene();
    drop(database(&staged, "", 3));
    let other = database(&target, "pragma journal_mode = wal", 5000);
    other.execute_batch("begin; select count(*) from t").expect("read");
    in_place(&staged, &target, &mut Unguarded, &patience, &Silent).expect("restore");
    assert_eq!(count(&other), 5000, "its snapshot is still the old one");
    other.execute_batch("commit").expect("end");
    assert_eq!(count(&other), 3);
    let mode: String = other.query_row("pragma journal_mode", [], |row| row.get(0)).expect("mode");
    assert_eq!(mode, "wal");
}

#[test]
fn the_page_size_of_the_target_stays() {
    for mode in ["delete", "wal"] {
        let (_folder, staged, target, patience) = scene();
        drop(database(&staged, "pragma page_size = 1024", 3));
        drop(database(&target, &format!("pragma page_size = 8192; pragma journal_mode = {mode}"), 5000));
        let fitting = fit(&staged, 8192, &patience, &Silent).expect("another page size");
        in_place(&fitting, &target, &mut Unguarded, &patience, &Silent).expect("restore");
        let db = Connection::open(&target).expect("open");
        let size: u32 = db.query_row("pragma page_size", [], |row| row.get(0)).expect("page size");
        assert_eq!((count(&db), size), (3, 8192));
    }
}

#[test]
fn an_empty_file_takes_the_page_size() {
    let (_folder, staged, target, patience) = scene();
    drop(database(&staged, "pragma page_size = 1024", 3));
    std::fs::write(&target, "").expect("a file");
    in_place(&staged, &target, &mut Unguarded, &patience, &Silent).expect("restore");
    let db = Connection::open(&target).expect("open");
    let size: u32 = db.query_row("pragma page_size", [], |row| row.get(0)).expect("page size");
    assert_eq!((count(&db), size), (3, 1024));
}

#[test]
fn a_lock_that_stays_is_busy_and_changes_nothing() {
    for mode in ["delete", "wal"] {
        let (_folder, staged, target, patience) = scene();
        drop(database(&staged, "", 3));
        let other = database(&target, &format!("pragma journal_mode = {mode}"), 50);
        other.execute_batch("begin immediate; insert into t values (0)").expect("lock");
        let error = in_place(&staged, &target, &mut Unguarded, &patience, &Silent).expect_err("it is locked");
        assert_eq!(crate::error::kind(&error), Kind::Busy, "{error:#}");
        other.execute_batch("commit").expect("commit");
        assert_eq!(count(&other), 51);
    }
}

/// Says that somebody wrote, and cannot keep it.
#[derive(Default)]
struct Hopeless {
    begun: bool,
}

impl Guard for Hopeless {
    fn is_current(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn keep_again(&mut self) -> Result<()> {
        Err(Fault::failed("no space").into())
    }

    fn begin(&mut self) {
        self.begun = true;
    }
}

/// Says that somebody wrote, again and again.
struct Restless;

impl Guard for Restless {
    fn is_current(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn keep_again(&mut self) -> Result<()> {
        Ok(())
    }
}

#[test]
fn a_database_that_is_written_to_all_the_time_is_busy() {
    let (_folder, staged, target, patience) = scene();
    drop(database(&staged, "", 3));
    let other = database(&target, "pragma journal_mode = wal", 50);
    let error = in_place(&staged, &target, &mut Restless, &patience, &Silent).expect_err("it never rests");
    assert_eq!(crate::error::kind(&error), Kind::Busy);
    assert!(format!("{error:#}").ends_with("other programs write to it all the time"), "{error:#}");
    assert_eq!(count(&other), 50);
}

#[test]
fn an_empty_database_that_somebody_fills_is_not_overwritten() {
    let (_folder, staged, target, patience) = scene();
    drop(database(&staged, "", 3));
    drop(database(&target, "", 50));
    let mut guard = StillEmpty::new(&target, &patience);
    let error = in_place(&staged, &target, &mut guard, &patience, &Silent).expect_err("it has rows");
    assert!(format!("{error:#}").ends_with("was filled by somebody meanwhile"), "{error:#}");
    assert_eq!(count(&Connection::open(&target).expect("open")), 50);
}

#[test]
fn what_was_written_wrong_twice_says_what_differs() {
    let (_folder, staged, target, patience) = scene();
    drop(database(&staged, "", 3));
    drop(database(&target, "", 50));
    let verified = Verified { path: &staged, content: "0".repeat(64).try_into().expect("a digest") };
    let error = super::in_place(verified, &target, &mut Unguarded, &patience, &Silent).expect_err("wrong");
    assert!(format!("{error:#}").contains("some pages"), "{error:#}");
}

#[test]
fn a_staged_file_that_cannot_be_read_is_blamed() {
    let (_folder, staged, target, patience) = scene();
    std::fs::write(&staged, "no database".repeat(1000)).expect("write");
    drop(database(&target, "", 50));
    let written = in_place(&staged, &target, &mut Unguarded, &patience, &Silent);
    let error = format!("{:#}", written.expect_err("it is none"));
    assert!(error.contains("what is to take its place cannot be read"), "{error}");
}

#[test]
fn what_cannot_be_kept_is_not_overwritten_and_the_guard_knows() {
    for mode in ["delete", "wal"] {
        let (_folder, staged, target, patience) = scene();
        drop(database(&staged, "", 3));
        let other = database(&target, &format!("pragma journal_mode = {mode}"), 50);
        let mut guard = Hopeless::default();
        in_place(&staged, &target, &mut guard, &patience, &Silent).expect_err("nothing is kept");
        assert!(!guard.begun);
        assert_eq!(count(&other), 50);
    }
}

#[test]
fn what_was_written_is_compared_and_a_difference_is_no_success() {
    for mode in ["delete", "wal"] {
        let (_folder, staged, target, patience) = scene();
        drop(database(&staged, "", 3));
        drop(database(&target, &format!("pragma journal_mode = {mode}"), 50));
        // As if a part of what is staged had been read wrong.
        let verified = Verified { path: &staged, content: "0".repeat(64).try_into().expect("a digest") };
        let written = super::in_place(verified, &target, &mut Unguarded, &patience, &Silent);
        // In WAL mode somebody else may have written it, but nobody did.
        let error = written.expect_err("another digest");
        assert!(crate::error::commit_failed(&error).is_some(), "it was committed: {error:#}");
    }
}
