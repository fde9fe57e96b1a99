//! What stands for remote stores in a larder that was built without them.

use super::Provider;
use super::Surroundings;
use crate::error::Fault;
use crate::progress::{Progress, StopSignal};
use crate::store::{Finished, Listing, Receipt, Receipts, SnapshotName, Url};
use anyhow::Result;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A remote store, of which there is none.
#[derive(Debug)]
pub enum Remote {}

/// A login, of which there is none.
#[derive(Debug)]
pub enum Login {}

fn absent(what: &str) -> Fault {
    Fault::usage(format!("{what}: this larder was built without remote stores"))
        .hint("build it with them: cargo install --path . --features remote")
}

/// See the other one.
pub fn log_out(provider: Provider, _: &Surroundings) -> Result<Option<PathBuf>> {
    Err(absent(&format!("cannot sign out of {}", provider.name())).into())
}

#[allow(missing_docs, reason = "it has the shape of the other one")]
impl Login {
    pub fn begin(provider: Provider, _: String, _: String, _: u16) -> Result<Self> {
        Err(absent(&format!("cannot sign in to {}", provider.name())).into())
    }

    pub fn url(&self) -> String {
        match *self {}
    }

    pub fn wait(&self, _: &TcpListener, _: &StopSignal) -> Result<String> {
        match *self {}
    }

    pub fn code_of(&self, _: &str) -> Result<String> {
        match *self {}
    }

    pub fn finish(&self, _: &str, _: &Surroundings) -> Result<PathBuf> {
        match *self {}
    }
}

#[allow(missing_docs, reason = "it has the shape of the other one")]
impl Remote {
    pub fn open(url: &Url, _: &Surroundings) -> Result<Self> {
        Err(absent(&format!("{url} cannot be reached")).into())
    }

    pub fn names(&self) -> Result<Vec<String>> {
        match *self {}
    }

    pub fn write_small(&self, _: &str, _: &[u8]) -> Result<()> {
        match *self {}
    }

    pub fn read_small(&self, _: &str, _: u64) -> Result<Vec<u8>> {
        match *self {}
    }

    pub fn room(&self) -> Result<Option<u64>> {
        match *self {}
    }

    pub fn create(url: &Url, surroundings: &Surroundings) -> Result<Self> {
        Self::open(url, surroundings)
    }

    pub fn url(&self) -> &Url {
        match *self {}
    }

    pub fn list(&self) -> Result<Listing> {
        match *self {}
    }

    pub fn manifest_written_at(&self, _: &SnapshotName) -> Result<Option<SystemTime>> {
        match *self {}
    }

    pub fn read_manifest(&self, _: &SnapshotName) -> Result<Option<Vec<u8>>> {
        match *self {}
    }

    pub fn read_manifests(&self, _: &[&SnapshotName]) -> Result<Vec<Result<Option<Vec<u8>>>>> {
        match *self {}
    }

    pub fn read_head(&self, _: &SnapshotName, _: u64) -> Result<Vec<u8>> {
        match *self {}
    }

    pub fn publish(&self, _: &Finished<'_>, _: &SnapshotName, _: &dyn Progress) -> Result<Receipts> {
        match *self {}
    }

    pub fn send(&self, _: &Path, _: &str, _: bool, _: &dyn Progress) -> Result<Receipt> {
        match *self {}
    }

    pub fn delete(&self, _: &str) -> Result<()> {
        match *self {}
    }

    pub fn replace_manifest(&self, _: &SnapshotName, _: &[u8]) -> Result<()> {
        match *self {}
    }

    pub fn remove_all(
        &self,
        _: &[&SnapshotName],
        _: &mut dyn FnMut(&SnapshotName) -> Result<()>,
    ) -> Result<()> {
        match *self {}
    }

    pub fn remove_orphan(&self, _: &SnapshotName) -> Result<()> {
        match *self {}
    }

    pub fn is_as_uploaded(&self, _: &SnapshotName, _: Option<&Receipt>) -> Result<bool> {
        match *self {}
    }

    pub fn has(&self, _: &str) -> Result<bool> {
        match *self {}
    }

    pub fn size(&self, _: &str) -> Result<u64> {
        match *self {}
    }

    pub fn fetch(&self, _: &str, _: u64, _: &Path, _: &dyn Progress) -> Result<()> {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Kind, hint, kind};
    use crate::store::{Location, VerifyUpload};

    #[test]
    fn what_needs_a_remote_store_says_how_to_get_one() {
        let Ok(Location::Url(url)) = Location::of("s3://bucket/x".as_ref()) else { panic!("a URL") };
        let surroundings = Surroundings {
            variable: |_| None,
            home: None,
            settings: None,
            verify: VerifyUpload::Auto,
            stop: StopSignal::default(),
        };
        let error = Remote::create(&url, &surroundings).map(drop).expect_err("there is none");
        let says = "s3://bucket/x cannot be reached: this larder was built without remote stores";
        assert_eq!(error.to_string(), says);
        assert_eq!(
            hint(&error).as_deref(),
            Some("build it with them: cargo install --path . --features remote")
        );
        let login = Login::begin(Provider::Dropbox, String::new(), String::new(), 0).map(drop);
        let error = login.expect_err("there is none");
        assert_eq!(
            error.to_string(),
            "cannot sign in to dropbox: this larder was built without remote stores"
        );
        assert_eq!(kind(&error), Kind::Usage);
    }
}
