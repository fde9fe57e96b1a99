//! What a command did to a database: what is wrong now, and what differs.

use crate::commands::Context;
use crate::commands::configuration::Subject;
use crate::commands::diff::{described, since};
use crate::ui::table;
use anyhow::Result;
use larder::database::check::{Depth, integrity, is_damage};
use larder::database::connection::{self, Access};
use larder::database::copy::copy_pages;
use larder::database::foreign_keys::foreign_keys;
use larder::database::{ReadOptions, Source, requirement, stand_in};
use larder::diff::Counts;
use larder::error::{Kind, kind};
use larder::files::{self, Scratch};
use larder::snapshot::Manifest;
use larder::stream::age::Keys;
use serde_json::Value;
use std::path::Path;

/// What was found.
#[derive(Default)]
pub struct Found {
    /// What is wrong and was not before.
    pub failures: Vec<String>,
    /// What differs, in lines.
    pub differences: Vec<String>,
    /// The same for programs.
    pub described: Option<Value>,
    /// The database cannot be read, so that it has no rows to compare.
    is_damaged: bool,
}

/// Compares a database with its snapshot. Where even that cannot be done, the database is not as it should be; only a wish to
/// stop is an error.
pub fn compare(
    snapshot: &Path,
    before: &Manifest,
    database: &Path,
    subject: &Subject,
    context: &Context<'_>,
) -> Result<Found> {
    let mut found = Found::default();
    match find_failures(before, database, subject, context, &mut found) {
        Err(error) if kind(&error) == Kind::Interrupted => return Err(error),
        Err(error) => {
            found.is_damaged |= is_damage(&error);
            found.failures.push(format!("{error:#}"));
        }
        Ok(()) => {}
    }
    if !found.is_damaged {
        differences(snapshot, database, subject, context, &mut found)?;
    }
    Ok(found)
}

/// Finds what is wrong with the database and was not before.
fn find_failures(
    before: &Manifest,
    database: &Path,
    subject: &Subject,
    context: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    if files::metadata(database)?.is_none() {
        found.is_damaged = true;
        found.failures.push(format!("{} is gone", database.display()));
        return Ok(());
    }
    let beside = files::folder_of(database);
    let folders: [&Path; 2] = [&context.temporary, &beside];
    let read = ReadOptions { scratch: &folders, patience: context.patience.clone(), progress: context.ui };
    let source = Source::open(database, &read)?;
    let scratch = Scratch::new_in(files::roomy_folder(&folders, source.origin().size))?;
    let copy = files::resolve(scratch.folder())?.join("copy");
    copy_pages(source.connection(), &copy, &context.patience, context.ui)?;
    let failures = &mut found.failures;
    let connection = connection::open(&copy, Access::ReadOnly, &context.patience)?;
    let integrity = integrity(&connection, Depth::Full, context.ui)?;
    if let Some(first) = integrity.damage.first() {
        found.is_damaged = true;
        failures.push(format!("{} is damaged: {first}", database.display()));
        return Ok(());
    }
    stand_in::register_collations(&connection)?;
    let keys = foreign_keys(&connection)?;
    if keys.violations > before.drill.foreign_key_violations {
        let first = keys.examples.first();
        let first = first.map(|row| format!(", as in {} to {}", row.table, row.parent)).unwrap_or_default();
        let (now, was) = (keys.violations, before.drill.foreign_key_violations);
        failures.push(format!("rows with a foreign key that leads nowhere: {now}, and {was} before{first}"));
    }
    drop(connection);
    let was = before.unmet().unwrap_or_default();
    let unmet = requirement::unmet(&copy, &subject.config.check.require, &context.patience)?;
    let new = unmet.into_iter().filter(|unmet| !was.contains(unmet));
    failures.extend(new.map(|unmet| format!("required, and not so: {unmet}")));
    Ok(())
}

/// What differs. That it cannot be told is no failure of the command.
fn differences(
    snapshot: &Path,
    database: &Path,
    subject: &Subject,
    context: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    let differences = match since(snapshot, database, (subject, &Keys::none()), context) {
        Ok(Ok(differences)) => differences,
        Ok(Err(_)) => {
            found.differences.push("rows: these are other ones than before".to_owned());
            return Ok(());
        }
        Err(error) if kind(&error) == Kind::Interrupted => return Err(error),
        Err(error) => {
            found.differences.push(format!("what changed cannot be told: {error:#}"));
            return Ok(());
        }
    };
    found.described = Some(described(&differences));
    if differences.is_none() {
        found.differences.push("nothing differs".to_owned());
    }
    for (name, counts) in differences.sections.iter().chain(&differences.left_out) {
        found.differences.push(format!("{name}: {}", in_words(counts)));
    }
    for object in &differences.schema {
        let what = crate::commands::diff::word(object.what);
        found.differences.push(format!("{} {}: {what}", object.kind, object.name));
    }
    for setting in &differences.settings {
        found.differences.push(format!("{}: {} → {}", setting.name, setting.before, setting.after));
    }
    Ok(())
}

fn in_words(counts: &Counts) -> String {
    let all = [(counts.new, "new"), (counts.gone, "gone"), (counts.changed, "changed")];
    let named = all.iter().filter(|(number, _)| *number > 0);
    named.map(|(number, what)| format!("{} {what}", table::number(*number))).collect::<Vec<_>>().join(", ")
}
