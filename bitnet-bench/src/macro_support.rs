//! What the expansions of the attributes stand on beside the public API. Not for use by hand.

pub use inventory;
pub use pollster::block_on;

use std::fmt::{Debug, Display};
use std::ops::Deref;

use crate::measure::{Answer, Failure};
use crate::registry::Size;

/// The values of an axis that are written out: each is a `T` where it stands, so that one of
/// another type is an error at that place.
pub fn list<T, const N: usize>(values: [T; N]) -> [T; N] {
    values
}

/// The values of an axis that an expression yields: a list, an iterator, or a slice, which lends them.
pub fn owned<T, I: IntoIterator<Item: Yields<T>>>(values: I) -> Vec<T> {
    values.into_iter().map(Yields::value).collect()
}

/// A `T`, or one that is lent.
#[diagnostic::on_unimplemented(
    message = "the values of this axis are of type `{Self}`, and its parameter is a `{T}`",
    label = "this is to yield `{T}`"
)]
pub trait Yields<T> {
    /// The value.
    fn value(self) -> T;
}

impl<T> Yields<T> for T {
    fn value(self) -> T {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone> Yields<T> for &T {
    fn value(self) -> T {
        self.clone()
    }
}

/// The sizes that an expression yields, where no parameter tells their type.
pub fn sizes<I: IntoIterator<Item: YieldsSize>>(sizes: I) -> Vec<<I::Item as YieldsSize>::Size> {
    sizes.into_iter().map(YieldsSize::size).collect()
}

/// A size, or one that is lent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a size",
    note = "a size is a `usize`, an array such as `[usize; 2]`, or a tuple of `usize`"
)]
pub trait YieldsSize {
    /// Its type.
    type Size: Size;
    /// The size.
    fn size(self) -> Self::Size;
}

macro_rules! yields_size {
    ($(($($generic:tt)*) $size:ty),+) => {$(
        impl<$($generic)*> YieldsSize for $size {
            type Size = Self;
            fn size(self) -> Self {
                self
            }
        }
        impl<$($generic)*> YieldsSize for &$size {
            type Size = $size;
            fn size(self) -> $size {
                *self
            }
        }
    )+};
}

yields_size!(
    () usize,
    (const RANK: usize) [usize; RANK],
    () (usize, usize),
    () (usize, usize, usize),
    () (usize, usize, usize, usize)
);

/// Names that an expression yields: `&str`, `String`, or a slice of them.
pub fn words<W: Display>(words: impl IntoIterator<Item = W>) -> Vec<String> {
    words.into_iter().map(|word| word.to_string()).collect()
}

/// The result of a subject, of which nobody knows whether it is a [`Result`]: the attribute sees
/// the name of a type, which may be an alias.
///
/// Its methods are found by the compiler, which knows: it looks for them here first, then, by
/// [`Deref`], at the next level, and so on; each level has them for fewer kinds of result than the
/// one below it. An error that is a [`Failure`] stays what it is; another is shown by its `Display`,
/// else by its `Debug`.
pub struct Outcome<'a, O>(ShownByDisplay<'a, O>);

/// An outcome whose error, if it is one, is no failure yet.
pub struct ShownByDisplay<'a, O>(ShownByDebug<'a, O>);

/// An outcome whose error, if it is one, has no `Display`.
pub struct ShownByDebug<'a, O>(NotShown<'a, O>);

/// An outcome whose error, if it is one, cannot be shown.
pub struct NotShown<'a, O>(Plain<'a, O>);

/// An outcome that is no `Result`.
pub struct Plain<'a, O>(&'a O);

impl<'a, O> Outcome<'a, O> {
    /// The outcome of a subject.
    pub fn of(out: &'a O) -> Self {
        Self(ShownByDisplay(ShownByDebug(NotShown(Plain(out)))))
    }
}

macro_rules! level {
    ($level:ident of $value:ty $(, $error:ident $(: $shown:ident)?)?; |$out:ident| $result:expr) => {
        impl<'a, O $(, $error $(: $shown)?)?> $level<'a, $value> {
            /// Fails if the subject did.
            pub fn done(&self) -> Result<(), Failure> {
                self.value().map(|_| ())
            }

            /// Fails if the subject did, or if its value does not pass the check.
            pub fn judge<V: Answer>(&self, check: impl FnOnce(&'a O) -> V, condition: &str) -> Result<(), Failure> {
                check(self.value()?).answer(&format!("`{condition}`"))
            }

            fn value(&self) -> Result<&'a O, Failure> {
                let $out: &'a $value = self.out();
                $result
            }
        }
    };
}

level!(Outcome of Result<O, Failure>; |out| out.as_ref().map_err(Clone::clone));
level!(ShownByDisplay of Result<O, E>, E: Display; |out| out.as_ref().map_err(Failure::error));
level!(ShownByDebug of Result<O, E>, E: Debug; |out| {
    out.as_ref().map_err(|error| Failure::error(format_args!("{error:?}")))
});
level!(NotShown of Result<O, E>, E; |out| {
    out.as_ref().map_err(|_| Failure::error("an error that has neither `Display` nor `Debug` to show it"))
});
level!(Plain of O; |out| Ok(out));

impl<'a, O> Plain<'a, O> {
    fn out(&self) -> &'a O {
        self.0
    }
}

impl<'a, O> Deref for Outcome<'a, O> {
    type Target = ShownByDisplay<'a, O>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, O> Deref for ShownByDisplay<'a, O> {
    type Target = ShownByDebug<'a, O>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, O> Deref for ShownByDebug<'a, O> {
    type Target = NotShown<'a, O>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, O> Deref for NotShown<'a, O> {
    type Target = Plain<'a, O>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
