//! What the columns of a table hold, found out in one pass over its rows.
//!
//! Nothing is left out, and memory is bounded: of integers the ranges are kept, and of JSON the integers by their paths.

use super::json::{Collected, Inside};
use super::numbers::Numbers;
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::collections::HashMap;

/// How many forms of a column's texts are told apart.
const MOST_FORMS: usize = 1024;

/// What a column holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    /// How many rows have a value.
    pub filled: u64,
    /// The integers, as such or as texts, apart from lists and JSON.
    pub numbers: Numbers,
    /// How many rows have an integer, as such or as a text.
    pub integers: u64,
    /// Whether some of the integers are texts.
    pub as_text: bool,
    /// Whether there are texts of another kind.
    pub texts: bool,
    /// Whether there are values of another kind.
    pub others: bool,
    /// The numbers in lists.
    pub listed: Numbers,
    /// What the lists look like.
    pub lists: Lists,
    /// The integers in JSON, by their places.
    pub json: Vec<Inside>,
    /// Whether some of it is in blobs.
    pub has_blobs: bool,
    collected: Collected,
    /// How many of the values are empty texts.
    empty: u64,
    /// How many rows have a list of numbers.
    list_rows: u64,
    /// The texts with `#` for their numbers, and how many rows have them, with the numbers at each place.
    templates: HashMap<String, (u64, Vec<Numbers>)>,
    /// Whether there are so many forms, each of several rows, that no more are told apart.
    has_all_forms: bool,
    /// How many rows have a text that is no number.
    text_rows: u64,
}

/// What lists of numbers in texts look like.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lists {
    /// Whether there are some.
    pub some: bool,
    /// Whether one begins with a slash.
    pub rooted: bool,
    /// Whether one has slashes or colons.
    pub divided: bool,
}

impl Values {
    /// Whether there are integers and nothing else.
    pub(super) fn are_integers(&self) -> bool {
        !self.numbers.is_empty() && !self.has_else() && !self.lists.some
    }

    /// Whether there are lists of numbers and nothing else, but for single numbers.
    pub(super) fn are_lists(&self) -> bool {
        self.lists.some && !self.has_else()
    }

    /// Whether most values are integers, and so few are something else that they may say none.
    pub(super) fn are_mostly_integers(&self) -> bool {
        !self.lists.some && self.integers.saturating_mul(2) > self.filled - self.empty
    }

    /// Whether there are lists of numbers, and so few values are something else that they may say none.
    pub(super) fn are_mostly_lists(&self) -> bool {
        self.lists.some && (self.integers + self.list_rows).saturating_mul(2) > self.filled - self.empty
    }

    /// What stands before a number in the texts of most rows, and the numbers.
    pub(super) fn forms(&self) -> impl Iterator<Item = (&str, &Numbers)> {
        let common = self.templates.iter().filter(|(_, (rows, _))| rows * 2 >= self.text_rows);
        common.flat_map(|(form, (_, numbers))| form.split('#').zip(numbers))
    }

    /// Whether some of the numbers at a path in JSON are in a text there.
    pub(super) fn is_in_text(&self, path: &str) -> bool {
        self.json.iter().any(|inside| inside.path == path && inside.in_text)
    }

    fn has_else(&self) -> bool {
        self.texts || self.others || self.collected.some
    }

    fn add(&mut self, value: ValueRef<'_>) {
        self.filled += u64::from(value != ValueRef::Null);
        match value {
            ValueRef::Null => {}
            ValueRef::Integer(number) => self.add_number(number),
            ValueRef::Real(real) => match whole(real) {
                Some(number) => self.add_number(number),
                None => self.others = true,
            },
            ValueRef::Text(bytes) => self.add_text(bytes),
            ValueRef::Blob(bytes) if may_be_json(bytes) && self.collected.add(bytes).is_ok() => {
                self.has_blobs = true;
            }
            ValueRef::Blob(_) => self.others = true,
        }
    }

    fn add_number(&mut self, number: i64) {
        self.integers += 1;
        self.numbers.insert(number);
    }

    fn add_text(&mut self, bytes: &[u8]) {
        let Ok(text) = std::str::from_utf8(bytes) else { return self.texts = true };
        if text.is_empty() {
            self.empty += 1;
            return;
        }
        if let Some(number) = written(text) {
            self.as_text = true;
            self.add_number(number);
            self.listed.insert(number);
        } else if let Some(numbers) = list(text) {
            self.list_rows += 1;
            self.lists.some = true;
            self.lists.rooted |= text.starts_with('/');
            self.lists.divided |= text.contains(['/', ':']);
            numbers.for_each(|number| self.listed.insert(number));
        } else if !(may_be_json(bytes) && self.collected.add(bytes).is_ok()) {
            self.texts = true;
            self.add_form(text);
        }
    }

    fn add_form(&mut self, text: &str) {
        self.text_rows += 1;
        let Some((form, numbers)) = form(text) else { return };
        if self.templates.len() >= MOST_FORMS && !self.templates.contains_key(&form) {
            // What most rows have was seen more often than once by now, or will be soon.
            if !self.has_all_forms {
                self.templates.retain(|_, (rows, _)| *rows > 1);
                self.has_all_forms = self.templates.len() >= MOST_FORMS;
            }
            if self.has_all_forms {
                return;
            }
        }
        let (rows, places) =
            self.templates.entry(form).or_insert_with(|| (0, vec![Numbers::default(); numbers.len()]));
        *rows += 1;
        places.iter_mut().zip(numbers).for_each(|(place, number)| place.insert(number));
    }

    fn finish(&mut self) {
        self.numbers.finish();
        self.listed.finish();
        let some = self.collected.some;
        self.json = std::mem::take(&mut self.collected).places();
        self.collected.some = some;
        let (least, all) = (self.text_rows.div_ceil(4), self.text_rows);
        self.templates.retain(|_, (rows, _)| *rows >= least && all > 0);
        self.templates.values_mut().flat_map(|(_, places)| places).for_each(Numbers::finish);
    }
}

/// Whether something begins like an object or a list.
pub(super) fn may_be_json(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// A text with `#` for its numbers, and the numbers; nothing where it has none, too many, or one that is no id.
fn form(text: &str) -> Option<(String, Vec<i64>)> {
    /// Longer texts are prose.
    const LONGEST: usize = 300;
    /// Texts of more numbers are tables.
    const MOST: usize = 6;
    /// Longer numbers are times, or codes.
    const MOST_DIGITS: usize = 9;
    let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    if text.len() > LONGEST || !has_letter || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (mut form, mut numbers) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let digits = rest[start..].bytes().take_while(u8::is_ascii_digit).count();
        let number = &rest[start..start + digits];
        if numbers.len() == MOST || digits > MOST_DIGITS || digits > 1 && number.starts_with('0') {
            return None;
        }
        numbers.push(number.parse().ok()?);
        form.push_str(&rest[..start]);
        form.push('#');
        rest = &rest[start + digits..];
    }
    form.push_str(rest);
    Some((form, numbers))
}

/// A real that is an integer.
fn whole(real: f64) -> Option<i64> {
    /// From here on not every integer is a real.
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is within the integers")]
    (real.fract() == 0.0 && real.abs() < LARGEST).then_some(real as i64)
}

/// A number as a text that has nothing before it: `007` is none.
pub(super) fn written(text: &str) -> Option<i64> {
    let is_plain = text == "0" || text == "-1" || !text.starts_with(['0', '-', '+']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = is_plain && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// The numbers of a text that holds nothing but numbers and what stands between them.
pub(super) fn list(text: &str) -> Option<impl Iterator<Item = i64>> {
    let is_between = |letter: char| letter.is_whitespace() || ",;|/:".contains(letter);
    let parts = || text.split(is_between).filter(|part| !part.is_empty());
    let are_numbers =
        || parts().all(|part| part.len() <= 19 && part.bytes().all(|byte| byte.is_ascii_digit()));
    // Digits alone are one number, and here one with zeros before it or one that is too large.
    let is_divided = || text.contains(is_between);
    let is_list = are_numbers() && is_divided() && parts().next().is_some();
    is_list.then(|| parts().filter_map(|part| part.parse().ok()))
}

/// What was found out about the rows of a table.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// How many there are.
    pub count: u64,
    /// What each of the columns holds.
    pub values: Vec<Values>,
}

/// Looks at all rows of a table: at these columns of it. Nothing is read for a column that is none.
pub(super) fn read(connection: &Connection, table: &str, columns: &[Option<&str>]) -> Result<Rows> {
    let mut rows = Rows { count: 0, values: vec![Values::default(); columns.len()] };
    let look = |rows: &mut Rows| -> rusqlite::Result<()> {
        let name = |column: Option<&str>| column.map_or_else(|| "NULL".to_owned(), identifier);
        let list: Vec<String> = columns.iter().copied().map(name).collect();
        let list = if list.is_empty() { "NULL".to_owned() } else { list.join(", ") };
        let mut statement = connection.prepare(&format!("SELECT {list} FROM {}", user_table(table)))?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            rows.count += 1;
            for (at, values) in rows.values.iter_mut().enumerate() {
                values.add(row.get_ref(at)?);
            }
        }
        Ok(())
    };
    look(&mut rows).with_context(|| format!("cannot look at the rows of {table}"))?;
    rows.values.iter_mut().for_each(Values::finish);
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(rows: &str) -> Values {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch(&format!("create table t(a); insert into t values {rows}")).expect("fill");
        read(&db, "t", &[Some("a")]).expect("read").values.remove(0)
    }

    #[test]
    fn integers_are_those_that_are_written_like_one() {
        let found = values("(1), ('2'), (3.0), (null), (''), ('17')");
        assert_eq!((found.filled, found.numbers.iter().collect::<Vec<_>>()), (5, vec![1, 2, 3, 17]));
        assert!(found.are_integers() && found.as_text);
        for other in ["('007')", "(1.5)", "('a')", "(x'00')", "('1,2')", "('{}')", "('-7')"] {
            assert!(!values(&format!("(1), {other}")).are_integers(), "{other}");
        }
    }

    #[test]
    fn lists_are_numbers_with_something_between() {
        let found = values("('1,2'), ('/3/4/'), ('5')");
        assert!(found.are_lists() && found.lists.rooted && found.lists.divided);
        assert_eq!(found.listed.iter().collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert!(!values("('1,2'), ('a')").are_lists());
        assert!(!values("('1,2'), (',')").are_lists());
        assert!(!values("('01581'), ('02139')").are_lists());
    }

    #[test]
    fn json_is_known_by_its_values_in_texts_and_blobs() {
        let found = values("('{\"a\": [1, 2]}'), (CAST('{\"a\": [3]}' AS BLOB))");
        assert_eq!(found.json[0].path, "a[*]");
        assert_eq!(found.json[0].numbers.iter().collect::<Vec<_>>(), [1, 2, 3]);
        assert!(!found.are_integers());
        assert!(values("(' {\"a\": 1}')").json.len() == 1);
    }

    #[test]
    fn nothing_is_too_long_to_be_looked_at() {
        let found = values("('1,2'), ('3' || printf('%.*c', 3000000, ' ') || ',4')");
        assert!(found.are_lists());
        assert_eq!(found.listed.iter().collect::<Vec<_>>(), [1, 2, 3, 4]);
        let found = values(
            "('{\"a\": \"' || printf('%.*c', 40000000, 'x') || '\"}'), ('{\"b\": \"' || printf('%.*c', 40000000, 'x') || '\", \"c\": 5}')",
        );
        assert_eq!(found.json[0].path, "c");
    }

    #[test]
    fn a_few_other_values_hide_nothing() {
        let found = values("('1,2'), ('none'), ('3')");
        assert!(!found.are_lists() && found.are_mostly_lists());
        assert_eq!(found.listed.iter().collect::<Vec<_>>(), [1, 2, 3]);
        assert!(values("(1), ('none'), (3)").are_mostly_integers());
        assert!(!values("(1), ('none'), ('some')").are_mostly_integers());
    }
}
