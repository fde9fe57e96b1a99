//! Why an item does not come in.

use super::describe;
use super::resolve::Unresolved;
use crate::app::model::{Nested, Shape};
use crate::error::{self, Kind, sqlite_code};

/// Why an item does not come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The path below the item.
    pub below: String,
    /// What is wrong.
    pub why: String,
    /// Whether it refers to what is not there.
    pub is_missing: bool,
}

impl Refused {
    /// Why something does not come in, and where below the item it is.
    pub fn new(below: &str, why: impl Into<String>) -> Self {
        Self { below: below.to_owned(), why: why.into(), is_missing: false }
    }

    /// The same of what is inside something else.
    pub fn inside(self, outer: &str) -> Self {
        let dot = if self.below.is_empty() || self.below.starts_with('[') { "" } else { "." };
        Self { below: format!("{outer}{dot}{}", self.below), ..self }
    }

    /// The same of what is in a child of an item, by its place among the others.
    pub fn in_child(self, shape: &Shape, nested: &Nested, at: usize) -> Self {
        let flat = nested.flattened.iter().find(|(_, field)| **field == self.below);
        match flat {
            Some((field, _)) => Self { below: field.clone(), ..self },
            None => self.inside(&describe::path(shape, nested, &at.to_string())),
        }
    }

    /// What a table says of a row that it does not take; nothing where an error is about something else.
    pub fn by_table(error: &anyhow::Error) -> Option<Self> {
        if error::kind(error) == Kind::Invalid {
            let hint = error::hint(error).map(|hint| format!(": {hint}")).unwrap_or_default();
            return Some(Self::new("", format!("{error}{hint}")));
        }
        let cause = error.chain().find_map(|cause| cause.downcast_ref::<rusqlite::Error>())?;
        let code = sqlite_code(cause)?;
        let is_constraint =
            matches!(code, rusqlite::ErrorCode::ConstraintViolation | rusqlite::ErrorCode::TypeMismatch);
        is_constraint.then(|| Self::new("", format!("the table does not take it: {cause}")))
    }
}

impl From<Unresolved> for Refused {
    fn from(unresolved: Unresolved) -> Self {
        match unresolved {
            Unresolved::Pending => Self::new("", "it depends on itself"),
            Unresolved::Missing(field, what) => {
                Self { is_missing: true, ..Self::new(&field, format!("it leads nowhere: {what}")) }
            }
        }
    }
}
