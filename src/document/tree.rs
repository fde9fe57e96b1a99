//! JSON inside a field, as text in one form: on one line, with a space after each colon and comma, every number as it is
//! written elsewhere, and no key twice in an object.

use super::id_type::IdType;
use super::json::{DANGLING, LOST, key_of, write_field, write_string};
use super::layout::PARTS;
use crate::app::json_path::Step;
use crate::app::model::Shape;
use crate::database::value::Value;
use anyhow::Result;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use std::collections::HashSet;
use std::fmt;
use std::io::Write;

/// The text of a field in its one form; NULL where it says null. The error says what is wrong with it.
pub fn canonical(text: &str) -> Result<Value, String> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = FieldSeed.deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// An item as JSON in that form: the fields of a shape that it has.
pub fn object(shape: &Shape, fields: &[Option<Value>]) -> String {
    let mut json = b"{".to_vec();
    for ((name, field_type), value) in shape.columns.iter().zip(fields) {
        let Some(value) = value else { continue };
        if json.len() > 1 {
            json.extend_from_slice(b", ");
        }
        write_string(&key_of(name), &mut json);
        json.extend_from_slice(b": ");
        write_field(value.into(), *field_type, false, &mut json);
    }
    json.push(b'}');
    String::from_utf8(json).expect("fields are written as UTF-8")
}

/// Reads JSON as the text of a field.
pub struct FieldSeed;

impl<'de> DeserializeSeed<'de> for FieldSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let mut text = Vec::new();
        deserializer.deserialize_any(Writer(&mut text))?;
        let text = String::from_utf8(text).expect("strings are written as UTF-8");
        Ok(if text == "null" { Value::Null } else { Value::Text(text) })
    }
}

/// Writes what it reads.
struct Writer<'a>(&'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Writer<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Writer<'_> {
    fn put<E: Error>(self, number: impl serde::Serialize) -> Result<(), E> {
        serde_json::to_writer(self.0, &number).map_err(E::custom)
    }
}

impl<'de> Visitor<'de> for Writer<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        write!(self.0, "{value}").map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.put(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.put(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.put(number)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        write_string(text, self.0);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.push(b'[');
        let start = self.0.len();
        loop {
            let end = self.0.len();
            if end > start {
                self.0.extend_from_slice(b", ");
            }
            if list.next_element_seed(Writer(self.0))?.is_none() {
                self.0.truncate(end);
                self.0.push(b']');
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut keys = HashSet::new();
        self.0.push(b'{');
        while let Some(key) = map.next_key::<String>()? {
            if !keys.is_empty() {
                self.0.extend_from_slice(b", ");
            }
            write_string(&key, self.0);
            self.0.extend_from_slice(b": ");
            map.next_value_seed(Writer(self.0))?;
            if let Some(twice) = keys.replace(key) {
                return Err(A::Error::custom(format_args!("{twice:?} comes twice in an object")));
            }
        }
        self.0.push(b'}');
        Ok(())
    }
}

/// What JSON is, in words.
pub fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// The row id of a reference that dangled when the document was written.
pub fn dangling(json: &Json) -> Option<&Json> {
    let object = json.as_object().filter(|object| object.len() == 1)?;
    object.get(DANGLING).or_else(|| object.get(LOST))
}

/// Calls a function with the key of every reference that a path leads to. What is marked as lost becomes again what it was.
pub fn each_at(tree: &mut Json, steps: &[Step], each: &mut dyn FnMut(&mut Json) -> Result<()>) -> Result<()> {
    each_place(tree, steps, &mut |found| {
        let (_, found) = IdType::of_mut(found);
        if let Some(before) = dangling(found).cloned() {
            *found = before;
            return Ok(());
        }
        each(found)
    })
}

/// Calls a function with everything that a path leads to.
pub fn each_place(
    tree: &mut Json,
    steps: &[Step],
    each: &mut dyn FnMut(&mut Json) -> Result<()>,
) -> Result<()> {
    let Some((step, rest)) = steps.split_first() else { return each(tree) };
    match (step, tree) {
        (Step::Key(key), Json::Object(object)) => match object.get_mut(key) {
            Some(inside) => each_place(inside, rest, each),
            None => Ok(()),
        },
        (Step::Each, Json::Array(list)) => {
            list.iter_mut().try_for_each(|inside| each_place(inside, rest, each))
        }
        // A list that is not written like the others has a path of its own.
        (Step::Each | Step::Keys, Json::Object(object)) if !object.contains_key(PARTS) => {
            object.iter_mut().try_for_each(|(_, inside)| each_place(inside, rest, each))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::json_path::steps;

    #[test]
    fn paths_lead_to_every_element() {
        let mut tree: Json = serde_json::from_str("{\"a\": [{\"id\": 1}, {\"id\": 2}, 3]}").expect("JSON");
        let mut found = Vec::new();
        let mut collect = |value: &mut Json| {
            found.push(value.clone());
            Ok(())
        };
        each_at(&mut tree, &steps("a[*].id"), &mut collect).expect("walk");
        assert_eq!(found, [Json::from(1), Json::from(2)]);
    }

    #[test]
    fn what_was_lost_is_no_reference_and_comes_back() {
        let mut tree: Json = serde_json::from_str("[1, {\"$lost\": {\"a\": 2}}, null]").expect("JSON");
        let mut found = Vec::new();
        let mut collect = |value: &mut Json| {
            found.push(value.clone());
            Ok(())
        };
        each_at(&mut tree, &steps("[*]"), &mut collect).expect("walk");
        assert_eq!(found, [Json::from(1), Json::Null]);
        assert_eq!(tree.to_string(), "[1,{\"a\":2},null]");
    }

    #[test]
    fn json_has_one_form() {
        for (text, form) in [
            ("{\"a\":1,\"b\":[ ]}", "{\"a\": 1, \"b\": []}"),
            (
                "[1.50, -0.0,\n18446744073709551615, true, null]",
                "[1.5, -0.0, 18446744073709551615, true, null]",
            ),
            ("\"\\u00e9\\u0000\"", "\"é\\u0000\""),
            (" {} ", "{}"),
        ] {
            assert_eq!(canonical(text), Ok(Value::Text(form.to_owned())), "{text}");
        }
        assert_eq!(canonical("null"), Ok(Value::Null));
        for text in ["", "{", "{\"a\": 1, \"a\": 2}", "[1] 2", "\"\\ud800\""] {
            assert!(canonical(text).is_err(), "{text}");
        }
    }
}
