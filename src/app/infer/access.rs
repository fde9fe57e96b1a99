//! Whose the rows of tables are, for an export of one user's: what nobody says is the user's is left out.

use super::Inference;
use super::references::Link;
use crate::app::catalog::TableInfo;
use crate::app::names::snake;
use crate::app::roles::USER_KEYS;
use crate::config::{ScopeConfig, SectionConfig, key};
use crate::database::affinity::Affinity;
use crate::database::quote::{identifier, literal, user_table};
use crate::database::schema::Column;
use anyhow::{Context, Result};

/// Which rows of a table go into an export of one user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Access {
    /// Those that meet a condition: the user's own, and the user's row itself.
    Own(String),
    /// Those that refer to rows of the user's, and to nobody else's.
    Hanging,
    /// All.
    Shared,
    /// Those that rows of the user's refer to.
    Referred,
    /// None; the settings of which one decides.
    Denied(Vec<String>),
}

impl Inference<'_> {
    /// Finds out whose the rows of tables are, where those of one user are wanted.
    pub(super) fn find_access(&mut self) -> Result<()> {
        let (Some(scope), Some(value)) = (self.rules.scope.as_ref(), self.wanted.scope) else {
            return Ok(());
        };
        for (name, info) in &self.catalog.tables {
            if let Some(access) = self.own_access(info, scope, value)? {
                self.access.insert(name.clone(), access);
            }
        }
        self.spread_access(scope);
        for name in self
            .catalog
            .tables
            .keys()
            .filter(|name| !self.access.contains_key(*name))
            .cloned()
            .collect::<Vec<_>>()
        {
            self.access.insert(name, Access::Referred);
        }
        Ok(())
    }

    /// What a table says by itself.
    fn own_access(&self, info: &TableInfo, scope: &ScopeConfig, value: &str) -> Result<Option<Access>> {
        let table = &info.table.name;
        let named = format!("{} = {}", identifier(&scope.key), literal(value));
        if scope.table.eq_ignore_ascii_case(table) {
            return Ok(Some(Access::Own(named)));
        }
        let config = self.config(table).cloned().unwrap_or_default();
        if config.shared {
            return Ok(Some(Access::Shared));
        }
        let owner = config.owner.as_deref().unwrap_or(&scope.column);
        if let Some(column) = info.table.column(owner) {
            return Ok(self.owned_by(info, column, scope, &named, &config).map(Access::Own));
        }
        let paths = self.paths_to_users(info, scope)?;
        if paths.is_empty() {
            return Ok(None);
        }
        Ok(Some(Access::Denied(self.settings_for(table, &paths))))
    }

    /// The condition that a column says that a row is the user's; nothing where it refers to something else that may be.
    fn owned_by(
        &self,
        info: &TableInfo,
        column: &Column,
        scope: &ScopeConfig,
        named: &str,
        config: &SectionConfig,
    ) -> Option<String> {
        let users = self.info(&scope.table);
        let own = identifier(&column.name);
        let from = user_table(&users.table.name);
        let link = self.links[&info.table.name].iter().find(|link| link.has(&column.name));
        if config.owner.is_some() && link.is_some_and(|link| link.parent != users.table.name) {
            return None;
        }
        if config.owner.is_some() && link.is_none() && column.affinity() == Affinity::Text {
            let keys: Vec<String> = Self::names_of_users(users, scope)
                .iter()
                .map(|key| format!("SELECT CAST({} AS TEXT) FROM {from} WHERE {named}", identifier(key)))
                .collect();
            return Some(format!("{own} IN ({})", keys.join(" UNION ALL ")));
        }
        let to = link
            .filter(|link| link.columns.len() == 1)
            .map_or_else(|| users.table.primary_key().join(""), |link| link.to[0].clone());
        Some(format!("{own} = (SELECT {} FROM {from} WHERE {named})", identifier(&to)))
    }

    /// The columns by which users are known, as texts.
    fn names_of_users(users: &TableInfo, scope: &ScopeConfig) -> Vec<String> {
        let is_name = |column: &&Column| {
            column.name.eq_ignore_ascii_case(&scope.key)
                || column.affinity() == Affinity::Text && USER_KEYS.contains(&snake(&column.name).as_str())
        };
        users.table.columns.iter().filter(is_name).map(|column| column.name.clone()).collect()
    }

    /// The columns of a table that lead to users, or may: by a reference, by names of theirs, by a doubt.
    fn paths_to_users(&self, info: &TableInfo, scope: &ScopeConfig) -> Result<Vec<String>> {
        let table = &info.table.name;
        let users = self.info(&scope.table);
        let is_users = |name: &str| name == users.table.name;
        let references =
            self.meaning.references.iter().filter(|own| own.table == *table && is_users(&own.target));
        let doubts = self
            .meaning
            .doubts
            .iter()
            .filter(|own| own.table == *table && own.targets.contains(&users.table.name));
        let mut paths: Vec<String> = references.flat_map(|own| own.columns.clone()).collect();
        paths.extend(doubts.map(|own| own.column.clone()));
        let keys = Self::names_of_users(users, scope);
        for column in info.table.columns.iter().filter(|column| column.generated.is_none()) {
            if column.affinity() == Affinity::Text
                && !paths.contains(&column.name)
                && self.names_users(info, column, users, &keys)?
            {
                paths.push(column.name.clone());
            }
        }
        let mut seen = Vec::new();
        paths.retain(|path| {
            !seen.contains(path) && {
                seen.push(path.clone());
                true
            }
        });
        Ok(paths)
    }

    /// Whether more than half of the texts of a column are names of users.
    fn names_users(
        &self,
        info: &TableInfo,
        column: &Column,
        users: &TableInfo,
        keys: &[String],
    ) -> Result<bool> {
        if keys.is_empty() {
            return Ok(false);
        }
        let names: Vec<String> = keys
            .iter()
            .map(|key| {
                format!("SELECT CAST({} AS TEXT) FROM {}", identifier(key), user_table(&users.table.name))
            })
            .collect();
        let sql = format!(
            "SELECT count(*) > 0 AND total(v IN ({})) * 2 > count(*) FROM (SELECT DISTINCT {own} AS v FROM {} WHERE {own} IS NOT NULL AND {own} <> '')",
            names.join(" UNION ALL "),
            user_table(&info.table.name),
            own = identifier(&column.name),
        );
        self.connection
            .query_row(&sql, [], |row| row.get(0))
            .with_context(|| format!("cannot compare {}.{} with the users", info.table.name, column.name))
    }

    /// Rows that refer to owned ones are owned, too; those of a table that hangs on one that is left out stay out with it.
    fn spread_access(&mut self, scope: &ScopeConfig) {
        loop {
            let mut found = Vec::new();
            for table in self.catalog.tables.keys().filter(|table| !self.access.contains_key(*table)) {
                let parents = || self.owning_links(table, scope).map(|link| self.access.get(&link.parent));
                if parents().any(|parent| matches!(parent, Some(Access::Own(_) | Access::Hanging))) {
                    found.push((table.clone(), Access::Hanging));
                }
            }
            if found.is_empty() {
                break;
            }
            self.access.extend(found);
        }
        loop {
            let mut found = Vec::new();
            for table in self.catalog.tables.keys().filter(|table| !self.access.contains_key(*table)) {
                let denied: Vec<String> = self
                    .owning_links(table, scope)
                    .filter(|link| matches!(self.access.get(&link.parent), Some(Access::Denied(_))))
                    .map(|link| link.columns[0].clone())
                    .collect();
                if !denied.is_empty() {
                    found.push((table.clone(), Access::Denied(self.settings_for(table, &denied))));
                }
            }
            if found.is_empty() {
                return;
            }
            self.access.extend(found);
        }
    }

    /// The links of a table to others but the users': only the one that is said to own its rows, where one is.
    fn owning_links(&self, table: &str, scope: &ScopeConfig) -> impl Iterator<Item = &Link> {
        let owner = self.config(table).and_then(|config| config.owner.clone());
        let (table, users) = (table.to_owned(), scope.table.clone());
        let links = self.links.get(&table).map(Vec::as_slice).unwrap_or_default();
        links.iter().filter(move |link| {
            link.parent != table
                && !link.parent.eq_ignore_ascii_case(&users)
                && owner.as_ref().is_none_or(|owner| link.has(owner))
        })
    }

    /// The lines of the settings of which one says whose the rows of a table are.
    pub(super) fn settings_for(&self, table: &str, columns: &[String]) -> Vec<String> {
        let section = key(&self.section_of(table));
        let owner = |column: &String| format!("sections.{section}.owner = \"{column}\"");
        columns.iter().map(owner).chain([format!("sections.{section}.shared = true")]).collect()
    }

    /// Says which tables are left out because nothing says whose their rows are, and what would.
    pub(super) fn tell_denied(&mut self) {
        for table in self.catalog.tables.keys() {
            let Some(Access::Denied(settings)) = self.access.get(table) else { continue };
            if self.config(table).is_none_or(|config| config.include.is_none()) {
                self.warnings.push(format!(
                    "{table} is left out: nothing says that its rows are the user's (in larder.toml: {})",
                    settings.join(" or ")
                ));
            }
        }
    }

    /// Whether nothing of a table goes into the export.
    pub(super) fn is_denied(&self, table: &str) -> bool {
        matches!(self.access.get(table), Some(Access::Denied(_)))
    }

    /// The column of a table that says whose a row is, which a document lacks and an import fills in.
    pub(super) fn owner_column(&self, table: &str) -> Option<&str> {
        let scope = self.rules.scope.as_ref().filter(|_| self.wanted.scope.is_some())?;
        if scope.table.eq_ignore_ascii_case(table) {
            return None;
        }
        let Some(owner) = self.config(table).and_then(|config| config.owner.as_deref()) else {
            return Some(&scope.column);
        };
        let column = self.catalog.table(table)?.table.column(owner)?;
        let link = self.links.get(table).and_then(|links| links.iter().find(|link| link.has(owner)));
        let is_users = match link {
            Some(link) => {
                link.parent.eq_ignore_ascii_case(&scope.table)
                    && self.info(&scope.table).table.primary_key() == link.to
            }
            None => column.affinity() != Affinity::Text,
        };
        is_users.then_some(owner)
    }

    /// The condition that the rows of a table meet which may go in; nothing where all may, or where others decide.
    pub(super) fn access_condition(&self, table: &str, open: &mut Vec<String>) -> Option<String> {
        let scope = self.rules.scope.as_ref().filter(|_| self.wanted.scope.is_some())?;
        match self.access.get(table)? {
            Access::Own(condition) => Some(condition.clone()),
            Access::Hanging if !self.is_child(table) => self.hanging(table, scope, open),
            Access::Referred => self.referred.get(table).cloned(),
            Access::Hanging | Access::Shared | Access::Denied(_) => None,
        }
    }

    /// The condition that rows refer to one of the user's at least, and to nobody else's. `open` are the tables that led
    /// here: a circle of them says nothing more.
    fn hanging(&self, table: &str, scope: &ScopeConfig, open: &mut Vec<String>) -> Option<String> {
        let mut conditions = Vec::new();
        let mut some = Vec::new();
        open.push(table.to_owned());
        for link in self.owning_links(table, scope) {
            let none: Vec<String> =
                link.columns.iter().map(|name| format!("{} IS NULL", identifier(name))).collect();
            let none = none.join(" OR ");
            match self.access.get(&link.parent) {
                Some(Access::Own(_) | Access::Hanging) if !open.contains(&link.parent) => {
                    let own = self.access_condition(&link.parent, open).unwrap_or_else(|| "1".to_owned());
                    conditions.push(format!("({none} OR {})", self.is_among(link, &own)));
                    some.push(format!("NOT ({none})"));
                }
                Some(Access::Denied(_)) => conditions.push(format!("({none})")),
                _ => {}
            }
        }
        open.pop();
        if !some.is_empty() {
            conditions.push(format!("({})", some.join(" OR ")));
        }
        if conditions.is_empty() {
            return None;
        }
        let own = conditions.join(" AND ");
        // What is nobody's goes in where the user's rows refer to it.
        Some(self.referred.get(table).map_or(own.clone(), |referred| format!("({own} OR {referred})")))
    }

    /// The condition that rows refer to nobody's rows.
    pub(super) fn nobodys(&self, table: &str) -> String {
        let Some(scope) = &self.rules.scope else { return "1".to_owned() };
        let is_none = |name: &String| format!("{} IS NULL", identifier(name));
        let links = self.owning_links(table, scope).filter(|link| {
            matches!(
                self.access.get(&link.parent),
                Some(Access::Own(_) | Access::Hanging | Access::Denied(_))
            )
        });
        let conditions: Vec<String> = links
            .map(|link| format!("({})", link.columns.iter().map(is_none).collect::<Vec<_>>().join(" OR ")))
            .collect();
        if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") }
    }

    /// The condition that rows refer to a row that meets a condition, as the columns that are referred to compare.
    pub(super) fn is_among(&self, link: &Link, condition: &str) -> String {
        let parent = &self.info(&link.parent).table;
        let compared = |(own, to): (&String, &String)| {
            let collation = parent.column(to).map_or("BINARY", |column| &column.collation);
            format!("{} COLLATE {}", identifier(own), identifier(collation))
        };
        let own: Vec<String> = link.columns.iter().zip(&link.to).map(compared).collect();
        let to: Vec<String> = link.to.iter().map(|name| identifier(name)).collect();
        format!(
            "({}) IN (SELECT {} FROM {} WHERE {condition})",
            own.join(", "),
            to.join(", "),
            user_table(&link.parent)
        )
    }
}
