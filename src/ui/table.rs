//! Tables and numbers for people.

use super::one_line;
use comfy_table::{CellAlignment, Table, presets};

/// A table without borders, a line a row: what cells hold may come from data.
pub fn table(header: &[&str], rows: Vec<Vec<String>>, right: &[usize]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header(header.to_vec());
    let shown = |row: Vec<String>| row.iter().map(|cell| one_line(cell).into_owned()).collect::<Vec<_>>();
    table.add_rows(rows.into_iter().map(shown));
    let last = header.len() - 1;
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if at == last { 0 } else { 2 }));
        if right.contains(&at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let text: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    text.join("\n") + "\n"
}

/// A table among other things that are said: each of its lines is indented, as they are where they follow others.
pub fn inset(table: &str) -> String {
    table.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// A number of bytes.
pub fn bytes(bytes: u64) -> String {
    bytesize::ByteSize(bytes).display().si().to_string()
}

/// A number with its thousands apart, and what it counts.
pub fn count(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A number with its thousands apart.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(count(0, "row", "rows"), "0 rows");
        assert_eq!(count(1, "row", "rows"), "1 row");
        assert_eq!(count(1_234_567, "row", "rows"), "1,234,567 rows");
    }

    #[test]
    fn text_of_data_stays_in_its_cell() {
        let rows = vec![vec!["a\nb\u{1b}[31m".into(), "5".into()]];
        assert_eq!(table(&["name", "size"], rows, &[]), "name           size\na⏎b\\u{1b}[31m  5\n");
    }

    #[test]
    fn columns_line_up_without_trailing_spaces() {
        let rows = vec![vec!["a".into(), "5".into()], vec!["longer".into(), "1234".into()]];
        assert_eq!(table(&["name", "size"], rows, &[1]), "name    size\na          5\nlonger  1234\n");
    }
}
