//! The users of a database of many, and the columns that say whose a row is.

use super::{Inference, Wanted};
use crate::app::catalog::Catalog;
use crate::app::known::InForce;
use crate::config::Rules;
use crate::database::check::text;
use crate::database::quote::{identifier, user_table};
use crate::error::Fault;
use anyhow::{Context, Result};
use rusqlite::Connection;

/// The users whom `--scope each` takes, by their names in order: all that have one and meet the condition of the
/// configuration. It is an error where nothing says who the users are.
pub fn users(connection: &Connection, rules: &Rules) -> Result<Vec<String>> {
    let rules = &InForce::of(connection, rules)?.rules;
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
        self.owner_column(table).is_some_and(|owner| owner.eq_ignore_ascii_case(column))
    }
}
