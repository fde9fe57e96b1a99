//! Walks views, triggers and the statements of triggers.

use super::Equality;
use super::conditions::Restriction;
use super::definitions::{Trigger, View};
use super::names::{alias, name};
use super::reader::Reader;
use super::scope::{Lead, Output, Scope, Source};
use super::{Condition, SqlColumn};
use indexmap::IndexSet;
use sqlite3_parser::ast::{
    Expr, FromClause, OneSelect, QualifiedName, ResultColumn, Select, Set, TriggerCmd, Upsert, UpsertDo,
};
use std::rc::Rc;

/// Collects the equalities of one view or trigger.
pub struct Walker<'w, 'a> {
    pub reader: &'w mut Reader<'a>,
    pub found: &'w mut IndexSet<Equality>,
    pub origin: String,
    /// What holds where the walk is.
    pub context: Vec<Restriction>,
}

/// What can be named in all of a trigger.
pub struct TriggerScope<'a> {
    pub scope: Rc<Scope<'a>>,
    /// Which source `OLD` is.
    pub old: usize,
}

impl<'a> Reader<'a> {
    /// The scope of a trigger.
    pub fn trigger(&mut self, trigger: &Trigger<'a>) -> TriggerScope<'a> {
        let mut row = |alias| Source { is_named_only: true, ..self.table(&trigger.table, alias) };
        let (new, old) = (row("new"), row("old"));
        let instance = old.instance;
        let scope = Rc::new(Scope { sources: vec![new, old], ..Scope::default() });
        TriggerScope { scope, old: instance }
    }

    /// The table that a statement changes.
    pub fn target(&mut self, table: &QualifiedName<'a>) -> Source {
        let own = name(&table.name);
        let alias = table.alias.as_ref().map_or_else(|| own.clone(), name);
        self.table(&own, &alias)
    }
}

impl<'w, 'a> Walker<'w, 'a> {
    pub fn new(reader: &'w mut Reader<'a>, found: &'w mut IndexSet<Equality>, origin: String) -> Self {
        Self { reader, found, origin, context: Vec::new() }
    }

    pub fn view(&mut self, view: &View<'a>) {
        self.select(view.select, &Rc::default());
    }

    pub fn trigger(&mut self, trigger: &Trigger<'a>) {
        let scope = self.reader.trigger(trigger).scope;
        let mut restrictions = Vec::new();
        if let Some(when) = trigger.when {
            self.condition(when, &scope);
            restrictions = self.reader.restrictions(when, &scope);
        }
        self.under(restrictions, |walker| {
            for command in trigger.commands {
                walker.command(command, &scope);
            }
        });
    }

    fn command(&mut self, command: &'a TriggerCmd<'a>, outer: &Rc<Scope<'a>>) {
        match command {
            TriggerCmd::Select(select) => self.select(select, outer),
            TriggerCmd::Delete { tbl_name, where_clause } => {
                let sources = vec![self.reader.target(tbl_name)];
                let scope = Scope { sources, outer: Some(Rc::clone(outer)), ..Scope::default() };
                if let Some(condition) = where_clause {
                    self.condition(condition, &Rc::new(scope));
                }
            }
            TriggerCmd::Update { tbl_name, sets, from, where_clause, .. } => {
                self.update(tbl_name, sets, from.as_ref(), where_clause.as_ref(), outer);
            }
            TriggerCmd::Insert { tbl_name, col_names, select, upsert, .. } => {
                let target = self.reader.target(tbl_name);
                let names: Vec<String> = match col_names {
                    Some(names) => names.iter().map(name).collect(),
                    None if target.outputs.is_complete => {
                        target.outputs.columns.iter().map(|output| output.name.clone()).collect()
                    }
                    None => Vec::new(),
                };
                self.insert(&target, &names, select, outer);
                self.select(select, outer);
                self.upsert(&target, *upsert, outer);
            }
        }
    }

    fn update(
        &mut self,
        table: &'a QualifiedName<'a>,
        sets: &'a [Set<'a>],
        from: Option<&'a FromClause<'a>>,
        condition: Option<&'a Expr<'a>>,
        outer: &Rc<Scope<'a>>,
    ) {
        let target = self.reader.target(table);
        let mut scope = self.reader.from(from, outer);
        scope.sources.insert(0, target.clone());
        let scope = Rc::new(scope);
        if let Some(from) = from {
            self.selects_in(from, outer);
        }
        for (left, right) in &scope.joined {
            self.equal(left, right);
        }
        let restrictions = condition.map(|condition| self.reader.restrictions(condition, &scope));
        self.under(restrictions.unwrap_or_default(), |walker| {
            if let Some(from) = from {
                walker.joins(from, &scope);
            }
            if let Some(condition) = condition {
                walker.condition(condition, &scope);
            }
            walker.sets(&target, sets, &scope);
        });
    }

    /// `SET a = NEW.id, (b, c) = (SELECT …)`.
    fn sets(&mut self, target: &Source, sets: &'a [Set<'a>], scope: &Rc<Scope<'a>>) {
        let mut rows = Vec::new();
        for set in sets {
            let names: Vec<String> = set.col_names.iter().map(name).collect();
            rows.push((names, &set.expr));
            self.condition(&set.expr, scope);
        }
        let pairs = rows.iter().filter_map(|(names, value)| Some((names.first()?.as_str(), *value)));
        let written = self.written(target, pairs, scope);
        // What a row was restricted to before says nothing of a column that is written.
        let is_written = |restriction: &Restriction| {
            let column = restriction.condition.column.column.to_ascii_lowercase();
            restriction.instance == target.instance && rows.iter().any(|(names, _)| names.contains(&column))
        };
        let before = self.context.clone();
        self.context.retain(|restriction| !is_written(restriction));
        self.context.extend(written);
        for (names, value) in rows {
            let columns: Vec<_> = names.iter().map(|name| target.column(name).unwrap_or_default()).collect();
            let values = self.reader.row_leads(value, scope);
            self.rows_equal(&columns, &values);
        }
        self.context = before;
    }

    /// The texts that are written into a row, as restrictions of it.
    fn written<'p>(
        &mut self,
        target: &Source,
        pairs: impl Iterator<Item = (&'p str, &'a Expr<'a>)>,
        scope: &Rc<Scope<'a>>,
    ) -> Vec<Restriction> {
        let mut found = Vec::new();
        for (column, value) in pairs {
            let constant = self.reader.constant(value, scope);
            let text = constant.filter(|constant| constant.is_text && !constant.value.is_empty());
            let leads = target.column(column).unwrap_or_default();
            if let (Some(text), [Lead { column, instance, .. }]) = (text, leads.as_slice()) {
                let column: SqlColumn = (**column).clone();
                let condition = Condition { column, values: vec![text.value] };
                found.push(Restriction { condition, instance: *instance });
            }
        }
        found
    }

    fn insert(&mut self, target: &Source, names: &[String], select: &'a Select<'a>, outer: &Rc<Scope<'a>>) {
        let outer = Reader::with(select.with.as_ref(), outer);
        let compounds = select.body.compounds.iter().flatten().map(|compound| &compound.select);
        for one in std::iter::once(&select.body.select).chain(compounds) {
            match one {
                OneSelect::Values(rows) => {
                    for row in rows {
                        let leads = self.reader.row(row, &outer);
                        let row = row.iter().collect();
                        self.inserted(target, names, row, &leads.columns, &outer);
                    }
                }
                OneSelect::Select { columns, .. } => {
                    let scope = self.reader.inside(one, &outer);
                    let outputs = self.reader.one(one, &outer);
                    let values = columns.iter().map_while(|column| match column {
                        ResultColumn::Expr(value, _) => Some(value),
                        _ => None,
                    });
                    if outputs.is_complete {
                        self.inserted(target, names, values.collect(), &outputs.columns, &scope);
                    }
                }
            }
        }
    }

    /// A row that is inserted: what its columns come from, and the expressions of the first ones.
    fn inserted(
        &mut self,
        target: &Source,
        names: &[String],
        values: Vec<&'a Expr<'a>>,
        leads: &[Output],
        scope: &Rc<Scope<'a>>,
    ) {
        if names.len() != leads.len() {
            return;
        }
        let written = self.written(target, names.iter().map(String::as_str).zip(values), scope);
        self.under(written, |walker| {
            for (name, output) in names.iter().zip(leads) {
                walker.equal(&target.column(name).unwrap_or_default(), &output.leads);
            }
        });
    }

    fn upsert(&mut self, target: &Source, upsert: Option<&'a Upsert<'a>>, outer: &Rc<Scope<'a>>) {
        let excluded = Source { alias: alias(None, "excluded"), is_named_only: true, ..target.clone() };
        let sources = vec![target.clone(), excluded];
        let scope = Rc::new(Scope { sources, outer: Some(Rc::clone(outer)), ..Scope::default() });
        let mut next = upsert;
        while let Some(upsert) = next {
            if let UpsertDo::Set { sets, where_clause } = &upsert.do_clause {
                let restrictions =
                    where_clause.as_ref().map(|condition| self.reader.restrictions(condition, &scope));
                self.under(restrictions.unwrap_or_default(), |walker| {
                    if let Some(condition) = where_clause {
                        walker.condition(condition, &scope);
                    }
                    walker.sets(target, sets, &scope);
                });
            }
            next = upsert.next;
        }
    }
}
