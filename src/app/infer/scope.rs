//! One user's rows of a database of many: those that say whose they are, and those that hang on such rows.

use super::Inference;
use super::references::Link;
use crate::config::ScopeConfig;
use crate::database::quote::{identifier, literal};

impl Inference<'_> {
    /// Whether a column says whose a row is.
    pub(super) fn is_scope(&self, table: &str, column: &str) -> bool {
        let scope = self.rules.scope.as_ref().filter(|_| self.wanted.scope.is_some());
        scope.is_some_and(|scope| {
            scope.column.eq_ignore_ascii_case(column) && !scope.table.eq_ignore_ascii_case(table)
        })
    }

    /// The condition that the rows of one user meet; nothing for a table that is everybody's. `open` are the tables that
    /// led here: a circle of them says nothing more.
    pub(super) fn scope_condition(
        &self,
        table: &str,
        scope: &ScopeConfig,
        value: &str,
        open: &mut Vec<String>,
    ) -> Option<String> {
        let is_named = format!("{} = {}", identifier(&scope.key), literal(value));
        if scope.table.eq_ignore_ascii_case(table) {
            return Some(is_named);
        }
        let users = self.catalog.table(&scope.table)?;
        let Some(column) = self.info(table).table.column(&scope.column) else {
            return self.hangs_on(table, scope, value, open);
        };
        Some(format!(
            "{} = (SELECT {} FROM {} WHERE {is_named})",
            identifier(&column.name),
            identifier(&users.table.primary_key().join("")),
            identifier(&scope.table),
        ))
    }

    /// The condition that rows which do not say whose they are refer to nobody else's: what another user's row is about
    /// is that user's too. Children go with their parent anyway.
    fn hangs_on(
        &self,
        table: &str,
        scope: &ScopeConfig,
        value: &str,
        open: &mut Vec<String>,
    ) -> Option<String> {
        let mut conditions = Vec::new();
        let links = self.links.get(table).filter(|_| !self.is_child(table));
        for link in links.into_iter().flatten() {
            let is_users = scope.table.eq_ignore_ascii_case(&link.parent);
            if is_users || open.contains(&link.parent) {
                continue;
            }
            open.push(link.parent.clone());
            conditions.extend(
                self.scope_condition(&link.parent, scope, value, open).map(|own| is_among(link, &own)),
            );
            open.pop();
        }
        (!conditions.is_empty()).then(|| conditions.join(" AND "))
    }
}

/// The condition that rows refer to nothing, or to a row that meets a condition.
fn is_among(link: &Link, condition: &str) -> String {
    let list = |names: &[String]| names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(", ");
    let none: Vec<String> = link.columns.iter().map(|name| format!("{} IS NULL", identifier(name))).collect();
    format!(
        "({} OR ({}) IN (SELECT {} FROM {} WHERE {condition}))",
        none.join(" OR "),
        list(&link.columns),
        list(&link.to),
        identifier(&link.parent)
    )
}
