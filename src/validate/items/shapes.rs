//! Whether what the metadata of a condensed document say of its items agrees with itself.

use crate::app::model::{FieldType, Shape};
use crate::document::envelope::Metadata;
use crate::problem::{Problem, Problems};

/// Says what of the shapes contradicts itself, or names what is not there.
pub fn check(metadata: &Metadata, problems: &mut Problems) {
    let sections = metadata.sections.iter().map(|(name, section)| ("sections", name, &section.shape));
    let referenced = metadata.referenced.iter().map(|(name, shape)| ("referenced", name, shape));
    for (part, name, shape) in sections.chain(referenced) {
        let mut checker = Checker { metadata, problems, path: format!("metadata.{part}.{name}") };
        checker.shape(shape);
    }
}

struct Checker<'a> {
    metadata: &'a Metadata,
    problems: &'a mut Problems,
    path: String,
}

impl Checker<'_> {
    fn error(&mut self, below: &str, message: impl Into<String>) {
        self.problems.add(Problem::error(&format!("{}.{below}", self.path), message));
    }

    fn shape(&mut self, shape: &Shape) {
        for name in shape.key.iter().filter(|name| !shape.columns.contains_key(*name)) {
            self.error("key", format!("{name:?} is not among the columns"));
        }
        self.references(shape);
        for (name, json) in &shape.json {
            self.typed(shape, "json", name);
            for (path, section) in &json.references {
                self.section(&format!("json.{name}.references.{path}"), section);
            }
        }
        self.nested(shape);
        let is_something = |name: &String| {
            shape.references.contains_key(name)
                || shape.json.contains_key(name)
                || shape.nested.contains_key(name)
                || shape.nested.values().any(|nested| nested.flattened.contains_key(name))
        };
        let json = shape.columns.iter().filter(|(_, field_type)| **field_type == FieldType::Json);
        for (name, _) in json.filter(|(name, _)| !is_something(name)) {
            self.error(&format!("columns.{name}"), "it is JSON, and nothing says what is in it");
        }
    }

    fn references(&mut self, shape: &Shape) {
        for (name, reference) in &shape.references {
            let path = format!("references.{name}");
            if !shape.columns.contains_key(name) {
                self.error(&path, "it is not among the columns");
            }
            if reference.columns.is_empty() || reference.columns.len() != reference.to.len() {
                self.error(&path, "columns and to are not of the same number");
            }
            self.section(&path, &reference.section);
        }
    }

    fn nested(&mut self, shape: &Shape) {
        for (name, nested) in &shape.nested {
            let path = format!("nested.{name}");
            if nested.parent.is_empty() || nested.parent.len() != nested.to.len() {
                self.error(&path, "parent and to are not of the same number");
            }
            if nested.flattened.is_empty() {
                self.typed(shape, "nested", name);
            }
            for (field, inside) in &nested.flattened {
                if !shape.columns.contains_key(field) || !nested.shape.columns.contains_key(inside) {
                    let message = format!("{field:?} or {inside:?} is not among the columns");
                    self.error(&format!("{path}.flattened"), message);
                }
            }
            let length = self.path.len();
            self.path += &format!(".{path}");
            self.shape(&nested.shape);
            self.path.truncate(length);
        }
    }

    /// A field that holds JSON must be one, and be said to.
    fn typed(&mut self, shape: &Shape, part: &str, name: &str) {
        match shape.columns.get(name) {
            Some(FieldType::Json) => {}
            Some(_) => self.error(&format!("{part}.{name}"), "the columns say that it is not json"),
            None => self.error(&format!("{part}.{name}"), "it is not among the columns"),
        }
    }

    fn section(&mut self, below: &str, section: &str) {
        if !self.metadata.sections.contains_key(section) && !self.metadata.referenced.contains_key(section) {
            self.error(below, format!("neither sections nor referenced has {section:?}"));
        }
    }
}
