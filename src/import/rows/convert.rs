//! What a column makes of a value of the file, or why it does not take it.

use super::numbers::{bound, changes_as_real, unlike_number, with_decimal_comma};
use crate::database::affinity::{Affinity, number_of};
use crate::database::schema::Column;
use crate::database::value::Borrowed;

/// How the values of a file are written.
#[derive(Debug, Clone, Default)]
pub struct Notation {
    /// The text that stands for NULL, where somebody said one.
    pub null: Option<String>,
    /// Whether the decimals of a number follow a comma.
    pub decimal_comma: bool,
}

/// Makes values of a file into those of columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Converter {
    pub notation: Notation,
    /// Whether all values are texts of CSV, of which an empty one may stand for nothing.
    pub is_csv: bool,
}

impl Converter {
    /// What comes into a column, or why the value does not fit.
    pub fn convert<'v>(&self, value: Borrowed<'v>, column: &Column) -> Result<Borrowed<'v>, String> {
        match value {
            Borrowed::Text(text) if self.is_null(text, column) => Ok(Borrowed::Null),
            Borrowed::Text(text) => self.text(text, column),
            Borrowed::Integer(number) if column.affinity() == Affinity::Real && changes_as_real(number) => {
                let why = "has more digits than a real number keeps";
                Err(format!("{number} {why}, and the column is {}", column.declared))
            }
            Borrowed::RawText(_) => Err("it is no text".to_owned()),
            value => Ok(value),
        }
    }

    /// Whether somebody said that a text stands for NULL.
    pub fn is_said_null(&self, text: &str) -> bool {
        self.notation.null.as_deref() == Some(text)
    }

    /// An empty cell is NULL, unless the column can only mean an empty text by it.
    fn is_null(&self, text: &str, column: &Column) -> bool {
        if !self.is_csv {
            return false;
        }
        let may_be_text = is_text(column) && (column.not_null || self.notation.null.is_some());
        self.is_said_null(text) || text.is_empty() && !may_be_text
    }

    fn text<'v>(&self, text: &'v str, column: &Column) -> Result<Borrowed<'v>, String> {
        let affinity = column.affinity();
        if matches!(affinity, Affinity::Text | Affinity::Blob) {
            return Ok(Borrowed::Text(text));
        }
        if let Some(truth) = truth_of(text).filter(|_| is_boolean(column)) {
            return Ok(Borrowed::Integer(truth.into()));
        }
        let misfit = |why: &str| {
            let shown: String = text.chars().take(40).collect();
            Err(format!("{shown:?} {why}, and the column is {}", column.declared))
        };
        let trimmed = text.trim();
        let commas = self.is_csv && self.notation.decimal_comma;
        if commas && trimmed.contains('.') && number_of(trimmed).is_some() {
            return misfit("has a decimal point, and --decimal says a comma");
        }
        let with_point = if commas { with_decimal_comma(trimmed) } else { None };
        let number = with_point.as_deref().unwrap_or(trimmed);
        match unlike_number(number, affinity) {
            Some(why) => misfit(why),
            None if column.is_declared_boolean() && number_of(number).is_none() => {
                misfit("is neither true nor false")
            }
            None => Ok(with_point.as_deref().and_then(bound).unwrap_or(Borrowed::Text(text))),
        }
    }
}

/// Whether an empty text is a value of a column: of text, or of anything.
fn is_text(column: &Column) -> bool {
    column.affinity() == Affinity::Text
        || column.declared.is_empty()
        || column.declared.to_ascii_uppercase().contains("STRING")
}

/// Whether a column holds 1 and 0 for true and false.
fn is_boolean(column: &Column) -> bool {
    column.is_declared_boolean() || column.affinity() == Affinity::Integer
}

/// What a text says, where it says true or false.
pub(super) fn truth_of(text: &str) -> Option<bool> {
    [("true", true), ("false", false)]
        .into_iter()
        .find(|(word, _)| text.eq_ignore_ascii_case(word))
        .map(|(_, is)| is)
}
