//! Texts inside JSON: which are personal, by the key that they stand under; and keys that are data themselves, as in a map by
//! address.

use super::made_up::{Kind, known};
use crate::app::json_path::steps;
use crate::app::model::JsonColumn;
use crate::database::value::Value;
use crate::document::tree::each_place;
use anyhow::Result;
use serde_json::{Map, Value as Json};

/// What is inside JSON.
pub(super) enum Inside<'a> {
    /// A key of an object.
    Key(&'a mut String),
    /// A text or a number, and the key that it stands under: that of the list, where it is in one.
    Value(&'a str, &'a mut Json),
}

/// Calls a function with every key, text and number inside JSON. It says of a key whether it is data: what stands under one
/// stands under the key above.
pub(super) fn each_inside(
    json: &mut Json,
    name: &str,
    each: &mut dyn FnMut(Inside<'_>) -> Result<bool>,
) -> Result<()> {
    match json {
        Json::Array(list) => list.iter_mut().try_for_each(|inside| each_inside(inside, name, each)),
        Json::Object(object) => {
            let before = std::mem::replace(object, Map::new());
            for (key, mut inside) in before {
                let mut new = key.clone();
                let is_data = each(Inside::Key(&mut new))?;
                each_inside(&mut inside, if is_data { name } else { &key }, each)?;
                object.insert(new, inside);
            }
            Ok(())
        }
        Json::String(_) | Json::Number(_) => each(Inside::Value(name, json)).map(drop),
        Json::Null | Json::Bool(_) => Ok(()),
    }
}

/// The JSON that a document has of a text; nothing where it has the text as it is.
pub(super) fn tree_of(json: &JsonColumn, text: &str) -> Option<Json> {
    let mut tree = match json.spread(&Value::Text(text.to_owned()), None) {
        Some(tree) => tree,
        None => serde_json::from_str(text).ok()?,
    };
    json.list_keys(&mut tree);
    for path in json.references.keys() {
        let taken = each_place(&mut tree, &steps(path), &mut |found| {
            found.take();
            Ok(())
        });
        taken.ok()?;
    }
    Some(tree)
}

/// What a value under a key holds that is personal; nothing where it stays. In a column that is not kept (`said`), no text
/// stays; a number is personal only where its key leaves no doubt.
pub(super) fn kind_of(name: &str, said: bool, json: &Json) -> Option<Kind> {
    known(name).or_else(|| (said && says_something(json)).then(|| Kind::of(name)))
}

/// Whether JSON is a text with more than signs.
pub(super) fn says_something(json: &Json) -> bool {
    json.as_str().is_some_and(|text| text.contains(char::is_alphanumeric))
}

/// Whether a key is an address.
pub(super) fn is_address(key: &str) -> bool {
    let parts = key.split_once('@');
    parts.is_some_and(|(who, place)| !who.is_empty() && !place.is_empty())
        && !key.contains(char::is_whitespace)
}

/// Whether a key may be the name of a field: it is a word, or a number.
pub(super) fn is_name(key: &str) -> bool {
    key.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-.:/$@#".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_no_names_are_data() {
        for key in ["name", "first-name", "$id", "@type", "xml:lang", "17", "2026-01-02", "a/b.c", "#text"] {
            assert!(is_name(key) && !is_address(key), "{key}");
        }
        for key in ["Ada Lovelace", "+49 170 1234567", "Grün", "a+b"] {
            assert!(!is_name(key), "{key}");
        }
        for key in ["ada@example.com", "a+b@host"] {
            assert!(is_address(key), "{key}");
        }
    }
}
