//! What is done with one item, and what is kept of that.

use super::OnError;
use super::choices::ItemLine;
use super::compare::Take;
use super::describe::{fields_of, key_of, label_of, needs_refetch};
use super::items::Wanted;
use super::judge::Verdict;
use super::outcome::{Fate, Strategy};
use super::pass::{Pass, Read};
use super::question::Difference;
use super::refused::Refused;
use super::resolve::Missing;
use super::state::{Claim, State};
use super::target::Handle;
use super::unread;
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
        let done = match self.staged.items.state(id)? {
            State::Matched(handle) => self.matched(&read, &handle),
            state @ (State::Several(_) | State::Blocked) => {
                let why = match self.staged.items.blocked_by(id)? {
                    Some(why) => format!("it shares what must be unique with another row ({why})"),
                    None if state == State::Blocked => {
                        "it shares what must be unique with another row".to_owned()
                    }
                    None => "it shares what must be unique with two different rows".to_owned(),
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
        match done.with_context(|| format!("data.{}[{}]", read.name, read.item.place.item))? {
            Ok(()) => Ok(()),
            Err(refused) => self.refuse(&read, &refused),
        }
    }

    /// Keeps that items which are not in the private file do not come in.
    pub fn tell_unread(&mut self) -> Result<()> {
        for (at, unread) in (1..).zip(&self.staged.unread.problems.listed) {
            self.outcome.rejected.add(unread.clone());
            let Some((section, item)) = unread.path.as_deref().and_then(unread::item_of) else { continue };
            let line = ItemLine {
                section: section.to_owned(),
                item,
                line: unread.line.unwrap_or_default(),
                label: format!("item {}", item + 1),
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
            self.outcome.problems.add(problem);
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

    /// Keeps what became of an item.
    fn record(
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
            outcome: fate,
            name: self.name_of(read, fate)?,
            changes: changes.to_vec(),
            why: why.map(str::to_owned),
        };
        self.staged.items.put_line(read.id, &line)
    }

    /// What an item is called in its document.
    fn label(&self, read: &Read<'_>) -> Result<String> {
        let at = read.item.place.item;
        if !self.is_renamed(read)? {
            return Ok(label_of(read.shape, &read.json, at));
        }
        Ok(label_of(read.shape, &serde_json::from_str(&self.staged.items.original(read.id)?)?, at))
    }

    /// Whether an item comes in under another name, and not only with other ids.
    fn is_renamed(&self, read: &Read<'_>) -> Result<bool> {
        Ok(self.staged.items.renamed(read.id)?.is_some_and(|name| !name.is_empty()))
    }

    /// The name that an item comes in under where it is another, or would where somebody is asked.
    fn name_of(&self, read: &Read<'_>, fate: Fate) -> Result<Option<String>> {
        if fate != Fate::Open {
            return Ok(self.staged.items.renamed(read.id)?.filter(|name| !name.is_empty()));
        }
        self.writer.comparer.name_to_propose(read.id, &read.item, read.shape)
    }

    /// An item that is a row which is there.
    fn matched(&mut self, read: &Read<'_>, handle: &Handle) -> Result<Result<(), Refused>> {
        if self.is_as_it_is(read)? || read.item.wanted == Wanted::Along {
            if read.item.wanted == Wanted::Yes && !self.decider.is_of_users(read.shape) {
                // A trigger of another may change it.
                self.written.push((read.id, Take::All));
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
            _ if !self.decider.is_left_out(read.shape, handle)? => verdict,
            Verdict::Overwrite(change)
            | Verdict::Merge(change)
            | Verdict::Conflict(change, _)
            | Verdict::Open(change) => return self.left_out(read, &change.differences),
        };
        let (fate, change, take) = match verdict {
            Verdict::Same => {
                let take = if strategy == Strategy::Merge { Take::NotNull } else { Take::All };
                self.written.push((read.id, take));
                self.record(read, Fate::Same, &[], None)?;
                return Ok(Ok(()));
            }
            Verdict::Skip(change) => {
                self.record(read, Fate::Skipped, &change.differences, None)?;
                return Ok(Ok(()));
            }
            Verdict::Unknown(change) => {
                *self.outcome.untold.entry(read.name.to_owned()).or_default() += 1;
                self.record(read, Fate::Skipped, &change.differences, Some("nothing says which is newer"))?;
                return Ok(Ok(()));
            }
            Verdict::Open(change) => {
                self.record(read, Fate::Open, &change.differences, None)?;
                return Ok(Ok(()));
            }
            Verdict::Conflict(change, besides) => {
                let fields = fields_of(&change.differences);
                let why = format!("it is there already, and differs in {fields}{besides}");
                self.conflict(read, &change.differences, &why)?;
                return Ok(Ok(()));
            }
            Verdict::Overwrite(change) => (Fate::Overwritten, change, Take::All),
            Verdict::Merge(change) => (Fate::Merged, change, Take::NotNull),
        };
        if let Err(refused) = self.whole(|pass| pass.writer.change(&change))? {
            return Ok(Err(refused));
        }
        self.written.push((read.id, take));
        self.record(read, fate, &change.differences, None)?;
        Ok(Ok(()))
    }

    fn conflict(&mut self, read: &Read<'_>, differences: &[Difference], why: &str) -> Result<()> {
        self.outcome.conflicts.add(read.problem(&Refused::new("", why)));
        self.record(read, Fate::Conflict, differences, Some(why))
    }

    /// An item that can be made neither a new row nor one that is there.
    fn unchangeable(
        &mut self,
        read: &Read<'_>,
        changes: &[Difference],
        why: &str,
    ) -> Result<Result<(), Refused>> {
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
                let why = format!("{why}: it can only be skipped or renamed");
                if self.options.told.on_error == OnError::Skip {
                    return Ok(Err(Refused::new("", why)));
                }
                self.conflict(read, changes, &why)?;
            }
        }
        Ok(Ok(()))
    }

    /// An item whose row differs, and is none that the settings let into its section.
    fn left_out(&mut self, read: &Read<'_>, changes: &[Difference]) -> Result<Result<(), Refused>> {
        let fields = fields_of(changes);
        let why = format!(
            "it is there already, and differs in {fields}; by the settings' `where` its row is not of {}",
            read.name
        );
        self.unchangeable(read, changes, &why)
    }

    /// An item that is not there.
    fn put_in(&mut self, read: &Read<'_>, given: Option<i64>) -> Result<Result<(), Refused>> {
        self.check_missed(read)?;
        let insert = |pass: &Self| pass.writer.insert(read.shape, &read.incoming, None, given);
        let handle = match self.whole(insert)? {
            Ok(handle) => handle,
            Err(refused) => return Ok(Err(refused)),
        };
        if !handle.is_empty() {
            self.is_row(read.id, handle)?;
        }
        self.written.push((read.id, Take::All));
        let fate = if self.is_renamed(read)? { Fate::Renamed } else { Fate::New };
        self.record(read, fate, &[], None)?;
        if needs_refetch(read.shape) {
            let keys = self.outcome.needs_refetch.entry(read.name.to_owned()).or_default();
            keys.push(key_of(read.shape, &read.json));
        }
        Ok(Ok(()))
    }

    /// Writes something whole, or nothing of it where it is refused.
    fn whole<T>(
        &self,
        write: impl FnOnce(&Self) -> Result<Result<T, Refused>>,
    ) -> Result<Result<T, Refused>> {
        let connection = self.decider.resolver.target.connection;
        if self.writes {
            connection.prepare_cached("SAVEPOINT item")?.execute([])?;
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
            connection.prepare_cached("RELEASE item")?.execute([])?;
        }
        Ok(written)
    }
}
