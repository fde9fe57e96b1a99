//! Values that one should look at: they can be written, and are likely to be mistakes.
//!
//! Nothing in a document says that a column holds dates or UUIDs; its other values do. So what is unlike them is kept until
//! the section ends, a few of each field.

mod conditions;
mod labels;
mod profile;

use super::envelope::Metadata;
use super::reader::{Place, Sink};
use crate::app::model::{Field, FieldType, Shape};
use crate::database::value::{Borrowed, Value};
use crate::problem::Problem;
use anyhow::Result;
use conditions::Conditions;
use indexmap::IndexMap;
use labels::Labels;
use profile::Profile;
use serde_json::Value as Json;

/// Passes on what it takes, with a warning for each value that one should look at.
pub struct Inspected<'a> {
    inner: &'a mut dyn Sink,
    /// What the document is called.
    name: &'a str,
    metadata: Option<Metadata>,
    section: String,
    /// The fields of the section that were met, those of children among them.
    profiles: IndexMap<String, Profile>,
    /// In which cell each column is, where there are cells.
    cells: Vec<u64>,
    /// What conditions there are, by section and field.
    checks: IndexMap<String, IndexMap<String, String>>,
    /// The conditions that they set on the items of this one.
    conditions: Option<Conditions>,
    /// What items are called to which others refer.
    labels: Labels,
}

impl<'a> Inspected<'a> {
    /// Takes a document of that name, with conditions in SQL on its values, by section and field.
    pub fn new(
        inner: &'a mut dyn Sink,
        name: &'a str,
        checks: IndexMap<String, IndexMap<String, String>>,
    ) -> Self {
        let (section, profiles, cells) = (String::new(), IndexMap::new(), Vec::new());
        Self {
            inner,
            name,
            metadata: None,
            section,
            profiles,
            cells,
            checks,
            conditions: None,
            labels: Labels::default(),
        }
    }

    /// Warns of what was met in the last section.
    pub fn finish(&mut self) -> Result<()> {
        for (field, profile) in std::mem::take(&mut self.profiles) {
            for problem in profile.problems(&format!("data.{}", self.section), &field) {
                self.inner.problem(self.name, problem)?;
            }
        }
        let labels = self.labels.finish();
        labels.into_iter().try_for_each(|problem| self.inner.problem(self.name, problem))
    }

    /// Warns of the conditions that an item does not meet.
    fn check(&mut self, fields: &[Option<Value>], place: Place) -> Result<()> {
        let Some(conditions) = &self.conditions else { return Ok(()) };
        for (field, why) in conditions.unmet(fields)? {
            let shape = self.metadata.as_ref().and_then(|metadata| metadata.shape(&self.section));
            let at = shape.and_then(|shape| shape.columns.get_index_of(field));
            let column = at.and_then(|at| self.cells.get(at).copied()).unwrap_or(place.column);
            let path = format!("data.{}[{}].{field}", self.section, place.item);
            self.inner.problem(self.name, Problem::warning(&path, why).at(place.line, column))?;
        }
        Ok(())
    }

    fn inspect(&mut self, fields: &[Option<Value>], place: Place) {
        let Some(section) = self.metadata.as_ref().and_then(|metadata| metadata.sections.get(&self.section))
        else {
            return;
        };
        let (profiles, shape) = (&mut self.profiles, &section.shape);
        let item = format!("data.{}[{}]", self.section, place.item);
        for (at, ((name, kind), value)) in shape.columns.iter().zip(fields).enumerate() {
            let Some(value) = value else { continue };
            let place = Place { column: self.cells.get(at).copied().unwrap_or(place.column), ..place };
            match (shape.field(name), value) {
                (Field::Column(_) | Field::Flattened(..), value) if *kind != FieldType::Json => {
                    let profile =
                        profiles.entry(format!(".{name}")).or_insert_with(|| Profile::new(name, *kind));
                    profile.add(value.into(), &|| format!("{item}.{name}"), place);
                }
                (Field::Nested(nested), Value::Text(text)) => {
                    if let Ok(json) = serde_json::from_str(text) {
                        let below = (format!(".{name}"), format!("{item}.{name}"));
                        children(profiles, &nested.shape, &json, &below, place);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Takes children: `field` is what they are called in every item, `path` where these are.
fn children(
    profiles: &mut IndexMap<String, Profile>,
    shape: &Shape,
    json: &Json,
    (field, path): &(String, String),
    place: Place,
) {
    match json {
        Json::Array(list) => {
            for (at, json) in list.iter().enumerate() {
                children(profiles, shape, json, &(field.clone(), format!("{path}[{at}]")), place);
            }
        }
        Json::Object(object) => {
            for (name, json) in object {
                let Some(kind) = shape.columns.get(name) else { continue };
                let below = (format!("{field}.{name}"), format!("{path}.{name}"));
                let value = match (shape.field(name), json) {
                    (Field::Nested(nested), json) => {
                        children(profiles, &nested.shape, json, &below, place);
                        continue;
                    }
                    (Field::Column(_) | Field::Flattened(..), Json::String(text)) => Borrowed::Text(text),
                    (Field::Column(_) | Field::Flattened(..), Json::Number(_)) => Borrowed::Integer(0),
                    _ => continue,
                };
                if *kind != FieldType::Json {
                    let profile =
                        profiles.entry(below.0.clone()).or_insert_with(|| Profile::new(name, *kind));
                    profile.add(value, &|| below.1.clone(), place);
                }
            }
        }
        _ => {}
    }
}

impl Sink for Inspected<'_> {
    fn metadata(&mut self, metadata: &Metadata) -> Result<()> {
        self.metadata = Some(metadata.clone());
        self.inner.metadata(metadata)
    }

    fn section(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        self.finish()?;
        name.clone_into(&mut self.section);
        self.cells.clear();
        let wanted = self.inner.section(name)?;
        let check = self.checks.get(name);
        let shape = self.metadata.as_ref().and_then(|metadata| metadata.shape(name));
        self.conditions = match (check, shape) {
            (Some(check), Some(shape)) if wanted.is_some() => Some(Conditions::new(name, shape, check)?),
            _ => None,
        };
        for field in self.conditions.iter().flat_map(|conditions| &conditions.unknown) {
            let why = format!("the settings have a condition on {field}, and the document no such field");
            self.inner.problem(self.name, Problem::warning(&format!("metadata.sections.{name}"), why))?;
        }
        Ok(wanted)
    }

    fn cells(&mut self, cells: &[u64]) {
        cells.clone_into(&mut self.cells);
        self.inner.cells(cells);
    }

    fn row(&mut self, rowid: Option<i64>, values: Vec<Value>, place: Place) -> Result<()> {
        self.inner.row(rowid, values, place)
    }

    fn item(&mut self, number: Option<i64>, fields: Vec<Option<Value>>, place: Place) -> Result<()> {
        self.inspect(&fields, place);
        self.check(&fields, place)?;
        if let Some(metadata) = &self.metadata {
            for problem in self.labels.item(metadata, &self.section, number, &fields, place) {
                self.inner.problem(self.name, problem)?;
            }
        }
        self.inner.item(number, fields, place)
    }

    fn problem(&mut self, file: &str, problem: Problem) -> Result<()> {
        self.inner.problem(file, problem)
    }

    fn recovers(&self) -> bool {
        self.inner.recovers()
    }

    fn lost(&mut self, file: &str, problem: Problem) -> Result<()> {
        self.inner.lost(file, problem)
    }
}
