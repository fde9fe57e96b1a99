//! What a check says.

use crate::commands::shelf::Shelf;
use crate::ui::table;
use larder::snapshot::check::{Checked, Expected, Wrong};
use std::time::Duration;

/// What is said of an application's snapshots in a store.
pub(super) fn sentence(
    app: &str,
    checked: &Checked<'_>,
    wrong: &[String],
    drilled: &str,
    (shelf, is_single): (&Shelf, bool),
) -> String {
    let newest = checked.newest.zip(checked.age).map(|(newest, age)| {
        let drilled = if wrong.is_empty() { drilled } else { "" };
        format!(
            "the newest {}, {}, is {} old and has {}{drilled}",
            if newest.name.is_export() { "export" } else { "snapshot" },
            newest.name,
            length(age),
            table::bytes(newest.size)
        )
    });
    match (newest, wrong) {
        (Some(newest), []) => format!("{app}: {newest}"),
        (Some(newest), wrong) => format!("{app}: NOT AS IT SHOULD BE: {}; {newest}", wrong.join("; ")),
        (None, wrong) if !is_single => format!("{app}: NOT AS IT SHOULD BE: {}", wrong.join("; ")),
        (None, wrong) => format!("{app}: NOT AS IT SHOULD BE: {} in {}", wrong.join("; "), shelf.location),
    }
}

/// What is wrong, in words.
pub(super) fn say(problem: &Wrong, expected: &Expected<'_>) -> String {
    match problem {
        Wrong::None => "there is no snapshot".to_owned(),
        Wrong::OnlyFuture => "there are only snapshots that are dated in the future".to_owned(),
        Wrong::Old(_) => {
            format!("it is older than {}", expected.max_age.map(length).unwrap_or_default())
        }
        Wrong::Small(_) => {
            format!("it is smaller than {}", table::bytes(expected.min_size.unwrap_or_default()))
        }
        Wrong::Overdue(usual) => {
            format!("it is older than three times {}, which usually passes between two", length(*usual))
        }
        Wrong::Shrunk(percent) => {
            let more =
                expected.max_shrink.map(|max| format!(", which is more than {max} %")).unwrap_or_default();
            format!("it is smaller by {percent} % than the one before{more}")
        }
        Wrong::Suspicious(why) => why.clone(),
        Wrong::Doubtful(why) => format!("it {why}"),
    }
}

/// A length of time for people: its two largest units.
pub fn length(time: Duration) -> String {
    let mut rest = time.as_secs();
    let mut parts = Vec::new();
    for (seconds, one, many) in [
        (86_400, "day", "days"),
        (3_600, "hour", "hours"),
        (60, "minute", "minutes"),
        (1, "second", "seconds"),
    ] {
        let number = rest / seconds;
        rest %= seconds;
        if number > 0 {
            parts.push(table::count(number, one, many));
        } else if !parts.is_empty() {
            break;
        }
    }
    parts.truncate(2);
    if parts.is_empty() { "0 seconds".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_two_units_at_most() {
        for (seconds, text) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (61, "1 minute 1 second"),
            (3_605, "1 hour"),
            (90_000, "1 day 1 hour"),
            (8 * 86_400 + 59, "8 days"),
        ] {
            assert_eq!(length(Duration::from_secs(seconds)), text);
        }
    }
}
