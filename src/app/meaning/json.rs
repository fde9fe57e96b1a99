//! The integers inside JSON, by the places where they stand.

use super::numbers::Numbers;
use super::values::{list, may_be_json, written};
use crate::app::json_path::{EACH, KEYS, push_key};
use indexmap::IndexMap;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// How many objects and arrays of a column are told apart, and how many members of one; of more, the names are forgotten.
const MOST_CONTAINERS: usize = 20_000;
const MOST_MEMBERS: usize = 1000;

/// How many names of numbers in a column are told apart.
const MOST_NAMES: usize = 50_000;

/// What stands at the end of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The value of a member.
    Member,
    /// The elements of an array, or the values of an object.
    Elements,
    /// The keys of an object.
    Keys,
}

/// The integers at a place in JSON.
#[derive(Debug, Clone)]
pub(super) struct Inside {
    /// The path, as settings write it.
    pub path: String,
    /// The names on it.
    pub names: Vec<String>,
    pub end: End,
    /// Whether there are so many names on it, or at its end, that they were forgotten.
    pub is_vague: bool,
    /// Whether some are in a text inside the JSON, which is a list or JSON itself: no document names rows there.
    pub in_text: bool,
    pub numbers: Numbers,
}

/// The integers in the JSON of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Collected {
    whole: Container,
    room: Room,
    /// Whether there was JSON, if only without integers.
    pub some: bool,
}

/// How many more names can be told apart.
#[derive(Debug, Clone)]
struct Room {
    containers: usize,
    names: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { containers: MOST_CONTAINERS, names: MOST_NAMES }
    }
}

/// An object or an array, with the integers in it.
#[derive(Debug, Clone, Default)]
struct Container {
    /// Integers that are members, by their names.
    members: IndexMap<String, Numbers>,
    /// Integers that are members of too many names.
    anything: Numbers,
    /// Integers that are elements.
    elements: Numbers,
    /// Keys that are integers, and the integers that they lead to.
    keys: Numbers,
    values: Numbers,
    /// What is inside members, by their names.
    inside: IndexMap<String, Container>,
    /// What is inside elements, and inside members of too many names.
    inside_each: Option<Box<Container>>,
    /// What is inside members whose keys are numbers.
    inside_numbered: Option<Box<Container>>,
    has_many: bool,
    /// Whether a text held it.
    in_text: bool,
}

impl Collected {
    /// Adds the integers of a text that is JSON; an error where it is none.
    pub(super) fn add(&mut self, json: &[u8]) -> serde_json::Result<()> {
        serde_json::from_slice::<IgnoredAny>(json)?;
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let visit = Visit { container: &mut self.whole, room: &mut self.room, spot: Spot::Whole };
        visit.deserialize(&mut deserializer)?;
        self.some = true;
        Ok(())
    }

    /// The places that hold integers.
    pub(super) fn places(self) -> Vec<Inside> {
        let mut places = Vec::new();
        self.whole.collect(&Above::default(), &mut places);
        places
    }
}

impl Container {
    fn numbers_of(&mut self, spot: &Spot<'_>, room: &mut Room) -> &mut Numbers {
        match spot {
            Spot::Whole | Spot::Element => &mut self.elements,
            Spot::Numbered => &mut self.values,
            Spot::Member(name) => {
                if !self.members.contains_key(*name) {
                    if room.names == 0 {
                        return &mut self.anything;
                    }
                    room.names -= 1;
                }
                self.members.entry((*name).to_owned()).or_default()
            }
        }
    }

    fn inside_of(&mut self, spot: &Spot<'_>, room: &mut Room) -> &mut Self {
        match spot {
            Spot::Whole => self,
            Spot::Element => self.inside_each.get_or_insert_default(),
            Spot::Numbered => self.inside_numbered.get_or_insert_default(),
            Spot::Member(name) => {
                if !self.has_many && !self.inside.contains_key(*name) {
                    if self.inside.len() >= MOST_MEMBERS || room.containers == 0 {
                        self.forget_names(room);
                    } else {
                        room.containers -= 1;
                    }
                }
                if self.has_many {
                    self.inside_each.get_or_insert_default()
                } else {
                    self.inside.entry((*name).to_owned()).or_default()
                }
            }
        }
    }

    /// Puts what is inside all members together.
    fn forget_names(&mut self, room: &mut Room) {
        self.has_many = true;
        let each = self.inside_each.get_or_insert_default();
        for (_, inside) in std::mem::take(&mut self.inside) {
            each.merge(inside, room);
        }
    }

    fn merge(&mut self, other: Self, room: &mut Room) {
        for (name, numbers) in other.members {
            room.names += 1;
            self.numbers_of(&Spot::Member(&name), room).absorb(numbers);
        }
        self.in_text |= other.in_text;
        self.anything.absorb(other.anything);
        self.elements.absorb(other.elements);
        self.keys.absorb(other.keys);
        self.values.absorb(other.values);
        if other.has_many && !self.has_many {
            self.forget_names(room);
        }
        for (name, inside) in other.inside {
            room.containers += 1;
            self.inside_of(&Spot::Member(&name), room).merge(inside, room);
        }
        if let Some(inside) = other.inside_each {
            self.inside_of(&Spot::Element, room).merge(*inside, room);
        }
        if let Some(inside) = other.inside_numbered {
            self.inside_of(&Spot::Numbered, room).merge(*inside, room);
        }
    }

    fn collect(self, above: &Above, places: &mut Vec<Inside>) {
        let above = &Above { in_text: above.in_text || self.in_text, ..above.clone() };
        for (name, numbers) in self.members {
            above.member(&name).add(End::Member, numbers, places);
        }
        above.keys().add(End::Keys, self.keys, places);
        let mut elements = self.elements;
        elements.absorb(self.values);
        above.each(false).add(End::Elements, elements, places);
        above.each(true).add(End::Elements, self.anything, places);
        for (name, inside) in self.inside {
            inside.collect(&above.member(&name), places);
        }
        if let Some(inside) = self.inside_each {
            inside.collect(&above.each(self.has_many), places);
        }
        if let Some(inside) = self.inside_numbered {
            inside.collect(&above.keys(), places);
        }
    }
}

/// A path, and the names on it.
#[derive(Clone, Default)]
struct Above {
    path: String,
    names: Vec<String>,
    is_vague: bool,
    in_text: bool,
}

impl Above {
    fn member(&self, name: &str) -> Self {
        let mut member = self.clone();
        push_key(&mut member.path, name);
        member.names.push(name.to_owned());
        member
    }

    fn keys(&self) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { path: format!("{}{dot}{KEYS}", self.path), ..self.clone() }
    }

    fn each(&self, is_vague: bool) -> Self {
        let is_vague = self.is_vague || is_vague;
        Self { path: format!("{}{EACH}", self.path), is_vague, ..self.clone() }
    }

    fn add(self, end: End, mut numbers: Numbers, places: &mut Vec<Inside>) {
        numbers.finish();
        if !numbers.is_empty() {
            let Self { path, names, is_vague, in_text } = self;
            places.push(Inside { path, names, end, is_vague, in_text, numbers });
        }
    }
}

/// Where in an object or an array something stands.
#[derive(Clone, Copy)]
enum Spot<'n> {
    /// It is the whole.
    Whole,
    Element,
    /// It is a member whose key is a number.
    Numbered,
    Member(&'n str),
}

/// Adds what is read to a container.
struct Visit<'c, 'n> {
    container: &'c mut Container,
    room: &'c mut Room,
    spot: Spot<'n>,
}

impl<'de> DeserializeSeed<'de> for Visit<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Visit<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.container.numbers_of(&self.spot, self.room).insert(number);
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        i64::try_from(number).map_or(Ok(()), |number| self.visit_i64(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if let Some(number) = written(text) {
            return self.visit_i64(number);
        }
        if let Some(numbers) = list(text) {
            let inside = self.container.inside_of(&self.spot, self.room);
            inside.in_text = true;
            let elements = inside.numbers_of(&Spot::Element, self.room);
            numbers.for_each(|number| elements.insert(number));
        } else if may_be_json(text.as_bytes()) && serde_json::from_str::<IgnoredAny>(text).is_ok() {
            self.container.inside_of(&self.spot, self.room).in_text = true;
            let mut inside = serde_json::Deserializer::from_str(text);
            return self.deserialize(&mut inside).map_err(E::custom);
        }
        Ok(())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        #[expect(clippy::cast_possible_truncation, reason = "it is a whole number that an i64 holds exactly")]
        if number.fract() == 0.0 && number.abs() < 9e15 { self.visit_i64(number as i64) } else { Ok(()) }
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let container = self.container.inside_of(&self.spot, self.room);
        while elements.next_element_seed(Visit { container, room: self.room, spot: Spot::Element })?.is_some()
        {
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let container = self.container.inside_of(&self.spot, self.room);
        while let Some(name) = members.next_key::<String>()? {
            let number = written(&name);
            if let Some(number) = number {
                container.keys.insert(number);
            }
            let spot = if number.is_some() { Spot::Numbered } else { Spot::Member(&name) };
            members.next_value_seed(Visit { container, room: self.room, spot })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
