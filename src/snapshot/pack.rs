//! Packing a copy into the file that will be the snapshot, and reading it back.

use super::manifest::Packed;
use crate::error::Fault;
use crate::files;
use crate::progress::{Progress, Unit, go_on, step};
use crate::stream::{BUFFER, Compression, Decoder, Digest, DigestReader, DigestWriter, Encoder, Level};
use anyhow::{Context, Result};
use std::io::{Read, Write};
use std::path::Path;

/// What was packed.
#[derive(Debug, Clone, Copy)]
pub struct PackedDatabase {
    /// The file.
    pub file: Packed,
    /// Bytes of the database in it.
    pub database_size: u64,
    /// SHA-256 of the database in it.
    pub database: Digest,
}

/// Compresses a database into a new private file, makes it durable, reads it back from the disk and compares.
pub fn pack(
    database: &Path,
    to: &Path,
    compression: Compression,
    level: Level,
    progress: &dyn Progress,
) -> Result<PackedDatabase> {
    let size = files::metadata(database)?.map(|metadata| metadata.len());
    let work = || compress(database, to, compression, level, progress);
    let packed = step(progress, "compressing", size, Unit::Bytes, work)?;
    let work = || read_back(to, &packed, progress);
    step(progress, "reading the file back", Some(packed.database_size), Unit::Bytes, work)?;
    Ok(packed)
}

fn compress(
    database: &Path,
    to: &Path,
    compression: Compression,
    level: Level,
    progress: &dyn Progress,
) -> Result<PackedDatabase> {
    let mut reader = DigestReader::new(files::open(database)?);
    let output = DigestWriter::new(files::create(to)?);
    let mut encoder = Encoder::new(output, compression, level)?;
    pump(&mut reader, &mut encoder, progress)
        .with_context(|| format!("cannot pack {} into {}", database.display(), to.display()))?;
    let (output, sha256, size) = encoder.finish()?.finish();
    output.sync()?;
    let (database, database_size) = reader.finish()?;
    Ok(PackedDatabase { file: Packed { size, sha256, compression, level }, database_size, database })
}

fn read_back(path: &Path, packed: &PackedDatabase, progress: &dyn Progress) -> Result<()> {
    let mut file = DigestReader::new(files::open(path)?);
    let mut database = DigestReader::new(Decoder::new(&mut file, packed.file.compression)?);
    pump(&mut database, &mut std::io::sink(), progress)
        .with_context(|| format!("cannot read {} back", path.display()))?;
    let (database, database_size) = database.finish()?;
    let (sha256, size) = file.finish()?;
    let same = (database, database_size) == (packed.database, packed.database_size)
        && (sha256, size) == (packed.file.sha256, packed.file.size);
    if same {
        return Ok(());
    }
    Err(Fault::failed(format!("what was read back from {} is not what was written", path.display()))
        .hint("the disk or the memory of this machine cannot be trusted")
        .into())
}

/// SHA-256 of a file.
pub fn digest_of_file(path: &Path, progress: &dyn Progress) -> Result<Digest> {
    let mut reader = DigestReader::new(files::open(path)?);
    pump(&mut reader, &mut std::io::sink(), progress)
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(reader.finish()?.0)
}

/// Moves everything from a reader to a writer, and reports it.
fn pump(reader: &mut dyn Read, writer: &mut dyn Write, progress: &dyn Progress) -> Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        go_on(progress)?;
        match reader.read(&mut buffer)? {
            0 => return Ok(()),
            read => {
                writer.write_all(&buffer[..read])?;
                progress.advance(read as u64);
            }
        }
    }
}
