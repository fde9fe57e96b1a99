//! As much of HTTP as the stand-in needs: one request a connection.

use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};

/// A request, whole.
pub struct Request {
    pub method: String,
    pub path: String,
    query: String,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What is said to it.
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Answer {
    pub fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("Content-Type", "application/json".to_owned())];
        Self { status, headers, body: body.to_string().into_bytes() }
    }

    pub fn text(status: u16, text: &str) -> Self {
        Self { status, headers: Vec::new(), body: text.as_bytes().to_vec() }
    }

    /// Headers alone.
    pub fn headers(status: u16, headers: Vec<(&'static str, String)>) -> Self {
        Self { status, headers, body: Vec::new() }
    }

    /// The part of a file that was asked for.
    pub fn file(request: &Request, bytes: &[u8]) -> Self {
        let range = request.header("range").and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
        let Some((from, to)) = range else {
            return Self { status: 200, headers: Vec::new(), body: bytes.to_vec() };
        };
        let from = from.parse::<usize>().expect("a place");
        let end = to.parse::<usize>().map_or(bytes.len(), |last| (last + 1).min(bytes.len()));
        if from >= bytes.len() {
            return Self::text(416, "");
        }
        let told = format!("bytes {from}-{}/{}", end - 1, bytes.len());
        Self { status: 206, headers: vec![("Content-Range", told)], body: bytes[from..end].to_vec() }
    }
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn query(&self, name: &str) -> Option<String> {
        value(&self.query, name)
    }

    pub fn form(&self, name: &str) -> Option<String> {
        let is_form = self.header("content-type") == Some("application/x-www-form-urlencoded");
        is_form.then(|| value(&String::from_utf8_lossy(&self.body), name)).flatten()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// What it is about, in a line.
    pub fn line(&self) -> String {
        format!("{} {} {}", self.method, self.path, self.header("dropbox-api-arg").unwrap_or_default())
    }
}

fn value(pairs: &str, name: &str) -> Option<String> {
    let value = pairs.split('&').filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name)?.1;
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let (digits, after) = rest.split_at(2);
            let digits = std::str::from_utf8(digits).expect("digits");
            bytes.push(u8::from_str_radix(digits, 16).expect("digits"));
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    Some(String::from_utf8(bytes).expect("it is text"))
}

/// Which requests that bring a file, or a part of one, are broken off in their middle.
#[derive(Clone, Copy)]
pub enum Cuts<'a> {
    None,
    All,
    /// Every other one.
    Some(&'a AtomicU32),
}

/// Reads a request.
pub fn read(stream: &mut TcpStream, cuts: Cuts<'_>) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    let mut more = |bytes: &mut Vec<u8>| {
        let read = stream.read(&mut buffer).ok().filter(|read| *read > 0)?;
        bytes.extend(&buffer[..read]);
        Some(())
    };
    let end = loop {
        match bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            Some(end) => break end,
            None => more(&mut bytes)?,
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, length)| length.parse::<usize>().expect("a number"));
    assert!(!headers.iter().any(|(name, _)| name == "transfer-encoding"), "the length is told");
    let is_file = path.contains("/upload") && length > 10_000;
    let is_cut = match cuts {
        Cuts::None => false,
        Cuts::All => is_file,
        Cuts::Some(every) => is_file && every.fetch_add(1, Ordering::Relaxed) % 2 == 1,
    };
    let wanted = if is_cut { length / 2 } else { length };
    while bytes.len() < end + 4 + wanted {
        more(&mut bytes)?;
    }
    let body = bytes.split_off(end + 4);
    let request = Request { method, path: path.to_owned(), query: query.to_owned(), headers, body };
    (wanted == length).then_some(request)
}

pub fn write(stream: &mut TcpStream, answer: &Answer) {
    let length = answer.body.len();
    let mut head =
        format!("HTTP/1.1 {} Told\r\nContent-Length: {length}\r\nConnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        head += &format!("{name}: {value}\r\n");
    }
    let _ = stream.write_all(format!("{head}\r\n").as_bytes());
    let _ = stream.write_all(&answer.body);
}
