//! What may be chosen at a question, and what is said of what was.

use crate::ui::menu::{Item, Menu};
use crate::ui::safe::one_line;
use larder::import::condensed::{Answer, Question, Strategy};

/// What an entry of the list leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// This is done with the item, or with all that are left in its section.
    Do(Strategy),
    /// From now on, it is chosen for all that are left in the section, or no longer.
    Turn,
    /// All that differs is shown, uncut.
    InFull,
    /// The question before is asked again.
    Back,
    /// Nothing is written.
    Stop,
}

/// What is offered at a question: for the item alone, or for all that are left in its section.
pub struct Choices {
    /// What each entry of the list leads to.
    pub leads_to: Vec<Choice>,
    /// The list.
    pub menu: Menu,
}

impl Choices {
    /// What a question offers. `is_whole` says whether all that differs was to be seen.
    pub fn of(question: &Question, for_section: bool, is_whole: bool) -> Self {
        let mut offered: Vec<(Choice, Item)> = std::iter::once(Strategy::Skip)
            .chain(question.choices.iter().copied().filter(|strategy| *strategy != Strategy::Skip))
            .filter_map(|strategy| Some((Choice::Do(strategy), item(question, strategy, for_section)?)))
            .collect();
        let earlier = question.earlier.as_ref().filter(|earlier| earlier.for_section == for_section);
        let earlier = earlier.map(|earlier| Choice::Do(earlier.strategy));
        let at = offered.iter().position(|(choice, _)| Some(*choice) == earlier);
        if let Some(at) = at {
            offered[at].1.remark.push_str(" (your answer before)");
        }
        if others(question) > 0 {
            let text = if for_section {
                "Only for this one…".into()
            } else {
                format!("The same for {}…", more(question))
            };
            offered.push((Choice::Turn, Item::new("a", text)));
        }
        if !is_whole {
            offered.push((Choice::InFull, Item::new("f", "Show all that differs, in full")));
        }
        if question.number > 1 {
            offered.push((Choice::Back, Item::new("b", "Back to the one before")));
        }
        offered.push((Choice::Stop, Item::new("q", "Stop: write nothing")));
        let heading = for_section.then(|| format!("For this and {}:", more(question)));
        let (leads_to, items) = offered.into_iter().unzip();
        Self { leads_to, menu: Menu { heading, items, at: at.unwrap_or_default() } }
    }

    /// How many lines the list takes at most, whichever way it is turned.
    pub fn height(question: &Question) -> usize {
        [false, true]
            .map(|for_section| Self::of(question, for_section, false).menu.height())
            .into_iter()
            .max()
            .unwrap_or_default()
    }
}

/// How many others are left in the section.
fn others(question: &Question) -> u64 {
    question.left_in_section.saturating_sub(1)
}

fn more(question: &Question) -> String {
    let section = one_line(&question.section);
    format!("{} more in {section}", others(question))
}

/// What is offered of a strategy; nothing where it is none that a person chooses.
fn item(question: &Question, strategy: Strategy, for_section: bool) -> Option<Item> {
    if question.clash.is_some()
        && let Some(item) = item_of_child(question, strategy)
    {
        return Some(item);
    }
    Some(match strategy {
        Strategy::Skip => Item::new("ks", "Keep what is in the database"),
        Strategy::Overwrite => Item::new("to", "Take the file's"),
        Strategy::Merge => {
            Item::new("m", "Merge").remark(": the file's values that are not null, the children of both")
        }
        Strategy::Rename if for_section => {
            Item::new("rn", "Rename").remark(": each comes in beside what is there")
        }
        Strategy::Rename => match &question.proposed {
            Some(name) => Item::new("rn", format!("Rename: add it as \"{}\"…", one_line(name))),
            None => Item::new("rn", "Keep both: add it beside what is there"),
        },
        Strategy::Newer | Strategy::Prompt | Strategy::Fail => return None,
    })
}

/// What is offered where a child clashes with what is there; nothing where it is what is offered of items.
fn item_of_child(question: &Question, strategy: Strategy) -> Option<Item> {
    let may_move = question.choices.contains(&Strategy::Overwrite);
    Some(match strategy {
        Strategy::Skip => Item::new("ks", "Keep what is in the database, without this one"),
        Strategy::Overwrite => Item::new("to", "Move it here").remark(": it becomes the file's"),
        Strategy::Merge if may_move => {
            Item::new("m", "Move it here and merge").remark(": the file's values that are not null")
        }
        Strategy::Merge => Item::new("m", "Add this one after the last"),
        _ => return None,
    })
}

/// What was answered, in a line.
pub fn said(question: &Question, answer: &Answer) -> String {
    let is_child = question.clash.is_some();
    let may_move = question.choices.contains(&Strategy::Overwrite);
    let what = match (answer.strategy, &answer.name, &question.proposed) {
        (Strategy::Overwrite, ..) if is_child => "it is moved here".to_owned(),
        (Strategy::Merge, ..) if is_child && may_move => "it is moved here and merged".to_owned(),
        (Strategy::Merge, ..) if is_child => "it stands after the last".to_owned(),
        (Strategy::Overwrite, ..) => "the file's is taken".to_owned(),
        (Strategy::Merge, ..) => "both are merged".to_owned(),
        (Strategy::Rename, Some(name), _) | (Strategy::Rename, None, Some(name)) if !answer.for_section => {
            format!("it comes in as \"{}\"", one_line(name))
        }
        (Strategy::Rename, None, None) => "both are kept".to_owned(),
        (Strategy::Rename, ..) => "it comes in under another name".to_owned(),
        _ => "what is in the database is kept".to_owned(),
    };
    if answer.for_section { format!("for this and {}: {what}", more(question)) } else { what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::conflict::tests::question;

    fn texts(choices: &Choices) -> Vec<String> {
        let text = |item: &Item| format!("{} {}{}", &item.letters[..1], item.text, item.remark);
        choices.menu.items.iter().map(text).collect()
    }

    #[test]
    fn everything_that_may_be_done_is_offered() {
        let question = question();
        let single = Choices::of(&question, false, true);
        assert_eq!(
            texts(&single),
            [
                "k Keep what is in the database",
                "t Take the file's",
                "m Merge: the file's values that are not null, the children of both",
                "r Rename: add it as \"Heat (1)\"…",
                "a The same for 11 more in movies…",
                "b Back to the one before",
                "q Stop: write nothing",
            ]
        );
        let all = Choices::of(&question, true, false);
        assert_eq!(all.menu.heading.as_deref(), Some("For this and 11 more in movies:"));
        assert_eq!(
            texts(&all)[3..],
            [
                "r Rename: each comes in beside what is there",
                "a Only for this one…",
                "f Show all that differs, in full",
                "b Back to the one before",
                "q Stop: write nothing",
            ]
        );
        assert_eq!(Choices::height(&question), all.menu.height());
    }

    #[test]
    fn of_a_child_that_clashes_it_is_said_what_becomes_of_the_other() {
        let mut question = question();
        (question.number, question.left_in_section) = (1, 1);
        question.clash = Some("its code is that of films \"Alien\"".to_owned());
        let all = texts(&Choices::of(&question, false, true));
        assert_eq!(
            all[..3],
            [
                "k Keep what is in the database, without this one",
                "t Move it here: it becomes the file's",
                "m Move it here and merge: the file's values that are not null",
            ]
        );
        question.choices = vec![Strategy::Merge];
        assert_eq!(texts(&Choices::of(&question, false, true))[1], "m Add this one after the last");
        let answer = Answer { strategy: Strategy::Merge, name: None, for_section: false };
        assert_eq!(said(&question, &answer), "it stands after the last");
    }

    #[test]
    fn what_cannot_be_is_not_offered() {
        let mut question = question();
        (question.number, question.left_in_section) = (1, 1);
        question.choices = vec![Strategy::Skip, Strategy::Newer];
        let choices = Choices::of(&question, false, true);
        assert_eq!(texts(&choices), ["k Keep what is in the database", "q Stop: write nothing"]);
    }

    #[test]
    fn the_earlier_answer_is_where_one_starts() {
        let mut question = question();
        question.earlier = Some(Answer { strategy: Strategy::Merge, name: None, for_section: true });
        let all = Choices::of(&question, true, true);
        assert_eq!(all.menu.at, 2);
        assert!(texts(&all)[2].ends_with("of both (your answer before)"));
        assert_eq!(Choices::of(&question, false, true).menu.at, 0);
    }

    #[test]
    fn no_letter_has_two_meanings() {
        let question = question();
        for for_section in [false, true] {
            let items = Choices::of(&question, for_section, false).menu.items;
            let mut letters: Vec<char> = items.iter().flat_map(|item| item.letters.chars()).collect();
            letters.sort_unstable();
            let count = letters.len();
            letters.dedup();
            assert_eq!(letters.len(), count);
        }
    }

    #[test]
    fn what_was_answered_is_said() {
        let question = question();
        let answer = |strategy, name: Option<&str>, for_section| Answer {
            strategy,
            name: name.map(str::to_owned),
            for_section,
        };
        for (answer, text) in [
            (answer(Strategy::Skip, None, false), "what is in the database is kept"),
            (answer(Strategy::Rename, Some("Heat\n2"), false), "it comes in as \"Heat⏎2\""),
            (answer(Strategy::Rename, None, false), "it comes in as \"Heat (1)\""),
            (answer(Strategy::Merge, None, true), "for this and 11 more in movies: both are merged"),
        ] {
            assert_eq!(said(&question, &answer), text);
        }
    }
}
