//! Sniffing against files of which the truth is known: corpora of others, and files made here by a
//! seeded generator after the kinds of pollution that the Pollock benchmark names (Vitagliano et
//! al., "Pollock: A Data Loading Benchmark", VLDB 2023).
//!
//! Corpora are looked for in `$PARDOX_CORPORA`, or beside the repository in `../shared/corpora`; a
//! test without its corpus says so and passes. `cargo test -p pardox-engine --test csv_sniff --
//! --nocapture` prints what was found beside what is true.

mod sniff_support;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pardox_engine::column::{Frame, Scalar};
use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::error::{Error, ErrorKind};
use pardox_engine::format::csv::sniff::{Given, Sniffed, sniff_bytes};
use pardox_engine::plan::document::{self, Params};
use serde_json::{Value, json};
use sniff_support::{Made, Random, make, pollutions};

fn sniff(bytes: &[u8]) -> Sniffed {
    sniff_bytes(bytes, &Given::default())
}

fn corpus(name: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora");
    let root = std::env::var("PARDOX_CORPORA").unwrap_or_else(|_| beside.to_owned());
    let path = PathBuf::from(root).join(name);
    if !path.is_dir() {
        println!("skipped: no corpus at {} (set PARDOX_CORPORA)", path.display());
        return None;
    }
    Some(path)
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).expect("listed");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("read").path()).collect();
    files.sort();
    files
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("read")).expect("JSON")
}

fn quote_text(quote: Option<u8>) -> String {
    quote.map_or("none".to_owned(), |quote| char::from(quote).to_string())
}

#[test]
fn pollock_dialects_are_found() {
    let Some(corpus) = corpus("pollock-style-sample") else { return };
    println!("{:44} {:22} found", "file: delimiter quote escape header skip", "true");
    let (mut hits, mut count) = (0, 0);
    for path in files(&corpus.join("csv")) {
        let name = path.file_name().expect("a name").to_str().expect("UTF-8");
        let truth = json(&corpus.join(format!("parameters/{name}_parameters.json")));
        let (quote, escape) = (&truth["quotechar"], &truth["escapechar"]);
        let escape = if quote == escape { "doubled" } else { escape.as_str().expect("text") };
        let expected = format!(
            "{:?} {} {escape} {} {}",
            truth["delimiter"].as_str().expect("text"),
            quote.as_str().expect("text"),
            truth["header_lines"] != 0,
            truth["preamble_lines"],
        );
        let found = sniff(&std::fs::read(&path).expect("read"));
        let escape = found.escape.map_or("doubled".to_owned(), |byte| char::from(byte).to_string());
        let shown = format!(
            "{:?} {} {escape} {} {}",
            found.delimiter,
            quote_text(found.quote),
            found.header,
            found.skip_lines
        );
        let is_hit =
            shown == expected && found.columns == truth["n_columns"].as_u64().expect("count");
        println!(
            "{name:44} {expected:22} {shown:22} {} {:.2} {}",
            if is_hit { "ok  " } else { "MISS" },
            found.confidence,
            found.doubt.unwrap_or_default()
        );
        hits += usize::from(is_hit);
        count += 1;
    }
    println!("pollock-style-sample: {hits} of {count}");
    assert_eq!(hits, count);
}

#[test]
fn duckdb_dialects_are_found() {
    let Some(corpus) = corpus("duckdb-csv") else { return };
    let (mut hits, mut headers, mut count) = (0, 0, 0);
    for path in files(&corpus.join("csv")) {
        let name = path.file_name().expect("a name").to_str().expect("UTF-8");
        let truth = json(&corpus.join(format!("expected/{name}.json")));
        let expected = (truth["delimiter"].as_str().expect("text"), truth["quote"].as_str());
        let found = sniff(&std::fs::read(&path).expect("read"));
        let quote = quote_text(found.quote);
        let is_hit = (found.delimiter.as_str(), Some(quote.as_str())) == expected
            && found.skip_lines == 0
            && found.columns == truth["rows"][0].as_array().expect("cells").len() as u64;
        // Without a header DuckDB names columns itself.
        let first = truth["duckdb_sniffed"][0][0].as_str().expect("a name");
        let header = !matches!(first, "column0" | "column00");
        if !is_hit || header != found.header {
            let rows: Vec<_> = truth["rows"].as_array().expect("rows").iter().take(2).collect();
            println!("{name}: expected {expected:?} header {header}, found {found:?}: {rows:?}");
        }
        hits += usize::from(is_hit);
        headers += usize::from(header == found.header);
        count += 1;
    }
    println!(
        "duckdb-csv: delimiter, quote and columns {hits} of {count}; header as DuckDB {headers}"
    );
    assert_eq!(hits, count);
}

#[test]
fn spectrum_dialects_are_found() {
    let Some(corpus) = corpus("csv-spectrum") else { return };
    let (mut hits, mut count) = (0, 0);
    for path in files(&corpus.join("csvs")) {
        let found = sniff(&std::fs::read(&path).expect("read"));
        let shown = (found.delimiter.as_str(), found.quote, found.header, found.skip_lines);
        let is_hit = shown == (",", Some(b'"'), true, 0) && found.escape.is_none();
        if !is_hit {
            println!("{}: {found:?}", path.display());
        }
        hits += usize::from(is_hit);
        count += 1;
    }
    println!("csv-spectrum: {hits} of {count}");
    assert_eq!(hits, count);
}

#[test]
fn made_files_are_read_as_they_were_made() {
    let seeds = 40;
    let (mut hits_all, mut count_all, mut misses_shown) = (0, 0, 0);
    let mut slowest = (Duration::ZERO, 0);
    println!("{:28} hits", "pollution");
    for pollution in pollutions() {
        let mut hits = 0;
        for seed in 0..seeds {
            let made = make(pollution, &mut Random::new(seed * 7919 + 1));
            let start = Instant::now();
            let found = sniff(&made.bytes);
            slowest = slowest.max((start.elapsed(), made.bytes.len()));
            match difference(&made, &found) {
                None => hits += 1,
                Some(text) if misses_shown < 60 => {
                    misses_shown += 1;
                    let start = &made.bytes[..made.bytes.len().min(160)];
                    println!("  {pollution} {seed}: {text}; doubt {:?}", found.doubt);
                    println!("    {:?}", String::from_utf8_lossy(start));
                }
                Some(_) => {}
            }
        }
        println!("{pollution:28} {hits} of {seeds}");
        hits_all += hits;
        count_all += seeds;
    }
    println!("made files: {hits_all} of {count_all}");
    println!("slowest: {:?} for {} bytes", slowest.0, slowest.1);
    assert!(hits_all * 100 >= count_all * 97, "{hits_all} of {count_all}");
}

/// A file of this test, gone with it.
struct File(String);

impl File {
    fn new(name: &str, bytes: &[u8]) -> File {
        let name = format!("pardox-sniff-{}-{name}.csv", std::process::id());
        let path = std::env::temp_dir().join(name).to_str().expect("UTF-8").to_owned();
        std::fs::write(&path, bytes).expect("written");
        File(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // Gone or not, the test has its answer.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn ask(plan: &Value) -> Result<Frame, Error> {
    let text = json!({"schema": 1, "engine": "0.1", "plan": plan}).to_string();
    let document = document::parse(&text)?;
    engine::run(&document, &[], &Params::new(), &Context::default())
}

fn row(frame: &Frame) -> Vec<Scalar> {
    let columns = 0..frame.schema().len();
    columns.map(|index| frame.column(index).expect("in memory")[0].scalar(0)).collect()
}

#[test]
fn answer_is_one_row_of_options() {
    let file = File::new("answer", b"Report\n\nid;price\n1;1.234,50\n2;12,5\n");
    let frame = ask(&json!({"sniff_csv": {"path": file.0}})).expect("sniffed");
    let text = |text: &str| Scalar::Utf8(text.to_owned());
    let names: Vec<&str> =
        frame.schema().columns().iter().map(|column| column.name.as_str()).collect();
    assert_eq!(
        names.join(" "),
        "delimiter quote escape comment skip_lines header encoding decimal thousands date_order \
         trim columns confidence doubt"
    );
    let expected = vec![
        text(";"),
        text("\""),
        Scalar::Null,
        Scalar::Null,
        Scalar::Int64(2),
        Scalar::Bool(true),
        text("utf-8"),
        text(","),
        text("."),
        text("ymd"),
        Scalar::Bool(false),
        Scalar::Int64(2),
        Scalar::Float64(1.0),
        Scalar::Null,
    ];
    assert_eq!(row(&frame), expected);

    let options = json!({"header": false, "quote": null, "skip_lines": 3});
    let known = ask(&json!({"sniff_csv": {"path": file.0, "options": options}}));
    match known {
        Ok(frame) => {
            let found = row(&frame);
            assert_eq!(found[1], Scalar::Null);
            assert_eq!((&found[4], &found[5]), (&Scalar::Int64(3), &Scalar::Bool(false)));
        }
        Err(error) => assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}"),
    }
    let missing = ask(&json!({"sniff_csv": {"path": "/nowhere/at/all.csv"}}));
    assert_eq!(missing.expect_err("no such file").kind(), ErrorKind::NotFound);
}

#[test]
fn answer_is_a_table_like_others() {
    let file = File::new("table", b"a|b\n1|2\n");
    let plan = json!({"sql": {
        "query": "select delimiter, columns + 1 as more from s where header",
        "tables": {"s": {"sniff_csv": {"path": file.0}}},
    }});
    let frame = ask(&plan).expect("asked");
    assert_eq!(row(&frame), [Scalar::Utf8("|".to_owned()), Scalar::Int64(3)]);
}

#[test]
fn reader_fills_options_that_are_not_sent() {
    let file = File::new("reader", b"id;name\n1;'a;b'\n2;'c'\n");
    let read = |options: Value| ask(&json!({"scan_csv": {"path": file.0, "options": options}}));
    let frame = read(json!({"dialect": "sniff"})).expect("read");
    let told = read(json!({"delimiter": ";", "quote": "'"})).expect("read");
    assert_eq!(row(&frame), [Scalar::Int64(1), Scalar::Utf8("a;b".to_owned())]);
    assert_eq!(frame.schema(), told.schema());
    assert_eq!(frame.row_count(), 2);
    let own = read(json!({"dialect": "sniff", "delimiter": ",", "header": false})).expect("read");
    assert_eq!((own.schema().len(), own.row_count()), (1, 3));
    let selected = json!({"select": {
        "input": {"scan_csv": {"path": file.0, "options": {"dialect": "sniff"}}},
        "columns": [{"text": "name"}],
    }});
    let frame = ask(&selected).expect("selected");
    assert_eq!(row(&frame), [Scalar::Utf8("a;b".to_owned())]);
}

/// What was found otherwise than it was made.
fn difference(made: &Made, found: &Sniffed) -> Option<String> {
    let mut all = Vec::new();
    let mut check = |what: &str, made: String, found: String| {
        if made != found {
            all.push(format!("{what} {made} read as {found}"));
        }
    };
    check("delimiter", format!("{:?}", made.delimiter), format!("{:?}", found.delimiter));
    check("quote", quote_text(made.quote), quote_text(found.quote));
    check("escape", format!("{:?}", made.escape), format!("{:?}", found.escape));
    check("comment", format!("{:?}", made.comment), format!("{:?}", found.comment));
    check("skip_lines", made.skip_lines.to_string(), found.skip_lines.to_string());
    check("header", made.header.to_string(), found.header.to_string());
    check("encoding", made.encoding.to_owned(), found.encoding.clone());
    check("decimal", made.decimal.to_string(), found.decimal.to_string());
    check("thousands", format!("{:?}", made.thousands), format!("{:?}", found.thousands));
    if let Some(order) = made.date_order {
        check("date_order", order.to_owned(), format!("{:?}", found.date_order).to_lowercase());
    }
    (!all.is_empty()).then(|| all.join(", "))
}
