//! Opening an encrypted stream.

use super::{Keys, MAX_WORK_FACTOR};
use crate::error::{Fault, is_broken_stream};
use crate::stream::{BUFFER, Form, HEAD, read_full};
use age::armor::ArmoredReader;
use age::stream::StreamReader;
use age::{DecryptError, Decryptor, Identity};
use anyhow::Result;
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// The longest header of an age file that is read, in bytes: some five hundred recipients.
const MAX_HEADER: usize = 64 << 10;

/// A stream from its beginning, decrypted where it is encrypted, and whether it was. `name` is what it is called in errors.
pub fn unlock<'a>(
    mut reader: impl Read + 'a,
    keys: &Keys<'_>,
    name: &str,
) -> Result<(bool, Box<dyn Read + 'a>)> {
    let mut head = vec![0; HEAD];
    let read = read_full(&mut reader, &mut head).map_err(|error| unreadable(error, name))?;
    head.truncate(read);
    let form = Form::of(&head);
    let is_armoured = head.starts_with(b"-----");
    let whole = Cursor::new(head).chain(reader);
    match form {
        Form::Age if is_armoured => {
            let armour = ArmoredReader::new(whole);
            Ok((true, Box::new(decrypt(BufReader::with_capacity(BUFFER, armour), keys, name)?)))
        }
        Form::Age => Ok((true, Box::new(decrypt(BufReader::with_capacity(BUFFER, whole), keys, name)?))),
        _ => Ok((false, Box::new(whole))),
    }
}

/// A stream whose header was read before.
type Whole<R> = io::Chain<Cursor<Vec<u8>>, R>;

fn decrypt<R: BufRead>(mut reader: R, keys: &Keys<'_>, name: &str) -> Result<Decrypting<Whole<R>>> {
    let header = header(&mut reader, name)?;
    let decryptor = Decryptor::new_buffered(Cursor::new(header).chain(reader));
    let decryptor = decryptor.map_err(|error| refused(error, name))?;
    let opened = if decryptor.is_scrypt() {
        let Some(passphrase) = keys.passphrase(name)? else { return Err(no_passphrase(keys, name).into()) };
        decryptor.decrypt(std::iter::once(&passphrase as &dyn Identity))
    } else {
        let identities = keys.identities()?;
        if identities.is_empty() {
            return Err(no_identity(keys, name).into());
        }
        decryptor.decrypt(identities.iter().map(|identity| identity as &dyn Identity))
    };
    Ok(Decrypting { inner: opened.map_err(|error| refused(error, name))?, name: name.to_owned() })
}

/// The header's bytes, of which there are not too many.
fn header(reader: &mut impl BufRead, name: &str) -> Result<Vec<u8>> {
    const FIRST: &[u8] = b"age-encryption.org/v1\n";
    let mut header = Vec::new();
    loop {
        let begin = header.len();
        let room = (MAX_HEADER - begin) as u64;
        let read = reader.by_ref().take(room).read_until(b'\n', &mut header);
        read.map_err(|error| unreadable(error, name))?;
        let line = &header[begin..];
        if !line.ends_with(b"\n") {
            let message = if header.len() < MAX_HEADER {
                format!("{name} is encrypted with age, and was cut in its header")
            } else {
                format!("{name}: its header is larger than {MAX_HEADER} bytes, so it is no ordinary age file")
            };
            return Err(Fault::invalid(message).into());
        }
        if begin == 0 && line != FIRST {
            return Err(Fault::invalid(format!("{name} is encrypted by a version of age that is not known"))
                .hint("a newer larder or age may know it")
                .into());
        }
        if line.starts_with(b"--- ") {
            return Ok(header);
        }
    }
}

fn no_identity(keys: &Keys<'_>, name: &str) -> Fault {
    let message = if keys.is_empty() {
        format!("{name} is encrypted, and no key is given")
    } else {
        format!("{name} is encrypted for recipients, and a passphrase does not open it")
    };
    Fault::usage(message)
        .hint("--identity FILE names the file that holds the key, and so does LARDER_IDENTITY")
}

fn no_passphrase(keys: &Keys<'_>, name: &str) -> Fault {
    let message = if keys.is_empty() {
        format!("{name} is encrypted with a passphrase, and none is given")
    } else {
        format!("{name} is encrypted with a passphrase, and an identity does not open it")
    };
    Fault::usage(message).hint("--passphrase-file FILE or --passphrase-command COMMAND gives it")
}

/// What it means that age refuses a header.
fn refused(error: DecryptError, name: &str) -> anyhow::Error {
    match error {
        DecryptError::NoMatchingKeys => {
            Fault::usage(format!("{name} is not encrypted for the key that is given"))
                .hint("--identity FILE names another; it is the file that belongs to one of the recipients")
                .into()
        }
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            Fault::usage(format!("the passphrase does not open {name}")).hint("try again with another").into()
        }
        DecryptError::ExcessiveWork { required, .. } => {
            let message = format!(
                "{name} wants 2^{required} kB of memory to try a passphrase, which is more than 2^{MAX_WORK_FACTOR}"
            );
            Fault::invalid(message).hint("if you trust it, age -d opens it").into()
        }
        DecryptError::Io(error) => unreadable(error, name),
        _ => Fault::invalid(format!("{name} is encrypted with age, and its header was changed or damaged"))
            .into(),
    }
}

/// An error of what is read, which is the content's fault unless the system says otherwise.
fn unreadable(error: io::Error, name: &str) -> anyhow::Error {
    let cut = error.kind() == io::ErrorKind::UnexpectedEof;
    if cut || is_broken_stream(&error) {
        let what = if cut { "was cut in its header" } else { "is no whole age file" };
        return anyhow::Error::new(error).context(Fault::invalid(format!("{name} {what}")));
    }
    anyhow::Error::new(error).context(format!("cannot read {name}"))
}

/// Decrypts what is read from it. What is wrong with the content is an error that says so.
struct Decrypting<R: Read> {
    inner: StreamReader<R>,
    name: String,
}

impl<R: Read> Read for Decrypting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|error| {
            if !is_broken_stream(&error) {
                return error;
            }
            let message = format!("{} was changed or damaged, or its end is missing", self.name);
            io::Error::other(Fault::invalid(message).hint("use another copy of it"))
        })
    }
}
