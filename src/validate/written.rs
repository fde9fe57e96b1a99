//! A condensed document while it is written, looked at as a validation looks at it: what larder writes, larder accepts.

use super::items::{ItemModel, Visit, check_shapes};
use super::keys::Keys;
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
    /// Holds the file with the keys.
    _scratch: Scratch,
}

impl Written {
    /// Begins with the metadata. An error where they contradict themselves.
    pub fn begin(metadata: &Metadata, temporary: &Path, patience: &Patience) -> Result<Self> {
        let scratch = Scratch::new_in(temporary)?;
        let keys = Keys::create(&scratch.file("keys"), patience)?;
        let mut problems = Problems::new(usize::MAX);
        check_shapes(metadata, &mut problems);
        refuse(problems)?;
        Ok(Self { items: ItemModel::new(metadata), keys, _scratch: scratch })
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
        let section = u32::try_from(section)?;
        let (model, keys) = (&self.items, &mut self.keys);
        let mut visit = Visit { model, keys, problems: &mut problems, section, cells: &[], place };
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
            let mut written = Written::begin(&metadata, folder.path(), &patience)?;
            written.item((0, 0), None, &[text("Alder")])?;
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
    fn metadata_that_contradict_themselves_are_not_written() {
        let found = said(&json!({"key": ["title"]}), &[]);
        assert!(found.contains("metadata.sections.clubs.key: \"title\" is not among the columns"), "{found}");
    }
}
