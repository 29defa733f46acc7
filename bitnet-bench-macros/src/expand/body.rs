//! The body of a benchmark: what the bencher is told to time.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::call::{axis_values, call};
use super::closures::bindings;
use super::generics::monomorphised;
use super::inputs::with_inputs;
use super::{here, located};
use crate::check::{Argument, Asked, Benchmark, Body, Check, Checker, Make, Returns};

/// The closure that runs the benchmark at a point.
pub(super) fn body(plan: &Benchmark) -> TokenStream {
    let run = match &plan.body {
        Body::Bencher => with_bencher(plan),
        Body::Whole(check) => whole(plan, check.as_ref()),
        Body::Inputs(inputs, check) => with_inputs(plan, inputs, check.as_ref()),
    };
    let context = context(plan);
    let block = monomorphised(&plan.axes, &quote!(#context #run));
    quote_spanned!(here()=> move |b, point| #block)
}

/// What the bencher knows and a closure or a parameter wants; taken before the bencher is busy.
fn context(plan: &Benchmark) -> TokenStream {
    let (inputs, check) = match &plan.body {
        Body::Inputs(inputs, check) => (Some(inputs), check.as_ref()),
        Body::Whole(check) => (None, check.as_ref()),
        Body::Bencher => (None, None),
    };
    let made = inputs.map_or(&[][..], |inputs| match &inputs.make {
        Make::Closure(given) => &given.bindings,
        Make::Function(..) => &[],
    });
    let checked = check.map_or(&[][..], |check| &check.bindings);
    let asked = || made.iter().chain(checked).map(|binding| &binding.from);
    let by_parameter = plan.call.arguments.iter().any(|argument| matches!(argument, Argument::Device(_)));
    let mut tokens = TokenStream::new();
    if by_parameter || asked().any(|from| matches!(from, Asked::Device)) {
        tokens.extend(quote_spanned!(here()=> let device = ::core::clone::Clone::clone(b.device());));
    }
    if asked().any(|from| matches!(from, Asked::Seed)) {
        tokens.extend(quote_spanned!(here()=> let seed = b.seed();));
    }
    tokens
}

/// The function has a bencher: call it once.
fn with_bencher(plan: &Benchmark) -> TokenStream {
    let (krate, call) = (&plan.place.krate, call(plan));
    match plan.call.returns {
        Returns::Fallible => quote_spanned!(here()=> #krate::__private::Outcome::of(&#call).done()),
        Returns::Plain => quote_spanned!(here()=> let _ = #call; ::core::result::Result::Ok(())),
        Returns::Nothing => quote_spanned!(here()=> #call; ::core::result::Result::Ok(())),
    }
}

/// The whole call is timed.
pub(super) fn whole(plan: &Benchmark, check: Option<&Check>) -> TokenStream {
    let (values, call) = (axis_values(plan), call(plan));
    let iter = match checker(plan, check, &quote_spanned!(here()=> out)) {
        Some(check) => quote_spanned!(here()=> b.iter_checked(|| #call, #check);),
        None => quote_spanned!(here()=> b.iter(|| #call);),
    };
    quote_spanned!(here()=> #values #iter ::core::result::Result::Ok(()))
}

/// The closure that judges a result, matched by `out`; none if there is nothing to judge.
pub(super) fn checker(plan: &Benchmark, check: Option<&Check>, out: &TokenStream) -> Option<TokenStream> {
    let krate = &plan.place.krate;
    let Some(Check { bindings: asked, function, condition }) = check else {
        let fallible = plan.call.returns == Returns::Fallible;
        return fallible.then(|| quote_spanned!(here()=> |#out| #krate::__private::Outcome::of(out).done()));
    };
    let (at, function) = match function {
        Checker::Path(path) => (located(path), quote_spanned!(here()=> |out| #path(out))),
        Checker::Closure(closure) => (located(&closure.body), quote!(#closure)),
    };
    let judge = quote_spanned!(at=> #krate::__private::Outcome::of(out).judge(#function, #condition));
    let bindings = bindings(asked);
    Some(if asked.is_empty() {
        quote_spanned!(here()=> |#out| #judge)
    } else {
        quote_spanned!(here()=> |#out| { #bindings #judge })
    })
}
