//! SQL text for names that come from a schema.

/// A name as a SQL identifier, whatever it holds.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as a SQL literal.
pub fn literal(text: &str) -> String {
    if text.contains('\0') {
        let mut hex = String::new();
        for byte in text.bytes() {
            hex.push_str(&format!("{byte:02x}"));
        }
        return format!("CAST(x'{hex}' AS TEXT)");
    }
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(identifier(r#"a "b".c"#), r#""a ""b"".c""#);
        assert_eq!(literal("o'clock"), "'o''clock'");
        assert_eq!(literal("a\0"), "CAST(x'6100' AS TEXT)");
    }
}
