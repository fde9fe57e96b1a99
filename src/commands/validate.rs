//! `larder validate`

use super::{Context, input};
use crate::exit::Exit;
use crate::ui::Ui;
use anyhow::Result;
use clap::Args;
use larder::database::header::read_head;
use larder::error::{Fault, Kind, kind};
use larder::files;
use larder::problem::{Problem, Severity};
use larder::progress::go_on;
use larder::snapshot::verify::{VerifyOptions, verify};
use larder::stream::{Compression, Form};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Say whether a snapshot is whole and what its manifest says it is
///
/// The whole file is read and unpacked, the database in it is checked, and everything is compared with the manifest.
#[derive(Debug, Args)]
pub struct Validate {
    /// The snapshots; - is the standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Validate {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let mut results = Vec::new();
        let (mut valid, mut failed) = (true, None);
        for file in &self.files {
            go_on(context.ui)?;
            let (kind, problems) = match validate(file, context) {
                Ok(found) => found,
                // A file that cannot be looked at does not keep the others from being looked at.
                Err(error) if self.files.len() > 1 && kind(&error) != Kind::Interrupted => {
                    let text = format!("{error:#}");
                    failed = Some(error);
                    ("unknown", vec![Problem::error("file", text)])
                }
                Err(error) => return Err(error),
            };
            let is_valid = problems.iter().all(|problem| problem.severity == Severity::Warning);
            valid &= is_valid;
            context.ui.result_line(&render(file, is_valid, &problems))?;
            results.push(
                json!({ "file": input::text(file), "kind": kind, "valid": is_valid, "problems": problems }),
            );
        }
        if context.ui.wants_json() {
            let result: Value = json!({ "valid": valid, "files": results });
            Ui::print_json(&result)?;
        }
        Ok(match failed {
            Some(error) => Exit::from(kind(&error)),
            None if valid => Exit::Done,
            None => Exit::Problems,
        })
    }
}

fn validate(file: &Path, context: &Context<'_>) -> Result<(&'static str, Vec<Problem>)> {
    let spooled = input::spool(file, &[&context.temporary], context)?;
    let (name, file) = (input::name(file), &spooled.path);
    let not_one = |message: &str| Ok(("unknown", vec![Problem::error("file", message)]));
    let compression = match Form::of(&read_head(file)?) {
        Form::Compressed(compression) => compression,
        Form::Sqlite => Compression::None,
        Form::Empty => return not_one("the file is empty"),
        Form::Zip => return not_one("the file is a zip archive"),
        Form::Age => return not_one("the file is encrypted; decrypt it first: age -d"),
        Form::Json => {
            return Err(Fault::usage(format!("{name} is JSON, and validate reads snapshots"))
                .hint("larder import --dry-run says whether an export is whole")
                .into());
        }
        Form::Unknown => return not_one("the file is neither a SQLite database nor a compressed one"),
    };
    let beside = files::folder_of(file);
    let options = VerifyOptions {
        scratch: &[&context.temporary, &beside],
        patience: context.patience.clone(),
        progress: context.ui,
    };
    Ok(("snapshot", verify(file, compression, &options)?))
}

fn render(file: &Path, valid: bool, problems: &[Problem]) -> String {
    let mut lines = format!("{}: {}\n", input::name(file), if valid { "valid" } else { "NOT VALID" });
    for problem in problems {
        let severity = match problem.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let path = problem.path.as_deref().unwrap_or("file");
        lines += &format!("  {severity}: {path}: {}\n", problem.message);
    }
    lines
}
