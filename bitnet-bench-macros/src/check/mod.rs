//! Options × signature → a plan, or every reason why there is none.

mod arguments;
mod axes;
mod closures;
mod plan;
mod signature;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Expr, LitStr, Path, Result};

use crate::mistakes::Mistakes;
use crate::parse::{Callable, Function, Module, Options, Values};
use arguments::arguments;
use axes::{Takers, axes};
use closures::Offer;
pub(crate) use plan::*;
use signature::{Parameters, borrows, parameters, returns};

/// The plan of a benchmark; the mistakes are those already found in its options.
pub(crate) fn benchmark(function: Function, mut options: Options, mut mistakes: Mistakes) -> Result<Benchmark> {
    let Function { attributes, signature } = function;
    let parameters = parameters(&signature, &mut mistakes);
    refuse_misplaced(&mut options, &parameters, &signature, &mut mistakes);
    // Whether options and parameters fit each other can be asked once each makes sense alone.
    mistakes.finish(|| ())?;

    let mut mistakes = Mistakes::default();
    let mut forgiven = Vec::new();
    let takers = Takers {
        function: &signature.ident,
        generics: &signature.generics,
        parameters: &parameters,
        inputs: options.inputs.as_ref().map(|(_, inputs)| inputs),
    };
    let axes = axes(std::mem::take(&mut options.axes), &takers, &mut forgiven, &mut mistakes);
    let arguments = arguments(&parameters, &axes, &options, &forgiven, &mut mistakes);

    let at_run = Offer { axes: &axes, at_run: true, inputs: Err("inputs are made here: there are none yet") };
    let inputs = options.inputs.take().map(|(key, make)| {
        let make = match make {
            Callable::Path(path) => Make::Function(path, axes.iter().any(|axis| axis.name == "size")),
            Callable::Closure(closure) => Make::Closure(at_run.given(Expr::Closure(closure), &mut mistakes)),
        };
        let (count, lifetime) = lifetime(&arguments, borrows(&signature.output));
        if count == 0 && forgiven.is_empty() {
            let message = format!(
                "no parameter is left to take the inputs: add one to `{}`, or remove `inputs`",
                signature.ident
            );
            mistakes.at(&key, message);
        }
        Inputs { make, count, lifetime }
    });
    let check = options.check.take().map(|(key, check)| {
        let offer = Offer { inputs: visible_inputs(inputs.as_ref()), ..at_run };
        refuse_unseen_result(&key, inputs.as_ref(), &signature, &mut mistakes);
        offer.check(check, &mut mistakes)
    });
    let plain = Offer { at_run: false, inputs: Err("inputs are made later: remove `inputs`"), ..at_run };
    let skip_if = options.skip_if.take().map(|condition| plain.given(condition, &mut mistakes));
    let amounts = std::mem::take(&mut options.amounts);
    let amounts = amounts.into_iter().map(|(key, amount)| (key, plain.given(amount, &mut mistakes))).collect();
    let body = match inputs {
        _ if parameters.bencher.is_some() => Body::Bencher,
        None => Body::Whole(check),
        Some(inputs) => Body::Inputs(Box::new(inputs), check),
    };
    let is_async = signature.asyncness.is_some();
    let executor = options.executor.take().map_or(Executor::BlockOn, |(_, executor)| Executor::Given(executor));
    let call = Call {
        function: signature.ident.clone(),
        generics: generics(&signature.generics),
        is_unsafe: matches!(signature.safety, syn::Safety::Unsafe(_)),
        executor: is_async.then_some(executor),
        arguments,
        returns: returns(&signature.output),
    };
    let is_deprecated = attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"));
    let group = options.group.take();
    let place = place(options, attributes, &signature.ident);
    mistakes.finish(|| Benchmark { place, group, axes, skip_if, amounts, call, body, is_deprecated })
}

/// The plan of a group.
pub(crate) fn group(module: Module, mut options: Options, mistakes: Mistakes) -> Result<Group> {
    let threads = options.axes.pop().and_then(|axis| match axis.values {
        Values::List(list) => Some(list),
        _ => None,
    });
    let place = place(options, module.attributes, &module.name);
    mistakes.finish(|| Group { place, module: module.name, threads })
}

fn place(options: Options, mut attributes: Vec<Attribute>, item: &Ident) -> Place {
    attributes.retain(|attribute| attribute.path().is_ident("cfg"));
    Place {
        krate: krate(options.krate.as_ref()),
        conditions: attributes,
        name: options.name.unwrap_or_else(|| LitStr::new(&item.unraw().to_string(), item.span())),
        tags: options.tags,
        devices: options.devices,
        settings: options.settings,
        ignore: options.ignore,
    }
}

fn krate(path: Option<&Path>) -> TokenStream {
    path.map_or_else(|| quote!(::bitnet_bench), ToTokens::to_token_stream)
}

/// The type and const parameters, in order.
fn generics(generics: &syn::Generics) -> Vec<Ident> {
    let own = |parameter: &syn::GenericParam| match parameter {
        syn::GenericParam::Type(parameter) => Some(parameter.ident.clone()),
        syn::GenericParam::Const(parameter) => Some(parameter.ident.clone()),
        syn::GenericParam::Lifetime(_) => None,
    };
    generics.params.iter().filter_map(own).collect()
}

/// Refuses options that this kind of function has no use for.
fn refuse_misplaced(
    options: &mut Options,
    parameters: &Parameters,
    signature: &syn::Signature,
    mistakes: &mut Mistakes,
) {
    if parameters.bencher.is_some() {
        if let Some((key, _)) = options.inputs.take() {
            let message = "a function with a bencher makes its inputs itself: remove `inputs`, and write \
                           `b.with_inputs(|| …).iter_values(|input| …)` or make them before `b.iter(|| …)`";
            mistakes.at(&key, message);
        }
        if let Some((key, _)) = options.check.take() {
            let message = "a function with a bencher checks its results itself: remove `check`, and write \
                           `b.iter_checked(|| …, |out| …)`";
            mistakes.at(&key, message);
        }
    }
    if let Some((_, Callable::Closure(closure))) = &options.executor
        && closure.inputs.len() != 1
    {
        mistakes.at(closure, "an executor is handed one future: write `|future| …`");
    }
    if let (Some((key, _)), None) = (&options.executor, &signature.asyncness) {
        let message = format!("`executor` runs an `async fn`, and `{}` is none: remove it", signature.ident);
        mistakes.at(key, message);
    }
}

/// How many parameters take inputs, and how often these are made.
fn lifetime(arguments: &[Argument], borrows: bool) -> (usize, Lifetime) {
    let inputs = || {
        arguments.iter().filter_map(|argument| match argument {
            Argument::Input(_, passing) => Some(*passing),
            _ => None,
        })
    };
    let lent = inputs().any(|passing| passing != Passing::Value);
    let lifetime = if inputs().all(|passing| passing == Passing::Shared) {
        Lifetime::Launch
    } else if inputs().any(|passing| passing == Passing::Value) {
        Lifetime::IterationValues { borrowed: borrows && lent }
    } else {
        Lifetime::IterationRefs { borrowed: borrows }
    };
    (inputs().count(), lifetime)
}

/// Whether a check can see the inputs; if not, why not.
fn visible_inputs(inputs: Option<&Inputs>) -> std::result::Result<(), &'static str> {
    match inputs.map(|inputs| inputs.lifetime) {
        Some(Lifetime::Launch) => Ok(()),
        Some(_) => {
            Err("the function takes or changes these inputs, so they are gone when the result is checked: compare \
                        with the axes' values, or let the function borrow them")
        }
        None => Err("there are no inputs: add `inputs = || …`, or remove this parameter"),
    }
}

/// Refuses a check that has nothing to look at.
fn refuse_unseen_result(key: &Ident, inputs: Option<&Inputs>, signature: &syn::Signature, mistakes: &mut Mistakes) {
    let borrowed = matches!(
        inputs.map(|inputs| inputs.lifetime),
        Some(Lifetime::IterationRefs { borrowed: true } | Lifetime::IterationValues { borrowed: true })
    );
    if borrowed {
        let message = "the result borrows from inputs that are made afresh for each iteration, and ends with them: \
                       remove `check`, or measure a function that returns a value of its own";
        mistakes.at(key, message);
    } else if returns(&signature.output) == Returns::Nothing {
        let message = format!(
            "`{}` returns nothing that could be checked: let it return its result, or remove `check`",
            signature.ident
        );
        mistakes.at(key, message);
    }
}
