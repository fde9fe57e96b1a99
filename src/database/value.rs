//! A value of a column.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

/// What SQLite can store in a column, and text that is not valid.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// NULL.
    Null,
    /// An integer of 64 bits.
    Integer(i64),
    /// A real number; never NaN, which SQLite stores as NULL.
    Real(f64),
    /// Text.
    Text(String),
    /// Text that is not valid in the database's encoding, as the bytes that it has there.
    RawText(Vec<u8>),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    /// What SQL calls the parameter of this number that the value is bound to. Text that is not valid is bound as bytes.
    pub fn parameter(&self, number: usize) -> String {
        match self {
            Self::RawText(_) => format!("CAST(?{number} AS TEXT)"),
            _ => format!("?{number}"),
        }
    }
}

impl ToSql for Value {
    /// As [`Self::parameter`] says.
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::RawText(bytes) | Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A value that is borrowed from a statement, or from a [`Value`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Borrowed<'a> {
    /// NULL.
    Null,
    /// An integer.
    Integer(i64),
    /// A real number.
    Real(f64),
    /// Text.
    Text(&'a str),
    /// Text that is not valid, as bytes of the database's encoding.
    RawText(&'a [u8]),
    /// Bytes.
    Blob(&'a [u8]),
}

impl<'a> Borrowed<'a> {
    /// A column of a database in UTF-8.
    pub fn of(value: ValueRef<'a>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Real(number) => Self::Real(number),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_or(Self::RawText(bytes), Self::Text),
            ValueRef::Blob(bytes) => Self::Blob(bytes),
        }
    }

    /// A column of a database in UTF-16, with the bytes that its text has there: SQLite turns text that is not
    /// valid UTF-16 into something else on the way.
    pub fn of_utf16(value: ValueRef<'a>, stored: ValueRef<'a>, big_endian: bool) -> Self {
        match (Self::of(value), stored) {
            (Self::Text(text), ValueRef::Blob(bytes)) if !is_utf16_of(text, bytes, big_endian) => {
                Self::RawText(bytes)
            }
            (Self::RawText(_), ValueRef::Blob(bytes)) => Self::RawText(bytes),
            (value, _) => value,
        }
    }

    /// Appends an encoding to a buffer that two values share only when they are the same, type and bytes.
    pub fn encode(self, buffer: &mut Vec<u8>) {
        let mut tagged = |tag: u8, bytes: &[u8]| {
            buffer.push(tag);
            buffer.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            buffer.extend_from_slice(bytes);
        };
        match self {
            Self::Null => tagged(0, &[]),
            Self::Integer(number) => tagged(1, &number.to_le_bytes()),
            Self::Real(number) => tagged(2, &number.to_bits().to_le_bytes()),
            Self::Text(text) => tagged(3, text.as_bytes()),
            Self::RawText(bytes) => tagged(4, bytes),
            Self::Blob(bytes) => tagged(5, bytes),
        }
    }

    /// The value whose encoding begins some bytes, which are left behind it; nothing where there is none.
    pub fn decode(bytes: &mut &'a [u8]) -> Option<Self> {
        let (tag, rest) = bytes.split_first()?;
        let (length, rest) = rest.split_first_chunk::<8>()?;
        let (content, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        *bytes = rest;
        Some(match tag {
            0 => Self::Null,
            1 => Self::Integer(i64::from_le_bytes(content.try_into().ok()?)),
            2 => Self::Real(f64::from_bits(u64::from_le_bytes(content.try_into().ok()?))),
            3 => Self::Text(std::str::from_utf8(content).ok()?),
            4 => Self::RawText(content),
            5 => Self::Blob(content),
            _ => return None,
        })
    }
}

impl ToSql for Borrowed<'_> {
    /// As [`Value::parameter`] says.
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(number),
            Self::Real(number) => ValueRef::Real(number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::RawText(bytes) | Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl<'a> From<&'a Value> for Borrowed<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer(*number),
            Value::Real(number) => Self::Real(*number),
            Value::Text(text) => Self::Text(text),
            Value::RawText(bytes) => Self::RawText(bytes),
            Value::Blob(bytes) => Self::Blob(bytes),
        }
    }
}

impl From<Borrowed<'_>> for Value {
    fn from(value: Borrowed<'_>) -> Self {
        match value {
            Borrowed::Null => Self::Null,
            Borrowed::Integer(number) => Self::Integer(number),
            Borrowed::Real(number) => Self::Real(number),
            Borrowed::Text(text) => Self::Text(text.to_owned()),
            Borrowed::RawText(bytes) => Self::RawText(bytes.to_vec()),
            Borrowed::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }
}

/// Whether bytes are the UTF-16 of a text.
fn is_utf16_of(text: &str, bytes: &[u8], big_endian: bool) -> bool {
    let mut units = bytes.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    bytes.len().is_multiple_of(2)
        && text.encode_utf16().all(|unit| units.next() == Some(unit))
        && units.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_value_is_decoded_to_itself() {
        let values = [
            Borrowed::Null,
            Borrowed::Integer(i64::MIN),
            Borrowed::Real(-0.1),
            Borrowed::Text("naïve"),
            Borrowed::RawText(&[0xff]),
            Borrowed::Blob(&[0, 1]),
        ];
        let mut bytes = Vec::new();
        for value in values {
            value.encode(&mut bytes);
        }
        let mut rest = bytes.as_slice();
        for value in values {
            assert_eq!(Borrowed::decode(&mut rest), Some(value));
        }
        assert_eq!(Borrowed::decode(&mut rest), None);
        assert_eq!(Borrowed::decode(&mut &bytes[..3]), None, "cut");
    }

    #[test]
    fn utf16_that_is_not_valid_keeps_its_bytes() {
        let text = ValueRef::Text("a🎬".as_bytes());
        let valid: Vec<u8> = "a🎬".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(Borrowed::of_utf16(text, ValueRef::Blob(&valid), false), Borrowed::Text("a🎬"));
        assert_eq!(Borrowed::of_utf16(text, ValueRef::Blob(&valid), true), Borrowed::RawText(&valid));
        let cut = &valid[..4];
        assert_eq!(Borrowed::of_utf16(text, ValueRef::Blob(cut), false), Borrowed::RawText(cut));
    }

    #[test]
    fn encodings_tell_types_and_bits_apart() {
        let encode = |values: &[Borrowed<'_>]| {
            let mut buffer = Vec::new();
            for value in values {
                value.encode(&mut buffer);
            }
            buffer
        };
        let different = [
            encode(&[Borrowed::Null]),
            encode(&[Borrowed::Integer(0)]),
            encode(&[Borrowed::Real(0.0)]),
            encode(&[Borrowed::Real(-0.0)]),
            encode(&[Borrowed::Text("")]),
            encode(&[Borrowed::Blob(b"")]),
            encode(&[Borrowed::Text("ab")]),
            encode(&[Borrowed::Text("a"), Borrowed::Text("b")]),
            encode(&[Borrowed::Text(""), Borrowed::Text("ab")]),
        ];
        for (at, a) in different.iter().enumerate() {
            assert!(different[at + 1..].iter().all(|b| a != b), "{at}");
        }
    }
}
