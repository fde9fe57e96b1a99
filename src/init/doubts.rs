//! What may refer to something, as proposals and questions: only people know.

use super::Survey;
use super::draft::{Question, Setting, name};
use super::facts::samples;
use crate::app::catalog::TableInfo;
use crate::app::meaning::{Doubt, Place};
use crate::config::quoted;
use anyhow::Result;

/// So many sections that a place may mean are asked about.
const MOST_TARGETS: usize = 4;
/// Links that come to mean something else are the worst that can happen: such questions come before all but whose rows they are.
const WEIGHT: u64 = u64::MAX - 1;

impl Survey<'_> {
    /// The proposals of what the doubtful places of a table refer to.
    pub(super) fn doubts(&self, info: &TableInfo) -> Result<Vec<Setting>> {
        let mut settings = Vec::new();
        for doubt in self.model.meaning.doubts.iter().filter(|doubt| doubt.table == info.table.name) {
            if doubt.when.is_some() {
                continue;
            }
            let samples = samples(self.connection, &doubt.table, std::slice::from_ref(&doubt.column))?;
            for target in doubt.targets.iter().take(MOST_TARGETS) {
                settings.push(self.proposal(doubt, target, samples.clone()));
            }
        }
        Ok(settings)
    }

    fn proposal(&self, doubt: &Doubt, target: &str, samples: Vec<String>) -> Setting {
        let found = self.model.sections.iter().find(|(_, section)| section.shape.table == *target);
        let section = found.map_or(target, |(name, _)| name.as_str());
        let place = doubt.question(&doubt.table, &[]).place;
        let place = place.strip_prefix(&format!("{}.", doubt.table)).unwrap_or(&place).to_owned();
        let value = match doubt.place {
            Place::List => format!("{{ section = {}, separator = \",\" }}", quoted(section)),
            Place::Whole | Place::Json(_) => quoted(section),
        };
        let why = format!(
            "{} may hold row ids: {}. Until that is settled, imports are refused where its numbers would mean something else; \
             false says that it refers to nothing.",
            name(&place),
            doubt.why
        );
        let text = format!(
            "{}.{} may hold row ids ({}). Are they those of {}?",
            name(&doubt.table),
            name(&place),
            doubt.why,
            name(section)
        );
        let question = Some(Question { text, samples, weight: WEIGHT });
        Setting { question, ..Setting::new(&["references", &place], value, why, false) }
    }
}
