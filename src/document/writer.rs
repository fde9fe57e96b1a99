//! Writing a document, a row at a time.

use super::envelope::{Metadata, Summary};
use super::json::{ROWID, key_of, write_string, write_value};
use crate::database::value::Borrowed;
use crate::stream::{BUFFER, DigestWriter};
use anyhow::Result;
use indexmap::IndexMap;
use serde::Serialize;
use std::io::{self, Write};

/// Writes a document: the metadata, then every section in its order, then the summary.
pub struct DocumentWriter<W: Write> {
    /// Digests the value of `data`.
    output: DigestWriter<W>,
    buffer: Vec<u8>,
    /// What precedes each value in a row of the present section: a separator and the column's key.
    lead_ins: Vec<Vec<u8>>,
    section: Option<(String, u64)>,
    items: IndexMap<String, u64>,
}

impl<W: Write> DocumentWriter<W> {
    /// Writes everything up to the data.
    pub fn begin(output: W, metadata: &Metadata) -> Result<Self> {
        let mut output = output;
        let mut head = b"{\n  \"metadata\": ".to_vec();
        write_metadata(metadata, &mut head)?;
        head.extend_from_slice(b",\n  \"data\": ");
        output.write_all(&head)?;
        let mut writer = Self {
            output: DigestWriter::new(output),
            buffer: Vec::with_capacity(BUFFER + BUFFER / 4),
            lead_ins: Vec::new(),
            section: None,
            items: IndexMap::new(),
        };
        writer.buffer.push(b'{');
        Ok(writer)
    }

    /// Begins a section whose rows have these columns.
    pub fn section<'a>(&mut self, name: &str, columns: impl IntoIterator<Item = &'a str>) -> Result<()> {
        self.end_section();
        self.buffer.extend_from_slice(if self.items.is_empty() { b"\n    " } else { b",\n    " });
        write_string(name, &mut self.buffer);
        self.buffer.extend_from_slice(b": [");
        let lead_in = |column: &str| {
            let mut text = b", ".to_vec();
            write_string(&key_of(column), &mut text);
            text.extend_from_slice(b": ");
            text
        };
        self.lead_ins = columns.into_iter().map(lead_in).collect();
        self.section = Some((name.to_owned(), 0));
        self.flush_full()
    }

    /// Writes a row of the section: a value for each of its columns, in their order.
    pub fn row<'a, E>(
        &mut self,
        rowid: Option<i64>,
        values: impl Iterator<Item = Result<Borrowed<'a>, E>>,
    ) -> Result<()>
    where
        anyhow::Error: From<E>,
    {
        let (_, rows) = self.section.as_mut().expect("a row is written after its section has begun");
        self.buffer.extend_from_slice(if *rows == 0 { b"\n      {" } else { b",\n      {" });
        *rows += 1;
        let mut first = true;
        if let Some(rowid) = rowid {
            write!(self.buffer, "\"{ROWID}\": {rowid}")?;
            first = false;
        }
        for (lead_in, value) in self.lead_ins.iter().zip(values) {
            // The first needs no comma.
            self.buffer.extend_from_slice(if first { &lead_in[2..] } else { lead_in });
            first = false;
            write_value(value?, &mut self.buffer);
        }
        self.buffer.push(b'}');
        self.flush_full()
    }

    /// Writes the summary and gives the output back.
    pub fn finish(mut self) -> Result<(W, Summary)> {
        self.end_section();
        self.buffer.extend_from_slice(if self.items.is_empty() { b"}" } else { b"\n  }" });
        self.flush()?;
        let (mut output, sha256, _) = self.output.finish();
        let summary = Summary { items: self.items, sha256 };
        output.write_all(b",\n  \"summary\": ")?;
        output.write_all(&spaced(&summary)?)?;
        output.write_all(b"\n}\n")?;
        output.flush()?;
        Ok((output, summary))
    }

    fn end_section(&mut self) {
        if let Some((name, rows)) = self.section.take() {
            self.buffer.extend_from_slice(if rows == 0 { b"]" } else { b"\n    ]" });
            self.items.insert(name, rows);
        }
    }

    fn flush_full(&mut self) -> Result<()> {
        if self.buffer.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        self.output.write_all(&self.buffer)?;
        self.buffer.clear();
        // A single large value must not keep its memory.
        self.buffer.shrink_to(BUFFER * 2);
        Ok(())
    }
}

/// One field a line, and of those that hold many things, one thing a line.
fn write_metadata(metadata: &Metadata, buffer: &mut Vec<u8>) -> Result<()> {
    let serde_json::Value::Object(fields) = serde_json::to_value(metadata)? else {
        unreachable!("a struct is an object");
    };
    for (at, (name, value)) in fields.iter().enumerate() {
        buffer.extend_from_slice(if at == 0 { b"{\n    " } else { b",\n    " });
        write_string(name, buffer);
        buffer.extend_from_slice(b": ");
        match value {
            serde_json::Value::Object(entries) if name == "sections" && !entries.is_empty() => {
                let lines = entries.iter().map(|(name, section)| (Some(name), section));
                write_lines(lines, [b'{', b'}'], buffer)?;
            }
            serde_json::Value::Array(entries) if name == "schema" && !entries.is_empty() => {
                write_lines(entries.iter().map(|object| (None, object)), [b'[', b']'], buffer)?;
            }
            value => buffer.extend_from_slice(&spaced(value)?),
        }
    }
    buffer.extend_from_slice(b"\n  }");
    Ok(())
}

fn write_lines<'a>(
    lines: impl Iterator<Item = (Option<&'a String>, &'a serde_json::Value)>,
    [open, close]: [u8; 2],
    buffer: &mut Vec<u8>,
) -> Result<()> {
    buffer.push(open);
    for (at, (name, value)) in lines.enumerate() {
        buffer.extend_from_slice(if at == 0 { b"\n      " } else { b",\n      " });
        if let Some(name) = name {
            write_string(name, buffer);
            buffer.extend_from_slice(b": ");
        }
        buffer.extend_from_slice(&spaced(value)?);
    }
    buffer.extend_from_slice(b"\n    ");
    buffer.push(close);
    Ok(())
}

/// JSON on one line, with a space after each colon and comma.
fn spaced(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Spaced);
    value.serialize(&mut serializer)?;
    Ok(text)
}

struct Spaced;

impl serde_json::ser::Formatter for Spaced {
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
