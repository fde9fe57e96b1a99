//! Every format of a document, and `larder convert` between them.

use super::fixtures::{KINDS, fill, make, numbered};
use super::same::assert_same;
use super::scene::Scene;

/// Names that say a format, and options where they do not.
const FORMATS: &[(&str, &[&str])] = &[
    ("out.json", &[]),
    ("out.json.gz", &[]),
    ("out.json.zst", &["--level", "9"]),
    ("pretty.json", &["--pretty"]),
    ("compact.json.gz", &["--compact"]),
    ("out.ndjson", &[]),
    ("out.jsonl.zst", &[]),
    ("out.zip", &[]),
    ("odd.zip", &["--delimiter", ";", "--null", "", "--bom", "--level", "1"]),
    ("folder/", &[]),
    ("packed", &["--format", "csv", "--compress", "gzip", "--delimiter", "tab", "--null", "NULL"]),
];

/// A scene with a database and its document in JSON.
fn scene(make: impl FnOnce(&std::path::Path)) -> Scene {
    let scene = Scene::new();
    make(&scene.path("app.db"));
    scene.larder(["export", "--full", "app.db", "-o", "doc.json"]).run().succeeds();
    scene
}

#[test]
fn every_kind_of_database_comes_back_through_every_format_and_the_document_byte_for_byte() {
    for kind in KINDS {
        let scene = scene(|path| make(kind, path));
        let document = std::fs::read(scene.path("doc.json")).expect("read");
        for (name, options) in FORMATS {
            scene.larder([&["convert", "doc.json", name], *options].concat()).run().succeeds();
            scene.larder(["convert", name, "back.json", "--force"]).run().succeeds();
            let back = std::fs::read(scene.path("back.json")).expect("read");
            assert!(back == document, "{} through {name}", kind.name);
        }
        for name in ["out.ndjson", "odd.zip", "packed"] {
            scene.larder(["import", name, &format!("from-{name}.db")]).run().succeeds();
            assert_same(&scene.path("app.db"), &scene.path(format!("from-{name}.db")));
        }
    }
}

#[test]
fn an_export_in_a_format_is_what_a_conversion_makes() {
    let scene = scene(|path| numbered(path, 2000));
    for (name, options) in FORMATS {
        let exported = format!("exported-{name}");
        scene.larder([&["export", "--full", "app.db", "-o", &exported], *options].concat()).run().succeeds();
        scene.larder(["convert", &exported, "back.json", "--force"]).run().succeeds();
        let without_time = |name: &str| -> Vec<String> {
            let text = std::fs::read_to_string(scene.path(name)).expect("read");
            text.lines().filter(|line| !line.contains("exported_at")).map(str::to_owned).collect()
        };
        assert_eq!(without_time("back.json"), without_time("doc.json"), "{name}");
    }
}

#[test]
fn the_standard_streams_take_every_format() {
    let scene = scene(|path| numbered(path, 20));
    let document = std::fs::read(scene.path("doc.json")).expect("read");
    for format in ["json", "ndjson", "csv"] {
        let run = scene.larder(["convert", "-", "-", "--format", format]).run_with(&document).succeeds();
        let back = scene.larder(["convert", "-", "-"]).run_with(run.stdout_bytes()).succeeds();
        assert!(back.stdout_bytes() == document, "{format}");
        let run = scene.larder(["export", "--full", "app.db", "--format", format]).run().succeeds();
        scene.larder(["import", "-", &format!("{format}.db")]).run_with(run.stdout_bytes()).succeeds();
        assert_same(&scene.path("app.db"), &scene.path(format!("{format}.db")));
    }
}

#[test]
fn csv_is_readable_by_others() {
    let scene = scene(|path| {
        fill(
            path,
            "create table people(name text, born int, photo blob);
             insert into people values ('Zoë, \"Z\"', 1990, x'00ff'), ('007', null, null), ('two' || char(10) || 'lines', 1.5, '5')",
        );
    });
    scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
    let people = std::fs::read_to_string(scene.path("out/people.csv")).expect("read");
    assert_eq!(
        people,
        "name,born,photo\n\"Zoë, \"\"Z\"\"\",1990,\"{\"\"$blob\"\": \"\"AP8=\"\"}\"\n007,\\N,\\N\n\"two\nlines\",1.5,\"\"\"5\"\"\"\n"
    );
    assert_eq!(scene.names("out"), ["metadata.json", "people.csv"]);
    let metadata: serde_json::Value =
        serde_json::from_slice(&std::fs::read(scene.path("out/metadata.json")).expect("read")).expect("JSON");
    assert_eq!(metadata["csv"]["files"]["people"], "people.csv");
    scene.larder(["convert", "doc.json", "out.zip"]).run().succeeds();
    let first = std::fs::read(scene.path("out.zip")).expect("read");
    scene.larder(["convert", "doc.json", "out.zip", "--force"]).run().succeeds();
    assert!(
        std::fs::read(scene.path("out.zip")).expect("read") == first,
        "the same data gives the same bytes"
    );
}

#[test]
fn csv_that_a_spreadsheet_saved_again_is_read() {
    let scene = scene(|path| {
        fill(path, "create table t(name text, n int); insert into t values ('Zoë', 1), ('größe', 2)");
    });
    scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path("out/t.csv")).expect("read");
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let lines = text.replace('\n', "\r\n").into_bytes();
    // The columns in another order.
    let turned = text
        .lines()
        .map(|line| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n")
        .collect::<String>();
    for (at, bytes) in [utf16, latin, marked, lines, turned.into_bytes()].into_iter().enumerate() {
        std::fs::write(scene.path("out/t.csv"), bytes).expect("write");
        let run = scene.larder(["import", "out", &format!("{at}.db")]).run().succeeds();
        run.says("was changed after it was written");
        assert_same(&scene.path("app.db"), &scene.path(format!("{at}.db")));
    }
}

#[test]
fn what_is_there_is_kept_unless_told_otherwise() {
    let scene = scene(|path| numbered(path, 3));
    std::fs::create_dir(scene.path("theirs")).expect("a folder");
    std::fs::write(scene.path("theirs/photo.jpg"), "theirs").expect("write");
    std::fs::create_dir(scene.path("empty")).expect("a folder");
    scene.larder(["convert", "doc.json", "empty"]).run().succeeds();
    scene.larder(["convert", "doc.json", "empty"]).run().fails(1).says("exists already");
    scene.larder(["convert", "doc.json", "empty", "--force"]).run().succeeds();
    assert_eq!(scene.names("empty"), ["metadata.json", "t.csv"]);
    // What lies in the folder of an export and is no part of it is nobody's to delete.
    std::fs::write(scene.path("empty/notes.txt"), "mine").expect("write");
    scene
        .larder(["convert", "doc.json", "empty", "--force"])
        .run()
        .fails(1)
        .says("is not part of what would be");
    std::fs::remove_file(scene.path("empty/notes.txt")).expect("remove");
    std::fs::write(scene.path("theirs/metadata.json"), "{\"name\": \"my package\"}").expect("write");
    for more in [&[][..], &["--force"]] {
        scene.larder([&["convert", "doc.json", "theirs/"], more].concat()).run().fails(1);
    }
    assert_eq!(scene.names("theirs"), ["metadata.json", "photo.jpg"]);
    scene.larder(["convert", "doc.json", "doc.json", "--force"]).run().fails(2).says("is the input itself");
    scene.larder(["convert", "empty", "empty/", "--force"]).run().fails(2).says("is the input itself");
    scene
        .larder(["convert", "empty", "empty/t.csv", "--format", "json", "--force"])
        .run()
        .fails(2)
        .says("one in the other");
    scene.larder(["convert", "empty/t.csv", "empty/", "--force"]).run().fails(2).says("one in the other");
    assert_eq!(scene.names(""), ["app.db", "doc.json", "empty", "theirs"]);
}

#[test]
fn options_that_would_do_nothing_are_refused() {
    let scene = scene(|path| numbered(path, 3));
    for (arguments, message) in [
        (&["out.ndjson", "--pretty"][..], "--pretty does nothing"),
        (&["out.json", "--delimiter", ";"], "--delimiter does nothing"),
        (&["out.zip", "--compact"], "--compact does nothing"),
        (&["out.json", "--pretty", "--compact"], "cannot be used with"),
        (&["out.zip", "--delimiter", "ab"], "a single character, or tab"),
        (&["out.zip", "--delimiter", "\""], "cannot stand between cells"),
        (&["out.zip", "--null", "0"], "cannot stand for NULL"),
        (&["out.zip", "--compress", "zstd"], "is compressed already"),
        (&["out.csv"], "a document in CSV has several"),
        (&["out.json", "--level", "3"], "--level is for compressed files"),
    ] {
        scene.larder([&["convert", "doc.json"], arguments].concat()).run().fails(2).says(message);
    }
    assert_eq!(scene.names(""), ["app.db", "doc.json"]);
}

#[test]
fn csv_that_is_wrong_is_refused_with_its_place() {
    let scene = scene(|path| {
        fill(
            path,
            "create table t(a int, b text); create table u(c); insert into t values (1, 'x'), (2, 'y')",
        );
    });
    let cases: &[(&str, &str, &str, &str)] = &[
        ("t.csv", "2,y", "2", "out/t.csv:3:1: data.t[1]: the row has 1 cells, and the first line 2"),
        ("t.csv", "a,b", "a,c", "the first line does not name the column \"b\""),
        ("t.csv", "1,x", "\"\"\"1\",x", "out/t.csv:2:1: data.t[0].a: a cell that begins with a quote"),
        ("t.csv", "1,x", "\"{\"\"$blob\"\": 1}\",x", "data.t[0].a: it is not a string of base64"),
        ("metadata.json", "\"t.csv\"", "\"../t.csv\"", "csv.files names no file for the section \"t\""),
        ("metadata.json", "\"t.csv\"", "\"gone.csv\"", "there is no file"),
        ("metadata.json", "\"larder-export\"", "\"other\"", "this is no export of larder"),
        ("metadata.json", "\"delimiter\": \",\"", "\"delimiter\": \"x\"", "cannot stand between cells"),
        ("metadata.json", "{", "[", "metadata.json"),
        ("metadata.json", "\"u.csv\"", "\"T.csv\"", "is the file of two sections"),
        ("metadata.json", "\"null\": ", "\"null\": \"\", \"null\": ", "\"null\" comes twice"),
        ("t.csv", "2,y", "2,\"y", "out/t.csv:3:2: the quote that begins this cell is not closed"),
        ("t.csv", "a,b", "a,b,$rowid", "\"$rowid\" is no column of the section"),
    ];
    for (file, from, to, message) in cases {
        let _ = std::fs::remove_dir_all(scene.path("out"));
        scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
        let path = scene.path("out").join(file);
        let text = std::fs::read_to_string(&path).expect("read");
        assert!(text.contains(from), "{from} is not in {text}");
        std::fs::write(&path, text.replacen(from, to, 1)).expect("write");
        scene.larder(["import", "out", "new.db"]).run().fails(3).says(message);
    }
    std::fs::remove_dir_all(scene.path("out")).expect("remove");
    scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
    std::fs::remove_file(scene.path("out/t.csv")).expect("remove");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/passwd", scene.path("out/t.csv")).expect("a link");
        scene.larder(["import", "out", "new.db"]).run().fails(3).says("there is no file");
    }
    std::fs::create_dir(scene.path("folder")).expect("a folder");
    scene.larder(["import", "folder", "new.db"]).run().fails(3).says("is a folder without metadata.json");
    assert!(!scene.path("new.db").exists());
}

#[test]
fn what_would_fill_the_memory_or_the_disk_is_stopped() {
    let scene = scene(|path| {
        fill(path, "create table t(a); insert into t values (hex(zeroblob(1000000)))");
    });
    for name in ["doc.json", "out.ndjson", "out.json.zst", "out.zip"] {
        if name != "doc.json" {
            scene.larder(["convert", "doc.json", name]).run().succeeds();
        }
        let run = scene.larder(["import", name, "new.db", "--max-row", "1MB"]).run();
        run.fails(3).says("a row of more than 1000000 bytes").says("--max-row");
        scene.larder(["import", name, &format!("{name}.db"), "--max-row", "3MB"]).run().succeeds();
    }
    for name in ["out.json.zst", "out.zip"] {
        let run = scene.larder(["import", name, "new.db", "--max-size", "1MB"]).run();
        run.fails(3).says("more than 1000000 bytes come out of it").says("--max-size");
    }
    assert!(!scene.path("new.db").exists());
}

/// The limit let whole buffers pass.
#[test]
fn a_row_may_have_as_many_bytes_as_it_is_told_and_no_more() {
    let scene = scene(|path| {
        fill(
            path,
            "create table t(a text, b int); insert into t values ('x', 1), ('größe, \"y\"', 23), ('z', 4)",
        );
    });
    for (name, file, row) in [
        ("doc.json", "doc.json", r#"{"a": "größe, \"y\"", "b": 23}"#),
        ("pretty.json", "pretty.json", "{\n        \"a\": \"größe, \\\"y\\\"\",\n        \"b\": 23\n      }"),
        ("doc.ndjson", "doc.ndjson", r#"{"$section": "t", "a": "größe, \"y\"", "b": 23}"#),
        ("out/", "out/t.csv", "\"größe, \"\"y\"\"\",23"),
    ] {
        if name != "doc.json" {
            let pretty: &[&str] = if name == "pretty.json" { &["--pretty"] } else { &[] };
            scene.larder([&["convert", "doc.json", name], pretty].concat()).run().succeeds();
        }
        let text = std::fs::read_to_string(scene.path(file)).expect("read");
        assert!(text.contains(row), "{row} is not in {text}");
        let import = |limit: usize| {
            scene.larder(["import", name, "new.db", "--dry-run", "--max-row", &limit.to_string()]).run()
        };
        import(row.len()).succeeds();
        let message = format!("a row of more than {} bytes", row.len() - 1);
        import(row.len() - 1).fails(3).says(&message).says("--max-row");
    }
}

#[test]
fn flat_csv_is_for_people() {
    let scene = scene(|path| {
        fill(
            path,
            "create table people(id integer primary key autoincrement, name text, born int, photo blob, weight real);
             create table other(a);
             insert into people values (1, 'Zoë, \"Z\"', null, x'00ff', 1.5), (2, '007', 1990, null, 9e999)",
        );
    });
    let people = "id,name,born,photo,weight\n1,\"Zoë, \"\"Z\"\"\",,AP8=,1.5\n2,007,1990,,inf\n";
    let arguments = ["export", "--full", "app.db", "--flat", "--only", "people", "-o", "people.csv"];
    scene.larder(arguments).run().succeeds();
    assert_eq!(std::fs::read_to_string(scene.path("people.csv")).expect("read"), people);
    let run = scene.larder(["export", "--full", "app.db", "--flat", "--only", "people"]).run().succeeds();
    assert_eq!(run.stdout(), people);
    scene.larder(["convert", "doc.json", "flat/", "--flat", "--bom", "--delimiter", ";"]).run().succeeds();
    assert_eq!(scene.names("flat"), ["other.csv", "people.csv"]);
    let text = std::fs::read_to_string(scene.path("flat/people.csv")).expect("read");
    assert!(text.starts_with("\u{feff}id;name;born"), "{text}");
    scene.larder(["convert", "doc.json", "flat.zip", "--flat"]).run().succeeds();
    scene.larder(["import", "flat.zip", "new.db"]).run().fails(3).says("metadata.json");
    scene.larder(["convert", "doc.json", "all.csv", "--flat"]).run().fails(2).says("a single file takes one");
    scene.larder(["convert", "doc.json", "all.json", "--flat"]).run().fails(2).says("--flat is for CSV");
    assert!(!scene.path("all.csv").exists());
}

/// A folder that appeared while the document was being written was replaced.
#[cfg(unix)]
#[test]
fn a_folder_that_appears_meanwhile_is_kept() {
    let scene = scene(|path| numbered(path, 3));
    let mut larder = scene.larder(["convert", "-", "out/"]);
    let mut child = larder.command.stdin(std::process::Stdio::piped()).spawn().expect("it runs");
    let mut input = child.stdin.take().expect("piped");
    let document = std::fs::read(scene.path("doc.json")).expect("read");
    std::io::Write::write_all(&mut input, &document[..document.len() - 10]).expect("write");
    std::thread::sleep(std::time::Duration::from_millis(300));
    std::fs::create_dir(scene.path("out")).expect("a folder");
    std::fs::write(scene.path("out/precious"), "theirs").expect("write");
    std::io::Write::write_all(&mut input, &document[document.len() - 10..]).expect("write");
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    assert_eq!(scene.names("out"), ["precious"]);
}

/// One bad byte made Latin-1 of a whole file, and every letter in it two wrong ones.
#[test]
fn one_bad_byte_is_an_error_and_not_another_encoding() {
    let scene = scene(|path| fill(path, "create table t(name text); insert into t values ('größe'), ('x')"));
    scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
    let text = std::fs::read(scene.path("out/t.csv")).expect("read");
    std::fs::write(scene.path("out/t.csv"), [&text[..], b"caf\xe9\n"].concat()).expect("write");
    scene
        .larder(["import", "out", "new.db"])
        .run()
        .fails(3)
        .says("out/t.csv:4:1: data.t[2].name: it is not UTF-8");
}

/// A spreadsheet writes 2 for 2.0, and the rows were said to have come out differently.
#[test]
fn a_whole_number_in_a_column_of_reals_is_a_real() {
    let scene = scene(|path| {
        fill(path, "create table t(id integer primary key, r real); insert into t values (1, 2.0), (2, 2.5)");
    });
    let text = std::fs::read_to_string(scene.path("doc.json")).expect("read");
    std::fs::write(scene.path("doc.json"), text.replace("\"r\": 2.0", "\"r\": 2")).expect("write");
    scene.larder(["import", "doc.json", "new.db"]).run().succeeds();
    assert_same(&scene.path("app.db"), &scene.path("new.db"));
}

/// Rows with and without a rowid in one section made a file of CSV whose rows had different lengths.
#[test]
fn a_row_without_the_rowid_that_its_section_has_is_told() {
    let scene = scene(|path| fill(path, "create table t(a); insert into t(rowid, a) values (5, 1), (9, 2)"));
    let text = std::fs::read_to_string(scene.path("doc.json")).expect("read");
    for (name, edited) in [
        ("lacks.json", text.replace("\"$rowid\": 9, ", "")),
        ("has.json", text.replace(", \"rowids\": true", "")),
    ] {
        assert_ne!(edited, text);
        std::fs::write(scene.path(name), edited).expect("write");
        scene.larder(["convert", name, "out.zip"]).run().fails(3).says(".$rowid: ");
    }
}

/// An empty line of a file with one column was no row, and the rows after it came one too early.
#[test]
fn an_empty_line_in_a_file_with_one_column_is_told() {
    let scene = scene(|path| fill(path, "create table t(a text); insert into t values ('p'), (''), ('q')"));
    scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
    let text = std::fs::read_to_string(scene.path("out/t.csv")).expect("read");
    std::fs::write(scene.path("out/t.csv"), text.replace("\"\"\n", "\n")).expect("write");
    scene
        .larder(["import", "out", "new.db"])
        .run()
        .fails(3)
        .says("out/t.csv:3:1: data.t: an empty line is no row");
}

/// The digest of a conversion was that of another order of the sections.
#[test]
fn sections_in_another_order_are_no_edit() {
    let scene = scene(|path| {
        fill(
            path,
            "create table a(x); create table b(y); insert into a values (1); insert into b values (2)",
        );
    });
    let text = std::fs::read_to_string(scene.path("doc.json")).expect("read");
    let turned = text.replace("{\"a\": {\"table\"", "{\"b\": {\"table\"");
    let line = |name: &str| {
        text.lines()
            .find(|line| line.contains(&format!("\"{name}\": {{\"table\"")))
            .expect("a line")
            .trim_end_matches(',')
            .to_owned()
    };
    let turned =
        turned.replace(&format!("{},\n{}", line("a"), line("b")), &format!("{},\n{}", line("b"), line("a")));
    assert_ne!(turned, text);
    std::fs::write(scene.path("doc.json"), &turned).expect("write");
    for name in ["out.zip", "out.ndjson", "out.json"] {
        scene.larder(["convert", "doc.json", name]).run().succeeds();
        let run = scene.larder(["validate", name]).run();
        assert!(!run.stdout().contains("changed after"), "{run}");
    }
}

#[test]
fn zip_takes_every_level_and_other_names_are_refused() {
    let scene = scene(|path| numbered(path, 3));
    for level in ["0", "1", "9"] {
        scene.larder(["convert", "doc.json", "out.zip", "--force", "--level", level]).run().succeeds();
        scene.larder(["validate", "out.zip"]).run().succeeds();
    }
    scene.larder(["convert", "doc.json", "out.zip.gz"]).run().fails(2).says("is compressed already");
    scene.larder(["convert", "doc.json", "out.csv.gz"]).run().fails(2).says("has several");
}

/// The files of a folder in an archive, each under the name that a function gives it.
fn zipped(scene: &Scene, folder: &str, named: impl Fn(&str) -> String, more: &[&str]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for name in more {
        archive.start_file(*name, options).expect("an entry");
    }
    for name in scene.names(folder) {
        archive.start_file(named(&name), options).expect("an entry");
        let bytes = std::fs::read(scene.path(folder).join(&name)).expect("read");
        std::io::Write::write_all(&mut archive, &bytes).expect("write");
    }
    archive.finish().expect("finish").into_inner()
}

/// Somebody packed the folder, and not the files in it.
#[test]
fn a_folder_in_an_archive_is_read() {
    let scene = scene(|path| numbered(path, 20));
    scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
    let clutter = &["__MACOSX/out/._t.csv", "out/.DS_Store", ".DS_Store"][..];
    let cases: &[(&str, &[&str])] =
        &[("out/", &[]), ("out/", clutter), ("a/b c/", &[]), ("out\\", &[]), ("", clutter)];
    for (at, (folder, more)) in cases.iter().enumerate() {
        let bytes = zipped(&scene, "out", |name| format!("{folder}{name}"), more);
        std::fs::write(scene.path("packed.zip"), bytes).expect("write");
        scene.larder(["validate", "packed.zip"]).run().succeeds().prints("packed.zip: valid\n");
        scene.larder(["import", "packed.zip", &format!("{at}.db")]).run().succeeds();
        assert_same(&scene.path("app.db"), &scene.path(format!("{at}.db")));
    }
    let cases: &[(&str, &[&str], &str)] = &[
        ("out/", &["other.txt"], "its metadata.json is in the folder out/, and other.txt is not"),
        ("out/", &["more/metadata.json"], "it has a metadata.json in more/ and one in out/"),
        ("no-", &[], "it has no metadata.json: it is no export"),
    ];
    for (folder, more, message) in cases {
        let bytes = zipped(&scene, "out", |name| format!("{folder}{name}"), more);
        std::fs::write(scene.path("packed.zip"), bytes).expect("write");
        scene.larder(["import", "packed.zip", "new.db"]).run().fails(3).says(message);
        let run = scene.larder(["validate", "packed.zip"]).run();
        assert!(run.code() == Some(3) && run.stdout().contains(message), "{run}");
    }
}

/// Of two entries with one name, the first was read by some programs and the last by others.
#[test]
fn an_archive_with_two_entries_of_one_name_is_refused() {
    let scene = scene(|path| numbered(path, 20));
    scene.larder(["convert", "doc.json", "out/"]).run().succeeds();
    for (folder, more) in [("", "t.csw"), ("out/", "out/t.csw"), ("out/", "out\\t.csw")] {
        let bytes = zipped(&scene, "out", |name| format!("{folder}{name}"), &[more]);
        std::fs::write(scene.path("packed.zip"), renamed(&bytes)).expect("write");
        let run = scene.larder(["import", "packed.zip", "new.db"]).run().fails(3);
        run.says("two of its entries have the same name").says("unpack it");
    }
}

/// Makes t.csv of t.csw: what writes archives refuses to write a name twice.
fn renamed(bytes: &[u8]) -> Vec<u8> {
    let mut renamed = bytes.to_vec();
    let places = bytes.windows(5).enumerate().filter(|(_, part)| part == b"t.csw").map(|(at, _)| at);
    places.for_each(|at| renamed[at + 4] = b'v');
    renamed
}

/// What an editor saved as UTF-16 or with a byte order mark was no export.
#[test]
fn json_that_an_editor_saved_in_another_unicode_is_read() {
    let scene = scene(|path| fill(path, "create table t(a text); insert into t values ('größe 名前 🎬')"));
    for name in ["doc.ndjson", "out/"] {
        scene.larder(["convert", "doc.json", name]).run().succeeds();
    }
    let snapshot = scene.larder(["snapshot", "app.db"]).run().succeeds().printed_path();
    let manifest = snapshot.to_string_lossy().replace(".db.gz", ".meta.json");
    for (file, argument) in [
        ("doc.json", "doc.json"),
        ("doc.ndjson", "doc.ndjson"),
        ("out/metadata.json", "out"),
        (&manifest, &manifest),
    ] {
        let text = std::fs::read_to_string(scene.path(file)).expect("read");
        let utf16 = |text: &str, is_big: bool| -> Vec<u8> {
            let bytes = |unit: u16| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            text.encode_utf16().flat_map(bytes).collect()
        };
        let marked = format!("\u{feff}{text}");
        let saved = [
            utf16(&marked, false),
            utf16(&marked, true),
            utf16(&text, false),
            utf16(&text, true),
            marked.into_bytes(),
        ];
        for bytes in saved {
            std::fs::write(scene.path(file), bytes).expect("write");
            let argument = if file == manifest { snapshot.to_str().expect("UTF-8") } else { argument };
            let run = scene.larder(["validate", argument]).run().succeeds();
            run.prints(&format!("{argument}: valid\n"));
        }
        std::fs::write(scene.path(file), text).expect("write");
    }
}
