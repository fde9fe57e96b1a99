//! What is done with one item, and what is kept of that.

use super::OnError;
use super::compare::{Change, Take};
use super::describe::{fields_of, likely_edited};
use super::doubts;
use super::items::Wanted;
use super::judge::Verdict;
use super::outcome::{Fate, Strategy};
use super::pass::{Pass, Read};
use super::question::Difference;
use super::refused::Refused;
use super::state::State;
use super::target::Handle;
use crate::database::value::Value;
use anyhow::{Context, Result};

impl Pass<'_, '_> {
    /// Does with an item what is to be done.
    pub fn item(&mut self, id: i64) -> Result<()> {
        if self.staged.items.wanted(id)? == Wanted::No {
            return Ok(());
        }
        let (read, wrong) = self.read_any(id)?;
        if let Some(refused) = wrong.as_ref().filter(|_| self.options.told.replace_all) {
            // Nobody knows which row it is, which would go.
            self.outcome.problems.add(read.problem(refused));
            return Ok(());
        }
        if let Some(refused) = self.staged.items.rejection(id)?.or(wrong) {
            return self.refuse(&read, &refused);
        }
        self.writer.item.set(id);
        self.writer.comparer.begin_item(Some(id));
        let done = match self.staged.items.state(id)? {
            State::Matched(handle) => self.matched(&read, &handle),
            state @ (State::Several(_) | State::Blocked) => {
                let why = match self.staged.items.blocked_by(id)? {
                    Some(why) => format!("it shares what must be unique with another row ({why})"),
                    None if state == State::Blocked => {
                        "it shares what must be unique with another row".to_owned()
                    }
                    None => match self.decider.several_rows(read.shape, &read.incoming)? {
                        Some(why) => why,
                        None => "it shares what must be unique with two different rows".to_owned(),
                    },
                };
                self.unchangeable(&read, &[], &why)
            }
            State::Taken => {
                self.unchangeable(&read, &[], "it shares what must be unique with a row of somebody else")
            }
            State::New(given) => self.put_in(&read, given),
            State::Out(_) => Ok(Err(Refused::new("", "it does not come in"))),
            State::Open | State::Deciding => unreachable!("every item was decided"),
        };
        self.writer.comparer.begin_item(None);
        match done.with_context(|| format!("data.{}[{}]", read.name, read.item.place.item))? {
            Ok(()) => Ok(()),
            Err(refused) => self.refuse(&read, &refused),
        }
    }

    /// An item that is a row which is there.
    fn matched(&mut self, read: &Read<'_>, handle: &Handle) -> Result<Result<(), Refused>> {
        let stays = self.staged.items.stays(read.id)?.is_some();
        if stays || self.is_as_it_is(read)? || read.item.wanted == Wanted::Along {
            self.ask_doubts(read, false)?;
            if read.item.wanted == Wanted::Yes && !stays && !self.decider.is_of_users(read.shape) {
                // A trigger of another may change it.
                self.keep_written(read.id, Take::All)?;
            }
            self.record(read, Fate::Same, &[], None)?;
            return Ok(Ok(()));
        }
        let strategy = if self.is_renamed(read)? { Strategy::Rename } else { self.strategy(read)? };
        let verdict = match self.writer.comparer.judge(read.shape, &read.incoming, handle, strategy)? {
            Ok(verdict) => verdict,
            Err(refused) => return Ok(Err(refused)),
        };
        if !matches!(verdict, Verdict::Same) {
            self.check_seen(read, handle)?;
        }
        let verdict = match verdict {
            Verdict::Same | Verdict::Skip(_) | Verdict::Unknown(_) => verdict,
            _ if !self.decider.resolver.target.is_left_out(read.shape, handle)? => verdict,
            Verdict::Overwrite(change)
            | Verdict::Merge(change)
            | Verdict::Conflict(change, _)
            | Verdict::Open(change) => return self.left_out(read, &change.differences),
        };
        self.judged(read, verdict, strategy)
    }

    /// Does with an item that is a row what it was judged.
    fn judged(
        &mut self,
        read: &Read<'_>,
        verdict: Verdict<'_, '_>,
        strategy: Strategy,
    ) -> Result<Result<(), Refused>> {
        // Without a key, it may be this row only by a doubtful number that both have.
        if read.shape.key.is_empty() && !matches!(verdict, Verdict::Same) {
            self.ask_doubts(read, true)?;
        }
        let verdict = match verdict {
            Verdict::Overwrite(change) | Verdict::Merge(change)
                if self.is_same_by_number_only(read, &change)? =>
            {
                Verdict::Conflict(change, ": the same id, and nothing else alike")
            }
            verdict => verdict,
        };
        let (fate, change, why) = match verdict {
            Verdict::Same => {
                self.ask_doubts(read, false)?;
                let take = if strategy == Strategy::Merge { Take::NotNull } else { Take::All };
                self.keep_written(read.id, take)?;
                self.record(read, Fate::Same, &[], None)?;
                return Ok(Ok(()));
            }
            Verdict::Conflict(change, besides) => {
                // Doubts are told first.
                let known = &self.decider.resolver.metadata.doubts;
                let mut fields = change.differences.iter().map(|difference| difference.field.as_str());
                if fields.all(|field| doubts::is_about_field(known, read.shape, field)) {
                    self.ask_doubts(read, true)?;
                }
                let fields = fields_of(&change.differences);
                let why = match self.staged.items.referring_to_edited(read.id)? {
                    Some(referring) => likely_edited(read.name, &fields, referring),
                    None => format!("it is there already, and differs in {fields}{besides}"),
                };
                self.conflict(read, &change.differences, &why)?;
                return Ok(Ok(()));
            }
            Verdict::Overwrite(change) => return self.change(read, &change, Fate::Overwritten),
            Verdict::Merge(change) => return self.change(read, &change, Fate::Merged),
            Verdict::Unknown(change) => {
                *self.outcome.untold.entry(read.name.to_owned()).or_default() += 1;
                (Fate::Skipped, change, Some("nothing says which is newer"))
            }
            Verdict::Skip(change) => (Fate::Skipped, change, None),
            Verdict::Open(change) => (Fate::Open, change, None),
        };
        self.record(read, fate, &change.differences, why)?;
        Ok(Ok(()))
    }

    /// Changes the row that an item is.
    fn change(
        &mut self,
        read: &Read<'_>,
        change: &Change<'_, '_>,
        fate: Fate,
    ) -> Result<Result<(), Refused>> {
        self.ask_doubts(read, true)?;
        if let Err(refused) = self.whole(|pass| pass.writer.change(change))? {
            return Ok(Err(refused));
        }
        let take = if fate == Fate::Merged { Take::NotNull } else { Take::All };
        self.keep_written(read.id, take)?;
        self.record(read, fate, &change.differences, None)?;
        Ok(Ok(()))
    }

    /// An item that can be made neither a new row nor one that is there.
    fn unchangeable(
        &mut self,
        read: &Read<'_>,
        changes: &[Difference],
        why: &str,
    ) -> Result<Result<(), Refused>> {
        self.ask_doubts(read, true)?;
        match self.strategy(read)? {
            Strategy::Skip => self.record(read, Fate::Skipped, changes, Some(why))?,
            Strategy::Prompt => self.record(read, Fate::Open, changes, Some(why))?,
            Strategy::Fail => self.conflict(read, changes, why)?,
            // Why it has no other name was told when one was looked for.
            Strategy::Rename if !self.is_renamed(read)? => {
                self.record(read, Fate::Rejected, changes, Some(why))?;
            }
            Strategy::Rename => return Ok(Err(Refused::new("", format!("{why}, also under another name")))),
            Strategy::Overwrite | Strategy::Merge | Strategy::Newer => {
                let or_renamed = if read.by_id { "" } else { " or renamed" };
                let why = format!("{why}: it can only be skipped{or_renamed}");
                if self.options.told.on_error == OnError::Skip {
                    return Ok(Err(Refused::new("", why)));
                }
                self.conflict(read, changes, &why)?;
            }
        }
        Ok(Ok(()))
    }

    /// An item whose row differs, and is none that the settings or the document let into its section: it stays as it is,
    /// unless somebody has to decide anyway.
    fn left_out(&mut self, read: &Read<'_>, changes: &[Difference]) -> Result<Result<(), Refused>> {
        let fields = fields_of(changes);
        let whose = if read.shape.rows.is_some() { "" } else { "the settings' " };
        let why = format!(
            "it is there already, and differs in {fields}; by {whose}`where` its row is not of {}",
            read.name
        );
        if !matches!(self.strategy(read)?, Strategy::Overwrite | Strategy::Merge | Strategy::Newer) {
            return self.unchangeable(read, changes, &why);
        }
        self.ask_doubts(read, false)?;
        *self.outcome.left_out.entry(read.name.to_owned()).or_default() += 1;
        self.record(read, Fate::Skipped, changes, Some(&why))?;
        Ok(Ok(()))
    }

    /// An item that is not there.
    fn put_in(&mut self, read: &Read<'_>, given: Option<i64>) -> Result<Result<(), Refused>> {
        self.check_missed(read)?;
        self.ask_doubts(read, true)?;
        if !self.ask_own_number(read, given)? {
            return Ok(Ok(()));
        }
        let insert = |pass: &Self| pass.writer.insert(read.shape, &read.incoming, None, given);
        let handle = match self.whole(insert)? {
            Ok(handle) => handle,
            Err(refused) => return Ok(Err(refused)),
        };
        if !handle.is_empty() {
            self.is_row(read.id, handle)?;
        }
        self.keep_written(read.id, Take::All)?;
        let fate = if self.is_renamed(read)? { Fate::Renamed } else { Fate::New };
        self.record(read, fate, &[], None)?;
        Ok(Ok(()))
    }

    /// Asks whether the doubtful numbers of an item mean the same here.
    fn ask_doubts(&mut self, read: &Read<'_>, is_written: bool) -> Result<()> {
        let doubts = &self.decider.resolver.metadata.doubts;
        let mut found = Vec::new();
        doubts::collect(doubts, read.shape, read.item.number, &read.incoming, &mut found);
        for doubtful in found {
            if let Some(unsettled) = self.judge.ask(doubtful, is_written)? {
                let known = self.outcome.unsettled.entry(unsettled.doubt);
                known.or_insert((unsettled, 0)).1 += 1;
            }
        }
        Ok(())
    }

    /// Whether a new row has its own row id, where that may mean something by itself; counts those that get another.
    fn ask_own_number(&mut self, read: &Read<'_>, given: Option<i64>) -> Result<bool> {
        let (Some(row), Some(own)) = (&read.shape.row, read.item.number) else { return Ok(true) };
        if !row.kept || self.decider.ignores_doubts {
            if given != Some(own) {
                *self.outcome.renumbered.entry(read.name.to_owned()).or_default() += 1;
            }
            return Ok(true);
        }
        let target = self.decider.resolver.target;
        let wanted = Value::Integer(own);
        let is_free = target.find(&read.shape.table, &[(row.column.as_str(), &wanted)], 1)?.is_empty();
        if !is_free {
            *self.outcome.taken.entry(read.name.to_owned()).or_default() += 1;
            self.record(read, Fate::Rejected, &[], Some("its row id is another row's here"))?;
        }
        Ok(is_free)
    }

    /// Writes something whole, or nothing of it where it is refused.
    fn whole<T>(
        &self,
        write: impl FnOnce(&Self) -> Result<Result<T, Refused>>,
    ) -> Result<Result<T, Refused>> {
        let connection = self.decider.resolver.target.connection;
        if self.writes {
            connection.prepare_cached("SAVEPOINT item")?.execute([])?;
            self.decider.resolver.target.begin_item();
        }
        let written = match write(self) {
            Err(error) => match Refused::by_table(&error) {
                Some(refused) => Err(refused),
                None => return Err(error),
            },
            Ok(written) => written,
        };
        self.writer.settle(written.is_ok());
        if written.is_err() && self.writes {
            connection.prepare_cached("ROLLBACK TO item")?.execute([])?;
        }
        if self.writes {
            self.decider.resolver.target.end_item(written.is_ok());
            connection.prepare_cached("RELEASE item")?.execute([])?;
        }
        Ok(written)
    }
}
