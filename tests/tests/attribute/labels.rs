//! The cases that axes make, and what they are called.

use bitnet_bench::{Bencher, Device, bitnet_bench};

use super::{cases_of, ids_of, test};

const SIZES: &[usize] = &[1, 2];

#[bitnet_bench(group = "labels", sizes = SIZES, bits = [1.58, 2.0], inputs = zeros)]
fn product(values: &[u8], bits: f32) -> f32 {
    f32::from(values[0]) * bits
}

fn zeros(size: usize) -> Vec<u8> {
    vec![0; size]
}

#[test]
fn the_cases_are_the_product_of_the_axes() {
    let ids = ids_of("labels", "product");
    assert_eq!(
        ids,
        [
            "product[size=1,bits=1.58]",
            "product[size=1,bits=2.0]",
            "product[size=2,bits=1.58]",
            "product[size=2,bits=2.0]"
        ]
    );
}

#[bitnet_bench(
    group = "labels",
    sizes = [[2, 3], [4, 5]],
    mode = [Mode::Fast, Mode::Exact { digits: 3 }],
    skip_if = |mode, size| mode == Mode::Fast && size[0] == 4,
    bytes = |size| size.iter().product::<usize>(),
    items = 5_000_000_000,
    flops = |mode| if mode == Mode::Fast { return 0.5 } else { 1.5 },
)]
fn shapes(size: [usize; 2], mode: Mode) -> usize {
    size[0] * usize::from(mode == Mode::Fast)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Fast,
    Exact { digits: u8 },
}

#[test]
fn points_are_skipped_and_amounts_follow_the_axes() {
    let cases: Vec<_> = cases_of("labels").into_iter().filter(|case| case.name() == "shapes").collect();
    let ids: Vec<_> = cases.iter().map(|case| case.id()).collect();
    assert_eq!(
        ids,
        [
            "labels/shapes[size=2x3,mode=Exact{digits:3}]@cpu",
            "labels/shapes[size=2x3,mode=Fast]@cpu",
            "labels/shapes[size=4x5,mode=Exact{digits:3}]@cpu"
        ]
    );
    let amounts: Vec<Vec<_>> = cases.iter().map(|case| case.amounts().map(|(_, of)| of).collect()).collect();
    assert_eq!(amounts, [[6.0, 5e9, 1.5], [6.0, 5e9, 0.5], [20.0, 5e9, 1.5]]);
}

#[bitnet_bench(
    group = "labels",
    T = [f32, [u8; 3], std::vec::Vec<u8>],
    N = [1, 2],
    inputs = || vec![T::default(); N],
    bytes = size_of::<T>() * N,
    skip_if = || size_of::<T>() == 4 && N == 2,
    check = |out, inputs| *out == size_of::<T>() * N && inputs.len() == N,
)]
fn monomorphised<T: Clone + Default, const N: usize>(values: &[T]) -> usize {
    size_of_val(values)
}

#[test]
fn generic_functions_are_cases_by_type_and_constant() {
    let cases: Vec<_> = cases_of("labels").into_iter().filter(|case| case.name() == "monomorphised").collect();
    let seen: Vec<_> = cases
        .iter()
        .map(|case| {
            (
                case.labels().map(|(_, label)| label).collect::<Vec<_>>().join(" "),
                case.amounts().map(|(_, of)| of).sum::<f64>(),
            )
        })
        .collect();
    let expected = [
        (".u8;3. 1", 3.0),
        (".u8;3. 2", 6.0),
        ("f32 1", 4.0),
        ("std::vec::Vec<u8> 1", 24.0),
        ("std::vec::Vec<u8> 2", 48.0),
    ];
    let seen: Vec<_> = seen.iter().map(|(labels, bytes)| (labels.as_str(), *bytes)).collect();
    assert_eq!(seen, expected);
    for case in &cases {
        assert_eq!(test(case), Ok(()), "{}", case.id());
    }
}

#[bitnet_bench(group = "labels", devices = [cpu, "npu-0"], threads = [1, 2])]
fn devices(b: &mut Bencher, device: &Device, threads: usize) {
    assert_eq!((b.device().name(), b.threads()), (device.name(), threads));
    b.iter(|| ());
}

#[test]
fn devices_and_threads_are_axes() {
    let cases: Vec<_> = cases_of("labels").into_iter().filter(|case| case.name() == "devices").collect();
    let ids: Vec<_> = cases.iter().map(|case| case.id()).collect();
    let expected = [
        "labels/devices[threads=1]@cpu",
        "labels/devices[threads=1]@npu-0",
        "labels/devices[threads=2]@cpu",
        "labels/devices[threads=2]@npu-0",
    ];
    assert_eq!(ids, expected);
    assert_eq!(test(&cases[2]), Ok(()));
}
