//! What stands behind an option's `=`: read, and checked as far as its tokens tell.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Error, Expr, ExprClosure, ExprPath, Lit, LitStr, Pat, Result, Token, Type, UnOp, bracketed};

use super::option::{Known, Takes};
use crate::text::source;

/// A list of words: tags, devices.
pub(crate) enum Words {
    /// Written out, as bare words or strings.
    Listed(Vec<LitStr>),
    /// An expression that yields strings.
    Computed(Expr),
}

/// Something that is called.
pub(crate) enum Callable {
    /// A function's path.
    Path(ExprPath),
    /// A closure.
    Closure(ExprClosure),
}

/// The expression without the parentheses and invisible groups (of macros) around it.
pub(crate) fn peel(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => peel(&group.expr),
        Expr::Paren(paren) => peel(&paren.expr),
        _ => expr,
    }
}

/// The name of a closure's parameter and its type, if it is a plain name.
pub(crate) fn closure_parameter(pattern: &Pat) -> Option<(&Ident, Option<&Type>)> {
    match pattern {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => Some((&name.ident, None)),
        Pat::Type(typed) => closure_parameter(&typed.pat).map(|(name, _)| (name, Some(&*typed.ty))),
        _ => None,
    }
}

/// An error that says what the option takes and how it is written.
pub(super) fn takes(known: &Known, what: &str, at: impl ToTokens) -> Error {
    Error::new_spanned(at, format!("`{}` takes {what}: `{}`", known.name, known.example))
}

/// A string that becomes part of case ids; a group may have slashes, a name may not.
pub(super) fn name(known: &Known, expr: &Expr) -> Result<LitStr> {
    let Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) = peel(expr) else {
        return Err(takes(known, "a string", expr));
    };
    check_name(text, known.name == "group")?;
    Ok(text.clone())
}

/// Refuses what has a meaning of its own in case ids.
pub(super) fn check_name(text: &LitStr, slashes: bool) -> Result<()> {
    let bad = |c: &char| c.is_whitespace() || c.is_control() || "[],=@".contains(*c) || (*c == '/' && !slashes);
    match text.value().chars().find(bad) {
        Some('/') => Err(Error::new_spanned(text, "a name has no `/`: put what stands before it into `group = \"…\"`")),
        Some(c) => Err(Error::new_spanned(
            text,
            format!("{c:?} has a meaning of its own in case ids: write `_` or `-` instead"),
        )),
        None if text.value().is_empty() => Err(Error::new_spanned(text, "this is part of every case id: write a word")),
        None => Ok(()),
    }
}

/// A list of bare words and strings, or an expression that yields strings.
pub(super) fn words(known: &Known, expr: Expr) -> Result<Words> {
    match peel(&expr) {
        Expr::Array(list) => {
            refuse_empty_and_twins(known.name, known.example, &list.elems, list.bracket_token.span.join())?;
            list.elems.iter().map(|element| word(known, element)).collect::<Result<_>>().map(Words::Listed)
        }
        lone if word(known, lone).is_ok_and(|word| !word.value().contains(char::is_uppercase)) => {
            Err(needs_brackets(known.name, lone))
        }
        Expr::Lit(_) | Expr::Closure(_) | Expr::Unary(_) => Err(takes(known, "a list of names", &expr)),
        _ => Ok(Words::Computed(expr)),
    }
}

fn word(known: &Known, expr: &Expr) -> Result<LitStr> {
    match peel(expr) {
        Expr::Path(path) if path.path.get_ident().is_some() => {
            let word = path.path.require_ident()?;
            Ok(LitStr::new(&word.unraw().to_string(), word.span()))
        }
        Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) if !text.value().trim().is_empty() => Ok(text.clone()),
        _ => Err(takes(known, "bare words, or strings that are not empty", expr)),
    }
}

fn needs_brackets(key: &str, lone: &Expr) -> Error {
    Error::new_spanned(lone, format!("`{key}` takes a list: `{key} = [{}]`", source(lone)))
}

/// A list that is empty measures nothing, and one that names a value twice measures it twice.
fn refuse_empty_and_twins<T: ToTokens>(
    key: &str,
    example: &str,
    elements: &Punctuated<T, Token![,]>,
    brackets: Span,
) -> Result<()> {
    if elements.is_empty() {
        let message = format!("an empty list would measure nothing: write `{example}`, or leave `{key}` out");
        return Err(Error::new(brackets, message));
    }
    let texts: Vec<String> = elements.iter().map(|element| element.to_token_stream().to_string()).collect();
    match (1..texts.len()).find(|&at| texts[..at].contains(&texts[at])) {
        Some(at) => Err(Error::new_spanned(
            &elements[at],
            format!("`{}` stands twice in this list: each case is measured once, so remove one", source(&elements[at])),
        )),
        None => Ok(()),
    }
}

/// The values of an axis: a list, or an expression that yields one.
pub(crate) fn values(key: &Ident, expr: Expr) -> Result<Expr> {
    let name = key.unraw().to_string();
    let known = Known::find(&name);
    let example = known.map_or_else(|| format!("{name} = [1, 2]"), |known| known.example.to_owned());
    match peel(&expr) {
        Expr::Array(list) => {
            refuse_empty_and_twins(&name, &example, &list.elems, list.bracket_token.span.join())?;
            if let Some(known) = known {
                list.elems.iter().try_for_each(|value| whole_number(known, value))?;
            }
            Ok(expr)
        }
        lone @ (Expr::Lit(_) | Expr::Unary(_) | Expr::Tuple(_)) => Err(needs_brackets(&name, lone)),
        Expr::Closure(_) => Err(Error::new_spanned(&expr, format!("`{name}` takes a list: `{example}`"))),
        _ => Ok(expr),
    }
}

/// An element of `sizes` or `threads`.
fn whole_number(known: &Known, value: &Expr) -> Result<()> {
    let threads = known.name == "threads";
    match peel(value) {
        Expr::Lit(syn::ExprLit { lit: Lit::Int(number), .. }) if !threads || number.base10_parse::<u64>()? > 0 => {
            Ok(())
        }
        Expr::Unary(minus) if !matches!(minus.op, UnOp::Neg(_)) => Ok(()),
        Expr::Lit(_) | Expr::Unary(_) if threads => Err(takes(known, "whole numbers from 1", value)),
        Expr::Lit(_) | Expr::Unary(_) => Err(takes(known, "whole numbers, or lists of them (`[1024, 4096]`)", value)),
        _ => Ok(()),
    }
}

/// A bracketed list of types or constant expressions.
pub(super) fn bracketed_list<T: ToTokens>(
    key: &Ident,
    example: &str,
    input: ParseStream<'_>,
    element: fn(ParseStream<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    if !input.peek(syn::token::Bracket) {
        return Err(Error::new(input.span(), format!("`{key}` takes a list in brackets: `{example}`")));
    }
    let content;
    let brackets = bracketed!(content in input);
    let elements = Punctuated::<T, Token![,]>::parse_terminated_with(&content, element)?;
    refuse_empty_and_twins(&key.to_string(), example, &elements, brackets.span.join())?;
    Ok(elements.into_iter().collect())
}

/// A path or a closure.
pub(super) fn callable(known: &Known, expr: &Expr) -> Result<Callable> {
    match peel(expr) {
        Expr::Path(path) => Ok(Callable::Path(path.clone())),
        Expr::Closure(closure) => Ok(Callable::Closure(closure.clone())),
        _ => Err(takes(known, "the path of a function, or a closure", expr)),
    }
}

/// A closure over the axes; for an amount, an expression too.
pub(super) fn over_axes(known: &Known, expr: &Expr) -> Result<Expr> {
    match peel(expr) {
        Expr::Closure(_) => {}
        _ if known.takes == Takes::Condition => return Err(takes(known, "a closure over the axes", expr)),
        Expr::Lit(lit) if matches!(lit.lit, Lit::Int(_) | Lit::Float(_)) => {}
        Expr::Lit(_) | Expr::Array(_) | Expr::Unary(_) => {
            return Err(takes(known, "a number, or a closure over the axes", expr));
        }
        _ => {}
    }
    Ok(peel(expr).clone())
}
