//! The buffers of a transformer's forward pass, from the model's shapes.
//!
//! BitNet b1.58 2B-4T (arXiv 2504.12285, section 2) as an inference engine runs it, without an arena: each operation
//! asks for its output, and gives its inputs back once nobody needs them. Activations are `f32`; before each ternary
//! product they become `i8` with one `f32` scale a token; keys and values are kept in `f16` until the end.

use super::{Trace, Writer};
use crate::reference::shapes::{Layer, Model};

const F32: usize = size_of::<f32>();
const F16: usize = 2;

pub(super) fn forward_pass(model: &Model, tokens: usize) -> Trace {
    let mut pass = Pass { model, tokens, writer: Writer::default() };
    let mut kept = Vec::new();
    let mut hidden = pass.floats(model.hidden);
    for _ in 0..model.blocks {
        hidden = pass.attention(hidden, &mut kept);
        hidden = pass.feed_forward(hidden);
    }
    pass.writer.release(hidden);
    pass.writer.release_all(kept);
    pass.writer.trace
}

struct Pass<'a> {
    model: &'a Model,
    tokens: usize,
    writer: Writer,
}

impl Pass<'_> {
    /// Values of `f32` for every token.
    fn floats(&mut self, each: usize) -> usize {
        self.writer.allocate(self.tokens * each * F32)
    }

    /// A ternary product: the input becomes `i8`, and is given back; the output is `f32`.
    fn linear(&mut self, input: usize, layer: Layer) -> usize {
        let [rows, columns] = self.model.shape(layer);
        let int8 = self.writer.allocate(self.tokens * columns);
        let scales = self.floats(1);
        self.writer.release(input);
        let output = self.floats(rows);
        self.writer.release_all([scales, int8]);
        output
    }

    /// A layer's attention: norm, query, key and value, scores, mix, norm, output, and the residual sum. Gives the new
    /// hidden state, and keeps keys and values.
    fn attention(&mut self, hidden: usize, kept: &mut Vec<usize>) -> usize {
        let [key_value, _] = self.model.shape(Layer::KeyOrValue);
        let normed = self.floats(self.model.hidden);
        let qkv = self.linear(normed, Layer::FusedQkv);
        let query = self.floats(self.model.hidden);
        for _ in ["keys", "values"] {
            kept.push(self.writer.allocate(self.tokens * key_value * F16));
        }
        self.writer.release(qkv);
        let scores = self.floats(self.model.heads * self.tokens);
        let mixed = self.floats(self.model.hidden);
        self.writer.release_all([scores, query]);
        let normed = self.floats(self.model.hidden);
        self.writer.release(mixed);
        let output = self.linear(normed, Layer::QueryOrOutput);
        self.add(hidden, output)
    }

    /// A layer's feed-forward part: norm, gate and up, their squared ReLU, norm, down, and the residual sum.
    fn feed_forward(&mut self, hidden: usize) -> usize {
        let normed = self.floats(self.model.hidden);
        let gate_up = self.linear(normed, Layer::FusedGateUp);
        let inner = self.floats(self.model.feed_forward);
        self.writer.release(gate_up);
        let normed = self.floats(self.model.feed_forward);
        self.writer.release(inner);
        let output = self.linear(normed, Layer::Down);
        self.add(hidden, output)
    }

    /// The residual sum is written to the output, and the old hidden state is given back.
    fn add(&mut self, hidden: usize, output: usize) -> usize {
        self.writer.release(hidden);
        output
    }
}
