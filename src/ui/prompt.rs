//! Questions. Without a terminal there are none: what would need an answer is an error that names the flag.

use super::safe::one_line;
use super::{Ui, is_interactive, safe};
use anyhow::{Context, Result};
use dialoguer::Confirm;
use larder::error::{Fault, Kind};
use larder::progress::Progress;
use larder::stream::age::{ExposeSecret, SecretString};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Between two looks at whether a signal asks to stop.
const LOOK: Duration = Duration::from_millis(50);

impl Ui {
    /// Asks whether to go on. No is an error, and so is having nobody to ask.
    pub fn confirm(&self, question: &str, flag: &str) -> Result<()> {
        if !is_interactive() {
            return Err(Fault::new(Kind::Undecided, format!("{question} There is no terminal to ask on"))
                .hint(format!("{flag} says yes"))
                .into());
        }
        let question = safe(question).into_owned();
        match self.prompt(move || confirm(question, Some(false)))? {
            Some(true) => Ok(()),
            _ => Err(Fault::new(Kind::Undecided, "not confirmed; nothing was done").into()),
        }
    }

    /// Asks for a passphrase, which is not shown while it is typed.
    pub fn passphrase(&self, question: &str) -> Result<SecretString> {
        let question = format!("{}: ", safe(&self.named(question)));
        let typed = self.prompt_by(terminal::Saved::silenced, move || {
            let mut line = String::new();
            write!(io::stderr(), "{question}").and_then(|()| io::stderr().flush())?;
            let read = io::stdin().read_line(&mut line);
            let line = SecretString::from(line);
            read.map(|_| line)
        })?;
        self.line("");
        match typed.expose_secret().trim_end_matches(['\r', '\n']) {
            "" => Err(Fault::new(Kind::Undecided, "no passphrase was given").into()),
            typed => Ok(SecretString::from(typed.to_owned())),
        }
    }

    /// Asks a question that is answered by yes or no; giving up is an error.
    pub fn decide(&self, question: &str) -> Result<bool> {
        let question = safe(question).into_owned();
        let given_up = || Fault::new(Kind::Undecided, "given up; nothing was written").into();
        self.prompt(move || confirm(question, Some(false)))?.ok_or_else(given_up)
    }

    /// Shows what an import would write, and asks for the last time. No is an error.
    ///
    /// Nothing is preselected: one Enter too many at the end of many questions neither writes nor loses the answers.
    pub fn confirm_import(&self, database: &Path, lines: &[String]) -> Result<()> {
        let declined = || Fault::new(Kind::Undecided, "not confirmed; nothing was written");
        if !is_interactive() {
            return Err(declined().into());
        }
        self.line("");
        for line in lines {
            self.line(&safe(line));
        }
        let name = database.file_name().unwrap_or(database.as_os_str()).display().to_string();
        let question = format!("Write this to {}?", one_line(&name));
        match self.prompt(move || confirm(question, None))? {
            Some(true) => Ok(()),
            _ => Err(declined().into()),
        }
    }

    /// Runs a prompt beside a watch for signals, which a blocked read would not notice. No progress is drawn meanwhile.
    pub(super) fn prompt<T: Send + 'static>(
        &self,
        prompt: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.prompt_by(terminal::Saved::now, prompt)
    }

    fn prompt_by<T: Send + 'static>(
        &self,
        prepare: fn() -> terminal::Saved,
        prompt: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Result<T> {
        // The lock is not held: who prints takes it.
        let bar = self.bar().clone();
        let ask = || {
            let terminal = prepare();
            let answer = self.watch(prompt);
            terminal.restore(answer.is_err());
            answer
        };
        match bar {
            Some(bar) => bar.suspend(ask),
            None => ask(),
        }
    }

    fn watch<T: Send + 'static>(&self, prompt: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
        let (send, receive) = channel();
        let prompting = move || drop(send.send(prompt()));
        std::thread::Builder::new().name("prompt".into()).spawn(prompting).context("cannot ask")?;
        loop {
            match receive.recv_timeout(LOOK) {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => return Err(self.unanswered(error)),
                Err(RecvTimeoutError::Timeout) if self.stopped() => return Err(Fault::interrupted().into()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Fault::failed("cannot ask").into()),
            }
        }
    }

    /// What it means that a key could not be read. A terminal that is closed sends a signal too, a moment later.
    fn unanswered(&self, error: io::Error) -> anyhow::Error {
        if error.kind() == ErrorKind::Interrupted {
            return Fault::interrupted().into();
        }
        std::thread::sleep(LOOK);
        if self.stopped() {
            return Fault::interrupted().into();
        }
        if error.kind() == ErrorKind::UnexpectedEof {
            return Fault::new(Kind::Undecided, "nobody answers any more; nothing was written").into();
        }
        anyhow::Error::new(error).context("cannot ask")
    }
}

fn confirm(question: String, default: Option<bool>) -> io::Result<Option<bool>> {
    let confirm = Confirm::new().with_prompt(question);
    let confirm = match default {
        Some(default) => confirm.default(default),
        None => confirm,
    };
    Ok(confirm.interact_opt()?)
}

/// The state of a terminal, which a prompt changes and may be abandoned in.
#[cfg(unix)]
mod terminal {
    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

    pub struct Saved(Option<Termios>);

    impl Saved {
        /// Remembers the state. What is typed between two looks at the keys is not to be seen.
        pub fn now() -> Self {
            let saved = tcgetattr(std::io::stdin()).ok();
            if let Some(mut state) = saved.clone() {
                state.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
                state.special_codes[SpecialCodeIndex::VMIN] = 1;
                state.special_codes[SpecialCodeIndex::VTIME] = 0;
                // Without it, a key may be seen that is meant for nobody.
                let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &state);
            }
            Self(saved)
        }

        /// Remembers the state. A line can be typed, and is not to be seen.
        pub fn silenced() -> Self {
            let saved = tcgetattr(std::io::stdin()).ok();
            if let Some(mut state) = saved.clone() {
                state.local_modes.remove(LocalModes::ECHO);
                // Where that fails, the line is seen, and is read all the same.
                let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &state);
            }
            Self(saved)
        }

        /// Puts the state back, and where the prompt was abandoned in the middle of a line, begins another.
        pub fn restore(&self, abandoned: bool) {
            if let Some(state) = &self.0 {
                // A terminal that is gone needs nothing.
                let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, state);
            }
            super::restore_cursor(abandoned);
        }
    }
}

#[cfg(not(unix))]
mod terminal {
    pub struct Saved;

    impl Saved {
        pub fn now() -> Self {
            Self
        }

        pub fn silenced() -> Self {
            Self
        }

        pub fn restore(&self, abandoned: bool) {
            super::restore_cursor(abandoned);
        }
    }
}

fn restore_cursor(abandoned: bool) {
    let term = console::Term::stderr();
    if abandoned {
        let _ = term.show_cursor().and_then(|()| term.write_line(""));
    }
}
