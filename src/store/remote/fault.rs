//! What went wrong with a remote store, in a sentence, and what to do about it.

use crate::error::Fault;
use crate::store::{Scheme, Url};
use opendal::{Error, ErrorKind};
use std::error::Error as _;

/// The error of an operation at a URL. The service's own text is its cause, unless all is said without.
pub(super) fn fault(operation: &str, url: &Url, error: &Error) -> anyhow::Error {
    let texts = texts(error);
    let (what, hint) = explain(url, error.kind(), &texts);
    let message = format!("cannot {operation} {url}: {what}");
    let fault = Fault::failed(message);
    let fault = match hint {
        Some(hint) => fault.hint(hint),
        None => fault,
    };
    match what {
        UNEXPECTED => anyhow::anyhow!("{}", said(error)).context(fault),
        _ => fault.into(),
    }
}

const UNEXPECTED: &str = "something unexpected happened";

/// All that an error and its causes say, in lower case, to be searched; of the answer behind it only the status, since its
/// headers may say anything.
fn texts(error: &Error) -> String {
    let mut texts = error.message().to_owned();
    let all = error.to_string();
    if let Some((_, rest)) = all.split_once("Parts { status: ") {
        texts += &format!("; status {}", rest.get(..3).unwrap_or_default());
    }
    let mut cause = error.source();
    while let Some(next) = cause {
        texts += &format!("; {next}");
        cause = next.source();
    }
    texts.to_lowercase()
}

/// What a service said, in a line and without what requests carry.
fn said(error: &Error) -> String {
    let mut innermost = error.message().to_owned();
    let mut cause = error.source();
    while let Some(next) = cause {
        innermost = format!("{innermost}: {next}");
        cause = next.source();
    }
    let line = innermost.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(400).collect()
}

/// What has only one meaning: words in what a server or a library says, what that means, and what to do.
const PLAIN: &[(&[&str], &str, &str)] = &[
    (
        &["nosuchbucket"],
        "there is no such bucket",
        "make it first, or look at the name, the region and the endpoint",
    ),
    (
        &["dns error", "failed to lookup", "could not resolve hostname"],
        "its host is not known",
        "look at its name, and at the network",
    ),
    (
        &["connection refused"],
        "nothing answers there: the connection was refused",
        "is the server running, and is the port right?",
    ),
    (
        &["certificate", "invalidcertificate", "unknownissuer"],
        "its certificate is not trusted",
        "install the certificate of its authority on this machine",
    ),
    (
        &[
            "insufficientstorage",
            "status 507",
            "answered 507",
            "storage quota has been exceeded",
            "quotaexceeded",
            "storagequota",
            "insufficient_space",
            "no space left",
        ],
        "there is no room left",
        "free some space there: larder prune deletes what a policy does not keep",
    ),
];

/// What may be said of a connection for other reasons too, when nothing else explains it.
const BROKEN: &[&str] =
    &["connection reset", "connection closed", "broken pipe", "error sending request", "connect error"];

fn explain(url: &Url, kind: ErrorKind, texts: &str) -> (&'static str, Option<String>) {
    let has = |parts: &[&str]| parts.iter().any(|part| texts.contains(part));
    let hint = |text: &str| Some(text.to_owned());
    if has(&["host key verification failed"]) {
        let hint = format!("connect once by hand to see its key: ssh {}", url.host);
        return ("ssh does not know the server's key", Some(hint));
    }
    if let Some((_, what, todo)) = PLAIN.iter().find(|(words, ..)| has(words)) {
        return (what, hint(todo));
    }
    let signs_in = matches!(url.scheme, Scheme::Gdrive | Scheme::Dropbox);
    if let Some(explained) = explain_program(texts).filter(|_| signs_in) {
        return explained;
    }
    if has(&["timed out", "timeout reached", "timeout"]) {
        return ("it did not answer in time", hint("look at the network, and run it again"));
    }
    let is_login = signs_in && has(&["deserialize json", "invalid_grant"]);
    if is_login || is_denied(kind, texts) {
        return ("it does not let you in, or may not be written to", Some(credentials(url)));
    }
    if has(BROKEN) {
        return ("the connection broke", hint("look at the network and the server, and run it again"));
    }
    match kind {
        ErrorKind::NotFound => {
            ("there is nothing of that name", hint("larder list STORE shows what is there"))
        }
        ErrorKind::RateLimited => too_often(),
        ErrorKind::AlreadyExists | ErrorKind::ConditionNotMatch => taken(),
        _ => (UNEXPECTED, None),
    }
}

/// What Google Drive and Dropbox have to say about the user's program.
fn explain_program(texts: &str) -> Option<(&'static str, Option<String>)> {
    let has = |parts: &[&str]| parts.iter().any(|part| texts.contains(part));
    if has(&["has not been used in project"]) {
        let hint = "enable it, as docs/stores.md says".to_owned();
        return Some(("its API is not enabled for your program", Some(hint)));
    }
    if has(&["missing_scope", "insufficient authentication scopes"]) {
        let hint = "give it the permissions that docs/stores.md names, then sign in again".to_owned();
        return Some(("your program lacks a permission", Some(hint)));
    }
    if has(&["rate limit exceeded", "too_many_requests"]) {
        return Some(too_often());
    }
    has(&["to/conflict", "path/conflict"]).then(taken)
}

fn too_often() -> (&'static str, Option<String>) {
    ("it asks to be asked less often", Some("wait a while, and run it again".to_owned()))
}

fn taken() -> (&'static str, Option<String>) {
    let hint = "another larder may just be writing there: run it again".to_owned();
    ("something of that name is there already", Some(hint))
}

fn is_denied(kind: ErrorKind, texts: &str) -> bool {
    let words = [
        "invalidaccesskeyid",
        "signaturedoesnotmatch",
        "accessdenied",
        "unauthorized",
        "permission denied",
        "status 401",
        "status 403",
        "answered 401",
        "answered 403",
        "expired_access_token",
        "invalid_access_token",
        "no valid credential",
        "credential is empty",
        "failed to load signing credential",
    ];
    kind == ErrorKind::PermissionDenied || words.iter().any(|word| texts.contains(word))
}

/// Where the credentials of a store come from.
pub(super) fn credentials(url: &Url) -> String {
    match url.scheme {
        Scheme::S3 => {
            "keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ~/.aws/credentials".to_owned()
        }
        Scheme::Webdav | Scheme::Webdavs => {
            "the user is in the URL, its password in LARDER_WEBDAV_PASSWORD or ~/.netrc".to_owned()
        }
        Scheme::Sftp => format!("ssh must get in without a question: ssh -o BatchMode=yes {}", url.host),
        Scheme::Gdrive => "sign in again: larder store login gdrive".to_owned(),
        Scheme::Dropbox => "sign in again: larder store login dropbox".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Location;

    #[test]
    fn what_went_wrong_is_a_sentence_with_a_hint() {
        for (url, kind, text, what) in [
            ("s3://b", ErrorKind::NotFound, "NoSuchBucket", "there is no such bucket"),
            ("s3://b", ErrorKind::Unexpected, "InvalidAccessKeyId", "it does not let you in"),
            ("s3://b", ErrorKind::Unexpected, "dns error", "its host is not known"),
            ("s3://b", ErrorKind::RateLimited, "SlowDown", "it asks to be asked less often"),
            ("s3://b", ErrorKind::ConditionNotMatch, "", "something of that name is there already"),
            (
                "webdavs://h",
                ErrorKind::Unexpected,
                "invalid peer certificate",
                "its certificate is not trusted",
            ),
            ("webdavs://h", ErrorKind::Unexpected, "the server answered 507", "there is no room left"),
            ("webdavs://h", ErrorKind::Unexpected, "operation timed out", "it did not answer in time"),
            ("sftp://h", ErrorKind::Unexpected, "connection reset by peer", "the connection broke"),
            ("sftp://h", ErrorKind::Unexpected, "Permission denied (publickey)", "it does not let you in"),
            ("dropbox://x", ErrorKind::Unexpected, "deserialize json", "it does not let you in"),
            ("gdrive://x", ErrorKind::NotFound, "", "there is nothing of that name"),
            (
                "gdrive://x",
                ErrorKind::PermissionDenied,
                "The user's Drive storage quota has been exceeded.",
                "there is no room left",
            ),
            (
                "gdrive://x",
                ErrorKind::PermissionDenied,
                "Google Drive API has not been used in project 1 before or it is disabled.",
                "its API is not enabled",
            ),
            (
                "gdrive://x",
                ErrorKind::PermissionDenied,
                "Rate Limit Exceeded",
                "it asks to be asked less often",
            ),
            ("dropbox://x", ErrorKind::Unexpected, "missing_scope/", "your program lacks a permission"),
            (
                "dropbox://x",
                ErrorKind::Unexpected,
                "to/conflict/file/",
                "something of that name is there already",
            ),
        ] {
            let Ok(Location::Url(url)) = Location::of(url.as_ref()) else { panic!("a URL") };
            let error = fault("list", &url, &Error::new(kind, text));
            assert!(format!("{error:#}").starts_with(&format!("cannot list {url}: {what}")), "{error:#}");
            assert!(crate::error::hint(&error).is_some(), "{error:#}");
        }
        let Ok(Location::Url(url)) = Location::of("s3://b".as_ref()) else { panic!("a URL") };
        let answer = |status: u16| {
            let headers = "headers: {\"keep-alive\": \"timeout=5\", \"x-id\": \"403507401\"}";
            let parts = format!("Parts {{ status: {status}, version: HTTP/1.1, {headers} }}");
            let error = Error::new(ErrorKind::Unexpected, "strange").with_context("response", parts);
            format!("{:#}", fault("list", &url, &error))
        };
        assert_eq!(answer(500), "cannot list s3://b: something unexpected happened: strange");
        assert_eq!(answer(401), "cannot list s3://b: it does not let you in, or may not be written to");
        let error = Error::new(ErrorKind::Unexpected, "strange")
            .with_context("url", "https://x?client_secret=geheim");
        let text = format!("{:#}", fault("list", &url, &error));
        assert_eq!(text, "cannot list s3://b: something unexpected happened: strange");
    }
}
