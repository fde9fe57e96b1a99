//! A single request that tells somebody something.

use super::runner::Runner;
use super::service::client;
use crate::progress::StopSignal;
use anyhow::{Context, Result};
use std::time::Duration;

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same where somebody waits for the process to end.
const LAST_WORD: Duration = Duration::from_secs(3);
/// How often it is tried, where the network fails.
const ATTEMPTS: u32 = 3;
/// How long apart.
const APART: Duration = Duration::from_millis(500);

/// Posts a text to a URL, and gives the status of the answer. No error has the URL. Without a signal, somebody has asked to stop
/// already: it is tried once, and not for long.
pub fn post(url: &str, text: &str, stop: Option<&StopSignal>) -> Result<u16> {
    let (attempts, patience) = if stop.is_some() { (ATTEMPTS, PATIENCE) } else { (1, LAST_WORD) };
    let runner = Runner::new(stop.cloned().unwrap_or_default())?;
    let client = client()?;
    runner.run(async {
        let mut attempt = 1;
        loop {
            let request = client.post(url).timeout(patience).body(text.to_owned());
            match request.send().await.map_err(reqwest::Error::without_url) {
                Err(error) if attempt < attempts && !error.is_builder() => {
                    attempt += 1;
                    tokio::time::sleep(APART).await;
                }
                answer => return Ok(answer.context("there is no answer")?.status().as_u16()),
            }
        }
    })
}
