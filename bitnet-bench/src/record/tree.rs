//! Many small files in a folder.

use std::fs;
use std::io;
use std::path::Path;

use super::atomic::beside;

/// Writes files below a folder, each whole or not at all, in their order. A path's parts are divided by `/`. Unlike
/// [`write_atomically`](super::write_atomically) it leaves it to the system when they reach the disk: waiting for ten
/// thousand would take minutes.
///
/// # Errors
/// If a folder cannot be made or a file written. Those before it are then there.
pub fn write_tree(folder: &Path, files: impl Iterator<Item = (String, String)>) -> io::Result<usize> {
    let mut written = 0;
    for (path, content) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        let beside = beside(&path);
        let moved = fs::write(&beside, content).and_then(|()| fs::rename(&beside, &path));
        if let Err(error) = moved {
            // What is left of a failed attempt is of no use; that it cannot be removed is of no harm.
            let _ = fs::remove_file(&beside);
            return Err(error);
        }
        written += 1;
    }
    Ok(written)
}
