//! Any bytes as a CSV file: they give a table or an error, never a panic; and the same one wherever
//! the file is cut into units, for any number of threads.
//!
//! Run: `cargo +nightly fuzz run csv fuzz/corpus/csv fuzz/seeds/csv -- -max_total_time=60`
//!
//! The first byte of an input chooses the options and the size of the units; the rest is the file.

#![no_main]

use std::num::NonZeroUsize;

use libfuzzer_sys::fuzz_target;
use pardox_engine::column::{DataType, Frame, Scalar};
use pardox_engine::context::Context;
use pardox_engine::error::{Error, ErrorKind};
use pardox_engine::format::csv::{CsvReadOptions, count_csv_in_units, read_csv_in_units};

fuzz_target!(|input: &[u8]| {
    let Some((choice, bytes)) = input.split_first() else { return };
    let names = ["a", "b", "c"].map(str::to_owned);
    let options = CsvReadOptions {
        delimiter: if choice & 1 == 0 { "," } else { ";" }.to_owned(),
        quote: (choice & 2 == 0).then_some(b'"'),
        header: choice & 4 == 0,
        column_names: (choice & 8 != 0).then(|| names.to_vec()),
        schema: match choice & 24 {
            24 => vec![(names[1].clone(), DataType::Int64)],
            _ => Vec::new(),
        },
        null_values: vec![String::new(), "NA".to_owned()],
        ..Default::default()
    };
    let unit_bytes = [1, 3, 17, 64][usize::from(choice >> 5 & 3)];
    let whole = read_csv_in_units(bytes, &options, &context(1), usize::MAX >> 1);
    let parts = read_csv_in_units(bytes, &options, &context(2), unit_bytes);
    let counted = count_csv_in_units(bytes, &options, &context(2), unit_bytes);
    match (whole, parts) {
        (Ok(whole), Ok(parts)) => {
            assert_eq!(counted, Ok(whole.row_count() as u64));
            assert_eq!(whole.schema(), parts.schema());
            assert_eq!(cells(&whole), cells(&parts));
        }
        (Err(whole), Err(parts)) => {
            assert_eq!(whole, parts);
            // What counting does not look at is an error of reading alone.
            if let Err(error) = counted {
                assert!(!matches!(error.kind(), ErrorKind::FieldCount | ErrorKind::BadValue));
            }
            check_error(&whole);
        }
        other => panic!("the cuts matter: {other:?}"),
    }
});

fn context(threads: usize) -> Context {
    Context::new(NonZeroUsize::new(threads))
}

fn cells(frame: &Frame) -> Vec<Scalar> {
    let columns = 0..frame.schema().len();
    let arrays = columns.flat_map(|index| frame.column(index).expect("in memory"));
    arrays.flat_map(|array| (0..array.len()).map(move |row| array.scalar(row))).collect()
}

fn check_error(error: &Error) {
    match error.kind() {
        ErrorKind::FieldCount
        | ErrorKind::StrayQuote
        | ErrorKind::UnterminatedQuote
        | ErrorKind::BadValue
        | ErrorKind::InvalidUtf8 => assert!(error.location().line.is_some(), "{error}"),
        ErrorKind::EmptyInput
        | ErrorKind::DuplicateColumn
        | ErrorKind::UnknownColumn
        | ErrorKind::InvalidOption
        | ErrorKind::Unsupported => {}
        _ => panic!("{error}"),
    }
}
