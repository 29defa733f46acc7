//! What is around the executable: the folder, the variables, the flags and their files, the shared libraries. Figures
//! are carried over from an earlier run only where all of it is as it was.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::config;
use crate::digest::Digest;
use crate::host::Stated;
use crate::record::Surroundings;

/// Variables that change from one shell, or one terminal, to the next, and say nothing to a subject. The folder is
/// compared by itself; what is ours becomes settings, which are compared as well.
const VOLATILE: [&str; 19] = [
    "_",
    "COLORTERM",
    "COLUMNS",
    "HOSTNAME",
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "LINES",
    "LS_COLORS",
    "NO_COLOR",
    "OLDPWD",
    "PWD",
    "SHLVL",
    "STY",
    "SYSTEMD_EXEC_PID",
    "TERM",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "TMUX",
    "WINDOWID",
];

/// The beginnings of such variables; those of CI services and job schedulers name the job.
const VOLATILE_PREFIXES: [&str; 12] = [
    "ACTIONS_",
    "BITNET_BENCH_",
    "BUILDKITE_",
    "CI_",
    "GITHUB_",
    "JOB_",
    "KUBERNETES_",
    "RUNNER_",
    "SLURM_",
    "SSH_",
    "VSCODE_",
    "XDG_SESSION_",
];

/// What is around the executable before it measures. The libraries are those of this process; workers may load others.
pub(super) fn around() -> Surroundings {
    let libraries = libraries().and_then(|files| hashed(&files));
    Surroundings {
        folder: std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned(),
        environment: environment(std::env::vars_os()),
        flags: flags(&config::flags()).map_or_else(Stated::Unknown, Stated::Known),
        libraries: libraries.map_or_else(Stated::Unknown, Stated::Known),
    }
}

fn environment(variables: impl Iterator<Item = (OsString, OsString)>) -> String {
    let mut kept: Vec<_> = variables.filter(|(name, _)| !is_volatile(name)).collect();
    kept.sort();
    let mut digest = Digest::new();
    for (name, value) in kept {
        digest.part(name.as_encoded_bytes());
        digest.part(value.as_encoded_bytes());
    }
    digest.text()
}

fn is_volatile(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    VOLATILE.contains(&&*name) || VOLATILE_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The flags of the bench target's own, with the content of each file that one names.
fn flags(flags: &[(String, String)]) -> Result<String, String> {
    let mut digest = Digest::new();
    for (name, value) in flags {
        digest.part(name.as_bytes());
        digest.part(value.as_bytes());
        let path = config::resolve(value);
        if path.is_dir() {
            return Err(format!("--{name} names a folder, whose files are not compared"));
        }
        // A value that names nothing is none of a file, now; if there is one later, it is another value.
        let content = match path.exists() {
            true => hash(&path).map_err(|error| format!("--{name} names a file that cannot be read: {error}"))?,
            false => String::new(),
        };
        digest.part(content.as_bytes());
    }
    Ok(digest.text())
}

/// The shared libraries that this process runs code of.
///
/// # Errors
/// If the system does not tell.
pub(super) fn libraries() -> Result<Vec<String>, String> {
    if !cfg!(target_os = "linux") {
        return Err(format!("{} does not tell which shared libraries a process has loaded", std::env::consts::OS));
    }
    let maps = std::fs::read_to_string("/proc/self/maps").map_err(|error| format!("/proc/self/maps: {error}"))?;
    let executable = std::env::current_exe().unwrap_or_default();
    let mut files: Vec<String> = code(&maps).filter(|file| Path::new(file) != executable).map(str::to_owned).collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// The files of which parts are mapped to be executed: `address perms offset dev inode path`.
fn code(maps: &str) -> impl Iterator<Item = &str> {
    maps.lines().filter_map(|line| {
        let (_, rest) = line.split_once(' ')?;
        let path = line.find('/').map(|at| &line[at..])?;
        rest.get(..4)?.contains('x').then_some(path)
    })
}

/// The libraries with the hashes of their content.
///
/// # Errors
/// If one cannot be read.
pub(super) fn hashed<'a>(files: impl IntoIterator<Item = &'a String>) -> Result<BTreeMap<String, String>, String> {
    files.into_iter().map(|file| Ok((file.clone(), hash(Path::new(file))?))).collect()
}

fn hash(path: &Path) -> Result<String, String> {
    // A pipe or a device is another one each time, and may never end.
    if !path.is_file() {
        return Err(format!("{}: it is no regular file", path.display()));
    }
    Digest::of_file(path).map(Digest::text).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> String {
        environment(variables.iter().map(|(name, value)| (name.into(), value.into())))
    }

    #[test]
    fn every_variable_counts_but_the_volatile_ones() {
        let plain = of(&[("PATH", "/bin"), ("RAYON_NUM_THREADS", "2")]);
        assert_eq!(plain, of(&[("RAYON_NUM_THREADS", "2"), ("SHLVL", "3"), ("SLURM_JOB_ID", "7"), ("PATH", "/bin")]));
        for other in [
            &[("PATH", "/bin"), ("RAYON_NUM_THREADS", "4")][..],
            &[("PATH", "/bin")],
            &[("PATH", "/bin"), ("RAYON_NUM_THREADS", "2"), ("LD_PRELOAD", "")],
            &[("PATH", "/binRAYON_NUM_THREADS"), ("", "2")],
        ] {
            assert_ne!(plain, of(other), "{other:?}");
        }
    }

    #[test]
    fn flags_count_with_their_files() {
        let folder = std::env::temp_dir().join(format!("bitnet-bench-flags-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        let file = folder.join("weights");
        let of = |value: &Path| flags(&[("weights".to_owned(), value.display().to_string())]);
        let missing = of(&file).expect("nothing is there to be read");
        std::fs::write(&file, "one").expect("the file can be written");
        let one = of(&file).expect("the file can be read");
        std::fs::write(&file, "two").expect("the file can be written");
        let two = of(&file).expect("the file can be read");
        assert!(missing != one && one != two && two != missing);
        assert!(of(&folder).expect_err("a folder").contains("--weights names a folder"));
        std::fs::remove_dir_all(folder).expect("the folder can be removed");
        assert!(cfg!(not(unix)) || of(Path::new("/dev/null")).is_err());
    }

    #[test]
    fn code_is_told_from_data() {
        let maps = "5500-5600 r--p 00000000 fe:01 12 /bin/bench\n5600-5700 r-xp 00001000 fe:01 12 /bin/bench\n\
            7f00-7f10 r-xp 00000000 fe:01 99   /lib/with a blank.so (deleted)\n7f20-7f30 rw-p 00000000 00:00 0 \n\
            7f30-7f40 r--s 00000000 fe:01 7 /weights\n7ffd-7ffe r-xp 00000000 00:00 0   [vdso]\n";
        assert_eq!(code(maps).collect::<Vec<_>>(), ["/bin/bench", "/lib/with a blank.so (deleted)"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_libraries() {
        let libraries = libraries().expect("the system tells");
        let executable = std::env::current_exe().expect("it is known");
        assert!(libraries.iter().all(|library| Path::new(library) != executable), "{libraries:?}");
        let hashed = hashed(&libraries).expect("they can be read");
        // musl's programs have none.
        assert!(cfg!(target_env = "musl") || hashed.keys().any(|library| library.contains("libc")), "{hashed:?}");
    }
}
