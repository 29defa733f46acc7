//! The attributes of bitnet-bench: `#[bitnet_bench]` on functions, `#[bitnet_bench_group]` on modules.
//!
//! An annotation passes through three stages: `parse` (tokens → typed options), `check` (options ×
//! signature → a plan, or every mistake at once), `expand` (plan → tokens). Users do not depend on this
//! crate, but on `bitnet-bench`, which exports both.

mod check;
mod expand;
mod mistakes;
mod parse;
#[cfg(test)]
mod tests;
mod text;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Result;

use mistakes::Mistakes;
use parse::{Function, Module, Options};

#[doc = include_str!("manual/benchmark.md")]
#[proc_macro_attribute]
pub fn bitnet_bench(attribute: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    beside(item.into(), |item| benchmark(attribute.into(), item)).into()
}

#[doc = include_str!("manual/group.md")]
#[proc_macro_attribute]
pub fn bitnet_bench_group(
    attribute: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    beside(item.into(), |item| group(attribute.into(), item)).into()
}

/// The item as it was, and beside it what was made of it: the registration, or what is wrong.
fn beside(item: TokenStream, make: impl FnOnce(TokenStream) -> Result<TokenStream>) -> TokenStream {
    let made = make(item.clone()).unwrap_or_else(syn::Error::into_compile_error);
    quote!(#item #made)
}

fn benchmark(attribute: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let function: Function = syn::parse2(item)?;
    let mut mistakes = Mistakes::default();
    let options = Options::of_benchmark(attribute, &function.signature.generics, &mut mistakes);
    check::benchmark(function, options, mistakes).map(|plan| expand::benchmark(&plan))
}

fn group(attribute: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let module: Module = syn::parse2(item)?;
    let mut mistakes = Mistakes::default();
    let options = Options::of_group(attribute, &mut mistakes);
    check::group(module, options, mistakes).map(|plan| expand::group(&plan))
}
