//! What became of each item is counted and, where that is wanted, kept.

use super::OnError;
use super::choices::ItemLine;
use super::decide::collect;
use super::describe::{label_of, label_with_id};
use super::outcome::{Fate, Strategy};
use super::pass::{Pass, Read};
use super::question::Difference;
use super::refused::Refused;
use super::resolve::Missing;
use super::state::{Claim, State};
use super::unread;
use anyhow::Result;

impl Pass<'_, '_> {
    /// Keeps that items which are not in the private file do not come in.
    pub fn tell_unread(&mut self) -> Result<()> {
        for lost in &self.staged.unread.lost.listed {
            self.outcome.lost.add(lost.clone());
        }
        self.outcome.lost.more += self.staged.unread.lost.more;
        for (at, unread) in (1..).zip(&self.staged.unread.problems.listed) {
            self.outcome.rejected.add(unread.clone());
            let Some((section, item)) = unread.path.as_deref().and_then(unread::item_of) else { continue };
            let line = ItemLine {
                section: section.to_owned(),
                item,
                line: unread.line.unwrap_or_default(),
                label: format!("item {}", item + 1),
                child: None,
                outcome: Fate::Rejected,
                name: None,
                changes: Vec::new(),
                why: Some(unread.message.clone()),
            };
            if self.options.lists {
                self.staged.items.put_line(-at, &line)?;
            }
        }
        self.outcome.rejected.more += self.staged.unread.problems.more;
        for (section, count) in &self.staged.unread.items {
            self.outcome.sections.entry(section.clone()).or_default().rejected += count;
        }
        Ok(())
    }

    /// Keeps that an item does not come in.
    pub fn refuse(&mut self, read: &Read<'_>, refused: &Refused) -> Result<()> {
        self.record(read, Fate::Rejected, &[], Some(&refused.why))?;
        let skips = self.options.told.on_error == OnError::Skip
            || self.options.told.missing == Missing::Skip && refused.is_missing;
        let problem = read.problem(refused);
        let is_known = self.staged.items.rejection(read.id)?.is_some();
        if !skips && !is_known {
            if refused.is_missing && self.follows_a_conflict(read)? {
                self.outcome.conflicts.add(problem);
            } else {
                self.outcome.problems.add(problem);
            }
            return Ok(());
        }
        self.outcome.rejected.add(problem);
        if !is_known {
            self.staged.items.reject(read.id, refused)?;
            // What comes after it knows it at once.
            if matches!(self.staged.items.state(read.id)?, State::New(_)) {
                let why = State::Out("did not come in".to_owned());
                self.staged.items.decide(read.id, read.item.section, &why, &Claim::default())?;
            }
            // What refers to it may have been decided or written already.
            self.again |= self.staged.is_referred_to(read.name);
        }
        Ok(())
    }

    /// Whether an item does not come in since one that it refers to waits for a decision.
    fn follows_a_conflict(&self, read: &Read<'_>) -> Result<bool> {
        let mut wanted = Vec::new();
        collect(&read.incoming, &mut wanted)?;
        for (section, key) in wanted {
            if let Some(other) = self.decider.resolver.item(section, &key)?
                && self.staged.items.state(other)? == State::Blocked
                && self.strategy_of(other, section)? == Strategy::Fail
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Keeps what became of an item.
    pub(super) fn record(
        &mut self,
        read: &Read<'_>,
        fate: Fate,
        changes: &[Difference],
        why: Option<&str>,
    ) -> Result<()> {
        self.outcome.sections.entry(read.name.to_owned()).or_default().add(fate);
        self.outcome.open += u64::from(fate == Fate::Open);
        if fate == Fate::Open
            && let State::Matched(handle) = self.staged.items.state(read.id)?
        {
            let digest = self.writer.comparer.digest_of(read.shape, &handle)?;
            self.staged.items.see(read.id, &digest)?;
        }
        if !self.options.lists && fate != Fate::Open {
            return Ok(());
        }
        let line = ItemLine {
            section: read.name.to_owned(),
            item: read.item.place.item,
            line: read.item.place.line,
            label: self.label(read)?,
            child: None,
            outcome: fate,
            name: self.name_of(read, fate)?,
            changes: changes.to_vec(),
            why: why.map(str::to_owned),
        };
        self.staged.items.put_line(read.id, &line)
    }

    /// What an item is called in its document.
    pub(super) fn label(&self, read: &Read<'_>) -> Result<String> {
        let at = read.item.place.item;
        if read.by_id {
            return Ok(label_with_id(read.shape, &read.json, read.item.number));
        }
        if !self.is_renamed(read)? {
            return Ok(label_of(read.shape, &read.json, at));
        }
        Ok(label_of(read.shape, &serde_json::from_str(&self.staged.items.original(read.id)?)?, at))
    }

    /// Whether an item comes in under another name, and not only with other ids.
    pub(super) fn is_renamed(&self, read: &Read<'_>) -> Result<bool> {
        Ok(self.staged.items.renamed(read.id)?.is_some_and(|name| !name.is_empty()))
    }

    /// The name that an item comes in under where it is another, or would where somebody is asked.
    fn name_of(&self, read: &Read<'_>, fate: Fate) -> Result<Option<String>> {
        if fate != Fate::Open || self.staged.metadata.by_id {
            return Ok(self.staged.items.renamed(read.id)?.filter(|name| !name.is_empty()));
        }
        self.writer.comparer.name_to_propose(read.id, &self.original(read)?, read.shape)
    }

    pub(super) fn conflict(&mut self, read: &Read<'_>, differences: &[Difference], why: &str) -> Result<()> {
        self.outcome.conflicts.add(read.problem(&Refused::new("", why)));
        self.record(read, Fate::Conflict, differences, Some(why))
    }
}
