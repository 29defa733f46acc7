//! Where `/proc`, `/sys` and `/etc` are.

use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The directory that holds `proc`, `sys` and `etc`: `/` on a live system, a made-up tree in tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root(PathBuf);

impl Root {
    /// The root of the system that this process runs on.
    pub(crate) fn system() -> Self {
        Self(PathBuf::from("/"))
    }

    /// The path of an entry, given relative to the root, such as `proc/cpuinfo`.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.0.join(relative)
    }

    /// The content of a file without surrounding white space; `None` if it cannot be read or holds
    /// nothing. Bytes that are no UTF-8 are replaced, so that the rest can still be used.
    pub(crate) fn text(&self, relative: impl AsRef<Path>) -> Option<String> {
        text(&self.path(relative))
    }

    /// The content of a file that holds one value, such as a number.
    pub(crate) fn value<T: FromStr>(&self, relative: impl AsRef<Path>) -> Option<T> {
        self.text(relative)?.parse().ok()
    }

    /// The names in a directory, sorted; none if it cannot be read.
    pub(crate) fn names(&self, relative: impl AsRef<Path>) -> Vec<String> {
        let mut names = Vec::new();
        let Ok(entries) = std::fs::read_dir(self.path(relative)) else { return names };
        for entry in entries {
            let name = entry.ok().and_then(|entry| entry.file_name().into_string().ok());
            names.extend(name);
        }
        names.sort();
        names
    }
}

fn text(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&bytes).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// A made-up root, removed when it goes out of scope.
#[cfg(test)]
pub(crate) struct FakeRoot {
    root: Root,
}

#[cfg(test)]
impl FakeRoot {
    /// A root with the given files; each is a path relative to the root and its content.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("bitnet-bench-root-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let fake = Self { root: Root(std::env::temp_dir().join(name)) };
        std::fs::create_dir_all(&fake.root.0).unwrap();
        for (path, content) in files {
            fake.write(path, content);
        }
        fake
    }

    /// The folder of a path relative to the root.
    pub(crate) fn folder(&self, path: &str) -> PathBuf {
        self.root.path(path)
    }

    /// Writes a file, in place of one that is there.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.root.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

#[cfg(test)]
impl std::ops::Deref for FakeRoot {
    type Target = Root;

    fn deref(&self) -> &Root {
        &self.root
    }
}

#[cfg(test)]
impl Drop for FakeRoot {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_there_and_nothing_else() {
        let root = FakeRoot::new(&[("proc/number", " 42\n"), ("proc/empty", "\n"), ("proc/word", "many")]);
        root.write("proc/bytes", [b'a', 0xff, b'b']);
        assert_eq!(root.value::<u64>("proc/number"), Some(42));
        assert_eq!(root.text("proc/empty"), None);
        assert_eq!(root.text("proc/missing"), None);
        assert_eq!(root.value::<u64>("proc/word"), None);
        assert_eq!(root.text("proc/bytes").as_deref(), Some("a\u{fffd}b"));
        assert_eq!(root.names("proc"), ["bytes", "empty", "number", "word"]);
        assert_eq!(root.names("sys"), [""; 0]);
    }

    #[test]
    fn a_made_up_root_is_removed() {
        let root = FakeRoot::new(&[("proc/a/b", "1")]);
        let path = root.path("");
        assert!(path.exists());
        drop(root);
        assert!(!path.exists());
    }
}
