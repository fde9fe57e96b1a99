//! Where a passphrase comes from: a file, a command, or somebody on a terminal. Never the command line, which others can
//! see.

use crate::ui::{Ui, is_interactive};
use anyhow::{Context, Result};
use larder::error::{Fault, Kind};
use larder::files;
use larder::platform::group;
use larder::progress::{Progress, go_on};
use larder::stream::age::{Ask, ExposeSecret, SecretString};
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// The longest passphrase, in bytes.
const LONGEST: u64 = 64 << 10;

/// Between two looks at whether a signal asks to stop.
const LOOK: Duration = Duration::from_millis(50);

/// How often a passphrase may be typed twice until it is the same.
const TRIES: usize = 3;

/// Asks a command, or somebody on the terminal, once there is something that needs a passphrase.
pub(super) struct Asking<'a> {
    command: Option<String>,
    asks: bool,
    ui: &'a Ui,
}

impl<'a> Asking<'a> {
    pub(super) fn new(command: Option<String>, asks: bool, ui: &'a Ui) -> Self {
        Self { command, asks, ui }
    }
}

impl Ask for Asking<'_> {
    fn passphrase(&self, file: &str) -> Result<Option<SecretString>> {
        match &self.command {
            Some(command) => from_command(command, self.ui).map(Some),
            None if self.asks => self.ui.passphrase(&format!("Passphrase of {file}")).map(Some),
            None => Ok(None),
        }
    }
}

/// The passphrase in a file: its only line.
pub(super) fn from_file(path: &Path) -> Result<SecretString> {
    let bytes = files::read_small(path, LONGEST)?;
    only_line(bytes, &format!("the passphrase file {}", path.display()))
}

/// The passphrase that a command of the shell prints: the only line of it.
pub(super) fn from_command(command: &str, ui: &Ui) -> Result<SecretString> {
    let mut child = group::shell(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run --passphrase-command")?;
    let stdout = child.stdout.take().context("cannot read what --passphrase-command prints")?;
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.take(LONGEST + 1).read_to_end(&mut bytes).map(|_| bytes);
        // Nobody waits for it where the process was asked to stop.
        let _ = send.send(read);
    });
    let bytes = loop {
        match receive.recv_timeout(LOOK) {
            Ok(bytes) => break bytes.context("cannot read what --passphrase-command prints")?,
            Err(RecvTimeoutError::Timeout) if ui.stopped() => {
                group::end(&mut child).context("cannot end --passphrase-command")?;
                go_on(ui)?;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Fault::failed("cannot read what --passphrase-command prints").into());
            }
        }
    };
    if bytes.len() as u64 > LONGEST {
        group::end(&mut child).context("cannot end --passphrase-command")?;
        return Err(Fault::usage("--passphrase-command prints too much for a passphrase").into());
    }
    let status = child.wait().context("cannot wait for --passphrase-command")?;
    if !status.success() {
        return Err(Fault::failed(format!("--passphrase-command failed ({status})")).into());
    }
    only_line(bytes, "what --passphrase-command prints")
}

/// A passphrase that nobody has typed wrong.
pub(super) fn asked_twice(ui: &Ui) -> Result<SecretString> {
    if !is_interactive() {
        return Err(Fault::usage("--encrypt asks for a passphrase, and there is no terminal to ask on")
            .hint("--passphrase-file FILE or --passphrase-command COMMAND gives it; --encrypt-to RECIPIENT needs none")
            .into());
    }
    for _ in 0..TRIES {
        let first = ui.passphrase("Passphrase to encrypt with")?;
        let second = ui.passphrase("The same again")?;
        if first.expose_secret() == second.expose_secret() {
            return Ok(first);
        }
        ui.warn("these are two different passphrases");
    }
    Err(Fault::new(Kind::Undecided, "no passphrase was given twice; nothing was written").into())
}

/// The only line of a text, which is not empty.
fn only_line(bytes: Vec<u8>, what: &str) -> Result<SecretString> {
    let text = SecretString::from(String::from_utf8(bytes).map_err(|_| {
        // The text is not in the error: it is a secret.
        Fault::usage(format!("{what} is not UTF-8"))
    })?);
    let line = text.expose_secret();
    let line = line.strip_suffix('\n').unwrap_or(line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    match line {
        "" => Err(Fault::usage(format!("{what} is empty")).into()),
        _ if line.contains('\n') => {
            Err(Fault::usage(format!("{what} has several lines, and a passphrase has one")).into())
        }
        _ => Ok(SecretString::from(line.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_a_line_with_or_without_its_end() {
        for text in ["correct horse", "correct horse\n", "correct horse\r\n"] {
            let line = only_line(text.as_bytes().to_vec(), "it").expect("a passphrase");
            assert_eq!(line.expose_secret(), "correct horse");
        }
        for (text, message) in
            [("", "is empty"), ("\n", "is empty"), ("a\nb\n", "several lines"), ("\u{0}", "")]
        {
            let read = only_line(text.as_bytes().to_vec(), "it");
            if !message.is_empty() {
                let error = read.expect_err("it is none").to_string();
                assert!(error.contains(message) && !error.contains("a\n"), "{error}");
            }
        }
        let error = only_line(vec![b's', 0xff], "it").expect_err("it is no text");
        assert_eq!(error.to_string(), "it is not UTF-8");
    }
}
