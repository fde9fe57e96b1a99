//! `larder export --dry-run`: what would be written.

use super::Export;
use crate::commands::Context;
use crate::commands::configuration::Subject;
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use larder::database::Source;
use larder::document::writer::{Format, Layout};
use serde_json::json;
use std::io::{self, Write};

impl Export {
    /// Says what would be written.
    pub(super) fn foretell(&self, source: &Source, subject: &Subject, context: &Context<'_>) -> Result<Exit> {
        let format = Format::Json(Counted(0), Layout::Rows);
        let scope = self.scope(source, &subject.config.rules)?;
        let exported = self.write_condensed(source, format, subject, scope, context)?;
        let size = exported.output.map_or(0, |counted| counted.0);
        let items = exported.summary.items.iter();
        let rows = items.map(|(section, items)| vec![section.clone(), items.to_string()]).collect();
        context.ui.say(&table::inset(&table::table(&["section", "items"], rows, &[1])));
        context.ui.say(&format!("as JSON, it would have {}", table::bytes(size)));
        let not: Vec<String> =
            exported.left_out.iter().map(|(name, why)| format!("  {name}: {why}")).collect();
        if !not.is_empty() {
            context.ui.say(&format!("left out:\n{}", not.join("\n")));
        }
        let not: Vec<String> =
            exported.omitted.iter().map(|(name, why)| format!("  {name}: {why}")).collect();
        if !not.is_empty() {
            context.ui.say(&format!("columns that are left out:\n{}", not.join("\n")));
        }
        if context.ui.wants_json() {
            Ui::print_json(&json!({
                "dry_run": true, "items": exported.summary.items, "size": size,
                "left_out": exported.left_out, "omitted": exported.omitted,
            }))?;
        }
        Ok(Exit::Done)
    }
}

/// Counts what is written to it.
pub(super) struct Counted(pub u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
