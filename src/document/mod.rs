//! The export document: JSON that describes itself. `docs/formats.md` describes it.
//!
//! [`envelope`] is what stands around the data, [`json`] how a value is written, [`writer`] and [`reader`] stream
//! it in constant memory. They know of databases what a schema and a value is.

pub mod envelope;
pub mod json;
pub mod reader;
mod row;
mod tap;
pub mod writer;

#[cfg(test)]
mod tests;
