//! Rows as a graph, and an order of them that does not depend on the numbers that the database gave.

mod kinds;
mod parts;
mod refine;
mod rows;

pub use refine::Graph;
pub use rows::{Places, Section};

#[cfg(test)]
mod tests;
