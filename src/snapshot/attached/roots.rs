//! What patterns mean in a folder: the files and folders that are copied, or replaced, as wholes.

use super::pattern::{has_wildcards, matches};
use super::{Base, Pattern};
use crate::files;
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What patterns mean in a folder, as paths from there, in order. Nothing is in another.
pub(super) fn roots(base: &Base, patterns: &[Pattern]) -> Result<Vec<PathBuf>> {
    let mut found = BTreeSet::new();
    for pattern in patterns {
        found.extend(matching(base, pattern)?);
    }
    Ok(outermost(found))
}

/// Paths without those that are in others.
pub(super) fn outermost(paths: BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let mut roots: Vec<PathBuf> = Vec::new();
    for path in paths {
        // What is inside a folder comes right behind it.
        if roots.last().is_none_or(|last| !path.starts_with(last)) {
            roots.push(path);
        }
    }
    roots
}

/// What patterns mean below a part of a folder, in another folder that is for what is below.
pub(super) fn roots_below(base: &Base, patterns: &[Pattern], part: &Path) -> Result<Vec<PathBuf>> {
    let part: Vec<_> = part.iter().map(|name| name.to_string_lossy()).collect();
    let mut found = Vec::new();
    for pattern in patterns {
        let Some((around, below)) = pattern.parts().split_at_checked(part.len()) else { continue };
        let leads_there = around.iter().zip(&part).all(|(pattern, name)| matches(pattern, name));
        if leads_there && !below.is_empty() {
            found.extend(
                matching_parts(base, below)?
                    .into_iter()
                    .filter(|path| !pattern.is_folder || base.folder.join(path).is_dir()),
            );
        }
    }
    Ok(found)
}

/// What a pattern means in a folder. A link that it means itself is followed.
pub(super) fn matching(base: &Base, pattern: &Pattern) -> Result<Vec<PathBuf>> {
    let mut found = matching_parts(base, pattern.parts())?;
    if pattern.is_folder {
        found.retain(|path| base.folder.join(path).is_dir());
    }
    Ok(found)
}

/// The same of the first parts of a pattern.
pub(super) fn matching_parts(base: &Base, parts: &[String]) -> Result<Vec<PathBuf>> {
    let mut found = vec![PathBuf::new()];
    for part in parts {
        let mut next = Vec::new();
        for path in found {
            if has_wildcards(part) {
                next.extend(matching_in(base, &path, part)?);
            } else {
                let path = path.join(part);
                next.extend(is_meant(base, &path)?.then_some(path));
            }
        }
        found = next;
    }
    found.sort();
    Ok(found)
}

fn matching_in(base: &Base, folder: &Path, part: &str) -> Result<Vec<PathBuf>> {
    let whole = base.folder.join(folder);
    if !whole.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in files::entries(&whole)? {
        let path = folder.join(entry.file_name());
        if matches(part, &entry.file_name().to_string_lossy()) && is_meant(base, &path)? {
            found.push(path);
        }
    }
    Ok(found)
}

fn is_meant(base: &Base, path: &Path) -> Result<bool> {
    let whole = base.folder.join(path);
    // What lies below a file is not there, which is an error of another kind.
    let is_there = whole.parent().is_some_and(Path::is_dir) && files::metadata_of_link(&whole)?.is_some();
    Ok(is_there && base.never(&base.place_of(path))?.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_is_there_and_nothing_twice() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        for name in ["a/deep", "b", "data/x", "data/y", "backups"] {
            std::fs::create_dir_all(path(name)).expect("a folder");
        }
        for name in
            ["app.db", "app.db-wal", "rsa_key.pem", "rsa_key.pub", "data/x/f", "data/plain", ".larder.lock"]
        {
            std::fs::write(path(name), "").expect("a file");
        }
        let base = Base::of(&path("app.db"), &[path("backups")]);
        let means = |patterns: &[&str]| -> Vec<String> {
            let patterns: Vec<Pattern> = patterns.iter().map(|text| text.parse().expect("one")).collect();
            let found = roots(&base, &patterns).expect("roots");
            found.iter().map(|path| path.to_string_lossy().into_owned()).collect()
        };
        assert_eq!(means(&["rsa_key*"]), ["rsa_key.pem", "rsa_key.pub"]);
        assert_eq!(means(&["data/*/"]), ["data/x", "data/y"]);
        assert_eq!(means(&["data/*", "data/", "data/x/f"]), ["data"]);
        assert_eq!(means(&["b/", "rsa_key.pem/", "app.db/x", "gone/"]), ["b"]);
        assert_eq!(means(&["*"]), ["a", "b", "data", "rsa_key.pem", "rsa_key.pub"]);
    }
}
