//! The values of settings. What the run time would refuse and literals already show is refused
//! here; ranges are the run time's, which also reads them from files.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Expr, Lit, Result, UnOp};

use super::option::{Known, Takes};
use super::value::{peel, takes};

/// The value of a setting that takes an expression.
pub(super) fn setting(known: &Known, expr: &Expr) -> Result<TokenStream> {
    let what = match known.takes {
        Takes::Count(0) => "a whole number",
        Takes::Count(_) => "a whole number from 1",
        Takes::Duration { zero: true } => "seconds, or a text such as \"500ms\"",
        Takes::Duration { zero: false } => "seconds above zero, or a text such as \"500ms\"",
        _ => "a number between 0 and 1",
    };
    let fits = match peel(expr) {
        Expr::Lit(literal) => fits(known.takes, &literal.lit),
        Expr::Unary(minus) => !matches!(minus.op, UnOp::Neg(_)),
        Expr::Array(_) | Expr::Closure(_) | Expr::Tuple(_) => false,
        _ => true,
    };
    if fits { Ok(expr.to_token_stream()) } else { Err(takes(known, what, expr)) }
}

fn fits(takes: Takes, literal: &Lit) -> bool {
    match (takes, literal) {
        (Takes::Count(least), Lit::Int(number)) => {
            number.base10_parse::<u64>().is_ok_and(|number| number >= u64::from(least))
        }
        (Takes::Duration { zero }, Lit::Int(number)) => {
            number.base10_parse::<u64>().is_ok_and(|number| zero || number > 0)
        }
        (Takes::Duration { zero }, Lit::Float(number)) => {
            number.base10_parse::<f64>().is_ok_and(|number| zero || number > 0.0)
        }
        (Takes::Duration { zero }, Lit::Str(text)) => is_duration(&text.value(), zero),
        (Takes::Share, Lit::Float(number)) => {
            number.base10_parse::<f64>().is_ok_and(|number| number > 0.0 && number < 1.0)
        }
        _ => false,
    }
}

/// Whether the text reads as a duration: seconds, or numbers each followed by a unit.
fn is_duration(text: &str, zero: bool) -> bool {
    let text = text.trim();
    let digit = |c: char| c.is_ascii_digit() || c == '.';
    let seconds = || text.chars().all(digit) && text.parse::<f64>().is_ok();
    let numbers_with_units = || {
        let mut units = text.split(|c| digit(c) || c == ' ').filter(|unit| !unit.is_empty());
        text.starts_with(digit) && text.ends_with(char::is_alphabetic) && units.all(|unit| UNITS.contains(&unit))
    };
    (zero || text.contains(|c| ('1'..='9').contains(&c))) && (seconds() || numbers_with_units())
}

/// The units that the run time reads, without those that no benchmark lasts.
const UNITS: &[&str] = &[
    "ns", "nsec", "nanos", "us", "µs", "usec", "micros", "ms", "msec", "millis", "s", "sec", "secs", "second",
    "seconds", "m", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours", "d", "day", "days",
];

/// One of a few words, as the name of the variant that it stands for.
pub(super) fn choice(known: &Known, words: &[(&str, &str)], expr: &Expr) -> Result<Ident> {
    let word = match peel(expr) {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    };
    let variant = word.and_then(|word| words.iter().find(|(name, _)| word == name).map(|(_, variant)| (variant, word)));
    variant.map(|(variant, word)| Ident::new(variant, word.span())).ok_or_else(|| {
        let words: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let (last, others) =
            words.split_last().map_or((String::new(), &[][..]), |(last, others)| (last.clone(), others));
        takes(known, &format!("{} or {last}", others.join(", ")), expr)
    })
}

#[cfg(test)]
mod tests {
    use super::is_duration;

    #[test]
    fn durations_are_seconds_or_numbers_with_units() {
        for good in ["1", "0.5", "500ms", "1.5 s", "2min 30s", "1h30m", "10 µs"] {
            assert!(is_duration(good, false), "{good}");
        }
        for bad in ["", "soon", "5 parsecs", "ms", "-1s", "1s 5", "inf", "0", "0s", "1e3"] {
            assert!(!is_duration(bad, false), "{bad}");
        }
        assert!(is_duration("0s", true));
    }
}
