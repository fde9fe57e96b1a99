//! A stand-in for Dropbox and Google Drive, which have no server that could be started: the part of their interfaces that
//! larder uses, with files in memory, on loopback.

mod drive;
mod dropbox;
mod http;

use super::scene::{Larder, Scene};
use http::{Answer, Cuts, Request};
use serde_json::{Value, json};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, MutexGuard};

/// What the service does wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The connection breaks in the middle of every file that is sent.
    CutUploads,
    /// The connection breaks in the middle of every other file, or part of one.
    CutsSome,
    /// What comes in parts is taken, and the answer gets lost, every other time.
    LosesAnswers,
    /// Only the half of a file is kept, and called well.
    KeepsHalf,
    /// The digests of files are those of others.
    WrongDigests,
    /// Every access token ends after three requests, long before the time that was told.
    TokensEndEarly,
    /// There is no room left.
    Full,
    /// Files cannot get another name.
    NoRename,
}

/// What it holds.
#[derive(Default)]
struct State {
    faults: Vec<Fault>,
    asked: Vec<String>,
    /// How long access tokens last, as it is told, in seconds.
    lasts: u64,
    /// How many requests each access token was used for.
    tokens: Vec<u32>,
    dropbox: dropbox::Files,
    drive: drive::Files,
    /// Uploads in parts, as far as they have come: what they are of, and the bytes.
    sessions: Vec<(String, Vec<u8>)>,
    /// How many parts came.
    parts: u32,
}

impl State {
    fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    /// Whether the answer to this part gets lost.
    fn loses_answer(&mut self) -> bool {
        self.parts += 1;
        self.has(Fault::LosesAnswers) && self.parts % 2 == 1
    }
}

/// A server. It ends with the tests.
pub struct Cloud {
    /// Where it is.
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl Cloud {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State { lasts: 14400, ..State::default() }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || answer(stream, &shared));
            }
        });
        Self { url, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panicked")
    }

    /// All that it was asked, a line each, since the last time.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state().asked)
    }

    /// Does these things wrong from now on.
    pub fn goes_wrong(&self, faults: &[Fault]) {
        self.state().faults = faults.to_vec();
    }

    /// Says from now on that access tokens last so many seconds.
    pub fn tokens_last(&self, seconds: u64) {
        self.state().lasts = seconds;
    }

    /// The paths of all files of a service.
    pub fn files(&self, service: &str) -> Vec<String> {
        let state = self.state();
        if service == "dropbox" { state.dropbox.paths() } else { state.drive.paths() }
    }

    /// Changes a byte in the middle of a file.
    pub fn damage(&self, service: &str, path: &str) {
        let mut state = self.state();
        let bytes = if service == "dropbox" { state.dropbox.bytes(path) } else { state.drive.bytes(path) };
        let bytes = bytes.expect("it is there");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    }

    /// The command, signed in.
    pub fn larder<'a>(&self, scene: &'a Scene, arguments: &[&str]) -> Larder<'a> {
        let mut larder = scene.larder(arguments).env("LARDER_STAND_IN", &self.url);
        for service in ["DROPBOX", "GDRIVE"] {
            for (name, value) in
                [("CLIENT_ID", "me"), ("CLIENT_SECRET", "a-secret"), ("REFRESH_TOKEN", "a-refresh-token")]
            {
                larder = larder.env(&format!("LARDER_{service}_{name}"), value);
            }
        }
        larder
    }
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) {
    static SENT: AtomicU32 = AtomicU32::new(0);
    let cuts = {
        let state = state.lock().expect("nobody panicked");
        match (state.has(Fault::CutUploads), state.has(Fault::CutsSome)) {
            (true, _) => Cuts::All,
            (_, true) => Cuts::Some(&SENT),
            _ => Cuts::None,
        }
    };
    let Some(request) = http::read(&mut stream, cuts) else { return };
    let mut state = state.lock().expect("nobody panicked");
    state.asked.push(request.line());
    let path = request.path.clone();
    let answer = match path.strip_prefix('/').and_then(|path| path.split_once('/')) {
        Some(("api.dropboxapi.com", "oauth2/token") | ("oauth2.googleapis.com", "token")) => {
            token(&mut state, &request)
        }
        Some((host, _)) if !is_let_in(&mut state, &request) => refused(host),
        Some(("api.dropboxapi.com" | "content.dropboxapi.com", rest)) => {
            dropbox::answer(&mut state, rest, &request)
        }
        Some(("www.googleapis.com", rest)) => drive::answer(&mut state, rest, &request),
        _ => Answer::text(404, "nothing"),
    };
    http::write(&mut stream, &answer);
}

/// As RFC 6749 has it: a code or a refresh token is exchanged for an access token.
fn token(state: &mut State, request: &Request) -> Answer {
    let said = |name: &str| request.form(name).or_else(|| request.query(name)).unwrap_or_default();
    let wrong = |why: &str| Answer::json(400, &json!({ "error": "invalid_grant", "error_description": why }));
    if said("client_id") != "me" || said("client_secret") != "a-secret" {
        return wrong("no such program");
    }
    let is_login = said("grant_type") == "authorization_code";
    if is_login && (said("code") != "good-code" || said("code_verifier").len() < 43) {
        return wrong("code expired");
    }
    if !is_login && said("refresh_token") != "a-refresh-token" {
        return wrong("token was revoked");
    }
    let access = format!("access-{}", state.tokens.len());
    let mut answer = json!({ "access_token": access, "expires_in": state.lasts });
    state.tokens.push(0);
    if is_login {
        answer["refresh_token"] = "a-refresh-token".into();
    }
    Answer::json(200, &answer)
}

fn is_let_in(state: &mut State, request: &Request) -> bool {
    let ends_early = state.has(Fault::TokensEndEarly);
    let token = request.header("authorization").and_then(|said| said.strip_prefix("Bearer access-"));
    let Some(used) = token.and_then(|token| state.tokens.get_mut(token.parse::<usize>().ok()?)) else {
        return false;
    };
    *used += 1;
    !ends_early || *used <= 3
}

fn refused(host: &str) -> Answer {
    let body: Value = if host == "www.googleapis.com" {
        json!({ "error": { "code": 401, "message": "Request had invalid authentication credentials." } })
    } else {
        json!({ "error_summary": "expired_access_token/..", "error": { ".tag": "expired_access_token" } })
    };
    Answer::json(401, &body)
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
