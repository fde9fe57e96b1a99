//! Rows that other programs wrote: a JSON array of objects, JSON objects one after the other, or CSV with a first line of
//! names.

mod csv;
mod json;
mod lines;

use super::{Limits, Place};
use crate::database::value::Borrowed;
use crate::error::{Kind, kind};
use crate::problem::Problem;
use anyhow::Result;
use std::io::Read;

/// Rows of another program.
pub enum Foreign {
    /// JSON: an array of objects, or objects one after the other.
    Json(Box<dyn Read>),
    /// CSV, in whatever it is encoded.
    Csv(Box<dyn Read>, CsvOptions),
}

/// What CSV of another program looks like.
#[derive(Debug, Clone, Default)]
pub struct CsvOptions {
    /// What stands between the cells; where nothing is said, the first line tells.
    pub delimiter: Option<char>,
    /// Lines before the one that names the columns.
    pub skipped_lines: u64,
}

/// Takes rows.
pub trait RowSink {
    /// The number that stands for a name in the rows from now on.
    fn name(&mut self, name: &str) -> Result<usize>;

    /// Of CSV: the line that names the columns, and all of them, before the first row.
    fn header(&mut self, line: u64, names: &[usize]) -> Result<()> {
        let _ = (line, names);
        Ok(())
    }

    /// A row: the names that it has, each with its value.
    fn row(&mut self, cells: &[(usize, Borrowed<'_>)], place: Place) -> Result<()>;

    /// Something is wrong with the row of that number, which does not come; others still do.
    fn problem(&mut self, item: u64, problem: Problem) -> Result<()>;

    /// Whether reading goes on past what cannot be read.
    fn recovers(&self) -> bool {
        false
    }

    /// The rest of the file cannot be read. What this returns an error for ends the reading in it.
    fn cut(&mut self, error: anyhow::Error) -> Result<()> {
        Err(error)
    }
}

impl Foreign {
    /// Whether it is CSV, whose cells are all text.
    pub fn is_csv(&self) -> bool {
        matches!(self, Self::Csv(..))
    }

    /// Reads all rows. `name` is what they are called in errors.
    pub fn read(self, name: &str, limits: Limits, sink: &mut dyn RowSink) -> Result<()> {
        let read = match self {
            Self::Json(text) => json::read(text, name, limits, sink),
            Self::Csv(text, options) => csv::read(text, &options, name, limits, sink),
        };
        match read {
            Err(error) if kind(&error) == Kind::Invalid => sink.cut(error),
            read => read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::value::Value;

    #[derive(Default)]
    struct Memory {
        names: Vec<String>,
        rows: Vec<(Vec<(String, Value)>, u64)>,
        problems: Vec<String>,
    }

    impl RowSink for Memory {
        fn name(&mut self, name: &str) -> Result<usize> {
            self.names.push(name.to_owned());
            Ok(self.names.len() - 1)
        }

        fn row(&mut self, cells: &[(usize, Borrowed<'_>)], place: Place) -> Result<()> {
            let cells = cells.iter().map(|(name, value)| (self.names[*name].clone(), Value::from(*value)));
            self.rows.push((cells.collect(), place.line));
            Ok(())
        }

        fn problem(&mut self, _: u64, problem: Problem) -> Result<()> {
            self.problems.push(problem.to_string());
            Ok(())
        }
    }

    fn read(foreign: Foreign) -> Memory {
        let mut memory = Memory::default();
        foreign.read("rows", Limits::default(), &mut memory).expect("it can be read");
        memory
    }

    fn json(text: &'static str) -> Memory {
        read(Foreign::Json(Box::new(text.as_bytes())))
    }

    fn csv(text: &'static str) -> Memory {
        read(Foreign::Csv(Box::new(text.as_bytes()), CsvOptions::default()))
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn arrays_and_objects_one_after_the_other_are_rows() {
        let rows = |memory: Memory| {
            memory.rows.into_iter().map(|(mut cells, line)| (cells.remove(0).1, line)).collect::<Vec<_>>()
        };
        assert_eq!(
            rows(json("[{\"a\": 1},\n {\"a\": 2}]")),
            [(Value::Integer(1), 1), (Value::Integer(2), 2)]
        );
        assert_eq!(
            rows(json("{\"a\": 1}\n\n{\"a\": 2}\n")),
            [(Value::Integer(1), 1), (Value::Integer(2), 3)]
        );
        assert!(json("[]").rows.is_empty() && json("").rows.is_empty());
    }

    #[test]
    fn what_json_has_beyond_a_database_becomes_what_a_database_has() {
        let memory =
            json(r#"{"a": true, "b": [1, {"c": null}], "d": {"$blob": "AA=="}, "e": {"f": 1.5}, "g": null}"#);
        let values: Vec<Value> = memory.rows[0].0.iter().map(|(_, value)| value.clone()).collect();
        let expected = [
            Value::Integer(1),
            text("[1,{\"c\":null}]"),
            Value::Blob(vec![0]),
            text("{\"f\":1.5}"),
            Value::Null,
        ];
        assert_eq!(values, expected);
        let memory =
            json("[{\"a\": 1, \"a\": 2}, {\"b\": 99999999999999999999}, {\"c\": 18446744073709551615}]");
        assert_eq!(memory.rows.len(), 0);
        assert!(memory.problems[0].contains("[0].a: it comes twice"), "{:?}", memory.problems);
        assert!(
            memory.problems[1].contains("[1].b") && memory.problems[2].contains("[2].c"),
            "{:?}",
            memory.problems
        );
    }

    #[test]
    fn the_delimiter_of_csv_is_told_by_its_first_line() {
        for file in ["a,b\n1,x\n", "a;b\n1;x\n", "a\tb\r\n1\tx\r\n", "a|b\n1|x", "\"a\";b\n1;\"x\""] {
            let memory = csv(file);
            let expected = [(vec![("a".to_owned(), text("1")), ("b".to_owned(), text("x"))], 2)];
            assert_eq!(memory.rows, expected, "{file}");
        }
        assert_eq!(csv("a\n\n\"\"\nx\n").rows.len(), 2, "an empty line is no row");
    }

    #[test]
    fn lines_before_the_names_are_skipped_and_counted() {
        let read = |text: &'static str, skipped_lines| {
            let options = CsvOptions { skipped_lines, ..CsvOptions::default() };
            read(Foreign::Csv(Box::new(text.as_bytes()), options))
        };
        for (text, skipped, line) in [
            ("a,b\n1,x\n", 0, 2),
            ("My \"list\nof 2026\na,b\n1,x\n", 2, 4),
            ("title;;;;\r\n\r\na,b\r\n1,x\r\n", 2, 4),
            ("sep=,\na,b\n1,x\n", 0, 3),
            ("title\r\nsep=,\r\na,b\r\n1,x\r\n", 1, 4),
        ] {
            let memory = read(text, skipped);
            let cells = vec![("a".to_owned(), self::text("1")), ("b".to_owned(), self::text("x"))];
            assert_eq!(memory.rows, [(cells, line)], "{text}");
        }
        let memory = read("sep=;\na;b,c\n1;x\n", 0);
        assert_eq!(memory.names, ["a", "b,c"], "the line says what stands between cells");
    }

    #[test]
    fn a_row_with_other_cells_than_the_first_line_is_a_problem() {
        let memory = csv("a,b\n1\n2,x\n3,y,z\n");
        assert_eq!(memory.rows.len(), 1);
        assert_eq!(memory.problems.len(), 2);
        assert!(memory.problems[0].starts_with("2:1: [0]: the row has 1 cells"), "{:?}", memory.problems);
    }
}
