//! What refers to what, as a document names it.

use crate::app::meaning::{Evidence, Reference};

/// Columns of a table that refer to rows of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The columns.
    pub columns: Vec<String>,
    /// The table that they refer to.
    pub parent: String,
    /// Its columns.
    pub to: Vec<String>,
    /// Whether rows go with the row that they refer to.
    pub cascades: bool,
    /// Whether the schema does not declare it.
    pub undeclared: bool,
}

impl Link {
    /// Whether a column is one of those that refer.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|own| own.eq_ignore_ascii_case(column))
    }
}

impl From<&Reference> for Link {
    fn from(reference: &Reference) -> Self {
        let declared = match reference.evidence {
            Evidence::Declared { cascades } => Some(cascades),
            _ => None,
        };
        Self {
            columns: reference.columns.clone(),
            parent: reference.target.clone(),
            to: reference.to.clone(),
            cascades: declared.unwrap_or_default(),
            undeclared: declared.is_none(),
        }
    }
}
