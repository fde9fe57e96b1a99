//! What is known so far while the meaning of a database is found out, and the questions that rules ask of it.

mod fit;
mod namesakes;

pub(super) use fit::Fit;

use super::facts::{ColumnAt, Facts, TableFacts};
use super::names::Names;
use super::numbers::Numbers;
use super::vocabulary;
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
    /// Whether the numbers say which tables these are.
    pub is_vague: bool,
    pub when: Option<(String, String)>,
    pub why: String,
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
    /// Those of them that have no key, so that they may be meant by their hidden row ids.
    hidden: Vec<usize>,
    /// The columns of a name that are no row ids of their own table.
    namesakes: HashMap<String, Vec<ColumnAt>>,
    /// The numbers in all of them, where somebody asked.
    pools: RefCell<HashMap<String, Rc<Numbers>>>,
}

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
            hidden: Vec::new(),
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
        let why = why.into();
        self.add_suspicion(Suspicion { at, place: Place::Whole, targets, is_vague: false, when: None, why });
    }

    pub(super) fn add_suspicion(&mut self, suspicion: Suspicion) {
        if !suspicion.targets.is_empty() {
            self.suspicions.push(suspicion);
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
        let is_data = |table: &usize| {
            let facts = self.table(*table);
            let columns: Vec<&[String]> =
                facts.columns.iter().map(|column| column.words.as_slice()).collect();
            let names: Vec<&str> = facts.columns.iter().map(|column| column.name.as_str()).collect();
            facts.rows > 0
                && !vocabulary::is_bookkeeping(facts.name(), &columns)
                && !is_session(facts.name(), &names)
        };
        let tables = || (0..self.facts.tables.len()).filter(is_data);
        let is_hidden = |table: &usize| {
            let facts = self.table(*table);
            facts.key.is_none() && facts.has_numbered_rows()
        };
        let hidden = tables().filter(is_hidden).collect();
        let eligible = tables().filter(|table| self.may_be_meant(*table)).collect();
        (self.hidden, self.eligible) = (hidden, eligible);
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
}
