//! A plan: what is to be registered, with every question answered.

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Expr, ExprClosure, ExprPath, LitStr, Pat, Type};

use crate::parse::{Callable, Setting, Words};

/// What a benchmark and a group have in common.
pub(crate) struct Place {
    /// The path of the framework crate.
    pub(crate) krate: TokenStream,
    /// The item's `#[cfg]`s, which hold for the registration as well.
    pub(crate) conditions: Vec<Attribute>,
    /// The name.
    pub(crate) name: LitStr,
    /// The tags.
    pub(crate) tags: Option<Words>,
    /// The devices.
    pub(crate) devices: Option<Words>,
    /// The overridden settings.
    pub(crate) settings: Vec<Setting>,
    /// Why it is ignored.
    pub(crate) ignore: Option<LitStr>,
}

/// What `#[bitnet_bench]` registers.
pub(crate) struct Benchmark {
    /// Its name and place.
    pub(crate) place: Place,
    /// The group that it names itself.
    pub(crate) group: Option<LitStr>,
    /// The axes, in the order of case ids.
    pub(crate) axes: Vec<Axis>,
    /// Which points are left out.
    pub(crate) skip_if: Option<Given>,
    /// How much an iteration processes.
    pub(crate) amounts: Vec<(Ident, Given)>,
    /// How the function is called.
    pub(crate) call: Call,
    /// What of the call is timed.
    pub(crate) body: Body,
    /// Whether calls of the function would warn of its deprecation.
    pub(crate) is_deprecated: bool,
}

/// What `#[bitnet_bench_group]` registers.
pub(crate) struct Group {
    /// Its name and place.
    pub(crate) place: Place,
    /// The module.
    pub(crate) module: Ident,
    /// The thread counts.
    pub(crate) threads: Option<Expr>,
}

/// An axis.
pub(crate) struct Axis {
    /// Its name.
    pub(crate) name: String,
    /// Its values.
    pub(crate) values: AxisValues,
}

/// The values of an axis.
pub(crate) enum AxisValues {
    /// Sizes, of the type of the parameter that takes them.
    Sizes(Expr, Option<Type>),
    /// Thread counts.
    Threads(Expr),
    /// Any values, of the type of the parameter that takes them.
    Listed(Expr, Option<Type>),
    /// Types for a type parameter.
    Types(Ident, Vec<Type>),
    /// Values for a const parameter of this type.
    Consts(Ident, Box<Type>, Vec<Expr>),
}

/// An expression of the user's, with the values that it asked for by name.
pub(crate) struct Given {
    /// The values.
    pub(crate) bindings: Vec<Binding>,
    /// The type of the expression, if its closure declares it.
    pub(crate) ty: Option<Type>,
    /// The expression.
    pub(crate) value: Expr,
}

/// A name of the user's and what is bound to it.
pub(crate) struct Binding {
    /// The closure parameter as the user wrote it.
    pub(crate) pattern: Pat,
    /// Where the value comes from.
    pub(crate) from: Asked,
}

/// Where a closure's argument comes from.
pub(crate) enum Asked {
    /// The value of an axis.
    Axis(String),
    /// The device of the case.
    Device,
    /// The seed of the case.
    Seed,
    /// The inputs that the subject borrows.
    Inputs,
}

/// How the function is called.
pub(crate) struct Call {
    /// Its name.
    pub(crate) function: Ident,
    /// Its type and const parameters, which stand for the values of their axes.
    pub(crate) generics: Vec<Ident>,
    /// Whether the call needs an `unsafe` block.
    pub(crate) is_unsafe: bool,
    /// What runs the future that it returns, if it is `async`.
    pub(crate) executor: Option<Executor>,
    /// What is passed for each parameter.
    pub(crate) arguments: Vec<Argument>,
    /// What it returns.
    pub(crate) returns: Returns,
}

/// What runs a future.
pub(crate) enum Executor {
    /// The framework's plain block-on.
    BlockOn,
    /// The user's.
    Given(Callable),
}

/// What a parameter is passed.
pub(crate) enum Argument {
    /// The bencher.
    Bencher,
    /// The device.
    Device(Passing),
    /// The value of an axis.
    Axis(String, Passing),
    /// The input of that place.
    Input(usize, Passing),
}

/// How a parameter takes its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passing {
    /// By value; also a `&'static` reference.
    Value,
    /// By shared reference.
    Shared,
    /// By mutable reference.
    Mutable,
}

/// What the function returns, as far as its signature tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returns {
    /// Nothing.
    Nothing,
    /// Something that is certainly no `Result`.
    Plain,
    /// Something that may be a `Result`, perhaps through an alias.
    Fallible,
}

/// What of the call is timed.
pub(crate) enum Body {
    /// What the function hands to the bencher.
    Bencher,
    /// The whole call.
    Whole(Option<Check>),
    /// The call, without the making of its inputs.
    Inputs(Box<Inputs>, Option<Check>),
}

/// How inputs are made and passed on.
pub(crate) struct Inputs {
    /// What makes them.
    pub(crate) make: Make,
    /// How many parameters they feed: one value, or a tuple for several.
    pub(crate) count: usize,
    /// How often they are made.
    pub(crate) lifetime: Lifetime,
}

/// How often inputs are made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// Once a launch: the subject only reads them.
    Launch,
    /// For each iteration, which takes some of them by value.
    IterationValues {
        /// Whether the result borrows from the others, so that it must end before them.
        borrowed: bool,
    },
    /// For each iteration, which borrows them.
    IterationRefs {
        /// Whether the result borrows from them, so that it must end before them.
        borrowed: bool,
    },
}

/// What makes inputs.
pub(crate) enum Make {
    /// A function, and whether it is passed the size.
    Function(ExprPath, bool),
    /// A closure over the axes.
    Closure(Box<Given>),
}

/// How a result is checked.
pub(crate) struct Check {
    /// The values that the check asked for beside the result.
    pub(crate) bindings: Vec<Binding>,
    /// What is called with a reference to the result.
    pub(crate) function: Checker,
    /// What failed, in words, when the check says no more than `false`.
    pub(crate) condition: String,
}

/// What is called with a reference to the result.
pub(crate) enum Checker {
    /// A function.
    Path(ExprPath),
    /// A closure, whose one parameter is the result.
    Closure(Box<ExprClosure>),
}
