//! What people read beside the number of an item that has no key: `{"$id": 87, "$label": "Spain"}`. Nothing goes by it.

use super::json::LABEL;
use crate::app::model::{Field, Shape};
use crate::database::value::Value;
use serde_json::Value as Json;

/// Letters that a label has at most.
const LONGEST: usize = 80;

/// The fields that the label of an item is made of.
pub fn fields(shape: &Shape) -> &[String] {
    let is_plain =
        |name: &String| shape.columns.contains_key(name) && matches!(shape.field(name), Field::Column(_));
    let own = if shape.label.is_empty() { &shape.caption } else { &shape.label };
    if own.iter().all(is_plain) { own } else { &[] }
}

/// The label of an item of which the fields have these values; nothing where they say nothing.
pub fn of_values<'v>(values: impl IntoIterator<Item = &'v Value>) -> Option<String> {
    let word = |value: &Value| match value {
        Value::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    };
    let words: Vec<String> = values.into_iter().filter_map(word).collect();
    (!words.is_empty()).then(|| cut(&words.join(", ")))
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// The number by which a reference knows an item, under a key such as `$id`, with a label or without.
pub fn number(key: &Json, tag: &str) -> Option<i64> {
    let object = key.as_object()?;
    let others = object.keys().filter(|own| *own != tag && *own != LABEL).count();
    if others == 0 { object.get(tag)?.as_i64() } else { None }
}

/// The label beside the number of a reference.
pub fn of_reference(key: &Json) -> Option<&str> {
    key.get(LABEL)?.as_str()
}

/// A key without the labels in it.
pub fn without(key: &Json) -> Json {
    match key {
        Json::Object(object) => {
            let own = object.iter().filter(|(name, _)| *name != LABEL);
            own.map(|(name, value)| (name.clone(), without(value))).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::json::ID;
    use serde_json::json;

    #[test]
    fn a_label_is_short_and_says_something() {
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(of_values(&[text(" Spain\n"), Value::Integer(7)]).as_deref(), Some("Spain, 7"));
        assert_eq!(of_values(&[text(" "), Value::Null, Value::Blob(vec![1])]), None);
        let long = of_values(&[text(&"ü".repeat(81))]).expect("a label");
        assert_eq!((long.chars().count(), long.chars().last()), (80, Some('…')));
        assert_eq!(of_values(&[text(&"ü".repeat(80))]), Some("ü".repeat(80)));
    }

    #[test]
    fn a_number_is_known_with_a_label_and_without() {
        for (key, known) in [
            (json!({"$id": 7}), Some(7)),
            (json!({"$id": 7, "$label": "x"}), Some(7)),
            (json!({"$label": "x", "$id": 7}), Some(7)),
            (json!({"$id": 7, "name": "x"}), None),
            (json!({"$label": "x"}), None),
            (json!({"$id": "7"}), None),
            (json!(7), None),
        ] {
            assert_eq!(number(&key, ID), known, "{key}");
        }
        let nested = json!({"a": {"$id": 7, "$label": "x"}, "b": 1});
        assert_eq!(without(&nested), json!({"a": {"$id": 7}, "b": 1}));
    }
}
