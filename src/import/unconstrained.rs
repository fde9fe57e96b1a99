//! The SQL of a table without some of its constraints.
//!
//! A constraint that is ordered by a collation which only the application has would be an index in a wrong order. The table
//! is made without it. Only what is understood is taken out; whoever calls this compares the table that comes of it.

/// What a piece of SQL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A word that is not quoted.
    Word,
    /// A quoted name or a string.
    Quoted,
    /// Any other character.
    Sign,
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    kind: Kind,
    text: &'a str,
    start: usize,
    /// In how many parentheses it is; a parenthesis is in itself.
    depth: u32,
}

impl Token<'_> {
    fn is(&self, word: &str) -> bool {
        self.kind != Kind::Quoted && self.text.eq_ignore_ascii_case(word)
    }

    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The name that it is, without its quotes.
    fn name(&self) -> String {
        if self.kind != Kind::Quoted {
            return self.text.to_lowercase();
        }
        let inner = &self.text[1..self.text.len() - 1];
        let quote = &self.text[..1];
        inner.replace(&quote.repeat(2), quote).to_lowercase()
    }
}

/// The SQL without the UNIQUE constraints and the primary key on these columns, and as a table with a rowid where its
/// primary key goes. Nothing where the SQL is not understood.
pub fn without(sql: &str, constraints: &[Vec<String>], drop_without_rowid: bool) -> Option<String> {
    let tokens = tokens(sql)?;
    let open = tokens.iter().position(|token| token.is("("))?;
    let close = open + tokens[open..].iter().position(|token| token.is(")") && token.depth == 1)?;
    let mut kept = String::new();
    let mut at = 0;
    for removed in removals(&tokens[..=close], open, constraints)? {
        kept.push_str(sql.get(at..removed.start)?);
        at = removed.end;
    }
    if !drop_without_rowid {
        kept.push_str(&sql[at..]);
        return Some(kept);
    }
    kept.push_str(&sql[at..tokens[close].end()]);
    if tokens[close..].iter().any(|token| token.is("strict")) {
        kept.push_str(" STRICT");
    }
    Some(kept)
}

/// The parts of the SQL that are to go, in their order.
fn removals(
    tokens: &[Token<'_>],
    open: usize,
    constraints: &[Vec<String>],
) -> Option<Vec<std::ops::Range<usize>>> {
    let mut removals = Vec::new();
    // The first piece of the definition that is being looked at: of a column, its name.
    let mut first = open + 1;
    for at in open + 1..tokens.len() {
        let token = &tokens[at];
        if token.depth == 1 && token.is(",") {
            first = at + 1;
            continue;
        }
        let is_constraint = token.depth == 1
            && (token.is("unique")
                || token.is("primary") && tokens.get(at + 1).is_some_and(|next| next.is("key")));
        if !is_constraint {
            continue;
        }
        let after = if token.is("unique") { at + 1 } else { at + 2 };
        let is_listed = tokens.get(after).is_some_and(|next| next.is("("));
        let (columns, end) =
            if is_listed { listed(tokens, after)? } else { (vec![tokens.get(first)?.name()], after) };
        if !constraints.contains(&columns) {
            continue;
        }
        let end = options(tokens, end);
        let named = at >= 2 && at - 2 >= first && tokens[at - 2].is("constraint");
        let start = if named { at - 2 } else { at };
        let is_alone = start == first && (tokens[end].is(",") || end == tokens.len() - 1);
        let start = if is_alone { tokens[start - 1].start } else { tokens[start].start };
        removals.push(start..tokens[end - 1].end());
    }
    Some(removals)
}

/// The columns of a list in parentheses, and the token after it.
fn listed(tokens: &[Token<'_>], open: usize) -> Option<(Vec<String>, usize)> {
    let mut columns = vec![tokens.get(open + 1)?.name()];
    for at in open + 1..tokens.len() {
        let token = &tokens[at];
        if token.depth == 2 && token.is(",") {
            columns.push(tokens.get(at + 1)?.name());
        } else if token.depth == 2 && token.is(")") {
            return Some((columns, at + 1));
        }
    }
    None
}

/// The token after the direction, the conflict clause and AUTOINCREMENT that may follow.
fn options(tokens: &[Token<'_>], mut at: usize) -> usize {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(word));
    loop {
        if is(at, "asc") || is(at, "desc") || is(at, "autoincrement") {
            at += 1;
        } else if is(at, "on") && is(at + 1, "conflict") {
            at += 3;
        } else {
            return at.min(tokens.len() - 1);
        }
    }
}

/// The pieces of SQL, without white space and comments.
fn tokens(sql: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let (mut start, mut depth) = (0, 0_u32);
    while let Some(c) = sql[start..].chars().next() {
        let rest = &sql[start..];
        let (kind, length) = match c {
            c if c.is_ascii_whitespace() => {
                start += 1;
                continue;
            }
            '-' if rest.starts_with("--") => {
                start += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '/' if rest.starts_with("/*") => {
                start += rest[2..].find("*/")? + 4;
                continue;
            }
            '\'' | '"' | '`' => (Kind::Quoted, quoted_length(rest, c)?),
            '[' => (Kind::Quoted, rest.find(']')? + 1),
            c if is_of_word(c) => (Kind::Word, rest.find(|c| !is_of_word(c)).unwrap_or(rest.len())),
            c => (Kind::Sign, c.len_utf8()),
        };
        depth += u32::from(c == '(');
        tokens.push(Token { kind, text: &rest[..length], start, depth });
        depth = depth.checked_sub(u32::from(c == ')'))?;
        start += length;
    }
    Some(tokens)
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_$".contains(c) || !c.is_ascii()
}

/// How long a quoted text is that begins here; doubled quotes are in it.
fn quoted_length(text: &str, quote: char) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text.get(at..)?.find(quote)? + 1;
        if !text[at..].starts_with(quote) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_constraints_that_are_meant_go() {
        let of_a = [vec!["a".to_owned()]];
        for (sql, left) in [
            (
                "CREATE TABLE t(id integer primary key,a text collate X unique)",
                "CREATE TABLE t(id integer primary key,a text collate X )",
            ),
            (
                "CREATE TABLE t(A text CONSTRAINT \"u\" UNIQUE ON CONFLICT replace NOT NULL, b unique)",
                "CREATE TABLE t(A text  NOT NULL, b unique)",
            ),
            (
                "CREATE TABLE t(a, b, /* , */ unique([a] collate X desc) on conflict ignore, check (b in ('unique', ')')))",
                "CREATE TABLE t(a, b, check (b in ('unique', ')')))",
            ),
            (
                "CREATE TABLE t(a, b, constraint u unique(\"a\"), unique(a, b))",
                "CREATE TABLE t(a, b, unique(a, b))",
            ),
            ("CREATE TABLE t(a, b, unique(b), primary key(a asc))", "CREATE TABLE t(a, b, unique(b))"),
            (
                "CREATE TABLE t(a primary key desc, 'unique' text default 'unique' -- unique\n)",
                "CREATE TABLE t(a , 'unique' text default 'unique' -- unique\n)",
            ),
            ("CREATE TABLE \"a(b\"(\"unique\" text, a unique)", "CREATE TABLE \"a(b\"(\"unique\" text, a )"),
            ("CREATE TABLE t(a references b(a), b unique)", "CREATE TABLE t(a references b(a), b unique)"),
        ] {
            assert_eq!(without(sql, &of_a, false).as_deref(), Some(left), "{sql}");
        }
    }

    #[test]
    fn a_table_without_rowid_gets_one_with_its_key_gone() {
        let key = [vec!["a".to_owned(), "b".to_owned()]];
        let sql = "CREATE TABLE t(a text, b text, PRIMARY KEY(a, b)) WITHOUT ROWID, STRICT";
        assert_eq!(without(sql, &key, true).as_deref(), Some("CREATE TABLE t(a text, b text) STRICT"));
        assert_eq!(without("CREATE TABLE t(a /*", &key, true), None);
    }
}
