//! What triggers delete together with a row.

use super::conditions::conjuncts;
use super::definitions::Trigger;
use super::reader::Reader;
use super::scope::Scope;
use super::{Condition, Owned, SqlColumn};
use crate::app::catalog::Catalog;
use indexmap::IndexSet;
use sqlite3_parser::ast::{Expr, Operator, TriggerCmd, TriggerEvent};
use std::rc::Rc;

/// Adds what a trigger deletes together with a row: `DELETE FROM pages WHERE book = OLD.id`.
///
/// Whatever else it asks for must be a comparison with literals: rows that go only if nobody else needs them are no
/// part of the row.
pub fn deletions<'a>(
    reader: &mut Reader<'a>,
    catalog: &Catalog,
    trigger: &Trigger<'a>,
    found: &mut IndexSet<Owned>,
) {
    if !matches!(trigger.event, TriggerEvent::Delete) {
        return;
    }
    let outer = reader.trigger(trigger);
    let when = match trigger.when {
        None => Vec::new(),
        Some(when) => match conditions(reader, conjuncts(when), &outer.scope) {
            Some(conditions) => conditions,
            None => return,
        },
    };
    for command in trigger.commands {
        let TriggerCmd::Delete { tbl_name, where_clause: Some(condition) } = command else { continue };
        let target = reader.target(tbl_name);
        let instance = target.instance;
        let scope = Scope { sources: vec![target], outer: Some(Rc::clone(&outer.scope)), ..Scope::default() };
        let scope = Rc::new(scope);
        let Some(pair) = owned(reader, condition, (&scope, instance), outer.old) else { continue };
        let (child, parent, beside) = pair;
        if is_key(catalog, &parent) {
            let conditions = when.iter().cloned().chain(beside).collect();
            let origin = format!("trigger {}", trigger.name);
            found.insert(Owned { child, parent, conditions, origin });
        }
    }
}

/// The column that equals one of the deleted row, that one, and what else holds.
fn owned<'a>(
    reader: &mut Reader<'a>,
    condition: &'a Expr<'a>,
    (scope, target): (&Rc<Scope<'a>>, usize),
    old: usize,
) -> Option<(SqlColumn, SqlColumn, Vec<Condition>)> {
    let mut pairs = Vec::new();
    let mut beside = Vec::new();
    for part in conjuncts(condition) {
        match pair(reader, part, scope, target, old) {
            Some(pair) => pairs.push(pair),
            None => beside.push(part),
        }
    }
    let [(child, parent)] = <[_; 1]>::try_from(pairs).ok()?;
    Some((child, parent, conditions(reader, beside, scope)?))
}

/// `book = OLD.id`, either way round.
fn pair<'a>(
    reader: &mut Reader<'a>,
    part: &'a Expr<'a>,
    scope: &Rc<Scope<'a>>,
    target: usize,
    old: usize,
) -> Option<(SqlColumn, SqlColumn)> {
    let Expr::Binary(left, Operator::Equals | Operator::Is, right) = part else { return None };
    let sides = [reader.leads(left, scope), reader.leads(right, scope)];
    let find = |instance: usize| {
        let mut found = sides.iter().filter_map(|leads| match leads.as_slice() {
            [lead] if lead.instance == instance => Some(SqlColumn::clone(&lead.column)),
            _ => None,
        });
        found.next()
    };
    Some((find(target)?, find(old)?))
}

/// The parts as conditions; nothing if one of them is something else.
fn conditions<'a>(
    reader: &mut Reader<'a>,
    parts: Vec<&'a Expr<'a>>,
    scope: &Rc<Scope<'a>>,
) -> Option<Vec<Condition>> {
    parts.into_iter().map(|part| reader.restriction(part, scope).map(|found| found.condition)).collect()
}

/// Whether a row of the table is known by the column.
fn is_key(catalog: &Catalog, column: &SqlColumn) -> bool {
    catalog.tables.get(&column.table).is_some_and(|info| {
        let is_rowid = info.table.rowid_name().is_some_and(|own| own.eq_ignore_ascii_case(&column.column));
        is_rowid || info.is_unique_in(std::slice::from_ref(&column.column))
    })
}
