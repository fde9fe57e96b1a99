//! `larder export --scope each`: a file of every user's rows.

use super::foretell::Counted;
use super::{EACH, Export, Locks, open};
use crate::commands::configuration::Subject;
use crate::commands::{Context, text};
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use larder::app::users;
use larder::database::sidecar;
use larder::document::envelope::Summary;
use larder::document::writer::{Format, Layout};
use larder::error::{Fault, Kind, kind};
use larder::files;
use larder::progress::Progress;
use larder::stream::{age, digest_of};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The longest part of a file's name that says whose it is, in bytes.
const LONGEST: usize = 60;

/// What became of the users.
#[derive(Default)]
pub(super) struct Outcome {
    /// What was pruned afterwards.
    pub(super) pruned: Option<Value>,
    files: Vec<Value>,
    failed: Vec<Value>,
}

impl Export {
    /// Writes a file for every user. One that cannot be written does not keep the others from it.
    pub(super) fn each(
        &self,
        output: Option<&Path>,
        subject: &Subject,
        context: &Context<'_>,
    ) -> Result<Exit> {
        let folder = match output {
            Some(path) if path.is_dir() || has_separator(path) => path,
            // Of what would go into a store, only whose it is counts.
            None if self.dry_run && self.to.is_some() => Path::new(""),
            _ => {
                return Err(Fault::usage(format!("--scope {EACH} writes several files"))
                    .hint("name a folder: -o FOLDER/, or a store: --to STORE")
                    .into());
            }
        };
        let locks = self.locks(None, subject, context)?;
        let source = open(&subject.database, Some(&subject.database), &locks.keys, context)?;
        let users = users(source.connection(), &subject.config.rules)?;
        drop(source);
        let paths = self.paths(folder, &users, subject, locks.lock.is_some())?;
        if users.is_empty() {
            context.ui.warn("there is nobody whose rows are meant: nothing to write");
        } else if !self.dry_run {
            files::create_folders(folder)?;
        }
        let mut outcome = Outcome::default();
        for (user, path) in users.iter().zip(&paths) {
            let written = if self.dry_run {
                self.foretell_one(user, subject, &locks, context)
            } else {
                self.write_one(user, path, subject, &locks, context)
            };
            outcome.add(user, written.map(|(summary, size)| (path.clone(), summary, size)), context)?;
        }
        if let Some(path) = paths.first().filter(|_| !outcome.files.is_empty() && !self.dry_run) {
            locks.warn(path, self, context);
        }
        outcome.render(self.dry_run, context)
    }

    /// Where the users' files go; without `--force`, where nothing is.
    fn paths(
        &self,
        folder: &Path,
        users: &[String],
        subject: &Subject,
        encrypted: bool,
    ) -> Result<Vec<PathBuf>> {
        let ending = self.format.ending()? + if encrypted { age::EXTENSION } else { "" };
        let names = names(&subject.app, users, &ending, self.anonymize);
        let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
        for path in &paths {
            sidecar::refuse_output(path, &subject.database)?;
            if !self.force && !self.dry_run && files::metadata(path)?.is_some() {
                let message = format!("{} exists", path.display());
                return Err(Fault::usage(message).hint("--force overwrites it").into());
            }
        }
        Ok(paths)
    }

    fn write_one(
        &self,
        user: &str,
        path: &Path,
        subject: &Subject,
        locks: &Locks<'_>,
        context: &Context<'_>,
    ) -> Result<(Summary, Option<u64>)> {
        let target = self.format.target(Some(path), self.force, locks.lock.clone())?;
        let source = open(&subject.database, Some(path), &locks.keys, context)?;
        let summary = target.write(context, |format| {
            let exported = self.write_condensed(&source, format, subject, Some(user), context)?;
            Ok((exported.output, exported.summary))
        })?;
        Ok((summary, None))
    }

    fn foretell_one(
        &self,
        user: &str,
        subject: &Subject,
        locks: &Locks<'_>,
        context: &Context<'_>,
    ) -> Result<(Summary, Option<u64>)> {
        let source = open(&subject.database, Some(&subject.database), &locks.keys, context)?;
        let format = Format::Json(Counted(0), Layout::Rows);
        let exported = self.write_condensed(&source, format, subject, Some(user), context)?;
        Ok((exported.summary, exported.output.map(|counted| counted.0)))
    }
}

impl Outcome {
    /// Adds what became of a user. That it failed does not keep the others from it, unless it would fail for all.
    pub(super) fn add(
        &mut self,
        user: &str,
        written: Result<(PathBuf, Summary, Option<u64>)>,
        context: &Context<'_>,
    ) -> Result<()> {
        match written {
            Ok((path, summary, size)) => self.wrote(user, &path, &summary, size, context)?,
            Err(error) if kind(&error) == Kind::Interrupted => return Err(error),
            // What is wrong with the first is most likely wrong with the command.
            Err(error) if kind(&error) == Kind::Usage && self.files.is_empty() => return Err(error),
            Err(error) => {
                context.ui.error(&format!("{user}: {error:#}"), None);
                self.failed.push(json!({ "scope": user, "error": format!("{error:#}") }));
            }
        }
        Ok(())
    }

    fn wrote(
        &mut self,
        user: &str,
        path: &Path,
        summary: &Summary,
        size: Option<u64>,
        context: &Context<'_>,
    ) -> Result<()> {
        let items = table::count(summary.items.values().sum(), "item", "items");
        let mut file = json!({ "scope": user, "file": text(path), "items": summary.items });
        if let Some(size) = size {
            file["size"] = json!(size);
            context.ui.say(&format!("{user}: {items}, as JSON {}", table::bytes(size)));
        } else {
            context.ui.say(&format!("{user}: {items}"));
            context.ui.result_line(&format!("{}\n", path.display()))?;
        }
        self.files.push(file);
        Ok(())
    }

    pub(super) fn render(self, dry_run: bool, context: &Context<'_>) -> Result<Exit> {
        let failed = self.failed.len() as u64;
        let all = failed + self.files.len() as u64;
        if context.ui.wants_json() {
            let mut result = json!({ "files": self.files, "failed": self.failed });
            if let Some(pruned) = self.pruned {
                result["prune"] = pruned;
            }
            if dry_run {
                result["dry_run"] = json!(true);
            }
            Ui::print_json(&result)?;
        }
        if failed > 0 {
            let all = table::count(all, "user", "users");
            context.ui.error(&format!("{failed} of {all} could not be exported"), None);
            return Ok(Exit::Failed);
        }
        Ok(Exit::Done)
    }
}

fn has_separator(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with(std::path::MAIN_SEPARATOR)
}

/// What the users' files are called: by the application and the user.
fn names(app: &str, users: &[String], ending: &str, anonymous: bool) -> Vec<String> {
    let name = |user: String| format!("{app}-{user}{ending}");
    safe_names(users, anonymous).into_iter().map(name).collect()
}

/// What users are called as far as file names may say it. Where that is not all, or another's is the same but for case, a part
/// of a digest follows. Of users whom nobody shall recognise, numbers.
pub(super) fn safe_names(users: &[String], anonymous: bool) -> Vec<String> {
    let digest = |user: &String| digest_of(user.as_bytes()).to_string();
    if anonymous {
        let mut order: Vec<usize> = (0..users.len()).collect();
        order.sort_by_key(|at| digest(&users[*at]));
        let mut names = vec![String::new(); users.len()];
        for (number, at) in order.into_iter().enumerate() {
            names[at] = (number + 1).to_string();
        }
        return names;
    }
    let plain: Vec<String> = users.iter().map(|user| safe(user)).collect();
    let mut alike: HashMap<String, u32> = HashMap::new();
    for name in &plain {
        *alike.entry(name.to_lowercase()).or_default() += 1;
    }
    let name = |(user, plain): (&String, &String)| {
        let is_clear = user == plain && alike[&plain.to_lowercase()] == 1 && !plain.ends_with('.');
        let rest = if is_clear { String::new() } else { format!("-{}", &digest(user)[..8]) };
        format!("{plain}{rest}")
    };
    users.iter().zip(&plain).map(name).collect()
}

/// A name of letters, digits, and what else no file system minds.
fn safe(user: &str) -> String {
    let mut name = String::new();
    for letter in user.chars() {
        let is_safe = letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '@' | '+');
        let letter = if is_safe { letter } else { '_' };
        if name.len() + letter.len_utf8() > LONGEST {
            break;
        }
        name.push(letter);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn every_user_has_a_file_of_its_own_that_stays_where_it_should() {
        let users = ["ann", "Bob", "bob", "../../etc", "a/b", "a:b", "", "\u{1b}[31m", &"x".repeat(500)];
        let users: Vec<String> = users.iter().map(|user| (*user).to_owned()).collect();
        let names = names("app", &users, ".json", false);
        assert_eq!(names[0], "app-ann.json");
        let different: std::collections::HashSet<String> =
            names.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(different.len(), users.len(), "{names:?}");
        assert!(
            names.iter().all(|name| name.len() < 100 && !name.contains(['/', ':', '\u{1b}'])),
            "{names:?}"
        );
        let hidden = super::names("app", &users, ".json", true);
        assert!(hidden.contains(&"app-9.json".to_owned()) && !hidden.concat().contains("ann"), "{hidden:?}");
    }
}
