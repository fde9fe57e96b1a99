//! Values that are secrets by their form, or have one inside: private keys, hashes of passwords, tokens of services, addresses,
//! headers and connection strings with a password.

use super::names::is_secret;
use super::says_nothing;

/// How tokens of well-known services begin, and how long they are at least.
const PREFIXES: [(&str, usize); 48] = [
    // What an import gives to rows that must not share a secret.
    ("larder-secret-", 40),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 30),
    ("glpat-", 20),
    ("gldt-", 20),
    ("glrt-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("xoxa-", 20),
    ("xoxr-", 20),
    ("xoxs-", 20),
    ("xapp-", 20),
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("rk_live_", 16),
    ("rk_test_", 16),
    ("whsec_", 20),
    ("sk-ant-", 20),
    ("sk-proj-", 20),
    ("sk-", 32),
    ("AKIA", 20),
    ("ASIA", 20),
    ("AIza", 35),
    ("ya29.", 20),
    ("1//0", 30),
    ("npm_", 36),
    ("pypi-", 30),
    ("dop_v1_", 30),
    ("shpat_", 30),
    ("shpss_", 30),
    ("hf_", 30),
    ("SG.", 40),
    ("glsa_", 30),
    ("eyJrIjoi", 40),
    ("tskey-", 20),
    ("AGE-SECRET-KEY-1", 40),
    ("nvapi-", 30),
    ("lin_api_", 30),
    ("Bearer ", 20),
    ("Basic ", 24),
    ("https://hooks.slack.com/services/", 50),
    ("https://discord.com/api/webhooks/", 50),
    ("https://discordapp.com/api/webhooks/", 50),
    ("https://api.telegram.org/bot", 50),
];

/// No token is shorter.
const SHORTEST: usize = 16;

/// How hashes of passwords begin.
const HASHES: [&str; 19] = [
    "$2a$", "$2b$", "$2x$", "$2y$", "$argon2", "argon2$", "$scrypt$", "scrypt:", "scrypt$", "$pbkdf2",
    "pbkdf2_", "pbkdf2:", "pbkdf2$", "bcrypt$", "bcrypt_", "$6$", "$5$", "$y$", "{SSHA",
];

/// Whether a text is a secret by its form, or one is inside it.
pub fn is_secret_value(text: &str) -> bool {
    let text = text.trim();
    has_private_key(text)
        || is_password_hash(text)
        || is_service_token(text)
        || is_list_with_password(text)
        || text.contains(": ") && text.lines().any(is_line_with_password)
        || has_authorization(text)
        || has_word(text)
}

/// Whether a text is nothing but a secret that a program made.
pub fn is_token(text: &str) -> bool {
    let text = text.trim();
    has_private_key(text) && text.starts_with(PEM)
        || is_password_hash(text)
        || is_jwt(text)
        || is_service_token(text)
}

/// Whether a word in a text is a secret. Most words are too short for one.
fn has_word(text: &str) -> bool {
    let has_urls = text.contains("://");
    text.split_ascii_whitespace().any(|word| {
        let is_long = word.len() >= SHORTEST;
        if !is_long && !has_urls {
            return false;
        }
        let word = bare(word);
        // Words with dashes begin like tokens too.
        has_urls && is_url_with_secret(word)
            || is_long && (is_jwt(word) || has_digit(word) && is_service_token(word))
    })
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|letter: char| "\"'`()<>[],;.!".contains(letter))
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// What a header of HTTP says of who asks, as in a command: `Bearer …`.
fn has_authorization(text: &str) -> bool {
    PREFIXES.iter().filter(|(start, _)| start.ends_with(' ') && text.contains(start)).any(|(start, _)| {
        text.match_indices(start).any(|(at, _)| {
            let rest = &text[at + start.len()..];
            let word = bare(rest.split_whitespace().next().unwrap_or_default());
            has_digit(word) && is_service_token(&format!("{start}{word}"))
        })
    })
}

/// How a key in PEM begins.
const PEM: &str = "-----BEGIN ";

/// Whether a text may be the name of a setting or of a header.
fn is_name(text: &str) -> bool {
    let is_letter = |letter: u8| letter.is_ascii_alphanumeric() || b"_-. ".contains(&letter);
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(is_letter)
}

/// A line that says a secret: a header of HTTP, or `name: value` with a value that no word is.
fn is_line_with_password(line: &str) -> bool {
    let Some((name, value)) = line.trim().split_once(": ") else { return false };
    let value = value.trim();
    let is_word = !value.contains(char::is_whitespace) && value.len() >= 6;
    is_name(name)
        && is_secret(name)
        && (is_service_token(value) || is_word && has_digit(value) && value.contains(char::is_alphabetic))
}

/// Settings in one text, as `host=db password=…`, `Server=db;Password=…` or `DB_PASSWORD=…`, of which one is a secret.
fn is_list_with_password(text: &str) -> bool {
    let parts: &mut dyn Iterator<Item = &str> = match text.contains('=') {
        false => return false,
        true if text.contains(';') => &mut text.split(';').map(str::trim).filter(|part| !part.is_empty()),
        true => &mut text.split_whitespace(),
    };
    let mut has_password = false;
    for part in parts {
        let Some((name, value)) = part.split_once('=').filter(|(name, _)| is_name(name)) else {
            return false;
        };
        has_password |= is_secret(name) && !value.is_empty() && !value.starts_with('=');
    }
    has_password
}

/// A private key in PEM.
fn has_private_key(text: &str) -> bool {
    text.contains(PEM) && text.contains("PRIVATE KEY")
}

fn is_password_hash(text: &str) -> bool {
    text.len() >= 20
        && HASHES.iter().any(|start| text.starts_with(start))
        && text.contains(['$', ':', '}'])
        && !text.contains(char::is_whitespace)
}

/// Three parts of base64, of which the first two are JSON.
fn is_jwt(text: &str) -> bool {
    if !text.starts_with("eyJ") {
        return false;
    }
    let parts: Vec<&str> = text.split('.').collect();
    let is_base64 =
        |part: &&str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte));
    (parts.len() == 3 || parts.len() == 5) && parts[0].len() >= 10 && parts.iter().all(is_base64)
}

fn is_service_token(text: &str) -> bool {
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    let has_prefix = PREFIXES.iter().any(|(start, least)| {
        text.len() >= *least && text.strip_prefix(start).is_some_and(|rest| !rest.is_empty() && is_word(rest))
    });
    has_prefix || is_bot_token(text)
}

/// What Telegram gives to bots: `123456789:AA…`.
fn is_bot_token(text: &str) -> bool {
    text.split_once(':').is_some_and(|(number, rest)| {
        (8..=10).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && rest.len() == 35
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    })
}

/// A URL with a password, or with a secret in its query or behind its `#`.
fn is_url_with_secret(text: &str) -> bool {
    // A scheme has no colon, so that it ends at the first.
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let Some(rest) = rest.strip_prefix("//") else { return false };
    let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte));
    let (authority, _) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let password = authority.rsplit_once('@').and_then(|(login, _)| login.split_once(':'));
    let mut parameters = rest.split(['?', '#', '&', ';']).skip(1).filter_map(|part| part.split_once('='));
    let is_parameter = |(name, value): (&str, &str)| {
        !says_nothing(value) && (is_secret(name) || is_service_token(value) || is_jwt(value))
    };
    is_scheme && (password.is_some_and(|(_, password)| !password.is_empty()) || parameters.any(is_parameter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_form() {
        for text in [
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----",
            "$2b$12$KIXQJ8m2y1sF6F3l3Jf0xuJ1wq1",
            "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
            "pbkdf2_sha256$600000$salt$aGFzaGhhc2g=",
            "scrypt:32768:8:1$salt$0123456789abcdef",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "postgres://app:hunter2@db.example.com/app",
            "host=db user=app password=hunter2",
            "Server=db;User ID=app;Password=hunter2;",
            "DB_PASSWORD=hunter2",
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
            "redis://:hunter2@cache",
            "ghp_0123456789abcdefghijABCDEFGHIJ012345",
            "AKIAIOSFODNN7EXAMPLE",
            "https://example.com/feed?user=1&token=a8f3",
            "https://example.com/?api_key=a8f3#top",
            "https://example.com/callback#access_token=a8f3&state=1",
            "https://example.com/maps?key=AIzaSyA0123456789abcdefghijklmnopqrstuv",
            "Authorization: Bearer 0123456789abcdef",
            "curl -H 'Authorization: Bearer 0123456789abcdef' https://example.com",
            "Accept: text/plain\nX-Api-Key: a8f3c2",
            "Router\nuser: ada\npassword: hunter2",
            "the token is `ghp_0123456789abcdefghijABCDEFGHIJ012345`, keep it",
            "see https://ada:hunter2@example.com/x, please",
            "key:\n-----BEGIN RSA PRIVATE KEY-----\nb3Bl\n-----END RSA PRIVATE KEY-----",
            "123456789:AAabcdefghijklmnopqrstuvwxyz0123456",
        ] {
            assert!(is_secret_value(text), "{text}");
        }
        for text in [
            "",
            "hello",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
            "https://example.com/a:b@c",
            "https://user@example.com",
            "the password = hunter2",
            "https://example.com/?token=1",
            "https://example.com/?tokens=&q=token",
            "https://example.com/token=abc",
            "Password: must be changed",
            "Salt: 5 g",
            "Ski pass: 2026-01-02",
            "token: string;",
            "{\"password\": \"hunter2\"}",
            "password=",
            "a=1 b=2",
            "a:b://user:hunter2@example.com",
            "ask-me-anything",
            "sk-8 board",
            "a.b.c",
            "$2 a piece",
            "Basic training",
            "of sk-learning-and-other-words-with-dashes",
            "2026-01-01T10:00:00",
        ] {
            assert!(!is_secret_value(text), "{text}");
        }
    }
}
