//! Rows of other programs: which column a name means, and which row of the table a row of the file is.

use super::rows_table::{TableScene, counts};

const PEOPLE: &str = "create table people(id integer primary key, email text unique collate nocase, name text not null, age int default 7)";
const ALL: &str =
    "select concat_ws('|', id, coalesce(email, 'NULL'), name, coalesce(age, 'NULL')) from people order by id";

fn people() -> TableScene {
    TableScene::new(&format!(
        "{PEOPLE}; insert into people values (5, 'ada@x', 'Ada', 36), (6, 'bob@x', 'Bob', null)"
    ))
}

/// They were accepted and did nothing.
#[test]
fn names_are_mapped_left_out_and_filled() {
    let file = "ID No,Full Name,E-Mail,note\n9,Cy,cy@x,x\n";
    for options in [
        ["ID No=id", "Full Name=name", "E-Mail=email", "note="],
        ["people.ID No=id", "People.full name=NAME", "people.E-Mail=email", "people.note="],
    ] {
        let people = people();
        let map = options.iter().flat_map(|option| ["--map", option]).collect::<Vec<_>>();
        people.imports(file, "people", &map, [1, 0, 0, 0, 0]);
        assert_eq!(people.rows(ALL)[2], "9|cy@x|Cy|7");
        let fill = [&map[..], &["--fill", "age=40"]].concat();
        people.imports(&file.replace("9,Cy,cy", "10,Di,di"), "people", &fill, [1, 0, 0, 0, 0]);
        assert_eq!(people.rows(ALL)[3], "10|di@x|Di|40");
    }
    // Columns may change places, names may hold equal signs and dots, and some rows may have what others are filled with.
    let people = people();
    people.imports(
        "name,a=b.c\nx@x,X\n",
        "people",
        &["--map", "name=email", "--map", "a=b.c=name"],
        [1, 0, 0, 0, 0],
    );
    people.write("rows.json", "[{\"name\": \"Y\"}, {\"name\": \"Z\", \"age\": 1}]");
    let run = people.import_file("rows.json", "people", &["--fill", "people.age=null"]);
    assert_eq!(counts(&run, "people"), [2, 0, 0, 0, 0]);
    assert_eq!(people.rows(ALL)[2..], ["7|x@x|X|7", "8|NULL|Y|NULL", "9|NULL|Z|1"]);
}

#[test]
fn what_is_mapped_or_filled_wrongly_is_told() {
    let people = people();
    let file = "id,Name,mail\n9,Cy,x\n";
    for (options, message) in [
        (&["--map", "mial=email"][..], "rows.csv has no \"mial\""),
        (&["--map", "mail=emial"], "did you mean \"email\"?"),
        (&["--map", "mail"], "it lacks an equal sign"),
        (&["--map", "=email"], "this names nothing of the file"),
        (&["--map", "mail=email", "--map", "mail="], "mail is mapped twice"),
        (&["--map", "mail=name"], "\"Name\" and \"mail\" name the same column"),
        (&["--map", "mail=", "--fill", "nme=x"], "has no column \"nme\""),
        (&["--map", "mail=", "--fill", "name=x"], "--fill name: every row of rows.csv has it"),
        (&["--map", "mail=", "--fill", "age=old"], "\"old\" is no number, and the column is INT"),
        (&["--map", "mail=", "--fill", "age=1", "--fill", "age=2"], "age is filled twice"),
        (&["--map", "mail=", "--match", "nme"], "did you mean \"name\"?"),
    ] {
        let run = people.import(file, "people", options);
        let code = run.code();
        people.refuses(file, "people", options, (code.expect("it ends"), message));
        assert!([Some(2), Some(3)].contains(&code), "{run}");
    }
    people.refuses(file, "people", &[], (3, "the table people has no such column: --map mail=COLUMN"));
}

#[test]
fn rows_that_exist_are_the_same_or_conflicts() {
    let file = "id,name\n5,Ada\n6,Rob\n7,Cy\n";
    people().refuses(file, "people", &[], (4, "1 row of people already exists and differs"));
    people().refuses(
        file,
        "people",
        &[],
        (4, "rows.csv:3:1: [1]: id \"6\" already exists, and differs in name"),
    );
    people().refuses(
        file,
        "people",
        &["--on-conflict", "fail"],
        (4, "--on-conflict skip leaves them as they are"),
    );
    for (strategy, counts, bob) in [
        ("skip", [1, 1, 1, 0, 0], "6|bob@x|Bob|NULL"),
        ("people=overwrite", [1, 1, 0, 1, 0], "6|bob@x|Rob|NULL"),
    ] {
        let people = people();
        people.imports(file, "people", &["--on-conflict", strategy], counts);
        assert_eq!(people.rows(ALL), ["5|ada@x|Ada|36", bob, "7|NULL|Cy|7"]);
        // Importing again changes nothing, whatever is to be done with conflicts.
        people.imports(file, "people", &["--on-conflict", strategy], [0, 3 - counts[2], counts[2], 0, 0]);
    }
}

#[test]
fn any_unique_key_says_which_row_it_is_and_the_row_keeps_its_id() {
    let overwrite = ["--on-conflict", "overwrite"];
    let people = people();
    people.imports("email,name,age\nADA@X,Ada L,\nnew@x,New,1\n", "people", &overwrite, [1, 0, 0, 1, 0]);
    assert_eq!(people.rows(ALL), ["5|ADA@X|Ada L|NULL", "6|bob@x|Bob|NULL", "7|new@x|New|1"]);
    // A fill is for new rows.
    let fill = [&overwrite[..], &["--fill", "age=99"]].concat();
    people.imports("email,name\nbob@x,Rob\nzoe@x,Zoe\n", "people", &fill, [1, 0, 0, 1, 0]);
    assert_eq!(people.rows(ALL)[1..], ["6|bob@x|Rob|NULL", "7|new@x|New|1", "8|zoe@x|Zoe|99"]);
    for (file, message) in [
        ("id,email,name\n5,bob@x,B\n", "2: [0]: its id and its email are of different rows"),
        (
            "id,email,name\n9,bob@x,B\n",
            "2: [0]: the row with its email has another id, and keeps it: leave it out with --map id=",
        ),
    ] {
        people.refuses(file, "people", &overwrite, (3, message));
        people.imports(file, "people", &["--on-conflict", "skip"], [0, 0, 1, 0, 0]);
    }
    people.imports(
        "id,email,name\n9,bob@x,B\n",
        "people",
        &[&overwrite[..], &["--map", "id="]].concat(),
        [0, 0, 0, 1, 0],
    );
}

#[test]
fn match_names_the_key_of_an_import() {
    for schema in [
        "create table t(a text collate nocase, b int, c text)",
        "create table t(a text collate nocase, b int, c text, primary key(c)) without rowid",
        "create table t(a text collate nocase, b int, c text); create index by_a on t(a)",
        "create table t(a text collate nocase, b int, c text);
         create table log(x); create trigger g after insert on t begin insert into log values (new.a); end",
    ] {
        let table = TableScene::new(&format!(
            "{schema}; insert into t values ('x', 1, 'one'), ('x', 2, 'two'), ('y', 1, 'three')"
        ));
        let options = ["--match", "A,b", "--on-conflict", "overwrite"];
        let c =
            |file: &str| if schema.contains("primary") { file.replace(",c", ",C") } else { file.to_owned() };
        if schema.contains("primary") {
            table.refuses(&c("a,b,c\nX,2,TWO\n"), "t", &options, (3, "has another c, and keeps it"));
            continue;
        }
        table.imports("a,b,c\nX,2,TWO\ny,1,three\nz,1,new\nZ,1,newer\n", "t", &options, [1, 1, 0, 2, 0]);
        let all = "select a || b || c from t order by rowid";
        assert_eq!(table.rows(all), ["x1one", "X2TWO", "y1three", "Z1newer"], "{schema}");
        table.refuses(
            "a,c\ny,x\n",
            "t",
            &options,
            (3, "2: [0]: the row has no b, by which --match knows rows"),
        );
        table.refuses(
            "a,b,c\n,1,x\n",
            "t",
            &options,
            (3, "2: [0]: the row has no a, by which --match knows rows"),
        );
        table.refuses("a,c\nx,x\n", "t", &["--match", "a"], (4, "several rows have its a"));
    }
    let people = people();
    people.refuses(
        "id,name\n6,Ada\n",
        "people",
        &["--match", "name", "--on-conflict", "overwrite"],
        (3, "different rows"),
    );
    people.refuses(
        "email,name\nbob@x,Cy\n",
        "people",
        &["--match", "name"],
        (4, "another row has its email"),
    );
}

#[test]
fn a_strategy_that_cannot_mean_anything_is_refused() {
    let people = people();
    for strategy in ["merge", "newer", "rename"] {
        let message = format!("--on-conflict {strategy}: not for rows of other programs");
        people.refuses("name\nx\n", "people", &["--on-conflict", strategy], (2, &message));
    }
    people.refuses(
        "name\nx\n",
        "people",
        &["--on-conflict", "lists=skip"],
        (2, "the rows go into people, not lists"),
    );
    people.refuses(
        "name\nx\n",
        "people",
        &["--on-conflict", "skip,people=skip"],
        (2, "rows of one table have one strategy"),
    );
    let lacks = "rows.csv lacks what rows of people are known by: id; email";
    people.refuses("name\nx\n", "people", &["--on-conflict", "skip"], (2, lacks));
    let keyless = TableScene::new("create table t(a)");
    keyless.refuses("a\nx\n", "t", &["--on-conflict", "skip"], (2, "the rows of t have no key"));
    let unreachable = TableScene::new("create table t(rowid unique, oid, _rowid_)");
    unreachable.refuses(
        "rowid\nx\n",
        "t",
        &["--on-conflict", "overwrite"],
        (2, "nothing finds a row of t again"),
    );
}

#[test]
fn a_section_of_the_settings_is_its_table() {
    let people = people();
    people.write("larder.toml", "app = 'app'\ndatabase = 'app.db'\n[sections.friends]\ntable = 'people'\n");
    people.write("rows.csv", "name\nCy\n");
    people
        .scene
        .larder(["import", "rows.csv", "--section", "friends"])
        .run()
        .succeeds()
        .says("1 row came into people");
    for name in ["friends", "people"] {
        let (key, strategy) = (format!("{name}=name"), format!("{name}=skip"));
        let import =
            ["import", "rows.csv", "--section", "friends", "--match", &key, "--on-conflict", &strategy];
        people.scene.larder(import).run().succeeds().says("1 row the same already");
    }
}
