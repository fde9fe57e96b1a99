//! `larder export`
use super::Context;
use crate::exit::Exit;
use anyhow::Result;
/// Export
#[derive(Debug, clap::Args)]
pub struct Export {}
impl Export {
    pub fn run(&self, _: &Context<'_>) -> Result<Exit> {
        Ok(Exit::Done)
    }
}
