//! What personal columns hold, by their names, and what is made up in its place.

use crate::app::names::snake;

/// What a personal column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    FirstName,
    LastName,
    Name,
    Email,
    Phone,
    Street,
    Town,
    Code,
    Text,
}

const FIRST: [&str; 40] = [
    "Ada", "Bela", "Cleo", "Dara", "Edda", "Fynn", "Gita", "Hugo", "Ines", "Jona", "Kim", "Lior", "Mira",
    "Nils", "Oona", "Pia", "Quin", "Rosa", "Sami", "Tara", "Umar", "Vera", "Wim", "Xenia", "Yara", "Zeno",
    "Alma", "Boris", "Carl", "Dora", "Emil", "Frida", "Greta", "Hana", "Ivo", "Juno", "Kaya", "Lena", "Milo",
    "Nora",
];
const LAST: [&str; 40] = [
    "Acker", "Birk", "Claus", "Dorn", "Eller", "Falk", "Gerber", "Holm", "Iversen", "Jansen", "Krane",
    "Lind", "Moser", "Nolde", "Oster", "Palm", "Quast", "Rohde", "Sander", "Thorn", "Ulmer", "Voss",
    "Winter", "Yates", "Zander", "Ahorn", "Buche", "Carlsen", "Dahl", "Esch", "Fichte", "Grau", "Hain",
    "Ilg", "Jung", "Kern", "Lauer", "Mohn", "Nagel", "Ott",
];
const WORDS: [&str; 24] = [
    "the", "river", "runs", "past", "a", "mill", "and", "two", "fields", "where", "it", "turns", "north",
    "again", "below", "hills", "of", "pine", "in", "rain", "some", "boats", "lie", "still",
];
const TOWNS: [&str; 20] = [
    "Ashford",
    "Birkdale",
    "Coldwater",
    "Dunmore",
    "Eastham",
    "Fairview",
    "Glenbrook",
    "Highfield",
    "Ivywood",
    "Juniper",
    "Kingsley",
    "Lakeside",
    "Millbrook",
    "Northam",
    "Oakdale",
    "Pinehurst",
    "Queensbury",
    "Riverton",
    "Stonebridge",
    "Thornton",
];

/// Names of columns, or their ends, that are personal whatever the configuration says, with what they hold.
const UNMISTAKABLE: [(&str, Kind); 16] = [
    ("email", Kind::Email),
    ("email_address", Kind::Email),
    ("e_mail", Kind::Email),
    ("phone", Kind::Phone),
    ("phone_number", Kind::Phone),
    ("mobile", Kind::Phone),
    ("first_name", Kind::FirstName),
    ("given_name", Kind::FirstName),
    ("last_name", Kind::LastName),
    ("surname", Kind::LastName),
    ("family_name", Kind::LastName),
    ("full_name", Kind::Name),
    ("street", Kind::Street),
    ("address", Kind::Street),
    ("postal_code", Kind::Code),
    ("zip_code", Kind::Code),
];

impl Kind {
    /// All that there are.
    pub(super) const ALL: [Self; 9] = [
        Self::FirstName,
        Self::LastName,
        Self::Name,
        Self::Email,
        Self::Phone,
        Self::Street,
        Self::Town,
        Self::Code,
        Self::Text,
    ];

    /// What a column that is said to be personal holds, by its name.
    pub(super) fn of(column: &str) -> Self {
        let name = snake(column);
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        match () {
            () if has(&["mail"]) => Self::Email,
            () if has(&["phone", "mobile", "fax", "tel"]) => Self::Phone,
            () if has(&["first", "given"]) => Self::FirstName,
            () if has(&["last_name", "surname", "family"]) => Self::LastName,
            () if has(&["address", "street"]) => Self::Street,
            () if has(&["city", "town", "place", "province", "region", "county"]) => Self::Town,
            () if has(&["zip", "postal", "postcode", "nik", "nisn", "number"]) => Self::Code,
            () if has(&["name", "guardian", "contact", "person", "author"]) => Self::Name,
            () => Self::Text,
        }
    }

    /// The made-up value of a number, in the place of a text.
    pub(super) fn made_up(self, number: usize, text: &str) -> String {
        let round =
            |among: usize| if number < among { String::new() } else { format!(" {}", number / among + 1) };
        match self {
            Self::FirstName => format!("{}{}", FIRST[number % FIRST.len()], round(FIRST.len())),
            Self::LastName => format!("{}{}", LAST[number % LAST.len()], round(LAST.len())),
            Self::Name => {
                let last = LAST[number / FIRST.len() % LAST.len()];
                format!("{} {last}{}", FIRST[number % FIRST.len()], round(FIRST.len() * LAST.len()))
            }
            Self::Email => format!("person{}@example.com", number + 1),
            Self::Phone => format!("555-{:07}", number + 1),
            Self::Street => format!("{} Example Street", number + 1),
            Self::Town => format!("{}{}", TOWNS[number % TOWNS.len()], round(TOWNS.len())),
            Self::Code => format!("{:05}", number + 1),
            Self::Text => {
                let words = text.split_whitespace().count().clamp(1, 60);
                let word = |at: usize| WORDS[(number * 7 + at * 5) % WORDS.len()];
                let sentence: Vec<&str> = (0..words).map(word).collect();
                format!("{} {}", sentence.join(" "), number + 1)
            }
        }
    }
}

/// What a column holds that is personal whatever the configuration says.
pub(super) fn known(column: &str) -> Option<Kind> {
    let name = snake(column);
    let is_it = |known: &str| name == known || name.ends_with(&format!("_{known}"));
    UNMISTAKABLE.iter().find(|(known, _)| is_it(known)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn different_numbers_make_different_values() {
        for kind in Kind::ALL {
            let made: HashSet<String> =
                (0..5000).map(|number| kind.made_up(number, "one two three")).collect();
            assert_eq!(made.len(), 5000, "{kind:?}");
        }
    }

    #[test]
    fn what_a_personal_column_holds_is_known_by_its_name() {
        for (column, kind) in [
            ("contactEmail", Kind::Email),
            ("parent_phone", Kind::Phone),
            ("parent_guardian", Kind::Name),
            ("birth_place", Kind::Town),
            ("notes", Kind::Text),
        ] {
            assert_eq!(Kind::of(column), kind, "{column}");
        }
    }
}
