//! What options that condensed exports and rows of other programs share mean for rows.

use super::args::{CondensedArgs, DoubtsArg, MissingArg, OnErrorArg, TriggersArg};
use anyhow::Result;
use larder::error::Fault;
use larder::import::condensed::Strategy;
use larder::import::rows::{Instructions, Notation, OnConflict};

impl CondensedArgs {
    /// What is done with rows of a table, which is created if `creates`. An option that means nothing for rows is an error.
    pub fn for_rows(&self, table: &str, creates: bool, notation: Notation) -> Result<Instructions> {
        self.refuse_without_meaning()?;
        Ok(Instructions {
            map: self.map.clone(),
            fill: self.fill.clone(),
            key: self.matches.iter().flat_map(|columns| columns.split(',')).map(str::to_owned).collect(),
            on_conflict: self.conflicts_of_rows(table)?,
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

    fn conflicts_of_rows(&self, table: &str) -> Result<Option<OnConflict>> {
        let (section, strategy) = match self.on_conflict.as_slice() {
            [] => return Ok(None),
            [one] => one,
            _ => return Err(Fault::usage("--on-conflict: rows of one table have one strategy").into()),
        };
        if let Some(section) = section.as_ref().filter(|section| !section.eq_ignore_ascii_case(table)) {
            return Err(
                Fault::usage(format!("--on-conflict: the rows go into {table}, not {section}")).into()
            );
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
