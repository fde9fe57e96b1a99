//! SQL text for names that come from a schema.

/// A name as a SQL identifier, whatever it holds.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(identifier(r#"a "b".c"#), r#""a ""b"".c""#);
    }
}
