//! Texts inside JSON: which are personal, by the key that they stand under.

use super::made_up::{Kind, known};
use anyhow::Result;
use serde_json::Value as Json;

/// Calls a function with every text and number inside JSON, and the key that it stands under: that of the list, where it
/// is in one.
pub(super) fn each_text(
    json: &mut Json,
    name: &str,
    each: &mut dyn FnMut(&str, &mut Json) -> Result<()>,
) -> Result<()> {
    match json {
        Json::Array(list) => list.iter_mut().try_for_each(|inside| each_text(inside, name, each)),
        Json::Object(object) => {
            object.iter_mut().try_for_each(|(name, inside)| each_text(inside, name, each))
        }
        Json::String(_) | Json::Number(_) => each(name, json),
        Json::Null | Json::Bool(_) => Ok(()),
    }
}

/// What a value under a key holds that is personal; nothing where it stays. In a column that is `said` to be personal, no
/// text stays; a number is personal only where its key leaves no doubt.
pub(super) fn kind_of(name: &str, said: bool, json: &Json) -> Option<Kind> {
    known(name).or_else(|| (said && json.is_string()).then(|| Kind::of(name)))
}
