//! Conflicts that somebody is asked about, one after another, while nothing is locked.

use super::answers::Answers;
use super::choices::{Choice, ItemLine, word};
use super::clash::{for_all, is_of_child};
use super::describe::{key_of_item, label_of};
use super::outcome::{Outcome, Strategy};
use super::question::{Answer, Asker, Question, Reply};
use super::{CondensedOptions, Staged};
use crate::app::model::Field;
use crate::document::json::{ID, LABEL, ROW};
use crate::stream::digest_of;
use anyhow::{Context, Result};
use serde_json::{Map, Value as Json, json};
use std::collections::{HashMap, HashSet};

/// So much of a digest tells items of a section apart.
const DIGITS: usize = 16;

/// What an item holds without the numbers that are its document's only.
fn without_numbers(json: &Json) -> Json {
    match json {
        Json::Object(object) => {
            let own = object.iter().filter(|(key, _)| ![ID, LABEL, ROW].contains(&key.as_str()));
            own.map(|(key, value)| (key.clone(), without_numbers(value))).collect()
        }
        Json::Array(all) => all.iter().map(without_numbers).collect(),
        other => other.clone(),
    }
}

/// Questions that were answered, the last one last.
#[derive(Default)]
struct Asked {
    order: Vec<i64>,
    answers: HashMap<i64, Answer>,
}

impl Staged {
    /// Takes answers that were given before for this one's questions.
    /// Gives back the first answer that is for none of the items, and how many such there are.
    pub fn take_answers(&self, answers: &Answers) -> Result<Option<(String, u64)>> {
        let mut used = HashSet::new();
        self.items.for_each(|id| {
            let Some((section, key)) = self.called_as(id)? else { return Ok(()) };
            used.extend(answers.place_of(section, &key));
            if let Some(Answer { strategy, name, .. }) = answers.get(section, &key) {
                self.items.choose(id, &Choice { strategy, name, seen: None })?;
            }
            let mut children = answers.of_children(section, &key);
            children.try_for_each(|(child, strategy)| self.items.choose_child(id, child, strategy))
        })?;
        for (section, at) in self.metadata.sections.keys().zip(0..) {
            let mut fields = answers.of_fields(section);
            fields.try_for_each(|(field, strategy)| self.items.choose_child(for_all(at), field, strategy))?;
        }
        let sections: Vec<&String> = self.metadata.sections.keys().collect();
        Ok(answers.idle(&sections, &used))
    }

    /// Keeps the answers that were given.
    pub fn keep_answers(&self, answers: &mut Answers) -> Result<()> {
        self.items.for_each(|id| {
            let Some(Choice { strategy, name, .. }) = self.items.choice(id)? else { return Ok(()) };
            if let Some((section, key)) = self.called_as(id)? {
                answers.put(section, &key, Answer { strategy, name, for_section: false });
            }
            Ok(())
        })?;
        self.items.each_chosen_child(|id, child, strategy| {
            if let Some((section, key)) = self.called_as(id)? {
                answers.put_child(section, Some(&key), child, strategy);
            }
            Ok(())
        })
    }

    /// The section of an item, and what it is called by in a file of answers: its key, or without one its row id or a digest of
    /// what it holds, with a label for people.
    fn called_as(&self, id: i64) -> Result<Option<(&str, String)>> {
        let item = self.items.get(id)?;
        let Some((name, section)) = self.metadata.sections.get_index(item.section as usize) else {
            return Ok(None);
        };
        let json: Map<String, Json> = serde_json::from_str(&self.items.original(id)?)?;
        if section.shape.key.is_empty() && !section.shape.singleton {
            let number = item.number.filter(|_| self.metadata.by_id);
            if let Some(number) = number {
                return Ok(Some((name, number.to_string())));
            }
            let label = label_of(&section.shape, &json, item.place.item);
            let digest = digest_of(without_numbers(&Json::Object(json)).to_string().as_bytes());
            let key = json!({ "$label": label, "$digest": &digest.to_string()[..DIGITS] });
            return Ok(Some((name, word(&key))));
        }
        Ok(Some((name, word(&key_of_item(&section.shape, &json)))))
    }

    /// Asks about every item of which somebody is to be asked, until none is left. Gives back what would become of all.
    pub fn ask(&self, name: &str, options: &CondensedOptions<'_>, asker: &dyn Asker) -> Result<Outcome> {
        let mut asked = Asked::default();
        loop {
            let mut outcome = self.look(options)?;
            // Which children clash nobody knows before they are written.
            if outcome.open == 0 && outcome.may_clash && outcome.problems.errors == 0 {
                outcome = self.rehearse(name, options)?;
            }
            if outcome.open == 0 || outcome.problems.errors > 0 {
                return Ok(outcome);
            }
            for why in self.items.take_explanations()? {
                asker.explain(&why);
            }
            let open = [self.items.open_questions()?, self.items.open_clashes()?].concat();
            self.ask_some(&self.independent(&open)?, open.len() as u64, &mut asked, asker)?;
        }
    }

    /// The items that are not known by others of which somebody is asked as well: if those come in under another name, these
    /// are others.
    fn independent(&self, open: &[i64]) -> Result<Vec<i64>> {
        let mut sections = Vec::new();
        for id in open {
            sections.push(self.section_of(*id)?);
        }
        let is_open = |name: &str| {
            let at = self.metadata.sections.get_index_of(name);
            at.is_some_and(|at| sections.iter().any(|section| *section as usize == at))
        };
        let depends = |section: u32| {
            let Some((own, section)) = self.metadata.sections.get_index(section as usize) else {
                return false;
            };
            section.shape.key.iter().any(|field| match section.shape.field(field) {
                Field::Reference(reference) => reference.section != *own && is_open(&reference.section),
                _ => false,
            })
        };
        let free: Vec<i64> = open
            .iter()
            .zip(&sections)
            .filter(|(_, section)| !depends(**section))
            .map(|(id, _)| *id)
            .collect();
        Ok(if free.is_empty() { open.to_vec() } else { free })
    }

    fn ask_some(&self, open: &[i64], of: u64, asked: &mut Asked, asker: &dyn Asker) -> Result<()> {
        let before = asked.order.len() as u64;
        let mut at = 0;
        while let Some(id) = open.get(at) {
            if self.items.choice(*id)?.is_some() {
                at += 1;
                continue;
            }
            let question = self.question(*id, &open[at..], before + at as u64 + 1, before + of, asked)?;
            match asker.ask(&question)? {
                Reply::Answer(answer) => {
                    self.answer(*id, &answer, &open[at..])?;
                    asked.order.push(*id);
                    asked.answers.insert(*id, answer);
                    at += 1;
                }
                Reply::Back => {
                    let Some(last) = asked.order.pop() else { continue };
                    self.take_back(last, asked.answers.get(&last), open)?;
                    match open.iter().position(|id| *id == last) {
                        Some(position) => at = position,
                        // It is of those before: all is looked at anew.
                        None => return Ok(()),
                    }
                }
            }
        }
        Ok(())
    }

    fn question(&self, id: i64, left: &[i64], number: u64, of: u64, asked: &Asked) -> Result<Question> {
        let line = self.items.line(id)?.context("an item of which somebody is asked has a line")?;
        let choices = self.choices_of(id, &line)?;
        let mut left_in_section = 0;
        for other in left {
            let is_same = self.are_alike(id, *other)?;
            left_in_section += u64::from(is_same && self.items.choice(*other)?.is_none());
        }
        Ok(Question {
            section: line.section,
            label: line.child.map_or_else(|| line.label.clone(), |child| format!("{}: {child}", line.label)),
            line: line.line,
            number,
            of,
            left_in_section,
            differences: line.changes,
            why_not: line.why.clone().filter(|_| !is_of_child(id)),
            clash: line.why.filter(|_| is_of_child(id)),
            is_guess: self.items.referring_to_edited(id)?.is_some(),
            choices,
            proposed: line.name,
            earlier: asked.answers.get(&id).cloned(),
        })
    }

    /// What may be done with an item or a child, besides skipping it.
    fn choices_of(&self, id: i64, line: &ItemLine) -> Result<Vec<Strategy>> {
        if is_of_child(id) {
            return self.items.clash_choices(id);
        }
        let mut choices = Vec::new();
        if line.why.is_none() {
            choices.extend([Strategy::Overwrite, Strategy::Merge]);
        }
        if line.name.is_some() || self.items.referring_to_edited(id)?.is_some() {
            choices.push(Strategy::Rename);
        }
        Ok(choices)
    }

    fn section_of(&self, id: i64) -> Result<u32> {
        Ok(self.items.get(self.items.item_of(id)?)?.section)
    }

    /// Whether two are of one section, and both items or both children.
    fn are_alike(&self, id: i64, other: i64) -> Result<bool> {
        Ok(is_of_child(id) == is_of_child(other) && self.section_of(id)? == self.section_of(other)?)
    }

    /// Keeps an answer, for an item and where it is meant so, for all that are left in its section.
    fn answer(&self, id: i64, answer: &Answer, left: &[i64]) -> Result<()> {
        for other in left {
            let is_meant = *other == id || answer.for_section && self.are_alike(id, *other)?;
            if !is_meant || self.items.choice(*other)?.is_some() {
                continue;
            }
            let line = self.items.line(*other)?.context("an item of which somebody is asked has a line")?;
            // What cannot be done with one of many is left to be asked.
            let is_possible = answer.strategy == Strategy::Skip
                || self.choices_of(*other, &line)?.contains(&answer.strategy);
            if *other != id && !is_possible {
                continue;
            }
            let seen =
                if line.why.is_none() || is_of_child(*other) { self.items.seen(*other)? } else { None };
            let name = if *other == id { answer.name.clone() } else { None };
            self.items.choose(*other, &Choice { strategy: answer.strategy, name, seen })?;
        }
        Ok(())
    }

    /// Forgets an answer, and what else it was for.
    fn take_back(&self, id: i64, answer: Option<&Answer>, open: &[i64]) -> Result<()> {
        self.items.unchoose(id)?;
        if answer.is_some_and(|answer| answer.for_section) {
            let after = open.iter().skip_while(|other| **other != id).skip(1);
            for other in after {
                if self.are_alike(id, *other)? {
                    self.items.unchoose(*other)?;
                }
            }
        }
        Ok(())
    }
}
