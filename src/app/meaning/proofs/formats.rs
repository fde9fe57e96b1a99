//! What file formats and frameworks say in tables of their own.

use crate::app::meaning::facts::ColumnAt;
use crate::app::meaning::inquiry::{Inquiry, Suspicion};
use crate::app::meaning::{Evidence, Place};
use crate::database::check::text;
use crate::database::quote::user_table;
use anyhow::{Context, Result};
use std::collections::BTreeSet;

/// `GeoPackage`'s table of relations, and what it names.
const RELATIONS: &str = "gpkgext_relations";
const RELATED: [&str; 3] = ["base_table_name", "related_table_name", "mapping_table_name"];

/// `GeoPackage`: its table of relations says what mapping tables link.
pub(in crate::app::meaning) fn geopackage(inquiry: &mut Inquiry<'_>) -> Result<()> {
    let Some(relations) = inquiry.facts.table(RELATIONS) else { return Ok(()) };
    if RELATED.iter().any(|name| inquiry.table(relations).column(name).is_none()) {
        return Ok(());
    }
    let read = || -> rusqlite::Result<Vec<[String; 3]>> {
        let [base, related, mapping] = RELATED;
        let sql = format!(
            "SELECT {base}, {related}, {mapping} FROM {}
             WHERE {base} IS NOT NULL AND {related} IS NOT NULL AND {mapping} IS NOT NULL",
            user_table(RELATIONS)
        );
        let mut statement = inquiry.connection.prepare(&sql)?;
        statement.query_map([], |row| Ok([text(row, 0)?, text(row, 1)?, text(row, 2)?]))?.collect()
    };
    for [base, related, mapping] in read().with_context(|| format!("cannot read {RELATIONS}"))? {
        let Some(mapping) = inquiry.facts.table(&mapping) else { continue };
        for (column, target) in [("base_id", base), ("related_id", related)] {
            let column = inquiry.table(mapping).column(column);
            if let (Some(column), Some(target)) = (column, inquiry.facts.table(&target))
                && !inquiry.is_settled((mapping, column))
            {
                inquiry.prove((mapping, column), target, Evidence::Format("GeoPackage".to_owned()));
            }
        }
    }
    Ok(())
}

/// Whether it is a store of Core Data: there, nothing says what its columns refer to, so that any integer may.
pub(in crate::app::meaning) fn core_data(inquiry: &mut Inquiry<'_>) -> bool {
    let is_store = ["Z_PRIMARYKEY", "Z_METADATA"].iter().all(|name| inquiry.facts.table(name).is_some());
    if !is_store {
        return false;
    }
    let objects: BTreeSet<usize> = (0..inquiry.facts.tables.len())
        .filter(|table| inquiry.table(*table).key_name().is_some_and(|key| key.eq_ignore_ascii_case("Z_PK")))
        .filter(|table| inquiry.table(*table).rows > 0)
        .collect();
    let places: Vec<ColumnAt> = inquiry.facts.columns().collect();
    for at in places {
        let column = inquiry.facts.column(at);
        let is_kept_by_it = ["Z_ENT", "Z_OPT"].iter().any(|name| column.name.eq_ignore_ascii_case(name));
        let is_own = inquiry.table(at.0).key == Some(at.1);
        if is_kept_by_it || is_own || inquiry.is_settled(at) || !column.is_integer() {
            continue;
        }
        let numbers = &column.values.numbers;
        let held: BTreeSet<usize> =
            objects.iter().copied().filter(|table| inquiry.fit(numbers, *table).found > 0).collect();
        let (place, why) = (Place::Whole, "Core Data".to_owned());
        inquiry.add_suspicion(Suspicion { at, place, targets: held, is_vague: true, when: None, why });
    }
    true
}
