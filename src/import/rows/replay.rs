//! Whether rows are in a database already: they are put into a copy of what it held before, and the two are compared.

use super::outcome::Outcome;
use super::{RowsOptions, Staged};
use crate::database::connection::{self, Access};
use crate::database::content::content_digest;
use crate::database::copy::copy;
use crate::database::packed::unpack;
use crate::error::{Kind, kind, sqlite_code};
use crate::files::{self, Scratch};
use crate::stream::Digest;
use crate::stream::age::Keys;
use anyhow::Result;
use std::path::Path;

impl Staged {
    /// What became of these rows, if they lead from what is in the snapshot `before` to what has the content digest `now`. Where
    /// a trigger asks for the time, they do not: then nobody can tell.
    pub fn leads_to(&self, now: Digest, before: &Path, options: &RowsOptions<'_>) -> Result<Option<Outcome>> {
        let size = files::metadata(&self.database)?.map_or(0, |metadata| metadata.len());
        let beside = files::folder_of(&self.database);
        let roomy = files::roomy_folder(&[options.temporary, &beside], size.saturating_mul(2));
        let scratch = Scratch::new_in(roomy)?;
        let (database, copied) = (scratch.file("database"), scratch.file("copy"));
        unpack(before, &Keys::none(), &database, options.progress)?;
        let put = self.put(&database, options);
        options.progress.end();
        let outcome = match put {
            // Then they did not come in either.
            Err(error) if is_about_rows(&error) => return Ok(None),
            put => put?,
        };
        let connection = connection::open(&database, Access::ReadOnly, &options.patience)?;
        copy(&connection, &copied, &options.patience, options.progress)?;
        Ok((content_digest(&copied, options.progress)? == now).then_some(outcome))
    }
}

/// Whether an error says that the rows do not come into a database: also where their table was not there yet.
fn is_about_rows(error: &anyhow::Error) -> bool {
    let lacks_table = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref().and_then(sqlite_code) == Some(rusqlite::ErrorCode::Unknown)
    };
    matches!(kind(error), Kind::Invalid | Kind::Undecided) || error.chain().any(lacks_table)
}
