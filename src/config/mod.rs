//! What `larder.toml` says: what larder cannot know by itself; and which of several such files is meant.

mod application;
mod backups;
mod file;
mod files;
mod hooks;
mod notify;
mod place;
mod reference;
mod section;
mod settings;

pub use application::Application;
pub use backups::{CheckConfig, Destination, Percent, RetentionConfig, SnapshotConfig, size};
pub use file::Config;
pub use files::FilesConfig;
pub use hooks::{Event, Hooks};
pub use place::{Found, Places};
pub use reference::ReferenceConfig;
pub use section::{ALL_OTHERS, Rules, ScopeConfig, SectionConfig, Triggers};
pub use settings::{Said, is_harmful, is_url, key, quoted};
