//! One user's rows of a database of many: those that say whose they are, and those that hang on such rows.

use super::references::Link;
use super::{Inference, Wanted};
use crate::app::catalog::Catalog;
use crate::config::{Rules, ScopeConfig};
use crate::database::check::text;
use crate::database::quote::{identifier, literal, user_table};
use crate::error::Fault;
use anyhow::{Context, Result};
use rusqlite::Connection;

/// The users whom `--scope each` takes, by their names in order: all that have one and meet the condition of the
/// configuration. It is an error where nothing says who the users are.
pub fn users(connection: &Connection, rules: &Rules) -> Result<Vec<String>> {
    let Some(scope) = &rules.scope else {
        return Err(Fault::usage("--scope: nothing says who the users are")
            .hint("[scope] in larder.toml does")
            .into());
    };
    let catalog = Catalog::read(connection)?;
    // What the configuration names must be there.
    Inference::new(connection, rules, &catalog, Wanted::default())?;
    let (table, key) = (user_table(&scope.table), identifier(&scope.key));
    let condition = scope.condition.as_deref().unwrap_or("1");
    let sql = format!(
        "SELECT DISTINCT CAST({key} AS TEXT) COLLATE BINARY FROM {table} WHERE {key} IS NOT NULL AND ({condition}) ORDER BY 1"
    );
    let mut users = connection
        .prepare(&sql)
        .map_err(|error| Fault::usage(format!("scope.where: {error}: {condition}")))?;
    let users = users.query_map([], |row| text(row, 0))?.collect::<rusqlite::Result<_>>();
    users.with_context(|| format!("cannot look for the users in {}", scope.table))
}

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
            user_table(&scope.table),
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
        user_table(&link.parent)
    )
}
