//! By which columns somebody said that rows are known in this run.

use super::field_of;
use crate::document::envelope::Metadata;
use crate::error::{Fault, nearest};

/// Lets items of sections be known by columns too, before all that the document and the settings say: pairs of a section and
/// of columns with commas between them.
pub fn apply(told: &[(String, String)], metadata: &mut Metadata) -> Result<(), Fault> {
    // The first one that was said comes first.
    for (section, columns) in told.iter().rev() {
        let wrong = |message: String| Fault::usage(format!("--match {section}={columns}: {message}"));
        let names: Vec<&str> = metadata.sections.keys().map(String::as_str).collect();
        let Some(at) = names.iter().position(|name| name.eq_ignore_ascii_case(section)) else {
            let message = format!("the document has no section {section:?}");
            return Err(wrong(message).hint(nearest(section, &names)));
        };
        let shape = &mut metadata.sections[at].shape;
        let mut fields: Vec<String> = Vec::new();
        for column in columns.split(',').map(str::trim) {
            let is_it = |field: &&String| field.eq_ignore_ascii_case(column);
            let refers = || shape.references.keys().find(is_it).cloned();
            let Some(field) = field_of(shape, column).or_else(refers).or_else(|| shape.path_below(column))
            else {
                let names: Vec<&str> = shape.columns.keys().map(String::as_str).collect();
                let message = format!("its items have no column {column:?} by which a row could be known");
                return Err(wrong(message).hint(nearest(column, &names)));
            };
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        shape.matches.retain(|known| *known != fields);
        shape.matches.insert(0, fields);
    }
    Ok(())
}
