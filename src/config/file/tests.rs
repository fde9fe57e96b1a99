//! Tests of reading a file of settings.

use super::*;
use crate::config::{Percent, ReferenceConfig};
use crate::snapshot::retention::Count;
use std::time::Duration;

fn read(text: &str) -> Result<Config> {
    Config::parse(Path::new("conf/larder.toml"), text, Some(Path::new("/home/ada")))
}

#[test]
fn everything_that_it_may_say_is_read() {
    let config = read(
        r#"
        app = "movies"
        database = "~/movies/app.db"
        schema-version = { sql = "select 3" }
        app-version = { sql = "select 4" }
        [scope]
        table = "users"
        key = "name"
        column = "user_id"
        where = "active"
        [sections.movies]
        key = ["imdb_id"]
        match = [["title", "year"], ["slug"]]
        refetch = ["tmdb"]
        updated-at = "modified"
        nest.status = { flatten = true, references.list_id = "lists" }
        nest.history = {}
        [sections."my.lists"]
        table = "custom lists"
        include = false
        "#,
    )
    .expect("it is right");
    assert_eq!(config.app.as_deref(), Some("movies"));
    assert_eq!(config.database.as_deref(), Some(Path::new("/home/ada/movies/app.db")));
    assert_eq!(config.rules.schema_version.as_deref(), Some("select 3"));
    assert_eq!(config.rules.app_version.as_deref(), Some("select 4"));
    assert_eq!(config.rules.scope.expect("a scope").condition.as_deref(), Some("active"));
    let movies = &config.rules.sections["movies"];
    assert_eq!(movies.key.as_deref(), Some(&["imdb_id".to_owned()][..]));
    assert_eq!(movies.matches.len(), 2);
    let single = read("[sections.a]\nmatch = ['name', 'births.date']").expect("one list");
    assert_eq!(single.rules.sections["a"].matches, [["name", "births.date"]]);
    assert_eq!(movies.updated_at.as_deref(), Some("modified"));
    assert!(movies.nest["status"].flatten && !movies.nest["history"].flatten);
    assert_eq!(movies.nest["status"].references["list_id"], ReferenceConfig::Section("lists".into()));
    let lists = &config.rules.sections["my.lists"];
    assert_eq!((lists.table.as_deref(), lists.include), (Some("custom lists"), Some(false)));
}

#[test]
fn what_is_said_of_backups_is_read() {
    let config = read(
        r#"
        [snapshot]
        to = "~/store"
        also-to = ["s3://bucket/films", { to = "usb", keep-daily = 3 }]
        compress = "zstd"
        level = 9
        drill = "quick"
        prune = true
        [retention]
        keep-last = "unlimited"
        keep-hourly = 24
        keep-within-daily = "1y"
        max-size = "2GB"
        timezone = "UTC"
        [check]
        max-age = "25h"
        max-shrink = 20
        "#,
    )
    .expect("it is right");
    let snapshot = config.snapshot;
    assert_eq!(snapshot.to.as_deref(), Some(Path::new("/home/ada/store")));
    let stores: Vec<_> = snapshot.also_to.iter().map(|store| store.to.to_str().expect("a text")).collect();
    assert_eq!(stores, ["s3://bucket/films", "conf/usb"]);
    let own = snapshot.also_to[1].retention.as_ref().expect("its own");
    assert_eq!(own.policy.periods[1], Count::Limited(3));
    assert_eq!((snapshot.level, snapshot.prune, snapshot.if_changed), (Some(9), true, false));
    let policy = config.retention.policy;
    assert_eq!((policy.last, policy.periods[0]), (Count::Unlimited, Count::Limited(24)));
    assert_eq!(policy.periods_within[1].map(|span| span.to_string()).as_deref(), Some("1y"));
    assert_eq!(config.retention.max_size, Some(2_000_000_000));
    assert_eq!(config.check.max_age, Some(Duration::from_hours(25)));
    assert_eq!(config.check.max_shrink, Some(Percent(20)));
    let said: Vec<_> =
        config.said.iter().map(|said| (said.name.as_str(), said.value.as_str(), said.line)).collect();
    assert_eq!(said[0], ("snapshot.to", "\"~/store\"", 3));
    assert_eq!((said[1].0, said[2].0), ("snapshot.also-to", "snapshot.compress"));
}

#[test]
fn paths_are_from_home_or_from_the_file() {
    for (path, placed) in
        [("~", "/home/ada"), ("~/a.db", "/home/ada/a.db"), ("a.db", "conf/a.db"), ("/a.db", "/a.db")]
    {
        let config = read(&format!("database = {path:?}")).expect("a path");
        assert_eq!(config.database.as_deref(), Some(Path::new(placed)), "{path}");
    }
    let error = read("database = '~bob/a.db'").expect_err("whose home");
    assert!(error.to_string().contains("another's home"), "{error:#}");
    let bare = Config::parse(Path::new("larder.toml"), "database = 'a.db'", None).expect("a path");
    assert_eq!(bare.database.as_deref(), Some(Path::new("a.db")));
    let error = Config::parse(Path::new("larder.toml"), "database = '~/a.db'", None).expect_err("no home");
    assert!(error.to_string().contains("there is no HOME"), "{error:#}");
}

/// What is wrong, what is said of it, and what would be right.
const WRONG: &[(&str, &str, Option<&str>)] = &[
    (
        "ap = 'x'",
        "conf/larder.toml:1:1: this larder does not know the setting ap",
        Some("did you mean \"app\"?"),
    ),
    (
        "\n[sections.a]\nkeys = ['b']",
        ":3:1: this larder does not know the setting sections.a.keys",
        Some("did you mean \"key\"?"),
    ),
    (
        "[sections.a.nest.b]\ninclude = false",
        ":2:1: this larder does not know the setting sections.a.nest.b.include",
        None,
    ),
    ("[sections.\"a.b\"]\nx = 1", ":2:1: this larder does not know the setting sections.\"a.b\".x", None),
    ("[snapshots]\nto = 'x'", ":1:2: this larder does not know the setting snapshots", None),
    (
        "[scope]\ntable = 'u'\nkey = 'n'\ncolumn = 'c'\ncolums = 'd'",
        ":5:1: this larder does not know the setting scope.colums",
        Some("did you mean \"column\"?"),
    ),
    ("schema-version = { sq = 'x' }", "schema-version lacks sql", None),
    ("app-version.query = 'x'", "app-version lacks sql", None),
    ("schema-version = 3", ":1:18: schema-version: this must be a table, not a number", None),
    ("app = 1", ":1:7: app: this must be a text, not a number", None),
    ("app = ''", ":1:7: app: this is empty", None),
    ("[sections.a]\nkey = 'b'", ":2:7: sections.a.key: this must be a list of texts, not a text", None),
    ("[sections.a]\nkey = ['b', 2]", ":2:13: sections.a.key: this must be a text, not a number", None),
    ("[sections.a]\nkey = []", ":2:7: sections.a.key: this list is empty", None),
    (
        "[sections.a]\nmatch = ['b', ['c']]",
        ":2:10: sections.a.match: this must be a list of texts, not a text",
        None,
    ),
    ("[sections.a]\nmatch = [[]]", ":2:10: sections.a.match: this list is empty", None),
    (
        "[sections.a]\ninclude = 'no'",
        ":2:11: sections.a.include: this must be true or false, not a text",
        None,
    ),
    (
        "[sections.a]\nreferences = ['b']",
        ":2:14: sections.a.references: this must be a table, not a list",
        None,
    ),
    (
        "[sections.a]\nreferences.b = 1",
        ":2:16: sections.a.references.b: this must be a section, false, or a table, not a number",
        None,
    ),
    ("[sections.a]\nnest.b = 'c'", ":2:10: sections.a.nest.b: this must be a table, not a text", None),
    ("sections = 2", ":1:12: sections: this must be a table, not a number", None),
    ("[scope]\ntable = 'u'", "conf/larder.toml: scope lacks key", None),
    ("[snapshot]\nto = 3", ":2:6: snapshot.to: this must be a text, not a number", None),
    ("[snapshot]\nalso-to = 'x'", ":2:11: snapshot.also-to: this must be a list of stores", None),
    ("[snapshot]\nalso-to = [{ keep-last = 1 }]", "snapshot.also-to lacks to", None),
    (
        "[snapshot]\nalso-to = [{ to = 'x', keep-lst = 1 }]",
        ":2:24: this larder does not know the setting snapshot.also-to.keep-lst",
        Some("did you mean \"keep-last\"?"),
    ),
    (
        "[snapshot]\ncompress = 'bzip2'",
        ":2:12: snapshot.compress: \"bzip2\" is no compression",
        Some("gzip, zstd or none"),
    ),
    ("[snapshot]\ndrill = 'deep'", ":2:9: snapshot.drill: \"deep\" is no drill", Some("full or quick")),
    (
        "[retention]\nkeep-last = 'some'",
        ":2:13: retention.keep-last: \"some\" is not how many to keep",
        Some("write a number, or unlimited"),
    ),
    ("[retention]\nkeep-within = 3", ":2:15: retention.keep-within: \"3\" is no span of time", None),
    ("[retention]\nmax-size = 'much'", ":2:12: retention.max-size: \"much\" is no size", None),
    ("[retention]\ntimezone = 'Mars'", ":2:12: retention.timezone: ", None),
    (
        "[check]\nmax-shrink = '120%'",
        ":2:14: check.max-shrink: \"120%\" is no percentage",
        Some("write 0% to 100%, such as 20%"),
    ),
    ("[check]\nmax-age = 'old'", ":2:11: check.max-age: \"old\" is no length of time", None),
    ("app = 'a'\napp = 'b'", ":2:1: ", None),
    ("app = ", ":1:7: ", None),
    ("[sections.a\n", ":1:", None),
];

#[test]
fn errors_say_where_they_are_and_what_would_be_right() {
    for (text, message, hint) in WRONG {
        let error = read(text).expect_err(text);
        assert!(error.to_string().contains(message), "{error:#}: {text}");
        assert_eq!(crate::error::kind(&error), crate::error::Kind::Usage, "{text}");
        if hint.is_some() {
            assert_eq!(crate::error::hint(&error).as_deref(), *hint, "{text}");
        }
    }
}
