//! Where CSV comes from, through the public face: packed and encoded files, several at once, feeds,
//! and how many records they hold.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use pardox_engine::bytes::feed::Feed;
use pardox_engine::column::{Array, DataType, Frame, Scalar};
use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::error::{Error, ErrorKind, Result};
use pardox_engine::format::csv::{
    CsvInputs, CsvReadOptions, CsvSource, Policy, count_csv, read_csv, read_csv_source,
};
use pardox_engine::plan::document::{self, Params};
use pardox_engine::plan::files::Given;
use serde_json::{Value, json};

fn context() -> Context {
    Context::new(NonZeroUsize::new(2))
}

/// A directory of this test's own, removed at its end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Directory {
        let path = std::env::temp_dir().join(format!("pardox-input-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("made");
        Directory(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("a UTF-8 path").to_owned()
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("removed");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// Rows as text, values separated by `|`, null as `-`.
fn rows(frame: &Frame) -> Vec<String> {
    let columns: Vec<Vec<Array>> =
        (0..frame.schema().len()).map(|index| frame.column(index).expect("in memory")).collect();
    let mut rows = Vec::new();
    for (block, part) in frame.blocks().iter().enumerate() {
        for row in 0..part.row_count() {
            let values = columns.iter().map(|arrays| match arrays[block].scalar(row) {
                Scalar::Null => "-".to_owned(),
                Scalar::Bool(value) => value.to_string(),
                Scalar::Int64(value) | Scalar::Timestamp(value) => value.to_string(),
                Scalar::Float64(value) => format!("{value:?}"),
                Scalar::Date(days) => format!("day {days}"),
                Scalar::Utf8(text) => text,
                other => panic!("no such value here: {other:?}"),
            });
            rows.push(values.collect::<Vec<_>>().join("|"));
        }
    }
    rows
}

fn dtypes(frame: &Frame) -> Vec<DataType> {
    frame.schema().columns().iter().map(|column| column.dtype.clone()).collect()
}

fn read(path: &str, options: &CsvReadOptions) -> Result<Frame> {
    read_csv(path, options, &context())
}

fn plain() -> CsvReadOptions {
    CsvReadOptions::default()
}

fn in_encoding(label: &str) -> CsvReadOptions {
    CsvReadOptions { encoding: label.to_owned(), ..plain() }
}

fn refused(outcome: Result<Frame>, kind: ErrorKind) -> Error {
    let error = outcome.expect_err("refused");
    assert_eq!(error.kind(), kind, "{error}");
    error
}

#[test]
fn packed_files_are_told_by_their_content() {
    let directory = Directory::new("packed");
    let text: String =
        (0..5_000).map(|row| format!("{row},{:.2},\"t\n{row}\"\n", f64::from(row) / 8.0)).collect();
    let text = format!("a,b,c\n{text}");
    let expected = rows(&read(&directory.file("plain.csv", &text), &plain()).expect("a table"));
    let (head, tail) = text.as_bytes().split_at(text.len() / 2);
    for (name, bytes) in [
        ("one.gz", gzip(text.as_bytes())),
        ("named_otherwise.csv", zstd(text.as_bytes())),
        ("three.bz2", bzip2(text.as_bytes())),
        ("members.gz", [gzip(head), gzip(tail)].concat()),
        ("frames.zst", [zstd(head), zstd(tail)].concat()),
        ("streams.bz2", [bzip2(head), bzip2(tail)].concat()),
    ] {
        let path = directory.file(name, &bytes);
        let context = context();
        let table = read_csv(&path, &plain(), &context).expect(name);
        assert!(rows(&table) == expected, "{name}");
        assert_eq!(count_csv(&CsvSource::from(path.as_str()), &plain(), &context), Ok(5_000));
        let progress = context.progress();
        assert_eq!(progress.bytes_done, progress.bytes_total, "{name}");

        let cut = directory.file("cut", &bytes[..bytes.len() - 3]);
        let error = refused(read(&cut, &plain()), ErrorKind::CorruptFile);
        let place = error.location();
        assert_eq!(place.file.as_deref(), Some(cut.as_str()), "{name}");
        assert!(place.byte_offset.expect("a place") <= bytes.len() as u64);
    }
    // A file within a packed file: the error is one of its text.
    let path = directory.file("wrong.gz", gzip(b"a,b\n1,2\n3\n"));
    let error = refused(read(&path, &plain()), ErrorKind::FieldCount);
    assert_eq!((error.location().line, error.location().byte_offset), (Some(3), Some(8)));
    let error =
        refused(read(&directory.file("empty.gz", gzip(b"")), &plain()), ErrorKind::EmptyInput);
    assert!(error.to_string().contains("empty.gz"));
    let archive = directory.file("a.zip", b"PK\x03\x04\x14\0\0\0");
    let error = refused(read(&archive, &plain()), ErrorKind::Unsupported);
    assert!(error.to_string().contains("a zip archive") && error.to_string().contains("a.zip"));
}

#[test]
fn encodings_are_read_by_name_and_errors_keep_the_files_offsets() {
    let directory = Directory::new("encodings");
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let path = directory.file("a.csv", [&b"\xFF\xFE"[..], &utf16("é,b\n€,1\n😀,2\n")].concat());
    let table = read(&path, &in_encoding("utf-16")).expect("by its mark");
    assert_eq!(rows(&table), ["€|1", "😀|2"]);
    assert_eq!(table.schema().column(0).name, "é");
    let error = refused(read(&path, &plain()), ErrorKind::InvalidUtf8);
    assert!(error.hint_text().expect("a hint").contains("encoding"), "{error}");
    refused(read(&path, &in_encoding("windows-1252")), ErrorKind::InvalidOption);
    refused(read(&path, &in_encoding("utf-17")), ErrorKind::InvalidOption);

    let path = directory.file("latin.csv", b"name,n\ncaf\xE9,1\n\x80\x93,2\n");
    let table = read(&path, &in_encoding("latin1")).expect("windows-1252");
    assert_eq!(rows(&table), ["café|1", "€“|2"]);

    // The record that is too short starts at unit 12 of the text: behind the mark, byte 26.
    let path = directory.file("short.csv", [&b"\xFF\xFE"[..], &utf16("é,b\n€,1\n😀é\n")].concat());
    let error = refused(read(&path, &in_encoding("utf-16le")), ErrorKind::FieldCount);
    let place = error.location();
    assert_eq!((place.record, place.line, place.byte_offset), (Some(2), Some(3), Some(18)));

    // Half of a surrogate pair.
    let half = [&utf16("a,b\n")[..], b"\x00\xDC", &utf16(",1\n")].concat();
    let path = directory.file("half.csv", &half);
    let error = refused(read(&path, &in_encoding("utf-16le")), ErrorKind::InvalidUtf8);
    assert_eq!(error.location().byte_offset, Some(8));
    let replaced = CsvReadOptions { on_bad_encoding: Policy::Replace, ..in_encoding("utf-16le") };
    assert_eq!(rows(&read(&path, &replaced).expect("replaced")), ["\u{FFFD}|1"]);

    // A header that is no text stays an error, in the words of its encoding.
    let path = directory.file("head.csv", [b"\x00\xDC", &utf16(",b\n1,2\n")[..]].concat());
    let skipped = CsvReadOptions { on_bad_encoding: Policy::Skip, ..in_encoding("utf-16le") };
    let error = refused(read(&path, &skipped), ErrorKind::InvalidUtf8);
    assert_eq!((error.location().byte_offset, error.location().line), (Some(0), Some(1)));
    assert!(error.to_string().contains("expected UTF-16LE text, found bytes 0x00 0xDC"), "{error}");

    let path = directory.file("packed", gzip(b"a\n\xE9\n"));
    assert_eq!(rows(&read(&path, &in_encoding("latin1")).expect("both")), ["é"]);
}

#[test]
fn records_of_other_encodings_are_set_aside_where_they_are_no_text() {
    let directory = Directory::new("aside");
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    // Far behind each other, so that the way back is long; one U+FFFD is the file's own.
    let good = utf16(&"é,1\n".repeat(40_000));
    let bad = [b"\x00\xDC", &utf16("x,2\n")[..]].concat();
    let own = utf16("\u{FFFD},3\n");
    let head = utf16("a,b\n");
    let parts = [&head, &good, &bad, &own, &good, &bad, &good];
    let path = directory.file("far.csv", parts.map(Vec::as_slice).concat());
    let table = |policy: Policy| {
        let options = CsvReadOptions { on_bad_encoding: policy, ..in_encoding("utf-16le") };
        let counted = count_csv(&CsvSource::from(path.as_str()), &options, &context());
        let table = read(&path, &options).expect("a policy");
        assert_eq!(counted, Ok(table.row_count() as u64));
        table
    };
    let counts = |table: &Frame| rows(&table.faults().expect("counted").counts);
    let replaced = table(Policy::Replace);
    assert_eq!(
        (replaced.row_count(), counts(&replaced)),
        (120_003, vec!["invalid_utf8|replace|2".to_owned()])
    );
    assert_eq!(rows(&replaced)[40_000..40_002], ["\u{FFFD}x|2", "\u{FFFD}|3"]);
    let skipped = table(Policy::Skip);
    assert_eq!(
        (skipped.row_count(), counts(&skipped)),
        (120_001, vec!["invalid_utf8|skip|2".to_owned()])
    );
    let kept = table(Policy::Quarantine);
    assert_eq!(counts(&kept), ["invalid_utf8|quarantine|2"]);
    let first = head.len() + good.len();
    let second = first + bad.len() + own.len() + good.len();
    assert_eq!(
        rows(&kept.faults().expect("kept").quarantine),
        [(40_001, first), (80_003, second)].map(|(record, offset)| format!(
            "{path}|{record}|{}|{offset}|-|\u{FFFD}x,2|invalid_utf8",
            record + 1
        ))
    );
}

#[test]
fn files_are_read_as_one_table_with_the_types_of_all() {
    let directory = Directory::new("many");
    directory.file("1.csv", "a,b,c,d\n1,2024-01-01,x,\n-0,,y,\n");
    directory.file("2.csv.gz", gzip(b"a,b,c,d\n0.5,2024-01-02T00:00:01,7,1.5\n"));
    directory.file("3.csv", "");
    directory.file("4.csv", "a,b,c,d\n");
    directory.file("x.txt", "no table");
    let options = CsvReadOptions { file_column: Some("file".to_owned()), ..plain() };
    let table = read(&directory.path("*.csv*"), &options).expect("a table");
    use DataType::*;
    assert_eq!(dtypes(&table), [Float64, Timestamp, Utf8, Float64, Utf8]);
    let file = |name: &str| directory.path(name);
    assert_eq!(
        rows(&table),
        [
            format!("1.0|1704067200000000|x|-|{}", file("1.csv")),
            format!("-0.0|-|y|-|{}", file("1.csv")),
            format!("0.5|1704153601000000|7|1.5|{}", file("2.csv.gz")),
        ]
    );
    let counted = count_csv(&CsvSource::Path(directory.path("*.csv*")), &plain(), &context());
    assert_eq!(counted, Ok(3));
    let list = CsvSource::Paths(vec![file("2.csv.gz"), file("[1]*")]);
    let table = read_csv_source(&list, &plain(), &CsvInputs::default(), &context())
        .expect("in the order of the list");
    assert_eq!(rows(&table)[0], "0.5|1704153601000000|7|1.5");
    let empty = CsvSource::Paths(vec![file("3.csv"), file("3.csv")]);
    let error = refused(
        read_csv_source(&empty, &plain(), &CsvInputs::default(), &context()),
        ErrorKind::EmptyInput,
    );
    assert!(error.to_string().contains("any of the files"), "{error}");
    refused(
        read_csv_source(&CsvSource::Paths(vec![]), &plain(), &CsvInputs::default(), &context()),
        ErrorKind::InvalidOption,
    );
    let error = refused(read(&file("*.tsv"), &plain()), ErrorKind::NotFound);
    assert!(error.hint_text().is_some(), "{error}");
    // A column of that name is there already.
    let options = CsvReadOptions { file_column: Some("a".to_owned()), ..plain() };
    refused(read(&file("1.csv"), &options), ErrorKind::DuplicateColumn);
    // The very name wins over the pattern.
    let path = directory.file("[1].csv", "z\n9\n");
    assert_eq!(rows(&read(&path, &plain()).expect("that file")), ["9"]);
}

#[test]
fn whole_numbers_of_other_files_are_never_rounded() {
    let directory = Directory::new("whole");
    directory.file("1.csv", "a\n9007199254740993\n");
    directory.file("2.csv", "a\n0.5\n");
    let table = read(&directory.path("*.csv"), &plain()).expect("a table");
    assert_eq!(rows(&table), ["9007199254740993", "0.5"]);
    assert_eq!(dtypes(&table), [DataType::Utf8]);
    directory.file("1.csv", "a\n9007199254740992\n");
    let table = read(&directory.path("*.csv"), &plain()).expect("a table");
    assert_eq!(dtypes(&table), [DataType::Float64]);
}

#[test]
fn other_columns_are_an_error_that_names_both_files() {
    let directory = Directory::new("columns");
    directory.file("1.csv", "a,b\n1,2\n");
    for (text, words) in [
        ("a,c\n1,2\n", "\"b\" is missing there, and \"c\" is one more"),
        ("a\n1\n", "\"b\" is missing"),
        ("a,b,c\n1,2,3\n", "\"c\" is one more"),
        ("b,a\n1,2\n", "column 1 is \"b\" there instead of \"a\""),
    ] {
        directory.file("2.csv", text);
        let error = refused(read(&directory.path("*.csv"), &plain()), ErrorKind::FieldCount);
        let message = error.to_string();
        assert!(message.contains(words), "{message}");
        assert!(message.contains("1.csv") && message.contains("2.csv"), "{message}");
    }
    directory.file("2.csv", "a,b\n1,2\n3\n");
    let error = refused(read(&directory.path("*.csv"), &plain()), ErrorKind::FieldCount);
    assert_eq!(error.location().record, Some(2));
    assert!(error.location().file.as_deref().is_some_and(|file| file.ends_with("2.csv")));
}

fn document(plan: &Value) -> Result<document::Document> {
    document::parse(&json!({"schema": 1, "engine": "0.1", "plan": plan}).to_string())
}

fn run(plan: &Value, given: &[Given]) -> Result<Frame> {
    engine::run(&document(plan)?, given, &Params::new(), &context())
}

#[test]
fn a_plan_names_a_path_a_list_or_a_feed_and_just_one_of_them() {
    let directory = Directory::new("plan");
    let one = directory.file("1.csv", "a,b\n1,2\n");
    let two = directory.file("2.csv", "a,b\n3,4\n\n");
    let feed = Arc::new(Feed::new("upload"));
    feed.write(&gzip(b"a,b\n5,6\n")).expect("written");
    feed.finish().expect("finished");
    let given = [Frame::from_arrays(vec![]).expect("no columns").into(), Given::Feed(feed)];
    let pattern = directory.path("*.csv");
    for (source, expected) in [
        (json!({ "path": one }), &["1|2"][..]),
        (json!({ "path": pattern }), &["1|2", "3|4"]),
        (json!({"paths": [two, one]}), &["3|4", "1|2"]),
        (json!({"feed": 1}), &["5|6"]),
    ] {
        let scan = json!({ "scan_csv": source });
        assert_eq!(rows(&run(&scan, &given).expect("a table")), expected, "{scan}");
        let count = json!({ "count_csv": source });
        let counted = run(&count, &given).expect("a count");
        assert_eq!(rows(&counted), [expected.len().to_string()], "{count}");
        assert_eq!(counted.schema().column(0).name, "rows");
        let total = json!({"aggregate": {"input": scan, "keys": [],
            "aggregates": [{"text": "sum(b) as s"}]}});
        assert_eq!(run(&total, &given).expect("a sum").row_count(), 1);
    }
    for (source, words) in [
        (json!({}), "with one of path, paths and feed, found none"),
        (json!({"path": one, "feed": 1}), "found path and feed"),
        (json!({"feed": 0}), "a feed at index 0, found a frame"),
        (json!({"feed": 2}), "a feed at index 2, found 2 frames"),
    ] {
        let error = refused(run(&json!({ "scan_csv": source }), &given), ErrorKind::InvalidPlan);
        assert!(error.to_string().contains(words), "{error}");
    }
    let frame = json!({"frame": {"index": 1}});
    let error = refused(run(&frame, &given), ErrorKind::InvalidPlan);
    assert!(error.to_string().contains("found a feed"), "{error}");
    let named = json!({"select": {"input": {"scan_csv": {"path": pattern,
        "options": {"file_column": "file"}}}, "columns": [{"text": "file, a"}]}});
    let table = run(&named, &given).expect("the file column too");
    assert_eq!(rows(&table), [format!("{one}|1"), format!("{two}|3")]);
    let without = json!({"select": {"input": {"scan_csv": {"path": pattern,
        "options": {"file_column": "file"}}}, "columns": [{"text": "b"}]}});
    assert_eq!(rows(&run(&without, &given).expect("and without")), ["2", "4"]);
    let only = json!({"select": {"input": {"scan_csv": {"path": pattern,
        "options": {"file_column": "file"}}}, "columns": [{"text": "file"}]}});
    assert_eq!(rows(&run(&only, &given).expect("and alone")), [one.clone(), two.clone()]);
    let text = engine::explain(
        &document(&json!({"count_csv": {"paths": [one, two]}})).expect("a document"),
        &given,
        &Params::new(),
        &context(),
    );
    assert_eq!(text.expect("a text"), "count_csv 2 paths -> [rows int64]\n");
}

#[test]
fn explain_says_what_sniffing_found_and_its_doubt() {
    let directory = Directory::new("sniffed");
    let days = directory.file("days.csv", b"day;v\n01/02/2024;1\n02/02/2024;2\n03/02/2024;3\n");
    let explain = |options: Value| {
        let scan = json!({"scan_csv": {"path": days, "options": options}});
        let document = document(&scan).expect("a document");
        engine::explain(&document, &[], &Params::new(), &context()).expect("a text")
    };
    let text = explain(json!({"dialect": "sniff"}));
    let expected = format!(
        "source csv {days:?} sniffed (delimiter \";\", header true, date_order dmy; doubt: "
    );
    assert!(text.starts_with(&expected), "{text}");
    assert!(text.ends_with("): 2 of 2 columns, 3 rows -> [day date, v int64]\n"), "{text}");
    let given = explain(json!({"delimiter": ";"}));
    assert!(given.starts_with(&format!("source csv {days:?}: 2 of 2 columns")), "{given}");
}

#[test]
fn a_feed_is_waited_for_and_its_errors_carry_its_name() {
    let feed = Arc::new(Feed::new("upload.csv"));
    let given = [Given::Feed(feed.clone())];
    let scan = json!({"scan_csv": {"feed": 0}});
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| run(&scan, &given));
        for piece in ["a,", "b\n1,2\n", "", "3\n"] {
            feed.write(piece.as_bytes()).expect("written");
        }
        feed.finish().expect("finished");
        let error = refused(answer.join().expect("no panic"), ErrorKind::FieldCount);
        assert_eq!(error.location().file.as_deref(), Some("upload.csv"));
        assert_eq!(error.location().byte_offset, Some(8));
    });
    let given_up = Arc::new(Feed::new("upload.csv"));
    given_up.abandon();
    let error = refused(run(&scan, &[Given::Feed(given_up)]), ErrorKind::ReleasedHandle);
    assert!(error.to_string().contains("upload.csv"), "{error}");
}
