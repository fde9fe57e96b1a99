//! What a document says of its sections, in the names of the database.

use super::{Mapping, Renames};
use crate::app::model::{Nested, Shape};
use crate::document::envelope::Metadata;
use indexmap::IndexMap;

impl Mapping {
    /// Puts the names of the database into what a document says of its sections.
    pub fn apply(&self, metadata: &mut Metadata) {
        for (section, renames) in &self.renames {
            self.apply_to_scope(section, renames, metadata);
        }
        let sections = metadata.sections.iter_mut().map(|(name, section)| (name, &mut section.shape));
        for (name, shape) in sections.chain(&mut metadata.referenced) {
            if let Some(renames) = self.renames.get(name) {
                renames.apply(shape);
            }
            self.follow(shape);
        }
    }

    /// The columns of other sections that references lead to.
    fn follow(&self, shape: &mut Shape) {
        for reference in shape.references.values_mut() {
            if let Some(renames) = self.renames.get(&reference.section) {
                renames.rename_columns(&mut reference.to);
            }
        }
        shape.nested.values_mut().for_each(|nested| self.follow(&mut nested.shape));
    }

    /// The table of the users.
    fn apply_to_scope(&self, section: &str, renames: &Renames, metadata: &mut Metadata) {
        let Some(scope) = &mut metadata.scope else { return };
        if !self.shapes[section].table.eq_ignore_ascii_case(&scope.table) {
            return;
        }
        for column in [&mut scope.key, &mut scope.id] {
            *column = renames.column(column).to_owned();
        }
        if let Some(table) = &renames.table {
            scope.table.clone_from(table);
        }
    }
}

impl Renames {
    fn rename_columns(&self, columns: &mut [String]) {
        for column in columns {
            *column = self.column(column).to_owned();
        }
    }

    /// Puts the new names into a shape, and leaves out what is left out.
    fn apply(&self, shape: &mut Shape) {
        self.drop_left_out(shape);
        let before = shape.clone();
        let field = |name: &str| self.field(&before, name).to_owned();
        if let Some(table) = &self.table {
            shape.table.clone_from(table);
        }
        shape.columns = renamed(std::mem::take(&mut shape.columns), field);
        shape.json = renamed(std::mem::take(&mut shape.json), field);
        shape.references = renamed(std::mem::take(&mut shape.references), field);
        let lists = shape
            .matches
            .iter_mut()
            .flatten()
            .chain(&mut shape.key)
            .chain(&mut shape.null_fields)
            .chain(&mut shape.caption);
        for name in lists.chain(&mut shape.label).chain(&mut shape.updated_at).chain(&mut shape.rename) {
            *name = field(name);
        }
        shape.references.values_mut().for_each(|reference| self.rename_columns(&mut reference.columns));
        for list in [&mut shape.omitted, &mut shape.refetch, &mut shape.secret] {
            self.rename_columns(list);
        }
        self.rename_columns(shape.scope.as_mut_slice());
        shape.composed = renamed(std::mem::take(&mut shape.composed), |name| self.column(name).to_owned());
        shape.composed.values_mut().for_each(|composed| self.rename_columns(&mut composed.columns));
        for (name, nested) in &mut shape.nested {
            self.rename_columns(&mut nested.to);
            if let Some(renames) = self.children.get(name) {
                let before = nested.shape.clone();
                renames.apply_to_children(nested);
                for field in shape.matches.iter_mut().flatten() {
                    if let Some(column) =
                        field.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix('.'))
                    {
                        *field = format!("{name}.{}", renames.field(&before, column));
                    }
                }
            }
        }
        let mut matches = std::mem::take(&mut shape.matches);
        matches.retain(|fields| {
            fields.iter().all(|name| shape.columns.contains_key(name) || shape.below(name).is_some())
        });
        shape.matches = matches;
    }

    fn apply_to_children(&self, nested: &mut Nested) {
        let before = nested.shape.clone();
        self.apply(&mut nested.shape);
        self.rename_columns(&mut nested.parent);
        nested.flattened.retain(|_, field| !self.left_out.contains(field.as_str()));
        for field in nested.flattened.values_mut() {
            *field = self.field(&before, field).to_owned();
        }
    }

    fn drop_left_out(&self, shape: &mut Shape) {
        let stays = |name: &String| !self.left_out.contains(name);
        shape.columns.retain(|name, _| stays(name));
        shape.references.retain(|name, _| stays(name));
        shape.json.retain(|name, _| stays(name));
        shape.matches.retain(|fields| fields.iter().all(stays));
        shape.label.retain(stays);
        shape.null_fields.retain(stays);
        shape.caption.retain(stays);
        for role in [&mut shape.updated_at, &mut shape.rename] {
            role.take_if(|name| !stays(name));
        }
        for list in [&mut shape.omitted, &mut shape.refetch, &mut shape.secret] {
            list.retain(stays);
        }
        shape.composed.retain(|name, composed| stays(name) && composed.columns.iter().all(stays));
        shape.nested.retain(|name, _| stays(name));
        for nested in shape.nested.values_mut().filter(|nested| !nested.flattened.is_empty()) {
            nested.flattened.retain(|name, _| stays(name));
            // Without a field it could not be told from children of their own.
            if nested.flattened.is_empty() {
                nested.shape.columns.clear();
            }
        }
        let is_empty = |nested: &Nested| nested.one && nested.shape.columns.is_empty();
        let columns = &shape.columns;
        shape.nested.retain(|name, nested| columns.contains_key(name) || !is_empty(nested));
    }
}

/// A map whose keys have new names, in the same order.
fn renamed<V>(map: IndexMap<String, V>, name: impl Fn(&str) -> String) -> IndexMap<String, V> {
    map.into_iter().map(|(key, value)| (name(&key), value)).collect()
}
