//! Items that come in beside what is there, under another name.

use super::compare::{Comparer, Take};
use super::fresh_id::fresh_id;
use super::incoming;
use super::items::{Item, Wanted, key_text_in};
use super::names::{is_address, is_given_for, numbered};
use super::resolve::Row;
use super::state::State;
use super::target::Handle;
use crate::app::model::{Field, FieldType, Shape};
use crate::database::value::Value;
use crate::document::json::key_of;
use anyhow::Result;
use serde_json::{Map, Value as Json};

/// How many names are tried.
const MOST_NAMES: u32 = 1000;

/// An item under another name.
pub struct Renamed {
    /// The name.
    pub name: String,
    /// Its fields.
    pub json: String,
    /// Its key.
    pub key: Option<String>,
}

impl Comparer<'_, '_> {
    /// The item under a name that is free: the given one, or its own with a number. The error says why there is none.
    pub fn rename(
        &self,
        id: i64,
        item: &Item,
        shape: &Shape,
        name: Option<&str>,
    ) -> Result<Result<Renamed, String>> {
        let json: Map<String, Json> = serde_json::from_str(&item.json)?;
        let field = match field_to_rename(shape, &json) {
            Ok(field) => field,
            Err(why) => return Ok(Err(self.why_not_renamed(shape, why))),
        };
        for number in 1..=MOST_NAMES {
            let tried = name.map_or_else(|| field_numbered(&json, &field, number), str::to_owned);
            match self.under(id, item, shape, &json, [&field, &tried])? {
                Ok((renamed, State::New(_))) => return Ok(Ok(renamed)),
                Ok((_, State::Matched(_))) if name.is_some() => {
                    return Ok(Err(format!("{tried:?} is there already")));
                }
                Err(why) if name.is_some() => return Ok(Err(why)),
                _ if number == 1 => {
                    if let Some((unique, _)) = self.shares_more(shape, &json, &field)? {
                        return Ok(Err(format!("its {unique} is that of what is there too")));
                    }
                }
                _ => {}
            }
        }
        Ok(Err(format!("{MOST_NAMES} names are taken")))
    }

    /// Why an item gets no other name; `field` is one that would make it somebody else.
    fn why_not_renamed(&self, shape: &Shape, field: Option<String>) -> String {
        let Some(field) = field else { return "no text in its key could be another".to_owned() };
        let sections = &self.decider.resolver.metadata.sections;
        let section = sections.iter().find(|(_, section)| std::ptr::eq(&raw const section.shape, shape));
        let section = section.map_or(shape.table.as_str(), |(name, _)| name);
        format!(
            "its {field} is somebody's address or user name; `rename` in [sections.{section}] of larder.toml says which \
             column may get another value"
        )
    }

    /// Calls a function with the item under each name, of those that it would be given, under which a row is there, and with
    /// that row.
    pub fn names_there(
        &self,
        id: i64,
        item: &Item,
        shape: &Shape,
        name: Option<&str>,
        mut each: impl FnMut(Renamed, Handle) -> Result<()>,
    ) -> Result<()> {
        let json: Map<String, Json> = serde_json::from_str(&item.json)?;
        let Ok(field) = field_to_rename(shape, &json) else { return Ok(()) };
        for number in 1..=MOST_NAMES {
            let tried = name.map_or_else(|| field_numbered(&json, &field, number), str::to_owned);
            match self.under(id, item, shape, &json, [&field, &tried])? {
                Ok((_, State::New(_))) => return Ok(()),
                Ok((renamed, State::Matched(handle))) => each(renamed, handle)?,
                _ if number == 1 && name.is_none() => {
                    let Some((_, there)) = self.shares_more(shape, &json, &field)? else { continue };
                    if let Some(there) = there
                        && let Ok((renamed, State::Matched(handle))) =
                            self.under(id, item, shape, &json, [&field, &there])?
                    {
                        each(renamed, handle)?;
                    }
                    return Ok(());
                }
                _ => {}
            }
            if name.is_some() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The name that somebody is proposed: of a row that holds the same but for its name, or a free one.
    pub fn name_to_propose(&self, id: i64, item: &Item, shape: &Shape) -> Result<Option<String>> {
        let mut there = None;
        self.names_there(id, item, shape, None, |renamed, handle| {
            let json: Map<String, Json> = serde_json::from_str(&renamed.json)?;
            if let Ok(incoming) = incoming::read(shape, &json)
                && there.is_none()
                && self
                    .compare(shape, &incoming, &Row::new(), &handle, Take::All)?
                    .is_ok_and(|change| change.is_none())
            {
                there = Some(renamed.name);
            }
            Ok(())
        })?;
        match there {
            Some(name) => Ok(Some(name)),
            None => Ok(self.rename(id, item, shape, None)?.ok().map(|renamed| renamed.name)),
        }
    }

    /// What an item shares with a row that is unique besides its name, so that no other name helps: its columns, and the
    /// row's name where that is the item's with a number, so that it may be that row.
    fn shares_more(
        &self,
        shape: &Shape,
        json: &Map<String, Json>,
        field: &str,
    ) -> Result<Option<(String, Option<String>)>> {
        let target = self.decider.resolver.target;
        let mut fresh = json.clone();
        self.refresh_ids(shape, "", &mut fresh)?;
        let is_other = |name: &str| name == field || json.get(&*key_of(name)) != fresh.get(&*key_of(name));
        let own = json.get(&*key_of(field)).and_then(Json::as_str).unwrap_or_default();
        let Ok(incoming) = incoming::read(shape, json) else { return Ok(None) };
        for unique in &target.table(&shape.table)?.uniques {
            if unique.names().into_iter().any(is_other) {
                continue;
            }
            let Some(handle) = self.decider.by_unique(shape, unique, &incoming)? else { continue };
            let name = target.load(&shape.table, &[field], &handle)?.and_then(|mut name| name.pop());
            let name = match name {
                Some(Value::Text(name)) if is_given_for(&name, own) => Some(name),
                _ => None,
            };
            return Ok(Some((unique.names().join(" and "), name)));
        }
        Ok(None)
    }

    /// The item with other ids, where those that it has are of a row of somebody else; nothing where it has none that a
    /// machine made, or where that does not help.
    pub fn with_other_ids(&self, item: &Item, shape: &Shape) -> Result<Option<Renamed>> {
        let before: Map<String, Json> = serde_json::from_str(&item.json)?;
        let mut json = before.clone();
        let owner = self.decider.resolver.owner.as_ref().map(|(_, value)| value);
        self.refresh_ids(shape, &format!("{owner:?}"), &mut json)?;
        if json == before {
            return Ok(None);
        }
        let key = key_text_in(shape, &json);
        let text = serde_json::to_string(&json)?;
        let tried = Item { json: text.clone(), ..*item };
        let (state, _) = self.decider.find(None, &tried, false)?;
        let helps = matches!(state, State::New(_) | State::Matched(_));
        Ok(helps.then_some(Renamed { name: String::new(), json: text, key }))
    }

    /// The item under a name, and what it would be: a new row, or one that is there. The error says why neither.
    fn under(
        &self,
        id: i64,
        item: &Item,
        shape: &Shape,
        json: &Map<String, Json>,
        [field, name]: [&str; 2],
    ) -> Result<Result<(Renamed, State), String>> {
        let mut json = json.clone();
        json.insert(key_of(field).into_owned(), Json::String(name.to_owned()));
        self.refresh_ids(shape, name, &mut json)?;
        let key = key_text_in(shape, &json);
        let resolver = &self.decider.resolver;
        if let Some(key) = &key
            && resolver.items.is_key_used(id, item.section, key)?
        {
            return Ok(Err(format!("another item is called {name:?}")));
        }
        let text = serde_json::to_string(&json)?;
        let tried = Item { wanted: Wanted::Yes, json: text.clone(), ..*item };
        let (state, _) = self.decider.tried(shape, || self.decider.find(None, &tried, false))?;
        Ok(match state {
            State::Matched(handle) => {
                self.adopt(shape, &mut json, &handle)?;
                let text = serde_json::to_string(&json)?;
                Ok((Renamed { name: name.to_owned(), json: text, key }, State::Matched(handle)))
            }
            State::New(_) => Ok((Renamed { name: name.to_owned(), json: text, key }, state)),
            _ => Err("it shares something else that must be unique with what is there".to_owned()),
        })
    }

    /// Gives an item other ids where it has such as machines make: what is unique in its table must not be twice.
    fn refresh_ids(&self, shape: &Shape, name: &str, json: &mut Map<String, Json>) -> Result<()> {
        let table = self.decider.resolver.target.table(&shape.table)?;
        let is_unique =
            |field: &String| table.uniques.iter().any(|unique| unique.names().contains(&field.as_str()));
        for field in shape.columns.keys() {
            if !matches!(shape.field(field), Field::Column(_)) || !is_unique(field) {
                continue;
            }
            let known = json.get(key_of(field).as_ref()).and_then(Json::as_str);
            if let Some(fresh) = known.and_then(|known| fresh_id(known, name)) {
                json.insert(key_of(field).into_owned(), Json::String(fresh));
            }
        }
        for (field, nested) in &shape.nested {
            let children = match json.get_mut(key_of(field).as_ref()) {
                Some(Json::Array(children)) => children.iter_mut().collect(),
                Some(child @ Json::Object(_)) => vec![child],
                _ => Vec::new(),
            };
            for child in children.into_iter().filter_map(Json::as_object_mut) {
                self.refresh_ids(&nested.shape, name, child)?;
            }
        }
        Ok(())
    }
}

/// The name of an item with a number.
fn field_numbered(json: &Map<String, Json>, field: &str, number: u32) -> String {
    numbered(field, json.get(key_of(field).as_ref()).and_then(Json::as_str).unwrap_or_default(), number)
}

/// The field that is changed: the one that the model says, or the first text of the key, or, where the key is an id that a
/// machine made, of another key, or what the item is called by.
///
/// Where there is none, the field that could be if nobody would be another by it.
fn field_to_rename(shape: &Shape, item: &Map<String, Json>) -> Result<String, Option<String>> {
    let is_text = |field: &&String| {
        let text = item.get(key_of(field).as_ref()).and_then(Json::as_str);
        matches!(shape.field(field), Field::Column(_))
            && shape.columns.get(field.as_str()).is_some_and(|kind| *kind != FieldType::Json)
            && text.is_some_and(|text| fresh_id(text, "").is_none())
    };
    if let Some(field) = shape.rename.as_ref().filter(is_text) {
        return Ok(field.clone());
    }
    let is_somebody = |field: &&String| {
        let text = item.get(key_of(field).as_ref()).and_then(Json::as_str);
        text.is_some_and(|text| is_address(field, text))
    };
    let is_name = |field: &&String| is_text(field) && !is_somebody(field);
    let in_key = shape.key.iter().find(is_name);
    let has_id = || {
        let is_id = |field: &&String| {
            let text = item.get(key_of(field).as_ref()).and_then(Json::as_str);
            text.is_some_and(|text| fresh_id(text, "").is_some())
        };
        shape.key.iter().any(|field| is_id(&field))
    };
    let other = || shape.matches.iter().flatten().find(is_name).or_else(|| shape.label.iter().find(is_name));
    let found = in_key.cloned().or_else(|| if has_id() { other().cloned() } else { None });
    found.ok_or_else(|| shape.key.iter().find(|field| is_text(field)).cloned())
}
