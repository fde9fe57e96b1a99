//! The services that are signed in to.

/// A service that is signed in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Google Drive.
    Gdrive,
    /// Dropbox.
    Dropbox,
}

impl Provider {
    /// What a URL of it begins with.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gdrive => "gdrive",
            Self::Dropbox => "dropbox",
        }
    }
}
