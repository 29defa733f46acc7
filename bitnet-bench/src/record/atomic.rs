//! Files that are whole or not there: written beside their place, then renamed into it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes a file so that a reader sees the old content or the new one, never a part, even if the
/// process is killed or the disk is full.
///
/// # Errors
/// If the folder cannot be made or written to. The file that was there before is then untouched.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    write_with(path, &mut |file| file.write_all(content))
}

/// As [`write()`], for content that is too large to be held at once: `content` writes it.
///
/// # Errors
/// As [`write()`], or what `content` gives.
pub fn write_with(path: &Path, content: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = beside(path);
    let written = File::create(&beside).and_then(|file| {
        let mut buffered = BufWriter::new(&file);
        content(&mut buffered)?;
        buffered.flush()?;
        drop(buffered);
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&beside, path));
    if moved.is_err() {
        // What is left of a failed attempt is of no use; that it cannot be removed is of no harm.
        let _ = fs::remove_file(&beside);
    }
    moved
}

/// Sees to it that a file can be written where [`write()`] would.
///
/// # Errors
/// If the folder cannot be made or written to.
pub fn probe_folder_of(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = beside(path);
    File::create(&beside).and_then(|_| fs::remove_file(&beside))
}

/// A name in the same folder that no other process uses.
pub(super) fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_the_whole_file_and_leaves_nothing_beside_it() {
        let folder = std::env::temp_dir().join(format!("bitnet-bench-atomic-{}", std::process::id()));
        let path = folder.join("deep/record.json");
        write(&path, b"a long first version").expect("the folder can be made");
        write(&path, b"second").expect("the file can be replaced");
        assert_eq!(fs::read(&path).expect("the file is there"), b"second");
        assert_eq!(fs::read_dir(folder.join("deep")).expect("the folder is there").count(), 1);
        assert!(write(&path.join("below-a-file"), b"").is_err());
        fs::remove_dir_all(folder).expect("the folder can be removed");
    }
}
