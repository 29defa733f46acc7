//! Generic functions: one arm for each combination of types and constants, in which the names of
//! the generic parameters stand for the values.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{quote, quote_spanned};

use super::{here, names};
use crate::check::{Axis, AxisValues};
use crate::text::mentions;

/// A block with these contents, for each combination of the generic parameters that they mention.
pub(super) fn monomorphised(axes: &[Axis], contents: &TokenStream) -> TokenStream {
    let axes: Vec<&Axis> = axes.iter().filter(|axis| is_mentioned(axis, contents)).collect();
    let mut arms: Vec<(Vec<Literal>, TokenStream)> = vec![(Vec::new(), TokenStream::new())];
    for axis in &axes {
        let values = aliases(axis);
        arms = arms
            .iter()
            .flat_map(|(indices, above)| {
                values.iter().enumerate().map(move |(index, alias)| {
                    let mut indices = indices.clone();
                    indices.push(Literal::usize_unsuffixed(index));
                    (indices, quote!(#above #alias))
                })
            })
            .collect();
    }
    let last = arms.pop().map(|(_, aliases)| aliases);
    if arms.is_empty() {
        return quote_spanned!(here()=> { #last #contents });
    }
    let keys = axes.iter().map(|axis| names::key(&axis.name));
    let arms = arms.iter().map(|(indices, aliases)| {
        let pattern = tuple(indices.iter().map(|index| quote!(#index)));
        quote_spanned!(here()=> #pattern => { #aliases #contents })
    });
    let index = tuple(keys.map(|key| quote_spanned!(here()=> point.index(#key))));
    quote_spanned!(here()=> match #index { #(#arms)* _ => { #last #contents } })
}

/// Whether the tokens mention the generic parameter that the axis feeds, if it feeds one.
pub(super) fn is_mentioned(axis: &Axis, tokens: &TokenStream) -> bool {
    parameter(axis).is_some_and(|parameter| mentions(tokens, &[parameter]))
}

/// The generic parameter that an axis feeds.
fn parameter(axis: &Axis) -> Option<&Ident> {
    match &axis.values {
        AxisValues::Types(parameter, _) | AxisValues::Consts(parameter, ..) => Some(parameter),
        _ => None,
    }
}

/// For each value of the axis, an item that gives it the parameter's name.
fn aliases(axis: &Axis) -> Vec<TokenStream> {
    match &axis.values {
        AxisValues::Types(name, types) => types.iter().map(|ty| quote_spanned!(here()=> type #name = #ty;)).collect(),
        AxisValues::Consts(name, ty, values) => {
            values.iter().map(|value| quote_spanned!(here()=> const #name: #ty = #value;)).collect()
        }
        _ => Vec::new(),
    }
}

/// The parts as a tuple, or the only one.
pub(super) fn tuple(parts: impl ExactSizeIterator<Item = TokenStream>) -> TokenStream {
    if parts.len() == 1 { quote!(#(#parts)*) } else { quote_spanned!(here()=> (#(#parts),*)) }
}
