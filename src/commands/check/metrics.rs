//! What a check found, as metrics for Prometheus: the text format of a file that the node exporter reads.

use crate::commands::Context;
use anyhow::{Context as _, Result};
use larder::files::{self, AtomicFile};
use larder::platform;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// Writes them, whole or not at all. Another program reads the file, so that everybody may.
pub fn write(file: &Path, checked: &[&Value], failed: usize, context: &Context<'_>) -> Result<()> {
    let text = render(checked, failed, context.now.timestamp());
    write_whole(file, &text).with_context(|| format!("no metrics in {}", file.display()))?;
    let owner = files::metadata(file)?.as_ref().and_then(platform::ownership);
    match owner {
        Some(owner) => files::apply_ownership(file, platform::Ownership { mode: 0o644, ..owner }),
        None => Ok(()),
    }
}

fn write_whole(file: &Path, text: &str) -> Result<()> {
    let mut output = AtomicFile::create(file, true)?;
    output.write_all(text.as_bytes())?;
    output.commit()
}

/// The metrics of what was checked: the name, what it says, and where the value is.
const METRICS: [(&str, &str, &str); 4] = [
    ("larder_check_ok", "Whether the newest snapshot is as it should be.", "/ok"),
    (
        "larder_newest_age_seconds",
        "For how long it is not known that the newest snapshot is up to date.",
        "/age_seconds",
    ),
    ("larder_newest_size_bytes", "Size of the file of the newest snapshot.", "/newest/size"),
    ("larder_check_drills", "Snapshots that were restored to a scratch file and checked.", "/drills"),
];

fn render(checked: &[&Value], failed: usize, now: i64) -> String {
    let mut text = String::new();
    for (name, help, place) in METRICS {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for one in checked {
            let value = match one.pointer(place) {
                Some(Value::Bool(value)) => u8::from(*value).to_string(),
                Some(Value::Number(number)) => number.to_string(),
                _ => continue,
            };
            let _ = writeln!(text, "{name}{{{}}} {value}", labels(one));
        }
    }
    for (name, help, value) in [
        ("larder_check_failures", "Stores that could not be looked at.", failed.to_string()),
        ("larder_check_timestamp_seconds", "When the check was.", now.to_string()),
    ] {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    }
    text
}

fn labels(one: &Value) -> String {
    let label = |name: &str| {
        let value = one[name].as_str().unwrap_or_default();
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("{name}=\"{value}\"")
    };
    ["app", "store", "kind"].map(label).join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn labels_are_escaped_and_what_is_not_known_is_left_out() {
        let one = json!({ "app": "a\"b", "store": "c\\d\ne", "kind": "snapshot", "ok": false, "age_seconds": null, "newest": null, "drills": 0 });
        let text = render(&[&one], 2, 1_700_000_000);
        let labels = r#"app="a\"b",store="c\\d\ne",kind="snapshot""#;
        assert!(text.contains(&format!("\nlarder_check_ok{{{labels}}} 0\n")), "{text}");
        assert!(!text.contains("larder_newest_size_bytes{"), "{text}");
        assert!(text.contains("\nlarder_check_failures 2\n"), "{text}");
        assert!(text.ends_with("\nlarder_check_timestamp_seconds 1700000000\n"), "{text}");
    }
}
