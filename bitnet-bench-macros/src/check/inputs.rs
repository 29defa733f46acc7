//! Inputs and results: how often inputs are made, and what a check can see.

use proc_macro2::Ident;
use syn::{Expr, Signature};

use super::closures::Offer;
use super::plan::{Argument, Axis, Check, Inputs, Lifetime, Make, Passing, Returns};
use super::signature::{borrows, returns};
use crate::mistakes::Mistakes;
use crate::parse::Callable;

/// A function whose parameters are fed.
pub(super) struct Fed<'a> {
    /// Its signature.
    pub(super) signature: &'a Signature,
    /// The axes.
    pub(super) axes: &'a [Axis],
    /// What its parameters are passed.
    pub(super) arguments: &'a [Argument],
    /// Whether a slip of the pen has left parameters unfed.
    pub(super) is_amiss: bool,
}

impl Fed<'_> {
    /// How its inputs are made.
    pub(super) fn inputs(&self, key: &Ident, make: Callable, mistakes: &mut Mistakes) -> Inputs {
        let make = match make {
            Callable::Path(path) => Make::Function(path, self.axes.iter().any(|axis| axis.name == "size")),
            Callable::Closure(closure) => {
                let offer = self.offer(Err("inputs are made here: there are none yet"));
                Make::Closure(Box::new(offer.given(Expr::Closure(closure), mistakes)))
            }
        };
        let passings = || {
            self.arguments.iter().filter_map(|argument| match argument {
                Argument::Input(_, passing) => Some(*passing),
                _ => None,
            })
        };
        let count = passings().count();
        if count == 0 && !self.is_amiss {
            let function = &self.signature.ident;
            let message =
                format!("no parameter is left to take the inputs: add one to `{function}`, or remove `inputs`");
            mistakes.at(key, message);
        }
        let lent = passings().any(|passing| passing != Passing::Value);
        let borrowed = lent && borrows(&self.signature.output);
        let lifetime = if passings().all(|passing| passing == Passing::Shared) {
            Lifetime::Launch
        } else if passings().any(|passing| passing == Passing::Value) {
            Lifetime::IterationValues { borrowed }
        } else {
            Lifetime::IterationRefs { borrowed }
        };
        Inputs { make, count, lifetime }
    }

    /// How its result is checked.
    pub(super) fn check(
        &self,
        key: &Ident,
        check: Callable,
        inputs: Option<&Inputs>,
        mistakes: &mut Mistakes,
    ) -> Check {
        let lifetime = inputs.map(|inputs| inputs.lifetime);
        let borrowed = matches!(
            lifetime,
            Some(Lifetime::IterationRefs { borrowed: true } | Lifetime::IterationValues { borrowed: true })
        );
        if borrowed {
            let message = "the result borrows from inputs that are made afresh for each iteration, and ends with \
                           them: remove `check`, or measure a function that returns a value of its own";
            mistakes.at(key, message);
        } else if returns(&self.signature.output) == Returns::Nothing {
            let function = &self.signature.ident;
            let message = format!(
                "`{function}` returns nothing that could be checked: let it return its result, or remove `check`"
            );
            mistakes.at(key, message);
        }
        let seen = match lifetime {
            Some(Lifetime::Launch) => Ok(()),
            Some(_) => Err("the function takes or changes these inputs, so they are gone when the result is \
                            checked: compare with the axes' values, or let the function borrow them"),
            None => Err("there are no inputs: add `inputs = || …`, or remove this parameter"),
        };
        self.offer(seen).check(check, mistakes)
    }

    /// What the closures that run with the benchmark may ask for.
    fn offer(&self, inputs: Result<(), &'static str>) -> Offer<'_> {
        Offer { axes: self.axes, at_run: true, inputs }
    }
}
