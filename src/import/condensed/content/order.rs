//! In which order sections are decided: first those that are known by themselves. Those without a key and those that are known
//! by them are decided together, as far as they refer to each other.

use crate::app::model::{Field, Shape};
use crate::document::envelope::Metadata;
use std::collections::HashSet;

/// Sections, by their place in the document, that are decided together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Those without a key.
    pub alike: Vec<usize>,
    /// Those with a key that refers to them.
    pub keyed: Vec<usize>,
    /// All of them, as they are decided.
    pub sections: Vec<usize>,
}

/// Whether items of a section are known by what they hold.
pub fn is_alike(shape: &Shape) -> bool {
    shape.key.is_empty() && !shape.singleton
}

/// The steps: first all sections that are known by nothing that lacks a key, then those that hang together.
pub fn steps(metadata: &Metadata) -> Vec<Step> {
    if metadata.by_id {
        return vec![Step { sections: (0..metadata.sections.len()).collect(), ..Step::default() }];
    }
    let shapes: Vec<&Shape> = metadata.sections.values().map(|section| &section.shape).collect();
    let needs: Vec<HashSet<usize>> = shapes.iter().map(|shape| needed(metadata, shape)).collect();
    let mut hanging: HashSet<usize> = (0..shapes.len()).filter(|at| is_alike(shapes[*at])).collect();
    loop {
        let more = (0..shapes.len()).filter(|at| !hanging.contains(at) && !needs[*at].is_disjoint(&hanging));
        let more: Vec<usize> = more.collect();
        if more.is_empty() {
            break;
        }
        hanging.extend(more);
    }
    let known: Vec<usize> = (0..shapes.len()).filter(|at| !hanging.contains(at)).collect();
    let mut steps = vec![Step { sections: known, ..Step::default() }];
    for first in 0..shapes.len() {
        if hanging.contains(&first) {
            let sections = joined(first, &needs, &mut hanging);
            let (alike, keyed): (Vec<usize>, Vec<usize>) =
                sections.iter().partition(|at| is_alike(shapes[**at]));
            steps.push(Step { sections: [alike.clone(), keyed.clone()].concat(), alike, keyed });
        }
    }
    steps
}

/// The sections that hang together with one, which are then no longer among those that are left.
fn joined(first: usize, needs: &[HashSet<usize>], left: &mut HashSet<usize>) -> Vec<usize> {
    let mut found = vec![first];
    left.remove(&first);
    let mut at = 0;
    while let Some(section) = found.get(at).copied() {
        at += 1;
        let joins = |other: &usize| needs[section].contains(other) || needs[*other].contains(&section);
        let others: Vec<usize> = left.iter().copied().filter(joins).collect();
        left.retain(|other| !others.contains(other));
        found.extend(others);
    }
    found.sort_unstable();
    found
}

/// The sections that the items of one are known by: those that a key refers to, or anything in an item without one.
fn needed(metadata: &Metadata, shape: &Shape) -> HashSet<usize> {
    let mut targets = Vec::new();
    if is_alike(shape) {
        shape.collect_targets(&mut targets);
    } else {
        targets.extend(shape.key.iter().filter_map(|field| match shape.field(field) {
            Field::Reference(reference) => Some(reference.section.clone()),
            _ => None,
        }));
    }
    targets.iter().filter_map(|target| metadata.sections.get_index_of(target)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::model::Reference;
    use crate::document::envelope::Section;

    fn section(key: &[&str], references: &[&str]) -> Section {
        let refer = |to: &&str| {
            let reference = Reference {
                columns: vec![format!("{to}_id")],
                section: (*to).to_owned(),
                to: vec!["id".to_owned()],
                plain: false,
                undeclared: false,
                required: false,
                lost: 0,
            };
            ((*to).to_owned(), reference)
        };
        let shape = Shape {
            key: key.iter().map(|name| (*name).to_owned()).collect(),
            references: references.iter().map(refer).collect(),
            ..Shape::default()
        };
        Section { shape, items: 0, group: None, filter: None, partial: false, rowids: false, within: None }
    }

    #[test]
    fn sections_that_hang_together_are_decided_together() {
        let mut metadata: Metadata = serde_json::from_str(
            r#"{"format": "larder-export", "version": 2, "mode": "condensed", "app": "a", "app_version": null,
                "schema_version": null, "exported_at": "2026-01-01T00:00:00Z", "larder_version": "0.1.0",
                "includes": [], "sections": {}}"#,
        )
        .expect("metadata");
        let sections = [
            ("notes", section(&[], &["lists"])),
            ("lists", section(&[], &["users"])),
            ("marks", section(&["notes"], &["notes"])),
            ("users", section(&["name"], &["lists"])),
            ("tags", section(&[], &["marks", "tags"])),
        ];
        metadata.sections = sections.into_iter().map(|(name, section)| (name.to_owned(), section)).collect();
        let step = |alike: &[usize], keyed: &[usize]| Step {
            alike: alike.to_vec(),
            keyed: keyed.to_vec(),
            sections: [alike, keyed].concat(),
        };
        let known = Step { sections: vec![3], ..Step::default() };
        assert_eq!(steps(&metadata), [known, step(&[0, 1, 4], &[2])]);
        metadata.sections["marks"].shape.key.clear();
        metadata.sections["marks"].shape.references.clear();
        let known = Step { sections: vec![3], ..Step::default() };
        assert_eq!(steps(&metadata), [known, step(&[0, 1], &[]), step(&[2, 4], &[])]);
    }
}
