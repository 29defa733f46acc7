//! What is around a worktree: packages that its manifests name by a path which leads out of the repository must be
//! found from the worktree as well.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use super::super::error::CommandError;

/// Where the worktree of a slot belongs, with everything around it that it needs.
///
/// A manifest may say `path = "../sibling"`. So the worktree gets the same name as the repository, as many folders deep
/// as such paths climb, and a link where each of them leads.
pub(super) fn mirror(revisions: &Path, slot: &str, root: &Path) -> Result<PathBuf, CommandError> {
    let outside = outside(root);
    let climbs = outside.iter().map(|path| climb(&relative(root, path))).max().unwrap_or(1).max(1);
    let mut tree = revisions.join(slot);
    // The last folders of the repository's own path: what climbs and descends again finds the same names.
    let names: Vec<_> = root.components().filter(|part| matches!(part, Component::Normal(_))).collect();
    tree.extend(&names[names.len().saturating_sub(climbs)..]);
    let failed = |path: &Path, error| {
        CommandError::refused(format!("{} cannot be made for a worktree: {error}", path.display()))
    };
    shield(revisions, slot).map_err(|error| failed(revisions, error))?;
    let parent = tree.parent().unwrap_or(revisions);
    fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
    for path in outside {
        let link = lexically(&tree.join(relative(root, &path)));
        // Links of a deeper package pass through those of a shallower one.
        if !link.starts_with(revisions.join(slot)) || link.exists() {
            continue;
        }
        let above = link.parent().unwrap_or(revisions);
        fs::create_dir_all(above).and_then(|()| link_folder(&path, &link)).map_err(|error| failed(&link, error))?;
    }
    Ok(tree)
}

/// A worktree is below the repository that it is of, whose workspace must not claim its packages.
fn shield(revisions: &Path, slot: &str) -> std::io::Result<()> {
    let folder = revisions.join(slot);
    fs::create_dir_all(&folder)?;
    crate::record::write_atomically(&revisions.join("Cargo.toml"), b"[workspace]\nexclude = [\"old\", \"new\"]\n")
}

/// The folders of packages outside of the repository that cargo finds through paths; the workspace of each, if it
/// has one, since a package inherits from it.
fn outside(root: &Path) -> Vec<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version=1", "--offline"];
    let told = Command::new(cargo).args(arguments).output().ok().filter(|output| output.status.success());
    let Some(document) = told.and_then(|output| serde_json::from_slice::<serde_json::Value>(&output.stdout).ok())
    else {
        return Vec::new();
    };
    let packages = document.get("packages").and_then(|packages| packages.as_array()).map_or(&[][..], Vec::as_slice);
    let mut outside = Vec::new();
    for package in packages {
        let is_local = package.get("source").is_some_and(serde_json::Value::is_null);
        let manifest = package.get("manifest_path").and_then(|path| path.as_str()).map(Path::new);
        if let (true, Some(folder)) = (is_local, manifest.and_then(Path::parent)) {
            let top = top_of(folder);
            if !folder.starts_with(root) && !outside.contains(&top) {
                outside.push(top);
            }
        }
    }
    outside.sort();
    outside
}

/// The top of the repository or workspace that a package is in, or its own folder.
fn top_of(package: &Path) -> PathBuf {
    let is_top = |folder: &&Path| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        folder.join(".git").exists() || manifest.lines().any(|line| line.trim() == "[workspace]")
    };
    package.ancestors().find(is_top).unwrap_or(package).to_owned()
}

/// The way from one absolute path to another.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let mut way: PathBuf = from.components().skip(shared).map(|_| Component::ParentDir).collect();
    way.extend(to.components().skip(shared));
    way
}

/// How many folders a way climbs before it descends.
fn climb(way: &Path) -> usize {
    way.components().take_while(|part| *part == Component::ParentDir).count()
}

/// A path with its `..` resolved by name alone.
fn lexically(path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(resolved.pop()),
            part => resolved.push(part),
        }
    }
    resolved
}

#[cfg(unix)]
fn link_folder(to: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(to, link)
}

#[cfg(windows)]
fn link_folder(to: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(to, link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_climbs_to_what_both_share() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(way("/a/b/c", "/a/x"), Path::new("../../x"));
        assert_eq!(way("/a/b", "/a/b/c"), Path::new("c"));
        assert_eq!(climb(&way("/a/b/c", "/x/y")), 3);
        assert_eq!(lexically(Path::new("/t/old/b/c/../../x")), Path::new("/t/old/x"));
    }
}
