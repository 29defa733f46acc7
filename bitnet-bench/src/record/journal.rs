//! The journal of a run under way: each result is on disk before the next case starts, so that an
//! interrupted or killed run loses nothing that was measured.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::json::from_json;
use super::model::LaunchRecord;
use super::parts::Shard;
use crate::measure::Failure;

/// What must be the same for a run to be resumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalStart {
    /// The run's id.
    pub run: String,
    /// The bench target.
    pub target: String,
    /// A hash of the executable's content.
    pub executable: String,
    /// The seed of the launches' orders.
    pub shuffle_seed: u64,
    /// The chosen cases with the texts of their settings.
    pub cases: Vec<(String, Vec<(String, String)>)>,
    /// Which part of a split run it is.
    #[serde(default)]
    pub shard: Option<Shard>,
}

/// One line of a journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalLine {
    /// The first line.
    Start(JournalStart),
    /// A case was measured in a launch.
    Measured {
        /// The case's id.
        case: String,
        /// What was measured.
        launch: Box<LaunchRecord>,
    },
    /// A case failed.
    Failed {
        /// The case's id.
        case: String,
        /// The launch in which it failed.
        launch: u32,
        /// Why.
        failure: Failure,
    },
}

/// The journal of a run, open for writing.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Begins a journal.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn begin(folder: &Path, start: &JournalStart) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(format!("{}.jsonl", start.run));
        let file = OpenOptions::new().create_new(true).append(true).open(&path)?;
        // Held for as long as the run is under way, so that nobody else goes on with it.
        file.lock()?;
        let mut journal = Self { path, file };
        journal.write(&JournalLine::Start(start.clone()))?;
        Ok(journal)
    }

    /// Opens a journal to go on with it, after its last whole line.
    ///
    /// # Errors
    /// If the file cannot be opened or cut, or its run is still under way.
    pub fn go_on(resumable: &Resumable) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).open(&resumable.path)?;
        file.try_lock().map_err(|_| io::Error::other("its run is still under way"))?;
        file.set_len(resumable.whole_bytes)?;
        Ok(Self { path: resumable.path.clone(), file })
    }

    /// Adds a line. It is handed to the operating system at once, which keeps it when this process
    /// dies.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, line: &JournalLine) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the journal: the run's record has taken its place.
    pub fn remove(self) {
        // A journal that stays is offered to `--resume`, which finds nothing left to do.
        let _ = fs::remove_file(&self.path);
    }
}

/// A journal that was read back.
#[derive(Clone, Debug)]
pub struct Resumable {
    /// Its first line.
    pub start: JournalStart,
    /// The lines after it.
    pub lines: Vec<JournalLine>,
    path: PathBuf,
    whole_bytes: u64,
}

impl Resumable {
    /// The newest journal of a bench target, or of one shard of it, if there is one. Shards of the same number in splits
    /// into as many parts are one to it.
    ///
    /// A last line that was cut short, as by a kill, is left out; a file that is no journal is
    /// passed over.
    pub fn newest(folder: &Path, target: &str, shard: Option<&Shard>) -> Option<Self> {
        let files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
        let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "jsonl")).collect();
        // Run ids begin with the time of their start.
        files.sort();
        let part = |shard: Option<&Shard>| shard.map(|shard| (shard.number, shard.of));
        let is_meant = |start: &JournalStart| start.target == target && part(start.shard.as_ref()) == part(shard);
        files.iter().rev().filter_map(|path| Self::read(path)).find(|journal| is_meant(&journal.start))
    }

    fn read(path: &Path) -> Option<Self> {
        let mut reader = BufReader::new(File::open(path).ok()?);
        let mut lines = Vec::new();
        let mut whole_bytes = 0;
        let mut text = String::new();
        while reader.read_line(&mut text).is_ok_and(|length| length > 0) && text.ends_with('\n') {
            let Ok(line) = from_json::<JournalLine>(&text) else { break };
            lines.push(line);
            whole_bytes += text.len() as u64;
            text.clear();
        }
        let mut lines = lines.into_iter();
        let Some(JournalLine::Start(start)) = lines.next() else { return None };
        Some(Self { start, lines: lines.collect(), path: path.to_owned(), whole_bytes })
    }
}
