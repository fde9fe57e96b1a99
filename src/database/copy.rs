//! Consistent copies of a database that may be in use.

use super::connection::{self, Access, is_busy, lacks_the_application};
use super::journal_mode::leave_wal;
use crate::error::{Fault, Kind, sqlite_code};
use crate::failpoint;
use crate::files;
use crate::patience::Patience;
use crate::progress::{Progress, Unit, go_on, step};
use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// How a copy was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// `VACUUM INTO`: compact, and without what was deleted.
    VacuumInto,
    /// The backup API, page by page.
    PageCopy,
    /// The bytes of the file, because SQLite could not make sense of it.
    FileCopy,
}

/// Pages between two looks at whether to go on.
const STEP: i32 = 4096;

/// Copies a database into a new file: by `VACUUM INTO`, or page by page where that cannot work because the schema
/// needs a collation or a function that only the application has (or the path is not UTF-8, which SQL must be).
///
/// `source` must not have a transaction open, nor stand-ins registered: with those, a vacuum would write indexes
/// in an order that the application does not know.
pub fn copy(source: &Connection, to: &Path, patience: &Patience, progress: &dyn Progress) -> Result<Method> {
    if to.to_str().is_none() {
        copy_pages(source, to, patience, progress)?;
        return Ok(Method::PageCopy);
    }
    match vacuum_into(source, to, patience, progress) {
        Ok(()) => Ok(Method::VacuumInto),
        Err(error) if error.downcast_ref().is_some_and(is_about_the_schema) => {
            progress.detail(&format!("copying page by page, because VACUUM INTO cannot work: {error:#}"));
            files::remove(to)?;
            copy_pages(source, to, patience, progress)?;
            Ok(Method::PageCopy)
        }
        Err(error) => Err(error),
    }
}

/// Whether SQLite understood the file, and could not write what the schema says: for want of the application, or
/// because the rows are not what the schema demands. Their pages can be copied all the same.
fn is_about_the_schema(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{ConstraintViolation, TooBig, TypeMismatch};
    (lacks_the_application(error) && !is_about_the_target(error))
        || matches!(sqlite_code(error), Some(ConstraintViolation | TooBig | TypeMismatch))
}

/// Whether a vacuum could not see that its new file is empty: SQLite has the code of an error of the schema for that, and no
/// other where the file's size cannot be looked up.
fn is_about_the_target(error: &rusqlite::Error) -> bool {
    lacks_the_application(error) && error.to_string().contains("output file already exists")
}

/// `VACUUM INTO` a new file of mode 0600. On failure nothing is left.
pub fn vacuum_into(
    source: &Connection,
    to: &Path,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<()> {
    let work = || vacuum(source, to, patience);
    let done = step(progress, "copying the database", None, Unit::Pages, work);
    if done.is_err() {
        files::discard(to);
    }
    done.map_err(|error| files::name_full(error, &[&files::folder_of(to)]))
}

fn vacuum(source: &Connection, to: &Path, patience: &Patience) -> Result<()> {
    let name = to.to_str().ok_or_else(|| Fault::failed(format!("{} is not UTF-8", to.display())))?;
    let mut wait = patience.begin();
    let mut is_again = false;
    loop {
        // Created here, since SQLite would create it readable for everybody; an empty file is overwritten.
        drop(files::create(to)?);
        failpoint::hit("vacuum into")?;
        match source.execute("VACUUM INTO ?1", [name]) {
            Ok(_) => return Ok(failpoint::hit("vacuumed")?),
            Err(error) if is_busy(&error) && wait() => files::remove(to)?,
            // What cannot be looked up once may be the next time.
            Err(error) if is_about_the_target(&error) && !is_again => {
                is_again = true;
                files::remove(to)?;
            }
            Err(error) if is_about_the_target(&error) => {
                let message = format!("nobody can tell whether {} is empty", to.display());
                return Err(Fault::failed(message).into());
            }
            Err(error) => return Err(error).context("cannot copy the database"),
        }
    }
}

/// Copies every page into a new file of mode 0600, in one read transaction. On failure nothing is left.
pub fn copy_pages(
    source: &Connection,
    to: &Path,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<()> {
    drop(files::create(to)?);
    let mut target = connection::open(to, Access::ReadWrite, patience)?;
    // The copy is private and starts over after a crash: it needs no journal.
    target.pragma_update(None, "journal_mode", "off")?;
    target.pragma_update(None, "synchronous", "off")?;
    let copied = Stepper::begin(source, &mut target, patience, progress)
        .and_then(|stepper| stepper.copy("copying the database")?.commit());
    drop(target);
    let copied = copied.map(|()| leave_wal(to, patience, progress));
    if copied.is_err() {
        files::discard(to);
    }
    copied.map_err(|error| files::name_full(error, &[&files::folder_of(to)]))
}

/// A run of the backup API, which holds the write lock of its target from the beginning. Dropped, it is rolled back.
pub struct Stepper<'a> {
    backup: Backup<'a, 'a>,
    /// Keeps the source as it is from the first page to the last.
    _snapshot: ReadTransaction<'a>,
    pages: u32,
    progress: &'a dyn Progress,
}

impl<'a> Stepper<'a> {
    /// Takes the locks. Those of somebody else are waited for; from then on none is missing any more.
    pub fn begin(
        source: &'a Connection,
        target: &'a mut Connection,
        patience: &Patience,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        let snapshot = ReadTransaction::begin(source).context("cannot read the database")?;
        let pages = source.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let backup = Backup::new(source, target).context("cannot begin the copy")?;
        let mut wait = patience.begin();
        loop {
            go_on(progress)?;
            match backup.step(0).context("cannot begin the copy")? {
                StepResult::Done | StepResult::More => {
                    return Ok(Self { backup, _snapshot: snapshot, pages, progress });
                }
                _ if wait() => {}
                _ => {
                    go_on(progress)?;
                    return Err(Fault::new(Kind::Busy, "the database is locked by another program").into());
                }
            }
        }
    }

    /// Copies every page but the last, which an error takes back.
    pub fn copy(self, what: &str) -> Result<LastStep<'a>> {
        step(self.progress, what, Some(self.pages.into()), Unit::Pages, || self.step_to_last())?;
        Ok(LastStep(self))
    }

    fn step_to_last(&self) -> Result<()> {
        loop {
            go_on(self.progress)?;
            failpoint::hit("copy pages")?;
            let next = STEP.min(self.backup.progress().remaining - 1);
            if next < 1 {
                return Ok(());
            }
            match self.backup.step(next).context("cannot copy the pages")? {
                StepResult::More => self.progress.advance(next.unsigned_abs().into()),
                // The last page is still to come.
                StepResult::Done => return Ok(()),
                _ => return Err(locked()),
            }
        }
    }
}

/// The last step of a copy: it writes the last page and commits. After an error, nobody knows whether it committed.
pub struct LastStep<'a>(Stepper<'a>);

impl LastStep<'_> {
    /// Commits.
    pub fn commit(self) -> Result<()> {
        loop {
            match self.0.backup.step(STEP).context("cannot copy the pages")? {
                StepResult::Done => return Ok(failpoint::hit("copied pages")?),
                StepResult::More => {}
                _ => return Err(locked()),
            }
        }
    }
}

fn locked() -> anyhow::Error {
    Fault::new(Kind::Busy, "the database is locked by another program").into()
}

/// A read transaction that ends with its scope.
#[derive(Debug)]
pub struct ReadTransaction<'a>(&'a Connection);

impl<'a> ReadTransaction<'a> {
    /// Begins one, and takes its snapshot of the database now.
    pub fn begin(connection: &'a Connection) -> rusqlite::Result<Self> {
        connection.execute_batch("BEGIN")?;
        let transaction = Self(connection);
        // BEGIN alone reads nothing; the first read fixes what is seen. It does not need the schema.
        connection.query_row("PRAGMA schema_version", [], |_| Ok(()))?;
        Ok(transaction)
    }
}

impl Drop for ReadTransaction<'_> {
    fn drop(&mut self) {
        // It wrote nothing, so there is nothing that could fail to be undone.
        let _ = self.0.execute_batch("ROLLBACK");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use std::time::Duration;

    fn scene() -> (tempfile::TempDir, Connection, Patience) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let connection = Connection::open(folder.path().join("a.db")).expect("open");
        (folder, connection, Patience::new(Duration::from_millis(100), &Silent))
    }

    #[test]
    fn an_ordinary_database_is_vacuumed() {
        let (folder, source, patience) = scene();
        source
            .execute_batch("create table t(a); insert into t values (1), (2); delete from t")
            .expect("fill");
        let to = folder.path().join("copy");
        assert_eq!(copy(&source, &to, &patience, &Silent).expect("copy"), Method::VacuumInto);
    }

    #[test]
    fn unknown_collations_and_functions_mean_a_page_copy() {
        for schema in [
            "create table t(a text collate theirs, unique(a)); insert into t values ('b'), ('a')",
            "create table t(a); create index i on t(theirs(a)); insert into t values (1)",
            "create table t(a text); create index i on t(a collate theirs); insert into t values ('b')",
        ] {
            let (folder, source, patience) = scene();
            source.create_collation("theirs", |a: &str, b: &str| b.cmp(a)).expect("register");
            let flags = rusqlite::functions::FunctionFlags::SQLITE_DETERMINISTIC;
            source.create_scalar_function("theirs", 1, flags, |_| Ok(1)).expect("register");
            source.execute_batch(schema).expect("fill");
            drop(source);
            let source = Connection::open(folder.path().join("a.db")).expect("open");
            let to = folder.path().join("copy");
            let method = copy(&source, &to, &patience, &Silent).expect("copy");
            assert_eq!(method, Method::PageCopy, "{schema}");
            assert_eq!(
                std::fs::metadata(&to).expect("there").len(),
                std::fs::metadata(folder.path().join("a.db")).expect("there").len()
            );
        }
    }

    #[test]
    fn a_file_that_cannot_be_looked_at_is_no_error_of_the_schema() {
        let (folder, source, _) = scene();
        let to = folder.path().join("copy");
        Connection::open(&to).expect("open").execute_batch("create table t(a)").expect("fill");
        let name = to.to_str().expect("UTF-8");
        let error = source.execute("VACUUM INTO ?1", [name]).expect_err("it is not empty");
        assert!(is_about_the_target(&error) && !is_about_the_schema(&error), "{error}");
    }

    /// Copies, while something is written to the new file just before SQLite looks whether it is empty, so many times.
    fn copy_while_written_to(times: u32) -> (Result<Method>, std::path::PathBuf, tempfile::TempDir) {
        use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
        let (folder, mut source, patience) = scene();
        source.execute_batch("create table t(a); insert into t values (1)").expect("fill");
        let to = folder.path().join("copy");
        let other = folder.path().join("other");
        Connection::open(&other).expect("open").execute_batch("create table u(a)").expect("fill");
        let (written, mut left) = (to.clone(), times);
        let write = move |context: AuthContext<'_>| {
            if matches!(context.action, AuthAction::Attach { .. }) && left > 0 {
                left -= 1;
                std::fs::copy(&other, &written).expect("write");
            }
            Authorization::Allow
        };
        source.authorizer(Some(write)).expect("an authorizer");
        (copy(&source, &to, &patience, &Silent), to, folder)
    }

    #[test]
    fn a_new_file_that_is_not_seen_to_be_empty_is_made_once_more() {
        let (copied, _, _folder) = copy_while_written_to(1);
        assert_eq!(copied.expect("the second is empty"), Method::VacuumInto);
        let (copied, to, _folder) = copy_while_written_to(2);
        let error = format!("{:#}", copied.expect_err("it never is"));
        assert_eq!(error, format!("nobody can tell whether {} is empty", to.display()));
        assert!(!to.exists(), "nothing is left");
    }

    #[test]
    fn a_lock_is_busy_and_leaves_nothing() {
        let (folder, source, patience) = scene();
        source.execute_batch("create table t(a)").expect("fill");
        let other = Connection::open(folder.path().join("a.db")).expect("open");
        other.execute_batch("begin exclusive").expect("lock");
        let mut source = source;
        source.busy_handler(None::<fn(i32) -> bool>).expect("no handler");
        let to = folder.path().join("copy");
        let error = copy(&source, &to, &patience, &Silent).expect_err("it is locked");
        assert_eq!(crate::error::kind(&error), Kind::Busy, "{error:#}");
        assert!(!to.exists());
    }
}
