//! From a schema, the data and the configuration to one model.

mod access;
mod by_id;
mod composed;
mod fields;
mod found_json;
mod json;
mod keys;
mod links;
mod nesting;
mod references;
mod referred;
mod rules;
mod scope;
mod secrets;
mod shapes;
mod told;
pub(super) mod version;

pub use keys::is_place;
pub use scope::users;

use super::belonging::Sections;
use super::catalog::{Catalog, TableInfo};
use super::left_out::{self, Why};
use super::meaning::Meaning;
use super::model::{Composed, Shape};
use crate::config::{Rules, SectionConfig};
use crate::database::quote::identifier;
use crate::database::schema::Column;
use access::Access;
use anyhow::Result;
use by_id::Families;
use indexmap::IndexMap;
use keys::Key;
use references::Link;
use rusqlite::Connection;
use secrets::Secrets;
use std::collections::{HashMap, HashSet};

/// What a database means.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Its sections; what is referred to comes before what refers to it.
    pub sections: IndexMap<String, SectionModel>,
    /// Tables that are left out, and why.
    pub left_out: IndexMap<String, Why>,
    /// What was inferred and should be known.
    pub notes: Vec<String>,
    /// What may be wrong.
    pub warnings: Vec<String>,
    /// What the numbers in it mean.
    pub meaning: Meaning,
    /// Secrets that are left out: the table, and what people read: columns, rows by their key, members of JSON.
    pub secrets: Vec<(String, String)>,
    /// The version of the schema, where a migration tool keeps one.
    pub schema_version: Option<String>,
    /// Whether rows are known by their ids, each table a section of its own.
    pub by_id: bool,
}

/// A section.
#[derive(Debug, Clone)]
pub struct SectionModel {
    /// What its items are.
    pub shape: Shape,
    /// The condition that its rows meet, in SQL.
    pub condition: Option<String>,
    /// The part of the condition that somebody asked for: not whose rows they are, nor which items were named.
    pub filter: Option<String>,
    /// Whether only chosen items are taken, which no condition tells.
    pub partial: bool,
    /// What the configuration says of it.
    pub config: SectionConfig,
    /// The sections whose rows its rows go with, and by which columns.
    pub owners: Vec<Owner>,
    /// Where rows are known by their ids: the section whose children these rows are.
    pub within: Option<String>,
}

/// Rows that others go with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The columns that refer to them.
    pub columns: Vec<String>,
    /// Their section.
    pub section: String,
    /// The columns of its table.
    pub to: Vec<String>,
}

/// What a model is inferred for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Whose rows, by the key of the scope.
    pub scope: Option<&'a str>,
    /// Whether secret columns are wanted too.
    pub secrets: bool,
    /// Whether columns that can be fetched again are wanted too.
    pub refetch: bool,
    /// Whether rows are known by their ids, as those of another state of the same database.
    pub by_id: bool,
}

impl SectionModel {
    /// Its rows meet one more condition in SQL.
    pub fn add_condition(&mut self, condition: &str) {
        self.condition = Some(and(self.condition.take(), condition));
    }

    /// Somebody asked for rows that meet one more condition in SQL, which says the same in every database as `filter`.
    pub fn add_filter(&mut self, condition: &str, filter: &str) {
        self.add_condition(condition);
        self.filter = Some(and(self.filter.take(), filter));
    }
}

fn and(before: Option<String>, condition: &str) -> String {
    before.map_or_else(|| condition.to_owned(), |before| format!("{before} AND {condition}"))
}

impl Model {
    /// The sections that the items of a section refer to.
    pub fn targets(&self, section: &str) -> Vec<String> {
        let mut targets = Vec::new();
        if let Some(section) = self.sections.get(section) {
            section.shape.collect_targets(&mut targets);
        }
        targets.retain(|target| self.sections.contains_key(target));
        targets
    }

    /// The shapes of its sections, and whose rows their rows go with.
    pub fn kinds(&self) -> Sections<'_> {
        let kind = |(name, section)| -> (&str, (&Shape, &[Owner])) {
            let (name, section): (&String, &SectionModel) = (name, section);
            (name, (&section.shape, &section.owners))
        };
        self.sections.iter().map(kind).collect()
    }

    /// A section, and where rows are known by their ids those whose children they are, from within outwards.
    pub fn lineage<'a>(
        &'a self,
        section: &str,
    ) -> impl Iterator<Item = (&'a String, &'a SectionModel)> + Clone {
        let parent = move |known: &(&'a String, &'a SectionModel)| {
            self.sections.get_key_value(known.1.within.as_ref()?)
        };
        std::iter::successors(self.sections.get_key_value(section), parent).take(self.sections.len())
    }

    /// Infers the model of a database.
    pub fn infer(connection: &Connection, rules: &Rules, wanted: Wanted<'_>) -> Result<Self> {
        let catalog = Catalog::read(connection)?;
        let mut inference = Inference::new(connection, rules, &catalog, wanted)?;
        inference.find_secrets()?;
        inference.find_meaning()?;
        inference.find_links();
        inference.find_access()?;
        inference.find_composed()?;
        inference.find_keys()?;
        inference.find_children()?;
        inference.find_referred()?;
        if wanted.by_id {
            inference.know_by_id()?;
        }
        inference.into_model()
    }
}

/// What is known so far.
struct Inference<'a> {
    connection: &'a Connection,
    rules: &'a Rules,
    catalog: &'a Catalog,
    wanted: Wanted<'a>,
    /// What its numbers mean.
    meaning: Meaning,
    /// The column of each table that is a number which the database gave.
    surrogates: HashMap<String, String>,
    /// Tables whose rows keep their numbers because of doubts.
    pinned: HashSet<String>,
    /// Columns whose numbers may mean rows: they are no part of a key.
    doubted: HashSet<(String, String)>,
    links: IndexMap<String, Vec<Link>>,
    composed: HashMap<String, IndexMap<String, Composed>>,
    keys: HashMap<String, Key>,
    /// The child tables of each table, by the place of their link among the child's.
    children: IndexMap<String, Vec<(String, usize)>>,
    /// What was known of children, where rows are known by their ids.
    families: Families,
    /// Whose the rows of each table are, where those of one user are wanted.
    access: HashMap<String, Access>,
    /// The conditions that rows meet which rows of the user's refer to.
    referred: HashMap<String, String>,
    /// The secrets of each table; nothing where they are wanted.
    secrets: HashMap<String, Secrets>,
    notes: Vec<String>,
    warnings: Vec<String>,
}

impl<'a> Inference<'a> {
    fn new(
        connection: &'a Connection,
        rules: &'a Rules,
        catalog: &'a Catalog,
        wanted: Wanted<'a>,
    ) -> Result<Self> {
        let inference = Self {
            connection,
            rules,
            catalog,
            wanted,
            meaning: Meaning::default(),
            surrogates: HashMap::new(),
            pinned: HashSet::new(),
            doubted: HashSet::new(),
            links: IndexMap::new(),
            composed: HashMap::new(),
            keys: HashMap::new(),
            children: IndexMap::new(),
            families: Families::default(),
            access: HashMap::new(),
            referred: HashMap::new(),
            secrets: HashMap::new(),
            notes: Vec::new(),
            warnings: Vec::new(),
        };
        inference.check_rules()?;
        Ok(inference)
    }

    /// What the configuration says of a table, as a section or as a child.
    fn config(&self, table: &str) -> Option<&'a SectionConfig> {
        fn find<'c>(sections: &'c IndexMap<String, SectionConfig>, table: &str) -> Option<&'c SectionConfig> {
            sections.iter().find_map(|(name, config)| {
                let own = config.table.as_deref().unwrap_or(name).eq_ignore_ascii_case(table);
                if own { Some(config) } else { find(&config.nest, table) }
            })
        }
        find(&self.rules.sections, table)
    }

    /// The section of a table.
    fn section_of(&self, table: &str) -> String {
        let configured = self
            .rules
            .sections
            .iter()
            .find(|(name, config)| config.table.as_deref().unwrap_or(name).eq_ignore_ascii_case(table));
        configured.map_or_else(|| table.to_owned(), |(name, _)| name.clone())
    }

    /// The table of a section.
    fn table_of(&self, section: &str) -> Option<&'a TableInfo> {
        let configured = self.rules.sections.get(section).and_then(|config| config.table.as_deref());
        self.catalog.table(configured.unwrap_or(section))
    }

    /// Whether a table keeps log-in sessions, which nobody asked for.
    fn is_session(&self, table: &str) -> bool {
        let info = self.info(table);
        let columns: Vec<&str> = info.table.columns.iter().map(|column| column.name.as_str()).collect();
        let is_wanted = self.config(table).is_some_and(|config| config.include == Some(true));
        !self.wanted.secrets && !is_wanted && left_out::is_session(table, &columns)
    }

    fn info(&self, table: &str) -> &'a TableInfo {
        self.catalog.table(table).expect("it is one of the catalog's")
    }

    /// The version of the schema: what the configuration's query says, else where a migration tool keeps one.
    fn schema_version(&self) -> Result<Option<String>> {
        match &self.rules.schema_version {
            Some(sql) => version::ask(self.connection, version::SCHEMA_VERSION, sql),
            None => self.catalog.schema_version(self.connection),
        }
    }

    /// Whether a column is a number that the database gave to its own row.
    fn is_surrogate(&self, table: &str, column: &str) -> bool {
        self.surrogates.get(table).is_some_and(|own| own.eq_ignore_ascii_case(column))
    }

    /// Whether a column holds numbers that may mean rows, so that it is no part of a key.
    fn is_doubted(&self, table: &str, column: &str) -> bool {
        self.doubted.contains(&(table.to_owned(), column.to_owned()))
    }

    /// Whether a column is left out of documents, whatever it holds.
    fn is_withheld(&self, table: &str, column: &Column) -> bool {
        let named = |columns: &[String]| columns.iter().any(|name| name.eq_ignore_ascii_case(&column.name));
        let config = self.config(table);
        let refers_to_secret = self.links.get(table).into_iter().flatten().any(|link| {
            let to =
                link.columns.iter().zip(&link.to).filter(|(own, _)| own.eq_ignore_ascii_case(&column.name));
            to.map(|(_, to)| to).any(|to| self.is_secret(&link.parent, to))
        });
        column.generated.is_some()
            || refers_to_secret
            || self.is_secret(table, &column.name)
            || config
                .is_some_and(|config| named(&config.omit) || !self.wanted.refetch && named(&config.refetch))
            || self.composed.get(table).is_some_and(|composed| composed.contains_key(&column.name))
    }

    /// Whether a document has a column without some of what it holds, so that it is no part of a key.
    fn has_secrets_inside(&self, table: &str, column: &str) -> bool {
        self.secrets.get(table).is_some_and(|secrets| secrets.are_inside(column))
    }

    fn is_secret(&self, table: &str, column: &str) -> bool {
        self.secrets.get(table).is_some_and(|secrets| secrets.has(column))
    }

    /// The condition that the configuration sets for the rows of a table.
    fn filter(&self, table: &str) -> Option<String> {
        let config = self.config(table)?;
        let mut conditions: Vec<String> = Vec::new();
        conditions.extend(config.condition.iter().map(|condition| format!("({condition})")));
        let kept = |column: &String| format!("({0} IS NULL OR {0} IN (0, ''))", identifier(column));
        conditions.extend(config.soft_delete.as_ref().map(kept));
        (!conditions.is_empty()).then(|| conditions.join(" AND "))
    }

    /// The condition that the rows of a table meet.
    fn condition(&self, table: &str) -> Option<String> {
        let mut conditions: Vec<String> = self.filter(table).into_iter().collect();
        conditions.extend(self.not_secret_rows(table));
        conditions.extend(self.access_condition(table, &mut Vec::new()));
        (!conditions.is_empty()).then(|| conditions.join(" AND "))
    }
}
