//! Prints what larder makes of the numbers in databases: `cargo run --example meaning -- FILE…`.

#![expect(clippy::print_stdout, reason = "it is what this program is for")]

use larder::app::catalog::Catalog;
use larder::app::meaning::Meaning;
use larder::config::Rules;
use larder::database::stand_in::register_collations;
use rusqlite::{Connection, OpenFlags};

fn main() -> anyhow::Result<()> {
    for path in std::env::args().skip(1) {
        let start = std::time::Instant::now();
        let db = Connection::open_with_flags(
            format!("file:{path}?mode=ro&immutable=1"),
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
        )?;
        register_collations(&db)?;
        let meaning = Meaning::find(&db, &Catalog::read(&db)?, &Rules::default())?;
        println!("== {path}\t{:?}", start.elapsed());
        for (table, id) in &meaning.row_ids {
            println!("id\t{table}\t{}\t{:?}", id.column.as_deref().unwrap_or("-"), id.class);
        }
        for r in &meaning.references {
            let (from, to) = (r.columns.join("+"), r.to.join("+"));
            println!(
                "ref\t{}\t{from}\t{:?}\t{}\t{to}\t{:?}\t{:?}",
                r.table, r.place, r.target, r.when, r.evidence
            );
        }
        for d in &meaning.doubts {
            println!(
                "doubt\t{}\t{}\t{:?}\t{:?}\t{:?}\t{}",
                d.table, d.column, d.place, d.targets, d.when, d.why
            );
        }
        for (table, column, tables) in &meaning.numbers {
            println!("number\t{table}\t{column}\t{tables:?}");
        }
    }
    Ok(())
}
