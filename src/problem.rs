//! What is wrong with a file, in a form that people and programs can read.

use serde::Serialize;
use std::fmt;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file can be used.
    Warning,
    /// The file cannot be used as it is.
    Error,
}

/// Something that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line, from 1, in files that have lines.
    pub line: Option<u64>,
    /// The column, from 1, in files that have lines.
    pub column: Option<u64>,
    /// What in the file it is about, as `manifest.rows`.
    pub path: Option<String>,
    /// What is wrong, and what to do.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "{line}:{column}: ")?;
        }
        match &self.path {
            Some(path) => write!(f, "{path}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl Problem {
    /// A problem that makes a file unusable.
    pub fn error(path: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, path, message)
    }

    /// A problem that one should know of.
    pub fn warning(path: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, path, message)
    }

    /// The same, with its line and column.
    #[must_use]
    pub fn at(mut self, line: u64, column: u64) -> Self {
        (self.line, self.column) = (Some(line), Some(column));
        self
    }

    /// A problem.
    pub fn new(severity: Severity, path: &str, message: impl Into<String>) -> Self {
        Self { line: None, column: None, path: Some(path.to_owned()), message: message.into(), severity }
    }
}

/// All that is wrong with a file.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    /// The first of them.
    pub listed: Vec<Problem>,
    /// How many more there are.
    pub more: u64,
    /// How many of all are errors.
    pub errors: u64,
    max: usize,
}

impl FromIterator<Problem> for Problems {
    fn from_iter<I: IntoIterator<Item = Problem>>(problems: I) -> Self {
        let mut all = Self::new(usize::MAX);
        problems.into_iter().for_each(|problem| all.add(problem));
        all
    }
}

impl Problems {
    /// None yet, of which so many will be listed.
    pub fn new(max: usize) -> Self {
        Self { max, ..Self::default() }
    }

    /// Those of another list, too, in the order of their lines.
    pub fn merge(&mut self, other: Self) {
        let total = self.listed.len() as u64 + self.more + other.listed.len() as u64 + other.more;
        self.listed.extend(other.listed);
        self.listed.sort_by_key(|problem| (problem.line, problem.column));
        self.listed.truncate(self.max);
        self.more = total - self.listed.len() as u64;
        self.errors += other.errors;
    }

    /// One more.
    pub fn add(&mut self, problem: Problem) {
        self.errors += u64::from(problem.severity == Severity::Error);
        if self.listed.len() < self.max {
            self.listed.push(problem);
        } else {
            self.more += 1;
        }
    }
}
