//! Tokens → typed options and signatures. What each option takes is checked here; whether the
//! options fit the function is the next stage's question.

mod item;
mod option;
mod options;
mod setting;
mod suggest;
mod value;

pub(crate) use item::{Function, Module};
pub(crate) use option::{Known, OPTIONS};
pub(crate) use options::{AxisOption, Options, Setting, Values};
pub(crate) use suggest::meant;
pub(crate) use value::{Callable, Words, closure_parameter, peel, values};
