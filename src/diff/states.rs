//! Two states of one database.

use super::events::{Event, Events};
use super::fields::held;
use super::kinds::{Kind, kinds, table_of};
use super::names::Names;
use super::table::{Pair, ids, merge, prepare};
use super::whole::{add_dropped, alone, are_same};
use super::{Counts, Differences, FieldChange, ItemChange, What, schema};
use crate::app::known::InForce;
use crate::app::{Model, Wanted};
use crate::config::Rules;
use crate::database::copy::ReadTransaction;
use crate::database::schema::{Table, Tables};
use crate::database::{Source, stand_in};
use crate::files::Scratch;
use crate::import::by_id::{Agreement, agreements, disagreeing};
use crate::patience::Patience;
use crate::progress::{Progress, Unit, go_on, step};
use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;

/// Rows between two reports of progress.
const REPORT: u64 = 1024;

/// What is compared.
pub struct DiffOptions<'a> {
    /// What the settings say of the data.
    pub rules: &'a Rules,
    /// Only these sections, or those of these groups; without any, all that there is.
    pub only: &'a [String],
    /// Where private files may be made.
    pub temporary: &'a Path,
    /// How long locks are waited for.
    pub patience: &'a Patience,
    /// What is reported to.
    pub progress: &'a dyn Progress,
}

/// Compares two states of one database by row ids, and calls a function with every item that differs. Says where that says
/// nothing, because they are two databases rather than two states of one.
pub fn states(
    [before, after]: [&Source; 2],
    options: &DiffOptions<'_>,
    mut each: impl FnMut(&ItemChange) -> Result<()>,
) -> Result<Result<Differences, Vec<Agreement>>> {
    let connections = [before.connection(), after.connection()];
    connections.iter().try_for_each(|connection| stand_in::register_collations(connection))?;
    let _transactions = [ReadTransaction::begin(connections[0])?, ReadTransaction::begin(connections[1])?];
    let mut found = Differences::default();
    let schema = schema::schema(connections[0], connections[1])?;
    // What the rows mean need not be known where they are the same.
    let is_same = options.only.is_empty() && schema.is_empty() && are_same(connections, options.progress)?;
    if options.only.is_empty() {
        found.schema = schema;
        found.settings = schema::settings(connections[0], connections[1])?;
    }
    if is_same {
        return Ok(Ok(found));
    }
    let in_force = InForce::of(connections[1], options.rules)?;
    in_force.message().iter().for_each(|message| options.progress.note(message));
    let wanted = Wanted { scope: None, secrets: false, refetch: true, by_id: false };
    let model = Model::infer(connections[1], &in_force.rules, wanted)?;
    let scratch = Scratch::new_in(options.temporary)?;
    let states = States {
        connections,
        tables: [Tables::read(connections[0])?, Tables::read(connections[1])?],
        names: [Names::of(connections[0], &model)?, Names::of(connections[1], &model)?],
        events: Events::create(&scratch.file("events"), options.patience)?,
        progress: options.progress,
    };
    if options.only.is_empty() {
        add_dropped(connections, (&in_force.rules, options.progress), &mut found, &mut each)?;
    }
    let mut shared = Vec::new();
    for kind in kinds(&model, options.only)? {
        let what = format!("comparing {}", kind.name);
        let compare = || states.compare(&kind, &mut each);
        let (counts, own) = step(options.progress, &what, None, Unit::Rows, compare)?;
        if kind.shape.is_some() {
            shared.push(own);
        }
        if !counts.is_none() {
            let part = if kind.shape.is_some() { &mut found.sections } else { &mut found.left_out };
            part.insert(kind.name, counts);
        }
    }
    if Shared::is_plain(&shared) {
        return Ok(Ok(found));
    }
    let model = Model::infer(connections[1], &in_force.rules, Wanted { by_id: true, ..wanted })?;
    let sections: Vec<String> = model.sections.keys().cloned().collect();
    let agreements = agreements(&model, connections, &sections, &[], options.progress)?;
    let wrong = disagreeing(&agreements);
    // Where no row is in both, one of them may be the beginning of the other.
    let is_empty = shared.iter().all(|own| own.rows.contains(&0));
    let agree = is_empty || agreements.iter().any(|found| found.agreeing > 0);
    Ok(if wrong.is_empty() && agree { Ok(found) } else { Err(wrong) })
}

struct States<'c> {
    connections: [&'c Connection; 2],
    tables: [Tables<'c>; 2],
    names: [Names<'c>; 2],
    events: Events,
    progress: &'c dyn Progress,
}

/// How many rows of a table there are, how many of them have the same row id in both states, and how many hold the same.
#[derive(Debug, Clone, Copy, Default)]
struct Shared {
    rows: [u64; 2],
    both: u64,
    same: u64,
}

impl Shared {
    /// Whether most rows of each table hold the same: then these are states of one database.
    fn is_plain(all: &[Self]) -> bool {
        all.iter().all(|own| own.same * 2 >= own.both) && all.iter().any(|own| own.same > 0)
    }
}

impl States<'_> {
    /// Compares the rows of a kind. Says how many differ, and how far they are those of one database.
    fn compare(
        &self,
        kind: &Kind<'_>,
        each: &mut impl FnMut(&ItemChange) -> Result<()>,
    ) -> Result<(Counts, Shared)> {
        let before = table_of(&self.tables[0], &kind.table)?;
        let after = table_of(&self.tables[1], &kind.table)?;
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) => (before, after),
            (Some(before), None) => {
                let gone = alone(self.connections[0], &self.names[0], kind, &before, What::Gone, each)?;
                return Ok((Counts { gone, ..Counts::default() }, Shared::default()));
            }
            (None, Some(after)) => {
                let new = alone(self.connections[1], &self.names[1], kind, &after, What::New, each)?;
                return Ok((Counts { new, ..Counts::default() }, Shared::default()));
            }
            (None, None) => return Ok((Counts::default(), Shared::default())),
        };
        let columns = kind.columns([&before, &after]);
        self.events.clear()?;
        let shared = self.collect(kind, [&before, &after], &columns)?;
        self.events.pair()?;
        let mut counts = Counts::default();
        self.events.for_each(|event| {
            let Some(change) = self.describe(kind, &columns, &event)? else { return Ok(()) };
            *match change.what {
                What::New => &mut counts.new,
                What::Gone => &mut counts.gone,
                What::Changed => &mut counts.changed,
            } += 1;
            if kind.shape.is_some() { each(&change) } else { Ok(()) }
        })?;
        Ok((counts, shared))
    }

    /// Keeps the rows of a table that differ.
    fn collect(&self, kind: &Kind<'_>, tables: [&Table; 2], columns: &[String]) -> Result<Shared> {
        let [known_before, known_after] = tables.map(ids);
        let mut shared = Shared::default();
        let mut before =
            prepare(self.connections[0], tables[0], columns, kind.condition_in(self.connections[0]))?;
        let mut after =
            prepare(self.connections[1], tables[1], columns, kind.condition_in(self.connections[1]))?;
        let key = kind.key(columns);
        let mut rows = 0;
        merge([&mut before, &mut after], [known_before.len(), known_after.len()], |pair| {
            rows += 1;
            if rows % REPORT == 0 {
                go_on(self.progress)?;
                self.progress.advance(REPORT);
            }
            match pair {
                Pair::Gone(row) => {
                    shared.rows[0] += 1;
                    self.events.put(Some(&row), None, &key)
                }
                Pair::New(row) => {
                    shared.rows[1] += 1;
                    self.events.put(None, Some(&row), &key)
                }
                Pair::Both(before, after) => {
                    shared.rows.iter_mut().for_each(|rows| *rows += 1);
                    shared.both += 1;
                    if before == after {
                        shared.same += 1;
                        return Ok(());
                    }
                    self.events.put(Some(&before), Some(&after), &key)
                }
            }
        })?;
        Ok(shared)
    }

    /// A row that differs in the words of its item; nothing where they say the same.
    fn describe(&self, kind: &Kind<'_>, columns: &[String], event: &Event) -> Result<Option<ItemChange>> {
        let side = usize::from(event.after.is_some());
        let Some(values) = event.after.as_ref().or(event.before.as_ref()) else { return Ok(None) };
        let mut changes = Vec::new();
        if let (Some(before), Some(after), Some(shape)) = (&event.before, &event.after, kind.shape) {
            for at in (0..columns.len()).filter(|at| before[*at] != after[*at]) {
                let before = held(&self.names[0], shape, columns, before, at)?;
                let after = held(&self.names[1], shape, columns, after, at)?;
                let is_known = changes.iter().any(|change: &FieldChange| change.field == after.field);
                if !is_known && !before.is_same(&after) {
                    changes.push(before.change_to(after));
                }
            }
            if changes.is_empty() {
                return Ok(None);
            }
        }
        let item = self.names[side].of_row(kind, columns, values)?;
        Ok(Some(ItemChange { section: kind.name.clone(), item, what: event.what, changes }))
    }
}
