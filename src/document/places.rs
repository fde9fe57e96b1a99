//! Where in the value of a column row ids are: the whole value, a list in a text, or a path inside JSON.

use super::envelope::Doubt;
use super::id_type::plain_number;
use super::layout::{KEY, VALUE};
use crate::app::json_path::{Step, steps};
use crate::app::meaning::{self, Place, Question};
use crate::database::value::Value;
use serde_json::Value as Json;

impl Doubt {
    /// A doubt, in the words of a document.
    pub fn of(doubt: &meaning::Doubt, section_of: impl Fn(&String) -> String) -> Self {
        let sections: Vec<String> = doubt.targets.iter().map(&section_of).collect();
        let Question { place, settle } = doubt.question(section_of);
        let path = match &doubt.place {
            Place::Json(path) => Some(path.clone()),
            Place::Whole | Place::List => None,
        };
        let (table, column, why) = (doubt.table.clone(), doubt.column.clone(), doubt.why.clone());
        let (list, when) = (doubt.place == Place::List, doubt.when.clone());
        Self { place, table, column, path, list, raw: false, when, sections, why, settle }
    }

    /// Where in the column its numbers are.
    pub fn inside(&self) -> Place {
        match (&self.path, self.list) {
            (Some(path), _) => Place::Json(path.clone()),
            (None, true) => Place::List,
            (None, false) => Place::Whole,
        }
    }
}

/// Adds the integers at a place in a value.
pub fn integers_in(value: &Value, place: &Place, found: &mut Vec<i64>) {
    match place {
        Place::Whole => found.extend(integer(value)),
        Place::List => {
            if let Value::Text(text) = value {
                let numbers = text.split(|letter: char| !letter.is_ascii_digit());
                found.extend(numbers.filter_map(|digits| digits.parse::<i64>().ok()));
            } else {
                found.extend(integer(value));
            }
        }
        Place::Json(path) => {
            let json = match value {
                Value::Text(text) => serde_json::from_str(text),
                Value::Blob(bytes) => serde_json::from_slice(bytes),
                _ => return,
            };
            if let Ok(json) = json {
                integers_at(&json, path, found);
            }
        }
    }
}

/// Adds the integers that a path leads to in JSON.
pub fn integers_at(json: &Json, path: &str, found: &mut Vec<i64>) {
    walk(json, &steps(path), found);
}

fn walk(json: &Json, steps: &[Step], found: &mut Vec<i64>) {
    let Some((step, rest)) = steps.split_first() else {
        match json {
            Json::Number(number) => {
                found.extend(number.as_i64().or_else(|| integer(&Value::Real(number.as_f64()?))));
            }
            Json::String(text) => found.extend(plain_number(text)),
            _ => {}
        }
        return;
    };
    match (step, json) {
        // A text may be JSON itself, or a list.
        (_, Json::String(text)) => match serde_json::from_str::<Json>(text) {
            Ok(inside @ (Json::Object(_) | Json::Array(_))) => walk(&inside, steps, found),
            _ if *step == Step::Each && rest.is_empty() => {
                integers_in(&Value::Text(text.clone()), &Place::List, found);
            }
            _ => {}
        },
        (Step::Key(key), Json::Object(object)) => {
            if let Some(inside) = object.get(key) {
                walk(inside, rest, found);
            }
        }
        (Step::Each | Step::Keys, Json::Array(list)) => {
            for element in list {
                match entry(element) {
                    Some((key, _)) if *step == Step::Keys && rest.is_empty() => walk(key, &[], found),
                    Some((_, value)) => walk(value, rest, found),
                    None if *step == Step::Each => walk(element, rest, found),
                    None => {}
                }
            }
        }
        (Step::Keys, Json::Object(object)) if rest.is_empty() => {
            found.extend(object.keys().filter_map(|key| plain_number(key)));
        }
        (Step::Each | Step::Keys, Json::Object(object)) => {
            object.values().for_each(|inside| walk(inside, rest, found));
        }
        _ => {}
    }
}

/// The key and the value of an object's member, where a document writes the object as a list since its keys are row ids.
fn entry(element: &Json) -> Option<(&Json, &Json)> {
    let entry = element.as_object().filter(|entry| entry.len() == 2)?;
    Some((entry.get(KEY)?, entry.get(VALUE)?))
}

/// A value that is an integer, or a text that is written like one.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        #[expect(clippy::cast_possible_truncation, reason = "it is a whole number that an i64 holds exactly")]
        Value::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(*number as i64),
        Value::Text(text) => plain_number(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(value: &Value, place: &Place) -> Vec<i64> {
        let mut found = Vec::new();
        integers_in(value, place, &mut found);
        found
    }

    #[test]
    fn integers_are_found_wherever_a_place_says() {
        let text = |text: &str| Value::Text(text.to_owned());
        let path = |path: &str| Place::Json(path.to_owned());
        for (value, place, expected) in [
            (Value::Integer(7), Place::Whole, vec![7]),
            (text("7"), Place::Whole, vec![7]),
            (text("007"), Place::Whole, vec![]),
            (Value::Real(7.0), Place::Whole, vec![7]),
            (Value::Null, Place::Whole, vec![]),
            (text("/1/4/19/"), Place::List, vec![1, 4, 19]),
            (text("3, 17"), Place::List, vec![3, 17]),
            (text("{\"a\": [{\"id\": 1}, {\"id\": \"2\"}, {\"id\": 3.0}]}"), path("a[*].id"), vec![1, 2, 3]),
            (text("{\"a.b\": {\"$id\": 1}}"), path("\"a.b\".$id"), vec![1]),
            (text("{\"decks\": {\"1\": {\"id\": 4}}}"), path("decks.{}.id"), vec![4]),
            (text("{\"decks\": [{\"$key\": 1, \"$value\": {\"id\": 4}}]}"), path("decks.{}.id"), vec![4]),
            (text("{\"decks\": [{\"$key\": 1, \"$value\": 5}]}"), path("decks.{}"), vec![1]),
            (text("{\"decks\": [{\"$key\": 1, \"$value\": 5}]}"), path("decks[*]"), vec![5]),
            (text("[4, 5]"), path("[*]"), vec![4, 5]),
            (text("{\"decks\": {\"1\": {}, \"x\": {}}}"), path("decks.{}"), vec![1]),
            (text(r#"{"a": "{\"b\": [5, {\"c\": \"1,2\"}]}"}"#), path("a.b[*]"), vec![5]),
            (text(r#"{"a": "{\"b\": [5, {\"c\": \"1,2\"}]}"}"#), path("a.b[*].c[*]"), vec![1, 2]),
            (text(r#"{"a": "3 17"}"#), path("a[*]"), vec![3, 17]),
            (Value::Blob(b"{\"a\": 3}".to_vec()), path("a"), vec![3]),
            (text("no json"), path("a"), vec![]),
        ] {
            assert_eq!(found(&value, &place), expected, "{value:?} {place:?}");
        }
    }
}
