//! Signing in to Google Drive or Dropbox: OAuth 2 with PKCE (RFC 7636), the answer coming to this machine (RFC 8252).

use super::Provider;
use super::Surroundings;
use super::runner::Runner;
use super::service::client;
use super::tokens::Tokens;
use super::transport::{STAND_IN, elsewhere};
use crate::error::Fault;
use crate::progress::StopSignal;
use crate::store::url::encoded;
use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// What stays as it is in a part of a query.
const PLAIN: &str = "-._~";
/// How long the answer is waited for.
const WAIT: Duration = Duration::from_mins(10);

/// A login that was begun.
pub struct Login {
    provider: Provider,
    client_id: String,
    client_secret: String,
    verifier: String,
    state: String,
    redirect: String,
}

impl Login {
    /// Begins one for the user's own program. The answer comes to `port` of this machine.
    pub fn begin(provider: Provider, client_id: String, client_secret: String, port: u16) -> Result<Self> {
        let random = || -> Result<String> {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes)
                .map_err(|error| Fault::failed(format!("there is no randomness: {error}")))?;
            Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
        };
        let redirect = format!("http://127.0.0.1:{port}/");
        Ok(Self { provider, client_id, client_secret, verifier: random()?, state: random()?, redirect })
    }

    /// What the user opens in a browser.
    pub fn url(&self) -> String {
        let (place, more) = match self.provider {
            Provider::Gdrive => (
                "https://accounts.google.com/o/oauth2/v2/auth",
                // Only files that larder made itself.
                "&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fdrive.file&access_type=offline&prompt=consent",
            ),
            Provider::Dropbox => ("https://www.dropbox.com/oauth2/authorize", "&token_access_type=offline"),
        };
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier));
        format!(
            "{place}?response_type=code&client_id={}&redirect_uri={}&state={}&code_challenge={challenge}\
             &code_challenge_method=S256{more}",
            encoded(&self.client_id, PLAIN),
            encoded(&self.redirect, PLAIN),
            self.state,
        )
    }

    /// Waits until the browser brings the answer.
    pub fn wait(&self, listener: &TcpListener, stop: &StopSignal) -> Result<String> {
        listener.set_nonblocking(true).context("cannot listen for the browser")?;
        let began = Instant::now();
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(Fault::interrupted().into());
            }
            if began.elapsed() > WAIT {
                return Err(Fault::failed("no browser brought an answer within ten minutes")
                    .hint("run it again; --no-browser takes the answer from the keyboard")
                    .into());
            }
            if let Ok((stream, _)) = listener.accept()
                && let Some(answer) = self.answer_of(stream)
            {
                return self.code_of(&answer);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What a browser asks for, where that is an answer: others may knock too.
    fn answer_of(&self, mut stream: TcpStream) -> Option<String> {
        stream.set_nonblocking(false).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        let mut request = vec![0; 8 << 10];
        let read = stream.read(&mut request).ok()?;
        let text = String::from_utf8_lossy(&request[..read]).into_owned();
        let target = text.strip_prefix("GET ")?.split_whitespace().next()?.to_owned();
        let is_answer = target.contains(&self.state);
        let (status, says) = if is_answer {
            ("200 OK", "larder has its answer. You can close this page.")
        } else {
            ("404 Not Found", "larder waits for another page.")
        };
        let length = says.len();
        let _ = write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{says}"
        );
        is_answer.then_some(target)
    }

    /// The code in an answer: the address that the browser was led to, or the code alone.
    pub fn code_of(&self, answer: &str) -> Result<String> {
        let Some((_, query)) = answer.trim().split_once('?') else { return Ok(answer.trim().to_owned()) };
        let value = |name: &str| {
            query
                .split(['&', ' ', '#'])
                .filter_map(|pair| pair.split_once('='))
                .find(|(n, _)| *n == name)
                .map(|(_, v)| v)
        };
        if value("state") != Some(&self.state) {
            return Err(Fault::failed("the answer belongs to another login").hint("run it again").into());
        }
        if let Some(error) = value("error") {
            return Err(
                Fault::failed(format!("{} does not let larder in: {error}", self.provider.name())).into()
            );
        }
        let code = value("code").ok_or_else(|| Fault::failed("there is no code in the answer"))?;
        crate::store::url::decoded(code, "the code")
    }

    /// Exchanges the code for a token, keeps that, and says where.
    pub fn finish(&self, code: &str, surroundings: &Surroundings) -> Result<PathBuf> {
        let runner = Runner::new(surroundings.stop.clone())?;
        let answer = runner.run(self.exchange(code, surroundings))?;
        let Some(refresh_token) = answer["refresh_token"].as_str() else {
            let why = answer["error_description"]
                .as_str()
                .or(answer["error"].as_str())
                .unwrap_or("it gave no token");
            let message = format!("{} does not let larder in: {why}", self.provider.name());
            return Err(Fault::failed(message)
                .hint("look at the client's id, its secret, and the address that answers go to")
                .into());
        };
        let tokens = Tokens {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            refresh_token: refresh_token.to_owned(),
        };
        tokens.keep(self.provider, surroundings)
    }

    async fn exchange(&self, code: &str, surroundings: &Surroundings) -> Result<Value> {
        let url = match self.provider {
            Provider::Gdrive => "https://oauth2.googleapis.com/token",
            Provider::Dropbox => "https://api.dropboxapi.com/oauth2/token",
        };
        let url = match (surroundings.variable)(STAND_IN) {
            Some(stand_in) => elsewhere(&stand_in, url),
            None => url.to_owned(),
        };
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("redirect_uri", &self.redirect),
            ("code_verifier", &self.verifier),
        ];
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value, PLAIN))).collect();
        let request = client()?.post(url).timeout(Duration::from_mins(1));
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").body(body.join("&"));
        let name = self.provider.name();
        let answer = request.send().await.map_err(reqwest::Error::without_url);
        let answer = answer.with_context(|| format!("cannot ask {name} for a token"))?;
        let bytes = answer.bytes().await.map_err(reqwest::Error::without_url);
        let bytes = bytes.with_context(|| format!("cannot ask {name} for a token"))?;
        serde_json::from_slice(&bytes)
            .map_err(|_| Fault::failed(format!("{name} answered something else than a token")).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> Login {
        Login::begin(Provider::Dropbox, "id".to_owned(), "secret".to_owned(), 53682).expect("a login")
    }

    #[test]
    fn the_address_asks_for_what_is_needed_and_has_no_secret() {
        let login = login();
        let url = login.url();
        assert!(url.contains("client_id=id&redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2F&"), "{url}");
        assert!(url.contains("code_challenge_method=S256") && !url.contains("secret"), "{url}");
        assert!(!url.contains(&login.verifier), "{url}");
    }

    #[test]
    fn an_answer_counts_for_its_own_login_only() {
        let login = login();
        let state = login.state.clone();
        assert_eq!(login.code_of(" a-code ").expect("a code"), "a-code");
        let address = format!("http://127.0.0.1:53682/?state={state}&code=4%2Fx");
        assert_eq!(login.code_of(&address).expect("a code"), "4/x");
        let says = |answer: &str| format!("{:#}", login.code_of(answer).expect_err("none"));
        assert_eq!(says("/?state=other&code=1"), "the answer belongs to another login");
        assert_eq!(
            says(&format!("/?state={state}&error=access_denied")),
            "dropbox does not let larder in: access_denied"
        );
        assert_eq!(says(&format!("/?state={state}")), "there is no code in the answer");
    }
}
