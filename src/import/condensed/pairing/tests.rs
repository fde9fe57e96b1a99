use super::{Graph, NONE};

/// Numbers that look like chance, the same each time (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, most: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 11) % u64::from(most)).expect("it is below a u32")
    }

    fn shuffled(&mut self, count: u32) -> Vec<u32> {
        let mut all: Vec<u32> = (0..count).collect();
        for at in (1..count).rev() {
            let other = self.below(at + 1);
            all.swap(at as usize, other as usize);
        }
        all
    }
}

/// Nodes with a label and what they refer to, and for some a parent.
struct Nodes {
    labels: Vec<u32>,
    targets: Vec<[u32; 2]>,
    parents: Vec<u32>,
}

/// A graph of all nodes as rows, whose first ones are items too.
fn graph(nodes: &Nodes, items: u32, random: &mut Random) -> Graph {
    let rows = u32::try_from(nodes.labels.len()).expect("they are few");
    let (of_items, of_rows) = (random.shuffled(items), random.shuffled(rows));
    let mut graph = Graph { items, begins: vec![0], ..Graph::default() };
    for (places, first) in [(&of_items, 0), (&of_rows, items)] {
        let mut order: Vec<u32> = (0..u32::try_from(places.len()).expect("few")).collect();
        order.sort_by_key(|node| places[*node as usize]);
        let lead = |node: u32| if node == NONE { NONE } else { first + places[node as usize] };
        for node in order {
            graph.own.push(nodes.labels[node as usize]);
            graph.parent.push(lead(nodes.parents[node as usize]));
            graph.targets.extend(nodes.targets[node as usize].map(lead));
            graph.begins.push(u32::try_from(graph.targets.len()).expect("few"));
        }
    }
    graph.hints = vec![0; graph.own.len()];
    graph
}

fn random_nodes(random: &mut Random, is_acyclic: bool, has_children: bool) -> (Nodes, u32) {
    let items = 2 + random.below(6);
    let extra = random.below(6);
    let labels = 1 + random.below(2);
    let mut nodes = Nodes { labels: Vec::new(), targets: Vec::new(), parents: Vec::new() };
    for node in 0..items + extra {
        let known = if node < items { items } else { items + extra };
        let most = if is_acyclic { node.min(known) } else { known };
        let mut one = || {
            let picked = random.below(most + 1);
            if picked == most { NONE } else { picked }
        };
        nodes.targets.push([one(), one()]);
        // A child has another label than what is none, and no children.
        let parent = if has_children && node > 0 && random.below(3) == 0 { random.below(node) } else { NONE };
        let is_free =
            |parent: u32| (parent < items) == (node < items) && nodes.parents[parent as usize] == NONE;
        let parent = if parent != NONE && is_free(parent) { parent } else { NONE };
        nodes.parents.push(parent);
        nodes.labels.push(random.below(labels) + if parent == NONE { 0 } else { 10 });
    }
    (nodes, items)
}

#[test]
fn every_item_of_a_part_of_the_rows_is_a_row() {
    let count = std::env::var("LARDER_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(3000);
    let mut wrong = Vec::new();
    for seed in 1..=count {
        for (is_acyclic, has_children) in [(false, false), (true, false), (false, true), (true, true)] {
            let mut random = Random(u64::wrapping_mul(seed, 0x9e37_79b9_7f4a_7c15));
            let (nodes, items) = random_nodes(&mut random, is_acyclic, has_children);
            let graph = graph(&nodes, items, &mut random);
            let rows = graph.pair();
            if rows.contains(&NONE) {
                wrong.push((seed, is_acyclic, has_children));
            }
            check(&graph, &rows);
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {:?}", wrong.len(), count * 4, &wrong[..wrong.len().min(8)]);
}

/// No row is two items, and what items refer to their rows refer to.
fn check(graph: &Graph, rows: &[u32]) {
    for (item, row) in (0..).zip(rows).filter(|(_, row)| **row != NONE) {
        assert_eq!(rows.iter().filter(|other| *other == row).count(), 1);
        assert_eq!(graph.own[item as usize], graph.own[*row as usize]);
        for (a, b) in graph.targets_of(item).iter().zip(graph.targets_of(*row)) {
            let wanted = if *a == NONE { NONE } else { rows[*a as usize] };
            assert_eq!(wanted, *b);
        }
    }
}

#[test]
fn what_is_there_in_part_is_paired_in_part() {
    // Two items that hold the same, of which one row is there.
    let graph = Graph {
        items: 2,
        own: vec![0, 0, 0],
        parent: vec![NONE; 3],
        begins: vec![0, 0, 0, 0],
        targets: Vec::new(),
        hints: vec![0, 1, 1],
    };
    assert_eq!(graph.pair(), [NONE, 2]);
}

#[test]
fn long_chains_and_many_equal_rows_take_no_long() {
    let count = 20_000;
    let chain = |first: u32| (1..=count).map(move |at| if at == count { NONE } else { first + at });
    let mut graph = Graph {
        items: count,
        own: vec![0; 2 * count as usize],
        parent: vec![NONE; 2 * count as usize],
        begins: (0..=2 * count).collect(),
        targets: chain(0).chain(chain(count)).collect(),
        hints: vec![0; 2 * count as usize],
    };
    assert!(graph.pair().iter().zip(count..).all(|(row, wanted)| *row == wanted));
    graph.targets.fill(NONE);
    assert!(!graph.pair().contains(&NONE));
    // All of one, which each refers to.
    graph.own[0] = 1;
    graph.own[count as usize] = 1;
    graph.targets[1..count as usize].fill(0);
    graph.targets[count as usize + 1..].fill(count);
    assert!(!graph.pair().contains(&NONE));
    // The same, told apart by what they hold.
    graph.own = (0..count).chain(0..count).collect();
    assert!(!graph.pair().contains(&NONE));
}
