//! The files that belong to a database, which are copied after it.

use super::Options;
use crate::database::check::is_damage;
use crate::database::connection::{self, Access};
use crate::snapshot::attached::{Base, Packed, Wanted, pack_files};
use crate::snapshot::take::{IfDamaged, Taken};
use crate::store::Store;
use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;

/// Says which files belong to a database, of which it sees a copy.
pub type WantFiles<'a> = dyn Fn(&Connection) -> Result<Option<Wanted>> + Sync + 'a;

/// Packs the files that belong to a database that was copied, where any are wanted.
pub(super) fn pack(taken: &Taken, store: &Store, to: &Path, options: &Options<'_>) -> Result<Option<Packed>> {
    let Some(want) = options.files else { return Ok(None) };
    let pack = || -> Result<Option<Packed>> {
        let copy = connection::open(&taken.path, Access::ReadOnly, &options.patience)?;
        let Some(wanted) = want(&copy)? else { return Ok(None) };
        let stores: Vec<_> = store.location().path().map(Path::to_owned).into_iter().collect();
        let base = Base::of(&taken.source, &stores);
        pack_files(&base, &wanted, &copy, to, &options.packing()).map(Some)
    };
    match pack() {
        // What could be copied of the database is worth more than nothing.
        Err(error) if is_damage(&error) && options.if_damaged != IfDamaged::Refuse => {
            options.progress.warn(&format!("the files that belong to it are not copied: {error:#}"));
            crate::files::remove(to)?;
            Ok(None)
        }
        packed => packed,
    }
}
