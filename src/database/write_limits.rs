//! Limits on what a database's triggers may do while rows are written to it.
//!
//! A trigger can insert without end, or never come to an end. The limits are far beyond what an application's triggers do
//! (search indexes, logs of changes, counters), and scale with the database and with what is written.

use super::connection;
use crate::error::{Fault, is_database_full};
use crate::files;
use crate::patience::Patience;
use crate::platform;
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// By how many times the size of what is written a database may grow, and by how many times its own.
const TIMES_WRITTEN: u64 = 20;
const TIMES_OWN: u64 = 4;
/// How many more steps a statement may take for each byte of the database, so that every row can be looked at a few times.
const STEPS_PER_BYTE: u64 = 50;
/// Steps between two looks.
const LOOK: u32 = 20_000;

/// What is always allowed, however small the database is.
#[derive(Debug, Clone, Copy)]
pub struct Least {
    /// By how many bytes the database may grow.
    pub growth: u64,
    /// How many steps of SQLite's virtual machine each statement may take.
    pub steps: u64,
}

impl Default for Least {
    /// The steps are half a minute or so.
    fn default() -> Self {
        Self { growth: 256 << 20, steps: 4_000_000_000 }
    }
}

/// Counts the steps of a statement.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    looks: Arc<AtomicU64>,
}

impl Steps {
    /// A statement begins.
    pub fn begin(&self) {
        self.looks.store(0, Ordering::Relaxed);
    }
}

/// Limits that hold as long as the connection is open.
#[derive(Debug)]
pub struct WriteLimits<'s> {
    steps: &'s Steps,
    most_looks: u64,
    growth: u64,
    /// Whether the growth is what there is room for.
    is_all_room: bool,
}

impl<'s> WriteLimits<'s> {
    /// Sets them on a connection that writes to `database`, for about that many bytes of rows. `steps` is told of each
    /// statement.
    pub fn set(
        connection: &mut Connection,
        database: &Path,
        written: u64,
        steps: &'s Steps,
        patience: &Patience,
    ) -> Result<Self> {
        Self::set_from(Least::default(), connection, (database, written), steps, patience)
    }

    fn set_from(
        least: Least,
        connection: &mut Connection,
        (database, written): (&Path, u64),
        steps: &'s Steps,
        patience: &Patience,
    ) -> Result<Self> {
        let pragma = |name| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
        let (page_size, pages) = (pragma("page_size")?.unsigned_abs(), pragma("page_count")?.unsigned_abs());
        let size = page_size * pages;
        let wanted = least
            .growth
            .saturating_add(written.saturating_mul(TIMES_WRITTEN))
            .saturating_add(size.saturating_mul(TIMES_OWN));
        let free = platform::free_space(&files::folder_of(database)).ok().flatten();
        let room = free.map_or(u64::MAX, |free| free / 10 * 9);
        let growth = wanted.min(room);
        let most_pages = pages.saturating_add(growth / page_size.max(1));
        connection.pragma_update(
            None,
            "max_page_count",
            u32::try_from(most_pages).unwrap_or(u32::MAX - 1),
        )?;
        let most_looks = (least.steps.saturating_add(size.saturating_mul(STEPS_PER_BYTE))) / u64::from(LOOK);
        let looks = Arc::clone(&steps.looks);
        connection::stop_when(connection, LOOK, patience, move || {
            looks.fetch_add(1, Ordering::Relaxed) >= most_looks
        })?;
        steps.begin();
        Ok(Self { steps, most_looks, growth, is_all_room: room < wanted })
    }

    /// Says of an error that a limit was reached, where that is what it comes from.
    pub fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        const HINT: &str = "a trigger of the database may have no end; --triggers off imports without them";
        if self.steps.looks.load(Ordering::Relaxed) > self.most_looks {
            // The cause would say that somebody interrupted it.
            return Fault::failed("a statement took too many steps and was stopped").hint(HINT).into();
        }
        if is_database_full(&error) && !self.is_all_room {
            let growth = bytesize::ByteSize(self.growth);
            return Fault::failed(format!("the database would grow by more than {growth}")).hint(HINT).into();
        }
        error
    }
}

/// The size of a file that may be being written, or 0.
pub fn size_of(path: &Path) -> Result<u64> {
    Ok(files::metadata(path).context("cannot tell how much is written")?.map_or(0, |file| file.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Access;
    use crate::error::{Kind, hint, kind};
    use crate::progress::Silent;
    use std::time::Duration;

    /// Writes a row with a trigger that does something, within small limits, and gives back what is said.
    fn write(trigger: &str) -> Result<()> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.db");
        let patience = Patience::new(Duration::ZERO, &Silent);
        let mut db = connection::open(&path, Access::Create, &patience).expect("open");
        db.execute_batch(&format!(
            "create table t(a); create table log(a); create trigger r after insert on t begin {trigger}; end"
        ))
        .expect("create");
        let (least, steps) = (Least { growth: 1 << 20, steps: 2_000_000 }, Steps::default());
        let limits = WriteLimits::set_from(least, &mut db, (&path, 0), &steps, &patience).expect("set");
        steps.begin();
        let written = db.execute("insert into t values (1)", []).map(|_| ());
        written.map_err(|error| limits.explain(error.into()))
    }

    const ENDLESS: &str = "with recursive n(i) as (select 1 union all select i + 1 from n)";

    #[test]
    fn triggers_without_an_end_are_stopped_and_others_run() {
        write("insert into log values (randomblob(1000))").expect("a small trigger");
        let grown =
            write(&format!("insert into log {ENDLESS} select zeroblob(10000) from n")).expect_err("endless");
        assert!(grown.to_string().starts_with("the database would grow by more than 1."), "{grown:#}");
        let looped =
            write(&format!("insert into log {ENDLESS} select count(*) from n")).expect_err("endless");
        assert_eq!(looped.to_string(), "a statement took too many steps and was stopped");
        for error in [grown, looped] {
            assert_eq!(kind(&error), Kind::Failed);
            assert!(hint(&error).is_some_and(|hint| hint.contains("a trigger")));
        }
    }

    #[test]
    fn each_statement_has_all_steps() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.db");
        let patience = Patience::new(Duration::ZERO, &Silent);
        let mut db = connection::open(&path, Access::Create, &patience).expect("open");
        db.execute_batch("create table t(a)").expect("create");
        let (least, steps) = (Least { growth: 1 << 20, steps: 2_000_000 }, Steps::default());
        WriteLimits::set_from(least, &mut db, (&path, 0), &steps, &patience).expect("set");
        let count = format!("{ENDLESS} select count(*) from (select 1 from n limit 100000)");
        for _ in 0..20 {
            steps.begin();
            db.query_row(&count, [], |_| Ok(())).expect("it is far from the limit");
        }
    }
}
