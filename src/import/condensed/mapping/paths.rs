//! Where a text such as `SECTION.CHILD.COLUMN=…` leads. Names may hold dots and equal signs: of those that fit, the longest
//! counts. Case does not, as in SQLite.

use super::is_column;
use crate::app::model::{Nested, Shape};
use crate::error::{Fault, nearest};
use indexmap::{IndexMap, IndexSet};

/// Where a text leads.
#[derive(Debug, Clone)]
pub(super) struct Place<'m, 't> {
    /// The section.
    pub section: &'m str,
    /// What its items are.
    pub top: &'m Shape,
    /// The children, each inside the one before.
    pub path: Vec<&'m str>,
    /// What they are, or the items of the section.
    pub shape: &'m Shape,
    /// How they are nested.
    pub parent: Option<&'m Nested>,
    /// The field or the column; without one, the whole table is meant.
    pub name: Option<&'m str>,
    /// What follows the equal sign.
    pub new: &'t str,
}

/// Every column that a shape knows of its table.
pub(super) fn columns<'m>(shape: &'m Shape, parent: Option<&'m Nested>) -> IndexSet<&'m str> {
    let fields = shape.columns.keys().filter(|field| is_column(shape, field));
    let references = shape.references.values().flat_map(|reference| &reference.columns);
    let lists = shape.omitted.iter().chain(&shape.refetch).chain(&shape.secret).chain(&shape.scope);
    let composed =
        shape.composed.iter().flat_map(|(name, composed)| [name].into_iter().chain(&composed.columns));
    let links = shape.nested.values().flat_map(|nested| &nested.to);
    let links = links.chain(parent.into_iter().flat_map(|parent| &parent.parent));
    fields.chain(references).chain(lists).chain(composed).chain(links).map(String::as_str).collect()
}

/// The shape at the end of a path of children, and how it is nested.
pub(super) fn within<'m>(top: &'m Shape, path: &[&str]) -> (&'m Shape, Option<&'m Nested>) {
    path.iter().fold((top, None), |(shape, _), child| {
        let nested = &shape.nested[*child];
        (&nested.shape, Some(nested))
    })
}

/// The names that a text begins with, the longest first, each with the rest.
pub(super) fn beginnings<'n, 't>(
    text: &'t str,
    names: impl Iterator<Item = &'n str>,
) -> Vec<(&'n str, &'t str)> {
    let fits = |name: &'n str| {
        let start = text.get(..name.len())?;
        let is_whole = text[name.len()..].starts_with(['.', '=']);
        (start.eq_ignore_ascii_case(name) && is_whole).then(|| (name, &text[name.len()..]))
    };
    let mut found: Vec<_> = names.filter_map(fits).collect();
    // One that is written the same way comes before one that is not.
    found.sort_by_key(|(name, _)| (std::cmp::Reverse(name.len()), !text.starts_with(name)));
    found
}

/// What stands before the first dot or equal sign.
fn first(text: &str) -> &str {
    text.split(['.', '=']).next().unwrap_or_default()
}

/// An error about a section that is not there.
pub(super) fn no_section(text: &str, shapes: &IndexMap<String, Shape>) -> Fault {
    let names: Vec<&str> = shapes.keys().map(String::as_str).collect();
    Fault::usage(format!("the document has no section {:?}", first(text))).hint(nearest(first(text), &names))
}

/// Where a text leads in a document.
pub(super) fn find<'m, 't>(
    text: &'t str,
    shapes: &'m IndexMap<String, Shape>,
) -> Result<Place<'m, 't>, Fault> {
    if !text.contains('=') {
        return Err(Fault::usage("it lacks an equal sign")
            .hint("write SECTION.OLD=NEW, SECTION.OLD= to leave a column out, or SECTION=TABLE"));
    }
    let found = beginnings(text, shapes.keys().map(String::as_str));
    let mut failed = None;
    for (section, rest) in found {
        let top = &shapes[section];
        let place = Place { section, top, path: Vec::new(), shape: top, parent: None, name: None, new: "" };
        match place.inside(rest) {
            Ok(place) => return Ok(place),
            Err(fault) => drop(failed.get_or_insert(fault)),
        }
    }
    Err(failed.unwrap_or_else(|| no_section(text, shapes)))
}

impl<'t> Place<'_, 't> {
    /// Where the rest of a text leads from here.
    fn inside(mut self, rest: &'t str) -> Result<Self, Fault> {
        if let Some(new) = rest.strip_prefix('=') {
            self.new = new;
            return Ok(self);
        }
        let rest = &rest[1..];
        let shape = self.shape;
        let mut names = columns(shape, self.parent);
        names.extend(shape.columns.keys().chain(shape.nested.keys()).map(String::as_str));
        let mut failed = None;
        for (name, after) in beginnings(rest, names.iter().copied()) {
            let found = match (shape.nested.get(name), after.strip_prefix('=')) {
                (Some(nested), _) => {
                    let path = self.path.iter().copied().chain([name]).collect();
                    Self { path, shape: &nested.shape, parent: Some(nested), ..self.clone() }.inside(after)
                }
                (None, Some(new)) => return Ok(Self { name: Some(name), new, ..self }),
                (None, None) => continue,
            };
            match found {
                Ok(found) => return Ok(found),
                Err(fault) => drop(failed.get_or_insert(fault)),
            }
        }
        Err(failed.unwrap_or_else(|| {
            let (names, wanted): (Vec<&str>, &str) = (names.into_iter().collect(), first(rest));
            let what = self.path.last().unwrap_or(&self.section);
            Fault::usage(format!("{what} has no column {wanted:?}")).hint(nearest(wanted, &names))
        }))
    }
}
