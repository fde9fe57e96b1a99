//! What a person writes to settle a doubt.

use super::{Doubt, Place};
use crate::config::key;

/// A doubt as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The place: the section, the column, and the path in it.
    pub place: String,
    /// Lines for `larder.toml` that settle it, one of which is right.
    pub settle: Vec<String>,
}

impl Doubt {
    /// The question that it asks, in the words of a person's settings: `own` is its section, `sections` are those whose
    /// row ids it may hold.
    pub fn question(&self, own: &str, sections: &[String]) -> Question {
        let path = match &self.place {
            Place::Json(path) => path.trim_start_matches('$').trim_start_matches('.'),
            Place::Whole | Place::List => "",
        };
        let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        let place = format!("{}{dot}{path}", self.column);
        let setting = format!("sections.{}.references.{}", key(own), key(&place));
        let is_list = self.place == Place::List;
        let refers = |section: &String| {
            if is_list {
                format!("{setting} = {{ section = {section:?}, separator = \",\" }}")
            } else {
                format!("{setting} = {section:?}")
            }
        };
        let mut settle: Vec<String> = sections.iter().map(refers).collect();
        settle.push(format!("{setting} = false"));
        Question { place: format!("{own}.{place}"), settle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubt_names_the_lines_that_settle_it() {
        let doubt = |place: Place| Doubt {
            table: "issue_index".into(),
            column: "group_id".into(),
            place,
            when: None,
            targets: ["repository".to_owned()].into(),
            why: String::new(),
        };
        let sections = ["repository".to_owned()];
        let question = doubt(Place::Whole).question("issue_index", &sections);
        assert_eq!(question.place, "issue_index.group_id");
        assert_eq!(
            question.settle,
            [
                "sections.issue_index.references.group_id = \"repository\"",
                "sections.issue_index.references.group_id = false"
            ]
        );
        let inside = doubt(Place::Json("$.a[*].id".into())).question("issue_index", &sections);
        assert_eq!(inside.place, "issue_index.group_id.a[*].id");
        assert_eq!(inside.settle[0], "sections.issue_index.references.\"group_id.a[*].id\" = \"repository\"");
    }
}
