//! Owned children: rows that go with their parent, that nobody else refers to, and that have no name of their own.

use super::Inference;
use super::keys::Key;
use super::references::Link;
use crate::app::names::{singular, snake};
use crate::config::SectionConfig;
use crate::database::affinity::Affinity;
use crate::database::quote::{identifier, user_table};
use crate::error::Fault;
use anyhow::{Context, Result};

/// The most children that one parent may have for them to be written inside it.
const MOST_CHILDREN: u64 = 100;

/// The most levels that items have: readers of JSON have their limits.
const DEEPEST: usize = 12;

/// Tables whose rows own whole applications, so that what belongs to them is written beside them.
const TENANTS: [&str; 9] =
    ["user", "account", "tenant", "organization", "organisation", "workspace", "team", "member", "owner"];

impl Inference<'_> {
    pub(super) fn find_children(&mut self) -> Result<()> {
        for (parent, config) in &self.rules.sections {
            let table = config.table.as_deref().unwrap_or(parent);
            self.nest_configured(table, config)?;
        }
        for child in self.catalog.tables.keys() {
            if self.config(child).is_none()
                && let Some((parent, at)) = self.owner_of(child)?
            {
                self.children.entry(parent).or_default().push((child.clone(), at));
            }
        }
        self.release_referenced();
        let unsaid = self.unsaid();
        self.warnings.extend(unsaid);
        Ok(())
    }

    /// What is said of references to children that the settings nest: a document names no row inside another.
    fn unsaid(&self) -> Vec<String> {
        let mut unsaid = Vec::new();
        for (table, links) in &self.links {
            let is_left_out = self.config(table).is_some_and(|config| config.include == Some(false));
            if is_left_out || self.is_denied(table) {
                continue;
            }
            for (at, link) in links.iter().enumerate() {
                let nested = self.children.get(&link.parent).into_iter().flatten();
                let is_nest = nested.into_iter().any(|(child, own)| child == table && *own == at);
                let is_first = !links[..at].iter().any(|before| before.has(&link.columns[0]));
                if is_first && !is_nest && self.is_child(&link.parent) {
                    unsaid.push(format!(
                        "{table}.{} is left out: {} is nested, and no document refers to what is nested",
                        link.columns.join("+"),
                        link.parent
                    ));
                }
            }
        }
        unsaid
    }

    /// Nests the children that the configuration names.
    fn nest_configured(&mut self, parent: &str, config: &SectionConfig) -> Result<()> {
        let parent = self.info(parent).table.name.clone();
        for (name, nested) in &config.nest {
            let child = self.info(nested.table.as_deref().unwrap_or(name)).table.name.clone();
            if self.is_denied(&child) {
                continue;
            }
            let links = &self.links[&child];
            let leads = |link: &&Link| link.parent == parent && child != parent;
            let Some(at) = links.iter().position(|link| leads(&link)) else {
                if nested.built_in {
                    continue;
                }
                let message = format!("nest.{name}: {child} does not refer to {parent}");
                let hint = format!("say which column does: nest.{name}.references.COLUMN = {parent:?}");
                return Err(Fault::usage(message).hint(hint).into());
            };
            let (_, orphans) = self.family(&child, &links[at])?;
            if orphans > 0 && nested.built_in {
                // What is built in has not seen these rows: as a section of its own, none is left out.
                continue;
            }
            if orphans > 0 {
                self.warnings.push(format!(
                    "{orphans} rows of {child} belong to no row of {parent}, and are left out"
                ));
            }
            self.children.entry(parent.clone()).or_default().push((child.clone(), at));
            self.nest_configured(&child, nested)?;
        }
        Ok(())
    }

    /// The table whose rows own those of another, and by which link.
    fn owner_of(&self, child: &str) -> Result<Option<(String, usize)>> {
        if self.is_session(child) || self.is_denied(child) {
            return Ok(None);
        }
        let links = &self.links[child];
        let mut owning = links.iter().enumerate().filter(|(_, link)| link.cascades);
        let (Some((at, link)), None) = (owning.next(), owning.next()) else { return Ok(None) };
        let parent = singular(snake(&link.parent).split('_').next_back().unwrap_or_default());
        let is_left_out = self.config(&link.parent).is_some_and(|config| config.include == Some(false));
        if link.parent == child || TENANTS.contains(&parent.as_str()) || is_left_out {
            return Ok(None);
        }
        // Rows that refer to other parents too, as the edges of a graph, say more than what belongs to one.
        let is_between =
            links.iter().enumerate().any(|(other, own)| other != at && own.parent == link.parent);
        if is_between || self.has_a_name_of_its_own(child, link) {
            return Ok(None);
        }
        let (most, orphans) = self.family(child, link)?;
        Ok((orphans == 0 && most <= MOST_CHILDREN).then(|| (link.parent.clone(), at)))
    }

    /// Whether rows are known by more than their place in their parent. An id that is made up says nothing.
    fn has_a_name_of_its_own(&self, child: &str, link: &Link) -> bool {
        let info = self.info(child);
        info.uniques.iter().any(|unique| {
            let names = unique.names();
            let is_made_up = matches!(names.as_slice(), [name] if self.is_made_up(child, name));
            !is_made_up
                && !link
                    .columns
                    .iter()
                    .any(|column| names.iter().any(|name| column.eq_ignore_ascii_case(name)))
        })
    }

    /// Whether a column holds ids that are made up: numbers that the database gave, or texts such as uuids.
    fn is_made_up(&self, table: &str, column: &str) -> bool {
        let declared = self.info(table).table.column(column);
        let is_id = ["id", "uuid", "guid", "ulid", "uid"].contains(&snake(column).as_str());
        self.is_surrogate(table, column)
            || is_id
                && declared.is_some_and(|column| matches!(column.affinity(), Affinity::Text | Affinity::Blob))
    }

    /// The most children of one parent, and how many have none.
    fn family(&self, child: &str, link: &Link) -> Result<(u64, u64)> {
        let table = user_table(child);
        let columns: Vec<String> = link.columns.iter().map(|name| identifier(name)).collect();
        let lost = self.lost(self.info(child), link, "1")?;
        let read = || -> rusqlite::Result<(i64, i64)> {
            let most = format!(
                "SELECT ifnull(max(n), 0) FROM (SELECT count(*) AS n FROM {table} GROUP BY {})",
                columns.join(", ")
            );
            let orphans = format!("SELECT count(*) {lost}");
            let number = |sql: &str| self.connection.query_row(sql, [], |row| row.get(0));
            Ok((number(&most)?, number(&orphans)?))
        };
        let (most, orphans) = read().with_context(|| format!("cannot look for children in {child}"))?;
        Ok((most.unsigned_abs(), orphans.unsigned_abs()))
    }

    /// What others refer to is no child of its parent alone; children of it then are nobody's either, until nothing
    /// changes any more. What the configuration says stays.
    fn release_referenced(&mut self) {
        loop {
            let is_released = |child: &str, parent: &str| {
                let refers = self.links.iter().any(|(table, links)| {
                    let inside =
                        self.children.get(child).is_some_and(|own| own.iter().any(|(name, _)| name == table));
                    !inside && links.iter().any(|link| link.parent == child)
                });
                // What doubtful numbers may mean is named by its own row id.
                let is_meant = self.pinned.contains(child);
                ((refers || is_meant) && self.config(child).is_none())
                    || self.is_inside(parent, child)
                    || self.depth(parent) >= DEEPEST
            };
            let found = self.children.iter().find_map(|(parent, children)| {
                let at = children.iter().position(|(child, _)| is_released(child, parent))?;
                Some((parent.clone(), at))
            });
            match found {
                Some((parent, at)) => {
                    drop(self.children.get_mut(&parent).map(|children| children.remove(at)));
                }
                None => return,
            }
        }
    }

    /// How deep inside others a table is written.
    fn depth(&self, table: &str) -> usize {
        let mut depth = 0;
        let mut inside = table;
        let parent_of = |child: &str| {
            self.children.iter().find(|(_, children)| children.iter().any(|(name, _)| name == child))
        };
        while let Some((parent, _)) = parent_of(inside).filter(|_| depth <= DEEPEST) {
            inside = parent;
            depth += 1;
        }
        depth
    }

    /// Whether a table is written inside another, at any depth.
    fn is_inside(&self, table: &str, owner: &str) -> bool {
        let mut inside = vec![owner.to_owned()];
        let mut seen = Vec::new();
        while let Some(next) = inside.pop() {
            for (child, _) in self.children.get(&next).into_iter().flatten() {
                if child == table {
                    return true;
                }
                if !seen.contains(child) {
                    seen.push(child.clone());
                    inside.push(child.clone());
                }
            }
        }
        false
    }

    /// Whether a table is written inside its parents.
    pub(super) fn is_child(&self, table: &str) -> bool {
        self.children.values().flatten().any(|(child, _)| child == table)
    }

    /// The key of a child within its parent: what is left of a key of which the parent is a part, or a key of its own.
    pub(super) fn key_within(&self, child: &str, link: &Link) -> Vec<String> {
        let rest = |columns: &[String]| -> Option<Vec<String>> {
            let is_whole =
                link.columns.iter().all(|part| columns.contains(part) || self.is_scope(child, part));
            is_whole
                .then(|| columns.iter().filter(|column| !link.columns.contains(column)).cloned().collect())
        };
        let own = match self.keys.get(child) {
            Some(Key::Columns(columns)) => Some(columns.clone()),
            _ => None,
        };
        let through_parent = own.as_deref().and_then(rest);
        let made_up =
            own.as_ref().is_some_and(|own| matches!(own.as_slice(), [name] if self.is_made_up(child, name)));
        let another = || {
            self.info(child).uniques.iter().find_map(|unique| {
                let names: Vec<String> = unique.names().into_iter().map(str::to_owned).collect();
                let is_whole = names
                    .iter()
                    .all(|name| self.info(child).table.column(name).is_some_and(|column| column.not_null))
                    && !names.iter().any(|name| self.has_secrets_inside(child, name));
                rest(&names).filter(|rest| is_whole && !rest.is_empty())
            })
        };
        match (through_parent, own) {
            (Some(rest), _) => rest,
            (None, Some(_)) if made_up && self.config(child).is_none_or(|config| config.key.is_none()) => {
                another().unwrap_or_else(|| self.key_columns(child).unwrap_or_default().to_vec())
            }
            (None, Some(own)) => own,
            (None, None) => Vec::new(),
        }
    }
}
