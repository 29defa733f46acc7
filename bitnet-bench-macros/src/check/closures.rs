//! Closures of the attribute: their parameters are named, so each name must be known.

use syn::ext::IdentExt;
use syn::{Error, Expr, ExprLit, Lit, LitInt, Pat, ReturnType};

use super::plan::{Asked, Axis, AxisValues, Binding, Check, Checker, Given};
use crate::mistakes::Mistakes;
use crate::parse::{Callable, closure_parameter, meant};
use crate::text::source;

/// What the closures of an option may ask for by name.
#[derive(Clone, Copy)]
pub(super) struct Offer<'a> {
    /// The benchmark's axes.
    pub(super) axes: &'a [Axis],
    /// Whether the closure runs with the benchmark, where device and seed are known.
    pub(super) at_run: bool,
    /// Whether it may see the inputs; if not, why not.
    pub(super) inputs: Result<(), &'static str>,
}

impl Offer<'_> {
    /// A closure over the axes, or an expression.
    pub(super) fn given(self, expr: Expr, mistakes: &mut Mistakes) -> Given {
        match expr {
            Expr::Closure(closure) => {
                if let Some(asyncness) = &closure.asyncness {
                    let message = "this closure is called outside the timing and cannot wait: remove `async`";
                    mistakes.at(asyncness, message);
                }
                let bindings = self.bindings(closure.inputs.iter(), mistakes);
                let ty = match closure.output {
                    ReturnType::Type(_, ty) => Some(*ty),
                    ReturnType::Default => None,
                };
                Given { bindings, ty, value: *closure.body }
            }
            value => Given { bindings: Vec::new(), ty: None, value: wide(value) },
        }
    }

    /// A check: its first parameter is the result.
    pub(super) fn check(self, check: Callable, mistakes: &mut Mistakes) -> Check {
        let mut closure = match check {
            Callable::Path(path) => {
                return Check { bindings: Vec::new(), condition: source(&path), function: Checker::Path(path) };
            }
            Callable::Closure(closure) => closure,
        };
        let condition = source(&closure.body);
        let mut patterns = std::mem::take(&mut closure.inputs).into_iter();
        let Some(out) = patterns.next() else {
            mistakes.at(closure.inputs_end, "a check is handed the result: write `|out| …`");
            return Check { bindings: Vec::new(), function: Checker::Closure(Box::new(closure)), condition };
        };
        if let Some((name, _)) = closure_parameter(&out)
            && (name == "inputs" || self.axes.iter().any(|axis| name == &axis.name))
        {
            let message = format!("the first parameter of a check is the result: write `|out, {name}| …`");
            mistakes.at(name, message);
        }
        let others: Vec<Pat> = patterns.collect();
        let bindings = self.bindings(others.iter(), mistakes);
        closure.inputs.push(out);
        Check { bindings, function: Checker::Closure(Box::new(closure)), condition }
    }

    fn bindings<'p>(self, patterns: impl Iterator<Item = &'p Pat>, mistakes: &mut Mistakes) -> Vec<Binding> {
        patterns
            .filter_map(|pattern| {
                let from = mistakes.or(self.source(pattern))?;
                Some(Binding { pattern: pattern.clone(), from })
            })
            .collect()
    }

    /// Where the value of a closure's parameter comes from.
    fn source(self, pattern: &Pat) -> syn::Result<Asked> {
        let Some((name, _)) = closure_parameter(pattern) else {
            return Err(Error::new_spanned(
                pattern,
                "parameters of this closure are found by name: write the name of an axis",
            ));
        };
        let name = name.unraw().to_string();
        let error = |message: String| Err(Error::new_spanned(pattern, message));
        match self.axes.iter().find(|axis| axis.name == name).map(|axis| &axis.values) {
            Some(AxisValues::Types(..) | AxisValues::Consts(..)) => {
                return error(format!("`{name}` is known in the closure without being a parameter: remove it here"));
            }
            Some(_) => return Ok(Asked::Axis(name)),
            None => {}
        }
        match (name.as_str(), self.at_run, self.inputs) {
            ("inputs", _, Ok(())) => Ok(Asked::Inputs),
            ("inputs", true, Err(reason)) => error(reason.to_owned()),
            ("device", true, _) => Ok(Asked::Device),
            ("seed", true, _) => Ok(Asked::Seed),
            ("device", false, _) => {
                error("the points are laid out before a device is chosen: remove `device`".to_owned())
            }
            _ => error(self.unknown(&name)),
        }
    }

    fn unknown(self, name: &str) -> String {
        let is_value = |axis: &&Axis| !matches!(axis.values, AxisValues::Types(..) | AxisValues::Consts(..));
        let names: Vec<&str> = self.axes.iter().filter(is_value).map(|axis| axis.name.as_str()).collect();
        let key = if name == "size" { "sizes" } else { name };
        match (meant(name, names.iter().copied()), names.is_empty()) {
            (Some(meant), _) => format!("there is no axis `{name}`; did you mean `{meant}`?"),
            (None, true) => format!("there is no axis `{name}`: add `{key} = […]`, or remove the parameter"),
            (None, false) => format!("there is no axis `{name}`; this benchmark has `{}`", names.join("`, `")),
        }
    }
}

/// A whole number as `u64`, since what it would be by default, `i32`, ends at 2 GiB.
fn wide(mut value: Expr) -> Expr {
    if let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = &mut value
        && number.suffix().is_empty()
    {
        *number = LitInt::new(&format!("{}_u64", number.token()), number.span());
    }
    value
}
