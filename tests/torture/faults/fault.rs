//! What may go wrong with a system call, and its name.

use super::calls::Class;
use nix::errno::Errno;
use nix::libc::user_regs_struct;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not made, and gives an error.
    Error(Errno),
    /// The same, and so does every later one of its class.
    Stays(Errno),
    /// Half of what was asked for is read or written.
    Short,
    /// Nothing is read, as at the end of a file.
    Zero,
    /// The process is killed before it.
    Kill,
    /// The process is killed after it.
    KillAfter,
    /// The process is asked to end, and the call is made.
    Term,
}

impl Fault {
    /// All that may happen to calls of a class.
    pub fn of(class: Class) -> Vec<Self> {
        use Errno::{EACCES, EINTR, EIO, EMFILE, ENOLCK, ENOMEM, ENOSPC, EROFS, EXDEV};
        let (errors, others): (&[Errno], &[Self]) = match class {
            Class::Open => (&[EIO, EACCES, EMFILE, ENOSPC, EINTR, EROFS], &[Self::Stays(EMFILE)]),
            Class::Read => (&[EIO, EINTR], &[Self::Short, Self::Zero]),
            Class::Write => (&[EIO, ENOSPC, EINTR], &[Self::Short, Self::Stays(ENOSPC)]),
            Class::Copy => (&[EIO, ENOSPC, EXDEV], &[Self::Short, Self::Zero]),
            Class::Sync => (&[EIO, ENOSPC], &[Self::Stays(EIO)]),
            Class::Rename => (&[EIO, EACCES, ENOSPC, EXDEV, EROFS], &[]),
            Class::Unlink => (&[EIO, EACCES, EROFS], &[Self::Stays(EACCES)]),
            Class::Truncate => (&[EIO, ENOSPC, EINTR], &[]),
            Class::Lock => (&[ENOLCK, EIO, EINTR], &[Self::Stays(ENOLCK)]),
            Class::Mkdir => (&[EACCES, ENOSPC, EROFS], &[]),
            Class::Chmod => (&[EACCES, EROFS], &[]),
            Class::Map => (&[ENOMEM], &[]),
            Class::Stat => (&[EIO, EACCES], &[]),
            Class::List => (&[EIO], &[]),
        };
        let ends: &[Self] = match class {
            // Between two of these nothing changes that could be seen later.
            Class::Read | Class::Stat | Class::List | Class::Map => &[Self::Term],
            _ => &[Self::Kill, Self::KillAfter, Self::Term],
        };
        errors.iter().copied().map(Self::Error).chain(others.iter().chain(ends).copied()).collect()
    }

    pub fn name(self) -> String {
        match self {
            Self::Error(error) => format!("{error:?}"),
            Self::Stays(error) => format!("{error:?}-stays"),
            Self::Short => "short".to_owned(),
            Self::Zero => "zero".to_owned(),
            Self::Kill => "kill".to_owned(),
            Self::KillAfter => "kill-after".to_owned(),
            Self::Term => "term".to_owned(),
        }
    }

    pub fn is_kill(self) -> bool {
        matches!(self, Self::Kill | Self::KillAfter)
    }

    /// Changes the registers of a thread that is about to make a call of that class; `None` where they stay.
    pub fn change(self, class: Class, mut registers: user_regs_struct) -> Option<user_regs_struct> {
        let result = match self {
            Self::Error(error) | Self::Stays(error) => -i64::from(error as i32),
            Self::Zero => 0,
            Self::Short => {
                let length = if class == Class::Copy { &mut registers.r8 } else { &mut registers.rdx };
                *length -= *length / 2;
                return Some(registers);
            }
            Self::Kill | Self::KillAfter | Self::Term => return None,
        };
        // No call has the number -1, and the kernel leaves the result of one that is none.
        registers.orig_rax = u64::MAX;
        registers.rax = u64::from_ne_bytes(result.to_ne_bytes());
        Some(registers)
    }
}
