//! Which sections of a model are exported, and which of their rows and columns.

mod names;

pub(super) use names::resolved;

use super::closure::Closure;
use super::conditions::Ids;
use super::fields;
use super::times::between;
use crate::app::belonging::{belongings, followers};
use crate::app::model::Shape;
use crate::app::{Model, SectionModel};
use crate::database::condition::check;
use crate::database::quote::user_table;
use crate::error::Fault;
use anyhow::Result;
use chrono::{DateTime, Utc};
use rusqlite::Connection;

/// What is wanted of a model; without anything, all that is exported by default.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Only these sections or groups.
    pub only: Vec<String>,
    /// Not these, nor these children, as `movies.reviews`.
    pub exclude: Vec<String>,
    /// Only these items, each of a section and with a key, and what belongs to them or is referred to by them.
    pub items: Vec<(String, String)>,
    /// Only rows that meet a condition in SQL, by section.
    pub conditions: Vec<(String, String)>,
    /// Only these fields, of a section or of the only one there is; those of its key always come.
    pub columns: Vec<(Option<String>, Vec<String>)>,
    /// Not these columns, as `movies.notes`.
    pub omit: Vec<String>,
    /// Only rows of that time or later, in sections whose settings say what time a row is about.
    pub since: Option<DateTime<Utc>>,
    /// Only rows of before that time.
    pub until: Option<DateTime<Utc>>,
}

impl Choice {
    /// The names of the chosen sections, in the model's order, whose rows and columns are narrowed down to those that are
    /// wanted, and to what those refer to.
    pub fn choose(&self, connection: &Connection, model: &mut Model) -> Result<Vec<String>> {
        let whole = model.clone();
        let exclude = self.exclude(model)?;
        let named = self.named(model, &exclude)?;
        self.narrow_columns(model, &named)?;
        let ids = Ids::of(connection, &whole)?;
        let narrowed = self.narrow_rows(connection, model, &named, &ids)?;
        let chosen = self.close(connection, model, &whole, &named, &narrowed)?;
        // By id, an id in a condition means the same in both databases.
        for name in chosen.iter().filter(|_| !whole.by_id) {
            make_portable(&mut model.sections[name], name, &ids)?;
        }
        self.refuse_nothing(connection, model, &chosen)?;
        if !self.only.is_empty() {
            warn_of_absent(model, &chosen);
        }
        Ok(chosen)
    }

    /// Adds what belongs to chosen rows, or what they refer to. `whole` is the model without what was asked for, and
    /// `narrowed` are the sections of which only some rows were asked for.
    fn close(
        &self,
        connection: &Connection,
        model: &mut Model,
        whole: &Model,
        named: &[String],
        narrowed: &[String],
    ) -> Result<Vec<String>> {
        let along = along(model, named);
        if self.items.is_empty() && along.is_empty() && narrowed.is_empty() {
            return Ok(named.to_vec());
        }
        let kept: Vec<String> = named.iter().chain(&along).cloned().collect();
        let belongings = belongings(connection, &whole.kinds())?;
        let closure = Closure::create(connection, model, whole, &belongings)?;
        let empty = if self.items.is_empty() {
            let followers = followers(&belongings, named, narrowed);
            let leads = |name: &&String| !followers.contains_key(*name);
            closure.seed_all(&named.iter().filter(leads).cloned().collect::<Vec<_>>())?;
            // Sections of which all rows were asked for are as wide as that.
            let open: Vec<String> = narrowed.iter().chain(followers.keys()).chain(&along).cloned().collect();
            while closure.follow_owners(&followers)? + closure.add_referenced(&open)? > 0 {}
            closure.narrow(model, &open, narrowed)?
        } else {
            for (section, key) in &self.items {
                let section = resolved(std::slice::from_ref(section), model)?.remove(0);
                closure.seed_item(&section, key)?;
            }
            closure.add_owned(named)?;
            closure.add_referenced(&kept)?;
            closure.narrow(model, &kept, &[])?
        };
        let is_kept = |name: &&String| kept.contains(name) && !empty.contains(name);
        Ok(model.sections.keys().filter(is_kept).cloned().collect())
    }

    /// Leaves out children that are not wanted. Returns the sections that are not.
    fn exclude(&self, model: &mut Model) -> Result<Vec<String>> {
        let mut sections = Vec::new();
        for name in &self.exclude {
            let is_section =
                matches!(resolved(std::slice::from_ref(name), model), Ok(found) if !found.is_empty());
            if is_section || !fields::leave_out_children(model, name) {
                sections.extend(resolved(std::slice::from_ref(name), model)?);
            }
        }
        Ok(sections)
    }

    /// The sections that are wanted by name, or by default.
    fn named(&self, model: &Model, exclude: &[String]) -> Result<Vec<String>> {
        let only = resolved(&self.only, model)?;
        let is_default = |section: &SectionModel| {
            section.config.include != Some(false) && section.config.default != Some(false)
        };
        // Children that are sections of their own go with their parents.
        let is_wanted = |name: &String| {
            let mut lineage = model.lineage(name);
            !lineage.clone().any(|(name, _)| exclude.contains(name))
                && if only.is_empty() {
                    lineage.all(|(_, section)| is_default(section))
                } else {
                    lineage.any(|(name, _)| only.contains(name))
                }
        };
        let chosen = model.sections.iter().filter(|(name, _)| is_wanted(name));
        Ok(chosen.map(|(name, _)| name.clone()).collect())
    }

    fn narrow_columns(&self, model: &mut Model, named: &[String]) -> Result<()> {
        for (section, columns) in &self.columns {
            fields::keep(model, section.as_deref(), columns, named)?;
        }
        self.omit.iter().try_for_each(|path| fields::omit(model, path))
    }

    /// Narrows sections down to the rows that are asked for. Returns which.
    fn narrow_rows(
        &self,
        connection: &Connection,
        model: &mut Model,
        named: &[String],
        ids: &Ids<'_>,
    ) -> Result<Vec<String>> {
        let mut narrowed = Vec::new();
        for (section, condition) in &self.conditions {
            let section = resolved(std::slice::from_ref(section), model)?.remove(0);
            if !named.contains(&section) {
                return Err(Fault::usage(format!("--where: {section} is not exported")).into());
            }
            let said = format!("--where {section}");
            check(connection, &model.sections[&section].shape.table, &said, condition)?;
            let portable = ids.portable(&said, &model.sections[&section].shape.table, condition)?;
            model.sections[&section].add_filter(&format!("({condition})"), &format!("({portable})"));
            if is_empty(connection, &model.sections[&section])? {
                model.warnings.push(format!("{said}: no row meets {condition}"));
            }
            narrowed.push(section);
        }
        if self.since.is_none() && self.until.is_none() {
            return Ok(narrowed);
        }
        let dated = named.iter().filter_map(|name| Some((name, model.sections[name].config.date.clone()?)));
        let dated: Vec<(String, String)> = dated.map(|(name, column)| (name.clone(), column)).collect();
        if dated.is_empty() {
            return Err(Fault::usage("--since and --until: no section says what time its rows are about")
                .hint("sections.NAME.date = \"COLUMN\" in larder.toml does; updated-at is when a row was changed")
                .into());
        }
        for (name, column) in dated {
            let section = &mut model.sections[&name];
            let condition = between(connection, &section.shape.table, &column, self.since, self.until)?;
            section.add_filter(&condition, &condition);
            narrowed.push(name);
        }
        Ok(narrowed)
    }

    /// An error where something was asked for and there is none of it.
    fn refuse_nothing(&self, connection: &Connection, model: &Model, chosen: &[String]) -> Result<()> {
        let names_sections = !self.only.is_empty() || !self.exclude.is_empty();
        if chosen.is_empty() && names_sections {
            return Err(Fault::usage("no section is left to export").into());
        }
        let is_narrow = !self.items.is_empty()
            || !self.conditions.is_empty()
            || self.since.is_some()
            || self.until.is_some();
        for name in chosen.iter().filter(|_| is_narrow) {
            if !is_empty(connection, &model.sections[name])? {
                return Ok(());
            }
        }
        if is_narrow {
            return Err(Fault::usage("no row is what was asked for: nothing to export")
                .hint("--dry-run shows how many items each section has")
                .into());
        }
        Ok(())
    }
}

/// Whether a section has no rows.
fn is_empty(connection: &Connection, section: &SectionModel) -> Result<bool> {
    let condition = section.condition.as_deref().unwrap_or("1");
    let sql =
        format!("SELECT NOT EXISTS (SELECT 1 FROM {} WHERE {condition})", user_table(&section.shape.table));
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}

/// Warns of what chosen rows refer to, or may refer to, that stays behind and that no key names.
fn warn_of_absent(model: &mut Model, chosen: &[String]) {
    let mut warnings = Vec::new();
    let is_absent = |name: &String| !chosen.contains(name) && model.sections[name].shape.key.is_empty();
    for name in chosen {
        for target in model.targets(name).iter().filter(|target| is_absent(target)) {
            warnings.push(format!(
                "{name} refers to rows of {target} that are not in the document and have no key: --only {target} brings them"
            ));
        }
        let shape = &model.sections[name].shape;
        for doubt in model.meaning.doubts.iter().filter(|doubt| shape.is_within(&doubt.table)) {
            let absent = model.sections.iter().filter(|(target, section)| {
                !chosen.contains(target) && doubt.targets.contains(&section.shape.table)
            });
            let absent: Vec<&str> = absent.map(|(target, _)| target.as_str()).collect();
            if !absent.is_empty() {
                warnings.push(format!(
                    "{}.{} may refer to rows of {}, which are not in the document",
                    doubt.table,
                    doubt.column,
                    absent.join(", ")
                ));
            }
        }
    }
    warnings.sort();
    warnings.dedup();
    model.warnings.extend(warnings);
}

/// Makes the conditions of the settings say the same in every database. Children whose condition cannot do without it.
fn make_portable(section: &mut SectionModel, name: &str, ids: &Ids<'_>) -> Result<()> {
    drop_unportable(&mut section.shape, ids);
    let Some(condition) = &section.config.condition else { return Ok(()) };
    let table = &section.shape.table;
    let portable = ids.portable(&format!("sections.{name}.where"), table, condition)?;
    if let Some(filter) = &section.filter {
        section.filter = Some(filter.replacen(&format!("({condition})"), &format!("({portable})"), 1));
    }
    section.shape.rows = Some(portable);
    Ok(())
}

fn drop_unportable(shape: &mut Shape, ids: &Ids<'_>) {
    for nested in shape.nested.values_mut() {
        let shape = &mut nested.shape;
        let portable = |condition: String| ids.portable("", &shape.table, &condition).ok();
        shape.rows = shape.rows.take().and_then(portable);
        drop_unportable(shape, ids);
    }
}

/// The sections that come along because the items of others refer to theirs by number.
fn along(model: &Model, named: &[String]) -> Vec<String> {
    let mut all: Vec<String> = named.to_vec();
    let mut at = 0;
    while at < all.len() {
        for target in model.targets(&all[at]) {
            if model.sections[&target].shape.ids && !all.contains(&target) {
                all.push(target);
            }
        }
        at += 1;
    }
    all.split_off(named.len())
}
