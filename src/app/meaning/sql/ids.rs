//! How a condition uses ids. That one id equals another one, or is null, says the same in every database; a literal beside
//! an id does not.

use super::SqlColumn;
use super::definitions::Definitions;
use super::literals::Marked;
use super::names::{folded, unquoted};
use super::reader::Reader;
use super::scope::Scope;
use crate::app::catalog::Catalog;
use crate::database::quote::user_table;
use crate::database::schema::objects;
use anyhow::Result;
use rusqlite::Connection;
use sqlite3_parser::ast::{
    Cmd, Expr, FromClause, FunctionTail, JoinConstraint, Literal, OneSelect, Operator, ResultColumn, Select,
    SelectTable, Stmt, UnaryOperator,
};
use sqlite3_parser::lexer::sql::Parser;
use sqlite3_parser::{Bump, FallibleIterator};
use std::ops::Range;
use std::rc::Rc;

/// How a condition uses an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdUse {
    /// It is compared with a literal.
    Literal {
        /// The column that holds the id.
        column: SqlColumn,
        /// The literal's value, as text.
        value: String,
        /// Where in the condition the literal is.
        place: Range<usize>,
    },
    /// In a way that depends on what its number is.
    Other(SqlColumn),
}

/// How a condition on rows of a table uses columns that hold ids, as far as what it says depends on their numbers; nothing if
/// it cannot be read.
pub fn id_uses(
    connection: &Connection,
    catalog: &Catalog,
    table: &str,
    condition: &str,
    is_id: &dyn Fn(&SqlColumn) -> bool,
) -> Result<Option<Vec<IdUse>>> {
    let (objects, bump) = (objects(connection)?, Bump::new());
    let definitions = Definitions::parse(&objects, &bump);
    let mut reader = Reader::new(connection, catalog, &definitions)?;
    let Some(marked) = Marked::of(condition) else { return Ok(None) };
    let sql = format!("SELECT 1 FROM {} WHERE ({}\n)", user_table(table), marked.text);
    let Ok(Some(Cmd::Stmt(statement))) = Parser::new(&bump, sql.as_bytes()).next() else { return Ok(None) };
    let Stmt::Select(select) = bump.alloc(statement) else { return Ok(None) };
    let mut found = Finder { reader: &mut reader, condition, marked: &marked, is_id, found: Vec::new() };
    found.select(select, &Rc::default());
    Ok(Some(found.found))
}

struct Finder<'f, 'a> {
    reader: &'f mut Reader<'a>,
    condition: &'f str,
    marked: &'f Marked,
    is_id: &'f dyn Fn(&SqlColumn) -> bool,
    found: Vec<IdUse>,
}

/// What is compared with an id.
enum Beside {
    /// Something that says the same in every database.
    Same,
    Literal(String, Range<usize>),
    Else,
}

impl<'a> Finder<'_, 'a> {
    /// The id that an expression is, unchanged.
    fn id(&mut self, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) -> Option<SqlColumn> {
        match value {
            Expr::Parenthesized(values) if values.len() == 1 => return self.id(&values[0], scope),
            Expr::Cast { expr, .. } | Expr::Collate(expr, _) | Expr::Unary(UnaryOperator::Positive, expr) => {
                return self.id(expr, scope);
            }
            Expr::Id(_)
            | Expr::Name(_)
            | Expr::Qualified(..)
            | Expr::DoublyQualified(..)
            | Expr::Subquery(_) => {}
            _ => return None,
        }
        let leads = self.reader.leads(value, scope);
        let column = leads.into_iter().map(|lead| lead.column).find(|column| (self.is_id)(column))?;
        Some((*column).clone())
    }

    /// The id that a select results in.
    fn result(&mut self, select: &'a Select<'a>, scope: &Rc<Scope<'a>>) -> Option<SqlColumn> {
        let outputs = self.reader.outputs(select, scope);
        let leads = outputs.columns.iter().flat_map(|output| &output.leads);
        leads.map(|lead| &lead.column).find(|column| (self.is_id)(column)).map(|column| (**column).clone())
    }

    fn other(&mut self, column: SqlColumn) {
        self.found.push(IdUse::Other(column));
    }

    fn compare(&mut self, left: &'a Expr<'a>, right: &'a Expr<'a>, scope: &Rc<Scope<'a>>) {
        match (self.id(left, scope), self.id(right, scope)) {
            (None, None) => {
                self.visit(left, scope);
                self.visit(right, scope);
            }
            (Some(_), Some(_)) => {
                self.inside(left, scope);
                self.inside(right, scope);
            }
            (Some(id), None) => {
                self.inside(left, scope);
                self.beside(id, right, scope);
            }
            (None, Some(id)) => {
                self.inside(right, scope);
                self.beside(id, left, scope);
            }
        }
    }

    /// What stands beside an id.
    fn beside(&mut self, id: SqlColumn, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) {
        match self.literal(value) {
            Beside::Same => {}
            Beside::Literal(value, place) => self.found.push(IdUse::Literal { column: id, value, place }),
            Beside::Else => {
                self.other(id);
                self.visit(value, scope);
            }
        }
    }

    fn literal(&self, value: &Expr<'_>) -> Beside {
        match value {
            Expr::Parenthesized(values) if values.len() == 1 => self.literal(&values[0]),
            Expr::Literal(Literal::Null) => Beside::Same,
            Expr::Literal(Literal::Numeric(mark) | Literal::String(mark)) => match self.marked.place(mark) {
                Some(place) => Beside::Literal(unquoted(&self.condition[place.clone()]), place),
                None => Beside::Else,
            },
            // -1 is no id.
            Expr::Unary(UnaryOperator::Negative, inner) => match self.literal(inner) {
                Beside::Literal(value, _) if value == "1" => Beside::Same,
                _ => Beside::Else,
            },
            _ => Beside::Else,
        }
    }

    /// The selects in what is an id itself.
    fn inside(&mut self, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) {
        match value {
            Expr::Parenthesized(values) => values.iter().for_each(|value| self.inside(value, scope)),
            Expr::Cast { expr, .. } | Expr::Collate(expr, _) | Expr::Unary(_, expr) => {
                self.inside(expr, scope);
            }
            Expr::Subquery(select) => self.select(select, scope),
            _ => {}
        }
    }

    fn all(&mut self, values: impl IntoIterator<Item = &'a Expr<'a>>, scope: &Rc<Scope<'a>>) {
        values.into_iter().for_each(|value| self.visit(value, scope));
    }

    fn visit(&mut self, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) {
        if !self.reader.enter() {
            return;
        }
        match value {
            Expr::Binary(
                left,
                Operator::Equals | Operator::Is | Operator::NotEquals | Operator::IsNot,
                right,
            ) => self.compare(left, right, scope),
            Expr::InList { lhs, rhs, .. } => self.listed(lhs, rhs.unwrap_or_default(), scope),
            Expr::InSelect { lhs, rhs, .. } => {
                match (self.id(lhs, scope), self.result(rhs, scope)) {
                    (Some(_), Some(_)) => self.inside(lhs, scope),
                    (Some(id), None) | (None, Some(id)) => self.other(id),
                    (None, None) => self.visit(lhs, scope),
                }
                self.select(rhs, scope);
            }
            Expr::IsNull(inner) | Expr::NotNull(inner) => match self.id(inner, scope) {
                Some(_) => self.inside(inner, scope),
                None => self.visit(inner, scope),
            },
            Expr::Exists(select) => self.select(select, scope),
            _ => match self.id(value, scope) {
                Some(id) => self.other(id),
                None => self.parts(value, scope),
            },
        }
        self.reader.leave();
    }

    fn listed(&mut self, left: &'a Expr<'a>, list: &'a [Expr<'a>], scope: &Rc<Scope<'a>>) {
        let is_id = self.id(left, scope).is_some();
        for value in list {
            self.compare(left, value, scope);
        }
        if list.is_empty() && !is_id {
            self.visit(left, scope);
        }
    }

    /// The parts of an expression that is no id.
    fn parts(&mut self, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) {
        match value {
            Expr::Between { lhs, start, end, .. } => self.all([*lhs, *start, *end], scope),
            Expr::Binary(left, _, right) => self.all([*left, *right], scope),
            Expr::Case { base, when_then_pairs, else_expr } => {
                for (when, then) in *when_then_pairs {
                    match base {
                        Some(base) => self.compare(base, when, scope),
                        None => self.visit(when, scope),
                    }
                    self.visit(then, scope);
                }
                self.all(*else_expr, scope);
            }
            Expr::Like { lhs, rhs, escape, .. } => self.all([*lhs, *rhs].into_iter().chain(*escape), scope),
            Expr::Cast { expr, .. } | Expr::Collate(expr, _) | Expr::Unary(_, expr) => {
                self.visit(expr, scope);
            }
            Expr::Parenthesized(values) => self.all(values.iter(), scope),
            Expr::Subquery(select) => self.select(select, scope),
            Expr::FunctionCall { name, args, filter_over, .. } => {
                // How many there are does not depend on their numbers.
                let counts = folded(name.0) == "count";
                for argument in args.iter().copied().flatten() {
                    if !(counts && self.id(argument, scope).is_some()) {
                        self.visit(argument, scope);
                    }
                }
                self.tail(filter_over.as_ref(), scope);
            }
            Expr::FunctionCallStar { filter_over, .. } => self.tail(filter_over.as_ref(), scope),
            Expr::InTable { lhs, args, .. } => {
                self.visit(lhs, scope);
                self.all(args.iter().copied().flatten(), scope);
            }
            Expr::Raise(_, inner) => self.all(*inner, scope),
            _ => {}
        }
    }

    fn tail(&mut self, tail: Option<&FunctionTail<'a>>, scope: &Rc<Scope<'a>>) {
        self.all(tail.and_then(|tail| tail.filter_clause), scope);
    }

    fn select(&mut self, select: &'a Select<'a>, outer: &Rc<Scope<'a>>) {
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
        let inner = self.reader.inside(&select.body.select, &scope);
        self.all(select.order_by.iter().copied().flatten().map(|sorted| &sorted.expr), &inner);
        self.reader.leave();
    }

    fn one(&mut self, select: &'a OneSelect<'a>, outer: &Rc<Scope<'a>>) {
        let scope = self.reader.inside(select, outer);
        match select {
            OneSelect::Values(rows) => self.all(rows.iter().flatten(), &scope),
            OneSelect::Select { columns, from, where_clause, group_by, having, .. } => {
                if let Some(from) = from {
                    self.from(from, outer, &scope);
                }
                let results = columns.iter().filter_map(|column| match column {
                    ResultColumn::Expr(value, _) => Some(value),
                    _ => None,
                });
                // What an id is used for says the place of the select; rows can be grouped by it.
                for value in results.chain(group_by.iter().copied().flatten()) {
                    match self.id(value, &scope) {
                        Some(_) => self.inside(value, &scope),
                        None => self.visit(value, &scope),
                    }
                }
                self.all(where_clause.iter().chain(having.iter()).copied(), &scope);
            }
        }
    }

    /// The selects in a `FROM`, and the conditions of its joins.
    fn from(&mut self, from: &'a FromClause<'a>, outer: &Rc<Scope<'a>>, scope: &Rc<Scope<'a>>) {
        if !self.reader.enter() {
            return;
        }
        let joins = || from.joins.iter().flatten();
        for table in from.select.into_iter().chain(joins().map(|join| &join.table)) {
            match table {
                SelectTable::Select(select, _) => self.select(select, outer),
                SelectTable::Sub(from, _) => self.from(from, outer, scope),
                SelectTable::TableCall(_, Some(arguments), _) => self.all(arguments.iter(), scope),
                _ => {}
            }
        }
        for join in joins() {
            if let Some(JoinConstraint::On(condition)) = &join.constraint {
                self.visit(condition, scope);
            }
        }
        self.reader.leave();
    }
}
