//! Graphs whose nodes are numbered anew have the same order.

use super::Graph;
use crate::progress::Silent;
use proptest::prelude::*;
use rusqlite::Connection;

/// A graph: the colours of its nodes, and its edges.
#[derive(Debug, Clone)]
struct Given {
    colours: Vec<i64>,
    edges: Vec<[usize; 3]>,
}

impl Given {
    fn of(nodes: usize, edges: impl IntoIterator<Item = [usize; 3]>) -> Self {
        Self { colours: vec![0; nodes], edges: edges.into_iter().collect() }
    }

    /// Two graphs beside each other.
    fn and(mut self, other: &Self) -> Self {
        let before = self.colours.len();
        self.colours.extend(&other.colours);
        self.edges.extend(other.edges.iter().map(|[from, role, to]| [from + before, *role, to + before]));
        self
    }

    /// The graph with its nodes by their places, where node `n` has the number `numbers[n]`.
    fn ordered(&self, numbers: &[i64]) -> (Vec<i64>, Vec<[usize; 3]>) {
        let db = Connection::open_in_memory().expect("open");
        db.execute_batch("BEGIN").expect("begin");
        let graph = Graph::create(&db).expect("create");
        let (nodes, edges) = (graph.nodes.to_string(), graph.edges.to_string());
        for (colour, number) in self.colours.iter().zip(numbers) {
            let insert = format!("INSERT INTO {nodes}(id, colour) VALUES (?1, ?2)");
            db.prepare_cached(&insert).expect("prepare").execute([number, colour]).expect("add a node");
        }
        for [from, role, to] in &self.edges {
            let edge = [numbers[*from], i64::try_from(*role).expect("a role"), numbers[*to]];
            let insert = format!("INSERT INTO {edges} VALUES (?1, ?2, ?3)");
            db.prepare_cached(&insert).expect("prepare").execute(edge).expect("add an edge");
        }
        graph.index_edges().expect("index");
        graph.order(&Silent).expect("order");
        let mut statement = db.prepare(&format!("SELECT id, rank FROM {nodes}")).expect("prepare");
        let ranks: std::collections::HashMap<i64, usize> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, u32>(1)? as usize)))
            .expect("query")
            .map(Result::unwrap)
            .collect();
        let places: Vec<usize> = numbers.iter().map(|number| ranks[number]).collect();
        let mut colours = vec![-1; places.len()];
        places.iter().zip(&self.colours).for_each(|(place, colour)| colours[*place] = *colour);
        let mut edges: Vec<[usize; 3]> =
            self.edges.iter().map(|[from, role, to]| [places[*from], *role, places[*to]]).collect();
        edges.sort_unstable();
        assert!(!colours.contains(&-1), "two nodes have one place");
        (colours, edges)
    }

    #[track_caller]
    fn assert_canonical(&self, numbers: &[i64]) {
        let counted: Vec<i64> = (1..).take(self.colours.len()).collect();
        assert_eq!(self.ordered(&counted), self.ordered(numbers), "{self:?} by {numbers:?}");
    }
}

/// A circle of nodes.
fn circle(nodes: usize) -> Given {
    Given::of(nodes, (0..nodes).map(|at| [at, 0, (at + 1) % nodes]))
}

/// Numbers that look as if by chance, all different.
fn mixed(nodes: usize) -> Vec<i64> {
    (0..).take(nodes).map(|at: i64| (at * 7_919 + 13) % 104_729 * 3 + 5).collect()
}

fn graphs() -> impl Strategy<Value = (Given, Vec<i64>)> {
    (1..9_usize, 1..3_i64, 1..3_usize).prop_flat_map(|(nodes, colours, roles)| {
        let refers = prop::collection::vec(prop::option::weighted(0.7, 0..nodes), nodes * roles);
        let numbers = prop::sample::subsequence((1..60_i64).collect::<Vec<_>>(), nodes).prop_shuffle();
        (prop::collection::vec(0..colours, nodes), refers, numbers).prop_map(
            move |(colours, refers, numbers)| {
                let edge = |(at, to): (usize, &Option<usize>)| to.map(|to| [at % nodes, at / nodes, to]);
                let edges = refers.iter().enumerate().filter_map(edge).collect();
                (Given { colours, edges }, numbers)
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_order_does_not_depend_on_the_numbers((given, numbers) in graphs()) {
        given.assert_canonical(&numbers);
    }
}

/// Few enough for every run; more where somebody asks for them.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(100)
}

#[test]
fn circles_that_are_alike_at_every_node_are_told_apart() {
    for given in [
        circle(6).and(&circle(3)).and(&circle(3)),
        circle(3).and(&circle(6)).and(&circle(2)).and(&circle(1)).and(&circle(1)),
        circle(4).and(&circle(4)),
    ] {
        given.assert_canonical(&mixed(given.colours.len()));
    }
}

/// Both have four nodes, and each refers twice and is referred to twice.
#[test]
fn parts_of_one_size_that_are_alike_at_every_node_are_told_apart() {
    let pairs = Given::of(
        4,
        [[0, 0, 1], [1, 0, 0], [2, 0, 3], [3, 0, 2], [0, 1, 2], [2, 1, 0], [1, 1, 3], [3, 1, 1]],
    );
    let there_and_back = Given::of(4, (0..4).flat_map(|at| [[at, 0, (at + 1) % 4], [at, 1, (at + 3) % 4]]));
    let twice = Given::of(4, (0..4).flat_map(|at| [[at, 0, (at + 1) % 4], [at, 1, (at + 1) % 4]]));
    for given in [pairs.clone().and(&there_and_back).and(&twice), twice.and(&pairs).and(&there_and_back)] {
        given.assert_canonical(&mixed(12));
    }
}

/// Two shelves of equal boxes with equal things, and a circle of them.
#[test]
fn equal_nodes_below_equal_nodes_are_told_apart_by_nothing_and_have_an_order() {
    let tree = Given::of(13, (1..13).map(|at| [at, 0, (at - 1) / 3]));
    let trees = tree.clone().and(&tree);
    trees.assert_canonical(&mixed(26));
    let mut ring = trees.and(&tree);
    ring.edges.extend([[0, 1, 13], [13, 1, 26], [26, 1, 0]]);
    ring.assert_canonical(&mixed(39));
}

#[test]
fn what_refers_to_nodes_tells_them_apart() {
    // Two copies of a film, one lent twice, the other once, by people whom payments tell apart.
    let mut given = Given::of(8, [[2, 0, 0], [3, 0, 1], [4, 0, 1], [5, 1, 2], [6, 1, 3], [7, 1, 4]]);
    given.colours = vec![0, 0, 1, 1, 1, 7, 8, 9];
    given.assert_canonical(&[2, 1, 9, 8, 7, 6, 5, 4]);
}

#[test]
fn a_long_chain_and_many_equal_nodes_have_an_order() {
    let chain = Given::of(2000, (1..2000).map(|at| [at, 0, at - 1]));
    chain.assert_canonical(&mixed(2000));
    let equal = Given::of(20_000, []);
    equal.assert_canonical(&mixed(20_000));
    let pairs = Given::of(2000, (0..1000).map(|at| [2 * at, 0, 2 * at + 1]));
    pairs.assert_canonical(&mixed(2000));
}
