//! Digests that tell whether two databases hold the same.

use super::header::{HEADER, mask_volatile};
use super::value::Borrowed;
use crate::files;
use crate::progress::{Progress, go_on};
use crate::stream::{BUFFER, Digest, DigestWriter, read_full};
use anyhow::{Context, Result};
use rusqlite::{Connection, Statement};
use std::io::{Write, sink};
use std::path::Path;

/// Digest of a database file without the header's fields that say when and by which version it was written.
///
/// `VACUUM INTO` lays the same content out in the same way, so two vacuumed copies with the same digest come
/// from databases that hold the same. No connection to the file may be open.
pub fn content_digest(path: &Path, progress: &dyn Progress) -> Result<Digest> {
    let mut file = files::open(path)?;
    let mut digest = DigestWriter::new(sink());
    let mut buffer = vec![0; BUFFER];
    let mut first = true;
    loop {
        go_on(progress)?;
        let read =
            read_full(&mut file, &mut buffer).with_context(|| format!("cannot read {}", path.display()))?;
        if let Some(header) = buffer[..read].first_chunk_mut::<HEADER>().filter(|_| first) {
            mask_volatile(header);
        }
        first = false;
        digest.write_all(&buffer[..read])?;
        if read < buffer.len() {
            let (_, digest, total) = digest.finish();
            return files::require_all_read(&file, total, path).map(|()| digest);
        }
    }
}

/// Digest of the text of a schema: type, name, table and SQL of every object that has SQL, by type and name.
pub fn schema_digest(connection: &Connection) -> Result<Digest> {
    let mut statement = connection
        .prepare(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name",
        )
        .context("cannot read the schema")?;
    let mut rows = statement.query([])?;
    let mut digest = DigestWriter::new(sink());
    while let Some(row) = rows.next().context("cannot read the schema")? {
        for column in 0..4 {
            let text = row.get_ref(column)?.as_bytes_or_null().ok().flatten().unwrap_or_default();
            digest.write_all(&(text.len() as u64).to_le_bytes())?;
            digest.write_all(text)?;
        }
    }
    Ok(digest.finish().1)
}

/// Writes the rows that a query gives to a digest, each value with its type.
pub fn add_rows(statement: &mut Statement<'_>, digest: &mut impl Write) -> Result<()> {
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut bytes = Vec::new();
    while let Some(row) = rows.next().context("cannot read rows")? {
        bytes.clear();
        for column in 0..columns {
            Borrowed::of(row.get_ref(column)?).encode(&mut bytes);
        }
        digest.write_all(&(bytes.len() as u64).to_le_bytes())?;
        digest.write_all(&bytes)?;
    }
    Ok(())
}
