//! Files read in windows while the question runs, against the same questions over files read whole:
//! answers, types, errors and written files are the same, wherever the windows are cut.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use pardox_engine::column::{DataType, Frame, Scalar};
use pardox_engine::context::Context;
use pardox_engine::engine::{self, SystemFiles};
use pardox_engine::error::{ErrorKind, Result};
use pardox_engine::format::prdx::open_prdx;
use pardox_engine::plan::document::{self, Params};
use serde_json::{Value, json};

/// A directory of this test's own, removed at its end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Directory {
        let path =
            std::env::temp_dir().join(format!("pardox-stream-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("made");
        Directory(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("a UTF-8 path").to_owned()
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("listed");
        let name = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<_> = entries.map(|entry| name(entry.expect("read"))).collect();
        names.sort();
        names
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("removed");
    }
}

fn context(threads: usize) -> Context {
    Context::new(NonZeroUsize::new(threads))
}

fn parsed(plan: &Value) -> document::Document {
    let text = json!({"schema": 1, "engine": "0.1", "plan": plan}).to_string();
    document::parse(&text).expect("a document")
}

fn whole(plan: &Value) -> Result<Frame> {
    engine::run(&parsed(plan), &[], &Params::new(), &context(2))
}

fn in_windows(plan: &Value, window_bytes: usize, context: &Context) -> Result<Frame> {
    let files = SystemFiles::in_windows(window_bytes);
    engine::run_over(files, &parsed(plan), &[], &Params::new(), context)
}

fn scan(path: &str) -> Value {
    json!({"scan_csv": {"path": path, "options": {}}})
}

fn filter(input: Value, predicate: &str) -> Value {
    json!({"filter": {"input": input, "predicate": {"text": predicate}}})
}

fn aggregate(input: Value, keys: &str, aggregates: &str) -> Value {
    let keys: Vec<Value> = keys.split_terminator(',').map(|key| json!({"text": key})).collect();
    json!({"aggregate": {"input": input, "keys": keys, "aggregates": [{"text": aggregates}]}})
}

fn columns(frame: &Frame) -> Vec<(String, DataType)> {
    let columns = frame.schema().columns().iter();
    columns.map(|column| (column.name.clone(), column.dtype.clone())).collect()
}

/// Values as text that tells bits of floats apart.
fn values(frame: &Frame) -> Vec<Vec<String>> {
    (0..frame.schema().len())
        .map(|index| {
            let arrays = frame.column(index).expect("in memory");
            let scalars =
                arrays.iter().flat_map(|array| (0..array.len()).map(|row| array.scalar(row)));
            let shown = scalars.map(|value| match value {
                Scalar::Float64(value) => format!("{:016x}", value.to_bits()),
                value => format!("{value:?}"),
            });
            shown.collect()
        })
        .collect()
}

/// What was set aside, counts and records.
fn aside(frame: &Frame) -> Vec<Vec<Vec<String>>> {
    let faults = frame.faults().into_iter();
    faults.flat_map(|faults| [values(&faults.counts), values(&faults.quarantine)]).collect()
}

fn check_same(plan: &Value, window_bytes: usize, threads: usize) {
    let about = format!("{plan} in windows of {window_bytes} bytes, {threads} threads");
    match (whole(plan), in_windows(plan, window_bytes, &context(threads))) {
        (Ok(expected), Ok(found)) => {
            assert_eq!(columns(&found), columns(&expected), "{about}");
            assert_eq!(values(&found), values(&expected), "{about}");
            assert_eq!(aside(&found), aside(&expected), "{about}");
        }
        (Err(expected), Err(found)) => assert_eq!(found, expected, "{about}"),
        (expected, found) => panic!("{about}: {expected:?}, then {found:?}"),
    }
}

/// Rows of all types, with nulls, quotes, line ends within fields, and columns that widen late.
fn table(rows: usize) -> String {
    let mut text = String::from("id,k,late,x,day,note,empty,flag\r\n");
    for row in 0..rows {
        let key = ["red", "green", "\"b\"\"lue\"", ""][row * 7 % 4];
        let late = match row {
            _ if row % 5 == 0 => String::new(),
            _ if row == rows * 3 / 4 => "2.5".to_owned(),
            _ => format!("-{}", row % 3),
        };
        let x = (row as f64).sqrt() / 3.0;
        let day = format!("2024-{:02}-{:02}", row % 12 + 1, row % 28 + 1);
        let note = match row % 6 {
            0 => format!("\"a, {row}\nb\""),
            1 => "\"\"".to_owned(),
            _ => format!("note {row}"),
        };
        let empty = if row + 9 == rows { "7" } else { "" };
        text += &format!("{row},{key},{late},{x},{day},{note},{empty},{}\n", row % 2 == 0);
        if row % 50 == 17 {
            text += "\r\n";
        }
    }
    text.trim_end().to_owned()
}

fn questions(big: &str, small: &str) -> Vec<Value> {
    let keys = "k, flag";
    vec![
        filter(scan(big), "id % 10 = 3 and (k = 'green' or late > -1)"),
        filter(scan(big), "contains(note, 'a') and day >= '2024-06-01'"),
        aggregate(scan(big), keys, "sum(x) as s, count(*) as n, mean(late) as m, first(note) as f"),
        aggregate(scan(big), "", "sum(x) as s, std(x) as d, max(note) as t, min(day) as e"),
        aggregate(scan(big), "day", "count(distinct k) as n, median(x) as m, last(empty) as l"),
        aggregate(filter(scan(big), "empty = 7"), "k", "sum(empty) as e"),
        json!({"distinct": {"input": scan(big), "columns": ["k", "late"]}}),
        json!({"tail": {"input": scan(big), "count": 70}}),
        json!({"limit": {"input": scan(big), "offset": 40, "count": null}}),
        json!({"sort": {"input": filter(scan(big), "flag"),
            "by": [{"text": "x desc"}]}}),
        filter(json!({"union": {"inputs": [scan(big), scan(big)]}}), "late < 0"),
        filter(
            json!({"join": {"left": scan(big), "right": scan(small), "on": [{"left": "k", "right": "k"}],
                "how": "left", "suffix": "_right"}}),
            "worth > 1 or worth is null",
        ),
        json!({"join": {"left": scan(big), "right": scan(small), "on": [{"left": "k", "right": "k"}],
            "how": "anti", "suffix": "_right"}}),
        aggregate(
            json!({"join": {"left": filter(scan(small), "worth > 1"), "right": scan(big),
                "on": [{"left": "k", "right": "k"}], "how": "inner", "suffix": "_right"}}),
            "k",
            "sum(x) as s",
        ),
    ]
}

#[test]
fn answers_do_not_depend_on_windows() {
    let directory = Directory::new("answers");
    let big = directory.file("big.csv", &table(2_000));
    let small = directory.file("small.csv", "k,worth\nred,1\n\"b\"\"lue\",2\nnone,3\n");
    for plan in questions(&big, &small) {
        let expected = whole(&plan).unwrap_or_else(|error| panic!("{plan}: {error}"));
        assert!(expected.row_count() > 0, "{plan}");
        for (window_bytes, threads) in [(997, 2), (4_096, 1), (65_537, 5), (1 << 20, 2)] {
            check_same(&plan, window_bytes, threads);
        }
    }
}

#[test]
fn a_window_may_be_smaller_than_a_record() {
    let directory = Directory::new("tiny");
    for text in [table(40), "a\n".to_owned(), "a\n1".to_owned(), "a,b\n\n1,\"\n\n\"\n\n".to_owned()]
    {
        let path = directory.file("tiny.csv", &text);
        let count = aggregate(scan(&path), "", "count(*) as n");
        let all = json!({"tail": {"input": scan(&path), "count": 1000}});
        for window_bytes in [1, 2, 3, 13, 64] {
            check_same(&count, window_bytes, 2);
            check_same(&all, window_bytes, 2);
        }
    }
}

#[test]
fn files_whose_lines_end_in_carriage_returns_are_read_whole() {
    let directory = Directory::new("returns");
    for text in ["id,k\r1,x\r2,y\r", "\"id\",\"k\"\r\"1\",\"x\"\r", "\"id\",k\r1,\"x"] {
        let path = directory.file("file.csv", text);
        check_same(&filter(scan(&path), "id > 0"), 3, 1);
    }
}

#[test]
fn written_files_do_not_depend_on_windows() {
    let directory = Directory::new("written");
    let big = directory.file("big.csv", &table(3_000));
    let rows = filter(scan(&big), "id % 3 < 2");
    let (csv, prdx) = (directory.path("out.csv"), directory.path("out.prdx"));
    let write_csv = json!({"write_csv": {"input": rows, "path": csv, "options": {}}});
    let write_prdx = json!({"write_prdx": {"input": rows, "path": prdx}});
    let expected = whole(&rows).expect("well formed");
    whole(&write_csv).expect("written");
    let expected_csv = std::fs::read(&csv).expect("read");
    for (window_bytes, threads) in [(1_000, 2), (50_000, 3)] {
        std::fs::remove_file(&csv).expect("removed");
        let answer = in_windows(&write_csv, window_bytes, &context(threads)).expect("written");
        assert_eq!(values(&answer)[1], ["Int64(2000)"]);
        assert_eq!(std::fs::read(&csv).expect("read"), expected_csv);

        let answer = in_windows(&write_prdx, window_bytes, &context(threads)).expect("written");
        let size = std::fs::metadata(&prdx).expect("there").len();
        assert_eq!(values(&answer)[1..], [["Int64(2000)"], [format!("Int64({size})").as_str()]]);
        let found = open_prdx(&prdx).expect("opens");
        assert_eq!(columns(&found), columns(&expected));
        assert_eq!(values(&found), values(&expected));
    }
    assert_eq!(directory.names(), ["big.csv", "out.csv", "out.prdx"]);
}

#[test]
fn empty_answers_are_written_too() {
    let directory = Directory::new("empty");
    let path = directory.file("rows.csv", &table(100));
    let (csv, prdx) = (directory.path("out.csv"), directory.path("out.prdx"));
    let none = filter(scan(&path), "id < 0");
    let context = context(2);
    let plan = json!({"write_csv": {"input": none, "path": csv, "options": {}}});
    in_windows(&plan, 100, &context).expect("written");
    let text = std::fs::read_to_string(&csv).expect("read");
    assert_eq!(text, "id,k,late,x,day,note,empty,flag\n");
    let plan = json!({"write_prdx": {"input": none, "path": prdx}});
    in_windows(&plan, 100, &context).expect("written");
    let found = open_prdx(&prdx).expect("opens");
    assert_eq!(found.row_count(), 0);
    assert_eq!(columns(&found), columns(&whole(&none).expect("well formed")));
}

/// What a question means is decided by the types of all values, also where those of the first ones
/// would make it a mistake.
#[test]
fn types_are_those_of_all_values() {
    let directory = Directory::new("types");
    let lines =
        |first: &str, last: &str| format!("a\n{}{last}\n", format!("{first}\n").repeat(900));
    for (text, predicate, aggregates, mistake) in [
        // A text that looks like a number at first.
        (lines("1", "x"), "a = 'x' or a = '1'", "max(a) as m", None),
        // Nulls at first.
        (lines("", "5"), "a > 1 or a is null", "sum(a) as s", None),
        // Whole numbers whose sum would overflow.
        (lines("9007199254740992", "0.5"), "a > 0", "sum(a) as s", None),
        (lines("9007199254740993", "0.5"), "a > '0'", "count(a) as n", None),
        // A sign of zero that whole numbers do not have.
        (lines("-0", "0.5"), "a <= 0", "min(a) as m", None),
        (lines("2024-01-01", "2024-01-02T03:04:05"), "a > '2024-01-01'", "max(a) as m", None),
        // A mistake stays one, whatever the rest holds.
        (lines("1", "2"), "a = 'x'", "sum(a) as s", Some(ErrorKind::TypeMismatch)),
        (lines("9223372036854775807", "1"), "a > 0", "sum(a) as s", Some(ErrorKind::Overflow)),
    ] {
        let path = directory.file("types.csv", &text);
        let outcome = whole(&aggregate(filter(scan(&path), predicate), "", aggregates));
        assert_eq!(outcome.err().map(|error| error.kind()), mistake, "{predicate}");
        for plan in [
            filter(scan(&path), predicate),
            aggregate(filter(scan(&path), predicate), "", aggregates),
        ] {
            for window_bytes in [10, 300, 5_000] {
                check_same(&plan, window_bytes, 2);
            }
        }
    }
}

#[test]
fn a_file_is_started_again_once_at_most() {
    let directory = Directory::new("again");
    // Each column widens at a place of its own.
    let mut text = (0..20).map(|column| format!("c{column}")).collect::<Vec<_>>().join(",") + "\n";
    for row in 0..400 {
        let fields = (0..20).map(|column| if row == 20 * column + 9 { "0.5" } else { "1" });
        text += &(fields.collect::<Vec<_>>().join(",") + "\n");
    }
    let path = directory.file("again.csv", &text);
    let context = context(2);
    let sums: Vec<String> = (0..20).map(|column| format!("sum(c{column}) as s{column}")).collect();
    let plan = aggregate(scan(&path), "", &sums.join(", "));
    let answer = in_windows(&plan, 200, &context).expect("well formed");
    assert_eq!(values(&answer).concat(), vec![format!("{:016x}", 399.5_f64.to_bits()); 20]);
    assert_eq!(context.progress().rows_done, 800);
}

#[test]
fn the_first_error_of_the_file_is_reported_with_its_place() {
    let directory = Directory::new("errors");
    for (at, wrong) in [(0, "1,2,3"), (700, "1"), (1_400, "\"a\"b,1"), (1_999, "\"open,1")] {
        let mut text = String::from("a,b\n");
        for row in 0..2_000 {
            text += &if row == at { format!("{wrong}\n") } else { format!("{row},\"x\n{row}\"\n") };
        }
        let path = directory.file("wrong.csv", &text);
        let out = directory.path("out");
        for plan in [
            filter(scan(&path), "a > 5"),
            // An error of a value comes after those of the records, wherever it stands.
            aggregate(scan(&path), "", "sum(a * 4611686018427387904) as s"),
            json!({"write_csv": {"input": scan(&path), "path": out, "options": {}}}),
            json!({"write_prdx": {"input": scan(&path), "path": out}}),
        ] {
            for window_bytes in [100, 3_001, 1 << 20] {
                check_same(&plan, window_bytes, 2);
            }
        }
        assert_eq!(directory.names(), ["wrong.csv"]);
    }
}

#[test]
fn declared_types_are_held() {
    let directory = Directory::new("declared");
    let path = directory.file("d.csv", &format!("a,b\n{}x,2\n", "1,2\n".repeat(500)));
    let declared = |dtype: &str| json!({"scan_csv": {"path": path, "options": {"schema": {"a": dtype, "b": "float64"}}}});
    for dtype in ["int64", "utf8"] {
        check_same(&filter(declared(dtype), "b = 2"), 64, 2);
    }
    let error = in_windows(&filter(declared("int64"), "b = 2"), 64, &context(1));
    let error = error.expect_err("x is no number");
    assert_eq!((error.kind(), error.location().record), (ErrorKind::BadValue, Some(501)));
}

#[test]
fn a_limit_reads_no_more_than_it_needs() {
    let directory = Directory::new("limit");
    let text = format!("a,b\n{}broken\n", "1,x\n".repeat(10_000));
    let path = directory.file("limit.csv", &text);
    let context = context(2);
    let plan = json!({"limit": {"input": scan(&path), "offset": 3, "count": 5}});
    let answer = in_windows(&plan, 1_000, &context).expect("the wrong record is far away");
    assert_eq!(values(&answer), [vec!["Int64(1)"; 5], vec!["Utf8(\"x\")"; 5]]);
    assert!(context.progress().bytes_done < 3_000, "{:?}", context.progress());
    assert_eq!(context.progress().bytes_total, text.len() as u64);
}

#[test]
fn schema_and_explain_of_a_question() {
    let directory = Directory::new("explain");
    let path = directory.file("e.csv", &table(500));
    let plan = aggregate(scan(&path), "k", "sum(late) as s");
    let expected = whole(&plan).expect("well formed");
    let schema = engine::schema(&parsed(&plan), &[], &Params::new(), &context(2));
    assert_eq!(&schema.expect("well formed"), expected.schema());
    let text = engine::explain(&parsed(&plan), &[], &Params::new(), &context(2));
    assert!(text.expect("well formed").contains("source csv"));
}

#[test]
fn progress_reaches_the_size_of_the_file() {
    let directory = Directory::new("progress");
    let text = "a,b\n".to_owned() + &"1,x\n".repeat(5_000);
    let path = directory.file("p.csv", &text);
    let context = context(2);
    in_windows(&aggregate(scan(&path), "b", "count(*) as n"), 700, &context).expect("well formed");
    let progress = context.progress();
    assert_eq!((progress.bytes_done, progress.bytes_total), (text.len() as u64, text.len() as u64));
    assert_eq!(progress.rows_done, 5_000);
}

#[test]
fn a_cancel_ends_a_stream_and_leaves_nothing() {
    let directory = Directory::new("cancel");
    let path =
        directory.file("c.csv", &("a,b\n".to_owned() + &"123456,some text\n".repeat(400_000)));
    let out = directory.path("out");
    for plan in [
        aggregate(scan(&path), "a", "count(*) as n"),
        json!({"write_csv": {"input": scan(&path), "path": out, "options": {}}}),
        json!({"write_prdx": {"input": scan(&path), "path": out}}),
    ] {
        let context = context(2);
        let stopped = std::thread::scope(|scope| {
            let work = scope.spawn(|| {
                let outcome = in_windows(&plan, 100_000, &context);
                (outcome, Instant::now())
            });
            while context.progress().rows_done < 20_000 {
                std::thread::sleep(Duration::from_millis(1));
            }
            let asked = Instant::now();
            context.cancel();
            let (outcome, ended) = work.join().expect("no panic");
            assert_eq!(outcome.expect_err("cancelled").kind(), ErrorKind::Cancelled);
            ended.saturating_duration_since(asked)
        });
        // A busy machine and a debug build may take longer than the 100 ms that users get.
        assert!(stopped < Duration::from_secs(2), "{stopped:?}");
    }
    assert_eq!(directory.names(), ["c.csv"]);
}

fn scan_with(source: Value, options: Value) -> Value {
    let mut node = source;
    node["options"] = options;
    json!({"scan_csv": node})
}

/// Records of every dialect, with each fault that has a policy, written for these marks.
fn dirty(delimiter: &str, rows: usize, faults: &[(usize, &str)]) -> String {
    let mut text = ["id", "amount", "day", "note"].join(delimiter) + "\n";
    for row in 0..rows {
        if let Some((_, wrong)) = faults.iter().find(|(at, _)| *at == row) {
            text += &format!("{}\n", wrong.replace('|', delimiter));
        }
        let amount = if row == rows * 2 / 3 { "x".to_owned() } else { format!("{row},5") };
        let amount = if delimiter == "," { format!("\"{amount}\"") } else { amount };
        let fields =
            [row.to_string(), amount, format!("{}/12/2024", row % 31 + 1), format!("\"n\n{row}\"")];
        text += &(fields.join(delimiter) + if row % 9 == 4 { "\r\n" } else { "\n" });
    }
    text
}

#[test]
fn every_option_reads_the_same_in_windows() {
    let directory = Directory::new("options");
    let plain = dirty(",", 300, &[]);
    let semicolons = dirty(";", 300, &[]);
    let escaped = "a;b\n".to_owned() + &"1\\;2;\"x\\\"\n\"\n".repeat(200);
    let comments = "#c\na,b\n".to_owned() + &"1,2\n# no, record\n\"#\n3\",4\n".repeat(150);
    let returns = "a,b\r".to_owned() + &"1,\"x\ry\"\r".repeat(200);
    let preamble = format!("one \"\ntwo\n{plain}");
    let latin: String = "a,b\n".to_owned() + &"caf\u{e9},1\n".repeat(200);
    let latin: Vec<u8> = latin.chars().map(|letter| letter as u8).collect();
    let utf16: Vec<u8> = semicolons.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: Vec<(&str, Vec<u8>, Value)> = vec![
        ("plain", plain.clone().into(), json!({"text_columns": ["no*"], "file_column": "file"})),
        ("delimiter", semicolons.clone().into(), json!({"delimiter": ";"})),
        ("long", plain.replace("\",\"", "\"::\"").into(), json!({"delimiter": "::"})),
        (
            "decimal",
            semicolons.clone().into(),
            json!({"delimiter": ";", "decimal": ",", "date_order": "dmy"}),
        ),
        ("escape", escaped.into(), json!({"delimiter": ";", "escape": "\\"})),
        ("comment", comments.into(), json!({"comment": "#"})),
        ("returns", returns.into(), json!({})),
        ("skip_lines", preamble.into(), json!({"skip_lines": 2})),
        ("trim", plain.replace(',', " , ").into(), json!({"trim": true})),
        ("latin", latin, json!({"encoding": "latin1"})),
        ("utf16", utf16, json!({"encoding": "utf-16le", "delimiter": ";", "decimal": ","})),
        (
            "infer",
            semicolons.clone().into(),
            json!({"delimiter": ";", "decimal": ",", "infer_rows": 3, "on_bad_value": "null"}),
        ),
        (
            "bare",
            plain.clone().into(),
            json!({"header": false, "select": ["column_4", "column_1"]}),
        ),
        ("record_bytes", plain.clone().into(), json!({"max_record_bytes": 30})),
        (
            "names",
            plain.clone().into(),
            json!({"column_names": ["a", "b", "c", "d"], "null_values": ["7"]}),
        ),
        ("sniff", semicolons.into(), json!({"dialect": "sniff"})),
        ("duplicate", plain.into(), json!({"file_column": "id"})),
    ];
    for (name, bytes, options) in cases {
        let path = directory.path(name);
        std::fs::write(&path, bytes).expect("written");
        let scan = scan_with(json!({"path": path}), options);
        for plan in [
            json!({"tail": {"input": scan, "count": 1_000}}),
            aggregate(scan.clone(), "", "count(*) as n"),
        ] {
            for (window_bytes, threads) in [(1, 1), (100, 2), (2_000, 2), (1 << 20, 2)] {
                check_same(&plan, window_bytes, threads);
            }
        }
    }
}

#[test]
fn policies_do_the_same_in_windows() {
    let directory = Directory::new("policies");
    let faults = [
        (0, "1|2,5"),
        (7, "7|7,5|1/1/2024|x|y"),
        (8, "8|\"a\"b|1/1/2024|x"),
        (100, "9|\u{1}|1/1/2024|x"),
        (101, "\"open|1|2|3"),
        (200, "z|1,5|1/1/2024|x"),
        (250, "1"),
        (298, "3|\"never closed|1|2"),
    ];
    for delimiter in [";", "::"] {
        let text = dirty(delimiter, 300, &faults);
        let bytes: Vec<u8> = text.bytes().map(|byte| if byte == 1 { 0xFF } else { byte }).collect();
        let path = directory.path("dirty.csv");
        std::fs::write(&path, bytes).expect("written");
        for (short, long, value, quote, encoding) in [
            ("pad", "cut", "null", "repair", "replace"),
            ("skip", "skip", "skip", "skip", "skip"),
            ("quarantine", "quarantine", "quarantine", "quarantine", "quarantine"),
            ("quarantine", "cut", "null", "quarantine", "replace"),
            ("error", "quarantine", "null", "quarantine", "replace"),
            ("quarantine", "error", "null", "repair", "skip"),
            ("quarantine", "cut", "error", "repair", "skip"),
            ("quarantine", "cut", "null", "error", "skip"),
            ("quarantine", "cut", "null", "skip", "error"),
        ] {
            let options = json!({"delimiter": delimiter, "schema": {"id": "int64"},
                "on_short": short, "on_long": long, "on_bad_value": value, "on_bad_quote": quote,
                "on_bad_encoding": encoding});
            let scan = scan_with(json!({"path": path}), options);
            let plan = json!({"tail": {"input": scan, "count": 1_000}});
            let outcome = whole(&plan);
            let is_strict = [short, long, value, quote, encoding].contains(&"error");
            assert_eq!(outcome.is_err(), is_strict, "{plan}: {outcome:?}");
            for (window_bytes, threads) in [(1, 1), (64, 2), (1_000, 2), (1 << 20, 2)] {
                check_same(&plan, window_bytes, threads);
            }
        }
    }
}

#[test]
fn several_files_are_one_stream() {
    let directory = Directory::new("several");
    directory.file("1.csv", "a,b,c\n1,2024-01-01,x\n-0,,\n");
    directory.file("2.csv", "");
    directory.file("3.csv", &format!("a,b,c\n{}", "0.5,2024-01-02T00:00:01,7\n\n".repeat(90)));
    directory.file("4.csv", "a,b,c\n");
    directory.file("5.csv", "a,b,c\n7,,\"l\n\"\n8,2024-05-05");
    let pattern = json!({"path": directory.path("*.csv")});
    let policies = json!({"on_short": "quarantine", "file_column": "file"});
    let infer = json!({"on_short": "pad", "on_bad_value": "null", "infer_rows": 1});
    for options in
        [json!({}), policies.clone(), infer, json!({"on_short": "skip", "select": ["b"]})]
    {
        let scan = scan_with(pattern.clone(), options);
        for plan in [
            json!({"tail": {"input": scan, "count": 1_000}}),
            aggregate(scan.clone(), "", "count(*) as n"),
        ] {
            for (window_bytes, threads) in [(1, 1), (50, 2), (1 << 20, 2)] {
                check_same(&plan, window_bytes, threads);
            }
        }
    }
    let answer = in_windows(
        &json!({"tail": {"input": scan_with(pattern.clone(), policies), "count": 2}}),
        20,
        &context(2),
    )
    .expect("quarantined");
    assert_eq!(
        values(&answer)[0],
        [format!("{:016x}", 0.5_f64.to_bits()), format!("{:016x}", 7_f64.to_bits())]
    );
    assert_eq!(values(&answer)[3][1], format!("Utf8({:?})", directory.path("5.csv")));
    let kept = values(&answer.faults().expect("one").quarantine);
    assert_eq!(kept[0], [format!("Utf8({:?})", directory.path("5.csv"))]);
    assert_eq!(
        (&kept[1][0], &kept[2][0], &kept[3][0]),
        (&"Int64(2)".to_owned(), &"Int64(4)".to_owned(), &"Int64(14)".to_owned())
    );
    // Files with other columns are refused when they are reached.
    directory.file("6.csv", "a,c,b\n1,2,3\n");
    for options in [json!({"on_short": "skip"}), json!({"on_short": "skip", "infer_rows": 1})] {
        let plan = aggregate(scan_with(pattern.clone(), options), "", "count(*) as n");
        assert_eq!(whole(&plan).expect_err("other columns").kind(), ErrorKind::FieldCount);
        check_same(&plan, 50, 2);
    }
    let none = json!({"paths": [directory.path("2.csv"), directory.path("2.csv")]});
    check_same(&aggregate(scan_with(none, json!({})), "", "count(*) as n"), 50, 2);
}

/// Files of holes: nothing on the disk, and much to look at.
#[test]
fn a_cancel_ends_a_look_at_one_long_line() {
    let directory = Directory::new("line");
    let path = directory.path("line.csv");
    let file = std::fs::File::create(&path).expect("made");
    file.set_len(6 << 30).expect("a sparse file");
    for options in [json!({"skip_lines": 1}), json!({"skip_lines": 1, "trim": true})] {
        let plan = aggregate(scan_with(json!({"path": path}), options), "", "count(*) as n");
        let context = context(2);
        let stopped = std::thread::scope(|scope| {
            let work = scope.spawn(|| (in_windows(&plan, 100_000, &context), Instant::now()));
            std::thread::sleep(Duration::from_millis(50));
            let asked = Instant::now();
            context.cancel();
            let (outcome, ended) = work.join().expect("no panic");
            assert_eq!(outcome.expect_err("cancelled").kind(), ErrorKind::Cancelled);
            ended.saturating_duration_since(asked)
        });
        // Reading it all takes seconds.
        assert!(stopped < Duration::from_millis(500), "{stopped:?}");
    }
}
