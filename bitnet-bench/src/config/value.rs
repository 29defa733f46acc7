//! Values of settings: how each type is read from text and shown as text.

use std::path::PathBuf;
use std::time::Duration;

use super::table::Form;

/// A type that a setting can have. Text is the one form that files, the environment, the command
/// line, the attribute and the record share, so every layer is checked by the same code.
pub trait SettingValue: Sized {
    /// How it may be written in a file, beside its text.
    const FORM: Form = Form::Plain;
    /// Reads a value; `None` if the text is not one.
    fn parse(text: &str) -> Option<Self>;
    /// Shows the value so that [`SettingValue::parse`] reads it back.
    fn show(&self) -> String;
}

/// What may be written in an attribute for a setting of type `T`.
#[diagnostic::on_unimplemented(
    message = "this setting does not take a value of type `{Self}`",
    label = "the setting is of type `{T}`",
    note = "durations are written as seconds (`0.5`), as text (`\"500ms\"`) or as a `Duration`"
)]
pub trait Gives<T> {
    /// The value as text.
    fn text(self) -> String;
}

macro_rules! numbers {
    ($($type:ty),+) => {$(
        impl SettingValue for $type {
            fn parse(text: &str) -> Option<Self> {
                text.trim().replace('_', "").parse().ok()
            }
            fn show(&self) -> String {
                self.to_string()
            }
        }
        impl Gives<$type> for $type {
            fn text(self) -> String {
                self.to_string()
            }
        }
    )+};
}

numbers!(u32, u64, usize, f32, f64);

impl SettingValue for Option<u64> {
    fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "auto" => Some(None),
            number => u64::parse(number).map(Some),
        }
    }

    fn show(&self) -> String {
        self.map_or_else(|| "auto".to_owned(), |number| number.to_string())
    }
}

impl Gives<Option<u64>> for u64 {
    fn text(self) -> String {
        self.to_string()
    }
}

/// A switch. Files of both kinds have their own words for it, and so have the variables of CI
/// systems; all are understood.
impl SettingValue for bool {
    fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "on" | "true" | "1" => Some(true),
            "off" | "false" | "0" => Some(false),
            _ => None,
        }
    }

    fn show(&self) -> String {
        if *self { "on" } else { "off" }.to_owned()
    }
}

impl SettingValue for String {
    fn parse(text: &str) -> Option<Self> {
        Some(text.trim().to_owned())
    }

    fn show(&self) -> String {
        self.clone()
    }
}

/// A folder, or `auto`. One that is really called `auto` is written `./auto`.
impl SettingValue for Option<PathBuf> {
    const FORM: Form = Form::Path;

    fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(None),
            path => (!path.trim().is_empty() && !path.contains('\0')).then(|| Some(path.into())),
        }
    }

    fn show(&self) -> String {
        self.as_ref().map_or_else(|| "auto".to_owned(), |path| path.display().to_string())
    }
}

/// The lengths of a tensor: `1024x512`.
impl SettingValue for [usize; 2] {
    const FORM: Form = Form::Shape;

    fn parse(text: &str) -> Option<Self> {
        let (rows, columns) = text.split_once('x')?;
        Some([usize::parse(rows)?, usize::parse(columns)?])
    }

    fn show(&self) -> String {
        format!("{}x{}", self[0], self[1])
    }
}

impl SettingValue for Duration {
    fn parse(text: &str) -> Option<Self> {
        match f64::parse(text) {
            Some(seconds) => Duration::try_from_secs_f64(seconds).ok(),
            None => humantime::parse_duration(text.trim()).ok(),
        }
    }

    fn show(&self) -> String {
        humantime::format_duration(*self).to_string()
    }
}

impl Gives<Duration> for Duration {
    fn text(self) -> String {
        self.show()
    }
}

impl Gives<Duration> for f64 {
    fn text(self) -> String {
        self.to_string()
    }
}

impl Gives<Duration> for i32 {
    fn text(self) -> String {
        self.to_string()
    }
}

impl Gives<Duration> for &str {
    fn text(self) -> String {
        self.to_owned()
    }
}

/// Declares a type whose values have names.
macro_rules! named {
    (
        $(#[doc = $type_doc:literal])+
        $type:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $name:literal, )+ }
    ) => {
        $(#[doc = $type_doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $type {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl $crate::config::SettingValue for $type {
            fn parse(text: &str) -> Option<Self> {
                match text.trim() {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }

            fn show(&self) -> String {
                let name = match self {
                    $(Self::$variant => $name,)+
                };
                name.to_owned()
            }
        }

        impl $crate::config::Gives<$type> for $type {
            fn text(self) -> String {
                $crate::config::SettingValue::show(&self)
            }
        }
    };
}

pub(super) use named;

#[cfg(test)]
mod tests {
    use super::*;

    fn same<T: SettingValue + PartialEq + std::fmt::Debug>(value: T) {
        assert_eq!(T::parse(&value.show()).as_ref(), Some(&value), "{}", value.show());
    }

    #[test]
    fn what_is_shown_is_read_back() {
        for nanoseconds in [0, 1, 999, 1_000, 333_333_333, 86_400_000_000_000, 31_557_600_000_000_001] {
            same(Duration::from_nanos(nanoseconds));
        }
        for number in [0.1, 1e-7, 0.95, 1e300, f64::MIN_POSITIVE] {
            same(number);
        }
        same(u64::MAX);
        same(Some(0_u64));
        same(None::<u64>);
        same(true);
        same([0_usize, usize::MAX]);
        same(Some(PathBuf::from("/tmp/Größe mit Leerzeichen")));
    }

    #[test]
    fn a_duration_is_seconds_or_a_text_with_units_and_never_negative_or_endless() {
        assert_eq!(Duration::parse("0.5"), Some(Duration::from_millis(500)));
        assert_eq!(Duration::parse(" 2min 30s "), Some(Duration::from_secs(150)));
        for text in [
            "-1",
            "-1s",
            "NaN",
            "inf",
            "-inf",
            "1e400",
            "1e30",
            "",
            "s",
            "5 parsecs",
            "٣s",
            "18446744073709551616s",
            "1000000000000000y",
        ] {
            assert_eq!(Duration::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn numbers_do_not_wrap_round() {
        assert_eq!(u32::parse("4294967296"), None);
        assert_eq!(u64::parse("18446744073709551616"), None);
        assert_eq!(u64::parse("-1"), None);
        assert_eq!(u64::parse("1_000_000"), Some(1_000_000));
        for text in ["", "_", "1.0", "1e3", "ten", "１"] {
            assert_eq!(u64::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_switch_understands_the_words_of_every_layer() {
        for text in ["on", "true", "True", "1"] {
            assert_eq!(bool::parse(text), Some(true), "{text}");
        }
        for text in ["off", "false", "FALSE", "0"] {
            assert_eq!(bool::parse(text), Some(false), "{text}");
        }
        assert_eq!(bool::parse("maybe"), None);
    }
}
