//! Which row each item is, where both are known by what they hold and what they refer to: items and rows are the nodes of one
//! graph, and a pairing has to keep its edges.
//!
//! Nodes of one class hold the same and refer to the same ([`refine()`]). So an item can only be a row of its class, and where
//! a class has one of each, it is. Elsewhere pairs are searched: a pair forces those that it refers to, and leaves for what
//! refers to it only what refers to its row. Rows that refer in and that no item is make that more than counting: where a
//! choice turns out wrong, another is tried.

mod candidates;
mod check;
mod refine;
mod search;
#[cfg(test)]
mod tests;

use refine::refine;
use search::Search;
use std::collections::HashMap;
use std::hash::Hash;

/// No node.
pub const NONE: u32 = u32::MAX;

/// Items and rows, and what leads from one to another.
#[derive(Debug, Default)]
pub struct Graph {
    /// How many items there are: they are the first nodes, the others are rows.
    pub items: u32,
    /// What each node holds by itself: equal numbers for equal nodes.
    pub own: Vec<u32>,
    /// The node that each node is a child of, or [`NONE`].
    pub parent: Vec<u32>,
    /// Where the references of each node begin among `targets`; the last one is the end.
    pub begins: Vec<u32>,
    /// What each reference leads to, or [`NONE`]. Nodes that hold the same have equally many.
    pub targets: Vec<u32>,
    /// What else refers to each node: equal numbers where that is equal. It only chooses among nodes of one class.
    pub hints: Vec<u32>,
}

impl Graph {
    /// How many nodes there are.
    fn len(&self) -> u32 {
        u32::try_from(self.own.len()).unwrap_or(NONE)
    }

    /// What a node refers to.
    fn targets_of(&self, node: u32) -> &[u32] {
        &self.targets[self.begins[node as usize] as usize..self.begins[node as usize + 1] as usize]
    }

    /// The row of each item; [`NONE`] for items that are none.
    pub fn pair(&self) -> Vec<u32> {
        let referrers = Referrers::of(self);
        let classes = refine(self, &referrers, &self.own, false);
        let fine = refine(self, &referrers, &numbered(classes.iter().zip(&self.hints)), true);
        let mut search = Search::new(self, &referrers, &classes, &fine);
        search.run();
        search.into_pairs()
    }
}

/// Numbers for values, from 0: equal ones for equal values.
pub fn numbered<T: Eq + Hash>(values: impl IntoIterator<Item = T>) -> Vec<u32> {
    let mut known = HashMap::new();
    let number = |value| {
        let next = u32::try_from(known.len()).unwrap_or(NONE);
        *known.entry(value).or_insert(next)
    };
    values.into_iter().map(number).collect()
}

/// The nodes that refer to each node.
struct Referrers {
    begins: Vec<u32>,
    /// By which reference, and which node. A child refers to its parent by [`NONE`].
    all: Vec<(u32, u32)>,
}

impl Referrers {
    fn of(graph: &Graph) -> Self {
        let count = graph.len() as usize;
        let mut begins = vec![0; count + 1];
        let each = |visit: &mut dyn FnMut(u32, u32, u32)| {
            for node in 0..graph.len() {
                let references = graph.targets_of(node).iter().zip(0..).map(|(target, slot)| (*target, slot));
                let all = references.chain([(graph.parent[node as usize], NONE)]);
                all.filter(|(target, _)| *target != NONE)
                    .for_each(|(target, slot)| visit(target, slot, node));
            }
        };
        each(&mut |target, _, _| begins[target as usize + 1] += 1);
        for at in 0..count {
            begins[at + 1] += begins[at];
        }
        let mut free = begins.clone();
        let mut all = vec![(0, 0); begins[count] as usize];
        each(&mut |target, slot, node| {
            all[free[target as usize] as usize] = (slot, node);
            free[target as usize] += 1;
        });
        Self { begins, all }
    }

    fn to(&self, node: u32) -> &[(u32, u32)] {
        &self.all[self.begins[node as usize] as usize..self.begins[node as usize + 1] as usize]
    }
}
