//! Which of two times is the later, however they are written.

use crate::database::value::Value;
use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// Above this a number counts milliseconds: as seconds it would be in the year 5138.
const MOST_SECONDS: f64 = 100_000_000_000.0;

/// Whether a time is later than the one that is there; nothing where nobody can tell. A time is later than none.
pub fn is_newer(incoming: &Value, there: &Value) -> Option<bool> {
    match (incoming, there) {
        (Value::Null, _) => Some(false),
        (_, Value::Null) => seconds(incoming).map(|_| true),
        (Value::Integer(incoming), Value::Integer(there)) if is_like(*incoming, *there) => {
            Some(incoming > there)
        }
        _ => Some(seconds(incoming)? > seconds(there)?),
    }
}

/// Whether two numbers count the same.
fn is_like(a: i64, b: i64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "only their size is looked at")]
    let is_large = |number: i64| number as f64 > MOST_SECONDS;
    is_large(a) == is_large(b)
}

/// Seconds since 1970.
fn seconds(value: &Value) -> Option<f64> {
    let scaled = |number: f64| if number > MOST_SECONDS { number / 1000.0 } else { number };
    match value {
        #[expect(clippy::cast_precision_loss, reason = "a real holds the milliseconds of any calendar date")]
        Value::Integer(number) => Some(scaled(*number as f64)),
        Value::Real(number) => Some(scaled(*number)),
        Value::Text(text) => of_text(text.trim()),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a real holds the microseconds of our centuries")]
    let seconds = |micros: i64| micros as f64 / 1e6;
    if let Ok(time) = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)) {
        return Some(seconds(time.timestamp_micros()));
    }
    // As SQLAlchemy, Go and Postgres write zones.
    for format in ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %z", "%Y-%m-%dT%H:%M:%S%.f%#z"] {
        if let Ok(time) = DateTime::parse_from_str(text, format) {
            return Some(seconds(time.timestamp_micros()));
        }
    }
    for format in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"] {
        if let Ok(time) = NaiveDateTime::parse_from_str(text, format) {
            return Some(seconds(time.and_utc().timestamp_micros()));
        }
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Some(seconds(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros()));
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_compared_however_they_are_written() {
        let text = |text: &str| Value::Text(text.to_owned());
        let later = [
            (Value::Integer(2), Value::Integer(1)),
            (Value::Real(1_760_000_000.5), Value::Integer(1_760_000_000)),
            (Value::Integer(1_760_000_001_000), Value::Integer(1_760_000_000)),
            (text("2026-01-02"), text("2026-01-01T23:59:59Z")),
            (text("2026-01-01 12:00:00.2"), text("2026-01-01 12:00:00.1")),
            (text("2026-01-01T12:00:00+01:00"), text("2026-01-01 10:30:00")),
            (text("2026-01-01 12:00:00+00:00"), text("2026-01-01 11:59:59.999 +0000")),
            (text("2026-01-01 00:00"), Value::Integer(1_700_000_000)),
            (text("2026-01-01"), Value::Null),
        ];
        for (a, b) in later {
            assert_eq!(is_newer(&a, &b), Some(true), "{a:?} {b:?}");
            assert_eq!(is_newer(&b, &a), Some(false), "{b:?} {a:?}");
            assert_eq!(is_newer(&a, &a), Some(false), "{a:?}");
        }
        assert_eq!(is_newer(&text("soon"), &text("2026-01-01")), None);
        assert_eq!(is_newer(&text("soon"), &Value::Null), None);
        assert_eq!(is_newer(&Value::Null, &Value::Null), Some(false));
    }
}
