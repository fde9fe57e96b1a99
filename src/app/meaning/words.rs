//! The words that names are made of.

use super::vocabulary::{NOT_AN_ID, is};
use std::collections::{HashMap, HashSet};

/// Words that look like a plural and are none.
const SINGULAR: &[&str] = &["canvas", "chassis", "corps", "news", "series", "species", "status"];

/// Plurals that no rule makes.
const IRREGULAR: &[(&str, &str)] = &[
    ("calories", "calorie"),
    ("children", "child"),
    ("cookies", "cookie"),
    ("data", "datum"),
    ("feet", "foot"),
    ("indices", "index"),
    ("matrices", "matrix"),
    ("media", "medium"),
    ("men", "man"),
    ("mice", "mouse"),
    ("movies", "movie"),
    ("people", "person"),
    ("pies", "pie"),
    ("selfies", "selfie"),
    ("ties", "tie"),
    ("vertices", "vertex"),
    ("women", "woman"),
    ("zombies", "zombie"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Upper,
    Lower,
    Digit,
    Other,
}

fn kind(letter: char) -> Kind {
    match letter {
        _ if letter.is_numeric() => Kind::Digit,
        _ if letter.is_uppercase() => Kind::Upper,
        _ if letter.is_alphabetic() => Kind::Lower,
        _ => Kind::Other,
    }
}

/// The words of a name in lower case, as underscores, capitals and digits divide it; the name itself where it has none.
pub(super) fn split(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut start = 0;
    while start < letters.len() {
        let first = kind(letters[start]);
        let run = |from: usize, wanted: Kind| {
            from + letters[from..].iter().take_while(|letter| kind(**letter) == wanted).count()
        };
        let mut end = run(start, first);
        if first == Kind::Upper {
            let lower = run(end, Kind::Lower);
            let is_plural = end - start > 1 && lower - end == 1 && letters[end] == 's';
            end = match () {
                () if lower == end => end,
                // `IDs`, or one capital and what follows it.
                () if is_plural || end - start == 1 => lower,
                // The last capital begins the next word.
                () => end - 1,
            };
        }
        if first != Kind::Other {
            words.push(letters[start..end].iter().flat_map(|letter| letter.to_lowercase()).collect());
        }
        start = end;
    }
    if words.is_empty() { vec![name.to_lowercase()] } else { words }
}

/// The singular of a word, as far as rules give it.
pub(super) fn singular(word: &str) -> String {
    if SINGULAR.contains(&word) {
        return word.to_owned();
    }
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    let longer_than = |length: usize| word.chars().count() > length;
    if let Some(start) = word.strip_suffix("ies").filter(|_| longer_than(3)) {
        return format!("{start}y");
    }
    let hisses = |start: &&str| ["ss", "x", "ch", "sh", "us"].iter().any(|end| start.ends_with(end));
    if let Some(start) = word.strip_suffix("es").filter(hisses).filter(|_| longer_than(4)) {
        return start.to_owned();
    }
    let is_plural = longer_than(3) && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    match word.strip_suffix('s').filter(|_| is_plural) {
        Some(start) => start.to_owned(),
        None => word.to_owned(),
    }
}

/// Words as one, the last in the singular.
pub(super) fn joined(words: &[String]) -> String {
    match words.split_last() {
        Some((last, rest)) => rest.concat() + &singular(last),
        None => String::new(),
    }
}

/// Whether two words are the same but for their number.
pub(super) fn same(a: &str, b: &str) -> bool {
    singular(a) == singular(b)
}

/// Whether a word is short for another: its beginning, its end, or some of its letters from the first on.
pub(super) fn is_short_for(short: &str, long: &str) -> bool {
    let mut letters = long.chars();
    let mut in_order = || short.chars().all(|letter| letters.any(|other| other == letter));
    long.starts_with(short)
        || long.ends_with(short)
        || short.chars().count() >= 3 && short.chars().next() == long.chars().next() && in_order()
}

/// What a column's name says without the ending that says id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stem {
    /// Its words.
    pub words: Vec<String>,
    /// Whether it says that it holds ids.
    pub is_id: bool,
}

/// Endings that the keys of a database share, beside those that everybody knows: `room_nid`, `event_nid`, `user_nid`.
#[derive(Debug, Default)]
pub(super) struct Endings(HashSet<String>);

impl Endings {
    /// The last words of these keys that at least three have, and that look like an ending.
    pub(super) fn of<'w>(keys: impl Iterator<Item = &'w [String]>) -> Self {
        let mut count: HashMap<&String, usize> = HashMap::new();
        for last in keys.filter(|words| words.len() > 1).filter_map(<[String]>::last) {
            *count.entry(last).or_default() += 1;
        }
        let looks_like_one =
            |word: &str| word != "id" && ["id", "no", "nr", "key"].iter().any(|end| word.ends_with(end));
        let learnt = count.into_iter().filter(|(word, count)| *count >= 3 && looks_like_one(word));
        Self(learnt.map(|(word, _)| word.clone()).collect())
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

/// Reads a column's name, whose words these are.
pub(super) fn stem(column: &str, all: &[String], endings: &Endings) -> Stem {
    let mut words = all.to_vec();
    while words.len() > 1 && words.last().is_some_and(|word| word.chars().all(char::is_numeric)) {
        words.pop();
    }
    let Some(mut stem) = without_ending(column, &words, endings) else { return Stem { words, is_id: false } };
    if stem == ["fk"] {
        stem.clear();
    }
    while stem.last().is_some_and(|word| is(word, &["row", "db", "local", "internal", "table"])) {
        stem.pop();
    }
    Stem { words: stem, is_id: true }
}

/// The words without the ending that says id; nothing where there is none.
fn without_ending(column: &str, words: &[String], endings: &Endings) -> Option<Vec<String>> {
    let (last, before) = words.split_last()?;
    let (first, after) = words.split_first()?;
    let several = words.len() > 1;
    let but_last = || Some(before.to_vec());
    match last.as_str() {
        "id" | "fk" | "ids" | "dbid" | "rowid" | "pk" | "ref" | "fkey" | "key" | "oid" if several => {
            but_last()
        }
        "fk" | "ids" | "pk" | "oid" | "rowid" | "dbid" => but_last(),
        last if several
            && (endings.has(last) || last.strip_suffix('s').is_some_and(|one| endings.has(one))) =>
        {
            but_last()
        }
        "idx" if several => but_last(),
        _ if first == "fk" && several => Some(if after == ["id"] { Vec::new() } else { after.to_vec() }),
        _ if (first == "id" || first == "idx") && several => Some(after.to_vec()),
        // `bookid` and `BOOKID`, but not `paid`.
        _ if !several && is_of_one_case(column) && !is(last, NOT_AN_ID) => {
            let start = last.strip_suffix("ids").or_else(|| last.strip_suffix("id"))?;
            let shortest = if *column == column.to_lowercase() { 1 } else { 2 };
            (start.chars().count() >= shortest).then(|| vec![start.to_owned()])
        }
        _ => None,
    }
}

fn is_of_one_case(name: &str) -> bool {
    *name == name.to_lowercase() || *name == name.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_underscores_capitals_and_digits() {
        for (name, words) in [
            ("custom_column_2", vec!["custom", "column", "2"]),
            ("idFile", vec!["id", "file"]),
            ("HTMLParser", vec!["html", "parser"]),
            ("Z_PK", vec!["z", "pk"]),
            ("userIDs", vec!["user", "ids"]),
            ("MyVideos107", vec!["my", "videos", "107"]),
            ("gr\u{f6}\u{df}e_id", vec!["gr\u{f6}\u{df}e", "id"]),
            ("nc.gpkg", vec!["nc", "gpkg"]),
            ("__", vec!["__"]),
        ] {
            assert_eq!(split(name), words, "{name}");
        }
    }

    #[test]
    fn singulars_are_made_by_rules() {
        for (many, one) in [
            ("books", "book"),
            ("categories", "category"),
            ("addresses", "address"),
            ("statuses", "status"),
            ("boxes", "box"),
            ("series", "series"),
            ("people", "person"),
            ("bus", "bus"),
            ("class", "class"),
            ("analysis", "analysis"),
        ] {
            assert_eq!(singular(many), one, "{many}");
        }
    }

    #[test]
    fn ids_are_known_by_their_endings() {
        for (column, words, is_id) in [
            ("club_id", vec!["club"], true),
            ("idFile", vec!["file"], true),
            ("tag_ids", vec!["tag"], true),
            ("fk", vec![], true),
            ("fk_id", vec![], true),
            ("fk_event", vec!["event"], true),
            ("bookid", vec!["book"], true),
            ("BOOKID", vec!["book"], true),
            ("paid", vec!["paid"], false),
            ("bookId", vec!["book"], true),
            ("custom_column_id2", vec!["custom", "column"], true),
            ("parent_row_id", vec!["parent"], true),
            ("id", vec!["id"], false),
            ("year", vec!["year"], false),
        ] {
            let found = stem(column, &split(column), &Endings::default());
            assert_eq!(
                (found.words.iter().map(String::as_str).collect::<Vec<_>>(), found.is_id),
                (words, is_id),
                "{column}"
            );
        }
    }

    #[test]
    fn endings_are_learnt_from_keys() {
        let keys = ["room_nid", "event_nid", "user_nid", "year_no", "month_no", "id"].map(split);
        let endings = Endings::of(keys.iter().map(Vec::as_slice));
        assert!(endings.has("nid") && !endings.has("no") && !endings.has("id"));
        assert_eq!(
            stem("event_nids", &split("event_nids"), &endings),
            Stem { words: vec!["event".into()], is_id: true }
        );
    }

    #[test]
    fn short_words_are_known_by_their_letters() {
        assert!(is_short_for("dash", "dashboard") && is_short_for("nmb", "number"));
        assert!(!is_short_for("xy", "galaxy2") && !is_short_for("car", "cart2x".trim_start_matches("car")));
    }
}
