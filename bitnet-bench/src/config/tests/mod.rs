//! Tests of the room as a whole: from sources to settings, options and messages.

mod awkward;
mod documentation;
mod files;
mod gate;
mod layers;
mod mission;
mod shown;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::discovery::Language;
use super::{Config, Mistake, Sources, suggest};

/// A folder that is a repository's root, removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("bitnet-bench-config-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(path.join(".git")).unwrap();
        Self(path)
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn sources(&self) -> Sources {
        Sources::new(&self.0)
    }

    /// What is wrong, without the name of this folder.
    fn refused(&self, sources: Sources) -> String {
        let error = Config::load(sources).expect_err("the configuration is accepted");
        error.to_string().replace(&format!("{}/", self.0.display()), "")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Variables as an environment gives them.
fn variables(pairs: &[(&str, &str)]) -> Vec<(std::ffi::OsString, std::ffi::OsString)> {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

/// The mistakes in the text of a file, each on its line.
fn mistakes(language: Language, text: &str) -> Vec<String> {
    let mut mistakes = Vec::new();
    super::file::parse(Path::new("c"), language, text, &mut mistakes);
    mistakes.iter().map(Mistake::to_string).collect()
}

#[test]
fn a_suggestion_is_close_or_absent() {
    let keys = ["launches", "time", "timeout", "warmup"];
    assert_eq!(suggest("lanuches", keys), Some("launches"));
    assert_eq!(suggest("tiem", keys), Some("time"));
    assert_eq!(suggest("timeuot", keys), Some("timeout"));
    assert_eq!(suggest("time", keys), Some("time"), "the same word is the closest");
    for far in ["", "frequency", "größe", "時間"] {
        assert_eq!(suggest(far, keys), None, "{far:?}");
    }
    assert_eq!(suggest("time", []), None);
}
