//! The options of one attribute, read into typed slots.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Error, Expr, GenericParam, Generics, LitStr, Path, Result, Token, Type};

use super::option::{Known, OPTIONS, Takes};
use super::setting::{choice, setting};
use super::value::{
    Callable, Words, bracketed_list, callable, check_name, name, over_axes, peel, takes, values, words,
};
use crate::mistakes::Mistakes;

/// What stands in an attribute.
#[derive(Default)]
pub(crate) struct Options {
    /// The path of the framework crate.
    pub(crate) krate: Option<Path>,
    /// The name, if it is not the item's.
    pub(crate) name: Option<LitStr>,
    /// The group.
    pub(crate) group: Option<LitStr>,
    /// The tags.
    pub(crate) tags: Option<Words>,
    /// The devices.
    pub(crate) devices: Option<Words>,
    /// The axes, in the order in which they are written.
    pub(crate) axes: Vec<AxisOption>,
    /// What makes the inputs, with the key.
    pub(crate) inputs: Option<(Ident, Callable)>,
    /// What checks the result, with the key.
    pub(crate) check: Option<(Ident, Callable)>,
    /// How much an iteration processes.
    pub(crate) amounts: Vec<(Ident, Expr)>,
    /// Which points are left out.
    pub(crate) skip_if: Option<Expr>,
    /// What runs a future, with the key.
    pub(crate) executor: Option<(Ident, Callable)>,
    /// Why it is ignored; empty if no reason is given.
    pub(crate) ignore: Option<LitStr>,
    /// The settings that are overridden.
    pub(crate) settings: Vec<Setting>,
    seen: Vec<String>,
}

/// The values of one axis.
pub(crate) struct AxisOption {
    /// `sizes`, `threads`, `types`, `consts`, or the name of a parameter.
    pub(crate) key: Ident,
    /// Its values.
    pub(crate) values: Values,
}

/// The values of an axis.
pub(crate) enum Values {
    /// A list, or an expression that yields one.
    List(Expr),
    /// Types.
    Types(Vec<Type>),
    /// Constant expressions.
    Consts(Vec<Expr>),
}

/// A setting that is overridden.
pub(crate) struct Setting {
    /// Its key.
    pub(crate) key: Ident,
    /// Its value; for a choice, the path of the variant below the framework crate.
    pub(crate) value: TokenStream,
    /// Whether the value is such a path.
    pub(crate) is_variant: bool,
}

impl Options {
    /// The options of `#[bitnet_bench]` on a function with these generics.
    pub(crate) fn of_benchmark(attribute: TokenStream, generics: &Generics, mistakes: &mut Mistakes) -> Self {
        let mut options = Self::default();
        let parser = |input: ParseStream<'_>| options.read(input, Some(generics), mistakes);
        // The parser notes its mistakes; only what it leaves unread is an error of its own.
        let result = parser.parse2(attribute);
        mistakes.or(result);
        options
    }

    /// The options of `#[bitnet_bench_group]`, which may begin with the name alone.
    pub(crate) fn of_group(attribute: TokenStream, mistakes: &mut Mistakes) -> Self {
        let mut options = Self::default();
        let parser = |input: ParseStream<'_>| {
            if input.peek(LitStr) {
                let text: LitStr = input.parse()?;
                mistakes.or(check_name(&text, true));
                options.name = Some(text);
                options.seen.push("name".to_owned());
                input.parse::<Option<Token![,]>>()?;
            }
            options.read(input, None, mistakes)
        };
        let result = parser.parse2(attribute);
        mistakes.or(result);
        options
    }

    fn read(&mut self, input: ParseStream<'_>, generics: Option<&Generics>, mistakes: &mut Mistakes) -> Result<()> {
        while !input.is_empty() {
            if let Err(error) = self.entry(input, generics) {
                mistakes.add(error);
                skip_to_next_entry(input)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>().map_err(|_| input.error("write a `,` between two options"))?;
            }
        }
        Ok(())
    }

    /// Reads one `key = value`.
    fn entry(&mut self, input: ParseStream<'_>, generics: Option<&Generics>) -> Result<()> {
        let key = input.call(Ident::parse_any).map_err(|_| {
            input.error("an option is written `key = value`, such as `name = \"quantize\"` or `sizes = [1024, 4096]`")
        })?;
        let word = key.unraw().to_string();
        if self.seen.contains(&word) {
            input.parse::<Option<Token![=]>>()?;
            return Err(Error::new(key.span(), format!("`{word}` is given twice: remove one of them")));
        }
        self.seen.push(word.clone());
        match (Known::find(&word), generics) {
            (Some(known), None) if !known.of_groups => Err(not_of_groups(&key)),
            (Some(known), _) => self.known(known, key, input),
            (None, Some(generics)) => self.parameter(key, generics, input),
            (None, None) => Err(unknown_in_group(&key)),
        }
    }

    fn known(&mut self, known: &'static Known, key: Ident, input: ParseStream<'_>) -> Result<()> {
        if known.takes == Takes::Reason && !input.peek(Token![=]) {
            self.ignore = Some(LitStr::new("", key.span()));
            return Ok(());
        }
        equals(&key, known.example, input)?;
        match known.takes {
            Takes::Types => {
                let types = bracketed_list(&key, known.example, input, Type::parse)?;
                self.axes.push(AxisOption { key, values: Values::Types(types) });
                return Ok(());
            }
            Takes::Consts => {
                let consts = bracketed_list(&key, known.example, input, Expr::parse)?;
                self.axes.push(AxisOption { key, values: Values::Consts(consts) });
                return Ok(());
            }
            Takes::Crate => {
                let wrong = |_| input.error(format!("`crate` takes a path: `{}`", known.example));
                self.krate = Some(input.call(Path::parse_mod_style).map_err(wrong)?);
                return Ok(());
            }
            _ => {}
        }
        let value: Expr = input.parse()?;
        self.value(known, key, value)
    }

    /// Puts the value of an option into its slot.
    fn value(&mut self, known: &'static Known, key: Ident, value: Expr) -> Result<()> {
        match known.takes {
            Takes::Name if known.name == "name" => self.name = Some(name(known, &value)?),
            Takes::Name => self.group = Some(name(known, &value)?),
            Takes::Words if known.name == "tags" => self.tags = Some(words(known, value)?),
            Takes::Words => self.devices = Some(words(known, value)?),
            Takes::Values => {
                let values = Values::List(values(&key, value)?);
                self.axes.push(AxisOption { key, values });
            }
            Takes::Function => {
                let function = Some((key, callable(known, &value)?));
                match known.name {
                    "inputs" => self.inputs = function,
                    "check" => self.check = function,
                    _ => self.executor = function,
                }
            }
            Takes::Condition => self.skip_if = Some(over_axes(known, &value)?),
            Takes::Amount => self.amounts.push((key, over_axes(known, &value)?)),
            Takes::Choice { of, words } => {
                let of = Ident::new(of, key.span());
                let variant = choice(known, words, &value)?;
                self.settings.push(Setting { key, value: quote!(config::#of::#variant), is_variant: true });
            }
            Takes::Reason => match peel(&value) {
                Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(reason), .. }) => self.ignore = Some(reason.clone()),
                _ => return Err(takes(known, "nothing, or a string", &value)),
            },
            _ => self.settings.push(Setting { value: setting(known, &value)?, key, is_variant: false }),
        }
        Ok(())
    }

    /// Reads `parameter = values`: of the function, or of its generics.
    fn parameter(&mut self, key: Ident, generics: &Generics, input: ParseStream<'_>) -> Result<()> {
        let generic = generics.params.iter().find(|parameter| match parameter {
            GenericParam::Type(parameter) => parameter.ident == key,
            GenericParam::Const(parameter) => parameter.ident == key,
            GenericParam::Lifetime(_) => false,
        });
        equals(&key, &format!("{key} = [1, 2]"), input)?;
        let values = match generic {
            Some(GenericParam::Type(_)) => {
                Values::Types(bracketed_list(&key, &format!("{key} = [f32, f64]"), input, Type::parse)?)
            }
            Some(_) => Values::Consts(bracketed_list(&key, &format!("{key} = [16, 32]"), input, Expr::parse)?),
            // Whether it is a list is asked once it is known that something takes it.
            None => Values::List(input.parse()?),
        };
        self.axes.push(AxisOption { key, values });
        Ok(())
    }
}

fn equals(key: &Ident, example: &str, input: ParseStream<'_>) -> Result<()> {
    if input.peek(Token![=]) && !input.peek(Token![==]) {
        input.parse::<Token![=]>()?;
        if !(input.is_empty() || input.peek(Token![,])) {
            return Ok(());
        }
    }
    Err(Error::new(key.span(), format!("`{key}` needs a value: `{example}`")))
}

fn not_of_groups(key: &Ident) -> Error {
    let message = if key == "group" {
        "the module itself is the group: write `name = \"…\"` to name it".to_owned()
    } else {
        format!("`{key}` belongs to single benchmarks: write it in their `#[bitnet_bench({key} = …)]`")
    };
    Error::new(key.span(), message)
}

fn unknown_in_group(key: &Ident) -> Error {
    let options = OPTIONS.iter().filter(|known| known.of_groups).map(|known| known.name);
    let message = match super::meant(&key.to_string(), options.clone()) {
        Some(meant) => format!("a group has no option `{key}`; did you mean `{meant}`?"),
        None => format!("a group has no option `{key}`; it has: {}", options.collect::<Vec<_>>().join(", ")),
    };
    Error::new(key.span(), message)
}

/// Goes on behind a mistake at the next `, key =`, so that later mistakes are found as well.
fn skip_to_next_entry(input: ParseStream<'_>) -> Result<()> {
    while !(input.is_empty() || (input.peek(Token![,]) && input.peek2(syn::Ident) && input.peek3(Token![=]))) {
        if input.peek(Token![,]) && input.peek2(Token![crate]) {
            break;
        }
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
