#![cfg(unix)]

use super::*;
use crate::error::{Kind, kind};
use crate::progress::{Silent, StopSignal, Unit};
use std::io::Cursor;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

fn hook(command: &str) -> Hook<'_> {
    Hook { name: "after", command, timeout: Duration::from_mins(1) }
}

fn ran(command: &str) -> Ran {
    run(&hook(command), &[], None, &Silent).expect("it runs")
}

#[test]
fn it_knows_what_it_is_told_and_reads_what_it_is_given() {
    let environment = [("LARDER_DATABASE".to_owned(), "/a b/\"c\".db".to_owned())];
    let stdin: Box<dyn Read + Send> = Box::new(Cursor::new(b"one\ntwo\n".to_vec()));
    let command = "echo \"$LARDER_HOOK $LARDER_DATABASE\"; cat; echo oops >&2";
    let ran = run(&hook(command), &environment, Some(stdin), &Silent).expect("it runs");
    assert_eq!(ran.output, "after /a b/\"c\".db\none\ntwo\noops\n");
    ran.require().expect("it went well");
    // It needs no PATH.
    let empty = [("PATH".to_owned(), String::new()), ("HOME".to_owned(), String::new())];
    assert_eq!(run(&hook("echo here"), &empty, None, &Silent).expect("it runs").output, "here\n");
    // Without anything to read there is an end, not a terminal.
    assert_eq!(self::ran("cat; echo end").output, "end\n");
}

#[test]
fn what_it_does_not_read_holds_up_nothing() {
    let begun = Instant::now();
    for command in ["true", "head -c 5 > /dev/null", "exec <&-; sleep 0.1"] {
        let stdin: Box<dyn Read + Send> = Box::new(Cursor::new(vec![b'x'; 10_000_000]));
        run(&hook(command), &[], Some(stdin), &Silent).expect("it runs").require().expect(command);
    }
    assert!(begun.elapsed() < Duration::from_secs(20));
    let stdin: Box<dyn Read + Send> = Box::new(Cursor::new(vec![b'x'; 10_000_000]));
    let ran = run(&hook("wc -c"), &[], Some(stdin), &Silent).expect("it runs");
    assert_eq!(ran.output.trim(), "10000000");
}

#[test]
fn a_failure_says_how_and_what_it_said_last() {
    let ran = ran("echo first; echo 'no space' >&2; echo; exit 3");
    let error = ran.require().expect_err("it failed");
    assert_eq!(error.to_string(), "the hook after failed (exit status: 3): no space");
    let error = self::ran("kill -9 $$").require().expect_err("it was killed");
    assert!(error.to_string().starts_with("the hook after failed (signal: 9"), "{error}");
    assert!(self::ran("no-such-command").require().is_err());
}

#[test]
fn only_the_last_of_much_output_is_kept_and_it_is_harmless() {
    let ran = ran("printf '\\033[31mred\\007\\r\\n\\377'; seq 100000; printf end");
    assert!(ran.output.len() <= TAIL && ran.output.len() > TAIL / 2, "{}", ran.output.len());
    assert!(ran.output.ends_with("\n99999\n100000\nend"));
    assert_eq!(self::ran("printf '\\033[31mred\\007\\r\\n\\377x'").output, "\\u{1b}[31mred\\u{7}\n\u{fffd}x");
}

/// A process whose number a command wrote, and whether it still runs.
fn runs(output: &str) -> bool {
    let number: u32 = output.lines().next().expect("a line").trim().parse().expect("a number");
    let state = std::fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
    !state.is_empty() && !state.contains(") Z ")
}

#[test]
fn what_takes_too_long_is_ended_with_all_that_it_started() {
    let command = "(sh -c 'echo $$; exec sleep 300') & wait";
    let begun = Instant::now();
    let hook = Hook { timeout: Duration::from_millis(700), ..hook(command) };
    let ran = run(&hook, &[], None, &Silent).expect("it runs");
    assert_eq!(ran.ended, Ended::TimedOut(hook.timeout));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(!runs(&ran.output), "{}", ran.output);
    let error = ran.require().expect_err("it took too long");
    assert!(error.to_string().starts_with("the hook after took longer than 700ms and was ended"), "{error}");
}

#[test]
fn what_does_not_end_when_it_is_asked_to_is_ended_all_the_same() {
    let command = "trap '' TERM; (sh -c 'echo $$; exec sleep 300') & while :; do sleep 1; done";
    let begun = Instant::now();
    let ran = run(&Hook { timeout: Duration::from_millis(300), ..hook(command) }, &[], None, &Silent);
    let ran = ran.expect("it runs");
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert!(!runs(&ran.output), "{}", ran.output);
}

#[test]
fn what_it_leaves_running_is_not_waited_for() {
    let begun = Instant::now();
    let ran = ran("sleep 5 & echo started");
    assert!(begun.elapsed() < Duration::from_secs(4));
    assert_eq!(ran.output, "started\n");
}

#[derive(Default)]
struct Listener {
    lines: Mutex<Vec<String>>,
    stop: StopSignal,
}

impl Progress for Listener {
    fn begin(&self, _: &str, _: Option<u64>, _: Unit) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
    fn detail(&self, message: &str) {
        self.lines.lock().expect("one thread").push(message.to_owned());
        self.stop.store(message == "stop", Ordering::Relaxed);
    }
    fn note(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
    fn stop_signal(&self) -> StopSignal {
        self.stop.clone()
    }
}

#[test]
fn its_lines_are_passed_on_and_it_stops_with_the_process() {
    let listener = Listener::default();
    run(&hook("echo one; printf two"), &[], None, &listener).expect("it runs");
    assert_eq!(*listener.lines.lock().expect("one thread"), ["one", "two"]);
    let error = run(&hook("echo stop; sleep 300"), &[], None, &listener).expect_err("it was stopped");
    assert_eq!(kind(&error), Kind::Interrupted);
}
