//! Whether a document would come into a database: it is tried on a private copy, so that a validation says what an import
//! says.

use super::{CondensedOptions, Instructions, Strategies, Strategy, stage};
use crate::document::input::Input;
use crate::error::{Kind, kind};
use crate::problem::{Problem, Problems, Severity};
use anyhow::Result;
use std::path::Path;

/// What an import that overwrites would refuse a document for: errors, and a warning for what somebody may settle.
pub fn trial(
    document: Input,
    name: &str,
    database: &Path,
    options: &CondensedOptions<'_>,
) -> Result<Problems> {
    let strategies = Strategies { default: Strategy::Overwrite, ..Strategies::default() };
    let told = Instructions { strategies, ..options.told.clone() };
    let options = CondensedOptions { told, ..options.clone() };
    match tried(document, name, database, &options) {
        Err(error) if matches!(kind(&error), Kind::Invalid | Kind::Damaged) => {
            Ok(Problems::from_iter([Problem::error("document", format!("{error:#}"))]))
        }
        Err(error) if kind(&error) == Kind::Usage => {
            let message = format!("whether it would come in was not tried: {error:#}");
            Ok(Problems::from_iter([Problem::warning("document", message)]))
        }
        tried => tried,
    }
}

fn tried(document: Input, name: &str, database: &Path, options: &CondensedOptions<'_>) -> Result<Problems> {
    let staged = stage(document, name, database, options)?;
    if staged.problems.errors > 0 {
        return Ok(staged.problems);
    }
    let mut outcome = staged.look(options)?;
    if !outcome.is_refused() && outcome.changed() > 0 {
        outcome = staged.rehearse(name, options)?;
    }
    let refusal = staged.refusal(&outcome);
    let mut problems = outcome.problems;
    for conflict in outcome.conflicts.listed {
        problems.add(Problem { severity: Severity::Warning, ..conflict });
    }
    if let Some(fault) = refusal {
        problems.add(Problem::warning("metadata.doubts", fault.to_string()));
    }
    Ok(problems)
}
