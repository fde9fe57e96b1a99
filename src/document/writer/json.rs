//! The document that is one JSON object.

use super::Counter;
use crate::app::json_style::Spaced;
use crate::app::model::FieldType;
use crate::database::value::{Borrowed, Value};
use crate::document::envelope::{Metadata, Section, Summary};
use crate::document::json::{key_of, write_field, write_string};
use crate::stream::{BUFFER, DigestWriter};
use anyhow::Result;
use serde::Serialize;
use std::io::Write;

/// How a JSON document is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// One row a line.
    #[default]
    Rows,
    /// One value a line.
    Pretty,
    /// Without any white space.
    Compact,
}

impl Layout {
    /// What stands before a section, before a row, before and after the values of a row, between them, and after a colon.
    fn separators(self) -> Separators {
        match self {
            Self::Rows => Separators {
                section: "\n    ",
                row: "\n      ",
                first_value: "",
                value: ", ",
                end_row: "}",
                colon: ": ",
                end_rows: "\n    ]",
                end_data: "\n  }",
            },
            Self::Pretty => Separators {
                section: "\n    ",
                row: "\n      ",
                first_value: "\n        ",
                value: ",\n        ",
                end_row: "\n      }",
                colon: ": ",
                end_rows: "\n    ]",
                end_data: "\n  }",
            },
            Self::Compact => Separators {
                section: "",
                row: "",
                first_value: "",
                value: ",",
                end_row: "}",
                colon: ":",
                end_rows: "]",
                end_data: "}",
            },
        }
    }
}

/// What stands between the parts of a document.
#[derive(Debug, Clone, Copy)]
struct Separators {
    section: &'static str,
    row: &'static str,
    first_value: &'static str,
    value: &'static str,
    end_row: &'static str,
    colon: &'static str,
    end_rows: &'static str,
    end_data: &'static str,
}

/// Writes a document as one JSON object.
pub struct JsonWriter<W: Write> {
    /// Digests the value of `data`.
    output: DigestWriter<W>,
    buffer: Vec<u8>,
    /// The keys of the present section's values, with what these are, and whether null is left out.
    keys: Vec<(Vec<u8>, FieldType, bool)>,
    /// The key of the number that each row begins with.
    number: &'static str,
    counter: Counter,
    layout: Layout,
    between: Separators,
}

impl<W: Write> JsonWriter<W> {
    /// Writes everything up to the data.
    pub fn begin(mut output: W, metadata: &Metadata, layout: Layout) -> Result<Self> {
        let mut head = Vec::new();
        if layout == Layout::Compact {
            head.extend_from_slice(b"{\"metadata\":");
            serde_json::to_writer(&mut head, metadata)?;
            head.extend_from_slice(b",\"data\":");
        } else {
            head.extend_from_slice(b"{\n  \"metadata\": ");
            write_metadata(metadata, &mut head)?;
            head.extend_from_slice(b",\n  \"data\": ");
        }
        output.write_all(&head)?;
        let mut buffer = Vec::with_capacity(BUFFER + BUFFER / 4);
        buffer.push(b'{');
        let (output, between) = (DigestWriter::new(output), layout.separators());
        Ok(Self {
            output,
            buffer,
            keys: Vec::new(),
            number: "",
            counter: Counter::new(metadata),
            layout,
            between,
        })
    }

    /// Begins a section.
    pub fn section(&mut self, name: &str, section: &Section) -> Result<()> {
        self.end_section();
        if !self.counter.items.is_empty() {
            self.buffer.push(b',');
        }
        self.push(self.between.section);
        write_string(name, &mut self.buffer);
        self.push(self.between.colon);
        self.buffer.push(b'[');
        let key = |(column, field_type): (&String, &FieldType)| {
            let mut text = Vec::new();
            write_string(&key_of(column), &mut text);
            text.extend_from_slice(self.between.colon.as_bytes());
            (text, *field_type, section.shape.leaves_out(column, &Value::Null))
        };
        self.keys = section.shape.columns.iter().map(key).collect();
        self.number = section.number_key().unwrap_or_default();
        self.counter.begin(name);
        self.flush_full()
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
        let between = self.between;
        if self.counter.row() > 0 {
            self.buffer.push(b',');
        }
        self.push(between.row);
        self.buffer.push(b'{');
        let mut separator = between.first_value;
        if let Some(number) = number {
            write!(self.buffer, "{separator}\"{}\"{}{number}", self.number, between.colon)?;
            separator = between.value;
        }
        let compact = self.layout == Layout::Compact;
        for ((key, field_type, leaves_out), value) in self.keys.iter().zip(values) {
            let Some(value) = value?.into() else { continue };
            if *leaves_out && matches!(value, Borrowed::Null) {
                continue;
            }
            self.buffer.extend_from_slice(separator.as_bytes());
            self.buffer.extend_from_slice(key);
            write_field(value, *field_type, compact, &mut self.buffer);
            separator = between.value;
        }
        self.push(between.end_row);
        self.flush_full()
    }

    /// Writes the summary and gives the output back.
    pub fn finish(mut self) -> Result<(W, Summary)> {
        self.end_section();
        self.push(if self.counter.items.is_empty() { "}" } else { self.between.end_data });
        self.flush()?;
        let (mut output, sha256, _) = self.output.finish();
        let summary = self.counter.summary(sha256);
        if self.layout == Layout::Compact {
            output.write_all(b",\"summary\":")?;
            output.write_all(&serde_json::to_vec(&summary)?)?;
            output.write_all(b"}\n")?;
        } else {
            output.write_all(b",\n  \"summary\": ")?;
            output.write_all(&spaced(&summary)?)?;
            output.write_all(b"\n}\n")?;
        }
        output.flush()?;
        Ok((output, summary))
    }

    fn push(&mut self, text: &str) {
        self.buffer.extend_from_slice(text.as_bytes());
    }

    fn end_section(&mut self) {
        if let Some(rows) = self.counter.end() {
            self.push(if rows == 0 { "]" } else { self.between.end_rows });
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
pub(super) fn write_metadata(metadata: &Metadata, buffer: &mut Vec<u8>) -> Result<()> {
    let serde_json::Value::Object(fields) = serde_json::to_value(metadata)? else {
        unreachable!("a struct is an object");
    };
    for (at, (name, value)) in fields.iter().enumerate() {
        buffer.extend_from_slice(if at == 0 { b"{\n    " } else { b",\n    " });
        write_string(name, buffer);
        buffer.extend_from_slice(b": ");
        match value {
            serde_json::Value::Object(entries)
                if ["sections", "referenced"].contains(&name.as_str()) && !entries.is_empty() =>
            {
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
pub(super) fn spaced(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Spaced);
    value.serialize(&mut serializer)?;
    Ok(text)
}
