//! What came of many runs, in a table.

use super::judge::Outcome;
use super::plan::Trial;
use super::worker::Run;
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Default, Clone, Copy)]
struct Counts {
    runs: u32,
    old: u32,
    new: u32,
    part: u32,
    unknown: u32,
    missed: u32,
    wrong: u32,
}

impl Counts {
    fn count(&mut self, run: &Run) {
        self.runs += 1;
        *match run.outcome {
            Outcome::Old => &mut self.old,
            Outcome::New => &mut self.new,
            Outcome::Part => &mut self.part,
            Outcome::Unknown => &mut self.unknown,
        } += 1;
        self.missed += u32::from(run.hit.is_none());
        self.wrong += u32::from(!run.wrong.is_empty());
    }

    fn line(&self, what: &str) -> String {
        let Self { runs, old, new, part, unknown, missed, wrong } = self;
        format!("{what:<30}{runs:>8}{old:>8}{new:>8}{part:>8}{unknown:>8}{missed:>8}{wrong:>8}\n")
    }
}

/// The counts, and what was wrong.
pub fn report(runs: &BTreeMap<Trial, Run>) -> (String, Vec<String>) {
    let mut counts: BTreeMap<&str, BTreeMap<String, Counts>> = BTreeMap::new();
    let (mut all, mut wrong) = (Counts::default(), Vec::new());
    for (trial, run) in runs {
        counts.entry(trial.scene.name).or_default().entry(trial.point.class.name()).or_default().count(run);
        all.count(run);
        if !run.wrong.is_empty() {
            let hit = run.hit.as_deref().unwrap_or("no call");
            wrong.push(format!("{trial} ({hit}):\n    {}", run.wrong.join("\n    ")));
        }
    }
    let titles = ["runs", "old", "new", "part", "unknown", "missed", "wrong"];
    let mut text = format!("{:<30}", "scene, class");
    for title in titles {
        let _ = write!(text, "{title:>8}");
    }
    text.push('\n');
    for (scene, classes) in counts {
        for (class, counts) in classes {
            text += &counts.line(&format!("{scene} {class}"));
        }
    }
    text += &all.line("all");
    if let Some((trial, run)) = runs.iter().max_by_key(|(_, run)| run.took) {
        let _ = writeln!(text, "{trial} took longest: {:.1?}", run.took);
    }
    (text, wrong)
}
