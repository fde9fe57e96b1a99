//! Doubts that the settings of the database settle: a number that refers to nothing is written as it stands, and one that
//! refers to a section is a reference by the row id that its item had.

use crate::app::json_path;
use crate::app::model::{FieldType, Reference, Shape};
use crate::config::{ALL_OTHERS, ReferenceConfig, Rules, SectionConfig};
use crate::document::envelope::{Doubt, Metadata};
use crate::document::id_type::plain_number;
use crate::document::json::{ROW, key_of};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

/// Columns that are references by the row id of an item: the table, the column, and the section.
#[derive(Debug, Clone, Default)]
pub struct Settled {
    columns: Vec<(String, String, String)>,
}

impl Settled {
    /// Takes the doubts out of a document that the settings settle.
    pub fn apply(rules: &Rules, metadata: &mut Metadata) -> Self {
        let mut settled = Self::default();
        for doubt in std::mem::take(&mut metadata.doubts) {
            let section = match config_of(&rules.sections, &doubt).map(|config| said(config, &doubt)) {
                Some(Some(ReferenceConfig::Nothing)) => continue,
                Some(Some(said)) if is_nothing_for(said, &doubt) => continue,
                // What the doubt does not list has no witnesses.
                Some(Some(ReferenceConfig::Section(section)))
                    if is_one_number(&doubt) && doubt.sections.contains(section) =>
                {
                    section
                }
                _ => {
                    metadata.doubts.push(doubt);
                    continue;
                }
            };
            let Some(row) = metadata.shape(section).and_then(|shape| shape.row.clone()) else {
                metadata.doubts.push(doubt);
                continue;
            };
            let (section, column) = (section.clone(), doubt.column.clone());
            let mut is_known = false;
            for shape in metadata.sections.values_mut().map(|section| &mut section.shape) {
                is_known |= refers(shape, &doubt, &section, &row.column);
            }
            if is_known {
                settled.columns.push((doubt.table.clone(), column, section));
            } else {
                metadata.doubts.push(doubt);
            }
        }
        settled
    }

    /// Whether nothing is settled.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Makes references of the numbers of an item.
    pub fn refer(&self, shape: &Shape, item: &mut Map<String, Json>) {
        for (_, column, _) in self.columns.iter().filter(|(table, ..)| *table == shape.table) {
            if let Some(value) = item.get_mut(key_of(column).as_ref())
                && let Some(number) = value.as_i64().or_else(|| plain_number(value.as_str()?))
            {
                *value = Json::Object(Map::from_iter([(ROW.to_owned(), Json::from(number))]));
            }
        }
        for (field, nested) in &shape.nested {
            match item.get_mut(key_of(field).as_ref()) {
                Some(Json::Array(children)) => {
                    children
                        .iter_mut()
                        .filter_map(Json::as_object_mut)
                        .for_each(|child| self.refer(&nested.shape, child));
                }
                Some(Json::Object(child)) => self.refer(&nested.shape, child),
                _ => {}
            }
        }
    }
}

/// Makes a reference of a doubtful column wherever it is in a shape.
fn refers(shape: &mut Shape, doubt: &Doubt, section: &str, to: &str) -> bool {
    let mut is_known = false;
    if shape.table == doubt.table && shape.columns.contains_key(&doubt.column) {
        let reference = Reference {
            columns: vec![doubt.column.clone()],
            section: section.to_owned(),
            to: vec![to.to_owned()],
            plain: false,
            undeclared: true,
            required: false,
            lost: 0,
        };
        shape.columns.insert(doubt.column.clone(), FieldType::Json);
        shape.references.insert(doubt.column.clone(), reference);
        is_known = true;
    }
    for nested in shape.nested.values_mut() {
        is_known |= refers(&mut nested.shape, doubt, section, to);
    }
    is_known
}

/// Whether the column holds one number in every row.
fn is_one_number(doubt: &Doubt) -> bool {
    doubt.path.is_none() && !doubt.list && doubt.when.is_none()
}

/// Whether the rows that a doubt is about refer to nothing.
fn is_nothing_for(said: &ReferenceConfig, doubt: &Doubt) -> bool {
    match (said, &doubt.when) {
        (ReferenceConfig::ByType { column, sections }, Some((by, value))) => {
            column.eq_ignore_ascii_case(by) && sections.get(value) == Some(&None)
        }
        _ => false,
    }
}

fn said<'c>(config: &'c SectionConfig, doubt: &Doubt) -> Option<&'c ReferenceConfig> {
    let place = json_path::place(&doubt.column, doubt.path.as_deref().unwrap_or_default());
    let own = config.references.iter().find(|(name, _)| is_same(name, &place, &doubt.column));
    own.map(|(_, said)| said).or_else(|| config.references.get(ALL_OTHERS))
}

/// Whether a setting is about a place: names of columns are the same in whatever case, and those inside JSON are not.
fn is_same(name: &str, place: &str, column: &str) -> bool {
    let start = name.get(..column.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(column))
        && name[column.len()..] == place[column.len()..]
}

/// What the settings say of the table of a doubt, as a section or as a child.
fn config_of<'c>(sections: &'c IndexMap<String, SectionConfig>, doubt: &Doubt) -> Option<&'c SectionConfig> {
    sections.iter().find_map(|(name, config)| {
        let is_own = config.table.as_deref().unwrap_or(name).eq_ignore_ascii_case(&doubt.table);
        if is_own { Some(config) } else { config_of(&config.nest, doubt) }
    })
}
