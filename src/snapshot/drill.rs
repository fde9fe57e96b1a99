//! The drill: what a copy must pass before it counts.

use super::manifest::{Contents, Drill, JournalMode, RowsCompared, Verdict};
use super::take::{Counts, Taken};
use crate::database::Source;
use crate::database::check::{Depth, Integrity, RowCounts, integrity, row_counts, structure};
use crate::database::connection::{self, Access};
use crate::database::content::schema_digest;
use crate::database::copy::Method;
use crate::database::foreign_keys::{foreign_keys, referred};
use crate::database::properties::Properties;
use crate::database::stand_in;
use crate::error::{Fault, Kind};
use crate::patience::Patience;
use crate::progress::Progress;
use crate::stream::{Digest, digest_of};
use anyhow::Result;
use chrono::{DateTime, SubsecRound, Utc};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::Path;

/// How many lines of what was found go into a manifest.
const MOST_NOTES: usize = 20;

/// What a drill of the copy found. The digests and the reading back are the packing's.
#[derive(Debug)]
pub struct Findings {
    /// What the structure is like.
    pub integrity: Integrity,
    /// Rows whose foreign key leads nowhere.
    pub foreign_key_violations: u64,
    /// What comparing row counts told.
    pub rows: RowsCompared,
    facts: Facts,
}

/// What a database says of itself.
#[derive(Debug)]
struct Facts {
    properties: Properties,
    schema: Digest,
    rows: RowCounts,
    referred: BTreeSet<String>,
}

/// Checks a copy: its structure, its foreign keys, and that no row was lost.
pub fn drill(taken: &Taken, depth: Depth, patience: &Patience, progress: &dyn Progress) -> Result<Findings> {
    let connection = connection::open(&taken.path, Access::ReadOnly, patience)?;
    let integrity = integrity(&connection, depth, progress)?;
    stand_in::register_collations(&connection)?;
    if integrity.is_sound() {
        check_rest(&connection, taken, integrity, progress)
    } else {
        Ok(damaged(&connection, taken, integrity))
    }
}

fn check_rest(
    connection: &Connection,
    taken: &Taken,
    integrity: Integrity,
    progress: &dyn Progress,
) -> Result<Findings> {
    let rows = row_counts(connection, progress)?;
    let compared = match &taken.counts {
        Counts::Unknown(why) => *why,
        Counts::Known(counts) if *counts == rows => RowsCompared::Same,
        Counts::Known(counts) => return Err(lost_rows(counts, &rows).into()),
    };
    let foreign_keys = foreign_keys(connection)?;
    for table in &foreign_keys.unchecked {
        progress.detail(&format!("foreign keys not checked: {table}"));
    }
    let facts = facts(connection, rows)?;
    Ok(Findings { integrity, foreign_key_violations: foreign_keys.violations, rows: compared, facts })
}

fn lost_rows(source: &RowCounts, copy: &RowCounts) -> Fault {
    let differs = |(table, rows): (&String, &u64)| {
        let copied = copy.get(table).copied().unwrap_or(0);
        (copied != *rows).then(|| format!("{table} has {rows} rows and the copy {copied}"))
    };
    let what = source.iter().find_map(differs).unwrap_or_else(|| "the copy has other tables".to_owned());
    Fault::new(Kind::Damaged, format!("the copy is not complete: {what}"))
        .hint("the database may be damaged: larder snapshot --keep-damaged keeps what can be copied")
}

/// What can be said of a copy that is damaged.
fn damaged(connection: &Connection, taken: &Taken, integrity: Integrity) -> Findings {
    let rows = match &taken.counts {
        Counts::Known(counts) => counts.clone(),
        Counts::Unknown(_) => RowCounts::new(),
    };
    let facts = Facts {
        properties: Properties::readable(connection),
        schema: schema_digest(connection).unwrap_or_else(|_| digest_of(b"")),
        rows,
        referred: BTreeSet::new(),
    };
    Findings { integrity, foreign_key_violations: 0, rows: RowsCompared::NotCounted, facts }
}

fn facts(connection: &Connection, rows: RowCounts) -> Result<Facts> {
    let (properties, schema) = (Properties::read(connection)?, schema_digest(connection)?);
    let mut referred = referred(connection)?;
    // A key may lead to a table that is not there, or is no table.
    referred.retain(|table| rows.contains_key(table));
    Ok(Facts { properties, schema, rows, referred })
}

/// An error where a source is broken in a way that what was read of it does not show.
///
/// A vacuum runs in no transaction but its own, so a writer may come between; the check then sees another state, which is
/// whole by itself.
pub fn refuse_broken(source: &Source, progress: &dyn Progress) -> Result<()> {
    let found = structure(source.connection(), progress)?;
    if found.is_empty() { Ok(()) } else { Err(damage(&source.origin().path, &found).into()) }
}

/// An error that says what is broken in a database.
fn damage(database: &Path, found: &[String]) -> Fault {
    // What is wrong with pages comes as one text, under a title.
    let mut lines = found.iter().flat_map(|text| text.lines()).filter(|line| !line.starts_with("*** "));
    let first = lines.next().unwrap_or("damaged");
    let more = match lines.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Fault::new(Kind::Damaged, format!("{} is damaged: {first}{more}", database.display())).hint(
        "larder snapshot --keep-damaged keeps what can be copied; larder list shows what there is to restore",
    )
}

impl Findings {
    /// Whether anything is broken.
    pub fn is_sound(&self) -> bool {
        self.integrity.is_sound()
    }

    /// An error that says what is broken.
    pub fn damage(&self, database: &Path) -> Fault {
        damage(database, &self.integrity.damage)
    }

    /// What goes into the manifest of the content.
    pub fn contents(&self, taken: &Taken, database_size: u64, database: Digest, content: Digest) -> Contents {
        let facts = &self.facts;
        let properties = facts.properties.clone();
        Contents {
            page_size: properties.page_size,
            encoding: properties.encoding,
            journal_mode: if taken.wal_mode { JournalMode::Wal } else { JournalMode::Delete },
            auto_vacuum: properties.auto_vacuum,
            user_version: properties.user_version,
            application_id: properties.application_id,
            schema_sha256: facts.schema,
            rows: facts.rows.clone(),
            referred: facts.referred.clone(),
            database_size,
            database_sha256: database,
            content_sha256: content,
        }
    }

    /// What goes into the manifest of the drill, once the file has been read back.
    pub fn record(
        &self,
        depth: Depth,
        method: Method,
        verified_at: DateTime<Utc>,
        decrypted: Option<bool>,
    ) -> Drill {
        let Integrity { damage, flaws, unchecked } = &self.integrity;
        let integrity = match (damage.is_empty() && method != Method::FileCopy, unchecked.is_empty()) {
            (false, _) => Verdict::Damaged,
            (true, false) => Verdict::Partial,
            (true, true) => Verdict::Ok,
        };
        Drill {
            depth,
            integrity,
            notes: damage.iter().chain(flaws).chain(unchecked).take(MOST_NOTES).cloned().collect(),
            foreign_key_violations: self.foreign_key_violations,
            rows: self.rows,
            read_back: true,
            decrypted,
            verified_at: verified_at.trunc_subsecs(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::copy::Method;
    use crate::progress::Silent;
    use std::time::Duration;

    #[test]
    fn a_copy_with_fewer_rows_or_other_tables_is_not_complete() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("copy");
        let db = Connection::open(&path).expect("open");
        db.execute_batch("create table t(a); insert into t values (1), (2)").expect("fill");
        drop(db);
        let counts =
            |of: &[(&str, u64)]| of.iter().map(|(table, rows)| ((*table).to_owned(), *rows)).collect();
        for (source, message) in [
            (&[("t", 3)][..], "the copy is not complete: t has 3 rows and the copy 2"),
            (&[("t", 2), ("u", 1)], "the copy is not complete: u has 1 rows and the copy 0"),
            (&[], "the copy is not complete: the copy has other tables"),
        ] {
            let taken = Taken {
                path: path.clone(),
                method: Method::VacuumInto,
                source: path.clone(),
                ownership: None,
                wal_mode: false,
                counts: Counts::Known(counts(source)),
            };
            let patience = Patience::new(Duration::ZERO, &Silent);
            let error = drill(&taken, Depth::Full, &patience, &Silent).expect_err("rows are lost");
            assert_eq!(format!("{error:#}"), message);
        }
    }
}
