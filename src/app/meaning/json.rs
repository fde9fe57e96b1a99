//! The integers inside JSON, by their paths.

use super::numbers::Numbers;
use super::values::written;
use indexmap::IndexMap;
use serde_json::Value;

/// How many paths of a column are told apart.
const MOST_PATHS: usize = 2000;

/// Adds the integers of a document to those at their paths: `$.a.b`, with `[]` for every element of an array and `{}` for
/// every key that is a number.
pub(super) fn collect(document: &Value, found: &mut IndexMap<String, Numbers>) {
    visit(document, "$", found);
}

fn visit(value: &Value, path: &str, found: &mut IndexMap<String, Numbers>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if let Some(number) = written(name) {
                    let path = format!("{path}.{{}}");
                    add(&path, number, found);
                    visit(member, &path, found);
                } else {
                    visit(member, &format!("{path}.{name}"), found);
                }
            }
        }
        Value::Array(elements) => {
            let path = format!("{path}[]");
            for element in elements {
                visit(element, &path, found);
            }
        }
        Value::Number(number) => drop(number.as_i64().map(|number| add(path, number, found))),
        Value::String(text) => drop(written(text).map(|number| add(path, number, found))),
        Value::Bool(_) | Value::Null => {}
    }
}

fn add(path: &str, number: i64, found: &mut IndexMap<String, Numbers>) {
    if let Some(numbers) = found.get_mut(path) {
        numbers.insert(number);
    } else if found.len() < MOST_PATHS {
        found.insert(path.to_owned(), std::iter::once(number).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_found_at_their_paths() {
        let text =
            r#"{"decks": {"1": {"id": 7}, "20": {"id": 8}}, "tags": [3, "4", true, 1.5, "x"], "n": null}"#;
        let mut found = IndexMap::new();
        collect(&serde_json::from_str(text).expect("JSON"), &mut found);
        let found: Vec<(&str, Vec<i64>)> = found
            .iter_mut()
            .map(|(path, numbers)| {
                numbers.finish();
                (path.as_str(), numbers.iter().collect())
            })
            .collect();
        assert_eq!(
            found,
            [("$.decks.{}", vec![1, 20]), ("$.decks.{}.id", vec![7, 8]), ("$.tags[]", vec![3, 4])]
        );
    }
}
