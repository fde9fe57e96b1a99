//! What the document calls otherwise than the database does: tables and columns that were renamed or dropped since.
//!
//! A mapping rewrites what the document says of its sections and the items themselves, so that everything after it sees
//! the names of the database only.

mod apply;
mod fills;
mod items;
mod paths;
#[cfg(test)]
mod tests;

pub use fills::Fills;

use crate::app::model::{Field, Nested, Reference, Shape};
use crate::document::envelope::Metadata;
use crate::error::Fault;
use anyhow::Result;
use indexmap::{IndexMap, IndexSet};
use paths::Place;

/// What is called otherwise in the database, or is left out.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    /// The document's own shapes.
    shapes: IndexMap<String, Shape>,
    /// What changes in each section.
    renames: IndexMap<String, Renames>,
}

/// What changes in a section, or in children.
#[derive(Debug, Clone, Default)]
struct Renames {
    /// The table's name.
    table: Option<String>,
    /// The names of columns.
    columns: IndexMap<String, String>,
    /// Fields that are left out, and columns that are in none.
    left_out: IndexSet<String>,
    /// The same of children.
    children: IndexMap<String, Self>,
}

impl Renames {
    /// What a column is called in the database.
    fn column<'n>(&'n self, name: &'n str) -> &'n str {
        self.columns.get(name).map_or(name, String::as_str)
    }

    /// What a field is called then: one that is a column is called like it.
    fn field<'n>(&'n self, shape: &Shape, name: &'n str) -> &'n str {
        if is_column(shape, name) { self.column(name) } else { name }
    }
}

/// Whether a name such as `movies.reviews` is that of children in a document.
pub(super) fn names_children(name: &str, metadata: &Metadata) -> bool {
    let (text, shapes) = (format!("{name}="), shapes(metadata));
    paths::find(&text, &shapes).is_ok_and(|place| place.name.is_none() && !place.path.is_empty())
}

/// Whether a field is a column, and called like it.
pub(super) fn is_column(shape: &Shape, field: &str) -> bool {
    shape.columns.contains_key(field)
        && match shape.field(field) {
            Field::Column(_) | Field::Json(..) => true,
            Field::Reference(reference) => reference.plain,
            Field::Nested(_) | Field::Flattened(..) => false,
        }
}

impl Mapping {
    /// Reads `SECTION.OLD=NEW`, `SECTION.CHILD.OLD=NEW`, `SECTION.OLD=` and `SECTION=TABLE`, of the sections of a
    /// document.
    pub fn parse(texts: &[String], metadata: &Metadata) -> Result<Self> {
        let mut mapping = Self { shapes: shapes(metadata), renames: IndexMap::new() };
        if texts.is_empty() {
            return Ok(Self::default());
        }
        for text in texts {
            let wrong = |fault: Fault| anyhow::Error::new(fault).context(format!("--map {text}"));
            let place = paths::find(text, &mapping.shapes).map_err(wrong)?;
            let mut renames = std::mem::take(mapping.renames.entry(place.section.to_owned()).or_default());
            let added = renames.add(&place, &mapping.shapes);
            mapping.renames.insert(place.section.to_owned(), renames);
            added.map_err(wrong)?;
        }
        for (section, renames) in &mapping.renames {
            renames.refuse_twins(&mapping.shapes[section], None, section)?;
        }
        Ok(mapping)
    }

    /// Leaves out a column of a section, or of children in it.
    pub(super) fn leave_out(&mut self, metadata: &Metadata, at: &[&str], column: &str) -> Result<(), Fault> {
        if self.shapes.is_empty() {
            self.shapes = shapes(metadata);
        }
        let (section, path) = at.split_first().expect("a path begins with a section");
        let top = &self.shapes[*section];
        let (shape, parent) = paths::within(top, path);
        let place = Place { section, top, path: path.to_vec(), shape, parent, name: Some(column), new: "" };
        let mut renames = self.renames.get(*section).cloned().unwrap_or_default();
        renames.leave_out(&place, column, &self.shapes)?;
        self.renames.insert((*section).to_owned(), renames);
        Ok(())
    }

    /// Whether nothing is called otherwise.
    pub fn is_empty(&self) -> bool {
        self.renames.is_empty()
    }
}

/// The shapes of all sections that a document describes.
fn shapes(metadata: &Metadata) -> IndexMap<String, Shape> {
    let own = metadata.sections.iter().map(|(name, section)| (name.clone(), section.shape.clone()));
    let mut shapes: IndexMap<String, Shape> = own.collect();
    for (name, shape) in &metadata.referenced {
        shapes.entry(name.clone()).or_insert_with(|| shape.clone());
    }
    shapes
}

impl Renames {
    /// Adds what a text says of a place.
    fn add(&mut self, place: &Place<'_, '_>, shapes: &IndexMap<String, Shape>) -> Result<(), Fault> {
        let Some(name) = place.name else { return self.add_table(place) };
        if place.new.is_empty() {
            return self.leave_out(place, name, shapes);
        }
        let column = match place.shape.references.get(name) {
            Some(reference) if !reference.plain => match reference.columns.as_slice() {
                [column] => column,
                columns => {
                    let message = format!("{name} refers by several columns");
                    return Err(Fault::usage(message).hint(format!("name one of {}", columns.join(", "))));
                }
            },
            _ => name,
        };
        // A field of a flattened child stands for its column.
        if let (Field::Flattened(child, field), true) =
            (place.shape.field(name), place.shape.columns.contains_key(name))
        {
            return self.inner(&place.path).child(child).set(field, place.new);
        }
        self.inner(&place.path).set(column, place.new)
    }

    fn add_table(&mut self, place: &Place<'_, '_>) -> Result<(), Fault> {
        if !place.new.is_empty() {
            let before = self.inner(&place.path).table.replace(place.new.to_owned());
            return if before.is_none() { Ok(()) } else { Err(Fault::usage("its table has two names")) };
        }
        let Some((child, path)) = place.path.split_last() else {
            return Err(Fault::usage("this names no table").hint("--exclude leaves a section out"));
        };
        let (shape, _) = paths::within(place.top, path);
        let mut fields = shape.nested[*child].flattened.keys().cloned().collect::<Vec<_>>();
        if let Some(field) = fields.iter().find(|field| shape.key.contains(field)) {
            return Err(of_key(field));
        }
        fields.push((*child).to_owned());
        self.inner(path).left_out.extend(fields);
        Ok(())
    }

    /// Leaves out a column, and with it the reference that it is part of.
    fn leave_out(
        &mut self,
        place: &Place<'_, '_>,
        name: &str,
        shapes: &IndexMap<String, Shape>,
    ) -> Result<(), Fault> {
        if let (Field::Flattened(child, field), true) =
            (place.shape.field(name), place.shape.columns.contains_key(name))
        {
            let nested = &place.shape.nested[child];
            let path = place.path.iter().copied().chain([child]).collect();
            let inner = Place { path, shape: &nested.shape, parent: Some(nested), ..*place };
            return self.leave_out(&inner, field, shapes);
        }
        refuse_needed(place, name, shapes)?;
        let refers = |reference: &Reference| reference.columns.iter().any(|own| own == name);
        let mut gone: Vec<String> = vec![name.to_owned()];
        let references = place.shape.references.iter();
        gone.extend(references.filter(|(_, reference)| refers(reference)).map(|(field, _)| field.clone()));
        if let Some(field) = gone.iter().find(|field| place.shape.key.contains(field)) {
            return Err(of_key(field));
        }
        // The fields of a flattened child stand in its parent.
        if let (Some(parent), Some((_, path))) = (place.parent, place.path.split_last()) {
            let own = parent.flattened.iter().filter(|(_, field)| gone.contains(field));
            self.inner(path).left_out.extend(own.map(|(own, _)| own.clone()));
        }
        self.inner(&place.path).left_out.extend(gone);
        Ok(())
    }

    fn child(&mut self, name: &str) -> &mut Self {
        self.children.entry(name.to_owned()).or_default()
    }

    fn inner(&mut self, path: &[&str]) -> &mut Self {
        path.iter().fold(self, |renames, child| renames.child(child))
    }

    fn set(&mut self, column: &str, new: &str) -> Result<(), Fault> {
        match self.columns.insert(column.to_owned(), new.to_owned()) {
            Some(before) if before != new => Err(Fault::usage(format!("{column} is mapped to {before} too"))),
            _ => Ok(()),
        }
    }

    /// An error where two columns would have the same name.
    fn refuse_twins(&self, shape: &Shape, parent: Option<&Nested>, path: &str) -> Result<()> {
        let fields = shape.columns.keys().map(String::as_str).map(|name| (name, self.field(shape, name)));
        let columns = paths::columns(shape, parent);
        let columns = columns.into_iter().map(|name| (name, self.column(name)));
        for mut names in [fields.collect::<Vec<_>>(), columns.collect()] {
            names.retain(|(name, _)| !self.left_out.contains(*name));
            for (at, (name, new)) in names.iter().enumerate() {
                let is_twin = |(other, theirs): &(&str, &str)| {
                    theirs.eq_ignore_ascii_case(new) && (name != new || other != theirs)
                };
                if names[at + 1..].iter().any(is_twin) {
                    let message = format!("--map: {path} would have two fields {new:?}");
                    return Err(Fault::usage(message).hint("leave one of them out: SECTION.NAME=").into());
                }
            }
        }
        for (child, renames) in &self.children {
            let nested = &shape.nested[child];
            renames.refuse_twins(&nested.shape, Some(nested), &format!("{path}.{child}"))?;
        }
        Ok(())
    }
}

fn of_key(field: &str) -> Fault {
    Fault::usage(format!("{field} is part of the key by which items are known"))
        .hint("another key can be set in larder.toml")
}

/// An error where something else needs a column.
fn refuse_needed(place: &Place<'_, '_>, name: &str, shapes: &IndexMap<String, Shape>) -> Result<(), Fault> {
    let is_it = |columns: &[String]| columns.iter().any(|column| column == name);
    if place.shape.scope.as_deref() == Some(name) {
        return Err(Fault::usage(format!("{name} says whose the rows are")));
    }
    if place.parent.is_some_and(|parent| is_it(&parent.parent)) {
        return Err(Fault::usage(format!("by {name} the rows belong to their parent")));
    }
    if let Some((child, _)) = place.shape.nested.iter().find(|(_, nested)| is_it(&nested.to)) {
        return Err(Fault::usage(format!("the rows of {child} belong to their parent by {name}")));
    }
    let is_field = place.path.is_empty() && place.shape.columns.contains_key(name);
    let refers = |shape: &Shape| {
        shape.references.values().any(|reference| reference.section == place.section && is_it(&reference.to))
    };
    match shapes.iter().find(|(_, shape)| is_field && any(shape, &refers)) {
        Some((section, _)) => Err(Fault::usage(format!("items of {section} refer to it"))),
        None => Ok(()),
    }
}

/// Whether something holds for a shape, or for one in it.
fn any(shape: &Shape, holds: &dyn Fn(&Shape) -> bool) -> bool {
    holds(shape) || shape.nested.values().any(|nested| any(&nested.shape, holds))
}
