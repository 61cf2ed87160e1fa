//! Any bytes as a CSV file of a plain dialect: they give a table or an error, never a panic; and
//! the same one wherever the file is cut into units or windows, for any number of threads, from the
//! quick reader, the patient one and a slow one written from docs/csv.md.
//!
//! Run: `cargo +nightly fuzz run csv fuzz/corpus/csv fuzz/seeds/csv -- -dict=fuzz/csv.dict
//! -max_len=4096 -max_total_time=60`
//!
//! The first byte of an input chooses the options and the size of the units; the rest is the file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pardox_engine::column::DataType;
use pardox_engine::error::{Error, ErrorKind};
use pardox_engine::format::csv::{
    CsvReadOptions, count_csv_in_units, read_csv_bytes, read_csv_in_units, read_csv_patiently,
};
use pardox_fuzz::doors::{self, context};
use pardox_fuzz::frames::{self, columns};
use pardox_fuzz::plain::{self, Verdict};

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
    let threads = 1 + usize::from(choice >> 7);
    let parts = read_csv_in_units(bytes, &options, &context(threads), unit_bytes);
    let counted = count_csv_in_units(bytes, &options, &context(threads), unit_bytes);
    match (&whole, parts) {
        (Ok(whole), Ok(parts)) => {
            frames::check(whole);
            frames::check(&parts);
            assert_eq!(counted, Ok(whole.row_count() as u64));
            assert_eq!(whole.schema(), parts.schema());
            assert_eq!(columns(whole), columns(&parts));
            if !doors::is_packed(bytes) {
                let streamed = doors::stream(bytes, &options, unit_bytes).expect("as a whole");
                assert_eq!(whole.schema(), &streamed.schema);
                assert_eq!(columns(whole), streamed.columns);
            }
        }
        (Err(whole), Err(parts)) => {
            assert_eq!(*whole, parts);
            // What counting does not look at is an error of reading alone.
            if let Err(error) = counted {
                assert!(!matches!(error.kind(), ErrorKind::FieldCount | ErrorKind::BadValue));
            }
            check_error(whole);
        }
        other => panic!("the cuts matter: {other:?}"),
    }
    // Without newlines the quick reader may leave a file to the patient one.
    let table = match bytes.contains(&b'\n') {
        true => whole,
        false => read_csv_bytes(bytes, &options, &context(1)),
    };
    match (&table, read_csv_patiently(bytes, &options, &context(1))) {
        (Ok(quick), Ok(patient)) => {
            frames::check(&patient);
            assert_eq!(quick.schema(), patient.schema());
            assert_eq!(columns(quick), columns(&patient));
            assert!(quick.faults().is_none() && patient.faults().is_none());
        }
        (Err(quick), Err(patient)) => assert_eq!(*quick, patient),
        other => panic!("the readers differ: {other:?}"),
    }
    match (plain::read(bytes, &options), table) {
        (Verdict::Open, _) => {}
        (Verdict::Table(plain), Ok(frame)) => {
            let found = frame.schema().columns().iter();
            let found: Vec<_> = found.map(|one| (one.name.clone(), one.dtype.clone())).collect();
            assert_eq!(found, plain.columns);
            assert_eq!(frame.row_count(), plain.rows.len());
            for (index, column) in columns(&frame).into_iter().enumerate() {
                let expected: Vec<_> = plain.rows.iter().map(|row| row[index].clone()).collect();
                assert_eq!(column, expected);
            }
        }
        (Verdict::Error(kind, record), Err(error)) => {
            assert_eq!((kind, record), (error.kind(), error.location().record), "{error}");
        }
        (plain, found) => panic!("expected {plain:?}, found {found:?}"),
    }
});

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
