//! What was probably meant by a word that is not known.

/// What other benchmark frameworks call our options.
const ELSEWHERE: &[(&str, &str)] = &[
    ("bytes_count", "bytes"),
    ("inputs_fn", "inputs"),
    ("items_count", "items"),
    ("max_time", "time"),
    ("measurement_time", "time"),
    ("min_time", "time"),
    ("runtime", "executor"),
    ("sample_count", "samples"),
    ("sample_size", "samples"),
    ("setup", "inputs"),
    ("warm_up_time", "warmup"),
    ("warmup_time", "warmup"),
];

/// The candidate that was probably meant by `written`, if there is one.
pub(crate) fn meant<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let elsewhere = ELSEWHERE.iter().find(|(theirs, _)| *theirs == written).map(|&(_, ours)| ours);
    let nearest = || {
        let distances = candidates.into_iter().map(|candidate| (distance(written, candidate), candidate));
        distances.filter(|(far, candidate)| *far <= 1 + candidate.len() / 4).min().map(|(_, candidate)| candidate)
    };
    elsewhere.or_else(nearest)
}

/// The edits (insert, delete, change, swap of neighbours) that turn one word into the other.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut edits = vec![vec![0; to.len() + 1]; from.len() + 1];
    for i in 0..=from.len() {
        for j in 0..=to.len() {
            edits[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = edits[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
                let swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                let swap = if swapped { edits[i - 2][j - 2] + 1 } else { change };
                change.min(swap).min(edits[i - 1][j] + 1).min(edits[i][j - 1] + 1)
            };
        }
    }
    edits[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        assert_eq!(distance("sizes", "sizes"), 0);
        assert_eq!(distance("size", "sizes"), 1);
        assert_eq!(distance("tgas", "tags"), 1);
        assert_eq!(distance("", "tags"), 4);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn near_words_and_other_frameworks_words_are_understood() {
        let options = ["sizes", "samples", "time", "inputs", "tags"];
        assert_eq!(meant("size", options), Some("sizes"));
        assert_eq!(meant("smaples", options), Some("samples"));
        assert_eq!(meant("sample_size", options), Some("samples"));
        assert_eq!(meant("setup", options), Some("inputs"));
        assert_eq!(meant("wavelength", options), None);
    }
}
