//! What is compared: databases and snapshots as they are, and exports.

use super::Diff;
use crate::commands::configuration::Subject;
use crate::commands::state::{self, Found};
use crate::commands::{Context, input, shell_word};
use anyhow::{Context as _, Result};
use larder::app::Wanted;
use larder::database::header::read_head;
use larder::database::selection::Selection;
use larder::database::{ReadOptions, Source};
use larder::document::envelope::{Metadata, Mode};
use larder::document::input::Input;
use larder::document::writer::Format;
use larder::error::Fault;
use larder::export::{Choice, CondensedOptions, condensed};
use larder::files::{self, Scratch};
use larder::import::{ImportOptions, full};
use larder::stream::Form;
use larder::stream::age::Keys;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

/// A side of a comparison.
pub(super) enum Side {
    State(Box<State>),
    Document(Box<Document>),
}

/// A state of a database.
pub(super) struct State {
    pub source: Source,
    name: String,
    /// What keeps it until it was read.
    _found: Option<Found>,
    _scratch: Option<Scratch>,
}

/// A condensed export.
pub(super) struct Document {
    pub input: Input,
    pub name: String,
    metadata: Option<Metadata>,
    _kept: Option<input::Kept>,
    _found: Option<Found>,
    _scratch: Option<Scratch>,
}

impl Diff {
    /// What the settings are of: a database that is named, else what the states are of.
    pub(super) fn subject(&self, context: &Context<'_>) -> Result<Subject> {
        let Some(after) = self.after.as_deref() else {
            let command = format!("larder diff {}", shell_word(&self.before));
            let of = (None, Some(self.before.as_path()));
            state::require_database(None, of, &self.app, &command, context)?;
            return Subject::to_write(None, &self.app, context);
        };
        let is_plain = |path: &Path| read_head(path).is_ok_and(|head| Form::of(&head) == Form::Sqlite);
        let is_database =
            |path: &&Path| path.is_file() && state::snapshot_name(path).is_none() && is_plain(path);
        let database = [after, &self.before].into_iter().find(is_database);
        state::subject(Some(database.unwrap_or(after)), &self.app, context)
    }

    /// What an argument means. A full export is a state of a database, which is built of it.
    pub(super) fn side(
        &self,
        file: &Path,
        subject: &Subject,
        keys: &Keys<'_>,
        context: &Context<'_>,
    ) -> Result<Side> {
        let limits = self.limits.limits();
        if let Some(found) = state::find(file, subject, (&limits, keys), context)? {
            let source = open(&found.path, keys, context)?;
            let name = found.name.display().to_string();
            let state = State { source, name, _found: Some(found), _scratch: None };
            return Ok(Side::State(Box::new(state)));
        }
        let found = state::stored(file, subject, context)?;
        let path = found.as_ref().map_or(file, |found| &found.path);
        if path.is_file() && Form::of(&read_head(path)?) == Form::Unknown {
            let message = format!("{} is neither a database, nor a snapshot, nor an export", path.display());
            return Err(Fault::usage(message).into());
        }
        let document = input::document(path, &limits, self.limits.piped(), keys, context)?;
        let name = input::name(file);
        let (metadata, input) = document.input.metadata(&name, limits)?;
        if metadata.mode == Mode::Full {
            return self.rebuilt(input, name, context).map(|state| Side::State(Box::new(state)));
        }
        let kept = Some(document.kept);
        let metadata = Some(metadata);
        let document = Document { input, name, metadata, _kept: kept, _found: found, _scratch: None };
        Ok(Side::Document(Box::new(document)))
    }

    /// The database that a full export is of.
    fn rebuilt(&self, input: Input, name: String, context: &Context<'_>) -> Result<State> {
        let scratch = Scratch::new_in(&context.temporary)?;
        let database = scratch.file("full.db");
        let options = ImportOptions {
            selection: &Selection::default(),
            limits: self.limits.limits(),
            dry_run: false,
            skips_unread: false,
            temporary: &context.temporary,
            patience: context.patience.clone(),
            progress: context.ui,
        };
        full(input, &name, &database, &options)
            .map_err(|error| files::name_full(error, &[scratch.folder()]))?;
        let source = open(&database, &Keys::none(), context)?;
        Ok(State { source, name, _found: None, _scratch: Some(scratch) })
    }
}

impl Side {
    /// It as a condensed document, as that of the other side is: of the same user's rows.
    pub(super) fn document(
        self,
        scope: Option<&str>,
        only: &[String],
        subject: &Subject,
        context: &Context<'_>,
    ) -> Result<Box<Document>> {
        let state = match self {
            Self::Document(document) => return Ok(document),
            Self::State(state) => state,
        };
        let scratch = Scratch::new_in(&context.temporary)?;
        let path = scratch.file("items");
        let choice = Choice { only: only.to_vec(), ..Choice::default() };
        let options = CondensedOptions {
            app: &subject.app,
            rules: &subject.config.rules,
            wanted: Wanted { scope, secrets: false, refetch: true, by_id: false },
            anonymize: false,
            choice: &choice,
            check: None,
            now: context.now,
            temporary: &context.temporary,
            patience: &context.patience,
            progress: context.ui,
        };
        let output = BufWriter::new(files::create(&path)?);
        let exported = condensed(&state.source, Format::Lines(output), &options)
            .map_err(|error| files::name_full(error, &[scratch.folder()]))?;
        if let Some(mut output) = exported.output {
            output.flush().with_context(|| format!("cannot write {}", path.display()))?;
        }
        let input = Input::Json(Box::new(BufReader::new(files::open(&path)?)));
        let name = state.name;
        Ok(Box::new(Document {
            input,
            name,
            metadata: None,
            _kept: None,
            _found: None,
            _scratch: Some(scratch),
        }))
    }

    /// Whose rows it has, where it is a document of one user's.
    pub(super) fn scope(&self) -> Option<String> {
        let Self::Document(document) = self else { return None };
        let scope = document.metadata.as_ref()?.scope.as_ref()?;
        Some(scope.value.clone())
    }
}

fn open(path: &Path, keys: &Keys<'_>, context: &Context<'_>) -> Result<Source> {
    let beside = files::folder_of(path);
    let scratch: [&Path; 2] = [&context.temporary, &beside];
    let read = ReadOptions { scratch: &scratch, patience: context.patience.clone(), progress: context.ui };
    Source::open_by(path, keys, &read)
}
