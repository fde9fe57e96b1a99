//! How much room a remote store says that it has.

use super::client::Remote;
use super::service::{Put, Way};
use anyhow::Result;

/// What is asked of a `WebDAV` server (RFC 4331).
const QUESTION: &str =
    r#"<?xml version="1.0"?><propfind xmlns="DAV:"><prop><quota-available-bytes/></prop></propfind>"#;

impl Remote {
    /// How many bytes may still be put there, where the service tells.
    pub fn room(&self) -> Result<Option<u64>> {
        match &self.service.way {
            Way::Put(put) => self.runner.run(async { Ok(ask(put).await) }),
            Way::Whole(whole) => self.runner.run(async { Ok(whole.account.room().await) }),
            _ => Ok(None),
        }
    }
}

/// What a server answers; nothing where it does not, or not in numbers.
async fn ask(put: &Put) -> Option<u64> {
    let method = reqwest::Method::from_bytes(b"PROPFIND").ok()?;
    let request = put.client.request(method, &put.folder).header("depth", "0");
    let request = match &put.user {
        Some(user) => request.basic_auth(user, put.password.as_ref()),
        None => request,
    };
    let answer = request.header("content-type", "application/xml").body(QUESTION).send().await.ok()?;
    available(&answer.text().await.ok()?)
}

fn available(answer: &str) -> Option<u64> {
    let (_, rest) = answer.split_once("quota-available-bytes>")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::available;

    #[test]
    fn room_is_read_where_it_is_told() {
        assert_eq!(available("<d:quota-available-bytes>4711</d:quota-available-bytes>"), Some(4711));
        assert_eq!(available("<d:quota-available-bytes/>"), None);
        assert_eq!(available("<d:quota-available-bytes>-3</d:quota-available-bytes>"), None);
    }
}
