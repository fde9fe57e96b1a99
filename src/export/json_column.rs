//! Text columns that hold JSON, written as JSON: as long as the text comes back as it was, but for its white space.

use super::anonymize::Anonymizer;
use super::resolve::Resolver;
use crate::app::model::{JsonColumn, Layout};
use crate::app::secrets::{MARKER, Redaction, escape_markers, is_secret_value};
use crate::database::value::{Borrowed, Value};
use crate::document::json::{DANGLING, RAW_JSON, write_string, write_value};
use crate::document::tree::{canonical, each_place, steps};
use anyhow::Result;
use serde_json::{Map, Value as Json};

/// A column that holds JSON.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    pub(super) table: &'a str,
    pub(super) name: &'a str,
    pub(super) json: &'a JsonColumn,
    /// The section that the row says, of which a row id is.
    pub(super) section: Option<&'a str>,
}

/// What a column of a row is written as.
pub(super) fn written(
    value: &Value,
    column: Column<'_>,
    keys: impl Fn(&str) -> Vec<String>,
    resolver: &Resolver<'_>,
    anonymizer: Option<&Anonymizer<'_>>,
) -> Result<Value> {
    let Column { table, name, json, section } = column;
    let mut tree: Json = if let Some(tree) = json.spread(value, section) {
        tree
    } else {
        let text = match value {
            Value::Null => return Ok(Value::Null),
            Value::Text(text) => text,
            value => return Ok(Value::Text(tagged(value))),
        };
        let form = lossless(text).filter(|_| json.layout == Layout::Json);
        let redaction = Redaction { not_secret: &json.not_secret };
        let Some(form) = form else {
            let hides = || redaction.finds(&mut serde_json::from_str(text).unwrap_or_default());
            if json.secrets && (is_secret_value(text) || hides()) {
                return Ok(Value::Text(format!("{{\"{MARKER}\": true}}")));
            }
            let made_up =
                anonymizer.map(|anonymizer| anonymizer.replace_raw(table, name, text)).transpose()?;
            return Ok(Value::Text(raw(made_up.flatten().as_deref().unwrap_or(text))));
        };
        if json.references.is_empty() && anonymizer.is_none() && !json.secrets {
            return Ok(Value::Text(escaped(form)));
        }
        let mut tree = serde_json::from_str(&form)?;
        if json.secrets {
            escape_markers(&mut tree);
            redaction.finds(&mut tree);
        }
        json.list_keys(&mut tree);
        tree
    };
    if let Some(anonymizer) = anonymizer {
        replace_texts(&mut tree, column, anonymizer)?;
    }
    for (path, section) in &json.references {
        let to = keys(section);
        let dot = if path.starts_with('[') { "" } else { "." };
        let place = format!("{table}.{name}{dot}{path}");
        each_place(&mut tree, &steps(path), &mut |found| {
            let value = match &*found {
                Json::Number(number) => number.as_i64().map(Value::Integer),
                Json::String(text) => Some(Value::Text(text.clone())),
                _ => None,
            };
            if *found != Json::Null {
                *found = match resolver.resolve_inside(&place, section, &to, value.as_ref())? {
                    Some(target) => serde_json::from_str(&target.json)?,
                    None => Json::Object(Map::from_iter([(DANGLING.to_owned(), found.take())])),
                };
            }
            Ok(())
        })?;
    }
    match canonical(&serde_json::to_string(&tree)?) {
        Ok(Value::Text(form)) => Ok(Value::Text(escaped(form))),
        _ => Ok(Value::Null),
    }
}

/// Replaces what is personal by made-up values, but for what refers to something.
fn replace_texts(tree: &mut Json, column: Column<'_>, anonymizer: &Anonymizer<'_>) -> Result<()> {
    let mut taken = Vec::new();
    for path in column.json.references.keys() {
        let mut found = Vec::new();
        each_place(tree, &steps(path), &mut |place| {
            found.push(place.take());
            Ok(())
        })?;
        taken.push((path, found.into_iter()));
    }
    anonymizer.replace_inside(column.table, column.name, tree)?;
    // Backwards, since one path may lead into what another led to.
    for (path, mut found) in taken.into_iter().rev() {
        each_place(tree, &steps(path), &mut |place| {
            if let Some(before) = found.next().filter(|before| *before != Json::Null) {
                *place = before;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// The one form of a text that is JSON, where nothing but white space and the way that letters are escaped is lost in it.
fn lossless(text: &str) -> Option<String> {
    let Ok(value) = canonical(text) else { return None };
    let form = match value {
        Value::Text(form) => form,
        _ => "null".to_owned(),
    };
    // A text that is null cannot be told from a column that is.
    (form != "null" && parts(text)? == parts(&form)?).then_some(form)
}

/// A text that is JSON without white space between its parts, each string in one form.
fn parts(text: &str) -> Option<Vec<u8>> {
    let mut found = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if letter == '"' {
            let mut escaped = false;
            let end = rest.char_indices().skip(1).find(|(_, letter)| {
                let ends = *letter == '"' && !escaped;
                escaped = *letter == '\\' && !escaped;
                ends
            });
            let (string, after) = rest.split_at(end?.0 + 1);
            write_string(&serde_json::from_str::<String>(string).ok()?, &mut found);
            rest = after;
            continue;
        }
        if !letter.is_ascii_whitespace() {
            found.extend(letter.encode_utf8(&mut [0; 4]).bytes());
        }
        rest = &rest[letter.len_utf8()..];
    }
    Some(found)
}

/// An object that looks like one of larder's own, which have a single key, gets one more `$`.
fn escaped(form: String) -> String {
    match form.strip_prefix("{\"$") {
        Some(rest)
            if serde_json::from_str::<Map<String, Json>>(&form).is_ok_and(|object| object.len() == 1) =>
        {
            format!("{{\"$${rest}")
        }
        _ => form,
    }
}

fn raw(text: &str) -> String {
    let mut json = format!("{{\"{RAW_JSON}\": ").into_bytes();
    write_string(text, &mut json);
    json.push(b'}');
    String::from_utf8(json).expect("strings are written as UTF-8")
}

/// What is no text, although the column holds texts.
fn tagged(value: &Value) -> String {
    let mut json = Vec::new();
    match value {
        Value::Integer(number) => json.extend(format!("{{\"$integer\": {number}}}").into_bytes()),
        Value::Real(number) if number.is_finite() => {
            json.extend_from_slice(b"{\"$real\": ");
            write_value(Borrowed::Real(*number), &mut json);
            json.push(b'}');
        }
        value => write_value(value.into(), &mut json),
    }
    String::from_utf8(json).expect("values are written as UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_written_as_it_is_only_where_it_comes_back() {
        for (text, form) in [
            ("{\"a\":[1,2.5,\"\\u00e9\"]}", Some("{\"a\": [1, 2.5, \"é\"]}")),
            ("[\n  1\n]", Some("[1]")),
            ("1.50", None),
            ("{\"a\": 1, \"a\": 2}", None),
            ("123456789012345678901234567890", None),
            ("null", None),
            ("not json", None),
        ] {
            assert_eq!(lossless(text).as_deref(), form, "{text}");
        }
        assert_eq!(raw("x\""), "{\"$json\": \"x\\\"\"}");
        for (form, written) in [
            ("{\"$blob\": 1}", "{\"$$blob\": 1}"),
            ("{\"$$blob\": 1}", "{\"$$$blob\": 1}"),
            // Nothing of larder's own has two keys, and what is read back has lost its `$` only where it has one.
            ("{\"$blob\": 1, \"a\": 2}", "{\"$blob\": 1, \"a\": 2}"),
            ("{\"a\": {\"$blob\": 1}}", "{\"a\": {\"$blob\": 1}}"),
        ] {
            assert_eq!(escaped(form.into()), written);
        }
    }
}
