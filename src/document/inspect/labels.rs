//! Labels of references that are not those of the items which their numbers mean: somebody may have changed the one and meant
//! the other.

use crate::app::json_path::steps;
use crate::app::model::{Field, Shape};
use crate::database::value::Value;
use crate::document::envelope::Metadata;
use crate::document::id_type::IdType;
use crate::document::json::{ID, LABEL};
use crate::document::label;
use crate::document::reader::Place;
use crate::document::tree::each_place;
use crate::problem::Problem;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// So many items are remembered, and so many references to items that are not read yet. No more are compared.
const REMEMBERED: usize = 200_000;

/// What the items of a document are called, as far as it is remembered.
#[derive(Default)]
pub(super) struct Labels {
    /// By section and number, a digest of the label.
    known: HashMap<(usize, i64), Option<u64>>,
    /// References to items that were not read when they were: the section, the number, the label, and where.
    open: Vec<(usize, i64, String, Problem)>,
}

impl Labels {
    /// Takes an item. Gives back what is to be said of references in it.
    pub(super) fn item(
        &mut self,
        metadata: &Metadata,
        section: &str,
        number: Option<i64>,
        fields: &[Option<Value>],
        place: Place,
    ) -> Vec<Problem> {
        let Some((at, _, own)) = metadata.sections.get_full(section) else { return Vec::new() };
        let shape = &own.shape;
        if let Some(number) = number.filter(|_| shape.ids && self.known.len() < REMEMBERED) {
            let value = |name: &String| fields.get(shape.columns.get_index_of(name)?)?.as_ref();
            let label = label::of_values(label::fields(shape).iter().filter_map(value));
            self.known.insert((at, number), label.as_deref().map(digest));
        }
        let mut found = Vec::new();
        for (name, value) in shape.columns.keys().zip(fields) {
            if let Some(Value::Text(text)) = value
                && text.contains(LABEL)
                && let Ok(json) = serde_json::from_str(text)
            {
                collect(shape, name, &json, &mut found);
            }
        }
        let path = format!("data.{section}[{}]", place.item);
        let mut problems = Vec::new();
        for (target, number, label, below) in found {
            let Some(target) = metadata.sections.get_index_of(&target) else { continue };
            let why =
                format!("{LABEL} {label:?} is not what the item with this {ID} is called; the number counts");
            let problem = Problem::warning(&format!("{path}.{below}"), why).at(place.line, place.column);
            match self.known.get(&(target, number)) {
                Some(known) => problems.extend((*known != Some(digest(&label))).then_some(problem)),
                None if self.open.len() < REMEMBERED => self.open.push((target, number, label, problem)),
                None => {}
            }
        }
        problems
    }

    /// What is to be said of references to items that have come by now.
    pub(super) fn finish(&mut self) -> Vec<Problem> {
        let is_read = |(section, number, ..): &(usize, i64, String, Problem)| {
            self.known.contains_key(&(*section, *number))
        };
        let (read, open): (Vec<_>, Vec<_>) = std::mem::take(&mut self.open).into_iter().partition(is_read);
        self.open = open;
        let differs = |(section, number, label, problem): (usize, i64, String, Problem)| {
            (self.known[&(section, number)] != Some(digest(&label))).then_some(problem)
        };
        read.into_iter().filter_map(differs).collect()
    }
}

/// Adds the references in a field that have a label: their section, the number, the label, and the field.
fn collect(shape: &Shape, name: &str, json: &Json, found: &mut Vec<(String, i64, String, String)>) {
    let mut add = |section: &str, key: &Json| {
        if let (Some(number), Some(label)) = (label::number(key, ID), label::of_reference(key)) {
            found.push((section.to_owned(), number, label.to_owned(), name.to_owned()));
        }
    };
    match shape.field(name) {
        Field::Reference(reference) if !reference.plain => add(&reference.section, json),
        Field::Json(_, model) => {
            for (path, section) in &model.references {
                let mut tree = json.clone();
                let walked = each_place(&mut tree, &steps(path), &mut |key| {
                    add(section, IdType::of(key).1);
                    Ok(())
                });
                walked.expect("nothing fails");
            }
        }
        Field::Nested(nested) => {
            let all = json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice);
            for (field, inside) in all.iter().filter_map(Json::as_object).flatten() {
                if nested.shape.columns.contains_key(field) {
                    let before = found.len();
                    collect(&nested.shape, field, inside, found);
                    found[before..].iter_mut().for_each(|(.., below)| *below = format!("{name}.{below}"));
                }
            }
        }
        Field::Flattened(child, field) => collect(&shape.nested[child].shape, field, json, found),
        Field::Column(_) | Field::Reference(_) => {}
    }
}

fn digest(label: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    label.hash(&mut hasher);
    hasher.finish()
}
