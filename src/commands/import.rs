//! `larder import`
use super::Context;
use crate::exit::Exit;
use anyhow::Result;
/// Import
#[derive(Debug, clap::Args)]
pub struct Import {}
impl Import {
    pub fn run(&self, _: &Context<'_>) -> Result<Exit> {
        Ok(Exit::Done)
    }
}
