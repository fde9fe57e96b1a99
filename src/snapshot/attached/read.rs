//! Reading the archive. Nothing in it is trusted: not its paths, links, lengths or kinds.

use super::stays_inside;
use crate::error::{Fault, is_broken_stream};
use crate::platform::{self, Ownership};
use anyhow::Result;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tar::{Archive, EntryType, Header};

/// The longest path in an archive, in bytes.
const LONGEST: u64 = 32 << 10;

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Folder,
    File,
    /// A link, and to where.
    Link(PathBuf),
}

/// An entry of an archive.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Its path from the folder of the database.
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
    pub(super) modified: SystemTime,
    pub(super) owner: Ownership,
}

/// What is told of every entry, with the bytes of a file.
pub(super) type Visit<'a> = dyn FnMut(&Entry, &mut dyn Read) -> Result<()> + 'a;

/// Tells of every entry of a tar archive, as [`super::archive`] writes it.
pub(super) fn read(archive: impl Read, visit: &mut Visit<'_>) -> Result<()> {
    let mut archive = Archive::new(archive);
    // What a path too long for a header is was said by the entry before.
    let (mut long_path, mut long_target) = (None, None);
    for entry in archive.entries().map_err(broken)?.raw(true) {
        let mut entry = entry.map_err(broken)?;
        let header = entry.header().clone();
        match header.entry_type() {
            EntryType::GNULongName => long_path = Some(long(&mut entry, &header)?),
            EntryType::GNULongLink => long_target = Some(long(&mut entry, &header)?),
            kind => {
                let path = long_path.take().unwrap_or_else(|| header.path_bytes().into_owned());
                let path = path_of(&path)?;
                let target = long_target.take().or_else(|| header.link_name_bytes().map(Into::into));
                let kind = kind_of(kind, &path, target)?;
                let size = if kind == Kind::File { header.entry_size().map_err(broken)? } else { 0 };
                let owner = owner_of(&header).map_err(broken)?;
                let seconds = Duration::from_secs(header.mtime().map_err(broken)?);
                let modified = UNIX_EPOCH.checked_add(seconds).unwrap_or(UNIX_EPOCH);
                let described = Entry { path, kind, modified, owner };
                let mut data = Counted { inner: &mut entry, read: 0 };
                visit(&described, &mut data)?;
                std::io::copy(&mut data, &mut std::io::sink()).map_err(broken)?;
                if described.kind == Kind::File && data.read != size {
                    return Err(invalid(&described.path, "ends before its end").into());
                }
            }
        }
    }
    Ok(())
}

/// An error of reading, which is the archive's fault where it is not that of the system.
pub(super) fn broken(error: std::io::Error) -> anyhow::Error {
    let message = "the archive of files is damaged";
    let fault = if is_broken_stream(&error) { Fault::invalid(message) } else { Fault::failed(message) };
    anyhow::Error::new(error).context(fault)
}

struct Counted<R> {
    inner: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

fn invalid(path: &Path, why: &str) -> Fault {
    Fault::invalid(format!("the archive of files has {:?}, which {why}", path.to_string_lossy()))
}

fn long(entry: &mut impl Read, header: &Header) -> Result<Vec<u8>> {
    if header.entry_size().map_err(broken)? > LONGEST {
        return Err(Fault::invalid("the archive of files has a path that is too long").into());
    }
    let mut text = Vec::new();
    entry.read_to_end(&mut text).map_err(broken)?;
    while text.last() == Some(&0) {
        text.pop();
    }
    Ok(text)
}

fn owner_of(header: &Header) -> std::io::Result<Ownership> {
    let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Ownership { uid: number(header.uid()?), gid: number(header.gid()?), mode: header.mode()? & 0o777 })
}

/// A path that leads nowhere else.
fn path_of(bytes: &[u8]) -> Result<PathBuf> {
    let shown = String::from_utf8_lossy(bytes).into_owned();
    let path = platform::path_of_bytes(bytes).filter(|_| !bytes.contains(&0));
    let path = path.ok_or_else(|| invalid(Path::new(&shown), "is no path here"))?;
    let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    if !is_plain || path.as_os_str().is_empty() {
        return Err(invalid(&path, "leads out of the folder of the database").into());
    }
    if path.iter().any(|part| super::is_larders(Path::new(part))) {
        return Err(invalid(&path, "is called as what larder keeps for itself").into());
    }
    // Without a slash at its end.
    Ok(path.components().collect())
}

fn kind_of(kind: EntryType, path: &Path, target: Option<Vec<u8>>) -> Result<Kind> {
    match kind {
        EntryType::Directory => Ok(Kind::Folder),
        EntryType::Regular => Ok(Kind::File),
        EntryType::Symlink => {
            let target = target.and_then(|target| platform::path_of_bytes(&target));
            let target = target.filter(|target| !target.as_os_str().is_empty() && stays_inside(path, target));
            target
                .map(Kind::Link)
                .ok_or_else(|| invalid(path, "is a link that leads out of the folder of the database").into())
        }
        _ => Err(invalid(path, "is neither a file, a folder nor a link").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tar::Builder;

    fn archive(kind: EntryType, path: &str, target: Option<&str>, size: u64) -> Vec<u8> {
        let mut builder = Builder::new(Vec::new());
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        // As a crate for archives would never write it.
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        if let Some(target) = target {
            header.as_old_mut().linkname[..target.len()].copy_from_slice(target.as_bytes());
        }
        header.set_cksum();
        builder.append(&header, &b"x"[..]).expect("append");
        builder.into_inner().expect("an archive")
    }

    fn error(bytes: &[u8]) -> String {
        let read = read(bytes, &mut |_, data| Ok(std::io::copy(data, &mut std::io::sink()).map(drop)?));
        read.expect_err("it is refused").to_string()
    }

    #[test]
    fn what_leads_out_of_the_folder_is_refused() {
        for path in ["../x", "/etc/passwd", "a/../../x", "a/./../../b"] {
            let error = error(&archive(EntryType::Regular, path, None, 1));
            assert!(error.contains("leads out of the folder of the database"), "{path}: {error}");
        }
        for target in ["/etc/passwd", "../x"] {
            let error = error(&archive(EntryType::Symlink, "a", Some(target), 0));
            assert!(error.contains("is a link that leads out"), "{target}: {error}");
        }
        let error = error(&archive(EntryType::Regular, "a/.larder.lock", None, 1));
        assert!(error.contains("keeps for itself"), "{error}");
    }

    #[test]
    fn other_kinds_long_names_and_cut_archives_are_refused() {
        for kind in
            [EntryType::Link, EntryType::Fifo, EntryType::Block, EntryType::XHeader, EntryType::GNUSparse]
        {
            let error = error(&archive(kind, "a", Some("b"), 1));
            assert!(error.contains("neither a file, a folder nor a link"), "{kind:?}: {error}");
        }
        let error_of_long = error(&archive(EntryType::GNULongName, "a", None, 1 << 30));
        assert!(error_of_long.contains("too long"), "{error_of_long}");
        let whole = archive(EntryType::Regular, "a", None, 2000);
        assert!(error(&whole[..700]).contains("ends before its end"), "{}", error(&whole[..700]));
    }
}
