//! Programs that must compile, without a warning.

mod foreign;
mod from_macros;
mod generics;
mod hygiene;
mod manual;
mod renamed;
mod strict;
