//! What `larder.toml` says: what larder cannot know by itself.

mod section;

pub use section::{Rules, ScopeConfig, SectionConfig};
