//! `criterion_group!` and `criterion_main!`.

/// A group of target functions that share a configuration, as criterion's macro of that name.
///
/// ```
/// use bitnet_bench::criterion::Criterion;
/// use bitnet_bench::criterion_group;
///
/// fn parse(c: &mut Criterion) {
///     c.bench_function("parse", |b| b.iter(|| "42".parse::<u32>()));
/// }
///
/// criterion_group!(plain, parse);
///
/// criterion_group! {
///     name = configured;
///     config = Criterion::default().sample_size(50);
///     targets = parse
/// }
/// # fn main() {}
/// ```
///
/// The configuration is made anew for each target.
#[macro_export]
macro_rules! criterion_group {
    (name = $name:ident; config = $config:expr; targets = $($target:path),+ $(,)*) => {
        /// The group of benchmarks of this name.
        #[allow(unreachable_pub, reason = "a group may be called from another module")]
        pub fn $name() {
            $(
                $crate::criterion::__private::target(::core::stringify!($target), $crate::source!(), || {
                    let mut criterion: $crate::criterion::Criterion<_> = $config.configure_from_args();
                    $target(&mut criterion);
                });
            )+
        }
    };
    ($name:ident, $($target:path),+ $(,)*) => {
        $crate::criterion_group! {
            name = $name;
            config = $crate::criterion::Criterion::default();
            targets = $($target),+
        }
    };
}

/// The `main` of a bench target with these groups, as criterion's macro of that name.
///
/// What the file annotates with `#[bitnet_bench]`, if anything, is measured beside them.
#[macro_export]
macro_rules! criterion_main {
    ($($group:path),+ $(,)*) => {
        fn main() {
            $crate::register!(|| $crate::criterion::__private::define(&[$($group),+]));
            $crate::criterion::__private::run($crate::target!());
        }
    };
}
