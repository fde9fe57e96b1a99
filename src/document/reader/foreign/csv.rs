//! Rows in CSV.

use super::{CsvOptions, RowSink};
use crate::database::value::Value;
use crate::document::envelope::METADATA_LIMIT;
use crate::document::reader::records::{Records, line_of};
use crate::document::reader::{Limits, Place};
use crate::error::Fault;
use crate::problem::Problem;
use crate::stream::{BUFFER, Text};
use anyhow::{Context, Result};
use csv::ByteRecord;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Cursor, Read};

/// Reads rows under a first line of names.
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
    let mut first = Vec::new();
    (&mut text)
        .take(METADATA_LIMIT)
        .read_until(b'\n', &mut first)
        .with_context(|| format!("cannot read {name}"))?;
    let delimiter = options.delimiter.map_or_else(|| delimiter_of(&first), |delimiter| delimiter as u8);
    let mut records = Records::new(Cursor::new(first).chain(text), delimiter, limits.row, name);
    let mut record = ByteRecord::new();
    if !records.next(&mut record)? {
        return Err(Fault::invalid(format!("{name} is empty: its first line names the columns")).into());
    }
    let names = record.iter().map(|cell| String::from_utf8(cell.to_vec())).collect::<Result<Vec<_>, _>>();
    let names = names.map_err(|_| Fault::invalid(format!("{name}:1:1: the first line is not UTF-8")))?;
    if let Some((first, again)) = same_column(&names) {
        let message = format!("{name}:1:1: {first:?} and {again:?} name the same column");
        return Err(Fault::invalid(message).hint("rename or remove one of them").into());
    }
    let mut item = 0;
    while records.next(&mut record)? {
        let place = Place { item, line: line_of(&record, crlf), column: 1 };
        csv_row(&record, &names, &options.null, place, sink)?;
        item += 1;
    }
    Ok(())
}

/// Two names of one column: SQLite ignores the case of ASCII letters.
fn same_column(names: &[String]) -> Option<(&String, &String)> {
    let mut known = HashMap::new();
    names.iter().find_map(|name| known.insert(name.to_ascii_lowercase(), name).map(|first| (first, name)))
}

fn csv_row(
    record: &ByteRecord,
    names: &[String],
    null: &str,
    place: Place,
    sink: &mut dyn RowSink,
) -> Result<()> {
    let Place { item, line, .. } = place;
    if record.len() != names.len() {
        let why = format!("the row has {} cells, and the first line {}", record.len(), names.len());
        return sink.problem(Problem::error(&format!("[{item}]"), why).at(line, 1));
    }
    let mut cells = Vec::with_capacity(names.len());
    for (name, cell) in names.iter().zip(record) {
        match std::str::from_utf8(cell) {
            Ok(cell) if cell == null => cells.push((name.clone(), Value::Null)),
            Ok(cell) => cells.push((name.clone(), Value::Text(cell.to_owned()))),
            Err(_) => {
                let why = "it is not UTF-8, as the beginning of the file is: save the whole file as UTF-8";
                return sink.problem(Problem::error(&format!("[{item}].{name}"), why).at(line, 1));
            }
        }
    }
    sink.row(cells, place)
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
