//! Conflicts of an import, asked about: the two items side by side, then a list of what may be done.
//!
//! The list and the line for a name are larder's own. `dialoguer` chooses by arrows only, clears lines that it did not
//! write below items whose bytes are more than the columns, and knows no way back out of a line of text.

mod choices;
mod picture;
mod value;

use super::fit::{Look, cut_end, paint};
use super::line::{self, Line};
use super::menu::{self, Menu};
use super::{Ui, is_interactive, safe};
use anyhow::Result;
use choices::{Choice, Choices, said};
use console::Term;
use larder::error::{Fault, Kind};
use larder::import::condensed::{Answer, Asker, Question, Reply, Strategy};
use picture::{Screen, in_full, picture};
use std::io;

const KEYS: &str = "arrows and Enter, or a letter; ";
const HINT: &str = "Esc stops, and writes nothing";
const HINT_FOR_ALL: &str = "Esc goes back";
const HINT_FOR_NAME: &str = "Enter takes it; Esc or none goes back";

impl Asker for Ui {
    fn ask(&self, question: &Question) -> Result<Reply> {
        if !is_interactive() {
            return Err(Fault::new(Kind::Undecided, "there is no terminal to ask on")
                .hint("--on-conflict says what is done with items that differ")
                .into());
        }
        let question = question.clone();
        let reply = self.prompt(move || Conversation::new(question).hold())?;
        reply.ok_or_else(|| Fault::new(Kind::Undecided, "stopped; nothing was written").into())
    }

    fn explain(&self, why: &str) {
        let width = usize::from(Term::stderr().size().1);
        let runs = |text: &str| [(text.to_owned(), Look::Bold)];
        for line in super::fit::wrap(&safe(why), width) {
            self.line(&paint(&runs(&line), console::colors_enabled_stderr()));
        }
    }
}

/// One question, until it is answered.
struct Conversation {
    question: Question,
    term: Term,
    /// It is being answered for all that are left in its section.
    for_section: bool,
    /// What the list took on the screen: the widths of its lines.
    drawn: Vec<usize>,
}

/// What was shown of a question.
struct Seen {
    screen: Screen,
    /// The lines that it took.
    height: usize,
    /// Whether all that differs was to be seen, whole.
    is_whole: bool,
}

impl Conversation {
    fn new(question: Question) -> Self {
        let for_section = question.earlier.as_ref().is_some_and(|earlier| earlier.for_section);
        let for_section = for_section && question.left_in_section > 1;
        Self { question, term: Term::buffered_stderr(), for_section, drawn: Vec::new() }
    }

    /// The reply; nothing where one stops.
    fn hold(mut self) -> io::Result<Option<Reply>> {
        let mut seen = self.show()?;
        loop {
            let mut choices = Choices::of(&self.question, self.for_section, seen.is_whole);
            match self.choose(&mut choices.menu, &seen)?.map(|at| choices.leads_to[at]) {
                // The window has another size now.
                None if self.screen() != seen.screen => seen = self.show()?,
                Some(Choice::Turn) => self.for_section = !self.for_section,
                None if self.for_section => self.for_section = false,
                Some(Choice::InFull) => {
                    let lines = in_full(&self.question, seen.screen);
                    self.write(&lines)?;
                    seen = Seen { height: lines.len(), is_whole: true, ..seen };
                }
                Some(Choice::Do(strategy)) => {
                    if let Some(answer) = self.answer(strategy)? {
                        self.say(&said(&self.question, &answer))?;
                        return Ok(Some(Reply::Answer(answer)));
                    }
                }
                Some(Choice::Back) => return Ok(Some(Reply::Back)),
                Some(Choice::Stop) | None => return Ok(None),
            }
        }
    }

    fn screen(&self) -> Screen {
        let (height, width) = self.term.size();
        Screen { height: height.into(), width: width.into(), colours: console::colors_enabled_stderr() }
    }

    /// Shows what differs.
    fn show(&self) -> io::Result<Seen> {
        let screen = self.screen();
        // The line below the list, where the cursor is.
        let picture = picture(&self.question, screen, Choices::height(&self.question) + 1);
        self.write(&picture.lines)?;
        Ok(Seen { screen, height: picture.lines.len(), is_whole: picture.is_whole })
    }

    fn write(&self, lines: &[String]) -> io::Result<()> {
        lines.iter().try_for_each(|line| self.term.write_line(line))?;
        self.term.flush()
    }

    /// Lets one choose from a list, and takes it away afterwards. Nothing where one leaves it, or the window changed.
    fn choose(&mut self, menu: &mut Menu, seen: &Seen) -> io::Result<Option<usize>> {
        let screen = seen.screen;
        // The picture keeps half of a low window.
        let height = screen.height.saturating_sub(1 + seen.height.min(screen.height / 2));
        let hint = if self.for_section { HINT_FOR_ALL } else { HINT };
        let is_roomy = KEYS.len() + hint.len() + 2 <= screen.width;
        let hint = format!("{}{hint}", if is_roomy { KEYS } else { "" });
        self.term.hide_cursor()?;
        let chosen = loop {
            if self.screen() != screen {
                break None;
            }
            self.draw(&menu.lines(&hint, screen.width, height, screen.colours))?;
            match menu.press(&self.term.read_key()?) {
                menu::Pressed::Open => {}
                menu::Pressed::Left => break None,
                menu::Pressed::Chosen(at) => break Some(at),
            }
        };
        self.draw(&[])?;
        self.term.show_cursor()?;
        self.term.flush()?;
        Ok(chosen)
    }

    /// Puts lines in the place of those drawn before. A window that became narrower broke them.
    fn draw(&mut self, lines: &[String]) -> io::Result<()> {
        let width = self.screen().width.max(1);
        let height = self.drawn.iter().map(|drawn| drawn.div_ceil(width).max(1)).sum();
        self.term.move_cursor_up(height)?;
        self.term.write_str("\r")?;
        self.term.clear_to_end_of_screen()?;
        self.write(lines)?;
        self.drawn = lines.iter().map(|line| console::measure_text_width(line)).collect();
        Ok(())
    }

    /// The answer that a strategy makes; nothing where one leaves the line for a name.
    fn answer(&mut self, strategy: Strategy) -> io::Result<Option<Answer>> {
        let for_section = self.for_section;
        let proposed =
            self.question.proposed.as_deref().filter(|_| strategy == Strategy::Rename && !for_section);
        let Some(proposed) = proposed else { return Ok(Some(Answer { strategy, name: None, for_section })) };
        let earlier = self.question.earlier.as_ref().and_then(|earlier| earlier.name.as_deref());
        let name = self.name(earlier.unwrap_or(proposed))?;
        // As proposed is not by hand.
        Ok(name.map(|name| Answer {
            strategy,
            name: Some(name).filter(|name| name != proposed),
            for_section,
        }))
    }

    /// A name, typed or as it was; nothing where there is none.
    fn name(&self, name: &str) -> io::Result<Option<String>> {
        let mut line = Line::new(name);
        let prompt = "  Name: ";
        let Screen { width, colours, .. } = self.screen();
        self.write(&[
            String::new(),
            paint(&[(cut_end(&format!("  {HINT_FOR_NAME}"), width), Look::Quiet)], colours),
        ])?;
        let entered = loop {
            let room = self.screen().width.saturating_sub(prompt.len() + 1);
            let (seen, at) = line.view(room);
            self.term.clear_line()?;
            self.term.write_str(&format!("{prompt}{seen}\r"))?;
            self.term.move_cursor_right(prompt.len() + at)?;
            self.term.flush()?;
            match line.press(&self.term.read_key()?) {
                line::Pressed::Open => {}
                line::Pressed::Left => break None,
                line::Pressed::Entered(name) => break Some(name).filter(|name| !name.trim().is_empty()),
            }
        };
        self.term.clear_line()?;
        self.term.clear_last_lines(2)?;
        self.term.flush()?;
        Ok(entered)
    }

    fn say(&self, text: &str) -> io::Result<()> {
        let Screen { width, colours, .. } = self.screen();
        self.write(&[paint(&[(cut_end(&format!("→ {text}"), width), Look::Chosen)], colours)])
    }
}

#[cfg(test)]
mod tests {
    use larder::import::condensed::{Difference, Question, Strategy};
    use serde_json::json;

    /// A question that offers everything.
    pub fn question() -> Question {
        Question {
            section: "movies".into(),
            label: "Heat".into(),
            line: 41,
            number: 3,
            of: 17,
            left_in_section: 12,
            differences: vec![Difference {
                field: "status".into(),
                there: Some(json!("seen")),
                incoming: Some(json!("custom")),
            }],
            why_not: None,
            clash: None,
            is_guess: false,
            choices: vec![Strategy::Overwrite, Strategy::Merge, Strategy::Rename],
            proposed: Some("Heat (1)".into()),
            earlier: None,
        }
    }
}
