//! Settings that say where something is.

use super::{Settings, Source};
use crate::error::Fault;
use crate::store::{meant, not_a_url};
use anyhow::Result;
use std::path::PathBuf;
use std::rc::Rc;
use toml::Spanned;
use toml::de::DeValue;

type Value<'t> = Spanned<DeValue<'t>>;

impl<'t> Settings<'t> {
    /// A path: from the home folder, or from the folder that the file is in.
    pub fn place(&mut self, name: &'static str) -> Result<Option<PathBuf>> {
        let Some(text) = self.take(name) else { return Ok(None) };
        let path = self.as_text(name, &text)?;
        if path.is_empty() {
            let message = format!("{}: this is empty", self.path_of(name));
            return Err(self.source.fault(&text.span(), &message).into());
        }
        placed(&path, self.source).map(Some).map_err(|error| self.unreadable(name, &text, &error).into())
    }

    /// An error about settings of which there may be one only.
    pub fn contradicts(&self, names: &str) -> Fault {
        let (file, path) = (self.source.file.display(), &self.path);
        Fault::usage(format!("{file}: {path}: of {names} there may be one")).hint("leave the others out")
    }

    /// Recipients of age, which stay as they are, and paths of files of them.
    pub fn recipients(&mut self, name: &'static str) -> Result<Vec<String>> {
        let Some(value) = self.take(name) else { return Ok(Vec::new()) };
        let one = |text: String| {
            if text.starts_with("age1") {
                return Ok(text);
            }
            let path = placed(&text, self.source);
            path.map(|path| path.to_string_lossy().into_owned())
                .map_err(|error| self.unreadable(name, &value, &error).into())
        };
        self.as_some_texts(name, &value)?.into_iter().map(one).collect()
    }

    /// Paths, or a single one.
    pub fn places(&mut self, name: &'static str) -> Result<Vec<PathBuf>> {
        let Some(value) = self.take(name) else { return Ok(Vec::new()) };
        let texts = match value.get_ref().as_str() {
            Some(text) => vec![text.to_owned()],
            None => self.as_some_texts(name, &value)?,
        };
        let placed = |text: String| {
            placed(&text, self.source).map_err(|error| self.unreadable(name, &value, &error).into())
        };
        texts.into_iter().map(placed).collect()
    }

    /// A list of texts that has some, each read by a function.
    pub fn each_parsed<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T>,
    ) -> Result<Option<Vec<T>>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let read = |text: String| read(&text).map_err(|error| self.unreadable(name, &value, &error).into());
        self.as_some_texts(name, &value)?.into_iter().map(read).collect::<Result<_>>().map(Some)
    }

    /// A folder, or a URL, which stays as it is.
    pub fn store(&mut self, name: &'static str) -> Result<Option<PathBuf>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        self.as_store(name, &value).map(Some)
    }

    fn as_store(&self, name: &str, value: &Value<'t>) -> Result<PathBuf> {
        let text = self.as_text(name, value)?;
        if is_url(&text) {
            return Ok(text.into());
        }
        if let Some(right) = meant(&text) {
            return Err(self.unreadable(name, value, &not_a_url(&text, &right).into()).into());
        }
        placed(&text, self.source).map_err(|error| self.unreadable(name, value, &error).into())
    }

    /// Several stores, each a text, or a table that is read by a function.
    pub fn stores<T>(
        &mut self,
        name: &'static str,
        mut plain: impl FnMut(PathBuf) -> T,
        mut read: impl FnMut(Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        let Some(value) = self.take(name) else { return Ok(Vec::new()) };
        let needed = "a list of stores";
        let list = value.get_ref().as_array().ok_or_else(|| self.wrong(name, &value, needed))?.clone();
        let one = |one: Value<'t>| {
            if one.get_ref().is_table() {
                // It was said with the list that it is in.
                let inside = self.inside(name, one)?;
                read(Self { said: Rc::default(), ..inside })
            } else {
                self.as_store(name, &one).map(&mut plain)
            }
        };
        list.into_iter().map(one).collect()
    }
}

/// Whether a store is named by a URL.
pub fn is_url(store: &str) -> bool {
    store.contains("://")
}

/// A path that a file names: from the home folder, or from the folder that the file is in.
fn placed(path: &str, source: Source<'_>) -> Result<PathBuf> {
    if let Some(rest) = path.strip_prefix('~') {
        let below = rest.strip_prefix('/').or_else(|| rest.is_empty().then_some(""));
        let Some((below, home)) = below.zip(source.home) else {
            let why = if below.is_none() { "another's home is not looked for" } else { "there is no HOME" };
            let message = format!("{path:?} means no place: {why}");
            return Err(Fault::usage(message).hint("write the whole path").into());
        };
        return Ok(home.join(below));
    }
    // A file in the current folder is called by its bare name, and so is what lies beside it.
    Ok(source.file.parent().map_or_else(|| PathBuf::from(path), |folder| folder.join(path)))
}
