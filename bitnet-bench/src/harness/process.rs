//! A worker as the parent sees it: a process that may answer, fall silent or die.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::protocol::{NEXT_CASE, Reply, Request};
use super::{interrupt, layout};
use crate::measure::{Failure, FailureKind};

/// How to start a worker.
#[derive(Clone, Debug)]
pub(super) struct WorkerCommand {
    /// The runner's words, the executable, and its arguments.
    pub(super) words: Vec<OsString>,
    /// A variable that tells a program, whose arguments are its own, that it is a worker.
    pub(super) variable: Option<(&'static str, String)>,
    /// The folder that it runs in; `None` is this process's.
    pub(super) folder: Option<PathBuf>,
    /// Whether the worker's output is shown as it comes.
    pub(super) nocapture: bool,
}

impl WorkerCommand {
    /// The command as a person would write it.
    pub(super) fn text(&self) -> String {
        let words: Vec<_> = self.words.iter().map(|word| word.to_string_lossy()).collect();
        words.join(" ")
    }
}

/// A running worker.
pub(super) struct WorkerProcess {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    tail: Arc<Mutex<Tail>>,
    readers: Vec<JoinHandle<()>>,
}

/// Why there was no reply.
pub(super) enum NoReply {
    /// The worker died, or took too long and was ended.
    Failed(Failure),
    /// The user interrupted the run.
    Interrupted,
}

/// How often the parent looks up from waiting.
const LOOK_UP: Duration = Duration::from_millis(20);
/// How long a dying worker may take to hand over the rest of its output.
const LAST_WORDS: Duration = Duration::from_millis(300);

impl WorkerProcess {
    /// Starts a worker.
    ///
    /// # Errors
    /// If the program cannot be started.
    pub(super) fn start(command: &WorkerCommand) -> io::Result<Self> {
        let mut process = Command::new(&command.words[0]);
        process.args(&command.words[1..]);
        process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        process.env(layout::VARIABLE, layout::draw());
        if let Some((variable, value)) = &command.variable {
            process.env(variable, value);
        }
        if let Some(folder) = &command.folder {
            process.current_dir(folder);
        }
        // A group of its own: the terminal's Ctrl-C is for the parent, which then ends the worker;
        // and what the worker starts is ended with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut process, 0);
        let mut child = process.spawn()?;

        let tail = Arc::new(Mutex::new(Tail { first: Vec::new(), lines: VecDeque::new(), show: command.nocapture }));
        let (sender, lines) = mpsc::channel();
        let mut readers = Vec::new();
        if let Some(output) = child.stdout.take() {
            let tail = Arc::clone(&tail);
            readers.push(std::thread::spawn(move || {
                each_line(output, |line| {
                    if Reply::is_line(line) {
                        // Nobody waits for it any more once the receiver is gone.
                        let _ = sender.send(line.to_owned());
                    } else {
                        add(&tail, line);
                    }
                });
            }));
        }
        if let Some(errors) = child.stderr.take() {
            let tail = Arc::clone(&tail);
            readers.push(std::thread::spawn(move || each_line(errors, |line| add(&tail, line))));
        }
        let input = child.stdin.take();
        Ok(Self { child, input, lines, tail, readers })
    }

    /// Sends a request and waits for the reply.
    ///
    /// # Errors
    /// If the worker dies, takes longer than `timeout`, or the run is interrupted. The worker is
    /// then of no further use.
    pub(super) fn ask(&mut self, request: &Request, timeout: Duration) -> Result<Reply, NoReply> {
        // A worker that cannot be written to is dead, which the wait for its reply finds out.
        let _ = self.send(request);
        read(&self.hear(timeout)?)
    }

    /// Waits for a marked line.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub(super) fn hear(&mut self, timeout: Duration) -> Result<String, NoReply> {
        let start = Instant::now();
        loop {
            match self.lines.recv_timeout(LOOK_UP) {
                Ok(line) => return Ok(line),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(NoReply::Failed(self.bury())),
            }
            if interrupt::requested() {
                drop(self.kill());
                return Err(NoReply::Interrupted);
            }
            if start.elapsed() > timeout {
                drop(self.kill());
                let message = format!("took longer than its timeout of {}", humantime::format_duration(timeout));
                return Err(NoReply::Failed(self.last_words(FailureKind::TimedOut, message)));
            }
            if self.has_exited() {
                // Its last reply may still be in the pipe.
                return match self.lines.recv_timeout(LAST_WORDS) {
                    Ok(line) => Ok(line),
                    Err(_) => Err(NoReply::Failed(self.bury())),
                };
            }
        }
    }

    fn send(&mut self, request: &Request) -> io::Result<()> {
        let Some(input) = &mut self.input else { return Ok(()) };
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        input.write_all(&line)?;
        input.flush()
    }

    /// The failure of a worker that died by itself.
    fn bury(&mut self) -> Failure {
        self.wait_a_little();
        let message = match self.kill() {
            Ok(status) => cause_of_death(status),
            Err(error) => format!("the worker was lost: {error}"),
        };
        let mut failure = self.last_words(FailureKind::Died, message);
        if failure.output.contains("memory allocation of") {
            failure.message.push_str("; it ran out of memory (`--memory-limit` says how much a worker may take)");
        }
        failure
    }

    /// A failure with the end of what the worker wrote.
    fn last_words(&mut self, kind: FailureKind, message: String) -> Failure {
        let patience = Instant::now();
        while patience.elapsed() < LAST_WORDS && !self.readers.iter().all(JoinHandle::is_finished) {
            std::thread::sleep(Duration::from_millis(1));
        }
        Failure { output: lock(&self.tail).text(), ..Failure::new(kind, message) }
    }

    /// Whether the worker has ended. It stays unburied, so that its number, and with it its group's,
    /// is not given to another.
    #[cfg(unix)]
    fn has_exited(&mut self) -> bool {
        // SAFETY: all zeros is a valid siginfo_t, and the call writes to that one only.
        unsafe {
            let mut info: libc::siginfo_t = std::mem::zeroed();
            let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
            libc::waitid(libc::P_PID, self.child.id(), &raw mut info, options) == 0 && info.si_signo != 0
        }
    }

    #[cfg(not(unix))]
    fn has_exited(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Waits for the worker to end, but not for long.
    fn wait_a_little(&mut self) {
        let start = Instant::now();
        while start.elapsed() < LAST_WORDS && !self.has_exited() {
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Ends the worker, if it has not ended, and everything that it started.
    fn kill(&mut self) -> io::Result<ExitStatus> {
        #[cfg(unix)]
        if let Ok(group) = i32::try_from(self.child.id()) {
            // SAFETY: the group is the worker's own, and the worker has not been waited for, so
            // its number has not been given to another.
            unsafe { libc::killpg(group, libc::SIGKILL) };
        }
        // It may be dead already, which is all that is wanted.
        let _ = self.child.kill();
        self.child.wait()
    }
}

impl Drop for WorkerProcess {
    /// Ends the worker: without input it exits by itself, and is killed if it does not.
    fn drop(&mut self) {
        self.input = None;
        self.wait_a_little();
        // A worker that cannot be waited for is one that was buried before.
        let _ = self.kill();
    }
}

/// What a worker printed last.
struct Tail {
    /// The first lines: a backtrace may push what matters out of the last ones.
    first: Vec<String>,
    /// The last lines after those.
    lines: VecDeque<String>,
    show: bool,
}

impl Tail {
    const FIRST: usize = 4;
    const LINES: usize = 16;
    const LONGEST_LINE: usize = 500;

    fn text(&self) -> String {
        let lines: Vec<&str> = self.first.iter().chain(&self.lines).map(String::as_str).collect();
        lines.join("\n")
    }
}

fn lock(tail: &Mutex<Tail>) -> std::sync::MutexGuard<'_, Tail> {
    tail.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add(tail: &Mutex<Tail>, line: &str) {
    if line.is_empty() {
        return;
    }
    let mut tail = lock(tail);
    if line == NEXT_CASE {
        tail.first.clear();
        return tail.lines.clear();
    }
    if tail.show {
        eprintln!("{line}");
    }
    // Of a long line, the end is kept: that is where last words are.
    let start = line.char_indices().rev().nth(Tail::LONGEST_LINE).map_or(0, |(at, _)| at);
    let line = line[start..].to_owned();
    if tail.first.len() < Tail::FIRST {
        return tail.first.push(line);
    }
    if tail.lines.len() == Tail::LINES {
        tail.lines.pop_front();
    }
    tail.lines.push_back(line);
}

/// Reads lines until the end. Bytes that are no text are replaced; a line without an end is cut
/// where it gets too long to be a reply.
fn each_line(from: impl Read, mut take: impl FnMut(&str)) {
    const LONGEST: u64 = 64 << 20;
    let mut reader = BufReader::new(from);
    let mut bytes = Vec::new();
    while reader.by_ref().take(LONGEST).read_until(b'\n', &mut bytes).is_ok_and(|length| length > 0) {
        take(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']));
        bytes.clear();
    }
}

/// Reads a reply.
fn read(line: &str) -> Result<Reply, NoReply> {
    Reply::from_line(line).map_err(|error| {
        let message = format!("the worker's answer cannot be read: {error}");
        NoReply::Failed(Failure::new(FailureKind::Died, message))
    })
}

/// How a worker ended, in words.
fn cause_of_death(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("was killed by signal {signal}{}", signal_name(signal));
    }
    match status.code() {
        Some(code) => format!("ended its process with exit code {code}"),
        None => "ended its process".to_owned(),
    }
}

/// The name of a signal, with what usually sends it.
#[cfg(unix)]
fn signal_name(signal: i32) -> &'static str {
    match signal {
        libc::SIGSEGV => " (SIGSEGV: it used memory that is not its own, or overflowed its stack)",
        libc::SIGABRT => " (SIGABRT: it aborted)",
        libc::SIGKILL => " (SIGKILL: somebody, or a kernel out of memory, killed it)",
        libc::SIGILL => " (SIGILL: an instruction that this processor does not have)",
        libc::SIGBUS => " (SIGBUS)",
        libc::SIGFPE => " (SIGFPE)",
        libc::SIGTERM => " (SIGTERM)",
        _ => "",
    }
}
