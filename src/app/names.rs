//! What names say: which table a column's name means, and what a reference is called in an item.

/// The endings by which a column says that it holds the id of something.
const ID_ENDINGS: [&str; 6] = ["_id", "_ID", "Id", "ID", "_pk", "_ref"];

/// Nouns whose plural is not made by a rule, and that tables are named by.
const IRREGULAR: [(&str, &str); 10] = [
    ("person", "people"),
    ("child", "children"),
    ("man", "men"),
    ("woman", "women"),
    ("foot", "feet"),
    ("mouse", "mice"),
    ("index", "indices"),
    ("vertex", "vertices"),
    ("matrix", "matrices"),
    ("datum", "data"),
];

/// A column's name without the ending that says id; nothing where it has none.
pub fn stem(column: &str) -> Option<&str> {
    let stem = ID_ENDINGS.iter().find_map(|ending| column.strip_suffix(ending))?;
    // `paid` and `valid` end like this too, but not in a capital or after an underscore.
    (!stem.is_empty()).then_some(stem)
}

/// A name in lower case with an underscore between its words.
pub fn snake(name: &str) -> String {
    let mut words = String::new();
    let mut before: Option<char> = None;
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let follows_lower = before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit());
        let ends_capitals = before.is_some_and(char::is_uppercase)
            && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (follows_lower || ends_capitals) {
            words.push('_');
        }
        if letter.is_alphanumeric() {
            words.extend(letter.to_lowercase());
        } else if !words.ends_with('_') {
            words.push('_');
        }
        before = Some(*letter);
    }
    words.trim_matches('_').to_owned()
}

/// The singular of a noun, as far as rules give it.
pub fn singular(noun: &str) -> String {
    if let Some((one, _)) = IRREGULAR.iter().find(|(_, many)| *many == noun) {
        return (*one).to_owned();
    }
    for (many, one) in
        [("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("zes", "z")]
    {
        if let Some(start) = noun.strip_suffix(many).filter(|start| start.len() > 1) {
            return format!("{start}{one}");
        }
    }
    match noun.strip_suffix('s') {
        Some(start) if !start.ends_with(['s', 'u', 'i']) && !start.is_empty() => start.to_owned(),
        _ => noun.to_owned(),
    }
}

/// The words of a name, the last in the singular.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> =
        snake(name).split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words
}

/// How well a column's name fits a table's: the number of words that they end with in common, where all the words of one
/// of them are among these; nothing where it does not fit.
pub fn fit(stem: &str, table: &str) -> Option<usize> {
    let (stem, table) = (words(stem), words(table));
    let common = stem.iter().rev().zip(table.iter().rev()).take_while(|(a, b)| a == b).count();
    (common > 0 && (common == stem.len() || common == table.len())).then_some(common)
}

/// What a reference is called in an item: the column without what says id, and the target's key, in the column's style.
/// Words with which the one ends and the other begins are said once: `event_type`, not `event_type_event_type`.
pub fn reference_field(column: &str, key: &str) -> String {
    let start = reference_stem(column);
    let rest = without_common_words(start, key);
    if rest.is_empty() {
        return start.to_owned();
    }
    let is_camel = !column.contains('_')
        && (column.chars().any(char::is_uppercase) && column.chars().any(char::is_lowercase));
    if !is_camel {
        return format!("{start}_{rest}");
    }
    let mut letters = rest.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{start}{first}{}", letters.as_str())
}

/// A key's name without the words at its beginning with which `start` ends.
fn without_common_words<'k>(start: &str, key: &'k str) -> &'k str {
    let (snaked, words) = (snake(start), snake(key));
    let before: Vec<&str> = snaked.split('_').collect();
    let words: Vec<&str> = words.split('_').filter(|word| !word.is_empty()).collect();
    let is_common = |count: &usize| before.ends_with(&words[..*count]);
    let common = (1..=words.len()).rev().find(is_common).unwrap_or(0);
    let mut rest = key;
    for word in &words[..common] {
        // What stands between words is no letter, and so are the marks around a name.
        rest = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        let letters = word.chars().count();
        rest = rest.char_indices().nth(letters).map_or("", |(at, _)| &rest[at..]);
    }
    if common == 0 { rest } else { rest.trim_start_matches(|letter: char| !letter.is_alphanumeric()) }
}

/// What a reference of several parts is called: the column without what says id.
pub fn reference_stem(column: &str) -> &str {
    stem(column).unwrap_or(column).trim_end_matches('_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_means_the_table_whose_name_it_ends_with() {
        for (stem, table, words) in [
            ("club", "clubs", Some(1)),
            ("athlete", "athletes", Some(1)),
            ("person", "people", Some(1)),
            ("category", "Categories", Some(1)),
            ("custom_list", "custom_lists", Some(2)),
            ("home_team", "teams", Some(1)),
            ("club", "judo_club", Some(1)),
            ("metadata", "states_meta", None),
            ("run", "recorder_runs", Some(1)),
            ("list", "watch_history", None),
            ("status", "statuses", None),
            ("Album", "Album", Some(1)),
            ("address", "addresses", Some(1)),
        ] {
            assert_eq!(fit(stem, table), words, "{stem} and {table}");
        }
    }

    #[test]
    fn ids_are_known_by_their_endings() {
        for (column, expected) in [
            ("club_id", Some("club")),
            ("clubId", Some("club")),
            ("ArtistID", Some("Artist")),
            ("paid", None),
            ("id", None),
            ("Id", None),
            ("name", None),
        ] {
            assert_eq!(stem(column), expected, "{column}");
        }
    }

    #[test]
    fn a_reference_is_called_by_its_target_s_key_in_its_own_style() {
        for (column, key, field) in [
            ("person_id", "name", "person_name"),
            ("custom_list_id", "id", "custom_list_id"),
            ("clubId", "name", "clubName"),
            ("ArtistId", "Name", "ArtistName"),
            ("athlete", "name", "athlete_name"),
            ("profile_ID", "name", "profile_name"),
            // No word is said twice.
            ("book", "book", "book"),
            ("event_type_id", "event_type", "event_type"),
            ("event_type_id", "type", "event_type"),
            ("event_type_id", "event_type_name", "event_type_name"),
            ("genreId", "genreName", "genreName"),
            ("ArtistId", "Artist", "Artist"),
            ("person_first", "first_name", "person_first_name"),
            ("owner_uuid", "uuid", "owner_uuid"),
            ("event_id", "vent", "event_vent"),
        ] {
            assert_eq!(reference_field(column, key), field);
        }
    }
}
