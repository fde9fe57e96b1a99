//! Where the credentials of a remote store come from: the environment, or a file of the user.

use super::Surroundings;
use crate::files;
use anyhow::Result;

/// The largest file with credentials that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// The password of a `WebDAV` server: of the environment, else the one that `~/.netrc` has for its host (and user).
/// With it, the user, where only the file names one.
pub(super) fn webdav(
    host: &str,
    user: Option<&str>,
    surroundings: &Surroundings,
) -> Result<(Option<String>, Option<String>)> {
    if let Some(password) = (surroundings.variable)("LARDER_WEBDAV_PASSWORD") {
        let user = user.map(str::to_owned).or_else(|| (surroundings.variable)("LARDER_WEBDAV_USER"));
        return Ok((user, Some(password)));
    }
    let named = (surroundings.variable)("NETRC").map(Into::into);
    let file = named.or_else(|| surroundings.home.as_ref().map(|home| home.join(".netrc")));
    let Some(file) = file.filter(|file| file.is_file()) else { return Ok((user.map(str::to_owned), None)) };
    let text = files::read_small(&file, LARGEST)?;
    let found = netrc(&String::from_utf8_lossy(&text), host, user);
    Ok(match found {
        Some((login, password)) => (user.map(str::to_owned).or(login), Some(password)),
        None => (user.map(str::to_owned), None),
    })
}

/// The login and password that a `.netrc` has for a host, with or without its port.
fn netrc(text: &str, host: &str, user: Option<&str>) -> Option<(Option<String>, String)> {
    let bare = host.rsplit_once(':').map_or(host, |(bare, _)| bare);
    let mut words =
        text.lines().filter(|line| !line.trim_start().starts_with('#')).flat_map(str::split_whitespace);
    let mut machine: Option<&str> = None;
    let (mut login, mut password): (Option<&str>, Option<&str>) = (None, None);
    let fits = |machine: Option<&str>, login: Option<&str>| {
        machine.is_some_and(|name| name.is_empty() || name == host || name == bare)
            && (user.is_none() || login.is_none() || user == login)
    };
    loop {
        let word = words.next();
        if matches!(word, Some("machine" | "default") | None) {
            if let Some(password) = password.filter(|_| fits(machine, login)) {
                return Some((login.map(str::to_owned), password.to_owned()));
            }
            (login, password) = (None, None);
        }
        match word {
            Some("machine") => machine = words.next(),
            Some("default") => machine = Some(""),
            Some("login") => login = words.next(),
            Some("password") => password = words.next(),
            Some(_) => {}
            None => return None,
        }
    }
}

/// The region that `~/.aws/config` has for the profile in force.
pub(super) fn aws_region(surroundings: &Surroundings) -> Option<String> {
    let variable = surroundings.variable;
    if let Some(region) = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")) {
        return Some(region);
    }
    let named = variable("AWS_CONFIG_FILE").map(Into::into);
    let file = named.or_else(|| surroundings.home.as_ref().map(|home| home.join(".aws/config")))?;
    let text = files::read_small(&file, LARGEST).ok()?;
    let profile = variable("AWS_PROFILE").unwrap_or_else(|| "default".to_owned());
    region_of(&String::from_utf8_lossy(&text), &profile)
}

fn region_of(text: &str, profile: &str) -> Option<String> {
    let mut is_meant = false;
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            is_meant = section.trim_start_matches("profile ").trim() == profile;
        } else if let Some((name, value)) = line.split_once('=').filter(|_| is_meant)
            && name.trim() == "region"
        {
            return Some(value.trim().to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_netrc_is_read_by_host_and_user() {
        let text = "# a comment with machine x\nmachine cloud.example login ada password one\n\
            machine cloud.example:8443 login bob password two\nmachine other password three\ndefault login eve password four\n";
        let of = |host, user| {
            netrc(text, host, user).map(|(login, password)| (login.unwrap_or_default(), password))
        };
        let pair = |login: &str, password: &str| Some((login.to_owned(), password.to_owned()));
        assert_eq!(of("cloud.example", Some("ada")), pair("ada", "one"));
        assert_eq!(of("cloud.example:8443", Some("bob")), pair("bob", "two"));
        assert_eq!(of("cloud.example:8443", None), pair("ada", "one"));
        assert_eq!(of("other", Some("ada")), pair("", "three"));
        assert_eq!(of("unknown", None), pair("eve", "four"));
        assert_eq!(of("unknown", Some("ada")), None);
    }

    #[test]
    fn a_region_is_read_of_the_profile() {
        let text = "[default]\nregion = eu-1\n[profile far]\noutput = json\nregion=us-9\n";
        assert_eq!(region_of(text, "default").as_deref(), Some("eu-1"));
        assert_eq!(region_of(text, "far").as_deref(), Some("us-9"));
        assert_eq!(region_of(text, "none"), None);
    }
}
