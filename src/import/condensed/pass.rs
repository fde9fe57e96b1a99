//! One pass over the items of a document: each is decided, then compared and, where that is wanted, written.

use super::choices::ItemLine;
use super::compare::{Comparer, Take};
use super::content::Content;
use super::decide::Decider;
use super::incoming::{self, Incoming};
use super::items::{Claim, Item, State, Wanted};
use super::judge::{Verdict, strategy};
use super::outcome::{Fate, Outcome, Strategy};
use super::question::Difference;
use super::refused::Refused;
use super::resolve::{Missing, Resolver, Row};
use super::target::{Handle, Target};
use super::write::Writer;
use super::{CondensedOptions, OnError, Staged, Triggers, check};
use crate::app::model::Shape;
use crate::problem::Problem;
use crate::progress::{Unit, go_on, step};
use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use serde_json::{Map, Value as Json};
use std::cell::Cell;

/// Items between two reports of progress.
const REPORT: u64 = 256;
/// How many problems are listed.
const MOST_PROBLEMS: usize = 100;

/// Passes over all items, until what was decided of one is right for all.
pub(super) fn run(
    staged: &Staged,
    connection: &Connection,
    writes: bool,
    options: &CondensedOptions<'_>,
) -> Result<Outcome> {
    staged.items.forget()?;
    if writes {
        connection.execute_batch("SAVEPOINT items")?;
    }
    loop {
        if let Some(outcome) = attempt(staged, connection, writes, options)? {
            return Ok(outcome);
        }
        if writes {
            connection.execute_batch("ROLLBACK TO items")?;
        }
    }
}

/// Passes over all items once. Gives nothing back where something turned out that is to be known from the beginning: each
/// time it is something else, so that there is an end.
fn attempt(
    staged: &Staged,
    connection: &Connection,
    writes: bool,
    options: &CondensedOptions<'_>,
) -> Result<Option<Outcome>> {
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, options.told.triggers != Triggers::Off)?;
    let target = Target::new(connection)?;
    let mut outcome = Outcome::new(&staged.wanted, MOST_PROBLEMS);
    check::tables(connection, &staged.metadata, &staged.needed, &mut outcome.problems)?;
    if outcome.problems.errors > 0 {
        return Ok(Some(outcome));
    }
    staged.items.reopen()?;
    let resolver = Resolver {
        items: &staged.items,
        metadata: &staged.metadata,
        target: &target,
        owner: check::owner(connection, &staged.metadata, options.told.scope.as_deref())?,
        missing: options.told.missing,
        depth: Cell::new(0),
    };
    let content = Content::new(&resolver)?;
    let decider = Decider { resolver, content };
    let total = staged.items.len()? * 2;
    let mut pass = Pass {
        staged,
        decider: &decider,
        writer: Writer::new(Comparer::new(&decider)?, writes),
        writes,
        options,
        outcome,
        done: Cell::new(0),
        again: false,
        written: Vec::new(),
    };
    let what = if writes { "importing" } else { "comparing" };
    let is_done = step(options.progress, what, Some(total), Unit::Rows, || pass.run())?;
    Ok(is_done.then_some(pass.outcome))
}

/// A pass over items.
pub(super) struct Pass<'d, 'p> {
    pub staged: &'d Staged,
    pub decider: &'d Decider<'p>,
    pub writer: Writer<'d, 'p>,
    pub writes: bool,
    pub options: &'d CondensedOptions<'d>,
    pub outcome: Outcome,
    done: Cell<u64>,
    /// Whether something turned out that is to be known from the beginning.
    again: bool,
    /// The items that are rows now, and what of them.
    written: Vec<(i64, Take)>,
}

/// An item that could be read.
pub(super) struct Read<'m> {
    pub id: i64,
    pub name: &'m str,
    pub shape: &'m Shape,
    pub item: Item,
    pub json: Map<String, Json>,
    pub incoming: Incoming<'m>,
}

impl Read<'_> {
    /// Something that is wrong with it, or below it.
    pub fn problem(&self, refused: &Refused) -> Problem {
        problem(self.name, &self.item, refused)
    }
}

fn problem(name: &str, item: &Item, refused: &Refused) -> Problem {
    let below = &refused.below;
    let dot = if below.is_empty() || below.starts_with('[') { "" } else { "." };
    let path = format!("data.{name}[{}]{dot}{below}", item.place.item);
    Problem::error(&path, &refused.why).at(item.place.line, item.place.column)
}

impl<'p> Pass<'_, 'p> {
    fn report(&self) -> Result<()> {
        self.done.set(self.done.get() + 1);
        if self.done.get().is_multiple_of(REPORT) {
            go_on(self.options.progress)?;
            self.options.progress.advance(REPORT);
        }
        Ok(())
    }

    /// Says whether it came to its end.
    fn run(&mut self) -> Result<bool> {
        if !self.decider.decide_all(|| self.report())? || self.rename_all()? {
            return Ok(false);
        }
        self.refuse_twins()?;
        self.require_columns()?;
        self.remove_rest()?;
        self.write()?;
        Ok(!self.again)
    }

    /// Two items cannot be the same row: one of them would be lost.
    fn refuse_twins(&mut self) -> Result<()> {
        let mut twins = Vec::new();
        self.staged.items.each_claimed_twice(|id, line| {
            twins.push((id, line));
            Ok(())
        })?;
        for (id, line) in twins {
            if let Some(read) = self.read(id)?
                && read.item.wanted == Wanted::Yes
                && self.strategy(&read)? != Strategy::Skip
            {
                let why = format!("it is the row that the item on line {line} is too: leave one of them out");
                self.outcome.problems.add(read.problem(&Refused::new("", why)));
            }
        }
        Ok(())
    }

    /// What is to be done with an item that is there and differs.
    pub fn strategy(&self, read: &Read<'_>) -> Result<Strategy> {
        let choice = self.staged.items.choice(read.id)?;
        Ok(strategy(choice.as_ref(), self.options.told.strategies.of(read.name)))
    }

    fn write(&mut self) -> Result<()> {
        self.staged.items.for_each(|id| self.report().and_then(|()| self.item(id)))?;
        self.finish_deferred()?;
        self.outcome.filled = self.writer.filled.take();
        let connection = self.decider.resolver.target.connection;
        let puts_right = self.options.told.triggers == Triggers::Auto && check::has_triggers(connection)?;
        let puts_right = puts_right && self.outcome.changed() > 0 && !self.again;
        if self.writes && !self.outcome.is_refused() && puts_right {
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
            // A new one, which sees the children that were written.
            self.writer = Writer::new(Comparer::new(self.decider)?, true);
            let written = std::mem::take(&mut self.written);
            written.into_iter().try_for_each(|(id, take)| self.put_right(id, take))?;
        }
        Ok(())
    }

    /// Writes what had to wait for other rows.
    fn finish_deferred(&mut self) -> Result<()> {
        if self.writer.deferred.borrow().is_empty() || self.again {
            return Ok(());
        }
        let (done, failed) = self.writer.write_deferred()?;
        for (id, handle) in done {
            self.is_row(id, handle)?;
        }
        for deferred in failed {
            let why = format!("it shares what must be unique with another row: {}", deferred.why);
            if let Some(read) = self.read(deferred.item)? {
                self.refuse(&read, &Refused::new("", why))?;
                // What else was written of it is there already.
                self.again |= self.options.told.on_error == OnError::Skip;
            }
        }
        Ok(())
    }

    fn is_row(&self, id: i64, handle: Handle) -> Result<()> {
        let section = self.staged.items.get(id)?.section;
        let claim = Claim { by_key: true, others: Vec::new() };
        self.staged.items.decide(id, section, &State::Matched(handle), &claim)
    }

    /// Does with an item what is to be done.
    fn item(&mut self, id: i64) -> Result<()> {
        let Some(read) = self.read(id)? else { return Ok(()) };
        if read.item.wanted == Wanted::No {
            return Ok(());
        }
        self.writer.item.set(id);
        let done = match self.staged.items.state(id)? {
            State::Matched(handle) => self.matched(&read, &handle),
            State::Several(_) => {
                self.unchangeable(&read, "it shares what must be unique with two different rows")
            }
            State::Taken => {
                self.unchangeable(&read, "it shares what must be unique with a row of somebody else")
            }
            State::New(given) => self.put_in(&read, given),
            State::Out(_) => {
                let refused = self.staged.items.rejection(id)?;
                Ok(Err(refused.unwrap_or_else(|| Refused::new("", "it does not come in"))))
            }
            State::Open | State::Deciding => unreachable!("every item was decided"),
        };
        match done.with_context(|| format!("data.{}[{}]", read.name, read.item.place.item))? {
            Ok(()) => Ok(()),
            Err(refused) => self.refuse(&read, &refused),
        }
    }

    /// Keeps that an item does not come in.
    fn refuse(&mut self, read: &Read<'_>, refused: &Refused) -> Result<()> {
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
            // What refers to it may have been decided or written already.
            self.again |= self.staged.is_referred_to(read.name);
        }
        Ok(())
    }

    /// Reads an item. What cannot be read is a problem.
    pub fn read(&mut self, id: i64) -> Result<Option<Read<'p>>> {
        let item = self.staged.items.get(id)?;
        let (name, shape) = self.decider.section(&item);
        let json: Map<String, Json> = serde_json::from_str(&item.json)?;
        match incoming::read(shape, &json) {
            Ok(incoming) => Ok(Some(Read { id, name, shape, item, json, incoming })),
            Err((below, why)) => {
                let problem = problem(name, &item, &Refused::new(&below, why));
                let skips = self.options.told.on_error == OnError::Skip;
                let kept = if skips { &mut self.outcome.rejected } else { &mut self.outcome.problems };
                kept.add(problem);
                self.outcome.sections.entry(name.to_owned()).or_default().rejected += 1;
                Ok(None)
            }
        }
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
            return Ok(label(read.shape, &read.json, at));
        }
        Ok(label(read.shape, &serde_json::from_str(&self.staged.items.original(read.id)?)?, at))
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
        let proposed = self.writer.comparer.rename(read.id, &read.item, read.shape, None)?;
        Ok(proposed.ok().map(|renamed| renamed.name))
    }

    /// An item that is a row which is there.
    fn matched(&mut self, read: &Read<'_>, handle: &Handle) -> Result<Result<(), Refused>> {
        // What is known by its content is the same.
        let by_content =
            read.shape.key.is_empty() && !read.shape.singleton || self.decider.is_of_users(read.shape);
        if by_content || read.item.wanted == Wanted::Along {
            self.record(read, Fate::Same, &[], None)?;
            // A trigger of another may change it.
            self.written.push((read.id, Take::All));
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
    fn unchangeable(&mut self, read: &Read<'_>, why: &str) -> Result<Result<(), Refused>> {
        match self.strategy(read)? {
            Strategy::Skip => self.record(read, Fate::Skipped, &[], Some(why))?,
            Strategy::Prompt => self.record(read, Fate::Open, &[], Some(why))?,
            Strategy::Fail => self.conflict(read, &[], why)?,
            Strategy::Rename => return Ok(Err(Refused::new("", format!("{why}, also under another name")))),
            Strategy::Overwrite | Strategy::Merge | Strategy::Newer => {
                let why = format!("{why}: it can only be skipped or renamed");
                if self.options.told.on_error == OnError::Skip {
                    return Ok(Err(Refused::new("", why)));
                }
                self.conflict(read, &[], &why)?;
            }
        }
        Ok(Ok(()))
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
        if written.is_err() {
            let item = self.writer.item.get();
            self.writer.deferred.borrow_mut().retain(|deferred| deferred.item != item);
            if self.writes {
                connection.prepare_cached("ROLLBACK TO item")?.execute([])?;
            }
        }
        if self.writes {
            connection.prepare_cached("RELEASE item")?.execute([])?;
        }
        Ok(written)
    }

    /// Gives a row that triggers changed the item's values back.
    fn put_right(&mut self, id: i64, take: Take) -> Result<()> {
        let State::Matched(handle) = self.staged.items.state(id)? else { return Ok(()) };
        if let Some(read) = self.read(id)? {
            let compared =
                self.writer.comparer.compare(read.shape, &read.incoming, &Row::new(), &handle, take)?;
            if let Ok(change) = compared {
                drop(self.writer.change(&change)?);
            }
        }
        Ok(())
    }
}

/// What an item is called: its label, else its key, else its place.
pub(super) fn label(shape: &Shape, item: &Map<String, Json>, at: u64) -> String {
    let words = |fields: &[String]| -> Vec<String> {
        fields.iter().filter_map(|field| item.get(field)).map(super::choices::word).collect()
    };
    let label = words(shape.label.as_slice());
    let named = if label.iter().all(String::is_empty) { words(&shape.key) } else { label };
    if named.is_empty() { format!("item {}", at + 1) } else { named.join(", ") }
}

/// The first fields that differ.
fn fields_of(differences: &[Difference]) -> String {
    const MOST: usize = 8;
    let fields: Vec<&str> = differences.iter().map(|difference| difference.field.as_str()).collect();
    let more = if fields.len() > MOST { ", …" } else { "" };
    format!("{}{more}", fields[..fields.len().min(MOST)].join(", "))
}

fn needs_refetch(shape: &Shape) -> bool {
    !shape.refetch.is_empty() || shape.nested.values().any(|nested| needs_refetch(&nested.shape))
}

/// The key of an item as it is written.
fn key_of(shape: &Shape, item: &Map<String, Json>) -> Json {
    match shape.key.as_slice() {
        [field] => item.get(field).cloned().unwrap_or(Json::Null),
        key => key.iter().filter_map(|field| Some((field.clone(), item.get(field)?.clone()))).collect(),
    }
}
