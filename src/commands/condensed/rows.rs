//! What options that condensed exports and rows of other programs share mean for rows.

use super::args::{CondensedArgs, DoubtsArg, MissingArg, OnErrorArg, TriggersArg};
use anyhow::Result;
use larder::error::Fault;
use larder::import::condensed::Strategy;
use larder::import::rows::{Instructions, Notation, OnConflict};

impl CondensedArgs {
    /// What is done with rows of a table, which has several names where the settings call it otherwise and is created if
    /// `creates`. An option that means nothing for rows is an error.
    pub fn for_rows(&self, names: &[&str], creates: bool, notation: Notation) -> Result<Instructions> {
        self.refuse_without_meaning()?;
        let is_name = |text: &str| names.iter().any(|name| name.eq_ignore_ascii_case(text));
        let columns = |text: &String| match text.split_once('=') {
            Some((name, columns)) if is_name(name) => columns.to_owned(),
            _ => text.clone(),
        };
        let matched: Vec<String> = self.matches.iter().map(columns).collect();
        Ok(Instructions {
            map: self.map.clone(),
            fill: self.fill.clone(),
            key: matched.iter().flat_map(|columns| columns.split(',')).map(str::to_owned).collect(),
            on_conflict: self.conflicts_of_rows(names)?,
            skips_errors: self.on_error == OnErrorArg::Skip,
            creates,
            triggers: self.triggers != TriggersArg::Off,
            notation,
        })
    }

    fn refuse_without_meaning(&self) -> Result<()> {
        let said = [
            ("--item", !self.item.is_empty()),
            ("--replace-all", self.replace_all),
            ("--by", self.by.is_some()),
            ("--scope", self.scope.is_some()),
            ("--missing-reference", self.missing_reference != MissingArg::Fail),
            ("--doubts", self.doubts != DoubtsArg::Refuse),
            ("--plan", self.plan.is_some()),
            ("--report", self.report.is_some()),
            ("--answers", self.answers.is_some()),
            ("--save-answers", self.save_answers.is_some()),
        ];
        match said.iter().find(|(_, is_said)| *is_said) {
            None => Ok(()),
            Some((option, _)) => Err(Fault::usage(format!(
                "{option} means nothing for rows of other programs (--section)"
            ))
            .hint(
                "it is for condensed exports; rows take --map, --fill, --match, --on-conflict and --on-error",
            )
            .into()),
        }
    }

    fn conflicts_of_rows(&self, names: &[&str]) -> Result<Option<OnConflict>> {
        let (section, strategy) = match self.on_conflict.as_slice() {
            [] => return Ok(None),
            [one] => one,
            _ => return Err(Fault::usage("--on-conflict: rows of one table have one strategy").into()),
        };
        let is_name = |section: &&String| names.iter().any(|name| name.eq_ignore_ascii_case(section));
        if let Some(section) = section.as_ref().filter(|section| !is_name(section)) {
            let message = format!("--on-conflict: the rows go into {}, not {section}", names[0]);
            return Err(Fault::usage(message).into());
        }
        match strategy {
            Strategy::Skip => Ok(Some(OnConflict::Skip)),
            Strategy::Overwrite => Ok(Some(OnConflict::Overwrite)),
            Strategy::Fail => Ok(Some(OnConflict::Fail)),
            other => {
                Err(Fault::usage(format!("--on-conflict {}: not for rows of other programs", other.name()))
                    .hint("--on-conflict skip, overwrite or fail")
                    .into())
            }
        }
    }
}
