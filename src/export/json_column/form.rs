//! The one form of JSON texts, and how a document writes what is no JSON.

use crate::app::json_style::{JsonStyle, Spacing};
use crate::database::value::{Borrowed, Value};
use crate::document::json::{RAW_JSON, write_string, write_value};
use crate::document::tree::canonical;
use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json};

/// Whether a value is JSON that is written as it is stored, and not as JSON.
pub(in crate::export) fn is_raw(value: &Value) -> bool {
    match value {
        Value::Text(text) => lossless(text).is_none() && serde_json::from_str::<IgnoredAny>(text).is_ok(),
        Value::Blob(bytes) => serde_json::from_slice::<IgnoredAny>(bytes).is_ok(),
        _ => false,
    }
}

/// The one form of a text that is JSON, where nothing but white space and the way that letters are escaped is lost in it.
pub(super) fn lossless(text: &str) -> Option<String> {
    let Ok(value) = canonical(text) else { return None };
    let form = match value {
        Value::Text(form) => form,
        _ => "null".to_owned(),
    };
    // A text that is null cannot be told from a column that is.
    (form != "null" && parts(text)? == parts(&form)?).then_some(form)
}

/// The one form of a text that is JSON in a style, where the same bytes come back.
pub(super) fn exact(text: &str, style: JsonStyle) -> Option<String> {
    // A text that is null cannot be told from a column that is.
    if text == "null" || !style.fits(text) {
        return None;
    }
    if style == (JsonStyle { spacing: Spacing::Spaced, ascii: false }) {
        return Some(text.to_owned());
    }
    match canonical(text) {
        Ok(Value::Text(form)) => Some(form),
        _ => None,
    }
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
pub(super) fn escaped(form: String) -> String {
    match form.strip_prefix("{\"$") {
        Some(rest)
            if serde_json::from_str::<Map<String, Json>>(&form).is_ok_and(|object| object.len() == 1) =>
        {
            format!("{{\"$${rest}")
        }
        _ => form,
    }
}

/// A text as it is.
pub(super) fn raw(text: &str) -> String {
    let mut json = format!("{{\"{RAW_JSON}\": ").into_bytes();
    write_string(text, &mut json);
    json.push(b'}');
    String::from_utf8(json).expect("strings are written as UTF-8")
}

/// What is no text, although the column holds texts.
pub(super) fn tagged(value: &Value) -> String {
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
        let exact = |text: &str, spacing| exact(text, JsonStyle { spacing, ascii: false });
        for (text, spacing, form) in [
            ("{\"a\":[1,2.5,\"é\"]}", Spacing::Compact, Some("{\"a\": [1, 2.5, \"é\"]}")),
            ("{\"a\": [1, 2.5, \"é\"]}", Spacing::Spaced, Some("{\"a\": [1, 2.5, \"é\"]}")),
            ("{\"a\": 1}", Spacing::Compact, None),
            ("[1.50]", Spacing::Compact, None),
            ("null", Spacing::Compact, None),
        ] {
            assert_eq!(exact(text, spacing).as_deref(), form, "{text}");
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
