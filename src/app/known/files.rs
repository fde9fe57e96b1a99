//! The files of `apps/`, as they are built in; a test holds that none is forgotten.

/// What each is called, and what it says.
pub(super) const FILES: [(&str, &str); 2] = [
    ("calibre", include_str!("../../../apps/calibre.toml")),
    ("vaultwarden", include_str!("../../../apps/vaultwarden.toml")),
];
