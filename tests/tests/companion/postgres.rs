//! The same history in a PostgreSQL database, on a real server that the test starts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bitnet_bench_tests::{Synthetic, require};
use tempfile::TempDir;

use super::history::Made;

/// A server of its own, on a socket in a temporary folder; stopped when it is dropped.
struct Server {
    programs: PathBuf,
    folder: TempDir,
}

/// Where the server's programs are: the newest version that is installed.
fn programs() -> Result<PathBuf, &'static str> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    found.sort();
    found.into_iter().rfind(|bin| bin.join("initdb").exists()).ok_or("there is no /usr/lib/postgresql/*/bin/initdb")
}

impl Server {
    fn start(programs: PathBuf) -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let server = Self { programs, folder };
        if is_root() {
            let owned = Command::new("chown").arg("postgres").arg(server.folder.path()).status();
            assert!(owned.is_ok_and(|status| status.success()), "the folder can be given to the server's user");
        }
        let data = server.data();
        server.command("initdb", &["-D", &data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-sync"]);
        let options = format!("-c listen_addresses='' -c fsync=off -k {}", server.folder.path().display());
        let log = server.folder.path().join("log").display().to_string();
        server.command("pg_ctl", &["-D", &data, "-l", &log, "-o", &options, "-w", "start"]);
        server
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn output(&self, program: &str, arguments: &[&str]) -> Output {
        let path = self.programs.join(program);
        // The server refuses to be root.
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.args(arguments).current_dir(self.folder.path()).output().expect("it can be run")
    }

    fn command(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.output(program, arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{program}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    fn sql(&self, statement: &str) -> String {
        let socket = self.folder.path().display().to_string();
        self.command("psql", &["-h", &socket, "-U", "bench", "-d", "postgres", "-At", "-c", statement])
            .trim()
            .to_owned()
    }

    fn url(&self) -> String {
        let socket = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://bench:secret@{socket}/postgres")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What could not be started cannot be stopped, and a test that failed has said why.
        let _ = self.output("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }
}

fn is_root() -> bool {
    // SAFETY: it only asks.
    unsafe { libc::geteuid() == 0 }
}

fn server() -> Option<Server> {
    let programs = programs();
    require("postgres", programs.as_ref().map(|_| ()).map_err(|reason| *reason))
        .then(|| programs.map(Server::start))?
        .ok()
}

fn run(at: usize, case: &str, time: f64) -> Synthetic {
    Synthetic::new(&format!("run-{at:02}"), &format!("2026-01-{:02}T12:00:00Z", 1 + at), &[(case, time)])
}

const CASE: &str = "kernels/gemv[größe=64]@cpu";

#[test]
fn a_team_keeps_its_history_in_postgresql() {
    let Some(server) = server() else { return };
    let url = server.url();
    let (one, other) = (Made::new(), Made::new());
    for at in 0..20 {
        let time = if at < 12 { 100.0 } else { 120.0 } + at as f64 * 0.01;
        (if at % 2 == 0 { &one } else { &other }).save(&run(at, CASE, time));
    }
    one.run(&["history", "push", "--database", &url]).ended(0).prints("10 runs added");
    other.run(&["history", "push", "--database", &url]).ended(0).prints("10 runs added");
    other.run(&["history", "push", "--database", &url]).ended(0).prints("0 runs added");

    // The same answers as from a store that has them all.
    let all = Made::new();
    for made in [&one, &other] {
        let archive = made.program.folder().join("all.jsonl").display().to_string();
        made.run(&["history", "export", &archive]).ended(0);
        all.run(&["history", "import", &archive]).ended(0);
    }
    for arguments in [
        &["history", "show", "*", "--metric", "all", "--output-format", "json"][..],
        &["history", "show", CASE, "--since", "2026-01-15", "--limit", "3"],
        &["history", "list"],
        &["history", "list", "--machine", "all", "--target", "kernels", "--output-format", "json"],
        &["trend", "--output-format", "json"],
    ] {
        let of_team = one.run(&[arguments, &["--database", &url]].concat()).ended(0).stdout;
        assert_eq!(of_team, all.run(arguments).ended(0).stdout, "{arguments:?}");
    }
    one.run(&["trend", "--database", &url, "--fail-on", "regression"]).ended(3).prints("regressed +20.");
    // The documents are there whole, and can be asked in SQL.
    let sum = "SELECT count(*), min(body->'run'->>'id') FROM bitnet_bench.documents";
    assert_eq!(server.sql(sum), "20|run-00");
    assert_eq!(server.sql("SELECT count(*) FROM bitnet_bench.figures"), "60");
}

#[test]
fn the_server_s_refusals_are_said_without_the_password() {
    let Some(server) = server() else { return };
    let url = server.url();
    let made = Made::new();
    made.save(&run(0, CASE, 100.0));
    made.run(&["history", "push", "--database", &url]).ended(0);

    // Another machine's run of the same id.
    let other = Made::new();
    other.save(&run(0, CASE, 7.0));
    let refused = other.run(&["history", "push", "--database", &url]).ended(0).prints("0 runs added");
    refused.says("has a run of this id with another content").says("run-00.json");

    server.sql("INSERT INTO bitnet_bench.schema_versions (version) VALUES (99)");
    let newer = made.run(&["history", "list", "--database", &url]).ended(2).says("schema version 99");
    assert!(!newer.stderr.contains("secret"), "{}", newer.stderr);

    let nowhere = url.replace("/postgres", "/nowhere");
    let missing = made.run(&["history", "list", "--database", &nowhere]).ended(2).says("nowhere");
    assert!(!missing.stderr.contains("secret"), "{}", missing.stderr);
    made.run(&["history", "list", "--database", &format!("{url}?sslmode=require")])
        .ended(2)
        .says("TLS is not supported");
    assert!(Path::new(&server.data()).exists());
}
