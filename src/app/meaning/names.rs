//! Which table a name means.

use super::facts::Facts;
use super::vocabulary::{TABLE_PREFIX, TABLE_SUFFIX, USERS, is};
use super::words::{joined, singular};
use std::collections::HashMap;

/// How much of a table's name a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Its last words.
    LastWords,
    /// All but what says nothing: `tbl_`, or the first words of many tables.
    Shortened,
    /// All.
    Whole,
}

/// What a name means.
#[derive(Debug, Clone)]
pub(super) struct Meant {
    pub level: Level,
    /// Whether other words come first: `home_team`.
    pub in_role: bool,
    pub tables: Vec<usize>,
    /// Whether it is only the end of a table's last word: `photo`, of `userphotos`.
    pub is_ending: bool,
}

impl Meant {
    /// Whether it is the name of a table, and not only its last words.
    pub(super) fn is_exact(&self) -> bool {
        self.level >= Level::Shortened
    }
}

/// The names of all tables.
pub(super) struct Names {
    forms: HashMap<String, Vec<(usize, Level)>>,
    endings: HashMap<String, Vec<usize>>,
    /// For every table, those whose whole name begins its own, the longest first.
    extended: Vec<Vec<usize>>,
    people: Vec<usize>,
    shared: SharedBeginnings,
}

/// A word of so many letters may be the end of another, which has so many more before it.
const SHORTEST_ENDING: usize = 4;
const BEFORE_ENDING: usize = 3;

impl Names {
    pub(super) fn new(facts: &Facts<'_>) -> Self {
        let words: Vec<&[String]> = facts.tables.iter().map(|table| table.words.as_slice()).collect();
        let shared = SharedBeginnings::of(&words);
        let mut names = Self {
            forms: HashMap::new(),
            endings: HashMap::new(),
            extended: Vec::new(),
            people: Vec::new(),
            shared: SharedBeginnings::default(),
        };
        for (table, own) in words.iter().enumerate() {
            for (form, level) in forms(own, &shared) {
                names.forms.entry(form).or_default().push((table, level));
            }
            for ending in endings(own) {
                names.endings.entry(ending).or_default().push(table);
            }
        }
        names.extended = extended(facts, &words);
        names.people = names.find_people();
        names.shared = shared;
        names
    }

    /// The tables that a name means, of which it is at least so much: the longest of its last words that mean any.
    pub(super) fn meaning(&self, name: &[String], least: Level) -> Option<Meant> {
        (0..name.len()).find_map(|from| self.of_words(&name[from..], from > 0, least))
    }

    fn of_words(&self, words: &[String], in_role: bool, least: Level) -> Option<Meant> {
        let mut found: Vec<(usize, Level)> = Vec::new();
        for form in [words.concat(), joined(words)] {
            found.extend(self.forms.get(&form).into_iter().flatten().filter(|(_, level)| *level >= least));
        }
        let level = found.iter().map(|(_, level)| *level).max();
        let mut tables: Vec<usize> =
            found.iter().filter(|(_, own)| Some(*own) == level).map(|(table, _)| *table).collect();
        let is_ending = tables.is_empty();
        if level.is_none_or(|level| level == Level::LastWords)
            && least == Level::LastWords
            && let [word] = words
        {
            tables.extend(self.endings.get(&singular(word)).into_iter().flatten());
        }
        tables.sort_unstable();
        tables.dedup();
        let level = level.unwrap_or(Level::LastWords);
        (!tables.is_empty()).then_some(Meant { level, in_role, tables, is_ending })
    }

    /// The first word of a table's name that says something.
    pub(super) fn first_word<'w>(&self, words: &'w [String]) -> &'w str {
        &words[self.shared.length(words)]
    }

    /// The tables of people.
    pub(super) fn people(&self) -> &[usize] {
        &self.people
    }

    /// The tables whose whole name begins that of a table, and that have a row id; the longest first.
    pub(super) fn extended_by(&self, table: usize) -> &[usize] {
        &self.extended[table]
    }

    fn find_people(&self) -> Vec<usize> {
        let called = |names: &[&str]| {
            let mut found: Vec<usize> = names
                .iter()
                .filter_map(|name| self.forms.get(*name))
                .flatten()
                .filter(|(_, level)| *level >= Level::Shortened)
                .map(|(table, _)| *table)
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        USERS.iter().map(|names| called(names)).find(|found| !found.is_empty()).unwrap_or_default()
    }
}

/// First words that many tables share: they say nothing.
#[derive(Default)]
struct SharedBeginnings(HashMap<Vec<String>, usize>);

impl SharedBeginnings {
    fn of(tables: &[&[String]]) -> Self {
        let mut count: HashMap<Vec<String>, usize> = HashMap::new();
        for words in tables {
            for length in 1..words.len() {
                *count.entry(words[..length].to_vec()).or_default() += 1;
            }
        }
        count.retain(|_, count| *count >= 4 || *count >= 3 && *count * 10 >= tables.len() * 6);
        Self(count)
    }

    /// How many first words of a table say nothing.
    fn length(&self, words: &[String]) -> usize {
        (1..words.len()).take_while(|length| self.0.contains_key(&words[..*length])).count()
    }
}

/// Everything that a table may be called.
fn forms(words: &[String], shared: &SharedBeginnings) -> Vec<(String, Level)> {
    let mut forms: HashMap<String, Level> = HashMap::new();
    let mut put = |words: &[String], level: Level| {
        let mut names = vec![words.concat(), joined(words)];
        // `movies` is the plural of `movie` and not of `movy`.
        let whole = words.concat();
        names.extend(whole.strip_suffix('s').filter(|start| start.ends_with("ie")).map(str::to_owned));
        for name in names {
            let known = forms.entry(name).or_insert(level);
            *known = (*known).max(level);
        }
    };
    put(words, Level::Whole);
    for length in 1..=shared.length(words) {
        put(&words[length..], Level::Shortened);
    }
    let mut bare = words;
    if bare.len() > 1 && is(&bare[0], TABLE_PREFIX) {
        bare = &bare[1..];
    }
    while bare.len() > 1 && bare.last().is_some_and(|last| is(last, TABLE_SUFFIX)) {
        bare = &bare[..bare.len() - 1];
    }
    if bare.len() < words.len() {
        put(bare, Level::Shortened);
    }
    for from in 1..words.len() {
        put(&words[from..], Level::LastWords);
    }
    forms.into_iter().collect()
}

/// The ends of a table's last word that may be a word.
fn endings(words: &[String]) -> Vec<String> {
    let last = words.last().map(|last| singular(last)).unwrap_or_default();
    let letters = last.chars().count();
    let starts = last.char_indices().map(|(at, _)| at).enumerate();
    starts
        .filter(|(before, _)| *before >= BEFORE_ENDING && letters - before >= SHORTEST_ENDING)
        .map(|(_, at)| last[at..].to_owned())
        .collect()
}

fn extended(facts: &Facts<'_>, words: &[&[String]]) -> Vec<Vec<usize>> {
    let mut whole: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
    for (table, own) in words.iter().enumerate().filter(|(table, _)| facts.tables[*table].key.is_some()) {
        let mut one = own.to_vec();
        if let Some(last) = one.last_mut() {
            *last = singular(last);
        }
        if one != *own {
            whole.entry(one).or_default().push(table);
        }
        whole.entry(own.to_vec()).or_default().push(table);
    }
    let beginnings = |(table, own): (usize, &&[String])| {
        let mut found: Vec<usize> = Vec::new();
        for length in (1..own.len()).rev() {
            let fitting = whole.get(&own[..length]).into_iter().flatten().filter(|other| **other != table);
            found.extend(fitting);
        }
        found
    };
    words.iter().enumerate().map(beginnings).collect()
}
