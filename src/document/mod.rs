//! The export document, which describes itself, in its formats. `docs/formats.md` describes them.
//!
//! [`envelope`] is what stands around the data, [`json`] and [`cell`] how a value is written, [`writer`] and [`reader`]
//! stream it in constant memory. They know of databases what a schema and a value is.

pub mod cell;
pub mod envelope;
pub mod id_type;
pub mod input;
pub mod inspect;
pub mod json;
pub mod label;
pub mod layout;
pub mod places;
pub mod reader;
pub mod tree;
pub mod writer;

#[cfg(test)]
mod tests;
