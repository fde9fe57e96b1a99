//! `larder` keeps what a `SQLite` application knows.
//!
//! This library does the work; the binary on it (`main.rs`, `cli.rs`, `commands/`, `ui/`) knows the terminal.
//! Data runs one way through it:
//!
//! - [`database`]: all that knows `SQLite`: how a source is opened, copied, checked, described and replaced.
//! - [`stream`]: compression, digests, limits.
//! - [`files`]: every file operation, private scratch folders, files that appear whole or not at all.
//! - [`store`]: where snapshots live.
//! - [`snapshot`]: making, finding, verifying, restoring and retaining snapshots.
//! - [`config`]: what `larder.toml` says. [`app`]: what a database means: sections, keys, references, nesting.
//! - [`document`]: the export formats: envelope, values, readers and writers.
//! - [`export`], [`import`], [`convert`]: a database to a document, back, and from one format to another.
//! - [`diff`]: what differs between two states of a database.
//! - [`graph`]: an order of rows that are the same in themselves, by what refers to them.
//! - [`init`]: a `larder.toml` for a database.
//! - [`hooks`]: the user's own commands, before and after.
//! - [`validate`]: what is wrong with an export.
//! - [`progress`]: the trait that all of them report to. [`patience`]: how long they wait. [`error`]: the one typed
//!   error. [`problem`]: what is wrong with a file.
//! - [`platform`]: what only some systems have. [`failpoint`]: how tests make any step fail.

pub mod app;
pub mod config;
pub mod convert;
pub mod database;
pub mod diff;
pub mod document;
pub mod error;
pub mod export;
pub mod failpoint;
pub mod files;
pub mod graph;
pub mod hooks;
pub mod import;
pub mod init;
pub mod notify;
pub mod patience;
pub mod platform;
pub mod problem;
pub mod progress;
pub mod snapshot;
pub mod store;
pub mod stream;
pub mod validate;
