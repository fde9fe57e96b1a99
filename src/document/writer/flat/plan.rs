//! Which files CSV for people has, and what is in their columns: references and a single child are spread into columns,
//! children into files of their own.

use crate::app::model::{Field, FieldType, Nested, Shape};
use crate::document::envelope::{Metadata, Section};
use crate::document::json::{ID, key_of};
use std::collections::HashSet;

/// How many references a key may lead through.
const DEEPEST: usize = 32;
/// In how many columns a reference is still spread: keys that lead to keys can be many.
const WIDEST: usize = 2000;

/// What a field becomes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Spread {
    /// A cell with a value of that type.
    Value(FieldType),
    /// A cell with a value, or with the number that a reference is.
    Reference,
    /// A cell with JSON as text.
    Json,
    /// The cells of an object's fields: the key of each, and what it becomes.
    Object(Vec<(String, Spread)>),
    /// Rows of another file: which of its sheet's children.
    Rows(usize),
}

impl Spread {
    /// How many cells it takes.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Value(_) | Self::Reference | Self::Json => 1,
            Self::Object(fields) => fields.iter().map(|(_, spread)| spread.width()).sum(),
            Self::Rows(_) => 0,
        }
    }
}

/// A file.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// What it is called, without what every file's name ends with.
    pub(super) name: String,
    /// The names of its columns, no two of which are the same.
    pub(super) header: Vec<String>,
    /// What is in the column after those that say what its parent is.
    pub(super) number: Number,
    /// The fields of an item, by their keys, and what they become.
    pub(super) fields: Vec<(String, Spread)>,
    /// In which columns it is by which its children know it.
    pub(super) identity: Vec<usize>,
    /// The sheets of its children.
    pub(super) children: Vec<usize>,
}

/// A column for a number before the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Number {
    /// There is none.
    #[default]
    None,
    /// That by which others in the document refer to the item.
    Item,
    /// A running one, because the item has nothing else by which its children could know it.
    Running,
}

/// Makes the sheets of a document.
pub(super) struct Plan<'m> {
    metadata: &'m Metadata,
    /// Whether there is one file only, in whose cells children are JSON.
    single: bool,
    /// The sheets: a section's before those of its children.
    pub(super) sheets: Vec<Sheet>,
}

/// Children that are to get a sheet: its name, and what they are.
type Pending<'m> = Vec<(String, &'m Nested)>;

impl<'m> Plan<'m> {
    pub(super) fn new(metadata: &'m Metadata, single: bool) -> Self {
        Self { metadata, single, sheets: Vec::new() }
    }

    /// Adds the sheets of a section, and returns which is its own.
    pub(super) fn section(&mut self, name: &str, section: &'m Section) -> usize {
        self.sheet(name, &section.shape, Vec::new(), section.shape.ids)
    }

    fn sheet(&mut self, name: &str, shape: &'m Shape, inherited: Vec<String>, ids: bool) -> usize {
        let mut sheet = Sheet { name: name.to_owned(), ..Sheet::default() };
        let mut header = inherited;
        sheet.identity = (0..header.len()).collect();
        sheet.number = match () {
            () if ids => Number::Item,
            () if shape.key.is_empty() && !self.single && has_rows(shape) => Number::Running,
            () => Number::None,
        };
        if sheet.number != Number::None {
            sheet.identity.push(header.len());
            header.push(if ids { ID.to_owned() } else { format!("{name}.#") });
        }
        let mut pending = Pending::new();
        for field in shape.columns.keys() {
            let start = header.len();
            let path = format!("{name}.{field}");
            let spread = self.spread(shape, field, (field, &path), &mut header, &mut pending);
            if !ids && shape.key.contains(field) {
                sheet.identity.extend(start..header.len());
            }
            sheet.fields.push((key_of(field).into_owned(), spread));
        }
        let identity: Vec<String> = sheet.identity.iter().map(|at| header[*at].clone()).collect();
        sheet.header = unlike(header);
        let at = self.sheets.len();
        self.sheets.push(sheet);
        for (name, nested) in pending {
            let child = self.sheet(&name, &nested.shape, identity.clone(), false);
            self.sheets[at].children.push(child);
        }
        at
    }

    /// What a field becomes. `names` are those of its column, and of the file that its children get.
    fn spread(
        &self,
        shape: &'m Shape,
        field: &'m str,
        names: (&str, &str),
        header: &mut Vec<String>,
        pending: &mut Pending<'m>,
    ) -> Spread {
        let (column, file) = names;
        let is_json = shape.columns.get(field) == Some(&FieldType::Json);
        match shape.field(field) {
            Field::Reference(reference) if is_json => {
                self.reference(&reference.section, column, header, &mut Vec::new())
            }
            Field::Nested(nested) if nested.one => {
                let mut inside = |field: &'m String| {
                    let names = (format!("{column}.{field}"), format!("{file}.{field}"));
                    let spread =
                        self.spread(&nested.shape, field, (&names.0, &names.1), header, &mut *pending);
                    (key_of(field).into_owned(), spread)
                };
                Spread::Object(nested.shape.columns.keys().map(&mut inside).collect())
            }
            Field::Nested(nested) if !self.single => {
                pending.push((file.to_owned(), nested));
                Spread::Rows(pending.len() - 1)
            }
            Field::Flattened(child, inside) => match shape.nested.get(child) {
                Some(nested) => self.spread(&nested.shape, inside, names, header, pending),
                None => leaf(Spread::Value(FieldType::Blob), column, header),
            },
            Field::Json(_, json) if !json.holds_json() => leaf(Spread::Reference, column, header),
            _ if is_json => leaf(Spread::Json, column, header),
            _ => {
                let kind = shape.columns.get(field).copied().unwrap_or(FieldType::Blob);
                leaf(Spread::Value(kind), column, header)
            }
        }
    }

    /// A reference: the parts of the key that it leads to, or a number. `through` are the sections that it came through: a
    /// key that leads to itself is not spread.
    fn reference(
        &self,
        section: &'m str,
        column: &str,
        header: &mut Vec<String>,
        through: &mut Vec<&'m str>,
    ) -> Spread {
        let is_too_much = through.contains(&section) || through.len() >= DEEPEST || header.len() >= WIDEST;
        let shape = self.metadata.sections.get(section).map(|section| &section.shape);
        let shape = shape.or_else(|| self.metadata.referenced.get(section)).filter(|_| !is_too_much);
        let Some(shape) = shape.filter(|shape| !shape.ids && !shape.key.is_empty()) else {
            return leaf(Spread::Reference, column, header);
        };
        through.push(section);
        let mut part = |field: &'m String, column: &str| match shape
            .references
            .get(field)
            .filter(|reference| !reference.plain)
        {
            Some(reference) => self.reference(&reference.section, column, header, through),
            None => leaf(Spread::Reference, column, header),
        };
        let spread = match shape.key.as_slice() {
            [field] => part(field, column),
            key => {
                let part = |field: &'m String| {
                    (key_of(field).into_owned(), part(field, &format!("{column}.{field}")))
                };
                Spread::Object(key.iter().map(part).collect())
            }
        };
        through.pop();
        spread
    }
}

fn leaf(spread: Spread, column: &str, header: &mut Vec<String>) -> Spread {
    header.push(column.to_owned());
    spread
}

/// Whether there are children that get a file.
fn has_rows(shape: &Shape) -> bool {
    shape.nested.values().any(|nested| !nested.one || has_rows(&nested.shape))
}

/// The names, no two of which differ in the case of ASCII letters only, as those of columns do not.
fn unlike(names: Vec<String>) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut unlike = |name: String| {
        let mut own = name.clone();
        let mut number = 1;
        while !taken.insert(own.to_ascii_lowercase()) {
            number += 1;
            own = format!("{name}-{number}");
        }
        own
    };
    names.into_iter().map(&mut unlike).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn metadata(sections: &serde_json::Value) -> Metadata {
        let metadata = json!({
            "format": "larder-export", "version": 1, "mode": "condensed", "app": "a", "app_version": null,
            "schema_version": null, "exported_at": "2026-11-20T10:30:00Z", "larder_version": "0.1.0",
            "includes": [], "sections": sections,
        });
        serde_json::from_value(metadata).expect("metadata")
    }

    fn headers(metadata: &Metadata, single: bool) -> Vec<(String, Vec<String>)> {
        let mut plan = Plan::new(metadata, single);
        for (name, section) in &metadata.sections {
            plan.section(name, section);
        }
        plan.sheets.into_iter().map(|sheet| (sheet.name, sheet.header)).collect()
    }

    #[test]
    fn no_two_columns_are_called_alike() {
        let reference = |columns: [&str; 1]| json!({"columns": columns, "section": "t", "to": ["id"]});
        let metadata = metadata(&json!({"t": {
            "items": 0, "table": "t", "key": ["a", "b"],
            "columns": {"r.a": "text", "r": "json", "a": "text", "b": "json", "kids": "json"},
            "references": {"r": reference(["r"]), "b": reference(["b"])},
            "nested": {"kids": {"parent": ["t"], "to": ["id"], "table": "k", "columns": {"A": "text", "grand": "json"},
                "nested": {"grand": {"parent": ["k"], "to": ["id"], "table": "g", "columns": {"a": "text"}}}}}
        }}));
        let found = headers(&metadata, false);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["t", "t.kids", "t.kids.grand"]);
        assert_eq!(found[0].1[..3], ["r.a", "r.a-2", &found[0].1[2]]);
        for (_, header) in &found {
            let unlike: HashSet<String> = header.iter().map(|name| name.to_lowercase()).collect();
            assert_eq!(unlike.len(), header.len(), "{header:?}");
        }
        assert!(found[1].1.contains(&"t.kids.#".to_owned()) && found[2].1.contains(&"t.kids.#".to_owned()));
        assert_eq!(headers(&metadata, true).len(), 1);
    }
}
