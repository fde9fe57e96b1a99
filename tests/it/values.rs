//! Values that can be written and are likely to be mistakes: `validate` and `import` warn of them, with the line.

use super::pair::Pair;
use super::scene::Run;

const SCHEMA: &str = "create table t(name text primary key, n integer, price real, seen date, made_at text, uuid text, note text);
    create table c(id integer primary key, t_name text not null references t(name) on delete cascade, v integer, unique(t_name, v))";

fn pair() -> Pair {
    let uuid = |n: u8| format!("'0b0fa7e2-1111-4222-8333-44445555666{n}'");
    let rows: Vec<String> = (1..=6)
        .map(|n| {
            format!("('t{n}', {n}, {n}.5, '2026-11-0{n}', '2026-11-0{n}T10:00:00Z', {}, 'note {n}')", uuid(n))
        })
        .collect();
    let data =
        format!("insert into t values {}; insert into c values (1, 't1', 1), (2, 't1', 2)", rows.join(", "));
    Pair::new(SCHEMA, &data, "")
}

fn validate(pair: &Pair) -> Run {
    pair.scene.larder(["validate", "a.json", "--json"]).run().succeeds()
}

/// Each change is one warning of both commands, and comes in all the same.
#[test]
fn values_that_do_not_fit_their_column_are_warnings_with_the_line() {
    for (from, to, path, why) in [
        ("\"n\": 3", "\"n\": \"three\"", "data.t[2].n", "it is a text in a column of numbers"),
        ("\"price\": 3.5", "\"price\": \"dear\"", "data.t[2].price", "it is a text in a column of numbers"),
        ("\"2026-11-03\"", "\"2026-02-30\"", "data.t[2].seen", "there is no such date"),
        (
            "\"2026-11-03T10:00:00Z\"",
            "\"2026-11-03T25:00:00Z\"",
            "data.t[2].made_at",
            "there is no such date",
        ),
        ("\"2026-11-03\"", "\"soon\"", "data.t[2].seen", "it is no date, and the other values are"),
        ("5666", "5666", "", ""),
        ("-444455556663\"", "-44445555666\"", "data.t[2].uuid", "it is no UUID, and the other values are"),
        ("{\"v\": 2}", "{\"v\": \"two\"}", "data.t[0].c[1].v", "it is a text in a column of numbers"),
    ] {
        let pair = pair();
        pair.edit(from, to);
        let problems = validate(&pair).json()["files"][0]["problems"].clone();
        let values: Vec<_> = problems
            .as_array()
            .expect("problems")
            .iter()
            .filter(|problem| problem["path"] != "summary.sha256")
            .collect();
        if path.is_empty() {
            assert!(values.is_empty(), "{problems}");
            continue;
        }
        assert_eq!(values.len(), 1, "{problems}");
        let problem = values[0];
        assert_eq!(
            (problem["path"].as_str(), problem["message"].as_str()),
            (Some(path), Some(why)),
            "{problem}"
        );
        assert_eq!(problem["severity"], "warning", "{problem}");
        let line = problem["line"].as_u64().expect("a line");
        let run = pair
            .import(&["--json"])
            .succeeds()
            .says(&format!("warning: a.json:{line}:"))
            .says(&format!("{path}: {why}"));
        assert_eq!(run.json()["warnings"][0], *problem, "{run}");
        assert_eq!(pair.there("select count(*) || '' from t"), ["6"]);
    }
}

/// What an application keeps anywhere is no mistake.
#[test]
fn columns_that_hold_anything_are_not_warned_of() {
    let data = "insert into t values ('a', 'x', 'y', 'z', 'today', 'k', '2026-11-01'), ('b', 'x', 'y', 'z', '2026-11-01', 'k', 'x'),
        ('c', 'x', 'y', 'z', 'now', 'k', '2026-11-03'), ('d', 4, 1.5, 5, '', '', '2026-11-04'), ('e', null, null, null, null, null, null)";
    let pair = Pair::new(SCHEMA, data, "");
    assert_eq!(validate(&pair).json()["files"][0]["problems"], serde_json::json!([]));
    let run = pair.import(&[]).succeeds();
    assert!(!run.stderr().contains("warning"), "{run}");
}

#[test]
fn many_values_that_are_unlike_the_others_are_counted() {
    let rows: Vec<String> =
        (1..=40).map(|n| format!("('t{n:02}', {n}, 1.5, null, null, null, null)")).collect();
    let pair = Pair::new(SCHEMA, &format!("insert into t values {}", rows.join(", ")), "");
    for n in 1..=8 {
        pair.edit(&format!("\"n\": {n},"), &format!("\"n\": \"x{n}\","));
    }
    let run = pair.import(&[]).succeeds();
    assert_eq!(run.stderr().matches("a text in a column of numbers").count(), 6, "{run}");
    run.says("data.t.n: 3 more like this");
}

/// Conditions of the settings: SQL behind a column, which sees the other fields of the item.
#[test]
fn conditions_of_the_settings_are_checked_by_both_commands() {
    let pair = pair();
    let settings = "[sections.t.check]\nn = \"between 1 and 5\"\nprice = \"> n and typeof(price) = 'real'\"\nnote = \"like 'note%'\"\n";
    std::fs::write(pair.scene.path("larder.toml"), settings).expect("write");
    pair.edit("\"price\": 3.5", "\"price\": 2.5");
    pair.edit("\"note 4\"", "null");
    let problems = validate(&pair).json()["files"][0]["problems"].to_string();
    let run = pair.import(&["--json"]).succeeds();
    for (line, path, why) in [
        (24, "data.t[5].n", "it is not between 1 and 5"),
        (21, "data.t[2].price", "it is not > n and typeof(price) = 'real'"),
    ] {
        let said = format!("{path}: {why}");
        assert!(run.stderr().contains(&said), "{said}: {run}");
        assert!(
            problems.contains(&format!("\"path\":\"{path}\"")) && problems.contains(why),
            "{line} {problems}"
        );
    }
    assert_eq!(run.json()["warnings"].as_array().map(Vec::len), Some(2), "{run}");
}

/// A condition sees the item, and nothing else; it neither writes nor runs for ever.
#[test]
fn a_condition_that_is_no_expression_of_the_item_is_refused() {
    for condition in [
        "between",
        "in (select name from sqlite_schema)",
        "= load_extension('x')",
        "= randomblob(1000000000)",
        "= 1) from (select 1 as n); drop table t; --",
        "in (select 1 union all select n + 1 from (select 1) where writefile('x', 'y'))",
        "in (with recursive r(x) as (select 1 union all select x + 1 from r) select x from r)",
        "= (select count(*) from pragma_database_list)",
        "= missing",
    ] {
        let pair = pair();
        let quoted = condition.replace('"', "\\\"");
        std::fs::write(pair.scene.path("larder.toml"), format!("[sections.t.check]\nn = \"{quoted}\"\n"))
            .expect("write");
        let run = pair.import(&[]).fails(2);
        run.says("sections.t.check.n: ");
        assert_eq!(pair.there("select count(*) || '' from t"), ["0"], "{condition}");
    }
    let pair = pair();
    std::fs::write(pair.scene.path("larder.toml"), "[sections.t.check]\nm = \"> 1\"\n").expect("write");
    pair.import(&[]).succeeds().says("the settings have a condition on m, and the document no such field");
    std::fs::write(pair.scene.path("larder.toml"), "[sections.t]\ncheck = 5\n").expect("write");
    pair.import(&[]).fails(2);
}
