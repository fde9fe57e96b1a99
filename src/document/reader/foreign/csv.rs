//! Rows in CSV.

use super::{CsvOptions, RowSink};
use crate::database::value::Borrowed;
use crate::document::envelope::METADATA_LIMIT;
use crate::document::reader::records::{Records, line_of};
use crate::document::reader::{Limits, Place};
use crate::error::Fault;
use crate::problem::Problem;
use crate::stream::{BUFFER, Text};
use anyhow::{Context, Result};
use csv::ByteRecord;
use std::io::{BufRead, BufReader, Cursor, Read};

/// Reads rows under a line of names.
pub(super) fn read(
    text: impl Read,
    options: &CsvOptions,
    name: &str,
    limits: Limits,
    sink: &mut dyn RowSink,
) -> Result<()> {
    let text = Text::new(text).with_context(|| format!("cannot read {name}"))?;
    let crlf = text.has_crlf();
    let mut text = BufReader::with_capacity(BUFFER, text);
    let (passed, first, said) = first_line(&mut text, options.skipped_lines, name)?;
    let delimiter = options.delimiter.map(|delimiter| delimiter as u8).or(said);
    let delimiter = delimiter.unwrap_or_else(|| delimiter_of(&first));
    let text = Cursor::new(first).chain(text);
    let mut records = Records::new(text, delimiter, limits.row, name).after(passed);
    let mut record = ByteRecord::new();
    let header = passed + 1;
    if !records.next(&mut record)? {
        let message = format!("{name} is empty: the line of names that begins CSV is missing");
        return Err(Fault::invalid(message).into());
    }
    let names = record.iter().map(|cell| match std::str::from_utf8(cell) {
        Ok(name) => sink.name(name),
        Err(_) => Err(Fault::invalid(format!("{name}:{header}:1: the line of names is not UTF-8")).into()),
    });
    let names = names.collect::<Result<Vec<_>>>()?;
    let columns: Vec<String> = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
    sink.header(header, &names)?;
    let mut item = 0;
    while records.next(&mut record)? {
        let place = Place { item, line: passed + line_of(&record, crlf), column: 1 };
        csv_row(&record, &names, &columns, place, sink)?;
        item += 1;
    }
    Ok(())
}

/// How many lines stand before the one that names the columns, that line, and the delimiter where a line before it says that:
/// `sep=;`, which spreadsheets write and read.
fn first_line(text: &mut impl BufRead, skipped: u64, name: &str) -> Result<(u64, Vec<u8>, Option<u8>)> {
    let mut line = Vec::new();
    for passed in 0..skipped {
        if !next_line(text, &mut line, name)? {
            let message = format!("{name} has {passed} lines, and --skip-lines passes over {skipped}");
            return Err(Fault::invalid(message).into());
        }
    }
    next_line(text, &mut line, name)?;
    let said = match line.trim_ascii_end() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => Some(*delimiter),
        _ => None,
    };
    if said.is_some() {
        next_line(text, &mut line, name)?;
    }
    Ok((skipped + u64::from(said.is_some()), line, said))
}

/// Reads a line, as far as it may be that of the names; whether there is one.
fn next_line(text: &mut impl BufRead, line: &mut Vec<u8>, name: &str) -> Result<bool> {
    line.clear();
    let read = text.by_ref().take(METADATA_LIMIT).read_until(b'\n', line);
    Ok(read.with_context(|| format!("cannot read {name}"))? > 0)
}

fn csv_row(
    record: &ByteRecord,
    names: &[usize],
    columns: &[String],
    place: Place,
    sink: &mut dyn RowSink,
) -> Result<()> {
    let Place { item, line, .. } = place;
    if record.len() != names.len() {
        let why = format!("the row has {} cells, and the first line {}", record.len(), names.len());
        return sink.problem(item, Problem::error(&format!("[{item}]"), why).at(line, 1));
    }
    let mut cells = Vec::with_capacity(names.len());
    for (at, (name, cell)) in names.iter().zip(record).enumerate() {
        let Ok(cell) = std::str::from_utf8(cell) else {
            let why = "it is not UTF-8, as the beginning of the file is: save the whole file as UTF-8";
            return sink.problem(item, Problem::error(&format!("[{item}].{}", columns[at]), why).at(line, 1));
        };
        cells.push((*name, Borrowed::Text(cell)));
    }
    sink.row(&cells, place)
}

/// What stands most often between names, outside quotes.
fn delimiter_of(first: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in first {
        quoted ^= *byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += u32::from(!quoted && byte == delimiter);
        }
    }
    // Of those that are as frequent, the first.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}
