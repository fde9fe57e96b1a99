//! The rows that an item could be.

use super::NONE;
use super::search::Search;

/// Of so many rows that an item could be one is tried after another.
const MOST_TRIED: usize = 64;

impl Search<'_> {
    /// The rows that an item could be: of its class and free, first those that the same refers to.
    pub(super) fn candidates(&self, item: u32) -> Vec<u32> {
        let class = self.classes[item as usize];
        let targets = self.graph.targets_of(item).iter().copied().zip(0..);
        let all = targets.chain([(self.graph.parent[item as usize], NONE)]);
        // What refers to an item that has a row can only be what refers to that.
        let rows = all.filter_map(|(target, slot)| match self.row.get(target as usize) {
            Some(row) if *row != NONE => Some((*row, slot, self.referrers.to(*row))),
            _ => None,
        });
        let Some((target, slot, referring)) = rows.min_by_key(|(_, _, referring)| referring.len()) else {
            return self.candidates_of_class(item, MOST_TRIED, |_| true);
        };
        if self.sizes.get(&class).is_none_or(|size| *size <= referring.len()) {
            let refers = |row: u32| match slot {
                NONE => self.graph.parent[row as usize] == target,
                slot => self.graph.targets_of(row).get(slot as usize) == Some(&target),
            };
            return self.candidates_of_class(item, MOST_TRIED, refers);
        }
        let is_it = |(by, row): &&(u32, u32)| {
            *by == slot && self.classes[*row as usize] == class && self.item[*row as usize] == NONE
        };
        let rows = referring.iter().filter(is_it).map(|(_, row)| *row);
        let mut rows: Vec<u32> = rows.filter(|row| *row >= self.graph.items).collect();
        rows.sort_by_key(|row| self.fine[*row as usize] != self.fine[item as usize]);
        rows.truncate(MOST_TRIED);
        rows
    }

    /// Free rows of an item's class that fit, first those to which the same refers.
    fn candidates_of_class(&self, item: u32, most: usize, fits: impl Fn(u32) -> bool) -> Vec<u32> {
        let class = self.classes[item as usize];
        let own = self.fine[item as usize];
        let others = self.buckets.get(&class).into_iter().flatten().filter(|fine| **fine != own);
        let mut found = Vec::new();
        for fine in [own].iter().chain(others) {
            let Some(bucket) = self.rows.get(&(class, *fine)) else { continue };
            let rows = bucket.rows[bucket.first..].iter().copied();
            let free = rows.filter(|row| self.item[*row as usize] == NONE && fits(*row));
            found.extend(free.take(most - found.len()));
            if found.len() >= most {
                break;
            }
        }
        found
    }

    /// Whether a class has fewer free rows than items without one: one of those is none in any case.
    pub(super) fn is_lacking(&self, item: u32) -> bool {
        self.candidates_of_class(item, 1, |_| true).is_empty()
    }
}
