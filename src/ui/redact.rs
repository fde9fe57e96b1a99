//! Secrets that stand in a text by mistake: a password in a URL, an identity where its file was meant.
//!
//! Messages repeat what somebody typed or what a file says. Logs and mails of cron keep them.

use std::borrow::Cow;

/// How every age identity begins.
const IDENTITY: &str = "AGE-SECRET-KEY-";
/// What stands for a secret.
const HIDDEN: &str = "***";
/// What a URL of larder's may say behind its `?`; the values of all else may be secrets.
const PUBLIC_PARAMETERS: [&str; 2] = ["region", "endpoint"];

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
    if !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        let end = after.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).unwrap_or(after.len());
        let (url, left) = after.split_at(end);
        out.push_str(before);
        out.push_str(&redacted_url(url));
        rest = left;
    }
    Cow::Owned(out + rest)
}

/// What stands behind `://` of a URL, without its password and without the values that may be secrets.
fn redacted_url(url: &str) -> String {
    let (place, query) = url.split_once('?').map_or((url, None), |(place, query)| (place, Some(query)));
    // A password may hold slashes and @: it reaches to the last @.
    let mut text = match place.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host)))
    {
        Some((user, host)) => format!("{user}:{HIDDEN}@{host}"),
        None => place.to_owned(),
    };
    for (at, pair) in query.into_iter().flat_map(|query| query.split('&')).enumerate() {
        text.push(if at == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some((name, _)) if !PUBLIC_PARAMETERS.contains(&name) => text.extend([name, "=", HIDDEN]),
            Some((name, value)) => text.extend([name, "=", &without_passwords(value)]),
            None => text.push_str(pair),
        }
    }
    text
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
        ] {
            assert_eq!(redacted(text), shown);
        }
    }
}
