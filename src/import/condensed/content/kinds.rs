//! The kinds of rows that are looked at together, and what of each is looked at.

use super::order::Step;
use crate::app::model::{Field, JsonColumn, Layout, Nested, Reference, Shape};
use crate::document::envelope::Metadata;

/// Rows of one kind: those of a section, or the children in a field of it.
pub(super) struct Kind<'m> {
    /// The section, by its place in the document.
    pub section: u32,
    pub shape: &'m Shape,
    /// Of children: what refers to the parent.
    pub nested: Option<&'m Nested>,
    /// The columns that they hold by themselves.
    pub columns: Vec<String>,
    /// Of items with a key: columns besides it, which may have changed.
    pub rest: Vec<String>,
    /// The references to rows that are looked at too.
    pub references: Vec<&'m Reference>,
    /// The columns of JSON with such references.
    pub json: Vec<(&'m str, &'m JsonColumn)>,
    /// The kinds of children that hold no such references: they are a part of what their parent holds.
    pub inner: Vec<&'m Nested>,
    /// The other kinds of children, by their place among the kinds.
    pub outer: Vec<(usize, &'m Nested)>,
    /// Whether rows of theirs are looked for that were edited.
    pub may_be_edited: bool,
    /// The columns that they are called by, where those are looked for.
    pub label: Vec<&'m str>,
}

impl<'m> Kind<'m> {
    fn new(section: usize, shape: &'m Shape, nested: Option<&'m Nested>) -> Option<Self> {
        Some(Self {
            section: u32::try_from(section).ok()?,
            shape,
            nested,
            columns: Vec::new(),
            rest: Vec::new(),
            references: Vec::new(),
            json: Vec::new(),
            inner: Vec::new(),
            outer: Vec::new(),
            may_be_edited: false,
            label: Vec::new(),
        })
    }

    /// Whether they are known by their key, whatever else they hold.
    pub fn is_keyed(&self) -> bool {
        self.nested.is_none() && !self.shape.key.is_empty()
    }

    /// Whether a column is one of its references.
    pub fn refers(&self, column: &str) -> bool {
        self.references.iter().any(|reference| reference.columns.iter().any(|own| own == column))
    }
}

/// All kinds of rows of a step.
pub(super) struct Kinds<'m> {
    pub all: Vec<Kind<'m>>,
    metadata: &'m Metadata,
    sections: Vec<usize>,
}

impl<'m> Kinds<'m> {
    /// Those of a step; nothing where what one refers to cannot be told from a row of it alone.
    pub fn of(metadata: &'m Metadata, step: &Step, has_owner: bool) -> Option<Self> {
        let sections: Vec<usize> = step.alike.iter().chain(&step.keyed).copied().collect();
        let mut kinds = Self { all: Vec::new(), metadata, sections };
        for section in kinds.sections.clone() {
            let (_, known) = metadata.sections.get_index(section)?;
            kinds.add(section, &known.shape, None, has_owner)?;
        }
        Some(kinds)
    }

    /// Lets rows that were edited be looked for where more hangs on them, and nobody said by what else they are known.
    pub fn look_for_edited(&mut self) {
        let mut targets = Vec::new();
        self.metadata.sections.values().for_each(|section| section.shape.collect_targets(&mut targets));
        for kind in &mut self.all {
            let shape = kind.shape;
            let is_top = kind.nested.is_none() && shape.key.is_empty() && shape.matches.is_empty();
            let name = self.metadata.sections.get_index(kind.section as usize).map(|(name, _)| name);
            let is_referred_to = || targets.iter().any(|target| Some(target) == name);
            kind.may_be_edited = is_top && (!shape.nested.is_empty() || is_referred_to());
            let is_column = |field: &&String| matches!(shape.field(field), Field::Column(_));
            if kind.may_be_edited && shape.label.iter().all(|field| is_column(&field)) {
                kind.label = shape.label.iter().map(String::as_str).collect();
            }
        }
    }

    /// Whether rows that were edited are looked for.
    pub fn may_be_edited(&self) -> bool {
        self.all.iter().any(|kind| kind.may_be_edited)
    }

    /// Whether any of them refers to another, or to its like.
    pub fn are_related(&self) -> bool {
        self.all
            .iter()
            .any(|kind| !kind.references.is_empty() || !kind.json.is_empty() || !kind.outer.is_empty())
    }

    /// The kind of the items of a section that is looked at.
    pub fn of_section(&self, name: &str) -> Option<usize> {
        let section = self.metadata.sections.get_index_of(name)?;
        let is_it = |kind: &Kind<'_>| kind.nested.is_none() && kind.section as usize == section;
        self.all.iter().position(is_it)
    }

    /// Whether items of a section are looked at.
    fn is_in(&self, name: &str) -> bool {
        self.metadata.sections.get_index_of(name).is_some_and(|section| self.sections.contains(&section))
    }

    fn refers(&self, shape: &Shape) -> bool {
        let mut targets = Vec::new();
        shape.collect_targets(&mut targets);
        targets.iter().any(|target| self.is_in(target))
    }

    fn add(
        &mut self,
        section: usize,
        shape: &'m Shape,
        nested: Option<&'m Nested>,
        has_owner: bool,
    ) -> Option<usize> {
        let mut kind = Kind::new(section, shape, nested)?;
        self.add_fields(&mut kind)?;
        add_made(&mut kind, has_owner);
        let columns = std::mem::take(&mut kind.columns);
        kind.columns = columns.into_iter().filter(|column| !kind.refers(column)).collect();
        kind.columns.sort_unstable();
        kind.columns.dedup();
        let own = self.all.len();
        let children: Vec<&Nested> =
            if kind.is_keyed() { Vec::new() } else { shape.nested.values().collect() };
        let (outer, inner): (Vec<_>, Vec<_>) =
            children.into_iter().partition(|nested| self.refers(&nested.shape));
        kind.inner = inner;
        self.all.push(kind);
        for nested in outer {
            let child = self.add(section, &nested.shape, Some(nested), has_owner)?;
            self.all[own].outer.push((child, nested));
        }
        Some(own)
    }

    /// Sorts the fields of a kind; nothing where one says by another column what it refers to.
    fn add_fields(&self, kind: &mut Kind<'m>) -> Option<()> {
        let shape = kind.shape;
        for field in shape.columns.keys() {
            if kind.is_keyed() && !shape.key.contains(field) {
                if let Field::Column(column) = shape.field(field) {
                    kind.rest.push(column.to_owned());
                }
                continue;
            }
            match shape.field(field) {
                Field::Reference(reference) if self.is_in(&reference.section) => {
                    kind.references.push(reference);
                }
                Field::Reference(reference) => kind.columns.extend(reference.columns.iter().cloned()),
                Field::Json(column, json) if json.references.values().any(|target| self.is_in(target)) => {
                    if json.layout == Layout::ByType {
                        return None;
                    }
                    kind.json.push((column, json));
                }
                Field::Column(column) | Field::Json(column, _) => kind.columns.push(column.to_owned()),
                Field::Nested(_) | Field::Flattened(..) => {}
            }
        }
        Some(())
    }
}

/// Adds the columns of items without a key that no field is: whose they are, and what is made of other columns.
fn add_made(kind: &mut Kind<'_>, has_owner: bool) {
    if kind.nested.is_some() || kind.is_keyed() {
        return;
    }
    kind.columns.extend(kind.shape.scope.clone().filter(|_| has_owner));
    let is_made = |columns: &[String; 2]| columns.iter().all(|own| kind.columns.contains(own));
    let composed = kind.shape.composed.iter().filter(|(_, own)| is_made(&own.columns));
    let composed: Vec<String> = composed.map(|(column, _)| column.clone()).collect();
    kind.columns.extend(composed);
}
