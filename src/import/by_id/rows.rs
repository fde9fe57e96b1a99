//! Whether two rows with one id agree in what they hold.

use crate::database::value::Value;

/// A value that is the same in all rows counts for so many bits.
const LEAST_BITS: f64 = 0.25;

/// A column by which rows are compared.
pub(super) struct Compared {
    pub name: String,
    pub refers: bool,
    /// How unlikely it is that two rows are equal in it by chance.
    pub bits: f64,
}

/// Whether two rows agree; nothing where they hold nothing by which one can tell.
pub(super) fn agree(
    columns: &[Compared],
    uniques: &[Vec<usize>],
    own: &[Value],
    other: &[Value],
) -> Option<bool> {
    let is_same = |at: &usize| own[*at] == other[*at] && own[*at] != Value::Null && !is_small(&own[*at]);
    if uniques.iter().any(|unique| unique.iter().all(is_same)) {
        return Some(true);
    }
    // What is their own, small numbers, and references: all that is there, and what of it is equal.
    let mut kinds = [(0.0, 0.0); 3];
    for (column, (own, other)) in columns.iter().zip(own.iter().zip(other)) {
        if *own == Value::Null && *other == Value::Null {
            continue;
        }
        let kind = if column.refers { 2 } else { usize::from(is_small(own) && is_small(other)) };
        let (all, equal) = &mut kinds[kind];
        *all += column.bits + LEAST_BITS;
        *equal += if own == other { column.bits + LEAST_BITS } else { 0.0 };
    }
    kinds.iter().find(|(all, _)| *all > 0.0).map(|(all, equal)| equal * 2.0 >= *all)
}

/// Whether a value is nothing, or a number that rows may have by their order.
pub(in crate::import) fn is_small(value: &Value) -> bool {
    const MOST: u32 = 1 << 20;
    match value {
        Value::Null => true,
        Value::Integer(number) => number.unsigned_abs() < u64::from(MOST),
        Value::Real(number) => number.fract() == 0.0 && number.abs() < f64::from(MOST),
        Value::Text(text) => text.parse::<i64>().is_ok_and(|number| number.unsigned_abs() < u64::from(MOST)),
        Value::RawText(_) | Value::Blob(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_agree_in_half_of_what_tells_them_apart() {
        let column =
            |(name, refers, bits): (&str, bool, f64)| Compared { name: name.to_owned(), refers, bits };
        let columns = [
            ("name", false, 4.0),
            ("note", false, 3.0),
            ("kind", false, 1.0),
            ("place", false, 4.0),
            ("list_id", true, 3.0),
        ];
        let columns = columns.map(column);
        let text = |text: &str| if text.is_empty() { Value::Null } else { Value::Text(text.to_owned()) };
        let row = |name: &str, note: &str, kind: &str, place: i64, list: i64| {
            [text(name), text(note), text(kind), Value::Integer(place), Value::Integer(list)]
        };
        let bare = |place: i64, list: i64| row("", "", "", place, list);
        for (own, other, uniques, agrees) in [
            (row("a", "x", "k", 1, 1), row("b", "x", "k", 2, 2), vec![], Some(true)),
            (row("a", "x", "k", 1, 1), row("b", "y", "k", 1, 1), vec![], Some(false)),
            (row("a", "x", "k", 1, 1), row("a", "y", "k", 2, 2), vec![], Some(true)),
            (row("a", "", "k", 1, 1), row("b", "", "k", 1, 1), vec![], Some(false)),
            (row("a", "x", "k", 1, 1), row("b", "y", "k", 1, 1), vec![vec![2]], Some(true)),
            (row("a", "", "", 1, 1), row("", "", "", 1, 1), vec![vec![1]], Some(false)),
            (bare(1, 1), bare(1, 2), vec![], Some(true)),
            (bare(1, 1), bare(2, 1), vec![vec![3]], Some(false)),
        ] {
            assert_eq!(agree(&columns, &uniques, &own, &other), agrees, "{own:?} {other:?}");
        }
        let references = [column(("a_id", true, 2.0)), column(("b_id", true, 2.0))];
        let pair = |a: i64, b: i64| [Value::Integer(a), Value::Integer(b)];
        assert_eq!(agree(&references, &[], &pair(1, 2), &pair(1, 3)), Some(true));
        assert_eq!(agree(&references, &[], &pair(1, 2), &pair(2, 3)), Some(false));
        assert_eq!(agree(&references, &[], &[Value::Null, Value::Null], &[Value::Null, Value::Null]), None);
    }
}
