//! The words that say what a column may hold, or that it does not hold row ids. All are in the singular unless a name in
//! the plural says something else.

mod no_ids;
mod settings;
mod tables;

pub(super) use no_ids::{FLAG, NO_LIST, NOT_AN_ID, OUTSIDE, QUANTITY};
pub(super) use settings::{CHOSEN, COUNTER, KIND, KIND_VALUE, SETTING, SETTING_VALUE};
pub(super) use tables::{LINK, OWN_NUMBER, TABLE_PREFIX, TABLE_SUFFIX, USERS, is_bookkeeping};

/// What people are to things.
pub(super) const PEOPLE: &[&str] = &[
    "adder",
    "admin",
    "approver",
    "assignee",
    "author",
    "boss",
    "buyer",
    "by",
    "creator",
    "doer",
    "editor",
    "follower",
    "guest",
    "host",
    "leader",
    "manager",
    "member",
    "owner",
    "poster",
    "receiver",
    "recipient",
    "reporter",
    "reviewer",
    "seller",
    "sender",
    "supervisor",
    "uploader",
    "user",
];

/// Words before what is meant.
pub(super) const PREPOSITION: &[&str] = &[
    "active", "current", "default", "dest", "first", "for", "from", "in", "last", "main", "new", "next",
    "of", "old", "other", "prev", "previous", "primary", "reply", "selected", "source", "target", "to",
];

/// Words after which the thing that is meant is left out.
pub(super) const TRAILING: &[&str] = &["to", "from", "of"];

/// Other rows of the same table.
pub(super) const PARENT: &[&str] =
    &["ancestor", "child", "duplicate", "next", "original", "parent", "prev", "previous", "root"];

/// Those of them that a tree is made of.
pub(super) const TREE: &[&str] = &["ancestor", "parent", "root"];

/// Words that could mean a row of any table.
pub(super) const GENERIC: &[&str] = &[
    "", "base", "entity", "fk", "item", "object", "owner", "record", "ref", "related", "row", "source",
    "subject", "target", "thing", "value",
];

/// Words that columns without an id ending have, and that mean rows all the same.
pub(super) const USUAL: &[&str] = &[
    "assignee", "author", "creator", "fk", "fkey", "folder", "object", "owner", "parent", "pk", "ref",
    "root", "source", "subject", "target",
];

/// Words of texts that hold the rows above or below.
pub(super) const PATH: &[&str] = &[
    "ancestors",
    "ancestry",
    "breadcrumb",
    "breadcrumbs",
    "children",
    "hierarchy",
    "lineage",
    "members",
    "order",
    "parents",
    "path",
    "trail",
    "tree",
];

/// Members of JSON that hold others, and say nothing of what those are.
pub(super) const CONTAINERS: &[&str] =
    &["data", "exclude", "excluded", "include", "item", "items", "list", "selected", "value", "values"];

/// Whether a word is one of a list.
pub(super) fn is(word: &str, list: &[&str]) -> bool {
    list.contains(&word)
}
