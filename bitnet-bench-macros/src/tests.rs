//! Whole expansions and whole lists of mistakes, as text.

use std::str::FromStr;

use proc_macro2::TokenStream;

/// The expansion of an annotated function, without the function, as rustfmt would print it.
fn expansion(attribute: &str, item: &str) -> String {
    let tokens = |text| TokenStream::from_str(text).expect("the test's tokens");
    let expanded = crate::benchmark(tokens(attribute), tokens(item)).expect("the test's attribute fits its function");
    prettyplease::unparse(&syn::parse2(expanded).expect("an expansion is items"))
}

/// The mistakes in an annotation.
fn mistakes(attribute: &str, item: &str) -> Vec<String> {
    let tokens = |text| TokenStream::from_str(text).expect("the test's tokens");
    let error = crate::benchmark(tokens(attribute), tokens(item)).expect_err("there is a mistake");
    error.into_iter().map(|error| error.to_string()).collect()
}

/// Compares with the expected items, which may be wrapped in any way.
#[track_caller]
fn assert_expands(attribute: &str, item: &str, expected: &str) {
    let expected = prettyplease::unparse(&syn::parse_str(expected).expect("what is expected is items"));
    assert_eq!(expansion(attribute, item), expected);
}

#[test]
fn a_function_that_is_timed_whole() {
    assert_expands(
        "",
        "fn popcount() -> u32 { 7u32.count_ones() }",
        r#"
        const _: () = {
            fn __bitnet_bench_define() -> ::bitnet_bench::registry::Definition {
                let mut d = ::bitnet_bench::registry::Definition::new("popcount", ::bitnet_bench::source!());
                d.body(move |b, point| {
                    b.iter(|| popcount());
                    ::core::result::Result::Ok(())
                });
                d
            }
            ::bitnet_bench::__private::inventory::submit! {
                ::bitnet_bench::registry::Entry::new(__bitnet_bench_define)
            }
        };
        "#,
    );
}

#[test]
fn a_function_with_a_bencher() {
    assert_expands(
        r#"
        crate = bench, group = "quantization", sizes = [[1024, 1024], [2048, 2048]], bits = BITS,
        devices = [cpu, wgpu], cache = cold
        "#,
        "fn weights(b: &mut Bencher, size: [usize; 2], bits: f32) -> Result<(), Error> {}",
        r#"
        const _: () = {
            fn __bitnet_bench_define() -> bench::registry::Definition {
                let mut d = bench::registry::Definition::new("weights", bench::source!());
                d.group("quantization");
                d.devices(["cpu", "wgpu"]);
                d.settings().cache(bench::config::Cache::Cold);
                let size_key = d.sizes(bench::__private::list::<[usize; 2], _>([[1024, 1024], [2048, 2048]]));
                let bits_key = d.axis("bits", bench::__private::owned::<f32, _>(BITS));
                d.body(move |b, point| {
                    bench::__private::Outcome::of(&weights(b, point.at(size_key), point.at(bits_key))).done()
                });
                d
            }
            bench::__private::inventory::submit! {
                bench::registry::Entry::new(__bitnet_bench_define)
            }
        };
        "#,
    );
}

#[test]
fn a_generic_production_function() {
    assert_expands(
        "sizes = [64], types = [f32, half::f16], inputs = |size| vec![T::default(); size], \
         bytes = |size| size * size_of::<T>(), \
         check = |out, size| out.len() == size",
        "#[cfg(feature = \"half\")] pub fn pack<T: Copy>(weights: &[T]) -> Vec<u8> {}",
        r#"
        #[cfg(feature = "half")]
        const _: () = {
            fn __bitnet_bench_define() -> ::bitnet_bench::registry::Definition {
                let mut d = ::bitnet_bench::registry::Definition::new("pack", ::bitnet_bench::source!());
                let size_key = d.sizes([64]);
                let T_key = d.labels("T", &["f32", "half::f16"]);
                d.amount(::bitnet_bench::Amount::Bytes, move |point| match point.index(T_key) {
                    0 => {
                        type T = f32;
                        let size = point.at(size_key);
                        size * size_of::<T>()
                    }
                    _ => {
                        type T = half::f16;
                        let size = point.at(size_key);
                        size * size_of::<T>()
                    }
                });
                d.body(move |b, point| match point.index(T_key) {
                    0 => {
                        type T = f32;
                        let make = || {
                            let size = point.at(size_key);
                            vec![T::default(); size]
                        };
                        let inputs = make();
                        b.iter_checked(
                            || pack::<T>(::core::hint::black_box(&inputs)),
                            |out| {
                                let size = point.at(size_key);
                                ::bitnet_bench::__private::Outcome::of(out)
                                    .judge(|out| out.len() == size, "out . len () == size")
                            },
                        );
                        ::core::result::Result::Ok(())
                    }
                    _ => {
                        type T = half::f16;
                        let make = || {
                            let size = point.at(size_key);
                            vec![T::default(); size]
                        };
                        let inputs = make();
                        b.iter_checked(
                            || pack::<T>(::core::hint::black_box(&inputs)),
                            |out| {
                                let size = point.at(size_key);
                                ::bitnet_bench::__private::Outcome::of(out)
                                    .judge(|out| out.len() == size, "out . len () == size")
                            },
                        );
                        ::core::result::Result::Ok(())
                    }
                });
                d
            }
            ::bitnet_bench::__private::inventory::submit! {
                ::bitnet_bench::registry::Entry::new(__bitnet_bench_define)
            }
        };
        "#,
    );
}

#[test]
fn every_option_reads_its_own_example() {
    for known in crate::parse::OPTIONS {
        let parameters = match known.name {
            "sizes" | "bytes" | "items" | "flops" | "skip_if" => "size: usize",
            "inputs" => "size: usize, values: &[f32]",
            _ => "",
        };
        let generics = match known.name {
            "types" => "<T>",
            "consts" => "<const N: usize>",
            _ => "",
        };
        let sizes = if parameters.contains("size") && known.name != "sizes" { ", sizes = [64]" } else { "" };
        let asyncness = if known.name == "executor" { "async" } else { "" };
        expansion(
            &format!("{}{sizes}", known.example),
            &format!("{asyncness} fn f{generics}({parameters}) -> f32 {{}}"),
        );
    }
}

#[test]
fn what_no_program_of_the_stable_language_can_show_is_refused() {
    assert_eq!(
        mistakes("n = [1]", "unsafe extern \"C\" fn f(n: i32, ...) {}"),
        ["a variadic function cannot be measured itself: write one that calls it"]
    );
    let [mistake] = &mistakes("", "#[target_feature(enable = \"avx2\")] fn f() {}")[..] else {
        panic!("one mistake");
    };
    assert!(mistake.contains("is_x86_feature_detected!"), "{mistake}");
}

#[test]
fn mistakes_are_reported_together() {
    let found = mistakes("samples = 0, name = \"a b\", time = [1], tags = [], cache = hot", "fn f(&self) {}");
    assert_eq!(found.len(), 6, "{found:#?}");
}
