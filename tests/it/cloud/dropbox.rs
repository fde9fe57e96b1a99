//! Dropbox, version 2: names are the same in capitals, every refusal is a 409 with a summary, lists come in pages.

use super::http::{Answer, Request};
use super::{Fault, State};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// How much of a list is told at once.
const PAGE: usize = 2;

/// Files and folders, which have no bytes, by their path in small letters, with the path as it was given.
#[derive(Default)]
pub struct Files(BTreeMap<String, (String, Option<Vec<u8>>)>);

impl Files {
    pub fn paths(&self) -> Vec<String> {
        self.0.values().filter(|(_, bytes)| bytes.is_some()).map(|(path, _)| path.clone()).collect()
    }

    pub fn bytes(&mut self, path: &str) -> Option<&mut Vec<u8>> {
        self.0.get_mut(&path.to_lowercase())?.1.as_mut()
    }

    fn put(&mut self, path: &str, bytes: Option<Vec<u8>>) {
        for (at, _) in path.match_indices('/').filter(|(at, _)| *at > 0) {
            let folder = &path[..at];
            self.0.entry(folder.to_lowercase()).or_insert_with(|| (folder.to_owned(), None));
        }
        self.0.insert(path.to_lowercase(), (path.to_owned(), bytes));
    }
}

fn refusal(summary: &str) -> Answer {
    let tag = summary.split('/').next().unwrap_or_default();
    Answer::json(409, &json!({ "error_summary": format!("{summary}/.."), "error": { ".tag": tag } }))
}

pub fn answer(state: &mut State, call: &str, request: &Request) -> Answer {
    let is_content = matches!(call, "2/files/upload" | "2/files/download") || call.contains("upload_session");
    let argument: Value = if is_content {
        let text = request.header("dropbox-api-arg").unwrap_or_default();
        if !text.is_ascii() {
            return Answer::text(400, "HTTP header \"Dropbox-API-Arg\": could not decode input as JSON");
        }
        serde_json::from_str(text).unwrap_or_default()
    } else {
        request.json()
    };
    if request.method != "POST" {
        return Answer::text(405, "not like that");
    }
    if !is_content && !request.body.is_empty() && request.header("content-type") != Some("application/json") {
        return Answer::text(400, "bad HTTP \"Content-Type\" header");
    }
    let path = argument["path"].as_str().unwrap_or_default().to_owned();
    if !path.is_empty() && (!path.starts_with('/') || path.ends_with('/')) {
        return Answer::text(400, "path: did not match pattern");
    }
    match call {
        "2/files/upload" => upload(state, &path, &argument, request.body.clone()),
        "2/files/upload_session/start" => {
            state.sessions.push((String::new(), Vec::new()));
            Answer::json(200, &json!({ "session_id": (state.sessions.len() - 1).to_string() }))
        }
        "2/files/upload_session/append_v2" | "2/files/upload_session/finish" => {
            part(state, call, &argument, request)
        }
        "2/files/download" => match state.dropbox.bytes(&path) {
            Some(bytes) => Answer::file(request, bytes),
            None => refusal("path/not_found"),
        },
        "2/files/get_metadata" if path.is_empty() => Answer::text(400, "The root folder is unsupported."),
        "2/files/get_metadata" if !state.dropbox.0.contains_key(&path.to_lowercase()) => {
            refusal("path/not_found")
        }
        "2/files/get_metadata" => Answer::json(200, &metadata(state, &path)),
        "2/files/list_folder" => list(state, &path, 0),
        "2/files/list_folder/continue" => {
            let cursor = argument["cursor"].as_str().unwrap_or_default();
            let (from, path) = cursor.split_once(' ').expect("a cursor of ours");
            list(state, path, from.parse().expect("a number"))
        }
        "2/files/delete_v2" => delete(state, &path),
        "2/files/create_folder_v2" if state.dropbox.0.contains_key(&path.to_lowercase()) => {
            refusal("path/conflict/folder")
        }
        "2/files/create_folder_v2" => {
            state.dropbox.put(&path, None);
            Answer::json(200, &json!({ "metadata": metadata(state, &path) }))
        }
        "2/files/move_v2" => rename(state, &argument),
        "2/users/get_space_usage" => {
            let allocation = json!({ ".tag": "individual", "allocated": 2_000_000_000 });
            Answer::json(200, &json!({ "used": 500_000_000, "allocation": allocation }))
        }
        _ => Answer::text(404, "no such call"),
    }
}

/// A part of a file, which has to begin where the one before ended.
fn part(state: &mut State, call: &str, argument: &Value, request: &Request) -> Answer {
    let cursor = &argument["cursor"];
    let id: usize = cursor["session_id"].as_str().and_then(|id| id.parse().ok()).expect("one of ours");
    if state.sessions[id].0 == "closed" {
        return refusal("lookup_failed/closed");
    }
    let known = state.sessions[id].1.len();
    if cursor["offset"] != known {
        let error = json!({ ".tag": "incorrect_offset", "correct_offset": known });
        return Answer::json(409, &json!({ "error_summary": "incorrect_offset/..", "error": error }));
    }
    state.sessions[id].1.extend(&request.body);
    if call.ends_with("append_v2") {
        return if state.loses_answer() { Answer::text(503, "") } else { Answer::json(200, &Value::Null) };
    }
    let bytes = state.sessions[id].1.clone();
    let commit = &argument["commit"];
    let answer = upload(state, commit["path"].as_str().expect("a path"), commit, bytes);
    "closed".clone_into(&mut state.sessions[id].0);
    if state.loses_answer() { Answer::text(503, "") } else { answer }
}

fn upload(state: &mut State, path: &str, argument: &Value, mut bytes: Vec<u8>) -> Answer {
    if state.has(Fault::Full) {
        return refusal("path/insufficient_space");
    }
    let is_there = state.dropbox.0.get(&path.to_lowercase());
    if is_there.is_some_and(|(_, bytes)| bytes.is_none() || argument["mode"] != "overwrite") {
        return refusal("path/conflict/folder");
    }
    if state.has(Fault::KeepsHalf) {
        bytes.truncate(bytes.len() / 2);
    }
    state.dropbox.put(path, Some(bytes));
    Answer::json(200, &metadata(state, path))
}

fn delete(state: &mut State, path: &str) -> Answer {
    if !state.dropbox.0.contains_key(&path.to_lowercase()) {
        return refusal("path_lookup/not_found");
    }
    let metadata = metadata(state, path);
    let (file, inside) = (path.to_lowercase(), format!("{}/", path.to_lowercase()));
    state.dropbox.0.retain(|known, _| *known != file && !known.starts_with(&inside));
    Answer::json(200, &json!({ "metadata": metadata }))
}

fn rename(state: &mut State, argument: &Value) -> Answer {
    let (from, to) =
        (argument["from_path"].as_str().unwrap_or(""), argument["to_path"].as_str().unwrap_or(""));
    if state.has(Fault::NoRename) {
        return refusal("from_lookup/not_found");
    }
    if state.dropbox.0.contains_key(&to.to_lowercase()) {
        return refusal("to/conflict/file");
    }
    let Some((_, bytes)) = state.dropbox.0.remove(&from.to_lowercase()) else {
        return refusal("from_lookup/not_found");
    };
    state.dropbox.put(to, bytes);
    Answer::json(200, &json!({ "metadata": metadata(state, to) }))
}

fn metadata(state: &State, path: &str) -> Value {
    let (path, bytes) = &state.dropbox.0[&path.to_lowercase()];
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut said =
        json!({ "name": name, "path_display": path, "path_lower": path.to_lowercase(), "id": "id:x" });
    let Some(bytes) = bytes else {
        said[".tag"] = "folder".into();
        return said;
    };
    let blocks: Vec<u8> = bytes.chunks(4 << 20).flat_map(|block| Sha256::digest(block).to_vec()).collect();
    let mut hash = super::hex(&Sha256::digest(blocks));
    if state.has(Fault::WrongDigests) {
        hash = "0".repeat(64);
    }
    for (name, value) in [
        (".tag", json!("file")),
        ("client_modified", json!("2026-11-20T10:30:00Z")),
        ("server_modified", json!("2026-11-20T10:30:00Z")),
        ("rev", json!("0123456789abcdef")),
        ("size", json!(bytes.len())),
        ("content_hash", json!(hash)),
    ] {
        said[name] = value;
    }
    said
}

fn list(state: &State, folder: &str, from: usize) -> Answer {
    if !folder.is_empty() && !state.dropbox.0.contains_key(&folder.to_lowercase()) {
        return refusal("path/not_found");
    }
    let inside = format!("{}/", folder.to_lowercase());
    let is_child = |path: &&String| path.strip_prefix(&inside).is_some_and(|rest| !rest.contains('/'));
    let all: Vec<&String> = state.dropbox.0.keys().filter(is_child).collect();
    let page: Vec<Value> = all.iter().skip(from).take(PAGE).map(|path| metadata(state, path)).collect();
    let next = from + page.len();
    let cursor = format!("{next} {folder}");
    Answer::json(200, &json!({ "entries": page, "cursor": cursor, "has_more": next < all.len() }))
}
