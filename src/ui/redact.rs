//! Secrets that stand in a text by mistake: a password in a URL, an identity where its file was meant.
//!
//! Messages repeat what somebody typed or what a file says. Logs and mails of cron keep them.

use std::borrow::Cow;

/// How every age identity begins.
const IDENTITY: &str = "AGE-SECRET-KEY-";
/// What stands before the authority of a URL.
const SCHEME_ENDS: &str = "://";
/// What stands for a secret.
const HIDDEN: &str = "***";
/// What stands for the rest of a command.
const MORE: &str = "…";
/// What a URL of larder's may say behind its `?`; the values of all else may be secrets.
const PUBLIC_PARAMETERS: [&str; 2] = ["region", "endpoint"];

/// A command as it may be shown: its program. A secret may stand anywhere in what follows.
pub fn program(command: &str) -> Cow<'_, str> {
    let command = command.trim();
    let end = command.find(char::is_whitespace).unwrap_or(command.len());
    let is_program =
        |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./~+".contains(&byte));
    match command.split_at(end) {
        (word, "") if is_program(word) => Cow::Borrowed(command),
        (word, _) if is_program(word) => Cow::Owned(format!("{word} {MORE}")),
        _ => Cow::Borrowed(MORE),
    }
}

/// The text without its secrets.
pub fn redacted(text: &str) -> Cow<'_, str> {
    match without_identities(text) {
        Cow::Borrowed(text) => without_passwords(text),
        Cow::Owned(text) => Cow::Owned(without_passwords(&text).into_owned()),
    }
}

fn without_identities(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    // A byte of a letter that is not ASCII is never equal to one that is.
    while let Some(at) = rest
        .as_bytes()
        .windows(IDENTITY.len())
        .position(|part| part.eq_ignore_ascii_case(IDENTITY.as_bytes()))
    {
        let (before, found) = rest.split_at(at);
        let end = found.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(found.len());
        out.extend([before, IDENTITY, HIDDEN]);
        rest = &found[end..];
    }
    if out.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(out + rest) }
}

fn without_passwords(text: &str) -> Cow<'_, str> {
    if !text.contains(SCHEME_ENDS) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(SCHEME_ENDS) {
        let (before, after) = rest.split_at(at + SCHEME_ENDS.len());
        out.push_str(before);
        rest = after;
        // What stands before the next URL, on this line.
        let end = after.find(SCHEME_ENDS).unwrap_or(after.len());
        let own = after[..end].split('\n').next().unwrap_or_default();
        if let Some((user, password)) = login(own) {
            out.extend([user, ":", HIDDEN]);
            rest = &after[user.len() + 1 + password.len()..];
        }
    }
    Cow::Owned(without_parameters(&(out + rest)))
}

/// The user and the password that a text behind `://` begins with. A password may hold anything: it reaches to the last @ of
/// the word, or, where that has none, of the line, unless a port stands there.
fn login(text: &str) -> Option<(&str, &str)> {
    let word = &text[..end_of_word(text)];
    let end = word.rfind('@').or_else(|| text.rfind('@'))?;
    let (user, password) = text[..end].split_once(':')?;
    let is_user = !user.is_empty() && user.len() < word.len() && !user.contains(['/', '?', '#', '[']);
    let is_port = || {
        let rest = password.trim_start_matches(|letter: char| letter.is_ascii_digit());
        rest.is_empty() || rest.starts_with(['/', ',', '"', '\'']) || rest.starts_with(char::is_whitespace)
    };
    (is_user && (end < word.len() || !is_port())).then_some((user, password))
}

/// A text without the values in URLs that may be secrets.
fn without_parameters(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (word, left) =
            rest.split_at(end_of_word(rest).max(rest.chars().next().map_or(1, char::len_utf8)));
        let query = word.find(SCHEME_ENDS).and_then(|at| Some(at + word[at..].find('?')?));
        let (place, query) = word.split_at(query.unwrap_or(word.len()));
        out.push_str(place);
        for part in query.split_inclusive(['?', '&']) {
            let (pair, separator) = part.split_at(part.trim_end_matches(['?', '&']).len());
            match pair.split_once('=') {
                Some((name, _)) if !PUBLIC_PARAMETERS.contains(&name) => out.extend([name, "=", HIDDEN]),
                _ => out.push_str(pair),
            }
            out.push_str(separator);
        }
        rest = left;
    }
    out
}

/// Where a text has its first white space or quote.
fn end_of_word(text: &str) -> usize {
    text.find(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'')).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_all_else_is_left() {
        for (text, shown) in [
            ("cannot open app.db", "cannot open app.db"),
            ("cannot open AGE-SECRET-KEY-1QQPZRY: none", "cannot open AGE-SECRET-KEY-***: none"),
            ("a age-secret-key-pq-1abc", "a AGE-SECRET-KEY-***"),
            ("\"webdavs://ada@host/x\", 's3://b/x'", "\"webdavs://ada@host/x\", 's3://b/x'"),
            ("\"webdavs://ada:pw@host/x\"", "\"webdavs://ada:***@host/x\""),
            ("webdav://ada:p/w@x@host:80/x é", "webdav://ada:***@host:80/x é"),
            ("s3://b?region=eu&secret_access_key=x y", "s3://b?region=eu&secret_access_key=*** y"),
            ("s3://b?endpoint=https://a:b@host", "s3://b?endpoint=https://a:***@host"),
            ("curl https://u:p@a/ 'https://v:p@b/'", "curl https://u:***@a/ 'https://v:***@b/'"),
            ("s3://bucket:9000/a", "s3://bucket:9000/a"),
            ("webdav://ada:p?w=1@host/x", "webdav://ada:***@host/x"),
            ("webdav://ada:p'w\"x@host/x y", "webdav://ada:***@host/x y"),
            ("at webdav://ada:two words@host/x: no", "at webdav://ada:***@host/x: no"),
            ("webdav://ada:p w@h and sftp://bob:q r@i", "webdav://ada:***@h and sftp://bob:***@i"),
            ("webdav://ada@x.org:p@host", "webdav://ada@x.org:***@host"),
            ("https://host:80/x and a@b", "https://host:80/x and a@b"),
            ("sftp://host: denied to a@b", "sftp://host: denied to a@b"),
            ("\"s3://b:9000\", a@b", "\"s3://b:9000\", a@b"),
            ("https://[::1]:80/x a@b", "https://[::1]:80/x a@b"),
            (
                "s3://b?endpoint=https://h?secret=x&region=eu",
                "s3://b?endpoint=https://h?secret=***&region=eu",
            ),
            ("https://ada:p\nw@x", "https://ada:p\nw@x"),
        ] {
            assert_eq!(redacted(text), shown);
        }
    }

    #[test]
    fn of_a_command_its_program_is_shown() {
        for (command, shown) in [
            ("/usr/local/bin/notify.sh", "/usr/local/bin/notify.sh"),
            (" true\n", "true"),
            ("", ""),
            ("curl -H 'Authorization: Bearer x'", "curl …"),
            ("true\ntrue", "true …"),
            ("TOKEN=x notify", "…"),
            ("$(x)", "…"),
        ] {
            assert_eq!(program(command), shown);
        }
    }

    #[test]
    fn long_texts_take_no_time() {
        let began = std::time::Instant::now();
        for part in ["s3://b?endpoint=", "://", "x://a:", "x://a:b c", "'x", "?a=", "@"] {
            let text = part.repeat(100_000);
            assert!(!redacted(&text).is_empty());
        }
        assert!(began.elapsed() < std::time::Duration::from_secs(10), "{:?}", began.elapsed());
    }
}
