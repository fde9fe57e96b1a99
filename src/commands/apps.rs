//! `larder apps`

use super::Context;
use crate::exit::Exit;
use crate::ui::{Ui, table};
use anyhow::Result;
use clap::Args;
use larder::app::known::Known;
use larder::config::SectionConfig;
use larder::error::{Fault, nearest};
use serde_json::{Value, json};

/// List the applications whose settings are built in, or print the settings of one
///
/// A database is recognised by its tables and columns, not by its name. Then these settings count wherever larder.toml says
/// nothing of a table. --no-known-app, or known-app = false in larder.toml, does without them.
#[derive(Debug, Args)]
pub struct Apps {
    /// Print the file of this application, which larder.toml may begin with
    name: Option<String>,
}

impl Apps {
    pub fn run(&self, context: &Context<'_>) -> Result<Exit> {
        let Some(name) = &self.name else { return list(context) };
        let Some(known) = Known::named(name) else {
            let all = Known::all();
            let names: Vec<&str> = all.iter().map(|known| known.id).collect();
            let message = format!("larder knows no application {name:?}");
            return Err(Fault::usage(message).hint(nearest(name, &names)).into());
        };
        if context.ui.wants_json() {
            let mut described = describe(&known);
            described["file"] = Value::from(known.text);
            Ui::print_json(&described)?;
        } else {
            Ui::print(known.text)?;
        }
        Ok(Exit::Done)
    }
}

fn list(context: &Context<'_>) -> Result<Exit> {
    let all = Known::all();
    if context.ui.wants_json() {
        let apps: Vec<Value> = all.iter().map(describe).collect();
        Ui::print_json(&json!({ "apps": apps }))?;
    } else {
        let row = |known: &Known| {
            let sections = known.config.rules.sections.len() - left_out(known).len();
            let head = &known.head;
            let name = match head.export_only {
                Some(_) => format!("{} (export only)", head.name),
                None => head.name.clone(),
            };
            vec![
                known.id.to_owned(),
                name,
                head.versions.join(", "),
                sections.to_string(),
                left_out(known).join(", "),
            ]
        };
        let head = ["NAME", "APPLICATION", "VERSIONS", "SECTIONS", "LEFT OUT"];
        Ui::print(&table::table(&head, all.iter().map(row).collect(), &[3]))?;
    }
    Ok(Exit::Done)
}

/// The sections that are exported only when they are named, or never.
fn left_out(known: &Known) -> Vec<&str> {
    let is_left_out = |config: &SectionConfig| config.include == Some(false) || config.default == Some(false);
    let sections = known.config.rules.sections.iter();
    sections.filter(|(_, config)| is_left_out(config)).map(|(name, _)| name.as_str()).collect()
}

fn describe(known: &Known) -> Value {
    let head = &known.head;
    let left_out = left_out(known);
    let sections = known.config.rules.sections.iter().filter(|(name, _)| !left_out.contains(&name.as_str()));
    let sections: Vec<Value> =
        sections.map(|(name, config)| json!({ "name": name, "group": config.group })).collect();
    json!({
        "name": known.id, "application": head.name, "versions": head.versions, "sources": head.sources,
        "export_only": head.export_only, "sections": sections, "left_out": left_out,
    })
}
