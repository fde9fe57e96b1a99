//! Commands in which one system call goes wrong: nothing is lost, and nothing is said that is not so.

mod calls;
mod fault;
mod judge;
mod look;
mod plan;
mod report;
mod scenes;
mod states;
mod store;
mod tracer;
mod worker;

use scenes::SCENES;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use worker::Worker;

#[test]
fn a_call_that_goes_wrong_costs_nothing_and_is_told() {
    // Before this thread stays on one of them.
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    tracer::stay_on(0);
    let mut first = Worker::new();
    let mut all = Vec::new();
    for scene in SCENES.iter().filter(|scene| plan::may_be_chosen(scene)) {
        match first.counts(scene) {
            Ok(counts) => all.extend(plan::all(scene, &counts)),
            Err(error) => {
                println!("skipped: this process may not trace another one: {error}");
                return;
            }
        }
    }
    let (known, chosen) = (all.len(), plan::mixed(plan::chosen(all)));
    assert!(!chosen.is_empty(), "there is no such run");
    let (next, runs, began) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()), Instant::now());
    let work = |mut worker: Worker, processor: usize| {
        tracer::stay_on(processor);
        while let Some(trial) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
            let run = worker.run(trial.scene, trial.point).expect("it could be traced before");
            let mut runs = runs.lock().expect("no thread panics while it holds it");
            if !run.wrong.is_empty() && chosen.len() > 1 {
                println!("{trial}: {}", run.wrong[0]);
            }
            runs.insert(*trial, run);
            if runs.len().is_multiple_of(500) {
                println!("{} of {} done", runs.len(), chosen.len());
            }
        }
        worker
    };
    // Each prepares the scenes for itself.
    let threads = (processors * 2).min(1 + chosen.len() / 40);
    let worker = std::thread::scope(|scope| {
        for thread in 1..threads {
            let work = &work;
            scope.spawn(move || work(Worker::new(), thread % processors));
        }
        work(first, 0)
    });
    let runs = runs.into_inner().expect("all threads ended");
    if let [trial] = chosen.as_slice() {
        println!("{trial}: {:?}\nin {}", runs[trial], worker.keep().display());
    }
    let (report, wrong) = report::report(&runs);
    println!("{report}of {known} in {:.0?}", began.elapsed());
    assert!(wrong.is_empty(), "{report}\n{}", wrong.join("\n"));
}
