//! Where the literals of a condition are in its text: the syntax tree does not say.

use sqlite3_parser::dialect::TokenType;
use sqlite3_parser::lexer::Scanner;
use sqlite3_parser::lexer::sql::Tokenizer;
use std::collections::HashMap;
use std::ops::Range;

/// Above every number that a mark has to be told apart from: all literals are replaced by marks.
const FIRST: u64 = 1_000_000_000;

/// A text of SQL whose numbers and strings are each replaced by one of its own.
pub struct Marked {
    pub text: String,
    /// The places in the text before, by the mark.
    places: HashMap<String, Range<usize>>,
}

impl Marked {
    /// Marks the literals of a text; nothing if SQLite would not read it.
    pub fn of(sql: &str) -> Option<Self> {
        let mut scanner = Scanner::new(Tokenizer::new());
        let (mut text, mut places, mut end) = (String::new(), HashMap::new(), 0);
        loop {
            let (start, token, after) = scanner.scan(sql.as_bytes()).ok()?;
            let Some((_, kind)) = token else { break };
            let number = FIRST + places.len() as u64;
            let mark = match kind {
                TokenType::TK_INTEGER | TokenType::TK_FLOAT => number.to_string(),
                TokenType::TK_STRING => format!("'{number}'"),
                _ => continue,
            };
            text.push_str(sql.get(end..start)?);
            text.push_str(&mark);
            places.insert(mark, start..after);
            end = after;
        }
        text.push_str(sql.get(end..)?);
        Some(Self { text, places })
    }

    /// Where a literal of the marked text is in the text before.
    pub fn place(&self, mark: &str) -> Option<Range<usize>> {
        self.places.get(mark).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_found_wherever_they_are() {
        let sql = "a = 1 and b in ('x''y', 2.5) -- 3 'no'\n or \"4\" = [5] or c = x'06'";
        let marked = Marked::of(sql).expect("SQL");
        let mut found: Vec<&str> = marked.places.values().map(|place| &sql[place.clone()]).collect();
        found.sort_unstable();
        assert_eq!(found, ["'x''y'", "1", "2.5"], "{}", marked.text);
        assert!(Marked::of("a = 'open").is_none());
    }
}
