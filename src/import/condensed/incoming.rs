//! From the JSON of an item to values of columns, references and children.

use crate::app::model::{Field, FieldType, JsonColumn, Nested, Reference, Shape};
use crate::app::secrets::is_marker;
use crate::database::value::Value;
use crate::document::json::{RAW_JSON, TypedSeed, ValueSeed, key_of};
use crate::document::layout::PARTS;
use crate::document::tree::kind_of;
use indexmap::IndexMap;
use serde::de::DeserializeSeed;
use serde_json::{Map, Value as Json};

/// An item, or a child of one, as it came.
#[derive(Debug, Clone, Default)]
pub struct Incoming<'m> {
    /// The values of columns.
    pub values: IndexMap<String, Value>,
    /// The texts of columns that hold JSON, in which references are still to be resolved.
    pub json: Vec<(String, &'m JsonColumn, Json)>,
    /// What references lead to, as they are written.
    pub references: Vec<(&'m Reference, Json)>,
    /// What references lead to whose columns hold the natural key itself, which is among the values too.
    pub plain: Vec<(&'m Reference, Json)>,
    /// The children that it has, or has none of.
    pub children: Vec<(&'m Nested, Vec<Incoming<'m>>)>,
}

impl Incoming<'_> {
    /// The value of a column of the only child of a kind; NULL where there is none.
    pub fn value_below(&self, nested: &Nested, column: &str) -> Value {
        let children = self.children.iter().find(|(own, _)| *own == nested).map(|(_, children)| children);
        let value = children.and_then(|children| children.first()?.values.get(column)).cloned();
        value.unwrap_or(Value::Null)
    }
}

/// What is wrong with an item: the path below it, and why.
pub type Fault = (String, String);

/// Reads an item of a shape.
pub fn read<'m>(shape: &'m Shape, item: &Map<String, Json>) -> Result<Incoming<'m>, Fault> {
    let mut incoming = Incoming::default();
    let mut flattened: IndexMap<&str, Map<String, Json>> = IndexMap::new();
    for (key, json) in item {
        let name = key.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(key);
        if !shape.columns.contains_key(name) {
            return Err((key.clone(), "the section has no such field".to_owned()));
        }
        let inside = |(path, why): Fault| (format!("{key}{path}"), why);
        // The name is that of the shape, which lives longer.
        let (name, _) = shape.columns.get_key_value(name).expect("it was looked up");
        match shape.field(name) {
            Field::Column(column) => {
                let value = value_of(shape, name, json).map_err(|why| (key.clone(), why))?;
                incoming.values.insert(column.to_owned(), value);
            }
            Field::Reference(reference) if reference.plain => {
                let value = value_of(shape, name, json).map_err(|why| (key.clone(), why))?;
                incoming.values.insert(name.clone(), value);
                if *json != Json::Null {
                    incoming.plain.push((reference, json.clone()));
                }
            }
            Field::Reference(reference) if *json == Json::Null => {
                incoming.values.extend(reference.columns.iter().map(|column| (column.clone(), Value::Null)));
            }
            Field::Reference(reference) => incoming.references.push((reference, json.clone())),
            Field::Json(column, model) => {
                read_json(column, model, json, &mut incoming).map_err(|why| (key.clone(), why))?;
            }
            Field::Nested(nested) => {
                incoming.children.push((nested, children(nested, json).map_err(inside)?));
            }
            Field::Flattened(child, field) => {
                flattened.entry(child).or_default().insert(key_of(field).into_owned(), json.clone());
            }
        }
    }
    add_flattened(shape, &flattened, &mut incoming)?;
    Ok(incoming)
}

/// Adds the fields that are null in every child, so that none says so. Those of items were added when they were read.
fn with_nulls<'m>(shape: &'m Shape, item: &Map<String, Json>, mut incoming: Incoming<'m>) -> Incoming<'m> {
    for name in shape.null_fields.iter().filter(|name| !item.contains_key(key_of(name).as_ref())) {
        add_null(shape, name, &mut incoming);
    }
    incoming
}

/// Adds a field that is null.
fn add_null<'m>(shape: &'m Shape, name: &'m str, incoming: &mut Incoming<'m>) {
    if !shape.columns.contains_key(name) {
        return;
    }
    match shape.field(name) {
        Field::Column(column) | Field::Json(column, _) => {
            incoming.values.insert(column.to_owned(), Value::Null);
        }
        Field::Reference(reference) => {
            incoming.values.extend(reference.columns.iter().map(|column| (column.clone(), Value::Null)));
        }
        Field::Nested(nested) if nested.one => incoming.children.push((nested, Vec::new())),
        Field::Nested(_) | Field::Flattened(..) => {}
    }
}

/// Adds the children whose fields stand among those of their parent.
fn add_flattened<'m>(
    shape: &'m Shape,
    flattened: &IndexMap<&str, Map<String, Json>>,
    incoming: &mut Incoming<'m>,
) -> Result<(), Fault> {
    for (name, nested) in shape.nested.iter().filter(|(_, nested)| !nested.flattened.is_empty()) {
        let fields = flattened.get(name.as_str());
        let children = fields.map(|fields| read(&nested.shape, fields)).transpose();
        incoming.children.push((nested, children?.into_iter().collect()));
    }
    Ok(())
}

fn children<'m>(nested: &'m Nested, json: &Json) -> Result<Vec<Incoming<'m>>, Fault> {
    let child = |json: &Json| match json {
        Json::Object(item) => keyed(&nested.shape, item)
            .and_then(|()| read(&nested.shape, item))
            .map(|incoming| with_nulls(&nested.shape, item, incoming))
            .map_err(|(path, why)| (format!(".{path}"), why)),
        other => Err((String::new(), format!("a child is an object, and this is {}", kind_of(other)))),
    };
    match (nested.one, json) {
        (true, Json::Null) => Ok(Vec::new()),
        (true, json) => Ok(vec![child(json)?]),
        (false, Json::Array(list)) => list
            .iter()
            .enumerate()
            .map(|(at, json)| child(json).map_err(|(path, why)| (format!("[{at}]{path}"), why)))
            .collect(),
        (false, other) => {
            Err((String::new(), format!("children are a list, and this is {}", kind_of(other))))
        }
    }
}

/// An error where a child lacks a part of what it is known by among its siblings.
fn keyed(shape: &Shape, item: &Map<String, Json>) -> Result<(), Fault> {
    let lacks = |field: &&String| item.get(key_of(field).as_ref()).is_none_or(Json::is_null);
    match shape.key.iter().find(lacks) {
        Some(field) => Err((field.clone(), "it is a part of the key, and the item lacks it".to_owned())),
        None => Ok(()),
    }
}

/// A value of a database.
pub fn value(json: &Json) -> Result<Value, String> {
    // Tags are read as everywhere else.
    ValueSeed.deserialize(json.clone()).map_err(|error| error.to_string())?
}

/// The value of a field.
pub fn value_of(shape: &Shape, field: &str, json: &Json) -> Result<Value, String> {
    let field_type = shape.columns.get(field).copied().unwrap_or(FieldType::Blob);
    TypedSeed(field_type).deserialize(json.clone()).map_err(|error| error.to_string())?
}

/// The text of a column that holds JSON.
fn read_json<'m>(
    column: &str,
    model: &'m JsonColumn,
    json: &Json,
    incoming: &mut Incoming<'m>,
) -> Result<(), String> {
    let mut put = |value: Value| drop(incoming.values.insert(column.to_owned(), value));
    let tag = match json {
        Json::Object(object) if object.len() == 1 => object.iter().next(),
        _ => None,
    };
    match (json, tag) {
        (Json::Null, _) => put(Value::Null),
        (_, Some((key, Json::String(text)))) if key == RAW_JSON => put(Value::Text(text.clone())),
        (_, Some((key, Json::Number(number)))) if key == "$integer" || key == "$real" => {
            put(value(&Json::Number(number.clone()))?);
        }
        _ if model.secrets && is_marker(json) => incoming.json.push((column.to_owned(), model, json.clone())),
        (_, Some((key, _))) if key.starts_with('$') && !key.starts_with("$$") && key != PARTS => {
            put(value(json)?);
        }
        (_, Some((key, inside))) if key.starts_with("$$") => {
            let mut object = Map::new();
            object.insert(key[1..].to_owned(), inside.clone());
            incoming.json.push((column.to_owned(), model, Json::Object(object)));
        }
        _ => incoming.json.push((column.to_owned(), model, json.clone())),
    }
    Ok(())
}
