//! Ids that machines make: how they are recognised, and another of the same form.

use crate::stream::digest_of;

/// How an id that a machine made is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A UUID, or 32 hexadecimal digits.
    Hexadecimal,
    /// A ULID.
    Ulid,
}

/// Whether a text is an id that a machine made.
pub fn is_machine_made(text: &str) -> bool {
    form_of(text.as_bytes()).is_some()
}

fn form_of(id: &[u8]) -> Option<Form> {
    let is_hex = |digit: u8| digit.is_ascii_hexdigit();
    let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let is_of_uuid = |(at, byte): (usize, &u8)| if is_dash(at) { *byte == b'-' } else { is_hex(*byte) };
    let is_ulid = || {
        id.iter().all(|byte| BASE32.contains(&byte.to_ascii_uppercase()))
            && id[0] <= b'7'
            && id.iter().any(u8::is_ascii_digit)
    };
    match id.len() {
        36 if id.iter().enumerate().all(is_of_uuid) => Some(Form::Hexadecimal),
        32 if id.iter().copied().all(is_hex) => Some(Form::Hexadecimal),
        26 if is_ulid() => Some(Form::Ulid),
        _ => None,
    }
}

const BASE32: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Another id of the same form where a text is one that a machine made. It is made of the old one and the new name, so that
/// the same import makes the same.
pub fn fresh_id(id: &str, name: &str) -> Option<String> {
    let form = form_of(id.as_bytes())?;
    let digest: [u8; 16] = digest_of(format!("{id}\0{name}").as_bytes()).first_bytes();
    if form == Form::Ulid {
        let random = digest.iter().map(|byte| char::from(BASE32[usize::from(byte & 31)]));
        // The first ten say when it was made.
        return Some(id[..10].chars().chain(random).collect());
    }
    let is_upper = id.bytes().any(|byte| byte.is_ascii_uppercase());
    let mut digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut place = 0;
    let fresh = id.chars().map(|letter| {
        if letter == '-' {
            return letter;
        }
        let digit = char::from_digit(u32::from(digits.next().unwrap_or(0)), 16).unwrap_or('0');
        place += 1;
        // What says its version and variant stays.
        let digit = if place == 13 || place == 17 { letter } else { digit };
        if is_upper { digit.to_ascii_uppercase() } else { digit }
    });
    Some(fresh.collect())
}

#[cfg(test)]
mod tests {
    use super::fresh_id;

    #[test]
    fn ids_that_machines_make_get_others_of_their_form() {
        let uuid = "3a73e4de-171d-4e5e-9895-3f63c145d771";
        let fresh = fresh_id(uuid, "Favorites (1)").expect("it is one");
        assert_eq!(fresh.len(), 36);
        assert_ne!(fresh, uuid);
        assert_eq!((&fresh[14..15], &fresh[19..20]), ("4", "9"), "{fresh}");
        assert_eq!(Some(&fresh), fresh_id(uuid, "Favorites (1)").as_ref());
        assert_ne!(Some(&fresh), fresh_id(uuid, "Favorites (2)").as_ref());
        let ulid = "01J9ZQ8N5Y7W3K2M1P0R4T6V8X";
        let fresh = fresh_id(ulid, "a").expect("it is one");
        assert!(fresh.starts_with("01J9ZQ8N5Y") && fresh.len() == 26 && fresh != ulid, "{fresh}");
        for name in ["Favorites", "", "tt0000001", "INTERNATIONALIZATIONSCHEME", "3a73e4de"] {
            assert_eq!(fresh_id(name, "a"), None, "{name}");
        }
    }
}
