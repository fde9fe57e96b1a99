//! A question as it stands on a screen: where one is, and what differs, side by side.

mod columns;
#[cfg(test)]
mod tests;

use super::value::{Cell, cells, fitted};
use crate::ui::fit::{Look, Runs, cut_end, cut_middle, fold, paint, wrap};
use crate::ui::safe::one_line;
use columns::Columns;
use console::measure_text_width;
use larder::import::condensed::{Difference, Question};

/// What the two values are called, where there is room for that.
const SIDES: [&str; 2] = ["in the database", "in the file"];
/// What they are called elsewhere.
const SHORT_SIDES: [&str; 2] = ["database", "file"];

/// What is known of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Its lines.
    pub height: usize,
    /// Its columns.
    pub width: usize,
    /// Whether it shows colours, and somebody wants them.
    pub colours: bool,
}

/// A question's lines, none of which is wider than the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The lines.
    pub lines: Vec<String>,
    /// Whether all that differs is to be seen, whole.
    pub is_whole: bool,
}

/// A question on a screen, of which `taken` lines are for something else.
pub fn picture(question: &Question, screen: Screen, taken: usize) -> Picture {
    let mut lines = vec![String::new()];
    lines.extend(header(question, screen));
    let rows: Vec<Row> = question.differences.iter().map(Row::of).collect();
    let room = screen.height.saturating_sub(lines.len() + taken);
    let (table, is_whole) = if rows.is_empty() {
        (Vec::new(), true)
    } else if let Some(columns) = Columns::of(&rows, screen.width) {
        side_by_side(&rows, &columns, room, screen)
    } else {
        below_each_other(&rows, room, screen)
    };
    lines.extend(table);
    Picture { lines, is_whole }
}

/// All that differs in a question, uncut.
pub fn in_full(question: &Question, screen: Screen) -> Vec<String> {
    let mut lines = vec![String::new()];
    lines.extend(header(question, screen));
    for difference in &question.differences {
        let row = Row::of(difference);
        let field = fold(&row.field, screen.width).into_iter();
        lines.extend(field.map(|line| paint(&[(line, Look::Bold)], screen.colours)));
        for (side, cell) in SIDES.iter().zip([&row.cells.0, &row.cells.1]) {
            lines.extend(value_in_full(side, cell, screen));
        }
    }
    lines
}

/// A value beside what it is called, or where it is too long for that, below.
fn value_in_full(side: &str, cell: &Cell, screen: Screen) -> Vec<String> {
    let text = match cell {
        Cell::Absent => "—",
        Cell::Null => "null",
        Cell::Text(text) => text,
    };
    let label = SIDES.map(measure_text_width).into_iter().max().unwrap_or_default();
    let side = format!("  {side:<label$}");
    if label + 4 + measure_text_width(text) <= screen.width {
        let runs = [(side, Look::Quiet), (format!("  {text}"), Look::Plain)];
        return vec![paint(&runs, screen.colours)];
    }
    let side = paint(&[(cut_end(side.trim_end(), screen.width), Look::Quiet)], screen.colours);
    let text = fold(text, screen.width.saturating_sub(4)).into_iter().map(|line| format!("    {line}"));
    std::iter::once(side).chain(text).collect()
}

/// A field in which the two differ.
struct Row {
    field: String,
    cells: (Cell, Cell),
}

impl Row {
    fn of(difference: &Difference) -> Self {
        Self {
            field: one_line(&difference.field).into_owned(),
            cells: cells(difference.there.as_ref(), difference.incoming.as_ref()),
        }
    }

    /// Whether a value is cut where it gets these widths.
    fn is_cut(&self, widths: (usize, usize)) -> bool {
        let is_cut = |cell: &Cell, width| match cell {
            Cell::Text(text) => measure_text_width(text) > width || text.ends_with('…'),
            Cell::Absent | Cell::Null => false,
        };
        is_cut(&self.cells.0, widths.0) || is_cut(&self.cells.1, widths.1)
    }
}

/// Where one is, and why some things cannot be done.
fn header(question: &Question, screen: Screen) -> Vec<String> {
    let width = screen.width;
    let place = format!("{} of {} · {} · ", question.number, question.of, one_line(&question.section));
    let line = format!("line {}", question.line);
    let label = one_line(&question.label);
    let (used, wanted) = (measure_text_width(&place), measure_text_width(&label));
    let mut lines = Vec::new();
    if used + wanted + 2 + line.len() <= width {
        let gap = " ".repeat(width - used - wanted - line.len());
        let runs = [(place, Look::Plain), (label.into_owned(), Look::Bold), (gap + &line, Look::Quiet)];
        lines.push(paint(&runs, screen.colours));
    } else {
        let place = format!("{place}{line}");
        lines.push(paint(&[(cut_middle(&place, width), Look::Plain)], screen.colours));
        lines.push(paint(&[(cut_middle(&label, width), Look::Bold)], screen.colours));
    }
    if question.is_guess {
        let section = one_line(&question.section);
        let guess = format!("{section} has no key: that this row in the database is it, edited, is a guess.");
        lines.extend(wrap(&guess, width.max(2)));
    }
    if let Some(clash) = &question.clash {
        lines.extend(wrap(&format!("It clashes with what is there: {}.", one_line(clash)), width.max(2)));
    }
    if let Some(why) = &question.why_not {
        let why =
            format!("It cannot take the place of what is there: {}.", one_line(why).trim_end_matches('.'));
        lines.extend(wrap(&why, width.max(2)));
    }
    lines
}

fn side_by_side(rows: &[Row], columns: &Columns, room: usize, screen: Screen) -> (Vec<String>, bool) {
    let quiet = |text: &str| vec![(text.to_owned(), Look::Quiet)];
    let names = [quiet("field"), quiet(SIDES[0]), quiet(SIDES[1])];
    let rules = columns.widths().map(|width| quiet(&"─".repeat(width)));
    let mut lines = vec![columns.line(names, screen.colours), columns.line(rules, screen.colours)];
    let shown = how_many(rows, room.saturating_sub(lines.len()), |row| if columns.fits(row) { 1 } else { 2 });
    let mut is_whole = shown == rows.len();
    for row in &rows[..shown] {
        let widths = (columns.there, columns.incoming);
        let (there, incoming) = fitted(&row.cells, widths);
        is_whole &= !row.is_cut(widths);
        let mut field = vec![(row.field.clone(), Look::Plain)];
        if !columns.fits(row) {
            field[0].0 = cut_middle(&row.field, screen.width);
            lines.push(paint(&field, screen.colours));
            is_whole &= field[0].0 == row.field;
            field.clear();
        }
        lines.push(columns.line([field, there, incoming], screen.colours));
    }
    lines.extend(more(rows.len() - shown, screen));
    (lines, is_whole)
}

/// Where the screen is too narrow for columns.
fn below_each_other(rows: &[Row], room: usize, screen: Screen) -> (Vec<String>, bool) {
    let shown = how_many(rows, room, |_| 3);
    let mut is_whole = shown == rows.len();
    let mut lines = Vec::new();
    let names = SHORT_SIDES.map(|name| format!("  {}", cut_end(name, screen.width.saturating_sub(10))));
    let label = names.iter().map(|name| name.len()).max().unwrap_or_default() + 2;
    let width = screen.width.saturating_sub(label);
    for row in &rows[..shown] {
        let field = cut_middle(&row.field, screen.width);
        is_whole &= field == row.field && !row.is_cut((width, width));
        lines.push(paint(&[(field, Look::Bold)], screen.colours));
        let (there, incoming) = fitted(&row.cells, (width, width));
        for (name, value) in names.iter().zip([there, incoming]) {
            let mut runs: Runs = vec![(format!("{name:<label$}"), Look::Quiet)];
            runs.extend(value);
            lines.push(paint(&runs, screen.colours));
        }
    }
    lines.extend(more(rows.len() - shown, screen));
    (lines, is_whole)
}

/// How many rows have room, one at least. Where not all have, a line says how many more there are.
fn how_many(rows: &[Row], room: usize, height: impl Fn(&Row) -> usize) -> usize {
    if rows.iter().map(&height).sum::<usize>() <= room {
        return rows.len();
    }
    let mut used = 1;
    let fits = |row: &&Row| {
        used += height(row);
        used <= room
    };
    rows.iter().take_while(fits).count().max(1)
}

fn more(more: usize, screen: Screen) -> Option<String> {
    let text = format!("and {more} more");
    (more > 0).then(|| paint(&[(cut_end(&text, screen.width), Look::Quiet)], screen.colours))
}
