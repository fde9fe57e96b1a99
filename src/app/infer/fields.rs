//! Which fields the columns of a table make, and what they are called.

use super::Inference;
use super::references::Link;
use crate::app::catalog::TableInfo;
use crate::app::model::{FieldType, Reference};
use crate::app::names::{reference_field, reference_stem, singular};
use crate::database::schema::Column;
use indexmap::IndexMap;

/// What the fields of a table are called.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields {
    /// Every field with its type, in order.
    pub(super) types: IndexMap<String, FieldType>,
    pub(super) references: IndexMap<String, Reference>,
    /// The field that each column is in.
    pub(super) of_column: IndexMap<String, String>,
}

impl Inference<'_> {
    /// The fields of a table's columns.
    pub(super) fn fields(&self, info: &TableInfo, parent: Option<&Link>) -> Fields {
        let columns: Vec<&Column> = info.table.columns.iter().collect();
        self.fields_of(&columns, info, parent)
    }

    /// The fields of some of a table's columns.
    fn fields_of(&self, columns: &[&Column], info: &TableInfo, parent: Option<&Link>) -> Fields {
        let table = &info.table.name;
        let mut fields = Fields::default();
        for column in columns {
            let name = &column.name;
            let is_parent = parent.is_some_and(|link| link.has(name));
            if is_parent
                || fields.of_column.contains_key(name)
                || self.is_withheld(table, column)
                || self.is_scope(table, name)
            {
                continue;
            }
            let link = self.links[table].iter().find(|link| link.has(name));
            match link.filter(|link| !self.wanted.by_id && !self.is_plain(link)) {
                Some(link) => self.add_reference(info, link, &mut fields),
                None if self.is_surrogate(table, name) => {}
                None => {
                    if let Some(link) = link.filter(|link| self.is_named_by_column(link)) {
                        fields.references.insert(name.clone(), self.reference(info, link, true));
                    }
                    fields.types.insert(name.clone(), FieldType::of(column));
                    fields.of_column.insert(name.clone(), name.clone());
                }
            }
        }
        fields
    }

    /// Adds the field of a reference that is not written as it is.
    fn add_reference(&self, info: &TableInfo, link: &Link, fields: &mut Fields) {
        let table = &info.table.name;
        let columns = self.columns_of(link);
        let withheld =
            |name: &String| info.table.column(name).is_none_or(|column| self.is_withheld(table, column));
        if columns.iter().any(withheld) || self.is_child(&link.parent) {
            return;
        }
        let own = &columns[0];
        let (proposed, field_type) = match self.key_type(&link.parent).as_slice() {
            [(key, field_type)] if columns.len() == 1 => (reference_field(own, key), *field_type),
            _ if columns.len() == 1 => (reference_stem(own).to_owned(), FieldType::Json),
            _ => (singular(&self.section_of(&link.parent)), FieldType::Json),
        };
        let is_taken = |name: &str| {
            fields.types.contains_key(name)
                || info.table.columns.iter().any(|column| {
                    column.name.eq_ignore_ascii_case(name) && !columns.iter().any(|own| own == &column.name)
                })
        };
        let field = if is_taken(&proposed) { format!("{own}_ref") } else { proposed };
        for column in &columns {
            fields.of_column.insert(column.clone(), field.clone());
        }
        fields.types.insert(field.clone(), field_type);
        fields.references.insert(field, self.reference(info, link, false));
    }

    fn reference(&self, info: &TableInfo, link: &Link, plain: bool) -> Reference {
        let kept = |(column, to): (&String, &String)| {
            (!self.is_scope_of_link(link, column)).then(|| (column.clone(), to.clone()))
        };
        let (columns, to): (Vec<String>, Vec<String>) =
            link.columns.iter().zip(&link.to).filter_map(kept).unzip();
        let section = self.section_of(&link.parent);
        let takes_no_null = |name: &String| info.table.column(name).is_some_and(|column| column.not_null);
        let required = columns.iter().any(takes_no_null);
        Reference { columns, section, to, plain, undeclared: link.undeclared, required, lost: 0 }
    }

    /// The columns of a link without the one that says whose the row is.
    pub(super) fn columns_of(&self, link: &Link) -> Vec<String> {
        link.columns.iter().filter(|column| !self.is_scope_of_link(link, column)).cloned().collect()
    }

    /// Whether a column of a link to other rows of the same owner says whose they are.
    fn is_scope_of_link(&self, link: &Link, column: &str) -> bool {
        link.columns.len() > 1 && self.is_scope("", column)
    }

    /// Whether what a link holds is the natural key of what it refers to.
    fn is_plain(&self, link: &Link) -> bool {
        let parent = &link.parent;
        let is_number = |to: &String| self.is_surrogate(parent, to);
        let leads_on = |to: &String| {
            self.links[parent]
                .iter()
                .any(|own| own.has(to) && own != link && !self.is_plain_within(own, link))
        };
        if link.to.iter().any(|to| is_number(to) || leads_on(to)) {
            return false;
        }
        match self.key_columns(parent) {
            Some(key) => key.iter().all(|column| link.to.contains(column)),
            None => true,
        }
    }

    /// The same, where one link led to another: a circle of them is plain.
    fn is_plain_within(&self, link: &Link, before: &Link) -> bool {
        link.parent == before.parent || !link.to.iter().any(|to| self.is_surrogate(&link.parent, to))
    }

    /// Whether the one column of a link names what it refers to: by an id, that is by the whole of it.
    fn is_named_by_column(&self, link: &Link) -> bool {
        let is_id = || self.key_columns(&link.parent).is_some_and(|key| key == link.to);
        self.columns_of(link).len() == 1 && (!self.wanted.by_id || is_id())
    }

    /// The fields of a table's key, with their types.
    fn key_type(&self, table: &str) -> Vec<(String, FieldType)> {
        let Some(key) = self.key_columns(table) else { return Vec::new() };
        let info = self.info(table);
        // No key leads back to its own table, as what else refers to it may.
        let columns: Vec<&Column> = key.iter().filter_map(|name| info.table.column(name)).collect();
        let fields = self.fields_of(&columns, info, None);
        let mut found: Vec<(String, FieldType)> = Vec::new();
        for column in key {
            if let Some(field) = fields.of_column.get(column)
                && !found.iter().any(|(name, _)| name == field)
            {
                found.push((field.clone(), fields.types[field].in_key()));
            }
        }
        found
    }
}
