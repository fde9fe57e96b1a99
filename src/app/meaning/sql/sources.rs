//! What a `FROM` clause makes readable, and the pairs of columns that it joins by their names.

use super::names::{alias, main_table, name};
use super::reader::{Reader, renamed};
use super::scope::{Cte, Scope, Source};
use sqlite3_parser::ast::{
    FromClause, JoinConstraint, JoinOperator, JoinType, JoinedSelectTable, QualifiedName, SelectTable, With,
};
use std::rc::Rc;

impl<'a> Reader<'a> {
    /// The scope of what follows a `WITH`.
    pub fn with(with: Option<&With<'a>>, outer: &Rc<Scope<'a>>) -> Rc<Scope<'a>> {
        let Some(with) = with else { return Rc::clone(outer) };
        let ctes = with.ctes.iter().map(|cte| Cte {
            name: name(&cte.tbl_name),
            columns: cte.columns.map(|columns| columns.iter().map(|column| name(&column.col_name)).collect()),
            select: cte.select,
        });
        Rc::new(Scope { ctes: ctes.collect(), outer: Some(Rc::clone(outer)), ..Scope::default() })
    }

    /// The scope of a statement that reads a `FROM` clause.
    pub fn from(&mut self, from: Option<&'a FromClause<'a>>, outer: &Rc<Scope<'a>>) -> Scope<'a> {
        let mut scope = Scope { outer: Some(Rc::clone(outer)), ..Scope::default() };
        if let Some(from) = from {
            self.add_from(from, outer, &mut scope);
        }
        scope
    }

    fn add_from(&mut self, from: &'a FromClause<'a>, outer: &Rc<Scope<'a>>, scope: &mut Scope<'a>) {
        if !self.enter() {
            return;
        }
        if let Some(first) = from.select {
            let sources = self.sources(first, outer, scope);
            scope.sources.extend(sources);
        }
        for joined in from.joins.iter().flatten() {
            let mut sources = self.sources(&joined.table, outer, scope);
            join_by_name(joined, &mut sources, scope);
            scope.sources.extend(sources);
        }
        self.leave();
    }

    fn sources(
        &mut self,
        table: &'a SelectTable<'a>,
        outer: &Rc<Scope<'a>>,
        scope: &mut Scope<'a>,
    ) -> Vec<Source> {
        match table {
            SelectTable::Table(table, other_name, _) => {
                let alias = alias(other_name.as_ref(), &name(&table.name));
                vec![self.named(table, &alias, outer)]
            }
            SelectTable::TableCall(table, _, other_name) => {
                vec![self.source(&alias(other_name.as_ref(), &name(&table.name)), Rc::default())]
            }
            SelectTable::Select(select, other_name) => {
                let outputs = self.outputs(select, outer);
                vec![self.source(&alias(other_name.as_ref(), ""), outputs)]
            }
            SelectTable::Sub(from, other_name) => {
                let mut inner = Scope::default();
                self.add_from(from, outer, &mut inner);
                scope.joined.append(&mut inner.joined);
                for source in &mut inner.sources {
                    source.alias = alias(other_name.as_ref(), &source.alias);
                }
                inner.sources
            }
        }
    }

    /// What a statement calls by this name: a `WITH`, a table or a view.
    pub fn named(&mut self, table: &QualifiedName<'_>, alias: &str, scope: &Rc<Scope<'a>>) -> Source {
        let Some(found) = main_table(table) else { return self.source(alias, Rc::default()) };
        let cte = if table.db_name.is_none() { scope.cte(&found) } else { None };
        match cte {
            Some((cte, place)) => {
                let outputs = self.outputs(cte.select, &place);
                self.source(alias, renamed(&outputs, cte.columns.as_deref()))
            }
            None => self.table(&found, alias),
        }
    }
}

/// Pairs the columns of joined sources with those of the same name before them.
fn join_by_name(joined: &JoinedSelectTable<'_>, sources: &mut [Source], scope: &mut Scope<'_>) {
    let is_natural = matches!(&joined.operator,
        JoinOperator::TypedJoin(Some(kind)) if kind.contains(JoinType::NATURAL));
    let names: Vec<String> = match &joined.constraint {
        Some(JoinConstraint::Using(names)) => names.iter().map(name).collect(),
        None if is_natural => {
            let has = |name: &str| scope.sources.iter().any(|source| source.column(name).is_some());
            let outputs = sources.iter().flat_map(|source| &source.outputs.columns);
            outputs.map(|output| output.name.clone()).filter(|name| has(name)).collect()
        }
        _ => return,
    };
    for source in sources {
        for name in &names {
            let Some(right) = source.column(name) else { continue };
            let lefts = scope.sources.iter().filter_map(|before| before.column(name));
            let pairs: Vec<_> = lefts.map(|left| (left, right.clone())).collect();
            scope.joined.extend(pairs);
        }
        source.joined_by.clone_from(&names);
    }
}
