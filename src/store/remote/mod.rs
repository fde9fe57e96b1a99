//! A store that is somewhere else.

mod absent;

pub use absent::Remote;

use super::VerifyUpload;
use crate::progress::StopSignal;
use std::path::PathBuf;

/// What is to be known of the surroundings to reach a remote store.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Reads a variable of the environment; one that is empty is not there.
    pub variable: fn(&str) -> Option<String>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// The user's folder with larder's settings, which has the tokens too.
    pub settings: Option<PathBuf>,
    /// How uploads are verified.
    pub verify: VerifyUpload,
    /// Set when the process is asked to stop.
    pub stop: StopSignal,
}
