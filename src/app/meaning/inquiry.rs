//! What is known so far while the meaning of a database is found out, and the questions that rules ask of it.

use super::facts::{ColumnAt, Facts, TableFacts};
use super::names::Names;
use super::numbers::Numbers;
use super::vocabulary::{self, is};
use super::{Class, Evidence, Place};
use crate::app::catalog::Catalog;
use crate::app::left_out::is_session;
use anyhow::Result;
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// A place that refers to rows of a table by their row ids.
#[derive(Debug, Clone)]
pub(super) struct Proof {
    pub at: ColumnAt,
    pub place: Place,
    pub target: usize,
    /// Only rows whose column has this value.
    pub when: Option<(String, String)>,
    pub evidence: Evidence,
}

/// A place that may refer to rows of certain tables.
#[derive(Debug, Clone)]
pub(super) struct Suspicion {
    pub at: ColumnAt,
    pub place: Place,
    pub targets: BTreeSet<usize>,
    pub when: Option<(String, String)>,
    pub why: String,
}

/// How many distinct values of a column are row ids of a table, without those that mean none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    /// How many values there are.
    pub of: u64,
    /// How many of them are row ids.
    pub found: u64,
    /// Whether it is known, and not only guessed by the bounds of sets that are too large.
    pub is_exact: bool,
}

impl Fit {
    /// From so many values on, some of them may be of rows that are gone.
    const MANY: u64 = 20;

    /// Whether there is a value, and all are row ids.
    pub(super) fn is_whole(self) -> bool {
        self.of > 0 && self.found == self.of
    }

    /// Whether it is whole as far as anybody knows: enough for a doubt.
    pub(super) fn may_be_whole(self) -> bool {
        if self.is_exact { self.is_whole() } else { self.found > 0 }
    }

    /// Whether it is whole, or nearly so with many values.
    pub(super) fn is_proof(self) -> bool {
        self.is_whole() || self.is_many() && self.is_share(95)
    }

    pub(super) fn is_many(self) -> bool {
        self.of >= Self::MANY
    }

    /// Whether there is a value, and so many in 100 are row ids at least.
    pub(super) fn is_share(self, percent: u64) -> bool {
        self.of > 0 && self.found.saturating_mul(100) >= self.of.saturating_mul(percent)
    }

    pub(super) fn is_over_half(self) -> bool {
        self.found.saturating_mul(2) > self.of
    }
}

/// What is known so far.
pub(super) struct Inquiry<'a> {
    pub connection: &'a Connection,
    pub facts: Facts<'a>,
    pub names: Names,
    /// What the row id of every table means, apart from being a reference.
    pub classes: Vec<Class>,
    pub proofs: Vec<Proof>,
    pub suspicions: Vec<Suspicion>,
    /// Columns of which nothing is left to find out.
    settled: HashSet<ColumnAt>,
    settled_paths: HashSet<(ColumnAt, String)>,
    /// Columns of which the settings say what they refer to in rows of which another column says something: that column,
    /// and what it says.
    settled_kinds: HashMap<ColumnAt, (usize, Vec<String>)>,
    /// The tables that every column refers to as a whole, by their row ids.
    refers: HashMap<ColumnAt, Vec<usize>>,
    referred: HashSet<usize>,
    /// Columns that refer to something, or are a part of what does.
    referring: HashSet<ColumnAt>,
    /// The tables that the columns of a table refer to.
    targets: HashMap<usize, BTreeSet<usize>>,
    /// The tables whose rows a doubtful number may mean, whatever they are called.
    eligible: Vec<usize>,
    /// The columns of a name that are no row ids of their own table.
    namesakes: HashMap<String, Vec<ColumnAt>>,
    /// The numbers in all of them, where somebody asked.
    pools: RefCell<HashMap<String, Rc<Numbers>>>,
}

/// Numbers that mean no row where they are no row id.
const NONE: [i64; 2] = [0, -1];

impl<'a> Inquiry<'a> {
    pub(super) fn new(connection: &'a Connection, catalog: &'a Catalog) -> Result<Self> {
        let facts = Facts::read(connection, catalog)?;
        let names = Names::new(&facts);
        let mut inquiry = Self {
            connection,
            facts,
            names,
            classes: Vec::new(),
            proofs: Vec::new(),
            suspicions: Vec::new(),
            settled: HashSet::new(),
            settled_paths: HashSet::new(),
            settled_kinds: HashMap::new(),
            refers: HashMap::new(),
            referred: HashSet::new(),
            referring: HashSet::new(),
            targets: HashMap::new(),
            eligible: Vec::new(),
            namesakes: HashMap::new(),
            pools: RefCell::default(),
        };
        inquiry.find_namesakes();
        Ok(inquiry)
    }

    pub(super) fn table(&self, table: usize) -> &TableFacts<'a> {
        &self.facts.tables[table]
    }

    /// Nothing more is to be found out about a column.
    pub(super) fn settle(&mut self, at: ColumnAt) {
        self.settled.insert(at);
    }

    pub(super) fn settle_path(&mut self, at: ColumnAt, path: &str) {
        self.settled_paths.insert((at, path.to_owned()));
    }

    pub(super) fn is_path_settled(&self, at: ColumnAt, path: &str) -> bool {
        self.settled_paths.contains(&(at, path.to_owned()))
    }

    /// Nothing more is to be found out about a column in rows of which another says these.
    pub(super) fn settle_kinds(&mut self, at: ColumnAt, by: usize, kinds: Vec<String>) {
        self.settle(at);
        self.settled_kinds.insert(at, (by, kinds));
    }

    /// Nothing more is to be found out about a column in any row.
    pub(super) fn close_kinds(&mut self, at: ColumnAt) {
        self.settled_kinds.remove(&at);
    }

    /// What is settled of a column for some rows only: by which column, and for which of its values.
    pub(super) fn settled_kinds(&self, at: ColumnAt) -> Option<(usize, &[String])> {
        self.settled_kinds.get(&at).map(|(by, kinds)| (*by, kinds.as_slice()))
    }

    /// Whether what rows hold of which another column says something is not known yet.
    pub(super) fn is_open(&self, at: ColumnAt, by: usize) -> bool {
        !self.is_settled(at) || self.settled_kinds(at).is_some_and(|(own, _)| own == by)
    }

    pub(super) fn is_kind_settled(&self, at: ColumnAt, kind: &str) -> bool {
        self.settled_kinds(at).is_some_and(|(_, kinds)| kinds.iter().any(|own| own == kind))
    }

    pub(super) fn is_settled(&self, at: ColumnAt) -> bool {
        self.settled.contains(&at)
    }

    /// A column refers to rows of a table.
    pub(super) fn prove(&mut self, at: ColumnAt, target: usize, evidence: Evidence) {
        self.add(Proof { at, place: Place::Whole, target, when: None, evidence });
    }

    pub(super) fn add(&mut self, proof: Proof) {
        match &proof.place {
            Place::Json(path) => self.settle_path(proof.at, path),
            Place::Whole | Place::List => self.settle(proof.at),
        }
        self.note_reference(proof.at, proof.target, proof.place == Place::Whole && proof.when.is_none());
        self.proofs.push(proof);
    }

    /// Takes a proof back.
    pub(super) fn withdraw(&mut self, proof: usize) -> Proof {
        let proof = self.proofs.remove(proof);
        self.refers.remove(&proof.at);
        self.referring.remove(&proof.at);
        proof
    }

    /// A column refers to rows of a table; `is_whole` says whether its whole value does in every row.
    pub(super) fn note_reference(&mut self, at: ColumnAt, target: usize, is_whole: bool) {
        self.referred.insert(target);
        self.referring.insert(at);
        self.targets.entry(at.0).or_default().insert(target);
        if is_whole {
            self.refers.entry(at).or_default().push(target);
        }
    }

    /// A column may refer to rows of tables; where there are none, it does not.
    pub(super) fn suspect(&mut self, at: ColumnAt, targets: BTreeSet<usize>, why: impl Into<String>) {
        self.suspect_place(at, Place::Whole, targets, None, why);
    }

    pub(super) fn suspect_place(
        &mut self,
        at: ColumnAt,
        place: Place,
        targets: BTreeSet<usize>,
        when: Option<(String, String)>,
        why: impl Into<String>,
    ) {
        if !targets.is_empty() {
            self.suspicions.push(Suspicion { at, place, targets, when, why: why.into() });
        }
    }

    /// Whether a column may refer to something.
    pub(super) fn is_suspected(&self, at: ColumnAt) -> bool {
        self.suspicions.iter().any(|known| known.at == at)
    }

    /// The tables that a column refers to as a whole.
    pub(super) fn references_of(&self, at: ColumnAt) -> &[usize] {
        self.refers.get(&at).map(Vec::as_slice).unwrap_or_default()
    }

    /// The tables that the columns of a table refer to.
    pub(super) fn targets_of(&self, table: usize) -> BTreeSet<usize> {
        self.targets.get(&table).cloned().unwrap_or_default()
    }

    /// What the row id of every table means is known.
    pub(super) fn set_classes(&mut self, classes: Vec<Class>) {
        self.classes = classes;
        let is_one = |table: &usize| {
            let facts = self.table(*table);
            let columns: Vec<&[String]> =
                facts.columns.iter().map(|column| column.words.as_slice()).collect();
            let names: Vec<&str> = facts.columns.iter().map(|column| column.name.as_str()).collect();
            self.may_be_meant(*table)
                && !vocabulary::is_bookkeeping(facts.name(), &columns)
                && !is_session(facts.name(), &names)
        };
        self.eligible = (0..self.facts.tables.len()).filter(is_one).collect();
    }

    /// Where following a row id that is itself a reference ends.
    pub(super) fn end(&self, table: usize) -> usize {
        /// Longer chains are circles.
        const LONGEST: usize = 8;
        let mut end = table;
        for _ in 0..LONGEST {
            let Some(key) = self.table(end).key else { return end };
            match self.references_of((end, key)).first() {
                Some(target) if *target != end => end = *target,
                _ => return end,
            }
        }
        end
    }

    /// How many of some numbers are row ids of a table.
    pub(super) fn fit(&self, numbers: &Numbers, table: usize) -> Fit {
        let ids = &self.table(table).ids;
        if numbers.is_empty() {
            return Fit { of: 0, found: 0, is_exact: true };
        }
        if !numbers.is_whole() || !ids.is_whole() {
            return by_bounds(numbers, ids);
        }
        let none = NONE.iter().filter(|number| numbers.contains(**number) && !ids.contains(**number)).count();
        Fit { of: numbers.len() - none as u64, found: numbers.shared(ids), is_exact: true }
    }

    pub(super) fn fit_of(&self, at: ColumnAt, table: usize) -> Fit {
        self.fit(&self.facts.column(at).values.numbers, table)
    }

    /// How unlikely it is that numbers which mean something else hit no gap between the row ids of a table, as a power of
    /// ten: -3 is one in a thousand.
    pub(super) fn chance(&self, numbers: &Numbers, table: usize) -> f64 {
        let ids = &self.table(table).ids;
        let Some((least, most)) = numbers.bounds() else { return 0.0 };
        let span = |(least, most): (i64, i64)| most.abs_diff(least).saturating_add(1);
        // Of too many row ids only their bounds and how many they are is known.
        let (known, range) = match ids.bounds().filter(|_| !ids.is_whole()) {
            Some(bounds) => (self.table(table).rows, span(bounds)),
            None => (ids.between(least, most), span((least, most))),
        };
        let known = known.max(1);
        #[expect(clippy::cast_precision_loss, reason = "it is an estimate")]
        if known < range { numbers.len() as f64 * (known as f64 / range as f64).log10() } else { 0.0 }
    }

    /// The tables whose row ids have gaps, none of which a row id of this table hits.
    pub(super) fn avoids_gaps(&self, ids: &Numbers, own: usize) -> BTreeSet<usize> {
        const FEW: u64 = 5;
        const CHANCE: f64 = -6.0;
        let is_one = |other: &usize| {
            let facts = self.table(*other);
            *other != own
                && facts.key.is_some()
                && self.fit(ids, *other).may_be_whole()
                && self.chance(ids, *other) < CHANCE
        };
        if ids.len() < FEW { BTreeSet::new() } else { (0..self.facts.tables.len()).filter(is_one).collect() }
    }

    /// Whether rows of a table can be meant by a doubtful number: their ids may change, and there are some.
    pub(super) fn may_be_meant(&self, table: usize) -> bool {
        let facts = self.table(table);
        facts.key.is_some() && facts.rows > 0 && self.classes[table] != Class::Natural
    }

    /// The tables that hold all of some numbers, else those that hold half of them. Tables of one row count only if they
    /// are `named`.
    pub(super) fn candidates(&self, numbers: &Numbers, named: bool) -> BTreeSet<usize> {
        let fitting: Vec<(usize, Fit)> = self
            .eligible
            .iter()
            .copied()
            .filter(|table| named || self.table(*table).rows > 1)
            .map(|table| (table, self.fit(numbers, table)))
            .filter(|(table, fit)| fit.is_share(50) && !self.is_mere_link(*table))
            .collect();
        let has_whole = fitting.iter().any(|(_, fit)| fit.is_whole());
        fitting
            .into_iter()
            .filter(|(_, fit)| !has_whole || fit.may_be_whole())
            .map(|(table, _)| table)
            .collect()
    }

    /// The tables that hold all of some numbers.
    pub(super) fn holders(&self, numbers: &Numbers) -> BTreeSet<usize> {
        let mut found = self.candidates(numbers, false);
        found.retain(|table| self.fit(numbers, *table).may_be_whole());
        found
    }

    /// The tables that hold any of some numbers.
    pub(super) fn meant_by_any(&self, numbers: &Numbers) -> BTreeSet<usize> {
        let is_one = |table: &usize| self.fit(numbers, *table).found > 0 && !self.is_mere_link(*table);
        self.eligible.iter().copied().filter(is_one).collect()
    }

    /// Whether a table only links others, and nobody refers to it.
    fn is_mere_link(&self, table: usize) -> bool {
        let facts = self.table(table);
        if self.referred.contains(&table) || facts.columns.len() > MOST_COLUMNS_OF_A_LINK {
            return false;
        }
        let columns = 0..facts.columns.len();
        let refers = columns.filter(|column| self.referring.contains(&(table, *column))).count();
        refers >= 2 && facts.columns.len() <= refers + 2
    }

    /// The numbers in all columns of a name; nothing where there is one only.
    pub(super) fn pool(&self, column: &str) -> Option<Rc<Numbers>> {
        let name = column.to_ascii_lowercase();
        let columns = self.namesakes.get(&name).filter(|columns| columns.len() > 1)?;
        let mut pools = self.pools.borrow_mut();
        let pool = pools.entry(name).or_insert_with(|| {
            let mut pool = Numbers::default();
            for at in columns {
                pool.absorb(self.facts.column(*at).values.numbers.clone());
            }
            Rc::new(pool)
        });
        Some(Rc::clone(pool))
    }

    fn find_namesakes(&mut self) {
        let mut namesakes: HashMap<String, Vec<ColumnAt>> = HashMap::new();
        for at in self.facts.columns() {
            let facts = self.facts.column(at);
            if self.table(at.0).key != Some(at.1) && !facts.values.numbers.is_empty() {
                namesakes.entry(facts.name.to_ascii_lowercase()).or_default().push(at);
            }
        }
        self.namesakes = namesakes;
    }

    /// Whether the named table holds a column's values in another of its columns, which is what the name means then.
    pub(super) fn means_another_key(&self, at: ColumnAt, stem: &[String], table: usize) -> bool {
        /// Fewer rows have different values in any column.
        const SOME_ROWS: u64 = 5;
        let own = self.facts.column(at);
        let facts = self.table(table);
        facts.columns.iter().enumerate().any(|(column, other)| {
            let with_id = other.words.strip_suffix(&["id".to_owned()]);
            let is_called_so = other.name.eq_ignore_ascii_case(&own.name)
                || other.words == stem
                || with_id.is_some_and(|words| words == stem);
            let is_distinct = || facts.rows >= SOME_ROWS && other.values.numbers.len() == facts.rows;
            let shared = || own.values.numbers.shared(&other.values.numbers);
            // Some rows of a key may be gone; what only tells these rows apart has to have all.
            let holds = || {
                if facts.is_unique(column) {
                    shared().saturating_mul(2) >= own.values.numbers.len()
                } else {
                    is_distinct() && shared() == own.values.numbers.len()
                }
            };
            facts.key != Some(column)
                && (table, column) != at
                && !self.is_settled((table, column))
                && is_called_so
                && !own.values.numbers.is_empty()
                && holds()
        })
    }

    /// Whether a table has another column of the very name of a column that seems to refer to it.
    pub(super) fn has_such_a_column(&self, at: ColumnAt, table: usize) -> bool {
        let own = self.facts.column(at);
        self.table(table).columns.iter().enumerate().any(|(column, other)| {
            let place = (table, column);
            self.table(table).key != Some(column)
                && place != at
                && other.words == own.words
                && self.references_of(place).is_empty()
                && !self.is_settled(place)
        })
    }

    /// Whether a name could mean a row of any table.
    pub(super) fn is_generic(stem: &[String]) -> bool {
        is(&stem.concat(), vocabulary::GENERIC)
    }
}

/// Wider tables hold more than links.
const MOST_COLUMNS_OF_A_LINK: usize = 8;

/// What the bounds of two sets say, of which one is too large to be known: enough for a doubt, and never for a proof.
fn by_bounds(numbers: &Numbers, ids: &Numbers) -> Fit {
    let (Some((least, most)), Some((first, last))) = (numbers.bounds(), ids.bounds()) else {
        return Fit { of: u64::from(!numbers.is_empty()), found: 0, is_exact: true };
    };
    let meets = least <= last && first <= most;
    Fit { of: 1000, found: if meets { 900 } else { 0 }, is_exact: !meets }
}
