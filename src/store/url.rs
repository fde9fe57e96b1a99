//! URLs of remote stores and of files in them, which have no secrets.

use crate::error::{Fault, nearest};
use anyhow::Result;
use std::fmt;

/// How a remote store is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// Amazon S3, and what speaks as it does.
    S3,
    /// `WebDAV` over HTTP.
    Webdav,
    /// `WebDAV` over HTTPS.
    Webdavs,
    /// The file transfer of SSH.
    Sftp,
    /// Google Drive.
    Gdrive,
    /// Dropbox.
    Dropbox,
}

/// All of them.
const SCHEMES: [Scheme; 6] =
    [Scheme::S3, Scheme::Webdav, Scheme::Webdavs, Scheme::Sftp, Scheme::Gdrive, Scheme::Dropbox];

impl Scheme {
    /// What a URL begins with.
    pub fn name(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Webdav => "webdav",
            Self::Webdavs => "webdavs",
            Self::Sftp => "sftp",
            Self::Gdrive => "gdrive",
            Self::Dropbox => "dropbox",
        }
    }

    /// Whether what stands behind `//` is a part of the path, since there is one host only.
    pub(super) fn has_no_host(self) -> bool {
        matches!(self, Self::Gdrive | Self::Dropbox)
    }
}

/// The URL that a text was meant to be that is none: `s3:/bucket`, or what scp calls a place. A text without a password only.
pub fn meant(text: &str) -> Option<String> {
    if text.contains("://") || text.starts_with(['.', '/', '~']) {
        return None;
    }
    let scheme_and_rest = text.split_once(':').or_else(|| text.split_once("//"));
    let (scheme, rest) = scheme_and_rest?;
    let known = SCHEMES.iter().find(|known| known.name().eq_ignore_ascii_case(scheme));
    if let Some(known) = known {
        return Some(format!("{}://{}", known.name(), rest.trim_start_matches('/')));
    }
    let (user, host) = scheme.split_once('@')?;
    let is_plain = |text: &str| !text.is_empty() && !text.contains(['/', '@', ' ']);
    let path = if rest.starts_with('/') { rest.to_owned() } else { format!("/~/{rest}") };
    (is_plain(user) && is_plain(host)).then(|| format!("sftp://{user}@{host}{path}"))
}

/// A URL without secrets: they come from the environment or from files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Url {
    /// How it is reached.
    pub scheme: Scheme,
    /// The user.
    pub user: Option<String>,
    /// The host with its port, or the bucket; empty where the scheme says it.
    pub host: String,
    /// The folder or file, without slashes at its ends.
    pub path: String,
    /// The region, of S3.
    pub region: Option<String>,
    /// The server, of S3.
    pub endpoint: Option<String>,
}

impl Url {
    /// Reads a URL, of which `scheme` and `rest` are what stands before and behind `://`.
    pub(super) fn parse(text: &str, scheme: &str, rest: &str) -> Result<Self> {
        let (authority, _) = rest.split_once(['/', '?', '#']).unwrap_or((rest, ""));
        if let Some((_, _)) = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')) {
            // The URL is not repeated: the password is in it.
            return Err(Fault::usage(format!("a {scheme}:// URL has a password in it"))
                .hint("take it out: it comes from the environment or a file, as docs/stores.md says")
                .into());
        }
        let scheme = scheme_of(scheme, text)?;
        if text.contains(|c: char| c.is_control()) || rest.contains('#') {
            return Err(Fault::usage(format!("{text:?} cannot be a URL of a store")).into());
        }
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) =
            if scheme.has_no_host() { ("", place) } else { place.split_once('/').unwrap_or((place, "")) };
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(decoded(user, text)?), host),
            None => (None, authority),
        };
        let mut url = Self {
            scheme,
            user,
            host: host.to_owned(),
            path: clean(&decoded(path, text)?, text)?,
            region: None,
            endpoint: None,
        };
        url.read_query(query, text)?;
        url.refuse_incomplete(text)?;
        Ok(url)
    }

    fn read_query(&mut self, query: &str, text: &str) -> Result<()> {
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = Some(decoded(value, text)?).filter(|value| !value.is_empty());
            match name {
                "region" if self.scheme == Scheme::S3 => self.region = value,
                "endpoint" if self.scheme == Scheme::S3 => self.endpoint = value,
                _ => {
                    // What is unknown may be a secret that somebody put there.
                    let message = format!("{name:?} is nothing that a {}:// URL can say", self.scheme.name());
                    let hint = match self.scheme {
                        Scheme::S3 => "it can say region and endpoint; keys come from the environment",
                        _ => "leave out what stands behind the ?",
                    };
                    return Err(Fault::usage(message).hint(hint).into());
                }
            }
        }
        Ok(())
    }

    fn refuse_incomplete(&self, text: &str) -> Result<()> {
        if self.endpoint.as_ref().is_some_and(|endpoint| endpoint.contains('@')) {
            return Err(Fault::usage("the endpoint of an s3:// URL has a user in it").into());
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
        if !self.scheme.has_no_host() && (self.host.is_empty() || !self.host.chars().all(allowed)) {
            let what = if self.scheme == Scheme::S3 { "a bucket" } else { "a host" };
            return Err(Fault::usage(format!("{text:?} does not name {what}")).into());
        }
        if self.user.is_some() && matches!(self.scheme, Scheme::S3) {
            return Err(Fault::usage(format!("{text:?}: an s3:// URL has no user"))
                .hint("keys come from the environment, as docs/stores.md says")
                .into());
        }
        if self.user.as_ref().is_some_and(|user| user.is_empty() || user.starts_with('-'))
            || self.host.starts_with('-')
        {
            return Err(Fault::usage(format!("{text:?} cannot be a URL of a store")).into());
        }
        Ok(())
    }

    /// A file in it.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) };
        Self { path, ..self.clone() }
    }

    /// The folder and the name of a file in it.
    pub fn split(&self) -> Result<(Self, String)> {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        if name.is_empty() {
            return Err(Fault::usage(format!("{self} does not name a file")).into());
        }
        Ok((Self { path: folder.to_owned(), ..self.clone() }, name.to_owned()))
    }
}

fn scheme_of(scheme: &str, text: &str) -> Result<Scheme> {
    let known = SCHEMES.iter().find(|known| known.name().eq_ignore_ascii_case(scheme));
    if let Some(known) = known {
        return Ok(*known);
    }
    let hint = match scheme.to_ascii_lowercase().as_str() {
        "http" => "WebDAV is webdav://".to_owned(),
        "https" => {
            "WebDAV is webdavs://; S3 with a server of its own is s3://BUCKET?endpoint=https://…".to_owned()
        }
        "file" => "name the folder itself".to_owned(),
        "ssh" | "scp" => "SSH's file transfer is sftp://".to_owned(),
        other => nearest(other, &SCHEMES.map(Scheme::name)),
    };
    let shown = text.split_once("://").map_or(text, |(scheme, _)| scheme);
    Err(Fault::usage(format!("larder knows no store of the kind {shown}://")).hint(hint).into())
}

/// A path without empty parts; one that leads elsewhere is refused.
fn clean(path: &str, text: &str) -> Result<String> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| matches!(*part, "." | "..")) || path.contains(char::is_control) {
        return Err(Fault::usage(format!("{text:?}: . and .. have no place in a URL")).into());
    }
    Ok(parts.join("/"))
}

/// Text with `%40` and the like made what they stand for.
pub(super) fn decoded(part: &str, text: &str) -> Result<String> {
    let not_one = || Fault::usage(format!("{text:?}: % must be followed by two hexadecimal digits"));
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2).ok_or_else(not_one)?;
        let digits = std::str::from_utf8(digits).map_err(|_| not_one())?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| not_one())?);
        rest = after;
    }
    String::from_utf8(bytes).map_err(|_| Fault::usage(format!("{text:?} is not UTF-8")).into())
}

/// Text as a part of a URL.
pub(super) fn encoded(text: &str, plain: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.as_bytes().contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme.name())?;
        if let Some(user) = &self.user {
            write!(f, "{}@", encoded(user, "-._~"))?;
        }
        f.write_str(&self.host)?;
        if !self.path.is_empty() {
            let slash = if self.scheme.has_no_host() { "" } else { "/" };
            write!(f, "{slash}{}", encoded(&self.path, "-._~/ :@+,=()!'"))?;
        }
        let said = [("region", &self.region), ("endpoint", &self.endpoint)];
        let said = said.iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        for (at, (name, value)) in said.enumerate() {
            write!(f, "{}{name}={}", if at == 0 { '?' } else { '&' }, encoded(value, "-._~/:"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearly_a_url_is_known_and_paths_are_not() {
        for (text, right) in [
            ("s3:/bucket/a", Some("s3://bucket/a")),
            ("s3:bucket", Some("s3://bucket")),
            ("s3//bucket", Some("s3://bucket")),
            ("Webdavs:ada@host/x", Some("webdavs://ada@host/x")),
            ("gdrive:", Some("gdrive://")),
            ("ada@host:x", Some("sftp://ada@host/~/x")),
            ("ada@host:/srv/x", Some("sftp://ada@host/srv/x")),
            ("s3", None),
            ("backups", None),
            ("C:/x", None),
            ("a:b", None),
            ("./s3:x", None),
            ("a/b@c:d", None),
            ("app@ada-2026-11-20T10-30-00Z.json.gz", None),
        ] {
            assert_eq!(meant(text).as_deref(), right, "{text}");
        }
    }
}
