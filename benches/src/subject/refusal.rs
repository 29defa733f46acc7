//! Why a subject does not take what it is given.

use std::fmt;

/// Why a subject does not take what it is given: a shape that its format cannot hold, an instruction
/// set that the processor lacks, a limit that is reached.
///
/// A refusal is no failure: the suite skips the case and shows the reason. A subject that refuses while it is timed what it
/// took before fails.
///
/// ```
/// use bitnet_benchmarks::subject::Refusal;
///
/// fn blocks(columns: usize) -> Result<usize, Refusal> {
///     match columns % 256 {
///         0 => Ok(columns / 256),
///         _ => Err(Refusal::new(format!("{columns} columns are not a multiple of 256"))),
///     }
/// }
/// assert_eq!(blocks(300).unwrap_err().to_string(), "300 columns are not a multiple of 256");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(String);

impl Refusal {
    /// A refusal for that reason, in words for a person.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}
