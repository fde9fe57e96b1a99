//! References that a document cannot say, and what is told of them: nothing is lost in silence.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// What became of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Loss {
    /// No row has its id, which is kept.
    Dangling,
    /// It leads to nothing, and is null.
    Null,
    /// It leads to nothing, and is null in a column that takes none.
    Refused,
    /// It leads to nothing, and is kept inside JSON under a mark.
    Marked,
    /// It leads to a row that is not in the document, and its field is absent.
    Absent,
    /// The same, of a column that takes no NULL.
    Needed,
    /// It leads to a row that is not in the document, and is kept inside JSON under a mark.
    MarkedAbsent,
}

/// Counts what becomes of references, by where they are and what they lead to.
#[derive(Debug, Default)]
pub(super) struct Losses {
    found: RefCell<BTreeMap<(String, String, Loss), u64>>,
    paused: Cell<bool>,
}

impl Losses {
    /// One more.
    pub(super) fn add(&self, place: String, section: &str, loss: Loss) {
        if !self.paused.get() {
            *self.found.borrow_mut().entry((place, section.to_owned(), loss)).or_default() += 1;
        }
    }

    /// Counts nothing while a function runs: what it looks at is looked at again.
    pub(super) fn paused<T>(&self, run: impl FnOnce() -> T) -> T {
        let before = self.paused.replace(true);
        let result = run();
        self.paused.set(before);
        result
    }

    /// What is to be said.
    pub(super) fn messages(&self) -> Vec<String> {
        let found = self.found.borrow();
        let message = |((place, section, loss), rows): (&(String, String, Loss), &u64)| {
            let is_one = *rows == 1;
            let (references, lead) = if is_one { ("reference", "leads") } else { ("references", "lead") };
            let (to, rest) = match loss {
                Loss::Dangling => ("nothing", "kept as dangling"),
                Loss::Null => ("nothing", "null in the document"),
                Loss::Refused => {
                    ("nothing", "null in the document, and the column takes none: no import can take that")
                }
                Loss::Marked => ("nothing", "kept, but marked as lost"),
                Loss::Absent => ("what is not in the document", "left out"),
                Loss::Needed => (
                    "what is not in the document",
                    "left out, and a new row needs it: --exclude the rows, or export what they refer to",
                ),
                Loss::MarkedAbsent => ("what is not in the document", "kept, but marked as lost"),
            };
            format!("{rows} {references} from {place} to {section} {lead} to {to}: {rest}")
        };
        found.iter().map(message).collect()
    }
}
