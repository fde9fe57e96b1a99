//! A folder of its own for each test, and the binary in a cleared environment.

use serde_json::Value;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// Where a test takes place.
pub struct Scene {
    folder: TempDir,
    /// Where temporary files go. What other tests leave when they kill a process would be tidied up by this one.
    temporary: TempDir,
}

impl Scene {
    pub fn new() -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As that of a system is: some tests run as another user.
            let everybody = std::fs::Permissions::from_mode(0o1777);
            std::fs::set_permissions(temporary.path(), everybody).expect("set the mode");
        }
        Self { folder: tempfile::tempdir().expect("a temporary folder"), temporary }
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command, to be run in the scene's folder.
    pub fn larder<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Larder<'_> {
        let mut given: Vec<OsString> =
            arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect();
        let at = |names: &[&str]| given.iter().position(|given| names.iter().any(|name| given == name));
        let has = |names: &[&str]| at(names).is_some();
        let command = at(&["snapshot"]).or_else(|| at(&["export"]).filter(|_| has(&["--to"])));
        // A person would make the folders of a test by hand.
        if let Some(command) = command
            && !has(&["-o", "--output", "--force", "--create", "--help", "-h", "completions", "man"])
        {
            given.insert(command + 1, "--create".into());
        }
        self.larder_as_it_is(given)
    }

    /// The same, with these arguments alone.
    pub fn larder_as_it_is<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Larder<'_> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_larder"));
        self.prepare(command.args(arguments));
        Larder { command, scene: self }
    }

    /// Runs a copy of the command, changed by a function.
    pub fn larder_at(&self, binary: &Path, arguments: &[&str], change: impl FnOnce(&mut Command)) -> Run {
        let mut command = Command::new(binary);
        self.prepare(command.args(arguments));
        change(&mut command);
        Larder { command, scene: self }.run()
    }

    /// Gives a command the scene's folder and a cleared environment.
    fn prepare(&self, command: &mut Command) {
        command.current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        command.env("HOME", self.folder.path()).env("TMPDIR", self.temporary.path());
        command.env("TZ", "UTC").env("PATH", "/usr/bin:/bin");
    }

    /// The names in a folder of the scene, sorted.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = match std::fs::read_dir(self.path(folder)) {
            Ok(entries) => entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect(),
            Err(_) => Vec::new(),
        };
        names.sort();
        names
    }

    /// The snapshots in a store of the scene, sorted by name.
    pub fn snapshots(&self, store: &str) -> Vec<String> {
        let is_snapshot = |name: &String| {
            !name.starts_with('.') && !name.ends_with(".meta.json") && !name.contains(".files.tar")
        };
        self.names(store).into_iter().filter(is_snapshot).collect()
    }

    /// Gives a snapshot of `app` another time, as a wrong clock would have.
    pub fn date(&self, snapshot: &str, time: &str) {
        let (stem, _) = snapshot.split_once(".db").expect("a snapshot's name");
        let folder = Path::new(snapshot).parent().expect("it is in a store");
        for end in [".meta.json", ".db.gz"] {
            let to = folder.join(format!("app-{time}{end}"));
            std::fs::rename(self.path(format!("{stem}{end}")), self.path(to)).expect("rename");
        }
    }
}

/// A time so many days ago, as the names of snapshots have it.
pub fn days_ago(days: i64) -> String {
    (chrono::Utc::now() - chrono::TimeDelta::days(days)).format("%Y-%m-%dT%H-%M-%SZ").to_string()
}

/// A command to be run.
pub struct Larder<'a> {
    pub command: Command,
    scene: &'a Scene,
}

impl Larder<'_> {
    pub fn arg(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs without waiting for locks.
    pub fn run_impatiently(mut self) -> Run {
        self.command.args(["--busy-timeout", "100ms"]);
        self.run()
    }

    pub fn run(mut self) -> Run {
        let output = output(&mut self.command);
        Run { command: format!("{:?}", self.command), folder: listing(&self.scene.path("")), output }
    }

    /// Runs with something on the standard input.
    pub fn run_with(mut self, input: &[u8]) -> Run {
        use std::io::Write;
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the binary runs");
        // It may end without reading everything.
        let _ = child.stdin.take().expect("it is piped").write_all(input);
        let output = child.wait_with_output().expect("it ends");
        Run { command: format!("{:?}", self.command), folder: listing(&self.scene.path("")), output }
    }
}

/// Runs a command. A binary that was just copied is busy while a process that another test has begun in between still has
/// the copy open.
pub fn output(command: &mut Command) -> Output {
    for _ in 0..100 {
        match command.output() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            output => return output.expect("the binary runs"),
        }
    }
    panic!("the binary stays busy");
}

/// A command that was run.
pub struct Run {
    command: String,
    folder: String,
    output: Output,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}\n{}", self.command, self.output.status)?;
        writeln!(f, "--- stdout\n{}--- stderr\n{}--- folder\n{}", self.stdout(), self.stderr(), self.folder)
    }
}

impl Run {
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    pub fn stdout_bytes(&self) -> &[u8] {
        &self.output.stdout
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    pub fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    pub fn was_killed(&self) -> bool {
        self.output.status.code().is_none()
    }

    #[track_caller]
    pub fn succeeds(self) -> Self {
        assert_eq!(self.code(), Some(0), "{self}");
        self
    }

    /// Fails with that code, and prints nothing on the standard output.
    #[track_caller]
    pub fn fails(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "{self}");
        assert_eq!(self.stdout(), "", "{self}");
        self
    }

    /// Shows what would be done, and that something is not decided.
    #[track_caller]
    pub fn leaves_open(self) -> Self {
        assert_eq!(self.code(), Some(4), "{self}");
        assert_ne!(self.stdout(), "", "{self}");
        self
    }

    /// Does a part of what was asked: fails, and prints what was done.
    #[track_caller]
    pub fn does_a_part(self) -> Self {
        assert_eq!(self.code(), Some(1), "{self}");
        assert_ne!(self.stdout(), "", "{self}");
        self
    }

    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr().contains(text), "{text:?} is not said by {self}");
        self
    }

    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert_eq!(self.stdout(), text, "{self}");
        self
    }

    /// The standard output as a single JSON object.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.output.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// The path that was printed.
    #[track_caller]
    pub fn printed_path(&self) -> PathBuf {
        assert_eq!(self.stdout().lines().count(), 1, "{self}");
        PathBuf::from(self.stdout().trim_end())
    }
}

fn listing(folder: &Path) -> String {
    let mut lines = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            let size = entry.metadata().map_or(0, |metadata| metadata.len());
            lines.push(format!("{size:>10} {}\n", path.strip_prefix(folder).unwrap_or(&path).display()));
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            }
        }
    }
    lines.sort();
    lines.concat()
}
