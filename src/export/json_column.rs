//! Text columns that hold JSON, written as JSON: as long as the text comes back as it was, but for its white space.

mod form;

use super::anonymize::Anonymizer;
use super::resolve::Resolver;
use crate::app::json_path::steps;
use crate::app::model::{JsonColumn, Layout};
use crate::app::secrets::{MARKER, Redaction, escape_markers, is_marker, is_secret_text};
use crate::database::affinity::Affinity;
use crate::database::value::Value;
use crate::document::id_type::IdType;
use crate::document::json::DANGLING;
use crate::document::tree::{canonical, each_place};
use anyhow::Result;
pub(super) use form::is_raw;
use form::{escaped, exact, lossless, raw, tagged};
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

/// The columns by which the rows of a section are referred to inside JSON, and what the first makes of values.
#[derive(Debug, Clone)]
pub(super) struct Ids {
    pub(super) columns: Vec<String>,
    pub(super) affinity: Affinity,
}

/// What is read of a value.
enum Read {
    /// JSON in which things may have to be replaced.
    Tree(Json),
    /// What is written.
    Written(Value),
}

/// What a column of a row is written as.
pub(super) fn written<'i>(
    value: &Value,
    column: Column<'_>,
    ids: impl Fn(&str) -> &'i Ids,
    resolver: &Resolver<'_>,
    anonymizer: Option<&Anonymizer<'_>>,
) -> Result<Value> {
    let mut tree = match read(value, column, anonymizer)? {
        Read::Tree(tree) => tree,
        Read::Written(value) => return Ok(value),
    };
    if let Some(anonymizer) = anonymizer.filter(|_| column.json.layout != Layout::Text) {
        replace_texts(&mut tree, column, anonymizer)?;
    }
    for (path, section) in &column.json.references {
        resolve(&mut tree, column, (path, section), ids(section), resolver)?;
    }
    match canonical(&serde_json::to_string(&tree)?) {
        // Only what the application wrote can look like larder's own.
        Ok(Value::Text(form)) if column.json.layout == Layout::Json => Ok(Value::Text(escaped(form))),
        Ok(form) => Ok(form),
        Err(_) => Ok(Value::Null),
    }
}

/// Reads a value, without the secrets inside it.
fn read(value: &Value, column: Column<'_>, anonymizer: Option<&Anonymizer<'_>>) -> Result<Read> {
    let Column { table, name, json, section } = column;
    if json.layout == Layout::Text {
        let made_up = |value: &Value| match anonymizer {
            Some(anonymizer) => anonymizer.replace(table, name, value),
            None => Ok(value.clone()),
        };
        return match value {
            Value::Text(text) if is_secret_text(text) => Ok(Read::Written(left_out())),
            value => Ok(plain(&made_up(value)?, json)),
        };
    }
    if let Some(tree) = json.spread(value, section) {
        return Ok(Read::Tree(tree));
    }
    let text = match value {
        Value::Null => return Ok(Read::Written(Value::Null)),
        Value::Text(text) => text,
        value => return Ok(Read::Written(Value::Text(tagged(value)))),
    };
    let redaction = Redaction { not_secret: &json.not_secret };
    let form = match json.layout {
        Layout::Json if json.is_exact() && anonymizer.is_none() => exact(text, json.style()),
        Layout::Json => lossless(text),
        _ => None,
    };
    let Some(form) = form else {
        let hides = || redaction.finds(&mut serde_json::from_str(text).unwrap_or_default());
        if json.secrets && (is_secret_text(text) || hides()) {
            return Ok(Read::Written(left_out()));
        }
        let made_up = anonymizer.map(|anonymizer| anonymizer.replace_raw(table, name, text)).transpose()?;
        return Ok(Read::Written(Value::Text(raw(made_up.flatten().as_deref().unwrap_or(text)))));
    };
    if json.references.is_empty() && anonymizer.is_none() && !json.secrets {
        return Ok(Read::Written(Value::Text(escaped(form))));
    }
    let mut tree = serde_json::from_str(&form)?;
    if json.secrets {
        escape_markers(&mut tree);
        redaction.finds(&mut tree);
        if is_marker(&tree) {
            return Ok(Read::Written(left_out()));
        }
    }
    json.list_keys(&mut tree);
    Ok(Read::Tree(tree))
}

/// Replaces the row ids of a section at the places of a path by what they lead to.
fn resolve(
    tree: &mut Json,
    column: Column<'_>,
    (path, section): (&str, &str),
    ids: &Ids,
    resolver: &Resolver<'_>,
) -> Result<()> {
    let Column { table, name, json, .. } = column;
    let dot = if path.starts_with('[') { "" } else { "." };
    let place = format!("{table}.{name}{dot}{path}");
    // The keys of objects and the parts of a text are texts in any case.
    let is_text = matches!(json.layout, Layout::List { .. }) || path.ends_with(".$key");
    each_place(tree, &steps(path), &mut |found| {
        if *found == Json::Null {
            return Ok(());
        }
        let read = IdType::read(found, ids.affinity);
        let value = read.as_ref().map(|(_, value)| value);
        let target = resolver.resolve_inside(&place, section, &ids.columns, value)?;
        let id_type = read.as_ref().map_or(IdType::Own, |(id_type, _)| *id_type);
        let key = match (target, &read) {
            (Some(target), _) => serde_json::from_str(&target.json)?,
            (None, Some((IdType::String, Value::Integer(number)))) => dangling(Json::from(*number)),
            (None, _) => {
                *found = dangling(found.take());
                return Ok(());
            }
        };
        *found = if is_text { key } else { id_type.mark(key) };
        Ok(())
    })
}

/// A value of a column that holds texts.
fn plain(value: &Value, json: &JsonColumn) -> Read {
    match (value, json.spread(value, None)) {
        (_, Some(tree)) => Read::Tree(tree),
        (Value::Null, None) => Read::Written(Value::Null),
        (value, None) => Read::Written(Value::Text(tagged(value))),
    }
}

/// What stands for a value that is a secret.
fn left_out() -> Value {
    Value::Text(format!("{{\"{MARKER}\": true}}"))
}

fn dangling(id: Json) -> Json {
    Json::Object(Map::from_iter([(DANGLING.to_owned(), id)]))
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
