//! Walks expressions and selects, and collects the equalities in them.

use super::conditions::{Restriction, conjuncts, parts};
use super::names::folded;
use super::scope::{Lead, Scope};
use super::statements::Walker;
use super::{Condition, Equality};
use indexmap::IndexSet;
use sqlite3_parser::ast::{Expr, Operator};
use std::rc::Rc;

impl<'a> Walker<'_, 'a> {
    /// Walks with more restrictions in force.
    pub fn under(&mut self, restrictions: Vec<Restriction>, walk: impl FnOnce(&mut Self)) {
        let before = self.context.len();
        self.context.extend(restrictions);
        walk(self);
        self.context.truncate(before);
    }

    /// States that two values are equal.
    pub fn equal(&mut self, left: &[Lead], right: &[Lead]) {
        for left in left {
            for right in right.iter().filter(|right| right.column != left.column) {
                let context = self.context.iter().filter(|restriction| {
                    let is_of_table = |side: &&Lead| side.column.table == restriction.condition.column.table;
                    let mut rows = [left, right].into_iter().filter(is_of_table).peekable();
                    // A restriction of one side's table must be about that very row.
                    rows.peek().is_none() || rows.any(|row| row.instance == restriction.instance)
                });
                let context = context.map(|restriction| &restriction.condition);
                let all = left.conditions.iter().chain(&right.conditions).chain(context);
                let is_beside = |condition: &&Condition| {
                    condition.column != *left.column && condition.column != *right.column
                };
                let conditions: IndexSet<Condition> = all.filter(is_beside).cloned().collect();
                self.state(left, right, conditions.into_iter().collect());
            }
        }
    }

    fn state(&mut self, left: &Lead, right: &Lead, conditions: Vec<Condition>) {
        let equality = Equality {
            left: (*left.column).clone(),
            right: (*right.column).clone(),
            conditions,
            origin: self.origin.clone(),
        };
        let reversed =
            Equality { left: equality.right.clone(), right: equality.left.clone(), ..equality.clone() };
        if !self.found.contains(&reversed) {
            self.found.insert(equality);
        }
    }

    /// Walks a condition: its literals restrict what else it says.
    pub fn condition(&mut self, condition: &'a Expr<'a>, scope: &Rc<Scope<'a>>) {
        let restrictions = self.reader.restrictions(condition, scope);
        self.under(restrictions, |walker| {
            for part in conjuncts(condition) {
                walker.expression(part, scope);
            }
        });
    }

    /// Walks an expression.
    pub fn expression(&mut self, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) {
        if !self.reader.enter() {
            return;
        }
        match value {
            Expr::Binary(left, Operator::Equals | Operator::Is, right) => {
                self.compare(left, right, scope);
                self.expressions([*left, *right], scope);
            }
            Expr::Binary(_, operator @ (Operator::And | Operator::Or), _) => {
                for part in parts(value, *operator) {
                    self.condition(part, scope);
                }
            }
            Expr::Binary(left, _, right) => self.expressions([*left, *right], scope),
            Expr::Between { lhs, start, end, .. } => self.expressions([*lhs, *start, *end], scope),
            Expr::Like { lhs, rhs, .. } => self.expressions([*lhs, *rhs], scope),
            Expr::Cast { expr, .. }
            | Expr::Collate(expr, _)
            | Expr::IsNull(expr)
            | Expr::NotNull(expr)
            | Expr::Unary(_, expr)
            | Expr::Raise(_, Some(expr)) => self.condition(expr, scope),
            Expr::Parenthesized(values) => values.iter().for_each(|value| self.condition(value, scope)),
            Expr::Exists(select) | Expr::Subquery(select) => self.select(select, scope),
            Expr::Case { base, when_then_pairs, else_expr } => {
                self.case(*base, when_then_pairs, *else_expr, scope);
            }
            Expr::FunctionCall { name, args: Some(arguments), .. } => {
                self.function(&folded(name.0), arguments, scope);
            }
            Expr::InList { .. } | Expr::InSelect { .. } | Expr::InTable { .. } => self.within(value, scope),
            _ => {}
        }
        self.reader.leave();
    }

    fn expressions<const N: usize>(&mut self, values: [&'a Expr<'a>; N], scope: &Rc<Scope<'a>>) {
        for value in values {
            self.expression(value, scope);
        }
    }

    fn compare(&mut self, left: &'a Expr<'a>, right: &'a Expr<'a>, scope: &Rc<Scope<'a>>) {
        let (left, right) = (self.reader.row_leads(left, scope), self.reader.row_leads(right, scope));
        self.rows_equal(&left, &right);
    }

    /// States that two rows are equal, value by value.
    pub fn rows_equal(&mut self, left: &[Vec<Lead>], right: &[Vec<Lead>]) {
        if left.len() == right.len() {
            for (left, right) in left.iter().zip(right) {
                self.equal(left, right);
            }
        }
    }

    /// `IN`, and `NOT IN`: that some rows have no partner says too what the partners are.
    fn within(&mut self, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) {
        match value {
            Expr::InList { lhs, rhs, .. } => {
                for item in rhs.iter().copied().flatten() {
                    self.compare(lhs, item, scope);
                    self.expression(item, scope);
                }
                self.expression(lhs, scope);
            }
            Expr::InSelect { lhs, rhs, .. } => {
                let outputs = self.reader.outputs(rhs, scope);
                let left = self.reader.row_leads(lhs, scope);
                if outputs.is_complete {
                    let right: Vec<_> = outputs.columns.iter().map(|output| output.leads.clone()).collect();
                    self.rows_equal(&left, &right);
                }
                self.expression(lhs, scope);
                self.select(rhs, scope);
            }
            Expr::InTable { lhs, rhs, args: None, .. } => {
                let source = self.reader.named(rhs, "", scope);
                let left = self.reader.row_leads(lhs, scope);
                if source.outputs.is_complete {
                    let columns = source.outputs.columns.iter();
                    let right: Vec<_> = columns.map(|output| source.through(&output.leads)).collect();
                    self.rows_equal(&left, &right);
                }
                self.expression(lhs, scope);
            }
            _ => {}
        }
    }

    fn case(
        &mut self,
        base: Option<&'a Expr<'a>>,
        pairs: &'a [(Expr<'a>, Expr<'a>)],
        otherwise: Option<&'a Expr<'a>>,
        scope: &Rc<Scope<'a>>,
    ) {
        for (when, then) in pairs {
            if let Some(base) = base {
                self.compare(base, when, scope);
            }
            self.condition(when, scope);
            let restrictions = self.reader.when_restrictions(base, when, scope);
            self.under(restrictions, |walker| walker.condition(then, scope));
        }
        if let Some(otherwise) = otherwise {
            let restrictions = self.reader.else_restrictions(base, pairs, scope);
            self.under(restrictions, |walker| walker.condition(otherwise, scope));
        }
    }

    fn function(&mut self, name: &str, arguments: &'a [Expr<'a>], scope: &Rc<Scope<'a>>) {
        let is_choice = matches!(name, "iif" | "if");
        let mut before = Vec::new();
        for pair in arguments.chunks(2) {
            if let ([when, then], true) = (pair, is_choice) {
                self.condition(when, scope);
                let restrictions = self.reader.restrictions(when, scope);
                self.under(restrictions.clone(), |walker| walker.condition(then, scope));
                before.extend(restrictions.into_iter().map(Restriction::otherwise));
            } else {
                let before = before.clone();
                self.under(before, |walker| pair.iter().for_each(|value| walker.condition(value, scope)));
            }
        }
    }
}
