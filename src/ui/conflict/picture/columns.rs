//! How wide the columns of a table are.

use super::{Row, SIDES};
use crate::ui::conflict::value::Cell;
use crate::ui::fit::{Runs, paint, width_of};
use console::measure_text_width;

/// Between two columns.
const GAP: usize = 2;
/// What a value needs at least, so that there is something to see.
const LEAST: usize = 16;

/// The columns of a table: the field, and its two values.
pub struct Columns {
    field: usize,
    pub there: usize,
    pub incoming: usize,
}

impl Columns {
    /// As wide as what is in them, where that fits. Nothing where the screen is too narrow.
    pub fn of(rows: &[Row], width: usize) -> Option<Self> {
        let most = (width * 3 / 10).max("field".len());
        let names = rows.iter().map(|row| measure_text_width(&row.field)).filter(|name| *name <= most);
        let field = names.max().unwrap_or_default().max("field".len());
        let room = width.checked_sub(field + 2 * GAP).filter(|room| *room >= 2 * LEAST)?;
        let widest = |name: &str, cells: &dyn Fn(&Row) -> usize| {
            rows.iter().map(cells).max().unwrap_or_default().max(measure_text_width(name))
        };
        let there = widest(SIDES[0], &|row| wanted(&row.cells.0));
        let incoming = widest(SIDES[1], &|row| wanted(&row.cells.1));
        let half = room / 2;
        let (there, incoming) = match (there <= half, incoming <= room - half) {
            (true, _) => (there, incoming.min(room - there)),
            (false, true) => (there.min(room - incoming), incoming),
            (false, false) => (half, room - half),
        };
        Some(Self { field, there, incoming })
    }

    /// Whether a field's name fits its column.
    pub fn fits(&self, row: &Row) -> bool {
        measure_text_width(&row.field) <= self.field
    }

    /// The widths, from left to right.
    pub fn widths(&self) -> [usize; 3] {
        [self.field, self.there, self.incoming]
    }

    /// A line of what fits the columns.
    pub fn line(&self, parts: [Runs; 3], colours: bool) -> String {
        let [field, there, incoming] = parts;
        let pad = |runs: &Runs, width: usize| " ".repeat(width.saturating_sub(width_of(runs)) + GAP);
        let gaps = (pad(&field, self.field), pad(&there, self.there));
        let paint = |runs: &Runs| paint(runs, colours);
        format!("{}{}{}{}{}", paint(&field), gaps.0, paint(&there), gaps.1, paint(&incoming))
    }
}

fn wanted(cell: &Cell) -> usize {
    match cell {
        Cell::Absent => 1,
        Cell::Null => "null".len(),
        Cell::Text(text) => measure_text_width(text),
    }
}
