//! From a database to a document: everything that SQLite holds, or what people made.

mod anonymize;
mod choice;
mod closure;
mod condensed;
mod doubts;
mod full;
mod items;
mod json_column;
mod lost;
mod metadata;
mod order;
mod ordering;
mod resolve;
mod times;

pub use choice::Choice;
pub use condensed::{CondensedOptions, Exported, condensed};
pub use full::{ExportOptions, full};
