//! Axes: which key of the attribute feeds what, and what stays unfed.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{ConstParam, Error, Expr, Generics, Pat, Type};

use super::plan::{Axis, AxisValues, Passing};
use super::signature::{Parameters, depends_on};
use crate::mistakes::Mistakes;
use crate::parse::{AxisOption, Callable, Known, OPTIONS, Values, closure_parameter, meant, values};

/// What axes can feed.
pub(super) struct Takers<'a> {
    /// The function's name.
    pub(super) function: &'a Ident,
    /// Its generics.
    pub(super) generics: &'a Generics,
    /// Its parameters.
    pub(super) parameters: &'a Parameters,
    /// What makes the inputs.
    pub(super) inputs: Option<&'a Callable>,
}

/// The axes that the options name. Names that were probably meant for something are added to
/// `forgiven`, so that a slip is not reported a second time as a parameter that nothing feeds.
pub(super) fn axes(
    options: Vec<AxisOption>,
    takers: &Takers<'_>,
    forgiven: &mut Vec<String>,
    mistakes: &mut Mistakes,
) -> Vec<Axis> {
    let mut axes: Vec<Axis> = Vec::new();
    for AxisOption { key, values } in options {
        let axis = match values {
            Values::List(list) => takers.list(&key, list, forgiven),
            Values::Types(types) => takers.types(&key, types, forgiven),
            Values::Consts(consts) => takers.consts(&key, consts, forgiven),
        };
        match mistakes.or(axis) {
            Some(axis) if axes.iter().any(|other| other.name == axis.name) => {
                let message = format!("`{}` already has its values: remove one of the two lists", axis.name);
                mistakes.at(&key, message);
            }
            Some(axis) => axes.push(axis),
            None => {}
        }
    }
    for parameter in takers.generics.type_params().map(|parameter| &parameter.ident) {
        takers.refuse_unfed_generic(parameter, "types", "f32, f64", &axes, forgiven, mistakes);
    }
    for parameter in takers.generics.const_params().map(|parameter| &parameter.ident) {
        takers.refuse_unfed_generic(parameter, "consts", "16, 32", &axes, forgiven, mistakes);
    }
    axes
}

impl Takers<'_> {
    /// An axis of values, for a parameter of the function or of the closure that makes the inputs.
    fn list(&self, key: &Ident, list: Expr, forgiven: &mut Vec<String>) -> syn::Result<Axis> {
        let name = match key.unraw().to_string().as_str() {
            "sizes" => "size".to_owned(),
            name => name.to_owned(),
        };
        if let Some(parameter) = self.parameters.named(&name) {
            if parameter.passing == Passing::Mutable {
                let message = format!(
                    "the values of an axis are shared by all iterations, so `{name}` cannot change them: take it by value, \
                     or make it afresh with `inputs = || …`"
                );
                forgiven.push(name);
                return Err(Error::new_spanned(&parameter.ty, message));
            }
            if depends_on(&parameter.ty, self.generics) && !self.generics.params.iter().all(is_lifetime) {
                let message = "an axis has the same values for every type: give this a type without type and const \
                               parameters, or make it with `inputs = || …`";
                forgiven.push(name);
                return Err(Error::new_spanned(&parameter.ty, message));
            }
        }
        let ty = self.declared_type(&name);
        if key == "threads" {
            return Ok(Axis { name, values: AxisValues::Threads(list) });
        }
        if key == "sizes" {
            return if self.takes(&name) {
                Ok(Axis { name, values: AxisValues::Sizes(list, ty) })
            } else {
                Err(self.nothing_takes(key, "size"))
            };
        }
        let is_option = matches!(name.as_str(), "size" | "device");
        if self.takes(&name) && !is_option {
            return values(key, list).map(|list| Axis { name, values: AxisValues::Listed(list, ty) });
        }
        Err(self.unknown(key, &name, forgiven))
    }

    /// Whether the function or the making of its inputs takes a value of that name.
    fn takes(&self, name: &str) -> bool {
        let by_inputs = match self.inputs {
            Some(Callable::Path(_)) => name == "size",
            Some(Callable::Closure(closure)) => closure.inputs.iter().any(|pattern| is_parameter(pattern, name)),
            None => false,
        };
        by_inputs || self.parameters.named(name).is_some()
    }

    /// The type that the taker of an axis declares for it.
    fn declared_type(&self, name: &str) -> Option<Type> {
        let of_parameter = self.parameters.named(name).map(|parameter| parameter.axis_type(self.generics));
        of_parameter.unwrap_or_else(|| match self.inputs {
            Some(Callable::Closure(closure)) => {
                let found = closure.inputs.iter().find(|pattern| is_parameter(pattern, name));
                let ty = found.and_then(closure_parameter).and_then(|(_, ty)| ty.cloned());
                ty.filter(|ty| !matches!(ty, Type::Infer(_) | Type::Reference(_)))
            }
            _ => None,
        })
    }

    fn nothing_takes(&self, key: &Ident, parameter: &str) -> Error {
        let message = match self.inputs {
            Some(_) => format!(
                "nothing takes `{parameter}`: name it in the closure, `inputs = |{parameter}| …`, or add a parameter \
                 `{parameter}` to `{}`",
                self.function
            ),
            None => format!(
                "`{key}` feeds a parameter `{parameter}`, and `{}` has none: add `{parameter}: usize`, or remove `{key}`",
                self.function
            ),
        };
        Error::new(key.span(), message)
    }

    /// An error for a key that is neither an option nor a parameter.
    fn unknown(&self, key: &Ident, name: &str, forgiven: &mut Vec<String>) -> Error {
        if self.parameters.bencher.as_deref() == Some(name) {
            return Error::new(key.span(), format!("`{name}` is the bencher, which needs no values: remove this"));
        }
        let option = match name {
            "size" => Some("sizes"),
            "device" => Some("devices"),
            _ => None,
        };
        let options = OPTIONS.iter().map(|known| known.name.to_owned());
        let parameters = self.parameters.others.iter().filter_map(|parameter| parameter.name.as_ref());
        let candidates: Vec<String> = options.chain(parameters.map(|name| name.unraw().to_string())).collect();
        let meant = option.or_else(|| meant(name, candidates.iter().map(String::as_str)));
        forgiven.push(name.to_owned());
        forgiven.extend(meant.map(|meant| if meant == "sizes" { "size" } else { meant }.to_owned()));
        let message = match meant {
            Some(meant) => match Known::find(meant) {
                Some(known) => {
                    format!("there is no option `{name}`; did you mean `{meant}`, as in `{}`?", known.example)
                }
                None => format!("`{}` has no parameter `{name}`; did you mean `{meant}`?", self.function),
            },
            None => format!(
                "`{name}` is neither an option nor a parameter of `{}`: add a parameter `{name}` for its values, or \
                 remove it",
                self.function
            ),
        };
        Error::new(key.span(), message)
    }

    fn types(&self, key: &Ident, types: Vec<Type>, forgiven: &mut Vec<String>) -> syn::Result<Axis> {
        let names: Vec<&Ident> = self.generics.type_params().map(|parameter| &parameter.ident).collect();
        let place = self.generic(key, ["types", "type", "T", "f32, f64"], &names, forgiven)?;
        let parameter = names[place].clone();
        Ok(Axis { name: parameter.to_string(), values: AxisValues::Types(parameter, types) })
    }

    fn consts(&self, key: &Ident, consts: Vec<Expr>, forgiven: &mut Vec<String>) -> syn::Result<Axis> {
        let parameters: Vec<&ConstParam> = self.generics.const_params().collect();
        let names: Vec<&Ident> = parameters.iter().map(|parameter| &parameter.ident).collect();
        let place = self.generic(key, ["consts", "const", "const N: usize", "16, 32"], &names, forgiven)?;
        let ConstParam { ident, ty, .. } = parameters[place].clone();
        Ok(Axis { name: ident.to_string(), values: AxisValues::Consts(ident, Box::new(ty), consts) })
    }

    /// The place among `names` of the generic parameter that a key feeds.
    fn generic(
        &self,
        key: &Ident,
        [option, kind, example, values]: [&str; 4],
        names: &[&Ident],
        forgiven: &mut Vec<String>,
    ) -> syn::Result<usize> {
        if let Some(named) = names.iter().position(|name| *name == key) {
            return Ok(named);
        }
        match names {
            [_] => Ok(0),
            [] => Err(Error::new(
                key.span(),
                format!(
                    "`{option}` feeds a {kind} parameter, and `{0}` has none: write `fn {0}<{example}>(…)`, or remove \
                     `{option}`",
                    self.function
                ),
            )),
            _ => {
                forgiven.extend(names.iter().map(ToString::to_string));
                let named: Vec<String> = names.iter().map(|name| format!("{name} = [{values}]")).collect();
                let message =
                    format!("`{}` has several {kind} parameters: name them, `{}`", self.function, named.join(", "));
                Err(Error::new(key.span(), message))
            }
        }
    }

    fn refuse_unfed_generic(
        &self,
        parameter: &Ident,
        option: &str,
        values: &str,
        axes: &[Axis],
        forgiven: &[String],
        mistakes: &mut Mistakes,
    ) {
        if !axes.iter().any(|axis| parameter == &axis.name) && !forgiven.iter().any(|name| parameter == name) {
            let several = match option {
                "types" => self.generics.type_params().count() > 1,
                _ => self.generics.const_params().count() > 1,
            };
            let key = if several { parameter.to_string() } else { option.to_owned() };
            let message = format!("nothing says what `{parameter}` is: add `{key} = [{values}]` to the attribute");
            mistakes.at(parameter, message);
        }
    }
}

fn is_parameter(pattern: &Pat, name: &str) -> bool {
    closure_parameter(pattern).is_some_and(|(own, _)| own.unraw() == name)
}

fn is_lifetime(parameter: &syn::GenericParam) -> bool {
    matches!(parameter, syn::GenericParam::Lifetime(_))
}
