//! CSV through the public face: files in, frames and errors out, and back.
//!
//! Corpora are looked for in `$PARDOX_CORPORA`, or beside the repository in `../shared/corpora`; a
//! test that needs one says so when it is not there.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use pardox_engine::bytes::decompress::Codec;
use pardox_engine::column::{Array, ArrayBuilder, DataType, Frame, Scalar};
use pardox_engine::context::Context;
use pardox_engine::error::{Error, ErrorKind};
use pardox_engine::format::csv::{
    CsvReadOptions, CsvWriteOptions, DateOrder, Policy, Quoting, read_csv, read_csv_bytes,
    write_csv,
};

fn context() -> Context {
    Context::new(NonZeroUsize::new(2))
}

fn read(text: &str, options: &CsvReadOptions) -> Result<Frame, Error> {
    read_csv_bytes(text.as_bytes(), options, &context())
}

fn frame(text: &str) -> Frame {
    read(text, &CsvReadOptions::default()).expect("well formed")
}

fn column(frame: &Frame, index: usize) -> Vec<Scalar> {
    let arrays = frame.column(index).expect("in memory");
    arrays.iter().flat_map(|array| (0..array.len()).map(|row| array.scalar(row))).collect()
}

fn names(frame: &Frame) -> Vec<&str> {
    frame.schema().columns().iter().map(|column| column.name.as_str()).collect()
}

fn dtypes(frame: &Frame) -> Vec<DataType> {
    frame.schema().columns().iter().map(|column| column.dtype.clone()).collect()
}

fn text(value: &str) -> Scalar {
    Scalar::Utf8(value.to_owned())
}

fn as_text(options: CsvReadOptions, names: &[&str]) -> CsvReadOptions {
    let schema = names.iter().map(|name| ((*name).to_owned(), DataType::Utf8)).collect();
    CsvReadOptions { schema, ..options }
}

/// A directory of this test's own, removed at its end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Directory {
        let path = std::env::temp_dir().join(format!("pardox-csv-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("made");
        Directory(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("a UTF-8 path").to_owned()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("removed");
    }
}

#[test]
fn integers_are_exact_and_codes_stay_text() {
    let table = frame("a,b,c,d,e\n9223372036854775807,9223372036854775808,007,+1,-0\n1,1,1,1,1\n");
    use DataType::*;
    assert_eq!(dtypes(&table), [Int64, Utf8, Utf8, Utf8, Int64]);
    assert_eq!(column(&table, 0)[0], Scalar::Int64(i64::MAX));
    assert_eq!(column(&table, 1), [text("9223372036854775808"), text("1")]);
    assert_eq!(column(&table, 2)[0], text("007"));
    assert_eq!(column(&table, 4)[0], Scalar::Int64(0));
}

#[test]
fn a_widened_column_keeps_its_text() {
    let mut file = String::from("a,b,c,d\n");
    for row in 0..5_000 {
        file += &format!("{row},{row},1.50,2024-01-01\n");
    }
    file += "x,0.5,y,2024-01-01 12:00:00\n";
    let table = frame(&file);
    use DataType::*;
    assert_eq!(dtypes(&table), [Utf8, Float64, Utf8, Timestamp]);
    assert_eq!(column(&table, 0)[1234], text("1234"));
    assert_eq!(column(&table, 1)[1234], Scalar::Float64(1234.0));
    assert_eq!(column(&table, 2)[0], text("1.50"));
    assert_eq!(column(&table, 3)[0], Scalar::Timestamp(1_704_067_200_000_000));
}

#[test]
fn negative_zero_keeps_its_sign_in_a_float_column() {
    let mut file = String::from("a\n-0\n");
    file += &"1\n".repeat(100_000);
    file += "0.5\n";
    let table = frame(&file);
    assert_eq!(column(&table, 0)[0], Scalar::Float64(-0.0));
}

#[test]
fn whole_numbers_never_become_rounded_floats() {
    let table = frame("a,b\n9007199254740992,9007199254740993\n0.5,0.5\n");
    assert_eq!(dtypes(&table), [DataType::Float64, DataType::Utf8]);
    assert_eq!(column(&table, 1)[0], text("9007199254740993"));
}

#[test]
fn null_is_unquoted_only() {
    let table = frame("a,b\n,1\n\"\",2\nx,\n");
    assert_eq!(column(&table, 0), [Scalar::Null, text(""), text("x")]);
    assert_eq!(column(&table, 1), [Scalar::Int64(1), Scalar::Int64(2), Scalar::Null]);

    let null_values = vec!["NA".to_owned(), "-999".to_owned()];
    let options = CsvReadOptions { null_values, ..Default::default() };
    let table = read("a,b,c\nNA,-999,\n\"NA\",1,x\n", &options).expect("well formed");
    assert_eq!(column(&table, 0), [Scalar::Null, text("NA")]);
    assert_eq!(column(&table, 1), [Scalar::Null, Scalar::Int64(1)]);
    assert_eq!(column(&table, 2), [text(""), text("x")]);
}

#[test]
fn quoted_numbers_are_numbers() {
    let table = frame("a,b,c\n\"1\",\"1.5\",\"2024-01-01\"\n\"2\",2,2024-01-02\n");
    assert_eq!(dtypes(&table), [DataType::Int64, DataType::Float64, DataType::Date]);
}

#[test]
fn a_quote_that_moments_hold_is_doubled_in_them() {
    let options = CsvReadOptions { quote: Some(b':'), ..Default::default() };
    let table = read("a\n:1970-01-01T00::00::07:\n", &options).expect("well formed");
    assert_eq!(column(&table, 0), [Scalar::Timestamp(7_000_000)]);
}

#[test]
fn columns_of_only_nulls_are_text() {
    let table = frame("a,b\n,1\n,2\n");
    assert_eq!(dtypes(&table), [DataType::Utf8, DataType::Int64]);
    assert_eq!(column(&table, 0), [Scalar::Null, Scalar::Null]);
    let schema = vec![("a".to_owned(), DataType::Date)];
    let options = CsvReadOptions { schema, ..Default::default() };
    let table = read("a,b\n,1\n,2\n", &options).expect("well formed");
    assert_eq!(dtypes(&table)[0], DataType::Date);
    assert_eq!(column(&table, 0), [Scalar::Null, Scalar::Null]);
}

#[test]
fn line_ends_byte_order_marks_and_empty_lines() {
    for file in [
        "a,b\n1,x\n2,y\n",
        "a,b\r\n1,x\r\n2,y\r\n",
        "a,b\n1,x\r\n2,y",
        "a,b\r\n1,x\r\n2,y\r",
        "\u{FEFF}a,b\n1,x\n2,y\n",
        "\n\r\na,b\n\n1,x\n\r\n\n2,y\n\n\n",
    ] {
        let table = frame(file);
        assert_eq!(names(&table), ["a", "b"], "{file:?}");
        assert_eq!(column(&table, 0), [Scalar::Int64(1), Scalar::Int64(2)], "{file:?}");
        assert_eq!(column(&table, 1), [text("x"), text("y")], "{file:?}");
    }
    // In a table of one column an empty line is a record.
    let table = frame("a\n1\n\n2\r\n\r\n");
    let expected = [Scalar::Int64(1), Scalar::Null, Scalar::Int64(2), Scalar::Null];
    assert_eq!(column(&table, 0), expected);
    // A carriage return that ends no line is text.
    assert_eq!(column(&frame("a,b\nx\ry,1\n"), 0), [text("x\ry")]);
    // But where there is no newline at all, it ends lines.
    let table = frame("a,b\r1,x\r2,\"y\"\r");
    assert_eq!(names(&table), ["a", "b"]);
    assert_eq!(column(&table, 1), [text("x"), text("y")]);
    // One record as long as the file, with newlines in quotes only, is neither.
    let error = read("a,b\r1,\"\n\"", &CsvReadOptions::default()).expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[test]
fn empty_files_and_headers_alone() {
    for file in ["", "\u{FEFF}", "\n", "\r\n\n"] {
        let error = read(file, &CsvReadOptions::default()).expect_err("no table");
        assert_eq!(error.kind(), ErrorKind::EmptyInput, "{file:?}");
    }
    for file in ["a,b", "a,b\n", "a,b\r\n\r\n"] {
        let table = frame(file);
        assert_eq!((names(&table), table.row_count()), (vec!["a", "b"], 0), "{file:?}");
        assert_eq!(dtypes(&table), [DataType::Utf8, DataType::Utf8]);
    }
    let options = CsvReadOptions { header: false, ..Default::default() };
    let table = read("\n\n", &options).expect("two records of one column");
    assert_eq!((names(&table), table.row_count()), (vec!["column_1"], 2));
    // Without a header, an empty file is a table of no records; it names no columns.
    let table = read("", &options).expect("no records");
    assert_eq!((names(&table), table.row_count()), (vec![], 0));
    let column_names = Some(vec!["a".to_owned(), "b".to_owned()]);
    let options = CsvReadOptions { header: false, column_names, ..Default::default() };
    let table = read("", &options).expect("no records");
    assert_eq!((names(&table), table.row_count()), (vec!["a", "b"], 0));
}

#[test]
fn patterns_and_lists_of_columns_give_types() {
    let file = "id,price_net,price_gross,note\n7,1,2,3\n8,4,5,6\n";
    let schema =
        vec![("price_*".to_owned(), DataType::Float64), ("price_net".to_owned(), DataType::Int64)];
    let text_columns = vec!["n?te".to_owned(), "id".to_owned()];
    let options = CsvReadOptions { schema, text_columns, ..Default::default() };
    let table = read(file, &options).expect("well formed");
    assert_eq!(
        dtypes(&table),
        [DataType::Utf8, DataType::Int64, DataType::Float64, DataType::Utf8]
    );
}

#[test]
fn lines_before_the_records_are_skipped() {
    let options = CsvReadOptions { skip_lines: 2, ..Default::default() };
    let table = read("\u{FEFF}made by \"x\r\n\na,b\n1,2\n", &options).expect("well formed");
    assert_eq!(names(&table), ["a", "b"]);
    let table = read("x\ry\ra,b\r1,2\r", &options).expect("carriage returns end lines");
    assert_eq!((names(&table), table.row_count()), (vec!["a", "b"], 1));
    let error = read("x\ny\na,b\n1\n", &options).expect_err("one field");
    assert_eq!((error.location().line, error.location().record), (Some(4), Some(1)));
    assert_eq!(read("", &options).expect_err("empty").kind(), ErrorKind::EmptyInput);
    let error = read("x\ny\n", &options).expect_err("nothing is left");
    assert_eq!(error.kind(), ErrorKind::EmptyInput);
    assert_eq!(error.hint_text(), Some("skip_lines skips every line"));
}

#[test]
fn a_record_has_a_limit() {
    for max_record_bytes in [1 << 16, 1 << 20] {
        let options = CsvReadOptions { max_record_bytes, ..Default::default() };
        let long = "x".repeat(max_record_bytes as usize - 2);
        let table = read(&format!("a,b\n1,{long}\n2,y\n"), &options).expect("as long as allowed");
        assert_eq!(table.row_count(), 2);
        for file in [
            format!("a,b\n1,{long}x\n2,y\n"),
            format!("a,b\n1,2\n3,\"{long}"),
            format!("a,{long}x"),
            format!("a,b\n1,{}", "x".repeat(3 << 20)),
        ] {
            let error = read(&file, &options).expect_err("too long");
            assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{}", &file[..20]);
        }
    }
}

#[test]
fn policies_hold_for_files_and_questions() {
    let directory = Directory::new("policies");
    let path = directory.path("f.csv");
    std::fs::write(&path, "n,s\n1,a\n2\nx,c\n4,d\n").expect("written");
    let document = format!(
        r#"{{"schema":1,"engine":"0.1","plan":{{"filter":{{
            "input":{{"scan_csv":{{"path":{path:?},"options":{{
                "schema":{{"n":"int64"}},"on_short":"quarantine","on_bad_value":"null"}}}}}},
            "predicate":{{"text":"n is null or n > 1"}}}}}}}}"#
    );
    let document = pardox_engine::plan::document::parse(&document).expect("a document");
    let answer = pardox_engine::engine::run(&document, &[], &Default::default(), &context());
    let answer = answer.expect("both kinds have a policy");
    assert_eq!(column(&answer, 0), [Scalar::Null, Scalar::Int64(4)]);
    let faults = answer.faults().expect("two faults");
    assert_eq!(column(&faults.quarantine, 0), [text(&path)]);
    assert_eq!(column(&faults.quarantine, 1), [Scalar::Int64(2)]);
    assert_eq!(column(&faults.quarantine, 5), [text("2")]);
    assert_eq!(column(&faults.counts, 0), [text("field_count"), text("bad_value")]);
    assert_eq!(column(&faults.counts, 1), [text("quarantine"), text("null")]);
    assert_eq!(column(&faults.counts, 2), [Scalar::Int64(1), Scalar::Int64(1)]);
    let clean = CsvReadOptions { on_short: Policy::Pad, ..Default::default() };
    assert!(read("a,b\n1,2\n", &clean).expect("clean").faults().is_none());
}

#[test]
fn names_come_from_the_header_or_the_caller() {
    assert_eq!(names(&frame("a,,\"c \"\"d\"\"\"\n")), ["a", "column_2", "c \"d\""]);
    let named = |header, names: &[&str]| CsvReadOptions {
        header,
        column_names: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        ..Default::default()
    };
    let table = read("a,a\n1,2\n", &named(true, &["x", "y"])).expect("renamed");
    assert_eq!((names(&table), table.row_count()), (vec!["x", "y"], 1));
    let table = read("1,2\n3,4\n", &named(false, &["x", "y"])).expect("named");
    assert_eq!((names(&table), table.row_count()), (vec!["x", "y"], 2));
    let options = CsvReadOptions { header: false, ..Default::default() };
    assert_eq!(names(&read("1,2\n", &options).expect("numbered")), ["column_1", "column_2"]);

    let error = read("a,a\n", &CsvReadOptions::default()).expect_err("twice");
    assert_eq!(error.kind(), ErrorKind::DuplicateColumn);
    assert!(error.hint_text().is_some_and(|hint| hint.contains("column_names")));
    let error = read("a,b\n", &named(true, &["x"])).expect_err("one name for two columns");
    assert_eq!(error.kind(), ErrorKind::InvalidOption);
    let error = read("1,2\n", &named(false, &["x"])).expect_err("one name for two columns");
    assert_eq!(error.kind(), ErrorKind::FieldCount);
}

#[test]
fn selected_columns_come_in_the_order_asked() {
    let select = Some(vec!["c".to_owned(), "a".to_owned()]);
    let options = CsvReadOptions { select, ..Default::default() };
    let table = read("a,b,c\n1,x,2.5\n3,y,4.5\n", &options).expect("well formed");
    assert_eq!(names(&table), ["c", "a"]);
    assert_eq!(column(&table, 1), [Scalar::Int64(1), Scalar::Int64(3)]);
    for change in [
        CsvReadOptions { select: Some(vec!["prise".to_owned()]), ..Default::default() },
        CsvReadOptions { schema: vec![("prise".to_owned(), DataType::Utf8)], ..Default::default() },
    ] {
        let error = read("price,b\n1,2\n", &change).expect_err("no such column");
        assert_eq!(error.kind(), ErrorKind::UnknownColumn);
        assert_eq!(error.hint_text(), Some("did you mean \"price\"?"));
    }
}

#[test]
fn other_dialects() {
    let options =
        CsvReadOptions { delimiter: ";".to_owned(), quote: Some(b'\''), ..Default::default() };
    let table = read("a;b\n'x;''y''';\"q\"\n", &options).expect("well formed");
    assert_eq!((column(&table, 0), column(&table, 1)), (vec![text("x;'y'")], vec![text("\"q\"")]));
    let options = CsvReadOptions { quote: None, ..Default::default() };
    let table = read("a,b\n\"x,y\"\n", &options).expect("quotes are text");
    assert_eq!((column(&table, 0), column(&table, 1)), (vec![text("\"x")], vec![text("y\"")]));
}

#[test]
fn quotes_inside_unquoted_fields_are_text() {
    let table = frame("a,b\n5\" disk,\"x\"\n{\"k\": \"v\"},a\"\"b\n");
    assert_eq!(column(&table, 0), [text("5\" disk"), text("{\"k\": \"v\"}")]);
    assert_eq!(column(&table, 1), [text("x"), text("a\"\"b")]);
}

#[test]
fn declared_types_are_kept_or_refused() {
    let schema = ["i", "f", "b", "d", "t", "s"].map(str::to_owned).into_iter();
    use DataType::*;
    let schema: Vec<_> = schema.zip([Int64, Float64, Bool, Date, Timestamp, Utf8]).collect();
    let options = CsvReadOptions { schema, ..Default::default() };
    let table = read("i,f,b,d,t,s\n+007,12,TRUE,2024-01-01,2024-01-01,12\n", &options);
    let table = table.expect("all fit");
    assert_eq!(column(&table, 0), [Scalar::Int64(7)]);
    assert_eq!(column(&table, 1), [Scalar::Float64(12.0)]);
    assert_eq!(column(&table, 4), [Scalar::Timestamp(1_704_067_200_000_000)]);
    assert_eq!(column(&table, 5), [text("12")]);

    for (record, column, found) in [
        ("1.5,1,true,2024-01-01,2024-01-01,x", "i", "\"1.5\""),
        ("9223372036854775808,1,true,2024-01-01,2024-01-01,x", "i", "\"9223372036854775808\""),
        ("1,abc,true,2024-01-01,2024-01-01,x", "f", "\"abc\""),
        ("1,1,yes,2024-01-01,2024-01-01,x", "b", "\"yes\""),
        ("1,1,true,2024-02-30,2024-01-01,x", "d", "\"2024-02-30\""),
        ("1,1,true,2024-01-01,2024-01-01T00:00:00Z,x", "t", "\"2024-01-01T00:00:00Z\""),
        ("1,1,true,\"\",2024-01-01,x", "d", "\"\""),
    ] {
        let file = format!("i,f,b,d,t,s\n,,,,,\n{record}\n");
        let error = read(&file, &options).expect_err(record);
        assert_eq!(error.kind(), ErrorKind::BadValue, "{record}");
        assert_eq!(error.found(), Some(found));
        let place = error.location();
        assert_eq!((place.record, place.line), (Some(2), Some(3)), "{record}");
        assert_eq!(place.column.as_deref(), Some(column));
        let raw = found.trim_matches('"');
        if !raw.is_empty() {
            assert_eq!(place.byte_offset, file.find(raw).map(|offset| offset as u64), "{record}");
        }
    }
}

#[test]
fn errors_say_where_and_what_to_try() {
    for (file, message) in [
        (
            "a,b\n1,2\n3\n",
            "expected 2 fields, found 1 (f.csv, record 2, line 3, byte 8); \
             give every record the same fields; check the delimiter, or set on_short to pad, skip \
             or quarantine",
        ),
        (
            "a,b\n1,\"x\ny\"\n\n3,4,5\n",
            "expected 2 fields, found 3 (f.csv, record 2, line 5, byte 13); \
             put fields that hold the delimiter in quotes; check the delimiter, or set on_long to \
             cut, skip or quarantine",
        ),
        (
            "a,b\n1,\"x\ny\n",
            "expected a closing quote, found the end of the file \
             (f.csv, record 1, line 2, byte 6); the quote that opens here is never closed: \
             close it, set quote to null, or set on_bad_quote to repair, skip or quarantine",
        ),
        (
            "a,b\n1,\"x\" \n",
            "expected a delimiter or a line end after the closing quote, found ' ' \
             (f.csv, record 1, line 2, byte 9); double the quotes within a quoted field, set \
             escape or quote to what the file has, or set on_bad_quote to repair, skip or \
             quarantine",
        ),
    ] {
        let directory = Directory::new("messages");
        let path = directory.path("f.csv");
        std::fs::write(&path, file).expect("written");
        let error = read_csv(&path, &CsvReadOptions::default(), &context()).expect_err(file);
        assert_eq!(error.to_string().replace(&path, "f.csv"), message);
    }
    let file = b"a,b\n1,x\n2,caf\xE9\n3\n";
    let error = read_csv_bytes(file, &CsvReadOptions::default(), &context()).expect_err("Latin-1");
    assert_eq!(error.kind(), ErrorKind::InvalidUtf8);
    assert_eq!(error.found(), Some("byte 0xE9"));
    assert_eq!(error.location().byte_offset, Some(13));
    let utf16: Vec<u8> = "\u{FEFF}a,b\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let error = read_csv_bytes(&utf16, &CsvReadOptions::default(), &context()).expect_err("UTF-16");
    assert_eq!(error.kind(), ErrorKind::InvalidUtf8);
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let directory = Directory::new("files");
    let kind = |path: &str| {
        let error = read_csv(path, &CsvReadOptions::default(), &context()).expect_err("refused");
        assert_eq!(error.location().file.as_deref(), Some(path));
        error.kind()
    };
    assert_eq!(kind(&directory.path("missing.csv")), ErrorKind::NotFound);
    assert_eq!(kind(&directory.path("")), ErrorKind::IsDirectory);
    let empty = directory.path("empty.csv");
    std::fs::write(&empty, "").expect("written");
    assert_eq!(kind(&empty), ErrorKind::EmptyInput);
}

fn array(dtype: DataType, values: &[Scalar]) -> Array {
    let mut builder = ArrayBuilder::new(dtype, values.len());
    for value in values {
        builder.push(value).expect("fits");
    }
    builder.finish()
}

fn sample() -> Frame {
    use Scalar::*;
    let texts = ["", "NULL", "a,b", "\"", "x\r\n", "\u{FEFF}bom", " blank ", "é", "007"];
    let count = texts.len() + 1;
    let mut strings: Vec<Scalar> = texts.iter().map(|value| text(value)).collect();
    strings.push(Null);
    let pick = |values: &[Scalar]| -> Vec<Scalar> {
        (0..count).map(|index| values[index % values.len()].clone()).collect()
    };
    let floats = [0.1, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324, 1e300, 3.0];
    let mut floats: Vec<Scalar> = floats.into_iter().map(Float64).collect();
    floats.push(Null);
    let integers = [Int64(i64::MIN), Int64(i64::MAX), Null, Int64(0)];
    let dates = [Date(-719_528), Date(2_932_896), Null, Date(0)];
    let times = [Timestamp(0), Timestamp(-1), Null, Timestamp(1_709_210_096_700_000)];
    let bools = [Bool(true), Null, Bool(false)];
    Frame::from_arrays(vec![
        ("s,", array(DataType::Utf8, &strings)),
        ("f", array(DataType::Float64, &pick(&floats))),
        ("i", array(DataType::Int64, &pick(&integers))),
        ("d", array(DataType::Date, &pick(&dates))),
        ("t", array(DataType::Timestamp, &pick(&times))),
        ("b", array(DataType::Bool, &pick(&bools))),
    ])
    .expect("distinct names")
}

/// The reader's options of the same names and values.
fn as_written(options: &CsvWriteOptions, table: &Frame) -> CsvReadOptions {
    let columns = table.schema().columns();
    CsvReadOptions {
        delimiter: options.delimiter.clone(),
        quote: options.quote,
        escape: options.escape,
        header: options.header,
        null_values: vec![options.null_value.clone()],
        decimal: options.decimal,
        date_order: options.date_order,
        encoding: options.encoding.clone(),
        column_names: Some(columns.iter().map(|column| column.name.clone()).collect()),
        schema: columns.iter().map(|column| (column.name.clone(), column.dtype.clone())).collect(),
        ..Default::default()
    }
}

fn check_round_trip(table: &Frame, options: &CsvWriteOptions, path: &str) {
    let size = write_csv(path, table, options, &context()).expect("written");
    assert_eq!(size, std::fs::metadata(path).expect("there").len());
    let back = read_csv(path, &as_written(options, table), &context());
    let back = back.unwrap_or_else(|error| panic!("{options:?}: {error}"));
    assert_eq!(back.schema(), table.schema());
    for index in 0..table.schema().len() {
        assert_eq!(column(&back, index), column(table, index), "{options:?} {index}");
    }
}

const QUOTINGS: [Quoting; 4] =
    [Quoting::Minimal, Quoting::Always, Quoting::NonNumeric, Quoting::Never];

#[test]
fn what_is_written_reads_back_the_same() {
    let table = sample();
    let directory = Directory::new("round");
    let path = directory.path("out.csv");
    let mut count = 0;
    for delimiter in [",", ";", "-", "e", "||", "1:", ", ", "¦", "/"] {
        for quote in [Some(b'"'), Some(b'\''), Some(b'/'), None] {
            for null_value in ["", "NULL", "0", "true", "NaN", "1,5"] {
                for (escape, quoting) in
                    [None, Some(b'\\')].into_iter().flat_map(|e| QUOTINGS.map(|q| (e, q)))
                {
                    let is_bare = quoting == Quoting::Never || quote.is_none();
                    if is_bare {
                        // What such files cannot hold is tested below.
                        continue;
                    }
                    let is_odd = count % 2 == 1;
                    let options = CsvWriteOptions {
                        delimiter: delimiter.to_owned(),
                        quote,
                        escape,
                        quoting,
                        line_end: if is_odd { "\r\n" } else { "\n" }.to_owned(),
                        header: count % 3 != 0,
                        null_value: null_value.to_owned(),
                        decimal: if count % 4 < 2 { b'.' } else { b',' },
                        date_order: [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy][count % 3],
                        bom: count % 5 == 0,
                        encoding: ["utf-8", "utf-16le", "utf-16"][count % 7 % 3].to_owned(),
                        compression: None,
                    };
                    count += 1;
                    if options.validate().is_ok() {
                        check_round_trip(&table, &options, &path);
                    }
                }
            }
        }
    }
    assert!(count > 900, "{count}");
}

#[test]
fn files_without_quotes_hold_all_but_empty_text_by_an_escape() {
    use Scalar::*;
    let texts = ["NULL", "a,b", "\"", "\"x\"", "x\r\n", "\\", "\u{FEFF}bom", "|", "a|", "||", "é;"];
    let mut strings: Vec<Scalar> = texts.iter().map(|value| text(value)).collect();
    strings.push(Null);
    let floats: Vec<Scalar> = (0..strings.len()).map(|index| Float64(index as f64 + 0.5)).collect();
    let table = Frame::from_arrays(vec![
        ("s", array(DataType::Utf8, &strings)),
        ("a,\"b", array(DataType::Utf8, &strings)),
        ("f", array(DataType::Float64, &floats)),
    ])
    .expect("distinct names");
    let directory = Directory::new("bare");
    for delimiter in [",", "||", "|", ";", "|a|"] {
        for quote in [Some(b'"'), None] {
            for (null_value, decimal) in [("", b'.'), ("NULL", b','), ("0,5", b',')] {
                let options = CsvWriteOptions {
                    delimiter: delimiter.to_owned(),
                    quote,
                    escape: Some(b'\\'),
                    quoting: Quoting::Never,
                    null_value: null_value.to_owned(),
                    decimal,
                    ..Default::default()
                };
                if options.validate().is_ok() {
                    check_round_trip(&table, &options, &directory.path("out.csv"));
                }
            }
        }
    }
}

#[test]
fn an_escape_keeps_a_carriage_return_from_no_line_end() {
    let directory = Directory::new("return");
    let path = directory.path("out.csv");
    let table = Frame::from_arrays(vec![("s", array(DataType::Utf8, &[text("x\r")]))]);
    let table = table.expect("one column");
    let bare = |line_end: &str| CsvWriteOptions {
        quote: None,
        escape: Some(b'\\'),
        line_end: line_end.to_owned(),
        ..Default::default()
    };
    let error = write_csv(&path, &table, &bare("\n"), &Context::default());
    assert_eq!(error.expect_err("read back as one line end").kind(), ErrorKind::BadValue);
    check_round_trip(&table, &bare("\r\n"), &path);
}

#[test]
fn a_value_that_needs_quotes_where_none_may_be_is_named() {
    let directory = Directory::new("never");
    let path = directory.path("out.csv");
    for (value, delimiter, null_value) in [
        ("a,b", ",", ""),
        ("\"", ",", ""),
        ("a\nb", ",", ""),
        ("\r", ",", ""),
        ("", ",", ""),
        ("", ",", "NA"),
        ("NA", ",", "NA"),
        ("a|", "||", ""),
        ("\u{FEFF}", ",", ""),
    ] {
        let values = [text("x"), text("|y"), text(value)];
        let numbers = [Scalar::Int64(1), Scalar::Null, Scalar::Int64(3)];
        let table = Frame::from_arrays(vec![
            ("n", array(DataType::Int64, &numbers)),
            ("s", array(DataType::Utf8, &values)),
        ]);
        let options = CsvWriteOptions {
            delimiter: delimiter.to_owned(),
            quoting: Quoting::Never,
            null_value: null_value.to_owned(),
            ..Default::default()
        };
        let outcome = write_csv(&path, &table.expect("names"), &options, &context());
        let error = outcome.expect_err(value);
        assert_eq!(error.kind(), ErrorKind::BadValue, "{error}");
        let place = error.location();
        assert_eq!((place.record, place.column.as_deref()), (Some(3), Some("s")), "{error}");
        assert_eq!(error.found(), Some(&format!("{value:?}")[..]));
        assert!(!std::path::Path::new(&path).exists());
    }
}

/// Packs are read back by the reader, and in the conformance suite by others.
#[test]
fn packed_files_read_back_the_same_for_any_number_of_threads() {
    let rows = 150_000;
    let numbers: Vec<Scalar> = (0..rows).map(Scalar::Int64).collect();
    let words: Vec<Scalar> =
        (0..rows).map(|row| text(&format!("w{}", row * 7919 % 1000))).collect();
    let table = Frame::from_arrays(vec![
        ("n", array(DataType::Int64, &numbers)),
        ("w", array(DataType::Utf8, &words)),
    ])
    .expect("distinct names");
    let directory = Directory::new("packed");
    let path = directory.path("out.csv");
    for compression in [None, Some(Codec::Gzip), Some(Codec::Zstd), Some(Codec::Bzip2)] {
        let options = CsvWriteOptions { compression, ..Default::default() };
        check_round_trip(&table, &options, &path);
        let two = std::fs::read(&path).expect("there");
        let one = Context::new(NonZeroUsize::new(1));
        write_csv(&path, &table, &options, &one).expect("written");
        assert!(std::fs::read(&path).expect("there") == two, "{compression:?}");
        let empty = Frame::new(table.schema().clone(), Vec::new());
        check_round_trip(&empty, &options, &path);
    }
}

#[test]
fn a_character_that_the_encoding_lacks_is_named() {
    let directory = Directory::new("lacks");
    let path = directory.path("out.csv");
    let count = 10_000;
    let mut words = vec![text("é"); count];
    words[7_777] = text("a\u{416}b");
    let numbers: Vec<Scalar> = (0..count as i64).map(Scalar::Int64).collect();
    let table = |name| {
        Frame::from_arrays(vec![
            ("n", array(DataType::Int64, &numbers)),
            (name, array(DataType::Utf8, &words)),
        ])
        .expect("distinct names")
    };
    let options = CsvWriteOptions { encoding: "latin1".to_owned(), ..Default::default() };
    let error = write_csv(&path, &table("w"), &options, &context()).expect_err("no such letter");
    assert_eq!(
        error.to_string(),
        format!(
            "expected characters that windows-1252 has, found '\u{416}' (U+0416) ({path}, column w, \
             record 7778); set encoding to \"utf-8\""
        )
    );
    let error = write_csv(&path, &table("\u{416}"), &options, &context()).expect_err("a name");
    assert_eq!(error.location().column.as_deref(), Some("\u{416}"));
    assert_eq!(error.location().record, None);
    let options = CsvWriteOptions { encoding: "koi8-r".to_owned(), ..Default::default() };
    let error = write_csv(&path, &table("w"), &options, &context()).expect_err("no such letter");
    assert_eq!(error.location().record, Some(1));
    assert_eq!(std::fs::read_dir(&directory.0).expect("listed").count(), 0);
}

/// A file that starts like something else would be read as that.
#[test]
fn a_start_that_looks_like_a_mark_or_like_packed_bytes_is_refused() {
    let directory = Directory::new("start");
    let path = directory.path("out.csv");
    for (value, encoding) in
        [("ÿþ", "latin1"), ("ï»¿", "latin1"), ("PK\u{3}\u{4}", "utf-8"), ("BZh91AY&SY", "utf-8")]
    {
        let table = Frame::from_arrays(vec![("s", array(DataType::Utf8, &[text(value)]))]);
        let table = table.expect("one name");
        let options =
            CsvWriteOptions { encoding: encoding.to_owned(), header: false, ..Default::default() };
        let error = write_csv(&path, &table, &options, &context()).expect_err(value);
        assert_eq!(error.kind(), ErrorKind::BadValue, "{error}");
        let options = CsvWriteOptions { quoting: Quoting::Always, ..options };
        check_round_trip(&table, &options, &path);
    }
}

#[test]
fn written_text_is_as_documented() {
    let directory = Directory::new("text");
    let path = directory.path("out.csv");
    write_csv(&path, &sample(), &CsvWriteOptions::default(), &context()).expect("written");
    let written = std::fs::read_to_string(&path).expect("UTF-8");
    let expected = "\"s,\",f,i,d,t,b\n\
        \"\",0.1,-9223372036854775808,0000-01-01,1970-01-01T00:00:00,true\n\
        NULL,-0.0,9223372036854775807,9999-12-31,1969-12-31T23:59:59.999999,\n\
        \"a,b\",NaN,,,,false\n\
        \"\"\"\",inf,0,1970-01-01,2024-02-29T12:34:56.700000,true\n";
    assert_eq!(written[..expected.len()], *expected);
}

#[test]
fn one_column_keeps_its_nulls_and_its_empty_text() {
    let values = [Scalar::Null, text(""), text("x"), Scalar::Null];
    let table = Frame::from_arrays(vec![("", array(DataType::Utf8, &values))]).expect("one name");
    let directory = Directory::new("one");
    let path = directory.path("out.csv");
    write_csv(&path, &table, &CsvWriteOptions::default(), &context()).expect("written");
    let back = read_csv(&path, &CsvReadOptions::default(), &context()).expect("what we wrote");
    assert_eq!(names(&back), ["column_1"]);
    assert_eq!(column(&back, 0), values);
}

#[test]
fn a_failed_write_leaves_what_was_there() {
    let directory = Directory::new("failed");
    let path = directory.path("out.csv");
    std::fs::write(&path, "old").expect("written");
    let cancelled = context();
    cancelled.cancel();
    let error = write_csv(&path, &sample(), &CsvWriteOptions::default(), &cancelled);
    assert_eq!(error.expect_err("cancelled").kind(), ErrorKind::Cancelled);
    let missing = directory.path("missing/out.csv");
    let error = write_csv(&missing, &sample(), &CsvWriteOptions::default(), &context());
    assert_eq!(error.expect_err("no directory").kind(), ErrorKind::NotFound);
    assert_eq!(std::fs::read(&path).expect("there"), b"old");
    assert_eq!(std::fs::read_dir(&directory.0).expect("listed").count(), 1);
}

/// A corpus, or a plain word that it is not there.
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

fn files(directory: &std::path::Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).expect("listed");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    paths
}

fn json(path: &std::path::Path) -> serde_json::Value {
    let text = std::fs::read_to_string(path).expect("read");
    serde_json::from_str(&text).expect("JSON")
}

/// All cells as text, null as empty text.
fn text_rows(frame: &Frame) -> Vec<Vec<String>> {
    let columns: Vec<_> = (0..frame.schema().len()).map(|index| column(frame, index)).collect();
    let cell = |value: &Scalar| match value {
        Scalar::Null => String::new(),
        Scalar::Utf8(text) => text.clone(),
        other => panic!("expected text, found {other:?}"),
    };
    let row = |row: usize| columns.iter().map(|column| cell(&column[row])).collect();
    (0..frame.row_count()).map(row).collect()
}

#[test]
fn csv_spectrum() {
    let Some(root) = corpus("csv-spectrum") else { return };
    let paths = files(&root.join("csvs"), "csv");
    for path in &paths {
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
        let expected = json(&root.join("json").join(format!("{name}.json")));
        let file = path.to_str().expect("UTF-8");
        let plain = read_csv(file, &CsvReadOptions::default(), &context()).expect(name);
        let options = as_text(CsvReadOptions::default(), &names(&plain));
        let table = read_csv(file, &options, &context()).expect(name);
        let header = names(&table);
        let mut found: Vec<serde_json::Value> = text_rows(&table)
            .into_iter()
            .map(|row| {
                let cells = header.iter().zip(row);
                let pair = |(name, cell): (&&str, String)| ((*name).to_owned(), cell.into());
                serde_json::Value::Object(cells.map(pair).collect())
            })
            .collect();
        // One expectation is an object in no array, and has another number than its CSV file.
        let expected = match (name, expected) {
            ("location_coordinates", serde_json::Value::Object(mut record)) => {
                let number = "Contact Phone Number";
                assert_eq!(found[0][number], "2095257564");
                found[0][number] = record[number].take();
                record.insert(number.to_owned(), found[0][number].clone());
                serde_json::Value::Array(vec![record.into()])
            }
            (_, expected) => expected,
        };
        assert_eq!(serde_json::Value::Array(found), expected, "{name}");
    }
    println!("csv-spectrum: {} of 12 files", paths.len());
    assert_eq!(paths.len(), 12);
}

#[test]
fn duckdb_csv() {
    let Some(root) = corpus("duckdb-csv") else { return };
    let paths = files(&root.join("expected"), "json");
    for path in &paths {
        let expected = json(path);
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
        let file = root.join("csv").join(name);
        let byte = |key: &str| expected[key].as_str().expect("text").as_bytes()[0];
        let rows: Vec<Vec<String>> =
            serde_json::from_value(expected["rows"].clone()).expect("rows of text");
        let names: Vec<String> = (0..rows[0].len()).map(|index| index.to_string()).collect();
        let borrowed: Vec<&str> = names.iter().map(String::as_str).collect();
        let options = CsvReadOptions {
            delimiter: char::from(byte("delimiter")).to_string(),
            quote: Some(byte("quote")),
            header: false,
            column_names: Some(names.clone()),
            ..Default::default()
        };
        let options = as_text(options, &borrowed);
        let table = read_csv(file.to_str().expect("UTF-8"), &options, &context()).expect(name);
        assert_eq!(text_rows(&table), rows, "{name}");
    }
    println!("duckdb-csv: {} of 64 files", paths.len());
    assert_eq!(paths.len(), 64);
}

#[test]
fn float_parse() {
    let Some(root) = corpus("float-parse") else { return };
    let (mut file, mut expected) = (String::from("x\n"), Vec::new());
    for path in files(&root, "txt") {
        for line in std::fs::read_to_string(path).expect("read").lines() {
            expected.push(u64::from_str_radix(&line[14..30], 16).expect("16 hex digits"));
            file += &format!("{}\n", &line[31..]);
        }
    }
    let schema = vec![("x".to_owned(), DataType::Float64)];
    let options = CsvReadOptions { schema, ..Default::default() };
    let table = read(&file, &options).expect("every text is a number");
    let found = column(&table, 0);
    let texts = file.lines().skip(1);
    for ((found, bits), text) in found.iter().zip(&expected).zip(texts) {
        let Scalar::Float64(value) = found else { panic!("{text}: {found:?}") };
        assert_eq!(value.to_bits(), *bits, "{text}");
    }
    println!("float-parse: {} of 3359 texts", found.len());
    assert_eq!((found.len(), expected.len()), (3_359, 3_359));
}
