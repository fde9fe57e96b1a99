//! What proves that a column refers to rows of a table, the strongest first.

mod declared;
mod formats;
mod itself;
mod lineage;
mod names;
mod pairs;
mod paths;
mod texts;
mod views;

pub(super) use declared::{config_of, configured, declared, is_configured_key, names_all_references};
pub(super) use formats::{core_data, geopackage};
pub(super) use itself::by_rows;
pub(super) use lineage::by_lineage;
pub(super) use names::by_names;
pub(super) use pairs::{kinds_beside, pairs};
pub(super) use paths::refute;
pub(super) use texts::by_text_keys;
pub(super) use views::views_and_triggers;
