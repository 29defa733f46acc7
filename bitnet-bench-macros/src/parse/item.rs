//! The annotated item, read as far as the registration needs it: a function's body and a module's
//! content are never parsed.

use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Result, Signature, Token, Visibility};

/// A function.
pub(crate) struct Function {
    /// Its attributes, without the one that is being expanded.
    pub(crate) attributes: Vec<Attribute>,
    /// Its signature.
    pub(crate) signature: Signature,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let item = after_visibility(input)?;
        if item != "a function" {
            let instead = match item {
                "a module" => "; on a module write `#[bitnet_bench_group]`",
                "an impl block" | "a trait" => "; write one that calls the method",
                _ => "",
            };
            return Err(input.error(format!("`#[bitnet_bench]` goes on a function, not on {item}{instead}")));
        }
        let signature: Signature = input.parse()?;
        if !input.peek(syn::token::Brace) {
            return Err(input.error("a function without a body cannot be measured; write one that calls it"));
        }
        input.parse::<TokenStream>()?;
        Ok(Self { attributes, signature })
    }
}

/// A module.
pub(crate) struct Module {
    /// Its attributes, without the one that is being expanded.
    pub(crate) attributes: Vec<Attribute>,
    /// Its name.
    pub(crate) name: Ident,
}

impl Parse for Module {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let item = after_visibility(input)?;
        if item != "a module" {
            let instead = if item == "a function" { "; on a function write `#[bitnet_bench]`" } else { "" };
            return Err(input.error(format!("`#[bitnet_bench_group]` goes on a module, not on {item}{instead}")));
        }
        input.parse::<Option<Token![unsafe]>>()?;
        input.parse::<Token![mod]>()?;
        let name = input.parse()?;
        let body: Option<Group> = input.parse().ok();
        match body.map(|body| body.delimiter()) {
            Some(Delimiter::Brace) => Ok(Self { attributes, name }),
            _ => Err(Error::new_spanned(
                &name,
                format!("the content of the module must stand here: write `mod {name} {{ … }}`"),
            )),
        }
    }
}

/// Reads the visibility, and tells from the words behind it what item this is.
fn after_visibility(input: ParseStream<'_>) -> Result<&'static str> {
    input.parse::<Visibility>()?;
    let ahead = input.fork();
    while ahead.peek(Token![unsafe]) || ahead.peek(Token![async]) || ahead.peek(Token![extern]) {
        ahead.call(Ident::parse_any)?;
        ahead.parse::<Option<syn::LitStr>>()?;
    }
    if ahead.peek(Token![const]) && !(ahead.peek2(syn::Ident) || ahead.peek2(Token![_])) {
        return Ok("a function");
    }
    let word = ahead.call(Ident::parse_any).map_or(String::new(), |word| word.to_string());
    Ok(match word.as_str() {
        "fn" => "a function",
        "mod" => "a module",
        "struct" => "a struct",
        "enum" => "an enum",
        "union" => "a union",
        "impl" => "an impl block",
        "trait" => "a trait",
        "const" | "static" => "a constant",
        "use" => "an import",
        "type" => "a type alias",
        "macro_rules" => "a macro",
        _ => "this",
    })
}
