//! The lines of a file of answers.

use crate::error::{Fault, nearest};
use crate::import::condensed::outcome::Strategy;
use crate::import::condensed::question::Answer;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The format's name.
const FORMAT: &str = "larder-answers";
/// The newest version of the format that this larder writes and reads.
const VERSION: u64 = 1;

/// What may be answered.
const ANSWERS: [Strategy; 4] = [Strategy::Skip, Strategy::Overwrite, Strategy::Merge, Strategy::Rename];

/// A line that is an answer.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    section: String,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    key: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    child: Option<String>,
    answer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// A key that is there, also where it is null.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

/// What is wrong with a line.
#[derive(Debug)]
pub struct Wrong {
    message: String,
    column: usize,
    hint: Option<String>,
}

impl From<String> for Wrong {
    fn from(message: String) -> Self {
        Self { message, column: 1, hint: None }
    }
}

impl From<serde_json::Error> for Wrong {
    fn from(error: serde_json::Error) -> Self {
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        Self { message: message.to_owned(), column: error.column().max(1), hint: None }
    }
}

impl Wrong {
    /// The error, with its place in a file.
    pub fn at(self, name: &str, line: u64) -> Fault {
        let Self { message, column, hint } = self;
        let fault = Fault::invalid(format!("{name}:{line}:{column}: {message}")).at(line, column as u64);
        match hint {
            Some(hint) => fault.hint(hint),
            None => fault,
        }
    }
}

/// The first line of a file.
pub fn header() -> String {
    serde_json::json!({ "format": FORMAT, "version": VERSION }).to_string()
}

/// Whether this is the first line of a file of answers that can be read.
pub fn check_header(line: &str) -> Result<(), Wrong> {
    let header: Json = serde_json::from_str(line).unwrap_or_default();
    if header["format"] != FORMAT {
        return Err(Wrong {
            hint: Some(format!("such a file begins with {}", self::header())),
            ..Wrong::from("this is no file of answers".to_owned())
        });
    }
    match header["version"].as_u64() {
        Some(VERSION) => {}
        Some(version) if version > VERSION => {
            return Err(Wrong {
                hint: Some("read it with the larder that wrote it, or a newer one".into()),
                ..Wrong::from(format!("this larder reads answers up to version {VERSION}, not {version}"))
            });
        }
        _ => return Err(Wrong::from(format!("{} is no version of answers", header["version"]))),
    }
    let known = ["format", "version"];
    let unknown =
        header.as_object().and_then(|header| header.keys().find(|key| !known.contains(&key.as_str())));
    unknown.map_or(Ok(()), |unknown| Err(Wrong::from(format!("unknown field `{unknown}`"))))
}

/// An answer, and what it is for: its section, the key of its item, where it is for one, and the child of that.
pub struct Read {
    pub section: String,
    pub key: Option<String>,
    pub child: Option<String>,
    pub answer: Answer,
}

/// The answer of a line.
pub fn read(line: &str) -> Result<Read, Wrong> {
    let Line { section, key, child, answer, name } = serde_json::from_str(line)?;
    let known = ANSWERS.iter().find(|strategy| strategy.name() == answer);
    let Some(strategy) = known else {
        let names = ANSWERS.map(Strategy::name);
        return Err(Wrong {
            hint: Some(nearest(&answer, &names)),
            ..Wrong::from(format!("{answer:?} is no answer"))
        });
    };
    if section.is_empty() {
        return Err(Wrong::from("the section has no name".to_owned()));
    }
    if let Some(name) = &name {
        if *strategy != Strategy::Rename || key.is_none() || child.is_some() {
            return Err(Wrong::from("a name is for one item that is renamed".to_owned()));
        }
        if name.is_empty() {
            return Err(Wrong {
                hint: Some("leave the name out to have one proposed".into()),
                ..Wrong::from("the name is empty".to_owned())
            });
        }
    }
    let key = match key {
        Some(Json::String(text)) => Some(text),
        Some(key @ (Json::Array(_) | Json::Object(_) | Json::Number(_))) => Some(key.to_string()),
        Some(key) => return Err(Wrong::from(format!("{key} is no key"))),
        None => None,
    };
    let answer = Answer { strategy: *strategy, name, for_section: key.is_none() };
    Ok(Read { section, key, child, answer })
}

/// The line of an answer.
pub fn write(section: &str, key: Option<&str>, child: Option<&str>, answer: &Answer) -> String {
    // What nobody chooses leaves the row as it is.
    let strategy = if ANSWERS.contains(&answer.strategy) { answer.strategy } else { Strategy::Skip };
    let is_named = key.is_some() && answer.strategy == Strategy::Rename;
    let line = Line {
        section: section.to_owned(),
        key: key.map(written),
        child: child.map(str::to_owned),
        answer: strategy.name().to_owned(),
        name: answer.name.clone().filter(|name| is_named && !name.is_empty()),
    };
    serde_json::to_string(&line).expect("texts are always JSON")
}

/// A key as JSON: several columns as they are, where that gives the same text again.
fn written(key: &str) -> Json {
    let several = key.starts_with(['{', '[']).then(|| serde_json::from_str::<Json>(key).ok()).flatten();
    several
        .filter(|json| serde_json::to_string(json).is_ok_and(|text| text == key))
        .unwrap_or_else(|| Json::String(key.to_owned()))
}
