//! Any bytes as a CSV file in any dialect, under any policy: the table is that of a slow reader
//! written from docs/csv.md, and the same for every way into the engine.
//!
//! Run: `cargo +nightly fuzz run dialect fuzz/corpus/dialect fuzz/seeds/dialect --
//! -dict=fuzz/csv.dict -max_len=4096 -max_total_time=60`
//!
//! The first 16 bytes of an input choose the options (`choice`); the rest is the file.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use pardox_engine::column::{Frame, Scalar};
use pardox_engine::error::{Error, ErrorKind, Result};
use pardox_engine::format::csv::{
    CsvReadOptions, CsvWriteOptions, Policy, Quoting, read_csv_bytes, read_csv_patiently,
};
use pardox_fuzz::choice::{Choice, choose};
use pardox_fuzz::plain::{self, Verdict};
use pardox_fuzz::{doors, frames};

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((choice, bytes)) = choose(input) else { return Corpus::Reject };
    let options = &choice.options;
    if let Err(error) = options.validate() {
        assert!(matches!(error.kind(), ErrorKind::InvalidOption | ErrorKind::Unsupported));
        return Corpus::Reject;
    }
    let whole = read_csv_bytes(bytes, options, &doors::context(1));
    if let Ok(frame) = &whole {
        frames::check(frame);
    }
    check_plainly(&whole, bytes, options);
    check_same(&whole, &read_csv_patiently(bytes, options, &doors::context(1)));
    if choice.threads > 1 {
        check_same(&whole, &read_csv_bytes(bytes, options, &doors::context(2)));
    }
    check_set_aside(&whole, bytes, options);
    if !doors::is_packed(bytes) {
        check_count(&whole, bytes, options);
        check_windows(&whole, bytes, &choice);
    }
    if let Ok(frame) = &whole {
        check_written(frame, &choice.write);
    }
    Corpus::Keep
});

/// The slow reader gives the same table, sets the same aside, or meets the same error.
fn check_plainly(whole: &Result<Frame>, bytes: &[u8], options: &CsvReadOptions) {
    match (plain::read(bytes, options), whole) {
        (Verdict::Open, _) => {}
        (Verdict::Table(table), Ok(frame)) => {
            let columns = frame.schema().columns().iter();
            let columns: Vec<_> =
                columns.map(|one| (one.name.clone(), one.dtype.clone())).collect();
            assert_eq!(columns, table.columns);
            assert_eq!(frame.row_count(), table.rows.len());
            for (index, column) in frames::columns(frame).into_iter().enumerate() {
                let expected: Vec<Scalar> =
                    table.rows.iter().map(|row| row[index].clone()).collect();
                assert_eq!(column, expected);
            }
            assert_eq!(frames::counts(frame), table.counts);
            assert_eq!(frames::quarantine(frame), table.kept);
            let left: i64 = frames::counts(frame).iter().filter(is_left).map(|one| one.2).sum();
            assert_eq!(frame.row_count() as i64 + left, table.record_count as i64);
        }
        (Verdict::Error(kind, record), Err(error)) => {
            assert_eq!((kind, record), (error.kind(), error.location().record), "{error}");
        }
        (verdict, whole) => panic!("expected {verdict:?}, found {whole:?}"),
    }
}

fn is_left(count: &&(String, String, i64)) -> bool {
    matches!(count.1.as_str(), "skip" | "quarantine")
}

fn check_same(one: &Result<Frame>, other: &Result<Frame>) {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            frames::check(other);
            assert_eq!(one.schema(), other.schema());
            assert_eq!(frames::columns(one), frames::columns(other));
            assert_eq!(frames::counts(one), frames::counts(other));
            assert_eq!(frames::quarantine(one), frames::quarantine(other));
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        other => panic!("{other:?}"),
    }
}

/// What is set aside is counted; `skip` and `quarantine` leave the same rows.
fn check_set_aside(whole: &Result<Frame>, bytes: &[u8], options: &CsvReadOptions) {
    let swap = |policy: Policy| match policy {
        Policy::Skip => Policy::Quarantine,
        Policy::Quarantine => Policy::Skip,
        policy => policy,
    };
    let swapped = CsvReadOptions {
        on_short: swap(options.on_short),
        on_long: swap(options.on_long),
        on_bad_value: swap(options.on_bad_value),
        on_bad_quote: swap(options.on_bad_quote),
        on_bad_encoding: swap(options.on_bad_encoding),
        ..options.clone()
    };
    if let Ok(frame) = whole {
        let counts = frames::counts(frame);
        let kept: i64 = counts.iter().filter(|one| one.1 == "quarantine").map(|one| one.2).sum();
        assert_eq!(frames::quarantine(frame).len() as i64, kept);
    }
    if swapped == *options {
        return;
    }
    match (whole, read_csv_bytes(bytes, &swapped, &doors::context(1))) {
        (Ok(one), Ok(other)) => {
            assert_eq!(one.schema(), other.schema());
            assert_eq!(frames::columns(one), frames::columns(&other));
            let swapped = frames::counts(one).into_iter().map(|(reason, action, rows)| {
                let action = match action.as_str() {
                    "skip" => "quarantine".to_owned(),
                    "quarantine" => "skip".to_owned(),
                    _ => action,
                };
                (reason, action, rows)
            });
            let (mut swapped, mut counts) = (swapped.collect::<Vec<_>>(), frames::counts(&other));
            swapped.sort();
            counts.sort();
            assert_eq!(swapped, counts);
        }
        (Err(one), Err(other)) => assert_eq!(*one, other),
        other => panic!("{other:?}"),
    }
}

/// Counting gives the rows of the table, or an error of reading.
fn check_count(whole: &Result<Frame>, bytes: &[u8], options: &CsvReadOptions) {
    match (whole, doors::count(bytes, options)) {
        (Ok(frame), count) => assert_eq!(count, Ok(frame.row_count() as u64)),
        // These are not looked at, so that one behind them may come first, or none.
        (Err(error), _) if is_of_values(error) => {}
        (Err(error), Err(found)) => assert_eq!(doors::place(error), doors::place(&found)),
        (Err(error), Ok(count)) => panic!("{count} records, and yet: {error}"),
    }
}

fn is_of_values(error: &Error) -> bool {
    use ErrorKind::{BadValue, FieldCount, InvalidUtf8, LimitExceeded};
    matches!(error.kind(), FieldCount | BadValue | InvalidUtf8 | LimitExceeded)
}

/// Windows of any size give the same rows and types.
fn check_windows(whole: &Result<Frame>, bytes: &[u8], choice: &Choice) {
    match (whole, doors::stream(bytes, &choice.options, choice.unit_bytes)) {
        (Ok(frame), Ok(streamed)) => {
            assert_eq!(frame.schema(), &streamed.schema);
            assert_eq!(frames::columns(frame), streamed.columns);
        }
        (Err(one), Err(other)) => assert_eq!(doors::place(one), doors::place(&other)),
        other => panic!("{other:?}"),
    }
}

/// What is written reads back the same, in the dialect it is written in and with its types given.
fn check_written(frame: &Frame, write: &CsvWriteOptions) {
    if write.validate().is_err() || frame.schema().is_empty() {
        return;
    }
    let text = match doors::write(frame, write) {
        Ok(text) => text,
        // Something needs quotes and may have none.
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::BadValue, "{error}");
            assert!(write.quote.is_none() || write.quoting == Quoting::Never, "{error}");
            return;
        }
    };
    let columns = frame.schema().columns().iter();
    let back = CsvReadOptions {
        delimiter: write.delimiter.clone(),
        quote: write.quote,
        escape: write.escape,
        decimal: write.decimal,
        date_order: write.date_order,
        schema: columns.map(|column| (column.name.clone(), column.dtype.clone())).collect(),
        null_values: vec![write.null_value.clone()],
        ..CsvReadOptions::default()
    };
    let again = read_csv_bytes(&text, &back, &doors::context(1)).expect("reads back");
    assert_eq!(frame.schema(), again.schema());
    assert_eq!(frames::columns(frame), frames::columns(&again));
}
