//! One pass over the items of a document: each is decided, then compared and, where that is wanted, written.

use super::content::Content;
use super::decide::Decider;
use super::incoming::{self, Incoming};
use super::items::{Item, State};
use super::outcome::{Counts, Outcome, Strategy};
use super::resolve::{Resolver, Row};
use super::target::{Handle, Target};
use super::write::{Refused, Writer};
use super::{CondensedOptions, Staged, Triggers, check};
use crate::app::model::Shape;
use crate::problem::{Problem, Problems};
use crate::progress::{Unit, go_on, step};
use anyhow::{Context, Result};
use indexmap::IndexMap;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use serde_json::{Map, Value as Json};
use std::cell::Cell;

/// Items between two reports of progress.
const REPORT: u64 = 256;
/// How many problems are listed.
const MOST_PROBLEMS: usize = 100;

/// Passes over all items once.
pub(super) fn run(
    staged: &Staged,
    connection: &Connection,
    writes: bool,
    options: &CondensedOptions<'_>,
) -> Result<Outcome> {
    let target = Target::new(connection)?;
    let sections = staged.metadata.includes.iter().map(|name| (name.clone(), Counts::default()));
    let mut outcome = Outcome {
        sections: sections.collect(),
        problems: Problems::new(MOST_PROBLEMS),
        conflicts: Problems::new(MOST_PROBLEMS),
        needs_refetch: IndexMap::new(),
        filled: IndexMap::new(),
    };
    check::tables(connection, &staged.metadata, &staged.wanted, &mut outcome.problems)?;
    if outcome.problems.errors > 0 {
        return Ok(outcome);
    }
    staged.items.reopen()?;
    let resolver = Resolver {
        items: &staged.items,
        metadata: &staged.metadata,
        target: &target,
        owner: check::owner(connection, &staged.metadata, options.scope.as_deref())?,
        missing: options.missing,
        depth: Cell::new(0),
    };
    let content = Content::new(&resolver)?;
    let decider = Decider { resolver, content };
    let total = staged.items.len()? * 2;
    let mut pass = Pass {
        staged,
        decider: &decider,
        writer: Writer::new(&decider, writes)?,
        writes,
        options,
        outcome,
        done: Cell::new(0),
    };
    step(options.progress, "comparing", Some(total), Unit::Rows, || {
        staged.items.for_each(|id| pass.report().and_then(|()| decider.decide(id)))?;
        pass.refuse_twins()?;
        pass.write()
    })?;
    Ok(pass.outcome)
}

/// A pass over decided items.
struct Pass<'d, 'p> {
    staged: &'d Staged,
    decider: &'d Decider<'p>,
    writer: Writer<'d, 'p>,
    writes: bool,
    options: &'d CondensedOptions<'d>,
    outcome: Outcome,
    done: Cell<u64>,
}

/// An item that could be read.
struct Read<'m> {
    id: i64,
    name: &'m str,
    shape: &'m Shape,
    item: Item,
    json: Map<String, Json>,
    incoming: Incoming<'m>,
}

impl Read<'_> {
    /// Something that is wrong with it, or below it.
    fn problem(&self, below: &str, why: impl Into<String>) -> Problem {
        problem(self.name, &self.item, below, why)
    }
}

fn problem(name: &str, item: &Item, below: &str, why: impl Into<String>) -> Problem {
    let dot = if below.is_empty() || below.starts_with('[') { "" } else { "." };
    let path = format!("data.{name}[{}]{dot}{below}", item.place.item);
    Problem::error(&path, why).at(item.place.line, item.place.column)
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

    /// Two items cannot be the same row: one of them would be lost.
    fn refuse_twins(&mut self) -> Result<()> {
        let mut twins = Vec::new();
        self.staged.items.each_claimed_twice(|id, line| {
            twins.push((id, line));
            Ok(())
        })?;
        for (id, line) in twins {
            if let Some(read) = self.read(id)?
                && self.options.strategies.of(read.name) != Strategy::Skip
            {
                let why = format!("it is the row that the item on line {line} is too: leave one of them out");
                self.outcome.problems.add(read.problem("", why));
            }
        }
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        let mut written = Vec::new();
        self.staged.items.for_each(|id| {
            self.report()?;
            if self.item(id)? {
                written.push(id);
            }
            Ok(())
        })?;
        self.outcome.filled = self.writer.filled.take();
        let connection = self.decider.resolver.target.connection;
        let puts_right = self.options.triggers == Triggers::Auto && check::has_triggers(connection)?;
        let puts_right = puts_right && self.outcome.changed() > 0;
        if self.writes && !self.outcome.is_refused() && puts_right {
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
            // A new one, which sees the children that were written.
            self.writer = Writer::new(self.decider, true)?;
            written.into_iter().try_for_each(|id| self.put_right(id))?;
        }
        Ok(())
    }

    /// Does with an item what is to be done. Says whether a row was written, which the item then is.
    fn item(&mut self, id: i64) -> Result<bool> {
        let Some(read) = self.read(id)? else { return Ok(false) };
        let strategy = self.options.strategies.of(read.name);
        let written = match self.staged.items.state(id)? {
            State::Matched(handle) => self.matched(&read, &handle, strategy),
            State::Several(_) => {
                self.only_skipped(&read, strategy, "it shares what must be unique with two different rows");
                return Ok(false);
            }
            State::Taken => {
                self.only_skipped(
                    &read,
                    strategy,
                    "it shares what must be unique with a row of somebody else",
                );
                return Ok(false);
            }
            State::New(given) => self.put_in(&read, given),
            State::Open | State::Deciding => unreachable!("every item was decided"),
        };
        let refused = match written {
            Ok(Ok(written)) => return Ok(written),
            Ok(Err(refused)) => refused,
            Err(error) => match check::refused_by_table(&error) {
                Some(why) => (String::new(), why),
                None => {
                    return Err(error)
                        .with_context(|| format!("data.{}[{}]", read.name, read.item.place.item));
                }
            },
        };
        self.counts(&read).rejected += 1;
        self.outcome.problems.add(read.problem(&refused.0, refused.1));
        Ok(false)
    }

    /// Reads an item. What cannot be read is a problem.
    fn read(&mut self, id: i64) -> Result<Option<Read<'p>>> {
        let item = self.staged.items.get(id)?;
        let (name, shape) = self.decider.section(&item);
        let json: Map<String, Json> = serde_json::from_str(&item.json)?;
        match incoming::read(shape, &json) {
            Ok(incoming) => Ok(Some(Read { id, name, shape, item, json, incoming })),
            Err((below, why)) => {
                self.outcome.problems.add(problem(name, &item, &below, why));
                self.outcome.sections[name].rejected += 1;
                Ok(None)
            }
        }
    }

    fn counts(&mut self, read: &Read<'_>) -> &mut Counts {
        &mut self.outcome.sections[read.name]
    }

    /// An item that is a row which is there.
    fn matched(
        &mut self,
        read: &Read<'_>,
        handle: &Handle,
        strategy: Strategy,
    ) -> Result<Result<bool, Refused>> {
        // What is known by its content is the same.
        let by_content =
            read.shape.key.is_empty() && !read.shape.singleton || self.decider.is_of_users(read.shape);
        let compare = |change| self.writer.compare(read.shape, &read.incoming, &Row::new(), handle, change);
        let differs = if by_content { Ok(false) } else { compare(false)? };
        match (differs, strategy) {
            (Err(refused), _) => return Ok(Err(refused)),
            (Ok(false), _) => {
                self.counts(read).same += 1;
                // A trigger of another may change it.
                return Ok(Ok(true));
            }
            (Ok(true), Strategy::Skip) => self.counts(read).skipped += 1,
            (Ok(true), Strategy::Overwrite) => {
                let changed = compare(true)?;
                self.counts(read).overwritten += 1;
                return Ok(changed);
            }
            (Ok(true), _) => {
                self.outcome.conflicts.add(read.problem("", "it is there already, and differs"));
            }
        }
        Ok(Ok(false))
    }

    /// An item that can be made neither a new row nor one that is there.
    fn only_skipped(&mut self, read: &Read<'_>, strategy: Strategy, why: &str) {
        if strategy == Strategy::Skip {
            self.counts(read).skipped += 1;
        } else {
            self.outcome.conflicts.add(read.problem("", format!("{why}: it can only be skipped")));
        }
    }

    /// An item that is not there.
    fn put_in(&mut self, read: &Read<'_>, given: Option<i64>) -> Result<Result<bool, Refused>> {
        let handle = match self.writer.insert(read.shape, &read.incoming, &Row::new(), given)? {
            Ok(handle) => handle,
            Err(refused) => return Ok(Err(refused)),
        };
        if !handle.is_empty() {
            self.staged.items.decide(read.id, &State::Matched(handle))?;
        }
        self.counts(read).new += 1;
        if needs_refetch(read.shape) {
            let keys = self.outcome.needs_refetch.entry(read.name.to_owned()).or_default();
            keys.push(key_of(read.shape, &read.json));
        }
        Ok(Ok(true))
    }

    /// Gives a row that triggers changed the item's values back.
    fn put_right(&mut self, id: i64) -> Result<()> {
        let State::Matched(handle) = self.staged.items.state(id)? else { return Ok(()) };
        if let Some(read) = self.read(id)? {
            drop(self.writer.compare(read.shape, &read.incoming, &Row::new(), &handle, true)?);
        }
        Ok(())
    }
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
