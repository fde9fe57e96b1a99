//! From a database to a document: everything that SQLite holds, or what people made.

mod anonymize;
mod choice;
mod closure;
mod condensed;
mod conditions;
mod doubts;
mod fields;
mod full;
mod items;
mod json_column;
mod lost;
mod metadata;
mod null_fields;
mod order;
mod ordering;
mod raw_json;
mod resolve;
mod times;

pub use choice::Choice;
pub use condensed::{Check, CondensedOptions, Exported, condensed};
pub use full::{ExportOptions, full};
