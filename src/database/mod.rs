//! All that knows SQLite.
//!
//! [`Source`] opens a database for reading without a trace; [`copy`] makes consistent copies; [`check`] says
//! whether a copy is sound and [`content`] whether two hold the same.

pub mod affinity;
pub mod application;
pub mod cascade;
pub mod check;
pub mod children;
pub mod condition;
pub mod connection;
pub mod constraints;
pub mod content;
pub mod copy;
pub mod foreign_keys;
pub mod header;
pub mod journal_mode;
pub mod packed;
mod pages;
mod private_copy;
pub mod properties;
pub mod quote;
pub mod replace;
pub mod requirement;
pub mod row_handle;
pub mod row_query;
pub mod rows;
pub mod schema;
pub mod selection;
pub mod sidecar;
pub mod source;
pub mod stand_in;
pub mod temporary;
pub mod temporary_files;
pub mod value;
pub mod write_limits;

pub use connection::Access;
pub use source::{Origin, ReadOptions, Source};

/// The version of SQLite that is built in.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}
