//! A `larder.toml` in the making: what counts, what is proposed, and the words about both.

use crate::config::{is_harmful, key, quoted};

/// How long a line of words becomes.
const WIDTH: usize = 110;

/// A file of settings that can still be decided about.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Words about the file.
    pub head: Vec<String>,
    /// What stands outside of tables.
    pub settings: Vec<Setting>,
    /// The tables: those of the scope, then those of the sections.
    pub blocks: Vec<Block>,
    /// What is built in for the application, as proposals.
    pub tail: String,
}

/// A table of settings.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// The names that lead to it.
    pub path: Vec<String>,
    /// Words about it.
    pub why: Vec<String>,
    /// Whether it counts; its settings do not where it does not.
    pub active: bool,
    /// What would be asked before it counts.
    pub question: Option<Question>,
    /// What it says.
    pub settings: Vec<Setting>,
    /// The tables inside it.
    pub inside: Vec<Block>,
}

/// A setting.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// Words about it.
    pub why: String,
    /// Its name: parts that are joined by points.
    pub name: Vec<String>,
    /// Its value, as it is written.
    pub value: String,
    /// Whether it counts.
    pub active: bool,
    /// What would be asked before it counts.
    pub question: Option<Question>,
}

/// A question to whoever knows the data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// What it is about, with a question mark.
    pub text: String,
    /// Values that may help.
    pub samples: Vec<String>,
    /// How much hangs on it: the most comes first.
    pub weight: u64,
}

/// A question with what its answer decides.
#[derive(Debug)]
pub struct Doubt<'d> {
    /// The question.
    pub question: Question,
    /// Whether what it is about counts.
    pub active: &'d mut bool,
}

impl Setting {
    /// A setting whose value is a list of texts.
    pub fn list(name: &str, texts: &[String], why: impl Into<String>, active: bool) -> Self {
        Self::new(&[name], list(texts), why, active)
    }

    /// A setting whose value is a text.
    pub fn text(name: &str, text: &str, why: impl Into<String>, active: bool) -> Self {
        Self::new(&[name], quoted(text), why, active)
    }

    /// A setting.
    pub fn new(name: &[&str], value: String, why: impl Into<String>, active: bool) -> Self {
        let name = name.iter().map(|part| (*part).to_owned()).collect();
        Self { why: why.into(), name, value, active, question: None }
    }

    fn write(&self, active: bool, text: &mut String) {
        comment(&self.why, text);
        let name: Vec<String> = self.name.iter().map(|part| key(part)).collect();
        let mark = if active && self.active { "" } else { "#" };
        text.push_str(&format!("{mark}{} = {}\n", name.join("."), self.value));
    }
}

impl Block {
    fn write(&self, text: &mut String) {
        text.push('\n');
        self.why.iter().for_each(|line| comment(line, text));
        let path: Vec<String> = self.path.iter().map(|part| key(part)).collect();
        let mark = if self.active { "" } else { "#" };
        text.push_str(&format!("{mark}[{}]\n", path.join(".")));
        self.settings.iter().for_each(|setting| setting.write(self.active, text));
        self.inside.iter().for_each(|block| block.write(text));
    }

    /// Makes proposals of all that counts.
    fn doubt(&mut self) {
        self.settings.iter_mut().for_each(|setting| setting.active = false);
        for block in &mut self.inside {
            block.active = false;
            block.doubt();
        }
    }

    fn collect<'d>(&'d mut self, doubts: &mut Vec<Doubt<'d>>) {
        let question = self.question.clone();
        doubts.extend(question.map(|question| Doubt { question, active: &mut self.active }));
        doubts.extend(self.settings.iter_mut().filter_map(Setting::doubt));
        self.inside.iter_mut().for_each(|block| block.collect(doubts));
    }

    fn proposals(&self) -> usize {
        let inside: usize = self.inside.iter().map(Self::proposals).sum();
        if !self.active {
            return 1;
        }
        inside + self.settings.iter().filter(|setting| !setting.active).count()
    }
}

impl Setting {
    fn doubt(&mut self) -> Option<Doubt<'_>> {
        let question = self.question.clone()?;
        Some(Doubt { question, active: &mut self.active })
    }
}

impl Draft {
    /// The file.
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        self.head.iter().for_each(|line| comment(line, &mut text));
        text.push('\n');
        self.settings.iter().for_each(|setting| setting.write(true, &mut text));
        self.blocks.iter().for_each(|block| block.write(&mut text));
        text.push_str(&self.tail);
        text
    }

    /// What somebody may be asked, the weightiest first.
    pub fn doubts(&mut self) -> Vec<Doubt<'_>> {
        let mut doubts = Vec::new();
        self.blocks.iter_mut().for_each(|block| block.collect(&mut doubts));
        doubts.sort_by_key(|doubt| std::cmp::Reverse(doubt.question.weight));
        doubts
    }

    /// How many proposals it makes.
    pub fn proposals(&self) -> usize {
        self.blocks.iter().map(Block::proposals).sum()
    }

    /// Makes proposals of what is said of a section.
    pub(super) fn doubt(&mut self, section: &str) {
        let is_it = |block: &&mut Block| matches!(block.path.as_slice(), [_, name] if name == section);
        self.blocks.iter_mut().filter(is_it).for_each(Block::doubt);
    }
}

/// A list of texts as a value.
pub fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

/// Words as lines that do not count. Names in them are written by [`name`].
fn comment(words: &str, text: &mut String) {
    let mut line = String::from("#");
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        if line.len() > 1 && line.chars().count() + word.chars().count() >= WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.extend(word.chars().map(|letter| if is_harmful(letter) { '\u{fffd}' } else { letter }));
    }
    if line.len() > 1 {
        text.push_str(&line);
        text.push('\n');
    }
}

/// A name in words.
pub fn name(name: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-.$".contains(letter);
    if !name.is_empty() && name.chars().all(is_plain) { name.to_owned() } else { quoted(name) }
}

/// Names in words.
pub fn names(several: &[String]) -> String {
    match several {
        [] => String::new(),
        [one] => name(one),
        [first @ .., last] => {
            format!("{} and {}", first.iter().map(|one| name(one)).collect::<Vec<_>>().join(", "), name(last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use std::path::Path;

    #[test]
    fn proposals_do_not_count_until_their_mark_is_taken_away() {
        let odd = "a.b\n\"c\" \u{1b}[31m".to_owned();
        let mut draft = Draft {
            tail: String::new(),
            head: vec!["two\nlines \u{7}".to_owned()],
            settings: vec![Setting::text("app", "x", "", true)],
            blocks: vec![Block {
                path: vec!["sections".into(), odd.clone()],
                why: vec![format!("about {}", name(&odd))],
                active: true,
                settings: vec![
                    Setting::list("key", std::slice::from_ref(&odd), "because", true),
                    Setting {
                        question: Some(Question { text: "so?".into(), ..Question::default() }),
                        ..Setting::list("json", std::slice::from_ref(&odd), "word ".repeat(60), false)
                    },
                ],
                ..Block::default()
            }],
        };
        let read = |draft: &Draft| {
            let text = draft.to_toml();
            assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'), "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
            let config = Config::parse(Path::new("larder.toml"), &text, None);
            config.unwrap_or_else(|error| panic!("{error:#}: {text}")).rules.sections[&odd].clone()
        };
        assert_eq!(read(&draft).key.as_deref(), Some(std::slice::from_ref(&odd)));
        assert!(read(&draft).json.is_empty());
        assert_eq!(draft.proposals(), 1);
        for doubt in draft.doubts() {
            *doubt.active = true;
        }
        assert_eq!(read(&draft).json, std::slice::from_ref(&odd));
        draft.doubt(&odd);
        assert_eq!((read(&draft).key, draft.proposals()), (None, 2));
    }
}
