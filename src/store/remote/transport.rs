//! How requests of `OpenDAL` travel: as the service wants them, or in tests to a stand-in for services that have no server to start.

use super::account::Account;
use http::header::{AUTHORIZATION, HeaderValue};
use http::{Request, Response, StatusCode};
use opendal::{Buffer, HttpBody, HttpTransport};
use opendal_http_transport_reqwest::ReqwestTransport;
use std::fmt::Write;
use std::sync::Arc;

/// Where tests have all hosts, as `http://127.0.0.1:PORT`: each is a folder there.
pub(super) const STAND_IN: &str = "LARDER_STAND_IN";
/// How large a file such a stand-in takes, in bytes.
pub(super) const STAND_IN_LIMIT: &str = "LARDER_STAND_IN_LIMIT";

/// Where Dropbox is told what a request is about.
const ARGUMENT: &str = "dropbox-api-arg";

/// How often a request is made at the most for which larder is not let in.
const ATTEMPTS: u32 = 3;

/// Sends requests.
pub(super) struct Transport {
    pub(super) inner: ReqwestTransport,
    pub(super) stand_in: Option<String>,
    pub(super) account: Option<Arc<Account>>,
}

impl HttpTransport for Transport {
    async fn fetch(&self, mut request: Request<Buffer>) -> opendal::Result<Response<HttpBody>> {
        if let Some(stand_in) = &self.stand_in
            && let Ok(uri) = elsewhere(stand_in, &request.uri().to_string()).parse()
        {
            *request.uri_mut() = uri;
        }
        if let Some(argument) = request.headers_mut().get_mut(ARGUMENT) {
            make_ascii(argument);
        }
        let account = self.account.as_ref().filter(|_| request.headers().contains_key(AUTHORIZATION));
        let Some(account) = account else { return self.inner.fetch(request).await };
        let mut used = account.access();
        let mut attempt = 0;
        loop {
            if let Some(access) = &used {
                sign(&mut request, access);
            }
            let answer = self.inner.fetch(request.clone()).await?;
            attempt += 1;
            // What lets larder in may end before the time that was told. Another request may have asked for a new one already.
            if answer.status() != StatusCode::UNAUTHORIZED || attempt == ATTEMPTS {
                return Ok(answer);
            }
            let newer = account.access().filter(|access| used.as_ref() != Some(access));
            used = match newer {
                Some(access) => Some(access),
                None => account.renew().await,
            };
            if used.is_none() {
                return Ok(answer);
            }
        }
    }
}

fn sign(request: &mut Request<Buffer>, access: &str) {
    if let Ok(value) = HeaderValue::try_from(format!("Bearer {access}")) {
        request.headers_mut().insert(AUTHORIZATION, value);
    }
}

/// JSON in a header must be ASCII; what is not is escaped.
fn make_ascii(json: &mut HeaderValue) {
    let Ok(text) = std::str::from_utf8(json.as_bytes()) else { return };
    let mut escaped = String::new();
    for letter in text.chars() {
        if letter.is_ascii() && letter != '\u{7f}' {
            escaped.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    if let Ok(value) = HeaderValue::try_from(escaped) {
        *json = value;
    }
}

/// A URL at the stand-in.
pub(super) fn elsewhere(stand_in: &str, url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    format!("{stand_in}/{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_folder_of_the_stand_in() {
        let url = elsewhere("http://127.0.0.1:1", "https://api.dropboxapi.com/2/files?q=1");
        assert_eq!(url, "http://127.0.0.1:1/api.dropboxapi.com/2/files?q=1");
    }

    #[test]
    fn json_in_a_header_is_ascii() {
        let mut value = HeaderValue::try_from("{\"path\":\"/bücher 🎬\"}".to_owned()).expect("a value");
        make_ascii(&mut value);
        assert_eq!(value, "{\"path\":\"/b\\u00fccher \\ud83c\\udfac\"}");
    }
}
