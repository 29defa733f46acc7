//! A worker's own channels: what it says to the parent must not mix with what a subject prints or
//! reads, and what a subject allocates must not take the machine down.

use std::fs::File;
use std::io;

/// Takes standard input and output over for the protocol. From then on the subject reads an empty
/// input, and what it prints goes to standard error.
///
/// # Errors
/// If the descriptors cannot be duplicated.
#[cfg(unix)]
pub(super) fn take_over() -> io::Result<(File, File)> {
    use std::os::fd::AsRawFd;

    let input = duplicate(libc::STDIN_FILENO)?;
    let output = duplicate(libc::STDOUT_FILENO)?;
    let nothing = File::open("/dev/null")?;
    replace(nothing.as_raw_fd(), libc::STDIN_FILENO)?;
    replace(libc::STDERR_FILENO, libc::STDOUT_FILENO)?;
    Ok((input, output))
}

/// A copy of a descriptor that programs which the subject starts do not inherit.
#[cfg(unix)]
fn duplicate(descriptor: i32) -> io::Result<File> {
    use std::os::fd::FromRawFd;

    // SAFETY: F_DUPFD_CLOEXEC makes a new descriptor and touches no memory.
    let copy = unsafe { libc::fcntl(descriptor, libc::F_DUPFD_CLOEXEC, 3) };
    if copy < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor is new, open, and owned by nobody else.
    Ok(unsafe { File::from_raw_fd(copy) })
}

#[cfg(unix)]
fn replace(by: i32, descriptor: i32) -> io::Result<()> {
    // SAFETY: dup2 changes what a descriptor stands for and touches no memory.
    if unsafe { libc::dup2(by, descriptor) } < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Does the work; what it prints goes to standard error.
#[cfg(feature = "criterion")]
pub(crate) fn with_stdout_to_stderr<T>(work: impl FnOnce() -> T) -> T {
    use std::io::Write;

    // What cannot be turned aside is printed where it is printed.
    let _ = io::stdout().flush();
    #[cfg(unix)]
    let before = duplicate(libc::STDOUT_FILENO).ok();
    #[cfg(unix)]
    let _ = replace(libc::STDERR_FILENO, libc::STDOUT_FILENO);
    let done = work();
    let _ = io::stdout().flush();
    #[cfg(unix)]
    if let Some(before) = before {
        let _ = replace(std::os::fd::AsRawFd::as_raw_fd(&before), libc::STDOUT_FILENO);
    }
    done
}

/// Elsewhere the channels stay where they are, and the protocol's mark tells an answer from what a
/// subject prints.
#[cfg(windows)]
pub(super) fn take_over() -> io::Result<(File, File)> {
    use std::os::windows::io::{AsHandle, OwnedHandle};

    let input: OwnedHandle = io::stdin().as_handle().try_clone_to_owned()?;
    let output: OwnedHandle = io::stdout().as_handle().try_clone_to_owned()?;
    Ok((File::from(input), File::from(output)))
}

/// Bounds what the worker can allocate, so that a subject without bounds fails alone; and offers
/// the worker first to a kernel that is out of memory.
pub(super) fn limit_memory(bytes: u64) {
    #[cfg(target_os = "linux")]
    {
        // RLIMIT_DATA counts writable private memory; the address space itself, of which drivers
        // and sanitizers reserve terabytes, stays free.
        let limit = libc::rlimit { rlim_cur: bytes, rlim_max: bytes };
        // SAFETY: the pointer is to a valid rlimit, which the call only reads. If the system
        // refuses, the worker goes on without a limit.
        unsafe { libc::setrlimit(libc::RLIMIT_DATA, &raw const limit) };
        // Any process may raise its own score.
        let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = bytes;
}
