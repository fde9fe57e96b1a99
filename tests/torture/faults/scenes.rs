//! What is there before a command with a fault, the command, and what comes after it.

use super::states::{DAMAGED, MISSING, NO_DATABASE, make, open};
use rusqlite::Connection;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// What a command is about, and so what is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// A database gets another content.
    Database(&'static str),
    /// The store gets a snapshot of `A`.
    Snapshot,
    /// All snapshots but the newest go.
    Prune,
    /// `out.json` becomes a document of `A`.
    Document,
}

/// A command that runs unharmed after the one with the fault.
pub struct Then {
    pub line: &'static [&'static str],
    /// What the database holds then, where the first command changed nothing.
    pub if_old: &'static str,
    /// What it holds then, where the first command did its work.
    pub if_new: &'static str,
}

pub struct Scene {
    pub name: &'static str,
    pub aim: Aim,
    /// What it is about holds that before and after the command.
    pub old: &'static str,
    pub new: &'static str,
    pub prepare: fn(&Stage<'_>),
    pub line: &'static [&'static str],
    pub then: &'static [Then],
    /// Another program has the database open all the time.
    pub opened: bool,
}

impl Scene {
    /// Whether a database that cannot be read is moved aside, or back.
    pub fn moves(&self) -> bool {
        [self.old, self.new].contains(&NO_DATABASE)
    }

    /// Whether it is to remove snapshots.
    pub fn prunes(&self) -> bool {
        self.line.contains(&"--keep-last")
    }
}

/// Where a scene is prepared.
pub struct Stage<'a> {
    pub folder: &'a Path,
    /// Runs larder, which must succeed.
    pub larder: &'a dyn Fn(&[&str]),
}

const UNDO: &[&str] = &["restore", "--undo", "app.db"];
const RESTORE_X: &[&str] = &["restore", "x.db.gz", "app.db"];

const ROWS: &[&str] = &["import", "rows.csv", "app.db", "--section", "t"];

const THEN_UNDO: Then = Then { line: UNDO, if_old: "Z", if_new: "A" };
const THEN_RESTORE: Then = Then { line: RESTORE_X, if_old: "X", if_new: "X" };
const SNAPSHOT_AGAIN: Then = Then { line: &["snapshot", "app.db"], if_old: "A", if_new: "A" };

/// A restore of `X` over `A`, which replaced `Z`.
const RESTORE: Scene = Scene {
    name: "restore",
    aim: Aim::Database("app.db"),
    old: "A",
    new: "X",
    prepare: |stage| stage.replaced("delete", &["A"]),
    line: RESTORE_X,
    then: &[THEN_UNDO],
    opened: false,
};

pub const SCENES: &[Scene] = &[
    RESTORE,
    Scene {
        name: "restore-then-restore",
        then: &[THEN_RESTORE, Then { line: UNDO, if_old: "A", if_new: "A" }],
        ..RESTORE
    },
    Scene {
        name: "restore-then-another",
        then: &[
            Then { line: &["restore", "y.db.gz", "app.db"], if_old: "Y", if_new: "Y" },
            Then { line: UNDO, if_old: "A", if_new: "X" },
        ],
        ..RESTORE
    },
    Scene {
        name: "restore-wal",
        prepare: |stage| {
            stage.replaced("wal", &["A"]);
            stage.leave_log();
        },
        ..RESTORE
    },
    Scene { name: "restore-opened", opened: true, ..RESTORE },
    Scene {
        name: "restore-opened-wal",
        prepare: |stage| stage.replaced("wal", &["A"]),
        opened: true,
        ..RESTORE
    },
    Scene {
        name: "restore-missing",
        old: MISSING,
        prepare: |stage| stage.packed("X"),
        then: &[THEN_RESTORE],
        ..RESTORE
    },
    Scene {
        name: "undo",
        old: "X",
        new: "A",
        prepare: |stage| stage.replaced("delete", &["A", "X"]),
        line: UNDO,
        then: &[Then { line: UNDO, if_old: "A", if_new: "X" }],
        ..RESTORE
    },
    Scene {
        name: "restore-damaged",
        old: NO_DATABASE,
        prepare: |stage| stage.damaged(),
        then: &[THEN_RESTORE, Then { line: UNDO, if_old: NO_DATABASE, if_new: NO_DATABASE }],
        ..RESTORE
    },
    Scene {
        name: "undo-damaged",
        old: "X",
        new: NO_DATABASE,
        prepare: |stage| {
            stage.damaged();
            (stage.larder)(RESTORE_X);
        },
        line: UNDO,
        then: &[Then { line: UNDO, if_old: NO_DATABASE, if_new: "X" }],
        ..RESTORE
    },
    Scene {
        name: "restore-item",
        new: "P",
        prepare: |stage| stage.replaced("delete", &["A"]),
        line: &["restore", "x.db.gz", "app.db", "--item", "t=5"],
        ..RESTORE
    },
    Scene {
        name: "import",
        new: "I",
        prepare: |stage| {
            stage.replaced("delete", &["A"]);
            (stage.larder)(&["export", "x.db", "-o", "doc.json", "--app", "app"]);
        },
        line: &["import", "doc.json", "app.db", "--on-conflict", "overwrite"],
        ..RESTORE
    },
    Scene {
        name: "import-then-import",
        new: "I",
        prepare: |stage| {
            stage.replaced("delete", &["A"]);
            (stage.larder)(&["export", "x.db", "-o", "doc.json", "--app", "app"]);
        },
        line: &["import", "doc.json", "app.db", "--on-conflict", "overwrite"],
        then: &[
            Then {
                line: &["import", "doc.json", "app.db", "--on-conflict", "overwrite"],
                if_old: "I",
                if_new: "I",
            },
            Then { line: UNDO, if_old: "A", if_new: "A" },
        ],
        ..RESTORE
    },
    Scene {
        name: "import-rows",
        new: "R",
        prepare: |stage| {
            stage.replaced("delete", &["A"]);
            stage.rows();
        },
        line: ROWS,
        ..RESTORE
    },
    Scene {
        name: "import-rows-then-import",
        new: "R",
        prepare: |stage| {
            stage.replaced("delete", &["A"]);
            stage.rows();
        },
        line: ROWS,
        then: &[Then { line: ROWS, if_old: "R", if_new: "R" }, Then { line: UNDO, if_old: "A", if_new: "A" }],
        ..RESTORE
    },
    Scene {
        name: "import-full",
        aim: Aim::Database("copy.db"),
        old: MISSING,
        prepare: |stage| {
            stage.packed("X");
            (stage.larder)(&["export", "--full", "x.db", "-o", "full.json"]);
        },
        line: &["import", "full.json", "copy.db"],
        then: &[Then { line: &["import", "full.json", "other.db"], if_old: MISSING, if_new: "X" }],
        ..RESTORE
    },
    Scene {
        name: "snapshot",
        aim: Aim::Snapshot,
        new: "A",
        prepare: |stage| make(&stage.folder.join("app.db"), "A", "delete"),
        line: &["snapshot", "app.db"],
        then: &[SNAPSHOT_AGAIN],
        ..RESTORE
    },
    Scene {
        name: "snapshot-prune",
        aim: Aim::Snapshot,
        new: "A",
        prepare: |stage| {
            stage.kept(&["Z"]);
            make(&stage.folder.join("app.db"), "A", "wal");
            stage.leave_log();
        },
        line: &["snapshot", "app.db", "--prune", "--keep-last", "1"],
        then: &[Then {
            line: &["snapshot", "app.db", "--prune", "--keep-last", "1"],
            if_old: "A",
            if_new: "A",
        }],
        ..RESTORE
    },
    Scene {
        name: "prune",
        aim: Aim::Prune,
        new: "A",
        prepare: |stage| stage.kept(&["Z", "X", "Y", "A"]),
        line: &["prune", "backups", "--keep-last", "1", "--yes"],
        then: &[Then { line: &["prune", "backups", "--keep-last", "1", "--yes"], if_old: "A", if_new: "A" }],
        ..RESTORE
    },
    Scene {
        name: "export",
        aim: Aim::Document,
        new: "A",
        prepare: |stage| {
            make(&stage.folder.join("app.db"), "A", "delete");
            std::fs::write(stage.folder.join("out.json"), OLD_DOCUMENT).expect("write");
        },
        line: &["export", "app.db", "-o", "out.json", "--force"],
        then: &[Then { line: &["export", "app.db", "-o", "out.json", "--force"], if_old: "A", if_new: "A" }],
        ..RESTORE
    },
];

/// What `out.json` is before.
pub const OLD_DOCUMENT: &str = "an older one";

impl Stage<'_> {
    /// A letter in a compressed file, and the database that it is of.
    fn packed(&self, letter: &str) {
        let name = letter.to_lowercase();
        let database = self.folder.join(format!("{name}.db"));
        make(&database, letter, "delete");
        let file = File::create(self.folder.join(format!("{name}.db.gz"))).expect("a file");
        let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        let bytes = std::fs::read(database).expect("read");
        packer.write_all(&bytes).and_then(|()| packer.finish().map(drop)).expect("write");
    }

    /// Rows of another program.
    fn rows(&self) {
        let rows =
            (0..50).fold("id,name,v\n".to_owned(), |text, n| text + &format!("{},row {n},R\n", 500 + n));
        std::fs::write(self.folder.join("rows.csv"), rows).expect("write");
    }

    /// `Z`, replaced by one after another.
    fn replaced(&self, mode: &str, by: &[&str]) {
        make(&self.folder.join("app.db"), "Z", mode);
        for letter in ["A", "X", "Y"] {
            self.packed(letter);
        }
        for letter in by {
            (self.larder)(&["restore", &format!("{}.db.gz", letter.to_lowercase()), "app.db"]);
        }
    }

    /// A file that is no database, in its place.
    fn damaged(&self) {
        self.packed("X");
        std::fs::write(self.folder.join("app.db"), DAMAGED).expect("write");
    }

    /// A store with a snapshot of each, the last of which is still what the database holds.
    fn kept(&self, letters: &[&str]) {
        for letter in letters {
            let _ = std::fs::remove_file(self.folder.join("app.db"));
            make(&self.folder.join("app.db"), letter, "delete");
            (self.larder)(&["snapshot", "app.db"]);
        }
        if letters.len() == 1 {
            std::fs::remove_file(self.folder.join("app.db")).expect("remove");
        }
    }

    /// Leaves the last change of the database in its log, as a program does that was killed.
    fn leave_log(&self) {
        let (path, aside) = (self.folder.join("app.db"), self.folder.join("aside"));
        std::fs::create_dir(&aside).expect("a folder");
        let files = ["app.db", "app.db-wal"];
        let db = busy(&path);
        for file in files {
            std::fs::copy(self.folder.join(file), aside.join(file)).expect("copy");
        }
        drop(db);
        for file in files {
            std::fs::rename(aside.join(file), self.folder.join(file)).expect("rename");
        }
        std::fs::remove_dir(aside).expect("remove");
    }
}

/// A program that has a database open. In WAL mode, its last change is in the log only.
pub fn busy(database: &Path) -> Connection {
    let db = open(database);
    let mode: String = db.query_row("pragma journal_mode", [], |row| row.get(0)).expect("a mode");
    if mode == "wal" {
        db.query_row("pragma wal_autocheckpoint = 0", [], |_| Ok(())).expect("a number");
        let sql = "create temp table kept as select * from parts;
                   begin; delete from parts; insert into parts select * from temp.kept; commit";
        db.execute_batch(sql).expect("valid SQL");
    } else {
        db.query_row("select count(*) from t", [], |_| Ok(())).expect("a count");
    }
    db
}
