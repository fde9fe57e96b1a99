//! Which columns of tables an expression takes its value from, unchanged.

use super::conditions::Restriction;
use super::names::{folded, name};
use super::outputs::add_leads;
use super::reader::Reader;
use super::scope::{Lead, Scope};
use sqlite3_parser::ast::{As, Expr, ResultColumn, UnaryOperator};
use std::rc::Rc;

impl<'a> Reader<'a> {
    /// The columns that the value of an expression can come from.
    pub fn leads(&mut self, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) -> Vec<Lead> {
        self.deeper(|reader| match value {
            Expr::Id(column) => reader.unqualified(&folded(column.0), scope).unwrap_or_default(),
            Expr::Name(column) => reader.unqualified(&name(column), scope).unwrap_or_default(),
            Expr::Qualified(source, column) | Expr::DoublyQualified(_, source, column) => {
                qualified(&name(source), &name(column), scope)
            }
            Expr::Cast { expr, .. } | Expr::Collate(expr, _) | Expr::Unary(UnaryOperator::Positive, expr) => {
                reader.leads(expr, scope)
            }
            Expr::Parenthesized(values) if values.len() == 1 => reader.leads(&values[0], scope),
            Expr::Subquery(select) => {
                let outputs = reader.outputs(select, scope);
                let is_value = outputs.is_complete && outputs.columns.len() == 1;
                if is_value { outputs.columns[0].leads.clone() } else { Vec::new() }
            }
            Expr::Case { base, when_then_pairs, else_expr } => {
                reader.case(*base, when_then_pairs, *else_expr, scope)
            }
            Expr::FunctionCall { name, args: Some(arguments), .. } => {
                reader.function(&folded(name.0), arguments, scope)
            }
            _ => Vec::new(),
        })
    }

    /// The columns of each value of a row: `(a, b)`, or a select of several columns.
    pub fn row_leads(&mut self, value: &'a Expr<'a>, scope: &Rc<Scope<'a>>) -> Vec<Vec<Lead>> {
        self.deeper(|reader| match value {
            Expr::Parenthesized(values) if values.len() == 1 => reader.row_leads(&values[0], scope),
            Expr::Parenthesized(values) => values.iter().map(|value| reader.leads(value, scope)).collect(),
            Expr::Subquery(select) => {
                let outputs = reader.outputs(select, scope);
                if outputs.is_complete {
                    outputs.columns.iter().map(|output| output.leads.clone()).collect()
                } else {
                    Vec::new()
                }
            }
            _ => vec![reader.leads(value, scope)],
        })
    }

    /// Where an unqualified name leads; nothing if nothing has this name.
    pub fn unqualified(&mut self, column: &str, scope: &Rc<Scope<'a>>) -> Option<Vec<Lead>> {
        let mut place = Some(scope);
        while let Some(here) = place {
            let result = || here.results.iter().find_map(|result| result_called(result, column));
            if let Some(found) = here.unqualified(column) {
                return Some(found);
            } else if let Some(value) = result() {
                return Some(self.leads(value, here));
            }
            place = here.outer.as_ref();
        }
        None
    }

    fn case(
        &mut self,
        base: Option<&'a Expr<'a>>,
        pairs: &'a [(Expr<'a>, Expr<'a>)],
        otherwise: Option<&'a Expr<'a>>,
        scope: &Rc<Scope<'a>>,
    ) -> Vec<Lead> {
        let mut found = Vec::new();
        for (when, then) in pairs {
            let restrictions = self.when_restrictions(base, when, scope);
            self.add_branch(&mut found, then, &restrictions, scope);
        }
        if let Some(otherwise) = otherwise {
            let restrictions = self.else_restrictions(base, pairs, scope);
            self.add_branch(&mut found, otherwise, &restrictions, scope);
        }
        found
    }

    fn add_branch(
        &mut self,
        found: &mut Vec<Lead>,
        value: &'a Expr<'a>,
        restrictions: &[Restriction],
        scope: &Rc<Scope<'a>>,
    ) {
        let mut leads = self.leads(value, scope);
        for lead in &mut leads {
            lead.restrict(restrictions);
        }
        add_leads(found, leads);
    }

    /// Functions that give one of their arguments back.
    fn function(&mut self, name: &str, arguments: &'a [Expr<'a>], scope: &Rc<Scope<'a>>) -> Vec<Lead> {
        let passed = match name {
            "coalesce" | "ifnull" | "min" | "max" => arguments,
            "nullif" | "likely" | "unlikely" | "likelihood" => &arguments[..arguments.len().min(1)],
            "iif" | "if" => return self.iif(arguments, scope),
            "first_value" | "last_value" | "nth_value" | "lag" | "lead" => {
                &arguments[..arguments.len().min(1)]
            }
            _ => return Vec::new(),
        };
        let mut found = Vec::new();
        for value in passed {
            let leads = self.leads(value, scope);
            add_leads(&mut found, leads);
        }
        found
    }

    /// `iif(a, x, b, y, z)` is `CASE WHEN a THEN x WHEN b THEN y ELSE z END`.
    fn iif(&mut self, arguments: &'a [Expr<'a>], scope: &Rc<Scope<'a>>) -> Vec<Lead> {
        let mut found = Vec::new();
        let mut before = Vec::new();
        for pair in arguments.chunks(2) {
            if let [when, then] = pair {
                let restrictions = self.when_restrictions(None, when, scope);
                self.add_branch(&mut found, then, &restrictions, scope);
                before.extend(restrictions.into_iter().map(Restriction::otherwise));
            } else {
                self.add_branch(&mut found, &pair[0], &before, scope);
            }
        }
        found
    }
}

/// Where a name with its source leads.
fn qualified(source: &str, column: &str, scope: &Rc<Scope<'_>>) -> Vec<Lead> {
    let mut place = Some(scope);
    while let Some(here) = place {
        if let Some(found) = here.qualified(source, column) {
            return found;
        }
        place = here.outer.as_ref();
    }
    Vec::new()
}

/// The expression of a result column with this alias.
fn result_called<'a>(result: &'a ResultColumn<'a>, column: &str) -> Option<&'a Expr<'a>> {
    match result {
        ResultColumn::Expr(value, Some(As::As(alias) | As::Elided(alias))) if name(alias) == column => {
            Some(value)
        }
        _ => None,
    }
}
