//! Which `larder.toml` is meant: the one that is named, by an option or by a variable, else the one in the current
//! folder, else the one of the application in the user's configuration folder: of the application that is named, or the
//! only one there that is for the database.
//!
//! What is named holds whatever it says. What lies around holds for its own database and application only: the settings
//! of one must never decide what is exported of another.

use super::Config;
use crate::error::Fault;
use crate::files;
use crate::store::{app_of, is_app_name};
use anyhow::Result;
use std::io;
use std::path::{Path, PathBuf};

/// What the file in the current folder is called.
const NAME: &str = "larder.toml";

/// Where settings may be, as the environment says.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The file that `--config` names, else the one that `LARDER_CONFIG` names.
    pub named: Option<PathBuf>,
    /// The current folder; empty for paths that begin there.
    pub folder: PathBuf,
    /// The user's folder with one file an application.
    pub user: Option<PathBuf>,
    /// What `~` means.
    pub home: Option<PathBuf>,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The settings.
    pub config: Option<Config>,
    /// Why a file that is there does not count.
    pub passed_over: Option<String>,
}

impl Places {
    /// The settings for a database and an application, each where it was named.
    pub fn find(&self, app: Option<&str>, database: Option<&Path>) -> Result<Found> {
        if let Some(file) = &self.named {
            if files::metadata(file)?.is_none() {
                let message = format!("there is no file {} with settings", file.display());
                return Err(Fault::usage(message).into());
            }
            return Ok(Found { config: Some(self.read(file)?), passed_over: None });
        }
        let mut found = Found::default();
        let here = self.folder.join(NAME);
        if is_here(&here)? {
            let config = self.read(&here)?;
            match not_for(&config, app, database).or_else(|| self.not_for_named(&config, app, database)) {
                None => return Ok(Found { config: Some(config), passed_over: None }),
                Some(why) => {
                    let file = here.display();
                    let why = format!("{file} is not used: {why} (--config {file} uses it all the same)");
                    found.passed_over = Some(why);
                }
            }
        }
        match (&self.user, app, database) {
            (Some(user), Some(app), _) => {
                let file = file_of(user, app)?;
                if files::metadata(&file)?.is_some() {
                    found = Found { config: Some(self.read(&file)?), passed_over: None };
                }
            }
            (Some(user), None, Some(database)) => self.find_by_database(user, database, &mut found),
            _ => {}
        }
        Ok(found)
    }

    /// Why settings that name a database, and no application, are not meant where only an application is named: it has some of
    /// its own, and that is not what the database is called.
    fn not_for_named(&self, config: &Config, app: Option<&str>, database: Option<&Path>) -> Option<String> {
        let (None, None, Some(own), Some(app)) = (&config.app, database, &config.database, app) else {
            return None;
        };
        let is_its_own = app_of(&files::resolve(own).unwrap_or_else(|_| own.clone())) == app;
        (!is_its_own && self.apps().iter().any(|known| known == app))
            .then(|| format!("it is for {}, and {app} has settings of its own", own.display()))
    }

    /// The settings in the user's folder that name a database, where these are one file's. What is wrong with others there
    /// is said when they are meant.
    fn find_by_database(&self, user: &Path, database: &Path, found: &mut Found) {
        let read = |app: String| {
            let mut config = self.read(&user.join(format!("{app}.toml"))).ok()?;
            let is_meant = config.database.as_ref().is_some_and(|own| is_same(own, database));
            // The file is named after its application.
            config.app.get_or_insert_with(|| app.clone());
            is_meant.then_some((app, config))
        };
        let mut meant: Vec<(String, Config)> = self.apps().into_iter().filter_map(read).collect();
        if meant.len() > 1 {
            let apps: Vec<String> = meant.into_iter().map(|(app, _)| app).collect();
            found.passed_over = Some(format!(
                "several files in {} are for {}: --app {} says which",
                user.display(),
                database.display(),
                apps.join(", ")
            ));
        } else if let Some((_, config)) = meant.pop() {
            *found = Found { config: Some(config), passed_over: None };
        }
    }

    /// The settings of an application in the user's folder.
    pub fn of_app(&self, app: &str) -> Result<Config> {
        let folder = self.user.as_deref().unwrap_or(Path::new(""));
        let mut config = self.read(&file_of(folder, app)?)?;
        config.app.get_or_insert_with(|| app.to_owned());
        Ok(config)
    }

    /// The applications that the user's folder has settings for.
    pub fn apps(&self) -> Vec<String> {
        let entries = self.user.as_ref().and_then(|folder| files::entries(folder).ok()).unwrap_or_default();
        let names = entries.iter().map(|entry| PathBuf::from(entry.file_name()));
        let named = names.filter(|name| name.extension().is_some_and(|extension| extension == "toml"));
        let mut apps: Vec<String> =
            named.filter_map(|name| Some(name.file_stem()?.to_str()?.to_owned())).collect();
        apps.sort();
        apps
    }

    fn read(&self, file: &Path) -> Result<Config> {
        Config::read(file, self.home.as_deref())
    }
}

/// The file of an application. An error where its name would lead out of the folder.
fn file_of(user: &Path, app: &str) -> Result<PathBuf> {
    if !is_app_name(app) {
        return Err(Fault::usage(format!("app: {app:?} cannot be part of a file's name")).into());
    }
    Ok(user.join(format!("{app}.toml")))
}

/// Whether there is a file in the current folder. One that this user may not look into, as after `su`, says nothing.
fn is_here(file: &Path) -> Result<bool> {
    match files::metadata(file) {
        Err(error) if is_denied(&error) => Ok(false),
        metadata => Ok(metadata?.is_some()),
    }
}

fn is_denied(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<io::Error>();
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::PermissionDenied)
}

/// Why settings that lie around are not meant.
fn not_for(config: &Config, app: Option<&str>, database: Option<&Path>) -> Option<String> {
    if let (Some(own), Some(app)) = (&config.app, app)
        && own != app
    {
        return Some(format!("it is for the application {own}"));
    }
    if let (Some(own), Some(database)) = (&config.database, database)
        && !is_same(own, database)
    {
        return Some(format!("it is for {}", own.display()));
    }
    None
}

fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || matches!((files::resolve(one), files::resolve(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    struct Scene {
        folder: TempDir,
        places: Places,
    }

    impl Scene {
        fn new(files: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            for name in ["here", "user"] {
                std::fs::create_dir(folder.path().join(name)).expect("a folder");
            }
            for (name, text) in files {
                std::fs::write(folder.path().join(name), text).expect("write");
            }
            let path = |name| folder.path().join(name);
            let places = Places { named: None, folder: path("here"), user: Some(path("user")), home: None };
            Self { folder, places }
        }

        /// The name of the file that is found.
        fn found(&self, app: Option<&str>, database: Option<&str>) -> Option<String> {
            let database = database.map(|name| self.folder.path().join(name));
            let found = self.places.find(app, database.as_deref()).expect("no error");
            found.config.map(|config| {
                let file = config.file.strip_prefix(self.folder.path()).expect("below").to_owned();
                file.display().to_string()
            })
        }
    }

    #[test]
    fn what_is_named_comes_first_whatever_it_says() {
        let mut scene = Scene::new(&[
            ("named.toml", "app = 'a'\ndatabase = 'a.db'"),
            ("here/larder.toml", ""),
            ("user/a.toml", ""),
        ]);
        scene.places.named = Some(scene.folder.path().join("named.toml"));
        assert_eq!(scene.found(None, None).as_deref(), Some("named.toml"));
        assert_eq!(scene.found(Some("b"), Some("b.db")).as_deref(), Some("named.toml"));
        scene.places.named = Some(scene.folder.path().join("none.toml"));
        let error = scene.places.find(None, None).expect_err("it is not there");
        assert!(error.to_string().contains("there is no file"), "{error:#}");
    }

    #[test]
    fn the_current_folder_comes_before_the_user_s() {
        let scene = Scene::new(&[("here/larder.toml", ""), ("user/a.toml", "")]);
        assert_eq!(scene.found(None, None).as_deref(), Some("here/larder.toml"));
        assert_eq!(scene.found(Some("a"), Some("a.db")).as_deref(), Some("here/larder.toml"));
    }

    #[test]
    fn settings_of_another_application_or_database_do_not_count() {
        let scene = Scene::new(&[
            ("here/larder.toml", "app = 'a'\ndatabase = 'a.db'"),
            ("here/a.db", ""),
            ("user/b.toml", ""),
        ]);
        assert_eq!(scene.found(None, Some("here/a.db")).as_deref(), Some("here/larder.toml"));
        assert_eq!(scene.found(None, Some("here/../here/a.db")).as_deref(), Some("here/larder.toml"));
        assert_eq!(scene.found(None, None).as_deref(), Some("here/larder.toml"));
        assert_eq!(scene.found(None, Some("b.db")), None);
        assert_eq!(scene.found(Some("b"), None).as_deref(), Some("user/b.toml"));
        let found = scene.places.find(None, Some(&scene.folder.path().join("b.db"))).expect("none");
        assert!(found.passed_over.expect("a reason").contains("is not used: it is for"));
    }

    #[test]
    fn an_application_with_settings_of_its_own_goes_by_those() {
        let scene = Scene::new(&[
            ("here/larder.toml", "database = 'a.db'"),
            ("user/b.toml", ""),
            ("user/a.toml", ""),
        ]);
        assert_eq!(scene.found(Some("b"), None).as_deref(), Some("user/b.toml"));
        for app in [Some("a"), Some("c"), None] {
            assert_eq!(scene.found(app, None).as_deref(), Some("here/larder.toml"), "{app:?}");
        }
    }

    #[test]
    fn the_user_s_files_count_for_the_application_that_is_named() {
        let scene = Scene::new(&[("user/a.toml", ""), ("user/notes.txt", "")]);
        assert_eq!(scene.found(None, None), None);
        assert_eq!(scene.found(None, Some("a.db")), None, "it does not say which database it is for");
        assert_eq!(scene.found(Some("a"), None).as_deref(), Some("user/a.toml"));
        assert_eq!(scene.found(Some("c"), None), None);
        assert_eq!(scene.places.apps(), ["a"]);
    }

    #[test]
    fn no_name_of_an_application_leads_out_of_the_folder() {
        let scene = Scene::new(&[("user/a.toml", ""), ("outside.toml", "app = 'a'")]);
        let absolute = scene.folder.path().join("outside").display().to_string();
        for app in ["../outside", &absolute, "../user/a", ".", ""] {
            for error in [scene.places.of_app(app).err(), scene.places.find(Some(app), None).err()] {
                let error = error.expect(app);
                assert!(error.to_string().contains("cannot be part of a file's name"), "{error:#}");
            }
        }
        assert!(scene.places.of_app("a").is_ok());
    }
}
