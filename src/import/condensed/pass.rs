//! One pass over the items of a document: each is decided, then compared and, where that is wanted, written.

use super::compare::Comparer;
use super::content::Content;
use super::decide::Decider;
use super::describe::label_with_id;
use super::doubts::Judge;
use super::incoming::{self, Incoming};
use super::items::{Item, Wanted};
use super::outcome::{Outcome, Strategy};
use super::refused::Refused;
use super::replace::Rest;
use super::resolve::Resolver;
use super::state::{Claim, Forced, State};
use super::target::{Handle, Target};
use super::watch::Watch;
use super::write::Writer;
use super::{CondensedOptions, OnError, Staged, Triggers, check};
use crate::app::model::Shape;
use crate::problem::Problem;
use crate::progress::{Unit, go_on, step};
use anyhow::Result;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use serde_json::{Map, Value as Json};
use std::cell::{Cell, RefCell};

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
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, staged.triggers != Triggers::Off)?;
    let target = Target::new(connection, &staged.steps)?;
    let mut outcome = Outcome::new(&staged.wanted, MOST_PROBLEMS);
    if writes {
        let watch = staged.watch.borrow().clone();
        watch.iter().for_each(Watch::forget);
        target.watch.replace(watch);
    }
    check::tables(connection, &staged.metadata, &staged.needed, &mut outcome.problems)?;
    if outcome.problems.errors > 0 {
        return Ok(Some(outcome));
    }
    staged.fills.check(&target)?;
    staged.items.move_numbers(&target)?;
    staged.items.hold_numbers(&target, &staged.metadata)?;
    staged.items.reopen()?;
    let resolver = Resolver {
        items: &staged.items,
        metadata: &staged.metadata,
        target: &target,
        owner: check::owner(connection, &staged.metadata, options.told.scope.as_deref())?,
        missing: options.told.missing,
        depth: Cell::new(0),
        dangling: RefCell::default(),
        witnesses: staged
            .metadata
            .witnesses
            .iter()
            .map(|witness| ((witness.section.as_str(), witness.row), witness))
            .collect(),
    };
    let content = Content::new(&resolver, !options.told.replace_all, options.progress)?;
    let (replaces, ignores_doubts) = (options.told.replace_all, options.told.ignores_doubts);
    let decider = Decider { resolver, content, replaces, ignores_doubts };
    let total = staged.items.len()? * 2;
    let mut pass = Pass {
        staged,
        decider: &decider,
        writer: Writer::new(Comparer::new(&decider)?, &staged.fills, writes),
        writes,
        options,
        outcome,
        done: Cell::new(0),
        again: false,
        puts_right: writes && staged.triggers == Triggers::Auto && check::has_triggers(connection)?,
        judge: Judge::new(&decider.resolver, staged, &options.told.strategies),
    };
    pass.outcome.ignores_doubts = options.told.ignores_doubts;
    pass.tell_unread()?;
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
    pub again: bool,
    /// Whether what triggers change of the items is put right.
    pub puts_right: bool,
    /// Answers whether doubtful numbers mean the same.
    pub(super) judge: Judge<'d, 'p>,
}

/// An item that could be read.
pub(super) struct Read<'m> {
    pub id: i64,
    pub name: &'m str,
    pub shape: &'m Shape,
    pub item: Item,
    pub json: Map<String, Json>,
    pub incoming: Incoming<'m>,
    /// Whether it is known by its id, and nobody sees the document.
    pub by_id: bool,
}

impl Read<'_> {
    /// Something that is wrong with it, or below it.
    pub fn problem(&self, refused: &Refused) -> Problem {
        let (below, place) = (&refused.below, &self.item.place);
        if self.by_id {
            let called = label_with_id(self.shape, &self.json, self.item.number);
            let below = if below.is_empty() { String::new() } else { format!(" {below}") };
            return Problem::error(&format!("{} {called}{below}", self.name), &refused.why);
        }
        let dot = if below.is_empty() || below.starts_with('[') { "" } else { "." };
        let path = format!("data.{}[{}]{dot}{below}", self.name, place.item);
        Problem::error(&path, &refused.why).at(place.line, place.column)
    }
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
        self.find_unchanged()?;
        if !self.decider.decide_all(|| self.report())? || self.rename_all()? {
            return Ok(false);
        }
        if self.options.told.replace_all && self.staged.items.yield_several()? > 0 {
            return Ok(false);
        }
        self.refuse_twins()?;
        if self.again {
            return Ok(false);
        }
        self.require_columns()?;
        let rest = self.rest()?;
        self.write(rest)?;
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
                && self.staged.items.rejection(id)?.is_none()
            {
                // Where the row becomes the other item, what this one shares with it is free.
                let is_freed = self.strategy(&read)? == Strategy::Overwrite;
                if is_freed && !self.staged.items.is_by_key(id)? {
                    self.staged.items.force(id, Forced::ByKeyOnly)?;
                    self.again = true;
                    continue;
                }
                let why = format!("it is the row that the item on line {line} is too: leave one of them out");
                let refused = Refused::new("", why);
                if self.options.told.on_error == OnError::Skip {
                    self.staged.items.reject(id, &refused)?;
                    self.again = true;
                } else {
                    self.outcome.problems.add(read.problem(&refused));
                }
            }
        }
        Ok(())
    }

    /// What is to be done with an item that is there and differs.
    pub fn strategy(&self, read: &Read<'_>) -> Result<Strategy> {
        self.strategy_of(read.id, read.name)
    }

    /// The same, of an item of a section: what somebody chose, or what is done with the section.
    pub fn strategy_of(&self, id: i64, section: &str) -> Result<Strategy> {
        self.staged.strategy_of(id, section, &self.options.told.strategies)
    }

    fn write(&mut self, rest: Vec<Rest>) -> Result<()> {
        self.decider.resolver.target.has_written.set(self.writes);
        self.record_unchanged()?;
        self.staged.items.for_each_changing(|id| self.report().and_then(|()| self.item(id)))?;
        // Only now: what goes with them may belong to another row by now.
        self.remove(rest)?;
        self.finish_deferred()?;
        self.outcome.filled = self.writer.filled.take();
        self.outcome.made_up = self.writer.made_up.take();
        self.outcome.cascades = self.writer.cascades.take();
        self.outcome.cleared = self.writer.cleared.take();
        self.outcome.children = self.staged.items.count_clashes()?;
        self.outcome.may_clash = self.writer.may_clash.get();
        self.put_all_right()?;
        self.refuse_removed()?;
        if !self.again {
            self.count_lacking()?;
        }
        self.count_added()?;
        self.count_triggered()
    }

    pub fn is_row(&self, id: i64, handle: Handle) -> Result<()> {
        let section = self.staged.items.get(id)?.section;
        let claim = Claim { by_key: true, others: Vec::new() };
        self.staged.items.decide(id, section, &State::Matched(handle), &claim)
    }

    /// Reads an item; nothing where it cannot be read, which is told when it is its turn.
    pub fn read(&self, id: i64) -> Result<Option<Read<'p>>> {
        let (read, wrong) = self.read_any(id)?;
        Ok(if wrong.is_none() { Some(read) } else { None })
    }

    /// Reads an item, and says what is wrong with it where it cannot be read: then it has no values.
    pub fn read_any(&self, id: i64) -> Result<(Read<'p>, Option<Refused>)> {
        let item = self.staged.items.get(id)?;
        let (name, shape) = self.decider.section(&item);
        let json: Map<String, Json> = serde_json::from_str(&item.json)?;
        let (incoming, wrong) = match incoming::read(shape, &json) {
            Ok(incoming) => (incoming, None),
            Err((below, why)) => (Incoming::default(), Some(Refused::new(&below, why))),
        };
        let by_id = self.staged.metadata.by_id;
        Ok((Read { id, name, shape, item, json, incoming, by_id }, wrong))
    }
}
