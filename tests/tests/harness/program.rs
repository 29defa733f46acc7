//! A fixture as a user runs it: with a folder of its own, in an environment that says nothing.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub(crate) const WELL_BEHAVED: &str = env!("CARGO_BIN_EXE_well_behaved");
pub(crate) const MISBEHAVING: &str = env!("CARGO_BIN_EXE_misbehaving");
pub(crate) const SLOW: &str = env!("CARGO_BIN_EXE_slow");
pub(crate) const DUPLICATE: &str = env!("CARGO_BIN_EXE_duplicate");
pub(crate) const OVERFLOW: &str = env!("CARGO_BIN_EXE_overflow");
pub(crate) const OF_A_PROGRAM: &str = env!("CARGO_BIN_EXE_of_a_program");
pub(crate) const QUANTIZATION: &str = env!("CARGO_BIN_EXE_quantization");
pub(crate) const THIRD_PARTY: &str = env!("CARGO_BIN_EXE_third_party");
pub(crate) const CRITERION_STYLE: &str = env!("CARGO_BIN_EXE_criterion_style");
pub(crate) const SUITE: &str = env!("CARGO_BIN_EXE_suite");

/// What `cargo bench` passes, and settings for a run of which only the way it goes is of interest.
pub(crate) const QUICK: [&str; 7] = ["--bench", "--time", "20ms", "--warmup", "5ms", "--launches", "5"];

/// How long any program may take, on a machine that does much else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// A fixture and the folder it runs in, which is removed with it.
pub(crate) struct Program {
    path: &'static str,
    folder: TempDir,
}

impl Program {
    pub(crate) fn new(path: &'static str) -> Self {
        Self { path, folder: TempDir::new().expect("a temporary folder can be made") }
    }

    /// The folder that it runs in.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its store.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder().join("home")
    }

    /// Writes a file into its folder.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder can be made");
        std::fs::write(&path, content).expect("the file can be written");
        path
    }

    /// The program with these arguments.
    pub(crate) fn command<S: AsRef<str>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        self.command_of(Path::new(self.path), arguments)
    }

    /// A program elsewhere with these arguments, in this one's folder and environment.
    pub(crate) fn command_of<S>(&self, path: &Path, arguments: impl IntoIterator<Item = S>) -> Command
    where
        S: AsRef<str>,
    {
        let mut command = Command::new(path);
        command.args(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        command.current_dir(self.folder()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A backtrace would push a worker's last words out of what is kept of them.
        let ours = |name: &str| name.starts_with("BITNET_BENCH_") || ["NO_COLOR", "RUST_BACKTRACE"].contains(&name);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(ours)) {
            command.env_remove(name);
        }
        command.env("BITNET_BENCH_HOME", self.home());
        command
    }

    /// Runs it with these arguments to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Running::start(&mut self.command(arguments)).finish()
    }

    /// Measures, with the quick settings and these arguments.
    pub(crate) fn measure(&self, arguments: &[&str]) -> Output {
        self.run(&[&QUICK, arguments].concat())
    }
}

/// A program that has been started. It is ended when this goes out of scope.
pub(crate) struct Running {
    child: Child,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("the program can be started");
        let (stdout, stderr) = (reader(child.stdout.take()), reader(child.stderr.take()));
        Self { child, stdout, stderr }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("its state is known").is_some()
    }

    /// Waits until something is there.
    pub(crate) fn wait_for<T>(&mut self, what: &str, mut there: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = there() {
                return found;
            }
            assert!(!self.has_ended(), "the program ended before there was {what}");
            assert!(start.elapsed() < PATIENCE, "there was no {what}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits for its end.
    pub(crate) fn finish(self) -> Output {
        self.finish_within(PATIENCE)
    }

    /// Waits for its end, not that long.
    pub(crate) fn finish_within(mut self, patience: Duration) -> Output {
        let start = Instant::now();
        while !self.has_ended() {
            assert!(start.elapsed() < patience, "the program does not end");
            std::thread::sleep(Duration::from_millis(2));
        }
        let code = self.child.wait().expect("it has ended").code();
        let take = |reader: &mut JoinHandle<String>| std::mem::replace(reader, std::thread::spawn(String::new));
        let text = |reader: JoinHandle<String>| reader.join().expect("what it printed can be read");
        let (stdout, stderr) = (take(&mut self.stdout), take(&mut self.stderr));
        Output { code, stdout: text(stdout), stderr: text(stderr) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, unless a test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn reader(from: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut from) = from {
            from.read_to_end(&mut bytes).expect("a pipe can be read");
        }
        String::from_utf8(bytes).expect("a program prints text")
    })
}

/// How a program ended, and what it printed.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    /// The same, if the program ended with that exit code.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// The same, if standard output has this text in it.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "`{text}` is not in\n{}", self.stdout);
        self
    }

    /// The same, if standard error has this text in it.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "`{text}` is not in\n{}", self.stderr);
        self
    }
}
