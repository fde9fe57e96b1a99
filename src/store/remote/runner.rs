//! Runs what waits for the network, until it is done, somebody asks to stop, or nothing has moved for too long.

use crate::error::Fault;
use crate::progress::StopSignal;
use anyhow::{Context, Result};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// How long nothing may move before it is given up; every request has its own, shorter patience.
const STALLED: Duration = Duration::from_mins(15);
/// How often it is looked whether to stop.
const LOOK: Duration = Duration::from_millis(50);
/// How long what must be tidied up may take, after an error or a request to stop.
const TIDYING: Duration = Duration::from_secs(5);

/// Runs what waits for the network.
#[derive(Debug)]
pub(super) struct Runner {
    runtime: Option<Runtime>,
    stop: StopSignal,
    /// Counts what moved.
    moved: AtomicU64,
}

impl Runner {
    pub(super) fn new(stop: StopSignal) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("cannot make a runtime for the network")?;
        Ok(Self { runtime: Some(runtime), stop, moved: AtomicU64::new(0) })
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is there until it is dropped")
    }

    /// Does something in the runtime's context that is not waited for.
    pub(super) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        let _entered = self.runtime().enter();
        work()
    }

    /// Says that something moved.
    pub(super) fn moved(&self) {
        self.moved.fetch_add(1, Ordering::Relaxed);
    }

    /// Runs until it is done, somebody asks to stop, or nothing has moved for too long.
    pub(super) fn run<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtime().block_on(async {
            tokio::select! {
                biased;
                error = self.watch() => Err(error.into()),
                done = work => done,
            }
        })
    }

    /// Runs something that tidies up, also when somebody asked to stop. There is nobody to tell where it fails.
    pub(super) fn tidy(&self, work: impl Future<Output = ()>) {
        self.runtime().block_on(async {
            let _ = tokio::time::timeout(TIDYING, work).await;
        });
    }

    async fn watch(&self) -> Fault {
        let (mut last, mut since) = (self.moved.load(Ordering::Relaxed), Instant::now());
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Fault::interrupted();
            }
            let now = self.moved.load(Ordering::Relaxed);
            if now != last {
                (last, since) = (now, Instant::now());
            }
            if since.elapsed() > STALLED {
                return Fault::failed("nothing has moved for a quarter of an hour")
                    .hint("look at the network, and run it again");
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        // A look-up of a name that does not end must not keep the process from ending.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Kind, kind};

    #[test]
    fn a_request_to_stop_ends_it_at_once() {
        let stop = StopSignal::default();
        let runner = Runner::new(StopSignal::clone(&stop)).expect("a runner");
        assert_eq!(runner.run(async { Ok(1) }).expect("done"), 1);
        stop.store(true, Ordering::Relaxed);
        let error = runner.run(std::future::pending::<Result<()>>()).expect_err("it never ends");
        assert_eq!(kind(&error), Kind::Interrupted);
        let mut tidied = false;
        runner.tidy(async { tidied = true });
        assert!(tidied);
    }
}
