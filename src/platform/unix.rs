//! Unix. What only Linux has (`renameat2`, `/proc`) is tried there and done without elsewhere.

use super::{Holder, Ownership};
use rustix::fs::{AtFlags, CWD, OFlags};
use rustix::io::Errno;
use rustix::process::{Flock, FlockOffsetType, FlockType, fcntl_getlk};
use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Owner, group and mode of a file.
pub fn ownership(metadata: &Metadata) -> Option<Ownership> {
    Some(Ownership { uid: metadata.uid(), gid: metadata.gid(), mode: metadata.mode() & 0o777 })
}

/// Gives a file an owner and a mode, as far as this process may: root does both, others give the mode alone.
pub fn apply_ownership(path: &Path, wanted: Ownership) -> io::Result<()> {
    if is_root() {
        std::os::unix::fs::lchown(path, Some(wanted.uid), Some(wanted.gid))?;
    }
    std::fs::set_permissions(path, Permissions::from_mode(wanted.mode & 0o777))
}

/// The ownership that a file which never was here may have: of the mode, others than root give no more than their umask
/// lets a new file have.
pub fn for_new_file(recorded: Ownership) -> Ownership {
    if is_root() { recorded } else { Ownership { mode: recorded.mode & !umask(), ..recorded } }
}

/// Gives what root made in somebody else's folder to the folder's owner; what others make is theirs already.
pub fn give_to_owner_of(folder: &Path, path: &Path) -> io::Result<()> {
    if !is_root() {
        return Ok(());
    }
    let owner = std::fs::metadata(folder)?;
    if owner.uid() == 0 {
        Ok(())
    } else {
        // Never through a link that somebody put there in this moment.
        std::os::unix::fs::lchown(path, Some(owner.uid()), Some(owner.gid()))
    }
}

/// Opens a file to make what somebody else wrote durable.
pub fn open_to_sync(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Whether two descriptions are of the same file.
pub fn same_file(a: &Metadata, b: &Metadata) -> bool {
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// The number by which a file system knows a file, whatever its name.
pub fn file_number(metadata: &Metadata) -> Option<u64> {
    Some(metadata.ino())
}

/// Whether this process is root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether this process owns the file, or is root.
pub fn owned_by_me(metadata: &Metadata) -> bool {
    is_root() || metadata.uid() == rustix::process::geteuid().as_raw()
}

/// Whether a file was made by this process's user, by root, or by whom its folder belongs to.
pub fn is_trusted(metadata: &Metadata, folder: Option<&Metadata>) -> bool {
    let owner = metadata.uid();
    owner == 0
        || owner == rustix::process::geteuid().as_raw()
        || folder.is_some_and(|folder| owner == folder.uid())
}

/// Whether others than its owner may read a file.
pub fn others_may_read(metadata: &Metadata) -> bool {
    metadata.mode() & 0o044 != 0
}

/// Whether others than its owner may write to a file.
pub fn others_may_write(metadata: &Metadata) -> bool {
    metadata.mode() & 0o022 != 0
}

/// Whether everybody may put another file in the place of one in this folder.
pub fn others_may_replace(folder: &Metadata) -> bool {
    folder.mode() & 0o1002 == 0o0002
}

/// Whether this process may write to a file, or create and delete files in a folder. The file is not opened.
pub fn writable(path: &Path) -> bool {
    rustix::fs::accessat(CWD, path, rustix::fs::Access::WRITE_OK, AtFlags::EACCESS).is_ok()
        && !only_grows(path)
}

/// Whether `chattr` allows nothing to be changed, or nothing but to add: the access does not say so.
fn only_grows(path: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{StatxAttributes, StatxFlags, statx};
        let attributes =
            statx(CWD, path, AtFlags::empty(), StatxFlags::empty()).map(|file| file.stx_attributes);
        attributes.is_ok_and(|set| set.intersects(StatxAttributes::APPEND | StatxAttributes::IMMUTABLE))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        false
    }
}

/// Bytes that this process may still write to the file system of `path`; `None` where nobody can say.
pub fn free_space(path: &Path) -> io::Result<Option<u64>> {
    let stat = rustix::fs::statvfs(path)?;
    // Some network file systems report no blocks at all.
    Ok((stat.f_blocks > 0).then(|| stat.f_bavail.saturating_mul(stat.f_frsize)))
}

/// Creates a file that was not there, mode 0600, open for reading and writing.
pub fn create_private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
}

/// Creates a folder that was not there, mode 0700.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// Opens a file that processes lock, and creates it with mode 0600 where it is not there. A link is not followed: whoever
/// put it there could have a file made, or locked, that is elsewhere.
pub fn open_lock_file(path: &Path) -> io::Result<File> {
    let no_follow = i32::try_from(OFlags::NOFOLLOW.bits()).map_err(io::Error::other)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600).custom_flags(no_follow);
    match options.open(path) {
        Err(error) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            Err(io::Error::other("it is a symbolic link, and the file that larder locks must not be one"))
        }
        opened => opened,
    }
}

/// Opens a file for reading, which is not to be a link, and without waiting for anybody where it is a pipe.
pub fn open_not_following(path: &Path) -> io::Result<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    let flags = i32::try_from(flags).map_err(io::Error::other)?;
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

/// Makes a symbolic link at a path where nothing is.
pub fn create_link(target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Whether two descriptions are of things on the same file system.
pub fn same_file_system(a: &Metadata, b: &Metadata) -> bool {
    a.dev() == b.dev()
}

/// A file name or a path from the bytes that the system knows it by.
pub fn path_of_bytes(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(std::ffi::OsStr::from_bytes(bytes).into())
}

/// Renames, and fails with `AlreadyExists` where the new name is taken.
///
/// Without `renameat2` (some file systems) it links and unlinks; where there are no links either (FAT), it
/// looks before it renames.
pub fn rename_no_replace(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    match rustix::fs::renameat_with(CWD, from, CWD, to, rustix::fs::RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {}
        done => return Ok(done?),
    }
    match std::fs::hard_link(from, to) {
        Ok(()) => return std::fs::remove_file(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
        Err(_) => {}
    }
    if to.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    std::fs::rename(from, to)
}

/// Makes two paths change their names. Where the system cannot, there is a moment at which the second has none.
pub fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    match rustix::fs::renameat_with(CWD, a, CWD, b, rustix::fs::RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {}
        done => return Ok(done?),
    }
    super::exchange_in_steps(a, b)
}

/// Makes a folder's entries durable. File systems that cannot say so are taken at their word.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    match File::open(path)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

/// Drops a synced file from the page cache, so that the next read comes from the disk. Best effort.
pub fn forget_cached(file: &File) {
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}

/// Other processes that have one of these files open, as far as this process may see: through `/proc`, and
/// through the locks that `SQLite` holds on the database and on its `-shm`, which show even where `/proc` does
/// not. This opens and closes the files, which drops this process's own locks on them: never call it while
/// this process has a connection to the database.
pub fn holders(files: &[PathBuf]) -> Vec<Holder> {
    let mut found = open_files_of_others(files);
    for file in files {
        if found.is_empty() {
            found.extend(lock_holder(file));
        }
    }
    found
}

fn open_files_of_others(files: &[PathBuf]) -> Vec<Holder> {
    let wanted: Vec<(PathBuf, Metadata)> =
        files.iter().filter_map(|f| Some((f.clone(), std::fs::metadata(f).ok()?))).collect();
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let mut found = Vec::new();
    for process in processes.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        if pid == std::process::id() {
            continue;
        }
        let Ok(descriptors) = std::fs::read_dir(process.path().join("fd")) else { continue };
        let open = descriptors.flatten().filter_map(|fd| std::fs::metadata(fd.path()).ok());
        if let Some((file, _)) =
            open.into_iter().find_map(|fd| wanted.iter().find(|(_, metadata)| same_file(&fd, metadata)))
        {
            found.push(Holder { pid, program: program_name(&process.path()), file: file.clone() });
        }
    }
    found
}

fn program_name(process: &Path) -> String {
    std::fs::read_to_string(process.join("comm")).unwrap_or_default().trim().to_owned()
}

/// The bytes of a database file on which `SQLite` takes its locks (`PENDING_BYTE` and what follows), and those
/// of a `-shm` file (`UNIX_SHM_BASE` to `UNIX_SHM_DMS`), as sqlite's `os.h` and `os_unix.c` define them.
const DATABASE_LOCKS: (u64, u64) = (0x4000_0000, 512);
const SHM_LOCKS: (u64, u64) = (120, 9);

fn lock_holder(path: &Path) -> Option<Holder> {
    let is_shm = path.to_str().is_some_and(|p| p.ends_with("-shm"));
    let (start, length) = if is_shm { SHM_LOCKS } else { DATABASE_LOCKS };
    let file = File::open(path).ok()?;
    let question =
        Flock { start, length, pid: None, typ: FlockType::WriteLock, offset_type: FlockOffsetType::Set };
    let lock = fcntl_getlk(&file, &question).ok()??;
    let pid = lock.pid.map_or(0, |pid| pid.as_raw_nonzero().get().unsigned_abs());
    let program = program_name(&Path::new("/proc").join(pid.to_string()));
    Some(Holder { pid, program, file: path.to_owned() })
}

/// Whether a signal was ignored when the process started, as `nohup` has it for `SIGHUP`.
pub fn signal_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    (1..=64).contains(&signal) && mask >> (signal - 1) & 1 == 1
}

fn umask() -> u32 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("Umask:"));
    mask.and_then(|mask| u32::from_str_radix(mask.trim(), 8).ok()).unwrap_or(0o077)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rename_no_replace_refuses_a_taken_name() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&a, "a").expect("write");
        std::fs::write(&b, "b").expect("write");
        let error = rename_no_replace(&a, &b).expect_err("the name is taken");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read_to_string(&b).expect("read"), "b");
        std::fs::remove_file(&b).expect("remove");
        rename_no_replace(&a, &b).expect("the name is free");
        assert_eq!(std::fs::read_to_string(&b).expect("read"), "a");
    }

    #[test]
    fn free_space_is_known_here() {
        assert!(free_space(&std::env::temp_dir()).expect("statvfs").expect("a number") > 0);
    }
}
