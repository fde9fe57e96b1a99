//! From a database to a document: everything that SQLite holds, or what people made.

mod choice;
mod condensed;
mod full;
mod items;
mod json_column;
mod order;
mod resolve;

pub use choice::Choice;
pub use condensed::{CondensedOptions, condensed};
pub use full::{ExportOptions, full};
