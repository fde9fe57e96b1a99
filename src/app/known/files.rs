//! The files of `apps/`, as they are built in; a test holds that none is forgotten.

/// What each is called, and what it says.
pub(super) const FILES: [(&str, &str); 22] = [
    ("anki", include_str!("../../../apps/anki.toml")),
    ("astrology", include_str!("../../../apps/astrology.toml")),
    ("calibre", include_str!("../../../apps/calibre.toml")),
    ("firefox", include_str!("../../../apps/firefox.toml")),
    ("freshrss", include_str!("../../../apps/freshrss.toml")),
    ("gitea", include_str!("../../../apps/gitea.toml")),
    ("grafana", include_str!("../../../apps/grafana.toml")),
    ("headscale", include_str!("../../../apps/headscale.toml")),
    ("home-assistant", include_str!("../../../apps/home-assistant.toml")),
    ("judo", include_str!("../../../apps/judo.toml")),
    ("linkding", include_str!("../../../apps/linkding.toml")),
    ("memos", include_str!("../../../apps/memos.toml")),
    ("movies", include_str!("../../../apps/movies.toml")),
    ("nascar", include_str!("../../../apps/nascar.toml")),
    ("pi-hole", include_str!("../../../apps/pi-hole.toml")),
    ("prowlarr", include_str!("../../../apps/prowlarr.toml")),
    ("radarr", include_str!("../../../apps/radarr.toml")),
    ("sonarr", include_str!("../../../apps/sonarr.toml")),
    ("tvarr", include_str!("../../../apps/tvarr.toml")),
    ("uptime-kuma", include_str!("../../../apps/uptime-kuma.toml")),
    ("vaultwarden", include_str!("../../../apps/vaultwarden.toml")),
    ("zotero", include_str!("../../../apps/zotero.toml")),
];
