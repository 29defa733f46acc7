//! Names of the variables in generated code.

use proc_macro2::Ident;

use super::here;

/// The variables that generated code has besides those for axes.
const OURS: &[&str] = &["b", "d", "device", "g", "inputs", "make", "out", "point", "seed"];

/// The key of an axis: `size_key`.
pub(super) fn key(axis: &str) -> Ident {
    Ident::new(&format!("{axis}_key"), here())
}

/// The value of an axis: `size`; with a `_` behind it where that name is taken. A name that already
/// ends so gets another one, so that two axes never share a variable.
pub(super) fn value(axis: &str) -> Ident {
    let taken =
        OURS.contains(&axis) || axis.ends_with("_key") || axis.ends_with('_') || syn::parse_str::<Ident>(axis).is_err();
    Ident::new(&if taken { format!("{axis}_") } else { axis.to_owned() }, here())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_axes_are_apart_from_ours_and_from_each_other() {
        let axes = ["size", "b", "b_", "point", "size_key", "type", "out__"];
        let mut names: Vec<String> =
            axes.iter().flat_map(|axis| [key(axis).to_string(), value(axis).to_string()]).collect();
        names.extend(OURS.iter().map(|&name| name.to_owned()));
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
        assert_eq!(value("size"), "size");
        assert_eq!(value("type"), "type_");
    }
}
