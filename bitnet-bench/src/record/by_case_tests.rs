use std::io::Read;

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

/// A text that comes a few bytes at a time, as from a pipe.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.len().min(buffer.len()).min(7);
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn taken(text: &[u8]) -> Result<(Head, Vec<Case>), Unread> {
    let mut cases = Vec::new();
    let head = read(Trickle(text), |case| cases.push(case))?;
    Ok((head, cases))
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

#[test]
fn cases_are_taken_wherever_the_pieces_end() {
    // Pieces of a megabyte end in the midst of a name, an escape, a number.
    let cases: Vec<String> = (0..40_000).map(case).collect();
    let text =
        format!("{{ \"schema_version\": 1,\n \"run\":\"r\", \"cases\": [{}] , \"last\":12.5}} \n", cases.join(", \n"));
    assert!(text.len() > 2 * PIECE);
    let (head, cases) = taken(text.as_bytes()).unwrap();
    assert_eq!(head, Head { run: "r".to_owned(), last: 12.5 });
    assert_eq!(cases.len(), 40_000);
    for (number, case) in cases.iter().enumerate() {
        assert_eq!(*case, Case { id: format!("c{number}"), samples: vec![number as f64 + 0.5, 2.0] });
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
    let odd = whole.replace("[2.5", "\n[2.5 x");
    let place = odd.find('x').unwrap() + 1;
    assert_eq!(refusal(&odd), format!("expected `,` or `]` at byte {place}"));
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
