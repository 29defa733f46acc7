//! The layer shapes of real BitNet models.
//!
//! ```
//! use bitnet_benchmarks::reference::shapes::{BITNET_2B_4T, Layer};
//!
//! assert_eq!(BITNET_2B_4T.shape(Layer::Down), [2560, 6912]);
//! ```

use std::fmt;

/// A linear layer of a transformer block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// The query or the output projection of attention: hidden × hidden.
    QueryOrOutput,
    /// The key or the value projection of attention: (head size · key-value heads) × hidden.
    KeyOrValue,
    /// Query, key and value in one matrix, stacked along the rows.
    FusedQkv,
    /// The gate or the up projection of the feed-forward part: feed-forward × hidden.
    GateOrUp,
    /// Gate and up in one matrix, stacked along the rows.
    FusedGateUp,
    /// The down projection of the feed-forward part: hidden × feed-forward.
    Down,
}

impl Layer {
    /// Every layer, in the order in which a token passes through them.
    pub const ALL: [Self; 6] =
        [Self::QueryOrOutput, Self::KeyOrValue, Self::FusedQkv, Self::GateOrUp, Self::FusedGateUp, Self::Down];
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::QueryOrOutput => "q/o",
            Self::KeyOrValue => "k/v",
            Self::FusedQkv => "qkv",
            Self::GateOrUp => "gate/up",
            Self::FusedGateUp => "gate_up",
            Self::Down => "down",
        })
    }
}

/// The sizes of a model that decide its layer shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Model {
    /// The model's published name.
    pub name: &'static str,
    /// Length of a token's hidden state, in values.
    pub hidden: usize,
    /// Inner length of the feed-forward part, in values.
    pub feed_forward: usize,
    /// Number of transformer blocks.
    pub blocks: usize,
    /// Number of attention heads for queries.
    pub heads: usize,
    /// Number of attention heads for keys and values.
    pub key_value_heads: usize,
}

/// BitNet b1.58 2B-4T, the first native 1.58-bit model of two billion parameters
/// (arXiv 2504.12285; sizes from its published `config.json`).
pub const BITNET_2B_4T: Model =
    Model { name: "BitNet b1.58 2B-4T", hidden: 2560, feed_forward: 6912, blocks: 30, heads: 20, key_value_heads: 5 };

const fn model(name: &'static str, [hidden, feed_forward]: [usize; 2], blocks: usize, heads: [usize; 2]) -> Model {
    Model { name, hidden, feed_forward, blocks, heads: heads[0], key_value_heads: heads[1] }
}

/// The models whose shapes *bitnet.cpp* is measured at (arXiv 2502.11880, table 1), and the two that have
/// been published under the name of BitNet b1.58 since, in the order of their ternary weights.
pub const MODELS: &[Model] = &[
    model("0.7B", [1536, 4096], 24, [16, 16]),
    BITNET_2B_4T,
    model("3B", [3200, 8640], 26, [32, 32]),
    model("3.8B", [3840, 8192], 24, [32, 32]),
    model("7B", [4096, 12032], 32, [32, 32]),
    model("Llama3-8B-1.58", [4096, 14336], 32, [32, 8]),
    model("13B", [5120, 13824], 40, [40, 40]),
    model("30B", [6656, 16384], 60, [52, 52]),
    model("70B", [8192, 24576], 80, [64, 64]),
];

impl Model {
    /// The shape `[N, K]` of a layer's weight matrix: N rows (outputs) by K columns (inputs).
    pub const fn shape(&self, layer: Layer) -> [usize; 2] {
        let key_value = self.hidden / self.heads * self.key_value_heads;
        match layer {
            Layer::QueryOrOutput => [self.hidden, self.hidden],
            Layer::KeyOrValue => [key_value, self.hidden],
            Layer::FusedQkv => [self.hidden + 2 * key_value, self.hidden],
            Layer::GateOrUp => [self.feed_forward, self.hidden],
            Layer::FusedGateUp => [2 * self.feed_forward, self.hidden],
            Layer::Down => [self.hidden, self.feed_forward],
        }
    }

    /// Number of ternary weights in all blocks; embeddings and norms are not ternary and do not count.
    pub fn ternary_weights(&self) -> usize {
        let block = [Layer::FusedQkv, Layer::QueryOrOutput, Layer::FusedGateUp, Layer::Down];
        self.blocks * block.iter().map(|&layer| self.shape(layer).iter().product::<usize>()).sum::<usize>()
    }
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn the_published_shapes_of_2b_4t() {
        let shapes = Layer::ALL.map(|layer| BITNET_2B_4T.shape(layer));
        assert_eq!(shapes, [[2560, 2560], [640, 2560], [3840, 2560], [6912, 2560], [13824, 2560], [2560, 6912]]);
    }

    #[test]
    fn the_number_of_ternary_weights_of_each_model() {
        // In units of 10⁹: 4h² + 3hf for each block, less what grouped keys and values save.
        let expected = [0.68, 2.08, 3.22, 3.68, 6.88, 6.98, 12.69, 30.26, 69.79];
        for (model, expected) in MODELS.iter().zip(expected) {
            let found = model.ternary_weights() as f64 / 1e9;
            assert!((found - expected).abs() < 0.006, "{}: {found}", model.name);
        }
        assert!(MODELS.iter().all(|model| model.hidden % model.heads == 0 && model.heads % model.key_value_heads == 0));
    }

    #[test]
    fn the_published_number_of_ternary_weights() {
        assert_eq!((BITNET_2B_4T.ternary_weights() as f64 / 1e6).round(), 2084.0);
    }
}
