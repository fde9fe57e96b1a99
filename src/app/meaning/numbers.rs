//! Sets of integers. Row ids are mostly counted up, so that a set is kept as the ranges in it: millions of rows are one
//! range.

/// How many ranges a set may have; one of so many keeps only its bounds.
const MOST_RANGES: usize = 1 << 20;

/// How many numbers are collected before they are sorted in.
const LEAST_PENDING: usize = 1 << 10;

/// A set of integers.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    ranges: Vec<(i64, i64)>,
    pending: Vec<i64>,
    bounds: Option<(i64, i64)>,
    is_cut: bool,
}

impl Numbers {
    /// Adds a number. [`finish`](Self::finish) must follow the last.
    pub(super) fn insert(&mut self, number: i64) {
        self.bounds = Some(match self.bounds {
            Some((least, most)) => (least.min(number), most.max(number)),
            None => (number, number),
        });
        if self.is_cut {
            return;
        }
        // Rows come in the order of their ids, mostly.
        match self.ranges.last_mut() {
            Some((start, end)) if *start <= number && number <= *end => {}
            Some((_, end)) if end.checked_add(1) == Some(number) && self.pending.is_empty() => *end = number,
            _ => {
                self.pending.push(number);
                if self.pending.len() >= LEAST_PENDING.max(self.ranges.len()) {
                    self.finish();
                }
            }
        }
    }

    /// Sorts in what was added.
    pub(super) fn finish(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let mut pending = std::mem::take(&mut self.pending);
        pending.sort_unstable();
        pending.dedup();
        let mut ranges = Vec::with_capacity(self.ranges.len() + pending.len());
        let mut add = |start: i64, end: i64| match ranges.last_mut() {
            Some((_, last)) if start <= i64::saturating_add(*last, 1) => *last = end.max(*last),
            _ => ranges.push((start, end)),
        };
        let mut known = self.ranges.iter().peekable();
        for number in pending {
            while let Some((start, end)) = known.next_if(|(start, _)| *start <= number) {
                add(*start, *end);
            }
            add(number, number);
        }
        known.for_each(|(start, end)| add(*start, *end));
        self.ranges = ranges;
        if self.ranges.len() > MOST_RANGES {
            self.is_cut = true;
            self.ranges = Vec::new();
        }
    }

    /// Whether all of its numbers are known, and not only their bounds.
    pub(super) fn is_whole(&self) -> bool {
        !self.is_cut
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bounds.is_none()
    }

    /// How many numbers there are: at least so many where only the bounds are known.
    pub(super) fn len(&self) -> u64 {
        if self.is_cut {
            return MOST_RANGES as u64;
        }
        self.ranges.iter().map(|(start, end)| end.abs_diff(*start).saturating_add(1)).sum()
    }

    /// The least and the most of them.
    pub(super) fn bounds(&self) -> Option<(i64, i64)> {
        self.bounds
    }

    pub(super) fn contains(&self, number: i64) -> bool {
        let at = self.ranges.partition_point(|(start, _)| *start <= number);
        at.checked_sub(1).is_some_and(|at| number <= self.ranges[at].1)
    }

    /// How many numbers two sets share.
    pub(super) fn shared(&self, other: &Self) -> u64 {
        let (mut own, mut others) = (self.ranges.iter().peekable(), other.ranges.iter().peekable());
        let mut shared: u64 = 0;
        while let (Some((start, end)), Some((other_start, other_end))) = (own.peek(), others.peek()) {
            let (from, to) = (*start.max(other_start), *end.min(other_end));
            if from <= to {
                shared = shared.saturating_add(to.abs_diff(from).saturating_add(1));
            }
            if end < other_end {
                own.next()
            } else {
                others.next()
            };
        }
        shared
    }

    /// How many of its numbers are at least so large.
    pub(super) fn from(&self, least: i64) -> u64 {
        self.between(least, i64::MAX)
    }

    /// How many of its numbers are within bounds.
    pub(super) fn between(&self, least: i64, most: i64) -> u64 {
        let bounds = Self { ranges: vec![(least, most)], ..Self::default() };
        self.shared(&bounds)
    }

    /// The numbers of both.
    pub(super) fn union(&self, other: &Self) -> Self {
        let mut ranges: Vec<(i64, i64)> = self.ranges.iter().chain(&other.ranges).copied().collect();
        ranges.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
        for (start, end) in ranges {
            match merged.last_mut() {
                Some((_, last)) if start <= last.saturating_add(1) => *last = end.max(*last),
                _ => merged.push((start, end)),
            }
        }
        let bounds = [self.bounds, other.bounds].into_iter().flatten();
        let bounds = bounds.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let is_cut = self.is_cut || other.is_cut;
        Self { ranges: if is_cut { Vec::new() } else { merged }, pending: Vec::new(), bounds, is_cut }
    }

    /// Adds those of another.
    pub(super) fn absorb(&mut self, mut other: Self) {
        if other.is_empty() {
            return;
        }
        self.finish();
        other.finish();
        *self = self.union(&other);
    }

    /// All of them, one after the other, for small sets.
    pub(super) fn iter(&self) -> impl Iterator<Item = i64> {
        self.ranges.iter().flat_map(|(start, end)| *start..=*end)
    }
}

impl FromIterator<i64> for Numbers {
    fn from_iter<I: IntoIterator<Item = i64>>(numbers: I) -> Self {
        let mut set = Self::default();
        numbers.into_iter().for_each(|number| set.insert(number));
        set.finish();
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_any_order_are_ranges() {
        let set: Numbers = [5, 1, 2, 9, 3, 2, 8, i64::MAX, i64::MIN].into_iter().collect();
        assert_eq!(set.ranges, [(i64::MIN, i64::MIN), (1, 3), (5, 5), (8, 9), (i64::MAX, i64::MAX)]);
        assert_eq!((set.len(), set.bounds()), (8, Some((i64::MIN, i64::MAX))));
        assert!(set.contains(2) && !set.contains(4) && set.contains(i64::MAX));
        assert_eq!(set.from(8), 3);
    }

    #[test]
    fn many_numbers_are_counted_once() {
        let set: Numbers = (0..100_000).map(|number| number * 7919 % 50_000).collect();
        assert_eq!((set.len(), set.ranges.len()), (50_000, 1));
        let evens: Numbers = (0..50_000).map(|number| number * 2).collect();
        assert_eq!(evens.len(), 50_000);
        assert_eq!(evens.shared(&set), 25_000);
        assert_eq!(set.shared(&evens), 25_000);
        assert_eq!(evens.union(&set).len(), 75_000);
    }

    #[test]
    fn a_set_of_too_many_ranges_keeps_its_bounds() {
        let set: Numbers = (0..3_000_000).map(|number| number * 3).collect();
        assert!(!set.is_whole());
        assert_eq!(set.bounds(), Some((0, 8_999_997)));
    }
}
