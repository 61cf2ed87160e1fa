//! The reader against a slow, obvious one, with the cuts between units everywhere.

use std::num::NonZeroUsize;

use super::header::read_header;
use super::reader::read;
use super::record::{read_record, unescape};
use super::{CsvReadOptions, read_csv_bytes, read_csv_in_units};
use crate::column::{DataType, Frame, Scalar};
use crate::context::Context;
use crate::error::{ErrorKind, Result};
use crate::limits::CSV_ROWS_ALIGN;

pub(super) fn context(threads: usize) -> Context {
    Context::new(NonZeroUsize::new(threads))
}

fn read_in_units(text: &[u8], options: &CsvReadOptions, unit_bytes: usize) -> Result<Frame> {
    read_csv_in_units(text, options, &context(3), unit_bytes)
}

pub(super) fn cells(frame: &Frame) -> Vec<Vec<Scalar>> {
    let column = |index: usize| {
        let arrays = frame.column(index).expect("in memory");
        let values = arrays.iter().flat_map(|array| (0..array.len()).map(|row| array.scalar(row)));
        values.collect()
    };
    (0..frame.schema().len()).map(column).collect()
}

pub(super) fn dtypes(frame: &Frame) -> Vec<DataType> {
    frame.schema().columns().iter().map(|column| column.dtype.clone()).collect()
}

/// What anybody can check at the frame itself.
fn check_shape(frame: &Frame) {
    for (position, block) in frame.blocks().iter().enumerate() {
        let is_last = position + 1 == frame.blocks().len();
        assert!(is_last || block.row_count().is_multiple_of(CSV_ROWS_ALIGN));
    }
}

/// Every unit size gives the same frame or the same error as one unit does.
fn check_units(text: &[u8], options: &CsvReadOptions, sizes: impl Iterator<Item = usize>) {
    let whole = read_in_units(text, options, text.len().max(1));
    for unit_bytes in sizes {
        let found = read_in_units(text, options, unit_bytes);
        match (&whole, &found) {
            (Ok(whole), Ok(found)) => {
                check_shape(found);
                assert_eq!(whole.schema(), found.schema(), "units of {unit_bytes}");
                assert_eq!(cells(whole), cells(found), "units of {unit_bytes}");
            }
            (Err(whole), Err(found)) => assert_eq!(whole, found, "units of {unit_bytes}"),
            _ => panic!("units of {unit_bytes}: {whole:?} or {found:?}"),
        }
    }
}

const FIXTURE: &str = "id,name,price,day,seen,ok\r\n\
    1,plain,1.5,2024-01-01,2024-01-01 00:00:00,true\n\
    2,\"quoted, with\nnewline\",-2,2024-01-02,2024-01-02T01:02:03.5,FALSE\r\n\
    \n\
    ,\"a \"\"word\"\"\",,,,\n\
    -0,é€😀,1e3,1969-12-31,1970-01-01 00:00:00,true\n\
    \"5\",\"\",inf,2000-02-29,2000-02-29,false";

#[test]
fn every_unit_size_reads_the_same() {
    let options = CsvReadOptions::default();
    check_units(FIXTURE.as_bytes(), &options, 1..FIXTURE.len());
}

#[test]
fn every_truncation_reads_the_same_in_units() {
    for end in 0..FIXTURE.len() {
        let options = CsvReadOptions::default();
        check_units(&FIXTURE.as_bytes()[..end], &options, [1, 3, 7, 16, 50].into_iter());
    }
}

#[test]
fn fixture_has_its_types_and_values() {
    let frame = read_csv_bytes(FIXTURE.as_bytes(), &CsvReadOptions::default(), &context(1));
    let frame = frame.expect("well formed");
    use DataType::*;
    assert_eq!(dtypes(&frame), [Int64, Utf8, Float64, Date, Timestamp, Bool]);
    let cells = cells(&frame);
    let text = |value: &str| Scalar::Utf8(value.to_owned());
    assert_eq!(
        cells[0],
        [Scalar::Int64(1), Scalar::Int64(2), Scalar::Null, Scalar::Int64(0), Scalar::Int64(5)]
    );
    assert_eq!(
        cells[1],
        [text("plain"), text("quoted, with\nnewline"), text("a \"word\""), text("é€😀"), text("")]
    );
    assert_eq!(cells[2][1], Scalar::Float64(-2.0));
    assert_eq!(cells[3][4], Scalar::Date(11_016));
    assert_eq!(cells[4][1], Scalar::Timestamp(1_704_157_323_500_000));
    assert_eq!(cells[5][2], Scalar::Null);
}

pub(super) struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    pub fn pick<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }
}

/// Cells of a table, `None` for null, and the file that holds them.
pub(super) fn random_table(seed: u64, rows: usize) -> (Vec<Vec<Option<String>>>, String) {
    let mut random = Random(seed * 2 + 1);
    let kinds: [&[&str]; 6] = [
        &["0", "1", "-7", "123456789", "9007199254740993", "9223372036854775807"],
        &["1", "2", "0.5", "-1e-3", "NaN"],
        &["2024-01-01", "1999-12-31"],
        &["true", "FALSE"],
        &["a", "", "x,y", "two\nlines", "\"", "é", "a \"b\" c"],
        &["2024-01-01", "2024-01-01T10:00:00"],
    ];
    let columns: Vec<&[&str]> = (0..1 + random.below(5)).map(|_| kinds[random.below(6)]).collect();
    let terminator = random.pick(&["\n", "\r\n"]);
    let odd_rate = [1_000_000, 300, 20][random.below(3)];
    let names: Vec<String> = (0..columns.len()).map(|index| format!("c{index}")).collect();
    let mut text = names.join(",") + terminator;
    let mut table = Vec::new();
    for row in 0..rows {
        let mut record = Vec::new();
        for (position, kind) in columns.iter().enumerate() {
            let odd = random.below(odd_rate) == 0;
            let value = match random.below(12) {
                0 => None,
                _ if odd => Some(random.pick(&["007", "12", "1.25", "text", "-0"]).to_owned()),
                _ => Some(random.pick(kind).to_owned()),
            };
            text += if position > 0 { "," } else { "" };
            text += &match &value {
                None => String::new(),
                Some(value) if value.contains([',', '"', '\n']) || value.is_empty() => {
                    format!("\"{}\"", value.replace('"', "\"\""))
                }
                Some(value) if random.below(50) == 0 => format!("\"{value}\""),
                Some(value) => value.clone(),
            };
            record.push(value);
        }
        table.push(record);
        let is_open_end = row + 1 == rows && random.below(2) == 0 && columns.len() > 1;
        text += if is_open_end { "" } else { terminator };
        if columns.len() > 1 && random.below(100) == 0 && !is_open_end {
            text += terminator;
        }
    }
    (table, text)
}

/// Types by the rules of docs/csv, written down once more, value by value.
fn plain_type(values: &[Option<String>]) -> DataType {
    let present: Vec<&str> = values.iter().flatten().map(String::as_str).collect();
    let is_integer = |text: &str| {
        text.parse::<i64>()
            .is_ok_and(|value| value.to_string() == text || (value == 0 && text == "-0"))
    };
    let is_exact = |text: &str| {
        !is_integer(text) || text.parse::<i64>().is_ok_and(|v| v.unsigned_abs() <= 1 << 53)
    };
    let is_float =
        |text: &str| text == "NaN" || (text.parse::<f64>().is_ok() && !text.starts_with("00"));
    let is_bool = |text: &str| ["true", "false"].contains(&text.to_lowercase().as_str());
    let is_date = |text: &str| text.len() == 10 && text.matches('-').count() == 2;
    let is_time = |text: &str| is_date(text) || (text.len() == 19 && text.contains('T'));
    let all = |test: &dyn Fn(&str) -> bool| present.iter().all(|text| test(text));
    match () {
        () if present.is_empty() => DataType::Utf8,
        () if all(&is_integer) => DataType::Int64,
        () if all(&|text| is_float(text) && is_exact(text)) => DataType::Float64,
        () if all(&is_bool) => DataType::Bool,
        () if all(&is_date) => DataType::Date,
        () if all(&is_time) => DataType::Timestamp,
        () => DataType::Utf8,
    }
}

fn plain_value(dtype: DataType, text: &str) -> Scalar {
    let days = |text: &str| if text.starts_with("2024") { 19_723 } else { 10_956 };
    match dtype {
        DataType::Int64 => Scalar::Int64(text.parse().expect("an integer")),
        DataType::Float64 => Scalar::Float64(text.parse().expect("a float")),
        DataType::Bool => Scalar::Bool(text.eq_ignore_ascii_case("true")),
        DataType::Date => Scalar::Date(days(text)),
        DataType::Timestamp => {
            let hours = if text.len() > 10 { 10 } else { 0 };
            Scalar::Timestamp((i64::from(days(text)) * 24 + hours) * 3_600_000_000)
        }
        DataType::Utf8 => Scalar::Utf8(text.to_owned()),
        other => panic!("{other} is not inferred"),
    }
}

#[test]
fn random_tables_read_as_the_plain_reader_does() {
    for seed in 0..120 {
        let rows = [0, 1, 5, 511, 512, 513, 1500, 3000][seed as usize % 8];
        let (table, text) = random_table(seed, rows);
        for unit_bytes in [37, 300, 1 << 12, 1 << 20] {
            let frame = read_in_units(text.as_bytes(), &CsvReadOptions::default(), unit_bytes);
            let frame = frame.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            check_shape(&frame);
            assert_eq!(frame.row_count(), rows, "seed {seed}");
            let found = cells(&frame);
            for (index, column) in found.iter().enumerate() {
                let values: Vec<_> = table.iter().map(|record| record[index].clone()).collect();
                let dtype = frame.schema().column(index).dtype.clone();
                assert_eq!(dtype, plain_type(&values), "seed {seed} column {index}");
                for (row, (value, found)) in values.iter().zip(column).enumerate() {
                    let expected = match value {
                        None => Scalar::Null,
                        Some(value) => plain_value(dtype.clone(), value),
                    };
                    assert_eq!(*found, expected, "seed {seed} column {index} row {row}");
                }
            }
        }
    }
}

#[test]
fn fixed_columns_are_one_buffer_each() {
    let mut text = String::from("a,b,c,d\n");
    for row in 0..200_000 {
        let day = if row % 7 == 0 { "" } else { "2024-01-01" };
        text += &format!("{row},{}.5,{day},{}\n", row, row % 2 == 0);
    }
    let frame = read_csv_bytes(text.as_bytes(), &CsvReadOptions::default(), &context(2));
    let frame = frame.expect("well formed");
    assert!(frame.blocks().len() > 3);
    for column in 0..4 {
        let arrays = frame.column(column).expect("in memory");
        for pair in arrays.windows(2) {
            use crate::column::ArrayData::*;
            let buffers = match (pair[0].data(), pair[1].data()) {
                (Int64(a), Int64(b)) => (a.buffer(), b.buffer()),
                (Float64(a), Float64(b)) => (a.buffer(), b.buffer()),
                (Int32(a), Int32(b)) => (a.buffer(), b.buffer()),
                (Bool(a), Bool(b)) => (a.buffer(), b.buffer()),
                other => panic!("{other:?}"),
            };
            assert!(buffers.0.is_followed_by(buffers.1));
            if column == 2 {
                let bits = |index: usize| pair[index].validity().expect("nulls").buffer();
                assert!(bits(0).is_followed_by(bits(1)));
            }
        }
    }
}

#[test]
fn the_first_error_wins_wherever_the_cuts_are() {
    let schema = vec![("a".to_owned(), DataType::Int64)];
    let options = CsvReadOptions { schema, ..Default::default() };
    let row = "1,x\n";
    for (wrong, kind) in [
        ("z,x\n", ErrorKind::BadValue),
        ("1\n", ErrorKind::FieldCount),
        ("1,x,2\n", ErrorKind::FieldCount),
        ("1,\"x\"y\n", ErrorKind::StrayQuote),
        ("1,\"x\n", ErrorKind::UnterminatedQuote),
    ] {
        for before in [0, 1, 511, 512, 700] {
            // Later errors of every other kind must not be the one reported.
            let text = format!("a,b\n{}{wrong}{}", row.repeat(before), "z,x\n1\n1,\"x\n".repeat(3));
            // An open quote is closed by a later one, which then is the stray one.
            let kind = if wrong == "1,\"x\n" { ErrorKind::StrayQuote } else { kind };
            let error = read_in_units(text.as_bytes(), &options, 64).expect_err("wrong");
            assert_eq!(error.kind(), kind, "{wrong:?}");
            assert_eq!(error.location().record, Some(before as u64 + 1), "{wrong:?}");
            check_units(text.as_bytes(), &options, [1, 2, 5, 64, 1000].into_iter());
        }
    }
}

#[test]
fn a_record_of_many_units_is_read_once_per_unit_at_most() {
    let long = "x\n,".repeat(200_000);
    let text = format!("a,b\n1,2\n3,\"{long}\"\n5,6\n");
    let frame = read_in_units(text.as_bytes(), &CsvReadOptions::default(), 64).expect("read");
    assert_eq!(cells(&frame)[1][1], Scalar::Utf8(long));
    let open = format!("a,b\n1,2\n3,\"{}", "x\n,".repeat(200_000));
    let error = read_in_units(open.as_bytes(), &CsvReadOptions::default(), 64).expect_err("open");
    assert_eq!(error.kind(), ErrorKind::UnterminatedQuote);
    assert_eq!(error.location().byte_offset, Some(10));
}

#[test]
fn a_change_is_noticed_and_a_cancel_obeyed() {
    let text = "a\n1\n".repeat(100);
    let changed = || Err(crate::error::Error::new(ErrorKind::FileChanged, "changed"));
    let options = CsvReadOptions::default();
    let error = read(text.as_bytes(), &options, &context(2), Some(10), &changed);
    assert_eq!(error.expect_err("changed").kind(), ErrorKind::FileChanged);
    let cancelled = context(2);
    cancelled.cancel();
    let error = read(text.as_bytes(), &options, &cancelled, Some(10), &|| Ok(()));
    assert_eq!(error.expect_err("cancelled").kind(), ErrorKind::Cancelled);
}

/// Cells of all records as text, by the plain reader; `None` where something is wrong with a
/// record.
fn plain_cells(text: &str, options: &CsvReadOptions) -> Option<Vec<Vec<Scalar>>> {
    let needles = options.needles();
    let header = read_header(text.as_bytes(), needles, options, &context(1)).ok()?;
    let mut columns = vec![Vec::new(); header.names.len()];
    let mut at = header.data_start;
    while at < text.len() {
        let record = read_record(text.as_bytes(), at, needles).ok()?;
        at = record.next;
        if record.is_blank() && columns.len() > 1 {
            continue;
        }
        if record.fields.len() != columns.len() {
            return None;
        }
        for (column, field) in columns.iter_mut().zip(&record.fields) {
            let value = &text[field.start..field.end];
            column.push(match (field.is_quoted, value) {
                (false, "") => Scalar::Null,
                (false, value) => Scalar::Utf8(value.to_owned()),
                (true, value) => Scalar::Utf8(unescape(value, options.quote).into_owned()),
            });
        }
    }
    Some(columns)
}

#[test]
fn random_dirt_reads_as_the_plain_reader_does() {
    let mut random = Random(99);
    let (mut good, mut bad) = (0, 0);
    for round in 0..5_000 {
        let alphabet = ["x", ",", "\n", "\r\n", "\"", "\"\"", ",\"", "\",", "\r", "é", "a,b\n"];
        let column_count = 1 + round % 3;
        let names: Vec<String> = (0..column_count).map(|index| format!("c{index}")).collect();
        let schema = names.iter().map(|name| (name.clone(), DataType::Utf8)).collect();
        let options = CsvReadOptions {
            header: false,
            column_names: Some(names),
            schema,
            ..Default::default()
        };
        let text: String = (0..1 + random.below(10)).map(|_| random.pick(&alphabet)).collect();
        let expected = plain_cells(&text, &options);
        for unit_bytes in [1, 2, 3, 5, 100] {
            let found = read_in_units(text.as_bytes(), &options, unit_bytes);
            match (&expected, found) {
                (Some(expected), Ok(frame)) => assert_eq!(cells(&frame), *expected, "{text:?}"),
                (None, Err(error)) => {
                    assert_ne!(error.kind(), ErrorKind::Internal, "{text:?}: {error}");
                }
                (_, found) => panic!("{text:?} in units of {unit_bytes}: {found:?}"),
            }
        }
        good += u32::from(expected.is_some());
        bad += u32::from(expected.is_none());
    }
    assert!(good > 300 && bad > 300, "{good} good, {bad} bad");
}
