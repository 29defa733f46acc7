//! Plan → tokens. What is emitted is what one would write by hand against `bitnet_bench::registry`.
//!
//! Hygiene: every token made here has the span `mixed_site`, so that its local variables and the
//! user's do not see each other; items are named by absolute paths. Variables that hold a user's
//! value in generated code are named after it (see [`names`]), to be read with `cargo expand`.

mod axes;
mod body;
mod call;
mod closures;
mod generics;
mod inputs;
mod names;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::check::{Benchmark, Group, Place};
use crate::parse::{Setting, Words};

/// The span of generated tokens.
fn here() -> Span {
    Span::mixed_site()
}

/// The span of generated tokens in which an error is one of the user's: shown there, hidden from
/// the user's names.
fn located(tokens: &impl Spanned) -> Span {
    here().located_at(tokens.span())
}

/// The registration of a benchmark.
pub(crate) fn benchmark(plan: &Benchmark) -> TokenStream {
    let krate = &plan.place.krate;
    let name = &plan.place.name;
    let group = plan.group.iter().map(|group| quote_spanned!(here()=> d.group(#group);));
    let place = place(&plan.place, &quote_spanned!(here()=> d));
    // What uses the keys comes first, because only the keys that are used get a variable.
    let skip_if = plan.skip_if.iter().map(|condition| {
        let closure = closures::over_points(plan, condition);
        quote_spanned!(here()=> d.skip_if(#closure);)
    });
    let amounts = plan.amounts.iter().map(|(amount, of)| closures::amount(plan, amount, of));
    let closures: TokenStream = skip_if.chain(amounts).collect();
    let body = body::body(plan);
    let users = quote!(#closures #body);
    let axes = plan.axes.iter().map(|axis| axes::axis(krate, axis, &users));
    let allow = plan.is_deprecated.then(|| quote!(#[allow(deprecated)]));
    let statements = quote_spanned! {here()=>
        let mut d = #krate::registry::Definition::new(#name, #krate::source!());
        #(#group)*
        #place
        #(#axes)*
        #closures
        d.body(#body);
        d
    };
    let define = quote_spanned! {here()=>
        #allow
        fn __bitnet_bench_define() -> #krate::registry::Definition { #statements }
    };
    registration(&plan.place, &define, &quote_spanned!(here()=> #krate::registry::Entry))
}

/// The registration of a group. It stands beside the module, whose own tokens stay untouched.
pub(crate) fn group(plan: &Group) -> TokenStream {
    let krate = &plan.place.krate;
    let name = &plan.place.name;
    let below = format!("::{}", plan.module);
    let place = place(&plan.place, &quote_spanned!(here()=> g));
    let threads = plan.threads.as_ref().map(|threads| {
        let threads = axes::typed(krate, threads, Some(&syn::parse_quote!(usize)));
        quote_spanned!(here()=> g.threads(#threads);)
    });
    let mutable = (threads.is_some() || !place.is_empty()).then(|| quote!(mut));
    let define = quote_spanned! {here()=>
        fn __bitnet_bench_define() -> #krate::registry::Group {
            let #mutable g = #krate::registry::Group::new(#name, #krate::registry::Source {
                module: ::core::concat!(::core::module_path!(), #below),
                file: ::core::file!(),
                line: ::core::line!(),
            });
            #place
            #threads
            g
        }
    };
    registration(&plan.place, &define, &quote_spanned!(here()=> #krate::registry::GroupEntry))
}

/// Submits what `define` gives to the registry.
fn registration(place: &Place, define: &TokenStream, entry: &TokenStream) -> TokenStream {
    let (krate, conditions) = (&place.krate, &place.conditions);
    quote_spanned! {here()=>
        #(#conditions)*
        const _: () = {
            #define
            #krate::__private::inventory::submit! { #entry::new(__bitnet_bench_define) }
        };
    }
}

/// The statements that tell `of` what benchmarks and groups have in common.
fn place(place: &Place, of: &TokenStream) -> TokenStream {
    let krate = &place.krate;
    let tags = place.tags.iter().map(|tags| {
        let tags = words(krate, tags);
        quote_spanned!(here()=> #of.tags(#tags);)
    });
    let devices = place.devices.iter().map(|devices| {
        let devices = words(krate, devices);
        quote_spanned!(here()=> #of.devices(#devices);)
    });
    let settings = place.settings.iter().map(|Setting { key, value, is_variant }| {
        let value = if *is_variant { quote_spanned!(here()=> #krate::#value) } else { value.clone() };
        quote_spanned!(here()=> #of.settings().#key(#value);)
    });
    let ignore = place.ignore.iter().map(|reason| quote_spanned!(here()=> #of.ignore(#reason);));
    quote!(#(#tags)* #(#devices)* #(#settings)* #(#ignore)*)
}

fn words(krate: &TokenStream, words: &Words) -> TokenStream {
    match words {
        Words::Listed(words) => quote_spanned!(here()=> [#(#words),*]),
        Words::Computed(words) => quote_spanned!(here()=> #krate::__private::words(#words)),
    }
}
