//! Closures of the attribute: their bodies, with the values that they ask for bound before them.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, ExprBlock, Type};

use super::generics::{is_mentioned, monomorphised};
use super::{here, located, names};
use crate::check::{Asked, Benchmark, Binding, Given};

/// A closure from points to the given value.
pub(super) fn over_points(plan: &Benchmark, given: &Given) -> TokenStream {
    let (bindings, value) = (bindings(&given.bindings), inside(&given.value));
    if given.bindings.is_empty() && !plan.axes.iter().any(|axis| is_mentioned(axis, &value)) {
        let closure = closure(given, given.ty.as_ref());
        return quote_spanned!(here()=> move |_| #closure);
    }
    let block = monomorphised(&plan.axes, &quote!(#bindings #value));
    match &given.ty {
        Some(ty) => quote_spanned!(here()=> move |point| -> #ty { #block }),
        None => quote_spanned!(here()=> move |point| #block),
    }
}

/// The statement that says how much an iteration processes.
pub(super) fn amount(plan: &Benchmark, amount: &Ident, of: &Given) -> TokenStream {
    let krate = &plan.place.krate;
    let variant = match amount.to_string().as_str() {
        "bytes" => "Bytes",
        "items" => "Items",
        "flops" => "Flops",
        _ => "Tokens",
    };
    let variant = Ident::new(variant, amount.span());
    let closure = over_points(plan, of);
    let at = located(&of.value);
    quote_spanned!(at=> d.amount(#krate::Amount::#variant, #closure);)
}

/// What stands behind the parameters of a closure that gives the value: its type, if that is
/// declared, and a block with the bindings, if there are some.
pub(super) fn closure(given: &Given, ty: Option<&Type>) -> TokenStream {
    let (bindings, value) = (bindings(&given.bindings), inside(&given.value));
    match ty {
        Some(ty) => quote_spanned!(here()=> -> #ty { #bindings #value }),
        None if given.bindings.is_empty() => given.value.to_token_stream(),
        None => quote_spanned!(here()=> { #bindings #value }),
    }
}

/// The expression as the end of a block: without braces of its own, which would be one pair too many.
pub(super) fn inside(value: &Expr) -> TokenStream {
    match value {
        Expr::Block(ExprBlock { attrs, label: None, block }) if attrs.is_empty() => {
            block.stmts.iter().map(ToTokens::to_token_stream).collect()
        }
        _ => value.to_token_stream(),
    }
}

/// A `let` for each value that a closure asks for. Their types are known there, as those of a
/// closure's parameters would not be, so that methods can be called on them.
pub(super) fn bindings(bindings: &[Binding]) -> TokenStream {
    bindings
        .iter()
        .map(|Binding { pattern, from }| {
            let value = match from {
                Asked::Axis(axis) => {
                    let key = names::key(axis);
                    quote_spanned!(here()=> point.at(#key))
                }
                Asked::Device => quote_spanned!(here()=> &device),
                Asked::Seed => quote_spanned!(here()=> seed),
                Asked::Inputs => quote_spanned!(here()=> &inputs),
            };
            quote_spanned!(here()=> let #pattern = #value;)
        })
        .collect()
}
