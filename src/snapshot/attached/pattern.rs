//! Where files are: paths from the folder of the database, with `*` and `?` in the names of files and folders.

use crate::error::Fault;
use anyhow::Result;
use std::fmt;
use std::path::{Component, Path};
use std::str::FromStr;

/// A path with wildcards; one that ends with a slash means folders alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    parts: Vec<String>,
    /// Whether it means folders alone.
    pub(super) is_folder: bool,
}

impl Pattern {
    /// Whether it means all that another one means, or a folder around that.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let (ours, theirs) = (&self.parts, &other.parts);
        // A question mark is one character, and a star in the other one may be more.
        let is_alike =
            |(our, their): (&String, &String)| our == their || (!our.contains('?') && matches(our, their));
        let is_narrow = !self.is_folder || other.is_folder || theirs.len() > ours.len();
        is_narrow && ours.len() <= theirs.len() && ours.iter().zip(theirs).all(is_alike)
    }

    /// What stands between the slashes.
    pub(super) fn parts(&self) -> &[String] {
        &self.parts
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Pattern {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = |why: &str| Fault::usage(format!("{text:?} {why}"));
        let mut parts = Vec::new();
        for component in Path::new(text).components() {
            match component {
                Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
                Component::CurDir => {}
                _ => {
                    return Err(wrong("leads out of the folder of the database")
                        .hint("name what lies in that folder, such as attachments/ or rsa_key*")
                        .into());
                }
            }
        }
        if parts.is_empty() {
            return Err(wrong("means the folder of the database itself")
                .hint("name what lies in that folder, such as attachments/ or rsa_key*")
                .into());
        }
        if text.contains('\0') {
            return Err(wrong("is no path").into());
        }
        Ok(Self { text: text.to_owned(), parts, is_folder: text.ends_with('/') })
    }
}

/// Whether a part of a pattern has wildcards.
pub(super) fn has_wildcards(part: &str) -> bool {
    part.contains(['*', '?'])
}

/// Whether a name is as a part of a pattern says: `*` is any number of characters, `?` is one.
pub(super) fn matches(part: &str, name: &str) -> bool {
    let (part, name): (Vec<char>, Vec<char>) = (part.chars().collect(), name.chars().collect());
    let (mut at, mut in_name) = (0, 0);
    // Where the last star stands, and what it has swallowed so far.
    let mut star: Option<(usize, usize)> = None;
    while in_name < name.len() {
        match part.get(at) {
            Some('*') => {
                star = Some((at, in_name));
                at += 1;
            }
            Some(c) if *c == '?' || *c == name[in_name] => {
                at += 1;
                in_name += 1;
            }
            _ => {
                let Some((star_at, swallowed)) = star else { return false };
                star = Some((star_at, swallowed + 1));
                (at, in_name) = (star_at + 1, swallowed + 1);
            }
        }
    }
    part[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_match_as_in_a_shell() {
        for (part, name, is_match) in [
            ("rsa_key*", "rsa_key.pem", true),
            ("rsa_key*", "rsa_key", true),
            ("rsa_key*", "old_rsa_key", false),
            ("*.p?m", "a.b.pem", true),
            ("*.p?m", "a.pm", false),
            ("a*b*c", "aXbbYc", true),
            ("a*b*c", "aXcYb", false),
            ("*", "", true),
            ("?", "é", true),
            ("plain", "plain", true),
            ("plain", "Plain", false),
        ] {
            assert_eq!(matches(part, name), is_match, "{part} {name}");
        }
    }

    #[test]
    fn one_covers_what_it_means_and_what_is_inside() {
        let covers = |a: &str, b: &str| {
            let [a, b] = [a, b].map(|text| text.parse::<Pattern>().expect("a pattern"));
            a.covers(&b)
        };
        for (a, b) in
            [("a/", "a/"), ("a/", "a/b*"), ("a", "a/"), ("*", ".ssh/"), ("rsa*", "rsa_*.pem"), ("?", "?")]
        {
            assert!(covers(a, b), "{a} {b}");
        }
        for (a, b) in [("a/", "a"), ("a/b", "a/"), ("a", "*"), ("?", "*"), ("rsa_key*", "*"), ("a/", ".ssh/")]
        {
            assert!(!covers(a, b), "{a} {b}");
        }
    }

    #[test]
    fn what_leads_out_of_the_folder_is_refused() {
        for text in ["/etc", "../x", "a/../../b", "", ".", "./", "/"] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
        for (text, is_folder) in [("attachments/", true), ("./a//b*", false)] {
            let pattern: Pattern = text.parse().expect("a pattern");
            assert_eq!(pattern.is_folder, is_folder, "{text}");
        }
    }
}
