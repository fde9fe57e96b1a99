//! Paths inside JSON, as settings and documents write them: `lineup.drivers[*].id`, `decks.{}`, `"a.b".id`.

use crate::database::schema::Table;
use serde_json::Deserializer;

/// A step into JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// The value of a key.
    Key(String),
    /// Every element of a list, or every value of an object.
    Each,
    /// The keys of an object; what follows is inside its values.
    Keys,
}

/// Every element of a list, or every value of an object.
pub const EACH: &str = "[*]";

/// The keys of an object.
pub const KEYS: &str = "{}";

/// The steps of a path. Every text is one: what is not written as [`is_path`] wants it is a key.
pub fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(EACH) {
            steps.push(Step::Each);
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            rest = after;
        } else if let Some((key, after)) = quoted(rest) {
            steps.push(Step::Key(key));
            rest = after;
        } else {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let end = rest[first..].find(['.', '[']).map_or(rest.len(), |end| first + end);
            let (name, after) = rest.split_at(end);
            steps.push(if name == KEYS { Step::Keys } else { Step::Key(name.to_owned()) });
            rest = after;
        }
    }
    steps
}

/// A key in quotes at the beginning of a path, and what follows.
pub fn quoted(path: &str) -> Option<(String, &str)> {
    let mut keys = path.starts_with('"').then(|| Deserializer::from_str(path).into_iter::<String>())?;
    let key = keys.next()?.ok()?;
    Some((key, &path[keys.byte_offset()..]))
}

/// Steps as a path.
pub fn path(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(name) => push_key(&mut path, name),
            Step::Each => path.push_str(EACH),
            Step::Keys => push(&mut path, KEYS),
        }
    }
    path
}

/// Goes one key further.
pub fn push_key(path: &mut String, name: &str) {
    let is_plain = !name.is_empty() && name != KEYS && !name.contains(['.', '[', ']', '*', '"']);
    if is_plain {
        push(path, name);
    } else {
        push(path, &serde_json::Value::from(name).to_string());
    }
}

fn push(path: &mut String, part: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(part);
}

/// Whether a text is a path, written in the one way that it can be.
pub fn is_path(text: &str) -> bool {
    path(&steps(text)) == text
}

/// A place in a column: the column, and the path inside it.
pub fn place(column: &str, path: &str) -> String {
    let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
    format!("{column}{dot}{path}")
}

/// The column of a place, and the path inside it; nothing where the table has no such column.
pub fn column_and_path<'n>(table: &Table, place: &'n str) -> Option<(String, &'n str)> {
    let ends = place.match_indices(['.', '[']).map(|(at, _)| at).chain([place.len()]);
    ends.rev().find_map(|end| {
        let column = table.column(&place[..end])?;
        let path = &place[end..];
        Some((column.name.clone(), path.strip_prefix('.').unwrap_or(path)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_path_that_leads_to_it() {
        for key in ["a", "$id", "$", "", "a.b", "a[0]", "*", "{}", "a\"b", "é", "\\", "\n", ".", "{a}", "[*]"]
        {
            let wanted = [
                Step::Key("x".into()),
                Step::Key(key.to_owned()),
                Step::Each,
                Step::Keys,
                Step::Key(key.to_owned()),
            ];
            let text = path(&wanted);
            assert_eq!(steps(&text), wanted, "{text}");
            assert!(is_path(&text), "{text}");
        }
        assert_eq!(path(&steps("[*].id")), "[*].id");
        assert_eq!(path(&steps("a.{}.\"b.c\"")), "a.{}.\"b.c\"");
    }

    #[test]
    fn what_is_no_path_leads_somewhere_all_the_same() {
        for text in ["a..b", "a[", "a[0]", "a.*", "\"a", "\"a\"b", ".a", "a.", "a]"] {
            assert!(!is_path(text), "{text}");
            assert!(!steps(text).is_empty());
        }
    }
}
