//! Walks selects.

use super::reader::Reader;
use super::scope::Scope;
use super::statements::Walker;
use sqlite3_parser::ast::{FromClause, JoinConstraint, OneSelect, ResultColumn, Select, SelectTable};
use std::rc::Rc;

impl<'a> Walker<'_, 'a> {
    /// Walks a select and what is inside of it.
    pub fn select(&mut self, select: &'a Select<'a>, outer: &Rc<Scope<'a>>) {
        if !self.reader.enter() {
            return;
        }
        let scope = Reader::with(select.with.as_ref(), outer);
        for cte in select.with.iter().flat_map(|with| with.ctes) {
            self.select(cte.select, &scope);
        }
        self.one(&select.body.select, &scope);
        for compound in select.body.compounds.iter().flatten() {
            self.one(&compound.select, &scope);
        }
        self.reader.leave();
    }

    fn one(&mut self, select: &'a OneSelect<'a>, outer: &Rc<Scope<'a>>) {
        let scope = self.reader.inside(select, outer);
        match select {
            OneSelect::Values(rows) => {
                rows.iter().flatten().for_each(|value| self.condition(value, &scope));
            }
            OneSelect::Select { columns, from, where_clause, group_by, having, .. } => {
                if let Some(from) = from {
                    self.selects_in(from, outer);
                }
                let restrictions = self.reader.select_restrictions(select, &scope);
                self.under(restrictions, |walker| {
                    for (left, right) in &scope.joined {
                        walker.equal(left, right);
                    }
                    if let Some(from) = from {
                        walker.joins(from, &scope);
                    }
                    let results = columns.iter().filter_map(|column| match column {
                        ResultColumn::Expr(value, _) => Some(value),
                        _ => None,
                    });
                    let conditions = where_clause.iter().chain(having.iter()).copied();
                    for value in conditions.chain(results).chain(group_by.iter().copied().flatten()) {
                        walker.condition(value, &scope);
                    }
                });
            }
        }
    }

    /// The selects in a `FROM`, which do not see what is beside them.
    pub fn selects_in(&mut self, from: &'a FromClause<'a>, outer: &Rc<Scope<'a>>) {
        let joined = from.joins.iter().flatten().map(|join| &join.table);
        for table in from.select.into_iter().chain(joined) {
            match table {
                SelectTable::Select(select, _) => self.select(select, outer),
                SelectTable::Sub(from, _) if self.reader.enter() => {
                    self.selects_in(from, outer);
                    self.reader.leave();
                }
                _ => {}
            }
        }
    }

    /// The conditions of joins.
    pub fn joins(&mut self, from: &'a FromClause<'a>, scope: &Rc<Scope<'a>>) {
        let joins = from.joins.iter().flatten();
        for condition in joins.clone().filter_map(|join| match &join.constraint {
            Some(JoinConstraint::On(condition)) => Some(condition),
            _ => None,
        }) {
            self.condition(condition, scope);
        }
        for table in from.select.into_iter().chain(joins.map(|join| &join.table)) {
            match table {
                SelectTable::Sub(from, _) if self.reader.enter() => {
                    self.joins(from, scope);
                    self.reader.leave();
                }
                SelectTable::TableCall(_, Some(arguments), _) => {
                    arguments.iter().for_each(|value| self.expression(value, scope));
                }
                _ => {}
            }
        }
    }
}
