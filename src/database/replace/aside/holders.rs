//! Who has a database open that is to be moved.

use super::super::super::sidecar;
use crate::error::{Fault, Kind};
use crate::platform;
use anyhow::Result;
use std::path::Path;

/// Whether another process has the database or what is beside it open. This process must not.
pub fn is_held(target: &Path) -> Result<bool> {
    Ok(holder(target)?.is_some())
}

fn holder(target: &Path) -> Result<Option<platform::Holder>> {
    let mut watched = vec![target.to_owned()];
    watched.extend(sidecar::present(target)?);
    Ok(platform::holders(&watched).into_iter().next())
}

/// A file that somebody has open goes on being used under its new name.
pub(super) fn refuse_holders(target: &Path) -> Result<()> {
    let Some(holder) = holder(target)? else { return Ok(()) };
    let message = format!("{} cannot be moved aside: {holder} has it open", target.display());
    Err(Fault::new(Kind::Busy, message).hint("stop that program first").into())
}
