//! The document that is one JSON object a line: the metadata, every row with the section that it belongs to, the summary.

use super::Counter;
use super::json::spaced;
use crate::app::model::FieldType;
use crate::database::value::{Borrowed, Value};
use crate::document::envelope::{Metadata, Section, Summary};
use crate::document::json::{SECTION, key_of, write_field, write_string};
use crate::stream::{BUFFER, DigestWriter};
use anyhow::Result;
use serde_json::json;
use std::io::Write;

/// Writes a document as lines.
pub struct LinesWriter<W: Write> {
    /// Digests the lines of the rows, without the line feed after the last.
    output: DigestWriter<W>,
    buffer: Vec<u8>,
    /// What begins every row of the present section.
    start: Vec<u8>,
    /// What precedes each value in a row of the present section, what the value is, and whether null is left out.
    lead_ins: Vec<(Vec<u8>, FieldType, bool)>,
    /// The key of the number that each row begins with.
    number: &'static str,
    counter: Counter,
    /// A row was written.
    begun: bool,
}

impl<W: Write> LinesWriter<W> {
    /// Writes the line of the metadata.
    pub fn begin(mut output: W, metadata: &Metadata) -> Result<Self> {
        output.write_all(&spaced(&json!({ "metadata": metadata }))?)?;
        output.write_all(b"\n")?;
        Ok(Self {
            output: DigestWriter::new(output),
            buffer: Vec::with_capacity(BUFFER + BUFFER / 4),
            start: Vec::new(),
            lead_ins: Vec::new(),
            number: "",
            counter: Counter::new(metadata),
            begun: false,
        })
    }

    /// Begins a section.
    pub fn section(&mut self, name: &str, section: &Section) -> Result<()> {
        self.counter.begin(name);
        self.start = format!("{{\"{SECTION}\": ").into_bytes();
        write_string(name, &mut self.start);
        let lead_in = |(column, field_type): (&String, &FieldType)| {
            let mut text = b", ".to_vec();
            write_string(&key_of(column), &mut text);
            text.extend_from_slice(b": ");
            (text, *field_type, section.shape.leaves_out(column, &Value::Null))
        };
        self.lead_ins = section.shape.columns.iter().map(lead_in).collect();
        self.number = section.number_key().unwrap_or_default();
        Ok(())
    }

    /// Writes a row.
    pub fn row<'a, V: Into<Option<Borrowed<'a>>>, E>(
        &mut self,
        number: Option<i64>,
        values: impl Iterator<Item = Result<V, E>>,
    ) -> Result<()>
    where
        anyhow::Error: From<E>,
    {
        self.counter.row();
        if std::mem::replace(&mut self.begun, true) {
            self.buffer.push(b'\n');
        }
        self.buffer.extend_from_slice(&self.start);
        if let Some(number) = number {
            write!(self.buffer, ", \"{}\": {number}", self.number)?;
        }
        for ((lead_in, field_type, leaves_out), value) in self.lead_ins.iter().zip(values) {
            let Some(value) = value?.into() else { continue };
            if *leaves_out && matches!(value, Borrowed::Null) {
                continue;
            }
            self.buffer.extend_from_slice(lead_in);
            write_field(value, *field_type, false, &mut self.buffer);
        }
        self.buffer.push(b'}');
        if self.buffer.len() >= BUFFER {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes the line of the summary and gives the output back.
    pub fn finish(mut self) -> Result<(W, Summary)> {
        self.flush()?;
        let (mut output, sha256, _) = self.output.finish();
        let summary = self.counter.summary(sha256);
        if self.begun {
            output.write_all(b"\n")?;
        }
        output.write_all(&spaced(&json!({ "summary": summary }))?)?;
        output.write_all(b"\n")?;
        output.flush()?;
        Ok((output, summary))
    }

    fn flush(&mut self) -> Result<()> {
        self.output.write_all(&self.buffer)?;
        self.buffer.clear();
        // A single large value must not keep its memory.
        self.buffer.shrink_to(BUFFER * 2);
        Ok(())
    }
}
