//! Snapshots: made, found, verified, restored, retained.

pub mod catalog;
pub mod create;
mod drill;
pub mod manifest;
mod pack;
pub mod retention;
pub mod span;
mod take;
pub mod zone;

pub use manifest::{Kind, Manifest};
pub use take::IfDamaged;
