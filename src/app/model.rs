//! What the items of a condensed document are made of: the model that a document carries, so that whoever reads it
//! needs nothing else.

use super::json_style::{JsonStyle, Spacing};
use super::secrets::{is_pin, is_secret};
use crate::database::affinity::Affinity;
use crate::database::schema::Column;
use crate::database::value::{Borrowed, Value};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What a field of an item holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// A value that SQLite makes an integer where it can.
    Integer,
    /// A value that SQLite makes a text.
    Text,
    /// A value that stays as it is.
    Blob,
    /// A value that SQLite makes a real.
    Real,
    /// A value that SQLite makes a number where it can.
    Numeric,
    /// The same, of which 1 is true and 0 is false.
    Boolean,
    /// JSON: children, a reference of several parts, or a text that holds JSON.
    Json,
}

impl From<Affinity> for FieldType {
    fn from(affinity: Affinity) -> Self {
        match affinity {
            Affinity::Integer => Self::Integer,
            Affinity::Text => Self::Text,
            Affinity::Blob => Self::Blob,
            Affinity::Real => Self::Real,
            Affinity::Numeric => Self::Numeric,
        }
    }
}

impl FieldType {
    /// What the field of a column holds.
    pub fn of(column: &Column) -> Self {
        match column.affinity() {
            Affinity::Numeric if column.is_declared_boolean() => Self::Boolean,
            affinity => affinity.into(),
        }
    }

    /// The same in a key, whose parts are written as they are wherever they stand.
    #[must_use]
    pub fn in_key(self) -> Self {
        if self == Self::Boolean { Self::Numeric } else { self }
    }

    /// Whether a value of the field is true or false; nothing where it is another.
    pub fn truth(self, value: Borrowed<'_>) -> Option<bool> {
        match value {
            Borrowed::Integer(number @ (0 | 1)) if self == Self::Boolean => Some(number == 1),
            _ => None,
        }
    }

    /// The affinity of a value; nothing for JSON.
    pub fn affinity(self) -> Option<Affinity> {
        match self {
            Self::Integer => Some(Affinity::Integer),
            Self::Text => Some(Affinity::Text),
            Self::Blob => Some(Affinity::Blob),
            Self::Real => Some(Affinity::Real),
            Self::Numeric | Self::Boolean => Some(Affinity::Numeric),
            Self::Json => None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_compact(value: &Spacing) -> bool {
    *value == Spacing::Compact
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// How the rows of a table are written as items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The table.
    pub table: String,
    /// Every field of an item, in order: a column, a reference, or children.
    pub columns: IndexMap<String, FieldType>,
    /// The fields of the natural key; of children, within their parent. Without any, items are known by their content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// Other fields by which an import may know an item, tried in order; `birth.date` is one of a child.
    #[serde(rename = "match", default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<Vec<String>>,
    /// The fields that items are called by; a single one is written as a text.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "one_or_more")]
    pub label: Vec<String>,
    /// The fields that items are called by where others refer to them by number, if `label` says none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caption: Vec<String>,
    /// The field that says when an item was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// The field that an import may change so that an item comes in beside the one that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// Whether items are numbered by `$id`, because others refer to them and they have no key.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ids: bool,
    /// The row id that each item carries as `$row`, because numbers elsewhere may mean it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<RowNumber>,
    /// Whether the table has a single row.
    #[serde(default, skip_serializing_if = "is_false")]
    pub singleton: bool,
    /// The fields that refer to items.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub references: IndexMap<String, Reference>,
    /// The fields that are null in every item: items lack them, and have them all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub null_fields: Vec<String>,
    /// The children that are written inside their parent, by their field; flattened ones have fields of their own.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub nested: IndexMap<String, Nested>,
    /// The text columns whose JSON is written as such.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub json: IndexMap<String, JsonColumn>,
    /// Columns that the document lacks: those that a machine makes, and those of the scope.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub omitted: Vec<String>,
    /// Columns that the document lacks because they are made of others, which an import does again.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub composed: IndexMap<String, Composed>,
    /// The column that says whose a row is, which the document lacks and an import fills in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Columns that the document lacks because they can be fetched again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refetch: Vec<String>,
    /// Columns that the document lacks because they are secret.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secret: Vec<String>,
    /// Of a table of keys and values: the rows that the document lacks because they are secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_rows: Option<SecretRows>,
    /// The condition in SQL by which rows of the table are items at all: an import changes no others.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// The condition in SQL that its rows meet in the database that takes them; no document carries it.
    #[serde(skip)]
    pub condition: Option<String>,
}

/// Texts of which a single one stands by itself.
mod one_or_more {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Texts {
        One(String),
        More(Vec<String>),
    }

    pub fn serialize<S: Serializer>(texts: &[String], serializer: S) -> Result<S::Ok, S::Error> {
        match texts {
            [one] => serializer.serialize_str(one),
            more => more.serialize(serializer),
        }
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Vec<String>, D::Error> {
        Ok(match Texts::deserialize(deserializer)? {
            Texts::One(one) => vec![one],
            Texts::More(more) => more,
        })
    }
}

/// The row id of a table whose items carry it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowNumber {
    /// Its column, or the name of the hidden one.
    pub column: String,
    /// Whether it may mean something by itself, so that a new row has this one or none.
    #[serde(default, skip_serializing_if = "is_false")]
    pub kept: bool,
}

/// A field that refers to an item of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The columns that refer.
    pub columns: Vec<String>,
    /// The section.
    pub section: String,
    /// The columns of its table that they refer to.
    pub to: Vec<String>,
    /// Whether the column holds the natural key itself, and is written as it is.
    #[serde(default, skip_serializing_if = "is_false")]
    pub plain: bool,
    /// Whether the schema does not declare it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub undeclared: bool,
    /// Whether its columns take no NULL, so that every row has to refer to something.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// How many rows had the key of nothing when the document was written: so many may have it where they come in.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lost: u64,
}

/// Rows that are written inside the item that they belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nested {
    /// The columns that refer to the parent.
    pub parent: Vec<String>,
    /// The columns of the parent's table that they refer to.
    pub to: Vec<String>,
    /// Whether a parent has one at most.
    #[serde(default, skip_serializing_if = "is_false")]
    pub one: bool,
    /// Whether a list is in the order of their row ids, which says something.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ordered: bool,
    /// Where its fields are among its parent's: the parent's field, and the child's.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub flattened: IndexMap<String, String>,
    /// The condition in SQL that its rows meet in this database; no document carries it.
    #[serde(skip)]
    pub condition: Option<String>,
    /// What its items are.
    #[serde(flatten)]
    pub shape: Shape,
}

/// A text that is made of two columns, at least one of which is an id that the database gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composed {
    /// The columns.
    pub columns: [String; 2],
    /// What stands between them.
    pub separator: String,
}

/// How the values of a column are stored that are written as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// As JSON.
    #[default]
    Json,
    /// As a text of several row ids.
    List {
        /// What stands before the first.
        start: String,
        /// What stands between two.
        separator: String,
        /// What stands after the last.
        end: String,
    },
    /// As a row id, of the section that another column says.
    ByType,
    /// As a text that is no JSON, or a secret.
    Text,
}

impl Layout {
    fn is_json(&self) -> bool {
        *self == Self::Json
    }
}

/// The paths by which the row ids of a list are references: in one that is written as most of its column are, and in others.
pub const PATHS_OF_LIST: [&str; 2] = ["[*]", "$parts[*].id"];

/// The column that says of which section a row id is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeColumn {
    /// The column.
    pub column: String,
    /// The section by the column's value in this database, as a text.
    pub sections: IndexMap<String, String>,
    /// Whether the column of the row id makes texts of numbers.
    pub is_text: bool,
}

/// A column that is written as JSON: it holds JSON, or row ids or secrets among other things.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JsonColumn {
    /// How its values are stored.
    #[serde(default, skip_serializing_if = "Layout::is_json")]
    pub layout: Layout,
    /// What says of which section a row id is; no document carries it, since an item says it itself.
    #[serde(skip)]
    pub types: Option<TypeColumn>,
    /// Paths to objects whose keys are row ids, each of which is written as a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keyed: Vec<String>,
    /// Where its texts have white space.
    #[serde(rename = "style", default, skip_serializing_if = "is_compact")]
    pub spacing: Spacing,
    /// Whether its texts have escapes for all that is not ASCII.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ascii: bool,
    /// What documents of version 2 say of texts with a space after each colon and comma.
    #[serde(default, skip_serializing_if = "is_false")]
    pub spaced: bool,
    /// What the field would hold otherwise, where nobody said that it holds JSON, and its texts do; no document carries it.
    #[serde(skip)]
    pub found: Option<FieldType>,
    /// References inside it: a path such as `drivers[*].id`, and the section.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub references: IndexMap<String, String>,
    /// Whether secrets inside were replaced by markers.
    #[serde(default, skip_serializing_if = "is_false")]
    pub secrets: bool,
    /// Names of members that look like secrets, and are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_secret: Vec<String>,
}

impl JsonColumn {
    /// Whether the texts of the column may be JSON.
    pub fn holds_json(&self) -> bool {
        self.layout != Layout::Text
    }

    /// How its JSON is written.
    pub fn style(&self) -> JsonStyle {
        let spacing = if self.spaced { Spacing::Spaced } else { self.spacing };
        JsonStyle { spacing, ascii: self.ascii }
    }

    /// Whether a text of it is written as JSON only where the same bytes come back: nothing inside is written otherwise.
    pub fn is_exact(&self) -> bool {
        self.layout == Layout::Json && self.references.is_empty() && self.keyed.is_empty() && !self.secrets
    }
}

/// The rows of a table of keys and values that a document lacks because they are secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRows {
    /// The column of the key.
    pub column: String,
    /// The keys that rows had.
    pub keys: Vec<String>,
    /// Keys that look like those of secrets, and are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_secret: Vec<String>,
}

impl SecretRows {
    /// Whether a row with this key may be one that the document lacks: it is then no business of the document.
    pub fn covers(&self, key: &Value) -> bool {
        let Value::Text(key) = key else { return false };
        let is_allowed = self.not_secret.iter().any(|name| name.eq_ignore_ascii_case(key));
        self.keys.contains(key) || !is_allowed && (is_secret(key) || is_pin(key))
    }
}

/// A field of an item, by what is behind it.
#[derive(Debug, Clone, Copy)]
pub enum Field<'a> {
    /// A column of the table.
    Column(&'a str),
    /// A text column with JSON.
    Json(&'a str, &'a JsonColumn),
    /// A reference.
    Reference(&'a Reference),
    /// Children, or a child.
    Nested(&'a Nested),
    /// A field of a flattened child: which child, and which field of it.
    Flattened(&'a str, &'a str),
}

impl Shape {
    /// What is behind a field.
    pub fn field<'a>(&'a self, name: &'a str) -> Field<'a> {
        if let Some(reference) = self.references.get(name) {
            return Field::Reference(reference);
        }
        if let Some(json) = self.json.get(name) {
            return Field::Json(name, json);
        }
        match self.nested.get(name) {
            Some(nested) if nested.flattened.is_empty() => return Field::Nested(nested),
            _ => {}
        }
        let of_child = |(child, nested): (&'a String, &'a Nested)| {
            let field = nested.flattened.get(name)?;
            Some(Field::Flattened(child.as_str(), field.as_str()))
        };
        self.nested.iter().find_map(of_child).unwrap_or(Field::Column(name))
    }

    /// Whether an item says nothing of a field that has this value, because all items have it.
    pub fn leaves_out(&self, field: &str, value: &Value) -> bool {
        *value == Value::Null && self.null_fields.iter().any(|name| name == field)
    }

    /// Adds the sections that items refer to, their children included.
    pub fn collect_targets(&self, targets: &mut Vec<String>) {
        targets.extend(self.references.values().map(|reference| reference.section.clone()));
        targets.extend(self.json.values().flat_map(|json| json.references.values().cloned()));
        self.nested.values().for_each(|nested| nested.shape.collect_targets(targets));
    }

    /// Adds the sections that items refer to by more than what they hold anyway.
    pub fn collect_numbered(&self, targets: &mut Vec<String>) {
        let references = self.references.values().filter(|reference| !reference.plain);
        targets.extend(references.map(|reference| reference.section.clone()));
        targets.extend(self.json.values().flat_map(|json| json.references.values().cloned()));
        self.nested.values().for_each(|nested| nested.shape.collect_numbered(targets));
    }

    /// Keeps these fields and those of the key only; what the others hold is omitted.
    pub fn keep_only(&mut self, fields: &[String]) {
        let is_kept = |name: &String| fields.contains(name) || self.key.contains(name);
        let dropped: Vec<String> = self.columns.keys().filter(|name| !is_kept(name)).cloned().collect();
        for name in &dropped {
            self.drop_field(name);
        }
    }

    /// Leaves out a field; what it holds is omitted.
    pub fn drop_field(&mut self, name: &str) {
        match self.references.shift_remove(name) {
            Some(reference) => self.omitted.extend(reference.columns),
            None if self.nested.contains_key(name) => drop(self.nested.shift_remove(name)),
            None => self.omitted.push(name.to_owned()),
        }
        self.json.shift_remove(name);
        self.columns.shift_remove(name);
        self.label.retain(|field| field != name);
        self.null_fields.retain(|field| field != name);
        self.caption.retain(|field| field != name);
        for role in [&mut self.updated_at, &mut self.rename] {
            role.take_if(|field| field == name);
        }
        for nested in self.nested.values_mut() {
            nested.flattened.shift_remove(name);
        }
        // A flattened child of which nothing is left is none.
        let lost =
            |nested: &Nested| nested.flattened.is_empty() && !nested.shape.columns.is_empty() && nested.one;
        let columns = &self.columns;
        self.nested.retain(|name, nested| columns.contains_key(name) || !lost(nested));
    }

    /// The child and its column that a path such as `birth.date` means, where a row has one such child at most.
    pub fn below<'a>(&'a self, path: &'a str) -> Option<(&'a Nested, &'a str)> {
        let (child, column) = path.split_once('.')?;
        let nested = self.nested.get(child).filter(|nested| nested.one)?;
        let is_column = nested.shape.columns.contains_key(column)
            && matches!(nested.shape.field(column), Field::Column(_));
        is_column.then_some((nested, column))
    }

    /// The path of a column of a child that is called so, by its field or its table, in whatever case.
    pub fn path_below(&self, name: &str) -> Option<String> {
        let (child, column) = name.split_once('.')?;
        let is_child = |(field, nested): &(&String, &Nested)| {
            field.eq_ignore_ascii_case(child) || nested.shape.table.eq_ignore_ascii_case(child)
        };
        let (field, nested) = self.nested.iter().find(is_child)?;
        let column = nested.shape.columns.keys().find(|own| own.eq_ignore_ascii_case(column))?;
        Some(format!("{field}.{column}")).filter(|path| self.below(path).is_some())
    }

    /// Forgets the conditions by which rows are items.
    pub fn drop_conditions(&mut self) {
        self.rows = None;
        self.nested.values_mut().for_each(|nested| nested.shape.drop_conditions());
    }

    /// Whether the rows of a table are written inside these items.
    pub fn contains_table(&self, table: &str) -> bool {
        self.nested.values().any(|nested| {
            nested.shape.table.eq_ignore_ascii_case(table) || nested.shape.contains_table(table)
        })
    }

    /// Whether the rows of a table are these items, or are written inside them.
    pub fn is_within(&self, table: &str) -> bool {
        self.table == table || self.contains_table(table)
    }

    /// The columns of the key.
    pub fn key_columns(&self) -> Vec<&str> {
        let columns = |field: &String| match self.field(field) {
            Field::Reference(reference) => reference.columns.clone(),
            _ => vec![field.clone()],
        };
        let names: Vec<String> = self.key.iter().flat_map(columns).collect();
        self.table_columns().into_iter().filter(|name| names.iter().any(|own| own == name)).collect()
    }

    /// The columns of the table that the fields are made of.
    pub fn table_columns(&self) -> Vec<&str> {
        let mut columns = Vec::new();
        for name in self.columns.keys() {
            match self.field(name) {
                Field::Column(column) | Field::Json(column, _) => columns.push(column),
                Field::Reference(reference) => columns.extend(reference.columns.iter().map(String::as_str)),
                Field::Nested(_) | Field::Flattened(..) => {}
            }
        }
        columns
    }
}
