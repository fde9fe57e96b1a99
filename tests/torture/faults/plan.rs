//! Which runs there are, and which of them take place.

use super::calls::Class;
use super::fault::Fault;
use super::scenes::Scene;
use super::tracer::Point;
use crate::random::Random;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

/// How many take place where nobody says how many.
const FEW: usize = 40;

/// A scene, and what goes wrong in it.
#[derive(Clone, Copy)]
pub struct Trial {
    pub scene: &'static Scene,
    pub point: Point,
}

/// By this it is known, and may be asked for.
impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Point { class, number, fault } = self.point;
        write!(f, "{}/{}/{number}/{}", self.scene.name, class.name(), fault.name())
    }
}

impl Trial {
    fn order(&self) -> (&str, Class, u32, String) {
        (self.scene.name, self.point.class, self.point.number, self.point.fault.name())
    }
}

impl Ord for Trial {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

impl PartialOrd for Trial {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Trial {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Trial {}

/// Every fault of every call of a scene.
pub fn all(scene: &'static Scene, counts: &BTreeMap<Class, u32>) -> Vec<Trial> {
    let of_class = |(class, count): (&Class, &u32)| -> Vec<Trial> {
        let (class, faults) = (*class, Fault::of(*class));
        let point = |number, fault| Trial { scene, point: Point { class, number, fault } };
        (1..=*count).flat_map(|number| faults.iter().map(move |fault| point(number, *fault))).collect()
    };
    counts.iter().flat_map(of_class).collect()
}

/// The same in another order, so that each scene has its turn early.
pub fn mixed(mut trials: Vec<Trial>) -> Vec<Trial> {
    let mut random = Random::of(1);
    for at in (1..trials.len()).rev() {
        trials.swap(at, random.below(at + 1));
    }
    trials
}

/// Those that were asked for: by `LARDER_FAULT` those whose names begin with it, by `LARDER_FAULTS` all or so many.
pub fn chosen(all: Vec<Trial>) -> Vec<Trial> {
    if let Some(name) = variable("LARDER_FAULT") {
        let is_asked_for = |of: &str| of == name || of.starts_with(&format!("{name}/"));
        return all.into_iter().filter(|trial| is_asked_for(&trial.to_string())).collect();
    }
    match variable("LARDER_FAULTS").as_deref() {
        Some("all") => all,
        Some(number) => spread(&all, number.parse().expect("LARDER_FAULTS is all or a number")),
        None => spread(&all, FEW),
    }
}

/// Whether something of a scene can be asked for: others need not be prepared.
pub fn may_be_chosen(scene: &Scene) -> bool {
    variable("LARDER_FAULT").is_none_or(|name| name.split('/').next() == Some(scene.name))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// So many, from everywhere.
fn spread(all: &[Trial], many: usize) -> Vec<Trial> {
    let many = many.min(all.len());
    (0..many).map(|at| all[at * all.len() / many]).collect()
}
