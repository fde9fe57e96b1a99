//! Tests that break things at random and in numbers. `README.md` says how to run more of them.

mod bases;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod faults;
mod judge;
mod mutants;
mod mutations;
mod random;

#[test]
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn a_call_that_goes_wrong_costs_nothing_and_is_told() {
    println!("skipped: system calls are made to fail on Linux on x86-64 only");
}
