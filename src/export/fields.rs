//! Which fields of items are exported.

use super::choice::resolved;
use crate::app::Model;
use crate::app::model::{Field, Shape};
use crate::error::{Fault, nearest};
use anyhow::Result;

/// Leaves out all fields of a section but these and those of its key. Without a section, of the only one of `named`.
pub(super) fn keep(
    model: &mut Model,
    section: Option<&str>,
    fields: &[String],
    named: &[String],
) -> Result<()> {
    let section = match (section, named) {
        (Some(section), _) => resolved(&[section.to_owned()], model)?.remove(0),
        (None, [only]) => only.clone(),
        (None, _) => {
            return Err(Fault::usage("--columns: there are several sections")
                .hint("--columns SECTION=COLUMN,…, or --only SECTION")
                .into());
        }
    };
    let shape = &mut model.sections[&section].shape;
    let names: Vec<&str> = shape.columns.keys().map(String::as_str).collect();
    if let Some(unknown) = fields.iter().find(|field| !names.contains(&field.as_str())) {
        return Err(unknown_field("--columns", &section, unknown, &names).into());
    }
    shape.keep_only(fields);
    Ok(())
}

/// Leaves out the children that a path such as `movies.reviews` names: an import does not touch those that there are.
/// Nothing where the path names no children, so that it may mean something else.
pub(super) fn leave_out_children(model: &mut Model, path: &str) -> bool {
    let Some((shape, child)) = inside(model, path) else { return false };
    let known = shape.nested.keys().find(|name| name.eq_ignore_ascii_case(child)).cloned();
    let known = known.or_else(|| {
        let of_table = shape.nested.iter().find(|(_, nested)| nested.shape.table.eq_ignore_ascii_case(child));
        of_table.map(|(name, _)| name.clone())
    });
    let Some(nested) = known.and_then(|name| shape.nested.shift_remove_entry(&name)) else { return false };
    let (name, nested) = nested;
    if nested.flattened.is_empty() {
        shape.columns.shift_remove(&name);
    }
    for field in nested.flattened.keys() {
        shape.columns.shift_remove(field);
    }
    true
}

/// Leaves out a column, or the field that is made of it, of a section or of children: `movies.notes`.
pub(super) fn omit(model: &mut Model, path: &str) -> Result<()> {
    let names: Vec<String> = model.sections.keys().cloned().collect();
    let Some((shape, column)) = inside(model, path) else {
        let section = path.split('.').next().unwrap_or_default();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        return Err(Fault::usage(format!("--omit {path}: there is no section {section:?}"))
            .hint(format!("--omit SECTION.COLUMN; {}", nearest(section, &names)))
            .into());
    };
    let Some(field) = field_of(shape, column) else {
        let is_left_out = [&shape.omitted, &shape.refetch, &shape.secret]
            .into_iter()
            .flatten()
            .any(|name| name.eq_ignore_ascii_case(column));
        if is_left_out {
            return Ok(());
        }
        let names: Vec<&str> = shape.columns.keys().map(String::as_str).collect();
        return Err(unknown_field(
            "--omit",
            path.trim_end_matches(column).trim_end_matches('.'),
            column,
            &names,
        )
        .into());
    };
    if shape.key.contains(&field) {
        return Err(Fault::usage(format!(
            "--omit {path}: it is a part of the key, by which items are known"
        ))
        .hint("choose another key in larder.toml: key = […]")
        .into());
    }
    shape.drop_field(&field);
    Ok(())
}

fn unknown_field(option: &str, of: &str, field: &str, names: &[&str]) -> Fault {
    Fault::usage(format!("{option}: {of} has no field {field:?}")).hint(nearest(field, names))
}

/// The field that is called so, or that is made of the column that is.
fn field_of(shape: &Shape, column: &str) -> Option<String> {
    let is_of = |name: &String| match shape.field(name) {
        Field::Reference(reference) => reference.columns.iter().any(|own| own.eq_ignore_ascii_case(column)),
        _ => false,
    };
    let named = shape.columns.keys().find(|name| name.eq_ignore_ascii_case(column));
    named.or_else(|| shape.columns.keys().find(|name| is_of(name))).cloned()
}

/// The shape that the last part of a path is about, and that part; nothing where the path leads nowhere.
fn inside<'m, 'p>(model: &'m mut Model, path: &'p str) -> Option<(&'m mut Shape, &'p str)> {
    // A section's name may have dots itself.
    let ends = path.match_indices('.').map(|(at, _)| at);
    let is_section = |at: &usize| model.sections.keys().any(|name| name.eq_ignore_ascii_case(&path[..*at]));
    let end = ends.rev().find(is_section)?;
    let name = model.sections.keys().find(|name| name.eq_ignore_ascii_case(&path[..end]))?.clone();
    let mut shape = &mut model.sections[&name].shape;
    let mut rest = &path[end + 1..];
    while let Some((child, below)) = rest.split_once('.') {
        let child = shape.nested.keys().find(|name| name.eq_ignore_ascii_case(child))?.clone();
        shape = &mut shape.nested[&child].shape;
        rest = below;
    }
    Some((shape, rest))
}
