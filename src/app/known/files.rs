//! The files of `apps/`, as they are built in; a test holds that none is forgotten.

/// What each is called, and what it says.
pub(super) const FILES: [(&str, &str); 7] = [
    ("astrology", include_str!("../../../apps/astrology.toml")),
    ("calibre", include_str!("../../../apps/calibre.toml")),
    ("judo", include_str!("../../../apps/judo.toml")),
    ("movies", include_str!("../../../apps/movies.toml")),
    ("nascar", include_str!("../../../apps/nascar.toml")),
    ("tvarr", include_str!("../../../apps/tvarr.toml")),
    ("vaultwarden", include_str!("../../../apps/vaultwarden.toml")),
];
