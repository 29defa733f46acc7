//! The other bench targets of a package: `cargo bench -- FILTER` hands the filter to each of them, and
//! most do not have it.

use std::path::Path;

use toml::de::{DeTable, DeValue};

/// Whether the package that cargo runs this target for has other bench targets. What cannot be told is no.
pub(super) fn are_there() -> bool {
    std::env::var_os("CARGO_MANIFEST_DIR").is_some_and(|folder| bench_targets(Path::new(&folder)) > 1)
}

/// How many bench targets the package in a folder has, as far as its manifest and its files tell.
fn bench_targets(folder: &Path) -> usize {
    let Ok(text) = std::fs::read_to_string(folder.join("Cargo.toml")) else { return 0 };
    let Ok(manifest) = DeTable::parse(&text) else { return 0 };
    let manifest = manifest.get_ref();
    let listed = match manifest.get("bench").map(|bench| bench.get_ref()) {
        Some(DeValue::Array(targets)) => targets.iter().filter_map(|target| name(target.get_ref())).collect(),
        _ => Vec::new(),
    };
    let searches = manifest
        .get("package")
        .and_then(|package| package.get_ref().as_table()?.get("autobenches")?.get_ref().as_bool())
        .unwrap_or(true);
    let found = if searches { found(&folder.join("benches")) } else { Vec::new() };
    listed.len() + found.iter().filter(|name| !listed.contains(name)).count()
}

fn name(target: &DeValue<'_>) -> Option<String> {
    Some(target.as_table()?.get("name")?.get_ref().as_str()?.to_owned())
}

/// What cargo takes for bench targets in a folder: files, and folders with a `main.rs`.
fn found(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_target = |path: &Path| path.extension().is_some_and(|end| end == "rs") || path.join("main.rs").is_file();
    let paths = entries.flatten().map(|entry| entry.path()).filter(|path| is_target(path));
    paths.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    fn package(manifest: &str, files: &[&str]) -> usize {
        let root = FakeRoot::new(&[("Cargo.toml", manifest)]);
        files.iter().for_each(|file| root.write(file, ""));
        bench_targets(&root.folder(""))
    }

    #[test]
    fn targets_are_listed_and_found() {
        let files = ["benches/a.rs", "benches/b/main.rs", "benches/data.csv", "benches/c/other.rs"];
        assert_eq!(package("[package]\nname = 'p'", &files), 2);
        assert_eq!(package("[[bench]]\nname = 'a'\n[[bench]]\nname = 'z'\nharness = false", &files), 3);
        assert_eq!(package("[package]\nautobenches = false\n[[bench]]\nname = 'a'", &files), 1);
        assert_eq!(package("[package]\nname = 'p'", &[]), 0);
        assert_eq!(package("this is no manifest", &files), 0);
        assert_eq!(bench_targets(Path::new("/no/such/folder")), 0);
    }
}
