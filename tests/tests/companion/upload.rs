//! `upload`, to a real server on this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

use crate::COMPANION;
use crate::program::{Output, Program, Running, WELL_BEHAVED};
use crate::results::files;

const SECRET: &str = "t0ken-that-nobody-sees";

/// A request as it came over the wire.
struct Request {
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let parts = lines[1..].iter().filter_map(|line| line.split_once(": "));
        let headers: Vec<(String, String)> =
            parts.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let mut request = Self { line: lines[0].clone(), headers, body: Vec::new() };
        let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        request.body.resize(length, 0);
        reader.read_exact(&mut request.body).ok()?;
        Some(request)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// A server that gives these answers, one a connection, and then tells what it was asked. An empty answer hangs up.
struct Server {
    url: String,
    asked: JoinHandle<Vec<Request>>,
}

impl Server {
    fn answering(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it has an address"));
        let answers: Vec<String> = answers.iter().map(|answer| answer.replace("{url}", &url)).collect();
        let asked = std::thread::spawn(move || {
            let mut requests = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().expect("somebody connects");
                stream.set_read_timeout(Some(Duration::from_secs(60))).expect("it has a timeout");
                requests.extend(Request::read(&stream));
                if !answer.is_empty() {
                    let (status, rest) = answer.split_once('|').unwrap_or((&answer, ""));
                    let (headers, body) = rest.split_once('|').unwrap_or((rest, ""));
                    let headers = if headers.is_empty() { String::new() } else { format!("{headers}\r\n") };
                    let length = body.len();
                    let head =
                        format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n");
                    stream.write_all(format!("{head}{body}").as_bytes()).expect("it can be answered");
                }
            }
            requests
        });
        Self { url, asked }
    }

    fn asked(self) -> Vec<Request> {
        self.asked.join().expect("the server did well")
    }
}

/// A program with one run.
fn with_run() -> Program {
    let program = Program::new(WELL_BEHAVED);
    program.measure(&["body"]).ended(0);
    program
}

fn upload(program: &Program, url: &str, token: Option<&str>, arguments: &[&str]) -> Output {
    let words = [&["upload", "--url", url], arguments].concat();
    let mut command: Command = program.command_of(COMPANION.as_ref(), words);
    if let Some(token) = token {
        command.env("BITNET_BENCH_TOKEN", token);
    }
    let output = Running::start(&mut command).finish();
    assert!(!format!("{output:?}").contains(SECRET), "the token is shown: {output:?}");
    output
}

#[test]
fn the_record_arrives_with_its_token_and_key() {
    let program = with_run();
    let server = Server::answering(&["201 Created", "409 Conflict"]);
    let url = format!("{}/api/runs?project=1", server.url);
    upload(&program, &url, Some(SECRET), &[]).ended(0).prints(": sent\n");
    upload(&program, &url, Some(SECRET), &[]).ended(0).prints(": was there already\n");
    let file = files(&program.home().join("runs")).pop().expect("there is a run");
    let record: Value = serde_json::from_slice(&std::fs::read(file).expect("it is there")).expect("it is JSON");
    for request in server.asked() {
        assert_eq!(request.line, "POST /api/runs?project=1 HTTP/1.1");
        assert_eq!(request.header("authorization"), Some(format!("Bearer {SECRET}").as_str()));
        assert_eq!(request.header("idempotency-key"), record["run"]["id"].as_str());
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert_eq!(serde_json::from_slice::<Value>(&request.body).expect("it is JSON"), record);
    }
}

#[test]
fn what_may_pass_is_tried_again() {
    let program = with_run();
    let server = Server::answering(&["503 Busy", "", "200 OK"]);
    upload(&program, &server.url.clone(), None, &[]).ended(0);
    let asked = server.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|request| request.body == asked[0].body && request.header("authorization").is_none()));

    let server = Server::answering(&["500 Oops||it \u{1b}[31mbroke", "500 Oops||it broke"]);
    upload(&program, &server.url.clone(), None, &["--retries", "1"])
        .ended(2)
        .says("answered 500 Internal Server Error: something is wrong with the server")
        .says("it says: it broke");
    server.asked();
}

#[test]
fn a_refusal_says_what_to_do_and_is_final() {
    let program = with_run();
    for (answer, advice) in [
        ("401 No", "set BITNET_BENCH_TOKEN"),
        ("403 No", "the token does not permit this"),
        ("404 No", "check the path"),
        ("413 No", "raise the server's limit"),
        ("400 No||no such project", "it says: no such project"),
        (
            "302 Moved|location: https://elsewhere.example/runs?key=1",
            "it is at https://elsewhere.example/runs: give that",
        ),
        ("303 See|location: {url}/other", "give that address"),
    ] {
        let server = Server::answering(&[answer]);
        upload(&program, &server.url.clone(), Some(SECRET), &[]).ended(2).says(advice);
        assert_eq!(server.asked().len(), 1, "{answer}");
    }
}

#[test]
fn the_same_host_may_be_elsewhere() {
    let program = with_run();
    let moves = ["307 Moved|location: /two", "308 Moved|location: {url}/three", "200 OK"];
    let server = Server::answering(&moves);
    upload(&program, &format!("{}/one", server.url), Some(SECRET), &[]).ended(0);
    let asked = server.asked();
    let lines: Vec<&str> = asked.iter().map(|request| request.line.as_str()).collect();
    assert_eq!(lines, ["POST /one HTTP/1.1", "POST /two HTTP/1.1", "POST /three HTTP/1.1"]);
    assert!(asked.iter().all(|request| request.header("authorization").is_some() && !request.body.is_empty()));

    let circle = Server::answering(&["307 Moved|location: /x"; 6]);
    upload(&program, &circle.url.clone(), None, &[]).ended(2).says("it moves in a circle");
    circle.asked();
}

#[test]
fn nothing_is_sent_where_it_should_not_be() {
    let program = with_run();
    let refused = [
        ("http://192.0.2.1/runs", "unencrypted; use https"),
        ("ftp://example.org/runs", "write it as https://host/path"),
        ("http://me:pw@127.0.0.1/runs", "a user or a password"),
    ];
    for (url, complaint) in refused {
        let output = upload(&program, url, Some(SECRET), &[]).ended(2).says(complaint);
        assert!(!output.stderr.contains("pw"), "{}", output.stderr);
    }
    upload(&program, "http://127.0.0.1:1/", Some("two words"), &[]).ended(2).says("it has blanks");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let nobody = format!("http://{}/", listener.local_addr().expect("it has an address"));
    drop(listener);
    upload(&program, &nobody, Some(SECRET), &["--retries", "1"]).ended(2).says("does not answer (2 attempts)");
}
