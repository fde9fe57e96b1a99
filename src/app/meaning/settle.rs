//! What a person writes to settle a doubt.

use super::inquiry::{Inquiry, Suspicion};
use super::proofs::config_of;
use super::{Class, Doubt, Place};
use crate::app::json_path;
use crate::config::{Rules, SectionConfig, key, quoted};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// What settles a doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The numbers are row ids of this table.
    Table(String),
    /// They are plain numbers.
    Nothing,
    /// They are data, by which rows are known.
    Key,
}

/// A doubt as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The place: the section, the column, and the path in it.
    pub place: String,
    /// Lines for `larder.toml` that settle it, one of which is right.
    pub settle: Vec<String>,
}

/// A setting of a section: the parts of its name, and its value as it is written.
pub type Line = (Vec<String>, String);

impl Doubt {
    /// Its place in its table.
    pub fn place_in_table(&self) -> String {
        let path = match &self.place {
            Place::Json(path) => path.as_str(),
            Place::Whole | Place::List => "",
        };
        json_path::place(&self.column, path)
    }

    /// The question that it asks, in the words of a person's settings.
    pub fn question(&self, section_of: impl Fn(&String) -> String) -> Question {
        let own = section_of(&self.table);
        let section = self.setting.clone().unwrap_or_else(|| format!("sections.{}", key(&own)));
        let line = |answer: &Answer| {
            let (name, value) = self.line(answer, &section_of);
            let name: Vec<String> = name.iter().map(|part| key(part)).collect();
            format!("{section}.{} = {value}", name.join("."))
        };
        let settle = self.answers.iter().map(line).collect();
        Question { place: format!("{own}.{}", self.place_in_table()), settle }
    }

    /// The setting that gives an answer.
    pub fn line(&self, answer: &Answer, section_of: impl Fn(&String) -> String) -> Line {
        if *answer == Answer::Key {
            return (vec!["key".to_owned()], format!("[{}]", quoted(&self.column)));
        }
        let mut name = vec!["references".to_owned(), self.place_in_table()];
        if let Some((column, value)) = &self.when {
            name.extend([column.clone(), value.clone()]);
        }
        let value = match answer {
            Answer::Table(table) if self.place == Place::List && self.when.is_none() => {
                let section = quoted(&section_of(table));
                format!("{{ section = {section}, separator = {} }}", quoted(self.separator))
            }
            Answer::Table(table) => quoted(&section_of(table)),
            Answer::Nothing | Answer::Key => "false".to_owned(),
        };
        (name, value)
    }
}

/// What settles a suspicion that a place holds row ids of some tables.
pub(super) fn answers(
    inquiry: &Inquiry<'_>,
    suspicion: &Suspicion,
    targets: &BTreeSet<usize>,
    rules: &Rules,
) -> Vec<Answer> {
    let (table, column) = suspicion.at;
    let facts = inquiry.table(table);
    let is_key = facts.key == Some(column);
    let is_another = |target: &usize| !is_key || *target != table;
    let named =
        targets.iter().filter(|target| is_another(target) && can_be_named(inquiry, suspicion, **target));
    let mut answers: Vec<Answer> =
        named.map(|target| Answer::Table(inquiry.table(*target).name().to_owned())).collect();
    if !is_key || inquiry.classes[table] != Class::Unclear {
        answers.push(Answer::Nothing);
    } else if facts.columns[column].values.filled == facts.rows
        && config_of(&rules.sections, facts.name()).is_none_or(|config| config.key.is_none())
    {
        answers.push(Answer::Key);
    }
    answers
}

/// Whether a document can name the rows of a table where a place refers to them.
fn can_be_named(inquiry: &Inquiry<'_>, suspicion: &Suspicion, target: usize) -> bool {
    let facts = inquiry.table(target);
    let is_primary = || {
        let key = facts.key.map(|key| facts.columns[key].name.as_str());
        key.is_some() && facts.info.table.primary_key().as_slice() == key.as_slice()
    };
    match (&suspicion.place, &suspicion.when) {
        (Place::Whole, None) => facts.key.is_some(),
        (Place::Whole, Some(_)) => is_primary() && !facts.name().starts_with('$'),
        (Place::List, None) => is_primary(),
        (Place::Json(path), None) => {
            let values = &inquiry.facts.column(suspicion.at).values;
            is_primary() && !values.has_blobs && !values.is_in_text(path)
        }
        (Place::List | Place::Json(_), Some(_)) => false,
    }
}

/// Where the settings speak of a table, as of a section or of a child.
pub fn setting_of(rules: &Rules, table: &str) -> Option<String> {
    fn find(sections: &IndexMap<String, SectionConfig>, table: &str, path: &str) -> Option<String> {
        sections.iter().find_map(|(name, config)| {
            let path = format!("{path}.{}", key(name));
            let is_own = config.table.as_deref().unwrap_or(name).eq_ignore_ascii_case(table);
            if is_own { Some(path) } else { find(&config.nest, table, &format!("{path}.nest")) }
        })
    }
    find(&rules.sections, table, "sections")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubt(place: Place, when: Option<(&str, &str)>, answers: Vec<Answer>) -> Doubt {
        Doubt {
            table: "issue_index".into(),
            column: "group_id".into(),
            place,
            separator: ",",
            when: when.map(|(column, value)| (column.into(), value.into())),
            targets: ["repository".to_owned()].into(),
            is_vague: false,
            why: String::new(),
            answers,
            setting: None,
        }
    }

    #[test]
    fn a_doubt_names_the_lines_that_settle_it() {
        let repository = || Answer::Table("repository".to_owned());
        let start = "sections.issue_index";
        for (place, when, asked, settle) in [
            (
                Place::Whole,
                None,
                "group_id",
                ["references.group_id = \"repository\"", "references.group_id = false"],
            ),
            (
                Place::Json("a[*].$id".into()),
                None,
                "group_id.a[*].$id",
                [
                    "references.\"group_id.a[*].$id\" = \"repository\"",
                    "references.\"group_id.a[*].$id\" = false",
                ],
            ),
            (
                Place::List,
                None,
                "group_id",
                [
                    "references.group_id = { section = \"repository\", separator = \",\" }",
                    "references.group_id = false",
                ],
            ),
            (
                Place::Whole,
                Some(("kind", "a b")),
                "group_id",
                [
                    "references.group_id.kind.\"a b\" = \"repository\"",
                    "references.group_id.kind.\"a b\" = false",
                ],
            ),
        ] {
            let question = doubt(place, when, vec![repository(), Answer::Nothing]).question(Clone::clone);
            assert_eq!(question.place, format!("issue_index.{asked}"));
            assert_eq!(question.settle, settle.map(|line| format!("{start}.{line}")));
        }
        let question = doubt(Place::Whole, None, vec![Answer::Key]).question(Clone::clone);
        assert_eq!(question.settle, ["sections.issue_index.key = [\"group_id\"]"]);
        let nested = Doubt {
            setting: Some("sections.a.nest.b".into()),
            ..doubt(Place::Whole, None, vec![Answer::Nothing])
        };
        assert_eq!(nested.question(Clone::clone).settle, ["sections.a.nest.b.references.group_id = false"]);
    }
}
