//! Names that say secret: of columns, of members of JSON, and of rows in tables of keys and values.

use crate::app::names::snake;

/// Words that say it.
const WORDS: [&str; 34] = [
    "password",
    "pass",
    "passwd",
    "pwd",
    "pw",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "jwt",
    "totp",
    "otp",
    "mfa",
    "salt",
    "cookie",
    "credential",
    "authorization",
    "bearer",
    "auth_key",
    "hmac_key",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "private_key",
    "api_key",
    "access_key",
    "master_key",
    "encryption_key",
    "signing_key",
    "session_key",
    "recovery_code",
    "backup_code",
    "rands",
];

/// Words after those that say the same of it: its hash, what holds it, or what sets another.
const AFTER: [&str; 8] = ["hash", "enc", "key", "data", "digest", "encrypted", "value", "reset"];

/// Words that one without a space between them ends with: `mqttpassword`.
const ENDINGS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "credential",
];

/// What the key of a table of keys and values is called, and of an object that says what its `value` is; the most telling first.
pub const KEYS: [&str; 15] = [
    "key",
    "name",
    "setting",
    "option",
    "parameter",
    "param",
    "property",
    "variable",
    "attribute",
    "preference",
    "pref",
    "config",
    "field",
    "header",
    "k",
];

/// What the value is called where the key may have any of its names.
pub const VALUES: [&str; 4] = ["value", "val", "setting", "v"];

/// First words of what switches something, or counts it.
const FLAGS: [&str; 14] = [
    "is", "has", "can", "must", "no", "not", "was", "use", "allow", "enable", "show", "hide", "require",
    "requires",
];

/// Words that mean a code of digits.
const PINS: [&str; 5] = ["pin", "otp", "passcode", "password", "pwd"];

/// Whether a name says that what it holds is a secret: its last word does, or the one before words like `hash`.
pub fn is_secret(name: &str) -> bool {
    let words = words(name);
    if words.first().is_some_and(|first| words.len() > 1 && FLAGS.contains(&first.as_str())) {
        return false;
    }
    let before = words.iter().rposition(|word| !is_after(word)).map_or(0, |at| at + 1);
    (before..=words.len()).any(|end| says_secret(&words[..end]))
}

/// Whether a name means a code of digits, which may be a number.
pub fn is_pin(name: &str) -> bool {
    let words = words(name);
    let is_flag = words.len() > 1 && words.first().is_some_and(|first| FLAGS.contains(&first.as_str()));
    !is_flag && words.last().is_some_and(|last| PINS.contains(&last.as_str()))
}

/// Whether a table that is called so holds secrets in a column that is called so: `value` of `secrets`, `key` of `api_keys`.
pub fn is_container(table: &str, column: &str) -> bool {
    const HOLDS: [&str; 12] = [
        "value",
        "val",
        "key",
        "data",
        "hash",
        "text",
        "content",
        "enc",
        "encrypted",
        "ciphertext",
        "cipher",
        "blob",
    ];
    let words = words(column);
    says_secret(&self::words(table))
        && (words.len() == 1 || words[0] == "encrypted" || words[0] == "hashed")
        && words.last().is_some_and(|last| HOLDS.contains(&last.as_str()))
}

fn is_after(word: &str) -> bool {
    AFTER.contains(&word)
}

/// Whether the last words say it.
fn says_secret(words: &[String]) -> bool {
    let Some(last) = words.last() else { return false };
    let before = AFTER.iter().find_map(|after| last.strip_suffix(after));
    let pair = words.len().checked_sub(2).map(|at| format!("{}_{last}", words[at]));
    WORDS.contains(&last.as_str())
        || pair.is_some_and(|pair| WORDS.contains(&pair.as_str()))
        || before.is_some_and(|before| WORDS.contains(&before))
        || ENDINGS
            .iter()
            .any(|ending| last.ends_with(ending) || before.is_some_and(|it| it.ends_with(ending)))
}

/// The words of a name, in lower case and in the singular; digits at the end count for nothing.
fn words(name: &str) -> Vec<String> {
    let one = |word: &str| {
        let word = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let is_plural = word.len() > 3
            && word.ends_with('s')
            && !word.ends_with("ss")
            && !["rands", "pass"].contains(&word);
        word.strip_suffix('s').filter(|_| is_plural).unwrap_or(word).to_owned()
    };
    snake(name).split('_').map(one).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_last_word_in_any_case() {
        for name in [
            "password",
            "hashedPassword",
            "PasswordHash",
            "api_key",
            "APIKey",
            "refreshToken",
            "mqtt_password",
            "basic_auth_pass",
            "twofa_secret",
            "jwtSecret",
            "JWT_SECRET",
            "smtp.password",
            "bearer",
            "auth_key",
            "auth/jwt-secret",
            "token_hash",
            "password_enc",
            "secret_key",
            "session_data_key_token",
            "recovery_codes",
            "rands",
            "clientsecret",
            "DBPASSWORD",
            "password2",
            "pwd_reset",
            "passwordResetKey",
            "pwhash",
            "encrypted_pw",
            "mfa",
            "tokenvalue",
            "Authorization",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "token_count",
            "key",
            "public_key",
            "password_changed_at",
            "passport",
            "has_password",
            "use_token",
            "compass",
            "data",
            "hash",
            "pin",
            "secretary",
            "tokenizer",
            "tls_key_path",
            "token_type",
            "reset",
            "encrypted",
            "monkey",
            "mfa_enabled",
            "must_change_password",
        ] {
            assert!(!is_secret(name), "{name}");
        }
        assert!(is_pin("door_pin") && is_pin("otp") && !is_pin("pins_count") && !is_pin("spin"));
    }

    #[test]
    fn a_table_of_secrets_holds_them_in_a_column_of_a_plain_name() {
        assert!(is_container("secrets", "value") && is_container("api_keys", "key"));
        assert!(is_container("user_tokens", "encrypted_data"));
        assert!(!is_container("secrets", "name") && !is_container("settings", "value"));
    }
}
