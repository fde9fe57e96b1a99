//! What nobody wants in a file that is passed on: passwords, keys and tokens, known by their names or by their form. They
//! are left out unless somebody asks for them.

mod members;
mod names;
mod values;

pub use members::{MARKER, Redaction, escape_markers, is_marker, is_secret_text, unescape_markers, unquoted};
pub use names::{KEYS, VALUES, is_container, is_pin, is_secret};
pub use values::{is_secret_value, is_token};

/// Whether what stands under a name is a secret: a text is one by the name or by its form; a number only where the name
/// means a code of digits.
pub fn is_secret_entry(name: &str, value: Entry<'_>) -> bool {
    match value {
        Entry::Number => is_pin(name),
        Entry::Text(text) => {
            !says_nothing(text) && (is_secret(name) || is_pin(name) || is_secret_value(text))
        }
    }
}

/// What stands under a name.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Number,
}

/// Whether a text only switches something, or is none: no secret, whatever it is called.
fn says_nothing(text: &str) -> bool {
    let plain = text.trim().to_ascii_lowercase();
    ["", "true", "false", "yes", "no", "on", "off", "0", "1", "null", "none"].contains(&plain.as_str())
}
