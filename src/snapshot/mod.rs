//! Snapshots: made, found, verified, restored, retained.

pub mod attached;
pub mod catalog;
pub mod check;
pub mod create;
mod drill;
mod expiry;
pub mod foreign;
mod history;
mod loss;
pub mod manifest;
pub mod mirror;
mod pack;
pub mod pin;
pub mod prune;
pub mod restore;
pub mod retention;
pub mod safety;
pub mod select;
pub mod span;
pub mod stage;
pub mod state;
pub mod stored_export;
pub mod suspicion;
mod take;
pub mod target;
pub mod verify;
pub mod zone;

pub use drill::refuse_broken;
pub use manifest::{Kind, Manifest};
pub use take::IfDamaged;
