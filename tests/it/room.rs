//! Stores on small disks: what is packed has to find room there, and not what it is packed from.

use super::fixtures::fill;
use super::scene::Scene;
use std::path::PathBuf;
use std::process::Command;

/// A small file system in a scene, for as long as this lives.
struct Small(PathBuf);

impl Small {
    /// Only root may mount one.
    #[expect(clippy::print_stdout, reason = "whoever reads the output of the tests is told")]
    fn mount(scene: &Scene, size: &str) -> Option<Self> {
        let folder = scene.path("small");
        std::fs::create_dir(&folder).expect("a folder");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&folder)
            .output();
        if mount.is_ok_and(|mount| mount.status.success()) {
            return Some(Self(folder));
        }
        println!("skipped: a small file system cannot be mounted here; root can");
        None
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// A database of several megabytes that is packed into much less, and some that cannot be packed.
fn database(scene: &Scene, rows: u32, random: u32) {
    let sql = format!(
        "create table t(a); with recursive n(i) as (select 1 union all select i + 1 from n limit {rows})
        insert into t select 'the same text again and again, which is packed well ' || (i % 10) from n;
        create table r(b); insert into r values (randomblob({random}))"
    );
    fill(&scene.path("app.db"), &sql);
}

#[test]
fn a_store_needs_room_for_what_is_packed_alone() {
    let scene = Scene::new();
    let Some(_small) = Small::mount(&scene, "3m") else { return };
    database(&scene, 100_000, 1000);
    let size = std::fs::metadata(scene.path("app.db")).expect("it is there").len();
    assert!(size > 3 << 20, "{size}");
    let run = scene.larder(["snapshot", "app.db", "--to", "small/store"]).run().succeeds();
    assert!(!run.stderr().contains("has room for"), "{run}");
    scene.larder(["validate"]).arg(&run.printed_path().to_string_lossy()).run().succeeds();
}

#[test]
fn little_room_is_told_and_none_is_an_error_that_leaves_nothing() {
    let scene = Scene::new();
    let Some(_small) = Small::mount(&scene, "3m") else { return };
    database(&scene, 40_000, 1_200_000);
    let run = scene.larder(["snapshot", "app.db", "--to", "small/store"]).run().succeeds();
    run.says("warning: the store has room for 1").says("more, and a snapshot has 1");
    fill(&scene.path("app.db"), "insert into r values (randomblob(1500000))");
    let before = scene.names("small/store");
    scene.larder(["snapshot", "app.db", "--to", "small/store"]).run().fails(1).says("not enough space at");
    assert_eq!(scene.names("small/store"), before);
}
