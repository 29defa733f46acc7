//! What a signature says: parameters, and what no benchmark can have.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{FnArg, GenericParam, Generics, Pat, ReturnType, Signature, Type};

use super::plan::{Passing, Returns};
use crate::mistakes::Mistakes;
use crate::text::{has_word, mentions};

/// A parameter of the function.
pub(super) struct Parameter {
    /// Its name, if it has one.
    pub(super) name: Option<Ident>,
    /// Its pattern.
    pub(super) pattern: Pat,
    /// Its type.
    pub(super) ty: Type,
    /// How it takes its value.
    pub(super) passing: Passing,
}

/// The parameters of a signature.
pub(super) struct Parameters {
    /// The name of the bencher, if the first parameter is one.
    pub(super) bencher: Option<String>,
    /// The others.
    pub(super) others: Vec<Parameter>,
}

impl Parameters {
    /// The parameter of that name.
    pub(super) fn named(&self, name: &str) -> Option<&Parameter> {
        self.others.iter().find(|parameter| parameter.is(name))
    }
}

impl Parameter {
    /// Whether that is its name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.as_ref().is_some_and(|own| own.unraw() == name)
    }

    /// Its type, if an axis can be declared with it.
    pub(super) fn axis_type(&self, generics: &Generics) -> Option<Type> {
        let usable = self.passing == Passing::Value && !depends_on(&self.ty, generics) && !has_word(&self.ty, "impl");
        usable.then(|| self.ty.clone())
    }
}

/// Reads the parameters, and notes what cannot be called.
pub(super) fn parameters(signature: &Signature, mistakes: &mut Mistakes) -> Parameters {
    let mut parameters = Parameters { bencher: None, others: Vec::new() };
    if let Some(variadic) = &signature.variadic {
        mistakes.at(variadic, "a variadic function cannot be measured itself: write one that calls it");
    }
    for (place, argument) in signature.inputs.iter().enumerate() {
        let typed = match argument {
            FnArg::Typed(typed) => typed,
            FnArg::Receiver(receiver) => {
                let message =
                    "a method has no `self` to be called with here: write a function that makes one and calls it";
                mistakes.at(receiver, message);
                continue;
            }
        };
        let ty = peel(&typed.ty);
        let name = match &*typed.pat {
            Pat::Ident(ident) if ident.subpat.is_none() => Some(ident.ident.clone()),
            _ => None,
        };
        match (is_named(ty, "Bencher"), place, passing(ty)) {
            (true, 0, Passing::Mutable) => {
                parameters.bencher = Some(name.map_or(String::new(), |name| name.unraw().to_string()));
                continue;
            }
            (true, 0, _) => mistakes.at(&typed.ty, "a bencher is passed as `&mut Bencher`"),
            (true, ..) => mistakes.at(typed, "the bencher comes first: move this before the other parameters"),
            _ => {}
        }
        if has_word(ty, "impl") {
            let message = "an `impl Trait` parameter does not say which type to measure: name a type, or write a type \
                           parameter `T` and list its types in `types = [...]`";
            mistakes.at(ty, message);
        }
        let (pattern, passing) = ((*typed.pat).clone(), passing(ty));
        parameters.others.push(Parameter { name, pattern, ty: ty.clone(), passing });
    }
    parameters
}

/// The type without the parentheses and invisible groups (of macros) around it.
fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        _ => ty,
    }
}

fn passing(ty: &Type) -> Passing {
    match ty {
        Type::Reference(reference) if reference.mutability.is_some() => Passing::Mutable,
        // What lives for ever cannot be lent from a value that lives here.
        Type::Reference(reference)
            if reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static") =>
        {
            Passing::Value
        }
        Type::Reference(_) => Passing::Shared,
        _ => Passing::Value,
    }
}

/// Whether it is a path that ends in that name, or a reference to one.
pub(super) fn is_named(ty: &Type, name: &str) -> bool {
    match peel(ty) {
        Type::Reference(reference) => is_named(&reference.elem, name),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == name),
        _ => false,
    }
}

/// Whether the tokens speak of a parameter of the generics.
pub(super) fn depends_on(tokens: impl ToTokens, generics: &Generics) -> bool {
    let names: Vec<&Ident> = generics
        .params
        .iter()
        .map(|parameter| match parameter {
            GenericParam::Type(parameter) => &parameter.ident,
            GenericParam::Const(parameter) => &parameter.ident,
            GenericParam::Lifetime(parameter) => &parameter.lifetime.ident,
        })
        .collect();
    mentions(tokens, &names)
}

/// What the function returns.
pub(super) fn returns(output: &ReturnType) -> Returns {
    const NUMBERS: &[&str] = &[
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
        "usize",
    ];
    let ReturnType::Type(_, ty) = output else {
        return Returns::Nothing;
    };
    match peel(ty) {
        Type::Tuple(tuple) if tuple.elems.is_empty() => Returns::Nothing,
        Type::Tuple(_) | Type::Array(_) | Type::Reference(_) | Type::Ptr(_) => Returns::Plain,
        Type::Path(path) if path.path.get_ident().is_some_and(|name| NUMBERS.iter().any(|number| name == number)) => {
            Returns::Plain
        }
        _ => Returns::Fallible,
    }
}

/// Whether the result borrows, as far as the signature shows it.
pub(super) fn borrows(output: &ReturnType) -> bool {
    let text = output.to_token_stream().to_string();
    let without_static = text.replace("& 'static", "").replace("&'static", "").replace("'static", "");
    without_static.contains('&') || without_static.contains('\'')
}
