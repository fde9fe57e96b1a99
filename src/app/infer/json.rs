//! Columns that are written as JSON: texts that hold it, and columns that hold row ids among other things.

use super::Inference;
use crate::app::catalog::TableInfo;
use crate::app::json_path::{self, Step, steps};
use crate::app::meaning::{Place, Reference};
use crate::app::model::{FieldType, JsonColumn, Layout, Shape, TypeColumn};
use crate::config::ReferenceConfig;
use crate::database::affinity::Affinity;
use crate::database::check::text;
use crate::database::quote::{identifier, user_table};
use anyhow::{Context, Result};
use indexmap::IndexMap;

/// The keys in the list that an object becomes whose keys are row ids: of its key, and of what that leads to.
const KEY: &str = "$key";
const VALUE: &str = "$value";

impl Inference<'_> {
    /// The columns that are written as JSON, and the references inside them.
    pub(super) fn read_json(&self, info: &TableInfo, shape: &mut Shape) -> Result<()> {
        let config = self.config(&info.table.name);
        let own = |name: &String| info.table.column(name).map(|column| column.name.clone());
        let configured = config.into_iter().flat_map(|config| config.json.iter().filter_map(own));
        // By id, texts are written as they stand: ids inside mean the same.
        let configured = configured.filter(|_| !self.wanted.by_id);
        let mut columns: IndexMap<String, Vec<&Reference>> =
            configured.map(|name| (name, Vec::new())).collect();
        for reference in self.meaning.references.iter().filter(|reference| reference.table == info.table.name)
        {
            if self.names_inside(reference) && !self.wanted.by_id {
                columns.entry(reference.columns[0].clone()).or_default().push(reference);
            }
        }
        let secrets = self.secrets.get(&info.table.name).cloned().unwrap_or_default();
        // A text that is not said to be JSON is none.
        let texts: Vec<String> =
            secrets.texts.iter().filter(|column| !columns.contains_key(*column)).cloned().collect();
        for column in secrets.json.iter().chain(&texts) {
            columns.entry(column.clone()).or_default();
        }
        let found = self.found_json(info, shape, columns.keys())?;
        for column in &found {
            columns.entry(column.clone()).or_default();
        }
        for (column, references) in columns {
            if shape.columns.get(&column).is_none_or(|_| shape.references.contains_key(&column)) {
                continue;
            }
            let before = shape.columns.insert(column.clone(), FieldType::Json);
            let mut json = self.json_column(info, &column, &references)?;
            if texts.contains(&column) {
                json = JsonColumn { layout: Layout::Text, ..JsonColumn::default() };
            }
            json.found = before.filter(|_| found.contains(&column));
            json.secrets = matches!(json.layout, Layout::Json | Layout::Text) && secrets.are_inside(&column);
            if json.secrets && json.layout == Layout::Json {
                json.not_secret = config.map(|config| config.not_secret.clone()).unwrap_or_default();
            }
            shape.json.insert(column, json);
        }
        Ok(())
    }

    /// Whether a column holds row ids among other things, each of which a document names: by the primary key, which is all
    /// that it says of what they are.
    pub(super) fn names_inside(&self, reference: &Reference) -> bool {
        let is_one = reference.columns.len() == 1
            && self.info(&reference.target).table.primary_key().iter().eq(reference.to.iter());
        match (&reference.place, &reference.when) {
            // Larder's own keys begin so.
            (Place::Whole, Some(_)) => is_one && !reference.target.starts_with('$'),
            (Place::Whole, None) | (Place::List | Place::Json(_), Some(_)) => false,
            (Place::List | Place::Json(_), None) => is_one,
        }
    }

    fn json_column(&self, info: &TableInfo, column: &str, references: &[&Reference]) -> Result<JsonColumn> {
        let mut json = JsonColumn::default();
        let keyed = keyed(references);
        json.keyed = keyed.iter().map(|path| as_listed(path, &keyed)).collect();
        for reference in references {
            let section = self.section_of(&reference.target);
            match (&reference.place, &reference.when) {
                (Place::Whole, Some((types, value))) => {
                    let is_text = info.table.affinity(column) == Affinity::Text;
                    let none = || TypeColumn { column: types.clone(), sections: IndexMap::new(), is_text };
                    json.types.get_or_insert_with(none).sections.insert(value.clone(), section.clone());
                    json.layout = Layout::ByType;
                    json.references.insert(json_path::path(&[Step::Key(section.clone())]), section);
                }
                (Place::List, _) => {
                    json.layout = self.list_layout(info, column)?;
                    for path in crate::app::model::PATHS_OF_LIST {
                        json.references.insert(path.to_owned(), section.clone());
                    }
                }
                (Place::Json(path), _) => {
                    json.references.insert(as_listed(&steps(path), &keyed), section);
                }
                (Place::Whole, None) => {}
            }
        }
        if json.layout == Layout::ByType {
            json.references.sort_keys();
        }
        if json.layout == Layout::Json {
            let style = self.styles(info, column, false)?.unwrap_or_default().style();
            (json.spacing, json.ascii) = (style.spacing, style.ascii);
        }
        Ok(json)
    }

    /// How most texts of a column write several row ids: what the settings say, else what the longest of the first does.
    fn list_layout(&self, info: &TableInfo, column: &str) -> Result<Layout> {
        let config = self.config(&info.table.name);
        let said = config.and_then(|config| {
            config.references.iter().find(|(name, _)| name.eq_ignore_ascii_case(column)).map(|(_, said)| said)
        });
        let sql = format!(
            "SELECT {name} FROM {table} WHERE typeof({name}) = 'text' AND {name} GLOB '*[0-9]*'
             ORDER BY length({name}) DESC, {name} LIMIT 1",
            name = identifier(column),
            table = user_table(&info.table.name),
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let row = rows.next().with_context(|| format!("cannot look at {}.{column}", info.table.name))?;
        let longest = row.map(|row| text(row, 0)).transpose()?.unwrap_or_default();
        let (start, rest) = longest.split_at(longest.find(|c: char| c.is_ascii_digit()).unwrap_or(0));
        let end = rest.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
        let (ids, end) = rest.split_at(end);
        let between = ids.trim_start_matches(|c: char| c.is_ascii_digit());
        let between = &between[..between.find(|c: char| c.is_ascii_digit()).unwrap_or(between.len())];
        let separator = match said {
            Some(ReferenceConfig::List { separator, .. }) => separator.clone(),
            _ if between.is_empty() => ",".to_owned(),
            _ => between.to_owned(),
        };
        Ok(Layout::List { start: start.to_owned(), separator, end: end.to_owned() })
    }
}

/// The objects whose keys are row ids, the outer ones first.
fn keyed(references: &[&Reference]) -> Vec<Vec<Step>> {
    let path = |reference: &&Reference| match &reference.place {
        Place::Json(path) => Some(steps(path)),
        Place::Whole | Place::List => None,
    };
    let mut keyed: Vec<Vec<Step>> = references
        .iter()
        .filter_map(path)
        .filter_map(|mut path| (path.pop() == Some(Step::Keys)).then_some(path))
        .collect();
    keyed.sort_by_key(Vec::len);
    keyed
}

/// A path as it is once the `keyed` objects are lists.
fn as_listed(path: &[Step], keyed: &[Vec<Step>]) -> String {
    let leads_to = |keyed: &Vec<Step>, at: usize| {
        let is_same = |(one, other): (&Step, &Step)| {
            one == other || !matches!(one, Step::Key(_)) && !matches!(other, Step::Key(_))
        };
        keyed.len() == at && keyed.iter().zip(path).all(is_same)
    };
    let mut listed = Vec::new();
    for (at, step) in path.iter().enumerate() {
        let is_keyed = keyed.iter().any(|keyed| leads_to(keyed, at));
        let is_key = *step == Step::Keys && at + 1 == path.len();
        match step {
            Step::Key(_) => listed.push(step.clone()),
            Step::Each | Step::Keys if is_keyed => {
                let part = if is_key { KEY } else { VALUE };
                listed.extend([Step::Each, Step::Key(part.to_owned())]);
            }
            Step::Each | Step::Keys => listed.push(Step::Each),
        }
    }
    json_path::path(&listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_through_the_lists_that_objects_become() {
        let keyed = [steps("decks"), steps("decks.{}.notes")];
        let listed = |path: &str| as_listed(&steps(path), &keyed);
        assert_eq!(listed("decks"), "decks");
        assert_eq!(listed("decks.{}"), "decks[*].$key");
        assert_eq!(listed("decks.{}.id"), "decks[*].$value.id");
        assert_eq!(listed("decks[*].id"), "decks[*].$value.id");
        assert_eq!(listed("decks.{}.notes"), "decks[*].$value.notes");
        assert_eq!(listed("decks.{}.notes.{}"), "decks[*].$value.notes[*].$key");
        assert_eq!(listed("tags.{}.id"), "tags[*].id");
        assert_eq!(listed("tags[*]"), "tags[*]");
    }
}
