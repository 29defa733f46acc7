//! The attributes of bitnet-bench.

mod check;
mod expand;
mod mistakes;
mod parse;
mod text;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Result;

use mistakes::Mistakes;
use parse::{Function, Module, Options};

/// Registers a function as a benchmark.
#[proc_macro_attribute]
pub fn bitnet_bench(attribute: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    beside(item.into(), |item| benchmark(attribute.into(), item)).into()
}

/// Groups the benchmarks of a module.
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
