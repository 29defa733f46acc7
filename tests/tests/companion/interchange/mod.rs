//! Exports, read back by the tools that they are for, and imports of what other tools wrote.

mod exports;
mod imports;
mod refusals;
mod runs;
mod tools;
