//! Where snapshots live, and what they are called.
//!
//! A store knows names, sizes and the bytes of manifests; what they mean is [`crate::snapshot`]'s.

mod folder;
mod name;

pub use folder::{Folder, Item, Listing, StoreLock};
pub use name::{SnapshotName, app_of, is_app_name};
