//! What is settled before anything is written: names under which items come in, and columns that
//! nobody fills.

use super::OnError;
use super::choices::Choice;
use super::compare::Take;
use super::items::{Item, Wanted};
use super::outcome::Strategy;
use super::pass::{Pass, Read};
use super::refused::Refused;
use super::resolve::Row;
use super::state::{Forced, State};
use super::target::Handle;
use crate::app::model::Shape;
use crate::error::Fault;
use crate::problem::Problem;
use anyhow::Result;
use std::collections::HashSet;

/// How certain it is that items need another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Certainty {
    /// They differ whatever becomes of those that they refer to.
    Whatever,
    /// They differ as things are.
    Now,
}

impl Pass<'_, '_> {
    /// Gives items that are to come in under another name theirs. Says whether there is one that had none: then all is to
    /// be decided anew, since others are known by it.
    pub fn rename_all(&mut self) -> Result<bool> {
        if !self.may_rename() {
            return Ok(false);
        }
        let is_one = self.give_names()?;
        self.keep_referring()?;
        Ok(is_one)
    }

    fn give_names(&mut self) -> Result<bool> {
        self.adopt_all()?;
        // Ids hang on nothing. Then those that came in under another name before are found, all at once.
        if self.give_all_other_ids()?
            || !self.staged.items.knows_names.replace(true) && self.names_given_before()?
        {
            return Ok(true);
        }
        // Last those that need one: first those that do whatever becomes of others.
        for certainty in [Certainty::Whatever, Certainty::Now] {
            if self.outcome.problems.errors > 0 || self.rename_those(certainty)? {
                return Ok(self.outcome.problems.errors == 0);
            }
        }
        Ok(false)
    }

    /// Gives items another name, as far as it is certain that they need one. Says whether there is one that had none.
    fn rename_those(&mut self, certainty: Certainty) -> Result<bool> {
        let mut changed: HashSet<i64> = HashSet::new();
        self.staged.items.for_each_changing(|id| {
            let Some(read) = self.read(id)? else { return Ok(()) };
            let items = &self.staged.items;
            let is_settled = items.renamed(id)?.is_some() || items.rejection(id)?.is_some();
            if read.item.wanted == Wanted::No || is_settled {
                return Ok(());
            }
            // What refers to something that gets another name is judged when that is known.
            let refers = || -> Result<bool> {
                Ok(self.staged.referred_to(id)?.iter().any(|other| changed.contains(other)))
            };
            if !changed.is_empty() && refers()? {
                return Ok(());
            }
            if self.rename(&read, certainty)? {
                changed.insert(id);
            }
            Ok(())
        })?;
        Ok(!changed.is_empty())
    }

    fn may_rename(&self) -> bool {
        let strategies = &self.options.told.strategies;
        let mut all = strategies.sections.values().chain([&strategies.default]);
        let has_owner = self.decider.resolver.owner.is_some();
        has_owner || all.any(|strategy| *strategy == Strategy::Rename) || self.staged.items.has_choices.get()
    }

    /// Gives items other ids where their own are of rows of somebody else. Says whether there is one that had none.
    fn give_all_other_ids(&self) -> Result<bool> {
        let mut is_one = false;
        if self.decider.resolver.owner.is_some() {
            let items = &self.staged.items;
            items.for_each(|id| {
                let is_settled =
                    || Ok::<_, anyhow::Error>(items.renamed(id)?.is_some() || items.rejection(id)?.is_some());
                if items.state(id)? == State::Taken
                    && items.wanted(id)? != Wanted::No
                    && !is_settled()?
                    && let Some(read) = self.read(id)?
                {
                    is_one |= self.give_other_ids(&read)?;
                }
                Ok(())
            })?;
        }
        Ok(is_one)
    }

    /// Gives an item other ids where its own are of a row of somebody else. Says whether it got them.
    fn give_other_ids(&self, read: &Read<'_>) -> Result<bool> {
        let items = &self.staged.items;
        let other = self.writer.comparer.with_other_ids(&read.item, read.shape)?;
        let Some(other) = other else { return Ok(false) };
        items.rename(read.id, read.item.section, other.key.as_deref(), &other.name, &other.json)?;
        Ok(true)
    }

    /// Gives an item another name, where there is something beside which it comes in. Says whether it got one.
    fn rename(&mut self, read: &Read<'_>, certainty: Certainty) -> Result<bool> {
        if !self.is_to_be_named(read)? || !self.differs(read, certainty)? {
            return Ok(false);
        }
        if self.staged.items.referring_to_edited(read.id)?.is_some() {
            self.staged.items.force(read.id, Forced::Beside)?;
            return Ok(true);
        }
        let name = self.staged.items.choice(read.id)?.and_then(|choice| choice.name);
        let item = self.original(read)?;
        let renamed = self.writer.comparer.rename(read.id, &item, read.shape, name.as_deref())?;
        match renamed {
            Ok(renamed) => {
                let (key, json) = (renamed.key.as_deref(), &renamed.json);
                self.staged.items.rename(read.id, read.item.section, key, &renamed.name, json)?;
                Ok(true)
            }
            // Somebody chose the name: they are asked for another.
            Err(why) if name.is_some() => {
                self.staged.items.unchoose(read.id)?;
                self.staged.items.explain(&why)?;
                Ok(false)
            }
            Err(why) => {
                let why =
                    format!("it is there already and differs, and cannot come in under another name: {why}");
                let refused = Refused::new("", why);
                if self.options.told.on_error == OnError::Skip {
                    self.staged.items.reject(read.id, &refused)?;
                    return Ok(true);
                }
                self.outcome.problems.add(read.problem(&refused));
                Ok(false)
            }
        }
    }

    /// An item as the document has it.
    pub(super) fn original(&self, read: &Read<'_>) -> Result<Item> {
        Ok(Item { json: self.staged.items.original(read.id)?, ..read.item })
    }

    /// Whether an item differs from the row that it is, or is none that it could be.
    fn differs(&self, read: &Read<'_>, certainty: Certainty) -> Result<bool> {
        let State::Matched(handle) = self.staged.items.state(read.id)? else { return Ok(true) };
        let known;
        let incoming = if certainty == Certainty::Whatever {
            let is_unsettled = |id| self.is_unsettled(id);
            known = self.decider.resolver.settled(&read.incoming, &is_unsettled)?;
            &known
        } else {
            &read.incoming
        };
        let compared = self.writer.comparer.compare(read.shape, incoming, &Row::new(), &handle, Take::All)?;
        // What is wrong with it is told when it is written.
        Ok(compared.is_ok_and(|change| !change.is_none()))
    }

    /// Whether a row that an item is stays as it is, whatever the item holds: one that was found by its content holds the
    /// same.
    pub fn is_as_it_is(&self, read: &Read<'_>) -> Result<bool> {
        let is_by_content = read.shape.key.is_empty() && !read.shape.singleton;
        let is_by_content = is_by_content && !self.staged.metadata.by_id;
        let is_by_content = is_by_content && self.staged.items.is_by_key(read.id)?;
        Ok(is_by_content || self.decider.is_of_users(read.shape))
    }

    /// Whether an item may yet come in under another name.
    fn is_unsettled(&self, id: i64) -> Result<bool> {
        self.may_change(id, 0)
    }

    /// The same, or what it is known by may.
    fn may_change(&self, id: i64, depth: u32) -> Result<bool> {
        /// So far what is known by its content is followed.
        const DEEPEST: u32 = 8;
        let items = &self.staged.items;
        let is_by_content = self.decider.section(&items.get(id)?).1.key.is_empty();
        if is_by_content && depth < DEEPEST && matches!(items.state(id)?, State::New(_)) {
            for other in self.staged.referred_to(id)? {
                if other != id && self.may_change(other, depth + 1)? {
                    return Ok(true);
                }
            }
        }
        if items.is_unchanged(id)?
            || !matches!(items.state(id)?, State::Matched(_) | State::Several(_) | State::Taken)
        {
            return Ok(false);
        }
        let item = items.get(id)?;
        let is_renamed = self.strategy_of(id, self.decider.section(&item).0)? == Strategy::Rename;
        Ok(is_renamed && item.wanted == Wanted::Yes && items.renamed(id)?.is_none())
    }

    /// Says which columns new rows must have a value in, and that neither the document nor the table gives one.
    pub fn require_columns(&mut self) -> Result<()> {
        let metadata = &self.staged.metadata;
        for (at, (name, section)) in metadata.sections.iter().enumerate() {
            if self.staged.wanted.contains(name) && self.staged.items.has_new(u32::try_from(at)?)? {
                self.require_of(&section.shape, name, &[])?;
            }
        }
        Ok(())
    }

    fn require_of(&mut self, shape: &Shape, path: &str, parent: &[String]) -> Result<()> {
        let table = self.decider.resolver.target.table(&shape.table)?;
        let own = shape.table_columns();
        let left_out = || shape.omitted.iter().chain(&shape.secret).chain(&shape.refetch).chain(&shape.scope);
        for column in &table.table.columns {
            let is_it = |name: &str| name.eq_ignore_ascii_case(&column.name);
            let is_given = own.iter().any(|name| is_it(name))
                || left_out().chain(parent).any(|name| is_it(name))
                || shape.composed.keys().any(|name| is_it(name))
                || table.numbered().is_some_and(is_it);
            let needs = column.not_null && column.default.is_none() && column.generated.is_none();
            let is_filled = || self.staged.fills.of(&shape.table).any(|(name, _)| is_it(name));
            if needs && !is_given && !is_filled() {
                let message = format!(
                    "the table {} needs a value of {:?}, which the document lacks: --fill {path}.{}=VALUE gives one",
                    shape.table, column.name, column.name
                );
                self.outcome.problems.add(Problem::error(&format!("metadata.sections.{path}"), message));
            }
        }
        for (name, nested) in &shape.nested {
            self.require_of(&nested.shape, &format!("{path}.{name}"), &nested.parent)?;
        }
        Ok(())
    }

    /// An error where what somebody decided about is not what is there any more.
    pub fn check_seen(&self, read: &Read<'_>, handle: &Handle) -> Result<()> {
        let seen = self.staged.items.choice(read.id)?.and_then(|choice| choice.seen);
        let Some(seen) = seen else { return Ok(()) };
        if self.writer.comparer.digest_of(read.shape, handle)? == seen {
            Ok(())
        } else {
            Err(changed().into())
        }
    }

    /// An error where the row that somebody decided about is gone.
    pub fn check_missed(&self, read: &Read<'_>) -> Result<()> {
        let choice = self.staged.items.choice(read.id)?;
        let is_beside = self.staged.items.renamed(read.id)?.is_some()
            || self.staged.items.forced(read.id)? == Some(Forced::Beside);
        match choice {
            Some(Choice { seen: Some(_), .. }) if !is_beside => Err(changed().into()),
            _ => Ok(()),
        }
    }
}

/// The database is not what somebody saw any more.
pub(super) fn changed() -> Fault {
    Fault::failed("the database was changed after it was looked at; nothing was written")
        .hint("run the same again: what is there now is looked at then")
}
