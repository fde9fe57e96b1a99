//! Partition refinement: nodes of one class hold the same, and refer to nodes of the same classes.
//!
//! A node is looked at again when something that it refers to, or a child of it, leaves its class; and what leaves is never the
//! largest part, so that each does so `log n` times at most (Hopcroft).

use super::{Graph, NONE, Referrers};
use std::collections::{BTreeMap, HashSet, VecDeque};

/// Of a node that more refer to only their number counts, since each that leaves its class would ask for all.
const MOST_COUNTED: usize = 256;

/// The class of each node, beginning with those that are given. `both_ways` says that nodes of one class
/// are also referred to by equally many of each class.
pub(super) fn refine(graph: &Graph, referrers: &Referrers, begin: &[u32], both_ways: bool) -> Vec<u32> {
    let mut partition = Partition::new(begin);
    let signs = Signs { graph, referrers, both_ways };
    while let Some((class, nodes)) = partition.next() {
        for part in split(&signs, &partition, class, &nodes) {
            partition.part(class, &part);
            for node in &part {
                referrers.to(*node).iter().for_each(|(_, node)| partition.touch(*node));
                partition.touch(graph.parent[*node as usize]);
                if both_ways {
                    graph.targets_of(*node).iter().for_each(|node| partition.touch(*node));
                }
            }
        }
    }
    partition.classes
}

/// Nodes in classes, and those that are to be looked at.
struct Partition {
    classes: Vec<u32>,
    members: Vec<Vec<u32>>,
    /// Where each node is among the members of its class.
    places: Vec<u32>,
    /// The nodes of each class that are to be looked at.
    dirty: Vec<Vec<u32>>,
    is_dirty: Vec<bool>,
    queue: VecDeque<u32>,
}

impl Partition {
    fn new(begin: &[u32]) -> Self {
        let count = begin.iter().max().map_or(0, |last| *last as usize + 1);
        let mut members = vec![Vec::new(); count];
        let mut places = Vec::with_capacity(begin.len());
        for (class, node) in begin.iter().zip(0..) {
            places.push(number(members[*class as usize].len()));
            members[*class as usize].push(node);
        }
        let (classes, dirty) = (begin.to_vec(), members.clone());
        Self {
            classes,
            members,
            places,
            dirty,
            is_dirty: vec![true; begin.len()],
            queue: (0..number(count)).collect(),
        }
    }

    /// A class, and those of its nodes that are to be looked at.
    fn next(&mut self) -> Option<(u32, Vec<u32>)> {
        let class = self.queue.pop_front()?;
        let mut nodes = std::mem::take(&mut self.dirty[class as usize]);
        nodes.retain(|node| {
            let is_here = self.classes[*node as usize] == class;
            is_here && std::mem::take(&mut self.is_dirty[*node as usize])
        });
        Some((class, nodes))
    }

    /// A node is to be looked at.
    fn touch(&mut self, node: u32) {
        if node != NONE && !self.is_dirty[node as usize] {
            self.is_dirty[node as usize] = true;
            self.wait(node);
        }
    }

    fn wait(&mut self, node: u32) {
        let class = self.classes[node as usize];
        if self.dirty[class as usize].is_empty() {
            self.queue.push_back(class);
        }
        self.dirty[class as usize].push(node);
    }

    /// Makes a class of a part of one.
    fn part(&mut self, class: u32, part: &[u32]) {
        let own = number(self.members.len());
        self.dirty.push(Vec::new());
        for (node, place) in part.iter().zip(0..) {
            let members = &mut self.members[class as usize];
            let before = self.places[*node as usize] as usize;
            members.swap_remove(before);
            if let Some(moved) = members.get(before) {
                self.places[*moved as usize] = number(before);
            }
            self.places[*node as usize] = place;
            self.classes[*node as usize] = own;
        }
        self.members.push(part.to_vec());
        for node in part.iter().filter(|node| self.is_dirty[**node as usize]) {
            if self.dirty[own as usize].is_empty() {
                self.queue.push_back(own);
            }
            self.dirty[own as usize].push(*node);
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NONE)
}

/// The parts of a class that leave it, since they refer to other classes than its largest part does. Only the nodes that are
/// to be looked at can have become others than the rest.
fn split(signs: &Signs<'_>, partition: &Partition, class: u32, nodes: &[u32]) -> Vec<Vec<u32>> {
    let members = &partition.members[class as usize];
    if members.len() < 2 || nodes.is_empty() {
        return Vec::new();
    }
    let mut parts: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
    for node in nodes {
        parts.entry(signs.of(&partition.classes, *node)).or_default().push(*node);
    }
    let looked_at: HashSet<u32> =
        if nodes.len() < members.len() { nodes.iter().copied().collect() } else { HashSet::new() };
    let rest = members.len() - nodes.len();
    let other = if rest > 0 { members.iter().find(|node| !looked_at.contains(node)) } else { None };
    let of_rest = other.map(|node| signs.of(&partition.classes, *node));
    let size = |sign: &Vec<u32>| {
        parts.get(sign).map_or(0, Vec::len) + if of_rest.as_ref() == Some(sign) { rest } else { 0 }
    };
    let stays = parts.keys().chain(&of_rest).max_by_key(|sign| size(sign)).cloned();
    if let Some(sign) = of_rest.filter(|sign| stays.as_ref() != Some(sign)) {
        parts.entry(sign).or_default().extend(members.iter().filter(|node| !looked_at.contains(node)));
    }
    parts.into_iter().filter(|(sign, _)| stays.as_ref() != Some(sign)).map(|(_, part)| part).collect()
}

/// What nodes are next to, by classes.
struct Signs<'a> {
    graph: &'a Graph,
    referrers: &'a Referrers,
    both_ways: bool,
}

impl Signs<'_> {
    /// What a node refers to, and what its children are; where both ways count, what refers to it.
    fn of(&self, classes: &[u32], node: u32) -> Vec<u32> {
        let class = |node: &u32| if *node == NONE { NONE } else { classes[*node as usize] };
        let mut sign: Vec<u32> = self.graph.targets_of(node).iter().map(class).collect();
        let referring = self.referrers.to(node);
        if self.both_ways {
            sign.extend([class(&self.graph.parent[node as usize]), number(referring.len())]);
            if referring.len() > MOST_COUNTED {
                return sign;
            }
        }
        let is_counted = |(slot, _): &&(u32, u32)| self.both_ways || *slot == NONE;
        let counted = referring.iter().filter(is_counted);
        let mut others: Vec<(u32, u32)> =
            counted.map(|(slot, node)| (*slot, classes[*node as usize])).collect();
        others.sort_unstable();
        sign.extend(others.into_iter().flat_map(|(slot, class)| [slot, class]));
        sign
    }
}
