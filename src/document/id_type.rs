//! Row ids inside JSON that are not of the type in which the column that they refer to keeps them: an id that is a number may
//! stand there as a text, and comes back as one.

use crate::database::affinity::{Affinity, number_of};
use crate::database::value::Value;
use serde_json::{Map, Value as Json};

/// The key of an id that is a text there.
const STRING: &str = "$string";
/// The key of one that is a number there.
const NUMBER: &str = "$number";

/// The type of a row id inside JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdType {
    /// That of the column.
    Own,
    /// A text, of a number.
    String,
    /// A number, of a text.
    Number,
}

impl IdType {
    /// Reads the id that a column of this affinity keeps; nothing where what stands there is none, or would not come back.
    pub fn read(json: &Json, affinity: Affinity) -> Option<(Self, Value)> {
        let is_number = !matches!(affinity, Affinity::Text | Affinity::Blob);
        match json {
            Json::Number(number) if affinity == Affinity::Text => {
                Some((Self::Number, Value::Text(number.as_i64()?.to_string())))
            }
            Json::Number(number) => Some((Self::Own, Value::Integer(number.as_i64()?))),
            Json::String(text) if is_number && number_of(text).is_some() => {
                Some((Self::String, Value::Integer(plain_number(text)?)))
            }
            Json::String(text) => Some((Self::Own, Value::Text(text.clone()))),
            _ => None,
        }
    }

    /// The mark of a key that stands for an id of this type.
    pub fn mark(self, key: Json) -> Json {
        let tag = match self {
            Self::Own => return key,
            Self::String => STRING,
            Self::Number => NUMBER,
        };
        Json::Object(Map::from_iter([(tag.to_owned(), key)]))
    }

    /// The type by a mark, and the key.
    pub fn of(json: &Json) -> (Self, &Json) {
        let inside =
            json.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
        match inside {
            Some((tag, key)) if tag == STRING => (Self::String, key),
            Some((tag, key)) if tag == NUMBER => (Self::Number, key),
            _ => (Self::Own, json),
        }
    }

    /// The same, to be changed.
    pub fn of_mut(json: &mut Json) -> (Self, &mut Json) {
        let (id_type, _) = Self::of(json);
        if id_type == Self::Own {
            return (id_type, json);
        }
        let object = json.as_object_mut().expect("a mark is an object");
        (id_type, object.values_mut().next().expect("a mark has a key"))
    }

    /// The id of a row as it stands inside JSON.
    pub fn write(self, id: &Value) -> Json {
        match (self, id) {
            (Self::String, Value::Integer(number)) => Json::from(number.to_string()),
            (_, Value::Integer(number)) => Json::from(*number),
            (Self::Number, Value::Text(text)) => {
                plain_number(text).map_or_else(|| Json::from(text.as_str()), Json::from)
            }
            (_, Value::Text(text)) => Json::from(text.as_str()),
            _ => Json::Null,
        }
    }
}

/// The number that a text is written like.
pub fn plain_number(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|number| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_come_back_as_they_stood_there() {
        for (json, affinity, marked) in [
            (json!(5), Affinity::Integer, Some(json!("k"))),
            (json!("5"), Affinity::Integer, Some(json!({"$string": "k"}))),
            (json!("05"), Affinity::Integer, None),
            (json!("5.0"), Affinity::Numeric, None),
            (json!("x"), Affinity::Integer, Some(json!("k"))),
            (json!("5"), Affinity::Text, Some(json!("k"))),
            (json!(5), Affinity::Text, Some(json!({"$number": "k"}))),
            (json!("5"), Affinity::Blob, Some(json!("k"))),
            (json!(5.5), Affinity::Integer, None),
        ] {
            let read = IdType::read(&json, affinity);
            assert_eq!(
                read.clone().map(|(id_type, _)| id_type.mark(json!("k"))),
                marked,
                "{json} {affinity:?}"
            );
            if let (Some((id_type, id)), Some(mut marked)) = (read, marked) {
                assert_eq!(IdType::of(&marked), (id_type, &json!("k")));
                assert_eq!(IdType::of_mut(&mut marked).0, id_type);
                assert_eq!(id_type.write(&id), json);
            }
        }
    }
}
