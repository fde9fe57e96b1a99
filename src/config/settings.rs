//! Reads a table of settings one by one, so that every error says where it is: the file, the line, the column and the
//! setting's whole name. What nobody asked for is not known.

mod places;
mod writing;

pub use places::is_url;
pub use writing::{is_harmful, key, quoted};

use crate::error::{Fault, hint, nearest};
use crate::patience::length_of_time;
use anyhow::Result;
use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file of settings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'t> {
    /// Where it is.
    pub file: &'t Path,
    /// What it says.
    pub text: &'t str,
    /// What `~` means in it.
    pub home: Option<&'t Path>,
}

/// A setting as a file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its whole name.
    pub name: String,
    /// Its value as it is written there.
    pub value: String,
    /// The line, from 1.
    pub line: u64,
    /// Where the value begins, in bytes.
    at: usize,
}

impl Source<'_> {
    /// An error about a place in the file.
    pub fn fault(&self, span: &Range<usize>, message: &str) -> Fault {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() as u64 + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() as u64 + 1;
        Fault::usage(format!("{}:{line}:{column}: {message}", self.file.display())).at(line, column)
    }
}

/// A table of a file of settings.
pub(super) struct Settings<'t> {
    source: Source<'t>,
    /// The names of the tables that it is in, with its own.
    path: String,
    table: DeTable<'t>,
    /// What was asked for so far.
    known: Vec<&'static str>,
    /// What was found so far, in all tables of the file.
    said: Rc<RefCell<Vec<Said>>>,
}

/// A value whose name is free.
pub(super) enum Named<'t> {
    /// A text.
    Text(String),
    /// False.
    No,
    /// A table.
    Table(Settings<'t>),
}

type Value<'t> = Spanned<DeValue<'t>>;

impl<'t> Settings<'t> {
    /// All that a file says.
    pub fn parse(source: Source<'t>) -> Result<Self> {
        let table = DeTable::parse(source.text).map_err(|error| {
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            source.fault(&error.span().unwrap_or(0..0), &message)
        })?;
        let (path, known, said) = (String::new(), Vec::new(), Rc::default());
        Ok(Self { source, path, table: table.into_inner(), known, said })
    }

    /// What was found so far, in all tables of the file, in its order.
    pub fn said(&self) -> Vec<Said> {
        let mut said = self.said.borrow().clone();
        said.sort_by_key(|said| said.at);
        said
    }

    /// The whole name of a setting.
    pub fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { key(name) } else { format!("{}.{}", self.path, key(name)) }
    }

    fn take(&mut self, name: &'static str) -> Option<Value<'t>> {
        self.known.push(name);
        let value = self.table.remove(name)?;
        self.note(name, &value);
        Some(value)
    }

    /// Remembers that a setting was found. Tables are what is in them.
    fn note(&self, name: &str, value: &Value<'t>) {
        if value.get_ref().is_table() {
            return;
        }
        let (text, at) = (self.source.text, value.span().start);
        let line = text.get(..at).unwrap_or_default().matches('\n').count() as u64 + 1;
        let value = text.get(value.span()).unwrap_or_default().to_owned();
        let said = Said { name: self.path_of(name), value, line, at };
        self.said.borrow_mut().push(said);
    }

    /// An error about a setting's value.
    fn wrong(&self, name: &str, value: &Value<'t>, needed: &str) -> Fault {
        let message = format!("{}: this must be {needed}, not {}", self.path_of(name), kind(value.get_ref()));
        self.source.fault(&value.span(), &message)
    }

    fn as_text(&self, name: &str, value: &Value<'t>) -> Result<String> {
        let text = value.get_ref().as_str().ok_or_else(|| self.wrong(name, value, "a text"))?;
        Ok(text.to_owned())
    }

    /// A text that is not empty. Names of columns may be.
    pub fn some_text(&mut self, name: &'static str) -> Result<Option<String>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let text = self.as_text(name, &value)?;
        if text.is_empty() {
            let message = format!("{}: this is empty", self.path_of(name));
            return Err(self.source.fault(&value.span(), &message).into());
        }
        Ok(Some(text))
    }

    /// A text.
    pub fn text(&mut self, name: &'static str) -> Result<Option<String>> {
        let value = self.take(name);
        value.map(|value| self.as_text(name, &value)).transpose()
    }

    /// A text without which nothing else makes sense.
    pub fn needed(&mut self, name: &'static str) -> Result<String> {
        self.some_text(name)?.ok_or_else(|| self.lacks(name).into())
    }

    /// An error about a setting that is not there.
    pub fn lacks(&self, name: &str) -> Fault {
        let (file, path) = (self.source.file.display(), &self.path);
        Fault::usage(format!("{file}: {path} lacks {name}"))
    }

    /// Yes or no.
    pub fn flag(&mut self, name: &'static str) -> Result<Option<bool>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        match value.get_ref().as_bool() {
            Some(flag) => Ok(Some(flag)),
            None => Err(self.wrong(name, &value, "true or false").into()),
        }
    }

    /// A length of time.
    pub fn length_of_time(&mut self, name: &'static str) -> Result<Option<Duration>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let text = self.as_text(name, &value)?;
        let read = length_of_time(&text)
            .map_err(|error| self.source.fault(&value.span(), &format!("{}: {error}", self.path_of(name))))?;
        Ok(Some(read))
    }

    /// A value that is written as a text or as a number, read by a function.
    pub fn parsed<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T>,
    ) -> Result<Option<T>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(_) | DeValue::Float(_) => {
                self.source.text.get(value.span()).unwrap_or_default().replace('_', "")
            }
            _ => return Err(self.wrong(name, &value, "a text or a number").into()),
        };
        read(&text).map(Some).map_err(|error| self.unreadable(name, &value, &error).into())
    }

    /// An error about a value that does not mean what it should.
    fn unreadable(&self, name: &str, value: &Value<'t>, error: &anyhow::Error) -> Fault {
        let message = format!("{}: {error:#}", self.path_of(name));
        let fault = self.source.fault(&value.span(), &message);
        match hint(error) {
            Some(hint) => fault.hint(hint),
            None => fault,
        }
    }

    fn as_texts(&self, name: &str, value: &Value<'t>) -> Result<Vec<String>> {
        let needed = "a list of texts";
        let list = value.get_ref().as_array().ok_or_else(|| self.wrong(name, value, needed))?;
        list.iter().map(|one| self.as_text(name, one)).collect()
    }

    /// A list of texts.
    pub fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>> {
        let value = self.take(name);
        value.map(|value| self.as_texts(name, &value)).transpose()
    }

    /// A text, or a list of texts that has some.
    pub fn text_or_texts(&mut self, name: &'static str) -> Result<Vec<String>> {
        let Some(value) = self.take(name) else { return Ok(Vec::new()) };
        if value.get_ref().is_str() {
            return Ok(vec![self.as_text(name, &value)?]);
        }
        self.as_some_texts(name, &value)
    }

    /// A list of texts that has some.
    pub fn some_texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        self.as_some_texts(name, &value).map(Some)
    }

    fn as_some_texts(&self, name: &str, value: &Value<'t>) -> Result<Vec<String>> {
        let texts = self.as_texts(name, value)?;
        if texts.is_empty() {
            let message = format!("{}: this list is empty", self.path_of(name));
            return Err(self.source.fault(&value.span(), &message).into());
        }
        Ok(texts)
    }

    /// A list of lists of texts, each of which has some; a list of texts is the only one.
    pub fn lists(&mut self, name: &'static str) -> Result<Vec<Vec<String>>> {
        let Some(value) = self.take(name) else { return Ok(Vec::new()) };
        let needed = "a list of lists of texts";
        let lists = value.get_ref().as_array().ok_or_else(|| self.wrong(name, &value, needed))?;
        if !lists.is_empty() && lists.iter().all(|list| list.get_ref().is_str()) {
            return Ok(vec![self.as_some_texts(name, &value)?]);
        }
        lists.iter().map(|list| self.as_some_texts(name, list)).collect()
    }

    /// A table in this one.
    pub fn table(&mut self, name: &'static str) -> Result<Option<Self>> {
        let value = self.take(name);
        value.map(|value| self.inside(name, value)).transpose()
    }

    fn inside(&self, name: &str, value: Value<'t>) -> Result<Self> {
        if !value.get_ref().is_table() {
            return Err(self.wrong(name, &value, "a table").into());
        }
        let DeValue::Table(table) = value.into_inner() else { unreachable!("it was looked at") };
        let (source, path, said) = (self.source, self.path_of(name), self.said.clone());
        Ok(Self { source, path, table, known: Vec::new(), said })
    }

    /// The tables of a table whose names are free.
    pub fn tables(&mut self, name: &'static str) -> Result<Vec<(String, Self)>> {
        let Some(tables) = self.table(name)? else { return Ok(Vec::new()) };
        let inside = |(name, value): (Spanned<_>, _)| {
            let name: std::borrow::Cow<'_, str> = name.into_inner();
            Ok((name.clone().into_owned(), tables.inside(&name, value)?))
        };
        tables.table.clone().into_iter().map(inside).collect()
    }

    /// The values of a table whose names are free: texts, false, or tables.
    pub fn named(&mut self, name: &'static str, needed: &str) -> Result<Vec<(String, Named<'t>)>> {
        self.table(name)?.map_or(Ok(Vec::new()), |table| table.values(needed))
    }

    /// Its values, where their names are free: texts, false, or tables.
    pub fn values(self, needed: &str) -> Result<Vec<(String, Named<'t>)>> {
        let mut found = Vec::new();
        for (name, value) in self.table.clone() {
            let name: std::borrow::Cow<'_, str> = name.into_inner();
            self.note(&name, &value);
            let read = match value.get_ref() {
                DeValue::String(text) => Named::Text(text.to_string()),
                DeValue::Boolean(false) => Named::No,
                DeValue::Table(_) => Named::Table(self.inside(&name, value)?),
                _ => return Err(self.wrong(&name, &value, needed).into()),
            };
            found.push((name.into_owned(), read));
        }
        Ok(found)
    }

    /// An error about a table that should be something else.
    pub fn not_a(&self, needed: &str) -> Fault {
        let file = self.source.file.display();
        Fault::usage(format!("{file}: {}: this must be {needed}, not a table", self.path))
    }

    /// The only thing that it has, where that is a table.
    pub fn only_table(&self) -> Result<Option<(String, Self)>> {
        let mut all = self.table.iter();
        match (all.next(), all.next()) {
            (Some((name, value)), None) if value.get_ref().is_table() => {
                Ok(Some((name.get_ref().clone().into_owned(), self.inside(name.get_ref(), value.clone())?)))
            }
            _ => Ok(None),
        }
    }

    /// An error where there is a setting that nobody asked for.
    pub fn finish(self) -> Result<()> {
        let Some((name, _)) = self.table.iter().next() else { return Ok(()) };
        let path = self.path_of(name.get_ref());
        let message = format!("this larder does not know the setting {path}");
        Err(self.source.fault(&name.span(), &message).hint(nearest(name.get_ref(), &self.known)).into())
    }
}

/// What a value is, in words.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
