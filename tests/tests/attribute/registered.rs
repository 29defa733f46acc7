//! What else the attributes register: names, groups, tags, settings, reasons and places.

use bitnet_bench::{bitnet_bench, bitnet_bench_group};

use super::{cases_of, registry};

#[bitnet_bench(
    group = "registered",
    name = "full",
    tags = [kernel, "two words"],
    samples = 20,
    launches = 5,
    warmup = "10ms",
    time = 0.5,
    precision = 0.02,
    confidence = 0.9,
    outliers = remove_severe,
    cache = cold,
    cores = 2,
    timeout = 10,
    iterations = 100,
    warmup_iterations = 0,
    seed = 7,
    ignore = "slow"
)]
fn named_otherwise() {}

#[test]
fn options_are_registered() {
    let cases = cases_of("registered");
    let [case] = &cases[..] else { panic!("{cases:?}") };
    assert_eq!(case.id(), "registered/full@cpu");
    assert_eq!(case.tags().collect::<Vec<_>>(), ["kernel", "two words"]);
    assert_eq!(case.ignored(), Some("slow"));
    assert_eq!((case.source().module, case.source().file), (module_path!(), file!()));
    let settings: Vec<_> = case.overrides().values().iter().map(|(key, value)| format!("{key}={value}")).collect();
    let expected = "samples=20 launches=5 warmup=10ms time=0.5 precision=0.02 confidence=0.9 outliers=remove-severe \
                    cache=cold cores=2 timeout=10 iterations=100 warmup_iterations=0 seed=7";
    assert_eq!(settings.join(" "), expected);
}

#[bitnet_bench_group("a/group", tags = [slow], devices = [cpu], threads = [1, 2], samples = 3, ignore)]
mod grouped {
    use bitnet_bench::bitnet_bench;

    #[bitnet_bench]
    fn first() {}

    pub(super) mod deeper {
        use bitnet_bench::bitnet_bench;

        #[bitnet_bench(threads = [4], tags = [deep])]
        fn second() {}
    }
}

#[bitnet_bench_group]
mod named_by_itself {
    use bitnet_bench::bitnet_bench;

    #[bitnet_bench]
    fn third() {}
}

#[test]
fn a_group_lends_its_benchmarks_what_they_lack() {
    let cases = cases_of("a/group");
    let ids: Vec<_> = cases.iter().map(|case| case.id()).collect();
    assert_eq!(ids, ["a/group/first[threads=1]@cpu", "a/group/first[threads=2]@cpu", "a/group/second[threads=4]@cpu"]);
    assert_eq!(cases[2].tags().collect::<Vec<_>>(), ["deep", "slow"]);
    assert!(cases.iter().all(|case| case.ignored() == Some("")));
    let (overrides, source) = cases[0].group_overrides().expect("the group is found");
    assert_eq!(overrides.values(), [("samples", "3".to_owned())]);
    assert_eq!(source.module, concat!(module_path!(), "::grouped"));
    assert_eq!(cases_of("named_by_itself").len(), 1);
}

#[bitnet_bench]
fn ungrouped() {}

#[test]
fn without_a_group_the_module_is_the_group() {
    assert!(registry().find("attribute/registered/ungrouped@cpu").is_some());
}
