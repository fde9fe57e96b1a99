//! The system calls that concern files, by class, and which file each is about.

use nix::libc::{self, c_long, user_regs_struct};
use nix::unistd::Pid;
use std::ffi::OsString;
use std::fs::File;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// What a system call does to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Open,
    Read,
    Write,
    Copy,
    Sync,
    Rename,
    Unlink,
    Truncate,
    Lock,
    Mkdir,
    Chmod,
    Map,
    Stat,
    List,
}

impl Class {
    pub fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// Where a call says which file it is about.
#[derive(Clone, Copy)]
enum About {
    /// The first argument is a path.
    Path,
    /// The first argument is an open folder, the second a path from there.
    PathAt,
    /// The first argument is an open file.
    File,
    /// The fifth argument is an open file, unless the memory is anonymous.
    Mapped,
    /// The first argument is an open file, if the second one says that this is about a lock.
    Locked,
}

const CALLS: &[(c_long, &str, Class, About)] = &[
    (libc::SYS_open, "open", Class::Open, About::Path),
    (libc::SYS_openat, "openat", Class::Open, About::PathAt),
    (libc::SYS_creat, "creat", Class::Open, About::Path),
    (libc::SYS_read, "read", Class::Read, About::File),
    (libc::SYS_pread64, "pread64", Class::Read, About::File),
    (libc::SYS_readv, "readv", Class::Read, About::File),
    (libc::SYS_write, "write", Class::Write, About::File),
    (libc::SYS_pwrite64, "pwrite64", Class::Write, About::File),
    (libc::SYS_writev, "writev", Class::Write, About::File),
    (libc::SYS_copy_file_range, "copy_file_range", Class::Copy, About::File),
    (libc::SYS_sendfile, "sendfile", Class::Copy, About::File),
    (libc::SYS_fsync, "fsync", Class::Sync, About::File),
    (libc::SYS_fdatasync, "fdatasync", Class::Sync, About::File),
    (libc::SYS_sync_file_range, "sync_file_range", Class::Sync, About::File),
    (libc::SYS_rename, "rename", Class::Rename, About::Path),
    (libc::SYS_renameat, "renameat", Class::Rename, About::PathAt),
    (libc::SYS_renameat2, "renameat2", Class::Rename, About::PathAt),
    (libc::SYS_link, "link", Class::Rename, About::Path),
    (libc::SYS_linkat, "linkat", Class::Rename, About::PathAt),
    (libc::SYS_unlink, "unlink", Class::Unlink, About::Path),
    (libc::SYS_unlinkat, "unlinkat", Class::Unlink, About::PathAt),
    (libc::SYS_rmdir, "rmdir", Class::Unlink, About::Path),
    (libc::SYS_truncate, "truncate", Class::Truncate, About::Path),
    (libc::SYS_ftruncate, "ftruncate", Class::Truncate, About::File),
    (libc::SYS_fallocate, "fallocate", Class::Truncate, About::File),
    (libc::SYS_flock, "flock", Class::Lock, About::File),
    (libc::SYS_fcntl, "fcntl", Class::Lock, About::Locked),
    (libc::SYS_mkdir, "mkdir", Class::Mkdir, About::Path),
    (libc::SYS_mkdirat, "mkdirat", Class::Mkdir, About::PathAt),
    (libc::SYS_chmod, "chmod", Class::Chmod, About::Path),
    (libc::SYS_fchmod, "fchmod", Class::Chmod, About::File),
    (libc::SYS_fchmodat, "fchmodat", Class::Chmod, About::PathAt),
    (libc::SYS_chown, "chown", Class::Chmod, About::Path),
    (libc::SYS_fchown, "fchown", Class::Chmod, About::File),
    (libc::SYS_utimensat, "utimensat", Class::Chmod, About::PathAt),
    (libc::SYS_mmap, "mmap", Class::Map, About::Mapped),
    (libc::SYS_stat, "stat", Class::Stat, About::Path),
    (libc::SYS_lstat, "lstat", Class::Stat, About::Path),
    (libc::SYS_fstat, "fstat", Class::Stat, About::File),
    (libc::SYS_newfstatat, "newfstatat", Class::Stat, About::PathAt),
    (libc::SYS_statx, "statx", Class::Stat, About::PathAt),
    (libc::SYS_access, "access", Class::Stat, About::Path),
    (libc::SYS_faccessat, "faccessat", Class::Stat, About::PathAt),
    (libc::SYS_statfs, "statfs", Class::Stat, About::Path),
    (libc::SYS_fstatfs, "fstatfs", Class::Stat, About::File),
    (libc::SYS_readlink, "readlink", Class::Stat, About::Path),
    (libc::SYS_readlinkat, "readlinkat", Class::Stat, About::PathAt),
    (libc::SYS_getdents64, "getdents64", Class::List, About::File),
];

/// A call that is about a file.
pub struct Call {
    pub name: &'static str,
    pub class: Class,
    pub path: PathBuf,
}

/// The call that a thread is about to make, if it is about a file.
pub fn call(thread: Pid, registers: &user_regs_struct) -> Option<Call> {
    let number = c_long::from_ne_bytes(registers.orig_rax.to_ne_bytes());
    let &(_, name, class, about) = CALLS.iter().find(|(of, ..)| *of == number)?;
    let path = match about {
        About::Path => from_folder(thread, libc::AT_FDCWD, registers.rdi)?,
        About::PathAt => from_folder(thread, file(registers.rdi), registers.rsi)?,
        About::File => opened(thread, file(registers.rdi))?,
        About::Mapped if file(registers.r8) >= 0 => opened(thread, file(registers.r8))?,
        About::Locked if is_about_a_lock(registers.rsi) => opened(thread, file(registers.rdi))?,
        About::Mapped | About::Locked => return None,
    };
    Some(Call { name, class, path })
}

/// A file descriptor takes the lower half of a register.
fn file(register: u64) -> i32 {
    let [a, b, c, d, ..] = register.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

fn is_about_a_lock(command: u64) -> bool {
    [libc::F_SETLK, libc::F_SETLKW, libc::F_OFD_SETLK, libc::F_OFD_SETLKW].contains(&file(command))
}

fn opened(thread: Pid, file: i32) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/{thread}/fd/{file}")).ok()
}

/// A path of the memory of a thread, made absolute. An empty one means the folder itself, which may be a file.
fn from_folder(thread: Pid, folder: i32, address: u64) -> Option<PathBuf> {
    let path = text(thread, address)?;
    if path.is_absolute() {
        return Some(path);
    }
    let folder = if folder == libc::AT_FDCWD {
        std::fs::read_link(format!("/proc/{thread}/cwd")).ok()?
    } else {
        opened(thread, folder)?
    };
    Some(if path == Path::new("") { folder } else { folder.join(path) })
}

/// A text of the memory of a thread, up to its NUL. What follows it may be in no memory, so no page is read that need not be.
fn text(thread: Pid, address: u64) -> Option<PathBuf> {
    const PAGE: u64 = 4096;
    let memory = File::open(format!("/proc/{thread}/mem")).ok()?;
    let (mut text, mut at) = (Vec::new(), address);
    while text.len() < usize::try_from(libc::PATH_MAX).ok()? {
        let mut part = vec![0; usize::try_from(PAGE - at % PAGE).ok()?];
        memory.read_exact_at(&mut part, at).ok()?;
        if let Some(end) = part.iter().position(|byte| *byte == 0) {
            text.extend_from_slice(&part[..end]);
            return Some(PathBuf::from(OsString::from_vec(text)));
        }
        at += PAGE - at % PAGE;
        text.append(&mut part);
    }
    None
}
