//! In which order sections are decided: after those that their items are known by. Sections without a key that refer to each
//! other are decided together.

use crate::app::model::{Field, Shape};
use crate::document::envelope::Metadata;
use std::collections::HashSet;

/// Sections, by their place in the document, that are decided together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Those without a key.
    pub alike: Vec<usize>,
    /// Those with a key that have to be looked at with them, since their keys refer to them.
    pub keyed: Vec<usize>,
    /// All whose items are decided then.
    pub sections: Vec<usize>,
}

/// Whether items of a section are known by what they hold.
pub fn is_alike(shape: &Shape) -> bool {
    shape.key.is_empty() && !shape.singleton
}

/// The steps, each after those that it needs.
pub fn steps(metadata: &Metadata) -> Vec<Step> {
    let shapes: Vec<&Shape> = metadata.sections.values().map(|section| &section.shape).collect();
    let needs: Vec<HashSet<usize>> = shapes.iter().map(|shape| needed(metadata, shape)).collect();
    let mut left: Vec<usize> = (0..shapes.len()).collect();
    let mut steps = Vec::new();
    while !left.is_empty() {
        let is_ready =
            |section: &usize| needs[*section].iter().all(|need| need == section || !left.contains(need));
        let keyed = left.iter().find(|section| !is_alike(shapes[**section]) && is_ready(section)).copied();
        let step = match keyed {
            Some(section) => Step { sections: vec![section], ..Step::default() },
            None => group(&shapes, &needs, &left),
        };
        left.retain(|section| !step.sections.contains(section));
        steps.push(step);
    }
    steps
}

/// Sections without a key that refer to each other, and need nothing else that is left; where each needs what is left, all
/// that are.
fn group(shapes: &[&Shape], needs: &[HashSet<usize>], left: &[usize]) -> Step {
    let alike: Vec<usize> = left.iter().copied().filter(|section| is_alike(shapes[*section])).collect();
    for first in &alike {
        let mut together = vec![*first];
        let mut at = 0;
        while let Some(section) = together.get(at).copied() {
            at += 1;
            let joins = |other: &usize| needs[section].contains(other) || needs[*other].contains(&section);
            let others: Vec<usize> =
                alike.iter().copied().filter(|other| joins(other) && !together.contains(other)).collect();
            together.extend(others);
        }
        together.sort_unstable();
        let is_known = |need: &usize| together.contains(need) || !left.contains(need);
        if together.iter().all(|section| needs[*section].iter().all(is_known)) {
            return Step { alike: together.clone(), keyed: Vec::new(), sections: together };
        }
    }
    let keyed = left.iter().copied().filter(|section| !alike.contains(section)).collect();
    Step { alike, keyed, sections: left.to_vec() }
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
        Section { shape, items: 0, filter: None, partial: false, rowids: false }
    }

    #[test]
    fn sections_come_after_those_that_they_are_known_by() {
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
        let alone = |section| Step { sections: vec![section], ..Step::default() };
        let group = |alike: Vec<usize>| Step { alike: alike.clone(), keyed: Vec::new(), sections: alike };
        assert_eq!(steps(&metadata), [alone(3), group(vec![0, 1]), alone(2), group(vec![4])]);
        // Where a key leads in a circle through a section without one, all of it is looked at together.
        metadata.sections["lists"]
            .shape
            .references
            .insert("marks".into(), metadata.sections["tags"].shape.references["marks"].clone());
        let together = Step { alike: vec![0, 1, 4], keyed: vec![2], sections: vec![0, 1, 2, 4] };
        assert_eq!(steps(&metadata), [alone(3), together]);
    }
}
