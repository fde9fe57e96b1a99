//! The search for pairs: what a pair forces, and another choice where one turns out wrong.

use super::{Graph, NONE, Referrers};
use std::collections::{HashMap, HashSet, VecDeque};

/// So often a choice is taken back, for one item that finds no row; then it is none.
const MOST_TAKEN_BACK: usize = 2000;
/// So often in all.
const MOST_IN_ALL: usize = 200_000;
/// So many choices are remembered.
const MOST_REMEMBERED: usize = 256;

/// Items and the rows that they are.
pub(super) struct Search<'a> {
    pub(super) graph: &'a Graph,
    pub(super) referrers: &'a Referrers,
    pub(super) classes: &'a [u32],
    pub(super) fine: &'a [u32],
    /// The row of each item.
    pub(super) row: Vec<u32>,
    /// The item of each row, by its place among the nodes.
    pub(super) item: Vec<u32>,
    /// The pairs that were made, the last one last.
    made: Vec<u32>,
    /// Rows of each class, by what refers to them too.
    pub(super) rows: HashMap<(u32, u32), Bucket>,
    /// How many rows each class has.
    pub(super) sizes: HashMap<u32, usize>,
    /// The buckets of each class.
    pub(super) buckets: HashMap<u32, Vec<u32>>,
    /// Items that are to be looked at next, since what they refer to has a row.
    near: Vec<u32>,
    /// What may still be taken back.
    left: usize,
    /// Whether a row is only tried where enough refers to it.
    is_strict: bool,
}

/// Rows, and the first that may be free.
#[derive(Default)]
pub(super) struct Bucket {
    pub(super) rows: Vec<u32>,
    pub(super) first: usize,
}

/// A choice: an item, the rows that it could be besides, and what was made and waited before it.
struct Choice {
    item: u32,
    others: Vec<u32>,
    made: usize,
    near: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        graph: &'a Graph,
        referrers: &'a Referrers,
        classes: &'a [u32],
        fine: &'a [u32],
    ) -> Self {
        let count = graph.len() as usize;
        let mut rows: HashMap<(u32, u32), Bucket> = HashMap::new();
        let mut buckets: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut sizes: HashMap<u32, usize> = HashMap::new();
        for row in graph.items..graph.len() {
            let (class, fine) = (classes[row as usize], fine[row as usize]);
            let bucket = rows.entry((class, fine)).or_default();
            if bucket.rows.is_empty() {
                buckets.entry(class).or_default().push(fine);
            }
            bucket.rows.push(row);
            *sizes.entry(class).or_default() += 1;
        }
        Self {
            graph,
            referrers,
            classes,
            fine,
            row: vec![NONE; graph.items as usize],
            item: vec![NONE; count],
            made: Vec::new(),
            rows,
            sizes,
            buckets,
            near: Vec::new(),
            left: MOST_IN_ALL,
            is_strict: true,
        }
    }

    /// Finds the pairs.
    pub(super) fn run(&mut self) {
        // First what can be no other, then what refers to others before what is referred to.
        let referring = |item: &u32| self.referrers.to(*item).len();
        let mut order: Vec<u32> = (0..self.graph.items).filter(|item| self.has_rows(*item)).collect();
        let is_like_none =
            |item: &u32| !self.rows.contains_key(&(self.classes[*item as usize], self.fine[*item as usize]));
        order.sort_by_key(|item| (!self.is_alone(*item), is_like_none(item), referring(item), *item));
        let mut choices = VecDeque::new();
        for item in order {
            self.near.clear();
            self.settle(item, &mut choices);
        }
        self.unpair_broken();
    }

    pub(super) fn into_pairs(self) -> Vec<u32> {
        self.row
    }

    pub(super) fn has_rows(&self, item: u32) -> bool {
        self.buckets.contains_key(&self.classes[item as usize])
    }

    /// Whether a class has a single row.
    fn is_alone(&self, item: u32) -> bool {
        let class = self.classes[item as usize];
        match self.buckets.get(&class).map(Vec::as_slice) {
            Some([fine]) => self.rows[&(class, *fine)].rows.len() == 1,
            _ => false,
        }
    }

    /// Finds rows for an item and all that is next to it. Where an item finds none, the last choices are taken back; if that
    /// does not help, it is left out.
    fn settle(&mut self, first: u32, choices: &mut VecDeque<Choice>) {
        let mut left = MOST_TAKEN_BACK;
        let mut without: HashSet<u32> = HashSet::new();
        let mut next = Some(first);
        while let Some(item) = next.take().or_else(|| self.next_near(&without)) {
            if self.row[item as usize] != NONE {
                continue;
            }
            let mut others = self.candidates(item);
            others.reverse();
            let choice = Choice { item, others, made: self.made.len(), near: self.near.len() };
            if self.choose(choice, choices) {
                continue;
            }
            if !self.is_lacking(item) && self.take_back(choices, &mut left) {
                self.near.push(item);
                continue;
            }
            // Some of what refers to it is not there.
            self.is_strict = false;
            let others = self.candidates(item).into_iter().rev().collect();
            let choice = Choice { item, others, made: self.made.len(), near: self.near.len() };
            if !self.choose(choice, choices) {
                without.insert(item);
            }
            self.is_strict = true;
        }
    }

    fn next_near(&mut self, without: &HashSet<u32>) -> Option<u32> {
        while let Some(item) = self.near.pop() {
            if self.row[item as usize] == NONE && self.has_rows(item) && !without.contains(&item) {
                return Some(item);
            }
        }
        None
    }

    /// Tries the rows of a choice until one fits.
    fn choose(&mut self, mut choice: Choice, choices: &mut VecDeque<Choice>) -> bool {
        while let Some(row) = choice.others.pop() {
            if self.pair(choice.item, row) {
                if !choice.others.is_empty() {
                    choices.push_back(choice);
                }
                if choices.len() > MOST_REMEMBERED {
                    choices.pop_front();
                }
                return true;
            }
            self.undo(choice.made);
            self.near.truncate(choice.near);
        }
        false
    }

    /// Takes back choices until another fits.
    fn take_back(&mut self, choices: &mut VecDeque<Choice>, left: &mut usize) -> bool {
        // The last choices stand until it is certain that others fit.
        let earliest = choices.front().map_or(self.made.len(), |choice| choice.made);
        let made = &self.made[earliest..];
        let before: Vec<(u32, u32)> = made.iter().map(|item| (*item, self.row[*item as usize])).collect();
        while let Some(choice) = choices.pop_back() {
            if *left == 0 || self.left == 0 {
                break;
            }
            *left -= 1;
            self.left -= 1;
            let first = choice.made;
            self.undo(first);
            self.near.truncate(choice.near);
            if self.choose(choice, choices) {
                // What was found since then is looked for again.
                let lost = before[first - earliest..].iter().map(|(item, _)| *item);
                self.near.splice(0..0, lost.filter(|item| self.row[*item as usize] == NONE)).for_each(drop);
                return true;
            }
        }
        for (item, row) in before {
            if self.row[item as usize] == NONE && self.item[row as usize] == NONE {
                self.put(item, row);
                self.made.push(item);
            }
        }
        choices.clear();
        false
    }

    /// Makes a pair and all that it forces. Says whether that is possible; else some of it is made.
    fn pair(&mut self, item: u32, row: u32) -> bool {
        let mut open = vec![(item, row)];
        while let Some((item, row)) = open.pop() {
            if item >= self.graph.items {
                // The same row, whoever refers to it.
                if item == row {
                    continue;
                }
                return false;
            }
            if self.row[item as usize] == row {
                continue;
            }
            let is_possible = row >= self.graph.items
                && row != NONE
                && self.row[item as usize] == NONE
                && self.item[row as usize] == NONE
                && self.classes[item as usize] == self.classes[row as usize];
            if !is_possible {
                return false;
            }
            self.put(item, row);
            self.made.push(item);
            if self.is_strict && !self.leaves_enough(item, row) {
                return false;
            }
            let targets = self.graph.targets_of(item).iter().zip(self.graph.targets_of(row));
            open.extend(targets.filter(|(target, _)| **target != NONE).map(|(a, b)| (*a, *b)));
            let (parent, of_row) = (self.graph.parent[item as usize], self.graph.parent[row as usize]);
            if parent != NONE {
                open.push((parent, of_row));
            }
            let without_row =
                |(_, node): &&(u32, u32)| self.row.get(*node as usize).is_some_and(|row| *row == NONE);
            let near = self.referrers.to(item).iter().filter(without_row).map(|(_, node)| *node);
            self.near.extend(near);
        }
        true
    }

    fn put(&mut self, item: u32, row: u32) {
        self.row[item as usize] = row;
        self.item[row as usize] = item;
        let key = (self.classes[row as usize], self.fine[row as usize]);
        if let Some(bucket) = self.rows.get_mut(&key) {
            while bucket.rows.get(bucket.first).is_some_and(|row| self.item[*row as usize] != NONE) {
                bucket.first += 1;
            }
        }
    }

    fn undo(&mut self, made: usize) {
        for item in self.made.split_off(made) {
            let row = std::mem::replace(&mut self.row[item as usize], NONE);
            self.item[row as usize] = NONE;
            let key = (self.classes[row as usize], self.fine[row as usize]);
            if let Some(bucket) = self.rows.get_mut(&key) {
                // Rows are in their order.
                bucket.first = bucket.first.min(bucket.rows.partition_point(|other| *other < row));
            }
        }
    }
}
