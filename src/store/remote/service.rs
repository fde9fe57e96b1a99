//! What stands behind a URL: an operator of `OpenDAL`, and how large files get there.

use super::Provider;
use super::Surroundings;
use super::account::Account;
use super::credentials;
use super::runner::Runner;
use super::tokens::Tokens;
use super::transport::{STAND_IN, STAND_IN_LIMIT, Transport};
use super::whole::Whole;
use crate::error::Fault;
use crate::store::{Scheme, Url};
use anyhow::{Context, Result};
use opendal::layers::{RetryLayer, TimeoutLayer};
use opendal::services::{Dropbox, Gdrive, S3, Sftp, Webdav};
use opendal::{HttpTransporter, OperationContext, Operator};
use opendal_http_transport_reqwest::ReqwestTransport;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a request that moves no content may take.
const ANSWER: Duration = Duration::from_mins(1);
/// How long a request that moves a part of a file may take: 8 MiB at the slowest that is worth waiting for.
const PART: Duration = Duration::from_mins(5);
/// How large a file may be that Google Drive and Dropbox get with one request; larger ones go in parts of that size.
const LARGEST_WHOLE: u64 = 16 << 20;
/// How long one may take that moves a whole file: less than the patience of the runner.
const WHOLE: Duration = Duration::from_mins(14);
/// How often a request is made again that failed for a reason that may pass, and how long apart at the least.
const RETRIES: usize = 3;
const APART: Duration = Duration::from_millis(500);

/// What stands behind a URL.
pub(super) struct Service {
    /// All but large uploads goes through it.
    pub(super) operator: Operator,
    /// What the names of files begin with there.
    pub(super) prefix: String,
    /// How a large file gets there.
    pub(super) way: Way,
    /// How many requests may be made at once.
    pub(super) at_once: usize,
    /// Whether it can be told to write only where nothing is, as far as is known.
    conditions: AtomicBool,
}

/// How a large file gets there.
pub(super) enum Way {
    /// In parts, of which one object is made at the end: S3.
    Parts,
    /// As a stream: SFTP.
    Stream,
    /// In one request: `WebDAV`.
    Put(Put),
    /// From memory, up to a size: Google Drive and Dropbox.
    Whole(Whole),
}

/// Where and as whom files are put.
pub(super) struct Put {
    pub(super) client: reqwest::Client,
    /// The folder, with a slash at its end.
    pub(super) folder: String,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Service {
    /// Whether a part of a file can be had as fast as the whole.
    pub(super) fn reads_in_parts(&self) -> bool {
        matches!(self.way, Way::Parts)
    }

    /// Whether it can be told to write only where nothing is.
    pub(super) fn knows_conditions(&self) -> bool {
        self.conditions.load(Ordering::Relaxed)
    }

    /// Remembers that it cannot.
    pub(super) fn forget_conditions(&self) {
        self.conditions.store(false, Ordering::Relaxed);
    }

    /// Nothing is asked of the store yet, but for the region of a bucket that nobody named.
    pub(super) fn new(url: &Url, surroundings: &Surroundings, runner: &Runner) -> Result<Self> {
        let client = client()?;
        let mut service = match url.scheme {
            Scheme::S3 => s3(url, surroundings, runner)?,
            Scheme::Webdav | Scheme::Webdavs => webdav(url, surroundings, client.clone())?,
            Scheme::Sftp => sftp(url)?,
            Scheme::Gdrive => signed_in(Provider::Gdrive, url, surroundings, client.clone())?,
            Scheme::Dropbox => signed_in(Provider::Dropbox, url, surroundings, client.clone())?,
        };
        let stand_in = stand_in(surroundings).filter(|_| url.scheme.has_no_host());
        let (account, patience) = match &service.way {
            Way::Whole(whole) => (Some(Arc::clone(&whole.account)), WHOLE),
            _ => (None, PART),
        };
        let transport = Transport { inner: ReqwestTransport::new(client), stand_in, account };
        let context = OperationContext::new().with_http_transport(HttpTransporter::new(transport));
        let timeout = TimeoutLayer::new().with_timeout(ANSWER).with_io_timeout(patience);
        let retry = RetryLayer::new().with_max_times(RETRIES).with_min_delay(APART).with_jitter();
        service.operator = service.operator.with_context(context).layer(timeout).layer(retry);
        Ok(service)
    }
}

pub(super) fn client() -> Result<reqwest::Client> {
    // A second installation changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(20))
        .user_agent(concat!("larder/", env!("CARGO_PKG_VERSION")));
    client.build().context("cannot make an HTTP client")
}

fn s3(url: &Url, surroundings: &Surroundings, runner: &Runner) -> Result<Service> {
    let endpoint = url.endpoint.clone().or_else(|| (surroundings.variable)("AWS_ENDPOINT_URL_S3"));
    let endpoint = endpoint.or_else(|| (surroundings.variable)("AWS_ENDPOINT_URL"));
    let region = url.region.clone().or_else(|| credentials::aws_region(surroundings));
    let region = match (region, &endpoint) {
        (Some(region), _) => region,
        // Servers of one's own do not mind which.
        (None, Some(_)) => "us-east-1".to_owned(),
        (None, None) => {
            let detected = async { Ok(S3::detect_region("https://s3.amazonaws.com", &url.host).await) };
            let unknown = || {
                Fault::failed(format!("the region of {url} is not known"))
                    .hint("name it: AWS_REGION, or ?region= in the URL")
            };
            runner.run(detected)?.ok_or_else(unknown)?
        }
    };
    let mut builder = S3::default().bucket(&url.host).root(&rooted(&url.path)).region(&region);
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint(&endpoint);
    }
    if (surroundings.variable)("AWS_EC2_METADATA_DISABLED")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    {
        builder = builder.disable_ec2_metadata();
    }
    let operator = built(Operator::new(builder), url)?;
    Ok(Service {
        operator,
        prefix: String::new(),
        way: Way::Parts,
        at_once: 16,
        conditions: AtomicBool::new(true),
    })
}

fn webdav(url: &Url, surroundings: &Surroundings, client: reqwest::Client) -> Result<Service> {
    let scheme = if url.scheme == Scheme::Webdav { "http" } else { "https" };
    let endpoint = format!("{scheme}://{}", url.host);
    let (user, password) = credentials::webdav(&url.host, url.user.as_deref(), surroundings)?;
    let mut builder = Webdav::default().endpoint(&endpoint).root(&rooted(&url.path));
    if let Some(user) = &user {
        builder = builder.username(user).password(password.as_deref().unwrap_or_default());
    }
    let operator = built(Operator::new(builder), url)?;
    let path = crate::store::url::encoded(&url.path, "-._~/");
    let slash = if path.is_empty() { "" } else { "/" };
    let folder = format!("{endpoint}/{path}{slash}");
    let way = Way::Put(Put { client, folder, user, password });
    Ok(Service { operator, prefix: String::new(), way, at_once: 16, conditions: AtomicBool::new(false) })
}

fn sftp(url: &Url) -> Result<Service> {
    let user = url.user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
    let mut builder = Sftp::default().endpoint(&format!("ssh://{user}{}", url.host));
    let mut prefix = String::new();
    match url.path.strip_prefix("~").filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        Some(in_home) => prefix = in_home.trim_start_matches('/').to_owned() + "/",
        None => builder = builder.root(&rooted(&url.path)),
    }
    let prefix = if prefix == "/" { String::new() } else { prefix };
    let operator = built(Operator::new(builder), url)?;
    Ok(Service { operator, prefix, way: Way::Stream, at_once: 4, conditions: AtomicBool::new(false) })
}

/// Google Drive or Dropbox.
fn signed_in(
    provider: Provider,
    url: &Url,
    surroundings: &Surroundings,
    client: reqwest::Client,
) -> Result<Service> {
    let tokens = Tokens::find(provider, surroundings)?;
    let (root, id, secret, token) =
        (rooted(&url.path), &tokens.client_id, &tokens.client_secret, &tokens.refresh_token);
    let operator = match provider {
        Provider::Gdrive => {
            let builder = Gdrive::default().root(&root).client_id(id).client_secret(secret);
            Operator::new(builder.refresh_token(token))
        }
        Provider::Dropbox => {
            let builder = Dropbox::default().root(&root).client_id(id).client_secret(secret);
            Operator::new(builder.refresh_token(token))
        }
    };
    let operator = built(operator, url)?;
    let stand_in = stand_in(surroundings);
    let smaller = (surroundings.variable)(STAND_IN_LIMIT).filter(|_| stand_in.is_some());
    let limit = smaller.and_then(|limit| limit.parse().ok()).unwrap_or(LARGEST_WHOLE);
    let account = Arc::new(Account::new(provider, tokens, client, stand_in));
    let way = Way::Whole(Whole { limit, provider, account });
    Ok(Service { operator, prefix: String::new(), way, at_once: 8, conditions: AtomicBool::new(false) })
}

/// Where tests have all hosts.
fn stand_in(surroundings: &Surroundings) -> Option<String> {
    (surroundings.variable)(STAND_IN)
}

fn rooted(path: &str) -> String {
    format!("/{path}")
}

fn built(operator: opendal::Result<Operator>, url: &Url) -> Result<Operator> {
    operator.map_err(|error| Fault::usage(format!("{url} cannot be used: {}", error.message())).into())
}
