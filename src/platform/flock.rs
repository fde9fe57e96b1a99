//! Who holds the lock of a file or folder.
//!
//! Whoever may read a file or a folder can lock it, also without the right to change anything in it, and for ever. Such a
//! lock is nobody's business. Linux says in `/proc/locks` which process has it.

use std::fs::Metadata;

/// Whether every process that is known to hold the lock runs for a user who may not write to what is locked. Where nobody can
/// say, it is not.
#[cfg(target_os = "linux")]
pub fn is_held_by_strangers(locked: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    // Where processes of others are hidden, one that is not there may as well be larder.
    if !std::path::Path::new("/proc/1/status").exists() {
        return false;
    }
    let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
    let mut holders = locks.lines().filter_map(|line| holder(line, locked.ino())).peekable();
    holders.peek().is_some()
        && holders.all(|pid| !linux::Credentials::of(pid).is_some_and(|c| c.may_write(locked)))
}

/// Nobody can say.
#[cfg(not(target_os = "linux"))]
pub fn is_held_by_strangers(_: &Metadata) -> bool {
    false
}

/// The process of a line of `/proc/locks`, where it holds the `flock` lock of a file of that number. The device is not
/// compared: some file systems show another one there.
#[cfg(target_os = "linux")]
fn holder(line: &str, inode: u64) -> Option<u32> {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let &[_, "FLOCK", _, _, pid, file, ..] = words.as_slice() else { return None };
    (file.rsplit(':').next()?.parse() == Ok(inode)).then(|| pid.parse().ok())?
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt;

    /// For whom a process runs.
    pub(super) struct Credentials {
        user: u32,
        groups: Vec<u32>,
    }

    impl Credentials {
        /// Those of a process; `None` where it has ended: then it left the lock to another one, which no larder does.
        pub(super) fn of(pid: u32) -> Option<Self> {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
            let numbers = |name: &str| -> Vec<u32> {
                let line = status.lines().find_map(|line| line.strip_prefix(name));
                line.unwrap_or_default().split_ascii_whitespace().filter_map(|id| id.parse().ok()).collect()
            };
            // Real, effective, saved and file system's: what the process acts as is the second.
            let (user, group) = (*numbers("Uid:").get(1)?, *numbers("Gid:").get(1)?);
            Some(Self { user, groups: [vec![group], numbers("Groups:")].concat() })
        }

        pub(super) fn may_write(&self, file: &Metadata) -> bool {
            let own = rustix::process::geteuid().as_raw();
            self.user == 0
                || self.user == own
                || self.user == file.uid()
                || file.mode() & 0o002 != 0
                || file.mode() & 0o020 != 0 && self.groups.contains(&file.gid())
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn holders_are_read_and_those_who_wait_are_not() {
        assert_eq!(holder("1: FLOCK  ADVISORY  WRITE 1234 fe:00:5678 0 EOF", 5678), Some(1234));
        assert_eq!(holder("1: FLOCK  ADVISORY  WRITE 1234 fe:00:5678 0 EOF", 567), None);
        assert_eq!(holder("1: -> FLOCK  ADVISORY  WRITE 1234 fe:00:5678 0 EOF", 5678), None);
        assert_eq!(holder("2: POSIX  ADVISORY  WRITE 1234 fe:00:5678 0 EOF", 5678), None);
    }

    #[test]
    fn the_own_lock_is_no_strangers() {
        let file = tempfile::tempfile().expect("a file");
        let metadata = file.metadata().expect("there");
        assert!(!is_held_by_strangers(&metadata), "nobody holds it");
        file.try_lock().expect("free");
        assert!(!is_held_by_strangers(&metadata));
    }
}
