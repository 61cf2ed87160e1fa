//! The files of the corpus pollock-style-sample, read with the dialect that their parameters give:
//! every one loads, and every row that can be repaired is right.

use std::path::{Path, PathBuf};

use pardox_engine::column::{Frame, Scalar};
use pardox_engine::context::Context;
use pardox_engine::format::csv::{CsvReadOptions, Policy, read_csv};

/// The corpus, or a plain word that it is not there.
fn corpus() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora");
    let root = std::env::var("PARDOX_CORPORA").unwrap_or_else(|_| beside.to_owned());
    let path = PathBuf::from(root).join("pollock-style-sample");
    if !path.is_dir() {
        println!("skipped: no corpus at {} (set PARDOX_CORPORA)", path.display());
        return None;
    }
    Some(path)
}

/// What the loader is told.
fn options(parameters: &Path) -> CsvReadOptions {
    let text = std::fs::read_to_string(parameters).expect("read");
    let told: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let byte = |key: &str| told[key].as_str().expect("text").as_bytes()[0];
    let count = |key: &str| told[key].as_u64().expect("a count");
    let (quote, escape) = (byte("quotechar"), byte("escapechar"));
    let names: Vec<String> =
        serde_json::from_value(told["column_names"].clone()).expect("a list of names");
    CsvReadOptions {
        delimiter: told["delimiter"].as_str().expect("text").to_owned(),
        quote: Some(quote),
        escape: (escape != quote).then_some(escape),
        // The names are told; a header of several lines is part of what is skipped.
        header: false,
        skip_lines: count("preamble_lines") + count("header_lines"),
        column_names: (!names.is_empty()).then_some(names),
        text_columns: if count("n_columns") > 0 { vec!["*".to_owned()] } else { Vec::new() },
        // Records of a second table, and those that lost a delimiter, are none of this table.
        on_short: Policy::Quarantine,
        on_long: Policy::Quarantine,
        on_bad_quote: Policy::Repair,
        on_bad_encoding: Policy::Replace,
        ..Default::default()
    }
}

fn rows(frame: &Frame) -> Vec<Vec<String>> {
    let columns: Vec<Vec<Scalar>> = (0..frame.schema().len())
        .map(|index| {
            let arrays = frame.column(index).expect("in memory");
            let cells = arrays.iter().flat_map(|a| (0..a.len()).map(|row| a.scalar(row)));
            cells.collect()
        })
        .collect();
    let cell = |value: &Scalar| match value {
        Scalar::Null => String::new(),
        Scalar::Utf8(text) => text.clone(),
        other => panic!("expected text, found {other:?}"),
    };
    let row = |row: usize| columns.iter().map(|column| cell(&column[row])).collect();
    (0..frame.row_count()).map(row).collect()
}

/// Rows that no reader can repair, by file: their positions. They are set aside.
fn unrepairable(name: &str) -> &'static [usize] {
    match name {
        // A delimiter between two fields is lost.
        "row_less_sep_row3_col4.csv" => &[2],
        // A delimiter too many: every field behind it is in the wrong place.
        "row_more_sep_row3_col2.csv" => &[2],
        // The delimiters of one record are blanks.
        "row_field_delimiter_5_0x20.csv" => &[4],
        _ => &[],
    }
}

#[test]
fn every_file_loads_and_every_repairable_row_is_right() {
    let Some(root) = corpus() else { return };
    let mut names: Vec<String> = std::fs::read_dir(root.join("csv"))
        .expect("listed")
        .map(|entry| entry.expect("read").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    let mut right = 0;
    for name in &names {
        let options = options(&root.join("parameters").join(format!("{name}_parameters.json")));
        let file = root.join("csv").join(name);
        let frame = read_csv(file.to_str().expect("UTF-8"), &options, &Context::default());
        let frame = frame.unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = rows(&frame);
        let clean = root.join("clean").join(name);
        let has_header = options.column_names.is_some();
        if std::fs::metadata(&clean).expect("there").len() == 0 {
            assert_eq!((found.len(), frame.schema().len()), (0, 0), "{name}");
            right += 1;
            continue;
        }
        let plain = CsvReadOptions {
            header: has_header,
            text_columns: vec!["*".to_owned()],
            ..Default::default()
        };
        let clean = read_csv(clean.to_str().expect("UTF-8"), &plain, &Context::default());
        let clean = clean.expect("clean");
        let expected = rows(&clean);
        assert_eq!(frame.schema().len(), clean.schema().len(), "{name}");
        let kept = (0..expected.len()).filter(|index| !unrepairable(name).contains(index));
        let kept: Vec<Vec<String>> = kept.map(|index| expected[index].clone()).collect();
        assert_eq!(found, kept, "{name}");
        // What is not in the table is in the quarantine, record by record.
        let set_aside = frame.faults().map_or(0, |faults| faults.quarantine.row_count());
        let second_table = if name == "file_multitable_less.csv" { 12 } else { 0 };
        assert_eq!(set_aside, unrepairable(name).len() + second_table, "{name}");
        right += 1;
    }
    println!("pollock-style-sample: {right} of 22 files");
    assert_eq!((names.len(), right), (22, 22));
}
