//! Where a store or a file is: on this machine, or at a URL.

use super::{Url, url};
use crate::error::Fault;
use crate::files;
use anyhow::Result;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where something is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// A path of this machine.
    Path(PathBuf),
    /// A place in a remote store.
    Url(Url),
}

impl Location {
    /// What an argument means: what begins like `s3://` is a URL, all else a path.
    pub fn of(argument: &Path) -> Result<Self> {
        match argument.to_str().and_then(|text| Some((text, text.split_once("://")?))) {
            Some((text, (scheme, rest))) if is_scheme(scheme) => {
                Url::parse(text, scheme, rest).map(Self::Url)
            }
            _ => match argument.to_str().and_then(url::meant) {
                Some(right) if files::metadata(argument).is_ok_and(|metadata| metadata.is_none()) => {
                    Err(not_a_url(&argument.to_string_lossy(), &right).into())
                }
                _ => Ok(Self::Path(argument.to_owned())),
            },
        }
    }

    /// Whether another way to say it means the same place.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let resolved = |location: &Self| location.path().and_then(|path| files::resolve(path).ok());
        self == other || resolved(self).is_some_and(|own| resolved(other).is_some_and(|other| own == other))
    }

    /// The path, where it is on this machine.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) => Some(path),
            Self::Url(_) => None,
        }
    }

    /// As arguments and results have it: a path is itself, and so is the text of a URL.
    pub fn to_path(&self) -> PathBuf {
        match self {
            Self::Path(path) => path.clone(),
            Self::Url(url) => PathBuf::from(url.to_string()),
        }
    }

    /// A file in it.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        match self {
            Self::Path(path) => Self::Path(path.join(name)),
            Self::Url(url) => Self::Url(url.join(name)),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
            Self::Url(url) => url.fmt(f),
        }
    }
}

/// An error about a text that was meant to be a URL, and the right form.
pub fn not_a_url(text: &str, right: &str) -> Fault {
    Fault::usage(format!("{text:?} is neither a file or folder nor a URL"))
        .hint(format!("as a URL it is {right}; a path of this machine begins with ./ or /"))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match Location::of(Path::new(text)) {
            Ok(Location::Path(path)) => format!("path {}", path.display()),
            Ok(Location::Url(url)) => url.to_string(),
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn what_begins_with_a_scheme_is_a_url() {
        for (text, is) in [
            ("backups", "path backups"),
            ("./s3://x", "path ./s3://x"),
            ("s3://bucket", "s3://bucket"),
            ("S3://bucket//a/b/", "s3://bucket/a/b"),
            (
                "s3://bucket/a?region=eu-1&endpoint=http%3A%2F%2F127.0.0.1:9000",
                "s3://bucket/a?region=eu-1&endpoint=http://127.0.0.1:9000",
            ),
            ("webdavs://ada%40home@host:8443/a b", "webdavs://ada%40home@host:8443/a b"),
            ("sftp://ada@host:2222/srv/x", "sftp://ada@host:2222/srv/x"),
            ("gdrive://backups/movies", "gdrive://backups/movies"),
            ("dropbox://", "dropbox://"),
        ] {
            assert_eq!(shown(text), is);
            assert_eq!(
                shown(&shown(text)),
                if is.starts_with("path") { format!("path {}", shown(text)) } else { is.to_owned() }
            );
        }
    }

    #[test]
    fn what_cannot_be_is_refused_and_no_secret_is_repeated() {
        for (text, message) in [
            ("webdav://ada:geheim@host/x", "a webdav:// URL has a password in it"),
            ("foo://ada:geheim@host/x", "a foo:// URL has a password in it"),
            ("s3://b?secret_access_key=geheim", "\"secret_access_key\" is nothing that a s3:// URL can say"),
            ("https://ada/geheim", "larder knows no store of the kind https://"),
            ("s3:///x", "\"s3:///x\" does not name a bucket"),
            ("sftp:///x", "\"sftp:///x\" does not name a host"),
            ("sftp://-oProxyCommand=x/y", "\"sftp://-oProxyCommand=x/y\" does not name a host"),
            ("sftp://-x/y", "\"sftp://-x/y\" cannot be a URL of a store"),
            ("s3://b/a/../c", "\"s3://b/a/../c\": . and .. have no place in a URL"),
            ("s3://b/%zz", "\"s3://b/%zz\": % must be followed by two hexadecimal digits"),
            ("s3:/bucket/a", "\"s3:/bucket/a\" is neither a file or folder nor a URL"),
            ("s3:bucket", "\"s3:bucket\" is neither a file or folder nor a URL"),
            ("S3//bucket", "\"S3//bucket\" is neither a file or folder nor a URL"),
            ("ada@host:srv/x", "\"ada@host:srv/x\" is neither a file or folder nor a URL"),
            ("s3://key@b", "\"s3://key@b\": an s3:// URL has no user"),
        ] {
            assert_eq!(shown(text), message);
            assert!(!shown(text).contains("geheim"));
        }
    }

    #[test]
    fn a_file_has_a_folder_and_a_name() {
        let Ok(Location::Url(url)) = Location::of(Path::new("s3://b/a/x.db?region=r")) else {
            panic!("a URL")
        };
        let (folder, name) = url.split().expect("a file");
        assert_eq!((folder.to_string().as_str(), name.as_str()), ("s3://b/a?region=r", "x.db"));
        assert_eq!(folder.join(&name), url);
    }
}
