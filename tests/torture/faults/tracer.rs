//! Runs a command under `ptrace`, counts its calls about files in a folder, and lets one go wrong.
//!
//! There is one count for each class over all threads. The thread that runs a command traces it, so several can be traced
//! at once.

use super::calls::{Call, Class, call};
use super::fault::Fault;
use nix::errno::Errno;
use nix::libc;
use nix::sched::{CpuSet, sched_setaffinity};
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// The longest that a command may need.
const PATIENCE: Duration = Duration::from_mins(2);

/// The call of a class that goes wrong, counted from 1.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    pub class: Class,
    pub number: u32,
    pub fault: Fault,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Code(i32),
    Signal(Signal),
    /// It had to be killed.
    Never,
}

/// A command that was run.
#[derive(Debug)]
pub struct Ended {
    pub end: End,
    pub stdout: String,
    pub stderr: String,
    /// How many calls of each class there were about files in the folder.
    pub counts: BTreeMap<Class, u32>,
    /// The call that went wrong.
    pub hit: Option<String>,
}

/// Runs a command. An error where this process may not trace another one.
#[expect(clippy::zombie_processes, reason = "the tracer waits for it, and for all its threads")]
pub fn run(
    line: &[String],
    folder: &Path,
    prepare: &dyn Fn(&mut Command),
    point: Option<Point>,
) -> Result<Ended, Errno> {
    let mut command = Command::new("/bin/sh");
    // It waits until it is traced.
    command.args(["-c", "kill -STOP $$; exec \"$@\"", "sh"]).args(line);
    prepare(&mut command);
    // What is printed goes into files, so that no pipe fills up.
    let [mut out, mut err] = [(), ()].map(|()| tempfile::tempfile().expect("a file"));
    command.stdin(Stdio::null());
    command.stdout(out.try_clone().expect("a handle")).stderr(err.try_clone().expect("a handle"));
    let child = command.spawn().expect("a shell runs");
    let root = Pid::from_raw(i32::try_from(child.id()).expect("a process id"));
    let mut tracer = Tracer::new(root, folder, point);
    let (end, hung) = std::thread::scope(|scope| {
        let (done, wait) = channel::<()>();
        let watch = scope.spawn(move || {
            let late = wait
                .recv_timeout(PATIENCE)
                .is_err_and(|error| error == std::sync::mpsc::RecvTimeoutError::Timeout);
            late && kill(root, Signal::SIGKILL).is_ok()
        });
        let end = tracer.trace();
        drop(done);
        (end, watch.join().expect("it does not panic"))
    });
    let end = if hung { End::Never } else { end? };
    let text = |file: &mut std::fs::File| {
        let mut bytes = Vec::new();
        file.rewind().and_then(|()| file.read_to_end(&mut bytes)).expect("read");
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let Tracer { counts, hit, .. } = tracer;
    Ok(Ended { end, stdout: text(&mut out), stderr: text(&mut err), counts, hit })
}

/// Keeps this thread and what it runs on one processor: then each stop of a traced thread is only a change of threads, and
/// threads take turns more alike each time. Where that is not to be had, it takes longer.
pub fn stay_on(processor: usize) {
    let mut set = CpuSet::new();
    let _ = set.set(processor).and_then(|()| sched_setaffinity(Pid::from_raw(0), &set));
}

struct Tracer<'a> {
    root: Pid,
    folder: &'a Path,
    point: Option<Point>,
    /// The command took the place of the shell.
    begun: bool,
    /// Threads that are in a call.
    inside: HashSet<Pid>,
    /// The thread after whose call everything ends.
    last: Option<Pid>,
    counts: BTreeMap<Class, u32>,
    hit: Option<String>,
}

impl<'a> Tracer<'a> {
    fn new(root: Pid, folder: &'a Path, point: Option<Point>) -> Self {
        let (inside, counts) = (HashSet::new(), BTreeMap::new());
        Self { root, folder, point, begun: false, inside, last: None, counts, hit: None }
    }

    fn trace(&mut self) -> Result<End, Errno> {
        let flags = WaitPidFlag::WUNTRACED | WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
        while !matches!(waitpid(self.root, Some(flags))?, WaitStatus::Stopped(..)) {}
        let options = Options::PTRACE_O_TRACESYSGOOD
            | Options::PTRACE_O_TRACECLONE
            | Options::PTRACE_O_TRACEFORK
            | Options::PTRACE_O_TRACEVFORK
            | Options::PTRACE_O_TRACEEXEC
            | Options::PTRACE_O_EXITKILL;
        if let Err(error) = ptrace::seize(self.root, options) {
            kill(self.root, Signal::SIGKILL)?;
            waitpid(self.root, Some(WaitPidFlag::__WALL))?;
            return Err(error);
        }
        kill(self.root, Signal::SIGCONT)?;
        loop {
            match waitpid(None, Some(WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD))? {
                WaitStatus::Exited(thread, code) if thread == self.root => return Ok(End::Code(code)),
                WaitStatus::Signaled(thread, signal, _) if thread == self.root => {
                    return Ok(End::Signal(signal));
                }
                WaitStatus::PtraceSyscall(thread) => {
                    self.at_call(thread);
                    self.go_on(thread, None);
                }
                WaitStatus::PtraceEvent(thread, _, event) => {
                    self.begun |= event == libc::PTRACE_EVENT_EXEC;
                    self.go_on(thread, None);
                }
                WaitStatus::Stopped(thread, signal) => self.go_on(thread, Some(signal)),
                _ => {}
            }
        }
    }

    /// A thread that was killed meanwhile does not go on.
    fn go_on(&self, thread: Pid, signal: Option<Signal>) {
        let is_over = self.hit.is_some()
            && self.last.is_none()
            && !matches!(self.point, Some(Point { fault: Fault::Stays(_), .. }));
        let _ = if !self.begun || is_over {
            ptrace::cont(thread, signal)
        } else {
            ptrace::syscall(thread, signal)
        };
    }

    fn at_call(&mut self, thread: Pid) {
        if self.inside.remove(&thread) {
            if self.last == Some(thread) {
                let _ = kill(self.root, Signal::SIGKILL);
            }
            return;
        }
        let Ok(registers) = ptrace::getregs(thread) else { return };
        // Before a call, the register of the result says that there is none yet. The first stop after `exec` is its end.
        if registers.rax != u64::from_ne_bytes((-i64::from(libc::ENOSYS)).to_ne_bytes()) {
            return;
        }
        self.inside.insert(thread);
        let Some(call) = call(thread, &registers).filter(|call| call.path.starts_with(self.folder)) else {
            return;
        };
        let count = self.counts.entry(call.class).or_default();
        *count += 1;
        let Some(point) = self.point.filter(|point| point.class == call.class) else { return };
        let is_later = matches!(point.fault, Fault::Stays(_)) && *count > point.number;
        if *count == point.number || is_later {
            self.go_wrong(thread, &call, point.fault, registers);
        }
    }

    fn go_wrong(&mut self, thread: Pid, call: &Call, fault: Fault, registers: libc::user_regs_struct) {
        let path = call.path.strip_prefix(self.folder).unwrap_or(&call.path);
        self.hit.get_or_insert_with(|| format!("{} {}", call.name, path.display()));
        match fault {
            Fault::Kill => drop(kill(self.root, Signal::SIGKILL)),
            Fault::KillAfter => self.last = Some(thread),
            Fault::Term => drop(kill(self.root, Signal::SIGTERM)),
            _ => {}
        }
        if let Some(changed) = fault.change(call.class, registers) {
            let _ = ptrace::setregs(thread, changed);
        }
    }
}
