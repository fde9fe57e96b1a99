//! Putting a finished database where one is, or was, or never was.
//!
//! - [`in_place()`]: a readable database is overwritten through SQLite, in one transaction, so that whoever has it
//!   open sees all or nothing.
//! - [`as_new_file`]: where nothing is, the finished file gets the name.
//! - [`aside`]: what SQLite cannot read is moved aside whole, with all that is beside it, under a record.
//!
//! Nothing here deletes anything that it did not make.

pub mod aside;
mod guard;
mod in_place;
mod new_file;
mod target;

pub use guard::{Guard, StillEmpty, Unguarded, holds_nothing};
pub use in_place::{Verified, fit, in_place, refuse_unwritable};
pub use new_file::{NewFile, as_new_file};
pub use target::{Target, finish_interrupted, look, refuse_interrupted};
