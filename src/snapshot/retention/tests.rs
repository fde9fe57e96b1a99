//! Calendar cases: weeks, month and year ends, daylight saving, several in a second.

use super::*;

fn times(texts: &[&str]) -> Vec<DateTime<Utc>> {
    texts.iter().map(|text| text.parse().expect("a time")).collect()
}

fn policy(rules: &[(&str, &str)]) -> Policy {
    let mut policy = Policy::default();
    for (name, value) in rules {
        let count = || value.parse().expect("a count");
        let span = || Some(value.parse().expect("a span"));
        match *name {
            "last" => policy.last = count(),
            "hourly" => policy.periods[0] = count(),
            "daily" => policy.periods[1] = count(),
            "weekly" => policy.periods[2] = count(),
            "monthly" => policy.periods[3] = count(),
            "yearly" => policy.periods[4] = count(),
            "within" => policy.within = span(),
            "within-hourly" => policy.periods_within[0] = span(),
            "within-daily" => policy.periods_within[1] = span(),
            "within-weekly" => policy.periods_within[2] = span(),
            "within-monthly" => policy.periods_within[3] = span(),
            "within-yearly" => policy.periods_within[4] = span(),
            _ => panic!("no rule {name}"),
        }
    }
    policy
}

/// The times that are kept, without their zone, each with its reasons.
fn kept(rules: &[(&str, &str)], zone: &str, texts: &[&str]) -> Vec<String> {
    let now = "2030-01-01T00:00:00Z".parse().expect("a time");
    let times = times(texts);
    let reasons = apply(&policy(rules), zone.parse().expect("a zone"), now, &times);
    assert_eq!(reasons.len(), times.len());
    let lines = times.iter().zip(reasons).filter(|(_, reasons)| !reasons.is_empty());
    lines.map(|(time, reasons)| format!("{} {}", time.format("%m-%dT%H:%M"), reasons.join(", "))).collect()
}

#[test]
fn the_last_are_kept_even_within_a_second() {
    let second = "2026-11-20T10:30:00Z";
    assert_eq!(
        kept(&[("last", "2")], "UTC", &[second, second, second]),
        ["11-20T10:30 last snapshot", "11-20T10:30 last snapshot"]
    );
}

#[test]
fn the_newest_of_each_day_is_kept() {
    let texts =
        ["2026-11-18T09:00:00Z", "2026-11-18T21:00:00Z", "2026-11-19T09:00:00Z", "2026-11-20T09:00:00Z"];
    assert_eq!(
        kept(&[("daily", "2")], "UTC", &texts),
        ["11-19T09:00 daily snapshot", "11-20T09:00 daily snapshot"]
    );
}

#[test]
fn the_oldest_is_kept_while_a_count_is_left() {
    let texts = ["2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z", "2026-11-20T10:00:00Z"];
    assert_eq!(
        kept(&[("daily", "2")], "UTC", &texts),
        ["11-20T08:00 oldest daily snapshot", "11-20T10:00 daily snapshot"]
    );
    assert_eq!(kept(&[("daily", "1")], "UTC", &texts), ["11-20T10:00 daily snapshot"]);
    assert_eq!(
        kept(&[("yearly", "unlimited")], "UTC", &texts),
        ["11-20T08:00 oldest yearly snapshot", "11-20T10:00 yearly snapshot"]
    );
}

#[test]
fn days_begin_at_midnight_of_the_zone() {
    let texts = ["2026-11-19T22:30:00Z", "2026-11-19T23:30:00Z", "2026-11-20T00:30:00Z"];
    assert_eq!(
        kept(&[("daily", "2")], "UTC", &texts),
        ["11-19T23:30 daily snapshot", "11-20T00:30 daily snapshot"]
    );
    assert_eq!(
        kept(&[("daily", "2")], "Europe/Berlin", &texts),
        ["11-19T22:30 daily snapshot", "11-20T00:30 daily snapshot"]
    );
}

#[test]
fn weeks_are_those_of_iso_8601() {
    // 29 December 2025 is the Monday of week 1 of 2026; 3 January 2027 is the Sunday of week 53 of 2026.
    let texts = [
        "2025-12-28T12:00:00Z",
        "2025-12-29T12:00:00Z",
        "2026-01-04T12:00:00Z",
        "2027-01-03T12:00:00Z",
        "2027-01-04T12:00:00Z",
    ];
    assert_eq!(
        kept(&[("weekly", "4")], "UTC", &texts),
        [
            "12-28T12:00 weekly snapshot",
            "01-04T12:00 weekly snapshot",
            "01-03T12:00 weekly snapshot",
            "01-04T12:00 weekly snapshot"
        ]
    );
    assert_eq!(
        kept(&[("yearly", "3")], "UTC", &texts),
        ["12-29T12:00 yearly snapshot", "01-04T12:00 yearly snapshot", "01-04T12:00 yearly snapshot"]
    );
}

#[test]
fn months_and_years_end_where_they_end() {
    let texts = [
        "2023-12-31T23:59:59Z",
        "2024-01-01T00:00:00Z",
        "2024-02-28T12:00:00Z",
        "2024-02-29T12:00:00Z",
        "2024-03-01T00:00:00Z",
    ];
    assert_eq!(
        kept(&[("monthly", "4")], "UTC", &texts),
        [
            "12-31T23:59 monthly snapshot",
            "01-01T00:00 monthly snapshot",
            "02-29T12:00 monthly snapshot",
            "03-01T00:00 monthly snapshot"
        ]
    );
}

#[test]
fn the_hour_that_comes_twice_is_one_bucket() {
    // 02:30 summer time, 02:30 and 02:50 winter time, 03:10.
    let texts =
        ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T01:50:00Z", "2026-10-25T02:10:00Z"];
    assert_eq!(
        kept(&[("hourly", "2")], "Europe/Berlin", &texts),
        ["10-25T01:50 hourly snapshot", "10-25T02:10 hourly snapshot"]
    );
    assert_eq!(
        kept(&[("hourly", "3")], "UTC", &texts),
        ["10-25T00:30 hourly snapshot", "10-25T01:50 hourly snapshot", "10-25T02:10 hourly snapshot"]
    );
}

#[test]
fn spans_are_measured_from_the_newest_and_their_edge_is_out() {
    let texts = ["2026-11-18T10:00:00Z", "2026-11-18T10:00:01Z", "2026-11-20T10:00:00Z"];
    assert_eq!(kept(&[("within", "2d")], "UTC", &texts), ["11-18T10:00 within 2d", "11-20T10:00 within 2d"]);
}

#[test]
fn periods_within_a_span_keep_the_newest_of_each_bucket() {
    let texts = [
        "2026-11-10T10:00:00Z",
        "2026-11-18T09:00:00Z",
        "2026-11-18T10:00:00Z",
        "2026-11-19T09:00:00Z",
        "2026-11-20T09:00:00Z",
        "2026-11-20T10:00:00Z",
    ];
    assert_eq!(
        kept(&[("within-daily", "3d")], "UTC", &texts),
        ["11-18T10:00 daily within 3d", "11-19T09:00 daily within 3d", "11-20T10:00 daily within 3d"]
    );
}

#[test]
fn rules_add_up_and_each_gives_its_reason() {
    let texts = ["2026-10-31T10:00:00Z", "2026-11-19T10:00:00Z", "2026-11-20T10:00:00Z"];
    assert_eq!(
        kept(&[("last", "1"), ("daily", "1"), ("monthly", "2"), ("within", "1h")], "UTC", &texts),
        [
            "10-31T10:00 monthly snapshot",
            "11-20T10:00 within 1h, last snapshot, daily snapshot, monthly snapshot"
        ]
    );
}

#[test]
fn a_time_in_the_future_does_not_move_the_spans() {
    let times = times(&["2026-11-10T10:00:00Z", "2026-11-20T10:00:00Z", "2031-01-01T00:00:00Z"]);
    let now = "2026-11-21T00:00:00Z".parse().expect("a time");
    let reasons = apply(&policy(&[("within", "11d")]), Zone::Local, now, &times);
    assert!(reasons.iter().all(|reasons| reasons == &["within 11d"]), "{reasons:?}");
}

#[test]
fn nothing_is_kept_of_nothing_and_counts_are_read() {
    assert!(apply(&Policy::default(), Zone::Local, Utc::now(), &[]).is_empty());
    assert!(Policy::default().is_empty());
    assert!(!policy(&[("last", "unlimited")]).is_empty());
    assert!("-2".parse::<Count>().is_err());
    assert!("many".parse::<Count>().is_err());
}
