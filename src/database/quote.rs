//! SQL text for names that come from a schema.

/// A name as a SQL identifier, whatever it holds.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Several names, separated by commas.
pub fn identifiers<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(identifier).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(identifier(r#"a "b".c"#), r#""a ""b"".c""#);
        assert_eq!(identifiers(["select", "b"]), r#""select", "b""#);
    }
}
