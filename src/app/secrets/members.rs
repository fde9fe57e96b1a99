//! Secrets inside JSON: each is replaced by a marker, which an import takes for "leave what is there".

use super::names::{KEYS, VALUES};
use super::{Entry, is_secret, is_secret_entry, is_secret_value};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// The key of the marker, `{"$secret": true}`.
pub const MARKER: &str = "$secret";

/// Whether JSON is the marker of a secret that was left out.
pub fn is_marker(json: &Json) -> bool {
    json.as_object().is_some_and(|object| object.len() == 1 && object.get(MARKER) == Some(&Json::Bool(true)))
}

/// Whether a text is a secret by its form, by itself or in quotes. One that looks like a marker is as good as one: nothing could
/// tell them apart.
pub fn is_secret_text(text: &str) -> bool {
    is_secret_value(text)
        || match text.as_bytes().first() {
            Some(b'"') => unquoted(text).is_some_and(|text| is_secret_value(&text)),
            Some(b'{') => serde_json::from_str(text).is_ok_and(|json| is_marker(&json)),
            _ => false,
        }
}

/// The text that a text quotes, as columns of JSON values do.
pub fn unquoted(text: &str) -> Option<String> {
    text.starts_with('"').then(|| serde_json::from_str(text).ok()).flatten()
}

/// Replaces secrets by markers.
#[derive(Debug, Clone, Copy)]
pub struct Redaction<'a> {
    /// Names that look like those of secrets, and are none.
    pub not_secret: &'a [String],
}

impl Redaction<'_> {
    /// Replaces the secrets inside JSON; `found` takes their paths.
    pub fn redact(self, tree: &mut Json, found: &mut BTreeSet<String>) {
        self.entry("", tree, "", false, found);
    }

    /// Whether there are secrets inside JSON, which then loses them.
    pub fn finds(self, tree: &mut Json) -> bool {
        let mut found = BTreeSet::new();
        self.redact(tree, &mut found);
        !found.is_empty()
    }

    fn is_allowed(self, name: &str) -> bool {
        self.not_secret.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
    }

    /// `inside` says that an object above is called like a secret: all its texts are.
    fn walk(self, tree: &mut Json, path: &str, inside: bool, found: &mut BTreeSet<String>) {
        match tree {
            Json::Object(object) => self.walk_object(object, path, inside, found),
            Json::Array(list) => {
                let path = format!("{path}[*]");
                for element in list {
                    self.entry("", element, &path, inside, found);
                }
            }
            _ => {}
        }
    }

    fn walk_object(
        self,
        object: &mut Map<String, Json>,
        path: &str,
        inside: bool,
        found: &mut BTreeSet<String>,
    ) {
        let says = |(key, value): (&String, &Json)| {
            let name = value.as_str().filter(|_| is_one_of(&KEYS, key) || key.eq_ignore_ascii_case("id"))?;
            (is_secret(name) && !self.is_allowed(name)).then(|| (key.clone(), name.to_owned()))
        };
        let named = object.iter().find_map(says);
        for (key, value) in object.iter_mut() {
            let dot = if path.is_empty() { "" } else { "." };
            let path = format!("{path}{dot}{key}");
            if self.is_allowed(key) {
                continue;
            }
            // What a list of names and values says under the name of a secret.
            let is_value = |(own, _): &&(String, String)| is_one_of(&VALUES, key) && own != key;
            let name = named.as_ref().filter(is_value).map_or(key.as_str(), |(_, name)| name);
            self.entry(name, value, &path, inside, found);
        }
    }

    fn entry(self, name: &str, value: &mut Json, path: &str, inside: bool, found: &mut BTreeSet<String>) {
        let is_it = match &*value {
            Json::String(text) => {
                is_secret_entry(if inside { "secret" } else { name }, Entry::Text(text)) || self.hides(text)
            }
            Json::Number(_) => is_secret_entry(name, Entry::Number),
            _ => {
                let inside = inside || is_secret(name);
                return self.walk(value, path, inside, found);
            }
        };
        if is_it {
            found.insert(path.to_owned());
            *value = Json::Object(Map::from_iter([(MARKER.to_owned(), Json::Bool(true))]));
        }
    }

    /// Whether a text is JSON with secrets inside.
    fn hides(self, text: &str) -> bool {
        text.starts_with(['{', '['])
            && serde_json::from_str::<Json>(text).is_ok_and(|mut tree| self.finds(&mut tree))
    }
}

fn is_one_of(names: &[&str], key: &str) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(key))
}

/// Gives what looks like a marker, and is data, one more `$`.
pub fn escape_markers(tree: &mut Json) {
    each_lookalike(tree, &|key| format!("${key}"));
}

/// Takes the `$` away that data which looks like a marker has got.
pub fn unescape_markers(tree: &mut Json) {
    each_lookalike(tree, &|key| if key == MARKER { key.to_owned() } else { key[1..].to_owned() });
}

fn each_lookalike(tree: &mut Json, rename: &impl Fn(&str) -> String) {
    match tree {
        Json::Object(object) => {
            object.iter_mut().for_each(|(_, inside)| each_lookalike(inside, rename));
            let is_it = |key: &String| key.starts_with('$') && key.trim_start_matches('$') == &MARKER[1..];
            if object.len() == 1
                && let Some(key) = object.keys().next().filter(|key| is_it(key)).cloned()
                && let Some(inside) = object.remove(&key)
            {
                object.insert(rename(&key), inside);
            }
        }
        Json::Array(list) => list.iter_mut().for_each(|inside| each_lookalike(inside, rename)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn redacted(mut tree: Json, not_secret: &[&str]) -> (Json, Vec<String>) {
        let not_secret: Vec<String> = not_secret.iter().map(|name| (*name).to_owned()).collect();
        let mut found = BTreeSet::new();
        Redaction { not_secret: &not_secret }.redact(&mut tree, &mut found);
        (tree, found.into_iter().collect())
    }

    #[test]
    fn secrets_inside_json_are_marked_and_all_else_stays() {
        let marker = json!({"$secret": true});
        let (tree, found) = redacted(
            json!({
                "apiKey": "k", "smtp": {"host": "h", "password": "p", "password_min_length": 8},
                "hooks": [{"token": "t", "name": "a"}], "max_tokens": 4096, "useToken": "yes", "pin": 1234,
                "tokens": {"github": "g", "count": 2}, "env": [{"option": "x", "name": "DB_PASSWORD", "value": "v"}, {"setting": "pass", "name": "a"}],
                "headers": [{"key": "Accept", "value": "text"}, {"k": "X-Api-Key", "v": "k"}], "db": "mysql://a:b@c/d", "token": "", "note": "{\"password\": \"x\"}"
            }),
            &[],
        );
        assert_eq!(
            tree,
            json!({
                "apiKey": marker, "smtp": {"host": "h", "password": marker, "password_min_length": 8},
                "hooks": [{"token": marker, "name": "a"}], "max_tokens": 4096, "useToken": "yes", "pin": marker,
                "tokens": {"github": marker, "count": 2}, "env": [{"option": "x", "name": "DB_PASSWORD", "value": marker}, {"setting": "pass", "name": "a"}],
                "headers": [{"key": "Accept", "value": "text"}, {"k": "X-Api-Key", "v": marker}], "db": marker, "token": "", "note": marker
            })
        );
        assert_eq!(found[..3], ["apiKey", "db", "env[*].value"]);
        assert_eq!(redacted(json!({"apiKey": "k"}), &["APIKEY"]).0, json!({"apiKey": "k"}));
    }

    #[test]
    fn data_that_looks_like_a_marker_comes_back() {
        let mut tree = json!({"a": {"$secret": true}, "b": [{"$$secret": 1}], "c": {"$secret": 1, "d": 2}});
        let before = tree.clone();
        escape_markers(&mut tree);
        assert_eq!(
            tree,
            json!({"a": {"$$secret": true}, "b": [{"$$$secret": 1}], "c": {"$secret": 1, "d": 2}})
        );
        unescape_markers(&mut tree);
        assert_eq!(tree, before);
    }
}
