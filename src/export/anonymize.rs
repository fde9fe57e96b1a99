//! Made-up names, addresses and texts in the place of personal ones: the same for the same value within a document, and
//! different for different ones, so that keys and references still hold.
//!
//! Which made-up value stands for which is decided by the order of the values' digests: the same data gives the same
//! document, and neither the order of items nor the made-up values say anything of the real ones.

use crate::app::Model;
use crate::app::model::Shape;
use crate::config::SectionConfig;
use crate::database::quote::identifier;
use crate::database::value::Value;
use crate::error::Fault;
use crate::stream::digest_of;
use anyhow::{Context, Result};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use std::collections::{BTreeMap, HashMap};

/// What a personal column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
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
    /// What a column that is said to be personal holds, by its name.
    fn of(column: &str) -> Self {
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
    fn made_up(self, number: usize, text: &str) -> String {
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

/// A name in lower case with underscores.
fn snake(name: &str) -> String {
    crate::app::names::snake(name)
}

/// Replaces the values of personal columns.
pub(super) struct Anonymizer<'c> {
    connection: &'c Connection,
    /// What each personal column holds, by table and column.
    columns: HashMap<(String, String), Kind>,
}

impl<'c> Anonymizer<'c> {
    /// Decides what stands for every value of every personal column. Where no column is personal, that is an error.
    pub(super) fn create(connection: &'c Connection, model: &Model) -> Result<Self> {
        let mut columns = HashMap::new();
        for section in model.sections.values() {
            collect(&section.shape, Some(&section.config), &mut columns);
        }
        if columns.is_empty() {
            return Err(Fault::usage("--anonymize: no column is known to be personal")
                .hint("sections.NAME.personal = [\"COLUMN\", …] in larder.toml says which are")
                .into());
        }
        // What refers by a key that is replaced has to follow.
        for section in model.sections.values() {
            follow(&section.shape, model, &mut columns);
        }
        let anonymizer = Self { connection, columns };
        anonymizer.number()?;
        Ok(anonymizer)
    }

    /// The columns that are replaced.
    pub(super) fn replaced(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.columns.keys().map(|(table, column)| format!("{table}.{column}")).collect();
        names.sort();
        names
    }

    /// Gives every different value of a kind a number, in the order of the digests.
    fn number(&self) -> Result<()> {
        self.connection
            .execute_batch(
                "CREATE TABLE temp.personal(kind, value, digest, PRIMARY KEY(kind, value)) WITHOUT ROWID;
                 CREATE TABLE temp.\"made up\"(kind, value, number, PRIMARY KEY(kind, value)) WITHOUT ROWID",
            )
            .context("cannot prepare to anonymize")?;
        let insert = "INSERT OR IGNORE INTO temp.personal VALUES (?1, ?2, ?3)";
        let ordered: BTreeMap<_, _> = self.columns.iter().collect();
        for ((table, column), kind) in ordered {
            let (name, from) = (identifier(column), identifier(table));
            let sql = format!("SELECT DISTINCT CAST({name} AS TEXT) FROM {from} WHERE typeof({name}) NOT IN ('null', 'blob')
                 AND {name} <> ''");
            let mut values = self.connection.prepare(&sql)?;
            let mut values = values.query([])?;
            while let Some(row) = values.next()? {
                let text = String::from_utf8_lossy(row.get_ref(0)?.as_bytes()?).into_owned();
                let digest = digest_of(text.as_bytes()).first_bytes();
                self.connection.prepare_cached(insert)?.execute(params![*kind as i64, text, digest])?;
            }
        }
        self.connection
            .execute_batch(
                "INSERT INTO temp.\"made up\" SELECT kind, value,
                 row_number() OVER (PARTITION BY kind ORDER BY digest, value) - 1 FROM temp.personal",
            )
            .context("cannot anonymize")
    }

    /// Whether a column is replaced.
    pub(super) fn replaces(&self, table: &str, column: &str) -> bool {
        self.columns.contains_key(&(table.to_owned(), column.to_owned()))
    }

    /// What stands for a value of a column. What is empty stays.
    pub(super) fn replace(&self, table: &str, column: &str, value: &Value) -> Result<Value> {
        let kind = self.columns.get(&(table.to_owned(), column.to_owned()));
        let Some(kind) = kind else { return Ok(value.clone()) };
        let text = match value {
            Value::Text(text) if !text.is_empty() => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Text(_) | Value::Null => return Ok(value.clone()),
            // What is no text that anybody reads is not passed on.
            Value::Real(_) | Value::RawText(_) | Value::Blob(_) => return Ok(Value::Null),
        };
        let sql = "SELECT number FROM temp.\"made up\" WHERE kind = ?1 AND value = ?2";
        let mut statement: CachedStatement<'_> = self.connection.prepare_cached(sql)?;
        let number: Option<i64> =
            statement.query_row(params![*kind as i64, text], |row| row.get(0)).optional()?;
        let number = number.unwrap_or_default();
        Ok(match value {
            Value::Integer(_) => Value::Integer(number + 1),
            _ => Value::Text(kind.made_up(usize::try_from(number)?, &text)),
        })
    }
}

/// Collects the personal columns of a shape and its children.
fn collect(shape: &Shape, config: Option<&SectionConfig>, columns: &mut HashMap<(String, String), Kind>) {
    let personal = config.map(|config| config.personal.as_slice()).unwrap_or_default();
    for name in shape.table_columns() {
        let key = || (shape.table.clone(), name.to_owned());
        let snake = snake(name);
        let is_it = |known: &str| snake == known || snake.ends_with(&format!("_{known}"));
        let known = UNMISTAKABLE.iter().find(|(known, _)| is_it(known)).map(|(_, kind)| *kind);
        let said = personal.iter().any(|column| column.eq_ignore_ascii_case(name)).then(|| Kind::of(name));
        if let Some(kind) = known.or(said) {
            columns.insert(key(), kind);
        }
    }
    for (name, nested) in &shape.nested {
        let child = config.and_then(|config| config.nest.get(name));
        collect(&nested.shape, child, columns);
    }
}

/// Adds the columns that refer to personal ones.
fn follow(shape: &Shape, model: &Model, columns: &mut HashMap<(String, String), Kind>) {
    for reference in shape.references.values().filter(|reference| reference.plain) {
        let Some(target) = model.sections.get(&reference.section) else { continue };
        for (column, to) in reference.columns.iter().zip(&reference.to) {
            if let Some(kind) = columns.get(&(target.shape.table.clone(), to.clone())).copied() {
                columns.insert((shape.table.clone(), column.clone()), kind);
            }
        }
    }
    shape.nested.values().for_each(|nested| follow(&nested.shape, model, columns));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn different_numbers_make_different_values() {
        let kinds = [
            Kind::FirstName,
            Kind::LastName,
            Kind::Name,
            Kind::Email,
            Kind::Phone,
            Kind::Street,
            Kind::Town,
            Kind::Code,
            Kind::Text,
        ];
        for kind in kinds {
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
