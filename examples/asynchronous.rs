//! Lesson 4: async functions.
//!
//! ```text
//! cargo bench -p bitnet-bench-examples --bench asynchronous
//! ```

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bitnet_bench::bitnet_bench;

/// Gives the executor a turn, as a channel or a socket would.
struct Yield(bool);

impl Future for Yield {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// An async function is run to its end by a plain `block_on`.
#[bitnet_bench(turns = [1, 16])]
async fn give_way(turns: u32) -> u32 {
    for _ in 0..turns {
        Yield(false).await;
    }
    turns
}

/// A runtime is given as a function that takes the future.
#[bitnet_bench(executor = busy_loop)]
async fn on_an_executor_of_its_own() -> u32 {
    Yield(false).await;
    1
}

/// The smallest executor: it asks again until the future is ready. With tokio this would be
/// `RUNTIME.block_on(future)`.
fn busy_loop<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(std::task::Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

bitnet_bench::main!();
