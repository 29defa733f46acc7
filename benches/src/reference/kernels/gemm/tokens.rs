//! Activations in the order in which the tiles read them.

use super::tile::{COLUMNS, QUAD, Quads, TOKENS};
use crate::reference::kernels::Threads;

/// All tokens of a product, in groups of as many as a tile has.
pub(super) struct Tokens {
    groups: Vec<Group>,
}

/// The tokens of a tile; where there are fewer, the rest is zeros.
#[derive(Clone)]
pub(super) struct Group {
    /// One for each block of columns.
    pub(super) blocks: Vec<Quads>,
    /// Σ x of each token.
    pub(super) sums: [i32; TOKENS],
}

impl Tokens {
    /// Arranges tokens of `columns` activations each, of which there are more than 0.
    pub(super) fn arrange(threads: &Threads, x: &[i8], columns: usize) -> Self {
        let x = x.chunks(TOKENS * columns);
        let mut groups = vec![Group { blocks: Vec::new(), sums: [0; TOKENS] }; x.len()];
        threads.for_each(groups.iter_mut().zip(x), |(group, x)| group.fill(x, columns));
        Self { groups }
    }

    /// The groups, in the order of the tokens.
    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }
}

impl Group {
    fn fill(&mut self, x: &[i8], columns: usize) {
        self.blocks = vec![Quads::ZERO; columns.div_ceil(COLUMNS)];
        for (token, x) in x.chunks_exact(columns).enumerate() {
            self.sums[token] = x.iter().map(|&value| i32::from(value)).sum();
            for (Quads(quads), x) in self.blocks.iter_mut().zip(x.chunks(COLUMNS)) {
                let (fours, rest) = x.as_chunks::<QUAD>();
                for (quad, four) in quads.iter_mut().zip(fours) {
                    quad[token] = *four;
                }
                if let Some(quad) = quads.get_mut(fours.len()) {
                    quad[token][..rest.len()].copy_from_slice(rest);
                }
            }
        }
    }
}
