//! A part of a snapshot back into a database: rows under their own ids, with what belongs to them.

use super::Restore;
use crate::commands::Context;
use crate::commands::condensed::{CondensedArgs, Told};
use crate::commands::configuration::Subject;
use crate::commands::import::direct::{self, Argument};
use crate::exit::Exit;
use anyhow::Result;
use larder::app::known::InForce;
use larder::config::{Config, Rules};
use larder::database::{ReadOptions, Source};
use larder::document::reader::Limits;
use larder::error::{Fault, Kind, kind};
use larder::files;
use larder::stream::age::Keys;
use std::path::Path;

impl Restore {
    /// Whether only a part is wanted.
    pub(super) fn wants_part(&self) -> bool {
        !self.only.is_empty() || !self.item.is_empty()
    }

    /// Puts sections or items back: it is an import by id, of all that the rows hold.
    pub(super) fn put_back(
        &self,
        snapshot: &Path,
        subject: &Subject,
        keys: &Keys<'_>,
        context: &Context<'_>,
    ) -> Result<Exit> {
        files::require_file(&subject.database)?;
        let rules = rules(subject, context)?;
        let config = Config { rules, ..subject.config.clone() };
        let subject = Subject { config, ..subject.clone() };
        let limits = Limits::default();
        let argument = Argument {
            file: snapshot,
            subject: &subject,
            limits: &limits,
            keys,
            only: &self.only,
            exclude: &[],
            secrets: true,
            by_id: Some(self.force),
        };
        let Some(direct) = direct::exported(&argument, context)? else {
            return Err(Fault::usage(format!("{} is no snapshot", snapshot.display())).into());
        };
        let told = Told {
            dry_run: self.dry_run,
            no_safety_snapshot: self.no_safety_snapshot,
            limits,
            name: &direct.name,
            file: snapshot,
            subject: &subject,
        };
        let mut args = CondensedArgs::of(&self.options_of_import())?;
        // SQLite gives the id of a row that went to another.
        args.doubts_ids = !self.force && !self.exact;
        args.run(direct.input, [self.only.clone(), Vec::new()], &told, None, context).map_err(hinted)
    }

    /// The options of the import that it is.
    fn options_of_import(&self) -> Vec<String> {
        let mut options: Vec<String> = ["--by", "id"].map(str::to_owned).into();
        let what: &[&str] = if self.exact { &["--replace-all"] } else { &["--on-conflict", "overwrite"] };
        options.extend(what.iter().map(|option| (*option).to_owned()));
        for (section, key) in &self.item {
            options.push(format!("--item={section}={key}"));
        }
        options.extend(self.triggers.iter().map(|when| format!("--triggers={when}")));
        if self.force {
            options.push("--force".to_owned());
        }
        if self.yes {
            options.push("--yes".to_owned());
        }
        options
    }
}

/// What an import says of a conflict, with what a restore can do about it.
fn hinted(error: anyhow::Error) -> anyhow::Error {
    if kind(&error) != Kind::Undecided {
        return error;
    }
    Fault::new(Kind::Undecided, format!("{error:#}"))
        .hint("--force overwrites a row that has the row id of another now; --triggers off lets no trigger add rows; larder diff \
               shows what differs")
        .into()
}

/// What the settings say of how rows are known and called: all of them are wanted, whatever is exported.
fn rules(subject: &Subject, context: &Context<'_>) -> Result<Rules> {
    let beside = files::folder_of(&subject.database);
    let scratch: [&Path; 2] = [&context.temporary, &beside];
    let read = ReadOptions { scratch: &scratch, patience: context.patience.clone(), progress: context.ui };
    let source = Source::open(&subject.database, &read)?;
    let in_force = InForce::of(source.connection(), &subject.config.rules)?;
    Ok(Rules { known_app: Some(false), ..in_force.rules.without_choice() })
}
