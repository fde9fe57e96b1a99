//! How a column that holds row ids among other things is written as JSON, so that each of them can be a reference: a text of
//! several, an id whose section another column says, and objects whose keys are ids; and one that holds texts and secrets.

use super::id_type::plain_number;
use super::tree::each_place;
use crate::app::json_path::steps;
use crate::app::model::{JsonColumn, Layout};
use crate::database::value::Value;
use serde_json::{Map, Value as Json};

/// The key of a key of an object, and of what it leads to, where the keys are row ids.
pub(super) const KEY: &str = "$key";
pub(super) const VALUE: &str = "$value";
/// The key of a list that is not written like the others of its column: texts and row ids in turns.
pub const PARTS: &str = "$parts";
/// The keys of its elements.
const TEXT: &str = "text";
const ID: &str = "id";

impl JsonColumn {
    /// A value of the column as JSON; nothing where it is not of the layout. `section` is the one that the row says.
    pub fn spread(&self, value: &Value, section: Option<&str>) -> Option<Json> {
        match &self.layout {
            Layout::Json => None,
            Layout::Text => match value {
                Value::Text(text) => Some(Json::from(text.as_str())),
                _ => None,
            },
            Layout::List { start, separator, end } => spread_list(value, [start, separator, end]),
            Layout::ByType => {
                let is_text = self.types.as_ref().is_none_or(|types| types.is_text);
                let id = match value {
                    Value::Integer(number) => Json::from(*number),
                    Value::Text(text) => match plain_number(text) {
                        // A column that makes texts of numbers makes one of this.
                        Some(number) if is_text => Json::from(number),
                        Some(_) => Json::from(text.as_str()),
                        // A text may be the key of a row of a section, and of none otherwise.
                        None if section.is_some() && !text.is_empty() => Json::from(text.as_str()),
                        None => return None,
                    },
                    _ => return None,
                };
                Some(match section {
                    Some(section) => Json::Object(Map::from_iter([(section.to_owned(), id)])),
                    None => id,
                })
            }
        }
    }

    /// The value of the column that JSON was made of; nothing where it is not of the layout.
    pub fn gather(&self, json: &Json) -> Option<Value> {
        match &self.layout {
            Layout::Json => None,
            Layout::Text => json.as_str().map(|text| Value::Text(text.to_owned())),
            Layout::List { start, separator, end } => gather_list(json, [start, separator, end]),
            Layout::ByType => match json {
                Json::Object(object) if object.len() == 1 => object.values().next().and_then(scalar),
                other => scalar(other),
            },
        }
    }

    /// Makes lists of the objects whose keys are row ids.
    pub fn list_keys(&self, tree: &mut Json) {
        for path in &self.keyed {
            let listed = each_place(tree, &steps(path), &mut |found| {
                if let Json::Object(object) = found {
                    let pair = |(key, value): (String, Json)| {
                        let key = plain_number(&key).map_or(Json::from(key.as_str()), Json::from);
                        Json::Object(Map::from_iter([(KEY.to_owned(), key), (VALUE.to_owned(), value)]))
                    };
                    *found = Json::Array(std::mem::take(object).into_iter().map(pair).collect());
                }
                Ok(())
            });
            listed.expect("nothing fails");
        }
    }

    /// Makes objects again of what [`Self::list_keys`] made lists.
    pub fn key_lists(&self, tree: &mut Json) {
        for path in self.keyed.iter().rev() {
            let keyed = each_place(tree, &steps(path), &mut |found| {
                let Json::Array(list) = found else { return Ok(()) };
                let pair = |entry: &Json| {
                    let key = match entry.get(KEY)? {
                        Json::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    Some((key, entry.get(VALUE)?.clone()))
                };
                if let Some(object) = list.iter().map(pair).collect::<Option<Map<_, _>>>() {
                    *found = Json::Object(object);
                }
                Ok(())
            });
            keyed.expect("nothing fails");
        }
    }
}

fn spread_list(value: &Value, around: [&String; 3]) -> Option<Json> {
    let text = match value {
        Value::Text(text) => text.clone(),
        // A text of one row id is written like all others.
        Value::Integer(number) => return Some(in_parts(vec![id_part(*number)])),
        _ => return None,
    };
    let parts = parts(&text);
    let ids = parts.iter().filter_map(|part| part.get(ID).cloned());
    let list = Json::Array(ids.collect());
    if gather_list(&list, around) == Some(Value::Text(text.clone())) {
        return Some(list);
    }
    (parts.len() > 1).then(|| in_parts(parts))
}

fn in_parts(parts: Vec<Json>) -> Json {
    Json::Object(Map::from_iter([(PARTS.to_owned(), Json::Array(parts))]))
}

fn id_part(id: i64) -> Json {
    Json::Object(Map::from_iter([(ID.to_owned(), Json::from(id))]))
}

/// A text in turns: what stands before a number, and the number, and what stands after the last.
fn parts(text: &str) -> Vec<Json> {
    let mut parts = Vec::new();
    let mut before = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        if let Some(number) = plain_number(&rest[..digits]) {
            parts.extend(text_part(&mut before));
            parts.push(id_part(number));
            rest = &rest[digits..];
        } else {
            let length = digits.max(letter.len_utf8());
            before.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    parts.extend(text_part(&mut before));
    parts
}

/// A text between row ids, where there is any.
fn text_part(text: &mut String) -> Option<Json> {
    let text = std::mem::take(text);
    (!text.is_empty()).then(|| Json::Object(Map::from_iter([(TEXT.to_owned(), Json::from(text))])))
}

fn gather_list(json: &Json, [start, separator, end]: [&String; 3]) -> Option<Value> {
    let text = |id: &Json| match id {
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) => Some(text.clone()),
        _ => None,
    };
    match json {
        Json::Array(list) => {
            let ids: Vec<String> = list.iter().map(text).collect::<Option<_>>()?;
            Some(Value::Text(format!("{start}{}{end}", ids.join(separator))))
        }
        Json::Object(object) => {
            let parts = object.get(PARTS)?.as_array()?;
            if let [part] = parts.as_slice()
                && let Some(id) = part.get(ID)
            {
                return text(id).map(|id| plain_number(&id).map_or(Value::Text(id), Value::Integer));
            }
            let part = |part: &Json| text(part.get(TEXT).or_else(|| part.get(ID))?);
            Some(Value::Text(parts.iter().map(part).collect::<Option<String>>()?))
        }
        _ => None,
    }
}

fn scalar(json: &Json) -> Option<Value> {
    match json {
        Json::Number(number) => number.as_i64().map(Value::Integer),
        Json::String(text) => Some(Value::Text(text.clone())),
        Json::Null => Some(Value::Null),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::model::TypeColumn;
    use indexmap::IndexMap;
    use serde_json::json;

    fn column(layout: Layout) -> JsonColumn {
        JsonColumn { layout, ..JsonColumn::default() }
    }

    #[test]
    fn lists_come_back_as_they_were_written() {
        let of = |start: &str, separator: &str, end: &str| {
            let owned = str::to_owned;
            column(Layout::List { start: owned(start), separator: owned(separator), end: owned(end) })
        };
        for (column, text, json) in [
            (of("", ",", ""), "3,17", json!([3, 17])),
            (of("", ",", ""), "3, 17", json!({"$parts": [{"id": 3}, {"text": ", "}, {"id": 17}]})),
            (of("/", "/", "/"), "/1/4/", json!([1, 4])),
            (of("", ",", ""), "5", json!([5])),
            (of("", ",", ""), "a007b12", json!({"$parts": [{"text": "a007b"}, {"id": 12}]})),
        ] {
            let spread = column.spread(&Value::Text(text.into()), None);
            assert_eq!(spread, Some(json), "{text}");
            assert_eq!(column.gather(&spread.expect("a list")), Some(Value::Text(text.into())));
        }
        let integer = of("", ",", "").spread(&Value::Integer(5), None);
        assert_eq!(integer, Some(json!({"$parts": [{"id": 5}]})));
        assert_eq!(of("", ",", "").gather(&integer.expect("a list")), Some(Value::Integer(5)));
        assert_eq!(of("", ",", "").spread(&Value::Text("none".into()), None), None);
    }

    #[test]
    fn an_id_stands_under_the_section_that_its_row_says() {
        let column = column(Layout::ByType);
        let spread = |section| column.spread(&Value::Integer(5), section).expect("an id");
        assert_eq!(spread(Some("posts")), json!({"posts": 5}));
        assert_eq!(spread(None), json!(5));
        for json in [json!({"posts": 5}), json!(5)] {
            assert_eq!(column.gather(&json), Some(Value::Integer(5)));
        }
        let types = TypeColumn { column: "type".into(), sections: IndexMap::new(), is_text: false };
        let column = JsonColumn { types: Some(types), ..column };
        let spread = column.spread(&Value::Text("5".into()), Some("posts"));
        assert_eq!(spread, Some(json!({"posts": "5"})));
        assert_eq!(column.gather(&spread.expect("an id")), Some(Value::Text("5".into())));
    }

    #[test]
    fn keys_of_objects_are_listed_and_come_back() {
        let column = JsonColumn { keyed: vec!["decks".into()], ..JsonColumn::default() };
        let mut tree = json!({"decks": {"1": {"name": "a"}, "x": 2}});
        let before = tree.clone();
        column.list_keys(&mut tree);
        assert_eq!(tree["decks"][0], json!({"$key": 1, "$value": {"name": "a"}}));
        column.key_lists(&mut tree);
        assert_eq!(tree, before);
    }
}
