//! Axes: the statements that add them to the definition.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Type};

use super::{here, located, names};
use crate::check::{Axis, AxisValues};
use crate::parse::peel;
use crate::text::{label, mentions};

/// The statement that adds an axis, with a variable for its key if `users` mention it.
pub(super) fn axis(krate: &TokenStream, axis: &Axis, users: &TokenStream) -> TokenStream {
    let name = &axis.name;
    let call = match &axis.values {
        AxisValues::Sizes(values, ty) => {
            let at = located(values);
            let values = match ty {
                None if !is_list(values) => quote_spanned!(at=> #krate::__private::sizes(#values)),
                ty => typed(krate, values, ty.as_ref()),
            };
            quote_spanned!(at=> d.sizes(#values))
        }
        AxisValues::Threads(values) => {
            let values = typed(krate, values, Some(&syn::parse_quote!(usize)));
            quote_spanned!(here()=> d.threads(#values))
        }
        AxisValues::Listed(values, ty) => {
            let at = located(values);
            let values = typed(krate, values, ty.as_ref());
            quote_spanned!(at=> d.axis(#name, #values))
        }
        AxisValues::Types(_, types) => labels(name, types.iter().map(label)),
        AxisValues::Consts(_, _, consts) => labels(name, consts.iter().map(label)),
    };
    let key = names::key(name);
    if mentions(users, &[&key]) { quote_spanned!(here()=> let #key = #call;) } else { quote_spanned!(here()=> #call;) }
}

/// The values as values of the type that takes them, so that a wrong one is an error where it
/// stands; a list that is not written out may also lend its values, as a slice does.
pub(super) fn typed(krate: &TokenStream, values: &Expr, ty: Option<&Type>) -> TokenStream {
    let at = located(values);
    match ty {
        Some(ty) if is_list(values) => quote_spanned!(at=> #krate::__private::list::<#ty, _>(#values)),
        Some(ty) => quote_spanned!(at=> #krate::__private::owned::<#ty, _>(#values)),
        None => values.to_token_stream(),
    }
}

fn is_list(values: &Expr) -> bool {
    matches!(peel(values), Expr::Array(_))
}

fn labels(name: &str, labels: impl Iterator<Item = String>) -> TokenStream {
    quote_spanned!(here()=> d.labels(#name, &[#(#labels),*]))
}
