//! Values as JSON, and back.
//!
//! A real always has a point or an exponent, an integer never; what JSON has no form for is an object with a
//! single key: `{"$blob": base64}`, `{"$text": base64}` for text that is not valid in the database's encoding,
//! `{"$real": "inf"}` or `"-inf"`.

use crate::app::model::FieldType;
use crate::database::value::{Borrowed, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::io::Write;

/// The key of a hidden rowid in a row.
pub const ROWID: &str = "$rowid";

/// The key of a number by which others refer to an item, and which means something in its document only.
pub const ID: &str = "$id";

/// The key of what the item is called beside its number, for people.
pub const LABEL: &str = "$label";

/// The key of the row id that an item had where it was exported, because numbers elsewhere may mean it. Where its section
/// has no key, it is the local id too.
pub const ROW: &str = "$row";

/// The key that says of a field in a cell that its item lacks it.
pub const ABSENT: &str = "$absent";

/// The key of a text that is no JSON in a field that holds JSON.
pub const RAW_JSON: &str = "$json";

/// The key of the row id that a reference holds although no row has it.
pub const DANGLING: &str = "$dangling";

/// The same inside JSON in documents of version 1.
pub const LOST: &str = "$lost";

/// The key of the section in a row that stands alone on its line.
pub const SECTION: &str = "$section";

/// A column's name as a key of a row: one that begins with `$` gets one more, so that it is not taken for a tag.
pub fn key_of(column: &str) -> Cow<'_, str> {
    if column.starts_with('$') { Cow::Owned(format!("${column}")) } else { Cow::Borrowed(column) }
}

/// Appends a string as JSON.
pub fn write_string(text: &str, buffer: &mut Vec<u8>) {
    serde_json::to_writer(buffer, text).expect("a string can be written to memory");
}

/// Appends a value as JSON.
pub fn write_value(value: Borrowed<'_>, buffer: &mut Vec<u8>) {
    match value {
        Borrowed::Null => buffer.extend_from_slice(b"null"),
        Borrowed::Integer(number) => write!(buffer, "{number}").expect("memory takes everything"),
        Borrowed::Real(number) if number.is_finite() => {
            serde_json::to_writer(buffer, &number).expect("a finite number can be written to memory");
        }
        Borrowed::Real(number) if number > 0.0 => buffer.extend_from_slice(br#"{"$real": "inf"}"#),
        Borrowed::Real(_) => buffer.extend_from_slice(br#"{"$real": "-inf"}"#),
        Borrowed::Text(text) => write_string(text, buffer),
        Borrowed::RawText(bytes) => write_base64("$text", bytes, buffer),
        Borrowed::Blob(bytes) => write_base64("$blob", bytes, buffer),
    }
}

/// Appends the value of a field: a field that holds JSON has its text, on one line, with a space after each colon and
/// comma.
pub fn write_field(value: Borrowed<'_>, field_type: FieldType, compact: bool, buffer: &mut Vec<u8>) {
    if let Some(truth) = field_type.truth(value) {
        return buffer.extend_from_slice(if truth { b"true" } else { b"false" });
    }
    match (value, field_type) {
        (Borrowed::Text(json), FieldType::Json) if compact => write_compact(json, buffer),
        (Borrowed::Text(json), FieldType::Json) => buffer.extend_from_slice(json.as_bytes()),
        (value, _) => write_value(value, buffer),
    }
}

/// Appends JSON without the spaces between its parts.
fn write_compact(json: &str, buffer: &mut Vec<u8>) {
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b' ' if !in_string => continue,
            _ => {}
        }
        buffer.push(byte);
    }
}

fn write_base64(tag: &str, bytes: &[u8], buffer: &mut Vec<u8>) {
    buffer.extend_from_slice(b"{\"");
    buffer.extend_from_slice(tag.as_bytes());
    buffer.extend_from_slice(b"\": \"");
    let start = buffer.len();
    // Encoded in place: a blob may be large.
    buffer.resize(start + bytes.len().div_ceil(3) * 4, 0);
    STANDARD.encode_slice(bytes, &mut buffer[start..]).expect("there is room for four thirds of the bytes");
    buffer.extend_from_slice(b"\"}");
}

/// Reads a value. What is JSON and yet no value is not an error of the JSON: it is taken whole, and said to be what it
/// is, so that a reader can go on after it.
pub struct ValueSeed;

/// Reads a value of a field, as [`ValueSeed`] does; what is true or false in one that is so is 1 or 0.
pub struct TypedSeed(pub FieldType);

impl<'de> DeserializeSeed<'de> for TypedSeed {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_any(ValueVisitor { is_boolean: self.0 == FieldType::Boolean })
    }
}

/// A value, or why it is none.
pub type Found = Result<Value, String>;

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_any(ValueVisitor { is_boolean: false })
    }
}

struct ValueVisitor {
    is_boolean: bool,
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a number, a string, or an object with $blob, $text or $real")
    }

    fn visit_unit<E: Error>(self) -> Result<Found, E> {
        Ok(Ok(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Found, E> {
        if self.is_boolean {
            return Ok(Ok(Value::Integer(value.into())));
        }
        Ok(Err(format!("{value} is no value of a database: write 1 or 0, or a text")))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Found, E> {
        Ok(Ok(Value::Integer(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Found, E> {
        let too_large =
            |_| format!("the integer {number} does not fit into the 64 bits of a database's integers");
        Ok(i64::try_from(number).map(Value::Integer).map_err(too_large))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Found, E> {
        Ok(Ok(Value::Real(number)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Found, E> {
        Ok(Ok(Value::Text(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Found, E> {
        Ok(Ok(Value::Text(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Err("a list is no value of a database: JSON in a column is written as a text".to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
        let Some(tag) = map.next_key::<String>()? else { return Ok(Err(no_tag("an empty object"))) };
        let value = match tag.as_str() {
            "$blob" => map.next_value::<Base64>()?.0.map(Value::Blob),
            "$text" => map.next_value::<Base64>()?.0.map(Value::RawText),
            "$real" => map.next_value::<Infinity>()?.0,
            other => {
                map.next_value::<IgnoredAny>()?;
                Err(no_tag(&format!("an object with {other:?}")))
            }
        };
        let mut more = None;
        while let Some(key) = map.next_key::<String>()? {
            map.next_value::<IgnoredAny>()?;
            more.get_or_insert(key);
        }
        Ok(match more {
            Some(more) => value.and(Err(format!("{tag} stands alone in its object, without {more:?}"))),
            None => value,
        })
    }
}

fn no_tag(what: &str) -> String {
    format!("an object is a value only with $blob, $text or $real; this is {what}")
}

/// An infinity, or why it is none.
struct Infinity(Found);

impl<'de> Deserialize<'de> for Infinity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = ValueSeed.deserialize(deserializer)?;
        Ok(Self(match value {
            Ok(Value::Text(text)) if text == "inf" => Ok(Value::Real(f64::INFINITY)),
            Ok(Value::Text(text)) if text == "-inf" => Ok(Value::Real(f64::NEG_INFINITY)),
            _ => Err("$real is \"inf\" or \"-inf\"; other numbers stand for themselves".to_owned()),
        }))
    }
}

/// Bytes, or why they are none.
struct Base64(Result<Vec<u8>, String>);

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = ValueSeed.deserialize(deserializer)?;
        Ok(Self(match value {
            Ok(Value::Text(text)) => {
                STANDARD.decode(text).map_err(|error| format!("it is not base64: {error}"))
            }
            _ => Err("it is not a string of base64".to_owned()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(value: &Value) -> String {
        let mut buffer = Vec::new();
        write_value(value.into(), &mut buffer);
        String::from_utf8(buffer).expect("JSON is UTF-8")
    }

    fn read(json: &str) -> Found {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let value = ValueSeed.deserialize(&mut deserializer).map_err(|error| error.to_string())?;
        // Whatever it is, it is taken whole.
        deserializer.end().expect("nothing is left");
        value
    }

    fn same(a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Real(a), Value::Real(b)) => a.to_bits() == b.to_bits(),
            (a, b) => a == b,
        }
    }

    #[test]
    fn each_kind_of_value_has_its_form() {
        for (value, json) in [
            (Value::Null, "null"),
            (Value::Integer(i64::MIN), "-9223372036854775808"),
            (Value::Integer(1), "1"),
            (Value::Real(1.0), "1.0"),
            (Value::Real(-0.0), "-0.0"),
            (Value::Real(1e300), "1e+300"),
            (Value::Real(f64::INFINITY), r#"{"$real": "inf"}"#),
            (Value::Real(f64::NEG_INFINITY), r#"{"$real": "-inf"}"#),
            (Value::Text("a\0\"\u{7f}\n🎬".into()), "\"a\\u0000\\\"\u{7f}\\n🎬\""),
            (Value::RawText(vec![0xff]), r#"{"$text": "/w=="}"#),
            (Value::Blob(vec![]), r#"{"$blob": ""}"#),
            (Value::Blob(vec![0, 1, 2, 3]), r#"{"$blob": "AAECAw=="}"#),
        ] {
            assert_eq!(written(&value), json);
            assert!(same(&read(json).expect("a value"), &value), "{json}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for json in [
            "9223372036854775808",
            "true",
            "[1, [2, {}]]",
            "{}",
            r#"{"a": 1, "b": []}"#,
            r#"{"$blob": ["x"]}"#,
            r#"{"$real": 1.5}"#,
            r#"{"$blob": "*"}"#,
            r#"{"$blob": 1}"#,
            r#"{"$blob": "", "$text": ""}"#,
            r#"{"$real": "nan"}"#,
            r#""\ud800""#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn keys_that_look_like_tags_are_escaped() {
        assert_eq!(key_of("name"), "name");
        assert_eq!(key_of("$rowid"), "$$rowid");
        assert_eq!(key_of("$"), "$$");
    }

    proptest! {
        #[test]
        fn every_value_comes_back(
            number in any::<i64>(), bits in any::<u64>(), text in any::<String>(),
            bytes in prop::collection::vec(any::<u8>(), 0..50)
        ) {
            let real = f64::from_bits(bits);
            let mut values = vec![
                Value::Integer(number), Value::Text(text), Value::RawText(bytes.clone()), Value::Blob(bytes),
            ];
            if !real.is_nan() {
                values.push(Value::Real(real));
            }
            for value in values {
                let json = written(&value);
                let is_real = matches!(value, Value::Real(_));
                prop_assert_eq!(is_real, json.contains(['.', 'e']) && !json.starts_with(['"', '{']) || json.contains("$real"));
                prop_assert!(same(&read(&json).expect("a value"), &value), "{}", json);
            }
        }
    }
}
