//! Encryption by age (<https://age-encryption.org/v1>): what a stream is locked for, and what opens it.
//!
//! Files are plain age files, so that `age -d` suffices. Nobody is asked for anything here: [`Ask`] is who can be.

mod identity;
mod keys;
mod lock;
mod unlock;

pub use identity::{IdentityFile, generate};
pub use keys::{Ask, Keys};
pub use lock::{Lock, Sealing, recipients_of};
pub use unlock::unlock;

/// Passphrases and secret keys: forgotten by the memory when they go, and never shown.
pub use age::secrecy::{ExposeSecret, SecretString};

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// What a manifest and a result call this encryption.
pub const NAME: &str = "age";

/// What it adds to a file's name.
pub const EXTENSION: &str = ".age";

/// How hard it is to try passphrases: 2 to the power of it times 1 kB of memory, and a second or so (RFC 7914).
const WORK_FACTOR: u8 = 18;

/// What is not worked harder than for, which would take 1 GB of memory: the file says how hard, and may be anybody's.
const MAX_WORK_FACTOR: u8 = 20;

/// Whether a name promises an encrypted file.
pub fn is_named_so(path: &Path) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|extension| extension.eq_ignore_ascii_case("age"))
}

/// A name without what says that the file is encrypted.
pub fn without_extension(path: &Path) -> PathBuf {
    if is_named_so(path) { path.with_extension("") } else { path.to_owned() }
}

#[cfg(test)]
mod tests;
