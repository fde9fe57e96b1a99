//! Putting a finished database where one is, or was, or never was.
//!
//! - [`in_place()`]: a readable database is overwritten through SQLite, in one transaction, so that whoever has it
//!   open sees all or nothing.
//! - [`as_new_file`]: where nothing is, the finished file gets the name.
//! - [`aside`]: what SQLite cannot read is moved aside whole, with all that is beside it, under a record.
//!
//! Nothing here deletes anything that it did not make.

pub mod aside;
mod in_place;
mod new_file;
mod target;

pub use in_place::{fit, in_place};
pub use new_file::{NewFile, as_new_file, enter_wal_mode};
pub use target::{Target, finish_interrupted, look};

use super::copy::vacuum_into;
use super::{Access, connection};
use crate::files;
use crate::patience::Patience;
use crate::progress::Progress;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The same database with another page size, beside it.
fn repage(staged: &Path, page_size: u32, patience: &Patience, progress: &dyn Progress) -> Result<PathBuf> {
    progress.detail(&format!("changing the page size to {page_size}"));
    let to = files::with_suffix(staged, ".repaged");
    let connection = connection::open(staged, Access::ReadOnly, patience)?;
    connection.pragma_update(None, "page_size", page_size)?;
    // VACUUM INTO keeps hidden rowids; a plain VACUUM may count them anew.
    vacuum_into(&connection, &to, patience, progress).with_context(|| {
        format!("cannot give the pages the {page_size} bytes that they have in the target")
    })?;
    Ok(to)
}
