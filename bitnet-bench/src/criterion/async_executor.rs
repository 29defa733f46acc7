//! Executors: what runs the futures of [`AsyncBencher`](super::AsyncBencher).

use std::future::Future;

/// An executor.
///
/// ```
/// use std::future::Future;
/// use bitnet_bench::criterion::async_executor::{AsyncExecutor, FuturesExecutor};
///
/// /// Any runtime is one in a few lines; this one stands for smol, or for one of your own.
/// struct Mine;
///
/// impl AsyncExecutor for Mine {
///     fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
///         FuturesExecutor.block_on(future)
///     }
/// }
///
/// assert_eq!(Mine.block_on(async { 42 }), 42);
/// ```
pub trait AsyncExecutor {
    /// Runs a future to its end on this thread.
    fn block_on<T>(&self, future: impl Future<Output = T>) -> T;
}

/// The plain executor: it polls on this thread, and sleeps until the future is woken.
pub struct FuturesExecutor;

impl AsyncExecutor for FuturesExecutor {
    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        pollster::block_on(future)
    }
}

#[cfg(feature = "criterion-tokio")]
mod of_tokio {
    use std::future::Future;

    use tokio::runtime::{Handle, Runtime};

    use super::AsyncExecutor;

    impl AsyncExecutor for Runtime {
        fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
            self.block_on(future)
        }
    }

    impl AsyncExecutor for &Runtime {
        fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
            (*self).block_on(future)
        }
    }

    impl AsyncExecutor for Handle {
        fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
            self.block_on(future)
        }
    }

    impl AsyncExecutor for &Handle {
        fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
            (*self).block_on(future)
        }
    }
}
