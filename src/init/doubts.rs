//! What may refer to something, as proposals and questions: only people know.

use super::Survey;
use super::draft::{Question, Setting, name};
use super::facts::samples;
use crate::app::catalog::TableInfo;
use crate::app::meaning::{Answer, Doubt};
use anyhow::Result;

/// So many sections that a place may mean are asked about.
const MOST_ANSWERS: usize = 4;
/// Links that come to mean something else are the worst that can happen: such questions come before all but whose rows they are.
const WEIGHT: u64 = u64::MAX - 1;

impl Survey<'_> {
    /// The proposals of what the doubtful places of a table refer to.
    pub(super) fn doubts(&self, info: &TableInfo) -> Result<Vec<Setting>> {
        let mut settings = Vec::new();
        for doubt in self.model.meaning.doubts.iter().filter(|doubt| doubt.table == info.table.name) {
            let samples = samples(self.connection, &doubt.table, std::slice::from_ref(&doubt.column))?;
            for answer in doubt.answers.iter().take(MOST_ANSWERS) {
                settings.extend(self.proposal(doubt, answer, samples.clone()));
            }
        }
        Ok(settings)
    }

    /// The proposal of an answer; nothing where it would be that nothing is referred to.
    fn proposal(&self, doubt: &Doubt, answer: &Answer, samples: Vec<String>) -> Option<Setting> {
        let section_of = |table: &String| {
            let found = self.model.sections.iter().find(|(_, section)| section.shape.table == *table);
            found.map_or_else(|| table.clone(), |(name, _)| name.clone())
        };
        let place = name(&doubt.place_in_table());
        let of =
            doubt.when.as_ref().map(|(column, value)| format!(", where {} is {}", name(column), name(value)));
        let of = of.unwrap_or_default();
        let otherwise =
            "Until that is settled, imports are refused where its numbers would mean something else";
        let (why, asked) = match answer {
            Answer::Nothing => return None,
            Answer::Table(table) => (
                format!(
                    "{place} may hold row ids{of}: {}. {otherwise}; false says that it refers to nothing.",
                    doubt.why
                ),
                format!(
                    "may hold row ids{of} ({}). Are they those of {}?",
                    doubt.why,
                    name(&section_of(table))
                ),
            ),
            Answer::Key => (
                format!("{place} may be data: {}. {otherwise}.", doubt.why),
                format!("may be data ({}). Are rows known by it in every database?", doubt.why),
            ),
        };
        let text = format!("{}.{place} {asked}", name(&doubt.table));
        let question = Some(Question { text, samples, weight: WEIGHT });
        let (setting, value) = doubt.line(answer, section_of);
        let setting: Vec<&str> = setting.iter().map(String::as_str).collect();
        Some(Setting { question, ..Setting::new(&setting, value, why, false) })
    }
}
