//! Which rows a condition restricts a statement to, by the literals in it.

use super::Condition;
use super::names::unquoted;
use super::reader::Reader;
use super::scope::{Lead, Scope};
use sqlite3_parser::ast::{
    Expr, JoinConstraint, JoinOperator, JoinType, Literal, OneSelect, Operator, UnaryOperator,
};
use std::rc::Rc;

/// A condition, and which of the rows of its table it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Restriction {
    pub condition: Condition,
    pub instance: usize,
}

/// A literal as text.
pub struct Constant {
    pub value: String,
    pub is_text: bool,
}

impl Restriction {
    fn new(lead: &Lead, values: Vec<String>) -> Self {
        let condition = Condition { column: (*lead.column).clone(), values };
        Self { condition, instance: lead.instance }
    }

    /// For the rows that it does not hold for.
    pub fn otherwise(mut self) -> Self {
        self.condition.values.clear();
        self
    }

    /// For the rows that one of two holds for, where both are about the same column.
    fn or(mut self, other: Self) -> Option<Self> {
        let is_same = self.instance == other.instance && self.condition.column == other.condition.column;
        let (ours, theirs) = (&mut self.condition.values, other.condition.values);
        if ours.is_empty() || theirs.is_empty() {
            ours.clear();
        } else {
            ours.extend(theirs);
        }
        is_same.then_some(self)
    }
}

/// The parts of a condition that must all hold.
pub fn conjuncts<'e, 'a>(condition: &'e Expr<'a>) -> Vec<&'e Expr<'a>> {
    parts(condition, Operator::And)
}

/// The parts of a chain of one operator, without recursion: a chain may be long.
pub fn parts<'e, 'a>(condition: &'e Expr<'a>, by: Operator) -> Vec<&'e Expr<'a>> {
    let (mut found, mut rest) = (Vec::new(), vec![condition]);
    while let Some(part) = rest.pop() {
        match part {
            Expr::Binary(left, operator, right) if *operator == by => rest.extend([*right, *left]),
            Expr::Parenthesized(inner) if inner.len() == 1 => rest.push(&inner[0]),
            _ => found.push(part),
        }
    }
    found
}

impl<'a> Reader<'a> {
    /// What the literals in a condition restrict.
    pub fn restrictions(&mut self, condition: &'a Expr<'a>, scope: &Rc<Scope<'a>>) -> Vec<Restriction> {
        let parts = conjuncts(condition);
        parts.into_iter().filter_map(|part| self.restriction(part, scope)).collect()
    }

    /// What the conditions and inner joins of a select restrict.
    pub fn select_restrictions(
        &mut self,
        select: &'a OneSelect<'a>,
        scope: &Rc<Scope<'a>>,
    ) -> Vec<Restriction> {
        let OneSelect::Select { from, where_clause, .. } = select else { return Vec::new() };
        let joins = || from.iter().flat_map(|from| from.joins.iter().flatten());
        let has = |operator: &JoinOperator, kind| matches!(operator, JoinOperator::TypedJoin(Some(kinds)) if kinds.contains(kind));
        let is_outer = joins().any(|join| has(&join.operator, JoinType::RIGHT));
        let mut conditions: Vec<&'a Expr<'a>> = where_clause.iter().copied().collect();
        for join in joins().filter(|join| !is_outer && !has(&join.operator, JoinType::LEFT)) {
            if let Some(JoinConstraint::On(condition)) = &join.constraint {
                conditions.push(condition);
            }
        }
        conditions.into_iter().flat_map(|condition| self.restrictions(condition, scope)).collect()
    }

    /// What `WHEN` restricts its `THEN` to.
    pub fn when_restrictions(
        &mut self,
        base: Option<&'a Expr<'a>>,
        when: &'a Expr<'a>,
        scope: &Rc<Scope<'a>>,
    ) -> Vec<Restriction> {
        match base {
            None => self.restrictions(when, scope),
            Some(base) => self.compared(base, when, scope).into_iter().collect(),
        }
    }

    /// What `ELSE` is restricted to.
    pub fn else_restrictions(
        &mut self,
        base: Option<&'a Expr<'a>>,
        pairs: &'a [(Expr<'a>, Expr<'a>)],
        scope: &Rc<Scope<'a>>,
    ) -> Vec<Restriction> {
        let whens = pairs.iter().flat_map(|(when, _)| self.when_restrictions(base, when, scope));
        whens.map(Restriction::otherwise).collect()
    }

    /// What one part of a condition restricts.
    pub fn restriction(&mut self, part: &'a Expr<'a>, scope: &Rc<Scope<'a>>) -> Option<Restriction> {
        self.deeper(|reader| match part {
            Expr::Parenthesized(inner) if inner.len() == 1 => reader.restriction(&inner[0], scope),
            Expr::Binary(left, Operator::Equals | Operator::Is, right) => {
                reader.compared(left, right, scope).or_else(|| reader.compared(right, left, scope))
            }
            Expr::Binary(left, Operator::NotEquals | Operator::IsNot, right) => {
                let found = reader.compared_to_text(left, right, scope);
                found.or_else(|| reader.compared_to_text(right, left, scope))
            }
            Expr::Binary(_, Operator::Or, _) => {
                let mut parts = parts(part, Operator::Or).into_iter();
                let first = reader.restriction(parts.next()?, scope)?;
                parts.try_fold(first, |found, part| found.or(reader.restriction(part, scope)?))
            }
            Expr::InList { lhs, not, rhs: Some(list) } => reader.listed(lhs, *not, list, scope),
            Expr::Like { lhs, rhs, .. } => reader.compared_to_text(lhs, rhs, scope),
            Expr::Unary(UnaryOperator::Not, inner) => {
                reader.restriction(inner, scope).map(Restriction::otherwise)
            }
            _ => None,
        })
    }

    /// A column that equals a literal, or whose value in some form equals a text.
    fn compared(
        &mut self,
        value: &'a Expr<'a>,
        literal: &'a Expr<'a>,
        scope: &Rc<Scope<'a>>,
    ) -> Option<Restriction> {
        let constant = self.constant(literal, scope)?;
        match self.one_lead(value, scope) {
            Some(lead) => Some(Restriction::new(&lead, vec![constant.value])),
            None => self.compared_to_text(value, literal, scope),
        }
    }

    /// A column that is compared with a text in a way that lists no values.
    fn compared_to_text(
        &mut self,
        value: &'a Expr<'a>,
        literal: &'a Expr<'a>,
        scope: &Rc<Scope<'a>>,
    ) -> Option<Restriction> {
        self.constant(literal, scope).filter(|constant| constant.is_text && !constant.value.is_empty())?;
        self.column_in(value, scope).map(|lead| Restriction::new(&lead, Vec::new()))
    }

    fn listed(
        &mut self,
        value: &'a Expr<'a>,
        not: bool,
        list: &'a [Expr<'a>],
        scope: &Rc<Scope<'a>>,
    ) -> Option<Restriction> {
        let constants: Option<Vec<Constant>> =
            list.iter().map(|literal| self.constant(literal, scope)).collect();
        let constants = constants.filter(|constants| !constants.is_empty())?;
        let is_text = constants.iter().any(|constant| constant.is_text);
        match self.one_lead(value, scope) {
            Some(lead) if !not => {
                Some(Restriction::new(&lead, constants.into_iter().map(|constant| constant.value).collect()))
            }
            _ if is_text => self.column_in(value, scope).map(|lead| Restriction::new(&lead, Vec::new())),
            _ => None,
        }
    }

    /// The value of a literal; a text in double quotes is one where no column has this name.
    pub fn constant(&mut self, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) -> Option<Constant> {
        let number = |value: String| Some(Constant { value, is_text: false });
        self.deeper(|reader| match value {
            Expr::Parenthesized(inner) if inner.len() == 1 => reader.constant(&inner[0], scope),
            Expr::Literal(Literal::String(text)) => Some(Constant { value: unquoted(text), is_text: true }),
            Expr::Literal(Literal::Numeric(text)) => number((*text).to_owned()),
            Expr::Unary(UnaryOperator::Negative, inner) => {
                let constant = reader.constant(inner, scope).filter(|constant| !constant.is_text)?;
                number(format!("-{}", constant.value))
            }
            Expr::Id(name) => {
                let text = unquoted(name.0);
                if reader.unqualified(&text.to_ascii_lowercase(), scope).is_some() {
                    return None;
                }
                match name.0.to_ascii_lowercase().as_str() {
                    "true" => number("1".to_owned()),
                    "false" => number("0".to_owned()),
                    quoted if quoted.starts_with('"') => Some(Constant { value: text, is_text: true }),
                    _ => None,
                }
            }
            _ => None,
        })
    }

    fn one_lead(&mut self, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) -> Option<Lead> {
        let mut leads = self.leads(value, scope);
        if leads.len() == 1 { leads.pop() } else { None }
    }

    /// A column that the value is made of.
    fn column_in(&mut self, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) -> Option<Lead> {
        self.deeper(|reader| {
            let found = reader.leads(value, scope).into_iter().next();
            found.or_else(|| match value {
                Expr::FunctionCall { args: Some(arguments), .. } => {
                    arguments.iter().find_map(|argument| reader.column_in(argument, scope))
                }
                Expr::Parenthesized(inner) => inner.iter().find_map(|part| reader.column_in(part, scope)),
                Expr::Binary(left, _, right) => {
                    reader.column_in(left, scope).or_else(|| reader.column_in(right, scope))
                }
                Expr::Cast { expr, .. } | Expr::Collate(expr, _) | Expr::Unary(_, expr) => {
                    reader.column_in(expr, scope)
                }
                _ => None,
            })
        })
    }
}
