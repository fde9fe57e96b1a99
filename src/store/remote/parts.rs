//! How a larger file gets to Google Drive or Dropbox: in parts, each of which may be sent again.

use super::Provider;
use super::account::{Account, Told};
use super::client::Remote;
use super::etag::{BlockHash, etag_of};
use super::fault::fault;
use super::upload::Uploaded;
use super::whole::Whole;
use crate::error::Fault;
use crate::progress::Progress;
use crate::stream::read_full;
use anyhow::{Context, Result};
use md5::{Digest as _, Md5};
use opendal::{Error, ErrorKind};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use std::fs::File;
use std::time::Duration;

/// Google Drive takes parts of a multiple of this many bytes.
const STEP: u64 = 256 << 10;
/// How often a part is sent again, and how long apart.
const RETRIES: u32 = 3;
const APART: Duration = Duration::from_millis(500);

/// An upload that was begun.
enum Session {
    /// By its id, of Dropbox.
    Dropbox(String),
    /// By its address, of Google Drive.
    Gdrive(String),
}

/// A part of a file.
struct Part<'a> {
    bytes: &'a [u8],
    /// Where in the file it begins.
    offset: u64,
    /// How large the file is.
    size: u64,
}

impl Part<'_> {
    fn end(&self) -> u64 {
        self.offset + self.bytes.len() as u64
    }

    fn is_last(&self) -> bool {
        self.end() == self.size
    }
}

/// What became of a part.
enum Taken {
    /// The service has it, and all before it.
    All,
    /// The service has this many bytes of the file, which are fewer.
    UpTo(u64),
    /// It was the last, and this is what the service says of the file.
    Done(Value),
    /// The service does not want it, whatever is tried.
    Refused(anyhow::Error),
}

impl Remote {
    /// Sends a file in parts. No more than one of them is in memory.
    pub(super) fn upload_in_parts(
        &self,
        whole: &Whole,
        mut file: File,
        size: u64,
        to: &str,
        progress: &dyn Progress,
    ) -> Result<Uploaded> {
        let session = self.begin(whole, size, to)?;
        let (mut blocks, mut md5) = (BlockHash::default(), Md5::new());
        let mut offset = 0;
        let mut said = Value::Null;
        let mut bytes = vec![0; usize::try_from(part_size(whole)).unwrap_or(usize::MAX)];
        while offset < size {
            let read = read_full(&mut file, &mut bytes).context("cannot read what is to be uploaded")?;
            if read == 0 {
                return Err(Fault::failed("what is to be uploaded became shorter").into());
            }
            blocks.update(&bytes[..read]);
            md5.update(&bytes[..read]);
            let part = Part { bytes: &bytes[..read], offset, size };
            match self.send_part(whole, &session, &part, to) {
                Ok(done) => said = done.unwrap_or(said),
                // The last answer got lost, and what was sent is there. It is compared in any case.
                Err(_) if part.is_last() && self.has_all(to, size) => {}
                Err(error) => return Err(error),
            }
            offset = part.end();
            self.runner.moved();
            progress.advance(read as u64);
        }
        let (etag, told) = match whole.provider {
            Provider::Dropbox => (blocks.finish(), said["content_hash"].as_str().map(str::to_owned)),
            Provider::Gdrive => {
                let told = self.runner.run(async { Ok(whole.account.md5_of(to).await) })?;
                (etag_of(&[md5.finalize().into()]), told)
            }
        };
        Ok(Uploaded { etag: Some(etag), told })
    }

    fn has_all(&self, to: &str, size: u64) -> bool {
        self.stat(to).is_ok_and(|found| found.is_some_and(|found| found.content_length() == size))
    }

    fn begin(&self, whole: &Whole, size: u64, to: &str) -> Result<Session> {
        let url = self.url.join(to);
        let refused = |told: &Told| fault("write", &url, &refusal(told));
        let account = &whole.account;
        match whole.provider {
            Provider::Dropbox => {
                let start = "https://content.dropboxapi.com/2/files/upload_session/start";
                let argument = ascii(&json!({ "close": false }));
                let told = self.tell(to, account, |client| {
                    let request = client.post(account.at(start)).header("dropbox-api-arg", &argument);
                    request.header("content-type", "application/octet-stream").body(Vec::new())
                })?;
                let id = told.body["session_id"].as_str().ok_or_else(|| refused(&told))?;
                Ok(Session::Dropbox(id.to_owned()))
            }
            Provider::Gdrive => {
                // OpenDAL makes the folders that are not there.
                self.ask("write", to, self.service.operator.write(&self.path(to), Vec::<u8>::new()))?;
                let missing = || Fault::failed(format!("{url} was begun, and is not there"));
                let id = self.runner.run(async { Ok(account.id_of(to).await) })?.ok_or_else(missing)?;
                let begin =
                    format!("https://www.googleapis.com/upload/drive/v3/files/{id}?uploadType=resumable");
                let told = self.tell(to, account, |client| {
                    let request = client.patch(account.at(&begin)).header("x-upload-content-length", size);
                    request.header("content-type", "application/json; charset=UTF-8").body("{}")
                })?;
                let place = told.location.clone().ok_or_else(|| refused(&told))?;
                Ok(Session::Gdrive(place))
            }
        }
    }

    /// Sends a part, again where that fails for a reason that may pass, and gives what is said of the file after the last.
    fn send_part(
        &self,
        whole: &Whole,
        session: &Session,
        part: &Part<'_>,
        to: &str,
    ) -> Result<Option<Value>> {
        let mut from = part.offset;
        let mut attempt = 0;
        loop {
            let skipped = usize::try_from(from - part.offset).unwrap_or(0);
            let rest = Part { bytes: &part.bytes[skipped..], offset: from, size: part.size };
            let sent = match session {
                Session::Dropbox(id) => self.send_to_dropbox(whole, id, &rest, to),
                Session::Gdrive(place) => self.send_to_drive(whole, place, &rest, to),
            };
            let error = match sent {
                Ok(Taken::All) => return Ok(None),
                Ok(Taken::Done(said)) => return Ok(Some(said)),
                Ok(Taken::Refused(error)) => return Err(error),
                // The service knows best how far it got.
                Ok(Taken::UpTo(known)) if (part.offset..part.end()).contains(&known) => {
                    from = known;
                    let url = self.url.join(to);
                    let message = format!("cannot write {url}: {known} of {} bytes arrived", part.size);
                    Fault::failed(message).hint("run it again").into()
                }
                Ok(Taken::UpTo(known)) => {
                    let message = format!("{} has {known} bytes of what was sent", self.url.join(to));
                    return Err(Fault::failed(message).hint("run it again").into());
                }
                Err(error) => error,
            };
            attempt += 1;
            if attempt > RETRIES || crate::error::kind(&error) == crate::error::Kind::Interrupted {
                return Err(error);
            }
            self.runner.run(async {
                tokio::time::sleep(APART * 2u32.pow(attempt)).await;
                Ok(())
            })?;
        }
    }

    fn send_to_dropbox(&self, whole: &Whole, id: &str, part: &Part<'_>, to: &str) -> Result<Taken> {
        let cursor = json!({ "session_id": id, "offset": part.offset });
        let (call, argument) = if part.is_last() {
            let path = format!("/{}", self.url.join(to).path);
            let commit = json!({ "path": path, "mode": "overwrite", "mute": true });
            ("finish", json!({ "cursor": cursor, "commit": commit }))
        } else {
            ("append_v2", json!({ "cursor": cursor, "close": false }))
        };
        let url = whole.account.at(&format!("https://content.dropboxapi.com/2/files/upload_session/{call}"));
        let (argument, bytes) = (ascii(&argument), part.bytes.to_vec());
        let told = self.told(to, &whole.account, |client| {
            let request = client.post(&url).header("dropbox-api-arg", &argument);
            request.header("content-type", "application/octet-stream").body(bytes.clone())
        })?;
        // An answer that got lost: the part is there.
        let known = told.body["error"]["correct_offset"].as_u64();
        let known = known.or(told.body["error"]["lookup_failed"]["correct_offset"].as_u64());
        match (told.status, known) {
            (200, _) if part.is_last() => Ok(Taken::Done(told.body)),
            (200, _) => Ok(Taken::All),
            (409, Some(known)) if known == part.end() && !part.is_last() => Ok(Taken::All),
            (409, Some(known)) => Ok(Taken::UpTo(known)),
            _ => self.refused(&told, to),
        }
    }

    fn send_to_drive(&self, whole: &Whole, place: &str, part: &Part<'_>, to: &str) -> Result<Taken> {
        let range = format!("bytes {}-{}/{}", part.offset, part.end() - 1, part.size);
        let bytes = part.bytes.to_vec();
        let told = self.told(to, &whole.account, |client| {
            client.put(place).header("content-range", &range).body(bytes.clone())
        });
        let told = match told {
            Ok(told) if !may_pass(told.status) => told,
            // It may have come all the same: the service says how far it got.
            failed => {
                let asked = format!("bytes */{}", part.size);
                let told = self.told(to, &whole.account, |client| {
                    client.put(place).header("content-range", &asked).body(Vec::new())
                });
                match (told, failed) {
                    (Ok(told), _) if !may_pass(told.status) => told,
                    (_, Err(error)) | (Err(error), _) => return Err(error),
                    (Ok(told), _) => return Err(fault("write", &self.url.join(to), &refusal(&told))),
                }
            }
        };
        match told.status {
            200 | 201 => Ok(Taken::Done(told.body)),
            308 => {
                let last =
                    told.range.as_deref().and_then(|range| range.rsplit_once('-')?.1.parse::<u64>().ok());
                let known = last.map_or(0, |last| last + 1);
                Ok(if known == part.end() { Taken::All } else { Taken::UpTo(known) })
            }
            _ => self.refused(&told, to),
        }
    }

    fn refused(&self, told: &Told, to: &str) -> Result<Taken> {
        let error = fault("write", &self.url.join(to), &refusal(told));
        if may_pass(told.status) { Err(error) } else { Ok(Taken::Refused(error)) }
    }

    /// What a service says to a request, which has to be well.
    fn tell(&self, to: &str, account: &Account, request: impl Fn(&Client) -> RequestBuilder) -> Result<Told> {
        let told = self.told(to, account, request)?;
        if (200..300).contains(&told.status) {
            return Ok(told);
        }
        Err(fault("write", &self.url.join(to), &refusal(&told)))
    }

    /// What a service says to a request, whatever it is.
    fn told(&self, to: &str, account: &Account, request: impl Fn(&Client) -> RequestBuilder) -> Result<Told> {
        let broken = |error: reqwest::Error| {
            let error =
                Error::new(ErrorKind::Unexpected, "send http request").set_source(error.without_url());
            fault("write", &self.url.join(to), &error)
        };
        self.runner.run(async { account.send(request).await.map_err(broken) })
    }
}

/// How large the parts are.
fn part_size(whole: &Whole) -> u64 {
    match whole.provider {
        Provider::Dropbox => whole.limit,
        Provider::Gdrive => whole.limit.div_ceil(STEP) * STEP,
    }
}

/// Whether the same request may go well later.
fn may_pass(status: u16) -> bool {
    status == 429 || (500..600).contains(&status) && status != 507
}

fn refusal(told: &Told) -> Error {
    let summary = told.body["error_summary"].as_str().or(told.body["error"]["message"].as_str());
    let message = format!("the server answered {}: {}", told.status, summary.unwrap_or_default());
    let kind = match told.status {
        401 | 403 => ErrorKind::PermissionDenied,
        429 => ErrorKind::RateLimited,
        _ => ErrorKind::Unexpected,
    };
    Error::new(kind, message)
}

/// JSON in a header, which is ASCII.
fn ascii(value: &Value) -> String {
    let mut text = String::new();
    for unit in value.to_string().encode_utf16() {
        match u8::try_from(unit).ok().filter(|byte| byte.is_ascii() && *byte != 0x7f) {
            Some(byte) => text.push(char::from(byte)),
            None => text += &format!("\\u{unit:04x}"),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_a_header_is_ascii_and_the_same() {
        let value = json!({ "path": "/Bücher/Ada's 🎬\u{7f}" });
        let text = ascii(&value);
        assert!(text.is_ascii() && !text.contains('\u{7f}'), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
    }
}
