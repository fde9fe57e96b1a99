//! A condensed document while it is written: what larder writes, larder accepts. Of what a validation looks at, that is looked at
//! which can be wrong in what comes from a database: keys, and what refers to something.

use super::items::{ItemModel, Visit, WrittenItems, check_shapes};
use super::keys::{Key, Keys};
use crate::app::model::{Field, Shape};
use crate::database::value::Value;
use crate::document::envelope::Metadata;
use crate::document::reader::Place;
use crate::error::Fault;
use crate::files::Scratch;
use crate::patience::Patience;
use crate::problem::{Problem, Problems, Severity};
use anyhow::Result;
use std::path::Path;

/// Looks at a document that is being written. Its keys are in a private file, so that the memory stays the same for any
/// document.
pub struct Written {
    items: ItemModel,
    keys: Keys,
    /// Of each section, which fields are looked at.
    fields: Vec<Vec<bool>>,
    /// Which sections have the order of their keys.
    is_sorted: Vec<bool>,
    /// The section that is being written, and the key of its last item.
    before: (usize, Option<Key>),
    /// Holds the file with the keys.
    _scratch: Scratch,
}

impl Written {
    /// Begins with the metadata, and which sections are written in the order of their keys. An error where they contradict
    /// themselves.
    pub fn begin(
        metadata: &Metadata,
        is_sorted: Vec<bool>,
        temporary: &Path,
        patience: &Patience,
    ) -> Result<Self> {
        let scratch = Scratch::new_in(temporary)?;
        let keys = Keys::create(&scratch.file("keys"), patience)?;
        let mut problems = Problems::new(usize::MAX);
        check_shapes(metadata, &mut problems);
        refuse(problems)?;
        let fields = metadata.sections.values().map(|section| fallible(&section.shape)).collect();
        let items = ItemModel::new(metadata);
        Ok(Self { items, keys, fields, is_sorted, before: (0, None), _scratch: scratch })
    }

    /// Looks at an item: its section and its place there, its number where it has one, and its fields. An error where an
    /// import would refuse it.
    pub fn item(
        &mut self,
        (section, item): (usize, u64),
        number: Option<i64>,
        fields: &[Option<Value>],
    ) -> Result<()> {
        let mut problems = Problems::new(usize::MAX);
        let place = Place { item, line: item, column: 0 };
        if self.before.0 != section {
            self.before = (section, None);
        }
        let before = self.is_sorted[section].then_some(&mut self.before.1);
        let written = Some(WrittenItems { fields: &self.fields[section], before });
        let section = u32::try_from(section)?;
        let (model, keys, problems_of) = (&self.items, &mut self.keys, &mut problems);
        let mut visit = Visit { model, keys, problems: problems_of, section, cells: &[], place, written };
        visit.item(number, fields)?;
        refuse(problems)
    }

    /// Ends the document. An error where something in it refers to an item that should be there and is not.
    pub fn end(self) -> Result<()> {
        let mut problems = Problems::new(1);
        self.keys.each_lost(|lost| {
            if self.items.must_have(lost.target) {
                problems.add(self.items.missing(lost.target, lost.number, lost.place.item, &lost.path));
            }
        })?;
        refuse(problems)
    }
}

/// Which fields of a section's items can be wrong although larder wrote them: those of the key, and what refers to something.
fn fallible(shape: &Shape) -> Vec<bool> {
    let is_fallible = |name: &String| match shape.field(name) {
        _ if shape.key.contains(name) => true,
        Field::Reference(reference) => !reference.plain,
        Field::Json(_, json) => !json.references.is_empty(),
        Field::Nested(_) | Field::Flattened(..) => true,
        Field::Column(_) => false,
    };
    shape.columns.keys().map(is_fallible).collect()
}

/// An error with the first thing for which an import would refuse the document.
fn refuse(problems: Problems) -> Result<()> {
    let is_error = |problem: &Problem| problem.severity == Severity::Error;
    let Some(problem) = problems.listed.into_iter().find(is_error) else { return Ok(()) };
    // Nobody has seen a line of it yet.
    let problem = Problem { line: None, column: None, ..problem };
    Err(Fault::failed(format!("no import would accept the document: {problem}"))
        .hint("say in larder.toml what the columns mean, or leave the section out with --exclude; --full exports everything")
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use serde_json::{Value as Json, json};
    use std::time::Duration;

    /// What is said of a document with clubs known by their name, rooms known by their number, and people who refer to both:
    /// `clubs` changes what is said of them, and `people` are the club and the room of each.
    fn said(clubs: &Json, people: &[(&str, &str)]) -> String {
        said_of(&["Alder"], true, clubs, people)
    }

    /// The same with clubs of these names, which are in their order or not.
    fn said_of(names: &[&str], is_sorted: bool, clubs: &Json, people: &[(&str, &str)]) -> String {
        let mut sections = json!({
            "clubs": {"items": 1, "table": "clubs", "columns": {"name": "text"}, "key": ["name"]},
            "rooms": {"items": 1, "table": "rooms", "columns": {"label": "text"}, "ids": true},
            "people": {"items": 1, "table": "people", "columns": {"club": "text", "room": "json"}, "references": {
                "club": {"columns": ["club_id"], "section": "clubs", "to": ["id"]},
                "room": {"columns": ["room_id"], "section": "rooms", "to": ["id"]},
            }},
        });
        for (key, value) in clubs.as_object().expect("an object") {
            sections["clubs"][key] = value.clone();
        }
        let metadata = json!({
            "format": "larder-export", "version": 1, "mode": "condensed", "app": "a", "app_version": null,
            "schema_version": null, "exported_at": "2026-11-20T10:30:00Z", "larder_version": "0.1.0",
            "includes": ["clubs", "rooms", "people"], "sections": sections,
        });
        let metadata = serde_json::from_value(metadata).expect("metadata");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let patience = Patience::new(Duration::ZERO, &Silent);
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        let write = || -> Result<()> {
            let mut written = Written::begin(&metadata, vec![is_sorted; 3], folder.path(), &patience)?;
            for (at, name) in names.iter().enumerate() {
                written.item((0, at as u64), None, &[text(name)])?;
            }
            written.item((1, 0), Some(7), &[text("blue")])?;
            for (at, (club, room)) in people.iter().enumerate() {
                written.item((2, at as u64), None, &[text(club), text(room)])?;
            }
            written.end()
        };
        write().err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_items_refer_to_must_be_there() {
        let none = json!({});
        assert_eq!(said(&none, &[("Alder", "{\"$id\": 7}")]), "");
        let refused = "no import would accept the document: ";
        for (club, room, why) in [
            ("Alder", "{\"$id\": 8}", "data.people[1].room: no item of rooms has this $id"),
            ("Birch", "{\"$id\": 7}", "data.people[1].club: it leads to no item of clubs in the document"),
            ("Alder", "\"blue\"", "data.people[1].room: the items of rooms have no key"),
        ] {
            let found = said(&none, &[("Alder", "{\"$id\": 7}"), (club, room)]);
            assert!(found.starts_with(&format!("{refused}{why}")), "{found}");
        }
    }

    #[test]
    fn what_a_document_has_a_part_of_may_be_in_the_database_already() {
        for part in [json!({"partial": true}), json!({"filter": "name > 'A'"})] {
            assert_eq!(said(&part, &[("Birch", "{\"$id\": 7}")]), "", "{part}");
            assert!(said(&part, &[("Birch", "{\"$id\": 8}")]).contains("has this $id"), "{part}");
        }
    }

    #[test]
    fn two_items_have_two_keys() {
        let none = json!({});
        let found = said_of(&["Alder", "Birch", "Birch"], true, &none, &[]);
        assert!(found.contains("data.clubs[2]: its key is that of the item before too"), "{found}");
        let found = said_of(&["Alder", "Birch", "Alder"], false, &none, &[]);
        assert!(found.contains("data.clubs[2]: its key is that of data.clubs[0]"), "{found}");
    }

    #[test]
    fn metadata_that_contradict_themselves_are_not_written() {
        let found = said(&json!({"key": ["title"]}), &[]);
        assert!(found.contains("metadata.sections.clubs.key: \"title\" is not among the columns"), "{found}");
    }
}
