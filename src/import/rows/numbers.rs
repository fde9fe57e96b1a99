//! Numbers that a column would change in silence.

use crate::database::affinity::{Affinity, number_of};
use crate::database::value::{Borrowed, Value};
use std::borrow::Cow;

/// Why a column of numbers refuses a text or would change it, where it does.
pub(super) fn unlike_number(text: &str, affinity: Affinity) -> Option<&'static str> {
    let Some(number) = number_of(text) else {
        // NUMERIC is also the affinity of dates and of types that SQLite does not know, where text stays text.
        return (affinity != Affinity::Numeric).then_some("is no number");
    };
    let digits = text.trim_start_matches(['+', '-']);
    let is_integer = digits.bytes().all(|byte| byte.is_ascii_digit());
    match number {
        Value::Real(real) if !real.is_finite() => Some("is no number"),
        _ if digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit() => {
            Some("would lose its leading zeros")
        }
        Value::Real(_) if is_integer => Some("does not fit into 64 bits"),
        Value::Real(_) if affinity != Affinity::Real && text.contains(['e', 'E']) => {
            Some("may have lost digits in a spreadsheet")
        }
        Value::Integer(number) if affinity == Affinity::Real && changes_as_real(number) => {
            Some("has more digits than a real number keeps")
        }
        _ => None,
    }
}

/// Whether a real number cannot hold an integer.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "what is lost is the question"
)]
pub(super) fn changes_as_real(number: i64) -> bool {
    i128::from(number) != (number as f64) as i128
}

/// The number that a text with a decimal comma means; nothing where it is none.
pub(super) fn with_decimal_comma(text: &str) -> Option<String> {
    let is_one = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-,eE".contains(&byte));
    let with_point = text.replacen(',', ".", 1);
    (is_one && number_of(&with_point).is_some()).then_some(with_point)
}

/// The number that a cell means, as a text with a decimal point too; nothing where it is none.
pub(super) fn number_of_cell(text: &str, decimal_comma: bool) -> Option<(Cow<'_, str>, Value)> {
    let text = text.trim();
    let text = if decimal_comma { Cow::Owned(with_decimal_comma(text)?) } else { Cow::Borrowed(text) };
    let number = number_of(&text)?;
    Some((text, number))
}

/// A number in a text, as SQLite binds it.
pub(super) fn bound(text: &str) -> Option<Borrowed<'static>> {
    match number_of(text)? {
        Value::Integer(number) => Some(Borrowed::Integer(number)),
        Value::Real(number) => Some(Borrowed::Real(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_comma_is_a_point_and_a_point_is_not() {
        for (text, number) in [
            ("1,5", Some("1.5")),
            ("-0,25", Some("-0.25")),
            ("1,2e3", Some("1.2e3")),
            ("7", Some("7")),
            ("1.5", None),
            ("1,2,3", None),
            ("1.234,5", None),
            ("x", None),
        ] {
            assert_eq!(with_decimal_comma(text).as_deref(), number, "{text}");
        }
    }
}
