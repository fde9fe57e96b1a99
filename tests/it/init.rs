//! `larder init`: a file that means what no file means, and proposals that hold what they say.

use super::fixtures::{self, KINDS, fill};
use super::scene::Scene;

const SHOP: &str = "
    create table users(id integer primary key, username text unique not null, password text, csrf_token text);
    create table customers(id integer primary key, user_id integer not null references users on delete cascade,
        email text not null, name text, settings text, is_deleted integer, updated_at text, created_at text);
    create table products(id integer primary key, sku text unique not null, slug text unique not null, title text,
        api_data text, parent_id integer);
    create table details(product_id integer primary key references products on delete cascade, colour text);
    create table orders(id integer primary key, user_id integer not null references users on delete cascade,
        customer_id integer, lines text, ordered_at text);
    create table job_log(id integer primary key, what text);
    create table schema_migrations(version text); insert into schema_migrations values ('20261120');
    insert into users values (1, 'ada', 'x', 't'), (2, 'bob', 'y', 'u');
    with recursive n(i) as (select 1 union all select i + 1 from n limit 30)
      insert into customers select i, 1 + i % 2, 'c' || i || '@example.org', 'same', '{\"a\": [' || i || ']}',
        i % 10 = 0, '2026-11-20', '2026-11-20' from n;
    with recursive n(i) as (select 1 union all select i + 1 from n limit 30)
      insert into products select i, 'sku' || i, 'slug' || i, 'T', '{\"x\": \"' || hex(zeroblob(400)) || '\"}', nullif(1, i) from n;
    insert into details select id, 'red' from products;
    with recursive n(i) as (select 1 union all select i + 1 from n limit 30)
      insert into orders select i, 1 + i % 2, i, '[{\"product_id\": ' || i || ', \"n\": 1000}]', '2026-11-20' from n";

fn shop() -> Scene {
    let scene = Scene::new();
    fill(&scene.path("shop.db"), SHOP);
    scene
}

fn written(scene: &Scene) -> String {
    std::fs::read_to_string(scene.path("larder.toml")).expect("it is written")
}

/// The document of a database, without its time, or the error.
fn exported(scene: &Scene, arguments: &[&str]) -> (Option<i32>, String) {
    let run = scene.larder([&["export"][..], arguments].concat()).run();
    let is_time = |line: &&str| !line.contains("\"exported_at\"");
    (run.code(), run.stdout().lines().filter(is_time).collect())
}

/// The file with one of its proposals accepted, for each of them.
fn accepted(file: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = file.lines().collect();
    let is_proposal = |line: &str| line.starts_with('#') && !line.starts_with("# ");
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        // A table that does not count goes with its settings.
        let end = if lines[at].starts_with("#[") {
            lines[at..].iter().position(|line| line.is_empty()).map_or(lines.len(), |length| at + length)
        } else {
            at + 1
        };
        if is_proposal(lines[at]) {
            let mut with: Vec<&str> = lines.clone();
            for line in &mut with[at..end] {
                *line = if is_proposal(line) { &line[1..] } else { line };
            }
            found.push((lines[at..end].join("\n"), with.join("\n")));
        }
        at = end;
    }
    found
}

#[test]
fn the_file_changes_nothing_and_each_of_its_proposals_fits() {
    let shop = fixtures::Kind { name: "shop", sql: SHOP };
    for kind in KINDS.iter().chain([&shop]) {
        let scene = Scene::new();
        fixtures::make(kind, &scene.path("app.db"));
        let without = exported(&scene, &["app.db"]);
        scene.larder(["init", "app.db", "--yes"]).run().succeeds();
        let file = written(&scene);
        assert!(!file.chars().any(|letter| letter.is_control() && letter != '\n'), "{file}");
        assert_eq!(exported(&scene, &[]), without, "{}: {file}", kind.name);
        for (proposal, file) in accepted(&file) {
            std::fs::write(scene.path("larder.toml"), file).expect("write");
            let scope: &[&str] = if proposal.starts_with("#[scope]") { &["--scope", "ada"] } else { &[] };
            let run = scene.larder([&["export"][..], scope].concat()).run();
            assert_eq!(run.code(), Some(0), "{}: {proposal} {run}", kind.name);
        }
    }
}

#[test]
fn the_file_says_what_is_known_and_proposes_what_is_supposed() {
    let scene = shop();
    scene.larder(["init", "shop.db", "--yes"]).run().succeeds().says("5 sections");
    let file = written(&scene);
    for text in [
        "app = \"shop\"\ndatabase = \"shop.db\"\n",
        "# The version of the schema is 20261120, which a migration tool keeps.\n",
        "# Not exported: schema_migrations (kept by a migration tool).\n",
        "#[scope]\n#table = \"users\"\n#key = \"username\"\n#column = \"user_id\"\n",
        "[sections.users]\nkey = [\"username\"]\n",
        "secret = [\"password\", \"csrf_token\"]\n",
        "id is a number that the database gave; no constraint says that\n# anything else is unique.",
        "#key = [\"email\"]\n",
        "# 3 of 30 rows would count as deleted, and not be exported.\n#soft-delete = \"is_deleted\"\n",
        "updated-at = \"updated_at\"\ndate = \"created_at\"\nlabel = \"name\"\n",
        "# Rows are known by sku: a UNIQUE constraint.\n# Not exported: id (a number that the database gave).\n",
        "[sections.products]\nkey = [\"sku\"]\n",
        "#match = [[\"slug\"]]\n",
        "# api_data is 98 % of the bytes and holds JSON. What can be fetched again need not be exported.\n#refetch = [\"api_data\"]\n",
        "references.parent_id = \"products\"\n",
        "# details belongs to products, by product_id: at most one in each.\n",
        "[sections.products.nest.details]\n# Its fields could stand among those of products.\n#flatten = true\n",
        "references.customer_id = \"customers\"\n",
        "# All 30 different numbers looked at there are rows of products, whose numbers no document has.\n#references.\"lines[*].product_id\" = \"products\"\n",
        "[sections.job_log]\n",
        "#default = false\n",
    ] {
        assert!(file.contains(text), "{text:?} is not in\n{file}");
    }
    let accepted = file.replace("#key = [\"email\"]", "key = [\"email\"]").replace("#refetch", "refetch");
    let accepted = accepted.replace("#references", "references").replace("#flatten", "flatten");
    std::fs::write(scene.path("larder.toml"), accepted).expect("write");
    let document = scene.larder(["export"]).run().succeeds().json();
    assert_eq!(document["data"]["orders"][0]["customer_email"], "c10@example.org");
    assert_eq!(document["data"]["orders"][0]["lines"][0]["product_id"], "sku10");
    assert_eq!(document["data"]["products"][0]["colour"], "red");
    assert!(document["data"]["products"][0]["api_data"].is_null());
}

#[test]
fn the_same_database_gives_the_same_file_and_nothing_is_left_beside_it() {
    let scene = shop();
    let first = scene.larder(["init", "shop.db", "--yes", "-o", "-"]).run().succeeds().stdout();
    assert_eq!(scene.larder(["init", "shop.db", "--yes", "-o", "-"]).run().succeeds().stdout(), first);
    assert_eq!(scene.names(""), ["shop.db"]);
}

#[test]
fn a_file_is_overwritten_only_with_force() {
    let scene = shop();
    std::fs::write(scene.path("larder.toml"), "app = 'mine'").expect("write");
    scene.larder(["init", "shop.db", "--yes"]).run().fails(1).says("larder.toml exists already");
    assert_eq!(written(&scene), "app = 'mine'");
    // What stands there does not matter where the database is named, however wrong it is.
    std::fs::write(scene.path("larder.toml"), "nonsense").expect("write");
    let run = scene.larder(["init", "shop.db", "--yes", "--force", "--json"]).run().succeeds();
    let json = run.json();
    assert!(json["file"].as_str().expect("a path").ends_with("larder.toml"), "{run}");
    assert_eq!(json["sections"], 5, "{run}");
    assert!(json["proposals"].as_u64() > Some(5), "{run}");
    scene.larder(["init", "--yes", "--force"]).run().succeeds();
    scene.larder(["init", "shop.db", "--yes", "--force", "--app", "boutique"]).run().succeeds();
    assert!(written(&scene).contains("app = \"boutique\"\ndatabase = \"shop.db\""), "{}", written(&scene));
    scene.larder(["init", "shop.db", "--yes", "--force", "-o", "shop.db"]).run().fails(2);
    let run = scene.larder(["init", "shop.db", "--yes", "--json", "-o", "-"]).run();
    assert_eq!(run.code(), Some(2), "{run}");
}

#[test]
fn without_a_terminal_questions_are_an_error_that_names_the_flag() {
    let scene = shop();
    let run = scene.larder(["init", "shop.db"]).run().fails(4);
    run.says("no terminal to ask on").says("--yes writes the file without asking");
    assert_eq!(scene.names(""), ["shop.db"]);
    fill(
        &scene.path("plain.db"),
        "create table notes(name text primary key); insert into notes values ('x')",
    );
    scene.larder(["init", "plain.db"]).run().succeeds();
}

#[test]
fn what_is_no_database_or_not_named_is_an_error() {
    let scene = Scene::new();
    std::fs::write(scene.path("text.db"), "not a database, but a text that is long enough to be one")
        .expect("write");
    scene.larder(["init"]).run().fails(2).says("which database?");
    scene.larder(["init", "none.db", "--yes"]).run().fails(1).says("there is no file");
    scene.larder(["init", "text.db", "--yes"]).run().fails(1).says("is not a SQLite database");
    assert_eq!(scene.names(""), ["text.db"]);
}

#[test]
fn the_database_is_named_so_that_it_is_found_from_the_file() {
    let scene = shop();
    for folder in ["conf", "~odd"] {
        std::fs::create_dir(scene.path(folder)).expect("a folder");
    }
    scene.larder(["init", "shop.db", "--yes", "-o", "conf/shop.toml"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path("conf/shop.toml")).expect("read");
    assert!(text.contains("database = \"~/shop.db\""), "{text}");
    scene.larder(["export", "--config", "conf/shop.toml"]).run().succeeds();
    std::fs::copy(scene.path("shop.db"), scene.path("~odd/~.db")).expect("copy");
    scene.larder(["init", "~odd/~.db", "--yes", "-o", "~odd/larder.toml"]).run().succeeds();
    scene.larder(["export", "--config", "~odd/larder.toml"]).run().succeeds();
    scene.larder(["init", "~odd/~.db", "--yes", "-o", "odd.toml"]).run().succeeds();
    scene.larder(["export", "--config", "odd.toml"]).run().succeeds();
}
