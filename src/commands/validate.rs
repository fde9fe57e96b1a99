//! `larder validate`

use super::{Context, text};
use crate::exit::Exit;
use anyhow::Result;
use clap::Args;
use larder::database::check::Depth;
use larder::database::header::read_head;
use larder::error::Fault;
use larder::files;
use larder::problem::{Problem, Severity};
use larder::snapshot::verify::{VerifyOptions, verify};
use larder::stream::{Compression, Form};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Say whether a snapshot is whole and what its manifest says it is
///
/// The whole file is read and unpacked, the database in it is checked, and everything is compared with the manifest.
#[derive(Debug, Args)]
pub struct Validate {
    /// The snapshots
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Validate {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let mut results = Vec::new();
        let mut valid = true;
        for file in &self.files {
            let (kind, problems) = validate(file, context)?;
            let is_valid = problems.iter().all(|problem| problem.severity == Severity::Warning);
            valid &= is_valid;
            context.ui.result_line(&render(file, is_valid, &problems))?;
            results
                .push(json!({ "file": text(file), "kind": kind, "valid": is_valid, "problems": problems }));
        }
        if context.ui.wants_json() {
            let result: Value = json!({ "valid": valid, "files": results });
            crate::ui::Ui::print(&format!("{result}\n"))?;
        }
        Ok(if valid { Exit::Done } else { Exit::Problems })
    }
}

fn validate(file: &Path, context: &Context<'_>) -> Result<(&'static str, Vec<Problem>)> {
    files::require_file(file)?;
    let not_one = |message: &str| Ok(("unknown", vec![Problem::error("file", message)]));
    let compression = match Form::of(&read_head(file)?) {
        Form::Compressed(compression) => compression,
        Form::Sqlite => Compression::None,
        Form::Empty => return not_one("the file is empty"),
        Form::Age => return not_one("the file is encrypted; decrypt it first: age -d"),
        Form::Json => {
            return Err(Fault::usage(format!("{} is JSON, and validate reads snapshots", file.display()))
                .hint("larder import --dry-run says whether an export is whole")
                .into());
        }
        Form::Unknown => return not_one("the file is neither a SQLite database nor a compressed one"),
    };
    let beside = files::folder_of(file);
    let options = VerifyOptions {
        depth: Depth::Full,
        scratch: &[&context.temporary, &beside],
        patience: context.patience.clone(),
        progress: context.ui,
    };
    Ok(("snapshot", verify(file, compression, &options)?))
}

fn render(file: &Path, valid: bool, problems: &[Problem]) -> String {
    let mut lines = format!("{}: {}\n", file.display(), if valid { "valid" } else { "NOT VALID" });
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
