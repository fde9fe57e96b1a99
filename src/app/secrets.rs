//! Columns that nobody wants in a file that is passed on: they are left out unless somebody asks for them.

use super::names::snake;

/// Names of columns that hold a secret, in lower case with underscores.
const SECRETS: [&str; 30] = [
    "password",
    "passwd",
    "pwd",
    "pass_hash",
    "password_hash",
    "hashed_password",
    "encrypted_password",
    "password_digest",
    "password_salt",
    "passphrase",
    "salt",
    "secret",
    "secret_key",
    "client_secret",
    "totp_secret",
    "otp_secret",
    "mfa_secret",
    "api_key",
    "apikey",
    "api_token",
    "api_secret",
    "access_token",
    "refresh_token",
    "auth_token",
    "session_token",
    "bearer_token",
    "private_key",
    "credential",
    "credentials",
    "remember_token",
];

/// Whether a column is named like a secret.
pub fn is_secret(column: &str) -> bool {
    SECRETS.contains(&snake(column).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_names() {
        for column in ["password", "hashedPassword", "PasswordHash", "api_key", "refreshToken"] {
            assert!(is_secret(column), "{column}");
        }
        for column in ["token_count", "key", "public_key", "password_changed_at", "passport"] {
            assert!(!is_secret(column), "{column}");
        }
    }
}
