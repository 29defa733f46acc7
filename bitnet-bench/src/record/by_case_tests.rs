use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize, PartialEq)]
struct Head {
    run: String,
    #[serde(default)]
    last: f64,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Case {
    id: String,
    samples: Vec<f64>,
}

fn taken_by(piece: usize, text: &[u8]) -> Result<(Head, Vec<Case>), Unread> {
    let mut cases = Vec::new();
    let head = read(text, piece, |case| cases.push(case))?;
    Ok((head, cases))
}

fn taken(text: &[u8]) -> Result<(Head, Vec<Case>), Unread> {
    taken_by(PIECE, text)
}

fn refusal(text: &str) -> String {
    match taken(text.as_bytes()) {
        Err(Unread::Damaged(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

fn case(number: usize) -> String {
    format!(r#"{{"id":"c{number}","ignored":{{"a":[1.25,-3e-2,"\u00e4 ]}}"]}},"samples":[{number}.5,2]}}"#)
}

/// A document of three cases, with all that may be cut in two: names, escapes, letters of two bytes, numbers.
fn small() -> String {
    let cases: Vec<String> = (0..3).map(case).collect();
    format!(
        "{{ \"schema_version\": 1,\n \"run\":\"ä\", \"cases\": [{}] , \"other\":-1.5e3, \"last\":12.5}} \n",
        cases.join(", \n")
    )
}

#[test]
fn cases_are_taken_wherever_the_pieces_end() {
    let text = small();
    for piece in 1..=text.len() + 1 {
        let (head, cases) = taken_by(piece, text.as_bytes()).unwrap_or_else(|error| panic!("{piece}: {error:?}"));
        assert_eq!(head, Head { run: "ä".to_owned(), last: 12.5 });
        let expected = (0..3).map(|number| Case { id: format!("c{number}"), samples: vec![number as f64 + 0.5, 2.0] });
        assert_eq!(cases, expected.collect::<Vec<_>>(), "{piece}");
    }
}

#[test]
fn what_is_wrong_is_told_alike_wherever_the_pieces_end() {
    let text = small().replace("[2.5", "[x2.5");
    let told = format!("expected value at byte {}", text.find('x').unwrap() + 1);
    for piece in 1..=text.len() + 1 {
        match taken_by(piece, text.as_bytes()) {
            Err(Unread::Damaged(reason)) => assert_eq!(reason, told, "{piece}"),
            other => panic!("{piece}: {other:?}"),
        }
    }
}

#[test]
fn a_case_may_be_larger_than_a_piece() {
    let samples = vec!["1.5"; PIECE].join(",");
    let text = format!(r#"{{"schema_version":1,"run":"r","cases":[{{"id":"a","samples":[{samples}]}}]}}"#);
    let (_, cases) = taken(text.as_bytes()).unwrap();
    assert_eq!(cases[0].samples.len(), PIECE);
}

#[test]
fn what_is_damaged_is_told_with_its_place() {
    let whole = format!(r#"{{"schema_version":1,"run":"r","cases":[{},{}]}}"#, case(1), case(2));
    assert_eq!(taken(whole.as_bytes()).unwrap().1.len(), 2);
    // Cut off anywhere, it is never taken for a whole one.
    for length in 0..whole.len() {
        let reason = refusal(&whole[..length]);
        assert!(reason.contains("cut off") || reason.contains("byte"), "{length}: {reason}");
    }
    assert_eq!(refusal(&whole[..whole.len() - 2]), format!("it is cut off after {} bytes", whole.len() - 2));
    assert!(refusal(&whole.replace("\"id\":\"c2\",", "")).starts_with("missing field `id` at byte"));
    assert!(refusal(&format!("{whole} {{}}")).starts_with("something follows its end"));
    assert_eq!(refusal("[]"), "expected `{` at byte 0");
    assert_eq!(refusal(""), "it is cut off after 0 bytes");
    assert_eq!(refusal("{}"), "it has no `schema_version`");
    assert!(refusal(r#"{"schema_version":1}"#).starts_with("missing field `run`"));
    assert!(refusal("{\"schema_version\":1,\"cases\":{}}").starts_with("expected `[`"));
}

#[test]
fn a_newer_document_is_not_called_damaged() {
    let newer = r#"{"schema_version":999,"cases":["of another kind"]}"#;
    assert!(matches!(taken(newer.as_bytes()), Err(Unread::Newer(999))));
    let late = r#"{"cases":[],"schema_version":999}"#;
    assert!(matches!(taken(late.as_bytes()), Err(Unread::Newer(999))));
}
