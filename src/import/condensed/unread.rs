//! Items that cannot be read, while the others come in.

use super::OnError;
use crate::problem::{Problem, Problems, Severity};
use indexmap::IndexMap;

/// Items that cannot be read, where they do not keep the others out.
#[derive(Debug)]
pub struct Unread {
    /// What is wrong with them.
    pub problems: Problems,
    /// How many there are of each section.
    pub items: IndexMap<String, u64>,
    /// Parts of the document that are lost: nobody knows what they held.
    pub lost: Problems,
    /// The last one.
    last: Option<(String, u64)>,
    on_error: OnError,
}

impl Unread {
    /// None yet; of what is wrong, so much is listed.
    pub fn new(on_error: OnError, problems: usize) -> Self {
        Self {
            problems: Problems::new(problems),
            items: IndexMap::new(),
            lost: Problems::new(problems),
            last: None,
            on_error,
        }
    }

    /// Whether what can be read comes in without what cannot.
    pub fn is_skipped(&self) -> bool {
        self.on_error == OnError::Skip
    }

    /// Takes what is wrong with a single item. Gives it back where it is about more, or where nothing comes in then.
    pub fn take(&mut self, problem: Problem) -> Option<Problem> {
        let item = problem.path.as_deref().and_then(item_of);
        let item = item.map(|(section, item)| (section.to_owned(), item));
        let Some(item) =
            item.filter(|_| self.on_error == OnError::Skip && problem.severity == Severity::Error)
        else {
            return Some(problem);
        };
        if self.last.as_ref() != Some(&item) {
            *self.items.entry(item.0.clone()).or_default() += 1;
            self.last = Some(item);
            self.problems.add(problem);
        }
        None
    }
}

/// The item that a path of a problem leads to, or into: its section, and its place there.
pub fn item_of(path: &str) -> Option<(&str, u64)> {
    let (section, rest) = path.strip_prefix("data.")?.split_once('[')?;
    Some((section, rest.split_once(']')?.0.parse().ok()?))
}
