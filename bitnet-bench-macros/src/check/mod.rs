//! Options × signature → a plan, or every reason why there is none.

mod arguments;
mod axes;
mod closures;
mod inputs;
mod plan;
mod signature;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, GenericParam, LitStr, Path, Result, Safety, Signature};

use crate::mistakes::Mistakes;
use crate::parse::{Callable, Function, Module, Options, Values};
use arguments::arguments;
use axes::{Takers, axes};
use closures::Offer;
use inputs::Fed;
pub(crate) use plan::*;
use signature::{Parameters, parameters, returns};

/// The plan of a benchmark; the mistakes are those already found in its options.
pub(crate) fn benchmark(function: Function, mut options: Options, mut mistakes: Mistakes) -> Result<Benchmark> {
    let Function { attributes, signature } = function;
    let parameters = parameters(&signature, &mut mistakes);
    refuse_misplaced(&options, &parameters, &signature, &mut mistakes);
    refuse_missing_feature(&attributes, &signature, &mut mistakes);
    // Whether options and parameters fit each other can be asked once each makes sense alone.
    mistakes.finish(|| ())?;

    let (mut mistakes, mut forgiven) = (Mistakes::default(), Vec::new());
    let takers = Takers {
        function: &signature.ident,
        generics: &signature.generics,
        parameters: &parameters,
        inputs: options.inputs.as_ref().map(|(_, inputs)| inputs),
    };
    let axes = axes(std::mem::take(&mut options.axes), &takers, &mut forgiven, &mut mistakes);
    let arguments = arguments(&parameters, &axes, &options, &forgiven, &mut mistakes);
    let fed = Fed { signature: &signature, axes: &axes, arguments: &arguments, is_amiss: !forgiven.is_empty() };
    let inputs = options.inputs.take().map(|(key, make)| fed.inputs(&key, make, &mut mistakes));
    let check = options.check.take().map(|(key, check)| fed.check(&key, check, inputs.as_ref(), &mut mistakes));
    let body = match inputs {
        _ if parameters.bencher.is_some() => Body::Bencher,
        None => Body::Whole(check),
        Some(inputs) => Body::Inputs(Box::new(inputs), check),
    };
    let offer = Offer { axes: &axes, at_run: false, inputs: Err("inputs are made later: remove `inputs`") };
    let skip_if = options.skip_if.take().map(|condition| offer.given(condition, &mut mistakes));
    let amounts = std::mem::take(&mut options.amounts).into_iter();
    let amounts = amounts.map(|(key, amount)| (key, offer.given(amount, &mut mistakes))).collect();

    let call = call(&signature, options.executor.take().map(|(_, executor)| executor), arguments);
    let is_deprecated = attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"));
    let group = options.group.take();
    let place = place(options, attributes, &signature.ident);
    mistakes.finish(|| Benchmark { place, group, axes, skip_if, amounts, call, body, is_deprecated })
}

fn call(signature: &Signature, executor: Option<Callable>, arguments: Vec<Argument>) -> Call {
    let executor = executor.map_or(Executor::BlockOn, Executor::Given);
    let own = |parameter: &GenericParam| match parameter {
        GenericParam::Type(parameter) => Some(parameter.ident.clone()),
        GenericParam::Const(parameter) => Some(parameter.ident.clone()),
        GenericParam::Lifetime(_) => None,
    };
    Call {
        function: signature.ident.clone(),
        generics: signature.generics.params.iter().filter_map(own).collect(),
        is_unsafe: matches!(signature.safety, Safety::Unsafe(_)),
        executor: signature.asyncness.map(|_| executor),
        arguments,
        returns: returns(&signature.output),
    }
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

/// Refuses options that this kind of function has no use for.
fn refuse_misplaced(options: &Options, parameters: &Parameters, signature: &Signature, mistakes: &mut Mistakes) {
    if parameters.bencher.is_some() {
        if let Some((key, _)) = &options.inputs {
            let message = "a function with a bencher makes its inputs itself: remove `inputs`, and write \
                           `b.with_inputs(|| …).iter_values(|input| …)` or make them before `b.iter(|| …)`";
            mistakes.at(key, message);
        }
        if let Some((key, _)) = &options.check {
            let message = "a function with a bencher checks its results itself: remove `check`, and write \
                           `b.iter_checked(|| …, |out| …)`";
            mistakes.at(key, message);
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

/// Refuses a safe function that only some machines can run: who calls it must ask first.
fn refuse_missing_feature(attributes: &[Attribute], signature: &Signature, mistakes: &mut Mistakes) {
    let needs = attributes.iter().find(|attribute| attribute.path().is_ident("target_feature"));
    if let (Some(attribute), Safety::Default) = (needs, &signature.safety) {
        let message = "a machine may lack this feature: measure a function that asks for it, as with \
                       `is_x86_feature_detected!`, before it calls this one";
        mistakes.at(attribute, message);
    }
}
