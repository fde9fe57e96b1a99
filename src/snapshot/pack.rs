//! Packing a copy into the file that will be the snapshot, and reading it back.

mod aside;

use super::manifest::Packed;
use crate::error::Fault;
use crate::files;
use crate::progress::{Progress, Unit, go_on, step};
use crate::stream::age::{Keys, Lock, Sealing, unlock};
use crate::stream::{BUFFER, Compression, Decoder, Digest, DigestReader, DigestWriter, Encoder, Level};
use anyhow::{Context, Result};
use aside::{Aside, Checked};
use std::io::{BufWriter, IntoInnerError, Read, Write};
use std::path::Path;

/// How a database is packed.
pub struct PackOptions<'a> {
    /// How it is compressed.
    pub compression: Compression,
    /// How hard.
    pub level: Level,
    /// Whom it is encrypted for; nothing where it is not.
    pub lock: Option<&'a Lock>,
    /// What may open it.
    pub keys: &'a Keys<'a>,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// What was packed.
#[derive(Debug, Clone, Copy)]
pub struct PackedDatabase {
    /// The file.
    pub file: Packed,
    /// Bytes of the database in it.
    pub database_size: u64,
    /// SHA-256 of the database in it.
    pub database: Digest,
    /// Of an encrypted file, whether it was decrypted when it was read back.
    pub decrypted: Option<bool>,
}

/// Compresses a database into a new private file, encrypted where there is a lock, makes it durable, reads it back from the
/// disk and compares.
///
/// An encrypted file is decrypted for that where a key is at hand. Where none is, what goes into the encryption is unpacked
/// and compared on its way, and what is read back is the digest of the file.
pub fn pack(database: &Path, to: &Path, options: &PackOptions<'_>) -> Result<PackedDatabase> {
    let size = files::metadata(database)?.map(|metadata| metadata.len());
    pack_written(to, ("compressing", size), options, |output| {
        pump(&mut files::open(database)?, output, options.progress)
            .with_context(|| format!("cannot pack {} into {}", database.display(), to.display()))
    })
}

/// The same of what a function writes, as a step of that name and size.
pub fn pack_written(
    to: &Path,
    (what, size): (&str, Option<u64>),
    options: &PackOptions<'_>,
    write: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<PackedDatabase> {
    let own_keys = options.lock.and_then(Lock::own_keys);
    let keys = own_keys.as_ref().or(options.keys.has_identities().then_some(options.keys));
    let is_blind = options.lock.is_some() && keys.is_none();
    let work = || compress(to, is_blind, options, write);
    let mut packed = step(options.progress, what, size, Unit::Bytes, work)?;
    let none = Keys::none();
    let work = || {
        if is_blind {
            read_file_back(to, &packed, options.progress)
        } else {
            read_back(to, &packed, keys.unwrap_or(&none), options.progress)
        }
    };
    step(options.progress, "reading the file back", Some(packed.database_size), Unit::Bytes, work)?;
    packed.decrypted = options.lock.map(|_| !is_blind);
    Ok(packed)
}

fn compress(
    to: &Path,
    checks: bool,
    options: &PackOptions<'_>,
    write: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<PackedDatabase> {
    let (compression, level) = (options.compression, options.level);
    // A header of age is written a word at a time.
    let output = DigestWriter::new(BufWriter::with_capacity(BUFFER, files::create(to)?));
    let sealing = Sealing::new(output, options.lock)?;
    let checked =
        if checks { Checked::By(Aside::begin(compression)?, sealing) } else { Checked::Not(sealing) };
    let mut encoder = DigestWriter::new(Encoder::new(checked, compression, level)?);
    write(&mut encoder)?;
    let (encoder, database, database_size) = encoder.finish();
    let (sealing, unpacked) = encoder.finish()?.finish();
    let (output, sha256, size) = sealing.finish()?.finish();
    output.into_inner().map_err(IntoInnerError::into_error)?.sync()?;
    let unpacked = unpacked.transpose().context("what was packed cannot be unpacked")?;
    if unpacked.is_some_and(|unpacked| unpacked != (database, database_size)) {
        return Err(differs("what was packed"));
    }
    let file = Packed { size, sha256, compression, level };
    Ok(PackedDatabase { file, database_size, database, decrypted: None })
}

fn read_back(path: &Path, packed: &PackedDatabase, keys: &Keys<'_>, progress: &dyn Progress) -> Result<()> {
    let name = path.display().to_string();
    let mut file = DigestReader::new(files::open(path)?);
    let (_, opened) = unlock(&mut file, keys, &name).map_err(|error| {
        let hint = "give the identity of one of the recipients, or none";
        error.context(Fault::failed("the snapshot could not be opened by the key that is given").hint(hint))
    })?;
    let mut database = DigestReader::new(Decoder::new(opened, packed.file.compression)?);
    pump(&mut database, &mut std::io::sink(), progress)
        .with_context(|| format!("cannot read {} back", path.display()))?;
    let (database, database_size) = database.finish()?;
    let (sha256, size) = file.finish()?;
    let same = (database, database_size) == (packed.database, packed.database_size)
        && (sha256, size) == (packed.file.sha256, packed.file.size);
    if same { Ok(()) } else { Err(differs(&format!("what was read back from {name}"))) }
}

/// Reads a file back that cannot be opened here.
fn read_file_back(path: &Path, packed: &PackedDatabase, progress: &dyn Progress) -> Result<()> {
    if digest_of_file(path, progress)? == packed.file.sha256 {
        return Ok(());
    }
    Err(differs(&format!("what was read back from {}", path.display())))
}

fn differs(what: &str) -> anyhow::Error {
    Fault::failed(format!("{what} is not what was written"))
        .hint("the disk or the memory of this machine cannot be trusted")
        .into()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn a_file_that_is_not_what_was_packed_is_noticed_when_it_is_read_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let [database, to] = ["database", "packed"].map(|name| folder.path().join(name));
        std::fs::write(&database, "some pages").expect("write");
        let keys = Keys::none();
        let options = PackOptions {
            compression: Compression::Gzip,
            level: Compression::Gzip.default_level(),
            lock: None,
            keys: &keys,
            progress: &Silent,
        };
        let packed = pack(&database, &to, &options).expect("pack");
        std::fs::write(&database, "other pages").expect("write");
        std::fs::remove_file(&to).expect("remove");
        pack(&database, &to, &options).expect("pack");
        for read in [read_back(&to, &packed, &keys, &Silent), read_file_back(&to, &packed, &Silent)] {
            let error = format!("{:#}", read.expect_err("it is another"));
            assert_eq!(error, format!("what was read back from {} is not what was written", to.display()));
        }
    }
}
