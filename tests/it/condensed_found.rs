//! Condensed exports and imports: what was wrong once.

use super::condensed::{done, rows};
use super::fixtures::fill;
use super::scene::Scene;
use serde_json::{Value, json};

/// A scene with two databases of one schema.
fn scene(schema: &str, source: &str, target: &str) -> Scene {
    let scene = Scene::new();
    for (name, rows) in [("a.db", source), ("b.db", target)] {
        fill(&scene.path(name), schema);
        fill(&scene.path(name), rows);
    }
    scene
}

fn export(scene: &Scene, options: &[&str]) -> Value {
    let export = ["export", "a.db", "-o", "a.json", "--force"];
    scene.larder(export.iter().copied().chain(options.iter().copied())).run().succeeds();
    serde_json::from_str(&std::fs::read_to_string(scene.path("a.json")).expect("read")).expect("JSON")
}

fn import<'a>(scene: &'a Scene, options: &[&'a str]) -> super::scene::Run {
    let import = ["import", "a.json", "b.db"];
    scene.larder(import.iter().copied().chain(options.iter().copied())).run()
}

fn state(scene: &Scene, sql: &str) -> Vec<String> {
    rows(&scene.path("b.db"), sql)
}

#[test]
fn one_users_rows_become_anothers_and_nobody_elses() {
    let schema = "create table users(id integer primary key, name text unique);
        create table settings(user_id integer primary key references users(id), theme text)";
    let scene = scene(
        schema,
        "insert into users values (1, 'ann'); insert into settings values (1, 'dark')",
        "insert into users values (1, 'bob'), (2, 'cat'), (3, 'dan'); insert into settings values (2, 'light')",
    );
    let toml = "[scope]\ntable = \"users\"\nkey = \"name\"\ncolumn = \"user_id\"\n";
    std::fs::write(scene.path("larder.toml"), toml).expect("write");
    export(&scene, &["--scope", "ann"]);
    import(&scene, &["--scope", "bob"]).succeeds();
    assert_eq!(state(&scene, "select user_id || theme from settings order by 1"), ["1dark", "2light"]);
    assert_eq!(state(&scene, "select group_concat(name) from users"), ["bob,cat,dan"]);
}

#[test]
fn what_is_unique_moves_from_row_to_row_and_a_key_of_its_own_stays() {
    let schema = "create table u(code text primary key, email text unique, name text)";
    let scene = scene(
        schema,
        "insert into u values ('a','x','A'), ('b','y','B')",
        "insert into u values ('b','x','B')",
    );
    export(&scene, &[]);
    import(&scene, &["--on-conflict", "overwrite"]).succeeds();
    assert_eq!(state(&scene, "select code || email from u order by 1"), ["ax", "by"]);
    let scene = self::scene(
        schema,
        "insert into u values ('a','x','A'), ('b','y','B')",
        "insert into u values ('b','x','B')",
    );
    fill(&scene.path("a.db"), "delete from u where code = 'b'");
    export(&scene, &[]);
    import(&scene, &[]).fails(4);
    import(&scene, &["--on-conflict", "overwrite"]).fails(4).says("it can only be skipped");
    assert_eq!(state(&scene, "select code || email from u"), ["bx"]);
    let scene = self::scene(
        "create table u(id integer primary key, code text unique, email text unique)",
        "insert into u values (1, 'a', 'x'), (2, 'b', 'y')",
        "insert into u values (1, 'b', 'x')",
    );
    export(&scene, &[]);
    import(&scene, &["--on-conflict", "overwrite"]).succeeds();
    assert_eq!(state(&scene, "select id || code || email from u order by 1"), ["1by", "2ax"]);
}

#[test]
fn what_a_trigger_keeps_out_is_said_and_what_it_changes_besides_is_put_right() {
    let schema = "create table u(id integer primary key, code text unique);
        create trigger t before insert on u when new.code = 'b' begin select raise(ignore); end";
    let scene = scene(schema, "insert into u values (1, 'a')", "");
    fill(&scene.path("a.db"), "drop trigger t; insert into u values (2, 'b')");
    export(&scene, &[]);
    import(&scene, &[]).fails(3).says("a trigger of the database did not let it in");
    assert!(state(&scene, "select code from u").is_empty());
    import(&scene, &["--triggers", "off"]).succeeds();
    let schema = "create table topic(name text primary key, n int);
        create table post(slug text primary key, topic_name text references topic(name));
        create trigger t after insert on post begin update topic set n = n + 1 where name = new.topic_name; end";
    let scene = self::scene(
        schema,
        "insert into topic values ('t', 0); insert into post values ('a','t'), ('b','t')",
        "insert into topic values ('t', 2)",
    );
    export(&scene, &[]);
    import(&scene, &[]).succeeds();
    assert_eq!(state(&scene, "select n || '' from topic"), ["2"]);
    let again = import(&scene, &["--json"]).succeeds().json();
    assert_eq!(done(&again), json!({"topic": {"same": 1}, "post": {"same": 2}}));
}

#[test]
fn numbers_end_and_any_is_no_number() {
    let scene = scene(
        "create table t(id integer primary key, k text unique)",
        "insert into t values (1, 'a')",
        "insert into t values (9223372036854775807, 'b')",
    );
    export(&scene, &[]);
    import(&scene, &[]).fails(1).says("t has no numbers left");
    let any = "create table t(k text primary key, v any) strict";
    let values = "insert into t values ('x', '123'), ('y', 123), ('z', 1.0)";
    let scene = self::scene(any, values, values);
    export(&scene, &[]);
    let run = import(&scene, &["--json"]).succeeds();
    assert_eq!(done(&run.json()), json!({"t": {"same": 3}}));
}

#[test]
fn a_child_may_take_the_place_of_one_that_goes() {
    let schema = "create table l(id integer primary key, name text unique);
        create table it(l_id integer not null references l(id) on delete cascade, position int, what text, unique(l_id, position))";
    let scene = scene(
        schema,
        "insert into l values (1, 'a'); insert into it values (1, 1, 'new'), (1, 2, 'b')",
        "insert into l values (7, 'a'); insert into it values (7, 1, 'old'), (7, 2, 'b')",
    );
    export(&scene, &[]);
    import(&scene, &["--on-conflict", "overwrite"]).succeeds();
    assert_eq!(state(&scene, "select position || what from it order by 1"), ["1new", "2b"]);
}

#[test]
fn rows_between_rows_are_no_children_and_importing_back_changes_nothing() {
    let schema = "create table nodes(id integer primary key, label text);
        create table edges(id integer primary key, from_id integer not null references nodes(id) on delete cascade,
            to_id integer not null references nodes(id))";
    let graph =
        "insert into nodes values (1,'a'),(2,'b'),(3,'c'); insert into edges values (1,1,2),(2,2,1),(3,3,1)";
    let scene = scene(schema, graph, graph);
    export(&scene, &[]);
    let run = import(&scene, &["--json"]).succeeds();
    assert_eq!(done(&run.json()), json!({"nodes": {"same": 3}, "edges": {"same": 3}}));
}

#[test]
fn a_dangling_number_that_became_null_is_no_difference() {
    let schema = "create table a(id integer primary key, name text unique);
        create table b(v text unique, a_id integer references a(id))";
    let dangling =
        "pragma foreign_keys = off; insert into a values (1, 'x'); insert into b values ('y', 99), ('z', 1)";
    let scene = scene(schema, dangling, dangling);
    export(&scene, &[]);
    let run = import(&scene, &["--json"]).succeeds();
    assert_eq!(done(&run.json()), json!({"a": {"same": 1}, "b": {"same": 2}}));
}

#[test]
fn metadata_that_lie_are_said_to_and_what_is_not_wanted_need_not_be_there() {
    let schema = "create table t(id integer primary key, name text unique);
        create table c(id integer primary key, t_id integer not null references t(id) on delete cascade, x int);
        create table w(k text primary key); create table n(id integer primary key, v); create table r(k text primary key, n_id integer references n(id))";
    let scene = scene(
        schema,
        "insert into t values (1, 'a'); insert into c values (1, 1, 5); insert into w values ('k');
         insert into n values (1, 'v'), (2, 'u'); insert into r values ('p', 1)",
        "",
    );
    export(&scene, &[]);
    let text = std::fs::read_to_string(scene.path("a.json")).expect("read");
    for (from, to) in [
        ("\"to\": [\"id\"], \"table\": \"c\"", "\"to\": [], \"table\": \"c\""),
        ("\"parent\": [\"t_id\"]", "\"parent\": [\"zz\"]"),
        ("\"key\": [\"name\"]", "\"key\": [\"zz\"]"),
        ("\"includes\": [", "\"includes\": [], \"excludes\": ["),
        ("\"section\": \"n\", \"to\": [\"id\"]", "\"section\": \"zz\", \"to\": [\"id\"]"),
        ("{\"$id\": 2, ", "{\"$id\": 1, "),
    ] {
        assert!(text.contains(from), "{from}: {text}");
        std::fs::write(scene.path("a.json"), text.replacen(from, to, 1)).expect("write");
        import(&scene, &[]).fails(3);
    }
    std::fs::write(scene.path("a.json"), &text).expect("write");
    fill(&scene.path("b.db"), "drop table w; create view w as select 1 as k");
    import(&scene, &[]).fails(3).says("the database has no table \"w\"");
    import(&scene, &["--on-conflict", "nonsense=skip"]).fails(2).says("no section \"nonsense\"");
    import(&scene, &["--exclude", "w"]).succeeds();
}

/// An export of a database with this content.
fn exported(sql: &str, options: &[&str]) -> (Value, String) {
    let scene = Scene::new();
    fill(&scene.path("a.db"), sql);
    let export = ["export", "a.db", "-o", "a.json"];
    let run = scene.larder(export.iter().copied().chain(options.iter().copied())).run().succeeds();
    scene.larder(["validate", "a.json"]).run().succeeds();
    scene.larder(["convert", "a.json", "a.zip"]).run().succeeds();
    scene.larder(["validate", "a.zip"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path("a.json")).expect("read");
    (serde_json::from_str(&text).expect("JSON"), run.stderr())
}

#[test]
fn secrets_and_personal_values_do_not_come_through_references() {
    let (document, _) = exported(
        "create table a(id integer primary key, api_key text unique, name text);
         create table b(id integer primary key, a_key text references a(api_key));
         insert into a values (1, 'SECRET1', 'n'); insert into b values (1, 'SECRET1')",
        &[],
    );
    assert!(!document.to_string().contains("SECRET1"), "{document}");
    let (document, _) = exported(
        "create table users(login text primary key, n); create table posts(id integer primary key, author_email text references users(login));
         insert into users values ('a@real.org', 1); insert into posts values (1, 'a@real.org')",
        &["--anonymize"],
    );
    assert_eq!(document["data"]["users"][0]["login"], document["data"]["posts"][0]["author_email"]);
    assert!(!document.to_string().contains("real.org"), "{document}");
}

#[test]
fn odd_schemas_are_exported() {
    // A table that holds its number only has lines all the same.
    let (document, _) =
        exported("create table t(id integer primary key); insert into t values (1), (2)", &[]);
    assert_eq!(document["data"]["t"], json!([{}, {}]));
    // A key that leads from row to row of its own table is none.
    exported(
        "pragma foreign_keys = off; create table t(id text primary key, r text not null unique references t(id));
         insert into t values (null, 'z'), ('a', 'b'), ('b', 'a')",
        &[],
    );
    // The application's own table is called like a tool's.
    let (document, _) = exported(
        "create table migrations(id integer primary key, species text, timestamp text);
         create table schema_migrations(id integer primary key, note text);
         insert into migrations values (1, 'crane', 'now'); insert into schema_migrations values (1, 'mine')",
        &[],
    );
    assert_eq!(document["metadata"]["includes"], json!(["migrations", "schema_migrations"]));
    // Bytes that are no text where a number is expected.
    exported(
        "create table a(id integer primary key, name text unique); create table b(id integer primary key, a_id integer);
         insert into a values (1, 'x'); insert into b values (1, cast(x'66ff6f' as text))",
        &[],
    );
    let mut chain = String::new();
    for n in 0..64 {
        let parent = match n {
            0 => String::new(),
            n => format!("not null references t{}(id) on delete cascade", n - 1),
        };
        chain.push_str(&format!("create table t{n}(id integer primary key, p integer {parent}, v int);"));
        chain.push_str(&format!("insert into t{n} values (1, 1, {n});"));
    }
    exported(&chain, &[]);
    let (_, said) = exported(
        "create table artists(id integer primary key, name text unique); create table c(id integer primary key, artist integer);
         insert into artists values (7770001, 'x'); insert into c values (1, 7770001), (2, 5)",
        &[],
    );
    assert!(
        said.contains(
            "c.artist may hold row ids of artists: it is called like a table; it is written as it is"
        ),
        "{said}"
    );
}

/// A reference that leads back to its own row was left out of what is compared, so that it was like one to nothing.
#[test]
fn rows_that_refer_to_themselves_are_told_from_others() {
    let schema = "create table t(id integer primary key, v text, p integer references t(id))";
    let own = "pragma foreign_keys = off; insert into t values (1, 'a', 2), (2, 'a', 2)";
    let scene = scene(schema, own, own);
    export(&scene, &[]);
    let run = import(&scene, &["--json"]).succeeds();
    assert_eq!(done(&run.json()), json!({"t": {"same": 2}}));
    let scene =
        self::scene(schema, "insert into t values (1, 'a', 1)", "insert into t values (600, 'a', null)");
    export(&scene, &[]);
    let run = import(&scene, &["--json"]).succeeds();
    assert_eq!(done(&run.json()), json!({"t": {"new": 1}}));
    assert_eq!(state(&scene, "select id || ' ' || ifnull(p, '-') from t order by id"), ["600 -", "601 601"]);
    // A circle of two, a row that is its own end, and a chain; beside a row that refers to nothing.
    let scene = self::scene(
        schema,
        "pragma foreign_keys = off; insert into t values (1,'t',2),(2,'t',1),(3,'t',3),(4,'t',NULL),(5,'t',NULL),(6,'t',4)",
        "insert into t values (9, 't', null)",
    );
    export(&scene, &[]);
    import(&scene, &[]).succeeds();
    let loops = "select count(*) || '' from t as a join t as b on a.p = b.id and b.p = a.id";
    assert_eq!(state(&scene, loops), ["3"]);
    let run = import(&scene, &["--json"]).succeeds();
    assert_eq!(done(&run.json()), json!({"t": {"same": 6}}));
}

/// Ids inside JSON that lead to nothing became null, so that the row came in again, or lost what it said.
#[test]
fn what_json_refers_to_and_is_gone_comes_back_as_it_was() {
    let schema = "create table drivers(id integer primary key, name text);
        create table teams(id integer primary key, name text unique, line text);
        create table lineups(id integer primary key, ids text);";
    let rows = "insert into drivers values (1, 'Ada'), (2, 'Bo');
        insert into teams values (1, 'A', '[{\"id\":1},{\"id\":77},{\"id\":null},{\"id\":{\"x\":[]}}]'), (2, 'B', '[{\"id\":2}]');
        insert into lineups values (1, '{\"a\":2,\"b\":99,\"c\":\"\",\"d\":1.5}'), (2, '{\"a\":1}')";
    let scene = scene(schema, rows, rows);
    std::fs::write(
        scene.path("larder.toml"),
        "[sections.teams.references]\n\"line[*].id\" = \"drivers\"\n[sections.lineups.references]\n\"ids[*]\" = \"drivers\"\n",
    )
    .expect("write");
    let run = scene.larder(["export", "a.db", "-o", "a.json"]).run().succeeds();
    let run =
        run.says("2 references from teams.line[*].id to drivers lead to nothing: kept, but marked as lost");
    run.says("3 references from lineups.ids[*] to drivers lead to nothing");
    let document: Value =
        serde_json::from_str(&std::fs::read_to_string(scene.path("a.json")).expect("read")).expect("JSON");
    assert_eq!(document["data"]["teams"][0]["line"][1], json!({"id": {"$dangling": 77}}));
    let run = import(&scene, &["--json"]).succeeds();
    assert_eq!(
        done(&run.json()),
        json!({"drivers": {"same": 2}, "teams": {"same": 2}, "lineups": {"same": 2}})
    );
    // Elsewhere a row may have that number, which is not what was meant.
    fill(
        &scene.path("b.db"),
        "delete from lineups; delete from teams; delete from drivers; insert into drivers values (77, 'Zoe')",
    );
    scene.larder(["import", "a.json", "b.db"]).run().succeeds();
    let line = "select line from teams where name = 'A'";
    assert_eq!(
        super::condensed::rows(&scene.path("b.db"), line),
        ["[{\"id\":78},{\"id\":76},{\"id\":null},{\"id\":{\"x\":[]}}]"]
    );
    let run = scene.larder(["validate", "a.json"]).run().succeeds();
    assert!(run.stdout().contains("data.teams[0].line[1].id: it led to nothing in drivers"), "{run}");
    scene.larder(["convert", "a.json", "a.zip"]).run().succeeds();
    scene.larder(["convert", "a.zip", "b.json"]).run().succeeds();
    let read = |name| std::fs::read_to_string(scene.path(name)).expect("read");
    assert_eq!(read("a.json"), read("b.json"));
}

/// A dangling number was null in the document, which cannot come in everywhere and is not what was there.
#[test]
fn a_reference_that_dangles_is_kept_and_leads_to_nothing_elsewhere_too() {
    let schema = "create table a(id integer primary key, name text unique);
        create table b(v text unique, a_id integer not null references a(id));
        create table c(b_v text not null references b(v) on delete cascade, a_id integer references a(id), x)";
    let scene = scene(
        schema,
        "pragma foreign_keys = off; insert into a values (1, 'x'); insert into b values ('y', 99), ('z', 1);
         insert into c values ('z', 98, 1), ('z', 98, 2)",
        "",
    );
    let run = scene.larder(["export", "a.db", "-o", "a.json"]).run().succeeds();
    let run = run.says("1 reference from b.a_id to a leads to nothing: kept as dangling");
    run.says("2 references from c.a_id to a lead to nothing: kept as dangling");
    scene.larder(["validate", "a.json"]).run().succeeds();
    // Here a row has one of the numbers, and the next that is given is the other.
    fill(&scene.path("b.db"), "insert into a values (98, 'here'), (50, 'gap')");
    import(&scene, &["--json"]).succeeds();
    let dangling =
        "select count(*) || '' from (select a_id from b where v = 'y' union all select a_id from c)
        where a_id is not null and a_id not in (select id from a)";
    assert_eq!(rows(&scene.path("b.db"), dangling), ["3"]);
    fill(&scene.path("b.db"), "insert into a(name) values ('new')");
    assert_eq!(rows(&scene.path("b.db"), dangling), ["3"]);
    assert_eq!(rows(&scene.path("b.db"), "select a.name from b join a on a.id = a_id where v = 'z'"), ["x"]);
    let again = import(&scene, &["--json"]).succeeds();
    assert_eq!(done(&again.json()), json!({"a": {"same": 1}, "b": {"same": 2}}), "{again}");
}

/// What larder called its own tables in a query hid those of the application.
#[test]
fn tables_may_be_called_by_a_single_letter() {
    let schema = "create table o(id integer primary key, name text unique, p_id integer references p(id));
        create table p(id integer primary key, what text);
        create table c(o_id integer not null references o(id) on delete cascade, x);
        create table s0(id integer primary key, p integer references s0(id), x);
        create table h(s0_id integer references s0(id), o_id integer references o(id) on delete cascade, key text, place text)";
    let rows = "pragma foreign_keys = off; insert into o values (1, 'a', 1), (2, 'b', 2);
        insert into p values (1, 'x'), (2, 'x'), (3, 'y'); insert into c values (1, 1), (1, 2);
        insert into s0 values (1, null, 'root'), (2, 1, 'leaf'), (3, 1, 'leaf'); insert into h values (2, 1, 'k', 'p')";
    let scene = scene(schema, rows, rows);
    std::fs::write(scene.path("larder.toml"), "[sections.o]\nnest.c = { where = \"x > 0\" }\n[sections.h]\n")
        .expect("write");
    let options = ["--item", "o=a", "--where", "s0=x = 'leaf'", "--where", "h=key = 'k'"];
    let document = export(&scene, &options);
    assert_eq!(document["data"]["o"][0]["c"], json!([{"x": 1}, {"x": 2}]), "{document}");
    assert_eq!(document["data"]["p"], json!([{"$id": 1, "what": "x"}]));
    let document = export(&scene, &[]);
    assert_eq!(document["data"]["s0"].as_array().map(Vec::len), Some(3));
    let run = import(&scene, &["--json"]).succeeds();
    assert_eq!(
        done(&run.json()),
        json!({"o": {"same": 2}, "p": {"same": 3}, "s0": {"same": 3}, "h": {"same": 1}})
    );
}

/// Numbers of rows that are kept as texts, or that only the database sees, were written as they are, and nobody said so.
#[test]
fn numbers_of_rows_are_found_whatever_they_are_kept_as() {
    let schema = "create table owners(id integer primary key, name text unique);
        create table pets(name text primary key, owner_ref text, keeper_id real, external_id text, owner_count integer);
        create table authors(code text primary key); create table books(title text primary key, author_id integer, author integer);
        create table shippers(id integer primary key, name text unique); create table orders(code text primary key, ship_via integer, ship_days integer)";
    let rows = "insert into owners values (7, 'Ann'), (8, 'Bob'); insert into pets values ('Rex', '7', 8.0, 'x1', 7), ('Tom', '8', null, '7', 8), ('Ivy', null, 7.0, null, 7);
        insert into authors values ('a'), ('b'); insert into books values ('t', 1, 2), ('u', 2, 1);
        insert into shippers values (1, 'S'), (2, 'T'); insert into orders values ('o', 1, 1), ('p', 2, 2)";
    let scene = scene(
        schema,
        rows,
        "insert into owners values (1, 'Bob'), (2, 'Ann'), (7, 'Cy'); insert into shippers values (1, 'S'), (2, 'T')",
    );
    std::fs::write(scene.path("larder.toml"), "[sections.pets.references]\nkeeper_id = \"owners\"\n")
        .expect("write");
    let run = scene.larder(["export", "a.db", "-o", "a.json"]).run().succeeds();
    let run = run.says("pets.owner_ref refers to owners, by its name and its values");
    let run = run.says("books.author_id may hold row ids of authors, shippers: every value is in the table");
    let run = run.says("books.author may hold row ids of authors, shippers: every value is in the table");
    let run =
        run.says("orders.ship_via may hold row ids of shippers: a word of it begins like a table's name");
    for quiet in ["external_id", "owner_count", "ship_days"] {
        assert!(!run.stderr().contains(quiet), "{run}");
    }
    let document: Value =
        serde_json::from_str(&std::fs::read_to_string(scene.path("a.json")).expect("read")).expect("JSON");
    assert_eq!(document["data"]["pets"][1]["owner_name"], "Ann", "{document}");
    import(&scene, &[]).succeeds();
    let pets = "select name || ' ' || ifnull(owner_ref, '-') || typeof(owner_ref) || ifnull(keeper_id, '-') from pets order by 1";
    assert_eq!(state(&scene, pets), ["Ivy -null2.0", "Rex 2text1.0", "Tom 1text-"]);
    let run = import(&scene, &["--json"]).succeeds();
    assert_eq!(done(&run.json())["pets"], json!({"same": 3}));
}

/// Two databases that hold the same, stored in another order under other numbers, had different documents.
#[test]
fn the_order_of_rows_says_nothing_of_their_numbers() {
    let schema = "create table boxes(id integer primary key, label text, parent_id integer references boxes(id), twin_id integer references boxes(id));
        create table things(what text primary key, box_id integer references boxes(id));
        create table bags(id integer primary key, colour text);
        create table pieces(id integer primary key, bag_id integer not null references bags(id) on delete cascade, what text);
        create table uses(id integer primary key, bag_id integer references bags(id), box_id integer references boxes(id), note text)";
    let here = "insert into boxes values (1, 'b', null, null), (2, 'b', 1, null), (3, 'b', 2, null), (4, 'b', 2, 3), (5, 'b', 4, null);
        insert into things values ('cup', 1), ('hat', 3);
        insert into bags values (1, 'red'), (2, 'red'), (3, 'red'); insert into pieces values (1, 1, 'p'), (2, 2, 'q'), (3, 3, 'r');
        insert into uses values (1, 1, 4, 'n'), (2, 2, 3, 'n'), (3, 3, 1, 'n')";
    let there = "insert into boxes values (60, 'b', null, null), (50, 'b', 60, null), (40, 'b', 50, null), (30, 'b', 50, 40), (20, 'b', 30, null);
        insert into things values ('hat', 40), ('cup', 60);
        insert into bags values (30, 'red'), (20, 'red'), (10, 'red'); insert into pieces values (3, 30, 'p'), (2, 20, 'q'), (1, 10, 'r');
        insert into uses values (30, 30, 30, 'n'), (20, 20, 40, 'n'), (10, 10, 60, 'n')";
    let scene = scene(schema, here, there);
    let data = |name: &str| -> Value {
        let text = scene.larder(["export", name]).run().succeeds().stdout();
        serde_json::from_str::<Value>(&text).expect("JSON")["data"].clone()
    };
    assert_eq!(data("a.db"), data("b.db"));
    export(&scene, &[]);
    let run = import(&scene, &["--json"]).succeeds();
    assert_eq!(done(&run.json())["boxes"], json!({"same": 5}));
}

/// Bacula refers to a table that it has under another name.
#[test]
fn a_foreign_key_to_a_table_that_is_not_there_keeps_nothing_out() {
    let schema = "create table log(id integer primary key, note text not null unique,
                                   location integer references locationid(locationid))";
    let scene =
        scene(schema, "pragma foreign_keys = off; insert into log values (1, 'a', 5), (2, 'b', null)", "");
    export(&scene, &[]);
    import(&scene, &[]).succeeds();
    assert_eq!(state(&scene, "select note || ifnull(location, '-') from log order by note"), ["a5", "b-"]);
}
