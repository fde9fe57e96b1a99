//! Values as columns keep them, and whether two are the same.

use crate::database::affinity::{Affinity, number_of};
use crate::database::value::Value;
use crate::document::lossless::lossless;

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
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => {
            matches!((lossless(a), lossless(b)), (Some(a), Some(b)) if a == b)
        }
        _ => false,
    }
}
