//! How a file gets to a remote store: in bounded memory, whatever its size.

use super::client::Remote;
use super::etag::etag_of;
use super::fault::fault;
use super::service::{Put, Way};
use crate::files;
use crate::progress::{Progress, Unit, step};
use crate::stream::read_full;
use anyhow::{Context, Result};
use md5::{Digest as _, Md5};
use opendal::{ErrorKind, Writer};
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The size of the parts of a file, unless there would be too many.
const PART: u64 = 8 << 20;
/// How many parts a file may have.
const MOST_PARTS: u64 = 10_000;
/// How many parts are on their way at once.
const AT_ONCE: usize = 3;
/// How much of a stream is written at once.
const BLOCK: usize = 1 << 20;
/// How often a single request is made again, and how long apart.
const RETRIES: u32 = 3;
const APART: Duration = Duration::from_millis(500);

/// What is known of an upload once it is there.
#[derive(Debug, Default)]
pub(super) struct Uploaded {
    /// What the service would call it, where that is a digest that can be computed here.
    pub(super) etag: Option<String>,
    /// What the service called the file when it took it.
    pub(super) told: Option<String>,
}

impl Remote {
    /// Uploads a file; with `is_new`, nothing of that name may be there. What fails leaves nothing, as well as can be.
    pub(super) fn upload(
        &self,
        file: &Path,
        to: &str,
        is_new: bool,
        progress: &dyn Progress,
    ) -> Result<Uploaded> {
        let size = files::metadata(file)?.map_or(0, |metadata| metadata.len());
        let opened = files::open(file)?;
        let work = || match &self.service.way {
            Way::Parts => self.upload_parts(opened, size, to, is_new, progress),
            Way::Stream => self.upload_stream(opened, to, progress),
            Way::Put(put) => self.put(put, file, size, to, progress),
            Way::Whole(whole) => self.upload_whole(whole, opened, size, to, progress),
        };
        step(progress, &format!("uploading to {}", self.url), Some(size), Unit::Bytes, work)
            .with_context(|| format!("{} is not uploaded to {}", files::name_of(file), self.url))
    }

    fn upload_parts(
        &self,
        mut file: File,
        size: u64,
        to: &str,
        is_new: bool,
        progress: &dyn Progress,
    ) -> Result<Uploaded> {
        let part = part_size(size);
        let path = self.path(to);
        let writer = self.service.operator.writer_with(&path).chunk(part).concurrent(AT_ONCE);
        let writer = writer.if_not_exists(is_new && self.service.knows_conditions());
        let mut writer = self.ask("write", to, writer.into_future())?;
        let digests = self.write_blocks(&mut writer, &mut file, part, to, progress);
        let digests = self.close(writer, to, digests)?;
        Ok(Uploaded { etag: Some(etag_of(&digests)), told: None })
    }

    fn upload_stream(&self, mut file: File, to: &str, progress: &dyn Progress) -> Result<Uploaded> {
        let path = self.path(to);
        let mut writer = self.ask("write", to, self.service.operator.writer(&path))?;
        let written = self.write_blocks(&mut writer, &mut file, BLOCK, to, progress);
        self.close(writer, to, written)?;
        Ok(Uploaded::default())
    }

    /// Writes a file in blocks of a size, and gives their MD5s.
    fn write_blocks(
        &self,
        writer: &mut Writer,
        file: &mut File,
        block: usize,
        to: &str,
        progress: &dyn Progress,
    ) -> Result<Vec<[u8; 16]>> {
        let mut digests = Vec::new();
        loop {
            let mut bytes = vec![0; block];
            let read = read_full(file, &mut bytes).context("cannot read what is to be uploaded")?;
            if read == 0 {
                return Ok(digests);
            }
            bytes.truncate(read);
            digests.push(Md5::digest(&bytes).into());
            self.ask("write", to, writer.write(bytes))?;
            self.runner.moved();
            progress.advance(read as u64);
        }
    }

    /// Ends an upload well, or takes back what is there of it.
    fn close<T>(&self, mut writer: Writer, to: &str, written: Result<T>) -> Result<T> {
        let closed = written.and_then(|written| {
            self.ask("write", to, writer.close())?;
            Ok(written)
        });
        if closed.is_err() {
            self.runner.tidy(async {
                let _ = writer.abort().await;
            });
        }
        self.runner.within(|| drop(writer));
        closed
    }

    /// Puts a file with a single request, whose body is read from the disk as it goes.
    fn put(&self, put: &Put, file: &Path, size: u64, to: &str, progress: &dyn Progress) -> Result<Uploaded> {
        self.make_folder()?;
        let url = self.url.join(to);
        let mut attempt = 0;
        loop {
            let sent = Arc::new(AtomicU64::new(0));
            let outcome = self.runner.run(async {
                let request = put_request(put, file, size, to, &sent)?;
                let mut answer = std::pin::pin!(request.send());
                let mut shown = 0;
                loop {
                    // The body is sent by another task, so what it has sent is looked at from time to time.
                    let done = tokio::time::timeout(Duration::from_millis(200), &mut answer).await;
                    let now = sent.load(Ordering::Relaxed);
                    if now != shown {
                        self.runner.moved();
                        progress.advance(now - shown);
                        shown = now;
                    }
                    if let Ok(done) = done {
                        return Ok(done);
                    }
                }
            })?;
            let error = match outcome {
                Ok(answer) if answer.status().is_success() => return Ok(Uploaded::default()),
                Ok(answer) => status_error(answer.status()),
                Err(error) => opendal::Error::new(ErrorKind::Unexpected, "send http request")
                    .set_temporary()
                    .set_source(error.without_url()),
            };
            attempt += 1;
            if attempt > RETRIES || !error.is_temporary() {
                return Err(fault("write", &url, &error));
            }
            progress.detail(&format!("{url}: {error}; once more"));
            self.runner.run(async {
                tokio::time::sleep(APART * 2u32.pow(attempt)).await;
                Ok(())
            })?;
        }
    }

    /// Makes the store's folder where it is not there yet.
    fn make_folder(&self) -> Result<()> {
        let folder = if self.service.prefix.is_empty() { "/" } else { &self.service.prefix };
        self.ask("make the folder", "", self.service.operator.create_dir(folder))
    }
}

fn put_request(
    put: &Put,
    file: &Path,
    size: u64,
    to: &str,
    sent: &Arc<AtomicU64>,
) -> Result<reqwest::RequestBuilder> {
    let name = crate::store::url::encoded(to, "-._~");
    let request = put.client.put(format!("{}{name}", put.folder));
    let request = match &put.user {
        Some(user) => request.basic_auth(user, put.password.as_ref()),
        None => request,
    };
    let body = reqwest::Body::wrap_stream(blocks(files::open(file)?, Arc::clone(sent)));
    Ok(request.header("content-length", size).header("content-type", "application/octet-stream").body(body))
}

/// A file as a stream of blocks, counted as they are taken.
fn blocks(
    file: File,
    sent: Arc<AtomicU64>,
) -> impl futures_util::Stream<Item = std::io::Result<Vec<u8>>> + Send + Sync + 'static {
    let file = Mutex::new(file);
    futures_util::stream::poll_fn(move |_| {
        let mut block = vec![0; BLOCK / 4];
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        std::task::Poll::Ready(match read_full(&mut *file, &mut block) {
            Ok(0) => None,
            Ok(read) => {
                block.truncate(read);
                sent.fetch_add(read as u64, Ordering::Relaxed);
                Some(Ok(block))
            }
            Err(error) => Some(Err(error)),
        })
    })
}

fn status_error(status: reqwest::StatusCode) -> opendal::Error {
    let kind = match status.as_u16() {
        401 | 403 => ErrorKind::PermissionDenied,
        404 | 409 => ErrorKind::NotFound,
        429 => ErrorKind::RateLimited,
        _ => ErrorKind::Unexpected,
    };
    let error = opendal::Error::new(kind, format!("the server answered {status}"));
    if status.as_u16() == 429 || (status.is_server_error() && status.as_u16() != 507) {
        error.set_temporary()
    } else {
        error
    }
}

/// How large the parts of a file are, so that there are not too many.
fn part_size(size: u64) -> usize {
    const MIB: u64 = 1 << 20;
    let least = size.div_ceil(MOST_PARTS).div_ceil(MIB) * MIB;
    usize::try_from(least.max(PART)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_parts_hold_every_file() {
        for size in [0, 1, PART, 80 << 30, 5 << 40] {
            let part = part_size(size) as u64;
            assert!(part >= PART && size.div_ceil(part) <= MOST_PARTS, "{size}");
        }
    }
}
