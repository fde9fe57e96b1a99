//! JSON texts in one form, in which no digit is lost: numbers are read as 64-bit integers and floats, and not every one is such.

use super::json::write_string;
use super::tree::canonical;
use crate::database::value::Value;

/// The one form of a text that is JSON, where nothing but white space and the way that letters are escaped is lost in it.
pub fn lossless(text: &str) -> Option<String> {
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
