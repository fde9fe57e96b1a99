//! What one `larder.toml` says.

use super::hooks::Hooks;
use super::section::{Rules, ScopeConfig, SectionConfig};
use super::settings::{Settings, Source};
use crate::error::Fault;
use crate::files;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// The largest file of settings.
const MAX_FILE: u64 = 4 << 20;

/// What `larder.toml` says of an application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// The file that says it.
    pub file: PathBuf,
    /// The application's name.
    pub app: Option<String>,
    /// Its database.
    pub database: Option<PathBuf>,
    /// What its data mean.
    pub rules: Rules,
    /// What is run before and after.
    pub hooks: Hooks,
}

impl Config {
    /// Reads a file. `home` is what `~` means.
    pub fn read(file: &Path, home: Option<&Path>) -> Result<Self> {
        // Looked at first: what others may not write then stays as it is read.
        let unsafe_because = Hooks::unsafe_because(file)?;
        let bytes = files::read_small(file, MAX_FILE)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let whole = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            let place = whole.len()..whole.len();
            Source { file, text: &whole }.fault(&place, "this is not UTF-8")
        })?;
        let mut config = Self::parse(file, &text, home)?;
        config.hooks.unsafe_because = unsafe_because;
        Ok(config)
    }

    /// Reads what a file says.
    pub fn parse(file: &Path, text: &str, home: Option<&Path>) -> Result<Self> {
        let mut settings = Settings::parse(Source { file, text })?;
        let app = settings.some_text("app")?;
        let database = settings.some_text("database")?;
        let database = database.map(|path| placed(&path, file, home)).transpose()?;
        let mut rules = Rules::default();
        if let Some(mut version) = settings.table("schema-version")? {
            rules.schema_version = Some(version.needed("sql")?);
            version.finish()?;
        }
        if let Some(scope) = settings.table("scope")? {
            rules.scope = Some(ScopeConfig::read(scope)?);
        }
        let hooks = settings.table("hooks")?.map(Hooks::read).transpose()?.unwrap_or_default();
        for (name, section) in settings.tables("sections")? {
            rules.sections.insert(name, SectionConfig::read(section, false)?);
        }
        settings.finish()?;
        Ok(Self { file: file.to_owned(), app, database, rules, hooks })
    }
}

/// A path that a file names: from the home folder, or from the folder that the file is in.
fn placed(path: &str, file: &Path, home: Option<&Path>) -> Result<PathBuf> {
    if let Some(rest) = path.strip_prefix('~') {
        let below = rest.strip_prefix('/').or_else(|| rest.is_empty().then_some(""));
        let Some((below, home)) = below.zip(home) else {
            let why = if below.is_none() { "another's home is not looked for" } else { "there is no HOME" };
            let message = format!("{}: database: {path:?} means no place: {why}", file.display());
            return Err(Fault::usage(message).hint("write the whole path").into());
        };
        return Ok(home.join(below));
    }
    // A file in the current folder is called by its bare name, and so is what lies beside it.
    Ok(file.parent().map_or_else(|| PathBuf::from(path), |folder| folder.join(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config> {
        Config::parse(Path::new("conf/larder.toml"), text, Some(Path::new("/home/ada")))
    }

    #[test]
    fn everything_that_it_may_say_is_read() {
        let config = read(
            r#"
            app = "movies"
            database = "~/movies/app.db"
            schema-version = { sql = "select 3" }
            [scope]
            table = "users"
            key = "name"
            column = "user_id"
            where = "active"
            [sections.movies]
            key = ["imdb_id"]
            match = [["title", "year"], ["slug"]]
            refetch = ["tmdb"]
            updated-at = "modified"
            nest.status = { flatten = true, references.list_id = "lists" }
            nest.history = {}
            [sections."my.lists"]
            table = "custom lists"
            include = false
            "#,
        )
        .expect("it is right");
        assert_eq!(config.app.as_deref(), Some("movies"));
        assert_eq!(config.database.as_deref(), Some(Path::new("/home/ada/movies/app.db")));
        assert_eq!(config.rules.schema_version.as_deref(), Some("select 3"));
        assert_eq!(config.rules.scope.expect("a scope").condition.as_deref(), Some("active"));
        let movies = &config.rules.sections["movies"];
        assert_eq!(movies.key.as_deref(), Some(&["imdb_id".to_owned()][..]));
        assert_eq!(movies.matches.len(), 2);
        assert_eq!(movies.updated_at.as_deref(), Some("modified"));
        assert!(movies.nest["status"].flatten && !movies.nest["history"].flatten);
        assert_eq!(movies.nest["status"].references["list_id"], "lists");
        let lists = &config.rules.sections["my.lists"];
        assert_eq!((lists.table.as_deref(), lists.include), (Some("custom lists"), Some(false)));
    }

    #[test]
    fn paths_are_from_home_or_from_the_file() {
        for (path, placed) in
            [("~", "/home/ada"), ("~/a.db", "/home/ada/a.db"), ("a.db", "conf/a.db"), ("/a.db", "/a.db")]
        {
            let config = read(&format!("database = {path:?}")).expect("a path");
            assert_eq!(config.database.as_deref(), Some(Path::new(placed)), "{path}");
        }
        let error = read("database = '~bob/a.db'").expect_err("whose home");
        assert!(error.to_string().contains("another's home"), "{error:#}");
        let bare = Config::parse(Path::new("larder.toml"), "database = 'a.db'", None).expect("a path");
        assert_eq!(bare.database.as_deref(), Some(Path::new("a.db")));
        let error =
            Config::parse(Path::new("larder.toml"), "database = '~/a.db'", None).expect_err("no home");
        assert!(error.to_string().contains("there is no HOME"), "{error:#}");
    }

    #[test]
    fn errors_say_where_they_are_and_what_would_be_right() {
        for (text, message, hint) in [
            (
                "ap = 'x'",
                "conf/larder.toml:1:1: this larder does not know the setting ap",
                Some("did you mean \"app\"?"),
            ),
            (
                "\n[sections.a]\nkeys = ['b']",
                ":3:1: this larder does not know the setting sections.a.keys",
                Some("did you mean \"key\"?"),
            ),
            (
                "[sections.a.nest.b]\ninclude = false",
                ":2:1: this larder does not know the setting sections.a.nest.b.include",
                None,
            ),
            (
                "[sections.\"a.b\"]\nx = 1",
                ":2:1: this larder does not know the setting sections.\"a.b\".x",
                None,
            ),
            ("[snapshot]\nto = 'x'", ":1:2: this larder does not know the setting snapshot", None),
            (
                "[scope]\ntable = 'u'\nkey = 'n'\ncolumn = 'c'\ncolums = 'd'",
                ":5:1: this larder does not know the setting scope.colums",
                Some("did you mean \"column\"?"),
            ),
            ("schema-version = { sq = 'x' }", "schema-version lacks sql", None),
            ("schema-version = 3", ":1:18: schema-version: this must be a table, not a number", None),
            ("app = 1", ":1:7: app: this must be a text, not a number", None),
            ("app = ''", ":1:7: app: this is empty", None),
            (
                "[sections.a]\nkey = 'b'",
                ":2:7: sections.a.key: this must be a list of texts, not a text",
                None,
            ),
            (
                "[sections.a]\nkey = ['b', 2]",
                ":2:13: sections.a.key: this must be a text, not a number",
                None,
            ),
            ("[sections.a]\nkey = []", ":2:7: sections.a.key: this list is empty", None),
            (
                "[sections.a]\nmatch = ['b']",
                ":2:10: sections.a.match: this must be a list of texts, not a text",
                None,
            ),
            ("[sections.a]\nmatch = [[]]", ":2:10: sections.a.match: this list is empty", None),
            (
                "[sections.a]\ninclude = 'no'",
                ":2:11: sections.a.include: this must be true or false, not a text",
                None,
            ),
            (
                "[sections.a]\nreferences = ['b']",
                ":2:14: sections.a.references: this must be a table, not a list",
                None,
            ),
            (
                "[sections.a]\nreferences.b = 1",
                ":2:16: sections.a.references.b: this must be a text, not a number",
                None,
            ),
            (
                "[sections.a]\nnest.b = 'c'",
                ":2:10: sections.a.nest.b: this must be a table, not a text",
                None,
            ),
            ("sections = 2", ":1:12: sections: this must be a table, not a number", None),
            ("[scope]\ntable = 'u'", "conf/larder.toml: scope lacks key", None),
            ("app = 'a'\napp = 'b'", ":2:1: ", None),
            ("app = ", ":1:7: ", None),
            ("[sections.a\n", ":1:", None),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.to_string().contains(message), "{error:#}: {text}");
            assert_eq!(crate::error::kind(&error), crate::error::Kind::Usage, "{text}");
            if hint.is_some() {
                assert_eq!(crate::error::hint(&error).as_deref(), hint, "{text}");
            }
        }
    }
}
