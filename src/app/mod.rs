//! What a database means: which tables hold what people made, how their rows are known without the numbers that the
//! database gave them, what refers to what, and what belongs inside what.
//!
//! [`Catalog`](catalog::Catalog) says what the schema says; [`Model::infer`] adds what the data prove and what the
//! configuration knows, and gives one model that exports, imports and validations share. Its serialized part,
//! [`model`], is what a document carries.

pub mod belonging;
pub mod catalog;
mod infer;
pub mod json_path;
pub mod json_style;
pub mod known;
pub mod left_out;
pub mod meaning;
pub mod model;
pub mod names;
pub mod roles;
pub(crate) mod secrets;

pub use infer::version::{app_version, schema_version, user_version};
pub use infer::{Model, Owner, SectionModel, Wanted, is_place, users};
