//! Google Drive, version 3: files have ids, names may be there twice, what is deleted is in the bin, lists come in pages.

use super::http::{Answer, Request};
use super::{Fault, State};
use md5::{Digest, Md5};
use serde_json::{Value, json};

const FOLDER: &str = "application/vnd.google-apps.folder";
/// How much of a list is told at once, at the most.
const PAGE: usize = 2;

struct File {
    id: String,
    name: String,
    parent: String,
    is_trashed: bool,
    /// Folders have none.
    bytes: Option<Vec<u8>>,
}

/// All files and folders, also in the bin.
#[derive(Default)]
pub struct Files(Vec<File>);

impl Files {
    fn path(&self, file: &File) -> String {
        let parent = self.0.iter().find(|other| other.id == file.parent);
        format!("{}/{}", parent.map(|parent| self.path(parent)).unwrap_or_default(), file.name)
    }

    pub fn paths(&self) -> Vec<String> {
        let files = self.0.iter().filter(|file| !file.is_trashed && file.bytes.is_some());
        let mut paths: Vec<String> = files.map(|file| self.path(file)).collect();
        paths.sort();
        paths
    }

    pub fn bytes(&mut self, path: &str) -> Option<&mut Vec<u8>> {
        let at = self.0.iter().position(|file| !file.is_trashed && self.path(file) == path)?;
        self.0[at].bytes.as_mut()
    }

    fn of(&mut self, id: &str) -> Option<&mut File> {
        self.0.iter_mut().find(|file| file.id == id)
    }

    fn put(&mut self, about: &Value, bytes: Option<Vec<u8>>) -> &File {
        let id = format!("id-{}", self.0.len());
        let said = |value: &Value, other: &str| value.as_str().unwrap_or(other).to_owned();
        let (name, parent) = (said(&about["name"], "Untitled"), said(&about["parents"][0], "root"));
        self.0.push(File { id, name, parent, is_trashed: false, bytes });
        self.0.last().expect("it was just put there")
    }
}

fn refusal(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": { "code": status, "message": message } }))
}

/// What is told of a file: little, unless more is asked for.
fn said(file: &File, fields: &str, is_wrong: bool) -> Value {
    let kind = if file.bytes.is_some() { "application/octet-stream" } else { FOLDER };
    let mut said = json!({ "kind": "drive#file", "id": file.id, "name": file.name, "mimeType": kind });
    if fields.contains("modifiedTime") {
        said["modifiedTime"] = "2026-11-20T10:30:00.000Z".into();
    }
    if fields.contains("parents") {
        said["parents"] = json!([file.parent]);
    }
    if let Some(bytes) = &file.bytes {
        if fields.contains("size") {
            said["size"] = bytes.len().to_string().into();
        }
        if fields.contains("md5Checksum") {
            let digest = super::hex(&Md5::digest(bytes));
            said["md5Checksum"] = if is_wrong { "0".repeat(32).into() } else { digest.into() };
        }
    }
    said
}

pub fn answer(state: &mut State, call: &str, request: &Request) -> Answer {
    let fields = request.query("fields").unwrap_or_default();
    let is_wrong = state.has(Fault::WrongDigests);
    match (request.method.as_str(), call) {
        ("GET", "drive/v3/files") => list(state, request, &fields),
        ("POST", "drive/v3/files") => {
            let about = request.json();
            assert_eq!(about["mimeType"], FOLDER);
            Answer::json(200, &said(state.drive.put(&about, None), "", false))
        }
        ("GET", "drive/v3/about") => {
            Answer::json(200, &json!({ "storageQuota": { "limit": "16000000000", "usage": "1000000000" } }))
        }
        ("POST", "upload/drive/v3/files") => {
            if state.has(Fault::Full) {
                return refusal(403, "The user's Drive storage quota has been exceeded.");
            }
            let (about, bytes) = parts(request);
            let bytes = kept(state, &bytes);
            Answer::json(200, &said(state.drive.put(&about, Some(bytes)), "", false))
        }
        ("PUT", "upload/drive/v3/session") => part(state, request),
        ("PATCH", call) if request.query("uploadType").as_deref() == Some("resumable") => {
            if state.has(Fault::Full) {
                return refusal(403, "The user's Drive storage quota has been exceeded.");
            }
            let id = call.rsplit('/').next().unwrap_or_default().to_owned();
            state.sessions.push((id, Vec::new()));
            let host = request.header("host").expect("a host");
            let number = state.sessions.len() - 1;
            let place =
                format!("http://{host}/www.googleapis.com/upload/drive/v3/session?upload_id={number}");
            Answer::headers(200, vec![("Location", place)])
        }
        (method, _) => {
            let Some((place, id)) = call.rsplit_once('/') else { return refusal(404, "Not Found") };
            let new = kept(state, &request.body);
            let cannot_rename = state.has(Fault::NoRename);
            let Some(file) = state.drive.of(id) else {
                return refusal(404, &format!("File not found: {id}."));
            };
            match (method, place) {
                ("GET", "drive/v3/files") if request.query("alt").as_deref() == Some("media") => {
                    Answer::file(request, file.bytes.as_ref().expect("a file"))
                }
                ("GET", "drive/v3/files") => Answer::json(200, &said(file, &fields, is_wrong)),
                ("PATCH", "upload/drive/v3/files") => {
                    file.bytes = Some(new);
                    Answer::json(200, &said(file, "", false))
                }
                ("PATCH", "drive/v3/files") => {
                    let about = request.json();
                    if about["name"].is_string() && cannot_rename {
                        return refusal(403, "The user does not have sufficient permissions for this file.");
                    }
                    // Parents are changed in the query only; in the body they are nothing.
                    if let Some(name) = about["name"].as_str() {
                        name.clone_into(&mut file.name);
                    }
                    file.is_trashed = about["trashed"].as_bool().unwrap_or(file.is_trashed);
                    Answer::json(200, &said(file, &fields, is_wrong))
                }
                _ => refusal(404, "Not Found"),
            }
        }
    }
}

/// A part of a file, or the question how far it has come.
fn part(state: &mut State, request: &Request) -> Answer {
    let at: usize = request.query("upload_id").and_then(|id| id.parse().ok()).expect("one of ours");
    let range =
        request.header("content-range").and_then(|range| range.strip_prefix("bytes ")).expect("a range");
    let (range, size) = range.split_once('/').expect("a size");
    let size: usize = size.parse().expect("a number");
    if let Some((from, last)) = range.split_once('-') {
        let (from, last): (usize, usize) = (from.parse().expect("a number"), last.parse().expect("a number"));
        assert_eq!(last + 1 - from, request.body.len());
        assert!(request.body.len().is_multiple_of(256 << 10) || last + 1 == size, "a multiple of 256 KiB");
        assert_eq!(from, state.sessions[at].1.len(), "it begins where the one before ended");
        state.sessions[at].1.extend(&request.body);
        if last + 1 < size && state.loses_answer() {
            return Answer::text(503, "");
        }
    }
    let (id, bytes) = state.sessions[at].clone();
    if bytes.len() < size {
        let told = bytes.len().checked_sub(1).map(|last| ("Range", format!("bytes=0-{last}")));
        return Answer::headers(308, told.into_iter().collect());
    }
    let bytes = kept(state, &bytes);
    let file = state.drive.of(&id).expect("it was begun");
    file.bytes = Some(bytes);
    Answer::json(200, &said(file, "", false))
}

/// What stays of the bytes of a file.
fn kept(state: &State, bytes: &[u8]) -> Vec<u8> {
    let length = if state.has(Fault::KeepsHalf) { bytes.len() / 2 } else { bytes.len() };
    bytes[..length].to_vec()
}

/// The two parts of a request: what is said of the file, and its bytes.
fn parts(request: &Request) -> (Value, Vec<u8>) {
    assert_eq!(request.query("uploadType").as_deref(), Some("multipart"));
    let kind = request.header("content-type").expect("it has several parts");
    let boundary = format!("--{}", kind.split_once("boundary=").expect("a boundary").1);
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|part| part == what);
    let mut found = Vec::new();
    let mut rest = &request.body[..];
    while let Some(at) = find(rest, boundary.as_bytes()) {
        rest = &rest[at + boundary.len()..];
        let (Some(head), Some(end)) = (find(rest, b"\r\n\r\n"), find(rest, boundary.as_bytes())) else {
            break;
        };
        found.push(rest[head + 4..end - 2].to_vec());
    }
    let [about, bytes] = <[Vec<u8>; 2]>::try_from(found).expect("two parts");
    (serde_json::from_slice(&about).expect("JSON"), bytes)
}

/// Files by what is asked of them: conditions that must all hold.
fn list(state: &State, request: &Request, fields: &str) -> Answer {
    let query = request.query("q").expect("it says which");
    let mut files: Vec<&File> = state.drive.0.iter().collect();
    for condition in query.split(" and ") {
        if let Some(name) = condition.strip_prefix("name = '") {
            let name = name.strip_suffix('\'').expect("it ends").replace("\\'", "'");
            files.retain(|file| file.name == name);
        } else if let Some(parent) = condition.strip_suffix("' in parents") {
            files.retain(|file| file.parent == parent[1..]);
        } else if condition == "trashed = false" {
            files.retain(|file| !file.is_trashed);
        } else {
            assert_eq!(condition, format!("mimeType = '{FOLDER}'"));
            files.retain(|file| file.bytes.is_none());
        }
    }
    let from = request.query("pageToken").map_or(0, |token| token.parse::<usize>().expect("one of ours"));
    let size =
        request.query("pageSize").map_or(PAGE, |size| size.parse::<usize>().expect("a number").min(PAGE));
    let is_wrong = state.has(Fault::WrongDigests);
    let page: Vec<Value> =
        files.iter().skip(from).take(size).map(|file| said(file, fields, is_wrong)).collect();
    let next = from + page.len();
    let mut answer = json!({ "files": page });
    if next < files.len() && (fields.is_empty() || fields.contains("nextPageToken")) {
        answer["nextPageToken"] = next.to_string().into();
    }
    Answer::json(200, &answer)
}
