//! The patient reader against the quick one where both apply, and against tables written by hand
//! where only it does.

use super::super::options::{CsvReadOptions, DateOrder, Policy};
use super::super::reader::read as read_quick;
use super::super::table::TableBytes;
use super::super::tests::{Random, cells, context, dtypes, random_table};
use super::{FaultLog, read};
use crate::column::{DataType, Frame, Scalar};
use crate::context::Context;
use crate::error::{ErrorKind, Result};

fn read_bytes(bytes: &[u8], options: &CsvReadOptions, context: &Context) -> Result<Frame> {
    options.validate().expect("no contradiction");
    let table = TableBytes {
        name: "f.csv",
        bytes,
        original_offset: &|offset| offset,
        unchanged: &|| Ok(()),
    };
    let mut log = FaultLog::default();
    let frame = read(&table, options, None, &mut log, context)?;
    Ok(frame.with_faults(log.finish()?))
}

fn patient(text: &str, options: &CsvReadOptions) -> Result<Frame> {
    read_bytes(text.as_bytes(), options, &context(1))
}

/// As much of a file as a message should show.
fn start(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(&bytes[..bytes.len().min(200)])
}

/// Both readers give the same frame, or the same error at the same place.
fn check_same(bytes: &[u8], options: &CsvReadOptions) -> bool {
    let quick = read_quick(bytes, options, &context(2), None, &|| Ok(()));
    let patient = read_bytes(bytes, options, &context(1));
    match (quick, patient) {
        (Ok(quick), Ok(patient)) => {
            assert_eq!(quick.schema(), patient.schema(), "{:?}", start(bytes));
            assert_eq!(cells(&quick), cells(&patient), "{:?}", start(bytes));
            assert!(patient.faults().is_none());
            true
        }
        (Err(quick), Err(patient)) => {
            assert_eq!(quick, patient, "{:?}", start(bytes));
            false
        }
        (quick, patient) => panic!("{:?}: {quick:?} or {patient:?}", start(bytes)),
    }
}

#[test]
fn random_tables_read_as_by_the_quick_reader() {
    for seed in 0..160 {
        let rows = [0, 1, 5, 511, 512, 513, 1500, 3000][seed as usize % 8];
        let (_, text) = random_table(seed, rows);
        let mut options = CsvReadOptions::default();
        if seed % 3 == 0 {
            options.null_values = vec!["".to_owned(), "NaN".to_owned(), "0".to_owned()];
        }
        if seed % 5 == 0 {
            options.text_columns = vec!["c*".to_owned()];
        }
        if seed % 7 == 0 {
            options.schema = vec![("c0".to_owned(), DataType::Float64)];
        }
        check_same(text.as_bytes(), &options);
    }
}

#[test]
fn random_dirt_reads_as_by_the_quick_reader() {
    let mut random = Random(7);
    let (mut good, mut bad) = (0, 0);
    let alphabet: [&[u8]; 16] = [
        b"x",
        b",",
        b"\n",
        b"\r\n",
        b"\"",
        b"\"\"",
        b",\"",
        b"\",",
        b"\r",
        "é".as_bytes(),
        b"1",
        b"2.5",
        b"\n\n",
        b"2024-01-01",
        b" ",
        b"\xFF",
    ];
    for round in 0..30_000 {
        let column_count = 1 + round % 3;
        let names: Vec<String> = (0..column_count).map(|index| format!("c{index}")).collect();
        let options = CsvReadOptions {
            column_names: Some(names.clone()),
            header: round % 2 == 0,
            quote: (round % 11 != 0).then_some(b'"'),
            schema: match round % 5 {
                0 => vec![(names[0].clone(), DataType::Int64)],
                _ => Vec::new(),
            },
            select: (round % 7 == 0).then(|| vec![names[column_count - 1].clone()]),
            ..Default::default()
        };
        let mut bytes = Vec::new();
        for _ in 0..random.below(24) {
            // The dirt that makes most records wrong is rare.
            let word = alphabet[random.below(alphabet.len())];
            let is_rare = word == b"\xFF" || word == b"\"";
            if !is_rare || random.below(6) == 0 {
                bytes.extend_from_slice(word);
            }
        }
        // A newline tells both that carriage returns are text.
        bytes.push(b'\n');
        match check_same(&bytes, &options) {
            true => good += 1,
            false => bad += 1,
        }
    }
    assert!(good > 1_500 && bad > 1_500, "{good} good, {bad} bad");
}

fn with(change: impl FnOnce(&mut CsvReadOptions)) -> CsvReadOptions {
    let mut options = CsvReadOptions::default();
    change(&mut options);
    options
}

/// All cells as text, `~` for null, records on lines and fields between bars.
fn shown(frame: &Frame) -> String {
    let columns = cells(frame);
    let cell = |scalar: &Scalar| match scalar {
        Scalar::Null => "~".to_owned(),
        Scalar::Utf8(text) => text.clone(),
        other => format!("{other:?}"),
    };
    let row = |row: usize| {
        let row: Vec<String> = columns.iter().map(|column| cell(&column[row])).collect();
        row.join("|")
    };
    (0..frame.row_count()).map(row).collect::<Vec<_>>().join("/")
}

fn text(options: &mut CsvReadOptions) {
    options.header = false;
    options.text_columns = vec!["*".to_owned()];
}

/// Changes options, reads the text, expects what `shown` shows.
type DialectCase = (fn(&mut CsvReadOptions), &'static str, &'static str);

const DIALECTS: [DialectCase; 28] = [
    // Delimiters of several bytes; their first byte alone is text.
    (|o| o.delimiter = "||".into(), "a||b|c\n\"x||y\"||\n", "a|b|c/x||y|~"),
    (|o| o.delimiter = ", ".into(), "a, \"b, c\"\nd,e, f\n", "a|b, c/d,e|f"),
    (|o| o.delimiter = "¦".into(), "é¦ü\n¦x\n", "é|ü/~|x"),
    (|o| o.delimiter = "::".into(), "a:::b\n", "a|:b"),
    // Escapes, within quotes and outside; doubled quotes mean nothing then.
    (|o| o.escape = Some(b'\\'), "a,\"b \\\"c\\\" d\"\n", "a|b \"c\" d"),
    (|o| o.escape = Some(b'\\'), "a\\,b,c\\\\\n", "a,b|c\\"),
    (|o| o.escape = Some(b'\\'), "a,b\\\nc\nd,e\n", "a|b\nc/d|e"),
    (|o| o.escape = Some(b'\\'), "a,b\\\r\nc\nd,e\n", "a|b\r\nc/d|e"),
    (|o| o.escape = Some(b'\\'), "a,b\\", "a|b\\"),
    (|o| o.escape = Some(b'\\'), "\"\",\\N\n", "|N"),
    (
        |o| {
            o.escape = Some(b'\\');
            o.null_values = vec!["NA".into()];
        },
        "NA,N\\A\n",
        "~|NA",
    ),
    // Quotes.
    (|o| o.quote = Some(b'\''), "'a,b','c''d'\n\"x,y\n", "a,b|c'd/\"x|y"),
    (|o| o.quote = None, "\"a,b\"\n", "\"a|b\""),
    // Comments, at the start of a record only.
    (|o| o.comment = Some("#".into()), "#x\na,#b\n#\"y\n\"c\n#d\",e\n", "a|#b/c\n#d|e"),
    (|o| o.comment = Some("//".into()), "/a,b\n//\nc,d\n// last", "/a|b/c|d"),
    // Lines before the records.
    (|o| o.skip_lines = 2, "one \"\ntwo, three\na,b\n", "a|b"),
    (|o| o.skip_lines = 1, "\na,b\n", "a|b"),
    (|o| o.skip_lines = 1, "x,y,z", ""),
    // Blanks.
    (|o| o.trim = true, " a ,\tb c\t\n  ,d\n", "a|b c/~|d"),
    (|o| o.trim = true, " \" a \" , \"b\"\t\n", " a |b"),
    (|o| o.trim = true, "a,b\n   \nc,d\n", "a|b/c|d"),
    (
        |o| {
            o.trim = true;
            o.delimiter = "\t".into();
        },
        "a \t b\n\t \n",
        "a|b/~|~",
    ),
    (
        |o| {
            o.trim = true;
            o.escape = Some(b'\\');
        },
        "a\\ ,b\\  \n",
        "a |b ",
    ),
    (
        |o| {
            o.trim = true;
            o.comment = Some("#".into());
        },
        "a,b\n  # c\n",
        "a|b",
    ),
    // Lines that end in carriage returns.
    (|_| (), "a,b\rc,d\r", "a|b/c|d"),
    (|_| (), "a,\"b\"\r\"c\",d", "a|b/c|d"),
    (|o| o.skip_lines = 1, "x\ra,b\r", "a|b"),
    (|o| o.delimiter = ";;".into(), "a\r;;b\nc;;d\r\n", "a\r|b/c|d"),
];

#[test]
fn every_option_of_the_dialect_means_what_it_says() {
    for (change, file, expected) in DIALECTS {
        let mut options = CsvReadOptions::default();
        text(&mut options);
        change(&mut options);
        if file == "x,y,z" {
            options.text_columns = Vec::new();
        }
        let frame = patient(file, &options);
        let frame = frame.unwrap_or_else(|error| panic!("{file:?}: {error}"));
        assert_eq!(shown(&frame), expected, "{file:?}");
    }
}

/// Changes options, reads the text; expects an error, its offset and its line.
type FaultCase = (fn(&mut CsvReadOptions), &'static str, ErrorKind, u64, u64);

#[test]
fn strictness_stays_in_every_dialect() {
    let cases: [FaultCase; 8] = [
        (|o| o.escape = Some(b'\\'), "1,\"a\"\"b\"\n", ErrorKind::StrayQuote, 5, 1),
        (|o| o.escape = Some(b'\\'), "1,\"a\\\"\n", ErrorKind::UnterminatedQuote, 2, 1),
        (|o| o.trim = true, "1,2\n\"a\" b,c\n", ErrorKind::StrayQuote, 8, 2),
        (|o| o.comment = Some("#".into()), "1,2\n#\n3\n", ErrorKind::FieldCount, 6, 3),
        (|o| o.skip_lines = 1, "x\n1,2\n3\n", ErrorKind::FieldCount, 6, 3),
        (|o| o.delimiter = "||".into(), "1||2\n3|4\n", ErrorKind::FieldCount, 5, 2),
        (|_| (), "1,2\r3\r", ErrorKind::FieldCount, 4, 2),
        (|o| o.max_record_bytes = 5, "1,2\n123,456\n", ErrorKind::LimitExceeded, 4, 2),
    ];
    for (change, file, kind, offset, line) in cases {
        let mut options = CsvReadOptions { header: false, ..Default::default() };
        change(&mut options);
        let error = patient(file, &options).expect_err(file);
        assert_eq!(error.kind(), kind, "{file:?}: {error}");
        assert_eq!(error.location().byte_offset, Some(offset), "{file:?}");
        assert_eq!(error.location().line, Some(line), "{file:?}");
    }
}

#[test]
fn a_record_may_be_as_long_as_the_limit() {
    let options = with(|options| options.max_record_bytes = 7);
    assert_eq!(patient("a,b\n123,456\r\n\"1\",\"2\"\n", &options).expect("fits").row_count(), 2);
    for file in ["a,b\n1234,567\n", "a,b\n\"1\",\"23\"\n", "a,b\n1,\"\n\n\n\n\n\n\n"] {
        let error = patient(file, &options).expect_err(file);
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{file:?}");
        assert_eq!(error.location().record, Some(1), "{file:?}");
    }
    // Blanks that are left out, and escapes, count as well.
    let options = CsvReadOptions { trim: true, escape: Some(b'\\'), ..options };
    for file in ["a,b\n1234567,\n", "a,b\n1,    \t \n", "a,b\n\"1\"     ,2\n", "a,b\n1,2345\\,\n"] {
        let error = patient(file, &options).expect_err(file);
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{file:?}");
    }
}

#[test]
fn lines_are_counted_by_carriage_returns_where_no_newline_is() {
    let options = CsvReadOptions { header: false, ..Default::default() };
    check_same(b"\"a\r\xFF\"", &options);
    let error = patient("\"a\rb\"x", &options).expect_err("a quote out of place");
    assert_eq!(error.location().line, Some(2));
}

#[test]
fn an_empty_file_is_one_in_every_dialect() {
    let options = with(|options| options.comment = Some("#".to_owned()));
    let error = patient("", &options).expect_err("no header");
    assert_eq!(error.kind(), ErrorKind::EmptyInput);
    let options = CsvReadOptions { header: false, ..options };
    assert_eq!(patient("", &options).expect("no records").schema().len(), 0);
}

#[test]
fn numbers_and_dates_are_inferred_in_their_spelling() {
    let options = with(|options| {
        options.delimiter = ";".into();
        options.decimal = b',';
        options.thousands = Some('.');
        options.date_order = DateOrder::Dmy;
    });
    let frame = patient(
        "i;f;d;t;s;b\n1.234;1,5;31/12/2024;01.02.2024 10:00:00;1.5;true\n\
         7;2;1/2/2024;2024-02-01;1,5;\n",
        &options,
    );
    let frame = frame.expect("well formed");
    use DataType::*;
    assert_eq!(dtypes(&frame), [Int64, Float64, Date, Timestamp, Utf8, Bool]);
    let cells = cells(&frame);
    assert_eq!(cells[0], [Scalar::Int64(1234), Scalar::Int64(7)]);
    assert_eq!(cells[1], [Scalar::Float64(1.5), Scalar::Float64(2.0)]);
    assert_eq!(cells[2], [Scalar::Date(20_088), Scalar::Date(19_754)]);
    let midnight = 19_754 * 86_400_000_000_i64;
    let ten = Scalar::Timestamp(midnight + 36_000_000_000);
    assert_eq!(cells[3], [ten, Scalar::Timestamp(midnight)]);
    assert_eq!(cells[4][0], Scalar::Utf8("1.5".to_owned()));
    assert_eq!(cells[5], [Scalar::Bool(true), Scalar::Null]);
}

#[test]
fn the_leftmost_bad_value_is_told_in_whichever_order_columns_are_selected() {
    let options = with(|options| {
        options.schema = vec![("*".to_owned(), DataType::Int64)];
        options.select = Some(vec!["b".to_owned(), "a".to_owned()]);
    });
    let error = patient("a,b\nx,y\n", &options).expect_err("no numbers");
    assert_eq!(error.location().column.as_deref(), Some("a"));
    assert_eq!(error.location().byte_offset, Some(4));
}

#[test]
fn types_come_from_the_first_rows_where_that_is_asked() {
    let file = "a,b\n1,x\n2,y\n3.5,z\n";
    let options = with(|options| options.infer_rows = Some(2));
    let error = patient(file, &options).expect_err("3.5 is no int64");
    assert_eq!(error.kind(), ErrorKind::BadValue);
    assert_eq!(error.location().record, Some(3));
    assert_eq!(error.location().column.as_deref(), Some("a"));
    let options = with(|options| options.infer_rows = Some(3));
    assert_eq!(dtypes(&patient(file, &options).expect("fits"))[0], DataType::Float64);
    let options = with(|options| {
        options.infer_rows = Some(1);
        options.on_bad_value = Policy::Null;
    });
    let frame = patient(file, &options).expect("null instead");
    assert_eq!(shown(&frame), "Int64(1)|x/Int64(2)|y/~|z");
    assert_eq!(counts(&frame), "bad_value|null|Int64(1)");
}

fn counts(frame: &Frame) -> String {
    frame.faults().map_or(String::new(), |faults| shown(&faults.counts))
}

fn quarantine(frame: &Frame) -> String {
    frame.faults().map_or(String::new(), |faults| shown(&faults.quarantine))
}

/// Changes options, reads the text; expects rows and counts.
type PolicyCase = (fn(&mut CsvReadOptions), &'static str, &'static str, &'static str);

const POLICIES: [PolicyCase; 17] = [
    (|o| o.on_short = Policy::Pad, "1,2\n3\n4,5\n", "1|2/3|~/4|5", "field_count|pad|Int64(1)"),
    (|o| o.on_short = Policy::Skip, "1\n3,4\n5\n", "3|4", "field_count|skip|Int64(2)"),
    (|o| o.on_long = Policy::Cut, "1,2,3\n4,5\n", "1|2/4|5", "field_count|cut|Int64(1)"),
    (|o| o.on_long = Policy::Skip, "1,2,3\n4,5\n", "4|5", "field_count|skip|Int64(1)"),
    // The quote that closes early is text where that gives the record its fields.
    (
        |o| o.on_bad_quote = Policy::Repair,
        "1,\"5\" disk\"\n2,x\n",
        "1|5\" disk/2|x",
        "stray_quote|repair|Int64(1)",
    ),
    // The quote that opens is text where it would swallow fields or lines.
    (
        |o| o.on_bad_quote = Policy::Repair,
        "\"1,\"a\"x\n2,y\n",
        "\"1|\"a\"x/2|y",
        "stray_quote|repair|Int64(1)",
    ),
    (
        |o| o.on_bad_quote = Policy::Repair,
        "1,\"a\"x\n2,\"y\"\n",
        "1|\"a\"x/2|y",
        "stray_quote|repair|Int64(1)",
    ),
    (
        |o| o.on_bad_quote = Policy::Repair,
        "1,x\n2,\"y\n3,z\n",
        "1|x/2|\"y/3|z",
        "unterminated_quote|repair|Int64(1)",
    ),
    (
        |o| o.on_bad_quote = Policy::Skip,
        "1,\"a\"x\n2,\"y\n3,z\n4,w",
        "3|z/4|w",
        "stray_quote|skip|Int64(1)/unterminated_quote|skip|Int64(1)",
    ),
    (
        |o| o.on_bad_encoding = Policy::Replace,
        "1,\u{1}\n2,x\n",
        "1|\u{FFFD}/2|x",
        "invalid_utf8|replace|Int64(1)",
    ),
    (|o| o.on_bad_encoding = Policy::Skip, "1,\u{1}\n2,x\n", "2|x", "invalid_utf8|skip|Int64(1)"),
    (
        |o| {
            o.schema = vec![("column_1".into(), DataType::Int64)];
            o.on_bad_value = Policy::Null;
        },
        "x,1\n2,3\n",
        "~|1/Int64(2)|3",
        "bad_value|null|Int64(1)",
    ),
    (
        |o| {
            o.schema = vec![("column_?".into(), DataType::Int64)];
            o.on_bad_value = Policy::Skip;
        },
        "x,y\n2,3\n",
        "Int64(2)|Int64(3)",
        "bad_value|skip|Int64(1)",
    ),
    // A row that has several faults of a kind counts once; one that is left out for another
    // reason counts only there.
    (
        |o| {
            o.schema = vec![("column_?".into(), DataType::Int64)];
            o.on_bad_value = Policy::Null;
        },
        "x,y\n2,3\n",
        "~|~/Int64(2)|Int64(3)",
        "bad_value|null|Int64(1)",
    ),
    (
        |o| {
            o.on_bad_quote = Policy::Repair;
            o.on_short = Policy::Skip;
        },
        "1,2\n\"a\"b\n",
        "1|2",
        "field_count|skip|Int64(1)",
    ),
    // The table's first record may be left out as well.
    (|o| o.on_bad_quote = Policy::Skip, "\"a\"b,c\n1,2\n", "1|2", "stray_quote|skip|Int64(1)"),
    // Nothing wrong, nothing counted.
    (|o| o.on_short = Policy::Skip, "1,2\n", "1|2", ""),
];

#[test]
fn policies_do_what_they_say_and_count_it() {
    for (change, file, rows, counted) in POLICIES {
        let mut options = CsvReadOptions {
            header: false,
            column_names: Some(vec!["column_1".to_owned(), "column_2".to_owned()]),
            text_columns: vec!["*".to_owned()],
            ..Default::default()
        };
        change(&mut options);
        if !options.schema.is_empty() {
            options.text_columns = Vec::new();
            if options.schema[0].0 == "column_1" {
                options.schema.push(("column_2".into(), DataType::Utf8));
            }
        }
        // What is no UTF-8 cannot be written in a text.
        let bytes: Vec<u8> = file.bytes().map(|byte| if byte == 1 { 0xFF } else { byte }).collect();
        let frame = read_bytes(&bytes, &options, &context(1));
        let frame = frame.unwrap_or_else(|error| panic!("{file:?}: {error}"));
        assert_eq!(shown(&frame), rows, "{file:?}");
        assert_eq!(counts(&frame), counted, "{file:?}");
        assert_eq!(quarantine(&frame), "", "{file:?}");
    }
}

#[test]
fn the_quarantine_says_where_and_why() {
    let options = with(|options| {
        options.schema = vec![("n".into(), DataType::Int64)];
        options.on_short = Policy::Quarantine;
        options.on_long = Policy::Quarantine;
        options.on_bad_value = Policy::Quarantine;
        options.on_bad_quote = Policy::Quarantine;
        options.on_bad_encoding = Policy::Quarantine;
    });
    let file = b"n,s\n1,a\n2\n\n3,b,c\nx,\"d\ne\"\r\n4,\"f\"g\n5,\xFF\n6,h\n7,\"i\n8,j";
    let frame = read_bytes(file, &options, &context(1)).expect("all have a policy");
    assert_eq!(shown(&frame), "Int64(1)|a/Int64(6)|h/Int64(8)|j");
    let rows = [
        "f.csv|Int64(2)|Int64(3)|Int64(8)|~|2|field_count",
        "f.csv|Int64(3)|Int64(5)|Int64(11)|~|3,b,c|field_count",
        "f.csv|Int64(4)|Int64(6)|Int64(17)|n|x,\"d\ne\"|bad_value",
        "f.csv|Int64(5)|Int64(8)|Int64(31)|~|4,\"f\"g|stray_quote",
        "f.csv|Int64(6)|Int64(9)|Int64(35)|~|5,\u{FFFD}|invalid_utf8",
        "f.csv|Int64(8)|Int64(11)|Int64(43)|~|7,\"i|unterminated_quote",
    ];
    assert_eq!(quarantine(&frame), rows.join("/"));
    let counted = [
        "field_count|quarantine|Int64(2)",
        "bad_value|quarantine|Int64(1)",
        "stray_quote|quarantine|Int64(1)",
        "invalid_utf8|quarantine|Int64(1)",
        "unterminated_quote|quarantine|Int64(1)",
    ];
    assert_eq!(counts(&frame), counted.join("/"));
}

#[test]
fn a_kind_without_a_policy_stays_an_error() {
    let options = with(|options| options.on_short = Policy::Skip);
    let error = patient("a,b\n1\n1,2,3\n", &options).expect_err("too long");
    assert_eq!((error.kind(), error.location().record), (ErrorKind::FieldCount, Some(2)));
    let options = with(|options| options.on_long = Policy::Cut);
    let error = patient("a,b\n1,\"x\"y\n", &options).expect_err("a stray quote");
    assert_eq!(error.kind(), ErrorKind::StrayQuote);
}

#[test]
fn quarantined_text_is_cut_at_a_character() {
    let options = with(|options| options.on_long = Policy::Quarantine);
    let file = format!("a\n{},{}\n", "x".repeat(65_535), "é");
    let frame = patient(&file, &options).expect("set aside");
    let raw = cells(&frame.faults().expect("one").quarantine)[5][0].clone();
    assert_eq!(raw, Scalar::Utf8(format!("{},", "x".repeat(65_535))));
    let file = format!("a\n{}é,\n", "x".repeat(65_535));
    let frame = patient(&file, &options).expect("set aside");
    let raw = cells(&frame.faults().expect("one").quarantine)[5][0].clone();
    assert_eq!(raw, Scalar::Utf8("x".repeat(65_535)));
}

#[test]
fn a_full_quarantine_is_an_error() {
    let options = with(|options| options.on_long = Policy::Quarantine);
    let record = format!("{},\n", "x".repeat(65_536));
    let file = format!("a\n{}", record.repeat(4_097));
    let error = patient(&file, &options).expect_err("256 MiB");
    assert_eq!((error.kind(), error.location().record), (ErrorKind::LimitExceeded, Some(4_097)));
}

#[test]
fn a_cancel_is_obeyed() {
    let cancelled = context(1);
    cancelled.cancel();
    let options = with(|options| options.trim = true);
    let error = read_bytes(b"a\n1\n", &options, &cancelled).expect_err("cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn progress_adds_up() {
    let context = context(1);
    let options = with(|options| options.trim = true);
    let file = "a,b\n1,2\n".to_owned() + &"3,4\n".repeat(600_000);
    read_bytes(file.as_bytes(), &options, &context).expect("well formed");
    let progress = context.progress();
    assert_eq!(progress.bytes_done, file.len() as u64);
    assert_eq!(progress.bytes_total, file.len() as u64);
    assert_eq!(progress.rows_done, 600_001);
}
