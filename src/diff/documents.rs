//! What differs between two condensed documents: items are the same where they hold the same, have the same key, or where
//! nothing else, a name that no other of them has.
//!
//! Sections come in an order in which most references lead back. So what an item without a key is, is known before what refers
//! to it is compared: a reference by a local id is compared by the pair that the item is one of.

mod compare;
mod pair;
mod staged;

use super::{Differences, ItemChange, What};
use crate::app::model::Shape;
use crate::document::envelope::{Metadata, Section};
use crate::document::input::Input;
use crate::document::reader::Limits;
use crate::error::{Fault, nearest};
use crate::files::Scratch;
use crate::patience::Patience;
use crate::progress::{Progress, Unit, step};
use anyhow::Result;
use compare::Comparing;
use pair::Pairs;
use staged::Staged;
use std::path::Path;

/// How documents are compared.
pub struct DocumentOptions<'a> {
    /// Only these sections, or those of these groups; without any, all that both documents have.
    pub only: &'a [String],
    /// How much of a document is let in.
    pub limits: Limits,
    /// Where private files may be made.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: &'a Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// Compares two condensed documents, each with its name in messages, and calls a function with every item that differs. What one
/// of them does not have, a section or a field, is no difference.
pub fn documents(
    [before, after]: [(Input, &str); 2],
    options: &DocumentOptions<'_>,
    mut each: impl FnMut(&ItemChange) -> Result<()>,
) -> Result<Differences> {
    let scratch = Scratch::new_in(options.temporary)?;
    let staged = Staged::create(&scratch.file("items"), options.patience)?;
    let names = [before.1, after.1];
    let before = staged.read(before, 0, options)?;
    let after = staged.read(after, 1, options)?;
    let sections = common([&before, &after], names, options)?;
    let mut found = Differences::default();
    for name in sections {
        let sides = [&before.sections[&name], &after.sections[&name]];
        let mut add = |change: &ItemChange| {
            found.add(change);
            each(change)
        };
        let what = format!("comparing {name}");
        step(options.progress, &what, None, Unit::Rows, || {
            section(&staged, &name, sides, options.progress, &mut add)
        })?;
    }
    Ok(found)
}

/// The sections that both documents have, in the order of the second.
fn common(
    [before, after]: [&Metadata; 2],
    names: [&str; 2],
    options: &DocumentOptions<'_>,
) -> Result<Vec<String>> {
    let means = |wanted: &String, name: &str, section: &Section| {
        let group = section.group.as_ref();
        name.eq_ignore_ascii_case(wanted) || group.is_some_and(|group| group.eq_ignore_ascii_case(wanted))
    };
    for wanted in options.only {
        let all: Vec<&str> = after.sections.keys().map(String::as_str).collect();
        if !after.sections.iter().any(|(name, section)| means(wanted, name, section)) {
            let message = format!("there is no section {wanted:?}");
            return Err(Fault::usage(message).hint(nearest(wanted, &all)).into());
        }
    }
    let is_wanted = |name: &str, section: &Section| {
        options.only.is_empty() || options.only.iter().any(|wanted| means(wanted, name, section))
    };
    for (own, other, named) in [(before, after, names[0]), (after, before, names[1])] {
        let alone = own.sections.iter().filter(|(name, section)| {
            is_wanted(name, section) && section.items > 0 && !other.sections.contains_key(*name)
        });
        let alone: Vec<&str> = alone.map(|(name, _)| name.as_str()).collect();
        if !alone.is_empty() {
            options.progress.note(&format!("only in {named}, and not compared: {}", alone.join(", ")));
        }
    }
    let both = after
        .sections
        .iter()
        .filter(|(name, section)| is_wanted(name, section) && before.sections.contains_key(*name));
    Ok(both.map(|(name, _)| name.clone()).collect())
}

/// Compares the items of a section.
fn section(
    staged: &Staged,
    name: &str,
    sides: [&Section; 2],
    progress: &dyn Progress,
    each: &mut dyn FnMut(&ItemChange) -> Result<()>,
) -> Result<()> {
    let shapes: [&Shape; 2] = sides.map(|section| &section.shape);
    let comparing = Comparing::of(staged, shapes);
    let pairs = Pairs::create(staged)?;
    for side in [0, 1] {
        staged.for_each(side, name, progress, |number, item| {
            let item = comparing.resolved(side, item)?;
            pairs.add(side, number, &comparing.known(&item)?)
        })?;
    }
    pairs.find()?;
    pairs.keep_classes(name)?;
    // An item that nobody chose is not missing.
    let is_partial = sides.map(|section| section.partial);
    pairs.for_each_alone(1, |item| {
        if is_partial[0] { Ok(()) } else { each(&comparing.alone(name, &item, What::New)?) }
    })?;
    pairs.for_each_alone(0, |item| {
        if is_partial[1] { Ok(()) } else { each(&comparing.alone(name, &item, What::Gone)?) }
    })?;
    pairs.for_each_changed(|before, after| comparing.changes(name, shapes, [&before, &after], each))
}
