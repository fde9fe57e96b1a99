//! Secrets inside JSON that a document left out: what stands in their place in the database stays, or is nothing.

use crate::app::model::{JsonColumn, Layout};
use crate::app::secrets::{MARKER, Redaction, escape_markers, is_marker, is_secret_text, unescape_markers};
use crate::database::value::Value;
use serde_json::{Map, Value as Json};

/// Members by which an element of a list is the same as another.
const NAMES: [&str; 6] = ["id", "uuid", "key", "name", "title", "url"];

/// The value of a column as it would be stored: with the secrets of the row that is there in the place of the markers.
/// Says whether some of them are nowhere.
pub fn filled(value: &Value, model: &JsonColumn, there: Option<&Value>) -> (Value, bool) {
    let Some(tree) = json_of(value).filter(|_| model.secrets) else { return (value.clone(), false) };
    if model.layout == Layout::Text && !is_marker(&tree) {
        return (value.clone(), false);
    }
    if is_marker(&tree) {
        let there = there.filter(|there| **there != Value::Null);
        return (there.cloned().unwrap_or(Value::Null), there.is_none());
    }
    let there = there.and_then(json_of);
    let mut lacks = false;
    let merged = merge(tree, there.as_ref(), &mut lacks);
    (Value::Text(model.style().write(&merged)), lacks)
}

/// A value of a row as a document would say it.
pub fn as_document(value: &Value, model: &JsonColumn) -> Value {
    if model.layout == Layout::Text {
        return match value {
            Value::Text(text) if is_secret_text(text) => Value::Text(marker().to_string()),
            value => value.clone(),
        };
    }
    let Some(mut tree) = json_of(value).filter(|_| model.secrets) else { return value.clone() };
    escape_markers(&mut tree);
    Redaction { not_secret: &model.not_secret }.finds(&mut tree);
    Value::Text(model.style().write(&tree))
}

/// A value by which two are compared that may have different secrets, or none: in the place of each is nothing.
pub fn comparable(value: &Value, model: &JsonColumn) -> Value {
    match value {
        Value::Text(text) if model.layout == Layout::Text && is_secret_text(text) => return Value::Null,
        value if model.layout == Layout::Text => return value.clone(),
        _ => {}
    }
    let Some(mut tree) = json_of(value).filter(|_| model.secrets) else { return value.clone() };
    Redaction { not_secret: &model.not_secret }.finds(&mut tree);
    remove_markers(&mut tree);
    match tree {
        Json::Null => Value::Null,
        tree => Value::Text(model.style().write(&tree)),
    }
}

fn remove_markers(tree: &mut Json) {
    match tree {
        marker if is_marker(marker) => *marker = Json::Null,
        Json::Object(object) => object.values_mut().for_each(remove_markers),
        Json::Array(list) => list.iter_mut().for_each(remove_markers),
        _ => {}
    }
}

fn marker() -> Json {
    Json::Object(Map::from_iter([(MARKER.to_owned(), Json::Bool(true))]))
}

fn json_of(value: &Value) -> Option<Json> {
    match value {
        Value::Text(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

fn merge(document: Json, there: Option<&Json>, lacks: &mut bool) -> Json {
    match document {
        marker if is_marker(&marker) => there.cloned().unwrap_or_else(|| {
            *lacks = true;
            Json::Null
        }),
        Json::Object(object) => {
            let mut tree = Json::Object(object);
            // Data that looks like a marker is an object of one key, which loses a `$` and has nothing to be merged with.
            if let Json::Object(object) = &tree
                && object.len() == 1
                && object
                    .keys()
                    .all(|key| key.starts_with("$$") && key.trim_start_matches('$') == &MARKER[1..])
            {
                unescape_markers(&mut tree);
                return tree;
            }
            let Json::Object(object) = tree else { return tree };
            Json::Object(merge_object(object, there, lacks))
        }
        Json::Array(list) => {
            let there = there.and_then(Json::as_array).map(Vec::as_slice);
            let element = |(at, element): (usize, Json)| {
                let same = there.and_then(|there| same_element(&element, at, there));
                merge(element, same, lacks)
            };
            Json::Array(list.into_iter().enumerate().map(element).collect())
        }
        plain => plain,
    }
}

/// Secrets that the object which is there does not have stay away from it.
fn merge_object(object: Map<String, Json>, there: Option<&Json>, lacks: &mut bool) -> Map<String, Json> {
    let there = there.and_then(Json::as_object);
    let mut merged = Map::new();
    for (key, inside) in object {
        let own = there.and_then(|there| there.get(&key));
        if is_marker(&inside) && own.is_none() && there.is_some() {
            *lacks = true;
            continue;
        }
        let inside = merge(inside, own, lacks);
        merged.insert(key, inside);
    }
    merged
}

/// The element of a list that is there which one of the document is: one that differs in secrets only, else the only one
/// of its name. A secret by itself has its place only.
fn same_element<'t>(element: &Json, at: usize, there: &'t [Json]) -> Option<&'t Json> {
    if !has_marker(element) {
        return None;
    }
    let own = there.get(at).filter(|own| agrees(element, own));
    own.or_else(|| there.iter().find(|other| !is_marker(element) && agrees(element, other))).or_else(|| {
        let name = NAMES
            .iter()
            .find_map(|name| element.get(name).filter(|own| !is_marker(own)).map(|own| (name, own)))?;
        let mut named = there.iter().filter(|other| other.get(name.0) == Some(name.1));
        named.next().filter(|_| named.next().is_none())
    })
}

fn has_marker(json: &Json) -> bool {
    is_marker(json)
        || match json {
            Json::Object(object) => object.values().any(has_marker),
            Json::Array(list) => list.iter().any(has_marker),
            _ => false,
        }
}

/// Whether what is there is what the document says, but for secrets.
fn agrees(document: &Json, there: &Json) -> bool {
    match (document, there) {
        (marker, there) if is_marker(marker) => !there.is_null(),
        (Json::Object(a), Json::Object(b)) => {
            a.iter().all(|(key, inside)| match b.get(key) {
                Some(own) => agrees(inside, own),
                None => is_marker(inside),
            }) && b.keys().all(|key| a.contains_key(key))
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(a, b)),
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn merged(document: Json, there: Option<&Json>) -> (Json, bool) {
        let mut lacks = false;
        let tree = merge(document, there, &mut lacks);
        (tree, lacks)
    }

    #[test]
    fn secrets_that_are_there_stay_and_others_are_nothing() {
        let document = json!({"host": "new", "password": {"$secret": true}});
        let there = json!({"host": "old", "password": "p", "port": 1});
        assert_eq!(merged(document.clone(), Some(&there)), (json!({"host": "new", "password": "p"}), false));
        assert_eq!(merged(document.clone(), Some(&json!({"host": "old"}))), (json!({"host": "new"}), true));
        assert_eq!(merged(document, None), (json!({"host": "new", "password": null}), true));
        assert_eq!(merged(json!({"a": {"$$secret": true}}), None), (json!({"a": {"$secret": true}}), false));
    }

    #[test]
    fn elements_of_lists_get_their_own_secrets_only() {
        let document =
            json!([{"name": "a", "token": {"$secret": true}}, {"name": "b", "token": {"$secret": true}}]);
        let there = json!([{"name": "b", "token": "B"}, {"name": "a", "token": "A"}]);
        assert_eq!(
            merged(document.clone(), Some(&there)),
            (json!([{"name": "a", "token": "A"}, {"name": "b", "token": "B"}]), false)
        );
        let there = json!([{"name": "c", "token": "C"}]);
        assert_eq!(
            merged(document, Some(&there)),
            (json!([{"name": "a", "token": null}, {"name": "b", "token": null}]), true)
        );
    }
}
