//! A key of a document's rows: which values make it, and as which bytes, so that what SQLite finds equal has the same.

use crate::database::affinity::{Affinity, number_of};
use crate::database::value::{Borrowed, Value};
use crate::stream::digest_of;
use crate::validate::keys::Key;

/// Values of a row that make a key.
pub struct KeyModel {
    /// What it is called.
    pub name: String,
    /// Which key it is, of all in the document.
    pub number: u32,
    pub(super) parts: Vec<Part>,
}

/// A value in a key.
#[derive(Clone)]
pub(super) struct Part {
    /// The column; nothing for the hidden rowid.
    pub(super) at: Option<usize>,
    /// How its text is compared.
    pub(super) collation: Collation,
    /// What its value becomes before it is compared.
    pub(super) affinity: Affinity,
}

/// A collation that SQLite brings along.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Collation {
    /// By its bytes.
    Binary,
    /// Without the case of ASCII letters.
    NoCase,
    /// Without spaces at the end.
    RTrim,
}

impl Collation {
    /// The one of that name; nothing where only the application has it.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "BINARY" => Some(Self::Binary),
            "NOCASE" => Some(Self::NoCase),
            "RTRIM" => Some(Self::RTrim),
            _ => None,
        }
    }
}

impl KeyModel {
    /// Its first column; nothing where that is the hidden rowid.
    pub fn first(&self) -> Option<usize> {
        self.parts.first()?.at
    }

    /// The key of a row; nothing where a part is NULL, which is like nothing else, or not written down.
    pub fn key(&self, rowid: Option<i64>, values: &[Value]) -> Option<Key> {
        let mut bytes = Vec::new();
        for part in &self.parts {
            match part.at {
                None => Borrowed::Integer(rowid?).encode(&mut bytes),
                Some(at) => encode(values.get(at)?, part.affinity, part.collation, &mut bytes)?,
            }
        }
        let digest = digest_of(&bytes);
        Some(digest.first_bytes())
    }
}

/// Appends a value so that what SQLite finds equal has the same bytes; nothing where that cannot be told.
pub fn encode(value: &Value, affinity: Affinity, collation: Collation, bytes: &mut Vec<u8>) -> Option<()> {
    let converted;
    let value = match (value, affinity) {
        (Value::Null, _) => return None,
        (Value::Text(text), Affinity::Integer | Affinity::Real | Affinity::Numeric) => {
            converted = number_of(text);
            converted.as_ref().unwrap_or(value)
        }
        (Value::Integer(integer), Affinity::Text) => {
            converted = Some(Value::Text(integer.to_string()));
            converted.as_ref().unwrap_or(value)
        }
        (Value::Real(real), Affinity::Text) => {
            // As SQLite writes it, where that is plain.
            let text = format!("{real:?}");
            converted = (text.len() <= 15 && !text.contains(['e', 'i', 'N'])).then_some(Value::Text(text));
            converted.as_ref()?
        }
        _ => value,
    };
    match value {
        Value::Real(real) if is_whole(*real) => {
            #[expect(clippy::cast_possible_truncation, reason = "it is a whole number that an i64 holds")]
            Borrowed::Integer(*real as i64).encode(bytes);
        }
        Value::Text(text) => match collation {
            Collation::Binary => Borrowed::Text(text).encode(bytes),
            Collation::NoCase => Borrowed::Text(&text.to_ascii_lowercase()).encode(bytes),
            Collation::RTrim => Borrowed::Text(text.trim_end_matches(' ')).encode(bytes),
        },
        value => Borrowed::from(value).encode(bytes),
    }
    Some(())
}

/// Whether a real is a number that an i64 holds too.
fn is_whole(real: f64) -> bool {
    real.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&real)
}
