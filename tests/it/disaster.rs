//! What docs/disaster.md says is so: its commands run, in their order, with the tools that it names.

use super::fixtures::fill;
use super::scene::Scene;
use std::path::Path;
use std::process::Command;

const STORY: &str = include_str!("../../docs/disaster.md");
const SCHEMA: &str = "
    create table posts(id integer primary key, slug text not null unique, title text not null, body text);
    create table comments(id integer primary key, post_id integer not null references posts(id) on delete cascade, author text, body text);
    insert into posts values (1, 'hello-world', 'Hello world', 'First!'), (2, 'about', 'About', 'Me.'), (3, 'now', 'Now', 'Busy.');
    insert into comments values (1, 1, 'Ada', 'welcome'), (2, 1, 'Bo', 'at last'), (3, 2, 'Cy', 'hm')";

/// The commands of the story, each with the exit code that it is to have.
fn commands() -> Vec<(&'static str, i32)> {
    let lines = STORY.lines().filter_map(|line| line.strip_prefix("$ "));
    let command = |line: &'static str| match line.split_once("    # exit code ") {
        Some((command, code)) => (command, code.parse().expect("a number")),
        None => (line, 0),
    };
    lines.map(command).collect()
}

/// One script of all, which ends where a command does not end as it should.
fn script() -> String {
    let step = |(command, code): &(&str, i32)| {
        let shown = command.replace('\'', r"'\''");
        format!(
            "printf '%s\\n' '$ {shown}'\n{command}\ncode=$?\n[ $code -eq {code} ] || {{ echo \"exit code $code\"; exit 99; }}\n"
        )
    };
    commands().iter().map(step).collect()
}

#[test]
fn the_story_of_a_bad_day_runs_from_beginning_to_end() {
    let search = "/usr/bin:/bin:/usr/local/bin";
    for tool in ["age", "gunzip", "jq", "sqlite3", "sha256sum"] {
        if !search.split(':').any(|folder| Path::new(folder).join(tool).exists()) {
            println!("skipped: there is no {tool}");
            return;
        }
    }
    let scene = Scene::new();
    fill(&scene.path("blog.db"), SCHEMA);
    let binary = Path::new(env!("CARGO_BIN_EXE_larder")).parent().expect("a folder");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &script()]).current_dir(scene.path("")).env_clear();
    shell.env("HOME", scene.path("")).env("TZ", "UTC");
    shell.env("PATH", format!("{}:{search}", binary.display())).stdin(std::process::Stdio::null());
    let output = shell.output().expect("a shell");
    let text =
        format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    for said in [
        "gone     posts Hello world",
        "is in 1 of 1 snapshot",
        "nothing differs",
        "hint: larder restore latest ",
        "(backups holds snapshots of ",
        ": OK",
        "\"Hello world\"",
    ] {
        assert!(text.contains(said), "{said:?} is not in:\n{text}");
    }
    assert!(commands().len() > 30, "{}", commands().len());
}
