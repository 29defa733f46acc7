//! Benchmarks with inputs: the call is timed, the making of its inputs is not.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote_spanned;
use syn::Type;

use super::body::{checker, whole};
use super::call::{axis_values, call};
use super::closures::closure;
use super::generics::tuple;
use super::{here, names};
use crate::check::{Argument, Benchmark, Check, Inputs, Lifetime, Make, Passing, Returns};

/// The statements that make the inputs and run the subject on them.
pub(super) fn with_inputs(plan: &Benchmark, inputs: &Inputs, check: Option<&Check>) -> TokenStream {
    let make = make(inputs);
    let (iter, iter_checked, borrowed) = match inputs.lifetime {
        Lifetime::Launch => {
            let iter = whole(plan, check);
            return quote_spanned!(here()=> let make = #make; let inputs = make(); #iter);
        }
        Lifetime::IterationValues { borrowed } => ("iter_values", "iter_values_checked", borrowed),
        Lifetime::IterationRefs { borrowed } => ("iter_refs", "iter_refs_checked", borrowed),
    };
    let (subject, check) = if borrowed { ending_first(plan, inputs) } else { subject(plan, inputs, check) };
    let values = axis_values(plan);
    let iter = Ident::new(if check.is_some() { iter_checked } else { iter }, here());
    let check = check.map(|check| quote_spanned!(here()=> , #check));
    quote_spanned! {here()=>
        #values
        b.with_inputs(#make).#iter(#subject #check);
        ::core::result::Result::Ok(())
    }
}

/// The closure that makes inputs. One that makes several says so, so that any other value is an
/// error where the user made it.
fn make(inputs: &Inputs) -> TokenStream {
    let several = (inputs.count > 1).then(|| {
        let any = (0..inputs.count).map(|_| quote_spanned!(here()=> _));
        quote_spanned!(here()=> (#(#any),*))
    });
    let call = match &inputs.make {
        Make::Function(path, true) => {
            let size = names::key("size");
            quote_spanned!(here()=> #path(point.at(#size)))
        }
        Make::Function(path, false) => quote_spanned!(here()=> #path()),
        Make::Closure(given) => {
            let declared = given.ty.clone().or_else(|| several.map(Type::Verbatim));
            let closure = closure(given, declared.as_ref());
            return quote_spanned!(here()=> || #closure);
        }
    };
    match several {
        Some(several) => quote_spanned!(here()=> || -> #several { #call }),
        None => quote_spanned!(here()=> || #call),
    }
}

/// The subject, a closure over fresh inputs, and the check of its result. Inputs that the subject
/// owns but only lends are handed back with the result, so that they are dropped with it, outside
/// the timing.
fn subject(plan: &Benchmark, inputs: &Inputs, check: Option<&Check>) -> (TokenStream, Option<TokenStream>) {
    let (call, parameter) = (call(plan), parameter(plan, inputs));
    let lent = if matches!(inputs.lifetime, Lifetime::IterationValues { .. }) { lent(plan) } else { Vec::new() };
    if lent.is_empty() {
        let check = checker(plan, check, &quote_spanned!(here()=> out));
        return (quote_spanned!(here()=> |#parameter| #call), check);
    }
    let check = checker(plan, check, &quote_spanned!(here()=> (out, _)));
    let lent = tuple(lent.into_iter());
    (quote_spanned!(here()=> |#parameter| { let out = #call; (out, #lent) }), check)
}

/// The subject whose result borrows from its fresh inputs: the result ends before them, and only
/// whether it is an error is told.
fn ending_first(plan: &Benchmark, inputs: &Inputs) -> (TokenStream, Option<TokenStream>) {
    let (krate, call, parameter) = (&plan.place.krate, call(plan), parameter(plan, inputs));
    let seen = quote_spanned!(here()=> ::core::hint::black_box(#call));
    if plan.call.returns == Returns::Fallible {
        let subject = quote_spanned!(here()=> |#parameter| #krate::__private::Outcome::of(&#seen).done());
        (subject, Some(quote_spanned!(here()=> ::core::clone::Clone::clone)))
    } else {
        (quote_spanned!(here()=> |#parameter| { #seen; }), None)
    }
}

/// The closure's parameter.
fn parameter(plan: &Benchmark, inputs: &Inputs) -> TokenStream {
    let is_lent_mutably = |argument: &Argument| matches!(argument, Argument::Input(_, Passing::Mutable));
    let owned = matches!(inputs.lifetime, Lifetime::IterationValues { .. });
    if owned && plan.call.arguments.iter().any(is_lent_mutably) {
        quote_spanned!(here()=> mut inputs)
    } else {
        quote_spanned!(here()=> inputs)
    }
}

/// The inputs that the function does not take by value.
fn lent(plan: &Benchmark) -> Vec<TokenStream> {
    let lent = |argument: &Argument| match argument {
        Argument::Input(place, Passing::Shared | Passing::Mutable) => {
            let place = Literal::usize_unsuffixed(*place);
            Some(quote_spanned!(here()=> inputs.#place))
        }
        _ => None,
    };
    plan.call.arguments.iter().filter_map(lent).collect()
}
