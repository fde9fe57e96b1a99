//! The account at Google Drive or Dropbox: asks what `OpenDAL` does not ask, and lets larder in anew when a service ended that early.

use super::Provider;
use super::tokens::Tokens;
use super::transport::elsewhere;
use crate::store::url::encoded;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What stays as it is in a part of a query.
const PLAIN: &str = "-._~";
/// How long an answer is waited for.
const WAIT: Duration = Duration::from_mins(1);
/// The same where a part of a file is sent.
const WAIT_FOR_PART: Duration = Duration::from_mins(5);

/// What is said to a request.
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) range: Option<String>,
    pub(super) body: Value,
}

/// What lets larder in, and where.
pub(super) struct Account {
    client: Client,
    provider: Provider,
    tokens: Tokens,
    /// Where tests have all hosts.
    stand_in: Option<String>,
    /// The newest access token that was asked for here.
    access: Mutex<Option<String>>,
}

impl Account {
    pub(super) fn new(provider: Provider, tokens: Tokens, client: Client, stand_in: Option<String>) -> Self {
        Self { client, provider, tokens, stand_in, access: Mutex::new(None) }
    }

    /// The access token that was asked for here, if one was.
    pub(super) fn access(&self) -> Option<String> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks for a new access token. Nothing says why there is none: whoever asked has an error of its own.
    pub(super) async fn renew(&self) -> Option<String> {
        let url = match self.provider {
            Provider::Gdrive => "https://oauth2.googleapis.com/token",
            Provider::Dropbox => "https://api.dropboxapi.com/oauth2/token",
        };
        let Tokens { client_id, client_secret, refresh_token } = &self.tokens;
        let said =
            [("client_id", client_id), ("client_secret", client_secret), ("refresh_token", refresh_token)];
        let said = said.map(|(name, value)| format!("&{name}={}", encoded(value, PLAIN))).concat();
        let request =
            self.client.post(self.at(url)).header("content-type", "application/x-www-form-urlencoded");
        let answer = answer(request.body(format!("grant_type=refresh_token{said}"))).await?;
        let access = answer["access_token"].as_str()?.to_owned();
        *self.access.lock().unwrap_or_else(PoisonError::into_inner) = Some(access.clone());
        Some(access)
    }

    /// The id of the file at Google Drive whose name no other has.
    pub(super) async fn id_of(&self, name: &str) -> Option<String> {
        Some(self.only_one(name, "id").await?["id"].as_str()?.to_owned())
    }

    /// What is said to a request, whatever that is.
    pub(super) async fn send(&self, request: impl Fn(&Client) -> RequestBuilder) -> reqwest::Result<Told> {
        let send = |access: Option<String>| {
            let request = request(&self.client).timeout(WAIT_FOR_PART);
            match access {
                Some(access) => request.bearer_auth(access),
                None => request,
            }
            .send()
        };
        let access = match self.access() {
            Some(access) => Some(access),
            None => self.renew().await,
        };
        let mut answer = send(access).await?;
        if answer.status() == reqwest::StatusCode::UNAUTHORIZED {
            answer = send(self.renew().await).await?;
        }
        let header = |name: &str| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
        let (status, location, range) = (answer.status().as_u16(), header("location"), header("range"));
        let body = serde_json::from_slice(&answer.bytes().await?).unwrap_or(Value::Null);
        Ok(Told { status, location, range, body })
    }

    /// Where a URL is, which in tests is elsewhere.
    pub(super) fn at(&self, url: &str) -> String {
        self.stand_in.as_ref().map_or_else(|| url.to_owned(), |stand_in| elsewhere(stand_in, url))
    }

    async fn ask(&self, request: impl Fn(&Client) -> RequestBuilder) -> Option<Value> {
        let access = match self.access() {
            Some(access) => access,
            None => self.renew().await?,
        };
        if let Some(answered) = answer(request(&self.client).bearer_auth(access)).await {
            return Some(answered);
        }
        let access = self.renew().await?;
        answer(request(&self.client).bearer_auth(access)).await
    }

    /// The MD5 that Google Drive tells of a file whose name no other has.
    pub(super) async fn md5_of(&self, name: &str) -> Option<String> {
        Some(self.only_one(name, "md5Checksum").await?["md5Checksum"].as_str()?.to_owned())
    }

    /// What Google Drive tells of a file whose name no other has.
    async fn only_one(&self, name: &str, field: &str) -> Option<Value> {
        let name = name.replace('\\', "\\\\").replace('\'', "\\'");
        let query = encoded(&format!("name = '{name}' and trashed = false"), PLAIN);
        let url =
            format!("https://www.googleapis.com/drive/v3/files?q={query}&pageSize=2&fields=files({field})");
        let found = self.ask(|client| client.get(self.at(&url))).await?;
        match found["files"].as_array()?.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        }
    }

    /// How many bytes may still be put there, where the service tells; nothing where there is no end.
    pub(super) async fn room(&self) -> Option<u64> {
        match self.provider {
            Provider::Gdrive => {
                let url = "https://www.googleapis.com/drive/v3/about?fields=storageQuota(limit,usage)";
                let about = self.ask(|client| client.get(self.at(url))).await?;
                let number = |name: &str| about["storageQuota"][name].as_str()?.parse::<u64>().ok();
                Some(number("limit")?.saturating_sub(number("usage")?))
            }
            Provider::Dropbox => {
                let url = self.at("https://api.dropboxapi.com/2/users/get_space_usage");
                let usage = self.ask(|client| client.post(&url).header("content-length", 0)).await?;
                let allocation = &usage["allocation"];
                // The room of a team is used by all of it.
                let used = allocation["used"].as_u64().or(usage["used"].as_u64())?;
                Some(allocation["allocated"].as_u64()?.saturating_sub(used))
            }
        }
    }
}

/// A good answer.
async fn answer(request: RequestBuilder) -> Option<Value> {
    let answer = request.timeout(WAIT).send().await.ok()?.error_for_status().ok()?;
    serde_json::from_slice(&answer.bytes().await.ok()?).ok()
}
