//! The first 100 bytes of a database file, as <https://www.sqlite.org/fileformat2.html#the_database_header> has them.

use crate::error::{Fault, Kind};
use crate::files;
use crate::stream::{Form, read_full};
use anyhow::{Context, Result};
use std::path::Path;

/// Length of the header in bytes.
pub const HEADER: usize = 100;

/// What a database's header says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Bytes in a page, a power of two from 512 to 65,536.
    pub page_size: u32,
    /// Whether the database is in WAL mode (the read version is 2).
    pub wal: bool,
    /// The number of pages, where the header says so and was not left behind by an old version of SQLite.
    pub pages: Option<u32>,
}

impl Header {
    /// Reads a header; `None` where it is not one.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        if bytes.len() < HEADER || Form::of(bytes) != Form::Sqlite {
            return None;
        }
        let page_size = match u16::from_be_bytes([bytes[16], bytes[17]]) {
            1 => 65_536,
            size => u32::from(size),
        };
        if !page_size.is_power_of_two() || page_size < 512 {
            return None;
        }
        // Versions that SQLite refuses or only reads, and fractions that it insists on.
        let versions = [bytes[18], bytes[19]];
        if !versions.iter().all(|version| matches!(version, 1 | 2)) || bytes[21..24] != [64, 32, 32] {
            return None;
        }
        let number = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let (change_counter, pages, valid_for) = (number(24), number(28), number(92));
        let (schema_format, encoding) = (number(44), number(56));
        if schema_format > 4 || encoding > 3 {
            return None;
        }
        let pages = (pages > 0 && change_counter == valid_for).then_some(pages);
        Some(Self { page_size, wal: bytes[19] == 2, pages })
    }

    /// The size of the file that belongs to this header, where it is known.
    pub fn file_size(&self) -> Option<u64> {
        self.pages.map(|pages| u64::from(pages) * u64::from(self.page_size))
    }
}

/// The fields that differ between two copies of the same content: the change counter, the schema cookie, the
/// counter's shadow, and the version of the SQLite that wrote the file.
const VOLATILE: [std::ops::Range<usize>; 3] = [24..28, 40..44, 92..100];

/// Zeroes what differs between two copies of the same content in the first bytes of a database file.
pub fn mask_volatile(header: &mut [u8; HEADER]) {
    for range in VOLATILE {
        header[range].fill(0);
    }
}

/// The first [`HEADER`] bytes of a file, fewer where it is shorter.
///
/// This opens the file by hand: never call it while this process has a connection to the database.
pub fn read_head(path: &Path) -> Result<Vec<u8>> {
    let mut head = vec![0; HEADER];
    let mut file = files::open(path)?;
    let read = read_full(&mut file, &mut head).with_context(|| format!("cannot read {}", path.display()))?;
    head.truncate(read);
    Ok(head)
}

/// An error that says what a file is instead of a database.
pub fn not_a_database(path: &Path, head: &[u8]) -> Fault {
    let name = path.display();
    match Form::of(head) {
        Form::Sqlite => Fault::new(
            Kind::Damaged,
            format!("{name} is a SQLite database that was cut or damaged in its first bytes"),
        ),
        Form::Age => Fault::new(Kind::Damaged, format!("{name} is encrypted with age"))
            .hint("decrypt it first: age -d"),
        Form::Json => {
            Fault::new(Kind::Damaged, format!("{name} is not a SQLite database; it looks like JSON"))
                .hint("an export is read by larder import")
        }
        Form::Zip => Fault::new(Kind::Damaged, format!("{name} is a zip archive, not a SQLite database"))
            .hint("an export is read by larder import"),
        _ => Fault::new(
            Kind::Damaged,
            format!("{name} is not a SQLite database, or it is encrypted by its application"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    fn header_of(pragmas: &str) -> Header {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.db");
        let db = Connection::open(&path).expect("open");
        db.execute_batch(&format!("{pragmas}; create table t(a)")).expect("create");
        drop(db);
        Header::parse(&read_head(&path).expect("read")).expect("a header")
    }

    #[test]
    fn page_size_mode_and_pages_are_read() {
        assert_eq!(
            header_of("pragma page_size=65536"),
            Header { page_size: 65_536, wal: false, pages: Some(2) }
        );
        let wal = header_of("pragma page_size=512; pragma journal_mode=wal");
        assert_eq!((wal.page_size, wal.wal, wal.file_size()), (512, true, Some(1024)));
    }

    #[test]
    fn what_is_not_a_header_is_refused() {
        assert_eq!(Header::parse(b""), None);
        assert_eq!(Header::parse(&[0; 100]), None);
        let mut bytes = [0; 100];
        bytes[..16].copy_from_slice(b"SQLite format 3\0");
        bytes[16..18].copy_from_slice(&1000u16.to_be_bytes());
        assert_eq!(Header::parse(&bytes), None, "1000 is not a power of two");
        bytes[16..18].copy_from_slice(&1024u16.to_be_bytes());
        bytes[18..24].copy_from_slice(&[1, 1, 0, 64, 32, 32]);
        assert!(Header::parse(&bytes).is_some());
        for (at, value) in [(18, 0xff), (19, 3), (22, 0), (44, 1), (56, 9)] {
            let mut bytes = bytes;
            bytes[at] = value;
            assert_eq!(Header::parse(&bytes), None, "byte {at}");
        }
    }
}
