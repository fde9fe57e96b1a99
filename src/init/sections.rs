//! What a table means, as settings and words.

use super::Survey;
use super::draft::{Block, Question, Setting, name, names};
use super::facts::{ColumnFacts, Facts, samples};
use super::reasons::surrogate;
use crate::app::catalog::TableInfo;
use crate::app::model::{Field, FieldType, Shape};
use crate::app::roles;
use crate::app::secrets::is_secret;
use crate::config::quoted;
use crate::database::affinity::Affinity;
use crate::database::quote::{identifier, user_table};
use anyhow::Result;

/// The share of a table's bytes from which a column is worth asking about, in hundredths, and the bytes.
const LARGE_SHARE: u64 = 30;
const LARGE: u64 = 16_000;
/// The bytes from which a column is that is called like one.
const NAMED: u64 = 1_000;

impl Survey<'_> {
    /// The table of settings of a section.
    pub(super) fn section(&self, section: &str, shape: &Shape) -> Result<Block> {
        let info = &self.catalog.tables[&shape.table];
        let mut block = self.block(vec!["sections".to_owned(), section.to_owned()], info, shape)?;
        let key = Self::key_columns(shape);
        if !key.is_empty() {
            block.settings.insert(0, Setting::list("key", &key, "", true));
        }
        let after_key = usize::from(!key.is_empty());
        let others = Self::other_keys(info, shape).into_iter().chain(self.todays_key(info, shape)?);
        block.settings.splice(after_key..after_key, others);
        if roles::is_passing(&shape.table) {
            let why = "By its name, this is what the program keeps for itself: so it is exported only when it is named.";
            block.settings.push(Setting::new(&["default"], "false".to_owned(), why, false));
        }
        Ok(block)
    }

    /// What is said of a section and of children alike.
    fn block(&self, path: Vec<String>, info: &TableInfo, shape: &Shape) -> Result<Block> {
        let facts = &self.facts[&info.table.name];
        let mut why = vec![self.size(facts)];
        why.extend(self.key_reason(info, shape, path.len() > 2)?);
        why.extend(absent(info, shape));
        let mut settings = references(shape);
        settings.extend(secrets(shape));
        settings.extend(self.fetched(info, shape)?);
        settings.extend(self.json_settings(info, shape)?);
        settings.extend(self.dates(info, shape)?);
        let is_said = |doubt: &Setting| {
            settings.iter().any(|own: &Setting| own.name == doubt.name && own.value == doubt.value)
        };
        let doubts: Vec<Setting> = self.doubts(info)?.into_iter().filter(|doubt| !is_said(doubt)).collect();
        settings.extend(doubts);
        let mut block = Block { path, why, active: true, settings, ..Block::default() };
        for nested in shape.nested.values() {
            let child = &nested.shape;
            let mut path = block.path.clone();
            path.extend(["nest".to_owned(), child.table.clone()]);
            let mut inside = self.block(path, &self.catalog.tables[&child.table], child)?;
            let many = if nested.one { "at most one in each" } else { "any number in each" };
            let (table, parent) = (name(&child.table), name(&shape.table));
            let by = names(&nested.parent);
            inside.why.insert(0, format!("{table} belongs to {parent}, by {by}: {many}."));
            if nested.one && child.nested.is_empty() {
                let why = format!("Its fields could stand among those of {parent}.");
                inside.settings.insert(0, Setting::new(&["flatten"], "true".to_owned(), why, false));
            }
            block.inside.push(inside);
        }
        Ok(block)
    }

    fn size(&self, facts: &Facts) -> String {
        let all: u64 = self.facts.values().map(Facts::bytes).sum();
        let bytes = bytesize::ByteSize(facts.bytes()).display().si();
        let rows = if facts.rows == 1 { "row" } else { "rows" };
        format!("{} {rows}, {bytes}: {} of all.", facts.rows, share(facts.bytes(), all))
    }

    /// The columns that may be had again, by their size or their name.
    fn fetched(&self, info: &TableInfo, shape: &Shape) -> Result<Option<Setting>> {
        let facts = &self.facts[&info.table.name];
        let all: u64 = self.facts.values().map(Facts::bytes).sum();
        let is_one = |column: &&String, counted: &ColumnFacts| {
            let is_machine_made = counted.json
                || info.table.column(column).is_some_and(|column| column.affinity() == Affinity::Blob);
            // What people wrote is large too, and cannot be had again.
            let is_large = is_machine_made
                && counted.bytes >= LARGE
                && percent(counted.bytes, facts.bytes()) >= LARGE_SHARE
                && percent(counted.bytes, all) >= 5;
            let is_named_so = roles::is_fetched(column) && counted.bytes >= NAMED;
            let declared = info.table.column(column);
            shape.columns.contains_key(column.as_str())
                && is_column(shape, column)
                && !shape.key.contains(column)
                && declared.is_some_and(|column| !column.not_null || column.default.is_some())
                && (is_large || is_named_so)
        };
        let large: Vec<(&String, &ColumnFacts)> =
            facts.columns.iter().filter(|(column, counted)| is_one(column, counted)).collect();
        if large.is_empty() {
            return Ok(None);
        }
        let said: Vec<String> =
            large.iter().map(|(column, counted)| describe(info, column, counted, facts.bytes())).collect();
        let columns: Vec<String> = large.iter().map(|(column, _)| (*column).clone()).collect();
        let weight = large.iter().map(|(_, counted)| counted.bytes).sum::<u64>();
        let text = format!(
            "{}: {}. Can it be fetched again, so that exports leave it out?",
            name(&info.table.name),
            said.join("; ")
        );
        let samples = samples(self.connection, &info.table.name, &columns)?;
        let question = (weight >= LARGE).then_some(Question { text, samples, weight });
        let why = format!("{}. What can be fetched again need not be exported.", said.join("; "));
        Ok(Some(Setting { question, ..Setting::list("refetch", &columns, why, false) }))
    }

    /// The settings about single columns that their names tell: times, labels, what counts as deleted.
    fn dates(&self, info: &TableInfo, shape: &Shape) -> Result<Vec<Setting>> {
        let facts = &self.facts[&info.table.name];
        let exported = shape.table_columns();
        let stored: Vec<&str> = info.table.stored().filter(|column| exported.contains(column)).collect();
        let has_values = |column: &str| facts.rows == 0 || facts.columns[column].values > 0;
        let mut settings = Vec::new();
        if let Some(column) = roles::deleted(&stored) {
            let deleted = self.deleted(info, column)?;
            let why =
                format!("{deleted} of {} rows would count as deleted, and not be exported.", facts.rows);
            settings.push(Setting::text("soft-delete", column, why, false));
        }
        let updated = roles::updated(&stored);
        settings.extend(updated.map(|column| Setting::text("updated-at", column, "", has_values(column))));
        let date = roles::date(&stored).filter(|column| Some(*column) != updated);
        settings.extend(date.map(|column| Setting::text("date", column, "", has_values(column))));
        let key = Self::key_columns(shape);
        let label = roles::label(&stored, &shape.table).filter(|column| key != [*column]);
        settings.extend(label.map(|column| Setting::text("label", column, "", has_values(column))));
        Ok(settings)
    }

    fn deleted(&self, info: &TableInfo, column: &str) -> Result<i64> {
        let sql = format!(
            "SELECT count(*) FROM {} WHERE NOT ({1} IS NULL OR {1} IN (0, ''))",
            user_table(&info.table.name),
            identifier(column)
        );
        Ok(self.connection.query_row(&sql, [], |row| row.get(0))?)
    }
}

/// References that the schema does not declare.
fn references(shape: &Shape) -> Vec<Setting> {
    let mut settings = Vec::new();
    for reference in shape.references.values().filter(|reference| reference.undeclared) {
        let [column] = reference.columns.as_slice() else { continue };
        let target = name(&reference.section);
        let why = if reference.plain {
            format!("{} holds what rows of {target} are known by, and is written as it is.", name(column))
        } else {
            format!(
                "Not declared, but its name and every value say that {} refers to {target}.",
                name(column)
            )
        };
        let value = quoted(&reference.section);
        settings.push(Setting::new(&["references", column], value, why, !reference.plain));
    }
    settings
}

/// Columns that are secret by their names, and those that may be.
fn secrets(shape: &Shape) -> Vec<Setting> {
    let mut settings = Vec::new();
    if !shape.secret.is_empty() {
        let why = "Not exported, unless --with-secrets asks for it.";
        settings.push(Setting::list("secret", &shape.secret, why, true));
    }
    let may_be = |column: &&str| {
        roles::is_secretive(column)
            && !is_secret(column)
            && shape
                .columns
                .get(*column)
                .is_some_and(|kind| matches!(kind, FieldType::Text | FieldType::Blob))
    };
    let more: Vec<String> = shape.table_columns().into_iter().filter(may_be).map(str::to_owned).collect();
    let more: Vec<String> = more.into_iter().filter(|column| !shape.key.contains(column)).collect();
    if !more.is_empty() && shape.secret.is_empty() {
        settings.push(Setting::list("secret", &more, "This may be a secret, by its name.", false));
    } else if !more.is_empty() {
        // A setting cannot stand twice in a table.
        let why = format!("{}: this may be a secret too, by its name.", names(&more));
        if let Some(setting) = settings.first_mut() {
            setting.why = format!("{} {why}", setting.why);
        }
    }
    settings
}

/// Why some columns are not in a document.
fn absent(info: &TableInfo, shape: &Shape) -> Option<String> {
    let mut said = Vec::new();
    for column in &shape.omitted {
        said.push(if surrogate(info, shape) == Some(column) {
            format!("{} (a number that the database gave)", name(column))
        } else {
            name(column)
        });
    }
    let composed = shape.composed.iter();
    said.extend(
        composed.map(|(column, made)| format!("{} (made of {})", name(column), names(&made.columns))),
    );
    let computed = info.table.columns.iter().filter(|column| column.generated.is_some());
    said.extend(computed.map(|column| format!("{} (computed)", name(&column.name))));
    (!said.is_empty()).then(|| format!("Not exported: {}.", said.join(", ")))
}

/// What a large column holds, in words.
fn describe(info: &TableInfo, column: &str, counted: &ColumnFacts, all: u64) -> String {
    let holds = match () {
        () if counted.json => " and holds JSON",
        () if info.table.column(column).is_some_and(|column| column.affinity() == Affinity::Blob) => {
            " and holds binary data"
        }
        () => "",
    };
    format!("{} is {} of the bytes{holds}", name(column), share(counted.bytes, all))
}

/// Whether a field holds what its column does, as JSON too.
fn is_column(shape: &Shape, name: &str) -> bool {
    match shape.field(name) {
        Field::Column(_) => true,
        Field::Json(_, json) => json.found.is_some(),
        _ => false,
    }
}

/// A share in words.
fn share(part: u64, whole: u64) -> String {
    match percent(part, whole) {
        0 if part > 0 => "less than 1 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

fn percent(part: u64, whole: u64) -> u64 {
    part.saturating_mul(100) / whole.max(1)
}
