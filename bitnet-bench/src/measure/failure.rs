//! Why a case failed.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

/// Why a case failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// What went wrong, for a person.
    pub message: String,
    /// The last lines that the worker wrote before it died; empty if there were none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub output: String,
}

/// The kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FailureKind {
    /// The subject, or the making of its inputs, panicked.
    Panicked,
    /// The subject returned an error.
    ReturnedError,
    /// The result did not pass its check.
    CheckFailed,
    /// The worker died: a signal, an abort, an exit.
    Died,
    /// The launch took longer than the case's timeout.
    TimedOut,
    /// The benchmark used the framework wrongly.
    Misused,
    /// The case cannot be run here, which is no fault: it is skipped.
    Skipped,
}

impl Failure {
    /// A failure of some kind.
    pub fn new(kind: FailureKind, message: impl Display) -> Self {
        Self { kind, message: message.to_string(), output: String::new() }
    }

    /// The subject returned an error.
    pub fn error(error: impl Display) -> Self {
        Self::new(FailureKind::ReturnedError, error)
    }

    /// The result did not pass its check.
    pub fn check(message: impl Display) -> Self {
        Self::new(FailureKind::CheckFailed, message)
    }

    /// The case cannot be run here, for a reason that shows only when its body runs: an instruction
    /// set that the processor lacks, a shape that a format does not hold. It is skipped, with the reason.
    ///
    /// ```
    /// # use bitnet_bench::{Bencher, Failure, bitnet_bench};
    /// #[bitnet_bench]
    /// fn popcount(b: &mut Bencher) -> Result<(), Failure> {
    ///     if cfg!(not(target_arch = "x86_64")) {
    ///         return Err(Failure::skip("this is for x86-64"));
    ///     }
    ///     b.iter(|| std::hint::black_box(0xFFFF_u64).count_ones());
    ///     Ok(())
    /// }
    /// ```
    pub fn skip(reason: impl Display) -> Self {
        Self::new(FailureKind::Skipped, reason)
    }

    /// The benchmark used the framework wrongly.
    pub(crate) fn misused(message: impl Display) -> Self {
        Self::new(FailureKind::Misused, message)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FailureKind::Panicked => write!(f, "panicked: {}", self.message),
            FailureKind::ReturnedError => write!(f, "returned an error: {}", self.message),
            FailureKind::CheckFailed => write!(f, "check failed: {}", self.message),
            FailureKind::Died | FailureKind::TimedOut | FailureKind::Misused | FailureKind::Skipped => {
                f.write_str(&self.message)
            }
        }
    }
}

impl std::error::Error for Failure {}
