//! Tells a service that watches (healthchecks and the like) when something begins, and how it ended.
//!
//! A `POST` to the URL, to `URL/start` and to `URL/fail`, as <https://healthchecks.io/docs/http_api/> has it, with a sentence as
//! its body.

#[cfg(feature = "remote")]
use crate::error::Fault;
use crate::progress::StopSignal;
use anyhow::Result;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It begins.
    Start,
    /// It ended well.
    Success,
    /// It did not.
    Failure,
}

/// The URL of an event.
#[cfg(any(feature = "remote", test))]
fn url_of(url: &str, event: Event) -> String {
    let (place, query) = url.split_once('?').map_or((url, None), |(place, query)| (place, Some(query)));
    let place = place.trim_end_matches('/');
    let place = match event {
        Event::Start => format!("{place}/start"),
        Event::Success => place.to_owned(),
        Event::Failure => format!("{place}/fail"),
    };
    query.map_or(place.clone(), |query| format!("{place}?{query}"))
}

/// The longest body, in bytes: healthchecks keeps no more.
#[cfg(any(feature = "remote", test))]
const LONGEST: usize = 10_000;

/// Tells the service. The URL is a secret of its own, and is in no error. Without a signal, somebody has asked to stop already,
/// which is told too, and shortly.
#[cfg(feature = "remote")]
pub fn tell(url: &str, event: Event, sentence: &str, stop: Option<&StopSignal>) -> Result<()> {
    use crate::store::remote::post;
    let end = (0..=sentence.len().min(LONGEST)).rev().find(|at| sentence.is_char_boundary(*at)).unwrap_or(0);
    let status = post(&url_of(url, event), &sentence[..end], stop)?;
    if (200..300).contains(&status) {
        return Ok(());
    }
    Err(Fault::failed(format!("the answer was {status}")).into())
}

/// Tells the service.
#[cfg(not(feature = "remote"))]
pub fn tell(_: &str, _: Event, _: &str, _: Option<&StopSignal>) -> Result<()> {
    Err(crate::error::Fault::usage("this larder was built without a network")
        .hint("build it with one: cargo install --path . --features remote")
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_has_its_url() {
        for (url, start, success, failure) in [
            ("https://hc/x", "https://hc/x/start", "https://hc/x", "https://hc/x/fail"),
            ("https://hc/x/", "https://hc/x/start", "https://hc/x", "https://hc/x/fail"),
            ("http://h/x?rid=1", "http://h/x/start?rid=1", "http://h/x?rid=1", "http://h/x/fail?rid=1"),
        ] {
            let all = [Event::Start, Event::Success, Event::Failure].map(|event| url_of(url, event));
            assert_eq!(all, [start, success, failure]);
        }
        assert_eq!(LONGEST, 10_000);
    }
}
