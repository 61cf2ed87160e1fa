//! Reading documents: strict, bounded, and for ever.

mod plan_support;

use pardox_engine::error::ErrorKind;
use pardox_engine::limits::DOCUMENT_DEPTH_MAX;
use pardox_engine::plan::document;
use plan_support::*;
use serde_json::{Value, json};

fn refused(text: &str, kind: ErrorKind, words: &str) {
    let error = document::parse(text).expect_err(text);
    assert_eq!(error.kind(), kind, "{error}\n{text}");
    let message = error.to_string();
    assert!(message.contains(words), "expected {words:?} in {message:?}");
}

fn whole(plan: &str) -> String {
    format!(r#"{{"schema":1,"engine":"0.1","plan":{plan}}}"#)
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    use ErrorKind::{InvalidOption, InvalidPlan, UnsupportedVersion};
    let frame = r#"{"frame":{"index":0}}"#;
    let filter = |predicate: &str| {
        whole(&format!(r#"{{"filter":{{"input":{frame},"predicate":{predicate}}}}}"#))
    };
    let scan =
        |options: &str| whole(&format!(r#"{{"scan_csv":{{"path":"x","options":{options}}}}}"#));
    for (text, kind, words) in [
        (whole(r#"{"fliter":{}}"#), InvalidPlan, "unknown name \"fliter\" at plan"),
        (whole(r#"{"fliter":{}}"#), InvalidPlan, "did you mean \"filter\"?"),
        (
            whole(r#"{"frame":{"index":0,"extra":1}}"#),
            InvalidPlan,
            "unknown field \"extra\" at plan.frame",
        ),
        (whole(r#"{"frame":{}}"#), InvalidPlan, "missing field \"index\" at plan.frame"),
        (whole(r#"{"frame":{"index":-1}}"#), InvalidPlan, "at plan.frame.index"),
        (whole(r#"{"frame":{"index":1.5}}"#), InvalidPlan, "at plan.frame.index"),
        (whole(r#"{"frame":{"index":0,"index":1}}"#), InvalidPlan, "duplicate field"),
        (filter(r#"{"cal":{}}"#), InvalidPlan, "unknown name \"cal\" at plan.filter.predicate"),
        (
            filter(r#"{"call":{"function":"not","arg":[]}}"#),
            InvalidPlan,
            "unknown field \"arg\" at plan.filter.predicate.call.arg",
        ),
        (filter(r#"{"lit":{"int64":3}}"#), InvalidPlan, "at plan.filter.predicate.lit"),
        (filter(r#"{"lit":{"imt64":"3"}}"#), InvalidPlan, "did you mean \"int64\"?"),
        (
            scan(r#"{"delimeter":";"}"#),
            InvalidOption,
            "unknown field \"delimeter\" at plan.scan_csv.options",
        ),
        (scan(r#"{"delimeter":";"}"#), InvalidOption, "did you mean \"delimiter\"?"),
        (scan(r#"{"header":"yes"}"#), InvalidOption, "at plan.scan_csv.options.header"),
        (scan(r#"{"schema":{"a":"utf8","a":"int64"}}"#), InvalidOption, "duplicate key \"a\""),
        (
            whole(&format!(r#"{{"sql":{{"query":"","tables":{{"t":{frame},"t":{frame}}}}}}}"#)),
            InvalidPlan,
            "duplicate key \"t\"",
        ),
        (
            r#"{"schema":2,"engine":"0.1","plan":{"new":{}}}"#.to_owned(),
            UnsupportedVersion,
            "expected document schema 1, found 2",
        ),
        (
            r#"{"schema":1,"engine":"99.0","plan":{"new":{}}}"#.to_owned(),
            UnsupportedVersion,
            "found one for 99.0; update the library",
        ),
        (
            r#"{"schema":1,"engine":"one","plan":{"new":{}}}"#.to_owned(),
            InvalidPlan,
            "an engine version as major.minor",
        ),
        (
            format!(r#"{{"schema":1,"engine":"0.1","plan":{frame},"note":1}}"#),
            InvalidPlan,
            "unknown field \"note\"",
        ),
        (format!(r#"{{"engine":"0.1","plan":{frame}}}"#), InvalidPlan, "missing field \"schema\""),
        (format!("{} x", whole(frame)), InvalidPlan, "trailing characters"),
        (String::new(), InvalidPlan, "EOF while parsing"),
        ("[".to_owned(), InvalidPlan, "EOF while parsing"),
        ("nul".to_owned(), InvalidPlan, ""),
        ("\"\u{0}\"".to_owned(), InvalidPlan, ""),
    ] {
        refused(&text, kind, words);
    }
}

#[test]
fn errors_point_at_the_byte() {
    let text = "{\"schema\":1,\"engine\":\"0.1\",\n \"plan\":{\"fliter\":{}}}";
    let error = document::parse(text).expect_err("no such step");
    assert_eq!(error.location().line, Some(2));
    let offset = error.location().byte_offset.expect("the reader knows where it stands");
    let near = text.find("fliter").expect("it is there");
    assert!((near..near + 10).contains(&(offset as usize)), "{offset}");
}

#[test]
fn truncation_is_an_error_at_every_byte() {
    let text = whole(&filter(frame(0), call("gt", &[col("é"), int(1)])).to_string());
    document::parse(&text).expect("the whole");
    for (offset, _) in text.char_indices() {
        let error = document::parse(&text[..offset]).expect_err("a part");
        assert_eq!(error.kind(), ErrorKind::InvalidPlan, "{offset}");
    }
}

#[test]
fn parameters_are_read_strictly() {
    let params = document::parse_params(r#"{"a":{"int64":"1"},"b":"null"}"#).expect("two values");
    assert_eq!(params.len(), 2);
    assert!(document::parse_params("").expect("none").is_empty());
    assert!(document::parse_params(" {} ").expect("none").is_empty());
    for text in [r#"{"a":1}"#, r#"{"a":"null","a":"null"}"#, "[]", "{", r#"{"a":{"int":"1"}}"#] {
        let error = document::parse_params(text).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::InvalidPlan, "{error}");
    }
}

fn deep(count: usize) -> Vec<(&'static str, String)> {
    let chain = |open: &str, core: &str, close: &str| {
        format!("{}{core}{}", open.repeat(count), close.repeat(count))
    };
    let predicate = |expression: String| {
        whole(&format!(
            r#"{{"filter":{{"input":{{"frame":{{"index":0}}}},"predicate":{expression}}}}}"#
        ))
    };
    vec![
        ("steps", whole(&chain(r#"{"describe":{"input":"#, r#"{"frame":{"index":0}}"#, "}}"))),
        ("casts", predicate(chain(r#"{"cast":{"to":"bool","input":"#, r#"{"col":"late"}"#, "}}"))),
        (
            "calls",
            predicate(chain(r#"{"call":{"function":"not","args":["#, r#"{"col":"late"}"#, "]}}")),
        ),
    ]
}

#[test]
fn depth_is_bounded_and_a_small_stack_is_enough() {
    let work = || {
        for (what, text) in deep(DOCUMENT_DEPTH_MAX) {
            let error = document::parse(&text).expect_err(what);
            assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{what}");
        }
        refused(&"[".repeat(1 << 20), ErrorKind::LimitExceeded, "nests more than");
        // The deepest that pass: parsed, written, resolved, explained and dropped here.
        for (count, kinds) in [(660, "steps casts calls"), (990, "steps casts")] {
            for (what, text) in deep(count) {
                if !kinds.contains(what) {
                    continue;
                }
                let document = document::parse(&text).expect(what);
                let again = document::to_json(&document).expect(what);
                assert!(again.len() > text.len() / 2);
                let context = pardox_engine::context::Context::default();
                let none = document::Params::new();
                let frames = frames();
                pardox_engine::engine::schema(&document, &frames, &none, &context).expect(what);
                pardox_engine::engine::explain(&document, &frames, &none, &context).expect(what);
                pardox_engine::engine::canonical(&document, &frames, &context).expect(what);
            }
        }
    };
    let small = std::thread::Builder::new().stack_size(256 << 10).spawn(work).expect("a thread");
    small.join().expect("no overflow");
}

#[test]
fn size_is_bounded() {
    let text = whole(&format!("\"{}\"", "x".repeat(64 << 20)));
    refused(&text, ErrorKind::LimitExceeded, "a document of at most");
}

#[test]
fn canonical_text_has_no_blanks_and_one_order() {
    let spread = r#" { "plan" : { "limit" : { "count" : 3 , "input" : { "frame" : { "index" : 0 } } } } ,
        "engine" : "0.1" , "schema" : 1 } "#;
    let document = document::parse(spread).expect("blanks are allowed on the way in");
    let text = document::to_json(&document).expect("a shallow tree");
    assert_eq!(
        text,
        r#"{"schema":1,"engine":"0.1","plan":{"limit":{"input":{"frame":{"index":0}},"offset":0,"count":3}}}"#
    );
    assert_eq!(document::parse(&text).expect("its own text"), document);
}

/// Every file in `golden/plan` was written once by hand and must parse for ever.
#[test]
fn golden_documents_parse_for_ever() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/plan");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is in the repository") {
        let path = entry.expect("a readable entry").path();
        let text = std::fs::read_to_string(&path).expect("a text file");
        let document = document::parse(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        // Nothing is lost on the way through: every value of the file is in the canonical text.
        let again = document::to_json(&document).expect("a shallow tree");
        let before: Value = serde_json::from_str(&text).expect("JSON");
        let after: Value = serde_json::from_str(&again).expect("JSON");
        assert!(holds(&after, &before), "{path:?}\n{before}\n{after}");
        count += 1;
    }
    assert!(count >= 4, "found {count}");
}

/// Whether every field of `part` is in `whole`, which may have defaults besides.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|found| holds(found, value)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(a, b)| holds(a, b))
        }
        _ => whole == part,
    }
}

#[test]
fn literals_take_one_form() {
    let of = |literal: Value| select(frame(0), &[named("x", json!({ "lit": literal }))]);
    for (literal, form) in [
        (json!({"int64": "-007"}), r#"{"int64":"-7"}"#),
        (json!({"float64": "1e2"}), r#"{"float64":"100.0"}"#),
        (json!({"float64": "1e300"}), r#"{"float64":"1e300"}"#),
        (json!({"float64": "-0"}), r#"{"float64":"-0.0"}"#),
        (
            json!({"timestamp": "2013-01-01 05:15:00.500"}),
            r#"{"timestamp":"2013-01-01T05:15:00.500000"}"#,
        ),
    ] {
        let text = canonical(&of(literal)).expect("a value of its type");
        assert!(text.contains(form), "{text}");
    }
    for literal in [
        json!({"int64": "9223372036854775808"}),
        json!({"int64": "1.0"}),
        json!({"float64": "1e400"}),
        json!({"date": "2013-02-29"}),
        json!({"timestamp": "2013-01-01T25:00:00"}),
    ] {
        let error = canonical(&of(literal)).expect_err("no value of its type");
        assert_eq!(error.kind(), ErrorKind::InvalidPlan, "{error}");
    }
}
