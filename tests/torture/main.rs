//! Tests that break things at random and in numbers. `README.md` says how to run more of them.

mod bases;
mod judge;
mod mutants;
mod mutations;
mod random;
