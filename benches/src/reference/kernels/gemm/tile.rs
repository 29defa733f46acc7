//! The unit of work: some rows times some tokens, over a block of columns.
//!
//! The weights of a tile are unpacked to a byte each, once for all tokens. The lanes of a vector are tokens, so that no
//! sum is taken across lanes: a kernel broadcasts four neighbouring codes of a row and multiplies them by the same four
//! columns of every token.

/// Rows in a tile.
pub(super) const ROWS: usize = 12;
/// Tokens in a tile.
pub(super) const TOKENS: usize = 32;
/// Columns in a tile: two blocks of I2_S.
pub(super) const COLUMNS: usize = 256;
/// Columns that a lane multiplies in a step.
pub(super) const QUAD: usize = 4;

/// Codes of 0, 1 and 2 for the weights −1, 0 and 1.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Codes(pub(super) [[u8; COLUMNS]; ROWS]);

/// Activations: for four columns at a time, those of every token.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Quads(pub(super) [[[i8; QUAD]; TOKENS]; COLUMNS / QUAD]);

/// Sums of a tile.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Sums(pub(super) [[i32; TOKENS]; ROWS]);

impl Codes {
    pub(super) const ZERO: Self = Self([[0; COLUMNS]; ROWS]);
}

impl Quads {
    pub(super) const ZERO: Self = Self([[[0; QUAD]; TOKENS]; COLUMNS / QUAD]);
}
