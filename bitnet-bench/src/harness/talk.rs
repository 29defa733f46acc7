//! A worker's talk with its parent: requests come in, replies go out.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, PoisonError};

use super::protocol::{Reply, Request};
use crate::measure::{Burst, Failure, Pace};
use crate::record::from_json;

/// A worker's talk with its parent. The thread that measures has it for itself; the locks are for the
/// compiler, which cannot know that.
pub(super) struct Talk {
    requests: Mutex<Receiver<String>>,
    output: Mutex<File>,
}

impl Talk {
    /// Over these channels.
    pub(super) fn over(input: File, output: File) -> Self {
        Self { requests: Mutex::new(listen(input)), output: Mutex::new(output) }
    }

    /// The next request; `None` once the parent has no more.
    pub(super) fn next(&self) -> Option<Result<Request, Failure>> {
        let line = self.requests.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()?;
        Some(from_json(&line).map_err(|error| Failure::misused(format_args!("this is no request: {error}"))))
    }

    /// Sends a reply.
    ///
    /// # Errors
    /// If the parent is gone.
    pub(super) fn send(&self, reply: &Reply) -> io::Result<()> {
        let line = reply.to_line()?;
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.write_all(line.as_bytes())?;
        output.flush()
    }
}

impl Pace for Talk {
    /// Sleeps until the parent says that it is this process's turn.
    fn next_turn(&self, taken: Burst<'_>) -> Option<u32> {
        let Burst { batching, samples_ns, total } = taken;
        let total_ns = total.as_nanos() as f64;
        self.send(&Reply::Turn { batching, samples_ns: samples_ns.to_vec(), total_ns }).ok()?;
        match self.next() {
            Some(Ok(Request::Turn { samples })) => Some(samples),
            // What else it may be, there is no further turn.
            _ => None,
        }
    }
}

/// Reads requests in a thread of its own, which sleeps while a case is measured. When the parent
/// goes away, even by a kill, the input ends, and the worker with it, whatever it is doing.
fn listen(input: File) -> Receiver<String> {
    let (requests, received) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(input).lines() {
            let Ok(line) = line else { break };
            if requests.send(line).is_err() {
                break;
            }
        }
        std::process::exit(0);
    });
    received
}
