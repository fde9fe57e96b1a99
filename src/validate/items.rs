//! Items of a condensed document, against the shapes that its metadata give them.

mod encode;
mod fields;
mod shapes;
mod visit;

pub use shapes::check as check_shapes;
pub use visit::{Visit, WrittenItems};

use crate::app::model::{Field, Shape};
use crate::document::envelope::Metadata;
use crate::problem::{Problem, Severity};
use indexmap::IndexSet;

/// What the metadata say of a document's items, and what references among them may lead to.
pub struct ItemModel {
    metadata: Metadata,
    /// What references lead to, each once: its place is its number.
    targets: IndexSet<Target>,
}

/// What references lead to: items of a section, by something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Target {
    section: String,
    by: By,
}

/// What items are known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum By {
    /// Their natural key.
    Key,
    /// The number that they have in the document.
    Number,
    /// The value of a field.
    Field(String),
}

impl ItemModel {
    /// What a document's metadata say.
    pub fn new(metadata: &Metadata) -> Self {
        let mut model = Self { metadata: metadata.clone(), targets: IndexSet::new() };
        for section in metadata.sections.values() {
            model.add_targets(&section.shape);
        }
        model
    }

    fn add_targets(&mut self, shape: &Shape) {
        for reference in shape.references.values() {
            if !reference.plain {
                self.add_both(&reference.section);
            } else if let [to] = reference.to.as_slice()
                && let Some(field) = self.field_of(&reference.section, to)
            {
                self.targets.insert(Target { section: reference.section.clone(), by: By::Field(field) });
            }
        }
        for section in shape.json.values().flat_map(|json| json.references.values()) {
            self.add_both(section);
        }
        shape.nested.values().for_each(|nested| self.add_targets(&nested.shape));
    }

    fn add_both(&mut self, section: &str) {
        for by in [By::Key, By::Number] {
            self.targets.insert(Target { section: section.to_owned(), by });
        }
    }

    /// The field that holds a column of a section's table as it is.
    fn field_of(&self, section: &str, column: &str) -> Option<String> {
        let shape = self.shape(section)?;
        let name = shape.columns.keys().find(|name| name.eq_ignore_ascii_case(column))?;
        let is_as_it_is = match shape.field(name) {
            Field::Column(_) => true,
            Field::Reference(reference) => reference.plain,
            _ => false,
        };
        is_as_it_is.then(|| name.clone())
    }

    /// The shape of a section that is in the document, or that its items refer to.
    fn shape(&self, section: &str) -> Option<&Shape> {
        self.metadata.shape(section)
    }

    /// The number of a target; nothing where its section is not in the document.
    fn target(&self, section: &str, by: By) -> Option<u32> {
        if !self.metadata.sections.contains_key(section) {
            return None;
        }
        let at = self.targets.get_index_of(&Target { section: section.to_owned(), by })?;
        u32::try_from(at).ok()
    }

    /// Whether the document must have what references lead to: a section that is all there, or a number that means nothing
    /// anywhere else. A column that holds a key by itself may hold one that nothing has.
    pub fn must_have(&self, target: u32) -> bool {
        let Some(Target { section, by }) = self.targets.get_index(target as usize) else { return false };
        let is_whole = || {
            let section = self.metadata.sections.get(section);
            self.metadata.scope.is_none()
                && section.is_some_and(|section| !section.partial && section.filter.is_none())
        };
        match by {
            By::Number => true,
            By::Key => is_whole(),
            By::Field(_) => false,
        }
    }

    /// What is said of a reference to an item that the document must have and does not.
    pub fn missing(&self, target: u32, section: u32, item: u64, below: &str) -> Problem {
        Problem { severity: Severity::Error, ..self.lost(target, section, item, below) }
    }

    /// What is said of a reference that leads to none of the document's items.
    pub fn lost(&self, target: u32, section: u32, item: u64, below: &str) -> Problem {
        let name = self.metadata.sections.get_index(section as usize).map_or("", |(name, _)| name);
        let path = format!("data.{name}[{item}]{below}");
        let Some(target) = self.targets.get_index(target as usize) else {
            return Problem::warning(&path, "it leads to nothing");
        };
        let (severity, rest) = match target.by {
            By::Number => (Severity::Error, "has this $id"),
            _ => (Severity::Warning, "in the document; it must be in the database already"),
        };
        let verb = if target.by == By::Number { "no item of" } else { "it leads to no item of" };
        Problem::new(severity, &path, format!("{verb} {} {rest}", target.section))
    }
}
