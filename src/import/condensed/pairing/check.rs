//! What speaks against pairs.

use super::NONE;
use super::search::Search;
use std::collections::HashMap;

impl Search<'_> {
    /// Whether as many rows refer to a row as items without one to its item, of each class.
    pub(super) fn leaves_enough(&self, item: u32, row: u32) -> bool {
        let mut wanted: HashMap<(u32, u32), u32> = HashMap::new();
        for (slot, node) in self.referrers.to(item) {
            if *node < self.graph.items && self.row[*node as usize] == NONE && self.has_rows(*node) {
                *wanted.entry((*slot, self.classes[*node as usize])).or_default() += 1;
            }
        }
        if wanted.is_empty() {
            return true;
        }
        for (slot, node) in self.referrers.to(row) {
            if *node >= self.graph.items && self.item[*node as usize] == NONE {
                let key = (*slot, self.classes[*node as usize]);
                if let Some(count) = wanted.get_mut(&key) {
                    *count -= 1;
                    if *count == 0 {
                        wanted.remove(&key);
                    }
                }
            }
            if wanted.is_empty() {
                return true;
            }
        }
        false
    }

    /// Undoes pairs that do not refer to pairs, until all do.
    pub(super) fn unpair_broken(&mut self) {
        let mut open: Vec<u32> = (0..self.graph.items).collect();
        while let Some(item) = open.pop() {
            let row = self.row[item as usize];
            if row == NONE || self.is_whole(item, row) {
                continue;
            }
            self.row[item as usize] = NONE;
            self.item[row as usize] = NONE;
            open.extend(
                self.referrers.to(item).iter().map(|(_, node)| *node).filter(|node| *node < self.graph.items),
            );
            open.extend(Some(self.graph.parent[item as usize]).filter(|parent| *parent != NONE));
        }
    }

    /// Whether what an item refers to, and each of its children, is what the row has.
    fn is_whole(&self, item: u32, row: u32) -> bool {
        let is_pair = |a: u32, b: u32| match self.row.get(a as usize) {
            Some(row) => *row == b && b != NONE,
            None => a == b,
        };
        let mut targets = self.graph.targets_of(item).iter().zip(self.graph.targets_of(row));
        targets.all(|(a, b)| is_pair(*a, *b))
            && self.referrers.to(item).iter().filter(|(slot, _)| *slot == NONE).all(|(_, child)| {
                let own = self.row[*child as usize];
                own != NONE && self.graph.parent[own as usize] == row
            })
    }
}
