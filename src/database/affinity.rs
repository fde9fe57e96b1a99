//! What a column's declared type makes of the values that are stored in it.

use super::value::Value;
use serde::{Deserialize, Serialize};

/// A column's affinity, by the rules of <https://www.sqlite.org/datatype3.html#determination_of_column_affinity>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Affinity {
    /// Numbers are integers where they can be.
    Integer,
    /// Numbers become text.
    Text,
    /// Everything stays as it is.
    Blob,
    /// Integers become reals.
    Real,
    /// Text that looks like a number becomes one.
    Numeric,
}

impl Affinity {
    /// A type that has it.
    pub fn declared(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Text => "TEXT",
            Self::Blob => "BLOB",
            Self::Real => "REAL",
            Self::Numeric => "NUMERIC",
        }
    }

    /// That of a declared type, which may be empty.
    pub fn of(declared: &str) -> Self {
        let declared = declared.to_ascii_uppercase();
        let has = |parts: &[&str]| parts.iter().any(|part| declared.contains(part));
        match () {
            () if has(&["INT"]) => Self::Integer,
            () if has(&["CHAR", "CLOB", "TEXT"]) => Self::Text,
            () if declared.is_empty() || has(&["BLOB"]) => Self::Blob,
            () if has(&["REAL", "FLOA", "DOUB"]) => Self::Real,
            () => Self::Numeric,
        }
    }
}

/// The number that a column with numeric affinity makes of a text, where it looks like one.
pub fn number_of(text: &str) -> Option<Value> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) {
        return None;
    }
    text.parse().map(Value::Integer).or_else(|_| text.parse().map(Value::Real)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affinity_follows_the_declared_type() {
        for (declared, affinity) in [
            ("integer", Affinity::Integer),
            ("floating point", Affinity::Integer),
            ("charint", Affinity::Integer),
            ("varchar(20)", Affinity::Text),
            ("", Affinity::Blob),
            ("blob", Affinity::Blob),
            ("real", Affinity::Real),
            ("double precision", Affinity::Real),
            ("float", Affinity::Real),
            ("datetime", Affinity::Numeric),
            ("string", Affinity::Numeric),
        ] {
            assert_eq!(Affinity::of(declared), affinity, "{declared}");
        }
    }
}
