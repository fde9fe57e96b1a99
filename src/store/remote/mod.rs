//! A store that is somewhere else, reached through `OpenDAL`.
//!
//! Nothing there ever looks finished and is not: where a service can rename, an upload gets its name when it was verified;
//! where it cannot (S3), an object appears whole or not at all, and its manifest is there first.

#[cfg(any(test, not(feature = "remote")))]
#[cfg_attr(feature = "remote", allow(dead_code, reason = "only its tests are wanted then"))]
mod absent;
#[cfg(feature = "remote")]
mod account;
#[cfg(feature = "remote")]
mod client;
#[cfg(feature = "remote")]
mod credentials;
#[cfg(feature = "remote")]
mod etag;
#[cfg(feature = "remote")]
mod fault;
#[cfg(feature = "remote")]
mod login;
#[cfg(feature = "remote")]
mod parts;
#[cfg(feature = "remote")]
mod post;
mod provider;
#[cfg(feature = "remote")]
mod publish;
#[cfg(feature = "remote")]
mod room;
#[cfg(feature = "remote")]
mod runner;
#[cfg(feature = "remote")]
mod service;
#[cfg(feature = "remote")]
mod tokens;
#[cfg(feature = "remote")]
mod transport;
#[cfg(feature = "remote")]
mod upload;
#[cfg(feature = "remote")]
mod verify;
#[cfg(feature = "remote")]
mod whole;

#[cfg(not(feature = "remote"))]
pub use absent::{Login, Remote, log_out};
#[cfg(feature = "remote")]
pub use client::Remote;
#[cfg(feature = "remote")]
pub use login::Login;
#[cfg(feature = "remote")]
pub use post::post;
pub use provider::Provider;
#[cfg(feature = "remote")]
pub use tokens::log_out;

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
