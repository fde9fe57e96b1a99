//! What is said of the meaning of a database: one line for what was found out in the same way.

use crate::app::meaning::{Answer, Doubt, Evidence, Place, Reference};
use indexmap::{IndexMap, IndexSet};

/// A line for every group of references that nobody declared.
pub(super) fn references(references: &[&Reference]) -> Vec<String> {
    let mut groups: IndexMap<(String, &str, String), Vec<&Reference>> = IndexMap::new();
    for reference in references {
        if let Some(by) = by(&reference.evidence) {
            let name = format!("{}{}", reference.columns.join("+"), inside(&reference.place));
            groups.entry((name, &reference.target, by)).or_default().push(reference);
        }
    }
    groups
        .into_iter()
        .map(|((name, target, by), group)| {
            let tables: IndexSet<&str> = group.iter().map(|reference| reference.table.as_str()).collect();
            match tables.len() {
                1 => format!("{}.{name} refers to {target}, {by}", group[0].table),
                more => format!("{more} columns named {name} refer to {target}, {by}"),
            }
        })
        .collect()
}

/// The same, for references that documents do not carry.
pub(super) fn unwritten(unwritten: &[&Reference]) -> Vec<String> {
    let line = |line: String| format!("{line}; it is written as it is");
    references(unwritten).into_iter().map(line).collect()
}

fn by(evidence: &Evidence) -> Option<String> {
    Some(match evidence {
        Evidence::Declared { .. } | Evidence::Configured => return None,
        Evidence::Sql(origin) if origin.starts_with("view ") => "by views".to_owned(),
        Evidence::Sql(_) => "by triggers".to_owned(),
        Evidence::Format(name) => format!("by {name}"),
        Evidence::Pair => "by the kind beside it".to_owned(),
        Evidence::Name(_) => "by its name and its values".to_owned(),
    })
}

fn inside(place: &Place) -> String {
    match place {
        Place::Whole | Place::List => String::new(),
        Place::Json(path) if path.starts_with('[') => path.clone(),
        Place::Json(path) => format!(".{path}"),
    }
}

/// A line for every group of doubts.
pub(super) fn doubts<'d>(doubts: impl IntoIterator<Item = &'d Doubt>) -> Vec<String> {
    /// More tables are not named.
    const MOST: usize = 4;
    let mut groups: IndexMap<(String, Vec<&str>, &str), Vec<&Doubt>> = IndexMap::new();
    for doubt in doubts {
        let place = format!("{}{}", doubt.column, inside(&doubt.place));
        let targets = doubt.targets.iter().map(String::as_str).collect();
        groups.entry((place, targets, &doubt.why)).or_default().push(doubt);
    }
    groups
        .into_iter()
        .map(|((place, targets, why), group)| {
            let tables = match targets.len() {
                ..=MOST => targets.join(", "),
                more => format!("{} and {} more tables", targets[..MOST].join(", "), more - MOST),
            };
            let first = &group[0].table;
            let is_key = |doubt: &&Doubt| doubt.answers.contains(&Answer::Key);
            let setting = if group.iter().all(is_key) { "key" } else { "references" };
            let (who, written) = match group.len() {
                1 => (format!("{first}.{place}"), "it is written as it is"),
                more => (format!("{more} columns named {place}"), "they are written as they are"),
            };
            format!("{who} may hold row ids of {tables}: {why}; {written} (say what it is in larder.toml: sections.{first}.{setting}, or omit)")
        })
        .collect()
}
