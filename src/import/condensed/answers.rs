//! Answers kept in a file, so that the same questions need not be asked again: of another copy of the database, or of
//! the next export.
//!
//! The file has a JSON object a line, which people may edit. The first says what it is. Each of the others answers for
//! one item, or without a key for all of its section that have no line of their own:
//!
//! ```json
//! {"format":"larder-answers","version":1}
//! {"section":"movies","key":"tt0113277","answer":"rename","name":"Heat (1995)"}
//! {"section":"movies","key":{"title":"Heat","year":1986},"answer":"skip"}
//! {"section":"lists","answer":"merge"}
//! {"section":"movies","key":"tt0113277","child":"ranking","answer":"skip"}
//! ```
//!
//! With `child`, it is for a child that clashes with what is there; without a key, for all of that field.

mod line;
#[cfg(test)]
mod tests;

use super::outcome::Strategy;
use super::question::Answer;
use crate::error::Fault;
use crate::files::{self, AtomicFile};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use std::collections::HashSet;
use std::io::Write;
use std::path::Path;

/// How large such a file may be.
const MAX_FILE: u64 = 64 << 20;

/// What was answered for items, and for whole sections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// By the section's name in small letters.
    sections: IndexMap<String, Section>,
}

/// What was answered in a section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Section {
    /// As it was first called.
    name: String,
    /// By the item's key.
    items: IndexMap<String, Answer>,
    /// For all others.
    all: Option<Answer>,
    /// For children that clash: by the item's key, where it is for one, and the child.
    children: IndexMap<(Option<String>, String), Strategy>,
}

impl Answers {
    /// Reads a file of answers. What is wrong with it is named with its line.
    pub fn read(path: &Path) -> Result<Self> {
        files::require_file(path)?;
        let bytes = files::read_small(path, MAX_FILE)?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
            Fault::invalid(format!("{}:{line}: it is not UTF-8", path.display())).at(line as u64, 1)
        })?;
        Self::parse(text, &path.display().to_string())
    }

    /// Reads the text of such a file, which is called `name` in errors.
    fn parse(text: &str, name: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().zip(1_u64..).filter(|(line, _)| !line.trim().is_empty());
        let (header, at) = lines.next().unwrap_or(("", 1));
        line::check_header(header).map_err(|wrong| wrong.at(name, at))?;
        let mut answers = Self::default();
        for (line, at) in lines {
            let line::Read { section, key, child, answer } =
                line::read(line).map_err(|wrong| wrong.at(name, at))?;
            if let Some(child) = child {
                if answers.put_child(&section, key.as_deref(), &child, answer.strategy) {
                    let wrong = format!("{child:?} of {section:?} has an answer already");
                    return Err(line::Wrong::from(wrong).at(name, at).into());
                }
                continue;
            }
            let is_first = match &key {
                Some(key) => answers.own(&section, key).is_none(),
                None => answers.of(&section).is_none_or(|section| section.all.is_none()),
            };
            if !is_first {
                let wrong = match key {
                    Some(key) => format!("{key:?} of {section:?} has an answer already"),
                    None => format!("{section:?} has an answer for all already"),
                };
                return Err(line::Wrong::from(wrong).at(name, at).into());
            }
            answers.put(&section, key.as_deref().unwrap_or_default(), answer);
        }
        Ok(answers)
    }

    /// What was answered for an item: itself, or all of its section.
    pub fn get(&self, section: &str, key: &str) -> Option<Answer> {
        self.own(section, key).or_else(|| self.of(section)?.all.as_ref()).cloned()
    }

    /// Keeps an answer, in the place of one there was. An answer for a section is one for all that have none of their
    /// own; it takes the place of that of the item at which it was given.
    pub fn put(&mut self, section: &str, key: &str, answer: Answer) {
        let kept = self.sections.entry(section.to_ascii_lowercase()).or_default();
        if kept.name.is_empty() {
            section.clone_into(&mut kept.name);
        }
        if answer.for_section {
            kept.items.shift_remove(key);
            kept.all = Some(answer);
        } else {
            kept.items.insert(key.to_owned(), answer);
        }
    }

    /// Keeps an answer for a child that clashes; without a key, for all children of a field. Says whether there was one.
    pub fn put_child(&mut self, section: &str, key: Option<&str>, child: &str, strategy: Strategy) -> bool {
        let kept = self.sections.entry(section.to_ascii_lowercase()).or_default();
        if kept.name.is_empty() {
            section.clone_into(&mut kept.name);
        }
        kept.children.insert((key.map(str::to_owned), child.to_owned()), strategy).is_some()
    }

    /// What was answered for children of an item.
    pub fn of_children(&self, section: &str, key: &str) -> impl Iterator<Item = (&str, Strategy)> {
        let all = self.of(section).into_iter().flat_map(|section| &section.children);
        all.filter(move |((own, _), _)| own.as_deref() == Some(key))
            .map(|((_, child), strategy)| (child.as_str(), *strategy))
    }

    /// What was answered for all children of fields of a section.
    pub fn of_fields(&self, section: &str) -> impl Iterator<Item = (&str, Strategy)> {
        let all = self.of(section).into_iter().flat_map(|section| &section.children);
        all.filter(|((key, _), _)| key.is_none()).map(|((_, field), strategy)| (field.as_str(), *strategy))
    }

    /// Writes them to a file, whole or not at all. A file that is there already is replaced only where it is one of
    /// answers.
    pub fn write(&self, path: &Path) -> Result<()> {
        Self::refuse_other(path)?;
        let mut file = AtomicFile::create(path, true)?;
        file.write_all(self.to_text().as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
        file.commit()
    }

    /// An error where [`Answers::write`] would not write to this path, which is better known before the questions.
    pub fn refuse_other(path: &Path) -> Result<()> {
        if files::metadata(path)?.is_none() {
            return files::refuse_taken(path, false);
        }
        files::refuse_taken(path, true)?;
        Self::read(path).map(drop).map_err(|error| {
            error.context(
                Fault::usage(format!("{} is there already, and no file of answers", path.display()))
                    .hint("choose another name for the answers"),
            )
        })
    }

    /// The place of the answer for an item, where it has one of its own.
    pub fn place_of(&self, section: &str, key: &str) -> Option<(usize, usize)> {
        let at = self.sections.get_index_of(&section.to_ascii_lowercase())?;
        Some((at, self.sections[at].items.get_index_of(key)?))
    }

    /// The first answer that is for none of these sections, or for an item but not one of those at the places that were
    /// used; and how many such there are.
    pub fn idle(&self, sections: &[&String], used: &HashSet<(usize, usize)>) -> Option<(String, u64)> {
        let mut idle: Option<(String, u64)> = None;
        let mut add = |what: String| match &mut idle {
            Some((_, count)) => *count += 1,
            None => idle = Some((what, 1)),
        };
        for (at, Section { name, items, all, .. }) in self.sections.values().enumerate() {
            let is_there = sections.iter().any(|section| section.eq_ignore_ascii_case(name));
            for (place, key) in items.keys().enumerate() {
                if !used.contains(&(at, place)) {
                    add(format!("{name} {key:?}"));
                }
            }
            if all.is_some() && !is_there {
                add(format!("all of {name}"));
            }
        }
        idle
    }

    fn of(&self, section: &str) -> Option<&Section> {
        self.sections.get(&section.to_ascii_lowercase())
    }

    fn own(&self, section: &str, key: &str) -> Option<&Answer> {
        self.of(section)?.items.get(key)
    }

    fn to_text(&self) -> String {
        let mut text = line::header() + "\n";
        for Section { name, items, all, children } in self.sections.values() {
            let items = items.iter().map(|(key, answer)| line::write(name, Some(key), None, answer));
            let all = all.iter().map(|answer| line::write(name, None, None, answer));
            let children = children.iter().map(|((key, child), strategy)| {
                let answer = Answer { strategy: *strategy, name: None, for_section: false };
                line::write(name, key.as_deref(), Some(child), &answer)
            });
            for line in items.chain(all).chain(children) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        text
    }
}
