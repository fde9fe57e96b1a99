//! Names with a number, and texts that nobody would have with one.

use super::fresh_id::fresh_id;
use crate::app::names::snake;

/// Columns of texts that are parts of an address on the web.
const SLUGS: [&str; 6] = ["slug", "handle", "path", "permalink", "url_path", "url_key"];
/// Columns of what somebody signs in with.
const LOGINS: [&str; 7] = ["email", "e_mail", "mail", "username", "user_name", "login", "login_name"];

/// A name with a number: `Heat (1)`, or `heat-1` where it is a part of an address on the web. Where it is an id that a machine
/// made, another of its form.
pub fn numbered(column: &str, own: &str, number: u32) -> String {
    match fresh_id(own, &format!("({number})")) {
        Some(id) => id,
        None if is_slug(column, own) => format!("{own}-{number}"),
        None => format!("{own} ({number})"),
    }
}

/// Whether a name was given to something in the place of its own.
pub fn is_given_for(name: &str, own: &str) -> bool {
    /// Further ids of its form are not looked for.
    const MOST_IDS: u32 = 16;
    let number = name.strip_prefix(own).and_then(|rest| {
        let in_parentheses = || rest.strip_prefix(" (")?.strip_suffix(')');
        in_parentheses().or_else(|| rest.strip_prefix('-'))
    });
    number.is_some_and(|number| number.parse::<u32>().is_ok())
        || (1..=MOST_IDS).any(|number| fresh_id(own, &format!("({number})")).is_some_and(|made| made == name))
}

/// Whether a text is what somebody signs in with or is written to: with a number, it would be somebody else.
pub fn is_address(column: &str, text: &str) -> bool {
    let is_email = text.split_once('@').is_some_and(|(who, host)| {
        let is_whole = !text.contains(char::is_whitespace) && !host.contains('@');
        is_whole
            && !who.is_empty()
            && host.split('.').count() > 1
            && host.split('.').all(|part| !part.is_empty())
    });
    is_email || LOGINS.contains(&snake(column).as_str())
}

/// Whether a text is a part of an address on the web.
fn is_slug(column: &str, text: &str) -> bool {
    let column = snake(column);
    let is_column = SLUGS.iter().any(|slug| column == *slug || column.ends_with(&format!("_{slug}")));
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    is_column && text.trim_matches('/').split('/').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gets_a_number_in_its_own_way() {
        for (column, own, name) in [
            ("title", "Heat", "Heat (1)"),
            ("title", "heat", "heat (1)"),
            ("slug", "heat", "heat-1"),
            ("page_slug", "a-b_c", "a-b_c-1"),
            ("path", "/films/heat", "/films/heat-1"),
            ("slug", "Not a slug", "Not a slug (1)"),
        ] {
            let given = numbered(column, own, 1);
            assert_eq!(given, name);
            assert!(is_given_for(&given, own), "{given}");
        }
        let id = "3a73e4de-171d-4e5e-9895-3f63c145d771";
        assert!(is_given_for(&numbered("id", id, 2), id));
        for other in ["Heat", "Heat (x)", "Heater", "Heat-x"] {
            assert!(!is_given_for(other, "Heat"), "{other}");
        }
    }

    #[test]
    fn what_somebody_signs_in_with_is_known() {
        for (column, text) in
            [("key", "ann@example.org"), ("username", "ann"), ("userName", "ann"), ("email", "x")]
        {
            assert!(is_address(column, text), "{column} {text}");
        }
        for text in ["ann", "@ann", "ann@home", "a @b.c", "a@b@c.d", "5@.x"] {
            assert!(!is_address("name", text), "{text}");
        }
    }
}
