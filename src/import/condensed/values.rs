//! Values as columns keep them, and whether two are the same.

use crate::database::affinity::{Affinity, number_of};
use crate::database::value::Value;
use crate::document::tree::canonical;

/// What a column makes of a value when it is stored.
pub fn stored(value: &Value, affinity: Affinity) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "SQLite does the same")]
    match (value, affinity) {
        (Value::Integer(number), Affinity::Real) => Value::Real(*number as f64),
        (Value::Integer(number), Affinity::Text) => Value::Text(number.to_string()),
        (Value::Real(number), Affinity::Integer | Affinity::Numeric) => whole(*number),
        (Value::Text(text), Affinity::Integer | Affinity::Numeric) => match number_of(text) {
            Some(Value::Real(number)) => whole(number),
            number => number.unwrap_or_else(|| value.clone()),
        },
        (Value::Text(text), Affinity::Real) => match number_of(text) {
            Some(Value::Integer(number)) => Value::Real(number as f64),
            number => number.unwrap_or_else(|| value.clone()),
        },
        _ => value.clone(),
    }
}

/// A real as an integer, where it is one.
fn whole(number: f64) -> Value {
    /// Above this a real is not every integer any more.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is a whole number that an i64 holds exactly")]
    if number.fract() == 0.0 && number.abs() < EXACT {
        Value::Integer(number as i64)
    } else {
        Value::Real(number)
    }
}

/// Whether two values are the same, type and bits.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Real(a), Value::Real(b)) => a.to_bits() == b.to_bits(),
        (a, b) => a == b,
    }
}

/// Whether two texts hold the same JSON, to the last digit.
pub fn same_json(a: &Value, b: &Value) -> bool {
    let (Value::Text(a), Value::Text(b)) = (a, b) else { return false };
    matches!((canonical(a), canonical(b)), (Ok(one), Ok(other)) if one == other) && numbers(a) == numbers(b)
}

/// The numbers of a JSON text, each in one form: numbers that a float holds alike may differ.
fn numbers(json: &str) -> Vec<(bool, String, i64)> {
    let mut found = Vec::new();
    let mut rest = json.as_bytes();
    while let Some(byte) = rest.first() {
        let is_number = byte.is_ascii_digit() || *byte == b'-';
        let end = match byte {
            b'"' => string_end(rest),
            _ if is_number => {
                let is_other = |byte: &u8| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                rest.iter().position(is_other).unwrap_or(rest.len())
            }
            _ => 1,
        };
        let (token, after) = rest.split_at(end);
        if is_number {
            found.push(decimal(&String::from_utf8_lossy(token)));
        }
        rest = after;
    }
    found
}

/// Where a string ends that begins a text.
fn string_end(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// A number as its sign, its digits without zeros around them, and the power of ten that they are multiplied with.
fn decimal(token: &str) -> (bool, String, i64) {
    let (mantissa, exponent) = token.split_once(['e', 'E']).unwrap_or((token, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{}{fraction}", whole.trim_start_matches('-'));
    let power =
        exponent.parse::<i64>().unwrap_or(i64::MAX / 2).saturating_sub_unsigned(fraction.len() as u64);
    let short = digits.trim_end_matches('0');
    let power = power.saturating_add_unsigned((digits.len() - short.len()) as u64);
    match short.trim_start_matches('0') {
        "" => (false, String::new(), 0),
        digits => (mantissa.starts_with('-'), digits.to_owned(), power),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_the_same_whatever_its_form_and_to_the_last_digit() {
        let same = |a: &str, b: &str| same_json(&Value::Text(a.into()), &Value::Text(b.into()));
        for (a, b) in [
            (r#"{"a": [1.50, "x\"1"]}"#, r#"{"a":[1.5,"x\"1"]}"#),
            ("[1e2, 100, 0.0]", "[100.0, 1.0E+2, 0.00]"),
            (r#"["\u00fc", -3]"#, r#"["\u00fc",-3]"#),
        ] {
            assert_eq!(same(a, b), canonical(a) == canonical(b), "{a} {b}");
        }
        assert!(same(r#"{"a": [1.50, 2]}"#, r#"{"a":[1.5,2]}"#));
        for (a, b) in [
            ("[12345678901234567890123]", "[12345678901234567890124]"),
            ("[0.1000000000000000055]", "[0.1]"),
            ("[1]", "[-1]"),
            (r#"["1"]"#, r#"["2"]"#),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }
}
