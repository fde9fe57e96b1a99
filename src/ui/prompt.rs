//! Questions. Without a terminal there are none: what would need an answer is an error that names the flag.

use super::{Ui, is_interactive, safe};
use anyhow::{Context, Result};
use dialoguer::Confirm;
use larder::error::{Fault, Kind};
use larder::progress::Progress;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

impl Ui {
    /// Asks whether to go on. No is an error, and so is having nobody to ask.
    pub fn confirm(&self, question: &str, flag: &str) -> Result<()> {
        if !is_interactive() {
            return Err(Fault::new(Kind::Undecided, format!("{question} There is no terminal to ask on"))
                .hint(format!("{flag} says yes"))
                .into());
        }
        let question = safe(question).into_owned();
        let ask = move || Confirm::new().with_prompt(question).default(false).interact_opt();
        match self.ask(ask)? {
            Some(true) => Ok(()),
            _ => Err(Fault::new(Kind::Undecided, "not confirmed; nothing was done").into()),
        }
    }

    /// Asks a question that is answered by yes or no; giving up is an error.
    pub fn decide(&self, question: &str) -> Result<bool> {
        let question = safe(question).into_owned();
        let ask = move || Confirm::new().with_prompt(question).default(false).interact_opt();
        let given_up = || Fault::new(Kind::Undecided, "given up; nothing was written").into();
        self.ask(ask)?.ok_or_else(given_up)
    }

    /// Runs a prompt beside a watch for signals, which a blocked read would not notice.
    fn ask<T: Send + 'static>(
        &self,
        prompt: impl FnOnce() -> dialoguer::Result<T> + Send + 'static,
    ) -> Result<T> {
        let terminal = terminal::Saved::now();
        let (send, receive) = channel();
        let prompting = move || drop(send.send(prompt()));
        std::thread::Builder::new().name("prompt".into()).spawn(prompting).context("cannot ask")?;
        loop {
            match receive.recv_timeout(Duration::from_millis(50)) {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(dialoguer::Error::IO(error))) if error.kind() == std::io::ErrorKind::Interrupted => {
                    return Err(Fault::interrupted().into());
                }
                Ok(Err(error)) => return Err(error).context("cannot ask"),
                Err(RecvTimeoutError::Timeout) if self.stopped() => {
                    terminal.restore();
                    return Err(Fault::interrupted().into());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Fault::failed("cannot ask").into()),
            }
        }
    }
}

/// The state that an abandoned prompt leaves a terminal in.
#[cfg(unix)]
mod terminal {
    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

    pub struct Saved(Option<Termios>);

    impl Saved {
        pub fn now() -> Self {
            Self(tcgetattr(std::io::stdin()).ok())
        }

        pub fn restore(&self) {
            if let Some(state) = &self.0 {
                // The process is about to end; a terminal that is gone needs nothing.
                let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, state);
            }
            let _ = console::Term::stderr().show_cursor();
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

        pub fn restore(&self) {
            let _ = console::Term::stderr().show_cursor();
        }
    }
}
