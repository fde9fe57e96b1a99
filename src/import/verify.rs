//! Whether a rebuilt database holds what the document does: every object of the schema, every value of every row.

use super::load::encode_row;
use super::rebuild::Expected;
use crate::database::check::{Depth, integrity};
use crate::database::connection::{self, Access};
use crate::database::rows::{Encoding, TableReader};
use crate::database::schema::objects;
use crate::database::stand_in;
use crate::error::Fault;
use crate::patience::Patience;
use crate::progress::{Progress, Unit, go_on, step};
use crate::stream::RowsDigest;
use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;

/// Rows between two reports of progress.
const REPORT: u64 = 1024;

/// Reads a rebuilt database back and compares it with what was put in.
pub fn verify(
    database: &Path,
    expected: &Expected,
    patience: &Patience,
    progress: &dyn Progress,
) -> Result<()> {
    let checked = connection::open(database, Access::ReadOnly, patience)?;
    let found = integrity(&checked, Depth::Quick, progress)?;
    drop(checked);
    if let Some(first) = found.damage.first() {
        return Err(Fault::invalid(format!("the database that was built is not sound: {first}")).into());
    }
    let connection = connection::open(database, Access::ReadOnly, patience)?;
    stand_in::register_collations(&connection)?;
    compare_schema(&connection, expected)?;
    let rows = expected.items().values().sum();
    let work = || compare_rows(&connection, expected, progress);
    step(progress, "reading it back", Some(rows), Unit::Rows, work)
}

fn compare_schema(connection: &Connection, expected: &Expected) -> Result<()> {
    let found = objects(connection)?;
    if found == expected.objects {
        return Ok(());
    }
    let missing = expected.objects.iter().find(|object| !found.contains(object));
    let extra = found.iter().find(|object| !expected.objects.contains(object));
    match (missing, extra) {
        (None, None) => Err(Fault::invalid("the schema came out in another order").into()),
        (Some(object), _) | (None, Some(object)) => {
            Err(Fault::invalid(format!("the {} {} came out differently", object.kind, object.name)).into())
        }
    }
}

fn compare_rows(connection: &Connection, expected: &Expected, progress: &dyn Progress) -> Result<()> {
    let encoding = Encoding::of(connection)?;
    let mut encoded = Vec::new();
    for (table, digest) in &expected.tables {
        let mut found = RowsDigest::default();
        TableReader::prepare(connection, table, true, encoding)?.for_each(|rowid, row| {
            encoded.clear();
            let values = row.values().collect::<rusqlite::Result<Vec<_>>>()?;
            encode_row(rowid, values.into_iter(), &mut encoded);
            found.add(&encoded);
            if found.count() % REPORT == 0 {
                go_on(progress)?;
                progress.advance(REPORT);
            }
            Ok(())
        })?;
        if found != *digest {
            let (name, wanted, found) = (&table.name, digest.count(), found.count());
            let what = if wanted == found { "other values" } else { "another number of rows" };
            let message = format!("{name} came out with {what}: {wanted} rows went in, {found} came out");
            return Err(Fault::invalid(message)
                .hint("its schema makes something else of the values: a snapshot keeps them as they are")
                .into());
        }
    }
    Ok(())
}
