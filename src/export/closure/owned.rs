//! Rows that belong to chosen ones: they come with an item, and follow what was narrowed down.

use super::{CHOSEN, Closure, OWNER, ROW, level, refers};
use crate::app::belonging::Belonging;
use crate::database::quote::{identifier, user_table};
use anyhow::Result;
use indexmap::IndexMap;

impl Closure<'_> {
    /// Adds the rows of sections that belong to chosen rows, and those that belong to them. What is written inside other items
    /// comes with those.
    pub(in crate::export) fn add_owned(&self, sections: &[String]) -> Result<()> {
        loop {
            let mut added = 0;
            for belonging in self.belongings.iter().filter(|own| sections.contains(&own.holder)) {
                let Some(handles) = self.chosen.get(&belonging.owner) else { continue };
                let mut from = format!(
                    "{} AS {CHOSEN} CROSS JOIN {} AS {OWNER} ON {} CROSS JOIN",
                    handles.table,
                    user_table(&self.model.sections[&belonging.owner].shape.table),
                    handles.handle.joins(OWNER, CHOSEN)
                );
                let (inner, condition) = self.inside(belonging);
                let belongs =
                    refers(OWNER, &belonging.to, &inner, &belonging.columns) + &belonging.condition(&inner);
                from.push_str(&condition.0);
                added += self.add(&belonging.holder, &from, &format!("{belongs}{}", condition.1))?;
            }
            if added == 0 {
                return Ok(());
            }
        }
    }

    /// What the rows that belong are called in a query of their holder's rows, the tables of the children that they are inside
    /// of, and how those belong to the holder.
    fn inside(&self, belonging: &Belonging) -> (String, (String, String)) {
        let mut shape = &self.model.sections[&belonging.holder].shape;
        let (mut here, mut tables, mut joins) = (ROW.to_owned(), String::new(), String::new());
        for (depth, name) in belonging.path.iter().enumerate() {
            // Children that are left out bring nobody.
            let Some(nested) = shape.nested.get(name) else { return (here, (tables, " AND 0".to_owned())) };
            let child = level(depth + 1);
            tables = format!(" {} AS {child} CROSS JOIN{tables}", user_table(&nested.shape.table));
            joins.push_str(&format!(" AND {}", refers(&here, &nested.to, &child, &nested.parent)));
            (here, shape) = (child, &nested.shape);
        }
        (here, (tables, joins))
    }

    /// Adds the rows of sections all of whose owners among these are chosen.
    pub(in crate::export) fn follow_owners(
        &self,
        followers: &IndexMap<String, Vec<&Belonging>>,
    ) -> Result<usize> {
        let mut added = 0;
        for (name, owners) in followers {
            let is_chosen = |own: &&Belonging| {
                let handles = self.chosen.get(&own.owner)?;
                let none = own.columns.iter().map(|column| format!("{ROW}.{} IS NULL", identifier(column)));
                Some(format!(
                    "({} OR EXISTS (SELECT 1 FROM {} AS {OWNER} CROSS JOIN {} AS {CHOSEN} ON {} WHERE {}))",
                    none.collect::<Vec<_>>().join(" OR "),
                    user_table(&self.model.sections[&own.owner].shape.table),
                    handles.table,
                    handles.handle.joins(OWNER, CHOSEN),
                    refers(OWNER, &own.to, ROW, &own.columns),
                ))
            };
            let all: Vec<String> = owners.iter().filter_map(is_chosen).collect();
            added += self.add(name, "", &format!("1 AND {}", all.join(" AND ")))?;
        }
        Ok(added)
    }
}
