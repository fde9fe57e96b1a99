//! The `larder` command: parse, run, exit code.

mod cli;
mod commands;
mod exit;
mod ui;

fn main() -> std::process::ExitCode {
    exit::report(commands::run)
}
