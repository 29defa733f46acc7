//! safetensors, written byte by byte.

use super::*;

/// A file of that header and those data.
pub(super) fn file(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

/// Weights of every type that is read, one of a type that is not, and a vector.
pub(super) fn sample() -> Vec<u8> {
    let header = concat!(
        r#"{"__metadata__":{"format":"pt"},"b.half":{"dtype":"F16","shape":[1,2],"data_offsets":[24,28]},"#,
        r#""a.single":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"#,
        r#""c.brain":{"dtype":"BF16","shape":[2,1],"data_offsets":[28,32]},"#,
        r#""bias":{"dtype":"F32","shape":[1],"data_offsets":[32,36]},"#,
        r#""none":{"dtype":"F32","shape":[0,7],"data_offsets":[36,36]},"#,
        r#""ids":{"dtype":"I64","shape":[1,1],"data_offsets":[36,44]}}"#
    );
    let mut data: Vec<u8> = [1.0_f32, -2.5, 0.0, 1e-40, f32::MAX, 0.1].iter().flat_map(|v| v.to_le_bytes()).collect();
    data.extend([0x00, 0x3C, 0xFF, 0xFB]); // 1 and −65504, the least half
    data.extend([0x80, 0x3F, 0x40, 0xC0]); // 1 and −3
    data.extend([0; 12]);
    file(header, &data)
}

#[test]
fn every_type_is_read_in_the_order_of_the_file() {
    let expected = [
        ("a.single", [2, 3], "F32", vec![1.0, -2.5, 0.0, 1e-40, f32::MAX, 0.1]),
        ("b.half", [1, 2], "F16", vec![1.0, -65504.0]),
        ("c.brain", [2, 1], "BF16", vec![1.0, -3.0]),
        ("none", [0, 7], "F32", vec![]),
    ]
    .map(|(name, shape, stored, values)| (name.to_owned(), shape, stored, values));
    assert_eq!(load(&sample()).unwrap(), expected);
    assert_eq!(open("sample", &sample()).unwrap(), expected);
}

#[test]
fn weights_are_found_by_their_names() {
    let path = std::env::temp_dir().join(format!("bitnet-models-{}-names", std::process::id()));
    std::fs::write(&path, sample()).unwrap();
    let model = Model::open(&path).unwrap();
    let names = |part| model.select(part).unwrap().iter().map(|weight| weight.name()).collect::<Vec<_>>();

    assert_eq!(names(""), ["a.single", "b.half", "c.brain", "none"]);
    assert_eq!(names("."), ["a.single", "b.half", "c.brain"]);
    assert_eq!(names("half"), ["b.half"]);
    assert_eq!((model.weights().len(), model.path()), (4, path.as_path()));
    assert_eq!(model.weight("b.half").unwrap().stored_bytes(), 4);

    let none = model.select("q_proj").unwrap_err().to_string();
    assert!(none.contains("no weight is named like `q_proj`; there are `a.single`, `b.half`"), "{none}");
    for part in ["half", "id"] {
        assert!(matches!(model.weight(part).unwrap_err().problem(), Problem::NoMatch { .. }));
    }
    assert!(matches!(model.select("id").unwrap_err().problem(), Problem::Unreadable { .. }));
    let other = model.weight("ids").unwrap_err().to_string();
    assert!(other.contains("`ids` is stored as I64, which is not read"), "{other}");
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn damage_is_named_with_its_place() {
    let whole = sample();
    let cut = message(&whole[..whole.len() - 1]);
    assert!(cut.contains(&format!("at byte {}", whole.len() - 1)) && cut.contains("download it again"), "{cut}");
    assert!(message(&[&whole[..], &[0]].concat()).contains("the file ends, but not the last of the tensors"));
    assert!(message(&whole[..100]).contains("at byte 0, a header of"));
    assert!(message(&file("{\"a\": [}", &[])).contains("at byte 8, the header is wrong"));

    let mut bytes = file("{\"a\": \"\"}", &[]);
    bytes[15] = 0xFF;
    assert!(message(&bytes).contains("at byte 15, the header is not UTF-8"));

    let hole = r#"{"w":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}}"#;
    assert!(message(&file(hole, &[0; 8])).contains("tensor `w` does not start where"));
    let wrong = r#"{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,4]}}"#;
    assert!(matches!(load(&file(wrong, &[0; 4])), Err(Problem::Damaged { offset: 8, .. })));
    let huge = r#"{"w":{"dtype":"F32","shape":[18446744073709551615,2],"data_offsets":[0,4]}}"#;
    assert!(matches!(load(&file(huge, &[0; 4])), Err(Problem::Damaged { .. })));
}

#[test]
fn a_file_without_weights_is_refused() {
    let vector = r#"{"bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    assert!(message(&file(vector, &[0; 4])).contains("no tensor of two dimensions among its 1"));
    assert!(matches!(load(&file("{}", &[])), Err(Problem::NoWeights { tensors: 0 })));
    let double = r#"{"w":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]}}"#;
    assert!(message(&file(double, &[0; 8])).contains("tensor `w` is stored as F64"));
}
