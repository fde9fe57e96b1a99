//! Items that come in beside what is there, under another name.

use super::compare::{Comparer, Take};
use super::incoming;
use super::items::{Item, Wanted, key_text};
use super::resolve::Row;
use super::state::State;
use super::unsettled::IsUnsettled;
use crate::app::model::{Field, FieldType, Shape};
use crate::database::value::Value;
use crate::document::json::key_of;
use crate::stream::digest_of;
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
    /// Whether a row under that name holds the same.
    pub is_there: bool,
}

impl Comparer<'_, '_> {
    /// The item under a name that is free: the given one, or its own with a number. One that is there already and holds
    /// the same but for its name, and for what it refers to that is not settled, is as good as free. The error says why
    /// there is none.
    pub fn rename(
        &self,
        id: i64,
        item: &Item,
        shape: &Shape,
        name: Option<&str>,
        is_unsettled: IsUnsettled<'_>,
    ) -> Result<Result<Renamed, String>> {
        let json: Map<String, Json> = serde_json::from_str(&item.json)?;
        let Some(field) = field_to_rename(shape, &json) else {
            return Ok(Err("no text in its key could be another".to_owned()));
        };
        let own = json.get(key_of(&field).as_ref()).and_then(Json::as_str).unwrap_or_default().to_owned();
        for number in 1..=MOST_NAMES {
            let tried = name.map_or_else(|| format!("{own} ({number})"), str::to_owned);
            match self.under(id, item, shape, &json, [&field, &tried], is_unsettled)? {
                Ok(renamed) => return Ok(Ok(renamed)),
                Err(why) if name.is_some() => return Ok(Err(why)),
                Err(_) if number > 1 => {}
                Err(_) => {
                    if let Some(stuck) = self.shares_more(id, item, shape, &json, &field, is_unsettled)? {
                        return Ok(stuck);
                    }
                }
            }
        }
        Ok(Err(format!("{MOST_NAMES} names are taken")))
    }

    /// What becomes of an item that shares with a row what is unique besides its name, so that no other name helps:
    /// nothing where it does not. Under the row's own name it may be that row.
    fn shares_more(
        &self,
        id: i64,
        item: &Item,
        shape: &Shape,
        json: &Map<String, Json>,
        field: &str,
        is_unsettled: IsUnsettled<'_>,
    ) -> Result<Option<Result<Renamed, String>>> {
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
            if let Some(Value::Text(name)) = name
                && name.strip_prefix(own).is_some_and(|rest| rest.starts_with(" ("))
                && let Ok(renamed) = self.under(id, item, shape, json, [field, &name], is_unsettled)?
            {
                return Ok(Some(Ok(renamed)));
            }
            let columns = unique.names().join(" and ");
            return Ok(Some(Err(format!("its {columns} is that of what is there too"))));
        }
        Ok(None)
    }

    /// The item with other ids, where those that it has are of a row of somebody else; nothing where it has none that a
    /// machine made, or where that does not help.
    pub fn with_other_ids(&self, id: i64, item: &Item, shape: &Shape) -> Result<Option<Renamed>> {
        let before: Map<String, Json> = serde_json::from_str(&item.json)?;
        let mut json = before.clone();
        let owner = self.decider.resolver.owner.as_ref().map(|(_, value)| value);
        self.refresh_ids(shape, &format!("{owner:?}"), &mut json)?;
        if json == before {
            return Ok(None);
        }
        let key = key_text(shape, |field| json.get(key_of(field).as_ref()).map(Json::to_string));
        let text = serde_json::to_string(&json)?;
        let tried =
            Item { section: item.section, place: item.place, wanted: item.wanted, json: text.clone() };
        let (state, _) = self.decider.find(id, &tried, false)?;
        let helps = matches!(state, State::New(_) | State::Matched(_));
        Ok(helps.then_some(Renamed { name: String::new(), json: text, key, is_there: false }))
    }

    /// The item under a name, where that is free.
    fn under(
        &self,
        id: i64,
        item: &Item,
        shape: &Shape,
        json: &Map<String, Json>,
        [field, name]: [&str; 2],
        is_unsettled: IsUnsettled<'_>,
    ) -> Result<Result<Renamed, String>> {
        let mut json = json.clone();
        json.insert(key_of(field).into_owned(), Json::String(name.to_owned()));
        self.refresh_ids(shape, name, &mut json)?;
        let key = key_text(shape, |field| json.get(key_of(field).as_ref()).map(Json::to_string));
        let items = self.decider.resolver.items;
        if let Some(key) = &key
            && items.is_key_used(id, item.section, key)?
        {
            return Ok(Err(format!("another item is called {name:?}")));
        }
        let text = serde_json::to_string(&json)?;
        let tried =
            Item { section: item.section, place: item.place, wanted: Wanted::Yes, json: text.clone() };
        let renamed = |is_there| Renamed { name: name.to_owned(), json: text, key, is_there };
        Ok(match self.decider.find(id, &tried, false)? {
            (State::New(_), _) => Ok(renamed(false)),
            (State::Matched(handle), _) => {
                let Ok(incoming) = incoming::read(shape, &json) else {
                    return Ok(Err("it cannot be read".to_owned()));
                };
                let incoming = self.decider.resolver.settled(&incoming, is_unsettled)?;
                let compared = self.compare(shape, &incoming, &Row::new(), &handle, Take::All)?;
                if compared.is_ok_and(|change| change.is_none()) {
                    Ok(renamed(true))
                } else {
                    Err(format!("{name:?} is there already"))
                }
            }
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

/// The field that is changed: the one that the model says, or the first text of the key, or, where the key is an id that a
/// machine made, of another key, or what the item is called by.
fn field_to_rename(shape: &Shape, item: &Map<String, Json>) -> Option<String> {
    let is_text = |field: &&String| {
        let text = item.get(key_of(field).as_ref()).and_then(Json::as_str);
        matches!(shape.field(field), Field::Column(_))
            && shape.columns.get(field.as_str()).is_some_and(|kind| *kind != FieldType::Json)
            && text.is_some_and(|text| fresh_id(text, "").is_none())
    };
    if let Some(field) = shape.rename.as_ref().filter(is_text) {
        return Some(field.clone());
    }
    let in_key = shape.key.iter().find(is_text);
    let has_id = || {
        let is_id = |field: &&String| {
            let text = item.get(key_of(field).as_ref()).and_then(Json::as_str);
            text.is_some_and(|text| fresh_id(text, "").is_some())
        };
        shape.key.iter().any(|field| is_id(&field))
    };
    let other =
        || shape.matches.iter().flatten().find(is_text).or_else(|| shape.label.as_ref().filter(is_text));
    in_key.cloned().or_else(|| if has_id() { other().cloned() } else { None })
}

/// Whether a text is an id that a machine made.
pub fn is_machine_made(text: &str) -> bool {
    fresh_id(text, "").is_some()
}

/// Another id of the same form where a text is one that a machine made: a UUID, 32 hexadecimal digits, or a ULID. It is
/// made of the old one and the new name, so that the same import makes the same.
fn fresh_id(id: &str, name: &str) -> Option<String> {
    const BASE32: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digest: [u8; 16] = digest_of(format!("{id}\0{name}").as_bytes()).first_bytes();
    let is_hex = |digit: u8| digit.is_ascii_hexdigit();
    let dashes = [8, 13, 18, 23];
    let bytes = id.as_bytes();
    let is_uuid = bytes.len() == 36
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if dashes.contains(&at) { *byte == b'-' } else { is_hex(*byte) });
    let is_plain = bytes.len() == 32 && bytes.iter().copied().all(is_hex);
    if is_uuid || is_plain {
        let is_upper = bytes.iter().any(u8::is_ascii_uppercase);
        let mut digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let mut place = 0;
        let fresh = id.chars().map(|letter| {
            if letter == '-' {
                return letter;
            }
            let digit = char::from_digit(u32::from(digits.next().unwrap_or(0)), 16).unwrap_or('0');
            place += 1;
            // What says its version and variant stays.
            let digit = if place == 13 || place == 17 { letter } else { digit };
            if is_upper { digit.to_ascii_uppercase() } else { digit }
        });
        return Some(fresh.collect());
    }
    let is_ulid = bytes.len() == 26
        && bytes.iter().all(|byte| BASE32.contains(&byte.to_ascii_uppercase()))
        && bytes[0] <= b'7'
        && bytes.iter().any(u8::is_ascii_digit);
    let random = digest.iter().map(|byte| char::from(BASE32[usize::from(byte & 31)]));
    // The first ten say when it was made.
    is_ulid.then(|| id[..10].chars().chain(random).collect())
}

#[cfg(test)]
mod tests {
    use super::fresh_id;

    #[test]
    fn ids_that_machines_make_get_others_of_their_form() {
        let uuid = "3a73e4de-171d-4e5e-9895-3f63c145d771";
        let fresh = fresh_id(uuid, "Favorites (1)").expect("it is one");
        assert_eq!(fresh.len(), 36);
        assert_ne!(fresh, uuid);
        assert_eq!((&fresh[14..15], &fresh[19..20]), ("4", "9"), "{fresh}");
        assert_eq!(Some(&fresh), fresh_id(uuid, "Favorites (1)").as_ref());
        assert_ne!(Some(&fresh), fresh_id(uuid, "Favorites (2)").as_ref());
        let ulid = "01J9ZQ8N5Y7W3K2M1P0R4T6V8X";
        let fresh = fresh_id(ulid, "a").expect("it is one");
        assert!(fresh.starts_with("01J9ZQ8N5Y") && fresh.len() == 26 && fresh != ulid, "{fresh}");
        for name in ["Favorites", "", "tt0000001", "INTERNATIONALIZATIONSCHEME", "3a73e4de"] {
            assert_eq!(fresh_id(name, "a"), None, "{name}");
        }
    }
}
