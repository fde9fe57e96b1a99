//! How requests of `OpenDAL` travel: as they are, or in tests to a stand-in for services that have no server to start.

use opendal::{Buffer, HttpBody, HttpTransport};
use opendal_http_transport_reqwest::ReqwestTransport;

/// Where tests have all hosts, as `http://127.0.0.1:PORT`: each is a folder there.
pub(super) const STAND_IN: &str = "LARDER_STAND_IN";

/// Sends requests.
pub(super) struct Transport {
    pub(super) inner: ReqwestTransport,
    pub(super) stand_in: Option<String>,
}

impl HttpTransport for Transport {
    async fn fetch(&self, mut request: http::Request<Buffer>) -> opendal::Result<http::Response<HttpBody>> {
        if let Some(stand_in) = &self.stand_in
            && let Ok(uri) = elsewhere(stand_in, &request.uri().to_string()).parse()
        {
            *request.uri_mut() = uri;
        }
        self.inner.fetch(request).await
    }
}

/// A URL at the stand-in.
pub(super) fn elsewhere(stand_in: &str, url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    format!("{stand_in}/{rest}")
}

#[cfg(test)]
mod tests {
    use super::elsewhere;

    #[test]
    fn a_host_is_a_folder_of_the_stand_in() {
        let url = elsewhere("http://127.0.0.1:1", "https://api.dropboxapi.com/2/files?q=1");
        assert_eq!(url, "http://127.0.0.1:1/api.dropboxapi.com/2/files?q=1");
    }
}
