//! Every line that larder proposes for a doubt is one that it accepts, and that settles the doubt.

use super::fixtures::fill;
use super::scene::Scene;
use serde_json::Value;

const PLACES: &str = "create table places(id integer primary key, url text not null unique);
    insert into places values (3, 'a.org'), (5, 'b.org'), (8, 'c.org'), (12, 'd.org');";
const HIDDEN: &str = "create table places(url text, n text); insert into places values ('a.org', 'a'), ('b.org', 'b'), ('c.org', 'c');
    delete from places where n = 'a'; insert into places values ('d.org', 'd');";
const UNIQUE: &str = "create table places(code text primary key, id int unique, n text);
    insert into places values ('a', 3, 'x'), ('b', 5, 'y'), ('c', 8, 'z'), ('d', 12, 'u');";

/// A database, and the settings that there are.
struct Case {
    settings: &'static str,
    sql: String,
}

fn case(tables: &str, sql: &str) -> Case {
    Case { settings: "", sql: format!("{tables}\n{sql}") }
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let pairs = "create table plain(id int primary key, n text); insert into plain values (3, 'x'), (5, 'y');
        create table places(a text, b text, id int unique, primary key (a, b));
        insert into places values ('a', 'b', 3), ('a', 'c', 5), ('b', 'c', 8);";
    let apart = "create table places(id int primary key, n text) without rowid;
        insert into places values (3, 'x'), (5, 'y'), (8, 'z'), (12, 'u');";
    let taken = "create table places(rowid text, n text); insert into places values ('x', 'a'), ('y', 'b'), ('z', 'c');";
    for tables in [PLACES, HIDDEN, UNIQUE, pairs, apart, taken] {
        let lost = if tables == HIDDEN || tables == taken { 2 } else { 5 };
        for sql in [
            format!("create table marks(id integer primary key, t text, place_id int, place int, fk int);
             insert into marks values (1, 'a', {lost}, {lost}, {lost}), (2, 'b', 77, 3, 3)"),
            format!("create table marks(code text primary key, item_id int, place_ids text, seen text, places text);
             insert into marks values ('a', {lost}, '3,{lost}', '3,{lost}', '3;{lost}'), ('b', 3, '77,3', '{lost}', '3')"),
            format!(r#"create table marks(code text primary key, data text); insert into marks values
             ('a', '{{"place_id": {lost}, "$place_id": 3, "a.b": {{"place_id": 3}}, "": {{"place_id": 3}}, "places": [3, {lost}],
              "x*": {{"place_id": [{lost}]}}, "q\"r": {{"place_id": 3}}, "byplace": {{"places": {{"3": {{"place_id": {lost}}}, "8": 3}}}}}}'),
             ('b', '[{{"place_id": {lost}}}]')"#),
            format!(r#"create table marks(code text primary key, data blob); insert into marks values
             ('a', cast('{{"place_id": {lost}}}' as blob)), ('b', cast('{{"place_id": 3}}' as blob))"#),
            format!("create table settings(key text primary key, value text); insert into settings values
             ('last_place_id', '{lost}'), ('default.place', '3'), ('a \"b\".place_id', '{lost}'), ('shown_places', '[3,{lost}]'), ('volume', '7')"),
            format!("create table posts(id integer primary key, n text); insert into posts values (1, 'a'), (2, 'b');
             create table votes(code text primary key, on_type text, on_id int);
             insert into votes values ('a', 'Post', 1), ('b', 'Thing', {lost}), ('c', 'odd one.x', 3), ('d', 'Post', 2)"),
            format!("create table \"odd.na me\"(code text primary key, \"place.id\" int, \"place\"\"s.id\" text);
             insert into \"odd.na me\" values ('a', {lost}, '{{\"place_id\": 3}}'), ('b', 77, '{{\"place_id\": {lost}}}')"),
            format!("create table users(id integer primary key, n text not null unique); insert into users values (1, 'a'), (2, 'b');
             create table notes(id integer primary key, user_id int not null references users(id) on delete cascade, place_id int, item_id int);
             insert into notes values (1, 1, {lost}, 3), (2, 1, 77, {lost}), (3, 2, 3, {lost})"),
        ] {
            cases.push(case(tables, &sql));
        }
    }
    for sql in [
        // Row ids that nobody knows the meaning of.
        "create table things(id integer primary key, n text); insert into things values (10, 'a'), (20000, 'b'), (900000, 'c'), (900001, 'd'), (900007, 'e')",
        "create table things(id int primary key, n text); insert into things values (1, 'a'), (2, 'b'), (3, 'c')",
        "create table issue(id integer primary key, n text); insert into issue values (1, 'a'), (2, 'b');
         create table issue_index(group_id integer primary key, last int); insert into issue_index values (1, 4), (2, 5)",
        "create table things(id int unique, n text); insert into things values (1, 'a'), (2, 'b'), (null, 'c')",
        "create table counters(name text primary key, last int); create table note(id integer primary key, n text);
         insert into counters values ('note', 2); insert into note values (1, 'a'), (2, 'b')",
        "create table event(id int, at int, who text, unique(at, who)); insert into event values (1, 5, 'a'), (1, 5, 'b'), (2, 6, 'a')",
        "create table category(id integer primary key, parent_id int, path text);
         insert into category values (1, 2, '/1/'), (4, 1, '/1/4/'), (2, 1, '/1/2/'), (6, 4, '/1/4/6/')",
        "create table django_content_type(id integer primary key, app_label text, model text, unique(app_label, model));
         insert into django_content_type values (1, 'blog', 'post'), (2, 'blog', 'gone');
         create table blog_post(id integer primary key, n text); insert into blog_post values (1, 'a'), (2, 'b');
         create table tagged(id integer primary key, content_type_id int references django_content_type(id), object_id int);
         insert into tagged values (1, 1, 1), (2, 2, 2), (3, 2, 1)",
    ] {
        cases.push(case("", sql));
    }
    let sql = format!("{PLACES} create table marks(code text primary key, place_id int, data text);
        insert into marks values ('a', 77, '{{\"place_id\": 5}}'), ('b', 3, null);
        create table notes(id integer primary key, mark text not null references marks(code) on delete cascade, place_id int);
        insert into notes values (1, 'a', 77), (2, 'b', 5)");
    let settings = "sections.\"My marks\".table = \"marks\"\nsections.\"My marks\".nest.notes.where = \"1\"\nsections.Web.table = \"places\"\n";
    cases.push(Case { settings, sql });
    cases
}

/// Exports with these settings. Returns the document; an error is what larder said.
fn export(scene: &Scene, settings: &str) -> Result<Value, String> {
    std::fs::write(scene.path("larder.toml"), settings).expect("write");
    let run = scene.larder(["export", "a.db", "-o", "a.json", "--force"]).run();
    if run.code() != Some(0) {
        return Err(run.to_string());
    }
    Ok(serde_json::from_str(&std::fs::read_to_string(scene.path("a.json")).expect("read")).expect("JSON"))
}

fn doubts(document: &Value) -> Vec<Value> {
    document["metadata"]["doubts"].as_array().cloned().unwrap_or_default()
}

/// What a doubt is about.
fn about(doubt: &Value) -> (String, String) {
    (doubt["place"].to_string(), doubt["when"].to_string())
}

#[test]
fn every_line_that_an_export_proposes_settles_its_doubt() {
    let mut lines = 0;
    for Case { settings, sql } in cases() {
        let scene = Scene::new();
        fill(&scene.path("a.db"), &sql);
        let document = export(&scene, settings).unwrap_or_else(|said| panic!("{sql}{said}"));
        for doubt in doubts(&document) {
            let settle = doubt["settle"].as_array().expect("lines").clone();
            assert!(!settle.is_empty() || sql.contains("null, 'c'"), "nothing settles {doubt}: {sql}");
            for line in settle {
                let line = line.as_str().expect("a line");
                let settled = export(&scene, &format!("{settings}{line}\n"));
                let settled = settled.unwrap_or_else(|said| panic!("{line}\n{sql}\n{said}"));
                let left: Vec<Value> =
                    doubts(&settled).into_iter().filter(|left| about(left) == about(&doubt)).collect();
                assert!(left.is_empty(), "{line} leaves {left:?}: {sql}");
                lines += 1;
            }
        }
    }
    assert!(lines > 200, "{lines}");
}

#[test]
fn every_proposal_of_init_is_accepted() {
    for Case { settings, sql } in cases().into_iter().filter(|case| case.settings.is_empty()) {
        let scene = Scene::new();
        fill(&scene.path("a.db"), &sql);
        let before = export(&scene, settings).unwrap_or_else(|said| panic!("{sql}{said}"));
        std::fs::remove_file(scene.path("larder.toml")).expect("remove");
        scene.larder(["init", "a.db", "-o", "larder.toml", "--yes"]).run().succeeds();
        let text = std::fs::read_to_string(scene.path("larder.toml")).expect("read");
        // Of keys, one is right.
        let has_key = |block: &&str| block.lines().any(|line| line.starts_with("key = "));
        let (keyed, keyless): (Vec<&str>, Vec<&str>) = text.split("\n[").partition(has_key);
        let references = keyed.iter().chain(&keyless).flat_map(|block| block.lines());
        let references = references.filter(|line| line.starts_with("#references."));
        let keys = keyless.iter().flat_map(|block| block.lines()).filter(|line| line.starts_with("#key = "));
        let proposals: Vec<&str> = references.chain(keys).collect();
        for proposal in proposals {
            let text = text.replacen(&format!("\n{proposal}\n"), &format!("\n{}\n", &proposal[1..]), 1);
            let after = export(&scene, &text).unwrap_or_else(|said| panic!("{proposal}\n{sql}\n{said}"));
            if proposal.starts_with("#references.") {
                assert!(doubts(&after).len() < doubts(&before).len(), "{proposal} settles nothing: {sql}");
            }
        }
    }
}
