//! The call of the function.

use proc_macro2::{Literal, TokenStream};
use quote::quote_spanned;

use super::closures::inside;
use super::{here, located, names};
use crate::check::{Argument, Benchmark, Body, Executor, Inputs, Lifetime, Make, Passing};
use crate::parse::Callable;

/// The call of the function, run to its end if it is `async`.
pub(super) fn call(plan: &Benchmark) -> TokenStream {
    let call = &plan.call;
    let (krate, function) = (&plan.place.krate, &call.function);
    let arguments = call.arguments.iter().map(|argument| self::argument(argument, &plan.body));
    let generics = (!call.generics.is_empty()).then(|| {
        let generics = &call.generics;
        quote_spanned!(here()=> ::<#(#generics),*>)
    });
    let mut tokens = quote_spanned!(here()=> #function #generics (#(#arguments),*));
    if call.is_unsafe {
        tokens = quote_spanned!(here()=> unsafe { #tokens });
    }
    match &call.executor {
        None => tokens,
        Some(Executor::BlockOn) => quote_spanned!(here()=> #krate::__private::block_on(#tokens)),
        Some(Executor::Given(Callable::Path(path))) => quote_spanned!(here()=> #path(#tokens)),
        Some(Executor::Given(Callable::Closure(closure))) => {
            let (future, body) = (&closure.inputs, inside(&closure.body));
            quote_spanned!(here()=> { let #future = #tokens; #body })
        }
    }
}

fn argument(argument: &Argument, body: &Body) -> TokenStream {
    match argument {
        Argument::Bencher => quote_spanned!(here()=> b),
        Argument::Device(Passing::Value) => quote_spanned!(here()=> ::core::clone::Clone::clone(&device)),
        Argument::Device(_) => quote_spanned!(here()=> &device),
        Argument::Axis(axis, passing) => axis_argument(axis, *passing, matches!(body, Body::Bencher)),
        Argument::Input(place, passing) => match body {
            Body::Inputs(inputs, _) => input(*place, *passing, inputs),
            _ => unreachable!("only a body with inputs has input arguments"),
        },
    }
}

/// The value of an axis. Where the call itself is timed, the compiler must not see the value.
fn axis_argument(axis: &str, passing: Passing, untimed: bool) -> TokenStream {
    let (key, value) = (names::key(axis), names::value(axis));
    match (passing, untimed) {
        (Passing::Value, true) => quote_spanned!(here()=> point.at(#key)),
        (_, true) => quote_spanned!(here()=> point.at_ref(#key)),
        (Passing::Value, false) => {
            quote_spanned!(here()=> ::core::clone::Clone::clone(::core::hint::black_box(&#value)))
        }
        (_, false) => quote_spanned!(here()=> ::core::hint::black_box(#value)),
    }
}

/// The variables that [`axis_argument`] reads inside the timing.
pub(super) fn axis_values(plan: &Benchmark) -> TokenStream {
    let values = plan.call.arguments.iter().filter_map(|argument| match argument {
        Argument::Axis(axis, passing) => Some((names::key(axis), names::value(axis), passing)),
        _ => None,
    });
    values
        .map(|(key, value, passing)| match passing {
            Passing::Value => quote_spanned!(here()=> let #value = point.at(#key);),
            _ => quote_spanned!(here()=> let #value = point.at_ref(#key);),
        })
        .collect()
}

/// The input of a place, as its parameter takes it.
fn input(place: usize, passing: Passing, inputs: &Inputs) -> TokenStream {
    // A type error in an argument is one between the inputs and the parameter: show the inputs.
    let at = match &inputs.make {
        Make::Function(path, _) => located(path),
        Make::Closure(given) => located(&given.value),
    };
    let place = Literal::usize_unsuffixed(place);
    let several = inputs.count > 1;
    let value = if several { quote_spanned!(at=> inputs.#place) } else { quote_spanned!(at=> inputs) };
    match (inputs.lifetime, passing) {
        (Lifetime::Launch, _) => quote_spanned!(at=> ::core::hint::black_box(&#value)),
        (Lifetime::IterationValues { .. }, Passing::Value) => value,
        (Lifetime::IterationRefs { .. }, _) if !several => value,
        (_, Passing::Mutable) => quote_spanned!(at=> &mut #value),
        (_, _) => quote_spanned!(at=> &#value),
    }
}
